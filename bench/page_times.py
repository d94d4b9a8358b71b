"""Files through the whole pipeline in this one process and thread, each page beside its bare networks.

Right after a page its networks run once more on the very inputs they had, and nothing else: a page is compared with
what was possible at that moment on that machine. Crops that are read again, or to tell the page's top, count as ours.
Large type is searched for in a smaller picture of its page, and most lines are read in bytes, which lightens the
networks too; so the detector runs once more on a picture of `detection_dpi`, whatever the type, and the full recogniser
on every line: beside that the page is compared with what never changes.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.stopwatch import Inputs, Stopwatch, timed_engine, timed_stages
from flows.digitise import Outcome, PageOutcome, Workshop, digitise_file, run_page
from flows.page_reading import PageJob, ReaderHere
from flows.pipeline import read_text
from flows.settings import Settings, load_settings
from flows.store import OutputFolder, file_sha256, opened_output
from flows.wiring import count_pages, engine_options, inspect_file, wire_stages, write_docs
from ocr.engines.boundary import open_engine
from ocr.engines.detection import BLOCK
from ocr.engines.figures import run_network
from ocr.engines.networks import Network, Tensor, but_last
from ocr.engines.paddle import PaddleEngine
from ocr.values import PageFacts


@dataclass(frozen=True, slots=True)
class PageTime:
    """One page in seconds. cpu, wall: from its file to its tables; bare_*: its networks alone; rss_mb: behind it.

    bare_full_cpu: the two full networks alone, the detector on a picture of the greatest resolution it may have.
    """

    name: str
    cpu: float
    wall: float
    bare_cpu: float
    bare_wall: float
    bare_full_cpu: float
    rss_mb: float


@dataclass(frozen=True, slots=True)
class RunTime:
    """All pages of a run in order, and the stages of the whole run: own CPU and wall seconds by name."""

    pages: tuple[PageTime, ...]
    stage_cpu: dict[str, float]
    stage_wall: dict[str, float]


class _Quiet:
    """A Watch that says nothing."""

    def run_started(self, n_files: int) -> None: ...
    def file_started(self, source_name: str, n_pages: int) -> None: ...
    def page_done(self, source_name: str, outcome: PageOutcome) -> None: ...
    def file_done(self, outcome: Outcome) -> None: ...
    def run_done(self, outcomes: Sequence[Outcome]) -> None: ...


@dataclass(slots=True)
class TimedRun:
    """Opens the engine once; `read` may be called again and again, also to warm up."""

    engine: PaddleEngine = field(init=False)
    watch: Stopwatch = field(default_factory=Stopwatch)
    inputs: Inputs = field(default_factory=Inputs)
    pages: list[PageTime] = field(default_factory=list)

    def __post_init__(self) -> None:
        engine = open_engine(engine_options(settings_of_one()))
        assert isinstance(engine, PaddleEngine)
        self.engine = engine

    def read(self, paths: Sequence[Path]) -> RunTime:
        """Every file, read, proven and published into a folder that is thrown away."""
        self.watch, self.pages = Stopwatch(), []
        with tempfile.TemporaryDirectory(prefix="scanledger-speed-") as folder, opened_output(Path(folder)) as out:
            workshop = self._workshop(out)
            for path in paths:
                with self.watch.of("shell"):
                    digitise_file(path, file_sha256(path), workshop, self._run_pages, _Quiet())
        return RunTime(tuple(self.pages), dict(self.watch.cpu), dict(self.watch.wall))

    def _workshop(self, out: OutputFolder) -> Workshop:
        pages = timed_engine(self.engine, self.watch, self.inputs)
        stages = timed_stages(wire_stages(settings_of_one()), pages, timed_engine(self.engine, self.watch), self.watch)
        reader = ReaderHere(stages, partial(inspect_file, 10_000))
        return Workshop(stages, reader, self.watch.timed("documentation", write_docs), out, "speed", force=True)

    def _run_pages(self, jobs: Iterable[PageJob], workshop: Workshop) -> Iterator[PageOutcome]:
        for job in jobs:
            self.inputs.clear()
            cpu, wall = time.process_time(), time.perf_counter()
            outcome = run_page(job, workshop)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            with self.watch.of("(bare networks)"):
                given, quick = self.inputs, self.engine.quick
                alone = [self._alone(self.engine.finder, given.found), self._alone(self.engine.recogniser, given.read)]
                alone += [self._alone(quick.network, given.glanced)] if quick else []
                alone += [_alone_of_figures(given.figures)]
                full = [self._full(outcome.page.facts)]
                full_cpu = (
                    self._alone(self.engine.finder, full)[0] + self._alone(self.engine.recogniser, given.strips)[0]
                )
            bare = sum(cpu for cpu, _ in alone), sum(wall for _, wall in alone)
            name = f"{job.path.name} {job.page_number}"
            self.pages.append(PageTime(name, cpu, wall, *bare, full_cpu, resident_mb()))
            yield outcome

    def _alone(self, network: Network, inputs: Sequence[Tensor]) -> tuple[float, float]:
        """CPU and clock seconds of the bare network."""
        alone = Network(network.session, network.table)
        cpu, wall = time.process_time(), time.perf_counter()
        for x, keep in zip(inputs, but_last(len(inputs)), strict=True):
            alone.run(x, keep)
        return time.process_time() - cpu, time.perf_counter() - wall

    def _full(self, page: PageFacts) -> Tensor:
        """An input of the size that the whole page has at the greatest resolution; what is on it makes no difference."""
        scale = min(self.engine.options.detection_dpi, page.dpi) / 72.0
        rows, columns = (max(BLOCK, round(side * scale / BLOCK) * BLOCK) for side in (page.height_pt, page.width_pt))
        return np.resize(np.linspace(-2.0, 2.0, BLOCK, dtype=np.float32), (1, 3, rows, columns))


def _alone_of_figures(given: Sequence[tuple[Any, Tensor]]) -> tuple[float, float]:
    """CPU and clock seconds of the bare networks of figures, as `FigureReader` runs them."""
    cpu, wall = time.process_time(), time.perf_counter()
    for session, ink in given:
        run_network(session, ink)
    return time.process_time() - cpu, time.perf_counter() - wall


def network_inputs(paths: Sequence[Path], n_pages: int) -> tuple[list[Tensor], list[Tensor]]:
    """What detector and recogniser are given for the first pages of the files: every strip, as if nothing read before."""
    run = TimedRun()
    pages, crops = timed_engine(run.engine, run.watch, run.inputs), timed_engine(run.engine, run.watch)
    stages = timed_stages(wire_stages(settings_of_one()), pages, crops, run.watch)
    places = [(path, number) for path in paths for number in range(1, count_pages(10_000, path) + 1)]
    for path, number in places[:n_pages]:
        read_text(stages.rasterise_page(path, number), stages)
    return run.inputs.found, run.inputs.strips


def settings_of_one() -> Settings:
    """One worker, one thread."""
    return load_settings(workers=1).model_copy(update={"threads": 1})


def resident_mb() -> float:
    """Resident memory of this process in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
