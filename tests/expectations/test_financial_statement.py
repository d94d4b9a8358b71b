"""A second disclosure, known by its catalogue alone: a balance sheet and an income statement, clean and corrupted."""

from __future__ import annotations

import random

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
    assert {c.identity for c in evaluated} == {"A01", "A02", "A03", "A04", "A05", "A06"}
    assert {c.verdict for c in evaluated} == {CheckVerdict.HOLDS}
    assert len(evaluated) == 24
    assert CellVerdict.SUSPECT not in dict(found.verdicts).values()
    # The details of 财务费用 stand in no sum: 4 of 76 figures.
    assert coverage(found.checks, found.facts).under_one >= 0.9


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
