"""Identities on small tables: what holds, what is refused, and what one wrong digit breaks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from expectations.kinds import recognise_kinds
from expectations.known import check_identities
from expectations.values import CellRef, Check, CheckVerdict, DocumentTables
from expectations.verdicts import FAILING
from layout.values import Table
from ocr.values import TextSource
from tests.expectations.documents import B1, B4, B5, B6, FORM, a_document, a_table, read_twice, with_text

HOLDS, ROUNDED = CheckVerdict.HOLDS, CheckVerdict.WITHIN_ROUNDING
BROKEN, DOUBTED = CheckVerdict.SOURCE_INCONSISTENT, CheckVerdict.EXTRACTION_SUSPECT
REFUSED = CheckVerdict.NOT_EVALUATED
HEAD = ("科目编码", "科目名称", "总计", "基本支出", "项目支出")


def checks_of(*tables: Table | DocumentTables, headings: Sequence[str] = ("某局2026年部门预算",)) -> tuple[Check, ...]:
    first = tables[0]
    document = first if isinstance(first, DocumentTables) else a_document(*tables, headings=headings)  # type: ignore[arg-type]
    return check_identities(document, recognise_kinds(document))


def of(checks: Sequence[Check], *identities: str) -> list[Check]:
    return [c for c in checks if c.identity in identities]


def verdicts(checks: Sequence[Check], *identities: str) -> set[CheckVerdict]:
    return {c.verdict for c in of(checks, *identities)}


def failing(checks: Sequence[Check]) -> list[Check]:
    return [c for c in checks if c.verdict in (BROKEN, DOUBTED)]


def test_a_clean_table_closes_in_rows_and_columns() -> None:
    checks = checks_of(a_table(B5, title="一般公共预算支出表"))
    assert verdicts(checks, "I01", "I02", "I03") == {HOLDS}
    assert len(of(checks, "I01")) == 7
    assert {c.statement for c in of(checks, "I02")} >= {"20103 总计 = 2010301 + 2010302", "205 总计 = 2050803"}
    assert len(of(checks, "I03")) == 3


def test_terms_sum_to_the_residual() -> None:
    for check in checks_of(a_table(B5, title="一般公共预算支出表")):
        assert sum(t.coefficient * t.value for t in check.terms) == check.residual


def test_sub_items_of_sub_items_count_once() -> None:
    checks = checks_of(a_table(B6, title="一般公共预算基本支出表"))
    assert not failing(checks)
    assert "301 总计 = 30101 + 30103" in {c.statement for c in of(checks, "I02")}
    assert verdicts(checks, "I11") == {HOLDS}


def test_a_parent_that_stands_after_its_children_counts() -> None:
    rows = (HEAD, ("合计", "<", "9", "9", ""), ("30199", "其他", "4", "4", ""), ("30103", "奖金", "5", "5", ""),
            ("301", "工资福利支出", "9", "9", ""))  # fmt: skip
    assert "301 总计 = 30199 + 30103" in {c.statement for c in checks_of(a_table(rows)) if c.verdict is HOLDS}


def test_codes_that_repeat_are_summed_block_by_block() -> None:
    rows = (
        HEAD,
        ("合计", "<", "9.00", "9.00", ""),
        ("103001", "某局本级", "5.00", "5.00", ""),
        ("201", "一般公共服务支出", "5.00", "5.00", ""),
        ("20103", "政府办公厅", "5.00", "5.00", ""),
        ("103002", "某中心", "4.00", "4.00", ""),
        ("201", "一般公共服务支出", "4.00", "4.00", ""),
        ("20103", "政府办公厅", "4.00", "4.00", ""),
    )
    checks = checks_of(a_table(rows, title="部门支出总表"))
    assert not failing(checks)
    assert "合计 总计 = 103001 + 103002" in {c.statement for c in checks}


def test_a_double_table_with_items_above_their_totals() -> None:
    checks = checks_of(a_table(B1, title="部门收支总表"))
    assert verdicts(checks, "I04", "I05", "I06", "I07", "I08") == {HOLDS}
    assert len(of(checks, "I04", "I05", "I06", "I07", "I08")) == 5


def test_a_double_table_with_items_below_their_headings() -> None:
    checks = checks_of(a_table(B4, title="财政拨款收支总表"))
    assert not failing(checks)
    assert {c.identity for c in checks if c.verdict is HOLDS} >= {"I04", "I05", "I06", "I07", "I08", "I09"}


@pytest.mark.parametrize(("text", "verdict"), [("20.01", ROUNDED), ("20.02", BROKEN), ("26.00", BROKEN)])
def test_rounding_has_a_bound(text: str, verdict: CheckVerdict) -> None:
    document = with_text(a_document(a_table(B5, title="一般公共预算支出表")), CellRef(0, 4, 3), text)
    total = next(c for c in checks_of(document) if c.statement == "20103: 总计 = 基本支出 + 项目支出")
    assert total.verdict is verdict
    assert total.residual == Decimal("30.00") - Decimal(text) - 10


def test_one_figure_printed_twice_is_not_rounded_when_it_was_read_once() -> None:
    document = a_document(a_table(B5, title="一般公共预算支出表"), source=TextSource.OCR)
    wrong = with_text(document, CellRef(0, 5, 3), "20.01")
    statement = "2010301: 总计 = 基本支出 + 项目支出"
    assert [c.verdict for c in checks_of(wrong) if c.statement == statement] == [DOUBTED]
    assert [c.verdict for c in checks_of(read_twice(wrong)) if c.statement == statement] == [ROUNDED]


def test_whose_error_it_is() -> None:
    scanned = a_document(a_table(B5, title="一般公共预算支出表"), source=TextSource.OCR)
    wrong = with_text(scanned, CellRef(0, 5, 2), "28.00")
    assert {c.verdict for c in failing(checks_of(wrong))} == {DOUBTED}
    assert {c.verdict for c in failing(checks_of(read_twice(wrong)))} == {BROKEN}


def test_blank_tables_claim_nothing() -> None:
    rows = (HEAD, ("合计", "<", "", "", ""), ("", "", "", "", ""))
    assert checks_of(a_table(rows, title="政府性基金预算支出表")) == ()


def test_a_lone_zero_proves_nothing() -> None:
    rows = (HEAD, ("合计", "<", "0.00", "", ""), ("201", "一般公共服务支出", "", "", ""))
    assert verdicts(checks_of(a_table(rows, title="部门支出总表")), "I01", "I03") == {REFUSED}


def test_parents_left_blank_as_headings_are_no_sums() -> None:
    rows = (HEAD, ("合计", "<", "9.00", "9.00", ""), ("301", "工资福利支出", "", "", ""),
            ("30101", "基本工资", "5.00", "5.00", ""), ("30102", "津贴补贴", "4.00", "4.00", ""))  # fmt: skip
    assert {c.reason for c in of(checks_of(a_table(rows)), "I02")} == {"the total is left blank"}


def test_a_subtotal_left_blank_is_replaced_by_what_it_sums() -> None:
    rows = (
        ("合计", "因公出国（境）费", "公务用车购置及运行费", "<", "<", "公务接待费"),
        ("^", "^", "小计", "公务用车购置费", "公务用车运行费", "^"),
        ("29.70", "", "", "", "27.5", "2.20"),
    )
    checks = of(checks_of(a_table(rows, title="“三公”经费支出表")), "I12")
    assert sorted(c.verdict for c in checks) == sorted([HOLDS, REFUSED])


def test_columns_inside_another_column_are_not_added_twice() -> None:
    rows = (
        ("科目编码", "科目名称", "合计", "基本支出", "人员经费", "公用经费", "项目支出"),
        ("合计", "<", "9.00", "6.00", "4.00", "2.00", "3.00"),
        ("201", "一般公共服务支出", "9.00", "6.00", "4.00", "2.00", "3.00"),
    )
    checks = of(checks_of(a_table(rows, title="部门支出总表")), "I01")
    assert len(checks) == 4
    assert {c.verdict for c in checks} == {HOLDS}


def test_unknown_columns_must_add_up_in_most_rows_before_they_count() -> None:
    head = ("项目名称", "合计", "甲来源", "乙来源")
    adds = (head, ("一", "3.00", "1.00", "2.00"), ("二", "5.00", "1.00", "4.00"), ("三", "7.00", "3.00", "4.00"))
    wrong = (*adds[:3], ("三", "7.00", "3.00", "5.00"))
    other = (head, ("一", "3.00", "9.00", "2.00"), ("二", "5.00", "1.00", "8.00"), ("三", "7.00", "3.00", "1.00"))
    assert verdicts(checks_of(a_table(adds)), "I01") == {HOLDS}
    assert len(failing(of(checks_of(a_table(wrong)), "I01"))) == 1
    assert verdicts(checks_of(a_table(other)), "I01") == {REFUSED}


def test_between_tables() -> None:
    tables = [a_table(B4, title="财政拨款收支总表"), a_table(B5, title="一般公共预算支出表"),
              a_table(B6, title="一般公共预算基本支出表")]  # fmt: skip
    checks = checks_of(*tables)
    assert not failing(checks)
    assert verdicts(checks, "X05", "X06") == {HOLDS}
    assert len(of(checks, "X05")) == 3


def test_units_are_made_equal_between_tables() -> None:
    in_yuan = tuple(
        tuple(f"{Decimal(c) * 10000:,.2f}" if r > 1 and k > 1 and c else c for k, c in enumerate(row))
        for r, row in enumerate(B6)
    )
    tables = [a_table(B5, title="一般公共预算支出表"), a_table(in_yuan, title="一般公共预算基本支出表", unit="元")]
    checks = of(checks_of(*tables), "X06")
    assert [(c.verdict, c.terms[0].value) for c in checks] == [(HOLDS, Decimal("26.56"))]


def test_money_of_other_sources_explains_a_larger_table() -> None:
    more = (*B5, ("213", "农林水支出", "4.00", "", "4.00"), ("2130899", "其他", "4.00", "", "4.00"))
    b3 = tuple(("合计", "<", "40.56", "26.56", "14.00") if row[0] == "合计" else row for row in more)
    tables = [a_table(b3[1:], title="部门支出总表"), a_table(B5, title="一般公共预算支出表")]
    checks = checks_of(*tables)
    assert not failing(checks)
    assert "holds 4.00 of other money" in next(c.reason for c in of(checks, "X08") if c.verdict is REFUSED)


def test_a_figure_smaller_than_what_it_contains_fails() -> None:
    b3 = tuple(tuple("19.00" if c == "20.00" else c for c in row) if row[0] == "2010301" else row for row in B5[1:])
    tables = [a_table(b3, title="部门支出总表"), a_table(B5, title="一般公共预算支出表")]
    assert any("2010301" in c.statement for c in failing(of(checks_of(*tables), "X08")))


def test_a_line_that_the_containing_table_lacks_is_missed() -> None:
    b3 = [row for row in B5[1:] if row[0] != "2050803"]
    tables = [a_table(b3, title="部门支出总表"), a_table(B5, title="一般公共预算支出表")]
    found = failing(of(checks_of(*tables), "X08"))
    assert {c.statement for c in found} == {
        "table 1 lacks table 2 2050803 总计",
        "table 1 lacks table 2 2050803 基本支出",
    }
    assert {c.verdict for c in found} == {DOUBTED}


def test_a_table_printed_twice_is_compared_with_its_copy() -> None:
    tables = [a_table(B5, title="一般公共预算支出表"), a_table(B5, title="一般公共预算支出表")]
    document = with_text(a_document(*tables, source=TextSource.OCR), CellRef(1, 5, 3), "80.00")
    copies = of(checks_of(document), "C01")
    assert [c.statement for c in failing(copies)] == ["table 1 2010301 基本支出 = its copy in table 2"]


def test_a_form_adds_up() -> None:
    checks = checks_of(a_table(FORM, title="项目绩效目标表"))
    assert [(c.identity, c.verdict) for c in checks] == [("I15", HOLDS), ("I16", HOLDS)]


def test_a_missing_weight_is_said() -> None:
    document = with_text(a_document(a_table(FORM, title="项目绩效目标表")), CellRef(0, 6, 4), "")
    assert [c.reason for c in of(checks_of(document), "I16")] == ["a weight is missing"]


def test_an_unreadable_term_refuses_the_identity() -> None:
    document = with_text(a_document(a_table(B5, title="一般公共预算支出表")), CellRef(0, 5, 3), "2o.0O")
    refused = [c for c in checks_of(document) if c.verdict is REFUSED]
    assert len(refused) == 2
    assert {c.reason for c in refused} == {"a term is not readable as an amount"}


def test_narrative_against_table() -> None:
    text = "2026年一般公共预算财政拨款收入36.56万元，一般公共预算财政拨款支出 36.56 万元，比2025年增加1万元。其中：基本支出26.56万元，项目支出11万元。"
    tables = [a_table(B4, title="财政拨款收支总表"), a_table(B5, title="一般公共预算支出表")]
    checks = of(checks_of(*tables, headings=("某局2026年部门预算", text[:40], text[40:])), "X12")
    assert {c.verdict for c in checks} == {HOLDS, BROKEN}
    assert {c.statement for c in failing(checks)} == {
        "text: 一般公共预算财政拨款支出36.56万元 = 基本支出26.56万元 + 项目支出11万元",
        "text: 项目支出11万元 = table 2 合计 项目支出",
    }


def test_no_fund_buys_for_more_than_is_spent_from_it() -> None:
    """A column of a procurement table one place aside: its own rows still add up."""
    head = ("项目编号", "项目", "总计", "一般公共预算", "政府性基金预算")
    right = (head, ("合计", "<", "4.00", "4.00", ""), ("A", "货物", "4.00", "4.00", ""))
    wrong = (head, ("合计", "<", "4.00", "", "4.00"), ("A", "货物", "4.00", "", "4.00"))
    b4 = a_table(B4, title="财政拨款收支总表")
    failing = [
        [c.identity for c in check_identities(a_document(b4, a_table(rows, title="政府采购预算明细表")), ("B4", "B11"))
         if c.verdict in FAILING]
        for rows in (right, wrong)
    ]  # fmt: skip
    assert failing == [[], ["X15"]]


PROJECTS = (
    ("项目名称", "合计", "一般公共预算"),
    ("合计", "30.80", "30.80"),
    ("50023123T000003328-电子政务", "25.80", "25.80"),
    ("会议保障", "5.00", "5.00"),
)


@pytest.mark.parametrize(("total", "verdict"), [("25.80", HOLDS), ("25.30", REFUSED)])
def test_a_projects_form_has_the_total_of_its_row_among_the_projects(total: str, verdict: CheckVerdict) -> None:
    """Failing says nothing: a form may cover more years or more money than the table of projects."""
    form = [tuple(t.replace("25.80", total) for t in row) for row in FORM]
    tables = (a_table(PROJECTS, title="项目支出表"), a_table(form, title="项目绩效目标表"))
    assert [c.verdict for c in of(checks_of(*tables), "I18")] == [verdict]


@pytest.mark.parametrize(
    ("target", "unit", "verdicts"),
    [("25.8", "万元/年", [HOLDS]), ("258000", "元", [HOLDS]), ("26", "万元", [REFUSED]), ("25.8", "万元/人", []),
     ("95", "%", [])],
)  # fmt: skip
def test_a_cost_among_the_indicators_is_the_forms_total_where_it_is_that_amount(
    target: str, unit: str, verdicts: list[CheckVerdict]
) -> None:
    rows = (*FORM[:5], ("绩效指标", "三级指标", "指标值", "度量单位", "权重(%)"), ("^", "项目成本", target, unit, "40"),
            ("^", "满意度", "95", "%", "50"))  # fmt: skip
    form = a_table(rows, title="项目绩效目标表")
    assert [c.verdict for c in of(checks_of(form), "I17")] == verdicts


def fund_table(before: str, told: bool) -> tuple[tuple[str, ...], ...]:
    rows = [("一般公共预算资金", before), ("政府性基金预算资金", "")] if told else [("", ""), ("", "")]
    return (
        B4[0],
        B4[1],
        ("一、本年收入", "30.00", "一、本年支出", "36.56", "36.56", ""),
        ("一般公共预算资金", "30.00", "一般公共服务支出", "30.00", "30.00", ""),
        ("政府性基金预算资金", "", "教育支出", "6.56", "6.56", ""),
        ("二、上年结转", "6.56", "二、结转下年", "", "", ""),
        *((*row, "", "", "", "") for row in rows),
        ("收入合计", "36.56", "支出合计", "36.56", "36.56", ""),
    )


@pytest.mark.parametrize(
    ("before", "told", "verdict"), [("6.56", True, HOLDS), ("6.50", True, BROKEN), ("", False, REFUSED)]
)
def test_what_comes_into_a_fund_is_spent_from_it(before: str, told: bool, verdict: CheckVerdict) -> None:
    """This year's money and what was carried over, by fund; not judged where the carry-over is one figure for all funds."""
    found = of(checks_of(a_table(fund_table(before, told), title="财政拨款收支总表")), "I10")
    assert [c.verdict for c in found] == [verdict]


