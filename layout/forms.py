"""Labels of a form: label | value | label | value rows, row labels merged downwards, and small tables inside."""

from __future__ import annotations

from layout.amounts import parse_amount
from layout.values import Blankness, Cell, Role, Table

# A label names something; what runs on longer, or holds digits, is more likely a value.
_LONGEST_LABEL = 14


def form_labels(table: Table) -> dict[Cell, Role]:
    """The cells of a form that are labels: row_header, or column_header for the head of a table inside the form."""
    labels: dict[Cell, Role] = {}
    inner: tuple[tuple[int, int], ...] | None = None
    for row in range(table.n_rows):
        cells = _starting(table, row)
        merged = [c for c in cells[:1] if c.span.rowspan > 1 and _is_label(c)]
        rest = cells[len(merged) :]
        if inner is not None and _within(cells, inner):
            continue
        labels |= dict.fromkeys(merged, Role.ROW_HEADER)
        inner = None
        if _is_inner_head(table, row, rest):
            labels |= dict.fromkeys(rest, Role.COLUMN_HEADER)
            inner = tuple((c.span.col, c.span.col_stop) for c in rest)
        else:
            labels |= dict.fromkeys(_alternating(rest), Role.ROW_HEADER)
    return labels


def _starting(table: Table, row: int) -> list[Cell]:
    return sorted((c for c in table.cells if c.span.row == row), key=lambda c: c.span.col)


def _is_label(cell: Cell) -> bool:
    text = "".join(cell.text.split())
    if text.endswith((":", "：")):
        return True
    short = 0 < len(text) <= _LONGEST_LABEL and not any(ch.isdigit() for ch in text)
    return short and parse_amount(text).kind is Blankness.TEXT


def _alternating(cells: list[Cell]) -> list[Cell]:
    """Labels at even places, each before its value; a text that ends with a colon is one anywhere."""
    labels, expect_label = [], True
    for cell in cells:
        is_label = _is_label(cell) and (expect_label or cell.text.rstrip().endswith((":", "：")))
        labels += [cell] if is_label else []
        expect_label = not is_label
    return labels


def _is_inner_head(table: Table, row: int, cells: list[Cell]) -> bool:
    """Three labels or more in a row, over rows that keep to the same columns."""
    if len(cells) < 3 or not all(map(_is_label, cells)):
        return False
    below = [_starting(table, r) for r in range(row + 1, min(row + 3, table.n_rows))]
    columns = tuple((c.span.col, c.span.col_stop) for c in cells)
    return bool(below) and all(_within(found, columns) for found in below if found)


def _within(cells: list[Cell], columns: tuple[tuple[int, int], ...]) -> bool:
    return bool(cells) and all((c.span.col, c.span.col_stop) in columns for c in cells)
