"""The last rows of a table alone at the head of the next page: taken up where the page before gives the columns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.pipeline import PageTables, join_document, with_text
from flows.settings import load_settings
from flows.wiring import wire_stages
from layout.grids import build_grid
from layout.headers import label_headers
from layout.implied import imply
from layout.regions import find_regions
from layout.rests import find_rest
from layout.rulings import find_rulings
from layout.runs import find_runs
from layout.values import Grid
from ocr.values import PageImage, PageText, Word
from tests.builders import texts
from tests.layout.printing import EM, printed, word
from tests.layout.test_implied import rule

LABELS = ("一般公共服务", "公共安全支出", "教育支出", "科学技术支出", "住房保障支出")


def row(index: int, y: float, shift: float = 0.0) -> list[Word]:
    words = [word(f"20{index + 1}", 100 + shift, y), word(LABELS[index], 260 + shift, y)]
    return words + [word(f"{index + 3}4.{index}7", x + shift, y, "right") for x in (700, 900)]


def first_page() -> list[Word]:
    heads = [word(h, x, 100, "centre") for h, x in (("编码", 120), ("名称", 320), ("合计", 660), ("基本支出", 860))]
    return [*heads, *(w for i in range(4) for w in row(i, 160 + 50 * i))]


def laid_out(number: int, image: PageImage, text: PageText) -> PageTables:
    stages = wire_stages(load_settings(workers=1))
    image = replace(image, page_number=number)
    implied = imply(image, find_rulings(image), text)
    grids: list[Grid] = [
        build_grid(region, implied.rulings, text) for region in find_regions(image, implied.rulings, text)
    ]
    filled = tuple(label_headers(stages.fill_grid(grid, image, text)) for grid in grids)
    return with_text(filled, image, text, stages)


def joined(*pages: PageTables) -> tuple[list[list[list[str]]], list[str]]:
    """The tables' texts, and the text outside of them."""
    document = join_document("0" * 64, "x.pdf", pages, wire_stages(load_settings(workers=1)))
    assert not any(table.tentative for table in document.tables)
    return [texts(table) for table in document.tables], [block.text for block in document.text]


@pytest.mark.parametrize("shift", [0.0, 14.0])
@pytest.mark.parametrize("ruled", [False, True])
def test_a_row_alone_on_the_last_page_is_the_tables(shift: float, ruled: bool) -> None:
    """Also between two rules, and on a page that lies shifted."""
    rules = [rule(75), rule(125)] if ruled else []
    last = laid_out(2, *printed(row(4, 100, shift), rules))
    assert [t.tentative for t in last.tables] == [True]
    (table,), text = joined(laid_out(1, *printed(first_page())), last)
    assert table[-1] == ["205", "住房保障支出", "74.47", "74.47"]
    assert len(table) == 6
    assert text == []


def test_a_remark_below_the_row_is_the_tables_too() -> None:
    last = laid_out(2, *printed([*row(4, 100), word("注：本表不含结转资金。", 100, 180)]))
    (table,), text = joined(laid_out(1, *printed(first_page())), last)
    assert len(table) == 6
    assert text == []


def test_a_line_of_numbers_that_stands_elsewhere_stays_text() -> None:
    elsewhere = [word("205", 100, 100), word("住房保障支出", 330, 100), word("74.47", 800, 100, "right")]
    (table,), text = joined(laid_out(1, *printed(first_page())), laid_out(2, *printed(elsewhere)))
    assert len(table) == 5
    assert text == ["205 住房保障支出 74.47"]


def test_a_line_of_numbers_is_no_table_where_nothing_stands_before() -> None:
    assert joined(laid_out(1, *printed(row(4, 100)))) == ([], ["205 住房保障支出 74.47 74.47"])


def test_a_rest_after_a_remark_that_ended_the_table_stays_text() -> None:
    upper = laid_out(1, *printed([*first_page(), word("注：本表不含结转资金。", 100, 380)]))
    (table,), text = joined(upper, laid_out(2, *printed(row(4, 100))))
    assert len(table) == 5
    assert text == ["205 住房保障支出 74.47 74.47"]


def test_only_the_first_print_of_a_page_is_a_rest() -> None:
    image, text = printed(row(4, 100))
    runs = find_runs(image, (), text)
    assert find_rest(runs, EM, top=400.0) is not None
    assert find_rest(runs, EM, top=90.0) is None
    image, text = printed([word("收入预算表", 500, 60), *row(4, 140)])
    assert find_rest(find_runs(image, (), text), EM, top=400.0) is not None


@pytest.mark.parametrize("again", [True, False])
def test_a_row_below_heads_that_are_printed_again_is_the_tables_and_below_others_it_stays_text(again: bool) -> None:
    names = ("编码", "名称", "合计", "基本支出") if again else ("编码", "名称", "合计", "项目支出")
    heads = [word(h, x, 100, "centre") for h, x in zip(names, (120, 320, 660, 860), strict=True)]
    last = laid_out(2, *printed([*heads, *row(4, 150)]))
    (table,), text = joined(laid_out(1, *printed(first_page())), last)
    assert len(table) == (6 if again else 5)
    assert bool(text) is not again
    if again:
        assert table[-1] == ["205", "住房保障支出", "74.47", "74.47"]
