"""The composition root: settings -> stages. The one place that knows which function stands for which stage.

Stages are functools.partial over module-level functions and frozen options, so that they pickle and travel to a worker.
Everything heavy is imported here, inside functions, so that `scanledger --help` loads none of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from flows.version import page_version

if TYPE_CHECKING:
    from expectations.values import DocumentTables, ValidationReport
    from flows.digitise import Workshop
    from flows.pipeline import Reread, Stages
    from flows.results import DocumentResult
    from flows.settings import Settings
    from flows.store import OutputFolder
    from flows.worker_process import Limits
    from flows.workers import WorkerPool
    from ocr.engines.boundary import EngineOptions, SecondOptions
    from ocr.glances import ReadCrops
    from ocr.resolution import RasteriseOptions
    from ocr.source import SourceFacts
    from ocr.values import PageImage

_MUPDF = Lock()


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What of the settings decides how pages are read. It pickles, so that a worker makes its own stages of it."""

    engine: EngineOptions
    second: SecondOptions | None
    cell_lines: bool
    text_lines: bool


def open_workshop(
    settings: Settings, out: OutputFolder, force: bool = False, meanwhile: Callable[[], object] = lambda: None
) -> Workshop:
    """All that a run needs; close its reader in the end.

    Has a worker open the engine first, so a missing model raises ModelMissing before a file is touched; so does a
    second recogniser that could not read. meanwhile: what this process has to load for itself; it takes as long
    as the models do.
    """
    from ocr.engines.boundary import require_second

    require_second(second_options(settings))
    with ExitStack() as opened:
        pool = open_pool(settings)
        opened.callback(pool.close)
        with ThreadPoolExecutor(1) as beside:
            opening = beside.submit(pool.open_engine)
            stages = proving_stages()
            meanwhile()
            fingerprint = page_fingerprint(opening.result(), settings)
        opened.pop_all()
    from flows.digitise import Workshop
    from flows.document_limits import DocumentLimits

    limits = DocumentLimits(settings.max_cells, settings.proof_seconds)
    return Workshop(stages, pool, write_docs, out, fingerprint, force, limits)


def open_pool(settings: Settings) -> WorkerPool:
    """Worker processes that read pages by `page_stages`, which are not loaded here."""
    from flows.worker_child import WorkPlan
    from flows.workers import WorkerPool

    plan = WorkPlan(
        inspect=partial(inspect_file, settings.max_pages),
        open_engine=partial(engine_fingerprint, engine_options(settings)),
        stages=partial(stages_of, page_options(settings)),
        load=partial(load_libraries, page_options(settings)),
        may_start_programs=settings.second_recogniser == "tesseract",
        threads=settings.n_threads,
    )
    return WorkerPool(plan, worker_limits(settings), settings.n_workers)


def worker_limits(settings: Settings) -> Limits:
    from flows.worker_process import Limits

    return Limits(
        parse_seconds=settings.parse_seconds,
        page_seconds=settings.page_seconds,
        memory_mb=settings.worker_memory_mb,
        recycle_pages=settings.recycle_pages,
        recycle_mb=settings.recycle_mb,
    )


def load_libraries(options: PageOptions) -> None:
    """Loads into this process what pages are read with, and opens no network: the process may still be forked."""
    import ocr.rasterise  # noqa: F401
    from ocr.engines.boundary import load_libraries

    with suppress(ImportError):  # whoever opens the engine is told
        load_libraries(options.engine)
    stages_of(options)


def engine_fingerprint(options: EngineOptions) -> str:
    """Loads the engine into this process. Raises ModelMissing."""
    from ocr.engines.boundary import open_engine

    return open_engine(options).fingerprint


def prove_elsewhere(document: DocumentTables, reread: Reread) -> tuple[DocumentTables, ValidationReport]:
    """Stands in for the proof where only pages are read: its validator would cost each worker 250 MB."""
    raise NotImplementedError("a worker process proves nothing")


def read_elsewhere(*_: object) -> NoReturn:
    """Stands in for what is done with a page where only documents are proven: pictures would cost that process 33 MB."""
    raise NotImplementedError("pages are read by worker processes")


def wire_stages(settings: Settings) -> Stages:
    """Every stage with its options bound."""
    proving = proving_stages()
    return replace(page_stages(settings), join_pages=proving.join_pages, prove=proving.prove)


def proving_stages() -> Stages:
    """What is done with pages that were read; what reads them is not even loaded."""
    from expectations.gx import run_suites
    from expectations.proof import prove
    from flows.pipeline import Stages
    from layout.joins import joined_in_turn

    elsewhere: dict[str, Callable[..., Any]] = dict.fromkeys((field.name for field in fields(Stages)), read_elsewhere)
    return Stages(**elsewhere | {"join_pages": joined_in_turn, "prove": partial(prove, run_suites=run_suites)})


def page_options(settings: Settings) -> PageOptions:
    return PageOptions(engine_options(settings), second_options(settings), settings.cell_lines, settings.text_lines)


def page_stages(settings: Settings) -> Stages:
    """All that is done with a page; what proves documents is not even loaded."""
    return stages_of(page_options(settings))


