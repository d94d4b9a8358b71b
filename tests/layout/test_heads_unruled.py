"""Heads of tables without column rulings: which lines are heads, which of them span, and what is no head but a title."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from layout.baselines import Level
from layout.column_sides import side_ranges
from layout.gutters import Column
from layout.head_lines import stack_heads
from layout.head_runs import gutters_between
from layout.header_tree import grow_tree
from layout.runs import Run, find_runs
from ocr.geometry import BBox
from ocr.values import PageImage, PageText, Word
from tests import builders
from tests.layout.printing import EM, printed, word
from tests.layout.test_implied import body, read, rule, shape
from tests.layout.test_unruled_columns import one_box


def with_title(words: list[Word], title: str, x: float, y: float, scale: float = 1.5) -> tuple[PageImage, PageText]:
    """A page with a title of larger type."""
    large = builders.word(title, x, y - 15 * scale, char_px=10.0 * scale, height=30.0 * scale)
    image, text = printed(words)
    pixels = image.pixels.copy()
    for c in large.chars:
        inset = 0.1 * (c.x1 - c.x0)
        pixels[round(y - 9 * scale) : round(y + 9 * scale), round(c.x0 + inset) : round(c.x1 - inset)] = 20
    return replace(image, pixels=pixels), replace(text, words=(large, *text.words))


def regions() -> list[Word]:
    """Labels merged down rows, names and two amounts; the label of the total lies across the white between the first two."""
    names = [["北方区", "南方区", "东方区"], ["北方区", "南方区"], ["国内的", "出口的"]]
    words = [word("类别", 120, 150, "centre"), word("地区", 240, 150, "centre")]
    words += [word(n, x, 150, "right") for n, x in (("数量", 500), ("金额", 700))]
    row = 0
    for label, own in zip(("零售类", "批发类", "网络类"), names, strict=True):
        words.append(word(label, 120, 200 + 44 * (row + (len(own) - 1) / 2), "centre"))
        for name in own:
            y = 200 + 44 * row
            words += [word(name, 240, y, "centre"), word(f"{row + 2},{row}17", 500, y, "right"), word(f"{row + 3}4.{row}5", 700, y, "right")]  # fmt: skip
            row += 1
    y = 200 + 44 * row
    return [*words, word("合计", 180, y, "centre"), word("21,345", 500, y, "right"), word("987.65", 700, y, "right")]


def test_the_label_of_a_total_across_the_white_between_columns_hides_it_not() -> None:
    (grid,) = read(*printed(regions()))
    assert (grid.n_rows, grid.n_cols) == (9, 4)
    assert shape(grid)[2] == [(1, 0, 3, 1), (4, 0, 2, 1), (6, 0, 2, 1), (8, 0, 1, 2)]


def years(pitch: float) -> list[Word]:
    words = [word("2026", 600, 200 - pitch, "centre"), word("2025", 750, 200 - pitch, "centre")]
    for row, label in enumerate(("Receipts", "Payments", "Interest", "Dividends")):
        words.append(word(label, 80, 200 + pitch * row))
        words += [word(f"{row + 3}4,{row}17", x, 200 + pitch * row, "centre") for x in (600, 750)]
    return words


@pytest.mark.parametrize("pitch", [40, 54, 64])
def test_a_lone_head_as_far_above_heads_as_those_above_rows_spans_though_it_reaches_past_the_amounts(
    pitch: float,
) -> None:
    words = [*years(pitch), word("Year ended 31 December", 675, 200 - 2 * pitch, "centre")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (6, 3, [(0, 0, 2, 1), (0, 1, 1, 2)])


def test_a_unit_above_the_last_column_is_no_head() -> None:
    words = [*years(40), word("万元", 780, 200 - 80, "right")]
    (grid,) = read(*printed(words))
    assert shape(grid) == (5, 3, [])


def test_a_title_of_larger_type_off_the_middle_is_no_head() -> None:
    words = [
        word("项目", 80, 150),
        *(word(n, 300 + 150 * c, 150, "right") for c, n in enumerate(("合计", "基本", "项目支出"), 1)),
    ]
    (grid,) = read(*with_title([*words, *body(5, 4)], "公用经费明细", 480, 108))
    assert shape(grid) == (6, 4, [])


def test_short_latin_heads_are_of_no_other_type_than_those_below() -> None:
    """The size of Q1 is that of its box, which says little."""
    heads = [replace(w, bbox=w.bbox.grown(6)) for w in (word("Q1", 460, 120, "centre"), word("Q2", 760, 120, "centre"))]
    heads = [replace(w, chars=()) for w in heads]
    heads += [word(n, x, 160, "right") for n, x in (("Units", 450), ("Amount", 600), ("Units", 750), ("Amount", 900))]
    (grid,) = read(*printed([*heads, word("Region", 80, 140), *body(5, 5)]))
    assert shape(grid) == (7, 5, [(0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 1, 2)])


@pytest.mark.parametrize("pitch", [26, 34, 44])
def test_heads_as_far_apart_as_rows_are_two_though_the_upper_stands_over_the_middle_one(pitch: float) -> None:
    words = [word("功能分类", 165, 200 - 2 * pitch, "centre"), word("2026年预算数", 600, 200 - 2 * pitch, "centre")]
    words += [word("编码", 80, 200 - pitch), word("科目名称", 200, 200 - pitch)]
    words += [word(n, x, 200 - pitch, "right") for n, x in (("总计", 480), ("基本支出", 640), ("项目支出", 800))]
    for row in range(7):
        y = 200 + pitch * row
        words += [word(f"2{row:02}", 80, y), word("一般公共服务"[: 4 + row % 3], 200, y)]
        words += [word(f"{row + 1},{row}64.{row}6", x, y, "right") for x in (480, 640, 800)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (9, 5, [(0, 0, 1, 2), (0, 2, 1, 3)])


def test_a_head_set_to_the_left_of_print_in_the_middle_is_under_the_spanner_over_that() -> None:
    words = [word("收入", 280, 150, "centre"), word("支出", 780, 150, "centre")]
    words += [
        word("项目", 80, 195),
        word("预算数", 480, 195, "right"),
        word("项目", 580, 195),
        word("预算数", 980, 195, "right"),
    ]
    for row in range(6):
        y = 240 + 44 * row
        for x, right in ((230, 480), (730, 980)):
            words.append(word("一般公共预算拨款收入"[: 5 + row % 4], x, y, "centre"))
            words.append(word(f"{row + 3},{row}64.{row}6", right, y, "right"))
    (grid,) = read(*printed(words))
    assert shape(grid) == (8, 4, [(0, 0, 1, 2), (0, 2, 1, 2)])


def test_rules_below_heads_only_part_no_table_from_its_own() -> None:
    """Two tables below each other, each with a hairline under its heads, another under its last amounts."""
    words, rules = [], []
    for top in (150, 450):
        words += [
            word("项目", 80, top),
            *(word(n, 300 + 150 * c, top, "right") for c, n in enumerate(("预算", "决算", "差额"), 1)),
        ]
        words += body(4, 4, top + 46)
        rules += [rule(top + 22, 70, 760), rule(top + 46 + 3 * 40 + 22, 380, 760)]
    words.append(word("收入", 415, 400, "centre"))
    one, two = read(*printed(words, rules))
    assert [shape(g)[:2] for g in (one, two)] == [(5, 4), (5, 4)]


def test_heads_above_a_first_rule_belong_to_the_rows_below_it() -> None:
    words = [
        word("项目", 80, 150),
        *(word(n, 300 + 150 * c, 150, "right") for c, n in enumerate(("预算", "决算", "差额"), 1)),
    ]
    (grid,) = read(*printed([*words, *body(5, 4, 200)], [rule(173, 70, 760), rule(385, 70, 760)]))
    assert shape(grid) == (6, 4, [])


def run(text: str, x: float, y: float) -> Run:
    half = 10.0 * len(text)
    return Run(text, BBox(x - half, y - 9, x + half, y + 9), EM, 0)


@pytest.mark.parametrize(
    ("labels", "own"), [("合计 出国 小计 购置 运行 接待", (2, 5)), ("合计 出国 购置 运行 小计 接待", (2, 5))]
)
def test_a_subtotal_begins_or_ends_what_a_spanner_is_over(labels: str, own: tuple[int, int]) -> None:
    columns = [Column(100.0 + 150 * i, 180.0 + 150 * i, True) for i in range(6)]
    leaves = {i: run(text, columns[i].x, 140) for i, text in enumerate(labels.split())}
    over = run("车辆购置及运行", 590, 100)
    ranges = side_ranges(columns, leaves, EM, (65.0, 965.0))
    heads, n = grow_tree(leaves, [over], columns, ranges, (), EM)
    assert n == 2
    assert [(h.col, h.col_stop) for h in heads if h.run is over] == [own]


@pytest.mark.parametrize("gap", [14.0, 18.0])
def test_the_white_of_a_wide_bracket_parts_no_text(gap: float) -> None:
    left = word("高标准农田建设项目", 100, 100)
    box = one_box(left, word("（一", left.bbox.x1 + gap - 6, 100))
    whole = replace(box, text="高标准农田建设项目（一", chars=tuple(c for c in box.chars if c.text != " "))
    image, text = printed([whole])
    assert len(find_runs(image, (), text)) == 1
    assert np.asarray(image.pixels).min() < 60


def test_no_label_is_merged_across_a_ruling_over_the_whole_width() -> None:
    """Titles of sections between rows of amounts, all ruled: without the rulings they could be labels in the middle."""
    labels = [
        "经营活动",
        "收到现金",
        "支付现金",
        "支付利息",
        "经营净额",
        "投资活动",
        "购建资产",
        "处置资产",
        "投资净额",
        "筹资活动",
        "取得借款",
    ]
    words = [word(n, x, 150, "right") for n, x in (("本年", 600), ("上年", 800))]
    for i, label in enumerate(labels):
        words.append(word(label, 80, 188 + 31 * i))
        if not label.endswith("活动"):
            words += [word(f"{i + 2},{i}17", x, 188 + 31 * i, "right") for x in (600, 800)]
    rules = [rule(y) for y in (130, 172.5, *(203.5 + 31 * i for i in range(len(labels))))]
    (grid,) = read(*printed(words, rules))
    assert shape(grid) == (len(labels) + 1, 3, [])


def test_rules_that_leave_merged_labels_out_at_the_top_are_the_tables_too() -> None:
    """A part of a rule below heads, rows ruled right of a merged label, rules over the whole width only below each label."""
    words = [
        word("地区", 120, 150, "centre"),
        word("类别", 260, 150, "centre"),
        word("学校数", 500, 150, "right"),
        word("在校生", 700, 150, "right"),
    ]
    rules = [rule(172, 380, 720)]
    row = 0
    for label, n in (("东部", 3), ("中部", 4), ("西部", 2)):
        words.append(word(label, 120, 192 + 40 * (row + (n - 1) / 2), "centre"))
        for i in range(n):
            y = 192 + 40 * row
            words += [
                word("普通小学", 260, y, "centre"),
                word(f"{row + 2}17", 500, y, "right"),
                word(f"{row + 3},{row}45", 700, y, "right"),
            ]
            rules.append(rule(y + 20, 70 if i + 1 == n else 190, 720))
            row += 1
    (grid,) = read(*printed(words, rules))
    assert shape(grid) == (10, 4, [(1, 0, 3, 1), (4, 0, 4, 1), (8, 0, 2, 1)])


@pytest.mark.parametrize("places", [False, True])
def test_a_head_without_room_for_a_column_spans_those_beside_it(places: bool) -> None:
    """Years set to the right under sexes in the middle, those perhaps under places: no sex stands over an amount."""
    top = 200 - 45 * (1 + places)
    words = [word("指标", 80, (top + 200) / 2)]
    rights = [300 + 110 * c for c in range(8)]
    words += [word(sex, x + 10, 155, "centre") for sex, x in zip("男女男女", rights[::2], strict=True)]
    words += [word("2025年" if c % 2 else "2026年", x, 200, "right") for c, x in enumerate(rights)]
    if places:
        words += [word("城镇", rights[1] + 10, top, "centre"), word("农村", rights[5] + 10, top, "centre")]
    for row, name in enumerate(("人口", "工资", "参保", "床位", "就业")):
        words.append(word(name, 80, 245 + 45 * row))
        words += [word(f"{row + 3}{c}.{row}", x, 245 + 45 * row, "right") for c, x in enumerate(rights)]
    (grid,) = read(*printed(words))
    sexes = [(int(places), c, 1, 2) for c in (1, 3, 5, 7)]
    assert (grid.n_rows, grid.n_cols) == (7 + places, 9)
    assert [s for s in shape(grid)[2] if s in sexes] == sexes


def test_heads_of_several_lines_set_to_the_foot_span_no_heads_of_one_line_beside_them() -> None:
    """Columns without print under heads of three lines; the last line of each stands as high as the short heads."""
    words = [word("项目", 80, 200), word("合计", 300, 200, "centre"), word("其他收入", 870, 200, "centre")]
    for x, lines in (
        (420, ("一般公共预", "算财政拨款", "收入")),
        (570, ("政府性基金", "预算财政拨", "款收入")),
        (720, ("国有资本经", "营预算财政", "拨款收入")),
    ):
        words += [word(line, x, 148 + 26 * i, "centre") for i, line in enumerate(lines)]
    for row, name in enumerate(("货物", "工程", "服务", "其他")):
        words += [word(name, 80, 250 + 45 * row), word(f"{row + 2}4.00", 330, 250 + 45 * row, "right")]
        words.append(word(f"{row + 3}4.00", 450, 250 + 45 * row, "right"))
    (grid,) = read(*printed(words))
    assert shape(grid) == (5, 6, [])


def test_a_head_in_the_middle_of_two_rows_beside_print_of_its_own_column_spans_no_other() -> None:
    """The last column of each half is blank but for short amounts set to the right of its head."""
    words = []
    for x, name in ((70, "预算数"), (570, "决算数")):
        words += [word(name, x + 240, 100, "centre"), word("车辆购置及运行费", x + 230, 135, "centre")]
        words += [word("合计", x + 40, 165, "centre"), word("接待费用", x + 410, 165, "centre")]
        words += [word(n, x + 130 + 95 * i, 186, "centre") for i, n in enumerate(("小计", "购置费", "运行费"))]
        for row in range(3):
            amounts = [f"{row + 3}{c}.1{c}" for c in range(4)]
            words += [word(a, x + 70 + 95 * c, 230 + 40 * row, "right") for c, a in enumerate(amounts)]
            words.append(word(f"{row + 1}.3", x + 478, 230 + 40 * row, "right"))
    (grid,) = read(*printed(words))
    assert (grid.n_rows, grid.n_cols) == (6, 10)
    assert {s for s in shape(grid)[2] if s[3] > 1} == {(0, 0, 1, 5), (0, 5, 1, 5), (1, 1, 1, 3), (1, 6, 1, 3)}


def test_a_lone_head_far_above_is_seen_though_merged_heads_stand_half_a_row_lower() -> None:
    words = [word("资金来源", 640, 100, "centre"), word("名称", 120, 181, "centre"), word("数量", 260, 181, "centre")]
    for x, label in ((450, "一般公共预算"), (750, "政府性基金预算")):
        words.append(word(label, x + 75, 154, "centre"))
        words += [word(leaf, x + at, 208, "centre") for leaf, at in (("小计", 0), ("贷款", 150))]
    for row, label in enumerate(("货物", "服务", "工程", "合计")):
        words += [word(label, 90, 280 + 60 * row), word(f"{row + 3}", 280, 280 + 60 * row, "right")]
        words += [word(f"{row + 3}4,{row}17", x, 280 + 60 * row, "centre") for x in (450, 600, 750, 900)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (7, 6, [(0, 0, 3, 1), (0, 1, 3, 1), (0, 2, 1, 4), (1, 2, 1, 2), (1, 4, 1, 2)])


@pytest.mark.parametrize(("texts", "beside", "parted"), [
    (("小计", "其他"), True, True), (("小计", "其他"), False, False), (("小", "计"), True, False), (("基本支出", "项目支出"), False, True),
])  # fmt: skip
def test_short_heads_of_one_box_are_two_where_a_line_has_both_their_columns(
    texts: tuple[str, str], beside: bool, parted: bool
) -> None:
    """Set as their columns' print is, to the right; of codes set in by levels none stands beside the other."""

    def run(text: str, right: float, y: float) -> Run:
        return Run(text, BBox(right - 20 * len(text), y - 10, right, y + 10), EM, 0)

    columns = (Column(400, 440, True), Column(452, 532, True))
    levels = [(run("1.25", 440, y), run("3.75", 532, y)) for y in (200.0, 240.0, 280.0)]
    body = [Level(own[0].y, own if beside else own[i % 2 :][:1]) for i, own in enumerate(levels)]
    found = gutters_between([run(texts[0], 440, 150), run(texts[1], 532, 150)], columns, EM, body)
    assert bool(found) is parted


