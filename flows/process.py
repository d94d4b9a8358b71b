"""Prefect around the pipeline, from outside: a flow for the run, a flow for each document, a task for each page.

Only importer of prefect. Prefect schedules, retries and shows; what is true stands in the output folder, and the page
cache, not Prefect, knows which pages are done. Where no server is configured and flows are wanted all the same, Prefect
starts one of its own for the run (loopback only, no look-ups of names); where even that fails, the same functions run
without it (`running`), with a warning.

Page tasks run in threads of this process, which wait for its worker processes, or on the machines of a Dask cluster
(`dask`, `cluster`). Nothing of ours enters Prefect's database but printable names and numbers: values travel sealed.
"""

from __future__ import annotations

import flows.prefect_environment  # noqa: F401 - before prefect, which reads its settings once

# isort: split
import logging
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectException, TerminationSignal
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner

from flows import dask
from flows.cluster import RemotePage, read_page_here
from flows.digitise import (
    MACHINE_FAULTS,
    Outcome,
    PageOutcome,
    PageRunner,
    Watch,
    Workshop,
    digitise_file,
    kept_now,
    kept_outcome,
    run_page,
)
from flows.guard import end_with_us
from flows.page_reading import PageJob
from flows.pipeline import PageTables
from flows.running import Effort, digitise_by_threads, in_order, nothing, side_by_side, stopped_on_interrupt
from flows.sources import printable
from ocr.errors import ClusterBroken, EngineError, RunStopped

T = TypeVar("T")
PREFECT_FAULTS = (PrefectException, httpx.HTTPError, OSError, RuntimeError)
"""What a flow run may raise that no code of ours does: ours raises ScanledgerError."""
_log = logging.getLogger("scanledger")


class PrefectBroke(RunStopped):
    """Prefect failed in the middle of a document; its pages are kept."""


class Sealed(Generic[T]):
    """Carries a value past Prefect: it finds nothing in it to search for futures, to encode, or to store."""

    __slots__ = ("contents",)

    def __init__(self, contents: T) -> None:
        self.contents = contents


class StayingHere(Sealed[T]):
    """What a flow was given, and Prefect would send along with each of its tasks, does not travel."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return StayingHere, (None,)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where pages are read instead of here. address: of the Dask scheduler; settings: `cluster.travelling`."""

    address: str
    settings: str


@dataclass(frozen=True, slots=True)
class _Run:
    workshop: Workshop
    effort: Effort
    watch: Watch
    cluster: Cluster | None = None


def digitise(
    paths: Sequence[Path], workshop: Workshop, effort: Effort, watch: Watch, cluster: Cluster | None = None
) -> tuple[Outcome, ...]:
    """All files through the pipeline, by Prefect where it runs. Raises only for faults of the machine."""
    if not prefect_is_there():
        if cluster is not None:
            raise ClusterBroken("Prefect cannot be used, and without it no page reaches the cluster")
        return digitise_by_threads(paths, workshop, effort, watch)
    if cluster is not None:
        effort = replace(effort, n_workers=dask.n_threads(cluster.address))
    run = _Run(workshop, effort, watch, cluster)
    with _interrupted(), _known_to_others():
        return tuple(digitise_folder(len(paths), StayingHere((tuple(paths), run))).contents)


@contextmanager
def _known_to_others() -> Iterator[None]:
    """The address of our own server stands in the settings, which travel with tasks; without it each would start one."""
    url = PREFECT_API_URL.value() or OwnServer().api_url
    with temporary_settings(updates={PREFECT_API_URL: url}):
        yield


def digitise_one(
    path: Path, sha256: str, source_name: str, workshop: Workshop, effort: Effort, watch: Watch
) -> Outcome:
    """One file as a flow run of its own. Raises PREFECT_FAULTS too."""
    with _interrupted():
        return _as_flow(path, sha256, source_name, _Run(workshop, effort, watch))


@contextmanager
def _interrupted() -> Iterator[None]:
    """A stop by Prefect is an interrupt."""
    try:
        yield
    except TerminationSignal as error:
        raise KeyboardInterrupt from error


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

    def as_flow(path: Path, sha256: str, all_submitted: Callable[[], None]) -> Outcome:
        return _as_flow(path, sha256, printable(path.name), run, all_submitted)

    return Sealed(side_by_side(paths, run.workshop, as_flow, run.watch, run.effort.n_workers + 1))


