"""A further page of an open table shows only the columns that hold print: an empty one is put back where it stood.

Where columns are implied by white, one that is blank on the last page is not seen there. The page is the same table's
when all its print falls into columns of the page before, in order, and is aligned with print of its kind there; scanned
pages may lie shifted against each other.
"""

from __future__ import annotations

import statistics
from dataclasses import replace

from layout.amounts import is_figure, parse_amount
from layout.values import Cell, Span, Table

#: How far print may reach over an edge, how far aligned print may lie off, and how far a page as a whole, in points.
RIM_PT, ALIGNED_PT, SHIFTED_PT = 5.0, 3.0, 15.0
#: Columns with print that must fit; fewer fit by chance.
LEAST_FITTING = 3


def with_lost_columns(first: Table, second: Table, edges: tuple[float, ...], scale: float) -> Table | None:
    """The second table on the first one's columns, blank cells in those it lacks; None where its print does not fit.
    A tentative one may lack none.

    edges: (first.n_cols + 1,) in points along the rows; scale: points per pixel of both pages.
    """
    most = first.n_cols if second.tentative else first.n_cols - 1
    if not LEAST_FITTING <= second.n_cols <= most or second.n_header_rows or second.title or second.label:
        return None
    if second.unit or any(c.span.colspan > 1 or c.span.rowspan > 1 or _is_turned(c, scale) for c in second.cells):
        return None
    for shift in _shifts(first, second, scale):
        found = _homes(first, second, edges, scale, shift)
        if found:
            return _on_columns(first, second, found, tuple(x - shift for x in edges), scale)
    return None


def _shifts(first: Table, second: Table, scale: float) -> list[float]:
    """How far in points the second page may lie to the left of the first: not at all, or as its outer print says."""
    shifts = [0.0]
    for col, other, side in ((0, 0, 0), (first.n_cols - 1, second.n_cols - 1, 1)):
        ours = [_print(c, scale)[side] for c in _body_print(first, col)]
        theirs = [_print(c, scale)[side] for c in second.cells if c.words and c.span.col == other]
        if ours and theirs:
            shifts.append(statistics.median(ours) - statistics.median(theirs))
    return [shift for shift in shifts if abs(shift) <= SHIFTED_PT]


def _homes(first: Table, second: Table, edges: tuple[float, ...], scale: float, shift: float) -> list[int]:
    """The first table's column of each of the second's, ascending; [] where one has none."""
    homes = [
        _home(first, [c for c in second.cells if c.span.col == col], edges, scale, shift)
        for col in range(second.n_cols)
    ]
    found = [home for home in homes if home is not None]
    return found if len(found) == second.n_cols and found == sorted(set(found)) else []


def _on_columns(first: Table, second: Table, homes: list[int], edges: tuple[float, ...], scale: float) -> Table:
    """The second table's cells in the columns that are their homes, blank cells in the others. edges: on its page."""
    lost = [col for col in range(first.n_cols) if col not in homes]
    moved = [_at_home(c, homes[c.span.col], lost, edges, scale) for c in second.cells]
    beside = {c.span.row: c for c in moved}
    blanks = [_blank(beside[row], col, edges, scale) for row in range(second.n_rows) for col in lost]
    return replace(second, n_cols=first.n_cols, cells=tuple(sorted((*moved, *blanks), key=lambda c: c.span)))


def _home(first: Table, column: list[Cell], edges: tuple[float, ...], scale: float, shift: float) -> int | None:
    """The column of the first table into which all print of a column falls, aligned with print there."""
    printed = [c for c in column if c.words]
    for col in range(first.n_cols):
        if printed and all(_lies_within(c, edges[col] - shift, edges[col + 1] - shift, scale) for c in printed):
            body = _body_print(first, col)
            return col if all(any(_is_aligned(c, other, scale, shift) for other in body) for c in printed) else None
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


def _is_aligned(cell: Cell, other: Cell, scale: float, shift: float) -> bool:
    """Whether both are figures or both texts, with the same left, right or middle once the cell is shifted."""
    if is_figure(parse_amount(cell.text)) != is_figure(parse_amount(other.text)):
        return False
    (a0, a1), (b0, b1) = _print(cell, scale), _print(other, scale)
    a0, a1 = a0 + shift, a1 + shift
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
