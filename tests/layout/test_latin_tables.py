"""Tables in Latin type: numbers within texts, figures as heads, titles over columns, labels outside of a drawn grid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layout.areas import full_rules
from layout.outer_stubs import find_outer_stub
from layout.rows_by_white import rows_by_white
from layout.runs import Run, find_runs
from layout.values import Grid, Span, TableRegion
from ocr.geometry import BBox
from ocr.values import Word
from tests import builders
from tests.layout.printing import EM, paragraphs, printed, word
from tests.layout.test_implied import read, rule, shape


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("40 years", ["40 years"]), ("1 - 2 years", ["1 - 2 years"]), ("20 - 29 years", ["20 - 29 years"]),
        ("May 21, 2009", ["May 21, 2009"]), ("(20+ years)", ["(20+ years)"]), ("Interviewed, not examined", ["Interviewed, not examined"]),
        ("2006 - 2010", ["2006 - 2010"]), ("Q2 2006 - Q1 2010", ["Q2 2006 - Q1 2010"]),
        ("12 34", ["12", "34"]), ("12 - 34", ["12", "-", "34"]), ("301 3.20", ["301", "3.20"]), ("40 RMB", ["40", "RMB"]),
    ],
)  # fmt: skip
def test_a_number_before_its_word_is_no_column(text: str, parts: list[str]) -> None:
    image, page_text = printed([word(text, 100, 100)])
    assert [r.text for r in find_runs(image, (), page_text)] == parts


@pytest.mark.parametrize(
    ("left", "right", "n_runs"),
    [("26,812,1", "19.58", 1), ("26,812", "119.58", 2), ("2,686.02", "19.58", 2), ("12,3", "4", 2)],
)
def test_a_white_between_two_ones_tears_no_amount(left: str, right: str, n_runs: int) -> None:
    """As wide as one that parts columns; what stands on its left is no figure, with what follows it is one."""
    whole = word(left + right, 100, 100)
    chars = tuple(
        replace(c, x0=c.x0 + 8 * (i >= len(left)), x1=c.x1 + 8 * (i >= len(left))) for i, c in enumerate(whole.chars)
    )
    torn = replace(whole, chars=chars, bbox=replace(whole.bbox, x1=whole.bbox.x1 + 8))
    image, text = printed([torn])
    assert len(find_runs(image, (), text)) == n_runs


@pytest.mark.parametrize("n_lost", [0, 1, 3])
def test_characters_read_in_a_white_are_lost_ink(n_lost: int) -> None:
    """A white between two columns holds none; one character may be read a little off its place."""
    image, text = printed([word("统筹发展和安全统筹", 100, 100)])
    pixels = image.pixels.copy()
    pixels[80:120, 161 : 160 + 20 * max(1, n_lost)] = 245
    (whole,) = text.words
    kept = tuple(c for i, c in enumerate(whole.chars) if n_lost or i != 3)
    spoilt = replace(whole, text="".join(c.text for c in kept), chars=kept)
    runs = find_runs(replace(image, pixels=pixels), (), replace(text, words=(spoilt,)))
    assert (len(runs) == 1) == (n_lost == 3)


def by_proportion(top: float, first: float, right: float = 400) -> list[Word]:
    """A lone head over heads that are figures, over rows whose labels are figures."""
    words = [word("Design effect", right + 150, top, "centre"), word("Proportion", 80, top + 36)]
    words += [word(f"{first + 0.1 * c:.1f}", right + 100 * c, top + 36, "right") for c in range(4)]
    for row in range(5):
        y = top + 80 + 36 * row
        words.append(word(f"0.{95 - 10 * row}", 80, y))
        words += [word(f"{(row + 2) * (37 + c)}", right + 100 * c, y, "right") for c in range(4)]
    return words


def test_heads_that_are_figures_begin_another_table() -> None:
    upper, lower = read(*printed([*by_proportion(100, 1.0), *by_proportion(400, 1.7, 380)]))
    assert shape(upper) == shape(lower) == (7, 5, [(0, 1, 1, 4)])
    rules = [rule(y, 70, 720) for y in (158, 458)]
    upper, lower = read(*printed([*by_proportion(100, 1.0), *by_proportion(400, 1.7, 380)], rules))
    assert (shape(upper)[:2], shape(lower)[:2]) == ((7, 5), (7, 5))


def test_the_label_of_a_total_over_codes_is_no_head() -> None:
    table = by_proportion(100, 1.0)
    total = [word("合计", 80, 340), *(word(f"9{c}7", 400 + 100 * c, 340, "right") for c in range(4))]
    rows = [word(w.text, w.bbox.x0, w.bbox.centre[1] + 196) for w in table[6:]]
    (grid,) = read(*printed([*table[:-5], *total, *rows]))
    assert grid.n_cols == 5


@pytest.mark.parametrize(("x", "span"), [(680, (1, 4)), (450, None)])
def test_a_text_alone_in_the_middle_of_the_columns_of_amounts_is_over_all_of_them(
    x: float, span: tuple[int, int] | None
) -> None:
    words = [word(n, 80 if i == 0 else 350 + 150 * i, 100, "right" if i else "left") for i, n in enumerate(("来源", "甲", "乙", "丙", "丁"))]  # fmt: skip
    for row, y in enumerate((140, 180, 260, 300)):
        words.append(word(f"某某收入{'一二三四'[row]}", 80, y))
        words += [word(f"{row + 3}{i},{row}17.25", 350 + 150 * i, y, "right") for i in range(1, 5)]
    (grid,) = read(*printed([*words, word("Percentage difference", x, 220, "centre")]))
    assert (grid.n_rows, grid.n_cols) == (6, 5)
    assert shape(grid)[2] == ([(3, span[0], 1, span[1])] if span else shape(grid)[2])
    assert span or (3, 1, 1, 4) not in shape(grid)[2]


def test_the_last_line_of_a_paragraph_above_a_table_is_none_of_its_heads() -> None:
    lines = paragraphs(3, 100.0)
    last = word("某某某某某某某某某某某某某某某某某", 80, 172)
    rows = [
        w for row in range(4)
        for w in (word("某某收入", 80, 260 + 40 * row), *(word(f"{row + 2}3.{row}{c}", 400 + 150 * c, 260 + 40 * row, "right") for c in range(4)))
    ]  # fmt: skip
    heads = [word(n, 400 + 150 * c, 220, "right") for c, n in enumerate(("甲类", "乙类", "丙类", "丁类"))]
    (grid,) = read(*printed([*lines[:2], last, *heads, *rows]))
    assert (grid.n_rows, grid.n_cols) == (5, 5)


def run(text: str, x0: float, y: float) -> Run:
    return Run(text, BBox(x0, y - 8, x0 + 10 * len(text), y + 8), EM, 0)


def drawn(n_rows: int, n_cols: int, top: float = 100, left: float = 400) -> Grid:
    rows, cols = tuple(top + 30 * i for i in range(n_rows + 1)), tuple(left + 100 * i for i in range(n_cols + 1))
    spans = tuple(Span(r, c, r + 1, c + 1) for r in range(n_rows) for c in range(n_cols))
    return Grid(TableRegion(1, BBox(cols[0], rows[0], cols[-1], rows[-1])), rows, cols, spans)


@pytest.mark.parametrize("kind", ["labels", "prose", "inside"])
def test_labels_beside_a_drawn_grid_of_amounts_are_its_first_column(kind: str) -> None:
    grid = drawn(8, 3)
    inside = [run("Total", 410 + 100 * c, 115) for c in range(3)]
    inside += [run(f"{r}3,25{c}", 410 + 100 * c, 115 + 30 * r) for r in range(1, 8) for c in range(3)]
    if kind == "inside":
        inside = [r if r.bbox.x0 > 500 else replace(r, text="Fuel") for r in inside]
    pitch = 22 if kind == "prose" else 30
    beside = [run("Telephone costs", 200, 145 + pitch * r) for r in range(7)]
    found = find_outer_stub(grid, [*inside, *beside], beside, EM)
    assert bool(found) == (kind == "labels")
    for area, lattice in found:
        assert area.bbox.x0 < 200
        assert lattice.col_edges[1:] == grid.col_edges
        assert (len(lattice.row_edges) - 1, lattice.n_header_rows) == (8, 1)
        assert sorted(slot for s in lattice.spans for slot in s.slots()) == [(r, c) for r in range(8) for c in range(4)]


def test_blank_lines_across_a_drawn_row_part_it_where_all_its_texts_begin_again() -> None:
    boxes = [BBox(100 + 200 * c, 100, 300 + 200 * c, 400) for c in range(3)]
    texts = [run("Stationary", 110, 120)]
    for y, lines in ((170, (1, 3, 2)), (280, (1, 2, 3))):
        texts += [run("some text", 110 + 200 * c, y + 24 * i) for c, n in enumerate(lines) for i in range(n)]
    first, second = rows_by_white(texts, boxes, EM)
    assert (first, second) == (pytest.approx(145, abs=17), pytest.approx(249, abs=23))
    one_cell = [r for r in texts if r.bbox.x0 < 500 or r.y < 250]
    lower = [replace(r, bbox=BBox(r.bbox.x0, r.bbox.y0 + 12, r.bbox.x1, r.bbox.y1 + 12)) if r.bbox.x0 > 500 and r.y > 250 else r for r in texts]  # fmt: skip
    assert rows_by_white(one_cell, boxes, EM) == rows_by_white(lower, boxes, EM) == ()
    assert rows_by_white([r for r in texts if r.y < 250], boxes, EM) == ()


def test_rules_that_leave_the_first_column_out_alike_are_not_over_the_whole_width() -> None:
    box = BBox(100, 0, 1600, 500)
    rules = [
        (10.0, 100.0, 1600.0),
        (40.0, 190.0, 880.0),
        (40.0, 890.0, 1600.0),
        (70.0, 190.0, 1600.0),
        (90.0, 100.0, 1600.0),
    ]
    assert full_rules(rules, box) == [10, 90]
    broken = [(10.0, 100.0, 1600.0), (40.0, 190.0, 1600.0), (70.0, 100.0, 1600.0)]
    assert full_rules(broken, box) == [10, 40, 70]


def test_as_many_lines_as_rows_are_labels_of_their_own() -> None:
    words = [word(n, x, 100, "centre") for n, x in (("No.", 300), ("Rate", 450), ("Share", 600))]
    for row in range(6):
        y = 140 + 32 * row
        words += [
            word(f"{row + 4}5-{row + 5}4", 80, y),
            *(word(f"{row + 2}1{c}.{row}", 330 + 150 * c, y, "right") for c in range(3)),
        ]
    (grid,) = read(*printed(words))
    assert all(s.rowspan == 1 for s in grid.spans if s.row > 0)


def test_heads_of_few_wide_letters_are_no_title_of_larger_type() -> None:
    """Year ended 31 / December, over figures as heads: its letters are set wide, its ink is no higher than theirs."""
    wide = builders.word("Year ended 31", 620, 150 - 15, char_px=14.0, height=30.0)
    words = [
        wide,
        word("December", 700, 178, "centre"),
        word("2026", 660, 230, "right"),
        word("2025", 860, 230, "right"),
    ]
    for row in range(5):
        words += [word("Receipts from customers", 80, 280 + 40 * row)]
        words += [word(f"{row + 1}60,095", x, 280 + 40 * row, "right") for x in (660, 860)]
    (grid,) = read(*printed(words, [rule(y, 70, 900) for y in (128, 252, 470)] + [rule(206, 560, 900)]))
    assert (grid.n_rows, grid.n_cols) == (7, 3)
    assert (0, 1, 1, 2) in shape(grid)[2]
