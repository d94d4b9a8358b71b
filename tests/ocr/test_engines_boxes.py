"""Boxes settle on their ink: grown while it goes on, cut at rulings, else left alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.engines.boxes import merge_overlapping, settle
from ocr.geometry import BBox
from ocr.values import Pixels

# A line of text: rows 40 to 60 of the page, with strokes of ink between rows 44 and 56.
BOX = BBox(100.0, 40.0, 200.0, 60.0)


def page(*glyphs: tuple[int, int], rulings: tuple[int, ...] = ()) -> Pixels:
    grey = np.full((100, 300), 250, np.uint8)
    for x0, x1 in glyphs:
        grey[44:56:3, x0:x1] = 30
    for x in rulings:
        grey[20:80, x : x + 2] = 60
    return grey


def ends(grey: Pixels, box: BBox = BOX) -> list[tuple[float, float]]:
    parts = settle(grey, box)
    assert all((p.y0, p.y1) == (box.y0, box.y1) for p in parts)
    return [(p.x0, p.x1) for p in parts]


def test_a_box_around_its_ink_stays() -> None:
    assert ends(page((104, 196))) == [(100.0, 200.0)]


def test_a_box_that_cuts_a_character_grows_to_its_end_and_some_paper() -> None:
    assert ends(page((92, 212))) == [(90.0, 214.0)]


def test_a_thin_stroke_that_goes_on_counts_as_ink() -> None:
    grey = page((110, 196))
    grey[49:51, 90:108] = 30  # the first half of 一 stands outside the box
    assert ends(grey) == [(88.0, 200.0)]


def test_ink_beyond_white_is_another_text() -> None:
    assert ends(page((104, 196), (206, 230))) == [(100.0, 200.0)]


def test_growth_stops_at_a_ruling() -> None:
    ((_, right),) = ends(page((104, 212), rulings=(206,)))
    assert 200.0 <= right <= 206.0


def test_a_ruling_within_an_end_is_cut_off() -> None:
    ((left, right),) = ends(page((108, 190), rulings=(101, 196)))
    assert 103.0 <= left <= 108.0
    assert 190.0 <= right <= 196.0


def test_a_box_over_a_ruling_becomes_two() -> None:
    (first, second) = ends(page((104, 140), (160, 196), rulings=(150,)))
    assert first[1] <= 150.0
    assert second[0] >= 152.0


def test_a_leaning_ruling_cuts_as_well() -> None:
    grey = page((104, 140), (160, 196))
    for y in range(20, 80):
        grey[y, 150 + (y - 20) // 30 : 152 + (y - 20) // 30] = 60
    assert len(ends(grey)) == 2


def test_a_tall_stroke_of_a_character_is_no_ruling() -> None:
    grey = page((104, 140), (160, 196))
    grey[38:62, 150:152] = 30  # a tight box: the stroke reaches over its edges
    assert ends(grey) == [(100.0, 200.0)]


def test_bold_type_that_fills_its_box_is_not_taken_for_paper() -> None:
    grey = page()
    grey[41:59, 101:199] = 30
    grey[41:59, 120:180:20] = 250
    assert ends(grey) == [(99.0, 201.0)]


def test_a_bar_is_no_ruling() -> None:
    grey = page((104, 140), (160, 196))
    grey[20:80, 145:155] = 60
    assert len(ends(grey)) == 1


def test_white_on_black_settles_alike() -> None:
    assert ends(255 - page((92, 212))) == [(90.0, 214.0)]


def test_a_box_without_ink_stays() -> None:
    assert ends(page()) == [(100.0, 200.0)]


@settings(deadline=None)
@given(st.integers(0, 299), st.integers(0, 99), st.integers(0, 200), st.integers(0, 60), st.integers(0, 9))
def test_parts_lie_on_the_page_in_order(x: int, y: int, width: int, height: int, seed: int) -> None:
    grey = np.random.default_rng(seed).integers(0, 255, (100, 300), np.uint8)
    box = BBox(x, y, min(300, x + width), min(100, y + height))
    parts = settle(grey, box)
    assert parts
    assert all(0 <= p.x0 <= p.x1 <= 300 for p in parts)
    assert all(a.x0 <= b.x0 for a, b in pairwise(parts))


def test_boxes_that_settled_on_the_same_ink_become_one() -> None:
    first, second, below = BBox(10, 40, 60, 60), BBox(50, 42, 200, 61), BBox(10, 62, 200, 82)
    beside = BBox(199, 40, 260, 60)
    assert merge_overlapping([first, second, below, beside]) == [BBox(10, 40, 200, 61), below, beside]
    assert merge_overlapping([]) == []
