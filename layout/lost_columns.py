"""A further page of an open table shows only the columns that hold print: an empty one is put back where it stood.

Where columns are implied by white, one that is blank on the last page is not seen there. The page is the same table's
when all its print falls into columns of the page before, in order, and is aligned with print of its kind there.
"""

from __future__ import annotations

from dataclasses import replace

from layout.amounts import is_figure, parse_amount
from layout.values import Cell, Span, Table

#: How far print may reach over an edge, and how far aligned print may lie off, in points.
RIM_PT, ALIGNED_PT = 5.0, 3.0
#: Columns with print that must fit; fewer fit by chance.
LEAST_FITTING = 3


def with_lost_columns(first: Table, second: Table, edges: tuple[float, ...], scale: float) -> Table | None:
    """The second table on the first one's columns, blank cells in those it lacks; None where its print does not fit.

    edges: (first.n_cols + 1,) in points along the rows; scale: points per pixel of both pages.
    """
    if not (LEAST_FITTING <= second.n_cols < first.n_cols) or second.n_header_rows or second.title or second.label:
        return None
    if second.unit or any(c.span.colspan > 1 or c.span.rowspan > 1 or _is_turned(c, scale) for c in second.cells):
        return None
    homes = [_home(first, [c for c in second.cells if c.span.col == col], edges, scale) for col in range(second.n_cols)]
    found = [home for home in homes if home is not None]
    if len(found) < second.n_cols or found != sorted(set(found)):
        return None
    lost = [col for col in range(first.n_cols) if col not in found]
    moved = [_at_home(c, found[c.span.col], lost, edges, scale) for c in second.cells]
    beside = {c.span.row: c for c in moved}
    blanks = [_blank(beside[row], col, edges, scale) for row in range(second.n_rows) for col in lost]
    return replace(second, n_cols=first.n_cols, cells=tuple(sorted((*moved, *blanks), key=lambda c: c.span)))


def _home(first: Table, column: list[Cell], edges: tuple[float, ...], scale: float) -> int | None:
    """The column of the first table into which all print of a column falls, aligned with print there."""
    printed = [c for c in column if c.words]
    for col in range(first.n_cols):
        if printed and all(_lies_within(c, edges[col], edges[col + 1], scale) for c in printed):
            body = _body_print(first, col)
            return col if all(any(_is_aligned(c, other, scale) for other in body) for c in printed) else None
    return None


def _body_print(table: Table, col: int) -> list[Cell]:
    """The cells with print of one column below the header, on the table's last page."""
    cells = (c for c in table.cells if c.words and c.page_number == table.page_numbers[-1])
    return [c for c in cells if c.span.col == col and c.span.colspan == 1 and c.span.row >= table.n_header_rows]


def _is_turned(cell: Cell, scale: float) -> bool:
    """Whether the original lies on its side or leans: places of blank cells are then not to be had by scaling."""
    return not abs(cell.bbox_pt.width - scale * cell.bbox.width) <= ALIGNED_PT


def _lies_within(cell: Cell, left: float, right: float, scale: float) -> bool:
    x0, x1 = _print(cell, scale)
    return left - RIM_PT <= x0 and x1 <= right + RIM_PT


def _is_aligned(cell: Cell, other: Cell, scale: float) -> bool:
    """Whether both are figures or both texts, with the same left, right or middle."""
    if is_figure(parse_amount(cell.text)) != is_figure(parse_amount(other.text)):
        return False
    (a0, a1), (b0, b1) = _print(cell, scale), _print(other, scale)
    return min(abs(a0 - b0), abs(a1 - b1), abs(a0 + a1 - b0 - b1) / 2) <= ALIGNED_PT


def _print(cell: Cell, scale: float) -> tuple[float, float]:
    return scale * min(w.bbox.x0 for w in cell.words), scale * max(w.bbox.x1 for w in cell.words)


def _at_home(cell: Cell, col: int, lost: list[int], edges: tuple[float, ...], scale: float) -> Cell:
    """The cell in its column, no longer reaching into a lost one beside it."""
    left = edges[col] / scale if col - 1 in lost else cell.bbox.x0
    right = edges[col + 1] / scale if col + 1 in lost else cell.bbox.x1
    return replace(_resized(cell, left, right, scale), span=_in_column(cell.span, col))


def _blank(beside: Cell, col: int, edges: tuple[float, ...], scale: float) -> Cell:
    """An empty cell of a column, as high as the one beside it in its row."""
    shape = _resized(beside, edges[col] / scale, edges[col + 1] / scale, scale)
    return Cell(_in_column(beside.span, col), beside.page_number, shape.bbox, shape.bbox_pt, "", "", 1.0)


def _resized(cell: Cell, x0: float, x1: float, scale: float) -> Cell:
    """The cell from x0 to x1 in pixels, on its page as on the original, which stands upright."""
    box_pt = cell.bbox_pt
    left = box_pt.x0 + scale * (x0 - cell.bbox.x0)
    return replace(
        cell,
        bbox=replace(cell.bbox, x0=x0, x1=x1),
        bbox_pt=replace(box_pt, x0=left, x1=left + scale * (x1 - x0)),
    )


def _in_column(span: Span, col: int) -> Span:
    return Span(span.row, col, span.row_stop, col + 1)
