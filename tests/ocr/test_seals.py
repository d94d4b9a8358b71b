"""Seals are found by colour and shape, and what they cover is seen again; coloured print is no seal."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ocr.geometry import level_map
from ocr.ink import warped
from ocr.seals import SealOptions, find_seals, without_seals
from ocr.values import Pixels
from tests.ocr.pages import blank, coloured, draw_character, encoded, page_image, sealed, table_page

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
    paper = np.asarray(TABLE) > 200
    assert np.mean(clean.pixels[paper] < 190) < 0.002 < np.mean(image.pixels[paper] < 190)
    assert clean.pixels[paper].min() > 100
    assert clean.digest != image.digest
    assert clean.to_pdf == image.to_pdf


def test_ink_that_goes_on_from_a_seal_a_little_way_is_taken_out_too() -> None:
    page = sealed(PAGE, 400, 500)
    page[497:503, 494:524] = np.minimum(page[497:503, 494:524], np.array(RED, np.uint8))  # a stroke leaves its rim
    (seal,) = without_seals(page_image(page)).seals
    assert 522 <= seal.x1 <= 550
    assert seal.as_tuple()[:2] == pytest.approx((297, 397), abs=8)


def test_pixels_away_from_a_seal_stay_as_they_are() -> None:
    image = page_image(sealed(PAGE, 400, 500))
    changed = (without_seals(image).pixels != image.pixels).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert 290 <= columns.min() <= columns.max() <= 510
    assert 390 <= rows.min() <= rows.max() <= 610


@settings(max_examples=15, deadline=None)
@given(st.floats(150, 750), st.floats(150, 740), st.floats(42, 130), st.floats(0.4, 0.95))
def test_a_seal_is_found_wherever_it_lies_over_print(x: float, y: float, radius: float, cover: float) -> None:
    """From 18 mm across, pale or not, whole or in pieces: its ink lies in what was found, and little else does.

    On bare paper, where it hides nothing, one of less than 25 mm is not: its letters fill it. At 17 mm pale ones are found or not by where they fall on the pixels (40 px, cover 0.5 at 150, 753: not).
    """
    found = find_seals(page_image(sealed(PAGE, x, y, radius, cover=cover)), SealOptions()).found
    around = found[0].bbox
    for seal in found[1:]:
        around = around.union(seal.bbox)
    assert around.centre == pytest.approx((x, y), abs=10)
    assert (around.width / 2, around.height / 2) == pytest.approx((radius + 3, radius + 3), abs=14)


@pytest.mark.parametrize("quality", [35, 60, 90])
@pytest.mark.parametrize("ink", [RED, BLUE, PURPLE], ids=["red", "blue", "purple"])
def test_the_coarse_colour_of_jpeg_leaves_print_and_paper_as_they_were(ink: tuple[int, int, int], quality: int) -> None:
    page = np.asarray(Image.open(io.BytesIO(encoded(sealed(PAGE, 400, 500, ink=ink), "JPEG", quality=quality))))
    clean = without_seals(page_image(page)).pixels.mean(axis=2)
    near = np.hypot(*(np.indices(TABLE.shape) - np.array((500, 400))[:, None, None])) < 95
    black, paper = near & (TABLE < 60), near & (TABLE > 240)
    assert np.mean(clean[black] > 150) < 0.04
    assert np.mean(clean[paper] < 130) < 0.02


def square(page: Pixels, x: int, y: int, side: int = 90, ink: tuple[int, int, int] = RED) -> Pixels:
    """A name seal: a thick frame with four full characters, a little askew."""
    seal, rng = np.zeros((side, side), np.uint8), np.random.default_rng(3)
    seal[:6] = seal[-6:] = 255
    seal[:, :6] = seal[:, -6:] = 255
    for row, column in ((14, 14), (14, 50), (50, 14), (50, 50)):
        small = blank(16, 16)
        draw_character(small, 0, 0, rng)
        seal[row : row + 32, column : column + 32] = np.kron(255 - small, np.ones((2, 2), np.uint8))
    turn, width, height = level_map(side, side, 7.0)
    askew = 255 - warped(255 - seal, turn, width, height)
    share = np.zeros(page.shape[:2])
    share[y : y + height, x : x + width] = askew / 255.0 * 0.8
    return np.asarray(page * (1 - share[..., None] + share[..., None] * np.array(ink) / 255.0), np.uint8)


def test_names_in_squares_are_found_and_taken_out() -> None:
    page = square(square(PAGE, 200, 300), 500, 600)
    clean = without_seals(page_image(page))
    assert len(clean.seals) == 2
    assert least_error(clean.pixels, PAGE) < 0.001


def test_inks_of_two_colours_over_each_other_are_parted() -> None:
    page = sealed(sealed(PAGE, 350, 400), 420, 470, ink=BLUE)
    clean = without_seals(page_image(page))
    assert len(clean.seals) >= 2
    assert least_error(clean.pixels, PAGE) < 0.002


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


def red_figures(rows: int = 30) -> Pixels:
    """A dense black table in which every other column is printed in red."""
    table = table_page(n_rows=rows, n_cols=6)
    page = coloured(table)
    for i in range(1, 6, 2):
        part = slice(60 + i * 130 + 4, 60 + (i + 1) * 130 - 2)
        page[155:, part] = np.where(table[155:, part, None] < 128, np.array((200, 30, 40)), page[155:, part])
        for row in range(rows + 1):
            page[150 + row * 40 : 152 + row * 40, part] = 0
    return page


def filled_cells() -> Pixels:
    """Black print, some of it on coloured fills of single cells, of a row and of a head."""
    page = coloured(TABLE).astype(float)
    for rows, columns in (
        ((150, 190), (60, 840)),
        ((310, 350), (190, 320)),
        ((390, 430), (190, 450)),
        ((510, 550), (450, 580)),
    ):
        page[slice(*rows), slice(*columns)] *= np.array((0.95, 0.75, 0.55))
    return page.astype(np.uint8)


@pytest.mark.parametrize(
    "page",
    [red(TABLE), red_figures(), filled_cells(), red(headline()), red(pie()), coloured(TABLE, (243, 220, 180)), np.where(TABLE[..., None] < 128, 20, np.array([205, 225, 250])).astype(np.uint8)],
    ids=["red table", "red figures", "coloured cells", "red headline", "disc", "yellow paper", "blue paper"],
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
