"""Forms without an entry: heads alone are a table where a caption and rules, or a fill, say so."""

from __future__ import annotations

import numpy as np
import pytest

from layout.grids import build_grid
from layout.implied import imply_rulings
from layout.regions import find_regions
from layout.rulings import find_rulings
from layout.values import Grid
from ocr.values import PageImage, PageText, Word
from tests import builders
from tests.layout.drawing import page
from tests.layout.printing import printed, word
from tests.layout.test_implied import rule, shape

SHAPE = (0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 3)
TITLE = [word("政府性基金预算支出表", 540, 60, "centre"), word("单位：万元", 1000, 100, "right")]


def read(image: PageImage, text: PageText) -> tuple[Grid, ...]:
    rulings = imply_rulings(image, find_rulings(image), text)
    return tuple(build_grid(region, rulings, text) for region in find_regions(image, rulings, text))


def heads() -> list[Word]:
    low = [word(n, x, 200, "centre") for n, x in (("总计", 520), ("基本支出", 720), ("项目支出", 920))]
    high = [word(n, x, 175, "centre") for n, x in (("科目编码", 140), ("科目名称", 320))]
    return [*high, word("本年财政拨款支出", 720, 150, "centre"), *low]


@pytest.mark.parametrize(("rules", "n_rows"), [((125, 225), 2), ((125, 225, 265), 3), ((125, 225, 265, 270), 3)])
def test_heads_between_rules_are_a_table_with_the_blank_rows_below_them(rules: tuple[int, ...], n_rows: int) -> None:
    (grid,) = read(*printed([*TITLE, *heads()], [rule(y) for y in rules]))
    assert shape(grid) == (n_rows, 5, list(SHAPE))


def test_heads_between_rules_without_a_caption_are_none() -> None:
    assert read(*printed(heads(), [rule(125), rule(225)])) == ()


@pytest.mark.parametrize(("shade", "title", "is_table"), [(205, 0, True), (255, 1, False), (255, 0, True)])
def test_heads_below_a_unit_are_a_table_on_a_fill_or_below_a_title_too(shade: int, title: int, is_table: bool) -> None:
    image, text = printed([*TITLE[title:], *heads()])
    canvas = np.array(image.pixels)
    filled = canvas[125:225, 70:1010]
    filled[filled > shade] = shade
    found = read(page(canvas), text)
    assert [shape(grid) for grid in found] == [(2, 5, list(SHAPE))] * is_table


@pytest.mark.parametrize(
    "below",
    [
        [word("一、本表反映本年度情况。", 120, 150), word("二、数据来自决算，", 120, 180), word("单位填写", 700, 180)],
        [*heads(), word("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十", 100, 240)],
    ],
)
def test_below_a_title_and_a_unit_only_short_texts_with_nothing_below_are_heads(below: list[Word]) -> None:
    assert read(*printed([*TITLE, *below])) == ()


def test_a_total_below_lone_heads_is_their_first_row() -> None:
    (grid,) = read(*printed([*TITLE, *heads(), word("合计", 140, 240, "centre")]))
    assert (grid.n_rows, grid.n_cols) == (3, 5)


def test_a_remark_below_lone_heads_is_none_of_them() -> None:
    remark = word("注：本单位无此项支出，故本表为空。", 80, 245)
    (grid,) = read(*printed([*TITLE, *heads(), remark]))
    assert shape(grid) == (2, 5, list(SHAPE))
    assert grid.region.bbox.y1 < remark.bbox.y0 + 5


@pytest.mark.parametrize("larger", [True, False])
def test_a_title_cut_at_its_ends_is_told_by_its_larger_type(larger: bool) -> None:
    size = {"char_px": 14.0, "height": 42.0} if larger else {"char_px": 10.0, "height": 30.0}
    cut = builders.word("工县人民政府办公室政府性基金预算支出", 300, 40, **size)
    found = read(*printed([cut, TITLE[-1], *heads()]))
    assert [shape(grid) for grid in found] == [(2, 5, list(SHAPE))] * larger


def test_narrow_heads_between_rules_close_together_are_a_table_too() -> None:
    """White of less than an em between the lowest heads."""
    low = [word(n, x, 200) for n, x in (("总计", 500), ("基本支出", 552), ("项目支出", 644))]
    high = [word(n, x, 175, "centre") for n, x in (("科目编码", 300), ("科目名称", 420))]
    words = [
        *TITLE[:1],
        word("单位：万元", 732, 100, "right"),
        *high,
        word("本年财政拨款支出", 616, 150, "centre"),
        *low,
    ]
    (grid,) = read(*printed(words, [rule(125, 250, 740), rule(225, 250, 740)]))
    assert shape(grid) == (2, 5, list(SHAPE))
