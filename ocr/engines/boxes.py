"""A detected text box, settled on the ink it stands on.

The detector is sure of a text's place, not of its ends: of `一般公共预算` it often leaves out half of the thin 一, and
where columns are narrow its boxes take in the ruling beside a number, which then reads as a 1, or run over it into the
next cell. All of this shows in the ink: a box is cut at rulings, ink that runs from above the text to below it, and
grown while ink goes on beside it. On 2,016 cells of narrow ruled tables this took wrong readings from 46 to 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.flag_runs import flag_runs
from ocr.geometry import BBox
from ocr.groups import groups_of
from ocr.ink import levels_at
from ocr.values import Pixels

REACH = 0.8
"""How far a box may grow at each end; this and all lengths below are shares of the box's height."""
LEAST_GAP = 0.15
"""White this wide ends the text."""
MARGIN = 0.12
"""Paper left around the outermost ink, as the recogniser is used to."""
LEAST_PIECE = 0.35
"""What a ruling cuts off an end of the box and is narrower belongs to the neighbour's text."""
BODY = 0.2
"""Share of the height at top and bottom that is not looked at for ink: rulings above and below run along there."""
SURROUNDINGS = 0.5
OVERSHOOT = 0.3
"""How far a ruling runs on above and below the box, taken together; the tallest stroke of a character does not."""
INK_SHARE = 0.4
RULING_SHARE = 0.9
THICKEST = 0.3
SAME_LINE = 0.6
OVERLAP = 0.25

Columns = npt.NDArray[np.bool_]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Columns:
    """What stands in each column from `first` on: ink in the body of the line; a ruling from above it to below it."""

    first: int
    ink: Columns
    ruling: Columns


def settle(grey: Pixels, box: BBox) -> tuple[BBox, ...]:
    """The box's parts between rulings, left to right, each with its ends where its text ends.

    grey: (H, W). Parts lie within the page and keep y0 and y1; a box of less than 4 rows stays as it is.
    """
    if box.height < 4 or box.width < 1:
        return (box,)
    columns = _columns(grey, box)
    left, right = int(box.x0) - columns.first, int(np.ceil(box.x1)) - columns.first
    parts = [_grown(columns, a, b, box) for a, b in _parts(columns, left, right, box.height)]
    return tuple(parts) or (box,)


