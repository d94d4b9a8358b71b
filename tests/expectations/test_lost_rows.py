"""Lines of amounts beside a table that are in no table: the table may have lost a row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.catalogue.loader import load_catalogue
from expectations.known import know
from expectations.lost_rows import is_line_of_amounts
from expectations.values import Check, CheckVerdict
from layout.values import Table, TextBlock
from ocr.geometry import BBox
from tests.expectations.documents import B1, B5, a_document, a_table

ROW = "22102 住房改革支出 12.50 12.50"
LINE = "2026年，本单位收入预算 36.56 万元"


def block(text: str, page: int, y: float, x: float = 60.0) -> TextBlock:
    box = BBox(x, y, x + 200.0, y + 20.0)
    return TextBlock(page, box, box, text)


def table(page: int = 1, rows: tuple[tuple[str, ...], ...] = B5) -> Table:
    made = a_table(rows, title="一般公共预算支出表" if rows is B5 else "")
    return replace(made, page_numbers=(page,), cells=tuple(replace(c, page_number=page) for c in made.cells))


def lost(tables: list[Table], *blocks: TextBlock) -> list[Check]:
    document = replace(a_document(*tables), text=blocks)
    return [c for c in know(document, load_catalogue()).structural if c.identity == "S08"]


def bottom(of: Table) -> float:
    return max(c.bbox.y1 for c in of.cells)


def test_a_row_left_at_the_head_of_the_next_page_is_told() -> None:
    (check,) = lost([table()], block("- 2 -", 2, 30), block(ROW, 2, 60))
    last = max(c.span.row for c in table().cells)
    assert check.verdict is CheckVerdict.EXTRACTION_SUSPECT
    assert {term.cell.row for term in check.terms if term.cell} == {last}


def test_a_row_left_below_or_above_a_table_is_told() -> None:
    one = table()
    top = min(c.bbox.y0 for c in one.cells)
    assert len(lost([one], block(ROW, 1, bottom(one) + 8))) == 1
    assert len(lost([one], block(ROW, 1, top - 24))) == 1
    assert lost([one], block(ROW, 1, bottom(one) + 400)) == []
    assert lost([one], block(ROW, 1, bottom(one) + 8, x=2000)) == []


def test_rows_left_at_the_foot_of_a_page_before_a_table_without_heads_are_told() -> None:
    bare = replace(table(2), n_header_rows=0, title="")
    assert len(lost([bare], block(ROW, 1, 900))) == 1
    assert lost([table(2)], block(ROW, 1, 900)) == []
    assert lost([bare], block(ROW, 1, 900), block("第二部分 部门预算情况说明", 1, 940)) == []


def test_amounts_after_other_text_are_no_row_of_the_table_before() -> None:
    assert lost([table()], block(LINE, 2, 30), block(ROW, 2, 60)) == []
    assert lost([table()], block("第三部分 部门预算情况说明", 1, bottom(table()) + 300), block(ROW, 2, 60)) == []
    assert lost([table(), table(2, B1)], block(ROW, 2, bottom(table(2, B1)) + 500)) == []


@pytest.mark.parametrize(
    "text", [LINE, "2025 2026", "- 12 -", "1 2 3 4", "单位：万元", "2026 年 3 月 15 日", "共 3 页 第 120 页"]
)
def test_other_lines_are_no_lines_of_amounts(text: str) -> None:
    assert not is_line_of_amounts(text)


def test_rows_are_lines_of_amounts() -> None:
    assert is_line_of_amounts(ROW)
    assert is_line_of_amounts("合计 1,204 318 96")
