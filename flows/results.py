"""What became of a document: accepted, needs_review or rejected, and why. Pure.

    accepted       every page was read, something was checked, and no critical expectation failed
    needs_review   a page failed, a critical expectation failed, or nothing could be checked
    rejected       the file gives no dataset, however often it is read: it cannot be opened (SourceError), each of its
                   pages is unreadable, or it was read whole and holds no table (E_NO_TABLES)

A document without any table is rejected, not sent to a reviewer: there is no figure to look at, and the remedy (give
another file) lies with whoever sent it. A fault of the machine or of this program never rejects a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from expectations.values import DocumentIdentity, DocumentTables, Finding, ValidationReport
from ocr.errors import PageCrashed, PageMemory, PageSkipped, PageTimeout, ScanledgerError, SourceError, UnreadablePage
from ocr.values import PageFacts, PageFailure

NO_REPORT = ValidationReport(DocumentIdentity("", "", None), (), (), (), (), ())


class Disposition(StrEnum):
    ACCEPTED = "accepted"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document is not accepted: a stable code, one sentence, the next step, and the place."""

    code: str
    message: str
    remedy: str = ""
    where: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message} [{self.code}] {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """One document as it leaves the pipeline. report is NO_REPORT when the document never came to validation."""

    document: DocumentTables
    report: ValidationReport
    disposition: Disposition
    reasons: tuple[Reason, ...] = ()
    failures: tuple[PageFailure, ...] = ()

    def __post_init__(self) -> None:
        if self.disposition is Disposition.ACCEPTED and (self.failures or self.reasons):
            raise ValueError("an accepted document has neither failures nor reasons against it")
        if self.disposition is not Disposition.ACCEPTED and not self.reasons:
            raise ValueError(f"a document is not {self.disposition} without a reason")

    @property
    def document_id(self) -> str:
        """The first 16 hex digits of the file's SHA-256: the document's name in the output."""
        return self.document.sha256[:16]


def document_failures(document: DocumentTables) -> tuple[PageFailure, ...]:
    return tuple(failure for page in document.pages for failure in page.failures)


def conclude(document: DocumentTables, report: ValidationReport) -> DocumentResult:
    """A document that came through the pipeline, with its disposition."""
    failures = document_failures(document)
    disposition, reasons = decide_disposition(document, report, failures)
    return DocumentResult(document, report, disposition, reasons, failures)


def decide_disposition(
    document: DocumentTables, report: ValidationReport, failures: Sequence[PageFailure]
) -> tuple[Disposition, tuple[Reason, ...]]:
    """Where a document that could be opened goes, and every reason that keeps it out of the dataset."""
    page_reasons = _page_reasons(failures)
    if _nothing_readable(document.pages, failures):
        return Disposition.REJECTED, page_reasons
    if not document.tables and not failures:
        return Disposition.REJECTED, (NO_TABLES,)
    reasons = page_reasons + _finding_reasons(report)
    return (Disposition.NEEDS_REVIEW, reasons) if reasons else (Disposition.ACCEPTED, ())


NO_TABLES = Reason(
    "E_NO_TABLES",
    "Every page was read, and none holds a table, so there is nothing to put into a dataset.",
    "Check that this is the file you meant; if a page does show a table, look at it with `scanledger debug`.",
)
NOT_CHECKED = Reason(
    "E_NOT_CHECKED",
    "No expectation looked at a single cell of this document, so nothing vouches for its figures.",
    "Look at its tables with `scanledger inspect`; their kinds may be unknown to the catalogue.",
)
_REVIEW = "Look at the cells it names with `scanledger inspect`."


_BY_THE_FILE = {error.code for error in (UnreadablePage, PageTimeout, PageMemory, PageCrashed, PageSkipped)}


def _nothing_readable(pages: Sequence[PageFacts], failures: Sequence[PageFailure]) -> bool:
    """Each page failed, and each by the file's own fault."""
    by_the_file = {f.page_number for f in failures if f.code in _BY_THE_FILE}
    return bool(pages) and by_the_file == {page.page_number for page in pages}


def _finding_reasons(report: ValidationReport) -> tuple[Reason, ...]:
    failed = tuple(map(_finding_reason, report.critical_failures))
    if failed or any(f.n_evaluated for f in report.findings):
        return failed
    return (NOT_CHECKED,)


def _finding_reason(finding: Finding) -> Reason:
    where = finding.suite if finding.table_index is None else f"table {finding.table_index + 1:02d}"
    return Reason("E_CHECK", finding.message or finding.expectation, _REVIEW, where)


def _page_reasons(failures: Sequence[PageFailure]) -> tuple[Reason, ...]:
    """One for each page, or for pages one after the other of which the same is said."""
    reasons = []
    for _, group in groupby(enumerate(failures), key=lambda at: replace(at[1], page_number=at[1].page_number - at[0])):
        alike = [failure for _, failure in group]
        first, last = alike[0].page_number, alike[-1].page_number
        pages = f"page {first}" if first == last else f"pages {first} to {last}"
        failure = alike[0]
        reasons.append(Reason(failure.code, failure.message, failure.remedy, f"{pages}, {failure.stage}"))
    return tuple(reasons)


def rejected(document: DocumentTables, error: SourceError) -> DocumentResult:
    """A file that cannot be opened, as a result."""
    return DocumentResult(document, NO_REPORT, Disposition.REJECTED, (reason_of(error),), document_failures(document))


def broken(document: DocumentTables, error: Exception) -> DocumentResult:
    """A document lost to a fault of this program: what was read of it is kept for review, it is not rejected for it."""
    reasons = (reason_of(error),)
    return DocumentResult(document, NO_REPORT, Disposition.NEEDS_REVIEW, reasons, document_failures(document))


def reason_of(error: Exception) -> Reason:
    """An error as a reason; one that nobody raised on purpose is a bug."""
    if isinstance(error, ScanledgerError):
        return Reason(error.code, error.message, error.remedy, error.where)
    return Reason(ScanledgerError.code, f"{type(error).__name__}: {error}", ScanledgerError.remedy)


def page_failure(page_number: int, stage: str, error: Exception) -> PageFailure:
    reason = reason_of(error)
    return PageFailure(page_number, stage, reason.code, reason.message, reason.remedy)
