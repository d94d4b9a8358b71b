"""Darkness -> thin pieces of ink that may be dashes, each with the one that follows it in line.

Everything is horizontal here, in px of the working page; the vertical axis is the transposed page.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.ink import Indices, components, thin_along
from ocr.values import Pixels

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Points. What is higher is no dash; widest white between two; how far above and below one is white.
HIGHEST_PT, WIDEST_PT, CLEAR_PT = 3.0, 6.5, 2.5
#: Share of its neighbours' darkness at which ink ends and paper begins; share of a dash's darkness that the next has at least.
HALF, LIKE = 0.5, 0.4
#: Of 255: the least darkness of a dash.
FAINTEST = 14


@dataclass(frozen=True, slots=True)
class Dashes:
    """Thin pieces of ink, (n,) each. x0, x1, y: ends and middle, px; high: px; level: darkness; clear: how many of its sides are white.

    succ: the piece that follows, n where none does; ends: (n + 1,) the last piece that ink joins it with (rulings across do);
    white: (n + 1,) whether no ink at all lies between it and the next.
    """

    x0: Indices
    x1: Indices
    y: Floats
    high: Indices
    level: Indices
    clear: Indices
    succ: Indices
    ends: Indices
    white: Flags


def find_dashes(dark: Pixels, px: float) -> Dashes:
    """All thin pieces along x of a page's darkness (H, W); px: pixels per point. Most are strokes of characters."""
    top = thin_along(dark, round(HIGHEST_PT * px) + 1)
    faint = max(FAINTEST, 4 * int(np.median(top[::7, ::7])))
    x0, y0, width, high = components(top, round(2 * WIDEST_PT * px), faint, HALF)
    kept = (high <= 2 * HIGHEST_PT * px) & (width * high > 1)
    x0, y0, width, high = x0[kept], y0[kept], width[kept], high[kept]
    x1, y = x0 + width, y0 + (high - 1) / 2
    steps = np.arange(int(high.max(initial=1)))[:, None]
    level = dark[y0 + np.minimum(steps, high - 1), (x0 + x1) // 2].max(axis=0).astype(np.intp)
    clear = _white_sides(dark, x0, x1, y, high, level, round(CLEAR_PT * px))
    succ = _followers(x0, x1, y, high, level, dark.shape[1], round(WIDEST_PT * px))
    return Dashes(x0, x1, y, high, level, clear, succ, *_joined(dark, x0, x1, y, level, succ))


def _white_sides(
    dark: Pixels, x0: Indices, x1: Indices, y: Floats, high: Indices, level: Indices, reach: int
) -> Indices:
    """How many of the two sides, above and below, of each piece are white."""
    x = np.stack([(3 * x0 + x1) // 4, (x0 + x1) // 2, (x0 + 3 * x1) // 4])
    count = np.zeros(len(x0), np.intp)
    for side in (-1, 1):
        clear = np.ones(len(x0), bool)
        for step in range(2, reach + 1):
            at = np.clip(np.rint(y + side * (high / 2 + step)).astype(np.intp), 0, len(dark) - 1)
            clear &= (dark[at, x] < HALF * level).all(axis=0)
        count += clear
    return count


def _followers(x0: Indices, x1: Indices, y: Floats, high: Indices, level: Indices, width: int, reach: int) -> Indices:
    """(n,) the nearest piece as dark that begins where each ends, hardly higher or lower; n where there is none."""
    n, band = len(x0), np.floor(y).astype(np.int64)
    keys = band * 2 * width + x0
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    reach_y = 1 + int(high.max(initial=0)) // 2
    best, found = np.full(n, reach + 1), np.full(n, n)
    for step in range(-reach_y, reach_y + 1):
        place = np.searchsorted(ordered, (band + step) * 2 * width + np.maximum(x1 - 1, x0 + 1))
        near = order[np.minimum(place, n - 1)] if n else place
        in_line = (place < n) & (band[near] == band + step) & (np.abs(y[near] - y) <= 1 + np.abs(high[near] - high) / 2)
        in_line &= np.minimum(level[near], level) >= LIKE * np.maximum(level[near], level)
        gap = np.where(in_line, x0[near] - x1, reach + 1)
        closer = (gap < best) & (near != np.arange(n))
        best, found = np.where(closer, gap, best), np.where(closer, near, found)
    # of two that claim the same one, the nearer
    claims = np.lexsort((best, found))
    first = np.ones(n, bool)
    first[1:] = np.diff(found[claims]) > 0
    found[claims[~first]] = n
    return found.astype(np.intp)


def _joined(dark: Pixels, x0: Indices, x1: Indices, y: Floats, level: Indices, succ: Indices) -> tuple[Indices, Flags]:
    """(n + 1,) the last piece that each is joined with by unbroken ink, and whether paper alone lies between it and the next."""
    n = len(x0)
    ends = np.arange(n + 1)
    has = np.flatnonzero(succ < n)
    after = succ[has]
    inked, white = np.ones(len(has), bool), np.ones(len(has), bool)
    for share in np.linspace(0, 1, 9):
        x = np.rint((1 - share) * x1[has] + share * (x0[after] - 1)).astype(np.intp)
        row = np.rint((1 - share) * y[has] + share * y[after]).astype(np.intp)
        is_ink = dark[row, np.minimum(x, dark.shape[1] - 1)] >= HALF * np.minimum(level[has], level[after])
        inked &= is_ink
        if 0.1 < share < 0.9:
            white &= ~is_ink
    ends[has[inked]] = after[inked]
    for _ in range(6):
        ends = ends[ends]
    blank = np.zeros(n + 1, bool)
    blank[has] = white
    return ends.astype(np.intp), blank
