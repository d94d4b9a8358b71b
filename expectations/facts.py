"""Tables -> facts in long form: one figure with all that names it, and its amount in 元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from expectations.catalogue.loader import Catalogue
from expectations.figures import Figure, HalfFigures, TableFigures, is_whole, read_figures
from expectations.forms import cell_ref, value_of, weight_cells
from expectations.kinds import catalogue_of
from expectations.values import DocumentTables, Fact
from layout.amounts import parse_amount
from layout.values import Amount, Blankness, Cell

_CENT = Decimal("0.01")


def to_facts(document: DocumentTables, kinds: tuple[str, ...], catalogue: Catalogue | None = None) -> tuple[Fact, ...]:
    """One fact per cell where a named line meets a measure, blank and dash too; and the labelled figures of forms."""
    catalogue = catalogue or catalogue_of(document)
    return facts_of_all(read_figures(document, kinds, catalogue), catalogue)


def facts_of_all(tables: Sequence[TableFigures], catalogue: Catalogue) -> tuple[Fact, ...]:
    """The same for figures already read."""
    return tuple(fact for table in tables for fact in facts_of(table, catalogue))


def facts_of(table: TableFigures, catalogue: Catalogue) -> Iterator[Fact]:
    """The facts of one table; a cell of words gives none, one of digits that are no amount says so by its blankness."""
    for half, figure in table.all():
        if figure.amount.kind is not Blankness.TEXT or any(ch.isdigit() for ch in figure.cell.text):
            yield _fact(half, figure, table)
    rule = catalogue.kind(table.kind)
    if rule is not None and rule.is_form:
        yield from _form_facts(table, catalogue)


def amount_in_yuan(amount: Amount, factor: Decimal | None) -> Decimal | None:
    """decimal(20,2); None when nothing is printed, the unit is not known, it is a percentage, or it does not fit."""
    if amount.value is None or factor is None or amount.is_percent:
        return None
    with localcontext() as context:
        context.prec = 60
        yuan = (amount.value * factor).quantize(_CENT, ROUND_HALF_EVEN)
    return yuan if abs(yuan) < Decimal(10) ** 18 else None


def _fact(half: HalfFigures, figure: Figure, table: TableFigures) -> Fact:
    line, column = figure.line, figure.column
    return Fact(
        cell=figure.ref,
        table_kind=table.kind,
        code_system=line.system,
        code=line.code,
        name=line.name,
        level=_level(half, figure),
        measure=" / ".join(column.path),
        measure_key=column.key,
        amount=figure.amount.value,
        blankness=figure.amount.kind,
        decimals=figure.amount.decimals,
        unit="" if figure.amount.is_percent else figure.unit,
        amount_yuan=amount_in_yuan(figure.amount, figure.factor),
        page_number=figure.cell.page_number,
        bbox_pt=figure.cell.bbox_pt,
        period=column.period,
    )


def _level(half: HalfFigures, figure: Figure) -> int:
    """0 for a total; for a code 1 at the outermost level; else the depth of the numbering."""
    line = figure.line
    if line.system:
        return 1 + max(0, (len(line.code) - 3) // (3 if line.system == "unit" else 2))
    if is_whole(line.key):
        return 0
    numbered = any(x.depth for x in half.lines)
    return line.depth or (2 if numbered and not line.key.startswith(("year_", "carry_")) else 1)


def _form_facts(table: TableFigures, catalogue: Catalogue) -> Iterator[Fact]:
    entries = [e for e in catalogue.identities if table.kind in e.get("kinds", ())]
    for entry in entries:
        if entry["type"] == "form_sum":
            for key, words in zip(("total", "fiscal", "other"), (entry["total"], *entry["parts"]), strict=False):
                if cell := value_of(table.table, words):
                    yield _form_fact(table, cell, words[0], key, table.unit, table.factor)
        if entry["type"] == "form_weights":
            if cell := value_of(table.table, entry["execution"]):
                yield _form_fact(table, cell, entry["execution"][0], "weight", "", None, entry["weight"][0])
            for cell in weight_cells(table.table, entry):
                yield _form_fact(table, cell, _row_name(table, cell), "weight", "", None, entry["weight"][0])
    for entry in catalogue.identities:
        if entry["type"] == "form_equal" and table.kind in entry["left"]["kinds"]:
            words = entry["left"]["field"]
            if cell := value_of(table.table, words):
                yield _form_fact(table, cell, words[0], "total", table.unit, table.factor)


def _form_fact(
    table: TableFigures, cell: Cell, name: str, key: str, unit: str, factor: Decimal | None, measure: str = ""
) -> Fact:
    amount = parse_amount(cell.text)
    is_damaged = amount.kind is Blankness.TEXT and _looks_like_amount(cell.text)
    kind = amount.kind if amount.kind is not Blankness.TEXT or is_damaged else Blankness.BLANK
    return Fact(
        cell=cell_ref(table, cell),
        table_kind=table.kind,
        code_system="",
        code="",
        name=name,
        level=0 if key == "total" else 1,
        measure=measure or name,
        measure_key=key,
        amount=amount.value,
        blankness=kind,
        decimals=amount.decimals,
        unit=unit,
        amount_yuan=amount_in_yuan(amount, factor),
        page_number=cell.page_number,
        bbox_pt=cell.bbox_pt,
    )


def _looks_like_amount(text: str) -> bool:
    """Digits with points and commas and nothing else, yet no amount (3,03704)."""
    return bool(re.fullmatch(r"[\d.,，．\s]*\d[\d.,，．\s]*", text))


def _row_name(table: TableFigures, cell: Cell) -> str:
    """The longest text of the row that is not in a merged cell: the indicator's own name."""
    row = [c for c in table.table.cells if c.span.row == cell.span.row and c.span.rowspan == 1]
    return " ".join(max((c.text for c in row), key=len, default="").split())
