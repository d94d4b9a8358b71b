"""Cells of a whole document read again: only their pages are rasterised anew, one in memory at a time.

The page is made exactly as it was (its digest says so, and often how), so the boxes of its cells are those of its pixels. What was read
is kept with the page, so a second run reads nothing again. A page that cannot be looked at again leaves its cells in
doubt and says so in a note; it never costs the document the reading it has.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from expectations.values import CellRef, DocumentTables
from flows.page_cache import KeptReadings, PageKey, keep_readings, kept_readings
from flows.page_reading import Look, PageJob, PageReader
from flows.store import OutputFolder
from layout.values import Cell
from ocr.errors import EngineError, ModelMissing, SourceError, WorkerBroken
from ocr.geometry import BBox
from ocr.values import Reading

MOST_CELLS = 400
"""Cells of one document that are read again, at about 40 ms each: beyond that the scan is bad, and a reviewer's."""
_log = logging.getLogger("scanledger")
Placed = tuple[CellRef, Cell]
Read = tuple[CellRef, tuple[Reading, ...]]


@dataclass(frozen=True, slots=True)
class ReadingDesk:
    """Where the cells of one document are read again. notes: (page_number, sentence) of what was left out."""

    document: DocumentTables
    path: Path
    reader: PageReader
    out: OutputFolder
    fingerprint: str
    force: bool = False
    most_cells: int = MOST_CELLS
    notes: list[tuple[int, str]] = field(default_factory=list)

    def reread(self, asked: tuple[CellRef, ...]) -> tuple[Read, ...]:
        """New readings of the cells, as far as their pages can be looked at. Raises ModelMissing and StorageError."""
        placed = sorted(self._placed(asked[: self.most_cells]), key=lambda p: (p[1].page_number, p[0]))
        self._note_cut(asked[self.most_cells :])
        pages = [(number, tuple(cells)) for number, cells in groupby(placed, key=lambda p: p[1].page_number)]
        return tuple(read for number, cells in pages for read in self._reread_page(number, cells))

    def _placed(self, refs: Sequence[CellRef]) -> Iterator[Placed]:
        """The cells of these, table by table: those of a long document never lie here all at once."""
        for index, of in groupby(refs, key=lambda ref: ref.table_index):
            cells = {CellRef(index, c.span.row, c.span.col): c for c in self.document.tables[index].cells}
            yield from ((ref, cells[ref]) for ref in of if ref in cells)

    def _note_cut(self, left_out: tuple[CellRef, ...]) -> None:
        n_cells = Counter(cell.page_number for _, cell in self._placed(left_out))
        for number in sorted(n_cells):
            self.notes.append((number, f"{n_cells[number]} cells were not read again: the document has too many"))

    def _reread_page(self, page_number: int, placed: tuple[Placed, ...]) -> tuple[Read, ...]:
        key = PageKey(self.document.sha256, page_number, self.fingerprint)
        kept = {} if self.force else {(k.bbox, k.text): k.readings for k in kept_readings(self.out, key)}
        missing = tuple(p for p in placed if (p[1].bbox, p[1].text) not in kept)
        if missing:
            new = self._look(page_number, missing)
            kept |= new
            if new:
                keep_readings(self.out, key, tuple(KeptReadings(*place, found) for place, found in kept.items()))
        found = [(ref, kept.get((cell.bbox, cell.text), ())) for ref, cell in placed]
        return tuple((ref, readings) for ref, readings in found if readings)

    def _look(self, page_number: int, placed: tuple[Placed, ...]) -> dict[tuple[BBox, str], tuple[Reading, ...]]:
        """Readings by place and text of the cell; none where the page cannot be had again."""
        tables = tuple(tuple(c for _, c in of) for _, of in groupby(placed, key=lambda p: p[0].table_index))
        pages = tuple(page for page in self.document.pages if page.page_number == page_number)
        look = Look(PageJob(self.path, self.document.sha256, page_number), pages, tables)
        try:
            found = self.reader.look_again(look)
        except (ModelMissing, WorkerBroken):
            raise
        except (EngineError, SourceError) as error:
            _log.warning("page %d was not read again: %s", page_number, error)
            self.notes.append((page_number, f"{len(placed)} cells were not read again: {error.message}"))
            return {}
        return {
            (cell.bbox, cell.text): readings
            for cells, of_cells in zip(tables, found, strict=True)
            for cell, readings in zip(cells, of_cells, strict=True)
        }


def noted(document: DocumentTables, notes: Sequence[tuple[int, str]]) -> DocumentTables:
    """The document with notes on its pages."""
    pages = tuple(
        replace(page, notes=(*page.notes, *(text for number, text in notes if number == page.page_number)))
        for page in document.pages
    )
    return replace(document, pages=pages)
