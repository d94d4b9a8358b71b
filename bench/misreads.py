"""Documents read wrongly on purpose: how recognition reads a right figure, a wrong one, and an author's own slip.

A right cell was read twice, the same, and sure of each character; recognition always names other characters too, but as
noise. A misread cell has a wrong digit that is less sure; its true digit stands among the alternatives in most trials; the
second look reads it right, or makes the same mistake (and then mostly doubts as well), or another one. An author's slip is
read twice, the same, and surely.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from expectations.values import CellRef, DocumentTables
from layout.amounts import parse_amount
from layout.values import Cell, Doubt, Span, Table
from ocr.values import Char, Reading, Word

DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class MisreadOptions:
    """Shares of trials: the true digit among the alternatives; the second look right, or as wrong as the first."""

    true_among_alternatives: float = 0.85
    second_right: float = 0.6
    second_same: float = 0.3


@dataclass(frozen=True, slots=True)
class Misread:
    """A cell as misread. truth_known: the true figure is the second reading or among the alternatives of its characters."""

    cell: Cell
    truth_known: bool


def read_well(document: DocumentTables, rng: random.Random) -> DocumentTables:
    """Every cell read twice, the same and surely."""
    tables = tuple(replace(t, cells=tuple(_well(c, c.text, rng) for c in t.cells)) for t in document.tables)
    return replace(document, tables=tables)


def author_slip(cell: Cell, rng: random.Random) -> Cell:
    """Another digit printed, and read well."""
    return _well(cell, _wrong(cell.text, rng)[0], rng)


def misread_digit(cell: Cell, rng: random.Random, options: MisreadOptions) -> Misread:
    """One digit read wrong."""
    wrong, at, true = _wrong(cell.text, rng)
    carries = rng.random() < options.true_among_alternatives
    page = _look("page", wrong, {at: true} if carries else {at: ""}, rng)
    chance = rng.random()
    if chance < options.second_right:
        crop, known = _look("crop", cell.text, {at: wrong[at]}, rng), True
    elif chance < options.second_right + options.second_same:
        doubts = carries and rng.random() < 0.8
        crop, known = _look("crop", wrong, {at: true} if doubts else {}, rng), carries
    else:
        crop, known = _look("crop", _wrong(cell.text, rng)[0], {at: ""}, rng), carries
    return Misread(_as_read(cell, page, crop), known)


def lose_point(cell: Cell, rng: random.Random) -> Cell:
    """The decimal point not read, in the first look at least."""
    lost = cell.text.replace(".", "").replace("．", "")
    second = cell.text if rng.random() < 0.5 else lost
    return _as_read(cell, _look("page", lost, {}, rng), _look("crop", second, {}, rng))


def without_row(table: Table, row: int) -> Table:
    """A row not found: cells that reach over it are one row shorter."""
    cells = [c for c in table.cells if c.span.rowspan > 1 or c.span.row != row]
    moved = tuple(
        _spanned(c, c.span.row - (c.span.row > row), c.span.row_stop - (c.span.row_stop > row)) for c in cells
    )
    return replace(table, n_rows=table.n_rows - 1, cells=moved)


def with_row_twice(table: Table, row: int) -> Table:
    """A row found twice, one under the other: cells that reach over it are one row longer."""
    cells = []
    for c in table.cells:
        if c.span.row <= row < c.span.row_stop and c.span.rowspan == 1:
            cells += [c, _spanned(c, row + 1, row + 2)]
        else:
            cells.append(_spanned(c, c.span.row + (c.span.row > row), c.span.row_stop + (c.span.row_stop > row)))
    return replace(table, n_rows=table.n_rows + 1, cells=tuple(cells))


def with_column_shifted(table: Table, col: int, from_row: int) -> Table | None:
    """The figures of a column, from a row on, in the next column; None where that one is not free."""
    slots = table.slot_cells()
    texts: dict[Span, Cell] = {}
    for row in range(from_row, table.n_rows):
        here, there = slots[row, col], slots.get((row, col + 1))
        if there is None or here.span.colspan > 1 or there.span.colspan > 1 or there.text.strip():
            return None
        if here.text.strip() and here.span.rowspan == 1 and there.span.rowspan == 1:
            texts[there.span] = _moved(here, there)
            texts[here.span] = replace(there, span=here.span, bbox=here.bbox, bbox_pt=here.bbox_pt)
    return replace(table, cells=tuple(texts.get(c.span, c) for c in table.cells)) if texts else None


def with_cell(document: DocumentTables, ref: CellRef, change: Callable[[Cell], Cell]) -> DocumentTables:
    """The document with one cell changed."""
    table = document.tables[ref.table_index]
    cells = tuple(change(c) if (c.span.row, c.span.col) == (ref.row, ref.col) else c for c in table.cells)
    return with_table(document, ref.table_index, replace(table, cells=cells))


def with_table(document: DocumentTables, index: int, table: Table) -> DocumentTables:
    tables = (*document.tables[:index], table, *document.tables[index + 1 :])
    return replace(document, tables=tables)


def _moved(cell: Cell, to: Cell) -> Cell:
    return replace(cell, span=to.span, bbox=to.bbox, bbox_pt=to.bbox_pt)


def _spanned(cell: Cell, row: int, row_stop: int) -> Cell:
    return replace(cell, span=Span(row, cell.span.col, row_stop, cell.span.col_stop))


def _wrong(text: str, rng: random.Random) -> tuple[str, int, str]:
    """(the text with one digit replaced so that it is still a figure, where, the digit that was there)."""
    places = [i for i, ch in enumerate(text) if ch in DIGITS]
    while True:
        at = rng.choice(places)
        other = rng.choice([d for d in DIGITS if d != text[at]])
        wrong = text[:at] + other + text[at + 1 :]
        if parse_amount(wrong).value is not None:
            return wrong, at, text[at]


def _well(cell: Cell, text: str, rng: random.Random) -> Cell:
    if not text.strip():
        return cell
    return _as_read(cell, _look("page", text, {}, rng), _look("crop", text, {}, rng))


def _as_read(cell: Cell, page: Reading, crop: Reading) -> Cell:
    word = Word(page.text, cell.bbox, page.confidence, page.chars)
    differ = page.text != crop.text
    return replace(
        cell,
        text=page.text,
        ocr_text=page.text,
        confidence=page.confidence,
        words=(word,),
        readings=(replace(page, chars=()), crop),
        doubts=(Doubt.READINGS_DIFFER,) if differ else (),
    )


def _look(source: str, text: str, doubtful: dict[int, str], rng: random.Random) -> Reading:
    """One reading. doubtful: places of unsure characters -> what else they may be, '' for anything."""
    chars = []
    for i, ch in enumerate(text):
        if i in doubtful:
            sure = rng.uniform(0.45, 0.93)
            other = doubtful[i] or rng.choice([d for d in DIGITS if d != ch])
            others: tuple[tuple[str, float], ...] = ((other, (1.0 - sure) * rng.uniform(0.6, 1.0)),)
        else:
            sure = rng.uniform(0.985, 0.9999)
            others = ((rng.choice(DIGITS), (1.0 - sure) * rng.uniform(0.2, 0.9)),) if ch in DIGITS else ()
        chars.append(Char(ch, float(i), float(i + 1), sure, tuple(o for o in others if o[0] != ch)))
    return Reading(text, min((c.confidence for c in chars), default=1.0), source, tuple(chars))
