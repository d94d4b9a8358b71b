"""Dashed and dotted rulings made whole: the white between dashes that follow each other in a rhythm is inked.

    thin pieces of ink, each with the one that follows it in line    layout/dash_pieces.py
    rows of them with the same white again and again                 _rhythms
    edges from ruling to ruling of dashes like these                 _ink_edges
    whites inked, and the ends on to the rulings that they meet      _ink

Strokes of characters keep no distance, and have others above and below. How long the dashes are does not count: dashes
and dots may take turns (- . -), and those at corners are longer. What print stands close beside is a ruling where its
dashes keep the distance of the others, or are in line with them, and lead from ruling to ruling. Nothing here is asked of words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.dash_pieces import HALF, LIKE, Dashes, Flags, Floats, find_dashes
from layout.ink import Indices, long_along, transposed
from ocr.values import Pixels

#: Points: longest dash; shortest piece of a ruling across.
LONGEST_PT, ACROSS_PT = 14.0, 24.0
#: Gaps looked at together, and how many of them are alike in a rhythm; px and share by which these differ at most.
TOGETHER, ALIKE = 6, 5
NEAR_PX, NEAR = 1.0, 0.2
#: Of the others: times the usual gap that they are at most. (Dashes begin anew at each cell.)
LONGER = 1.3
#: Times its dashes that the white between them is at most; dashes longer than this many points may be 1 below 1.
MOST_WHITE, MOST_WHITE_LONG, GLYPH_PT = 2.2, 0.7, 5.5
#: Gaps that a level ruling of a dashed page has at least; print has a short row of them now and then.
LEAST_GAPS = 12
#: Share of the sides of the dashes that are white.
ALONE = 0.6


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What the dashes of a page are like: widest and usual white between them, px; usual height; longest dash; what is longer than any; least darkness."""

    white: float
    usual: float
    high: float
    long: float
    whole: float
    level: float


def with_dashes_joined(dark: Pixels, px: float) -> tuple[Pixels, float]:
    """The darkness (H, W) of a page with the gaps of dashed rulings inked, itself where there are none; and the widest of
    these gaps in px, 0 without one: where print touches a ruling, some may be left. px: pixels per point.
    """
    found = [find_dashes(dark, px)]
    rhythms = [_rhythms(found[0], px)]
    if not _has_long(found[0], rhythms[0][0]):
        return dark, 0.0  # columns are dashed where rows are: most pages end here
    found.append(find_dashes(transposed(dark), px))
    rhythms.append(_rhythms(found[1], px))
    filled = dark.copy()
    pattern = _pattern(found, rhythms, px)
    views = filled, filled.T
    for view, dashes, (linked, _) in zip(views, found, rhythms, strict=True):
        here = np.flatnonzero(linked)
        _ink(view, dashes, _thinner(dashes, here), dashes.x1[here], dashes.x0[dashes.succ[here]])
    for _ in range(2):
        long = round(ACROSS_PT * px)
        planes = long_along(filled, long), long_along(transposed(filled), long)
        for view, plane, dashes, (linked, _) in zip(views, planes, found, rhythms, strict=True):
            _ink_edges(view, plane, dashes, linked, pattern)
    return filled, pattern.white


