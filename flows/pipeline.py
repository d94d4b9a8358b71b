"""The whole program on one screen: which stages there are, and in which order they run.

No orchestrator here: `flows/process.py` wraps these functions from outside, `flows/wiring.py` fills in the stages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from expectations.values import CellRef, DocumentTables, ValidationReport
from layout.values import Cell, Grid, Ruling, Table, TableRegion, TextBlock
from ocr.values import PageFacts, PageImage, PageText, Reading

Rulings = tuple[Ruling, ...]
Reread = Callable[[tuple[CellRef, ...]], tuple[tuple[CellRef, tuple[Reading, ...]], ...]]
"""Cells of a document -> other readings of them, from new looks at their pages; it may leave cells out."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Plain callables, composed by functools.partial so that they pickle."""

    rasterise_page: Callable[[Path, int], PageImage]
    preprocess: Callable[[PageImage], PageImage]
    recognise: Callable[[PageImage], PageText]
    find_rulings: Callable[[PageImage], Rulings]
    imply_rulings: Callable[[PageImage, Rulings, PageText], Rulings]
    find_regions: Callable[[PageImage, Rulings, PageText], tuple[TableRegion, ...]]
    build_grid: Callable[[TableRegion, Rulings, PageText], Grid]
    fill_grid: Callable[[Grid, PageImage, PageText], Table]
    reread_doubtful: Callable[[Table, PageImage], Table]
    label_headers: Callable[[Table], Table]
    attach_captions: Callable[[tuple[Table, ...], PageImage, PageText], tuple[tuple[Table, ...], tuple[TextBlock, ...]]]
    join_pages: Callable[[tuple[Table, ...]], tuple[Table, ...]]
    look_again: Callable[[PageImage, tuple[Cell, ...]], tuple[tuple[Reading, ...], ...]]
    prove: Callable[[DocumentTables, Reread], tuple[DocumentTables, ValidationReport]]


@dataclass(frozen=True, slots=True)
class PageTables:
    """One page as read: its facts, its tables, and the text outside them."""

    facts: PageFacts
    tables: tuple[Table, ...] = ()
    text: tuple[TextBlock, ...] = ()


def read_page(raw: PageImage, stages: Stages) -> PageTables:
    """One page from pixels to tables."""
    image = stages.preprocess(raw)
    text = stages.recognise(image)
    rulings = stages.imply_rulings(image, stages.find_rulings(image), text)
    regions = stages.find_regions(image, rulings, text)
    grids = [stages.build_grid(region, rulings, text) for region in regions]
    filled = [stages.reread_doubtful(stages.fill_grid(grid, image, text), image) for grid in grids]
    tables, blocks = stages.attach_captions(tuple(map(stages.label_headers, filled)), image, text)
    return PageTables(page_facts(image, text), tables, blocks)


def join_document(sha256: str, source_name: str, pages: tuple[PageTables, ...], stages: Stages) -> DocumentTables:
    """All pages as one document, tables that run over pages joined."""
    tables = stages.join_pages(tuple(table for page in pages for table in page.tables))
    text = tuple(block for page in pages for block in page.text)
    return DocumentTables(sha256, source_name, tuple(page.facts for page in pages), tables, text)


def raw_facts(image: PageImage) -> PageFacts:
    """What is known of a page before it is read."""
    return PageFacts(image.page_number, image.width_pt, image.height_pt, image.dpi, image.digest)


def page_facts(image: PageImage, text: PageText) -> PageFacts:
    return replace(
        raw_facts(image),
        text_source=text.source,
        rotation_degrees=image.rotation_degrees,
        skew_degrees=image.skew_degrees,
    )
