"""Stages that need no file format, no model and no validator. A fake file's text says what its pages are, a line each.

    "table"    a page with one table of one figure
    "text"     a page without a table
    "torn"     a page that cannot be rasterised
    "slow"     a page that runs over its time
    "flaky"    an engine that fails on the first try
    "dead"     an engine that fails on every try
    "nomodel"  a model that is missing
    "bug"      a stage that raises what nobody expected
    "scripted" a page without a table, of a file that carries JavaScript and another file
A file that starts with "locked" is encrypted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

import numpy as np

from expectations.values import (
    CellRef,
    CellVerdict,
    Check,
    CheckVerdict,
    DocumentIdentity,
    DocumentTables,
    Fact,
    Finding,
    Severity,
    Term,
    ValidationReport,
)
from flows.digitise import Outcome, PageOutcome, Workshop, run_page, settle
from flows.page_reading import PageJob, ReaderHere
from flows.pipeline import Reread, Stages
from flows.results import DocumentResult
from flows.store import OutputFolder
from layout.implied import Implied
from layout.values import Blankness, Cell, Grid, Role, Span, Table, TableRegion, TextBlock
from ocr.errors import EncryptedSource, ModelMissing, PageTimeout, RecognitionFailed, UnreadablePage
from ocr.geometry import Affine, BBox
from ocr.source import SourceFacts, SourceKind
from ocr.triage import Triaged
from ocr.values import NO_PLACES, PageImage, PageText, Reading, TextPlaces, TextSource, Word

BOX = BBox(10.0, 20.0, 110.0, 40.0)


@dataclass
class FakeMachine:
    """Counts what its stages do. findings_fail: whether the critical finding of validation fails."""

    findings_fail: bool = False
    fiscal_year: int | None = 2026
    recognised: Counter[str] = field(default_factory=Counter)
    looked_at: Counter[str] = field(default_factory=Counter)

    def stages(self) -> Stages:
        return Stages(
            rasterise_page=rasterise_page,
            triage=lambda image: Triaged(image, None),
            preprocess=lambda image: image,
            find_rulings=lambda image: (),
            find_lines=lambda image, rulings: NO_PLACES,
            recognise=self.recognise,
            imply_rulings=lambda image, rulings, text: Implied(rulings),
            find_regions=find_regions,
            build_grid=lambda region, rulings, text: Grid(region, (0.0, 1.0, 2.0), (0.0, 1.0), COLUMN),
            fill_grid=fill_grid,
            reread_doubtful=lambda table, image: table,
            label_headers=lambda table: table,
            attach_captions=attach_captions,
            join_pages=lambda tables: tables,
            look_again=self.look_again,
            prove=self.prove,
        )

    def recognise(self, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
        kind = image.digest.split("-")[0]
        self.recognised[image.digest] += 1
        if kind == "dead" or (kind == "flaky" and self.recognised[image.digest] == 1):
            raise RecognitionFailed("the engine broke", where=f"page {image.page_number}")
        if kind == "nomodel":
            raise ModelMissing("the recogniser is gone")
        if kind == "bug":
            raise ZeroDivisionError("nobody expected this")
        return PageText(image.digest, TextSource.OCR, (Word(kind, BOX, 0.9),))

    def look_again(self, image: PageImage, cells: tuple[Cell, ...]) -> tuple[tuple[Reading, ...], ...]:
        self.looked_at[image.digest] += len(cells)
        return tuple((Reading(cell.text, 0.99, "wide"), Reading(cell.text, 0.98, "bare")) for cell in cells)

    def prove(self, document: DocumentTables, reread: Reread) -> tuple[DocumentTables, ValidationReport]:
        reread(tuple(CellRef(index, 1, 0) for index, _ in enumerate(document.tables)))
        return document, report_on(document, critical_succeeds=not self.findings_fail, fiscal_year=self.fiscal_year)


COLUMN = (Span(0, 0, 1, 1), Span(1, 0, 2, 1))


def look_into(path: Path) -> SourceFacts:
    lines = path.read_text(encoding="utf-8").split()
    if lines[:1] == ["locked"]:
        raise EncryptedSource("the file is locked")
    notes, embedded = (("embedded_files", "javascript"), ("evil\x1b[2J.exe",)) if "scripted" in lines else ((), ())
    return SourceFacts("0" * 64, path.name, SourceKind.PDF, len(lines), notes, embedded)


def rasterise_page(path: Path, page_number: int) -> PageImage:
    kind = path.read_text(encoding="utf-8").split()[page_number - 1]
    if kind == "torn":
        raise UnreadablePage("the page is torn", where=f"page {page_number}")
    if kind == "slow":
        raise PageTimeout("the page took too long", where=f"page {page_number}")
    digest = f"{kind}-{path.name}-{page_number}"
    pixels = np.full((4, 4), 255, np.uint8)
    return PageImage("0" * 64, page_number, 72.0, digest, Affine.identity(), pixels, 595.0, 842.0)


def find_regions(image: PageImage, rulings: object, text: PageText) -> tuple[TableRegion, ...]:
    return (TableRegion(image.page_number, BOX),) if text.words[0].text in {"table", "flaky"} else ()


def fill_grid(grid: Grid, image: PageImage, text: PageText) -> Table:
    return make_table(("收入", "3,064.66"), page_number=image.page_number)


def make_table(texts: Sequence[str], page_number: int = 1) -> Table:
    """One column of cells, the first a header."""
    cells = tuple(
        Cell(
            Span(row, 0, row + 1, 1), page_number, BOX, BOX, text, text, 0.97,
            Role.BODY if row else Role.COLUMN_HEADER, words=(text and (Word(text, BOX, 0.97),)) or (),
        )
        for row, text in enumerate(texts)
    )  # fmt: skip
    return Table(len(cells), 1, cells, (page_number,), 1, "收支总表", "表一", "万元", ("注：无",))


def attach_captions(
    tables: tuple[Table, ...], image: PageImage, text: PageText
) -> tuple[tuple[Table, ...], tuple[TextBlock, ...]]:
    return tables, (TextBlock(image.page_number, BOX, BOX, text.words[0].text),)


def report_on(
    document: DocumentTables, critical_succeeds: bool = True, fiscal_year: int | None = 2026
) -> ValidationReport:
    """Every second cell of each table is a figure, consistent under one check with itself."""
    refs = [CellRef(index, 1, 0) for index, _ in enumerate(document.tables)]
    value = Decimal("3064.66")
    return ValidationReport(
        identity=DocumentIdentity("budget", "某局", fiscal_year),
        table_kinds=("B1",) * len(document.tables),
        facts=tuple(make_fact(ref, value, document) for ref in refs),
        checks=tuple(make_check(ref, value) for ref in refs),
        findings=(Finding("document", "figures add up", Severity.CRITICAL, critical_succeeds, 1, "收支 differ"),),
        verdicts=tuple((ref, CellVerdict.CONSISTENT) for ref in refs),
    )


def make_fact(ref: CellRef, value: Decimal, document: DocumentTables) -> Fact:
    page_number = document.tables[ref.table_index].page_numbers[0]
    return Fact(
        ref, "B1", "functional", "201", "一般公共服务", 1, "收入", "income", value, Blankness.NUMBER, 2, "万元",
        value * 10_000, page_number, BOX,
    )  # fmt: skip


def make_check(ref: CellRef, value: Decimal) -> Check:
    terms = (Term(ref, 1, value), Term(None, -1, value))
    return Check("I08", "收入总计 = 支出总计", CheckVerdict.HOLDS, terms, Decimal(0), Decimal("0.01"))


def write_docs(folder: Path, result: DocumentResult) -> None:
    (folder / f"{result.document_id}.html").write_text(result.disposition.value, encoding="utf-8")


def make_workshop(machine: FakeMachine, root: Path, fingerprint: str = "f" * 64, force: bool = False) -> Workshop:
    out = OutputFolder(root)
    out.making.mkdir(parents=True, exist_ok=True)
    return Workshop(machine.stages(), ReaderHere(machine.stages(), look_into), write_docs, out, fingerprint, force)


def run_in_turn(jobs: Iterable[PageJob], workshop: Workshop) -> Iterator[PageOutcome]:
    """Pages one after the other, each tried once."""
    for job in jobs:
        yield settle(job, partial(run_page, job, workshop))


class Events:
    """A watch that writes down what it is told."""

    def __init__(self) -> None:
        self.pages: list[tuple[int, bool]] = []
        self.outcomes: list[Outcome] = []

    def run_started(self, n_files: int) -> None: ...
    def file_started(self, source_name: str, n_pages: int) -> None: ...

    def page_done(self, source_name: str, outcome: PageOutcome) -> None:
        self.pages.append((outcome.page.facts.page_number, outcome.was_kept))

    def file_done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def run_done(self, outcomes: Sequence[Outcome]) -> None: ...
