from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout.grids import build_grid
from layout.implied import imply, imply_rulings
from layout.regions import find_regions
from layout.rulings import find_rulings
from layout.values import Grid, Orientation, Ruling, RulingSource
from ocr.values import PageImage, PageText, Word
from tests.layout.drawing import draw_grid, page, rulings_of
from tests.layout.printing import paragraphs, printed, word

SERIAL = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
NAMES = ["行政运行", "一般行政管理事务", "事业运行", "住房公积金", "培训支出", "公务员医疗补助"]


def read(image: PageImage, text: PageText) -> tuple[Grid, ...]:
    implied = imply(image, find_rulings(image), text)
    grids = tuple(build_grid(region, implied.rulings, text) for region in find_regions(image, implied.rulings, text))
    assert implied.grids is None or implied.grids == grids
    return grids


def shape(grid: Grid) -> tuple[int, int, list[tuple[int, int, int, int]]]:
    merged = [(s.row, s.col, s.rowspan, s.colspan) for s in grid.spans if s.rowspan * s.colspan > 1]
    return grid.n_rows, grid.n_cols, sorted(merged)


def rule(y: float, x0: float = 70, x1: float = 1010) -> Ruling:
    return Ruling(Orientation.HORIZONTAL, y, x0, x1, 2.0)


def body(n_rows: int, n_cols: int, top: float = 200, pitch: float = 40, align: str = "right",
         empty: frozenset[tuple[int, int]] = frozenset()) -> list[Word]:  # fmt: skip
    """A column of labels and columns of amounts that end (begin, lie) 150 px apart."""
    words = []
    for row in range(n_rows):
        words.append(word(NAMES[row % len(NAMES)], 80, top + pitch * row))
        for col in range(1, n_cols):
            if (row, col) not in empty:
                amount = f"{(row + 1) * 137 * col:,}.{row % 10}{col}"
                words.append(word(amount, 300 + 150 * col, top + pitch * row, align))
    return words


def heads(n_cols: int, y: float = 150, align: str = "right") -> list[Word]:
    names = ["项目", "合计", "基本支出", "项目支出", "结转"][:n_cols]
    return [word(n, 300 + 150 * c if c else 80, y, align if c else "left") for c, n in enumerate(names)]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(3, 9), st.integers(2, 5), st.sampled_from(["left", "right", "centre"]), st.integers(34, 60),
    st.sets(st.tuples(st.integers(0, 8), st.integers(2, 4)), max_size=6),
)  # fmt: skip
def test_a_borderless_table_has_the_rows_and_columns_it_was_printed_in(
    n_rows: int, n_cols: int, align: str, pitch: int, empty: set[tuple[int, int]]
) -> None:
    words = [*heads(n_cols, 200 - pitch, align), *body(n_rows, n_cols, 200, pitch, align, frozenset(empty))]
    (grid,) = read(*printed(words))
    assert shape(grid) == (n_rows + 1, n_cols, [])


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 30), st.integers(20, 46), st.integers(0, 60))
def test_paragraphs_are_no_table(n_lines: int, chars: int, y: int) -> None:
    assert read(*printed(paragraphs(n_lines, 60.0 + y, chars))) == ()


CONTENTS = [word(f"第{n}部分 部门概况" + "." * 40, 80, 200 + 40 * n) for n in range(8)]
PAGES = [word(str(3 * n + 1), 900, 200 + 40 * n, "right") for n in range(8)]
TWO_COLUMNS = [
    word("部门预算公开说明有关情况如下"[: 12 + (n * 5) % 3], x, 100 + 36 * n) for n in range(24) for x in (80, 560)
]  # fmt: skip
SIGNED = [word("某某县人民政府办公室", 900, 900, "right"), word("2026年2月11日", 900, 940, "right")]
LIST = [word(f"{n + 1}.", 80, 200 + 40 * n) for n in range(8)] + [
    word("认真组织实施本年度工作任务", 130, 200 + 40 * n) for n in range(8)
]


