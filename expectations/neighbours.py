"""Numbers that a column edge cut in two, or that two columns left in one cell: candidates for both cells."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.candidates import Candidate, counted
from expectations.confusions import load_confusions
from expectations.known import Known
from expectations.values import CellRef
from layout.amounts import is_figure, parse_amount
from layout.values import Blankness, Cell


def neighbour_candidates(known: Known, ref: CellRef) -> Iterator[tuple[CellRef, Candidate]]:
    """What a cell and the one at its right, or left, would print had a number not been split or two not been joined."""
    slots = known.slots[ref.table_index]
    cell = slots[ref.row, ref.col]
    for left, right in ((cell, slots.get((ref.row, cell.span.col_stop))), (slots.get((ref.row, ref.col - 1)), cell)):
        if left is not None and right is not None and left is not right:
            for texts in _texts(left, right, known.figures[ref.table_index].decimals):
                for place, text in zip((left, right), texts, strict=True):
                    yield from _candidate(ref.table_index, place, text)


def _texts(left: Cell, right: Cell, decimals: int) -> Iterator[tuple[str, str]]:
    """(text of the left cell, text of the right cell)."""
    one, other = left.text.strip(), right.text.strip()
    parts = (one or other).split()
    if len(parts) == 2 and not (one and other) and all(is_figure(parse_amount(p)) for p in parts):
        yield parts[0], parts[1]
    joined = parse_amount(one + other)
    is_odd = any(parse_amount(t).decimals != decimals for t in (one, other))
    if one and other and is_odd and is_figure(joined) and joined.decimals == decimals > 0:
        yield one + other, ""
        yield "", one + other


def _candidate(table: int, cell: Cell, text: str) -> Iterator[tuple[CellRef, Candidate]]:
    value = counted(text)
    if value is not None and (text != cell.text or parse_amount(text).kind is Blankness.BLANK):
        price = load_confusions().prices["neighbour"] / 2
        says = "a number split over two cells, or two in one"
        yield CellRef(table, cell.span.row, cell.span.col), Candidate(text, value, price, False, says, price)
