"""What each command does, and its exit code. Heavy imports stand in the functions that need them."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import TYPE_CHECKING

from flows.exit_codes import ExitCode
from flows.settings import Settings, load_settings
from flows.sources import InputError, find_sources
from flows.store import OutputFolder, opened_output, storage_errors

if TYPE_CHECKING:
    from flows.digitise import Outcome, PageOutcome, Watch, Workshop
    from flows.locations import Sender


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What `scanledger run` was asked. inputs, out: paths, or locations of fsspec."""

    inputs: tuple[str | Path, ...]
    out: str | Path
    workers: int | None = None
    device: str | None = None
    runner: str | None = None
    scheduler: str | None = None
    force: bool = False
    json_logs: bool = False
    quiet: bool = False


class CountingWatch:
    """Passes every event on, and counts the pages that had been read before."""

    def __init__(self, inner: Watch) -> None:
        self._inner = inner
        self._counting = Lock()
        self.n_kept_pages = 0

    def run_started(self, n_files: int) -> None:
        self._inner.run_started(n_files)

    def file_started(self, source_name: str, n_pages: int) -> None:
        self._inner.file_started(source_name, n_pages)

    def page_done(self, source_name: str, outcome: PageOutcome) -> None:
        with self._counting:
            self.n_kept_pages += outcome.was_kept
        self._inner.page_done(source_name, outcome)

    def file_done(self, outcome: Outcome) -> None:
        self._inner.file_done(outcome)

    def run_done(self, outcomes: Sequence[Outcome]) -> None:
        self._inner.run_done(outcomes)


def run_anywhere(options: RunOptions) -> ExitCode:
    """All inputs into the output, wherever they lie. Raises ScanledgerError for what ends a run.

    What is not on this machine's disk is fetched first; what is not to stay there is sent when a document is done.
    """
    from flows.locations import Sender, fetch, open_location, split_locations, work_folder

    paths, urls = split_locations(options.inputs)
    if not urls and not split_locations((options.out,))[1]:
        return run(replace(options, inputs=paths, out=Path(options.out)))
    settings = load_settings()
    is_elsewhere = bool(split_locations((options.out,))[1])
    place = open_location(str(options.out)) if is_elsewhere else None
    root = work_folder(settings.work_dir, str(options.out)) if is_elsewhere else Path(options.out)
    with TemporaryDirectory(prefix="scanledger-inputs-") as folder:
        fetched = [path for url in urls for path in fetch(url, Path(folder))]
        here = replace(options, inputs=(*paths, *fetched), out=root)
        return run(here, Sender(OutputFolder(root), place) if place else None)


class SendingWatch(CountingWatch):
    """Sends each document when it is done."""

    def __init__(self, inner: Watch, sender: Sender | None) -> None:
        super().__init__(inner)
        self._sender = sender

    def file_done(self, outcome: Outcome) -> None:
        if self._sender and outcome.document_id:
            self._sender.send(outcome.document_id)
        super().file_done(outcome)


def run(options: RunOptions, sender: Sender | None = None) -> ExitCode:
    """All inputs, which lie on this machine's disk, into the output there. Raises ScanledgerError for what ends a run."""
    inputs, root = tuple(map(Path, options.inputs)), Path(options.out)
    chosen = {"device": options.device, "runner": options.runner, "scheduler": options.scheduler}
    settings = load_settings(options.workers, **chosen)
    if settings.runner == "dask" and not settings.scheduler:
        raise InputError("which Dask cluster?", remedy="Name its scheduler: --scheduler tcp://HOST:8786")
    sources = find_sources(inputs, root)
    with opened_output(root) as out, _watching(options) as inner:
        watch = SendingWatch(inner, sender)
        workshop = _open_workshop(settings, out, options)
        watch.run_started(len(sources))
        with closing(workshop.reader):
            outcomes = _digitise(sources, workshop, settings, watch)
        write_docs_index(out)
        if sender:
            sender.send_index()
        watch.run_done(outcomes)
    from flows.summary import exit_code, summarise, summary_lines

    if not options.quiet and not options.json_logs:
        print("\n".join(summary_lines(summarise(outcomes, watch.n_kept_pages), out)))
    return exit_code(outcomes)


def _load_proof() -> None:
    """What only the proof needs."""
    from expectations import docs, gx  # noqa: F401

    gx.warm_up()


def write_docs_index(out: OutputFolder) -> None:
    """The page that lists all Data Docs."""
    from expectations import docs

    with storage_errors(out.data_docs):
        out.data_docs.mkdir(parents=True, exist_ok=True)
        docs.write_docs_index(out.data_docs)


def _open_workshop(settings: Settings, out: OutputFolder, options: RunOptions) -> Workshop:
    """meanwhile: what documents need and a worker does not, loaded while it opens the engine and reads the first page."""
    from flows.wiring import open_workshop

    def meanwhile() -> None:
        if wants_prefect(settings):
            import flows.process  # noqa: F401
        Thread(target=_load_proof).start()

    return open_workshop(settings, out, options.force, meanwhile)


def wants_prefect(settings: Settings) -> bool:
    """Whether documents are to be flow runs: a server is configured that shows them, or it was asked for."""
    from flows.prefect_environment import server_is_configured

    if settings.runner == "dask":
        return True
    return settings.prefect == "always" or (settings.prefect == "auto" and server_is_configured())


