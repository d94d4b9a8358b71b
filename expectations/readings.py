"""How well a cell was read, apart from any arithmetic: by its doubts and by its independent readings."""

from __future__ import annotations

from decimal import Decimal

from expectations.values import DocumentTables
from layout.amounts import parse_amount
from layout.proposals import GRAMMAR
from layout.values import Blankness, Cell, Doubt
from ocr.values import TextSource

#: Below it in every look, a figure stays in doubt though the looks agree: they are mostly of one network.
_SURE = 0.9


def is_beyond_doubt(document: DocumentTables, cell: Cell) -> bool:
    """Whether a cell's figure is known to be what is printed, so that a failing identity is the author's own error.

    Two sources that read the same amount; or a trusted text layer without doubts; or a blank cell without ink.
    """
    if has_open_doubt(cell):
        return False
    if n_agreeing(cell) >= 2:
        return True
    if parse_amount(cell.text).kind is Blankness.BLANK:
        return cell.confidence == 1.0
    is_exact = all(word.confidence == 1.0 for word in cell.words)  # less: OCR read it where the layer says nothing
    return is_exact and _source(document, cell.page_number) is TextSource.TEXT_LAYER


def n_agreeing(cell: Cell) -> int:
    """The number of different sources whose reading gives the amount that counts."""
    value = _amount(cell.text)
    return len({r.source for r in cell.readings if r.source != GRAMMAR and _amount(r.text) == value})


def has_open_doubt(cell: Cell) -> bool:
    """Doubts that no second reading has settled. Looks that agree but are all unsure settle no doubt of confidence."""
    if not cell.doubts:
        return False
    agree = n_agreeing(cell) >= 2 and n_agreeing(cell) == len(_sources(cell))
    is_unsure = Doubt.LOW_CONFIDENCE in cell.doubts and all(r.confidence < _SURE for r in cell.readings)
    return not agree or is_unsure


def _sources(cell: Cell) -> set[str]:
    return {r.source for r in cell.readings} - {GRAMMAR}


def _amount(text: str) -> tuple[Blankness, Decimal | None, str]:
    amount = parse_amount(text)
    return amount.kind, amount.value, "".join(text.split()) if amount.kind is Blankness.TEXT else ""


def _source(document: DocumentTables, page_number: int) -> TextSource:
    pages = document.pages
    if page_number <= len(pages) and pages[page_number - 1].page_number == page_number:
        return pages[page_number - 1].text_source
    return next((p.text_source for p in pages if p.page_number == page_number), TextSource.OCR)
