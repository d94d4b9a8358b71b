"""Lines of amounts that stand as text right beside a table: rows that were not seen to be its own.

Beside is below its last row or above its first, no farther than its rows are high; or at the head of the page after the
one where it ended, or at the foot of the page before one where it goes on without title and header.
"""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.figures import TableFigures
from expectations.values import CellRef, Check, CheckVerdict, DocumentTables, Term
from layout.amounts import parse_amount
from layout.values import Cell, TextBlock
from ocr.geometry import BBox

LOST_ROW = "S08"
#: Amounts in such a line at least; rows' heights of the table that it lies off at most; characters of a page's number at most.
_AMOUNTS, _ROWS_OFF, _SHORT = 2, 1.5, 8
_YEAR = re.compile(r"(?:19|20)\d\d")


def lost_rows(document: DocumentTables, tables: Sequence[TableFigures]) -> Iterator[Check]:
    """A failing check for each such line, on the figures of the row nearest to it."""
    rows = [block for block in document.text if is_line_of_amounts(block.text)]
    near = {block.page_number + by for block in rows for by in (-1, 0, 1)}
    others: dict[int, list[TextBlock]] = defaultdict(list)
    for block in document.text if rows else ():
        if block.page_number in near and len(block.text.strip()) > _SHORT and not is_line_of_amounts(block.text):
            others[block.page_number].append(block)
    pages: dict[int, list[_Part]] = defaultdict(list)
    for table in tables:
        for page in near & set(table.table.page_numbers):
            pages[page].append(_Part(table, [c for c in table.table.cells if c.page_number == page]))
    for block in rows:
        found = _beside(block, pages[block.page_number]) or _over_the_break(block, pages, others)
        if found is not None:
            part, is_below = found
            yield part.failing(block.text, is_below)


def is_line_of_amounts(text: str) -> bool:
    """Whether a line of text is amounts for the most part, several, as only rows of tables are."""
    parts = text.split()
    amounts = [p for p in parts if _is_amount(p)]
    return len(amounts) >= _AMOUNTS and 2 * len(amounts) >= len(parts)


def _is_amount(text: str) -> bool:
    amount = parse_amount(text)
    digits = sum(c.isdigit() for c in text)
    return amount.value is not None and digits > 2 and not _YEAR.fullmatch(text)


class _Part:
    """What a page holds of a table."""

    def __init__(self, table: TableFigures, cells: Sequence[Cell]) -> None:
        self.table, self.cells = table, cells
        self.x0, self.x1 = min(c.bbox.x0 for c in cells), max(c.bbox.x1 for c in cells)
        self.y0, self.y1 = min(c.bbox.y0 for c in cells), max(c.bbox.y1 for c in cells)
        self.row = statistics.median(c.bbox.height / c.span.rowspan for c in cells)

    def is_over(self, box: BBox) -> bool:
        """Whether a box lies within the table's sides for the most part."""
        return min(box.x1, self.x1) - max(box.x0, self.x0) > 0.5 * box.width

    def failing(self, text: str, is_below: bool) -> Check:
        """A check on the figures of the last row, or of the first with figures."""
        figures = [c for c in self.cells if parse_amount(c.text).value is not None] or list(self.cells)
        edge = max(c.span.row for c in figures) if is_below else min(c.span.row for c in figures)
        terms = tuple(
            Term(CellRef(self.table.table_index, c.span.row, c.span.col), 0, parse_amount(c.text).value or Decimal(0))
            for c in figures if c.span.row == edge
        )  # fmt: skip
        where = f"table {self.table.table_index + 1}: amounts beside it stand in no table: {text}"
        return Check(LOST_ROW, where, CheckVerdict.EXTRACTION_SUSPECT, terms, reason="a row may be lost")


def _beside(block: TextBlock, parts: Sequence[_Part]) -> tuple[_Part, bool] | None:
    """The table on the block's page that it stands right below or above, and which of the two."""
    box = block.bbox
    for part in parts:
        for off, is_below in ((box.y0 - part.y1, True), (part.y0 - box.y1, False)):
            if part.is_over(box) and -0.5 * box.height < off < _ROWS_OFF * part.row:
                return part, is_below
    return None


def _over_the_break(
    block: TextBlock, pages: dict[int, list[_Part]], others: dict[int, list[TextBlock]]
) -> tuple[_Part, bool] | None:
    """The table that ended the page before, where nothing stands above the block; or the one that begins the next page
    without title and header, where nothing stands below it.
    """
    page, box = block.page_number, block.bbox
    above = [*(p.y0 for p in pages[page]), *(b.bbox.y0 for b in others[page])]
    last = max(pages[page - 1], key=lambda p: p.y1, default=None)
    is_first = last is not None and not any(y < box.y0 for y in above)
    if last and is_first and last.is_over(box) and not any(b.bbox.y0 > last.y1 for b in others[page - 1]):
        return last, True
    below = [*(p.y1 for p in pages[page]), *(b.bbox.y1 for b in others[page])]
    first = min(pages[page + 1], key=lambda p: p.y0, default=None)
    if first is not None and not any(y > box.y1 for y in below):
        table = first.table.table
        bare = not table.n_header_rows and not table.title and table.page_numbers[0] == page + 1
        if bare and first.is_over(box) and not any(b.bbox.y1 < first.y0 for b in others[page + 1]):
            return first, False
    return None
