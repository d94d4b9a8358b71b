"""Strips as the pipeline cuts them: a text drawn, scanned, aged, cropped, made as high as the recogniser wants it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.ageing import aged
from training.faces import EM, Glyph, Pixels, glyph
from training.texts import OTHER, Piece, random_text

STRIP_HEIGHT = 48
_CUT_OFF = (0.35, 0.85)
"""Share of a character's width that a careless crop takes away so that it must not be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """pixels: (48, w) grey. label: what is to be read. centres: of each labelled character that was drawn, in columns."""

    pixels: Pixels
    label: str
    centres: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """ink: (h, w) 0..255. spans: first and last column of each piece. body: rows from the top of a figure to its foot."""

    ink: Pixels
    spans: tuple[tuple[float, float], ...]
    body: tuple[int, int]


def random_sample(rng: random.Random, faces: Sequence[Path], fallbacks: Sequence[Path]) -> Sample:
    """faces: font files; fallbacks: those that draw what a face lacks."""
    while True:
        pieces = random_text(rng)
        face = rng.choice(faces)
        line = _drawn(rng, pieces, face, fallbacks)
        if line is not None:
            return _scanned(rng, pieces, line, partial(_drawn, rng, face=face, fallbacks=fallbacks))


def empty_sample(rng: random.Random) -> Sample:
    """Paper, specks and pieces of rulings, nothing to read."""
    ink = np.zeros((rng.randint(12, 50), rng.randint(8, 200)), np.float32)
    em = ink.shape[0] / 1.4
    return Sample(_levelled(aged(rng, ink, em, (int(0.3 * em), int(em)))), "", ())


def _drawn(rng: random.Random, pieces: Sequence[Piece], face: Path, fallbacks: Sequence[Path]) -> _Line | None:
    spacing = rng.choice((0.0, 0.0, rng.uniform(-0.04, 0.06), rng.uniform(0.0, 0.2))) * EM
    pen = 2.0
    placed: list[tuple[int, Glyph]] = []
    spans: list[tuple[float, float]] = []
    for piece in pieces:
        if not piece.char:
            spans.append((pen, pen + piece.gap * EM))
            pen += piece.gap * EM
            continue
        drawn = _glyph(piece.char, face, fallbacks)
        if drawn is None:
            return None
        x = round(pen) + drawn.left
        placed.append((x, drawn))
        spans.append((float(x), float(x + drawn.ink.shape[1])))
        pen += drawn.advance + spacing
    figure = glyph(face, "0")
    if not placed or figure is None:
        return None
    left = min(0, *(x for x, _ in placed))
    right = max(x + g.ink.shape[1] for x, g in placed)
    rows = max(2 * EM, *(g.top + g.ink.shape[0] for _, g in placed))
    ink = np.zeros((rows, int(max(pen, right) - left) + 4), np.uint8)
    for x, g in placed:
        y = max(0, g.top)
        part = ink[y : y + g.ink.shape[0], x - left : x - left + g.ink.shape[1]]
        np.maximum(part, g.ink[: part.shape[0], : part.shape[1]], out=part)
    return _Line(ink, tuple((a - left, b - left) for a, b in spans), (figure.top, figure.top + figure.ink.shape[0]))


def _glyph(char: str, face: Path, fallbacks: Sequence[Path]) -> Glyph | None:
    return next((found for path in (face, *fallbacks) if (found := glyph(path, char)) is not None), None)


