"""The whole program on one screen: which stages there are, and in which order they run.

No orchestrator here: `flows/process.py` wraps these functions from outside, `flows/wiring.py` fills in the stages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.values import CellRef, DocumentTables, ValidationReport
from layout.disputes import keep_disputes
from layout.read_rulings import without_read_rulings
from layout.values import Cell, Grid, Ruling, Table, TableRegion, TextBlock
from ocr.shelf import Chained, Shelf
from ocr.values import PageFacts, PageImage, PageText, Reading, TextPlaces, TextSource

if TYPE_CHECKING:
    from layout.implied import Implied
    from ocr.triage import Triaged

Rulings = tuple[Ruling, ...]
Reread = Callable[[tuple[CellRef, ...]], tuple[tuple[CellRef, tuple[Reading, ...]], ...]]
"""Cells of a document -> other readings of them, from new looks at their pages; it may leave cells out."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Plain callables, composed by functools.partial so that they pickle."""

    rasterise_page: Callable[[Path, int], PageImage]
    triage: Callable[[PageImage], Triaged]
    preprocess: Callable[[PageImage], PageImage]
    find_rulings: Callable[[PageImage], Rulings]
    find_lines: Callable[[PageImage, Rulings], TextPlaces]
    recognise: Callable[[PageImage, TextPlaces], PageText]
    imply_rulings: Callable[[PageImage, Rulings, PageText], Implied]
    find_regions: Callable[[PageImage, Rulings, PageText], tuple[TableRegion, ...]]
    build_grid: Callable[[TableRegion, Rulings, PageText], Grid]
    fill_grid: Callable[[Grid, PageImage, PageText], Table]
    reread_doubtful: Callable[[Table, PageImage], Table]
    label_headers: Callable[[Table], Table]
    attach_captions: Callable[[tuple[Table, ...], PageImage, PageText], tuple[tuple[Table, ...], tuple[TextBlock, ...]]]
    join_pages: Callable[[tuple[Table, ...]], Iterable[Table]]
    look_again: Callable[[PageImage, tuple[Cell, ...]], tuple[tuple[Reading, ...], ...]]
    prove: Callable[[DocumentTables, Reread], tuple[DocumentTables, ValidationReport]]


@dataclass(frozen=True, slots=True)
class PageTables:
    """One page as read: its facts, its tables, and the text outside them. plain: that text, should the tentative table
    be none; None where there is none.
    """

    facts: PageFacts
    tables: tuple[Table, ...] = ()
    text: Sequence[TextBlock] = ()
    plain: Sequence[TextBlock] | None = None

    def laid_aside(self, shelf: Shelf) -> PageTables:
        """The same page, what stands on it on a shelf."""
        plain = None if self.plain is None else shelf.keep(self.plain)
        tables = tuple(t.laid_aside(shelf) for t in self.tables)
        return replace(self, tables=tables, text=shelf.keep(self.text), plain=plain)


def read_page(raw: PageImage, stages: Stages) -> PageTables:
    """One page from pixels to tables."""
    image, rulings, text = read_text(raw, stages)
    filled = [fill_table(grid, image, text, stages) for grid in find_grids(image, rulings, text, stages)]
    return with_text(tuple(map(stages.label_headers, filled)), image, text, stages)


def with_text(filled: tuple[Table, ...], image: PageImage, text: PageText, stages: Stages) -> PageTables:
    """The tables of a page with what stands around them. What says something of another table is no tentative one."""
    sure, plain = stages.attach_captions(tuple(t for t in filled if not t.tentative), image, text)
    if len(sure) == len(filled):
        return PageTables(page_facts(image, text), sure, plain)
    tables, blocks = stages.attach_captions(filled, image, text)
    if [_around(t) for t in tables if not t.tentative] != [_around(t) for t in sure]:
        return PageTables(page_facts(image, text), sure, plain)
    return PageTables(page_facts(image, text), tables, blocks, plain)


def _around(table: Table) -> tuple[object, ...]:
    return table.title, table.label, table.unit, table.notes, table.continued


def find_grids(image: PageImage, rulings: Rulings, text: PageText, stages: Stages) -> tuple[Grid, ...]:
    """The grids of a page, from its rulings drawn and implied; those that implying needed are not made twice."""
    text = without_read_rulings(text, rulings)
    implied = stages.imply_rulings(image, rulings, text)
    if implied.grids is not None:
        return implied.grids
    regions = stages.find_regions(image, implied.rulings, text)
    return tuple(stages.build_grid(region, implied.rulings, text) for region in regions)


def straighten(raw: PageImage, stages: Stages) -> Triaged:
    """The page upright and level, with its own text where that can be trusted."""
    found = stages.triage(raw)
    return found if found.text is not None else replace(found, image=stages.preprocess(raw))


def read_text(raw: PageImage, stages: Stages) -> tuple[PageImage, Rulings, PageText]:
    """The page upright and level, its rulings, and its words: its own where they can be trusted, else by OCR."""
    found = straighten(raw, stages)
    rulings = stages.find_rulings(found.image)
    if found.text is not None:
        return found.image, rulings, found.text
    text = stages.recognise(found.image, stages.find_lines(found.image, rulings))
    return found.image, rulings, replace(text, notes=(*text.notes, *found.notes))


def fill_table(grid: Grid, image: PageImage, text: PageText, stages: Stages) -> Table:
    """The grid with its text. What the file itself says is not read again: a crop could only say it worse."""
    table = stages.fill_grid(grid, image, text)
    if text.source is TextSource.TEXT_LAYER:
        return keep_disputes(table, text)
    return stages.reread_doubtful(table, image)


def join_document(
    sha256: str, source_name: str, pages: tuple[PageTables, ...], stages: Stages, shelf: Shelf | None = None
) -> DocumentTables:
    """All pages as one document, tables that run over pages joined. shelf: on which its pages lie already."""
    shelf = shelf or Shelf()
    tables: list[Table] = []
    none: set[int] = set()
    for table in stages.join_pages(tuple(table for page in pages for table in page.tables)):
        if table.tentative:
            none.update(table.page_numbers)
        else:
            tables.append(table.laid_aside(shelf))
    text = Chained(_text_of(page, page.facts.page_number in none) for page in pages)
    return DocumentTables(sha256, source_name, tuple(page.facts for page in pages), tuple(tables), text, shelf=shelf)


def _text_of(page: PageTables, plain: bool) -> Sequence[TextBlock]:
    return page.plain if plain and page.plain is not None else page.text


def raw_facts(image: PageImage) -> PageFacts:
    """What is known of a page before it is read."""
    return PageFacts(image.page_number, image.width_pt, image.height_pt, image.dpi, image.digest)


def page_facts(image: PageImage, text: PageText) -> PageFacts:
    return replace(
        raw_facts(image),
        text_source=text.source,
        rotation_degrees=image.rotation_degrees,
        skew_degrees=image.skew_degrees,
        notes=text.notes,
    )
