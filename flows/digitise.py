"""What happens to a file, from its bytes to its place in the output. No orchestrator: how pages are run is passed in.

A fault of the file ends that file, a fault of one page ends that page, and the next one goes on. A fault of the
machine (no model, no space, a broken suite) ends the run, and no file is judged for it. Everything is caught in two
places only: around a page (flows.page_reading), and around a file, here.
"""

from __future__ import annotations

import logging
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Protocol

from expectations.values import CellVerdict, DocumentTables, ValidationReport
from flows.document_limits import DocumentLimits, Size, processor_deadline
from flows.failpoints import reach
from flows.page_cache import PageKey, keep_page, kept_page
from flows.page_reading import PageJob, PageReader, engine_failed
from flows.patience import Patience, PatientReader, skipped_page
from flows.pipeline import PageTables, Stages, join_document
from flows.publish import WriteDocs, publish_result
from flows.rereading import ReadingDesk, noted
from flows.results import (
    Disposition,
    DocumentResult,
    Reason,
    broken,
    conclude,
    reason_of,
    rejected,
)
from flows.sources import printable
from flows.spill import SpillFile
from flows.store import OutputFolder, file_sha256, storage_errors
from ocr.errors import (
    EngineError,
    InaccessibleSource,
    ModelMissing,
    RunStopped,
    SourceError,
    StorageError,
    SuiteError,
    WorkerBroken,
)
from ocr.shelf import Shelf
from ocr.source import SourceFacts, SourceKind

MACHINE_FAULTS = (ModelMissing, WorkerBroken, StorageError, SuiteError, RunStopped)
_log = logging.getLogger("scanledger")


