"""Lost and doubled rows: found by what the rest of the table leads one to expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from expectations.catalogue.loader import load_catalogue
from expectations.known import know
from expectations.values import CheckVerdict
from layout.values import Table
from ocr.geometry import BBox
from ocr.values import Word
from tests.expectations.documents import B1, B4, B5, FORM, a_document, a_table
from tests.expectations.truth import TRUTH, read_truth

Rows = Sequence[Sequence[str]]
TITLE = "一般公共预算支出表"
TREE = (
    ("科目编码", "科目名称", "总计", "基本支出", "项目支出"),
    ("合计", "<", "9.00", "6.00", "3.00"),
    *(
        (code, name, "3.00", "2.00", "1.00")
        for top in ("201", "205", "208")
        for code, name in ((top, "甲支出"), (f"{top}03", "乙事务"), (f"{top}0301", "丙运行"))
    ),
)
WITHOUT_AMOUNT = FORM[:2] + FORM[5:]


def structural(*tables: Table) -> list[str]:
    checks = know(a_document(*tables, headings=("某局2026年部门预算",)), load_catalogue()).structural
    assert {c.verdict for c in checks} <= {CheckVerdict.EXTRACTION_SUSPECT}
    assert all(c.terms for c in checks)
    return [c.identity for c in checks]


def without(rows: Rows, *gone: int) -> Rows:
    return tuple(row for i, row in enumerate(rows) if i not in gone)


@pytest.mark.parametrize("name", ["000", "001", "003"])
def test_the_real_documents_are_whole(name: str) -> None:
    assert know(read_truth(TRUTH / name), load_catalogue()).structural == ()


def test_a_whole_tree_is_in_order() -> None:
    assert structural(a_table(TREE, title=TITLE)) == []


@pytest.mark.parametrize("row", range(1, len(TREE)))
def test_each_row_doubled_is_seen(row: int) -> None:
    assert "S01" in structural(a_table((*TREE[: row + 1], *TREE[row:]), title=TITLE))


@pytest.mark.parametrize("row", [3, 4, 6, 7, 9, 10])
def test_a_level_that_one_branch_lacks_is_seen(row: int) -> None:
    assert "S02" in structural(a_table(without(TREE, row), title=TITLE))


def test_branches_of_different_depth_are_no_loss() -> None:
    assert structural(a_table(B5, title=TITLE)) == []
    assert structural(a_table(without(TREE, 3, 6), title=TITLE)) == []


def test_a_total_that_is_gone_is_missed() -> None:
    assert structural(a_table(without(TREE, 1), title=TITLE)) == ["S03"]


def test_a_header_over_nothing_needs_a_remark() -> None:
    bare = replace(a_table(TREE[:1], title=TITLE), n_header_rows=1)
    assert structural(bare) == ["S04"]
    assert structural(replace(bare, notes=("本部门无此项支出，故此表无数据。",))) == []


def test_a_form_that_lacks_what_its_fellows_state_is_seen() -> None:
    form, damaged = a_table(FORM, title="项目绩效目标表"), a_table(WITHOUT_AMOUNT, title="项目绩效目标表")
    assert structural(form, form, damaged) == ["S05"]
    assert structural(form, damaged) == []


def test_an_outline_that_begins_with_its_second_item_has_lost_its_first() -> None:
    table = a_table(without(B4, 2), title="财政拨款收支总表")
    assert structural(a_table(B4, title="财政拨款收支总表")) == []
    assert set(structural(table)) == {"S02"}


def test_functional_classes_keep_their_national_numbers() -> None:
    rows = [(*r[:2], r[2].replace("一、一般公共服务支出", "二、外交支出"), *r[3:]) for r in B1]
    assert structural(a_table(rows, title="部门收支总表")) == []


def test_a_form_that_says_nowhere_whose_it_is_has_lost_a_row() -> None:
    assert structural(a_table(FORM[1:], title="项目绩效目标表")) == ["S05"]


def test_a_years_total_stands_for_the_whole_only_where_nothing_is_carried_over() -> None:
    head, whole = B4[:2], B4[-1]
    rows = (*head, ("一、本年收入", "36.56", "一、本年支出", "36.56", "36.56", ""), *B4[3:5])
    assert structural(a_table(rows, title="财政拨款收支总表")) == []
    carried = ("二、上年结转", "", "二、结转下年", "", "", "")
    assert structural(a_table((*rows, carried, whole), title="财政拨款收支总表")) == []
    assert set(structural(a_table((*rows, carried), title="财政拨款收支总表"))) == {"S03"}


def under_one_line(rows: Rows, *, gap: float, implied: bool = True) -> Table:
    """A table whose last three heads were read as one line of type, ``gap`` px of white between them."""
    table, left = a_table(rows, title="一般公共预算“三公”经费支出表"), 100.0
    cells = list(table.cells)
    for i, cell in enumerate(cells):
        if cell.span.row_stop == table.n_header_rows and cell.span.col >= table.n_cols - 3:
            box = BBox(left, 50.0, left + 20.0 * len(cell.text), 80.0)
            cells[i] = replace(cell, words=(Word(cell.text, box, 0.99),))
            left = box.x1 + gap
    return replace(table, cells=tuple(cells), implied=implied)


def test_a_heading_cut_in_its_own_white_is_in_doubt() -> None:
    cut = (("合计", "公务接待费", "公务用车购", "置费公务用车运", "行费"), ("59.30", "29.30", "", "", "30.00"))
    whole = (
        ("合计", "公务接待费", "小计", "公务用车购置费", "公务用车运行费"),
        ("59.30", "29.30", "30.00", "", "30.00"),
    )
    filled = (cut[0], ("59.30", "9.30", "10.00", "10.00", "30.00"))
    assert structural(under_one_line(cut, gap=12.0)) == ["S07", "S07"]
    assert structural(under_one_line(cut, gap=12.0, implied=False)) == []
    assert structural(under_one_line(cut, gap=60.0)) == []
    assert structural(under_one_line(whole, gap=12.0)) == []
    assert structural(under_one_line(filled, gap=12.0)) == []
