"""Edges of the sheet are no rulings; sides of a table that fills its picture are."""

from __future__ import annotations

import pytest

from layout.paper_edges import without_paper_edges
from layout.values import Orientation, Ruling
from tests import builders
from tests.layout.drawing import blank, page

PAPER = page(blank(600, 900))
WORD = builders.word("支出", 300, 300, height=20)
EDGES = (
    Ruling(Orientation.HORIZONTAL, 590, 0, 880, 4.0),
    Ruling(Orientation.VERTICAL, 12, 0, 400, 4.0),
    Ruling(Orientation.VERTICAL, 10, 400, 600, 4.0),
)


def test_lines_along_the_sides_of_the_page_that_print_is_far_from_are_edges_of_the_sheet() -> None:
    rule = Ruling(Orientation.HORIZONTAL, 250, 100, 600, 2.0)
    assert without_paper_edges([rule, *EDGES], PAPER, [WORD]) == (rule,)


@pytest.mark.parametrize("near", ["print", "rulings"])
def test_sides_of_a_table_that_fills_the_picture_stay(near: str) -> None:
    words = [WORD, builders.word("合计", 20, 560, height=20)] if near == "print" else [WORD]
    across = [Ruling(Orientation.HORIZONTAL, 250, 12, 600, 2.0), Ruling(Orientation.VERTICAL, 450, 100, 590, 2.0)]
    rulings = [*EDGES, *(across if near == "rulings" else ())]
    assert without_paper_edges(rulings, PAPER, words) == tuple(rulings)
