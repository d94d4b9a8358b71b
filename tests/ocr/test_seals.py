"""Seals are found by colour and shape, and what they cover is seen again; coloured print is no seal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.seals import SealOptions, find_seals, without_seals
from ocr.values import Pixels
from tests.ocr.pages import blank, coloured, draw_character, page_image, sealed, table_page

RED, BLUE, PURPLE = (205, 40, 45), (45, 60, 190), (130, 40, 150)
TABLE = table_page()
PAGE = coloured(TABLE)


def least_error(clean: Pixels, truth: Pixels) -> float:
    """Share of pixels on the wrong side of middle grey."""
    return float(np.mean((clean.mean(axis=2) < 128) != (truth.mean(axis=2) < 128)))


@pytest.mark.parametrize("ink", [RED, BLUE, PURPLE], ids=["red", "blue", "purple"])
def test_print_under_a_seal_is_seen_again(ink: tuple[int, int, int]) -> None:
    image = page_image(sealed(PAGE, 400, 500, ink=ink))
    clean = without_seals(image)
    assert len(clean.seals) == 1
    assert clean.seals[0].as_tuple() == pytest.approx((297, 397, 503, 603), abs=8)
    assert least_error(clean.pixels, PAGE) < 0.001
    assert clean.pixels[np.asarray(TABLE) > 200].min() > 190 > image.pixels[np.asarray(TABLE) > 200].min()
    assert clean.digest != image.digest
    assert clean.to_pdf == image.to_pdf


def test_pixels_away_from_a_seal_stay_as_they_are() -> None:
    image = page_image(sealed(PAGE, 400, 500))
    changed = (without_seals(image).pixels != image.pixels).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert 290 <= columns.min() <= columns.max() <= 510
    assert 390 <= rows.min() <= rows.max() <= 610


@settings(max_examples=12, deadline=None)
@given(st.floats(150, 750), st.floats(150, 1050), st.floats(75, 130), st.floats(0.45, 0.95))
def test_a_seal_is_found_wherever_it_stands(x: float, y: float, radius: float, cover: float) -> None:
    # From 32 mm across, as seals of offices are (40 mm); smaller pale ones over print may be found shifted, or not.
    found = find_seals(page_image(sealed(PAGE, x, y, radius, cover=cover)), SealOptions()).found
    assert len(found) == 1
    assert found[0].bbox.centre == pytest.approx((x, y), abs=8)


def test_two_seals_over_each_other_are_two() -> None:
    page = sealed(sealed(PAGE, 350, 400), 460, 480)
    clean = without_seals(page_image(page))
    assert sorted(round(box.centre[0], -1) for box in clean.seals) == [350, 460]
    assert least_error(clean.pixels, PAGE) < 0.004


def test_half_a_seal_at_the_edge_of_the_page_is_one() -> None:
    assert len(without_seals(page_image(sealed(PAGE, 5, 500))).seals) == 1


def red(page: Pixels) -> Pixels:
    """Black print of the grey page in red."""
    return np.where(page[..., None] < 128, np.array((200, 30, 40), np.uint8), np.uint8(250)).astype(np.uint8)


def headline() -> Pixels:
    page, rng = blank(), np.random.default_rng(1)
    for i in range(10):
        big = blank(16, 16)
        draw_character(big, 0, 0, rng)
        page[100:164, 80 + i * 72 : 144 + i * 72] = np.kron(big, np.ones((4, 4), np.uint8))
    page[200:204, 60:840] = 20
    return page


def pie() -> Pixels:
    rows, columns = np.indices((1200, 900))
    return np.where(np.hypot(rows - 600, columns - 450) < 90, 20, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "page",
    [red(TABLE), red(headline()), red(pie()), coloured(TABLE, (243, 220, 180)), np.where(TABLE[..., None] < 128, 20, np.array([205, 225, 250])).astype(np.uint8)],
    ids=["red table", "red headline", "disc", "yellow paper", "blue paper"],
)  # fmt: skip
def test_coloured_print_and_paper_are_no_seals(page: Pixels) -> None:
    image = page_image(page)
    assert without_seals(image) is image


def test_a_grey_page_is_not_looked_at() -> None:
    image = page_image(TABLE)
    assert without_seals(image) is image


def test_noise_and_one_pixel_hold_no_seal() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 200, 3), np.uint8)
    for pixels in (noise, np.zeros((1, 1, 3), np.uint8)):
        image = page_image(pixels)
        assert without_seals(image) is image


def test_seals_of_an_earlier_step_are_kept() -> None:
    once = without_seals(page_image(sealed(PAGE, 400, 500)))
    assert without_seals(replace(once, pixels=sealed(once.pixels, 300, 900))).seals[:1] == once.seals
