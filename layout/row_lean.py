"""How rows and columns of print lean on a photographed page, and the same print as if they did not.

The lower a row stands, the more it may lean (keystone), so the lean is a slope that grows evenly down the page. It is
first sought among all that may be, as the one under which most print stands at one height (a projection profile, Postl 1986), then
fitted to neighbours on one line by least squares that distant ones hardly weigh on (Holland and Welsch, 1977). Rows that do not
plainly lean stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.areas import Area
from layout.baselines import SAME_LEVEL
from layout.leaning import moved
from layout.runs import Run
from layout.values import Orientation, Ruling

Floats = npt.NDArray[np.float64]

#: Rounds of fitting; neighbours that are needed; in text heights: scale of what weighs little, from which two are in line, what a
#: row must lean at least over the width; share of neighbours in line afterwards, and how much larger than before.
ROUNDS, PAIRS, SCALE, IN_LINE, LEAST, SHARE, GAIN = 5, 20, 0.1, 0.15, 0.34, 0.8, 0.2
#: In text heights: how finely leans are tried, at the ends of a row, and heights counted as one.
STEP, BIN = 0.3, 0.25
#: Slope that no row of a page that was put upright has.
STEEPEST = 0.12
#: In text heights: least length of the pieces that a leaning ruling is given in; how far one leans at most.
PIECE, OFF = 1.5, 0.1


@dataclass(frozen=True, slots=True)
class RowLean:
    """Slope of a row at height y, px: slope + growth x (y - self.y), about the upright through x. em: text height, px.

    aside, top: columns go so many px to the right for each px below top.
    """

    slope: float
    growth: float
    x: float
    y: float
    em: float
    aside: float = 0.0
    top: float = 0.0

    def offset(self, x: float, y: float) -> float:
        """How far below its row's height at self.x print at x stands, px."""
        return (self.slope + self.growth * (y - self.y)) * (x - self.x)


def row_lean(runs: Sequence[Run], em: float) -> RowLean | None:
    """How rows of print lean; None where they do not, or nothing tells."""
    if len(runs) < PAIRS:
        return None
    boxes = np.array([r.bbox.as_tuple() for r in runs])
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    about = float(x.min() + x.max()) / 2, float(y.mean())
    level = np.zeros(2)
    fitted = _sharpest(x - about[0], y - about[1], em)
    for _ in range(ROUNDS):
        left, right = _pairs(boxes, x, y, fitted, about[1], em)
        if len(left) < PAIRS:
            return None
        fitted = _fit(x[right] - x[left], y[right] - y[left], (y[left] + y[right]) / 2 - about[1], fitted, em)
    slopes = fitted[0] + fitted[1] * (np.array([y.min(), y.max()]) - about[1])
    most = float(np.abs(slopes).max())
    if most > STEEPEST or most * float(boxes[:, 2].max() - boxes[:, 0].min()) < LEAST * em:
        return None
    after, before = (_in_line(x, y, left, right, lean, about[1], em) for lean in (fitted, level))
    return RowLean(float(fitted[0]), float(fitted[1]), *about, em) if after >= max(SHARE, before + GAIN) else None


def _sharpest(x: Floats, y: Floats, em: float) -> Floats:
    """(slope, growth) of the lean under which the most print stands at one height, the least such. x, y: about the middle."""
    half, high = max(float(np.abs(x).max()), 1.0), max(float(np.abs(y).max()), 1.0)
    steps = max(1, int(STEEPEST * half / (STEP * em)))
    ends = np.arange(-steps, steps + 1) * (STEP * em / half)
    tried = np.array([((a + b) / 2, (b - a) / (2 * high)) for a in ends for b in ends])
    tried = tried[np.argsort(np.abs(tried[:, 0]) + np.abs(tried[:, 1]) * high, kind="stable")]
    heights = y - (tried[:, :1] + tried[:, 1:] * y) * x
    scores = np.zeros(len(tried))
    for shift in (0.0, 0.5):
        bins = np.floor(heights / (BIN * em) + shift).astype(np.intp)
        bins -= bins.min()
        counts = np.zeros((len(tried), int(bins.max()) + 1))
        np.add.at(counts, (np.arange(len(tried))[:, None], bins), 1.0)
        scores += (counts**2).sum(axis=1)
    return np.asarray(tried[int(np.argmax(scores))], np.float64)


