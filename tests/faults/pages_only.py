"""Real opening and rasterising in real workers, and no OCR: what bad files meet first, and what can hang or crash."""

from __future__ import annotations

import pickle
from functools import partial
from pathlib import Path

from expectations.values import DocumentTables, ValidationReport
from flows.pipeline import Reread, Stages
from flows.wiring import count_pages, rasterise_alone
from flows.worker_child import WorkPlan
from flows.worker_process import Limits
from flows.workers import WorkerPool
from layout.values import TableRegion
from ocr.resolution import RasteriseOptions
from ocr.values import PageImage, PageText, TextSource
from tests.flows import fakes, hostile_stages


def stages() -> Stages:
    return Stages(
        rasterise_page=partial(rasterise_alone, options=RasteriseOptions()),
        preprocess=hostile_stages.same,
        recognise=no_text,
        find_rulings=hostile_stages.no_rulings,
        find_regions=no_regions,
        build_grid=hostile_stages.build_grid,
        fill_grid=fakes.fill_grid,
        reread_doubtful=hostile_stages.first_of_two,
        label_headers=hostile_stages.same_table,
        attach_captions=no_captions,
        join_pages=hostile_stages.same_tables,
        look_again=hostile_stages.look_again,
        prove=prove,
    )


def no_text(image: PageImage) -> PageText:
    return PageText(image.digest, TextSource.OCR, ())


def no_regions(image: PageImage, rulings: object, text: PageText) -> tuple[TableRegion, ...]:
    return ()


def no_captions(tables: tuple[()], image: PageImage, text: PageText) -> tuple[tuple[()], tuple[()]]:
    return (), ()


def prove(document: DocumentTables, reread: Reread) -> tuple[DocumentTables, ValidationReport]:
    return document, fakes.report_on(document)


def engine() -> str:
    return "none"


def open_pool(limits: Limits, n_workers: int = 1, max_pages: int = 10_000) -> WorkerPool:
    plan = WorkPlan(partial(count_pages, max_pages), engine, pickle.dumps(stages()))
    return WorkerPool(plan, limits, n_workers)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
