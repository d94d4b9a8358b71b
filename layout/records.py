"""Table -> typed rows, the fields named by their header paths."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from layout.amounts import parse_amount
from layout.columns import ColumnType, column_form
from layout.headers import header_paths, plain_text
from layout.values import Cell, Field, Record, RecordBatch, RecordSchema, Table

Value = Decimal | int | str | None


def to_records(table: Table) -> RecordBatch:
    """One record per body row, one value per column.

    A decimal or integer field holds None where nothing, a dash or text is printed; ``raw`` keeps what is. A text
    merged down several rows stands in each of them, a figure merged down in its first row only (it must not be added
    twice); a cell merged across columns counts for its first column. Two header paths alike get #2, #3 behind.
    """
    schema = _schema(table)
    slots = table.slot_cells()
    records = []
    for row in range(table.n_header_rows, table.n_rows):
        cells = [slots[row, col] for col in range(table.n_cols)]
        values = tuple(_value(c, row, col, schema.fields[col].type) for col, c in enumerate(cells))
        raw = tuple(c.text if c.span.col == col else "" for col, c in enumerate(cells))
        records.append(Record(row, values, raw, tuple((c.span.row, c.span.col) for c in cells)))
    return RecordBatch(schema, tuple(records))


def body_texts(table: Table, col: int) -> tuple[str, ...]:
    """The texts of a column's body cells that stand in this column alone, top down."""
    return tuple(
        c.text
        for c in sorted(table.cells, key=lambda c: c.span)
        if c.span.col == col and c.span.colspan == 1 and c.span.row >= table.n_header_rows
    )


def _schema(table: Table) -> RecordSchema:
    paths = header_paths(table)
    seen: Counter[str] = Counter()
    fields = []
    for col, path in enumerate(paths):
        name = "/".join(path) or f"column {col + 1}"
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name}#{seen[name]}"
        fields.append(Field(unique, column_form(body_texts(table, col), name).type.value, path))
    return RecordSchema(tuple(fields))


def _value(cell: Cell, row: int, col: int, kind: str) -> Value:
    if cell.span.col != col:
        return None
    if kind == ColumnType.TEXT:
        return plain_text(cell.text) or None
    amount = parse_amount(cell.text)
    if amount.value is None or cell.span.row != row:
        return None
    return int(amount.value) if kind == ColumnType.INTEGER and amount.decimals == 0 else amount.value
