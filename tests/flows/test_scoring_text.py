from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.scoring.text import characters_right, edit_distance, is_number, normalise, number_key

WORDS = st.text("ab国1", max_size=12)


def _slow_distance(a: str, b: str) -> int:
    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        return min(
            distance(i - 1, j) + 1, distance(i, j - 1) + 1, distance(i - 1, j - 1) + (a[i - 1] != b[j - 1])
        )  # fmt: skip

    return distance(len(a), len(b))


@given(WORDS, WORDS)
def test_edit_distance_is_that_of_the_textbook(a: str, b: str) -> None:
    assert edit_distance(a, b) == _slow_distance(a, b)


def test_normalise_drops_white_space_and_full_width() -> None:
    assert normalise("收 入\n１，２３４．５０") == "收入1,234.50"


@pytest.mark.parametrize("text", ["0", "1,234.56", "-3.5", "(1,234)", "12%", "2010301", "３.０"])
def test_numbers_are_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "-", "合计", "2026年", "1.2.3", "A1", "103001-办公室"])
def test_words_are_not_numbers(text: str) -> None:
    assert not is_number(text)


def test_number_key_ignores_separators_but_not_decimals() -> None:
    assert number_key("1，234.50") == number_key("1234.50")
    assert number_key("1234.5") != number_key("1234.50")


def test_characters_right_counts_inventions_against_the_reading() -> None:
    assert characters_right("一般公共", "一般公共") == 4
    assert characters_right("一般公共", "一股公共") == 3
    assert characters_right("一般", "一般公共预算") == 0
