"""Drawn grids in which some columns are ruled and others are not -> the whole table, its drawn edges kept.

Rulings part the stub from the figures, or groups of columns, and white parts the columns in between: figures that stand
side by side in one drawn column, line after line, are columns of their own; so are labels and figures where all drawn
columns hold such lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from layout.areas import Area
from layout.baselines import WIDE_WHITE, find_levels, joined_runs
from layout.caption_words import is_note
from layout.gutters import find_columns
from layout.open_cells import grid_box
from layout.runs import Run
from layout.values import Grid
from ocr.geometry import BBox

#: Lines on which figures stand side by side in one drawn column, at least, and the share of its lines of figures that do.
LINES, SHARE = 3, 0.75
#: Lines of a label and a figure in each drawn column, at least: shorter ones are lists in the cells of a form.
LIST_LINES = 6


def find_open_columns(grid: Grid, runs: Sequence[Run], em: float) -> tuple[Area, ...]:
    """The area of a drawn grid that has a column of several columns of figures; () for all others."""
    box = _without_note(grid, runs, em)
    inside = tuple(r for r in runs if box.contains(r.x, r.y))
    drawn = [(x0, x1, [r for r in inside if x0 < r.x < x1]) for x0, x1 in itertools.pairwise(grid.col_edges)]
    groups = len(drawn) > 1 and all(_holds_labels_and_figures(runs, em) for _, _, runs in drawn)
    if not groups and not any(_is_open(runs, x0, x1, em) for x0, x1, runs in drawn):
        return ()
    return (Area(box, inside, _flat_sides(grid), grid.col_edges[1:-1]),)


def _without_note(grid: Grid, runs: Sequence[Run], em: float) -> BBox:
    """The box of a grid's cells, less a note (Source: ...) at its foot, to which upright rulings reach down."""
    box = grid_box(grid)
    levels = list(find_levels([r for r in runs if box.contains(r.x, r.y)], em))
    lines = [joined_runs(level.runs, WIDE_WHITE * em) for level in levels]
    if len(lines) < 2 or len(lines[-1]) > 1 or not is_note(lines[-1][0].text):
        return box
    high, low = levels[-2].bottom, levels[-1].top
    drawn = [y for y in grid.row_edges[1:-1] if high - 3 <= y <= low + 3]
    return replace(box, y1=drawn[-1] if drawn else (high + low) / 2)


def _is_open(runs: Sequence[Run], x0: float, x1: float, em: float) -> bool:
    """Whether most lines of figures between two edges hold several, with a common white between them."""
    own = [r for r in runs if x0 - 0.3 * em <= r.bbox.x0 and r.bbox.x1 <= x1 + 0.3 * em]
    levels = [level for level in find_levels(own, em) if any(r.is_figure for r in level.runs)]
    lines = [joined_runs(level.runs, WIDE_WHITE * em) for level in levels]
    several = [line for line in lines if sum(r.is_figure for r in line) > 1]
    if len(several) < max(LINES, SHARE * len(lines)):
        return False
    columns = find_columns(levels, em)
    return len(columns) > 1 and all(c.is_figures for c in columns)


def _holds_labels_and_figures(runs: Sequence[Run], em: float) -> bool:
    """Whether nearly all lines between two edges are a label and one figure, with a common white between them."""
    levels = find_levels(runs, em)
    lines = [joined_runs(level.runs, WIDE_WHITE * em) for level in levels]
    rows = [i for i, line in enumerate(lines) if [r.is_figure for r in line] == [False, True]]
    if len(rows) < max(LIST_LINES, SHARE * len(lines)):
        return False
    columns = find_columns([levels[i] for i in rows], em)
    return len(columns) > 1 and columns[-1].is_figures


def _flat_sides(grid: Grid) -> tuple[tuple[float, float, float], ...]:
    boxes: list[BBox] = [grid.span_bbox(i) for i in range(len(grid.spans))]
    return tuple(sorted({(y, b.x0, b.x1) for b in boxes for y in (b.y0, b.y1)}))
