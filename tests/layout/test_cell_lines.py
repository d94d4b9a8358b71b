"""Lines of type found in ruled cells by their ink."""

from __future__ import annotations

import numpy as np
import pytest

from layout.cell_lines import find_cell_lines
from layout.rulings import find_rulings
from ocr.geometry import BBox
from ocr.values import NO_PLACES, Pixels, TextPlaces
from tests.layout.drawing import page as page_image

LEFT, TOP, WIDE, HIGH = 100, 120, 160, 50
N_ROWS, N_COLS = 8, 4


def cell(row: int, col: int) -> BBox:
    x, y = LEFT + col * WIDE, TOP + row * HIGH
    return BBox(x, y, x + WIDE, y + HIGH)


def ruled() -> Pixels:
    page = np.full((800, 900), 255, np.uint8)
    for row in range(N_ROWS + 1):
        page[TOP + row * HIGH - 1 : TOP + row * HIGH + 1, LEFT - 1 : LEFT + N_COLS * WIDE + 1] = 0
    for col in range(N_COLS + 1):
        page[TOP - 1 : TOP + N_ROWS * HIGH + 1, LEFT + col * WIDE - 1 : LEFT + col * WIDE + 1] = 0
    return page


def figures(page: Pixels, x: int, y: int, n: int = 5, high: int = 14, grey: int = 20) -> None:
    """Noughts of eight columns each, ten apart."""
    for i in range(n):
        page[y : y + high, x + 10 * i : x + 10 * i + 8] = grey
        page[y + 2 : y + high - 2, x + 10 * i + 2 : x + 10 * i + 6] = 255


def full() -> Pixels:
    page = ruled()
    for row in range(1, N_ROWS):
        for col in range(N_COLS):
            figures(page, LEFT + col * WIDE + 60, TOP + row * HIGH + 18)
    return page


def found(page: Pixels, *seals: BBox) -> TextPlaces:
    from dataclasses import replace

    image = replace(page_image(page, dpi=150.0), seals=seals)
    return find_cell_lines(image, find_rulings(image))


def is_handled(places: TextPlaces, row: int, col: int) -> bool:
    return any(area.contains(*cell(row, col).centre) for area in places.areas)


def lines_in(places: TextPlaces, row: int, col: int) -> list[BBox]:
    return [line for line in places.lines if cell(row, col).contains(*line.centre)]


def test_each_line_has_a_box_around_its_ink_and_blank_cells_have_none() -> None:
    places = found(full())
    assert len(places.areas) == N_ROWS * N_COLS
    assert len(places.lines) == (N_ROWS - 1) * N_COLS
    (line,) = lines_in(places, 3, 2)
    x, y = LEFT + 2 * WIDE + 60, TOP + 3 * HIGH + 18
    assert x - 5 <= line.x0 <= x
    assert x + 48 <= line.x1 <= x + 53
    assert y - 8 <= line.y0 < y
    assert y + 14 < line.y1 <= y + 22


def test_two_lines_are_two_boxes_and_texts_far_apart_too() -> None:
    page = full()
    page[TOP + HIGH + 2 : TOP + 2 * HIGH - 2, LEFT + 2 : LEFT + WIDE - 2] = 255
    figures(page, LEFT + 20, TOP + HIGH + 6)
    figures(page, LEFT + 20, TOP + HIGH + 28)
    page[TOP + 2 * HIGH + 2 : TOP + 3 * HIGH - 2, LEFT + 2 : LEFT + WIDE - 2] = 255
    figures(page, LEFT + 10, TOP + 2 * HIGH + 18, 3)
    figures(page, LEFT + 90, TOP + 2 * HIGH + 18, 3)
    places = found(page)
    assert len(lines_in(places, 1, 0)) == 2
    assert len(lines_in(places, 2, 0)) == 2


def test_a_lone_dash_gets_a_box_as_high_as_a_line() -> None:
    page = full()
    page[TOP + 24 : TOP + 27, LEFT + 60 : LEFT + 72] = 20
    (line,) = lines_in(found(page), 0, 0)
    assert line.height >= 20


