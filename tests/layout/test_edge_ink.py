"""Ink beside rulings and before figures is seen where characters stand, and only there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.edge_ink import _PALEST, _SHADING, _pale_ink, leans_on_ruling, lost_sign
from layout.ink_levels import InkLevels
from ocr.geometry import BBox
from ocr.values import Char, Word

EM = 20.0
CELL = BBox(0.0, 0.0, 120.0, 40.0)


def levels(page: np.ndarray) -> InkLevels:
    return InkLevels(page, page, 0, 0, 200.0, EM)


def cell_page() -> np.ndarray:
    page = np.full((40, 120), 240, np.uint8)
    page[:2] = page[-2:] = 40
    page[:, :2] = page[:, -2:] = 40
    return page


def five(page: np.ndarray, x: int, y: int = 12) -> None:
    page[y : y + 2, x : x + 9] = 30
    page[y : y + 8, x : x + 2] = 30
    page[y + 7 : y + 9, x : x + 9] = 30
    page[y + 7 : y + 16, x + 7 : x + 9] = 30
    page[y + 14 : y + 16, x : x + 9] = 30


@pytest.mark.parametrize("x", [3, 5, 106])
def test_a_lone_figure_that_leans_on_a_ruling_is_ink(x: int) -> None:
    page = cell_page()
    five(page, x)
    assert leans_on_ruling(levels(page), CELL)


def test_rulings_thick_slanted_or_dashed_are_no_figure() -> None:
    blank = cell_page()
    thick, slanted, dashed = cell_page(), cell_page(), cell_page()
    thick[:, :9] = 40
    for y in range(40):
        slanted[y, : 3 + y // 5] = 40
    for y in range(0, 40, 8):
        dashed[y : y + 5, 2:8] = 40
    corner = cell_page()
    corner[:14, :12] = 40
    for page in (blank, thick, slanted, dashed, corner):
        assert not leans_on_ruling(levels(page), CELL)


def figure(text: str = "55", x: int = 60, minus: tuple[int, int] = (0, 0), shade: int = 120) -> tuple[np.ndarray, Word]:
    page = cell_page()
    for i in range(len(text)):
        five(page, x + 12 * i)
    page[19:21, minus[0] : minus[1]] = shade
    chars = tuple(Char(c, x - 1.0 + 12 * i, x + 11.0 + 12 * i, 0.99) for i, c in enumerate(text))
    return page, Word(text, BBox(x - 2.0, 8.0, x + 12.0 * len(text), 32.0), 0.99, chars)


@pytest.mark.parametrize("shade", [30, 120, 170])
def test_a_level_stroke_before_a_figure_is_a_minus_that_was_lost(shade: int) -> None:
    page, word = figure(minus=(49, 57), shade=shade)
    assert lost_sign(levels(page), CELL, [word]) == "-"


@pytest.mark.parametrize(("shade", "gap", "rows", "found"), [
    (215, 1, 2, "-"),  # a tenth of the print's contrast, hardly parted from its digit
    (215, 0, 2, ""),  # the tip of the digit itself
    (232, 1, 2, ""),  # noise
    (215, 1, 12, ""),  # no stroke
])  # fmt: skip
def test_a_minus_that_a_shadow_left_hardly_a_trace_of(shade: int, gap: int, rows: int, found: str) -> None:
    page, word = figure()
    page[20 - rows // 2 : 20 + (rows + 1) // 2, 55 - gap : 60 - gap] = shade
    assert lost_sign(levels(page), CELL, [word]) == found


def test_a_ruling_of_the_back_side_a_speck_and_a_sign_that_was_read_are_none() -> None:
    for minus, shade in (((0, 120), 205), ((50, 52), 30), ((0, 0), 30)):
        page, word = figure(minus=minus, shade=shade)
        assert lost_sign(levels(page), CELL, [word]) == ""
    page, word = figure("-5", minus=(49, 57))
    assert lost_sign(levels(page), CELL, [word]) == ""


def test_another_mark_before_a_figure_is_seen_without_a_name() -> None:
    page, word = figure(x=70)
    for i in range(16):  # the outline of a triangle
        page[27 - i, 46 + i // 2] = page[27 - i, 62 - i // 2] = 40
    page[27:29, 46:63] = 40
    assert lost_sign(levels(page), CELL, [word]) == "?"


@given(
    st.floats(-60, 150), st.floats(-20, 50), st.floats(0.5, 60), st.floats(0.5, 60),
    st.text(st.sampled_from("0123456789.,"), min_size=1, max_size=8), st.booleans(),
)  # fmt: skip
def test_a_word_anywhere_and_any_way_up_is_looked_at_without_harm(
    x: float, y: float, wide: float, high: float, text: str, runs_down: bool
) -> None:
    """Words that run down have the places of their characters down the page; boxes may lie in other cells."""
    start, step = (y, high / len(text)) if runs_down else (x, wide / len(text))
    chars = tuple(Char(c, start + i * step, start + (i + 1) * step, 0.9) for i, c in enumerate(text))
    word = Word(text, BBox(x, y, x + wide, y + high), 0.9, chars)
    page = cell_page()
    five(page, 30)
    assert lost_sign(levels(page), CELL, [word]) in ("", "-", "?")


@given(st.integers(0, 10_000), st.integers(2, 9), st.integers(0, 12))
def test_shading_is_taken_off_each_column(seed: int, height: int, width: int) -> None:
    dark = np.random.default_rng(seed).uniform(0.0, 0.4, (height, width)).astype(np.float32)
    line = slice(0, height // 2 + 1)
    even = dark - np.clip(np.median(dark, axis=0), 0.0, _SHADING)
    assert np.array_equal(_pale_ink(dark, line), even[line] > _PALEST)
