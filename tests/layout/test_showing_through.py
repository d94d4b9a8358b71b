"""Weak rulings that run through words are of the back side; grey rulings that do not are the page's."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from layout.showing_through import without_back
from layout.values import Orientation, Ruling
from tests.builders import page, word

BLACK, GREY = 30, 180
WORDS = [word("一般公共服务支出", 110.0, 110.0 + 40 * i) for i in range(6)]


def drawn(*rulings: tuple[float, int]) -> tuple[np.ndarray, list[Ruling]]:
    """Upright rulings at x in a shade of grey, on a page with words; and two black level ones."""
    image = page(*WORDS)
    pixels = image.pixels.copy()
    found = [Ruling(Orientation.HORIZONTAL, y, 90.0, 500.0, 2.0) for y in (95.0, 360.0)]
    for r in found:
        pixels[round(r.position) - 1 : round(r.position) + 1, 90:500] = BLACK
    for x, grey in rulings:
        part = pixels[95:360, round(x) - 1 : round(x) + 1]
        part[...] = np.minimum(part, grey)
        found.append(Ruling(Orientation.VERTICAL, x, 95.0, 360.0, 2.0))
    return pixels, found


def kept(*rulings: tuple[float, int]) -> list[float]:
    image = page(*WORDS)
    pixels, found = drawn(*rulings)
    left = without_back(found, replace(image, pixels=pixels), WORDS)
    return [r.position for r in left if r.orientation is Orientation.VERTICAL]


def test_rulings_of_the_back_go_with_all_that_are_as_weak() -> None:
    through = (WORDS[0].bbox.x0 + WORDS[0].bbox.x1) / 2
    assert kept((95.0, BLACK), (through, GREY), (450.0, GREY), (495.0, BLACK)) == [95.0, 495.0]


def test_grey_rulings_beside_words_stay() -> None:
    assert kept((95.0, BLACK), (400.0, GREY), (495.0, BLACK)) == [95.0, 400.0, 495.0]


def test_black_rulings_through_boxes_of_words_stay() -> None:
    through = (WORDS[0].bbox.x0 + WORDS[0].bbox.x1) / 2
    assert kept((95.0, BLACK), (through, BLACK), (495.0, BLACK)) == [95.0, through, 495.0]


def test_pieces_of_a_line_of_the_back_go_where_type_lies_on_them_too() -> None:
    on_type = WORDS[0].bbox.x0 + 3.5 * WORDS[0].bbox.width / len(WORDS[0].text)
    pixels, found = drawn((95.0, BLACK), (on_type, GREY), (495.0, BLACK))
    *others, line, last = found
    edges = [95.0, *(y for w in WORDS for y in (w.bbox.y0 + 1, w.bbox.y1 - 1)), 360.0]
    pieces = [replace(line, start=start, end=end) for start, end in pairwise(edges)]
    image = replace(page(*WORDS), pixels=pixels)
    assert without_back([*others, *pieces, last], image, WORDS) == (*others, last)


def test_a_black_piece_in_line_with_rulings_of_the_back_stays() -> None:
    through = (WORDS[0].bbox.x0 + WORDS[0].bbox.x1) / 2
    pixels, found = drawn((95.0, BLACK), (through, GREY), (495.0, BLACK))
    own = Ruling(Orientation.VERTICAL, through, 360.0, 420.0, 2.0)
    pixels[360:420, round(through) - 1 : round(through) + 1] = BLACK
    left = without_back([*found, own], replace(page(*WORDS), pixels=pixels), WORDS)
    assert [r for r in left if r.position == through] == [own]


def test_the_ink_of_words_tells_that_rulings_run_through_their_first_characters() -> None:
    box = WORDS[0].bbox
    within, beside = box.x0 + 0.55 * box.height, box.x0 + 0.32 * box.height  # of the first character's ink
    assert kept((95.0, BLACK), (within, GREY), (495.0, BLACK)) == [95.0, 495.0]
    assert kept((95.0, BLACK), (beside, GREY), (495.0, BLACK)) == [95.0, beside, 495.0]


def test_grey_rulings_much_darker_than_those_of_the_back_stay() -> None:
    through = (WORDS[0].bbox.x0 + WORDS[0].bbox.x1) / 2
    faint, grey = 215, 160
    assert kept((95.0, BLACK), (through, faint), (400.0, grey), (495.0, BLACK)) == [95.0, 400.0, 495.0]
