"""Data Docs: what was expected of each document and what came of it, for people, readable without a network.

Great Expectations brings its own Data Docs, but each of their pages loads styles, scripts and a logo from public
CDNs, and offline their index is empty; they speak of batches and kwargs, and know nothing of pages and cells. So the
pages are our own (`docs_pages`), self-contained and in Chinese and English. They show what came of each expectation
of each suite, from the findings, so that making them costs no second validation:

    FOLDER/index.html                  all documents
    FOLDER/documents/<id>.html         one document
    FOLDER/documents/<id>.json         the same for machines; the index is made from these

Each document writes only files of its own, so that a second run adds to the index what it has, and no order of
writing matters. Files are written whole or not at all. OSError is the caller's to map; a record that cannot be read
back raises StorageError.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from expectations.docs_pages import DocumentSummary, document_page, index_page
from expectations.findings import finding_json
from expectations.json_pieces import Items, json_pieces
from expectations.values import CellVerdict, CheckVerdict, DocumentTables, Severity, ValidationReport
from ocr.errors import StorageError

DOCS_VERSION = 1


@dataclass(frozen=True, slots=True)
class DocumentDocs:
    """All that the page of one document is made from."""

    document_id: str
    document: DocumentTables
    report: ValidationReport
    disposition: str
    reasons: tuple[str, ...]


def write_document_docs(
    folder: Path,
    document_id: str,
    document: DocumentTables,
    report: ValidationReport,
    disposition: str,
    reasons: tuple[str, ...],
) -> Path:
    """The page of one document and its record, under ``folder``; the index is not touched. Returns the page."""
    docs = DocumentDocs(document_id, document, report, disposition, reasons)
    summary = summarise(docs)
    page = folder / "documents" / f"{document_id}.html"
    _write(page, document_page(summary, document, report, reasons))
    _write(page.with_suffix(".json"), json_pieces(_record(docs, summary), ensure_ascii=True, allow_nan=False))
    return page


def write_docs_index(folder: Path) -> Path:
    """The index over all documents that have a page in ``folder``. Returns it. Raises StorageError."""
    summaries = [_read_summary(path) for path in sorted((folder / "documents").glob("*.json"))]
    index = folder / "index.html"
    _write(index, (index_page(summaries),))
    return index


def summarise(docs: DocumentDocs) -> DocumentSummary:
    """What the index says of a document."""
    report = docs.report
    verdicts = Counter(verdict for _, verdict in report.verdicts)
    checks = Counter(check.verdict for check in report.checks)
    failed = Counter(finding.severity for finding in report.findings if not finding.success)
    return DocumentSummary(
        document_id=docs.document_id,
        source_name=docs.document.source_name,
        organisation=report.identity.organisation,
        fiscal_year=report.identity.fiscal_year,
        kind=report.identity.kind,
        disposition=docs.disposition,
        n_pages=len(docs.document.pages),
        n_tables=len(docs.document.tables),
        n_critical=failed[Severity.CRITICAL],
        n_warnings=failed[Severity.WARNING],
        verdicts={verdict.value: verdicts[verdict] for verdict in CellVerdict},
        checks={verdict.value: checks[verdict] for verdict in CheckVerdict},
    )


def _record(docs: DocumentDocs, summary: DocumentSummary) -> Mapping[str, Any]:
    findings = Items(finding_json, docs.report.findings)
    return {"docs_version": DOCS_VERSION, "summary": asdict(summary), "reasons": docs.reasons, "findings": findings}


def _read_summary(path: Path) -> DocumentSummary:
    try:
        return DocumentSummary(**json.loads(path.read_text(encoding="utf-8"))["summary"])
    except (ValueError, KeyError, TypeError) as error:
        remedy = "Delete this file and run its document again with --force."
        raise StorageError(f"not a record of the Data Docs: {error}", where=str(path), remedy=remedy) from error


def _write(path: Path, pieces: Iterable[str]) -> None:
    """A text under ``path``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
