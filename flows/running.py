"""How a run goes about its files without Prefect: pages and documents side by side, retries, and the order of it all.

Pages are read by `n_workers` threads, each waiting for a worker process. While one document is proven and published, the
pages of the next are read: a document starts when the one before has handed out its last page, so that few documents
are held at a time and no worker waits for a proof. `process` wraps the same by Prefect.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from flows.digitise import (
    MACHINE_FAULTS,
    Outcome,
    PageOutcome,
    Watch,
    Workshop,
    digitise_file,
    digitise_files,
    run_page,
    settle,
)
from flows.page_reading import PageJob
from ocr.errors import EngineError

_PREFECT_REST_SECONDS = 300.0
RunDocument = Callable[[Path, str, Callable[[], None]], Outcome]
"""(path, sha256, all_submitted) -> what became of the file; calls all_submitted when its last page is under way."""
_log = logging.getLogger("scanledger")


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try. retry_delay_seconds: before the first retry; doubled for each further one."""

    n_workers: int = 1
    retries: int = 2
    retry_delay_seconds: float = 1.0

    @property
    def n_ahead(self) -> int:
        """Pages under way or done before an earlier one: so many that no worker waits while another has a page of seconds."""
        return 4 * self.n_workers


class Turn:
    """Of several documents one hands out its pages at a time. `take`, then `pass_on`, which may be called again."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._is_mine = False

    def take(self) -> None:
        self._lock.acquire()
        self._is_mine = True

    def pass_on(self) -> None:
        if self._is_mine:
            self._is_mine = False
            self._lock.release()


def nothing() -> None:
    """What is to be done where there is nothing to do."""


def in_order(
    jobs: Iterable[PageJob],
    submit: Callable[[PageJob], Callable[[], PageOutcome]],
    n_ahead: int,
    all_submitted: Callable[[], None] = nothing,
) -> Iterator[PageOutcome]:
    """Outcomes in the order of the jobs; only ``n_ahead`` are under way, so finished pages do not pile up."""
    waiting: deque[tuple[PageJob, Callable[[], PageOutcome]]] = deque()
    for job in jobs:
        waiting.append((job, submit(job)))
        if len(waiting) >= n_ahead:
            yield settle(*waiting.popleft())
    all_submitted()
    while waiting:
        yield settle(*waiting.popleft())


def digitise_by_threads(paths: Sequence[Path], workshop: Workshop, effort: Effort, watch: Watch) -> tuple[Outcome, ...]:
    """All files through the pipeline; retries follow at once. Raises only for faults of the machine."""
    with ThreadPoolExecutor(effort.n_workers, "page") as pages, stopped_on_error(workshop):

        def digitise(path: Path, sha256: str, all_submitted: Callable[[], None]) -> Outcome:
            run_pages = partial(run_page_threads, pages, effort, all_submitted=all_submitted)
            return digitise_file(path, sha256, workshop, run_pages, watch)

        return side_by_side(paths, workshop, digitise, watch, effort.n_workers + 1)


@contextmanager
def stopped_on_error(workshop: Workshop) -> Iterator[None]:
    """What is being read ends at once when the block ends by an error or an interrupt."""
    with ExitStack() as leaving:
        leaving.callback(workshop.reader.stop)
        yield
        leaving.pop_all()


@contextmanager
def stopped_on_interrupt(workshop: Workshop) -> Iterator[None]:
    """What is being read ends at once when the block is interrupted. After an error, a full disk say, reading goes on."""

    def stop_where_interrupted(kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, Exception):
            workshop.reader.stop()

    with ExitStack() as leaving:
        leaving.push(stop_where_interrupted)
        yield


def side_by_side(
    paths: Sequence[Path], workshop: Workshop, digitise: RunDocument, watch: Watch, n_at_once: int
) -> tuple[Outcome, ...]:
    """The files, at most ``n_at_once`` of them in hand; outcomes are told in order.

    One alone is worked on in this thread. A file that has the bytes of an earlier one is named as its duplicate.
    """
    if len(paths) == 1 or n_at_once == 1:
        return digitise_files(paths, workshop, lambda path, sha256: digitise(path, sha256, nothing), watch)
    turns = Lock()

    def in_turn(path: Path, sha256: str) -> Outcome:
        turn = Turn(turns)
        turn.take()
        try:
            return digitise(path, sha256, turn.pass_on)
        finally:
            turn.pass_on()

    with ThreadPoolExecutor(n_at_once, "document") as documents, stopped_on_error(workshop):

        def submit(path: Path, sha256: str) -> Callable[[], Outcome]:
            return documents.submit(copy_context().run, in_turn, path, sha256).result

        return digitise_files(paths, workshop, in_turn, watch, submit, 2 * n_at_once)


def run_page_threads(
    pool: ThreadPoolExecutor,
    effort: Effort,
    jobs: Iterable[PageJob],
    workshop: Workshop,
    all_submitted: Callable[[], None] = nothing,
) -> Iterator[PageOutcome]:
    """A `PageRunner` by threads."""

    def submit(job: PageJob) -> Callable[[], PageOutcome]:
        return pool.submit(_tried_again, job, workshop, effort.retries).result

    return in_order(jobs, submit, effort.n_ahead, all_submitted)


def _tried_again(job: PageJob, workshop: Workshop, retries: int) -> PageOutcome:
    try:
        return run_page(job, workshop)
    except MACHINE_FAULTS:
        raise
    except EngineError:
        if not retries:
            raise
    return _tried_again(job, workshop, retries - 1)


class DocumentRuns:
    """Documents one at a time, as a watched folder brings them: each a flow run where Prefect is wanted and answers.

    Where a flow run breaks through Prefect's own fault, its document is worked on again without it (its pages are
    kept), and Prefect is asked again only after a while.
    """

    def __init__(self, workshop: Workshop, effort: Effort, watch: Watch, with_prefect: bool = True) -> None:
        self._workshop, self._effort, self._watch = workshop, effort, watch
        self._ask_prefect_at = 0.0 if with_prefect else math.inf
        self._threads = ThreadPoolExecutor(effort.n_workers)  # starts none before one is needed

    def digitise(self, path: Path, sha256: str, source_name: str) -> Outcome:
        """What became of the file. Raises only for faults of the machine, and KeyboardInterrupt."""
        if time.monotonic() >= self._ask_prefect_at:
            from flows import process

            try:
                if process.prefect_is_there():
                    return process.digitise_one(path, sha256, source_name, self._workshop, self._effort, self._watch)
            except (process.PrefectBroke, *process.PREFECT_FAULTS) as error:
                _log.warning("Prefect failed, so this document goes on without it: %s", error)
            self._ask_prefect_at = time.monotonic() + _PREFECT_REST_SECONDS
        run_pages = partial(run_page_threads, self._threads, self._effort)
        with stopped_on_interrupt(self._workshop):
            return digitise_file(path, sha256, self._workshop, run_pages, self._watch, source_name)
