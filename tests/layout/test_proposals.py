"""Broken figures get what they may have been beside them, and are never changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.candidates import witnesses_of
from expectations.readings import n_agreeing
from layout.calibration import evidence
from layout.columns import ColumnForm, ColumnType
from layout.proposals import with_proposal
from layout.values import Cell, Doubt
from ocr.geometry import BBox
from ocr.values import Char, Word
from tests.builders import table

MONEY = ColumnForm(ColumnType.DECIMAL, 2, 8)


def doubted(text: str, alternatives: dict[int, tuple[tuple[str, float], ...]]) -> Cell:
    chars = tuple(Char(c, 70.0 + 9 * i, 79.0 + 9 * i, 0.8, alternatives.get(i, ())) for i, c in enumerate(text))
    word = Word(text, BBox(70.0, 110.0, 70.0 + 9 * len(text), 130.0), 0.8, chars)
    return replace(table([[text]]).cells[0], words=(word,), doubts=(Doubt.OFF_TYPE,), confidence=0.8)


@pytest.mark.parametrize(
    ("text", "alternatives", "proposed"),
    [
        ("1,23.45", {2: (("24", 0.2),)}, "1,243.45"),  # a digit of the group was left out
        ("1.234.56", {1: ((",", 0.3), ("", 0.1))}, "1,234.56"),  # two points
        ("123456", {3: (("4.", 0.04), (".4", 0.03))}, "1234.56"),  # the point was lost
        ("12.5O", {4: (("0", 0.4),)}, "12.50"),
        ("1.23456", {1: (("", 0.3),), 4: (("4.", 0.2),)}, "1234.56"),  # two at once
    ],
)  # fmt: skip
def test_the_likeliest_text_of_the_columns_form_is_proposed(
    text: str, alternatives: dict[int, tuple[tuple[str, float], ...]], proposed: str
) -> None:
    cell = with_proposal(doubted(text, alternatives), MONEY)
    assert (cell.text, cell.ocr_text, cell.doubts) == (text, text, (Doubt.OFF_TYPE,))
    assert [(r.text, r.source) for r in cell.readings] == [(text, "page"), (proposed, "grammar")]


def test_a_proposal_is_no_reading() -> None:
    cell = with_proposal(doubted("12.5O", {4: (("0", 0.4),)}), MONEY)
    assert [w.source for w in witnesses_of(cell)] == ["page"]
    assert n_agreeing(replace(cell, text="12.50")) == 0
    assert evidence(cell)["differing"] == 0.0


def test_nothing_is_proposed_without_doubt_or_need_or_alternatives() -> None:
    sound = doubted("12.50", {0: (("7", 0.4),)})
    assert with_proposal(sound, MONEY) == sound
    bare = doubted("12.5O", {})
    assert with_proposal(bare, MONEY) == bare
    words = doubted("12.5O", {4: (("0", 0.4),)})
    assert with_proposal(words, ColumnForm(ColumnType.TEXT, None, 0)) == words
    sure = replace(words, doubts=())
    assert with_proposal(sure, MONEY) == sure
