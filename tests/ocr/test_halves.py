"""Two pages on one sheet become one tall page; landscape pages stay as they are."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ocr.geometry import BBox
from ocr.halves import stacked
from ocr.values import Pixels
from tests.ocr.pages import EM, blank, coloured, draw_character, page_image, table_page, text_page

SHEET = np.hstack([text_page(1), table_page(2)])


def crossed(page: Pixels, y: int) -> Pixels:
    page = page.copy()
    page[y : y + 16, 840:960] = 0
    return page


@pytest.mark.parametrize("paint", [lambda page: page, coloured], ids=["grey", "colour"])
def test_the_left_page_stands_above_the_right_one(paint: Callable[[Pixels], Pixels]) -> None:
    image = page_image(paint(SHEET))
    tall = stacked(image)
    assert tall.height == 2 * image.height
    assert np.array_equal(tall.pixels[:1200, :800], image.pixels[:, :800])
    assert tall.digest != image.digest
    assert 850 <= tall.width <= 950


@pytest.mark.parametrize(("x", "y"), [(150, 200), (1000, 200), (1700, 1100)])
def test_a_point_of_the_sheet_stays_where_it_is_and_its_ink_too(x: int, y: int) -> None:
    image = page_image(SHEET)
    tall = stacked(image)
    there = image.to_pdf.apply(x + 0.5, y + 0.5)
    moved = tall.to_pdf.inverse().apply(*there)
    assert tall.to_pdf.apply(*moved) == pytest.approx(there)
    assert tall.pixels[int(moved[1]), int(moved[0])] == image.pixels[y, x]


def test_seals_go_with_their_page() -> None:
    image = replace(page_image(SHEET), seals=(BBox(100, 100, 200, 200), BBox(1000, 100, 1100, 200)))
    tall = stacked(image)
    assert [tall.to_pdf.apply_bbox(seal).as_tuple() for seal in tall.seals] == [
        pytest.approx(image.to_pdf.apply_bbox(seal).as_tuple()) for seal in image.seals
    ]


def unruled_table(seed: int = 0) -> Pixels:
    """One half of a landscape table without rulings: a label and two figures in each row, nothing above or below."""
    page, rng = blank(), np.random.default_rng(seed)
    for row in range(24):
        for x, n in ((90, int(rng.integers(4, 9))), (400, 5), (720, 5)):
            for k in range(n):
                draw_character(page, x + k * (EM + 2), 150 + row * 40, rng)
    return page


def test_rows_that_go_on_over_a_gutter_are_one_table() -> None:
    image = page_image(np.hstack([unruled_table(1), unruled_table(2)]))
    assert stacked(image) is image


def test_tables_whose_rows_do_not_go_on_are_two_pages() -> None:
    lower = np.roll(unruled_table(2), 20, axis=0)
    image = page_image(np.hstack([unruled_table(1), lower]))
    assert stacked(image).height == 2 * image.height


def test_running_text_as_level_as_its_neighbour_is_two_pages() -> None:
    image = page_image(np.hstack([text_page(1), text_page(2)]))
    assert stacked(image).height == 2 * image.height


@pytest.mark.parametrize(
    "page",
    [
        text_page(), table_page(1, 9, 10, 1400, 800), blank(1800, 1200), blank(1, 1), np.zeros((600, 900), np.uint8),
        crossed(SHEET, 60), crossed(SHEET, 1150), np.hstack([text_page(), blank()]),
    ],
    ids=["upright", "landscape table", "white", "one pixel", "black", "title", "page number", "left half only"],
)  # fmt: skip
def test_any_other_page_stays_as_it_is(page: Pixels) -> None:
    image = page_image(page)
    assert stacked(image) is image
