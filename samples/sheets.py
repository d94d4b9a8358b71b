"""Sheets laid side by side, as a copier does that puts two pages of a booklet on one."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from samples.flow import Pages, PlacedTable
from samples.ink import Fill, Ink, RulingInk, Sheet


def side_by_side(pages: Pages) -> Pages:
    """Each two sheets as one of twice the width; the last may stand alone at the left."""
    pairs = zip_longest(pages.sheets[::2], pages.sheets[1::2])
    return replace(pages, sheets=tuple(_pair(a, b) for a, b in pairs), tables=tuple(map(_moved, pages.tables)))


def _pair(left: Sheet, right: Sheet | None) -> Sheet:
    wide = Sheet(2 * left.width, left.height, left.inks, left.texts)
    return wide.with_ink((_shifted(ink, left.width) for ink in right.inks), right.texts) if right else wide


def _shifted(ink: Ink, dx: float) -> Ink:
    if isinstance(ink, Fill | RulingInk):
        return replace(ink, x0=ink.x0 + dx, x1=ink.x1 + dx)
    return replace(ink, x=ink.x + dx)


def _moved(table: PlacedTable) -> PlacedTable:
    return replace(table, page_numbers=tuple(sorted({(n + 1) // 2 for n in table.page_numbers})))
