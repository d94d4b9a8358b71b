"""Is all of a watched folder's output in order? Ledger against store, documents, quarantine and dataset, and back.

    lost       a file was taken, and its bytes or its result are not where they belong
    damaged    bytes have another SHA-256, a parquet file does not open, SQLite finds its file broken
    doubled    an accepted document does not stand exactly once in the dataset
    left over  something lies where readers look, and the ledger knows nothing of it

It reads only. While a watch is at work, a document that is being published may show; ask again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.dataset import documents_in
from flows.ledger import Ledger, Row, State
from flows.store import OutputFolder, file_sha256
from ocr.errors import InaccessibleSource, StorageError

_DONE = {State.ACCEPTED, State.NEEDS_REVIEW, State.QUARANTINED}


@dataclass(frozen=True, slots=True)
class Fault:
    """kind: lost, damaged, doubled, left over."""

    kind: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Audit:
    """counts: offerings by state."""

    faults: tuple[Fault, ...]
    counts: Mapping[State, int]
    n_offered: int
    n_stored: int
    n_parquet: int


def audit_output(out: OutputFolder, ledger: Ledger) -> Audit:
    """Everything that is not in order. Raises StorageError when the ledger cannot be read."""
    counts, n_offered = ledger.counts(), ledger.n_offered()
    rows = ledger.documents()
    parquet = sorted(path for path in out.dataset.rglob("*") if path.is_file())
    faults = (
        *_ledger_faults(ledger, counts, n_offered),
        *_store_faults(out, rows),
        *_document_faults(out, rows),
        *_dataset_faults(out, parquet, rows),
    )
    return Audit(faults, counts, n_offered, len(rows), len(parquet))


def _ledger_faults(ledger: Ledger, counts: Mapping[State, int], n_offered: int) -> Iterator[Fault]:
    for text in ledger.faults():
        yield Fault("damaged", "ledger", text)
    if sum(counts.values()) != n_offered:
        yield Fault("lost", "ledger", f"{n_offered} files were taken, {sum(counts.values())} are in a state")


def _store_faults(out: OutputFolder, rows: tuple[Row, ...]) -> Iterator[Fault]:
    for row in rows:
        path = out.stored(row.sha256)
        try:
            if file_sha256(path) != row.sha256:
                yield Fault("damaged", _in(out, path), "its bytes have another SHA-256")
        except InaccessibleSource as error:
            yield Fault("lost", _in(out, path), error.message)
    known = {row.sha256 for row in rows}
    for path in _entries(out.store):
        if path.name not in known:
            yield Fault(
                "left over", _in(out, path), "a claim was cut short here; the next look at the inbox makes it whole"
            )


def _document_faults(out: OutputFolder, rows: tuple[Row, ...]) -> Iterator[Fault]:
    done = {row.sha256[:16]: row for row in rows if row.state in _DONE}
    for document_id, row in done.items():
        if not (out.document(document_id) / "document.json").is_file():
            yield Fault("lost", document_id, "it is done, and has no document.json")
        if (row.state is State.QUARANTINED) != (out.quarantined(document_id) / "reason.json").is_file():
            yield Fault("lost", document_id, f"it is {row.state.value}, which its place in quarantine/ contradicts")
    open_ids = {row.sha256[:16] for row in rows}
    for folder in (out.document("x").parent, out.quarantined("x").parent):
        for path in _entries(folder):
            if path.name not in open_ids:
                yield Fault("left over", _in(out, path), "the ledger knows no such document")


def _dataset_faults(out: OutputFolder, parquet: list[Path], rows: tuple[Row, ...]) -> Iterator[Fault]:
    states = {row.sha256[:16]: row.state for row in rows}
    published: dict[str, int] = {}
    for path in parquet:
        named = path.stem.split("-")  # a file over years names two documents, the later first
        found = [states.get(name) for name in named]
        if path.suffix != ".parquet" or None in found:
            yield Fault("left over", _in(out, path), "the ledger knows no such document")
            continue
        for state in found:
            if state in {State.NEEDS_REVIEW, State.QUARANTINED}:
                yield Fault("left over", _in(out, path), f"its document is {state.value}")
        try:
            ids = documents_in(path)
        except StorageError as error:
            yield Fault("damaged", _in(out, path), error.message)
            continue
        if path.relative_to(out.dataset).parts[0] == "documents":
            published[path.stem] = published.get(path.stem, 0) + len(ids)
        if set(ids) - {named[0]}:
            yield Fault("doubled", _in(out, path), "it holds rows of another document")
    for document_id, state in states.items():
        n = published.get(document_id, 0)
        if state is State.ACCEPTED and n != 1:
            yield Fault("doubled" if n else "lost", document_id, f"it is accepted, and stands {n} times in the dataset")


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _in(out: OutputFolder, path: Path) -> str:
    return path.relative_to(out.root).as_posix()