@pytest.mark.parametrize("words", [[*CONTENTS, *PAGES], [*CONTENTS[:0], *PAGES, *[word("概况与职责", 80, 200 + 40 * n)
    for n in range(8)]], TWO_COLUMNS, [*paragraphs(6), *SIGNED], LIST],
    ids=["dotted contents", "contents", "two columns of text", "signature", "list"])  # fmt: skip
def test_things_side_by_side_are_not_always_tables(words: list[Word]) -> None:
    assert read(*printed(words)) == ()


def test_a_list_whose_marks_were_read_as_words_is_no_table() -> None:
    """Its justified line leaves a wide gutter before the last word."""
    words: list[Word] = []
    for row in range(5):
        words += [word("六", 80, 200 + 40 * row), word("提供财务服务培训" * (3 - row % 2), 125, 200 + 40 * row)]
    assert read(*printed([*words, word("的", 760, 200)])) == ()


def test_a_table_between_paragraphs_is_found_alone() -> None:
    words = [*paragraphs(4, 60), *heads(4, 260), *body(6, 4, 300), *paragraphs(4, 620)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (7, 4, [])
    assert grid.region.bbox.y0 > 200
    assert grid.region.bbox.y1 < 600


def test_wrapped_labels_stay_in_their_row() -> None:
    words = body(6, 3)
    lines = [word("机关事业单位基本养老保险", 80, 467), word("缴费支出", 80, 493), word("88.00", 450, 480, "right")]
    after = [word("住房公积金", 80, 533), word("12.00", 450, 533, "right"), word("1.00", 600, 533, "right")]
    (grid,) = read(*printed([*heads(3), *words, *lines, *after]))
    assert shape(grid) == (9, 3, [])


def test_a_spanning_head_spans_and_a_head_of_two_rows_stands_between() -> None:
    words = [word("项目", 80, 130), word("2026年预算数", 580, 110, "centre"), *heads(4, 150)[1:], *body(5, 4)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (7, 4, [(0, 0, 2, 1), (0, 1, 1, 3)])


def test_a_column_without_amounts_is_kept() -> None:
    words = [*heads(4), *body(5, 4, empty=frozenset((r, 2) for r in range(5)))]
    (grid,) = read(*printed(words))
    assert shape(grid) == (6, 4, [])


def test_codes_set_in_by_levels_are_one_column() -> None:
    codes = [
        word(c, 80 + 60 * (len(c) > 3), 200 + 40 * n) for n, c in enumerate(["201", "20103", "20104", "208", "20805"])
    ]
    names = [word(n, 300, 200 + 40 * i) for i, n in enumerate(NAMES[:5])]
    amounts = [word(f"{7 * i + 3}.{i}0", 700, 200 + 40 * i, "right") for i in range(5)]
    top = [word("编码", 130, 150, "centre"), word("名称", 380, 150, "centre"), word("合计", 700, 150, "right")]
    (grid,) = read(*printed([*top, *codes, *names, *amounts]))
    assert shape(grid) == (6, 3, [])


def test_a_text_box_over_two_columns_is_no_span() -> None:
    words = body(5, 3)
    first, second = words[1], words[2]
    gap = builders_gap(first, second)
    (grid,) = read(*printed([*heads(3), words[0], gap, *words[3:]]))
    assert shape(grid) == (6, 3, [])


def builders_gap(left: Word, right: Word) -> Word:
    """Two words as an engine glues them into one."""
    from ocr.values import Char

    space = Char(" ", left.bbox.x1, right.bbox.x0, 0.9)
    chars = (*left.chars, space, *right.chars)
    return Word("".join(c.text for c in chars), left.bbox.union(right.bbox), 0.9, chars)


def test_three_rules_make_a_table() -> None:
    rules = [rule(125), rule(175), rule(425)]
    (grid,) = read(*printed([*heads(4), *body(6, 4)], rules))
    assert shape(grid) == (7, 4, [])
    assert grid.row_edges[1] == pytest.approx(175, abs=4)


def test_rules_between_all_rows_make_its_rows() -> None:
    words = [*heads(3), *body(5, 3), word("仅此一行", 80, 400)]
    rules = [rule(y) for y in (125, 175, 220, 260, 300, 340, 380, 420)]
    (grid,) = read(*printed(words, rules))
    assert shape(grid) == (7, 3, [])


def test_a_ruled_head_over_a_body_without_rulings() -> None:
    edges = [70.0, 330.0, 480.0, 630.0, 780.0]
    upright = [Ruling(Orientation.VERTICAL, x, 125, 175, 2.0) for x in edges[1:-1]]
    sides = [Ruling(Orientation.VERTICAL, x, 125, 425, 2.0) for x in (edges[0], edges[-1])]
    flat = [rule(y, edges[0], edges[-1]) for y in (125, 175, 425)]
    (grid,) = read(*printed([*heads(4), *body(6, 4)], [*upright, *sides, *flat]))
    assert shape(grid) == (7, 4, [])


def test_an_amount_beside_the_next_label_is_no_span() -> None:
    words = [*heads(3), *body(5, 3, align="right")]
    words += [word(NAMES[n], 606, 200 + 40 * n) for n in range(5)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (6, 4, [])


def test_letterhead_rules_around_text_are_no_table() -> None:
    assert read(*printed(paragraphs(8, 200), [rule(120), rule(126), rule(700)])) == ()


def test_a_drawn_grid_gets_no_ruling() -> None:
    from tests import builders

    grid = builders.grid("abc|def|ghi")
    image = page(draw_grid(grid))
    drawn = find_rulings(image)
    words = [word("12.00", 100 + 120 * c, 120 + 40 * r) for r in range(3) for c in range(3)]
    assert imply_rulings(image, drawn, PageText("0" * 64, builders.page_text().source, tuple(words))) == drawn
    assert all(r.source is RulingSource.DRAWN for r in rulings_of(grid))


def test_heads_that_only_their_places_part_on_a_dark_fill_are_cells_of_their_own() -> None:
    edges_x, edges_y = [70.0, 300.0, 460.0, 620.0, 780.0], [200.0, 260.0, 320.0, 380.0]
    lines = [Ruling(Orientation.HORIZONTAL, y, 70, 780, 2.0) for y in edges_y]
    lines += [Ruling(Orientation.VERTICAL, x, 200, 380, 2.0) for x in edges_x]
    heads_ = [word("收入", 185, 140, "centre"), word("支出", 540, 140, "centre")]
    heads_ += [
        word(t, x, 180, "centre") for t, x in (("项目", 185), ("合计", 380), ("基本支出", 540), ("项目支出", 700))
    ]
    cells = [word("行政运行", 80, y) for y in (235, 295, 355)]
    cells += [word("1,234.50", x - 8, y, "right") for y in (235, 295, 355) for x in edges_x[2:]]
    image, text = printed([*heads_, *cells], lines)
    canvas = image.pixels.copy()
    canvas[(canvas == 20) & (np.arange(canvas.shape[1]) % 6 < 3)] = 245  # strokes, as type has, not blocks
    band = canvas[120:199, 70:780]
    band[:] = np.where(band < 100, 235, 60)
    (grid,) = read(page(canvas), text)
    assert shape(grid) == (5, 4, [(0, 1, 1, 3)])


def test_feet_of_type_taken_for_rulings_make_no_table_of_paragraphs() -> None:
    image, text = printed(paragraphs(12, 100.0, 40))
    feet = [
        Ruling(Orientation.HORIZONTAL, w.bbox.y0 + share * w.bbox.height, w.bbox.x0 + a, w.bbox.x0 + a + 90, 6.0)
        for w in text.words for share in (0.2, 0.4, 0.6, 0.8) for a in range(40, int(w.bbox.width) - 150, 200)
    ]  # fmt: skip
    assert imply_rulings(image, feet, text) == ()


def test_names_with_shares_listed_in_the_cells_of_a_ruled_table_stay_together() -> None:
    xs, ys = (60, 400, 740, 1020), (100, 150, 400)
    lines = [rule(y, 60, 1020) for y in ys] + [Ruling(Orientation.VERTICAL, x, 100, 400, 2.0) for x in xs]
    lists = [
        w for x in (420, 760) for i, name in enumerate(NAMES[:4])
        for w in (word(name[:4], x, 160 + 50 * i), word(f"{i + 1}.4%", x + 200, 160 + 50 * i, "right"))
    ]  # fmt: skip
    image, text = printed([word("类别", 80, 105), *lists])
    assert imply_rulings(image, lines, text) == tuple(lines)


def test_labels_in_the_middle_of_their_rows_are_merged_down_them() -> None:
    words = [word(n, x, 150) for n, x in (("地区", 80), ("类别", 200), ("学校数", 420), ("在校生", 560))]
    sizes = (("东部", 3), ("中部", 4), ("西部", 2))
    row = 0
    for label, size in sizes:
        words.append(word(label, 80, 200 + 40 * (row + (size - 1) / 2)))
        for k in range(size):
            y = 200 + 40 * row
            words += [
                word(NAMES[k], 200, y),
                word(f"{13 * row + 7}", 480, y, "right"),
                word(f"{row},{100 + row}", 630, y, "right"),
            ]
            row += 1
    words += [
        word("合计", 180, 200 + 40 * row),
        word("99", 480, 200 + 40 * row, "right"),
        word("9,999", 630, 200 + 40 * row, "right"),
    ]
    (grid,) = read(*printed(words))
    spans = {(s.row, s.col, s.rowspan, s.colspan) for s in grid.spans if s.rowspan > 1}
    assert (grid.n_rows, grid.n_cols) == (11, 4)
    assert spans == {(1, 0, 3, 1), (4, 0, 4, 1), (8, 0, 2, 1)}


def test_labels_without_amounts_above_a_total_are_no_label_merged_down_to_it() -> None:
    """Both sides of a budget in tight rows, of which the last before the totals are blank on the right."""
    left = [*NAMES[:3], *NAMES[1:4], "二、上年结转", "一般公共预算拨款", "政府性基金预算", "国有资本经营收", "收入合计"]
    right = [*NAMES[1:4], *NAMES[:3], "二、结转下年", "", "", "", "支出合计"]
    words = [word(n, x, 150) for n, x in (("收入项目", 80), ("预算数", 300), ("支出项目", 460), ("预算数", 760))]
    for i, (one, other) in enumerate(zip(left, right, strict=True)):
        y = 190 + 27 * i
        words += [word(one, 80, y), *([word(other, 460, y)] if other else [])]
        if i < 6 or i == 10:
            words += [word(f"{i + 1},{100 + i}.50", 380, y, "right"), word(f"{i + 1},{200 + i}.50", 840, y, "right")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (12, 4, [])


def test_labels_on_the_first_of_their_rows_leave_blanks_below() -> None:
    words = [*heads(3), *(w for w in body(6, 3) if w.text not in NAMES)]
    words += [word(NAMES[0], 80, 200), word(NAMES[1], 80, 320)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (7, 3, [])


def test_a_narrow_white_that_print_is_aligned_along_parts_columns() -> None:
    words = [
        word(n, x, 150, a)
        for n, x, a in (("品目", 80, "left"), ("规格", 250, "left"), ("单价", 520, "right"), ("金额", 620, "right"))
    ]
    goods = ("便携式计算机测", "空调机", "多功能一体机", "复印纸", "办公桌椅")
    for i, name in enumerate(goods):
        y = 200 + 40 * i
        words += [word(name, 80, y), word("国产十四英寸"[: 3 + i % 4], 228, y)]
        words += [word(f"{i + 1},{375 + i}", 520, y, "right"), word(f"{(i + 3) * 111},{100 + i}", 600, y, "right")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (6, 4, [])


def test_a_body_without_rulings_hangs_under_a_ruled_head() -> None:
    edges = [70.0, 330.0, 480.0, 630.0, 780.0, 930.0]
    upright = [Ruling(Orientation.VERTICAL, x, 125, 175, 2.0) for x in edges]
    flat = [rule(y, edges[0], edges[-1]) for y in (125, 175)]
    words = [*heads(5), *(w for w in body(6, 5) if w.bbox.x1 < 800)]
    (grid,) = read(*printed(words, [*upright, *flat]))
    assert shape(grid) == (7, 5, [])
    assert grid.col_edges == pytest.approx(edges, abs=4)


def test_running_text_in_two_columns_below_it_is_no_more_of_the_body() -> None:
    edges = [70.0, 330.0, 480.0, 630.0, 780.0, 930.0]
    upright = [Ruling(Orientation.VERTICAL, x, 125, 175, 2.0) for x in edges]
    flat = [rule(y, edges[0], edges[-1]) for y in (125, 175)]
    text = [word("文" * 20, x, 440 + 30 * line) for line in range(8) for x in (75, 520)]
    words = [*heads(5), *(w for w in body(6, 5) if w.bbox.x1 < 800), *text]
    (grid,) = read(*printed(words, [*upright, *flat]))
    assert shape(grid) == (7, 5, [])


def test_heads_that_go_on_in_a_single_character_keep_to_their_columns() -> None:
    words = [word("项目", 80, 165)]
    for col, (upper, lower) in enumerate((("基本支", "出"), ("项目支", "出"), ("其他资", "金"))):
        words += [word(upper, 450 + 110 * col, 150, "centre"), word(lower, 450 + 110 * col, 176, "centre")]
    for row in range(4):
        words.append(word(NAMES[row], 80, 220 + 40 * row))
        words += [word(f"{row + 1},{col}37.5{col}", 490 + 110 * col, 220 + 40 * row, "right") for col in range(3)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (5, 4, [])


def test_a_head_in_the_middle_of_all_rows_is_outside_of_the_spanners_beside_it() -> None:
    words = [word("单位：万元", 1000, 105, "right"), word("部门", 110, 190, "centre"), word("决算数", 970, 190, "centre"), word("预算数", 560, 150, "centre"),
             word("合计", 350, 210, "centre"), word("财政拨款", 560, 190, "centre"), word("其他", 790, 210, "centre")]  # fmt: skip
    words += [word(n, x, 230, "centre") for n, x in (("小计", 460), ("基本", 570), ("项目", 680))]
    for row in range(5):
        y = 280 + 40 * row
        words.append(word(NAMES[row][:4], 110, y, "centre"))
        words += [
            word(f"{row + 1},{col}37.5{col}", x, y, "centre") for col, x in enumerate((350, 460, 570, 680, 790, 970))
        ]
    (grid,) = read(*printed(words))
    spans = {(s.row, s.col, s.rowspan, s.colspan) for s in grid.spans if s.rowspan * s.colspan > 1}
    assert (grid.n_rows, grid.n_cols) == (8, 7)
    assert spans == {(0, 0, 3, 1), (0, 1, 1, 5), (0, 6, 3, 1), (1, 1, 2, 1), (1, 2, 1, 3), (1, 5, 2, 1)}


def test_a_total_in_the_middle_of_three_label_columns_spans_them() -> None:
    words = [word(n, x, 150) for n, x in (("品目", 80), ("规格", 260), ("单位", 480))] + [
        word("金额", 700, 150, "right")
    ]
    for row in range(5):
        y = 200 + 40 * row
        words += [word(NAMES[row][:4], 80, y), word("国产十四英寸规格"[: 4 + row % 3], 260, y), word("台", 480, y)]
        words.append(word(f"{row + 1},375", 700, y, "right"))
    words += [word("合计", 300, 400, "centre"), word("9,999", 700, 400, "right")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (7, 4, [(6, 0, 1, 3)])


def test_a_rule_right_below_the_print_leaves_no_sliver_of_a_row() -> None:
    (grid,) = read(*printed([*heads(4), *body(6, 4)], [rule(428)]))
    assert shape(grid) == (7, 4, [])


def test_totals_below_the_last_rule_belong_to_the_table() -> None:
    words = [*heads(4), *body(6, 4)]
    (grid,) = read(*printed(words, [rule(125), rule(175), rule(381)]))
    assert shape(grid) == (7, 4, [])


def test_two_three_line_tables_with_a_title_between_stay_two() -> None:
    first, second = [*heads(3), *body(4, 3)], [*heads(3, 500), *body(4, 3, 550)]
    rules = [rule(y) for y in (125, 175, 345, 475, 525, 695)]
    one, two = read(*printed([*first, word("收入", 80, 440), *second], rules))
    assert shape(one) == shape(two) == (5, 3, [])


def test_rules_under_amounts_only_do_not_cut_off_the_labels() -> None:
    rules = [rule(y, 300, 760) for y in (175, 425)]
    (grid,) = read(*printed([*heads(4), *body(6, 4)], rules))
    assert shape(grid) == (7, 4, [])


def test_labels_alone_below_stand_no_farther_apart_than_rows_do() -> None:
    words = [*heads(4), *body(3, 4), *body(2, 4, 348, 60)]
    lone = [word(n, 80, y) for n, y in (("上缴收入", 456), ("经营收入", 516))]
    (grid,) = read(*printed([*words, *lone]))
    assert shape(grid) == (8, 4, [])
    far = [word("经营收入", 80, 490), word("另起一行", 140, 516)]
    (grid,) = read(*printed([*words, *far]))
    assert grid.n_rows == 6


def test_blank_rows_that_rules_close_below_the_last_print_are_rows() -> None:
    words = [*heads(4), *body(2, 4)]
    (grid,) = read(*printed(words, [rule(y) for y in (125, 180, 220, 260, 300, 340)]))
    assert shape(grid) == (5, 4, [])


def test_a_total_between_codes_and_names_is_over_both_and_no_column() -> None:
    words = [word(n, x, 150, "centre") for n, x in (("项目编号", 160), ("项目", 300), ("总计", 460))]
    words += [word("合计", 205, 190, "centre"), word("102.07", 500, 190, "right")]
    for i, (code, name) in enumerate((("A", "货物采购"), ("C", "其他服务"), ("D", "工程建设"))):
        y = 230 + 40 * i
        words += [word(code, 82, y), word(name, 260, y), word(f"{i + 1}6.07", 500, y, "right")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (5, 3, [(1, 0, 1, 2)])


def test_a_column_without_head_takes_the_nearest_of_several_heads_that_stand_beside_print() -> None:
    names = (("合计", 100), ("出国费", 240), ("小计", 380), ("购置费", 520), ("运行费", 660), ("接待费", 860))
    words = [word(n, x, 150, "centre") for n, x in names]
    for i in range(3):
        y = 200 + 40 * i
        words += [word(f"{i + 2}9.70", 130, y, "right"), word(f"{i + 1}7.5", 740, y, "right")]
        words.append(word(f"{i + 1}2.20", 900, y, "right"))
    (grid,) = read(*printed(words))
    assert shape(grid) == (4, 6, [])


def test_a_spanner_half_a_line_above_heads_of_two_lines_is_no_title() -> None:
    words = [word("科目", 190, 138, "centre"), word("编码", 110, 178, "centre"), word("名称", 270, 178, "centre")]
    words.append(word("总计", 470, 158, "centre"))
    for x, name in ((650, "政府性基金预算"), (830, "国有资本经营")):
        words += [word(name, x, 146, "centre"), word("拨款收入", x, 170, "centre")]
    for row in range(4):
        y = 220 + 40 * row
        words += [word(f"20{row + 1}", 80, y), word(NAMES[row], 200, y)]
        words += [word(f"{row + 2},137.{col}4", 530 + 180 * col, y, "right") for col in range(3)]
    (grid,) = read(*printed([word("2026年部门收入总表", 560, 60, "centre"), *words]))
    assert shape(grid)[:2] == (6, 5)
    assert (0, 0, 1, 2) in shape(grid)[2]


def test_labels_alone_below_follow_the_side_of_a_leaning_page() -> None:
    words = [*heads(4), *body(4, 4, pitch=50)]
    lone = [word(n, 80 + 5 * i, 400 + 50 * i) for i, n in enumerate(("上缴收入", "经营收入", "其他收入"))]
    (grid,) = read(*printed([*words, *lone]))
    assert grid.n_rows == 8


def test_the_telephone_number_of_a_form_is_no_head_of_a_column() -> None:
    xs, ys = (60, 300, 540, 780, 1020), (100, 150, 200, 250, 300)
    lines = [rule(y, 60, 1020) for y in ys] + [Ruling(Orientation.VERTICAL, x, 200, 300, 2.0) for x in xs[1:-1]]
    lines += [Ruling(Orientation.VERTICAL, x, 100, 300, 2.0) for x in (60, 1020)]
    lines.append(Ruling(Orientation.VERTICAL, 300, 100, 200, 2.0))
    words = [word("填报单位", 80, 125), word("联系人", 80, 175), word("某某局", 320, 125)]
    words += [word(name, x, 175) for name, x in (("某乙", 400), ("023-00000000", 600), ("分机", 840))]
    words += [word(name, x + 20, 225) for name, x in zip(("名称", "性质", "数值", "权重"), xs, strict=False)]
    words += [word(name, x + 20, 275) for name, x in zip(("维修", "定性", "12.50", "3.40"), xs, strict=False)]
    image, text = printed(words, lines)
    assert imply_rulings(image, lines, text) == tuple(lines)


def test_a_rule_below_several_row_heights_of_white_closes_blank_rows() -> None:
    words = [*heads(4), word("合计", 80, 200)]
    captions = [word("2026年政府性基金预算支出表", 560, 50, "centre"), word("单位：万元", 1000, 100, "right")]
    (grid,) = read(*printed([*captions, *words], [rule(y) for y in (125, 180, 300)]))
    assert shape(grid) == (4, 4, [])  # three rows of 40 px, one with print


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 5), st.integers(0, 4), st.integers(36, 60))
def test_rows_of_one_height_go_on_blank_down_to_the_closing_rule(n_rows: int, n_blank: int, pitch: int) -> None:
    words = [*heads(4, 200 - pitch), *body(n_rows, 4, 200, pitch)]
    bottom = 200 + pitch * (n_rows + n_blank - 0.5)
    (grid,) = read(*printed(words, [rule(y) for y in (200 - 1.5 * pitch, 200 - pitch / 2, bottom)]))
    assert shape(grid) == (n_rows + n_blank + 1, 4, [])


def test_amounts_on_a_leaning_line_are_in_the_column_that_only_they_have() -> None:
    words = []
    for row in range(6):
        y = 150 + 50 * row
        words += [word(f"3020{row}", 80, y), word(NAMES[row], 200, y), word(f"{row}7.20", 560, y - 2, "right")]
        x, lower = (720, 0) if row in (2, 3) else (920, 9)
        words.append(word(f"{row}7.20", x, y + lower, "right"))
    (grid,) = read(*printed(words))
    assert shape(grid) == (6, 5, [])


def test_labels_right_behind_amounts_are_things_of_their_own_where_second_heads_are_looked_for() -> None:
    names = [("收入", 180), ("预算数", 500), ("支出", 640), ("预算数", 980)]
    words = [word(n, x, 150, "centre") for n, x in names]
    heights = (200, 240, 280, 350, 410, 450, 490, 530)
    amounts = [(0, 980), (0, 980), (0, 980), (), (0,), (0,), (980,), (980,)]
    for i, (y, own) in enumerate(zip(heights, amounts, strict=True)):
        words += [word(NAMES[i % 6], 80, y)] if i < 6 else []
        words += [word(f"{i + 1}2.40", 540, y, "right")] if 0 in own else []
        words += [word(f"{i + 1}7.10", 1005, y, "right")] if 980 in own else []
        words.append(word(("一、外交支出", "二、教育支出")[i % 2], 548, y))
    (grid,) = read(*printed(words, [rule(y) for y in (125, 175, 555)]))
    assert shape(grid)[:2] == (9, 4)


def test_the_last_characters_of_a_head_read_as_one_box_stay_together_however_wide_apart() -> None:
    wide = word("支出", 600, 170, "centre")
    chars = (replace(wide.chars[0], x1=wide.chars[0].x1 - 3), replace(wide.chars[1], x0=wide.chars[1].x0 + 2))
    words = [word("本年政府性基金预算拨款", 600, 146, "centre"), replace(wide, chars=chars)]
    words += [word(n, x, 200, "centre") for n, x in (("总计", 460), ("基本支出", 600), ("项目支出", 740))]
    words += [word("科目编码", 120, 174, "centre"), word("科目名称", 300, 174, "centre")]
    for row in range(3):
        y = 250 + 40 * row
        words += [word(f"20{row}", 80, y), word(NAMES[row], 230, y)]
        words += [word(f"{row + 1}2.30", x, y, "right") for x in (490, 640, 780)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (5, 5, [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 3)])


@settings(max_examples=12, deadline=None)
@given(st.integers(-20, 20), st.integers(10, 20))
def test_columns_of_a_leaning_page_are_parted_by_the_white_that_leans_with_them(lean: int, n_rows: int) -> None:
    """lean: px sideways in 1000 px down."""
    words = []
    for row in range(n_rows):
        y = 160 + 45 * row
        dx = lean * (y - 500) / 1000
        words += [word(f"2080{row:02d}", 80 + dx, y), word(NAMES[row % 6] + SERIAL[row], 200 + dx, y)]
        for col, blank in ((0, row == 3), (1, row % 3 == 1), (2, row % 3 == 2)):
            if not blank:
                words.append(word(f"{row + 1},137.{col}4", 560 + 106 * col + dx, y, "right"))
    (grid,) = read(*printed(words))
    assert shape(grid) == (n_rows, 5, [])


def test_a_total_in_the_middle_of_labels_and_a_blank_quantity_is_over_all_of_them() -> None:
    heads_ = [("单位", 248), ("目录", 348), ("品目", 510), ("数量", 660), ("总计", 770), ("小计", 920)]
    words = [word(n, x, 150, "centre") for n, x in heads_]
    words += [word("合计", 440, 190, "centre"), word("866.40", 800, 190, "right"), word("74.12", 950, 190, "right")]
    for row in range(5):
        y = 230 + 40 * row
        words += [word("县政府办公室", 188, y), word(("货物", "服务")[row % 2], 328, y)]
        words += [word(NAMES[row] + "类", 428, y), word(str(3 + 7 * row), 682, y, "right")]
        words += [word(f"{row + 1}00.25", 800, y, "right"), word(f"{row + 1}8.08", 950, y, "right")]
    (grid,) = read(*printed(words, [rule(y, 180, 960) for y in (125, 170, 410)]))
    assert shape(grid) == (7, 6, [(1, 0, 1, 4)])


def test_a_total_across_the_side_of_two_label_columns_is_over_all_free_ones_in_whose_middle_it_stands() -> None:
    """合计 over four columns of labels, the last of them blank there, below ruled heads."""
    sides = (100, 136, 172, 208, 244, 420, 600)
    lines = [Ruling(Orientation.VERTICAL, x, 100, 160, 2.0) for x in sides]
    lines += [rule(y, 100, 600) for y in (100, 160)]
    middles = [(a + b) / 2 for a, b in itertools.pairwise(sides)]
    words = [word(n, x, 130, "centre") for n, x in zip("位目品量", middles, strict=False)]
    words += [word("总计", middles[4], 130, "centre"), word("小计", middles[5], 130, "centre")]
    words += [word("合计", 172, 190, "centre"), word("866.40", 410, 190, "right"), word("74.12", 590, 190, "right")]
    for row in range(5):
        y = 230 + 40 * row
        words += [word(t, x, y, "centre") for t, x in zip("县货纸", middles, strict=False)]
        words += [word(str(3 + row), 238, y, "right"), word(f"{row + 1}00.25", 410, y, "right")]
        words += [word(f"{row + 1}8.08", 590, y, "right")]
    (grid,) = read(*printed(words, lines))
    assert shape(grid) == (7, 6, [(1, 0, 1, 4)])


@pytest.mark.parametrize("room", [45, 90])
def test_a_lone_row_between_rules_is_one_however_its_line_leans(room: int) -> None:
    words = [word(n, x, 150, "centre") for n, x in (("合计", 130), ("出国费", 330), ("购置费", 530), ("接待费", 900))]
    words += [word("1.00", 150, 186, "right"), word("0.40", 560, 186, "right"), word("0.60", 930, 205, "right")]
    (grid,) = read(*printed(words, [rule(y, 70, 960) for y in (125, 173, 173 + room)]))
    assert (grid.n_rows == 2) is (room == 45)