def stages_of(options: PageOptions) -> Stages:
    """The same, where nothing is known of settings."""
    from flows.pipeline import Stages
    from layout.captions import attach_captions
    from layout.cell_lines import CellLineOptions
    from layout.cells import CellOptions, fill_grid
    from layout.grids import build_grid
    from layout.headers import label_headers
    from layout.implied import ImpliedOptions, imply
    from layout.joins import joined_in_turn
    from layout.lines import find_lines
    from layout.looks import look_again
    from layout.regions import RegionOptions, find_regions
    from layout.rereading import RereadOptions, reread_doubtful
    from layout.ruling_values import RulingOptions
    from layout.rulings import find_rulings
    from layout.separators import GridOptions
    from layout.text_lines import TextLineOptions
    from ocr.engines.boundary import glance_crops, read_crops, read_page
    from ocr.preprocess import PreprocessOptions, preprocess
    from ocr.resolution import RasteriseOptions
    from ocr.triage import TriageOptions, triage

    engine = options.engine
    crops, glance = partial(read_crops, engine), partial(glance_crops, engine)
    return Stages(
        rasterise_page=partial(rasterise_alone, options=RasteriseOptions()),
        triage=partial(triage, read_crops=crops, read_page=partial(read_page, engine), options=TriageOptions()),
        preprocess=partial(preprocess, options=PreprocessOptions(), read_crops=crops),
        find_rulings=partial(find_rulings, options=RulingOptions()),
        find_lines=partial(
            find_lines,
            cells=CellLineOptions() if options.cell_lines else None,
            text=TextLineOptions() if options.text_lines else None,
        ),
        recognise=partial(read_page, engine),
        imply_rulings=partial(imply, options=ImpliedOptions()),
        find_regions=partial(find_regions, options=RegionOptions()),
        build_grid=partial(build_grid, options=GridOptions()),
        fill_grid=partial(fill_grid, options=CellOptions()),
        reread_doubtful=partial(reread_doubtful, read_crops=crops, options=RereadOptions(), glance_crops=glance),
        label_headers=label_headers,
        attach_captions=attach_captions,
        join_pages=joined_in_turn,
        look_again=partial(look_again, read_crops=crops, second=second_reader(options.second), glance_crops=glance),
        prove=prove_elsewhere,
    )


def engine_options(settings: Settings) -> EngineOptions:
    """The type of the options chooses the engine: recorded readings, a recorder, or PaddleOCR."""
    from ocr.engines.boundary import PaddleOptions, RecordOptions, ReplayOptions

    if settings.replay_dir is not None:
        return ReplayOptions(settings.replay_dir)
    given = {
        "detection_model_dir": settings.detection_model_dir,
        "recognition_model_dir": settings.recognition_model_dir,
        "detection_model_name": settings.detection_model_name,
        "recognition_model_name": settings.recognition_model_name,
    }
    paddle = PaddleOptions(
        download=settings.download,
        device=settings.device,
        threads=settings.n_threads,
        figures=settings.figures,
        quick=settings.quick,
        **{name: value for name, value in given.items() if value},  # type: ignore[arg-type]
    )
    return paddle if settings.record_dir is None else RecordOptions(paddle, settings.record_dir)


def second_options(settings: Settings) -> SecondOptions | None:
    """The second recogniser, if one is configured; recorded readings need none."""
    from ocr.engines.boundary import PaddleOptions, TesseractOptions

    if not settings.second_recogniser or settings.replay_dir is not None:
        return None
    if settings.second_recogniser == "tesseract":
        return TesseractOptions()
    first = engine_options(settings.model_copy(update={"record_dir": None}))
    if not isinstance(first, PaddleOptions):
        return None
    folder = Path(settings.second_recogniser)
    return replace(first, recognition_model_dir=folder, recognition_model_name=folder.name, figures=False, quick=False)


def second_reader(options: SecondOptions | None) -> ReadCrops | None:
    """Crops read by the second recogniser, under a name of its own."""
    from ocr.engines.boundary import read_second

    return None if options is None else partial(read_second, options)


def page_fingerprint(engine_fingerprint: str, settings: Settings) -> str:
    """Hex SHA-256 of what determines a page's result besides its file. Stage options are defaults, hence in sources."""
    text = f"{engine_fingerprint}\n{settings.second_recogniser}\n{settings.cell_lines}\n{settings.text_lines}\n{page_version()}"
    return hashlib.sha256(text.encode()).hexdigest()


def write_docs(folder: Path, result: DocumentResult) -> None:
    """The Data Docs of one document."""
    from expectations.docs import write_document_docs

    reasons = tuple(map(str, result.reasons))
    write_document_docs(folder, result.document_id, result.document, result.report, result.disposition.value, reasons)


def count_pages(max_pages: int, path: Path) -> int:
    """Pages of a file that can be digitised; raises SourceError for one that cannot."""
    return inspect_file(max_pages, path).n_pages


def inspect_file(max_pages: int, path: Path) -> SourceFacts:
    """What a file is that can be digitised; raises SourceError for one that cannot."""
    from ocr.rasterise import inspect_source
    from ocr.source import SourceLimits

    with _MUPDF:
        return inspect_source(path, SourceLimits(max_pages=max_pages, follow_links=True))


def rasterise_alone(path: Path, page_number: int, options: RasteriseOptions) -> PageImage:
    """One page as pixels, while no other thread of this process uses MuPDF, which is not safe for threads."""
    from ocr.rasterise import rasterise_page

    with _MUPDF:
        return rasterise_page(path, page_number, options)