def _digitise(sources: Sequence[Path], workshop: Workshop, settings: Settings, watch: Watch) -> tuple[Outcome, ...]:
    from flows.running import Effort, digitise_by_threads

    effort = Effort(settings.n_workers, settings.retries, settings.retry_delay_seconds)
    if not wants_prefect(settings):
        return digitise_by_threads(sources, workshop, effort, watch)
    from flows.cluster import travelling
    from flows.process import Cluster, digitise

    cluster = Cluster(settings.scheduler, travelling(settings)) if settings.runner == "dask" else None
    return digitise(sources, workshop, effort, watch, cluster)


@contextmanager
def _watching(options: RunOptions) -> Iterator[Watch]:
    """The watch that was asked for, and our log records in its manner."""
    from rich.console import Console

    from flows.progress import BarWatch, ConsoleLines, LogLines, LogWatch, QuietWatch

    log = logging.getLogger("scanledger")
    log.propagate = False
    console = Console(stderr=True)
    if options.json_logs:
        watch = LogWatch()
        log.handlers = [LogLines(watch)]
        yield watch
    elif options.quiet:
        log.handlers = [logging.StreamHandler(sys.stderr)]
        yield QuietWatch()
    else:
        log.handlers = [ConsoleLines(console)]
        with BarWatch(console) as bars:
            yield bars


@contextmanager
def opened_watch(json_logs: bool, quiet: bool) -> Iterator[Watch]:
    """Who is told how a watched folder goes on, for months: lines, JSON lines, or warnings only."""
    from rich.console import Console

    from flows.progress import ConsoleLines, LineWatch, LogLines, LogWatch, QuietWatch

    log = logging.getLogger("scanledger")
    log.propagate = False
    log.setLevel(logging.WARNING if quiet else logging.INFO)
    console = Console(stderr=True)
    if json_logs:
        lines = LogWatch()
        log.handlers = [LogLines(lines, logging.INFO)]
        yield lines
    elif quiet:
        log.handlers = [logging.StreamHandler(sys.stderr)]
        yield QuietWatch()
    else:
        log.handlers = [ConsoleLines(console, logging.INFO)]
        yield LineWatch(console)


def inspect(document: str, out: Path, table_number: int | None = None) -> ExitCode:
    """A finished document in the terminal."""
    from rich.console import Console

    from flows.inspection import find_document, load_document, show_document

    console = Console(width=None if sys.stdout.isatty() else 200)
    show_document(load_document(find_document(document, out)), console, table_number)
    return ExitCode.ALL_ACCEPTED


def explain(
    document: str, place: tuple[int, int, int], out: Path, source: Path | None = None, page: Path | None = None
) -> ExitCode:
    """Why a figure is believed or doubted: in the terminal, and as an HTML page. place counts from 1."""
    from expectations.explain import explain as explained
    from expectations.explain_page import explanation_lines
    from flows.explain import explanation_target, find_original, write_page
    from flows.inspection import find_document, load_document
    from flows.sources import InputError, displayable
    from flows.wiring import rasterise_alone
    from ocr.resolution import RasteriseOptions

    path = find_document(document, out)
    table, row, col = place
    try:
        explanation = explained(load_document(path), table - 1, row - 1, col - 1)
    except LookupError as error:
        raise InputError(str(error.args[0]), where=document, remedy="See `scanledger inspect`.") from error
    original = find_original(path, explanation.sha256, source)
    target = explanation_target(path, table, row, col, page)
    write_page(explanation, original, target, partial(rasterise_alone, options=RasteriseOptions()))
    print("\n".join(map(displayable, explanation_lines(explanation))))
    print(target)
    return ExitCode.ALL_ACCEPTED


def evaluate(found: Path, truth: Path, plot: Path | None = None) -> ExitCode:
    """Scores of finished documents against their truth, and the reliability curve as a PNG. Raises InputError."""
    from flows.debugging import png_bytes
    from flows.evaluate import evaluate as evaluated
    from flows.evaluate import report_lines
    from flows.scoring.curve import draw_curve
    from flows.scoring.reliability import bins
    from flows.sources import displayable

    results = evaluated(found, truth)
    print("\n".join(map(displayable, report_lines(results))))
    if plot is not None:
        judged = [cell for e in results for cell in e.judged]
        with storage_errors(plot):
            plot.write_bytes(png_bytes(draw_curve(bins(judged), f"{len(judged)} numeric cells")))
        print(plot)
    return ExitCode.ALL_ACCEPTED


def debug(path: Path, page_number: int, folder: Path) -> ExitCode:
    """Pictures of what each stage made of a page. Raises SourceError for a file that cannot be opened."""
    from flows.debugging import write_pictures
    from flows.wiring import count_pages, wire_stages

    settings = load_settings(workers=1)
    n_pages = count_pages(settings.max_pages, path)
    if not 1 <= page_number <= n_pages:
        from flows.sources import InputError, printable

        remedy = f"Give a --page from 1 to {n_pages}."
        raise InputError(f"there is no page {page_number}", where=printable(path), remedy=remedy)
    for picture in write_pictures(path, page_number, wire_stages(settings), folder):
        print(picture)
    return ExitCode.ALL_ACCEPTED
