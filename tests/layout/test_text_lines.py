"""Lines of running text found by their ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from layout.lines import find_lines
from layout.text_lines import TextLineOptions, find_text_lines
from ocr.geometry import BBox
from ocr.values import NO_PLACES, Pixels, TextPlaces
from tests.layout.drawing import page as page_image

LEFT, TOP, EM, PITCH, N_CHARS, N_LINES = 120, 150, 28, 46, 32, 12


def ideograph(page: Pixels, x: int, y: int, grey: int = 20) -> None:
    """A frame with a stroke in it, apart from its neighbours."""
    page[y : y + EM - 2, x + 1 : x + EM - 2] = grey
    page[y + 3 : y + EM - 5, x + 4 : x + EM - 5] = 255
    page[y + 12 : y + 14, x + 7 : x + EM - 8] = grey


def line(page: Pixels, i: int, n: int = N_CHARS, without: tuple[int, ...] = ()) -> None:
    """Of n ideographs; every ninth place, another in each line, holds a point."""
    for place in range(n):
        x, y = LEFT + place * EM, TOP + i * PITCH
        if place in without:
            continue
        if place % 9 == (5 * i) % 9:
            page[y + EM - 8 : y + EM - 2, x + 2 : x + 8] = 20
        else:
            ideograph(page, x, y)


def text(n_lines: int = N_LINES) -> Pixels:
    page = np.full((1200, 1240), 255, np.uint8)
    for i in range(n_lines):
        line(page, i, N_CHARS if i % 4 < 3 else 9)
    return page


def found(page: Pixels, *seals: BBox) -> TextPlaces:
    return find_text_lines(replace(page_image(page, dpi=150.0), seals=seals))


def is_done(places: TextPlaces, i: int) -> bool:
    return any(a.contains(LEFT + 50, TOP + i * PITCH + EM / 2) for a in places.areas)


def test_each_line_has_a_box_around_its_ink() -> None:
    places = found(text())
    assert len(places.lines) == len(places.areas) == N_LINES
    box = places.lines[1]
    assert LEFT - 5 <= box.x0 <= LEFT + 1
    assert LEFT + N_CHARS * EM - 3 <= box.x1 <= LEFT + N_CHARS * EM + 4
    assert TOP + PITCH - 5 <= box.y0 <= TOP + PITCH
    assert TOP + PITCH + EM - 2 <= box.y1 <= TOP + PITCH + EM + 3


@pytest.mark.parametrize("dpi", [150.0, 300.0])
def test_boxes_are_in_pixels_of_the_page(dpi: float) -> None:
    page = np.kron(text(), np.ones((round(dpi / 150),) * 2, np.uint8))
    (first, *_) = find_text_lines(page_image(page, dpi=dpi)).lines
    assert first.centre[1] == pytest.approx((TOP + EM / 2 - 1) * dpi / 150, abs=3 * dpi / 150)


def test_boxes_of_lines_that_reach_the_edges_of_the_page_lie_within_it() -> None:
    page = np.ascontiguousarray(text()[TOP - 1 :, LEFT : LEFT + N_CHARS * EM])
    places = found(page)
    assert len(places.lines) == N_LINES
    assert all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= page.shape[1] and b.y1 <= page.shape[0] for b in places.lines)


def test_all_ink_of_what_is_done_is_in_boxes() -> None:
    page = text()
    rest = page.copy()
    for box in found(page).lines:
        rest[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))] = 255
    assert (rest == 255).all()


def test_white_as_columns_have_leaves_a_line_and_its_neighbours_to_the_detector() -> None:
    page = text()
    page[TOP + 5 * PITCH : TOP + 6 * PITCH, :] = 255
    line(page, 5, without=(10, 11))
    places = found(page)
    assert [is_done(places, i) for i in (3, 4, 5, 6, 7)] == [True, False, False, False, True]


def test_white_that_runs_down_through_three_lines_may_part_columns() -> None:
    page = text()
    for i in (4, 5, 6):
        page[TOP + i * PITCH : TOP + (i + 1) * PITCH, :] = 255
        line(page, i, without=(14,))
        x = LEFT + 14 * EM
        page[TOP + i * PITCH + 4 : TOP + i * PITCH + EM - 6, x + EM - 6 : x + EM - 2] = 20
    places = found(page)
    assert not any(is_done(places, i) for i in (4, 5, 6))
    assert is_done(places, 9)


def spoilt(page: Pixels, what: str) -> None:
    """Spoils the sixth line."""
    y = TOP + 5 * PITCH
    match what:
        case "underline":
            page[y + EM + 2 : y + EM + 4, LEFT : LEFT + 8 * EM] = 20
        case "strike":
            page[y + 10 : y + 12, LEFT : LEFT + 8 * EM] = 20
        case "pale text beside":
            page[y : y + EM, LEFT + N_CHARS * EM + 60 : LEFT + N_CHARS * EM + 90] = 205
        case "touching":
            page[y + EM - 4 : y + PITCH + 2, LEFT + 70 : LEFT + 73] = 20
        case "picture":
            page[y - 4 : y + EM, LEFT : LEFT + 120] = 90


@pytest.mark.parametrize("what", ["underline", "strike", "pale text beside", "touching", "picture"])
def test_a_line_that_is_not_plainly_type_is_left_to_the_detector(what: str) -> None:
    page = text()
    spoilt(page, what)
    places = found(page)
    assert not is_done(places, 5)
    assert is_done(places, 1)
    assert is_done(places, 10)


def test_a_line_under_a_seal_is_left_to_the_detector() -> None:
    places = found(text(), BBox(LEFT, TOP + 5 * PITCH, LEFT + 100, TOP + 5 * PITCH + 20))
    assert [is_done(places, i) for i in (4, 5, 6)] == [True, False, True]


def test_a_ruling_down_the_page_leaves_all_to_the_detector() -> None:
    page = text()
    page[TOP - 20 : TOP + N_LINES * PITCH, LEFT - 30 : LEFT - 28] = 20
    assert found(page) == NO_PLACES


def test_a_dirty_page_is_left_to_the_detector() -> None:
    page = text()
    for i in range(N_LINES):
        y = TOP + i * PITCH + EM + 7
        page[y : y + 3, 60 + 71 * i : 63 + 71 * i] = 20
    assert found(page) == NO_PLACES


def test_lines_that_lean_are_left_to_the_detector() -> None:
    page = text()
    leaning = np.full_like(page, 255)
    for x in range(page.shape[1]):
        leaning[:, x] = np.roll(page[:, x], x // 50)
    assert found(leaning) == NO_PLACES


def test_rows_of_columns_are_no_running_text() -> None:
    page = np.full((1200, 1240), 255, np.uint8)
    for i in range(N_LINES):
        line(page, i, without=(8, 9, 10, 18, 19))
    assert found(page) == NO_PLACES


def test_short_lines_alone_are_no_running_text() -> None:
    page = np.full((1200, 1240), 255, np.uint8)
    for i in range(N_LINES):
        line(page, i, 6)
    assert found(page) == NO_PLACES


def table(page: Pixels, top: int, n_rows: int = 4) -> tuple[BBox, ...]:
    """Ruled cells, each with two ideographs; their boxes."""
    wide, high = 200, 60
    cells = tuple(
        BBox(LEFT + c * wide, top + r * high, LEFT + (c + 1) * wide, top + (r + 1) * high)
        for r in range(n_rows)
        for c in range(4)
    )
    for x0, y0, x1, y1 in (tuple(map(round, c.as_tuple())) for c in cells):
        page[y0 - 1 : y1 + 1, x0 - 1 : x1 + 1] = 20
        page[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] = 255
        ideograph(page, x0 + 40, y0 + 16)
        ideograph(page, x0 + 40 + EM, y0 + 16)
    return cells


def test_lines_beside_a_table_whose_cells_are_done_are_found_apart() -> None:
    page = np.full((1200, 1240), 255, np.uint8)
    line(page, 6, 14)  # a title
    line(page, 7, 26, without=tuple(range(7, 20)))  # who fills in, and the unit
    cells = table(page, TOP + 8 * PITCH)
    places = find_text_lines(page_image(page, dpi=150.0), cells=cells)
    assert [round(b.x0) for b in places.lines] == pytest.approx([LEFT, LEFT, LEFT + 20 * EM], abs=6)
    assert all(b.y1 <= TOP + 8 * PITCH for b in places.lines)
    assert find_text_lines(page_image(page, dpi=150.0)) == NO_PLACES


def test_rows_beside_a_table_that_may_be_of_columns_are_left_to_the_detector() -> None:
    page = np.full((1200, 1240), 255, np.uint8)
    line(page, 6, 14)
    line(page, 7, 26, without=(7, 8, 20, 21))
    cells = table(page, TOP + 8 * PITCH)
    assert find_text_lines(page_image(page, dpi=150.0), cells=cells) == NO_PLACES


def test_two_rows_far_apart_beside_a_table_may_be_of_columns() -> None:
    page = np.full((1200, 1240), 255, np.uint8)
    for i in (5, 6, 7):
        line(page, i, 26, without=tuple(range(6, 20)))
    cells = table(page, TOP + 8 * PITCH)
    assert find_text_lines(page_image(page, dpi=150.0), cells=cells) == NO_PLACES


def test_a_blank_page_has_no_lines_whatever_its_cells() -> None:
    page = np.full((1200, 1240), 255, np.uint8)
    assert find_text_lines(page_image(page, dpi=150.0), cells=(BBox(10, 10, 90, 90),)) == NO_PLACES


def test_without_options_all_is_left_to_the_detector() -> None:
    image = page_image(text(), dpi=150.0)
    assert find_lines(image, (), None, None) == NO_PLACES
    assert len(find_lines(image, (), None, TextLineOptions()).lines) == N_LINES
