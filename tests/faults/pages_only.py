"""Real opening and rasterising in real workers, and no OCR: what bad files meet first, and what can hang or crash."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from flows.pipeline import Stages
from flows.wiring import inspect_file, rasterise_alone
from flows.worker_child import WorkPlan
from flows.worker_process import Limits
from flows.workers import WorkerPool
from layout.values import TableRegion
from ocr.resolution import RasteriseOptions
from ocr.values import PageImage, PageText, TextPlaces, TextSource
from tests.flows import hostile_stages


def stages() -> Stages:
    return replace(
        hostile_stages.stages(),
        rasterise_page=partial(rasterise_alone, options=RasteriseOptions()),
        recognise=no_text,
        find_regions=no_regions,
        attach_captions=no_captions,
    )


def no_text(image: PageImage, places: TextPlaces) -> PageText:
    return PageText(image.digest, TextSource.OCR, ())


def no_regions(image: PageImage, rulings: object, text: PageText) -> tuple[TableRegion, ...]:
    return ()


def no_captions(tables: tuple[()], image: PageImage, text: PageText) -> tuple[tuple[()], tuple[()]]:
    return (), ()


def engine() -> str:
    return "none"


def open_pool(limits: Limits, n_workers: int = 1, max_pages: int = 10_000) -> WorkerPool:
    plan = WorkPlan(partial(inspect_file, max_pages), engine, stages)
    return WorkerPool(plan, limits, n_workers)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
