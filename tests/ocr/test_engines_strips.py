"""Strips: nothing squeezed, nothing that depends on neighbours, and every place found again on the page."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.engines.ctc import Decoded, Symbol
from ocr.engines.strips import (
    MAX_STRIP_WIDTH,
    STRIP_HEIGHT,
    LineCrop,
    as_bgr,
    line_crop,
    place_symbols,
    to_strips,
    turned,
)
from ocr.values import Pixels

LEAST = 96


def paper(height: int, width: int) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


def quad(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


@settings(deadline=None, max_examples=40)
@given(st.integers(6, 80), st.integers(1, 3000))
def test_strips_tile_the_line_and_none_is_squeezed(height: int, width: int) -> None:
    strips = to_strips(LineCrop(paper(height, width), 100.0, 100.0 + width), LEAST)
    assert strips[0].begin == 100.0
    assert strips[-1].end == pytest.approx(100.0 + width)
    assert all(a.end == pytest.approx(b.begin) for a, b in pairwise(strips))
    assert sum(s.n_columns for s in strips) >= STRIP_HEIGHT * width // height
    assert all(s.pixels.shape[0] == STRIP_HEIGHT and s.n_columns <= s.pixels.shape[1] for s in strips)
    assert all(s.n_columns <= MAX_STRIP_WIDTH + 4 * STRIP_HEIGHT for s in strips)


def test_a_long_line_is_cut_in_white_not_in_a_thin_stroke() -> None:
    line = paper(STRIP_HEIGHT, 2000)
    line[10:40, :980] = 0
    line[10:40, 1010:] = 0
    line[24:26, 900:1000] = 0  # a 一 that ends just before the only white
    first, second = to_strips(LineCrop(line, 0.0, 2000.0), LEAST)
    assert 1000 <= first.end <= 1010
    assert second.begin == first.end


def test_a_crop_without_pixels_has_no_strips() -> None:
    assert to_strips(LineCrop(paper(0, 5), 0.0, 5.0), LEAST) == ()
    assert to_strips(LineCrop(paper(5, 0), 0.0, 0.0), LEAST) == ()


def test_a_crop_too_low_to_read_costs_no_more_than_a_legible_one() -> None:
    assert sum(s.n_columns for s in to_strips(LineCrop(paper(1, 600), 0.0, 600.0), LEAST)) == STRIP_HEIGHT * 100


def test_colours_are_put_in_opencv_order_and_grey_stays_grey() -> None:
    rgb = np.array([[[1, 2, 3]]], np.uint8)
    assert as_bgr(rgb).tolist() == [[[3, 2, 1]]]
    assert as_bgr(np.array([[7]], np.uint8)).tolist() == [[7]]


@pytest.mark.parametrize(("height", "width"), [(23, 119), (48, 96), (61, 2900)])
def test_a_grey_line_makes_the_strips_that_its_three_equal_colours_make(height: int, width: int) -> None:
    grey = np.random.default_rng(height).integers(0, 256, (height, width)).astype(np.uint8)
    coloured = np.repeat(grey[:, :, None], 3, axis=2)
    for one, three in zip(*(to_strips(LineCrop(p, 0.0, float(width)), LEAST) for p in (grey, coloured)), strict=True):
        assert (one.n_columns, one.begin, one.end) == (three.n_columns, three.begin, three.end)
        assert (one.pixels[:, :, None] == three.pixels).all()


def test_a_level_box_is_cut_out_pixel_by_pixel() -> None:
    page = as_bgr(np.arange(200, dtype=np.uint8).reshape(10, 20))
    crop = line_crop(page, quad(3, 2, 9, 6))
    assert (crop.pixels == page[2:6, 3:9]).all()
    assert (crop.begin, crop.end) == (3.0, 9.0)


def test_a_box_that_reaches_off_the_page_gives_what_lies_on_it() -> None:
    page = np.arange(200, dtype=np.uint8).reshape(10, 20)
    crop = line_crop(page, quad(-3, -2, 9, 6))
    assert (crop.pixels == page[:6, :9]).all()
    assert (crop.begin, crop.end) == (0.0, 9.0)


def test_a_slanted_box_is_levelled() -> None:
    page = paper(100, 200)
    for x in range(20, 180):
        page[30 + x // 10 : 40 + x // 10, x] = 0
    slanted = np.array([[20, 32], [180, 48], [180, 58], [20, 42]], np.float32)
    crop = line_crop(page, slanted)
    assert crop.pixels[2:-2, 2:-2].mean() < 40
    assert (crop.begin, crop.end) == (20.0, 180.0)


def test_a_tall_box_reads_from_its_top_downwards() -> None:
    page = paper(100, 20)
    page[:10] = 0
    crop = turned(page, quad(0, 0, 20, 100))
    assert crop.pixels.shape == (20, 100, 3)
    assert crop.pixels[:, :10].max() == 0
    assert (crop.begin, crop.end) == (0.0, 100.0)


@given(st.lists(st.tuples(st.sampled_from("0.,-%一（算"), st.integers(1, 4)), max_size=12), st.integers(0, 3))
def test_characters_stand_in_order_within_their_line(run: list[tuple[str, int]], first: int) -> None:
    symbols, step = [], first
    for text, gap in run:
        symbols.append(Symbol(text, 1.0, step, step + 1, step + 0.5))
        step += gap
    (strip,) = to_strips(LineCrop(paper(24, 4 * (step + 1)), 50.0, 50.0 + 4 * (step + 1)), 8)
    n_steps = strip.pixels.shape[1] // 8
    chars = place_symbols(Decoded(tuple(symbols), n_steps, 1.0), strip)
    assert "".join(c.text for c in chars) == "".join(text for text, _ in run)
    assert all(strip.begin - 0.01 <= c.x0 <= c.x1 <= strip.end + 0.01 for c in chars)
    assert all(a.x1 <= b.x0 + 0.01 for a, b in pairwise(chars))