def _as_flow(
    path: Path, sha256: str, source_name: str, run: _Run, all_submitted: Callable[[], None] = nothing
) -> Outcome:
    threads = ThreadPoolTaskRunner(max_workers=run.effort.n_workers)
    options: dict[str, Any] = {"task_runner": dask.task_runner(run.cluster.address) if run.cluster else threads}
    document_flow = digitise_document.with_options(**options)
    sealed: Sealed[Outcome] = document_flow(source_name, sha256, StayingHere((path, run, all_submitted)))
    return sealed.contents


@flow(name="digitise_document", flow_run_name="{source_name}", validate_parameters=False)  # type: ignore[untyped-decorator]
def digitise_document(
    source_name: str, sha256: str, work: Sealed[tuple[Path, _Run, Callable[[], None]]]
) -> Sealed[Outcome]:
    """One file, each of its pages a task."""
    path, run, all_submitted = work.contents
    run_pages: PageRunner = partial(_run_page_tasks, run.effort, all_submitted=all_submitted)
    if run.cluster is not None:
        run_pages = partial(_run_pages_elsewhere, path, run.cluster, run.effort, all_submitted=all_submitted)
    with stopped_on_interrupt(run.workshop):
        return Sealed(digitise_file(path, sha256, run.workshop, run_pages, run.watch, source_name))


@task(name="read_page", task_run_name="page {page_number}", cache_policy=NO_CACHE)  # type: ignore[untyped-decorator]
def read_page_task(page_number: int, work: Sealed[tuple[PageJob, Workshop]]) -> Sealed[PageOutcome]:
    """One page; caching is our own, by content."""
    return Sealed(run_page(*work.contents))


@task(name="read_page", task_run_name="page {page_number}", cache_policy=NO_CACHE)  # type: ignore[untyped-decorator]
def read_remote_page_task(page_number: int, work: Sealed[RemotePage], content: Sealed[bytes]) -> Sealed[PageTables]:
    """One page, on a machine of the cluster."""
    return Sealed(read_page_here(work.contents, content.contents))


def may_succeed_later(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failed try is worth another: for faults of the engine only, and not for a missing model."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, EngineError) and not isinstance(error, MACHINE_FAULTS)


def _run_page_tasks(
    effort: Effort, jobs: Iterable[PageJob], workshop: Workshop, all_submitted: Callable[[], None] = nothing
) -> Iterator[PageOutcome]:
    page_task = _tried_again(read_page_task, effort)

    def submit(job: PageJob) -> Callable[[], PageOutcome]:
        with _told_apart():
            future = page_task.submit(job.page_number, Sealed((job, workshop)))
        return partial(_settled, future)

    return in_order(jobs, submit, effort.n_ahead, all_submitted)


def _run_pages_elsewhere(
    path: Path,
    cluster: Cluster,
    effort: Effort,
    jobs: Iterable[PageJob],
    workshop: Workshop,
    all_submitted: Callable[[], None] = nothing,
) -> Iterator[PageOutcome]:
    """Pages that are not kept from before go to the cluster; what comes back is kept here."""
    page_task = _tried_again(read_remote_page_task, effort)
    content: list[Any] = []  # the file goes to the cluster when its first page does

    def submit(job: PageJob) -> Callable[[], PageOutcome]:
        if kept := kept_outcome(job, workshop):
            return lambda: kept
        with dask.cluster_errors(cluster.address):
            if not content:
                content.append(dask.spread(FlowRunContext.get().task_runner.client, Sealed, path.read_bytes()))
            page = RemotePage(cluster.settings, workshop.fingerprint, job.sha256, job.page_number)
            future = page_task.submit(job.page_number, Sealed(page), content[0])

        def finish() -> PageOutcome:
            with dask.cluster_errors(cluster.address):
                found: PageTables = future.result().contents
            return kept_now(job, workshop, PageOutcome(found, was_elsewhere=True))

        return finish

    return in_order(jobs, submit, effort.n_ahead, all_submitted)


def _tried_again(page_task: Any, effort: Effort) -> Any:
    """The task with the retries of this run."""
    delays = [effort.retry_delay_seconds * 2**n for n in range(effort.retries)]
    return page_task.with_options(
        retries=effort.retries, retry_delay_seconds=delays or None, retry_condition_fn=may_succeed_later
    )


def _settled(future: Any) -> PageOutcome:
    with _told_apart():
        outcome: PageOutcome = future.result().contents
    return outcome


@contextmanager
def _told_apart() -> Iterator[None]:
    """Prefect's own failures, so that no document is judged for them."""
    try:
        yield
    except (PrefectException, httpx.HTTPError) as error:
        raise PrefectBroke(f"Prefect failed: {error}") from error


def as_served_flow(function: Callable[..., int]) -> Any:
    """A plain function as a flow that a deployment can name."""
    return flow(name=function.__name__, validate_parameters=False)(function)