def _parts(columns: _Columns, left: int, right: int, height: float) -> list[tuple[int, int]]:
    """Stretches between rulings that hold ink."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], columns.ruling[left:right], [True])).astype(np.int8)))
    stretches = [(left + int(a), left + int(b)) for a, b in edges.reshape(-1, 2)]
    return [
        (a, b)
        for a, b in stretches
        if columns.ink[a:b].any() and ((left < a and b < right) or b - a >= min(LEAST_PIECE * height, right - left))
    ]


def _grown(columns: _Columns, left: int, right: int, box: BBox) -> BBox:
    n_columns = len(columns.ink)
    x0 = n_columns - _end(columns.ink[::-1], columns.ruling[::-1], n_columns - left, box.height)
    x1 = _end(columns.ink, columns.ruling, right, box.height)
    return BBox(float(columns.first + x0), box.y0, float(columns.first + x1), box.y1)


def _end(ink: Columns, ruling: Columns, edge: int, height: float) -> int:
    """Where a part ends, in columns that run outwards from it; edge: where it ended before (exclusive)."""
    beyond = np.flatnonzero(ruling[edge:])
    limit = edge + int(beyond[0]) if beyond.size else len(ink)
    inked = np.flatnonzero(ink[:edge])
    last = int(inked[-1]) + 1 if inked.size else edge
    for column in np.flatnonzero(ink[edge:limit]) + edge:
        if column - last >= LEAST_GAP * height:
            break
        last = int(column) + 1
    return max(edge, min(limit, last + round(MARGIN * height)))


def _columns(grey: Pixels, box: BBox) -> _Columns:
    height = box.height
    first, last = max(0, int(box.x0 - REACH * height)), min(grey.shape[1], int(np.ceil(box.x1 + REACH * height)))
    around = int(SURROUNDINGS * height)
    top, bottom = max(0, int(box.y0) - around), min(grey.shape[0], int(np.ceil(box.y1)) + around)
    area = np.ascontiguousarray(grey[top:bottom, first:last])
    start, stop = int(box.y0) - top, int(np.ceil(box.y1)) - top
    paper = levels_at(area, 0.5)[0]  # bold type fills more than half of a tight box, but not of its surroundings
    mask = _ink(area, area[start:stop, int(box.x0) - first : int(np.ceil(box.x1)) - first], paper)
    body = slice(start + int(BODY * height), stop - int(BODY * height))
    inked = np.asarray(mask[start:stop].any(axis=0), bool)
    return _Columns(first, np.asarray(mask[body].any(axis=0), bool), _rulings(mask, start, stop) & inked)


def _ink(area: Pixels, inner: Pixels, paper: float) -> Mask:
    """Where an area is darker or brighter than its paper by a share of the most that its inner part is."""
    most = max(float(inner.max()) - paper, paper - float(inner.min()))
    levels = np.arange(256)
    stands_out = np.abs(levels - paper) > INK_SHARE * most
    dark, bright = levels[stands_out & (levels < paper)], levels[stands_out & (levels > paper)]
    mask = area <= int(dark[-1]) if dark.size else np.zeros(area.shape, bool)
    return mask | (area >= int(bright[0])) if bright.size else mask


def _rulings(mask: Mask, start: int, stop: int) -> Columns:
    """Columns whose ink fills rows [start, stop) and runs on, without a break, above and below them."""
    runs_on = np.zeros(mask.shape[1], bool)
    if not 0 < start <= stop < len(mask):
        return runs_on
    # A ruling that leans by a pixel or two fills no single column.
    likely = np.flatnonzero(_leaning(mask[start - 1 : start])[0] & _leaning(mask[stop : stop + 1])[0])
    leaning = mask[:, likely] | mask[:, np.maximum(likely - 1, 0)]
    leaning |= mask[:, np.minimum(likely + 1, mask.shape[1] - 1)]
    above = np.logical_and.accumulate(leaning[:start][::-1], axis=0).sum(axis=0)
    below = np.logical_and.accumulate(leaning[stop:], axis=0).sum(axis=0)
    long = above + below >= OVERSHOOT * (stop - start)
    runs_on[likely] = long & (leaning[start:stop].mean(axis=0) >= RULING_SHARE)
    return _thin(runs_on, THICKEST * (stop - start))


def _leaning(rows: Mask) -> Mask:
    wide = rows.copy()
    wide[:, 1:] |= rows[:, :-1]
    wide[:, :-1] |= rows[:, 1:]
    return wide


def _thin(columns: Columns, widest: float) -> Columns:
    """Without runs wider than `widest`: those are bars or pictures, not rulings."""
    result = columns.copy()
    for start, stop in flag_runs(columns):
        result[start:stop] = stop - start <= widest
    return result


def merge_overlapping(boxes: Sequence[BBox]) -> list[BBox]:
    """Boxes of one line that settled on the same ink, as one: the detector had taken 一 and 般公共预算 for two texts.

    Boxes on either side of a ruling end at it, so they never overlap.
    """
    if not boxes:
        return []
    x0, y0, x1, y1 = np.array([box.as_tuple() for box in boxes]).T
    heights = np.minimum.outer(y1 - y0, y1 - y0)
    wide = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
    high = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
    is_one = (high >= SAME_LINE * heights) & (wide >= OVERLAP * heights) & (heights > 0)
    groups = groups_of(len(boxes), *np.nonzero(is_one))
    merged: dict[int, BBox] = {}
    for box, group in zip(boxes, groups.tolist(), strict=True):
        merged[group] = merged[group].union(box) if group in merged else box
    return list(merged.values())
