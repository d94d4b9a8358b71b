"""Drawn grids -> areas in them that lost their rulings: the body under a ruled header, rows without rules between, heads
on a fill that are parted by nothing but their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from layout.areas import Area
from layout.baselines import Level, find_levels, joined_runs
from layout.caption_words import is_note
from layout.header_tree import Rule
from layout.headers import is_total_label
from layout.leaning import moved
from layout.rows_by_white import rows_by_white
from layout.runs import Run
from layout.values import Grid
from ocr.geometry import BBox

#: Columns a drawn grid must have, and lines of amounts that stand in one cell, to say that rows are not ruled.
LEAST_COLUMNS, STACKED = 3, 3
#: Share of the columns that heads in one cell must reach.
HEADED = 0.6
#: Digits of a head without letters, at most.
LONGEST_YEAR = 4
#: Rows that heads have at most; in text heights: highest white within a body, and between it and its heads.
MOST_HEAD_ROWS, HIGHEST_WHITE, FIRST_WHITE = 4, 3.2, 2.2
#: Share of a table's width that a line of running text fills.
RUNS_ON = 0.6
#: Most that columns below ruled heads lean on a photographed page, width by height; steps tried to either side.
MOST_LEAN, LEAN_STEPS = 0.036, 6


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
        stacked = len(own) > 1 and _stacks(inside, boxes, em) >= 2
        whites = () if whole or stacked else rows_by_white(inside, boxes, em)
        if whole or stacked or whites:
            kept = edges if whole else tuple(b.x1 for b in sorted(boxes, key=lambda b: b.x0)[:-1])
            rules = tuple((y, box.x0, box.x1) for y in whites)
            areas.append(Area(box, inside, rules, kept, is_body=True))
    return tuple(areas)


def find_hanging_body(grid: Grid, runs: Sequence[Run], free: Sequence[Run], em: float) -> tuple[Area, ...]:
    """The rows without rulings right below a grid of heads only, on the grid's columns; where these do not part its
    heads (a fill, strokes of light type on it), the heads and the rows together.

    runs: all; free: those outside of all grids.
    """
    box = grid_box(grid)
    heads = tuple(r for r in runs if box.contains(r.x, r.y))
    if grid.n_rows > MOST_HEAD_ROWS or any(r.is_figure for r in heads):
        return ()
    edges = grid.col_edges[1:-1]
    levels, aside = levels_below(box, free, em, edges), 0.0
    parted = _parts_its_heads(grid, heads, em)
    own = [r for level in levels for r in level.runs]
    if own and parted and not _keeps_clear(own, edges, em):
        levels, aside = _upright_below(box, free, em, edges)
    elif own and parted and _crossing(own, edges, em):
        aside = min(_leans(), key=lambda lean: _crossing(_upright(own, box, lean), edges, em))
        levels = levels_below(box, _upright(free, box, aside), em, edges)
    inside = tuple(r for level in levels for r in level.runs)
    bottom = max((level.bottom for level in levels), default=box.y1) + 0.35 * em
    if parted:
        below = BBox(box.x0, box.y1, box.x1, bottom)
        clear = bool(levels) and _keeps_clear(inside, edges, em)
        return (Area(below, inside, (), edges, is_body=True, aside=aside),) if clear else ()
    whole = BBox(box.x0, box.y0, box.x1, bottom)
    return (Area(whole, (*heads, *inside), ((box.y0, box.x0, box.x1), (box.y1, box.x0, box.x1))),) if levels else ()


def _upright_below(box: BBox, free: Sequence[Run], em: float, edges: Sequence[float]) -> tuple[list[Level], float]:
    """The lines below a box of heads moved sideways by the lean at which the fewest lie across the heads' columns, and it."""
    tried = []
    for aside in _leans():
        levels = levels_below(box, _upright(free, box, aside), em, edges)
        tried.append((_crossing([r for level in levels for r in level.runs], edges, em), levels, aside))
    return min(tried, key=lambda one: one[0] - sum(len(level.runs) for level in one[1]))[1:]


def _leans() -> list[float]:
    """Leans of columns that are tried, the least first."""
    return [MOST_LEAN * k / LEAN_STEPS for k in sorted(range(-LEAN_STEPS, LEAN_STEPS + 1), key=abs)]


