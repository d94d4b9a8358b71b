"""From a text box on a page to strips the recogniser can read, and from its time steps back to page pixels.

    page + quadrilateral --line_crop--> LineCrop --to_strips--> Strip ... --place_symbols--> Char ...

A strip has the recogniser's height and never more than MAX_STRIP_WIDTH columns of text: PaddleOCR squeezes anything
wider than its limit, so a longer line is cut in the whitest column near the middle and read in parts. Every strip is
padded on the right to one of a few widths that depend on nothing but itself; only equals are batched, so that a
reading never depends on which other lines stand on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.ctc import Decoded, Symbol
from ocr.errors import RecognitionFailed
from ocr.flag_runs import flag_runs
from ocr.values import Char, Pixels

STRIP_HEIGHT = 48
STRIP_WIDTH_STEP = 16
MAX_STRIP_WIDTH = 1280
PADDING = 127
LEAST_LEGIBLE = 6
"""Rows under which no character can be told: a lower crop is not magnified further, it would only cost time."""
WHITE_SHARE = 0.2
STEP_CENTRE = 0.2
"""Where in its columns a time step looks, as a share of them; measured on 1,700 characters (0.5 lies 0.07 em right)."""
STEP_SHIFT = STEP_CENTRE - 0.5
"""In time steps: from the middle of one, where CTC's centres are told, to where it looks."""
LEVEL_RISE = 0.1
"""A box whose edges rise by less than this share of its height is sliced, not warped: same text, exact pixels."""

Quad = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LineCrop:
    """One line, reading left to right. pixels: (h, w) grey, or (h, w, 3).

    begin, end: page coordinate of its left and right edge along the direction of reading (x, or y when it runs down).
    """

    pixels: Pixels
    begin: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Part of a line as the recogniser takes it. pixels: (STRIP_HEIGHT, padded width), or with 3 colours.

    n_columns: columns before the padding; they run from begin to end in page coordinates.
    """

    pixels: Pixels
    n_columns: int
    begin: float
    end: float


def as_bgr(pixels: Pixels) -> Pixels:
    """Colours in the order that PaddleOCR expects, from RGB; grey as it is: the networks make three equal planes of it."""
    if pixels.ndim == 2 or not pixels.size:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)


def green_of(pixels: Pixels) -> Pixels:
    """(H, W): the middle one of three colours; grey as it is."""
    return pixels if pixels.ndim == 2 else pixels[:, :, 1]


def line_crop(page: Pixels, quad: Quad) -> LineCrop:
    """The box's pixels, level and upright. quad: (4, 2) corners from the top left, clockwise; what lies off the page is left out."""
    (x0, y0), (x1, y1) = np.maximum(quad.min(axis=0), 0.0), quad.max(axis=0)
    left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    if is_level(quad):
        return LineCrop(
            page[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))], float(int(x0)), float(np.ceil(x1))
        )
    return LineCrop(_warp(page, quad), float(left[0]), float(right[0]))


def is_level(quad: Quad) -> bool:
    """Whether its edges rise and lean by next to nothing, so that it may pass for its upright hull."""
    height = float(np.linalg.norm(quad[3] - quad[0]))
    rise = abs(float(quad[1][1] + quad[2][1] - quad[0][1] - quad[3][1])) / 2
    return rise <= LEVEL_RISE * height and abs(float(quad[3][0] - quad[0][0])) <= LEVEL_RISE * height


def turned(page: Pixels, quad: Quad) -> LineCrop:
    """The same box as a line that runs down the page, turned to read left to right."""
    crop = line_crop(page, quad)
    top, bottom = (quad[0] + quad[1]) / 2, (quad[2] + quad[3]) / 2
    return LineCrop(np.ascontiguousarray(np.rot90(crop.pixels)), float(top[1]), float(bottom[1]))


