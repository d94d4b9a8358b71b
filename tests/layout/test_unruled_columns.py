"""Tables without column rulings whose amounts stand right before the next column, and heads centred over several."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from layout.baselines import Level
from layout.gutters import Column
from layout.narrow_gutters import split_columns
from layout.runs import Run, find_runs
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import Word
from tests import builders
from tests.layout.printing import CHAR_PX, HEIGHT, printed, word
from tests.layout.test_implied import NAMES, read, shape


def one_box(left: Word, right: Word) -> Word:
    """Two words as one text box, a space between: what detectors make of print that close."""
    space = builders.word(" ", left.bbox.x1, left.bbox.y0, char_px=right.bbox.x0 - left.bbox.x1, height=HEIGHT)
    whole = builders.word(
        f"{left.text} {right.text}", left.bbox.x0, left.bbox.y0, char_px=CHAR_PX, height=HEIGHT
    )  # fmt: skip
    box = builders.word("x", left.bbox.x0, left.bbox.y0, char_px=right.bbox.x1 - left.bbox.x0, height=HEIGHT).bbox
    chars = (*left.chars, *space.chars, *right.chars)
    return type(whole)(whole.text, box, whole.confidence, chars)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("720.82 302", ["720.82", "302"]), ("1,204.16 30201", ["1,204.16", "30201"]), ("13.89年末结转", ["13.89", "年末结转"]),
        ("-3.20（一）", ["-3.20", "（一）"]), ("82.72万元", ["82.72万元"]), ("1.5倍以上", ["1.5倍以上"]),
        ("3,064.66", ["3,064.66"]), ("增加82.72左右", ["增加82.72左右"]),
    ],
)  # fmt: skip
def test_what_follows_an_amount_at_once_is_another_columns(text: str, parts: list[str]) -> None:
    image, page_text = printed([word(text, 100, 100)])
    assert [r.text for r in find_runs(image, (), page_text)] == parts


def test_digits_read_without_a_space_behind_two_decimals_are_another_columns_where_white_shows() -> None:
    left, right = word("39.16", 100, 100), word("30201", 153, 100)
    box = one_box(left, right)
    glued = replace(box, text="39.1630201", chars=tuple(c for c in box.chars if c.text != " "))
    image, text = printed([glued])
    assert [r.text for r in find_runs(image, (), text)] == ["39.16", "30201"]
    image, text = printed([word("39.1630201", 100, 100)])
    assert [r.text for r in find_runs(image, (), text)] == ["39.1630201"]


def test_the_right_stem_of_a_wide_character_is_part_of_its_run() -> None:
    image, text = printed([word("科目", 100, 100), word("名称", 146, 100)])
    pixels = image.pixels.copy()
    pixels[80:120, 124:135] = 255
    one, two = find_runs(replace(image, pixels=pixels), (), text)
    assert (one.text, two.text) == ("科目", "名称")
    assert one.bbox.x1 == pytest.approx(138, abs=2)


def groups_side_by_side(slant: float) -> list[Word]:
    """Code, name and amount thrice; amounts end 3 px before the next code, often in one text box with it."""
    tops = [(209, "人员经费"), (718, "公用经费")]
    words = [word(n, x, 100, "centre") for x, n in tops]
    for k, x in enumerate((40, 380, 720)):
        words += [word(n, x + dx, 136, "centre") for dx, n in ((30, "编码"), (150, "科目名称"), (285, "决算数"))]
        words += [word(f"30{k + 1}{i:02}", x + slant * 40 * i, 180 + 40 * i) for i in range(8)]
        words += [word(NAMES[(i + k) % 6][:6], x + 80 + slant * 40 * i, 180 + 40 * i) for i in range(8)]
        words += [
            word(f"{(i + 2) * 37 * (k + 1)}.{i}{k}", x + 337 + slant * 40 * i, 180 + 40 * i, "right")
            for i in range(8) if (i + k) % 4
        ]  # fmt: skip
    out: list[Word] = []
    for w in words:
        mate = next(
            (o for o in out if 0 <= w.bbox.x0 - o.bbox.x1 < 6 and w.bbox.y0 == o.bbox.y0 and "." in o.text), None
        )
        mate = mate or next((o for o in out if 0 <= o.bbox.x0 - w.bbox.x1 < 6 and w.bbox.y0 == o.bbox.y0), None)
        if mate is None or mate.bbox.y0 % 80 == 5:
            out.append(w)
        else:
            out.remove(mate)
            left, right = sorted((mate, w), key=lambda o: o.bbox.x0)
            out.append(one_box(left, right))
    return out


@pytest.mark.parametrize("slant", [0.0, 0.012, -0.012])
def test_three_groups_side_by_side_have_nine_columns(slant: float) -> None:
    words = groups_side_by_side(slant)
    assert any(" " in w.text for w in words)
    (grid,) = read(*printed(words))
    assert shape(grid) == (10, 9, [(0, 0, 1, 3), (0, 3, 1, 6)])


def test_a_total_in_the_middle_of_free_columns_of_amounts_spans_them() -> None:
    words = groups_side_by_side(0.0)
    words += [word("人员经费合计", 165, 500, "centre"), word("3,004.11", 377, 500, "right")]
    words += [word("公用经费合计", 680, 500, "centre"), word("9,112.50", 1057, 500, "right")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (11, 9, [(0, 0, 1, 3), (0, 3, 1, 6), (10, 0, 1, 2), (10, 3, 1, 5)])


def test_a_centred_head_stands_over_the_columns_around_it_though_over_no_print() -> None:
    words = [word("收入", 290, 100, "centre"), word("支出", 790, 100, "centre")]
    for x in (80, 580):
        words += [word("项目", x + 90, 136, "centre"), word("行次", x + 290, 136, "centre")]
        words.append(word("决算数", x + 390, 136, "centre"))
    for i in range(7):
        y = 180 + 40 * i
        for k, x in enumerate((80, 580)):
            words += [word(NAMES[i % 6][:6], x, y), word(str(7 * k + i + 1), x + 260, y)]
            words.append(word(f"{(i + 2) * 37}.{i}{k}", x + 440, y, "right"))
    (grid,) = read(*printed(words))
    assert shape(grid) == (9, 6, [(0, 0, 1, 3), (0, 3, 1, 3)])


def test_a_line_of_one_character_below_belongs_to_the_row_whose_amounts_stand_between() -> None:
    words = [word("科目", 80, 100), word("名称", 200, 100), word("金额", 800, 100, "right")]
    ys = [150, 188, 226, 280, 334, 372, 410]
    for i, y in enumerate(ys):
        words += [word(f"20103{i:02}", 80, y), word(f"{(i + 2) * 137}.{i}0", 800, y, "right")]
        if i != 3:
            words.append(word(NAMES[i % 6], 200, y))
    words += [word("其他政府办公厅及相关机构事务支", 200, 264), word("出", 200, 296)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (8, 3, [])


def run(text: str, x0: float, x1: float, y: float) -> Run:
    return Run(text, BBox(x0, y - 9, x1, y + 9), 20.0, 0)


def test_numbers_of_columns_above_amounts_do_not_hide_a_narrow_white() -> None:
    head = Level(100, (run("金额", 340, 380, 100), run("支出项目", 480, 560, 100)))
    numbers = Level(140, (run("1", 350, 358, 140), run("栏次", 500, 540, 140)))
    rows = [
        Level(180 + 40 * i, (run(f"{i + 2}37.{i}5", 330, 397, 180 + 40 * i), run(name, 400, 480 + 9 * i, 180 + 40 * i)))
        for i, name in enumerate(NAMES)
    ]
    (left, right) = split_columns((Column(330, 540),), (numbers, *rows), (head,), 20.0)
    assert (left.x1, right.x0) == (397, 400)
    texts = [Level(row.y, tuple(replace(r, text="其他事项") for r in row.runs)) for row in rows]
    assert len(split_columns((Column(330, 540),), (numbers, *texts), (head,), 20.0)) == 1


def test_light_type_on_a_fill_keeps_its_width_where_a_ruling_was_taken_out_and_paper_lies_beside() -> None:
    image, text = printed([word("预算", 100, 100), word("合计", 400, 100)])
    pixels = np.full_like(image.pixels, 250)
    pixels[88:130, 60:620] = 50
    for w in text.words:
        for c in w.chars:
            for x in (c.x0 + 2, c.x1 - 6):  # thin strokes, blurred to much less than paper's brightness
                pixels[92:108, round(x) : round(x) + 4] = 120
    flat = Ruling(Orientation.HORIZONTAL, 107, 60, 480, 4.0)
    image = replace(image, pixels=pixels)
    runs = find_runs(image, (flat,), text)
    assert [r.text for r in runs] == ["预算", "合计"]
    assert [round(x) for r in runs for x in (r.bbox.x0, r.bbox.x1)] == pytest.approx([102, 138, 402, 438], abs=1)


def test_heads_of_one_box_are_parted_where_each_is_set_as_its_column() -> None:
    words = [word("项目", 80, 190)]
    for row in range(4):
        words.append(word(NAMES[row], 80, 230 + 40 * row))
        words += [word(f"137.2{row}", x, 230 + 40 * row, "centre") for x in (400, 484)]
    words.append(one_box(word("基本支出", 400, 190, "centre"), word("项目支出", 484, 190, "centre")))
    (grid,) = read(*printed([*words, word("预算数", 442, 150, "centre")]))
    assert shape(grid) == (6, 3, [(0, 0, 2, 1), (0, 1, 1, 2)])


def test_the_first_line_of_a_cell_beside_its_rows_amounts_is_as_wide_as_its_column() -> None:
    """Alone in its line it may be a title; one that ends before the amounts begin is none."""
    words = []
    for row in range(5):
        y = 150 + 70 * row
        words += (
            [word("其他行政事业单位医疗支", 140, y - 12), word("出费", 140, y + 14)]
            if row % 2
            else [word("住房", 140, y)]
        )
        words += [word(f"{row + 1}16.32", x, y, "right") for x in (440, 600, 760)]
    (grid,) = read(*printed(words))
    assert (grid.n_rows, grid.n_cols) == (5, 4)
    assert 140 + 220 < grid.col_edges[1] < 440 - 60