def test_parts_named_after_a_heading_are_its_sum_only_where_they_close() -> None:
    """其中 names some parts, or all: lines without a number after it are parts too, and nobody says they are all."""
    b1 = [("收入", "<", "支出", "<"), ("项目", "预算数", "项目", "预算数"), ("一、财政拨款", "9.00", "一、教育支出", "9.00"),
          ("其中：一般公共预算", "6.00", "", ""), ("政府性基金", "3.00", "", ""), ("二、事业收入", "1.00", "二、其他支出", "1.00"),
          ("收入总计", "10.00", "支出总计", "10.00")]  # fmt: skip
    for text, verdict in (("3.00", HOLDS), ("2.00", REFUSED)):
        rows = [tuple(t.replace("3.00", text) for t in row) for row in b1]
        found = [c for c in checks_of(a_table(rows, title="部门收支总表")) if c.statement.startswith("一、财政拨款")]
        assert [c.verdict for c in found] == [verdict]


def test_one_unit_of_the_last_place_is_no_other_money() -> None:
    """The whole table holds other money, but 0.01 of a row is a digit misread, not that."""
    b3 = [tuple(t.replace("36.56", "46.56").replace("30.00", "40.00") for t in row) for row in B5[1:]]
    b3 = [(*r[:-1], "20.00" if r[-1] == "10.00" and r[0] != "2010302" else r[-1]) for r in b3]
    b3 += [("2010399", "其他支出", "10.00", "", "10.00")]
    tables = [a_table(b3, title="部门支出总表"), a_table(B5, title="一般公共预算支出表")]
    document = a_document(*tables, headings=("某局2026年部门预算",), source=TextSource.OCR)
    assert not failing(checks_of(document))
    row = [r[0] for r in b3].index("2010302")
    wrong = with_text(document, CellRef(0, row, 4), "10.01")
    assert "X08" in {c.identity for c in failing(checks_of(wrong))}