def _upright(runs: Sequence[Run], box: BBox, aside: float) -> list[Run]:
    """Runs below a box moved sideways, so that columns with a lean stand upright."""
    return [moved(r, -aside * (r.y - box.y1)) for r in runs]


def grid_box(grid: Grid) -> BBox:
    """The box around a grid's cells; its region may reach on to where the last rulings end."""
    boxes = [grid.span_bbox(i) for i in range(len(grid.spans))]
    return BBox(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def levels_below(box: BBox, runs: Sequence[Run], em: float, edges: Sequence[float] = ()) -> list[Level]:
    """The lines that follow on a box of heads as its body: two at least that hold several things, or []. edges: between
    its columns, where they are known; two lines of running text on end, in columns of their own, are no more of it.
    """
    beside = [r for r in runs if box.x0 - em < r.bbox.x0 and r.bbox.x1 < box.x1 + em and r.y > box.y1]
    levels: list[Level] = []
    bottom = box.y1
    for level in find_levels(beside, em):
        white = level.top - bottom
        if white > (HIGHEST_WHITE if levels else FIRST_WHITE) * em or _is_note(joined_runs(level.runs, 0.9 * em), box):
            break
        levels.append(level)
        bottom = max(bottom, level.bottom)
        if len(levels) > 1 and all(_runs_on(last, box, edges, em) for last in levels[-2:]):
            levels = levels[:-2]
            break
    many = [level for level in levels if len(joined_runs(level.runs, 0.9 * em)) > 1]
    figures = sum(r.is_figure for level in many for r in level.runs)
    total = any(is_total_label(r.text) for level in levels for r in level.runs)
    return levels if total or figures >= 2 else []


def _runs_on(level: Level, box: BBox, edges: Sequence[float], em: float) -> bool:
    """Whether a line fills the box with text that lies across the edges of columns throughout."""
    line = joined_runs(level.runs, 0.9 * em)
    across = all(any(r.bbox.x0 + em < x < r.bbox.x1 - em for x in edges) and not r.is_figure for r in line)
    return across and sum(r.bbox.width for r in line) > RUNS_ON * box.width


def _parts_its_heads(grid: Grid, heads: Sequence[Run], em: float) -> bool:
    """Whether a grid's columns keep its heads apart and cut none of them."""
    if grid.n_cols < 2:
        return False
    boxes = [grid.span_bbox(i) for i in range(len(grid.spans))]
    own = [[r for r in heads if b.contains(r.x, r.y)] for b in boxes]
    apart = any(len(joined_runs(level.runs, 1.2 * em)) > 1 for cell in own for level in find_levels(cell, em))
    cut = any(
        r.bbox.x0 + 0.4 * em < b.x1 < r.bbox.x1 - 0.4 * em for b, cell in zip(boxes, own, strict=True) for r in cell
    )
    return not apart and not cut


def _is_note(line: Sequence[Run], box: BBox) -> bool:
    """Whether a line is running text or a remark."""
    return len(line) == 1 and (line[0].bbox.x1 - line[0].bbox.x0 > 0.6 * box.width or is_note(line[0].text))


def find_open_heads(grid: Grid, runs: Sequence[Run], em: float) -> tuple[Area, ...]:
    """The rows above a drawn grid's first row of all columns, where one of their cells holds heads of several columns."""
    n = _n_head_rows(grid, runs)
    upper = [i for i, s in enumerate(grid.spans) if s.row < n]
    if grid.n_cols < LEAST_COLUMNS or not upper or any(grid.spans[i].row_stop > n for i in upper):
        return ()
    boxes = {i: grid.span_bbox(i) for i in upper}
    inside = tuple(r for r in runs if any(b.contains(r.x, r.y) for b in boxes.values()))
    if not any(_stands_apart([r for r in inside if boxes[i].contains(r.x, r.y)], grid, i, em) for i in upper):
        return ()
    box = BBox(
        grid.region.bbox.x0, min(b.y0 for b in boxes.values()),
        grid.region.bbox.x1, max(b.y1 for b in boxes.values()),
    )  # fmt: skip
    parted = tuple(part for run in inside for part in _parts(run, grid.col_edges[1:-1]))
    return (Area(box, parted, _sides_of(boxes.values()), grid.col_edges[1:-1], is_head=True),)


def _n_head_rows(grid: Grid, runs: Sequence[Run]) -> int:
    """Rows above the first one that has a cell in every column, or an amount; 0 when there is none such."""
    for row in range(grid.n_rows):
        own = [i for i, s in enumerate(grid.spans) if s.row <= row < s.row_stop]
        boxes = [grid.span_bbox(i) for i in own]
        if len(own) == grid.n_cols or any(r.is_figure for r in runs for b in boxes if b.contains(r.x, r.y)):
            return row
    return 0


def _parts(run: Run, edges: Sequence[float]) -> list[Run]:
    """A run that white parts near a column's edge as two: heads of narrow columns stand close together."""
    left, _, right = run.text.partition(" ")
    near = [x for x in edges if run.bbox.x0 + run.em < x < run.bbox.x1 - run.em]
    if not right or len(near) != 1:
        return [run]
    box, x, margin = run.bbox, near[0], 0.4 * run.em  # white enough to stay apart
    return [
        replace(run, text=left, bbox=BBox(box.x0, box.y0, x - margin, box.y1)),
        replace(run, text=right.strip(), bbox=BBox(x + margin, box.y0, box.x1, box.y1)),
    ]


def _stands_apart(runs: Sequence[Run], grid: Grid, span_index: int, em: float) -> bool:
    """Whether a cell over several columns holds several runs on one line, each in the columns of its own."""
    span = grid.spans[span_index]
    edges = grid.col_edges[span.col + 1 : span.col_stop]
    if not edges or any(r.is_figure or _is_number(r.text) for r in runs):
        return False
    lines = [joined_runs(level.runs, 0.9 * em) for level in find_levels(runs, em)]
    beside = any(len({_slot(r, edges) for r in line}) > 1 for line in lines)
    reached = {sum(x <= at for x in edges) for line in lines for r in line for at in (r.bbox.x0, r.x, r.bbox.x1)}
    return beside and len(reached) >= HEADED * (len(edges) + 1)


def _is_number(text: str) -> bool:
    """Whether a text is a long number of whatever form, as of telephones: a value of a form and no head."""
    return sum(c.isdigit() for c in text) > LONGEST_YEAR and not any(c.isalpha() for c in text)


def _slot(run: Run, edges: Sequence[float]) -> int:
    return sum(x <= run.x for x in edges)


def _sides_of(boxes: Iterable[BBox]) -> tuple[Rule, ...]:
    return tuple(sorted({(b.y1, b.x0, b.x1) for b in boxes}))


def _holds_columns(runs: Sequence[Run], edges: Sequence[float], em: float) -> bool:
    """Whether runs keep clear of the edges that the rows above or below have, and several stand side by side."""
    lines = [joined_runs(level.runs, 0.9 * em) for level in find_levels(runs, em)]
    beside = [line for line in lines if len(line) > 1]
    n_figures = sum(r.is_figure for line in beside for r in line)
    return bool(beside) and n_figures >= 2 and _keeps_clear(runs, edges, em)


def _keeps_clear(runs: Sequence[Run], edges: Sequence[float], em: float) -> bool:
    """Whether hardly any run lies across an edge, but for labels of totals."""
    return _crossing(runs, edges, em) <= 0.1 * len(runs)


def _crossing(runs: Sequence[Run], edges: Sequence[float], em: float) -> int:
    """How often a run, but for labels of totals, lies across an edge."""
    return sum(r.bbox.x0 + 0.3 * em < x < r.bbox.x1 - 0.3 * em
               for r in runs if not is_total_label(r.text) for x in edges)  # fmt: skip


def _stacks(runs: Sequence[Run], boxes: Sequence[BBox], em: float) -> int:
    """In how many cells amounts stand one below the other, on lines of nothing else: shares behind names are a list."""
    own = ([r for r in runs if b.contains(r.x, r.y)] for b in boxes)
    lines = ((level.runs for level in find_levels(inside, em)) for inside in own)
    return sum(sum(all(run.is_figure for run in line) for line in cell) >= STACKED for cell in lines)