@dataclass(frozen=True, slots=True)
class Workshop:
    """What it takes to turn files into results.

    reader: reads pages, in worker processes or here; stages: for what is done with what it read.
    fingerprint: hex digest of all that determines a page's result besides its file; part of the page cache's key.
    force: read each page again, whatever was kept. publishing: held while a document is published.
    """

    stages: Stages
    reader: PageReader
    write_docs: WriteDocs
    out: OutputFolder
    fingerprint: str
    force: bool = False
    limits: DocumentLimits = field(default_factory=DocumentLimits)
    publishing: Lock = field(default_factory=Lock, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """A page, and whether it had been read before, or by another machine."""

    page: PageTables
    was_kept: bool = False
    was_elsewhere: bool = False


PageRunner = Callable[[Iterable[PageJob], Workshop], Iterator[PageOutcome]]
"""Runs `run_page` over the jobs, in order of pages or at the same time; outcomes come in order. Retries EngineError."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the summary of a run says of one file. document_id is '' for a file that could not even be opened."""

    source_name: str
    document_id: str
    disposition: Disposition
    reasons: tuple[Reason, ...] = ()
    n_pages: int = 0
    n_tables: int = 0
    verdicts: tuple[tuple[CellVerdict, int], ...] = ()
    duplicate_of: str = ""


class Watch(Protocol):
    """Who is told how a run goes on: progress bars, or a log."""

    def run_started(self, n_files: int) -> None: ...
    def file_started(self, source_name: str, n_pages: int) -> None: ...
    def page_done(self, source_name: str, outcome: PageOutcome) -> None: ...
    def file_done(self, outcome: Outcome) -> None: ...
    def run_done(self, outcomes: Sequence[Outcome]) -> None: ...


def digitise_files(
    paths: Iterable[Path],
    workshop: Workshop,
    digitise: Callable[[Path, str], Outcome],
    watch: Watch,
    submit: Callable[[Path, str], Callable[[], Outcome]] | None = None,
    n_ahead: int = 1,
) -> tuple[Outcome, ...]:
    """Each file; one that has the bytes of an earlier one is named as its duplicate and not read again.

    submit: has a file worked on by somebody else and gives what waits for its outcome; at most ``n_ahead`` are waited
    for. Without it each is done here, one after the other.
    """
    seen: dict[str, tuple[str, Callable[[], Outcome]]] = {}
    waiting: deque[Callable[[], Outcome]] = deque()
    outcomes: list[Outcome] = []

    def settle_first() -> None:
        outcome = waiting.popleft()()
        watch.file_done(outcome)
        outcomes.append(outcome)

    for path in paths:
        waiting.append(_offered(path, submit or partial(_done_here, digitise), seen))
        if len(waiting) >= n_ahead:
            settle_first()
    while waiting:
        settle_first()
    return tuple(outcomes)


def _done_here(digitise: Callable[[Path, str], Outcome], path: Path, sha256: str) -> Callable[[], Outcome]:
    outcome = digitise(path, sha256)
    return lambda: outcome


def _offered(
    path: Path,
    submit: Callable[[Path, str], Callable[[], Outcome]],
    seen: dict[str, tuple[str, Callable[[], Outcome]]],
) -> Callable[[], Outcome]:
    """What waits for the file's outcome."""
    name = printable(path.name)
    try:
        sha256 = file_sha256(path)
    except InaccessibleSource as error:
        rejected_at_once = Outcome(name, "", Disposition.REJECTED, (reason_of(error),))
        return lambda: rejected_at_once
    if sha256 in seen:
        first_name, first = seen[sha256]
        return lambda: replace(first(), source_name=name, duplicate_of=first_name)
    seen[sha256] = name, submit(path, sha256)
    return seen[sha256][1]


def digitise_file(
    path: Path, sha256: str, workshop: Workshop, run_pages: PageRunner, watch: Watch, source_name: str = ""
) -> Outcome:
    """One file, read, validated and published. Raises only for faults of the machine.

    source_name: what it is called, where that is not the name it lies under.
    """
    name = source_name or printable(path.name)
    shelf = Shelf(SpillFile(workshop.out.making))
    document = DocumentTables(sha256, name, (), (), (), shelf=shelf)
    try:
        facts = workshop.reader.inspect(path)
        document = replace(document, notes=_file_notes(facts, name), embedded_files=facts.embedded_files)
        pages = _read_pages(path, document, facts.n_pages, workshop, run_pages, watch)
        document = replace(document, pages=tuple(page.facts for page in pages))
        with processor_deadline(workshop.limits.seconds(len(pages))):
            joined = join_document(sha256, name, pages, workshop.stages, shelf)
            del pages
            document = replace(joined, notes=document.notes, embedded_files=document.embedded_files)
            result = conclude(*prove_document(document, path, workshop))
    except MACHINE_FAULTS:
        raise
    except SourceError as error:
        error.where = error.where.replace(path.name, name)
        result = rejected(document, error)
    except Exception as error:  # noqa: BLE001 - around a file: whatever is wrong with this one, the next goes on
        _log.error("document %s failed\n%s", name, traceback.format_exc())
        result = broken(document, error)
    with workshop.publishing:
        publish_result(path, result, workshop.out, workshop.write_docs)
    return outcome_of(result)


def _file_notes(facts: SourceFacts, name: str) -> tuple[str, ...]:
    """What is noted of the file; where it lies it need not have the name it was given under."""
    is_misnamed = name.lower().endswith(".pdf") and facts.kind is not SourceKind.PDF
    return tuple(dict.fromkeys((*facts.notes, *(("misnamed",) if is_misnamed else ()))))


def _read_pages(
    path: Path, document: DocumentTables, n_pages: int, workshop: Workshop, run_pages: PageRunner, watch: Watch
) -> tuple[PageTables, ...]:
    """All pages, as far as the document's limits and our patience go."""
    patience, size = Patience(), Size(workshop.limits)
    workshop = replace(workshop, reader=PatientReader(workshop.reader, patience))
    jobs = (PageJob(path, document.sha256, number) for number in range(1, n_pages + 1))
    watch.file_started(document.source_name, n_pages)
    pages = []
    for outcome in run_pages(takewhile(lambda _: not patience.is_at_its_end, jobs), workshop):
        if outcome.was_kept or outcome.was_elsewhere:
            patience.count(outcome.page)
        size.add(outcome.page)
        watch.page_done(document.source_name, outcome)
        pages.append(outcome.page.laid_aside(document.shelf))
    return (*pages, *map(skipped_page, range(len(pages) + 1, n_pages + 1)))


def prove_document(document: DocumentTables, path: Path, workshop: Workshop) -> tuple[DocumentTables, ValidationReport]:
    """The document as corrected, with the report on it; cells in doubt are looked at again on their pages."""
    desk = ReadingDesk(document, path, workshop.reader, workshop.out, workshop.fingerprint, workshop.force)
    proven, report = workshop.stages.prove(document, desk.reread)
    return noted(proven, desk.notes), report


def run_page(job: PageJob, workshop: Workshop) -> PageOutcome:
    """One page, from the cache or read now and kept; a page that fails is an outcome too.

    Raises EngineError, which may be tried again, and the faults of the machine.
    """
    kept = kept_outcome(job, workshop)
    return kept or kept_now(job, workshop, PageOutcome(workshop.reader.read(job)))


def kept_outcome(job: PageJob, workshop: Workshop) -> PageOutcome | None:
    """The page as it was read before, unless all is to be read again."""
    kept = None if workshop.force else kept_page(workshop.out, _key_of(job, workshop))
    return None if kept is None else PageOutcome(kept, was_kept=True)


def kept_now(job: PageJob, workshop: Workshop, outcome: PageOutcome) -> PageOutcome:
    """The outcome, its page written to the cache unless it failed. Raises StorageError."""
    with storage_errors(workshop.out.pages):
        reach("page.read")
    if not outcome.page.facts.failures:
        keep_page(workshop.out, _key_of(job, workshop), outcome.page)
    return outcome


def _key_of(job: PageJob, workshop: Workshop) -> PageKey:
    return PageKey(job.sha256, job.page_number, workshop.fingerprint)


def settle(job: PageJob, finish: Callable[[], PageOutcome]) -> PageOutcome:
    """The outcome of a page whose tries are used up: an engine that still fails has failed on this page."""
    try:
        return finish()
    except MACHINE_FAULTS:
        raise
    except EngineError as error:
        return PageOutcome(engine_failed(job, error))


def outcome_of(result: DocumentResult) -> Outcome:
    return Outcome(
        source_name=result.document.source_name,
        document_id=result.document_id,
        disposition=result.disposition,
        reasons=result.reasons,
        n_pages=len(result.document.pages),
        n_tables=len(result.document.tables),
        verdicts=_count_verdicts(result.report),
    )


def _count_verdicts(report: ValidationReport) -> tuple[tuple[CellVerdict, int], ...]:
    given = Counter(verdict for _, verdict in report.verdicts)
    return tuple((verdict, given[verdict]) for verdict in CellVerdict if given[verdict])
