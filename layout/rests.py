"""A line or two of print at the head of a page: tentatively the last rows of the table on the page before.

Alone they show no table: their columns are those of the page before, and only joining the pages tells whether they fit. Heads
above them are that table's, printed again, or it is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layout.areas import Area
from layout.baselines import WIDE_WHITE, bounds, find_levels, joined_runs
from layout.runs import Run
from layout.text_areas import find_stretches
from layout.unruled import Lattice, read_lattice

#: Things side by side in a row at least, amounts among them, and rows at most.
THINGS, AMOUNTS, ROWS = 3, 1, 3
#: In text heights: how much of the page is its head.
HEAD = 16.0
#: The same: white around its print at the sides, half of that above and below.
SIDES = 0.35


def find_rest(runs: Sequence[Run], em: float, top: float) -> tuple[Area, Lattice] | None:
    """The first lines of several things on a page with their lattice, or None where nothing there may be rows of amounts.

    runs: free print. top: where the first table of the page begins, px.
    """
    first = min((r.y for r in runs), default=0.0)
    levels = find_levels([r for r in runs if r.y < first + HEAD * em], em)
    found = next(find_stretches(levels, em), None) if levels else None
    if found is None:
        return None
    start, stop = found
    inside = tuple(r for level in levels[start:stop] for r in level.runs)
    things = max(len(joined_runs(level.runs, WIDE_WHITE * em)) for level in levels[start:stop])
    amounts = max(sum(r.is_figure for r in level.runs) for level in levels[start:stop])
    above = [joined_runs(level.runs, WIDE_WHITE * em) for level in levels[:start]]
    if things < THINGS or amounts < AMOUNTS or any(len(line) > 1 for line in above) or bounds(inside).y1 > top:
        return None
    box = bounds(inside).grown(SIDES * em)
    area = Area(replace(box, y0=box.y0 - SIDES * em, y1=box.y1 + SIDES * em), inside)
    lattice = read_lattice(area)
    if lattice is None or len(lattice.col_edges) - 1 < THINGS:
        return None
    return (area, lattice) if len(lattice.row_edges) - 1 - lattice.n_header_rows <= ROWS else None
