"""In which unit a table prints its money: said, not guessed; and doubt where it is not said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from expectations.catalogue.loader import load_catalogue
from expectations.gx import run_suites
from expectations.naming import Naming
from expectations.units import printed_unit, stated_unit
from expectations.validate import before_suites
from expectations.values import Fact
from tests.expectations.documents import B5, B6, a_document, a_table

HEADINGS = ("某局2026年部门预算",)
TITLE = "一般公共预算支出表"


def facts_of(*tables: object) -> tuple[Fact, ...]:
    return before_suites(a_document(*tables, headings=HEADINGS)).facts  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("caption", "unit"),
    [("万元", "万元"), ("单位：万元", "万元"), ("万元、%", "万元"), ("万元，人", "万元"), ("人民币元", "人民币元"), ("元（列至角分）", "元"),
     ("金额单位：亿元", "亿元"), ("万美元", "万美元"), ("千万元", "千万元"), ("方元", "方元"), ("万", "万"), ("个", "个"), ("元/人", "元/人")],
)  # fmt: skip
def test_the_caption_says_it_and_what_is_not_known_stays_as_printed(caption: str, unit: str) -> None:
    assert printed_unit(a_table(B5, title=TITLE, unit=caption), load_catalogue()) == unit


@pytest.mark.parametrize("caption", ["万美元", "千万元", "方元", "万", "个", "元/人"])
def test_a_unit_that_is_printed_and_not_known_is_not_taken_from_other_tables(caption: str) -> None:
    facts = facts_of(a_table(B6, title="基本支出预算表", unit="万元"), a_table(B5, title=TITLE, unit=caption))
    assert {f.amount_yuan for f in facts if f.cell.table_index == 1} == {None}
    assert any(f.amount_yuan for f in facts if f.cell.table_index == 0)


@pytest.mark.parametrize(
    "title",
    ["元谋县教育局一般公共预算支出表", "开元寺街道办事处一般公共预算支出表", "一般公共预算支出表（按千元以上项目）"],
)
def test_a_character_of_a_name_is_no_unit(title: str) -> None:
    assert printed_unit(a_table(B5, title=title, unit=""), load_catalogue()) == ""


@pytest.mark.parametrize(
    ("text", "unit"),
    [("2026年预算数（万元）", "万元"), ("金额(元)", "元"), ("资金情况\n（万元）", "万元"), ("（单位：千元）", "千元"), ("年度金额（万元/年）", "万元"),
     ("人均（元/人）", ""), ("单元", ""), ("金额（美元）", ""), ("（元月至三月）", ""), ("单位：元谋县", "")],
)  # fmt: skip
def test_a_text_states_its_unit_or_none(text: str, unit: str) -> None:
    assert stated_unit(text, load_catalogue()) == unit


def test_columns_and_rows_with_units_of_their_own() -> None:
    rows = (
        ("采购项目", "数量", "单价（元）", "金额（万元）"),
        ("办公电脑", "20", "5,000.00", "10.00"),
        ("人均经费（元/人）", "", "", "3.00"),
    )
    facts = {(f.cell.row, f.cell.col): f for f in facts_of(a_table(rows, title="政府采购预算明细表", unit="万元"))}
    assert [facts[1, c].amount_yuan for c in (1, 2, 3)] == [None, Decimal(5000), Decimal(100000)]
    assert facts[2, 3].amount_yuan is None


def test_heads_that_disagree_leave_the_table_without_a_unit() -> None:
    rows = (("项目", "合计（元）", "备用（万元）", "其他"), ("办公费", "5.00", "6.00", "7.00"))
    units = {f.cell.col: f.unit for f in facts_of(a_table(rows, title="某表", unit=""))}
    assert units == {1: "元", 2: "万元", 3: ""}


def test_a_unit_that_is_not_printed_is_stated_as_doubt() -> None:
    """The others agree on 万元, so amounts are given by it: marked, and warned of."""
    document = a_document(
        a_table(B6, title="基本支出预算表", unit="万元"), a_table(B5, title=TITLE, unit=""), headings=HEADINGS
    )
    known = before_suites(document)
    naming = Naming(document, known.identity)
    assert {naming.is_unit_printed(f) for f in known.facts if f.cell.table_index == 1} == {False}
    found = {f.table_index: f.success for f in run_suites(known) if f.expectation == "unit_known"}
    assert found == {0: True, 1: False}
