"""What hides a ruling: the print of a word, not the white that its box bridges."""

from __future__ import annotations

import pytest

from layout.text_boxes import character_cores, text_boxes
from ocr.geometry import BBox
from ocr.values import Char, Word

PAGE = BBox(0, 0, 1000, 1000)
INSET = 0.28


def word(text: str, places: list[tuple[float, float]], box: BBox) -> Word:
    chars = tuple(Char(c, a, b, 0.9) for c, (a, b) in zip(text, places, strict=True)) if places else ()
    return Word(text, box, 0.9, chars)


def covered(words: list[Word]) -> list[tuple[float, float]]:
    """x ranges that the boxes hide from an edge across them."""
    boxes = text_boxes(words, PAGE, 0.3, INSET)
    insets = INSET * (boxes[:, 2:] - boxes[:, :2]).min(axis=1)
    return [(round(a + i, 1), round(b - i, 1)) for (a, _, b, _), i in zip(boxes, insets, strict=True)]


def test_a_word_over_two_cells_hides_nothing_between_its_characters() -> None:
    bridging = word("04年月", [(100, 114), (114, 128), (158, 186), (186, 214)], BBox(95, 20, 219, 60))
    (_, left_end), (right_start, _) = covered([bridging])
    assert left_end == pytest.approx(128, abs=0.2)
    assert right_start == pytest.approx(158, abs=0.2)


def test_close_characters_are_one_part() -> None:
    close = word("04年月", [(100, 114), (114, 128), (132, 160), (160, 188)], BBox(95, 20, 193, 60))
    assert len(covered([close])) == 1


def test_the_mark_of_a_ruling_and_white_past_the_last_character_hide_nothing() -> None:
    marked = word("年月|", [(100, 128), (128, 156), (166, 174)], BBox(95, 20, 180, 60))
    wide = word("年月", [(100, 128), (128, 156)], BBox(95, 20, 240, 60))
    for one in (marked, wide):
        ((_, end),) = covered([one])
        assert end < 160


def test_places_that_lag_behind_the_print_leave_its_last_stem_hidden() -> None:
    # as recognised: the stem of 计 stands at 278, where the column's edge above and below is
    total = word("合计", [(238.7, 261.1), (261.1, 283.5)], BBox(226, 422, 296, 467))
    ((_, end),) = covered([total])
    assert end > 280


def test_without_places_and_from_top_to_bottom_the_box_counts() -> None:
    boxes = [BBox(95, 20, 240, 60), BBox(300, 20, 330, 200)]
    words = [word("年月", [], boxes[0]), word("年月", [(20, 48), (120, 148)], boxes[1])]
    assert text_boxes(words, PAGE, 0.3, INSET).tolist() == [list(b.as_tuple()) for b in boxes]


def test_words_elsewhere_are_left_out() -> None:
    assert len(text_boxes([word("年", [], BBox(5, 5, 9, 9))], BBox(20, 20, 90, 90), 0.3, INSET)) == 0


def test_an_amount_hides_nothing_from_the_words_of_the_next_column() -> None:
    places = [(100 + 10 * i, 110 + 10 * i) for i in range(4)] + [(141, 167), (167, 193)]
    joined = word("1.20本年", places, BBox(95, 20, 198, 46))
    (_, left_end), (right_start, _) = covered([joined])
    assert left_end < 140.5 < right_start
    assert len(covered([word("1.20万元", places, BBox(95, 20, 198, 46))])) == 1, "a unit belongs to its amount"


def test_a_ruling_read_as_a_mark_ends_the_word_before_it() -> None:
    for mark in "|!":
        marked = word(f"12{mark}", [(100, 110), (110, 120), (124, 130)], BBox(95, 20, 131, 60))
        assert covered([marked])[-1][1] <= 120


def test_cores_run_on_through_characters_that_follow_closely_and_end_at_white_and_digits() -> None:
    line = word("系统。项1目", [(0, 20), (20, 40), (40, 60), (70, 90), (90, 100), (112, 132)], BBox(0, 0, 132, 20))
    cores = [(round(x0), round(x1)) for x0, _, x1, _ in character_cores([line], BBox(0, 0, 200, 20)).tolist()]
    assert cores == [(5, 55), (75, 85), (117, 127)]
