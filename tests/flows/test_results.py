"""Dispositions: where a document goes, and why."""

import json
from dataclasses import replace

import pytest

from expectations.values import DocumentTables
from flows.export import json_bytes
from flows.results import (
    NO_REPORT,
    Disposition,
    DocumentResult,
    broken,
    conclude,
    decide_disposition,
    rejected,
)
from ocr.errors import EncryptedSource
from ocr.values import PageFacts, PageFailure
from tests.flows.fakes import make_table, report_on

SHA = "ab" * 32
UNREAD = DocumentTables(SHA, "a.pdf", (), (), ())


def document(*failures: PageFailure, n_tables: int = 1, n_pages: int = 1) -> DocumentTables:
    facts = [
        PageFacts(n, 595, 842, failures=tuple(f for f in failures if f.page_number == n)) for n in range(1, n_pages + 1)
    ]
    return DocumentTables(SHA, "a.pdf", tuple(facts), (make_table(("a", "1")),) * n_tables, ())


def failure(page_number: int, code: str) -> PageFailure:
    return PageFailure(page_number, "layout.grids", code, "it failed", "try again")


def test_a_document_whose_expectations_hold_is_accepted() -> None:
    result = conclude(document(), report_on(document()))
    assert (result.disposition, result.reasons) == (Disposition.ACCEPTED, ())


def test_a_failed_critical_finding_needs_review_and_is_the_reason() -> None:
    disposition, reasons = decide_disposition(document(), report_on(document(), critical_succeeds=False), ())
    assert disposition is Disposition.NEEDS_REVIEW
    assert [(r.code, r.message) for r in reasons] == [("E_CHECK", "收支 differ")]


def test_a_failed_page_needs_review_and_names_page_and_stage() -> None:
    read = document(failure(2, "E_BUG"), n_pages=2)
    result = conclude(read, report_on(read))
    assert result.disposition is Disposition.NEEDS_REVIEW
    assert result.reasons[0].where == "page 2, layout.grids"
    assert result.failures == (failure(2, "E_BUG"),)


def test_a_failed_page_outweighs_that_no_table_was_found() -> None:
    read = document(failure(2, "E_RECOGNITION"), n_tables=0, n_pages=2)
    assert conclude(read, report_on(read)).disposition is Disposition.NEEDS_REVIEW


def test_a_document_without_a_table_is_rejected_with_its_own_code() -> None:
    read = document(n_tables=0)
    result = conclude(read, report_on(read))
    assert (result.disposition, result.reasons[0].code) == (Disposition.REJECTED, "E_NO_TABLES")


def test_a_document_each_of_whose_pages_is_unreadable_is_rejected() -> None:
    read = document(failure(1, "E_UNREADABLE"), failure(2, "E_UNREADABLE"), n_tables=0, n_pages=2)
    assert conclude(read, report_on(read)).disposition is Disposition.REJECTED


def test_no_file_is_rejected_for_a_fault_of_the_engine() -> None:
    read = document(failure(1, "E_RECOGNITION"), n_tables=0)
    assert conclude(read, report_on(read)).disposition is Disposition.NEEDS_REVIEW


def test_what_nothing_looked_at_has_not_passed() -> None:
    report = report_on(document())
    unseen = replace(report, findings=tuple(replace(f, n_evaluated=0) for f in report.findings))
    disposition, reasons = decide_disposition(document(), unseen, ())
    assert (disposition, reasons[0].code) == (Disposition.NEEDS_REVIEW, "E_NOT_CHECKED")


def test_a_source_error_rejects_and_keeps_message_and_remedy() -> None:
    result = rejected(UNREAD, EncryptedSource("it is locked"))
    assert result.disposition is Disposition.REJECTED
    assert (result.reasons[0].code, result.reasons[0].remedy) == ("E_ENCRYPTED", EncryptedSource.remedy)


def test_a_bug_never_rejects() -> None:
    result = broken(UNREAD, ZeroDivisionError("x"))
    assert (result.disposition, result.reasons[0].code) == (Disposition.NEEDS_REVIEW, "E_BUG")


def test_an_accepted_document_with_failures_cannot_exist() -> None:
    with pytest.raises(ValueError, match="neither failures nor reasons"):
        DocumentResult(document(), NO_REPORT, Disposition.ACCEPTED, failures=(failure(1, "E_BUG"),))
    with pytest.raises(ValueError, match="without a reason"):
        DocumentResult(document(), NO_REPORT, Disposition.REJECTED)


def test_json_in_blocks_is_the_json_in_one_piece() -> None:
    data = {"rows": [{"text": f"第{n}行 \udc80", "value": n / 7} for n in range(3000)], "none": [], "deep": {"er": {}}}
    whole = (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
    assert json_bytes(data) == whole
