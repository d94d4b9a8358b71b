"""Forms -> records: each indicator with its levels, sign, target, unit and weight, and the head of its form.

Heads and cells do not always stand in the same order (a head 指标性质 over a column of weights): where the column under
the head of signs holds none, the columns are told by what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from expectations.catalogue.loader import Catalogue, load_catalogue
from expectations.forms import value_of
from expectations.kinds import catalogue_of
from expectations.values import CellRef, DocumentTables, IndicatorRecord
from expectations.words import normalise
from layout.amounts import parse_amount
from layout.values import Cell, Table

Rules = Mapping[str, Any]
_VALUES = ("sign", "target", "unit", "weight")


def read_indicators(
    document: DocumentTables, kinds: tuple[str, ...], catalogue: Catalogue | None = None
) -> tuple[IndicatorRecord, ...]:
    """One record per indicator of every form, in order of place."""
    catalogue = catalogue or catalogue_of(document)
    return tuple(
        record
        for index, (table, kind) in enumerate(zip(document.tables, kinds, strict=True))
        if catalogue.forms and (rule := catalogue.kind(kind)) is not None and rule.is_form
        for record in _of_form(index, kind, table, catalogue.forms)
    )


def indicators_of(document: DocumentTables, kinds: tuple[str, ...], disclosure: str) -> tuple[IndicatorRecord, ...]:
    """The same by the name of the disclosure."""
    return read_indicators(document, kinds, load_catalogue(disclosure))


def _of_form(index: int, kind: str, table: Table, rules: Rules) -> Iterator[IndicatorRecord]:
    found = _columns(table, rules)
    if found is None:
        return
    head_row, columns = found
    slots = table.slot_cells()
    head = {name: _field(table, words) for name, words in rules["fields"].items()}
    total = value_of(table, rules["fields"]["total"])
    for row in range(head_row + 1, table.n_rows):
        texts = {name: _line(slots[row, col]) for name, col in columns.items()}
        cell = slots[row, columns["name"]]
        if not texts["name"] or cell.span.row != row:
            continue
        yield IndicatorRecord(
            cell=CellRef(index, cell.span.row, cell.span.col),
            table_kind=kind,
            project=head["project"],
            department=head["department"],
            unit_name=head["unit_name"],
            total=parse_amount(total.text).value if total else None,
            goal=head["goal"],
            level1=texts.get("level1", ""),
            level2=texts.get("level2", ""),
            name=texts["name"],
            sign=rules["signs"].get(normalise(texts.get("sign", "")), texts.get("sign", "")),
            target=texts.get("target", ""),
            unit=texts.get("unit", ""),
            weight=parse_amount(texts.get("weight", "")).value,
            page_number=cell.page_number,
            bbox_pt=cell.bbox_pt,
        )


def _field(table: Table, words: list[str]) -> str:
    cell = value_of(table, words)
    return _line(cell) if cell is not None else ""


def _columns(table: Table, rules: Rules) -> tuple[int, dict[str, int]] | None:
    """(row of the list's head, what a column is -> its index); None when no row heads names, targets and weights."""
    for row in range(table.n_rows):
        heads = {normalise(c.text): c.span.col for c in table.cells if c.span.row == row and c.text.strip()}
        columns = {name: col for name, words in rules["columns"].items() if (col := _head(heads, words)) is not None}
        if "name" in columns and len(columns.keys() & {*_VALUES}) >= 2:
            return row, _by_content(table, row, columns, rules)
    return None


def _head(heads: Mapping[str, int], words: list[str]) -> int | None:
    exact = (heads[w] for w in words if w in heads)
    # A head may go on with a unit in brackets, but not with more words.
    begun = (col for w in words for head, col in heads.items() if head.startswith(f"{w}("))
    return next(exact, next(begun, None))


def _by_content(table: Table, row: int, columns: dict[str, int], rules: Rules) -> dict[str, int]:
    """The columns as headed, or where signs stand under another head, as their cells say."""
    mine = [name for name in _VALUES if name in columns]
    below = {columns[name]: _below(table, row, columns[name]) for name in mine}
    signs = {col: sum(t in rules["signs"] for t in texts) for col, texts in below.items()}
    best = max(signs, key=lambda col: signs[col], default=-1)
    if "sign" not in columns or signs[columns["sign"]] * 2 >= len(below[columns["sign"]]) or not signs.get(best, 0):
        return columns
    rest = [col for col in below if col != best]
    numbers = {col: [parse_amount(t).value for t in below[col]] for col in rest}
    sums = {col: sum((v for v in values if v is not None), Decimal(0)) for col, values in numbers.items()}
    weight = next((col for col in reversed(rest) if sums[col] in (100, 90)), None)
    numeric = [col for col in rest if col != weight and sum(v is not None for v in numbers[col]) * 2 > len(below[col])]
    told = {"sign": best} | ({"weight": weight} if weight is not None else {})
    told |= {"target": numeric[0]} if numeric else {}
    left = [col for col in rest if col not in told.values()]
    told |= {"unit": left[0]} if left else {}
    return {name: col for name, col in columns.items() if name not in _VALUES} | told


def _below(table: Table, row: int, col: int) -> list[str]:
    cells = sorted((c for c in table.cells if c.span.row > row and c.span.col == col), key=lambda c: c.span.row)
    return [normalise(c.text) for c in cells if c.text.strip()]


def _line(cell: Cell) -> str:
    return " ".join(cell.text.split())
