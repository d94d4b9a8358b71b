"""Drawn grids -> areas in them that lost their rulings: the body under a ruled header, rows without rules between."""

from __future__ import annotations

from collections.abc import Sequence

from layout.areas import Area
from layout.baselines import find_levels, joined_runs
from layout.runs import Run
from layout.values import Grid
from ocr.geometry import BBox

#: Columns a drawn grid must have, and lines of amounts that stand in one cell, to say that rows are not ruled.
LEAST_COLUMNS, STACKED = 3, 3


def find_open_cells(grid: Grid, runs: Sequence[Run], em: float) -> tuple[Area, ...]:
    """Rows of a drawn grid in which no ruling parts what stands apart. A grid with all its rulings has none."""
    areas: list[Area] = []
    for row in range(grid.n_rows):
        own = [i for i, s in enumerate(grid.spans) if s.row <= row < s.row_stop]
        if any(grid.spans[i].rowspan > 1 for i in own):
            continue
        boxes = [grid.span_bbox(i) for i in own]
        box = BBox(
            min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
        )
        inside = tuple(r for r in runs if box.contains(r.x, r.y))
        edges = grid.col_edges[1:-1]
        whole = len(own) == 1 and grid.n_cols >= LEAST_COLUMNS and _holds_columns(inside, edges, em)
        if whole or (len(own) > 1 and _stacks(inside, boxes, em) >= 2):
            kept = edges if whole else tuple(b.x1 for b in sorted(boxes, key=lambda b: b.x0)[:-1])
            areas.append(Area(box, inside, (), kept, is_body=True))
    return tuple(areas)


def _holds_columns(runs: Sequence[Run], edges: Sequence[float], em: float) -> bool:
    """Whether runs keep clear of the edges that the rows above or below have, and several stand side by side."""
    lines = [joined_runs(level.runs, 0.9 * em) for level in find_levels(runs, em)]
    beside = [line for line in lines if len(line) > 1]
    crossing = sum(r.bbox.x0 + 0.3 * em < x < r.bbox.x1 - 0.3 * em for line in lines for r in line for x in edges)
    n_figures = sum(r.is_figure for line in beside for r in line)
    return bool(beside) and n_figures >= 2 and crossing <= 0.1 * len(runs)


def _stacks(runs: Sequence[Run], boxes: Sequence[BBox], em: float) -> int:
    """In how many cells amounts stand one below the other."""
    return sum(
        len({round(r.y / (0.5 * em)) for r in runs if r.is_figure and b.contains(r.x, r.y)}) >= STACKED for b in boxes
    )