def _rhythms(d: Dashes, px: float) -> tuple[Flags, Floats]:
    """(n,) whether the gap behind each piece is one of a rhythm, and the usual gap there."""
    n = len(d.x0)
    linked, usual = np.zeros(n, bool), np.zeros(n)
    if n <= TOGETHER:
        return linked, usual
    x0, x1, succ, sides = (np.append(a, fill) for a, fill in ((d.x0, 0), (d.x1, 0), (d.succ, n), (d.clear, 0)))
    gaps, tails, lengths, clear = (
        np.full((n, TOGETHER), np.nan),
        np.full((n, TOGETHER), n),
        np.zeros((n, TOGETHER)),
        np.zeros(n),
    )
    blank = np.zeros(n)
    at = np.arange(n)
    for k in range(TOGETHER):
        tail = d.ends[at]
        tails[:, k], lengths[:, k] = tail, x1[tail] - x0[at]
        clear += sides[at]
        blank += d.white[tail]
        at = succ[tail]
        gaps[:, k] = np.where(at < n, x0[at] - x1[tail], np.nan)
    whole = np.flatnonzero(np.isfinite(gaps).all(axis=1) & (clear >= 2 * ALONE * TOGETHER))
    gaps, tails, lengths, clear, blank = gaps[whole], tails[whole], lengths[whole], clear[whole], blank[whole]
    middle, long = np.median(gaps, axis=1), np.quantile(lengths, 0.75, axis=1)
    # what stands in the rows of a table, each between two rulings, is print
    close = np.where(
        long <= GLYPH_PT * px, middle <= MOST_WHITE * long, (middle <= MOST_WHITE_LONG * long) & (blank >= ALIKE - 1)
    )
    even = (_alike(gaps, middle) >= ALIKE) & (gaps <= LONGER * middle[:, None] + NEAR_PX).all(axis=1)
    lined = (clear == 2 * TOGETHER) & (_alike(lengths, np.median(lengths, axis=1)) >= ALIKE - 1)
    sure = close & (middle >= 1) & (even | lined)
    linked[tails[sure].ravel()] = True
    usual[tails[sure].ravel()] = np.repeat(middle[sure], TOGETHER)
    return linked, usual


def _has_long(d: Dashes, linked: Flags) -> bool:
    """Whether a row of dashes goes on over LEAST_GAPS gaps."""
    tails = np.flatnonzero(linked)
    for _ in range(LEAST_GAPS - 1):
        tails = d.ends[d.succ[tails]]
        tails = tails[linked[tails]]
    return bool(tails.size)


def _alike(values: Floats, middle: Floats) -> Indices:
    near = np.abs(values - middle[:, None]) <= np.maximum(NEAR_PX, NEAR * middle[:, None])
    return np.asarray(near.sum(axis=1), np.intp)


def _pattern(found: list[Dashes], rhythms: list[tuple[Flags, Floats]], px: float) -> _Pattern:
    def both(values: list[npt.NDArray[np.generic]]) -> Floats:
        linked = np.concatenate([v[linked] for v, (linked, _) in zip(values, rhythms, strict=True)])
        return np.asarray(linked, np.float64)

    white, usual = np.quantile(both([usual for _, usual in rhythms]), [0.9, 0.5]).tolist()
    lengths = both([d.x1 - d.x0 for d in found])
    return _Pattern(
        LONGER * white + NEAR_PX,
        usual,
        float(np.median(both([d.high for d in found]))),
        1.5 * float(np.quantile(lengths, 0.9)),
        LONGEST_PT * px,
        LIKE * float(np.median(both([d.level for d in found]))),
    )


