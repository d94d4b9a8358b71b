"""Where the time of a page goes: each stage's own seconds, without those of stages it calls.

The stages of `flows.wiring` are wrapped one by one, and the two networks beneath them too, so that all of it adds up to
the page. CPU seconds are this process's, all its threads; they hold on a busy machine, seconds by the clock do not.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from flows.pipeline import Stages
from ocr.engines.figures import FigureReader, FiguresSeen
from ocr.engines.networks import Network, Tensor, as_tensor
from ocr.engines.paddle import MAX_BATCH_COLUMNS, PaddleEngine, batches_of
from ocr.engines.strips import Strip

T = TypeVar("T")

STAGE_OF = {
    "rasterise_page": "raster",
    "triage": "triage",
    "preprocess": "clean",
    "recognise": "boxes, strips, decoding",
    "find_rulings": "rulings",
    "find_lines": "boxes, strips, decoding",
    "imply_rulings": "layout",
    "find_regions": "layout",
    "build_grid": "layout",
    "fill_grid": "layout",
    "label_headers": "layout",
    "attach_captions": "layout",
    "join_pages": "layout",
    "reread_doubtful": "rereading",
    "look_again": "rereading",
    "prove": "proof",
}


@dataclass(slots=True)
class Inputs:
    """What pages gave their networks: the detector, the quick recogniser, the full one.

    shown: strips that were shown to the networks of figures, as the recogniser would have been given them.
    figures: what those networks were given, with the session that was.
    """

    found: list[Tensor] = field(default_factory=list)
    glanced: list[Tensor] = field(default_factory=list)
    read: list[Tensor] = field(default_factory=list)
    shown: list[Tensor] = field(default_factory=list)
    figures: list[tuple[Any, Tensor]] = field(default_factory=list)

    @property
    def strips(self) -> list[Tensor]:
        """Every strip of the page: what the full recogniser would be given if nothing else read before it."""
        return self.shown or self.glanced or self.read

    def clear(self) -> None:
        for given in (self.found, self.glanced, self.read, self.shown, self.figures):
            given.clear()


@dataclass(slots=True)
class Stopwatch:
    """cpu, wall: own seconds by name. Not for threads."""

    cpu: Counter[str] = field(default_factory=Counter)
    wall: Counter[str] = field(default_factory=Counter)
    _inner: list[tuple[float, float]] = field(default_factory=list)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """What happens within is of this name, but for what is of another name within that."""
        self._inner.append((0.0, 0.0))
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            inner_cpu, inner_wall = self._inner.pop()
            self.cpu[name] += cpu - inner_cpu  # type: ignore[assignment]  # a Counter of seconds
            self.wall[name] += wall - inner_wall  # type: ignore[assignment]
            if self._inner:
                outer_cpu, outer_wall = self._inner[-1]
                self._inner[-1] = outer_cpu + cpu, outer_wall + wall

    def timed(self, name: str, call: Callable[..., T]) -> Callable[..., T]:
        def within(*args: Any, **kwargs: Any) -> T:
            with self.of(name):
                return call(*args, **kwargs)

        return within


@dataclass(frozen=True, slots=True, eq=False)
class TimedNetwork(Network):
    """A network that is timed. given: takes down what it was given, if there."""

    watch: Stopwatch
    name: str
    given: list[Tensor] | None = None

    def run(self, x: Tensor, keep: bool = False) -> Tensor:
        if self.given is not None:
            self.given.append(x)
        with self.watch.of(self.name):
            return Network(self.session, self.table).run(x, keep)


@dataclass(frozen=True, slots=True, eq=False)
class TimedSession:
    """A network of figures that is timed, as `FigureReader` runs it. given: takes down what it was given, if there."""

    session: Any
    watch: Stopwatch
    given: list[tuple[Any, Tensor]] | None

    def get_providers(self) -> Any:
        return self.session.get_providers()

    def run(self, names: None, given: dict[str, Tensor], options: Any) -> Any:
        if self.given is not None:
            self.given.append((self.session, given["ink"]))
        with self.watch.of("figures"):
            return self.session.run(names, given, options)


@dataclass(frozen=True, slots=True, eq=False)
class TimedFigures(FigureReader):
    """Networks of figures whose strips are taken down, in batches as the engine's recogniser would be given them."""

    engine: PaddleEngine
    strips: list[Tensor]

    def read(self, strips: Sequence[Strip]) -> FiguresSeen:
        for batch in batches_of(strips, range(len(strips)), self.engine.options.batch_size, MAX_BATCH_COLUMNS):
            self.strips.append(as_tensor([strips[i].pixels for i in batch], self.engine.recogniser.table))
        return FigureReader(self.sessions, self.alphabet, self.n_alternatives).read(strips)


def timed_engine(engine: PaddleEngine, watch: Stopwatch, inputs: Inputs | None = None) -> PaddleEngine:
    """The same engine with its networks timed, what they are given going into ``inputs``."""

    found, glanced, read = (inputs.found, inputs.glanced, inputs.read) if inputs else (None, None, None)

    def timed(network: Network, name: str, given: list[Tensor] | None) -> Network:
        return TimedNetwork(network.session, network.table, watch, name, given)

    quick, figures = engine.quick, engine.figures
    if quick is not None:
        quick = replace(quick, network=timed(quick.network, "recognise in bytes", glanced))
    if figures is not None:
        first, second = (TimedSession(one, watch, inputs.figures if inputs else None) for one in figures.sessions)
        figures = replace(figures, sessions=(first, second))
        if inputs is not None:
            figures = TimedFigures(figures.sessions, figures.alphabet, figures.n_alternatives, engine, inputs.shown)
    return replace(
        engine,
        finder=timed(engine.finder, "detect", found),
        recogniser=timed(engine.recogniser, "recognise", read),
        quick=quick,
        figures=figures,
    )


def timed_stages(stages: Stages, pages: PaddleEngine, crops: PaddleEngine, watch: Stopwatch) -> Stages:
    """The stages, each timed. pages: reads pages; crops: reads whatever is read besides."""
    calls: dict[str, Callable[..., Any]] = {name: _reading_with(crops, getattr(stages, name)) for name in STAGE_OF}
    calls["recognise"] = pages.read_page
    return replace(stages, **{name: watch.timed(STAGE_OF[name], call) for name, call in calls.items()})


def _reading_with(engine: PaddleEngine, call: Any) -> Callable[..., Any]:
    """A stage that reads crops, bound to this engine; another one as it is."""
    if isinstance(call, partial):
        names = [name for name in ("read_crops", "glance_crops") if name in call.keywords]
        return partial(call, **{name: getattr(engine, name) for name in names})
    found: Callable[..., Any] = call
    return found
