"""A result into the output folder: documents/ always, then the one place its disposition gives it.

Order matters for a run that is killed: what a document must not be in any more goes first, so that it never stands in
the dataset and in quarantine at once; the next run completes the rest, because publishing the same result again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from expectations.values import DocumentTables
from flows import dataset
from flows.export import json_bytes, reason_json, write_document
from flows.failpoints import reach
from flows.over_years import publish_over_years, withdraw_over_years
from flows.results import Disposition, DocumentResult, Reason, reason_of
from flows.store import OutputFolder, copy_untouched, discard_folder, made_folder, merged_folder, storage_errors
from ocr.errors import InaccessibleSource

_LONGEST_SUFFIX = 16


WriteDocs = Callable[[Path, DocumentResult], None]
"""Writes the Data Docs of one document into a folder."""


def publish_result(source: Path, result: DocumentResult, out: OutputFolder, write_docs: WriteDocs) -> None:
    """Writes all that is kept of a document. Raises StorageError."""
    with storage_errors(out.root):
        reach("publish.before")
    if result.disposition is not Disposition.ACCEPTED:
        withdraw_over_years(out, result.document_id)
        dataset.withdraw(out, result.document_id)
    if result.disposition is not Disposition.REJECTED:
        discard_folder(out.quarantined(result.document_id), out)
    with made_folder(out.document(result.document_id), out) as folder:
        write_document(folder, result)
        reach("publish.drafted")
    with storage_errors(out.root):
        reach("publish.document")
    with merged_folder(out.data_docs, out) as folder:
        write_docs(folder, result)
    with storage_errors(out.root):
        reach("publish.docs")
    if result.disposition is Disposition.REJECTED:
        _quarantine(source, result, out)
    elif result.disposition is Disposition.ACCEPTED:
        dataset.publish(out, result)
        publish_over_years(out, result)
    with storage_errors(out.root):
        reach("publish.after")


def _quarantine(source: Path, result: DocumentResult, out: OutputFolder) -> None:
    """The original's bytes under a name that any system can hold; its own name stands in reason.json."""
    with made_folder(out.quarantined(result.document_id), out) as folder:
        reasons = (*result.reasons, *_copy_original(source, folder, result.document))
        reason = {
            "sha256": result.document.sha256,
            "source_name": result.document.source_name,
            "reasons": [reason_json(reason) for reason in reasons],
        }
        (folder / "reason.json").write_bytes(json_bytes(reason))
        reach("publish.quarantine")


def _copy_original(source: Path, folder: Path, document: DocumentTables) -> tuple[Reason, ...]:
    """Copies the original; why that could not be done, when it has gone or changed meanwhile."""
    target = folder / f"original{_plain_suffix(Path(document.source_name))}"
    try:
        copy_untouched(source, target, document.sha256)
    except InaccessibleSource as error:
        target.unlink(missing_ok=True)
        return (reason_of(error),)
    return ()


def _plain_suffix(source: Path) -> str:
    suffix = source.suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= _LONGEST_SUFFIX else ""
