"""Tables below each other or side by side, nothing but white between: each is its own."""

from __future__ import annotations

import pytest

from ocr.values import Word
from tests.layout.printing import paragraphs, printed, word
from tests.layout.test_implied import NAMES, body, heads, read, rule, shape


def list_of_two(top: float, left: float = 80, right: float = 900, n_rows: int = 5, pitch: float = 40) -> list[Word]:
    """Heads and rows of a name and an amount."""
    words = [word("项目", (left + right) / 2 - 150, top, "centre"), word("金额", right - 80, top, "centre")]
    for row in range(1, n_rows + 1):
        words.append(word(NAMES[row % len(NAMES)], left, top + pitch * row))
        words.append(word(f"{row * 311}.{row}5", right, top + pitch * row, "right"))
    return words


def test_heads_that_come_again_below_rows_begin_another_table() -> None:
    upper, lower = read(*printed([*list_of_two(150), *list_of_two(150 + 6 * 40)]))
    assert shape(upper) == shape(lower) == (6, 2, [])


def test_heads_over_columns_of_their_own_begin_another_table() -> None:
    upper, lower = read(*printed([*heads(4), *body(5, 4), *list_of_two(420, right=660)]))
    assert (shape(upper)[:2], shape(lower)[:2]) == ((6, 4), (6, 2))


def test_heads_that_are_set_off_begin_another_table_though_its_amounts_end_alike() -> None:
    upper, lower = read(*printed([*heads(4), *body(5, 4), *list_of_two(430, right=750)]))
    assert (shape(upper)[:2], shape(lower)[:2]) == ((6, 4), (6, 2))


def test_between_rules_too() -> None:
    rules = [rule(y, 70, 910) for y in (130, 170, 373, 413, 610)]
    upper, lower = read(*printed([*list_of_two(150), *list_of_two(150 + 6 * 40)], rules))
    assert shape(upper) == shape(lower) == (6, 2, [])


@pytest.mark.parametrize("texts", [["不适用", "不适用", "不适用"], ["其中：", "", ""], ["是", "", "否"]])
def test_a_row_without_amounts_is_a_row(texts: list[str]) -> None:
    """Of texts that are the same, alone, or closely set among rows that leave its columns blank."""
    row = [word(text, 450 + 150 * i, 360, "right") for i, text in enumerate(texts) if text]
    below = [word(w.text, w.bbox.x0, w.bbox.centre[1] + 200) for w in body(4, 4)]
    (grid,) = read(*printed([*heads(4), *body(4, 4), word("其他支出", 80, 360), *row, *below]))
    assert shape(grid)[:2] == (10, 4)


def test_tables_side_by_side_with_rows_of_their_own_heights_are_two() -> None:
    left, right = list_of_two(150, 80, 480, 7), list_of_two(157, 600, 1000, 5, 54)
    first, second = read(*printed([*left, *right]))
    assert {shape(first)[:2], shape(second)[:2]} == {(8, 2), (6, 2)}


def test_groups_of_columns_with_common_rows_are_one_table() -> None:
    (grid,) = read(*printed([*list_of_two(150, 80, 480, 7), *list_of_two(150, 600, 1000, 5)]))
    assert shape(grid)[:2] == (8, 4)


def test_a_side_whose_labels_stand_left_of_the_white_has_rows_of_its_other_side() -> None:
    """A balance sheet: amounts right of the white belong to labels left of it, and the other half goes on further down."""
    words = [
        word(t, x, 150, "centre")
        for t, x in (("资产", 150), ("行次", 300), ("期末余额", 520), ("权益", 700), ("余额", 920))
    ]
    for row in range(1, 13):
        y = 150 + 40 * row
        words += [word(NAMES[row % len(NAMES)], 620, y), word(f"{row * 97}.35", 980, y, "right")]
        if row < 9 or row == 12:  # as far as there are assets, and their total
            words += [
                word(NAMES[row % len(NAMES)], 80, y),
                word(str(row), 320, y, "right"),
                word(f"{row * 31}.20", 570, y, "right"),
            ]
    (grid,) = read(*printed(words))
    assert shape(grid)[:2] == (13, 5)


def test_titles_of_sections_side_by_side_are_no_heads() -> None:
    words = [word(t, x, 150, "centre") for t, x in (("资产", 150), ("余额", 420), ("权益", 680), ("余额", 920))]
    words += [word("流动资产：", 80, 190), word("流动负债：", 600, 190)]
    for row in range(2, 8):
        y = 150 + 40 * row
        words += [word(NAMES[row % len(NAMES)], 80, y), word(f"{row * 31}.20", 480, y, "right")]
        words += [word(NAMES[(row + 1) % len(NAMES)], 600, y), word(f"{row * 97}.35", 980, y, "right")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (8, 4, [])


def test_a_paragraph_between_the_pages_rule_and_a_tables_is_no_part_of_it() -> None:
    pairs = [word(text, x, 310 + 36 * i, align) for i in range(5)
             for text, x, align in (("等级说明", 80, "left"), ("标识", 900, "right"))]  # fmt: skip
    table = [word(w.text, w.bbox.x0, w.bbox.centre[1] + 410) for w in (*heads(4), *body(4, 4))]
    rules = [rule(y, 70, 1010) for y in (140, 537, 580, 760)]
    (grid,) = read(*printed([*paragraphs(4, 170), *pairs, *table], rules))
    assert shape(grid)[:2] == (5, 4)
    assert grid.region.bbox.y0 > 530


def test_a_title_of_several_lines_that_hang_beside_its_number_is_no_row() -> None:
    title = [word("Table 5.", 80, 150), *(word("Graduates who borrowed and amounts", 220, y) for y in (150, 186, 222))]
    table = [word(w.text, w.bbox.x0, w.bbox.centre[1] + 130) for w in (*heads(4), *body(4, 4))]
    rules = [rule(y, 70, 1010) for y in (120, 257, 300, 490)]
    (grid,) = read(*printed([*title, *table], rules))
    assert shape(grid)[:2] == (5, 4)


@pytest.mark.parametrize("at", [490, 430])
def test_the_title_above_the_upper_rule_of_the_second_is_no_head(at: float) -> None:
    """In the middle of the table, or over some of its columns."""
    rules = [rule(y, 70, 910) for y in (130, 170, 473, 513, 710)]
    words = [*list_of_two(150), word("收入", at, 445, "centre"), *list_of_two(493)]
    upper, lower = read(*printed(words, rules))
    assert shape(upper) == shape(lower) == (6, 2, [])


def test_a_row_with_the_labels_of_the_first_and_other_amounts_is_a_row() -> None:
    rows = [
        ("货物", "台式机", 10),
        ("服务", "会议", 35),
        ("服务", "维修", 37),
        ("货物", "一体机", 5),
        ("货物", "台式机", 3),
    ]
    words = [
        w
        for i, (kind, name, n) in enumerate(rows)
        for w in (
            word(kind, 80, 200 + 60 * i),
            word(name, 180, 200 + 60 * i),
            *(word(f"{n * 137 * c:,}.{i}5", 300 + 150 * c, 200 + 60 * i, "right") for c in (1, 2, 3)),
        )
    ]
    (grid,) = read(*printed(words))
    assert (grid.n_rows, grid.n_cols) == (5, 5)
