from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from layout import overlay
from layout.values import Doubt
from ocr.values import Pixels
from tests import builders
from tests.layout.drawing import blank, page, rulings_of

GRID = builders.grid("ab|cd")
IMAGE = page(blank())
TABLE = builders.table([["甲", "乙"], ["1", "2"]])
WORD = builders.word("甲", 100, 120)


@pytest.mark.parametrize(
    "picture",
    [
        overlay.draw_rulings(IMAGE, rulings_of(GRID)),
        overlay.draw_regions(IMAGE, [GRID.region]),
        overlay.draw_grid(IMAGE, GRID),
        overlay.draw_table(IMAGE, TABLE),
        overlay.draw_words(IMAGE, [WORD]),
        overlay.draw_seals(replace(IMAGE, seals=(WORD.bbox,))),
    ],
    ids=["rulings", "regions", "grid", "table", "words", "seals"],
)
def test_a_picture_shows_colour_on_a_page_of_the_same_size(picture: Pixels) -> None:
    assert picture.shape == (*IMAGE.pixels.shape, 3)
    assert picture.dtype == np.uint8
    assert (picture.max(axis=2) != picture.min(axis=2)).any()
    assert (IMAGE.pixels == 245).all()


def test_nothing_drawn_leaves_the_page_pale() -> None:
    assert (overlay.draw_rulings(IMAGE, []) == 128 + 245 // 2).all()


def test_doubt_is_red() -> None:
    doubted = builders.table([["甲"]])
    cell = doubted.cells[0]
    marked = replace(doubted, cells=(replace(cell, doubts=(Doubt.OFF_TYPE,)),))
    plain, red = overlay.draw_table(IMAGE, doubted), overlay.draw_table(IMAGE, marked)
    assert not (plain == overlay.RED).all(axis=2).any()
    assert (red == overlay.RED).all(axis=2).any()