def test_a_rule_below_heads_parts_them_from_a_first_row_of_two_lines() -> None:
    """The first line of its texts stands higher than its amounts, as a second line of heads would."""
    words = [
        word(t, x, 150, "centre") for t, x in (("项目", 160), ("建设内容及规模", 420), ("投资", 650), ("单位", 850))
    ]
    for row in range(4):
        y = 220 + 66 * row
        words += [
            word("河道整治工程", 160, y, "centre"),
            word(f"{row + 1}4,618", 700, y, "right"),
            word("水利局", 850, y, "centre"),
        ]
        words += [word("整治河道十二公里新建堤防", 420, y - 14, "centre"), word("配套绿化", 420, y + 14, "centre")]
    (grid,) = read(*printed(words, [rule(178, 60, 930)]))
    assert shape(grid) == (5, 4, [])
    assert 170 < grid.row_edges[1] < 186


def test_a_head_too_low_for_both_rows_is_under_the_spanner_though_this_stands_off_its_middle() -> None:
    """The last column is wider than its print shows."""
    words = [
        word("编码", 270, 113, "centre"),
        word("名称", 460, 113, "centre"),
        word("预算拨款支出", 870, 100, "centre"),
    ]
    words += [word(h, x, 126, "centre") for h, x in (("总计", 619), ("基本支出", 811), ("项目支出", 1057))]
    for row in range(4):
        y = 170 + 40 * row
        words += [word(f"20{row + 1}", 270, y, "centre"), word("支出", 460, y, "centre")]
        words += [word(f"{row + 3}1.{row}0", x, y, "centre") for x in (619, 811, 1057)]
    (grid,) = read(*printed(words))
    assert shape(grid) == (6, 5, [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 3)])


