"""Slots of a lattice in which no text can stand are no cells: white between a cell's sides and the grid nested in it, or
between the strokes of a wide double ruling.

    ┌───────────┐      ┌─────┬─────┐
    │ ┌───┬───┐ │      │     │     │
    │ ├───┼───┤ │  ->  ├─────┼─────┤      the inner grid's cells are cells of the outer lattice
    │ └───┴───┘ │      │     │     │
    └───────────┘      └─────┴─────┘
"""

from __future__ import annotations

from dataclasses import replace

from layout.separators import Floats
from layout.values import Grid, Span

#: In text heights: the lesser side of a cell that can hold text.
LEAST_CELL = 0.6


def without_thin(grid: Grid, words: Floats, em: float) -> Grid:
    """The grid less the rows and columns that are thinner than text, where everything that stands in them alone is blank.

    words: (n, 4) boxes. Such a slot goes to the one beside it on whose side nothing but thin spans ends at the edge
    between them. Cells keep their boxes. Where most spans are thin it is a hatching and left as it is.
    """
    boxes = [grid.span_bbox(i) for i in range(len(grid.spans))]
    x, y = (words[:, 0] + words[:, 2]) / 2, (words[:, 1] + words[:, 3]) / 2
    thin = {
        span
        for span, box in zip(grid.spans, boxes, strict=True)
        if min(box.width, box.height) < LEAST_CELL * em
        and not ((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)).any()
    }
    if not thin or 2 * len(thin) > len(boxes):
        return grid
    for rows in (True, False):
        n = grid.n_rows if rows else grid.n_cols
        for slot in range(n - 1, -1, -1):
            if any(_reach(s, rows) == (slot, slot + 1) for s in thin):
                grid, thin = _dropped(grid, slot, rows, thin)
    return grid


def _reach(span: Span, rows: bool) -> tuple[int, int]:
    return (span.row, span.row_stop) if rows else (span.col, span.col_stop)


def _dropped(grid: Grid, slot: int, rows: bool, thin: set[Span]) -> tuple[Grid, set[Span]]:
    """The grid with a slot given to the one after or before it, and the thin spans left; unchanged where neither can take it."""
    n = grid.n_rows if rows else grid.n_cols
    alone = {s for s in thin if _reach(s, rows) == (slot, slot + 1)}
    ends = [s for s in grid.spans if _reach(s, rows)[1] == slot + 1]
    begins = [s for s in grid.spans if _reach(s, rows)[0] == slot]
    edge = next(
        (e for e, own in ((slot + 1, ends), (slot, begins)) if 0 < e < n and all(s in alone for s in own)), None
    )
    if edge is None:
        return grid, thin
    kept = [(i, s) for i, s in enumerate(grid.spans) if s not in alone]
    # what began behind the dropped edge, or ended before it, takes the slot
    moved = sorted((_without_edge(s, edge, rows), i) for i, s in kept)
    edges = tuple(e for i, e in enumerate(grid.row_edges if rows else grid.col_edges) if i != edge)
    boxes = tuple(grid.span_bbox(i) for _, i in moved)
    spans = tuple(s for s, _ in moved)
    left = {_without_edge(s, edge, rows) for s in thin - alone}
    if rows:
        return replace(grid, spans=spans, cell_boxes=boxes, row_edges=edges), left
    return replace(grid, spans=spans, cell_boxes=boxes, col_edges=edges), left


def _without_edge(span: Span, edge: int, rows: bool) -> Span:
    row, col, row_stop, col_stop = span.row, span.col, span.row_stop, span.col_stop
    if rows:
        return Span(row - (row >= edge), col, row_stop - (row_stop > edge), col_stop)
    return Span(row, col - (col >= edge), row_stop, col_stop - (col_stop > edge))
