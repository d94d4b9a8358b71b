"""Labels of rows left of a drawn grid that leaves their column out -> the whole table, its drawn cells kept."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from layout.areas import Area
from layout.baselines import WIDE_WHITE, bounds, find_levels, joined_runs
from layout.open_cells import grid_box
from layout.runs import Run
from layout.unruled import Lattice
from layout.values import Grid, Span
from ocr.geometry import BBox

#: Rows a grid has at least, share of them with a label each, share of the filled cells of its first column that are amounts.
ROWS, LABELLED, AMOUNTS = 5, 0.9, 0.6
#: In text heights: how far a label may stand off its row's middle, the white between labels and grid at most, and how far
#: out a label may begin.
OFF, BESIDE, LONGEST = 0.5, 12.0, 30.0


def find_outer_stub(grid: Grid, runs: Sequence[Run], free: Sequence[Run], em: float) -> list[tuple[Area, Lattice]]:
    """A drawn grid of amounts with the labels beside it, one for each row below its heads; [] for all others.

    runs: all; free: those outside of all grids.
    """
    box = grid_box(grid)
    n_head = max((s.row_stop for s in grid.spans if s.rowspan > 1 or s.colspan > 1), default=1)
    rows = list(itertools.pairwise(grid.row_edges))[n_head:]
    if len(rows) < ROWS or grid.n_cols < 2 or not _begins_with_amounts(grid, n_head, runs):
        return []
    beside = [
        r for r in free
        if box.y0 < r.y < box.y1 and box.x0 - LONGEST * em < r.bbox.x0 and r.bbox.x1 < box.x0 + 0.3 * em
    ]  # fmt: skip
    lines = [joined_runs(level.runs, WIDE_WHITE * em) for level in find_levels(beside, em)]
    if not lines or any(len(line) > 1 for line in lines):
        return []
    labels = [line[0] for line in lines]
    own = [[r for r in labels if top < r.y < bottom] for top, bottom in rows]
    middle = sum(
        len(found) == 1 and abs(found[0].y - (top + bottom) / 2) < OFF * em
        for found, (top, bottom) in zip(own, rows, strict=True)
    )
    near = max(r.bbox.x1 for r in labels) > box.x0 - BESIDE * em
    if not near or middle < LABELLED * len(rows) or any(len(found) > 1 for found in own):
        return []
    left = bounds(labels).x0 - 0.35 * em
    stub = (Span(0, 0, n_head, 1), *(Span(n_head + i, 0, n_head + i + 1, 1) for i in range(len(rows))))
    drawn = (Span(s.row, s.col + 1, s.row_stop, s.col_stop + 1) for s in grid.spans)
    area = Area(BBox(left, box.y0, box.x1, box.y1), (*beside, *(r for r in runs if box.contains(r.x, r.y))))
    return [(area, Lattice(grid.row_edges, (left, *grid.col_edges), tuple(sorted((*stub, *drawn))), n_head))]


def _begins_with_amounts(grid: Grid, n_head: int, runs: Sequence[Run]) -> bool:
    """Whether a grid's first column holds amounts below its heads, so that labels must stand elsewhere."""
    x0, x1, top = grid.col_edges[0], grid.col_edges[1], grid.row_edges[n_head]
    own = [r for r in runs if x0 < r.x < x1 and top < r.y < grid.row_edges[-1]]
    return sum(r.is_figure for r in own) >= max(2.0, AMOUNTS * len(own))
