"""Bands of a form, each with columns of its own -> one lattice's edges, and which of them each band's columns lie between.

The band of most columns gives the edges. A white of another band is one of those it shares room with: the one that its
print is set to as that of other bands is, or in the middle of; where it shares room with none it is an edge of its own.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from layout.column_sides import Range, off_middle
from layout.runs import Run

#: In text heights: what a cell that is set to nothing counts at most. Share of it for what lies off the middle of a
#: range, and what an edge that another band has already saves.
LOOSE, OFF_RANGE, KNOWN = 2.0, 0.1, 0.2
#: Choices of edges of one band that are compared, at most.
MOST_CHOICES = 256


@dataclass(frozen=True, slots=True)
class Sides:
    """ranges: from where to where each edge may lie, px. starts, ends: where print right, and left, of each is set to it.
    used: edges that bands of few columns have.
    """

    ranges: tuple[Range, ...]
    starts: tuple[tuple[float, ...], ...]
    ends: tuple[tuple[float, ...], ...]
    used: frozenset[int] = frozenset()


def places(gutters: Sequence[Range], cells: Sequence[Sequence[Run]], sides: Sides, em: float) -> tuple[int, ...] | None:
    """For each white between a band's columns the edge that it is; None where one shares room with none.

    cells: what stands in each of the columns, one more than there are whites. The band's first column begins at edge 1,
    right of the stub; the last one ends at the last edge.
    """
    last = len(sides.ranges) - 1
    options = [edges_near(gutter, sides, em) for gutter in gutters]
    choices = itertools.islice(itertools.product(*options), MOST_CHOICES)
    rising = [c for c in choices if all(a < b for a, b in itertools.pairwise(c))]
    if not rising:
        return None

    def cost(choice: tuple[int, ...]) -> float:
        found = sum(
            _off(own, sides, a, b, em)
            for own, (a, b) in zip(cells, itertools.pairwise((1, *choice, last)), strict=True)
        )
        return found - KNOWN * sum(i in sides.used for i in choice)

    return min(rising, key=cost)


def edges_near(gutter: Range, sides: Sides, em: float) -> list[int]:
    """The edges right of the stub's that share room with a white, all but."""
    a, b = gutter
    near = ((i, min(b, high) - max(a, low)) for i, (low, high) in enumerate(sides.ranges))
    return [i for i, room in near if 2 <= i < len(sides.ranges) - 1 and room > -0.1 * em]


def _off(cell: Sequence[Run], sides: Sides, a: int, b: int, em: float) -> float:
    """How far a column's print is from being set to its sides, or in their middle, in text heights."""
    if not cell:
        return 0.0
    middle = (statistics.fmean(sides.ranges[a]) + statistics.fmean(sides.ranges[b])) / 2
    centred = [off_middle(r.x, sides.ranges, a, b) + OFF_RANGE * abs(r.x - middle) for r in cell]
    ways = [statistics.fmean(centred)]
    ways += [statistics.fmean(abs(r.bbox.x0 - x) for r in cell) for x in sides.starts[a]]
    ways += [statistics.fmean(abs(r.bbox.x1 - x) for r in cell) for x in sides.ends[b]]
    return min(LOOSE, min(ways) / em)


def common_start(runs: Sequence[Run], em: float) -> tuple[float, ...]:
    """Where most runs begin; () where they do not."""
    return _common([r.bbox.x0 for r in runs], em)


def common_end(runs: Sequence[Run], em: float) -> tuple[float, ...]:
    """Where most runs end; () where they do not."""
    return _common([r.bbox.x1 for r in runs], em)


def _common(places: Sequence[float], em: float) -> tuple[float, ...]:
    best = max(((sum(abs(x - o) < 0.3 * em for o in places), x) for x in places), default=(0, 0.0))
    return (best[1],) if best[0] >= max(2, 0.5 * len(places)) else ()
