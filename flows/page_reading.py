"""One page of one file, read: what a worker process does, and how the rest of the program asks for it.

    inspect(path) -> SourceFacts               is it a document at all?
    read(PageJob) -> PageTables                a page that fails is a page with a failure
    look_again(Look) -> readings               cells of a page read anew, on the page exactly as it was

`PageReader` is that boundary. `ReaderHere` does the work in this process, without limits: for tests, and for files one
trusts. `workers.WorkerPool` does it in processes of their own. This module loads neither pyarrow nor Prefect, because
each worker loads it.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from flows.pipeline import PageTables, Stages, raw_facts, read_page, straighten
from flows.results import page_failure
from layout.values import Cell
from ocr.errors import EngineError, PageMemory, ScanledgerError, SourceError, UnreadablePage
from ocr.source import SourceFacts
from ocr.values import PageFacts, PageImage, Reading

_log = logging.getLogger("scanledger")

CellReadings = tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class PageJob:
    """One page of one file."""

    path: Path
    sha256: str
    page_number: int


@dataclass(frozen=True, slots=True)
class Look:
    """Cells of one page to be read again.

    pages: what was known of the page when they were found; tables: the cells of each table of the page.
    """

    job: PageJob
    pages: tuple[PageFacts, ...]
    tables: tuple[tuple[Cell, ...], ...]


class PageReader(Protocol):
    """Reads pages, wherever that happens. Raises EngineError, which may be tried again, and faults of the machine."""

    def inspect(self, path: Path) -> SourceFacts:
        """What the file is. Raises SourceError for a file that cannot be digitised."""
        ...

    def read(self, job: PageJob) -> PageTables:
        """The page; one that cannot be read carries its failure."""
        ...

    def look_again(self, look: Look) -> tuple[tuple[CellReadings, ...], ...]:
        """Readings of each cell of each table. Raises SourceError when the page cannot be had again."""
        ...

    def stop(self) -> None:
        """Whatever is being read, and is asked for later, ends with RunStopped. May be called from any thread."""
        ...

    def close(self) -> None:
        """Gives back what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class ReaderHere:
    """A PageReader in this very process. look_into: a file -> what it is."""

    stages: Stages
    look_into: Callable[[Path], SourceFacts]

    def inspect(self, path: Path) -> SourceFacts:
        return self.look_into(path)

    def read(self, job: PageJob) -> PageTables:
        return read_job(job, self.stages)

    def look_again(self, look: Look) -> tuple[tuple[CellReadings, ...], ...]:
        return read_again(look, self.stages)

    def stop(self) -> None: ...

    def close(self) -> None: ...


def read_job(job: PageJob, stages: Stages, rasterised: Callable[[PageFacts], None] = lambda facts: None) -> PageTables:
    """The page from its file to its tables. rasterised: told when its pixels are there."""
    facts = PageFacts(job.page_number, 0.0, 0.0)
    try:
        raw = stages.rasterise_page(job.path, job.page_number)
        facts = raw_facts(raw)
        rasterised(facts)
        return read_page(raw, stages)
    except ScanledgerError as error:
        if not isinstance(error, SourceError):
            raise
        return failed_page(facts, error)
    except MemoryError:
        return failed_page(facts, PageMemory("more memory was needed than there is"))
    except Exception as error:  # noqa: BLE001 - around a page: whatever is wrong with this one, the next goes on
        _log.error("document %s, page %d failed\n%s", job.sha256[:16], job.page_number, traceback.format_exc())
        return failed_page(facts, error)


def failed_page(facts: PageFacts, error: Exception) -> PageTables:
    """A page of which nothing is known but these facts and why."""
    failure = page_failure(facts.page_number, _stage_of(error), error)
    return PageTables(replace(facts, failures=(failure,)))


def _stage_of(error: Exception) -> str:
    """The module of ours in which the error arose, such as layout.grids."""
    modules = [str(frame.f_globals.get("__name__", "")) for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [name for name in modules if name.startswith(("ocr.", "layout.", "expectations."))]
    return ours[-1] if ours else "page"


def read_again(
    look: Look, stages: Stages, rasterised: Callable[[PageFacts], None] = lambda facts: None
) -> tuple[tuple[CellReadings, ...], ...]:
    """New readings of the cells. Raises UnreadablePage when the page is not the one on which they were found."""
    image = _page_again(look, stages, rasterised)
    return tuple(stages.look_again(image, cells) for cells in look.tables)


def _page_again(look: Look, stages: Stages, rasterised: Callable[[PageFacts], None]) -> PageImage:
    """The page with the very pixels that it had: put straight as it was then, and cleaned anew where that is not all."""
    from ocr.preprocess import is_only_straightened, straightened  # only workers need what it loads

    number = look.job.page_number
    raw = stages.rasterise_page(look.job.path, number)
    rasterised(raw_facts(raw))
    for page in look.pages:
        if is_only_straightened(raw, page.digest, page.rotation_degrees, page.skew_degrees):
            return straightened(raw, page.rotation_degrees, page.skew_degrees)
    image = straighten(raw, stages).image
    if image.digest not in {page.digest for page in look.pages}:
        raise UnreadablePage("the page came out otherwise than before", where=f"page {number}")
    return image


def engine_failed(job: PageJob, error: EngineError) -> PageTables:
    """A page whose tries are used up."""
    return failed_page(PageFacts(job.page_number, 0.0, 0.0), error)
