"""Two years of one office against each other (X13), and one amount in two units (X16)."""

from __future__ import annotations

from dataclasses import replace

from expectations.kinds import recognise_kinds
from expectations.known import check_identities
from expectations.validate import before_suites
from expectations.values import Check, CheckVerdict, DocumentIdentity, DocumentTables, Fact
from expectations.years import checks_over_years, follow
from tests.expectations.documents import B1, a_document, a_table
from tests.expectations.final_accounts import J1, J8, TITLES, accounts

HOLDS = CheckVerdict.HOLDS


def dated(document: DocumentTables) -> tuple[DocumentIdentity, tuple[Fact, ...]]:
    known = before_suites(document)
    return known.identity, known.facts


def next_year(left: str = "48.50", fund: str = "2.00") -> tuple[DocumentIdentity, tuple[Fact, ...]]:
    """The year after `accounts`: what its first rows begin with."""
    j1 = [(r[0], r[1], left, *r[3:]) if r[0] == "年初结转和结余" else r for r in J1]
    j8 = [(*r[:4], fund, *r[5:]) if r[0] in ("合计", "212") else r for r in J8]
    tables = a_table(j1, title=TITLES["J1"]), a_table(j8, title=TITLES["J8"])
    return dated(a_document(*tables, headings=("某县人民政府办公室2025年度部门决算",)))


def by_verdict(checks: tuple[Check, ...]) -> list[tuple[str, CheckVerdict]]:
    return [(str(c.residual), c.verdict) for c in checks if c.verdict is not CheckVerdict.NOT_EVALUATED]


def test_what_is_left_is_what_the_next_year_begins_with() -> None:
    checks = checks_over_years(dated(accounts()), next_year())
    assert {c.identity for c in checks} == {"X13"}
    assert {v for _, v in by_verdict(checks)} == {HOLDS}
    assert len(by_verdict(checks)) == 5  # J1, and J8 in its total and three codes
    assert all(c.terms[0].cell is not None and c.terms[1].cell is None for c in checks)


def test_a_year_that_begins_otherwise_is_found() -> None:
    failing = [c for c in checks_over_years(dated(accounts()), next_year("48.80")) if c.verdict is not HOLDS]
    assert [(str(c.residual), c.verdict) for c in failing] == [("0.30", CheckVerdict.EXTRACTION_SUSPECT)]
    trusted = checks_over_years(dated(accounts()), next_year("48.80"), trust=lambda _: True)
    assert [c.verdict for c in trusted if c.verdict is not HOLDS] == [CheckVerdict.SOURCE_INCONSISTENT]


def test_only_documents_that_follow_one_another_are_compared() -> None:
    first, second = dated(accounts()), next_year()
    assert follow(first[0], second[0])
    assert checks_over_years(second, first) == ()
    assert checks_over_years(first, (replace(second[0], organisation="某局"), second[1])) == ()
    assert checks_over_years(first, (replace(second[0], fiscal_year=None), second[1])) == ()


def test_a_column_of_the_year_before_repeats_that_years_own() -> None:
    head = ("科目编码", "科目名称", "2025年预算数", "2026年预算数")
    first = a_document(a_table(B5_2025, title="一般公共预算支出表"), headings=("某局2025年部门预算",))
    rows = (head, ("合计", "<", "30.00", "36.00"), ("201", "一般公共服务支出", "30.00", "36.00"))
    second = a_document(a_table(rows, title="一般公共预算支出表"), headings=("某局2026年部门预算",))
    checks = checks_over_years(dated(first), dated(second))
    assert [v for _, v in by_verdict(checks)] == [HOLDS, HOLDS]


B5_2025 = (
    ("科目编码", "科目名称", "2025年预算数", "<", "<"),
    ("^", "^", "合计", "基本支出", "项目支出"),
    ("合计", "<", "30.00", "20.00", "10.00"),
    ("201", "一般公共服务支出", "30.00", "20.00", "10.00"),
)
HEADINGS = ("某局2026年部门预算",)
B3 = (
    ("科目编码", "科目名称", "总计", "基本支出", "项目支出"),
    ("合计", "<", "{0}", "265600.00", "120000.00"),
    ("201", "一般公共服务支出", "320000.00", "200000.00", "120000.00"),
    ("205", "教育支出", "65600.00", "65600.00", ""),
)


def units_of(total: str, unit: str) -> list[Check]:
    rows = [tuple(t.format(total) for t in row) for row in B3]
    tables = a_table(B1, title="部门收支总表"), a_table(rows, title="部门支出总表", unit=unit)
    document = a_document(*tables, headings=HEADINGS)
    return [c for c in check_identities(document, recognise_kinds(document)) if c.identity == "X16"]


def test_one_amount_in_two_units() -> None:
    assert [c.verdict for c in units_of("385600.00", "元")] == [HOLDS]


def test_a_unit_that_is_wrong_is_named() -> None:
    (found,) = units_of("385600.00", "万元")
    assert found.verdict is CheckVerdict.SOURCE_INCONSISTENT
    assert found.statement == "table 1 in 万元 and table 2 in 万元 print one amount"


def test_a_figure_that_differs_otherwise_says_nothing_of_units() -> None:
    assert units_of("385700.00", "元") == []
    assert units_of("38.56", "万元") == []


def test_tables_in_one_unit_make_no_relation_of_units() -> None:
    checks = before_suites(accounts()).checks
    assert [c for c in checks if c.identity == "X16"] == []
