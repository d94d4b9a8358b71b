"""Text that a file may hold to hurt whoever counts with it: long past all print, or a number past all amounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.proof import prove
from expectations.values import DocumentTables
from layout.values import Cell, Table, TextBlock
from ocr.geometry import BBox
from ocr.values import PageFacts
from tests import builders

N = 3_000
TEXTS = {
    "one number": "1" * N,
    "numbers": "1," * N,
    "brackets": "(" * N,
    "signs": "预" * N,
    "white": " " * N + "x",
    "amounts": "支出1.2万元，" * (N // 8),
    "an amount past all amounts": f"一般公共预算财政拨款支出{'9' * N}万元。",
    "codes": "201" * N,
    "a formula": "=1+" * N,
    "escapes": "\x1b[2J\0\u202e" * N,
}
BOX = BBox(10, 10, 100, 20)


def budget() -> Table:
    rows = [
        ["功能分类科目编码", "功能分类科目名称", "合计", "基本支出", "项目支出"],
        ["", "合计", "300.00", "100.00", "200.00"],
        ["201", "一般公共服务支出", "100.00", "50.00", "50.00"],
        ["208", "社会保障和就业支出", "200.00", "50.00", "150.00"],
    ]
    return builders.table(rows, n_header_rows=1, title="部门支出总表", label="表三", unit="万元")


def with_text(table: Table, row: int, col: int, text: str) -> Table:
    def changed(cell: Cell) -> Cell:
        is_it = (cell.span.row, cell.span.col) == (row, col)
        return replace(cell, text=text, ocr_text=text) if is_it else cell

    return replace(table, cells=tuple(map(changed, table.cells)))


@pytest.mark.parametrize(("row", "col"), [(0, 2), (2, 0), (2, 1), (2, 3)])
@pytest.mark.parametrize("case", TEXTS)
def test_a_cell_of_any_length_is_counted_or_left_as_it_is(case: str, row: int, col: int) -> None:
    table = with_text(budget(), row, col, TEXTS[case])
    document = DocumentTables("0" * 64, "a.pdf", (PageFacts(1, 595, 842),), (table,), ())
    proven, report = prove(document, lambda refs: (), lambda known: ())
    assert proven.tables[0].cells[row * 5 + col].text == TEXTS[case]
    assert all(abs(fact.amount) < 1_000_000 for fact in report.facts if fact.amount is not None)


@pytest.mark.parametrize("case", TEXTS)
def test_text_of_any_length_beside_the_tables_is_borne(case: str) -> None:
    text = (TextBlock(1, BOX, BOX, "二、一般公共预算支出情况"), TextBlock(1, BOX, BOX, TEXTS[case]))
    document = DocumentTables("0" * 64, "a.pdf", (PageFacts(1, 595, 842),), (budget(),), text)
    _, report = prove(document, lambda refs: (), lambda known: ())
    assert any(fact.amount == 300 for fact in report.facts)
