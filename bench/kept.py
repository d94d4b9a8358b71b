"""The stages of the program with every reading kept by the pixels that were read: what was read once costs nothing again."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from flows.pipeline import Stages
from flows.settings import load_settings
from flows.wiring import engine_options, wire_stages
from layout.rereading import reread_doubtful
from ocr.engines.boundary import OcrEngine, open_engine
from ocr.preprocess import preprocess
from ocr.values import NO_PLACES, PageImage, PageText, Pixels, Reading, TextPlaces

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class KeptEngine:
    """Readings by the pixels that were read; an engine asked only for new ones."""

    inner: OcrEngine
    folder: Path

    def read_page(self, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
        given = hashlib.sha256(repr(places).encode()).hexdigest()[:16]
        kept = self.folder / f"page-{_digest(image.pixels)}-{given}.pickle"
        if not kept.exists():
            _keep(kept, self.inner.read_page(image, places))
        text: PageText = pickle.loads(kept.read_bytes())
        return replace(text, page_digest=image.digest)

    def read_crops(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return self._read(crops, "crop", self.inner.read_crops)

    def glance_crops(self, crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        return self._read(crops, "glance", self.inner.glance_crops)

    def _read(
        self, crops: Sequence[Pixels], how: str, read: Callable[[Sequence[Pixels]], Sequence[R]]
    ) -> tuple[R, ...]:
        places = [self.folder / f"{how}-{_digest(crop)}.pickle" for crop in crops]
        missing = [i for i, place in enumerate(places) if not place.exists()]
        for i, reading in zip(missing, read([crops[i] for i in missing]), strict=True):
            _keep(places[i], reading)
        return tuple(pickle.loads(place.read_bytes()) for place in places)


def _digest(pixels: Pixels) -> str:
    return hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()[:32]


def _keep(place: Path, value: object) -> None:
    draft = place.with_suffix(".draft")
    draft.write_bytes(pickle.dumps(value))
    draft.replace(place)


def kept_stages(cache: Path) -> tuple[KeptEngine, Stages]:
    """The engine, and the stages of the program that use it; readings under ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    settings = load_settings(workers=1)
    engine = KeptEngine(open_engine(engine_options(settings)), cache)
    stages = wire_stages(settings)
    cleaning = stages.preprocess.keywords["options"]  # type: ignore[attr-defined]
    again = stages.reread_doubtful.keywords["options"]  # type: ignore[attr-defined]
    return engine, replace(
        stages,
        preprocess=lambda page: preprocess(page, cleaning, engine.read_crops),
        recognise=engine.read_page,
        reread_doubtful=lambda table, image: reread_doubtful(
            table, image, engine.read_crops, again, engine.glance_crops
        ),
    )