def spoilt(page: Pixels, what: str) -> Pixels:
    x, y = LEFT + WIDE, TOP + 4 * HIGH
    match what:
        case "touches":
            figures(page, x, y + 18)
        case "large":
            page[y + 6 : y + 44, x + 40 : x + 80 : 4] = 20
        case "pale":
            page[y + 24 : y + 27, x + 20 : x + 32] = 205
        case "point":
            page[y + 2 : y + HIGH - 2, x + 2 : x + WIDE - 2] = 255
            page[y + 24 : y + 27, x + 40 : x + 43] = 20
        case "underline":
            page[y + 2 : y + HIGH - 2, x + 2 : x + WIDE - 2] = 255
            page[y + 36 : y + 38, x + 40 : x + 120] = 20
    return page


@pytest.mark.parametrize("what", ["touches", "large", "pale", "point", "underline"])
def test_ink_that_is_not_plainly_type_is_left_to_the_detector(what: str) -> None:
    places = found(spoilt(full(), what))
    assert not is_handled(places, 4, 1)
    assert not lines_in(places, 4, 1)
    assert is_handled(places, 4, 3)


def test_cells_under_a_seal_are_left_to_the_detector() -> None:
    places = found(full(), cell(5, 1))
    assert not is_handled(places, 5, 1)
    assert is_handled(places, 5, 3)


def test_a_page_full_of_specks_is_left_to_the_detector() -> None:
    page = full()
    for row in range(N_ROWS):
        page[TOP + row * HIGH + 10 : TOP + row * HIGH + 13, LEFT + 20 : LEFT + 23] = 0
    assert found(page) == NO_PLACES


def test_an_open_table_has_no_cells() -> None:
    page = full()
    page[:, LEFT + N_COLS * WIDE - 2 : LEFT + N_COLS * WIDE + 2] = 255
    page[:, LEFT - 2 : LEFT + 2] = 255
    places = found(page)
    assert not is_handled(places, 3, 0)
    assert not is_handled(places, 3, 3)
    assert is_handled(places, 3, 1)


def test_stems_of_characters_close_no_cell() -> None:
    from layout.values import Orientation, Ruling

    page = full()
    image = page_image(page, dpi=150.0)
    false = Ruling(Orientation.VERTICAL, LEFT + 70.0, TOP, TOP + N_ROWS * HIGH, 1.0)
    places = find_cell_lines(image, (*find_rulings(image), false))
    assert not is_handled(places, 3, 0)
    assert is_handled(places, 3, 2)


def test_the_outer_of_two_frames_is_no_text() -> None:
    page = full()
    page[TOP - 9 : TOP - 7, LEFT - 9 : LEFT + N_COLS * WIDE + 9] = 0
    assert any(s.y1 < TOP - 4 and s.width > 500 for s in found(page).strokes)


def test_a_page_without_rulings_has_no_places() -> None:
    page = np.full((800, 900), 255, np.uint8)
    figures(page, 200, 200)
    assert found(page) == NO_PLACES


def test_nothing_is_boxed_where_rulings_of_the_back_side_may_show_through() -> None:
    plain, page = found(full()), full()
    for x in (LEFT + 61, LEFT + 3 * WIDE + 75):  # weak, and through the figures
        strip = page[TOP - 40 : TOP + N_ROWS * HIGH + 40, x : x + 2]
        strip[:] = np.minimum(strip, 170)
    assert plain.areas
    assert not found(page).areas


def test_weak_rulings_of_the_page_itself_close_cells() -> None:
    page = full()
    for row in range(2, N_ROWS - 1):  # thin ones that fall between two rows of pixels, full width
        strip = page[TOP + row * HIGH - 1 : TOP + row * HIGH + 1, LEFT + 2 : LEFT + N_COLS * WIDE - 2]
        strip[:] = 150
    assert len(found(page).areas) == N_ROWS * N_COLS