def _ink_edges(plane: Pixels, across: Pixels, d: Dashes, linked: Flags, pattern: _Pattern) -> None:
    """Inks what leads from one ruling across to the next in dashes like those of the page, in place."""
    n = len(d.x0)
    if not n:
        return
    sure = linked.copy()
    sure[d.succ[linked]] = True
    thin = np.abs(d.high - pattern.high) <= max(2.5, HALF * pattern.high)
    # dots that the scan has run together
    sure |= (d.x1 - d.x0 > pattern.whole) & thin & (d.clear == 2)
    pred = np.full(n + 1, n)
    pred[d.succ] = np.arange(n)
    pred, succ = pred[:n], d.succ
    behind = np.append(d.x0, 10**9)[succ] - d.x1
    before = d.x0 - np.append(d.x1, -(10**9))[pred]
    right = _way_to_ink(across, d.x1, d.y, d.level, pattern.white, 1)
    left = _way_to_ink(across, d.x0 - 1, d.y, d.level, pattern.white, -1)
    # what print stands close beside keeps the distance of the other dashes
    steady = [(way <= pattern.white) & (np.abs(way - pattern.usual) <= NEAR_PX) for way in (behind, before)]
    in_step = (steady[0] & (steady[1] | (left <= pattern.white))) | (steady[1] & (right <= pattern.white))
    beside = _in_line(d, sure, plane.shape[1])
    row = np.rint(d.y).astype(np.intp)
    meets = np.any([across[row, x] >= LIKE * HALF * d.level for x in (d.x0, (d.x0 + d.x1) // 2, d.x1 - 1)], axis=0)
    like = (d.x1 - d.x0 <= pattern.long) & (d.level >= pattern.level)
    able = (
        sure
        | (like & meets)
        | (
            thin
            & like
            & (
                (d.clear == 2)
                | in_step
                | (beside == 2)
                | ((beside == 1) & ((behind <= pattern.white) | (before <= pattern.white)))
            )
        )
    )
    for _ in range(20):
        held = np.append(able, False)
        on_right = meets | (right <= pattern.white) | ((behind <= pattern.white) & held[succ])
        on_left = meets | (left <= pattern.white) | ((before <= pattern.white) & held[pred])
        kept = sure | (able & on_right & on_left)
        if (kept == able).all():
            break
        able = kept
    held = np.append(able, False)
    here = np.flatnonzero(able & (behind <= pattern.white) & held[succ])
    _ink(plane, d, _thinner(d, here), d.x1[here], d.x0[succ[here]])
    here = np.flatnonzero(able & (right <= pattern.white))
    _ink(plane, d, here, d.x1[here], d.x1[here] + right[here])
    here = np.flatnonzero(able & (left <= pattern.white))
    _ink(plane, d, here, d.x0[here] - left[here], d.x0[here])


def _in_line(d: Dashes, sure: Flags, width: int) -> Indices:
    """(n,) 2 where sure dashes are in line with a piece both before and after it, 1 where on one side only."""
    found = np.zeros((2, len(sure)), bool)
    band = np.floor(d.y).astype(np.int64)
    keys = np.sort(band[sure] * width + d.x0[sure])
    for step in (-1, 0, 1):
        row = (band + step) * width
        place = np.searchsorted(keys, row + d.x0)
        found[0] |= place > np.searchsorted(keys, row)
        found[1] |= place < np.searchsorted(keys, row + width)
    return np.asarray(found.sum(axis=0), np.intp)


def _way_to_ink(plane: Pixels, edge: Indices, y: Floats, level: Indices, most: float, way: int) -> Indices:
    """(n,) px of white from each edge on to the next ink, more than ``most`` where none is as near."""
    steps = np.arange(int(most) + 1)
    x = np.clip(edge[:, None] + way * steps, 0, plane.shape[1] - 1)
    inked = plane[np.rint(y).astype(np.intp)[:, None], x] >= LIKE * HALF * level[:, None]
    return np.where(inked.any(axis=1), inked.argmax(axis=1), int(most) + 1).astype(np.intp)


def _thinner(d: Dashes, here: Indices) -> Indices:
    """The thinner of each piece and the next: print that touches one makes it thick."""
    return np.asarray(np.where(d.high[here] <= d.high[d.succ[here]], here, d.succ[here]))


def _ink(plane: Pixels, d: Dashes, here: Indices, x0: Indices, x1: Indices) -> None:
    """Darkens the stretch from x0 to x1 beside each piece ``here`` as that is, in place."""
    top, high, level = np.rint(d.y[here] - (d.high[here] - 1) / 2).astype(int), d.high[here], d.level[here]
    for a, b, y, tall, dark in zip(*(v.tolist() for v in (x0, x1, top, high, level)), strict=True):
        part = plane[y : y + tall, a:b]
        np.maximum(part, dark, out=part)
