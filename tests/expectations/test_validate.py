"""validate: one report from everything that is known before the suites, and what the suites find."""

from __future__ import annotations

from expectations.validate import before_suites, validate
from expectations.values import Finding, Severity, SuiteInput
from tests.expectations.documents import B5, B6, a_document, a_table

FINDING = Finding("B5", "an expectation", Severity.CRITICAL, False, 1, "no")


def test_the_suites_see_everything_and_their_findings_are_reported() -> None:
    document = a_document(a_table(B5, title="一般公共预算支出表"), a_table(B6, title="基本支出预算表"),
                          headings=("某局2026年部门预算",))  # fmt: skip
    seen: list[SuiteInput] = []

    def run_suites(known: SuiteInput) -> tuple[Finding, ...]:
        seen.append(known)
        return (FINDING,)

    report = validate(document, run_suites)
    assert seen == [before_suites(document)]
    assert report.critical_failures == (FINDING,)
    assert report.table_kinds == ("B5", "B6")
    assert (report.facts, report.checks, report.verdicts) == (seen[0].facts, seen[0].checks, seen[0].verdicts)


def test_a_document_without_tables_is_no_error() -> None:
    report = validate(a_document(), lambda _: ())
    assert (report.table_kinds, report.facts, report.checks, report.verdicts) == ((), (), (), ())
