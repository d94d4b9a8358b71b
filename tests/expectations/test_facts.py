"""Facts in long form: what names a figure, whatever the layout that prints it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.facts import amount_in_yuan, to_facts
from expectations.kinds import recognise_kinds
from expectations.values import Fact
from layout.values import Amount, Blankness, Table
from tests.expectations.documents import B4, B5, FORM, a_document, a_table


def facts_of(table: Table, kind: str | None = None) -> tuple[Fact, ...]:
    document = a_document(table, headings=("某局2026年部门预算",))
    return to_facts(document, recognise_kinds(document) if kind is None else (kind,))


def by_place(facts: tuple[Fact, ...]) -> dict[tuple[int, int], Fact]:
    return {(f.cell.row, f.cell.col): f for f in facts}


def test_a_figure_with_all_that_names_it() -> None:
    fact = by_place(facts_of(a_table(B5, title="一般公共预算支出表")))[5, 3]
    assert (fact.table_kind, fact.code_system, fact.code, fact.name) == ("B5", "functional", "2010301", "行政运行")
    assert (fact.level, fact.measure, fact.measure_key) == (3, "2026年预算数 / 基本支出", "basic")
    assert (fact.amount, fact.decimals, fact.unit, fact.amount_yuan) == (
        Decimal("20.00"), 2, "万元", Decimal("200000.00"))  # fmt: skip


def test_blank_dash_and_zero_stay_apart() -> None:
    facts = by_place(facts_of(a_table((*B5, ("229", "其他支出", "0.00", "—", "")), title="一般公共预算支出表")))
    kinds = [facts[9, col].blankness for col in (2, 3, 4)]
    assert kinds == [Blankness.ZERO, Blankness.DASH, Blankness.BLANK]
    assert [facts[9, col].amount_yuan for col in (2, 3, 4)] == [Decimal(0), None, None]


def test_both_halves_of_a_double_table() -> None:
    facts = by_place(facts_of(a_table(B4, title="财政拨款收支总表")))
    assert (facts[3, 1].name, facts[3, 1].measure_key) == ("一般公共预算资金", "total")
    assert (facts[3, 4].name, facts[3, 4].measure_key) == ("一般公共服务支出", "general_fund")
    assert facts[6, 3].level == 0


def test_codes_split_over_three_columns_are_put_together() -> None:
    rows = (
        ("科目编码", "<", "<", "科目名称", "合计", "基本支出", "项目支出"),
        ("类", "款", "项", "^", "^", "^", "^"),
        ("合计", "<", "<", "<", "5.00", "5.00", ""),
        ("201", "", "", "一般公共服务支出", "5.00", "5.00", ""),
        ("201", "03", "", "政府办公厅", "5.00", "5.00", ""),
        ("201", "03", "01", "行政运行", "5.00", "5.00", ""),
    )
    facts = facts_of(a_table(rows, title="部门支出总表"))
    assert [f.code for f in facts if f.measure_key == "basic"] == ["", "201", "20103", "2010301"]


@pytest.mark.parametrize("glued", ["30207邮电费", "30207 邮电费", "[30207]邮电费", "30207-邮电费"])
def test_code_and_name_in_one_cell(glued: str) -> None:
    rows = (("经济分类科目", "金额"), ("合计", "6.00"), ("302商品和服务支出", "6.00"), (glued, "6.00"))
    fact = by_place(facts_of(a_table(rows, title="一般公共预算基本支出表")))[3, 1]
    assert (fact.code_system, fact.code, fact.name) == ("economic", "30207", "邮电费")


def test_two_tables_side_by_side() -> None:
    rows = (
        ("科目编码", "科目名称", "金额", "科目编码", "科目名称", "金额"),
        ("301", "工资福利支出", "8.00", "302", "商品和服务支出", "3.00"),
        ("30101", "基本工资", "8.00", "30201", "办公费", "3.00"),
    )
    facts = by_place(facts_of(a_table(rows, title="一般公共预算基本支出表")))
    assert (facts[2, 2].code, facts[2, 5].code, facts[2, 5].name) == ("30101", "30201", "办公费")


def test_two_header_levels_name_the_measure() -> None:
    rows = (
        ("采购项目", "总计", "一般公共预算", "<", "<", "政府性基金预算"),
        ("^", "^", "小计", "一般公共预算资金", "一般债券", "^"),
        ("合计", "9.00", "7.00", "5.00", "2.00", "2.00"),
        ("货物", "9.00", "7.00", "5.00", "2.00", "2.00"),
    )
    facts = by_place(facts_of(a_table(rows, title="政府采购预算明细表")))
    assert [facts[3, c].measure_key for c in range(1, 6)] == [
        "total", "general_fund", "general_fund.general_fund", "general_fund.bonds", "gov_fund"]  # fmt: skip


def test_labelled_figures_of_a_form() -> None:
    facts = by_place(facts_of(a_table(FORM, title="项目绩效目标表")))
    assert (facts[2, 2].measure_key, facts[2, 2].amount_yuan) == ("total", Decimal("258000.00"))
    assert [facts[r, 4].amount for r in (6, 7)] == [40, 50]
    assert facts[6, 4].unit == ""


def test_digits_that_are_no_amount_are_no_value() -> None:
    rows = tuple(tuple("26,56" if c == "26.56" else c for c in row) for row in B5)
    fact = by_place(facts_of(a_table(rows, title="一般公共预算支出表")))[2, 3]
    assert (fact.amount, fact.amount_yuan, fact.blankness) == (None, None, Blankness.TEXT)


def test_a_misread_figure_leaves_its_column_a_measure() -> None:
    rows = (("合计", "因公出国（境）费", "公务接待费"), ("9.50", "07.5", "2.00"))
    fact = by_place(facts_of(a_table(rows, title="“三公”经费支出表")))[1, 1]
    assert (fact.measure_key, fact.blankness) == ("abroad", Blankness.TEXT)


def test_a_unit_that_only_the_header_prints() -> None:
    rows = (("科目编码", "科目名称", "合计（元）"), ("合计", "<", "5.00"), ("201", "一般公共服务支出", "5.00"))
    fact = facts_of(a_table(rows, title="部门支出总表", unit=""))[0]
    assert (fact.unit, fact.amount_yuan) == ("元", Decimal("5.00"))


def test_no_unit_no_amount_in_yuan() -> None:
    assert all(f.amount_yuan is None for f in facts_of(a_table(B5, title="一般公共预算支出表", unit="")))


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False), st.sampled_from([1, 1000, 10000]))
def test_amount_in_yuan_has_two_decimals(value: Decimal, factor: int) -> None:
    yuan = amount_in_yuan(Amount(Blankness.NUMBER, value, 4), Decimal(factor))
    assert yuan is not None
    assert yuan.as_tuple().exponent == -2
    assert abs(yuan - value * factor) <= Decimal("0.005")
