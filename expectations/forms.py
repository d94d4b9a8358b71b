"""Forms (绩效目标): labelled values and the list of indicators inside, and the identities that hold in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from expectations.between import figure_at, figures_of
from expectations.figures import Figure, TableFigures
from expectations.relations import Operand, Relation, operand
from expectations.values import CellRef
from expectations.words import holds_word, normalise
from layout.amounts import parse_amount
from layout.values import Blankness, Cell, Table

Entry = Mapping[str, Any]
_NUMBER_BEFORE = re.compile(r"^[0-9a-z]{6,}[-—_]+")
_LONG_NAME = 4


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and the cell to its right."""

    label: str
    cell: Cell


def labelled_values(table: Table) -> tuple[Labelled, ...]:
    """Every cell with the text of the cell directly to its left, row by row, as normalised label: without a colon at
    its end, and without what stands before one inside."""
    return _labelled(_TheSame(table))


class _TheSame:
    """A table as a key by what it is, not by what it holds: a form is asked for its labels many times over."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _TheSame) and other.table is self.table


@lru_cache(maxsize=64)
def _labelled(key: _TheSame) -> tuple[Labelled, ...]:
    slots = key.table.slot_cells()
    found = []
    for cell in key.table.cells:
        left = slots.get((cell.span.row, cell.span.col - 1))
        if left is not None and left.text.strip() and left.span.row == cell.span.row:
            found.append(Labelled(normalise(left.text).rstrip(":").rpartition(":")[2], cell))
    return tuple(found)


def value_of(table: Table, labels: Sequence[str]) -> Cell | None:
    """The cell to the right of the first label that is, or begins with, one of the words."""
    pairs = labelled_values(table)
    for word in labels:
        for exact in (True, False):
            for pair in pairs:
                if pair.label == word if exact else pair.label.startswith(word) or holds_word(pair.label, word):
                    return pair.cell
    return None


def indicator_columns(table: Table, words: Sequence[str]) -> tuple[int, dict[str, int]] | None:
    """(row of the indicator list's head, normalised head -> column); None when no row has two of the head's words."""
    for row in range(table.n_rows):
        heads = {normalise(c.text): c.span.col for c in table.cells if c.span.row == row and c.text.strip()}
        if sum(any(h.startswith(w) for w in words) for h in heads) >= 2:
            return row, heads
    return None


def weight_cells(table: Table, entry: Entry) -> tuple[Cell, ...]:
    """The cells of the weights, top down; of the column whose head says so, or, where that one holds no numbers
    (heads and cells in different order), of the one column whose numbers sum to what weights sum to."""
    found = indicator_columns(table, entry["heads"])
    if found is None:
        return ()
    row, heads = found
    named = [col for head, col in heads.items() if any(w in head for w in entry["weight"])]
    columns = {col: _below(table, row, col) for col in heads.values()}
    for col in named:
        if any(parse_amount(c.text).value is not None for c in columns[col]):
            return columns[col]
    sums = {col: sum((parse_amount(c.text).value or Decimal(0)) for c in cells) for col, cells in columns.items()}
    fitting = [col for col, total in sums.items() if total in entry["sums"]]
    # With one weight misread none fits: then the one column of nothing but small whole numbers.
    fitting = fitting or [col for col, cells in columns.items() if len(cells) >= 3 and all(map(_may_be_weight, cells))]
    return columns[fitting[0]] if named and len(fitting) == 1 else ()


def _may_be_weight(cell: Cell) -> bool:
    amount = parse_amount(cell.text)
    return amount.value is not None and not amount.decimals and not amount.is_percent and 0 < amount.value < 100


def _below(table: Table, row: int, col: int) -> tuple[Cell, ...]:
    cells = [c for c in table.cells if c.span.row > row and c.span.col == col and c.span.colspan == 1]
    return tuple(sorted(cells, key=lambda c: c.span.row))


def form_sum_relations(table: TableFigures, entry: Entry) -> Iterator[Relation]:
    """I15: 年度资金总额 = 财政拨款 + 其他资金."""
    total = value_of(table.table, entry["total"])
    parts = [cell for words in entry["parts"] if (cell := value_of(table.table, words)) and cell is not total]
    if total is None or not parts:
        return
    operands = tuple(_operand(table, cell) for cell in parts)
    relation = Relation(entry["id"], entry["says"], _operand(table, total), operands, _quantum(table))
    yield relation


def form_weight_relations(table: TableFigures, entry: Entry) -> Iterator[Relation]:
    """I16: the weights sum to 100, or to 90 with 预算执行率 10."""
    weights = weight_cells(table.table, entry)
    if not weights:
        return
    operands = [_operand(table, cell) for cell in weights]
    execution = value_of(table.table, entry["execution"])
    if execution is not None and parse_amount(execution.text).value is not None:
        operands.append(_operand(table, execution))
    goal = Operand(None, Decimal(entry["with_execution"]), False, is_sure=True)
    refusal = "a weight is missing" if any(o.is_blank for o in operands) else ""
    yield Relation(entry["id"], entry["says"], goal, tuple(operands), Decimal(0), refusal=refusal)


def form_target_relations(table: TableFigures, entry: Entry, units: Mapping[str, Decimal]) -> Iterator[Relation]:
    """I17: an indicator whose target is an amount of money = the form's total, where it is that amount."""
    total, found = value_of(table.table, entry["total"]), indicator_columns(table.table, entry["heads"])
    if total is None or found is None or table.factor is None:
        return
    row, heads = found
    slots = table.table.slot_cells()
    quantum = min(_quantum(table), Decimal(1).scaleb(-parse_amount(total.text).decimals))
    targets, named = (next((heads[h] for h in heads if h in entry[k]), -1) for k in ("target", "unit"))
    for r in range(row + 1, table.table.n_rows) if min(targets, named) >= 0 else ():
        cell, unit = slots[r, targets], re.fullmatch(entry["money"], normalise(slots[r, named].text))
        if cell.span.row != r or unit is None or unit[1] not in units or parse_amount(cell.text).value is None:
            continue
        ratio = units[unit[1]] / table.factor
        target = _operand(table, cell)
        target = replace(target, value=(target.value or Decimal(0)) * ratio, ratio=ratio)
        yield Relation(entry["id"], entry["says"], _operand(table, total), (target,), quantum, soft=True)


def form_row_relations(tables: Sequence[TableFigures], entry: Entry, year: int | None) -> Iterator[Relation]:
    """I18: the total of a form = the figure of the row that bears its project's name in a table of projects."""
    rows: dict[str, list[tuple[TableFigures, Figure]]] = {}
    for table in (t for t in tables if t.kind in entry["right"]["kinds"]):
        for figure in figures_of(table, entry["right"], year):
            rows.setdefault(_project(figure.line.name), []).append((table, figure))
    for form in (t for t in tables if t.kind in entry["left"]["kinds"] and t.factor is not None):
        total, name = value_of(form.table, entry["left"]["field"]), value_of(form.table, entry["left"]["name"])
        mine = rows.get(_project(name.text), []) if name is not None else []
        if total is not None and name is not None and len(mine) == 1 and len(_project(name.text)) >= _LONG_NAME:
            table, figure = mine[0]
            statement = f"{entry['says']} (table {table.table_index + 1} {figure.line.name})"
            right = operand(figure, form.factor)
            yield Relation(entry["id"], statement, _operand(form, total), (right,), _quantum(form), soft=True)


def _project(name: str) -> str:
    """A project's name without the number that may stand before it."""
    return _NUMBER_BEFORE.sub("", normalise(name))


def form_equal_relations(tables: Sequence[TableFigures], entry: Entry, year: int | None) -> Iterator[Relation]:
    """A labelled value of a form = a figure of another table."""
    for form in tables:
        if form.kind not in entry["left"]["kinds"]:
            continue
        cell = value_of(form.table, entry["left"]["field"])
        others = [t for kind in entry["right"]["kinds"] for t in tables if t.kind == kind and t.halves]
        right = figure_at(others[0], entry["right"], year) if others else None
        if cell is None or right is None or right.factor is None:
            continue
        factor = form.factor or right.factor
        value = _operand(form, cell)
        statement = f"{entry['says']} (table {right.ref.table_index + 1})"
        yield Relation(entry["id"], statement, value, (operand(right, factor),), _quantum(form))


def forms_total_relations(tables: Sequence[TableFigures], entry: Entry, year: int | None) -> Iterator[Relation]:
    """A figure = the sum of one labelled value over all forms of a kind."""
    forms = [t for t in tables if t.kind in entry["right"]["kinds"]]
    cells = [(t, c) for t in forms if (c := value_of(t.table, [entry["right"]["field"]]))]
    for kind in entry["left"]["kinds"]:
        left = next((t for t in tables if t.kind == kind and t.halves), None)
        figure = figure_at(left, entry["left"], year) if left else None
        if figure is None or left is None or not cells:
            continue
        operands = tuple(_operand(t, c) for t, c in cells)
        total = operand(figure, cells[0][0].factor)
        yield Relation(entry["id"], entry["says"], total, operands, _quantum(left), soft=entry.get("soft", False))
        return


def cell_ref(table: TableFigures, cell: Cell) -> CellRef:
    return CellRef(table.table_index, cell.span.row, cell.span.col)


def _operand(table: TableFigures, cell: Cell) -> Operand:
    amount = parse_amount(cell.text)
    blank = amount.kind in (Blankness.BLANK, Blankness.DASH)
    return Operand(cell_ref(table, cell), Decimal(0) if blank else amount.value, blank)


def _quantum(table: TableFigures) -> Decimal:
    return Decimal(1).scaleb(-table.decimals)
