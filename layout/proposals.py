"""What a figure that breaks the form of its column may have been: evidence for a reviewer, never a correction.

An amount whose thousands groups are broken (1,23.45), that has two points, or prints other decimals than its column, is
doubted. The recogniser's own alternatives (another character, nothing, one more beside it) are tried one and two at a
time; the likeliest text that has the form of the column is kept beside the readings, as source 'grammar'.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from layout.amounts import parse_amount
from layout.columns import ColumnForm, ColumnType
from layout.values import Blankness, Cell
from ocr.values import Char, Reading

GRAMMAR = "grammar"
"""The source of a proposal: it is no reading, and never counts as one."""
LEAST_ALTERNATIVE = 0.01
_MOST_SWAPS = 12


def fits(text: str, form: ColumnForm) -> bool:
    """Whether a text has the form of its column; a column of words takes any."""
    if form.type is ColumnType.TEXT:
        return True
    amount = parse_amount(text)
    if form.decimals is not None and amount.kind is Blankness.NUMBER:
        return amount.decimals == form.decimals
    if form.decimals and amount.kind is Blankness.ZERO:
        return amount.decimals in (0, form.decimals)
    return amount.kind is not Blankness.TEXT


def with_proposal(cell: Cell, form: ColumnForm) -> Cell:
    """The doubted cell with the likeliest text of its column's form beside its readings, where its own has not that form."""
    if not cell.doubts or not cell.text.strip() or fits(cell.text, form):
        return cell
    chars = [of for of in (_page_chars(cell), *(r.chars for r in cell.readings)) if of]
    found = [proposal for of in chars for proposal in _texts(of) if fits(proposal[0], form)]
    known = {r.text for r in cell.readings}
    best = max((p for p in found if p[0].strip() and p[0] not in known), key=lambda p: (p[1], p[0]), default=None)
    if best is None:
        return cell
    return proposed(cell, *best)


def proposed(cell: Cell, text: str, probability: float) -> Cell:
    """The cell with a text that it may have held beside its readings; the page's own stands first."""
    page = cell.readings or (Reading(cell.ocr_text, cell.confidence, "page"),)
    return replace(cell, readings=(*page, Reading(text, probability, GRAMMAR)))


def _page_chars(cell: Cell) -> tuple[Char, ...]:
    chars = tuple(char for word in cell.words for char in word.chars)
    return chars if "".join(c.text for c in chars) == cell.ocr_text else ()


def _texts(chars: Sequence[Char]) -> Iterator[tuple[str, float]]:
    """(text, probability) with one or two characters replaced by alternatives; the others as sure as they were read."""
    swaps = [(i, text, p) for i, c in enumerate(chars) for text, p in c.alternatives if p >= LEAST_ALTERNATIVE]
    swaps = sorted(swaps, key=lambda swap: -swap[2])[:_MOST_SWAPS]
    for n in (1, 2):
        for chosen in combinations(swaps, n):
            if len({i for i, _, _ in chosen}) == n:
                yield _swapped(chars, chosen), math.prod(p for _, _, p in chosen)


def _swapped(chars: Sequence[Char], chosen: Sequence[tuple[int, str, float]]) -> str:
    other = {i: text for i, text, _ in chosen}
    return "".join(other.get(i, c.text) for i, c in enumerate(chars))
