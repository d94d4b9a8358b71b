"""Prefect around the pipeline, from outside: a flow for the run, a flow for each document, a task for each page.

Only importer of prefect. Prefect schedules, retries and shows; what is true stands in the output folder, and the page
cache, not Prefect, knows which pages are done. Without a server Prefect starts one of its own for the run (loopback
only, no look-ups of names); where even that fails, the same functions run without it, with a warning.

Nothing of ours enters Prefect's database but printable names and numbers: values travel sealed.
"""

from __future__ import annotations

import flows.prefect_environment  # noqa: F401 - before prefect, which reads its settings once

# isort: split
import logging
import math
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.exceptions import PrefectException, TerminationSignal
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL
from prefect.task_runners import ThreadPoolTaskRunner

from flows.digitise import (
    MACHINE_FAULTS,
    Outcome,
    PageOutcome,
    PageRunner,
    Watch,
    Workshop,
    digitise_file,
    digitise_files,
    run_page,
    settle,
)
from flows.guard import end_with_us
from flows.page_reading import PageJob
from flows.sources import printable
from ocr.errors import EngineError

T = TypeVar("T")
PREFECT_FAULTS = (PrefectException, httpx.HTTPError, OSError, RuntimeError)
"""What a flow run may raise that no code of ours does: ours raises ScanledgerError."""
_PREFECT_REST_SECONDS = 300.0
_log = logging.getLogger("scanledger")


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try. retry_delay_seconds: before the first retry; doubled for each further one."""

    n_workers: int = 1
    retries: int = 2
    retry_delay_seconds: float = 1.0


class Sealed(Generic[T]):
    """Carries a value past Prefect: it finds nothing in it to search for futures, to encode, or to store."""

    __slots__ = ("contents",)

    def __init__(self, contents: T) -> None:
        self.contents = contents


@dataclass(frozen=True, slots=True)
class _Run:
    workshop: Workshop
    effort: Effort
    watch: Watch


def digitise(paths: Sequence[Path], workshop: Workshop, effort: Effort, watch: Watch) -> tuple[Outcome, ...]:
    """All files through the pipeline, by Prefect where it runs. Raises only for faults of the machine."""
    run = _Run(workshop, effort, watch)
    if prefect_is_there():
        return tuple(digitise_folder(len(paths), Sealed((tuple(paths), run))).contents)
    return digitise_without_prefect(paths, workshop, effort, watch)


class OwnServer(SubprocessASGIServer):  # type: ignore[misc]
    """The server that Prefect starts for a run, but one that does not outlive us when we are killed.

    Prefect asks its base class for the one server of this process and is given this one.
    """

    def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
        process: subprocess.Popen[Any] = super()._run_uvicorn_command()
        end_with_us(process.pid)
        return process


def prefect_is_there() -> bool:
    """Whether flows can run: the configured server answers, or one of our own has started."""
    url = PREFECT_API_URL.value()
    try:
        if url:
            httpx.get(f"{url}/health", timeout=10).raise_for_status()
        else:
            OwnServer().start()
    except (httpx.HTTPError, RuntimeError, OSError) as error:
        _log.warning("Prefect cannot be used, so this run will not show in its UI: %s", error)
        return False
    return True


@flow(name="digitise_folder", flow_run_name="{n_files} files", validate_parameters=False)  # type: ignore[untyped-decorator]
def digitise_folder(n_files: int, work: Sealed[tuple[tuple[Path, ...], _Run]]) -> Sealed[tuple[Outcome, ...]]:
    """A run over many files, each a sub-flow."""
    paths, run = work.contents

    def as_flow(path: Path, sha256: str) -> Outcome:
        return _as_flow(path, sha256, printable(path.name), run)

    return Sealed(digitise_files(paths, run.workshop, as_flow, run.watch))


def _as_flow(path: Path, sha256: str, source_name: str, run: _Run) -> Outcome:
    options: dict[str, Any] = {"task_runner": ThreadPoolTaskRunner(max_workers=run.effort.n_workers)}
    document_flow = digitise_document.with_options(**options)
    sealed: Sealed[Outcome] = document_flow(source_name, sha256, Sealed((path, run)))
    return sealed.contents


@flow(name="digitise_document", flow_run_name="{source_name}", validate_parameters=False)  # type: ignore[untyped-decorator]
def digitise_document(source_name: str, sha256: str, work: Sealed[tuple[Path, _Run]]) -> Sealed[Outcome]:
    """One file, each of its pages a task."""
    path, run = work.contents
    run_pages = partial(_run_page_tasks, run.effort)
    return Sealed(digitise_file(path, sha256, run.workshop, run_pages, run.watch, source_name))


@task(name="read_page", task_run_name="page {page_number}", cache_policy=NO_CACHE)  # type: ignore[untyped-decorator]
def read_page_task(page_number: int, work: Sealed[tuple[PageJob, Workshop]]) -> Sealed[PageOutcome]:
    """One page; caching is our own, by content."""
    return Sealed(run_page(*work.contents))


def may_succeed_later(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failed try is worth another: for faults of the engine only, and not for a missing model."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, EngineError) and not isinstance(error, MACHINE_FAULTS)


def _run_page_tasks(effort: Effort, jobs: Sequence[PageJob], workshop: Workshop) -> Iterator[PageOutcome]:
    delays = [effort.retry_delay_seconds * 2**n for n in range(effort.retries)]
    page_task = read_page_task.with_options(
        retries=effort.retries, retry_delay_seconds=delays or None, retry_condition_fn=may_succeed_later
    )

    def submit(job: PageJob) -> Callable[[], PageOutcome]:
        future = page_task.submit(job.page_number, Sealed((job, workshop)))
        return lambda: future.result().contents

    return _in_order(jobs, submit, 2 * effort.n_workers, workshop.reader.stop)


def _in_order(
    jobs: Iterable[PageJob],
    submit: Callable[[PageJob], Callable[[], PageOutcome]],
    n_ahead: int,
    stop: Callable[[], None] = lambda: None,
) -> Iterator[PageOutcome]:
    """Outcomes in the order of the jobs; only ``n_ahead`` are under way, so finished pages do not pile up.

    stop: called when somebody interrupts us, so that the pages under way do not keep us.
    """
    waiting: deque[tuple[PageJob, Callable[[], PageOutcome]]] = deque()
    try:
        for job in jobs:
            waiting.append((job, submit(job)))
            if len(waiting) >= n_ahead:
                yield settle(*waiting.popleft())
        while waiting:
            yield settle(*waiting.popleft())
    except (KeyboardInterrupt, TerminationSignal):
        stop()
        raise


class DocumentRuns:
    """Documents one at a time, as a watched folder brings them: each a flow run while Prefect answers, plain otherwise.

    Where a flow run breaks through Prefect's own fault, its document is worked on again without it (its pages are
    kept), and Prefect is asked again only after a while.
    """

    def __init__(self, workshop: Workshop, effort: Effort, watch: Watch, with_prefect: bool = True) -> None:
        self._run = _Run(workshop, effort, watch)
        self._ask_prefect_at = 0.0 if with_prefect else math.inf
        self._threads = ThreadPoolExecutor(effort.n_workers)  # starts none before one is needed

    def digitise(self, path: Path, sha256: str, source_name: str) -> Outcome:
        """What became of the file. Raises only for faults of the machine, and KeyboardInterrupt."""
        try:
            if time.monotonic() >= self._ask_prefect_at:
                if prefect_is_there():
                    return _as_flow(path, sha256, source_name, self._run)
                self._ask_prefect_at = time.monotonic() + _PREFECT_REST_SECONDS
        except TerminationSignal as error:
            raise KeyboardInterrupt from error
        except PREFECT_FAULTS as error:
            _log.warning("Prefect failed, so this document goes on without it: %s", error)
            self._ask_prefect_at = time.monotonic() + _PREFECT_REST_SECONDS
        run_pages = partial(_run_page_threads, self._threads, self._run.effort)
        return digitise_file(path, sha256, self._run.workshop, run_pages, self._run.watch, source_name)


def digitise_without_prefect(
    paths: Sequence[Path], workshop: Workshop, effort: Effort, watch: Watch
) -> tuple[Outcome, ...]:
    """The same run by threads alone; retries follow at once."""
    with ThreadPoolExecutor(effort.n_workers) as pool:
        run_pages: PageRunner = partial(_run_page_threads, pool, effort)
        return digitise_files(
            paths, workshop, lambda path, sha256: digitise_file(path, sha256, workshop, run_pages, watch), watch
        )


def _run_page_threads(
    pool: ThreadPoolExecutor, effort: Effort, jobs: Sequence[PageJob], workshop: Workshop
) -> Iterator[PageOutcome]:
    def submit(job: PageJob) -> Callable[[], PageOutcome]:
        return pool.submit(_tried_again, job, workshop, effort.retries).result

    return _in_order(jobs, submit, 2 * effort.n_workers, workshop.reader.stop)


def _tried_again(job: PageJob, workshop: Workshop, retries: int) -> PageOutcome:
    try:
        return run_page(job, workshop)
    except MACHINE_FAULTS:
        raise
    except EngineError:
        if not retries:
            raise
    return _tried_again(job, workshop, retries - 1)


def as_served_flow(function: Callable[..., int]) -> Any:
    """A plain function as a flow that a deployment can name."""
    return flow(name=function.__name__, validate_parameters=False)(function)