def _scanned(
    rng: random.Random, pieces: Sequence[Piece], line: _Line, another: Callable[[Sequence[Piece]], _Line | None]
) -> Sample:
    """The line at the size of a scan, between its surroundings, aged and cut out. another: draws a neighbour's text."""
    top, foot = line.body
    figure = _figure_px(rng)
    scale = figure / (foot - top)
    stretch = rng.choice((1.0, 1.0, rng.uniform(0.75, 1.25)))
    slant = rng.choice((0.0, 0.0, 0.0, rng.uniform(-0.05, 0.25)))
    lean = rng.choice((0.0, 0.0, rng.gauss(0, 0.012)))
    ink = _weighted(rng, line.ink)
    above, below = rng.uniform(0.05, 0.55) * figure, rng.uniform(0.05, 0.5) * figure
    before, behind = rng.uniform(0.02, 0.9) * figure, rng.uniform(0.02, 0.9) * figure
    label = [piece.label for piece in pieces]
    spans = [(a * scale * stretch, b * scale * stretch) for a, b in line.spans]
    if rng.random() < 0.05:
        before, behind = _cut(rng, label, spans, line.ink.shape[1] * scale * stretch, before, behind)
    if rng.random() < 0.02:  # cut lengthwise: nothing of it can be trusted
        if rng.random() < 0.5:
            above = -rng.uniform(0.3, 0.7) * figure
        else:
            below = -rng.uniform(0.3, 0.7) * figure
        label = [OTHER if text else "" for text in label]
    height = max(6, round(above + figure + below))
    width = max(4, round(before + line.ink.shape[1] * scale * stretch + behind))
    across = [scale * stretch, -slant * scale, before + slant * scale * (top + foot) / 2]
    matrix = np.array([across, [lean * scale * stretch, scale, above - top * scale - lean * width / 2]], np.float32)
    canvas = _reduced(ink, matrix, (width, height), scale)
    if rng.random() < 0.12:  # a neighbour's text at the upper or lower edge
        _neighbour(rng, canvas, another(random_text(rng)), scale, figure)
    if rng.random() < 0.02 and height > figure:  # a line through it
        row = max(0, int(above + figure * rng.uniform(0.3, 0.7)))
        canvas[row : row + max(1, round(figure * rng.uniform(0.05, 0.15)))] = 255
        label = [OTHER if text else "" for text in label]
    page = aged(rng, canvas.astype(np.float32), figure / 0.72, (int(above), int(above + figure)))
    ratio = STRIP_HEIGHT / height
    centres = tuple((before + (a + b) / 2) * ratio for (a, b), text in zip(spans, label, strict=True) if text)
    return Sample(_levelled(page), "".join(label), centres)


def _weighted(rng: random.Random, ink: Pixels) -> Pixels:
    """Bolder, thinner, mostly as it is."""
    weight = rng.random()
    if weight < 0.12:
        return np.asarray(cv2.dilate(ink, np.ones((rng.choice((2, 3, 4)), rng.choice((2, 3, 4))), np.uint8)), np.uint8)
    return np.asarray(cv2.erode(ink, np.ones((2, 2), np.uint8)), np.uint8) if weight < 0.2 else ink


def _figure_px(rng: random.Random) -> float:
    """Height of a figure on the page: 6 to 12 points at 80 to 300 dpi."""
    if rng.random() < 0.8:
        return rng.uniform(9.0, 22.0)
    return rng.choice((rng.uniform(7.0, 9.0), rng.uniform(22.0, 36.0)))


def _reduced(ink: Pixels, matrix: npt.NDArray[np.float32], size: tuple[int, int], scale: float) -> Pixels:
    """Drawn by way of a picture twice as large, so that thin strokes do not fall between samples."""
    if scale < 0.5:
        ink = np.asarray(cv2.blur(ink, (2, 2)), np.uint8)
    large = cv2.warpAffine(ink, (matrix * 2).astype(np.float32), (size[0] * 2, size[1] * 2), flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8)


def _cut(
    rng: random.Random,
    label: list[str],
    spans: Sequence[tuple[float, float]],
    width: float,
    before: float,
    behind: float,
) -> tuple[float, float]:
    """The crop's new margins where it goes through its first or last character."""
    share = rng.uniform(*_CUT_OFF)
    if rng.random() < 0.5:
        a, b = spans[0]
        label[0] = OTHER
        return -(a + share * (b - a)), behind
    a, b = spans[-1]
    label[-1] = OTHER
    return before, -(width - b + share * (b - a))


def _neighbour(rng: random.Random, canvas: Pixels, line: _Line | None, scale: float, figure: float) -> None:
    if line is None:
        return
    top, foot = line.body
    shown = rng.uniform(0.05, 0.25) * figure
    y = (shown - foot * scale) if rng.random() < 0.5 else (canvas.shape[0] - shown - top * scale)
    matrix = np.array([[scale, 0, rng.uniform(-0.5, 0.3) * canvas.shape[1]], [0, scale, y]], np.float32)
    np.maximum(canvas, _reduced(line.ink, matrix, (canvas.shape[1], canvas.shape[0]), scale), out=canvas)


def _levelled(page: Pixels) -> Pixels:
    height, width = page.shape
    columns = max(1, -(-STRIP_HEIGHT * width // max(height, 6)))
    return np.asarray(cv2.resize(page, (columns, STRIP_HEIGHT)), np.uint8)
