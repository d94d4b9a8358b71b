"""Rows of dashes that were read are rulings, and type that the side of its cell cuts off is type though hardly read."""

from __future__ import annotations

from layout.read_rulings import without_read_rulings
from layout.values import Orientation, Ruling
from tests import builders

WORD = builders.word("贝员协助有大币级工地亩果团", 100, 100, height=20, confidence=0.2)
TEXT = builders.page_text(WORD)
ALONG = Ruling(Orientation.HORIZONTAL, 108, 90, WORD.bbox.x1 + 10, 3.0)


def test_a_row_of_dashes_is_no_word() -> None:
    assert without_read_rulings(TEXT, [ALONG]).words == ()
    across = [Ruling(Orientation.VERTICAL, x, 60, 160, 3.0) for x in (150, 250, 350)]
    assert without_read_rulings(TEXT, [ALONG, *across]).words == ()


def test_what_has_stems_is_type_though_a_ruling_runs_along_it() -> None:
    stems = [Ruling(Orientation.VERTICAL, x, 108, 121, 6.0) for x in (150, 250, 350)]
    assert without_read_rulings(TEXT, [ALONG, *stems]) is TEXT
    assert without_read_rulings(TEXT, [ALONG, *stems[1:]]).words == ()
