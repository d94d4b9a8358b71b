"""A second disclosure, known by its catalogue alone: a balance sheet and an income statement, clean and corrupted."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from expectations.catalogue.loader import catalogue_names
from expectations.kinds import catalogue_of, identify_document, recognise_kinds
from expectations.validate import before_suites
from expectations.values import CellRef, CellVerdict, CheckVerdict, DocumentTables, SuiteInput
from expectations.verdicts import FAILING, coverage
from ocr.values import TextSource
from tests.expectations.documents import B1, B5, a_document, a_table, with_text
from tests.expectations.truth import read_truth, truth_folders

BALANCE = (
    ("资产", "期末余额", "年初余额", "负债和所有者权益（或股东权益）", "期末余额", "年初余额"),
    ("流动资产：", "", "", "流动负债：", "", ""),
    ("货币资金", "1,250,300.45", "980,000.00", "短期借款", "500,000.00", "300,000.00"),
    ("应收账款", "730,100.00", "655,020.10", "应付账款", "412,350.20", "398,700.00"),
    ("存货", "1,004,600.05", "1,100,450.90", "应付职工薪酬", "88,640.30", "75,320.60"),
    ("流动资产合计", "2,985,000.50", "2,735,471.00", "流动负债合计", "1,000,990.50", "774,020.60"),
    ("非流动资产：", "", "", "非流动负债：", "", ""),
    ("固定资产", "3,400,000.00", "3,612,000.00", "长期借款", "1,200,000.00", "1,500,000.00"),
    ("无形资产", "215,990.00", "230,390.00", "非流动负债合计", "1,200,000.00", "1,500,000.00"),
    ("非流动资产合计", "3,615,990.00", "3,842,390.00", "负债合计", "2,200,990.50", "2,274,020.60"),
    ("", "", "", "所有者权益（或股东权益）：", "", ""),
    ("", "", "", "实收资本", "4,000,000.00", "4,000,000.00"),
    ("", "", "", "减：库存股", "100,000.00", "60,000.00"),
    ("", "", "", "未分配利润", "500,000.00", "363,840.40"),
    ("", "", "", "所有者权益（或股东权益）合计", "4,400,000.00", "4,303,840.40"),
    ("资产总计", "6,600,990.50", "6,577,861.00", "负债和所有者权益（或股东权益）总计", "6,600,990.50", "6,577,861.00"),
)
INCOME = (
    ("项  目", "本期金额", "上期金额"),
    ("一、营业收入", "8,120,000.00", "7,654,300.00"),
    ("减：营业成本", "6,020,400.00", "5,800,100.00"),
    ("税金及附加", "40,600.00", "38,271.50"),
    ("管理费用", "1,300,000.00", "1,250,000.00"),
    ("财务费用", "60,500.00", "72,000.00"),
    ("其中：利息费用", "61,000.00", "73,000.00"),
    ("利息收入", "500.00", "1,000.00"),
    ("加：其他收益", "12,000.00", "8,000.00"),
    ("投资收益（损失以“－”号填列）", "-5,500.00", "3,000.00"),
    ("二、营业利润（亏损以“－”号填列）", "705,000.00", "504,928.50"),
    ("加：营业外收入", "10,000.00", "5,071.50"),
    ("减：营业外支出", "15,000.00", "10,000.00"),
    ("三、利润总额（亏损总额以“－”号填列）", "700,000.00", "500,000.00"),
    ("减：所得税费用", "175,000.00", "125,000.00"),
    ("四、净利润（净亏损以“－”号填列）", "525,000.00", "375,000.00"),
)
CASH = (
    ("项目", "本期金额", "上期金额"),
    ("一、经营活动产生的现金流量：", "", ""),
    ("销售商品、提供劳务收到的现金", "8,900,000.00", "8,100,000.00"),
    ("收到其他与经营活动有关的现金", "120,300.45", "90,000.00"),
    ("经营活动现金流入小计", "9,020,300.45", "8,190,000.00"),
    ("购买商品、接受劳务支付的现金", "6,300,000.00", "5,900,000.00"),
    ("支付给职工以及为职工支付的现金", "1,700,000.00", "1,650,000.00"),
    ("经营活动现金流出小计", "8,000,000.00", "7,550,000.00"),
    ("经营活动产生的现金流量净额", "1,020,300.45", "640,000.00"),
    ("二、投资活动产生的现金流量：", "", ""),
    ("投资活动现金流入小计", "", ""),
    ("购建固定资产支付的现金", "600,000.00", "400,000.00"),
    ("投资活动现金流出小计", "600,000.00", "400,000.00"),
    ("投资活动产生的现金流量净额", "-600,000.00", "-400,000.00"),
    ("三、筹资活动产生的现金流量：", "", ""),
    ("取得借款收到的现金", "200,000.00", "300,000.00"),
    ("筹资活动现金流入小计", "200,000.00", "300,000.00"),
    ("偿还债务支付的现金", "350,000.00", "260,000.00"),
    ("筹资活动现金流出小计", "350,000.00", "260,000.00"),
    ("筹资活动产生的现金流量净额", "-150,000.00", "40,000.00"),
    ("四、汇率变动对现金及现金等价物的影响", "", ""),
    ("五、现金及现金等价物净增加额", "270,300.45", "280,000.00"),
    ("加：期初现金及现金等价物余额", "980,000.00", "700,000.00"),
    ("六、期末现金及现金等价物余额", "1,250,300.45", "980,000.00"),
)
HEADINGS = ("某某水务有限公司", "2025年度财务报表")


def statement(source: TextSource = TextSource.TEXT_LAYER) -> DocumentTables:
    balance = a_table(BALANCE, title="资产负债表", unit="元")
    income = a_table(INCOME, title="利润表", unit="元")
    return a_document(balance, income, headings=HEADINGS, source=source)


def known(document: DocumentTables) -> SuiteInput:
    return before_suites(document, catalogue_of(document))


def test_the_document_picks_its_disclosure() -> None:
    identity = identify_document(statement())
    assert (identity.disclosure, identity.kind) == ("financial_statement", "financial_statement")
    assert (identity.organisation, identity.fiscal_year) == ("某某水务有限公司", 2025)
    assert recognise_kinds(statement()) == ("F1", "F2")


@pytest.mark.parametrize("folder", truth_folders(), ids=lambda p: p.name)
def test_budgets_are_not_taken_for_statements(folder: object) -> None:
    assert catalogue_of(read_truth(folder)).name == "budget_cn"  # type: ignore[arg-type]


def test_a_document_that_fits_none_is_a_budget() -> None:
    assert catalogue_of(a_document()).name == "budget_cn"
    assert catalogue_of(a_document(a_table((("甲", "乙"), ("x", "1.00"))))).name == "budget_cn"
    assert catalogue_of(a_document(a_table(B1), a_table(B5))).name == "budget_cn"
    assert catalogue_names() == ("budget_cn", "financial_statement")


def test_all_identities_of_a_clean_statement_hold() -> None:
    found = known(statement())
    evaluated = [c for c in found.checks if c.verdict is not CheckVerdict.NOT_EVALUATED]
    assert {c.identity for c in evaluated} == {f"A0{n}" for n in range(1, 8)}
    assert {c.verdict for c in evaluated} == {CheckVerdict.HOLDS}
    assert len(evaluated) == 26
    assert CellVerdict.SUSPECT not in dict(found.verdicts).values()
    assert coverage(found.checks, found.facts).under_one == 1.0


def test_facts_name_the_row_and_the_date() -> None:
    facts = {f.cell: f for f in known(statement()).facts}
    fact = facts[CellRef(0, 15, 5)]
    assert (fact.name, fact.measure, fact.level) == ("负债和所有者权益（或股东权益）总计", "年初余额", 0)
    assert str(fact.amount_yuan) == "6577861.00"


def test_every_wrong_digit_under_an_identity_is_found() -> None:
    rng = random.Random(5)
    clean = statement(TextSource.OCR)
    under = sorted({t.cell for c in known(clean).checks for t in c.terms if t.cell is not None and t.value})
    for ref in rng.sample(under, 25):
        text = clean.tables[ref.table_index].slot_cells()[ref.row, ref.col].text
        at = rng.choice([i for i, ch in enumerate(text) if ch.isdigit()])
        wrong = text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]
        found = known(with_text(clean, ref, wrong))
        fails = any(c.verdict in FAILING and any(t.cell == ref for t in c.terms) for c in found.checks)
        assert fails or dict(found.verdicts)[ref] is CellVerdict.SUSPECT, (ref, wrong)


def test_a_statement_that_adds_up_in_no_column_is_not_judged() -> None:
    rows = tuple(r if r[0] != "一、营业收入" else (r[0], "1.00", "2.00") for r in INCOME)
    checks = known(a_document(a_table(rows, title="利润表", unit="元"), headings=HEADINGS)).checks
    first = [c for c in checks if c.statement.startswith("二、营业利润")]
    assert {c.verdict for c in first} == {CheckVerdict.NOT_EVALUATED}
    assert "not known to add up" in first[0].reason


def with_cash(rows: tuple[tuple[str, ...], ...] = CASH) -> SuiteInput:
    cash = a_table(rows, title="现金流量表", unit="元")
    return known(a_document(*statement().tables, cash, headings=HEADINGS))


def test_a_cash_flow_statement_closes_and_meets_the_balance_sheet() -> None:
    found = with_cash()
    assert found.kinds == ("F1", "F2", "F3")
    mine = [c for c in found.checks if c.identity in ("A09", "A10", "A11", "A12", "A13")]
    assert {c.identity for c in mine if c.verdict is CheckVerdict.HOLDS} == {"A09", "A10", "A11", "A12", "A13"}
    assert not [c.statement for c in found.checks if c.verdict in FAILING]
    both = coverage(found.checks, tuple(f for f in found.facts if f.table_kind == "F3"))
    assert both.under_one == 1.0
    assert both.under_two >= 0.4


def test_cash_that_is_tied_up_is_no_error() -> None:
    rows = tuple(tuple(t.replace("1,250,300.45", "1,240,300.45").replace("270,300.45", "260,300.45")
                       .replace("1,020,300.45", "1,010,300.45").replace("9,020,300.45", "9,010,300.45")
                       .replace("120,300.45", "110,300.45") for t in row) for row in CASH)  # fmt: skip
    checks = with_cash(rows).checks
    assert not [c.statement for c in checks if c.verdict in FAILING]
    assert [c.verdict for c in checks if c.identity == "A13"] == [CheckVerdict.NOT_EVALUATED]


def test_costs_of_finance_that_are_interest_alone_say_so() -> None:
    """财务费用 = 利息费用 - 利息收入 in a column where nothing else is in it."""
    rows = tuple(("财务费用", "60,500.00", "72,000.00") if r[0] == "财务费用" else r for r in INCOME)
    checks = known(a_document(a_table(rows, title="利润表", unit="元"), headings=HEADINGS)).checks
    assert [c.verdict for c in checks if c.identity == "A07"] == [CheckVerdict.HOLDS, CheckVerdict.HOLDS]


def test_a_statement_to_the_cent_leaves_no_rounding() -> None:
    """Nothing was rounded in 元 with cents: 0.01 off is an error, though a sum of ten would let it pass."""
    wrong = known(with_text(statement(TextSource.OCR), CellRef(1, 12, 2), "10,000.01"))
    assert dict(wrong.verdicts)[CellRef(1, 12, 2)] is CellVerdict.SUSPECT
    thousands = [replace(t, unit="千元") for t in statement(TextSource.OCR).tables]
    rounded = known(
        with_text(a_document(*thousands, headings=HEADINGS, source=TextSource.OCR), CellRef(1, 12, 2), "10,000.01")
    )
    assert dict(rounded.verdicts)[CellRef(1, 12, 2)] is CellVerdict.CONSISTENT