def _pairs(
    boxes: Floats, x: Floats, y: Floats, lean: Floats, middle: float, em: float
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Each run that has one on its right, on its line, with the nearest of these."""
    apart = boxes[None, :, 0] - boxes[:, None, 2]
    dx, slope = x[None, :] - x[:, None], lean[0] + lean[1] * ((y[None, :] + y[:, None]) / 2 - middle)
    on_line = (apart > 0) & (np.abs(y[None, :] - y[:, None] - slope * dx) < SAME_LEVEL * em)
    nearest = np.where(on_line, apart, np.inf).argmin(axis=1)
    left = np.flatnonzero(on_line.any(axis=1))
    return left, nearest[left]


def _fit(dx: Floats, dy: Floats, height: Floats, last: Floats, em: float) -> Floats:
    """(slope, growth) with dy = (slope + growth x height) x dx, those far from the last fit weighing little."""
    off = dy - (last[0] + last[1] * height) * dx
    weight = np.sqrt(1.0 / (1.0 + (off / (SCALE * em)) ** 2))
    design = np.stack([dx, dx * height], axis=1) * weight[:, None]
    return np.asarray(np.linalg.lstsq(design, dy * weight, rcond=None)[0], np.float64)


def _in_line(
    x: Floats,
    y: Floats,
    left: npt.NDArray[np.intp],
    right: npt.NDArray[np.intp],
    lean: Floats,
    middle: float,
    em: float,
) -> float:
    slope = lean[0] + lean[1] * ((y[left] + y[right]) / 2 - middle)
    return float(np.mean(np.abs(y[right] - y[left] - slope * (x[right] - x[left])) < IN_LINE * em))


def levelled(area: Area, lean: RowLean) -> Area:
    """The area with its print and its rules moved up and down so that rows are level."""
    runs = tuple(moved(run, 0.0, -lean.offset(run.x, run.y)) for run in area.runs)
    rules = tuple((y - lean.offset((x0 + x1) / 2, y), x0, x1) for y, x0, x1 in area.rules)
    top, bottom = min(r.bbox.y0 for r in runs), max(r.bbox.y1 for r in runs)
    box = replace(area.bbox, y0=min(area.bbox.y0, top), y1=max(area.bbox.y1, bottom))
    return replace(area, runs=runs, rules=rules, bbox=box)


def leaning(rulings: Sequence[Ruling], lean: RowLean) -> tuple[Ruling, ...]:
    """Rulings of a table that was put straight as they lie on the page, in short pieces."""
    found: list[Ruling] = []
    for r in rulings:
        edges = np.linspace(r.start, r.end, _n_pieces(r, lean) + 1).tolist()
        for a, b in pairwise(edges):
            if r.orientation is Orientation.HORIZONTAL:
                y = r.position + lean.offset((a + b) / 2, r.position)
                dx = lean.aside * (y - lean.top)
                found.append(replace(r, position=y, start=a + dx, end=b + dx))
            else:
                start, end = (y + lean.offset(r.position, y) for y in (a, b))
                dx = lean.aside * ((start + end) / 2 - lean.top)
                found.append(replace(r, position=r.position + dx, start=start, end=end))
    return tuple(found)


def _n_pieces(ruling: Ruling, lean: RowLean) -> int:
    """So many that none leans by more than a fraction of the text height, nor is shorter than need be."""
    if ruling.orientation is Orientation.HORIZONTAL:
        ends = [lean.offset(x, ruling.position) for x in (ruling.start, ruling.end)]
    else:
        ends = [lean.aside * (y + lean.offset(ruling.position, y)) for y in (ruling.start, ruling.end)]
    steps = abs(ends[1] - ends[0]) / (OFF * lean.em)
    return max(1, min(round(ruling.length / (PIECE * lean.em)), int(np.ceil(steps))))
