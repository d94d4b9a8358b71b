"""What one sample file is made of: which parts of which document, in which look, aged how, turned how."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath

import numpy as np

from samples.age import age, seed_for
from samples.digital import Typing, write_digital
from samples.draw import Pixels, draw_sheet
from samples.flow import Pages, number_pages, pour_narrative, pour_pair, pour_table, pour_turned
from samples.ink import Sheet
from samples.pack import Scan, pack
from samples.sheets import side_by_side
from samples.source import load_document
from samples.truth_json import PageTruth, to_truth
from samples.values import Ageing, Block, Look, SourceDocument, SourceTable


@dataclass(frozen=True, slots=True)
class NarrativePart:
    """Blocks [start, stop) of the narrative, each pair in turn."""

    ranges: tuple[tuple[int, int | None], ...] = ((0, None),)


@dataclass(frozen=True, slots=True)
class TablePart:
    """One table, by name, or given as itself. gap_pt: room above it when it shares a page; 0 for two lines of type."""

    table: str | SourceTable
    landscape: bool = False
    own_page: bool = True
    look: Look | None = None
    gap_pt: float = 0.0


@dataclass(frozen=True, slots=True)
class PairPart:
    """Two narrow tables side by side on a page of their own. right_row_pt: height of the right one's rows; 0: as the left's."""

    left: SourceTable
    right: SourceTable
    right_row_pt: float = 0.0


@dataclass(frozen=True, slots=True)
class TurnedPart:
    """A table on its side, turned clockwise by ``turn`` (90 or 270), on a page whose type stands upright."""

    table: str | SourceTable
    turn: int = 270
    own_page: bool = True


Part = NarrativePart | TablePart | PairPart | TurnedPart


@dataclass(frozen=True, slots=True)
class Job:
    """One file of a set.

    turns: clockwise turn of each page as it lies in the file, repeated over the pages. two_up: two sheets on each page.
    typing: how a program writes a file that is born digital; ageing and turns do not count then.
    """

    file_name: str
    shows: str
    document: str
    parts: tuple[Part, ...]
    look: Look = field(default_factory=Look)
    ageing: Ageing = field(default_factory=Ageing)
    turns: tuple[int, ...] = (0,)
    blocks: tuple[Block, ...] | None = None
    two_up: bool = False
    typing: Typing | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A finished file: its bytes, and its truth as a JSON value."""

    file_name: str
    content: bytes
    truth: dict[str, object]

    @property
    def truth_name(self) -> str:
        return f"{PurePath(self.file_name).stem}.truth.json"


def make_sample(job: Job, seed: int) -> Sample:
    """Typesets, ages and packs one job; the same job and seed give the same sample."""
    source = load_document(job.document)
    pages = typeset(job, source)
    pages = replace(pages, sheets=_numbered(pages, job))
    if job.two_up:
        pages = side_by_side(pages)
    sheets = pages.sheets
    if job.typing is not None:
        level = tuple(PageTruth(number, 0, 0.0) for number in range(1, len(sheets) + 1))
        truth = to_truth(job.file_name, source, pages.tables, sheets, level)
        return Sample(job.file_name, write_digital(sheets, job.typing), truth)
    scans, facts = [], []
    for number, sheet in enumerate(sheets, start=1):
        scan, fact = _scan_page(sheet, job, number, seed)
        scans.append(scan)
        facts.append(fact)
    truth = to_truth(job.file_name, source, pages.tables, sheets, tuple(facts))
    return Sample(job.file_name, pack(tuple(scans), PurePath(job.file_name).suffix), truth)


def typeset_sheets(job: Job) -> tuple[Sheet, ...]:
    """The job's parts on sheets, with page numbers where its look has them."""
    return _numbered(typeset(job, load_document(job.document)), job)


def _numbered(pages: Pages, job: Job) -> tuple[Sheet, ...]:
    return number_pages(pages.sheets, job.look) if job.look.page_numbers else pages.sheets


def typeset(job: Job, source: SourceDocument) -> Pages:
    """The job's parts on sheets, nothing aged yet."""
    pages = Pages()
    narrative = source.narrative if job.blocks is None else job.blocks
    for part in job.parts:
        if isinstance(part, NarrativePart):
            blocks = tuple(block for start, stop in part.ranges for block in narrative[start:stop])
            pages = pour_narrative(pages, blocks, job.look)
        elif isinstance(part, PairPart):
            pages = pour_pair(pages, part.left, part.right, job.look, part.right_row_pt)
        elif isinstance(part, TurnedPart):
            table = source.table(part.table) if isinstance(part.table, str) else part.table
            pages = pour_turned(pages, table, job.look, part.turn, part.own_page)
        else:
            table = source.table(part.table) if isinstance(part.table, str) else part.table
            pages = pour_table(pages, table, part.look or job.look, part.landscape, part.own_page, part.gap_pt)
    return pages


def _scan_page(sheet: Sheet, job: Job, number: int, seed: int) -> tuple[Scan, PageTruth]:
    ageing = job.ageing
    aged = age(draw_sheet(sheet, ageing.dpi), ageing, seed_for(seed, job.file_name, number))
    turn = job.turns[(number - 1) % len(job.turns)]
    scan = Scan(_turned(aged.pixels, turn), ageing.dpi, ageing.jpeg, ageing.mode == "bilevel")
    return scan, PageTruth(number, -turn % 360, -aged.skew_degrees)


def _turned(pixels: Pixels, clockwise: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, k=-clockwise // 90))