def test_a_head_set_low_between_two_spanners_is_left_to_neither() -> None:
    """Heads merged down are set at the foot of their rows."""
    words = [word("功能分类科目", 240, 100, "centre"), word("2026年预算数", 850, 100, "centre")]
    lows = (("编码", 140), ("名称", 340), ("2025年预算数", 540), ("总计", 710), ("基本支出", 850), ("项目支出", 990))
    words += [word(h, x, 136, "centre") for h, x in lows]
    for row in range(4):
        y = 180 + 40 * row
        words += [word(f"20{row + 1}", 140, y, "centre"), word("科学技术支出", 340, y, "centre")]
        words += [word(f"{row + 3}1.{row}0", x, y, "centre") for x in (540, 710, 850, 990)]
    (grid,) = read(*printed(words))
    assert (grid.n_rows, grid.n_cols) == (6, 6)
    assert (0, 0, 1, 2) in shape(grid)[2]
    assert (0, 3, 1, 3) in shape(grid)[2]


@pytest.mark.parametrize(("lower", "n_heads"), [("一般公共预算", 3), ("本", 1)])
def test_a_short_head_with_one_as_far_below_is_a_row_and_no_second_line(lower: str, n_heads: int) -> None:
    """2026年预算数 over 财政拨款 over 一般公共预算, each as far below the one above."""
    lines = [[Run(t, BBox(400 - 10 * len(t), y - 10, 400 + 10 * len(t), y + 10), EM, 0)]
             for t, y in (("2026年预算数", 100), ("财政拨款", 134), (lower, 168))]  # fmt: skip
    blocks = stack_heads(lines, EM, 1.52 * EM, lambda upper, lower: False)
    assert len(blocks) == n_heads
