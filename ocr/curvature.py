"""How a page bends: rulings and lines of type that are straight on the sheet and curved in its picture.

    ink --find_strands--> Strands              centres along rulings and lines of type, both axes by one code
    Strands --fit_bend--> Bend                 one smooth shift along the axis that makes every strand level

The shift of a point at (u, v), u along the strands and v across, both in [-1, 1], is a polynomial without terms in v
alone: those would only move strands apart, of which a picture tells nothing. Each strand's own height is eliminated
(its mean residual), outliers lose their weight (Huber); beyond the strands the shift goes on as it is at their edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.geometry import Affine
from ocr.ink import Mask, blob_paths, find_blobs, joined, without_short
from ocr.orientation import Boxes, Type, find_type, painted

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BendOptions:
    """Lengths in text heights. least_ruling, least_line: shorter strands are left out. least_strands, least_spread: how
    many there must be, over which share of the picture across them. least_cover: how many must run through each eighth
    of their extent, or a few short pieces would bend all the paper between them. degrees: of the polynomial along and
    across. ridge: how dear a coefficient is. gap: in a line of type, closed.
    """

    least_ruling: float = 6.0
    least_line: float = 9.0
    gap: float = 0.7
    least_strands: int = 5
    least_spread: float = 0.15
    least_cover: int = 2
    degrees: tuple[int, int] = (5, 3)
    ridge: float = 1e-3
    rounds: int = 6


@dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """Points (x along, y across) of strands; owner: which strand each belongs to, from 0."""

    x: Floats
    y: Floats
    owner: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """y + shift(x, y) is level along each strand. box: (x0, x1, y0, y1) px within which strands were seen."""

    coefficients: Floats
    box: tuple[float, float, float, float]
    degrees: tuple[int, int]

    def shift(self, x: Floats, y: Floats) -> Floats:
        """(n,) px across for points (x, y)."""
        x0, x1, y0, y1 = self.box
        return _terms(np.clip(x, x0, x1), np.clip(y, y0, y1), self.box, self.degrees) @ self.coefficients


def find_strands(ink: Mask, dpi: float, options: BendOptions, with_type: bool, type_: Type | None = None) -> Strands:
    """Rulings that run across the picture and, if asked for, its lines of type.

    type_: the characters of the ink, where they are known; without lines of type only their size counts.
    """
    type_ = type_ or find_type(ink, dpi)
    em = type_.em
    found = _rulings(ink, em, options, 1)
    if with_type:
        lines = joined(painted(type_.boxes, (ink.shape[0], ink.shape[1])), round(options.gap * em), 1)
        found += _lines(find_blobs(lines).boxes, type_, options)
    return _strands(found)


def find_leaning_strands(ink: Mask, change: Affine, type_: Type, lines: Boxes | None, options: BendOptions) -> Strands:
    """As `find_strands`, of ink that is not level yet, and for less: rulings by every second column.

    change: to the level picture; type_: its characters there; lines: boxes around those of a line, if asked for.
    """
    lying = _rulings(np.ascontiguousarray(ink[:, ::2]), type_.em, options, 2)
    found = [(change.a * x + change.b * y + change.c, change.d * x + change.e * y + change.f) for x, y in lying]
    if lines is not None:
        found += _lines(lines, type_, options)
    return _strands(found)


def _strands(found: Sequence[tuple[Floats, Floats]]) -> Strands:
    if not found:
        return Strands(np.zeros(0), np.zeros(0), np.zeros(0, np.intp))
    owner = np.repeat(np.arange(len(found)), [len(x) for x, _ in found])
    return Strands(np.concatenate([x for x, _ in found]), np.concatenate([y for _, y in found]), owner)


def _rulings(ink: Mask, em: float, options: BendOptions, every: int) -> list[tuple[Floats, Floats]]:
    """Points along rulings. ink: of which only each so many-th column is there; em: in rows."""
    solid = without_short(ink, round(1.6 * em / every))
    paths = blob_paths(solid, options.least_ruling * em / every, max(1, round(0.5 * em / every)))
    return [(x * every, y) for x, y in paths if _is_thin((x, y), em)]


def _is_thin(points: tuple[Floats, Floats], em: float) -> bool:
    """A ruling moves from column to column by little; joined rulings and fills jump."""
    return len(points[1]) > 1 and float(np.abs(np.diff(points[1])).max()) < 0.3 * em


def _lines(lines: Boxes, type_: Type, options: BendOptions) -> list[tuple[Floats, Floats]]:
    """Middles of full-height characters, by line. lines: boxes around those of each."""
    boxes, em = type_.boxes, type_.em
    full = boxes[(boxes[:, 3] >= 0.75 * em) & (boxes[:, 3] <= 1.3 * em)]
    found = []
    x, y = full[:, 0] + full[:, 2] / 2.0, full[:, 1] + full[:, 3] / 2.0
    for x0, y0, width, height, _ in lines.tolist():
        own = (x >= x0) & (x < x0 + width) & (y >= y0) & (y < y0 + height)
        if width >= options.least_line * em and own.sum() >= 6 and height <= 1.4 * em + 0.12 * width:
            order = np.argsort(x[own])
            found.append((x[own][order], y[own][order]))
    return found


def fit_bend(strands: Strands, shape: tuple[int, int], options: BendOptions) -> Bend | None:
    """The shift that levels the strands; None where there are too few to tell. shape: (height across, width along)."""
    n = int(strands.owner.max()) + 1 if len(strands.owner) else 0
    if n < options.least_strands or np.ptp(strands.y) < options.least_spread * shape[0]:
        return None
    box = (float(strands.x.min()), float(strands.x.max()), float(strands.y.min()), float(strands.y.max()))
    if _cover(strands, box[:2], n).min() < options.least_cover:
        return None
    terms = _terms(strands.x, strands.y, box, options.degrees)
    weights = np.ones(len(strands.x))
    coefficients = np.zeros(terms.shape[1])
    for _ in range(options.rounds):
        centred = _centred(np.column_stack([terms, strands.y]), strands.owner, weights, n)
        a, b = centred[:, :-1], -centred[:, -1]
        normal = a.T @ (a * weights[:, None]) + options.ridge * weights.sum() * np.eye(a.shape[1])
        coefficients = np.linalg.solve(normal, a.T @ (b * weights))
        wrong = np.abs(a @ coefficients - b)
        scale = max(0.3, 1.4826 * float(np.median(wrong)))
        weights = np.minimum(1.0, 1.5 * scale / np.maximum(wrong, 1e-9))
    return Bend(coefficients, box, options.degrees)


def cover(strands: Strands, bend: Bend, parts: int = 4) -> float:
    """The share of the box of a bend in which strands run, of so many parts either way."""
    x0, x1, y0, y1 = bend.box
    column, row = (
        np.minimum((p - low) / max(high - low, 1.0) * parts, parts - 1).astype(np.intp)
        for p, low, high in ((strands.x, x0, x1), (strands.y, y0, y1))
    )
    return len(np.unique(column * parts + row)) / parts**2


def _cover(strands: Strands, extent: tuple[float, float], n: int, parts: int = 8) -> npt.NDArray[np.intp]:
    """(parts,) how many strands have points in each part of their extent along."""
    part = np.minimum((strands.x - extent[0]) / max(extent[1] - extent[0], 1.0) * parts, parts - 1).astype(np.intp)
    return np.bincount(np.unique(strands.owner * parts + part) % parts, minlength=parts)


def _terms(x: Floats, y: Floats, box: tuple[float, float, float, float], degrees: tuple[int, int]) -> Floats:
    """(n, terms) products of Chebyshev polynomials, at least of degree one along."""
    x0, x1, y0, y1 = box
    u, v = (2 * (p - low) / max(high - low, 1.0) - 1.0 for p, low, high in ((x, x0, x1), (y, y0, y1)))
    along = np.polynomial.chebyshev.chebvander(u, degrees[0])
    across = np.polynomial.chebyshev.chebvander(v, degrees[1])
    kept = [(i, j) for i in range(1, degrees[0] + 1) for j in range(degrees[1] + 1) if i + j <= max(degrees)]
    return np.stack([along[:, i] * across[:, j] for i, j in kept], axis=1)


def _centred(columns: Floats, owner: npt.NDArray[np.intp], weights: Floats, n: int) -> Floats:
    """Each column less its weighted mean over the strand."""
    total = np.maximum(np.bincount(owner, weights, n), 1e-12)
    means = np.stack([np.bincount(owner, weights * c, n) / total for c in columns.T], axis=1)
    return np.asarray(columns - means[owner])


def sag(bend: Bend) -> float:
    """By how many px a strand right across the picture is bent or leans, the worst of nine."""
    x0, x1, y0, y1 = bend.box
    xs = np.linspace(x0, x1, 33)
    return max(float(np.ptp(bend.shift(xs, np.full_like(xs, y)))) for y in np.linspace(y0, y1, 9))


def stretch(bend: Bend) -> float:
    """By how much the shift draws neighbouring points across apart or together at most, per px between them: 1 folds."""
    x0, x1, y0, y1 = bend.box
    x, y = np.meshgrid(np.linspace(x0, x1, 33), np.linspace(y0, y1, 33))
    moved = bend.shift(x.ravel(), y.ravel()).reshape(x.shape)
    return float(np.abs(np.diff(moved, axis=0)).max() / max((y1 - y0) / 32, 1e-9))


def unevenness(strands: Strands, bend: Bend | None) -> float:
    """How far points lie off their strand's height, in px, half of them less; bend: after it is taken out."""
    y = strands.y if bend is None else strands.y + bend.shift(strands.x, strands.y)
    n = int(strands.owner.max()) + 1
    off = _centred(y[:, None], strands.owner, np.ones(len(y)), n)[:, 0]
    return float(np.median(np.abs(off)))
