"""Verdicts: what one, two, or two dependent identities say of a cell, and which cells a failing one leaves suspect."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.validate import before_suites
from expectations.values import CellRef, CellVerdict, Check, CheckVerdict, DocumentTables, SuiteInput, Term
from expectations.verdicts import FAILING, checks_by_cell, coverage, n_independent
from layout.values import Doubt
from ocr.values import Reading, TextSource
from tests.expectations.documents import B4, B5, B6, FORM, a_document, a_table, read_twice, with_text

RUNNING, ONE = CellRef(0, 5, 3), Decimal(1)


def scanned(*extra: tuple[tuple[str, ...], ...]) -> DocumentTables:
    tables = [a_table(B5, title="一般公共预算支出表"), *(a_table(rows) for rows in extra)]
    return a_document(*tables, headings=("某局2026年部门预算",), source=TextSource.OCR)


def verdict_of(document: DocumentTables, ref: CellRef) -> CellVerdict:
    return dict(before_suites(document).verdicts)[ref]


def check_on(*others: int, verdict: CheckVerdict = CheckVerdict.HOLDS) -> Check:
    terms = (Term(RUNNING, 1, ONE), *(Term(CellRef(0, 0, c), -1, ONE) for c in others))
    return Check("I01", "", verdict, terms)


def test_two_identities_prove_a_figure() -> None:
    assert verdict_of(scanned(), RUNNING) is CellVerdict.PROVEN


def test_every_figure_has_one_verdict_and_no_code_has() -> None:
    known = before_suites(scanned())
    refs = [ref for ref, _ in known.verdicts]
    assert len(refs) == len(set(refs))
    assert {ref.col for ref in refs} == {2, 3, 4}


def test_one_identity_is_consistent_and_proves_with_two_readings() -> None:
    rows = (("科目编码", "科目名称", "总计", "基本支出"), ("201", "一般公共服务支出", "5.00", "5.00"))
    document = a_document(a_table(rows, title="部门支出总表"), source=TextSource.OCR)
    assert verdict_of(document, CellRef(0, 1, 2)) is CellVerdict.CONSISTENT
    assert verdict_of(read_twice(document), CellRef(0, 1, 2)) is CellVerdict.PROVEN


def test_a_figure_under_no_identity_is_read() -> None:
    rows = (("项目名称", "数量"), ("光纤线路", "50"), ("会议系统", "2"))
    document = a_document(a_table(rows), source=TextSource.OCR)
    assert {v for _, v in before_suites(document).verdicts} == {CellVerdict.READ}


def test_a_wrong_digit_is_found_and_its_neighbours_are_cleared() -> None:
    known = before_suites(with_text(scanned(), RUNNING, "80.00"))
    suspects = {ref for ref, v in known.verdicts if v is CellVerdict.SUSPECT}
    assert suspects == {RUNNING}


def test_an_error_that_every_reading_agrees_on_is_the_authors() -> None:
    document = read_twice(with_text(scanned(), RUNNING, "80.00"))
    assert verdict_of(document, RUNNING) is CellVerdict.SOURCE_INCONSISTENT


def test_doubt_is_settled_by_two_identities_only() -> None:
    rows = (("科目编码", "科目名称", "总计", "基本支出"), ("201", "一般公共服务支出", "5.00", "5.00"))
    single = a_document(a_table(rows, title="部门支出总表"), source=TextSource.OCR)
    doubted = with_text(single, CellRef(0, 1, 2), "5.00", (Doubt.LOW_CONFIDENCE,))
    assert verdict_of(doubted, CellRef(0, 1, 2)) is CellVerdict.SUSPECT
    assert verdict_of(with_text(scanned(), RUNNING, "20.00", (Doubt.LOW_CONFIDENCE,)), RUNNING) is CellVerdict.PROVEN


def test_a_text_that_contradicts_a_proven_figure_is_to_blame_itself() -> None:
    tables = [a_table(B5, title="一般公共预算支出表"), a_table(B6)]
    headings = ("2026年一般公共预算财政拨款收入36.56万元，一般公共预算财政拨款支出30.56万元。",)
    known = before_suites(a_document(*tables, headings=headings, source=TextSource.OCR))
    assert [c.identity for c in known.checks if c.verdict in FAILING] == ["X12", "X12"]
    assert CellVerdict.SUSPECT not in {v for _, v in known.verdicts}


def test_digits_that_are_no_amount_are_suspect() -> None:
    assert verdict_of(with_text(scanned(), RUNNING, "20.0O"), RUNNING) is CellVerdict.SUSPECT


def test_the_same_other_terms_are_not_two_identities() -> None:
    assert n_independent(RUNNING, ()) == 0
    assert n_independent(RUNNING, (check_on(1), check_on(1))) == 1
    assert n_independent(RUNNING, (check_on(1), check_on(1, 2))) == 1
    assert n_independent(RUNNING, (check_on(1), check_on(2))) == 2
    assert n_independent(RUNNING, (check_on(1), check_on(2, verdict=CheckVerdict.NOT_EVALUATED))) == 1
    assert n_independent(RUNNING, (check_on(),)) == 0


def test_a_figure_printed_twice_has_what_is_said_of_its_other_print() -> None:
    """a = b and b = c + d: two things are said of a; not where a itself stands in the second, or it closes loosely."""
    a, b, c, d = (CellRef(0, row, 0) for row in range(4))

    def check(*cells: CellRef, verdict: CheckVerdict = CheckVerdict.HOLDS) -> Check:
        return Check("I01", "", verdict, tuple(Term(cell, 1, Decimal(5)) for cell in cells))

    def count(*checks: Check) -> int:
        return n_independent(a, [x for x in checks if any(t.cell == a for t in x.terms)], checks_by_cell(checks))

    assert count(check(a, b), check(b, c, d)) == 2
    assert count(check(a, b)) == 1
    assert count(check(a, b, c), check(b, d)) == 1
    assert count(check(a, b), check(b, a, c)) == 1
    assert count(check(a, b), check(b, c, verdict=CheckVerdict.WITHIN_ROUNDING)) == 1
    assert count(check(a, b, verdict=CheckVerdict.WITHIN_ROUNDING), check(b, c)) == 1


def test_a_figure_in_another_unit_is_not_far_off_within_its_rounding() -> None:
    """227,838 元 and 22.78 万元: the figure of the smaller unit has digits that the larger one does not print."""
    form = (*FORM[:2], ("资金情况（万元）", "年度资金总额：", "22.78", "<", "<"), ("^", "其中：财政拨款", "22.78", "<", "<"),
            ("^", "其他资金", "", "<", "<"), ("绩效指标", "三级指标", "指标值", "度量单位", "权重(%)"),
            ("^", "维护费", "227838", "元/年", "40"), ("^", "满意度", "95", "%", "50"))  # fmt: skip
    document = a_document(
        a_table(form, title="项目绩效目标表"), headings=("某局2026年部门预算",), source=TextSource.OCR
    )
    known = before_suites(document)
    assert [c.verdict for c in known.checks if c.identity == "I17"] == [CheckVerdict.WITHIN_ROUNDING]
    assert CellVerdict.SUSPECT not in dict(known.verdicts).values()


def test_coverage_counts_money_only() -> None:
    known: SuiteInput = before_suites(scanned(B6, B4))
    found = coverage(known.checks, known.facts)
    assert found.n_figures == sum(bool(f.amount) for f in known.facts)
    assert found.under_one == 1.0
    assert 0.9 < found.under_two <= 1.0
    assert coverage((), known.facts).under_one == 0.0


@pytest.mark.parametrize(
    ("page", "crop", "verdict"),
    [(0.7, 0.8, CellVerdict.SUSPECT), (0.7, 0.97, CellVerdict.READ)],
    ids=["both unsure", "one sure"],
)
def test_looks_that_agree_but_are_unsure_settle_no_doubt(page: float, crop: float, verdict: CellVerdict) -> None:
    """Under no identity, and both looks of one network: they may err alike."""
    table = a_table((("项目名称", "数量"), ("光纤线路", "50"), ("会议系统", "2")))
    readings = (Reading("50", page, "page"), Reading("50", crop, "crop"))
    cells = tuple(
        replace(c, confidence=page, readings=readings, doubts=(Doubt.LOW_CONFIDENCE,)) if c.text == "50" else c
        for c in table.cells
    )
    document = a_document(replace(table, cells=cells), source=TextSource.OCR)
    assert verdict_of(document, CellRef(0, 1, 1)) is verdict