def _warp(page: Pixels, quad: Quad) -> Pixels:
    width = max(1, round(max(float(np.linalg.norm(quad[0] - quad[1])), float(np.linalg.norm(quad[3] - quad[2])))))
    height = max(1, round(max(float(np.linalg.norm(quad[0] - quad[3])), float(np.linalg.norm(quad[1] - quad[2])))))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    warped = cv2.warpPerspective(page, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return np.asarray(warped, np.uint8)


def least_width_of(config: Mapping[str, Any]) -> int:
    """Columns to which the recogniser of this inference.yml pads narrower lines. Raises RecognitionFailed when it wants another height."""
    operations = config["PreProcess"]["transform_ops"]
    shape = next(op["RecResizeImg"]["image_shape"] for op in operations if "RecResizeImg" in op)
    if shape[1] != STRIP_HEIGHT:
        raise RecognitionFailed(
            f"the recognition model reads lines {shape[1]} pixels high, not {STRIP_HEIGHT}",
            remedy="Name a recognition model of PP-OCRv3 or later in the settings.",
        )
    return int(shape[2])


def to_strips(crop: LineCrop, least_width: int) -> tuple[Strip, ...]:
    """The line in the recogniser's height, in as few parts as its greatest width allows; none for an empty crop.

    least_width: columns to which the recogniser pads anything narrower.
    """
    height, width = crop.pixels.shape[:2]
    if not height or not width:
        return ()
    columns = max(1, -(-STRIP_HEIGHT * width // max(height, LEAST_LEGIBLE)))
    level = np.asarray(cv2.resize(crop.pixels, (columns, STRIP_HEIGHT)), np.uint8)
    cuts = _cuts(level)
    scale = (crop.end - crop.begin) / columns
    return tuple(
        Strip(_padded(level[:, a:b], least_width), b - a, crop.begin + a * scale, crop.begin + b * scale)
        for a, b in pairwise(cuts)
    )


def narrowed(strip: Strip, share: float, least_width: int) -> Strip:
    """The same part of the line with this share of its columns, padded anew. least_width: as `to_strips`."""
    columns = narrowed_columns(strip, share)
    pixels = reduced(strip.pixels[:, : strip.n_columns], (columns, STRIP_HEIGHT))
    return Strip(_padded(pixels, least_width), columns, strip.begin, strip.end)


def narrowed_columns(strip: Strip, share: float) -> int:
    """This share of a strip's columns, padding left out: a whole number, one at least."""
    return max(1, round(share * strip.n_columns))


def reduced(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """By the mean of what each new pixel covers. size: columns, rows."""
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def padded_width(columns: int, least_width: int) -> int:
    """Columns of a strip that holds so many. least_width: as `to_strips`."""
    return max(least_width, -(-columns // STRIP_WIDTH_STEP) * STRIP_WIDTH_STEP)


def _padded(pixels: Pixels, least_width: int) -> Pixels:
    wanted = padded_width(pixels.shape[1], least_width)
    padded = np.empty((STRIP_HEIGHT, wanted, *pixels.shape[2:]), np.uint8)
    padded[:, : pixels.shape[1]] = pixels
    padded[:, pixels.shape[1] :] = PADDING
    return padded


def _cuts(level: Pixels) -> list[int]:
    """Columns at which the line is cut, both ends included."""
    columns = level.shape[1]
    n_parts = -(-columns // MAX_STRIP_WIDTH)
    if n_parts == 1:
        return [0, columns]
    ink = _ink_per_column(level)
    inner = [_whitest(ink, columns * part // n_parts) for part in range(1, n_parts)]
    return [0, *inner, columns]


def _ink_per_column(level: Pixels) -> npt.NDArray[np.float64]:
    """How far the two most inked pixels of each column stand out: a thin 一 counts as much as 预, noise does not."""
    if level.ndim == 2:
        thrice = level.astype(np.uint16) * 3
    else:
        thrice = level[:, :, 0].astype(np.uint16) + level[:, :, 1] + level[:, :, 2]
    below = np.cumsum(np.bincount(thrice.ravel()))  # counted: a sorted median takes six times as long as all the rest
    low, high = np.searchsorted(below, ((thrice.size - 1) // 2, thrice.size // 2), side="right") / 3
    return np.asarray(np.sort(np.abs(thrice / 3 - (low + high) / 2), axis=0)[-2:].mean(axis=0), np.float64)


def _whitest(ink: npt.NDArray[np.float64], middle: int) -> int:
    """The middle of the widest run of white columns within two text heights of `middle`."""
    start = max(1, middle - 2 * STRIP_HEIGHT)
    window = ink[start : middle + 2 * STRIP_HEIGHT]
    white = window <= window.min() + WHITE_SHARE * (window.max() - window.min())
    runs = flag_runs(white)
    a, b = runs[int((runs[:, 1] - runs[:, 0]).argmax())]
    return start + int(a + b) // 2


def place_symbols(decoded: Decoded, strip: Strip) -> tuple[Char, ...]:
    """The decoded characters with their extent in page coordinates, in order and without overlap.

    CTC tells where a character is, not how wide: extents meet between neighbours in proportion to their usual widths,
    and end where white space begins.
    """
    scale = (strip.end - strip.begin) / strip.n_columns
    centres = centre_columns(decoded, strip)
    extents = _extents(centres, decoded.symbols, strip.n_columns)
    return tuple(
        Char(s.text, strip.begin + a * scale, strip.begin + b * scale, s.confidence, s.alternatives)
        for s, (a, b) in zip(decoded.symbols, extents, strict=True)
    )


def centre_columns(decoded: Decoded, strip: Strip) -> list[float]:
    """Of each decoded character, the column of the strip where it is centred, none in the padding."""
    each = columns_per_step(decoded, strip)
    return [float(np.clip((s.centre + STEP_SHIFT) * each, 0, strip.n_columns)) for s in decoded.symbols]


def columns_per_step(decoded: Decoded, strip: Strip) -> float:
    return float(strip.pixels.shape[1] / max(1, decoded.n_steps))


def _extents(centres: Sequence[float], symbols: Sequence[Symbol], n_columns: int) -> list[tuple[float, float]]:
    widths = [_usual_width(s.text) for s in symbols]
    em = _em(centres, widths)
    halves = [em * width / 2 for width in widths]
    result: list[tuple[float, float]] = []
    for i, (centre, half) in enumerate(zip(centres, halves, strict=True)):
        left = _meeting(i - 1, i, centres, halves) if i else 0.0
        right = _meeting(i, i + 1, centres, halves) if i + 1 < len(centres) else float(n_columns)
        result.append((max(left, centre - half), max(min(right, centre + half), max(left, centre - half))))
    return result


def _meeting(i: int, j: int, centres: Sequence[float], halves: Sequence[float]) -> float:
    """Where neighbours i and j meet: their distance shared out by their usual widths."""
    return centres[i] + (centres[j] - centres[i]) * halves[i] / (halves[i] + halves[j])


def _em(centres: Sequence[float], widths: Sequence[float]) -> float:
    """Width of a full-width character in columns, as the line itself shows it; 0.8 strip heights for one character."""
    steps = [(b - a) * 2 / (wa + wb) for (a, wa), (b, wb) in pairwise(zip(centres, widths, strict=True))]
    return float(np.clip(np.median(steps), 0.4 * STRIP_HEIGHT, 1.2 * STRIP_HEIGHT)) if steps else 0.8 * STRIP_HEIGHT


def _usual_width(text: str) -> float:
    """Width in em: full for ideographs and full-width forms, a half for digits and Latin, a quarter for points."""
    if text in ".,:;'!|il":
        return 0.3
    return 0.55 if ord(text[0]) < 0x2000 else 1.0
