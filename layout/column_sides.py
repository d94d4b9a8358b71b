"""Where the sides of columns may lie that no ruling draws: between print, and evenly around heads that are centred.

White between two columns leaves room for their common side. A centred head halves its column, so that each side follows
from the one before it; heads that are set otherwise contradict each other soon and tell nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from layout.gutters import Column
from layout.runs import Run

#: In text heights: how far print at an open side of a table may stand off it; how exactly a head is centred.
OPEN, CENTRED = 0.8, 0.2
#: The same: how near to a column's left or right side of print a head is that is set there.
ASIDE = 0.25

#: In text heights: how exactly a title over columns is in their middle.
TITLE = 0.6

Range = tuple[float, float]


def side_ranges(
    columns: Sequence[Column], leaves: Mapping[int, Run], em: float, sides: Range | None = None
) -> list[Range]:
    """From where to where each side may lie in px, left to right, one more than there are columns.

    leaves: heads right above their column. sides: left and right side of the whole table where these are drawn.
    """
    grown = [
        (min(c.x0, leaves[i].bbox.x0), max(c.x1, leaves[i].bbox.x1)) if i in leaves else (c.x0, c.x1)
        for i, c in enumerate(columns)
    ]
    first, last = grown[0][0], grown[-1][1]
    left = (sides[0], sides[0]) if sides and sides[0] <= first else (first - OPEN * em, first)
    right = (sides[1], sides[1]) if sides and sides[1] >= last else (last, last + OPEN * em)
    inner = [(min(a[1], b[0]), max(a[1], b[0])) for a, b in itertools.pairwise(grown)]
    ranges = [left, *inner, right]
    middles = {i: run.x for i, run in leaves.items() if i < len(columns) and not _is_set_aside(run, columns[i], em)}
    return _halved(ranges, middles, CENTRED * em) or ranges


def _is_set_aside(head: Run, column: Column, em: float) -> bool:
    """Whether a head begins where its column's print does, or ends where that ends: then it need not be centred."""
    return min(abs(head.bbox.x0 - column.x0), abs(head.bbox.x1 - column.x1)) < ASIDE * em


def off_middle(x: float, ranges: Sequence[Range], first: int, stop: int) -> float:
    """How far x is in px off any possible middle of columns [first, stop); 0 within."""
    low, high = (ranges[first][0] + ranges[stop][0]) / 2, (ranges[first][1] + ranges[stop][1]) / 2
    return max(0.0, low - x, x - high)


def title_range(run: Run, columns: Sequence[Column], ranges: Sequence[Range], em: float) -> tuple[int, int] | None:
    """The columns that something alone in its row is a title over, in their middle: those right of the labels, or all; None where
    it is no wider than a column's print, or in no such middle.
    """
    n = len(columns)
    within = any(c.x0 - OPEN * em < run.bbox.x0 and run.bbox.x1 < c.x1 + OPEN * em for c in columns)
    if n <= 2 or within or run.is_figure or run.bbox.x0 < columns[0].x0 + OPEN * em:
        return None
    off, first = min((off_middle(run.x, ranges, first, n), first) for first in (0, 1))
    return (first, n) if off < TITLE * em and (first == 0 or run.bbox.x0 > columns[0].x1) else None


def _halved(ranges: Sequence[Range], middles: Mapping[int, float], slack: float) -> list[Range]:
    """The ranges narrowed so that each middle lies between its sides; [] where they cannot all."""
    out = list(ranges)
    for order in (range(len(out) - 1), range(len(out) - 2, -1, -1)):
        for i in order:
            if i not in middles:
                continue
            known, other = (i, i + 1) if order.step > 0 else (i + 1, i)
            low = max(out[other][0], 2 * (middles[i] - slack) - out[known][1])
            high = min(out[other][1], 2 * (middles[i] + slack) - out[known][0])
            if low > high:
                return []
            out[other] = (low, high)
    return out
