from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.cells import fill_grid, words_outside
from layout.values import Doubt, Table
from ocr.geometry import Affine, BBox
from ocr.values import PageImage, Word
from tests.builders import CHAR_PX, COL_PX, LEFT_PX, ROW_PX, TOP_PX, grid, page, page_text, texts, word

MIDDLE = TOP_PX + 10  # words are 20 high in rows of 40


def fill(drawing: str, *words: Word, image: PageImage | None = None) -> Table:
    one = grid(drawing)
    return fill_grid(one, image or page(*words, grids=[one]), page_text(*words))


def doubts(table: Table) -> list[tuple[Doubt, ...]]:
    return [c.doubts for c in table.cells]


def test_words_go_to_the_cells_they_stand_in() -> None:
    table = fill("AA|bc", word("收入", 100, MIDDLE), word("3.5", 70, MIDDLE + ROW_PX), word("7", 200, MIDDLE + ROW_PX))
    assert texts(table) == [["收入", "<"], ["3.5", "7"]]
    assert doubts(table) == [(), (), ()]


def test_a_box_over_three_cells_is_cut_between_its_characters() -> None:
    gap = " " * 5
    table = fill("...", word(f"31.50{gap}22.75{gap}11.25", LEFT_PX + 10, MIDDLE))
    assert texts(table) == [["31.50", "22.75", "11.25"]]
    assert doubts(table) == [(), (), ()]


def test_a_cut_close_to_a_character_is_doubted_on_both_sides() -> None:
    table = fill("..", word("31.5022.75", LEFT_PX + COL_PX - 60, MIDDLE))
    assert texts(table) == [["31.50", "22.75"]]
    assert doubts(table) == [(Doubt.CROSSED_RULING,), (Doubt.CROSSED_RULING,)]


def test_a_ruling_read_as_a_bar_is_not_text() -> None:
    table = fill("..", word("31.50|22.75", LEFT_PX + COL_PX - 66, MIDDLE))
    assert texts(table) == [["31.50", "22.75"]]
    assert Doubt.CROSSED_RULING in table.cells[0].doubts


@pytest.mark.parametrize("middle_px", [-5, 0, 4])
def test_a_ruling_read_at_the_end_of_a_figure_is_not_text_and_the_figure_is_doubted(middle_px: int) -> None:
    """The middle of the stroke lies in the figure's own cell or in the next: dashes read as !, a 1 for all anyone knows."""
    right = LEFT_PX + COL_PX + middle_px + CHAR_PX / 2
    table = fill("..", word("487.64!", right - 7 * CHAR_PX, MIDDLE))
    assert table.cells[0].text == "487.64"
    assert Doubt.CROSSED_RULING in table.cells[0].doubts


def test_a_stroke_away_from_rulings_stays() -> None:
    table = fill("..", word("487.64!", LEFT_PX + 20, MIDDLE))
    assert texts(table) == [["487.64!", ""]]


def test_without_positions_the_cut_is_a_guess() -> None:
    table = fill("..", word("31.50     22.75", LEFT_PX + 30, MIDDLE, chars=False))
    assert texts(table) == [["31.50", "22.75"]]
    assert doubts(table) == [(Doubt.CROSSED_RULING,), (Doubt.CROSSED_RULING,)]


def test_a_box_over_two_rows_is_doubted() -> None:
    table = fill(".|.", word("12", 100, TOP_PX + 12, height=60))
    assert [c.text for c in table.cells] == ["", "12"]
    assert Doubt.CROSSED_RULING in table.cells[1].doubts


def test_lines_of_a_cell_are_joined_in_reading_order() -> None:
    low, high = TOP_PX + 55, TOP_PX + 8
    words = [word("费用", 150, low), word("公务", 70, high), word("接待", 120, high + 3), word("3 %", 70, low)]
    table = fill("A|A", *words)
    assert table.cells[0].text == "公务接待\n3 % 费用"


def test_words_across_the_border_are_shared_out() -> None:
    word_over = word("单位ABC", LEFT_PX - 2 * 24, MIDDLE)
    one = grid("..")
    box = BBox(*one.region.bbox.as_tuple())
    assert [w.text for w in words_outside([word_over, word("标题", 100, 20)], [box])] == ["单位", "标题"]
    assert fill("..", word_over).cells[0].text == "ABC"


@pytest.mark.parametrize("white", [False, True])
def test_a_figure_that_leans_out_of_the_table_keeps_its_first_digit(white: bool) -> None:
    out = word("2 101102" if white else "2101102", LEFT_PX - 20, MIDDLE)
    table = fill("..", out)
    assert table.cells[0].text == ("101102" if white else "2101102")
    assert (Doubt.CROSSED_RULING in table.cells[0].doubts) is not white


@pytest.mark.parametrize("implied", [False, True])
def test_a_cell_without_rulings_is_read_again_with_what_leans_out_of_it(implied: bool) -> None:
    one, out = replace(grid(".."), implied=implied), word("2101102", LEFT_PX - 8, MIDDLE)
    table = fill_grid(one, page(out, grids=[one]), page_text(out))
    assert table.cells[0].text == "2101102"
    assert (table.cells[0].bbox.x0 < LEFT_PX - 8) is implied
    assert table.cells[1].bbox == one.span_bbox(1)


def test_ink_without_text_and_text_without_ink() -> None:
    lone, ghost = word("0", 110, MIDDLE), word("88", 230, MIDDLE)
    one = grid("...")
    image = page(lone, ghost, grids=[one], without={1: True})
    table = fill_grid(one, image, page_text(ghost, word("12", 330, MIDDLE)))
    assert doubts(table)[:2] == [(Doubt.INK_WITHOUT_TEXT,), (Doubt.TEXT_WITHOUT_INK,)]
    assert table.cells[0].confidence == 0.0


def test_specks_rulings_and_bleed_through_are_not_ink() -> None:
    one = grid("..")
    image = page(word("5", 200, MIDDLE), grids=[one])
    pixels = image.pixels.copy()
    pixels[110:114, 90:93] = 30  # a speck
    pixels[105:125, 70:90] = 215  # bleed-through
    pixels[100:140, 60:66] = 30  # a thick ruling
    dirty = PageImage("d", 1, 144.0, "0", Affine.identity(), pixels, 900, 1200)
    assert fill_grid(one, dirty, page_text(word("5", 200, MIDDLE))).cells[0].doubts == ()


@pytest.mark.parametrize(("height", "width", "doubts_there"), [(1, 9, True), (1, 2, False)])
def test_a_dash_one_pixel_thin_is_ink(height: int, width: int, doubts_there: bool) -> None:
    one = grid("..")
    image = page(word("5", 200, MIDDLE), grids=[one])
    pixels = image.pixels.copy()
    pixels[118 : 118 + height, 90 : 90 + width] = 30
    thin = PageImage("d", 1, 144.0, "0", Affine.identity(), pixels, 900, 1200)
    found = fill_grid(one, thin, page_text(word("5", 200, MIDDLE))).cells[0].doubts
    assert (found == (Doubt.INK_WITHOUT_TEXT,)) is doubts_there


def test_the_weakest_digit_decides_not_the_mean() -> None:
    sure = word("3,064.66", 70, MIDDLE)
    weak = tuple(c if i != 3 else type(c)(c.text, c.x0, c.x1, 0.6) for i, c in enumerate(sure.chars))
    assert doubts(fill(".", Word(sure.text, sure.bbox, 0.95, weak))) == [(Doubt.LOW_CONFIDENCE,)]


def test_boxes_are_given_in_points_of_the_original() -> None:
    cell = fill(".", word("1", 70, MIDDLE)).cells[0]
    assert cell.bbox_pt.as_tuple() == pytest.approx(tuple(v / 2 for v in cell.bbox.as_tuple()))


CELLS = st.lists(st.lists(st.text("0123456789", max_size=6), min_size=3, max_size=3), min_size=1, max_size=4)


@given(CELLS, st.integers(0, 200), st.integers(0, 200))
def test_figures_come_back_from_where_they_stand_wherever_the_page_is_shifted(
    rows: list[list[str]], dx: int, dy: int
) -> None:
    one = grid("|".join("..." for _ in rows))
    words = [
        word(t, LEFT_PX + 15 + COL_PX * c, MIDDLE + ROW_PX * r)
        for r, row in enumerate(rows) for c, t in enumerate(row) if t
    ]  # fmt: skip
    moved = [Word(w.text, w.bbox.shifted(dx, dy), w.confidence) for w in words]
    shifted = type(one)(
        one.region, tuple(y + dy for y in one.row_edges), tuple(x + dx for x in one.col_edges), one.spans
    )
    image = page(*moved, size=(600, 700))
    assert texts(fill_grid(shifted, image, page_text(*moved))) == rows


def test_a_first_character_that_was_not_read_leaves_ink_beside_the_text() -> None:
    whole, rest = word("一般服务", 70, MIDDLE), word("般服务", 94, MIDDLE)
    one = grid("AA")
    read = Word(rest.text, whole.bbox, 0.99, rest.chars)
    assert fill_grid(one, page(whole, grids=[one]), page_text(read)).cells[0].doubts == (Doubt.INK_WITHOUT_TEXT,)
    assert fill_grid(one, page(whole, grids=[one]), page_text(whole)).cells[0].doubts == ()


def test_what_stands_under_a_seal_is_doubted() -> None:
    words = word("3.50", 70, MIDDLE), word("2.50", LEFT_PX + COL_PX + 10, MIDDLE)
    seal = words[1].bbox.grown(5)
    image = replace(page(*words, grids=[grid("...")]), seals=(seal,))
    assert doubts(fill("...", *words, image=image)) == [(), (Doubt.UNDER_SEAL,), ()]


def test_what_was_read_twice_stands_once_and_is_in_doubt_where_the_readings_differ() -> None:
    first, last = word("340.49", 72, MIDDLE), word("12.84", 360, MIDDLE)  # lines that were known
    box = word("340.49     1,095.62     12.64", 70, MIDDLE, confidence=0.97)  # detected for the cell between them
    table = fill("abc", box, first, last)
    assert texts(table) == [["340.49", "1,095.62", "12.84"]]
    assert [Doubt.CROSSED_RULING in found for found in doubts(table)] == [False, False, True]


@pytest.mark.parametrize("implied", [True, False])
def test_no_side_that_is_known_by_white_alone_runs_through_a_figure(implied: bool) -> None:
    one = replace(grid("abc"), implied=implied)
    figure = word("20.05", LEFT_PX + COL_PX - 46, MIDDLE)  # its last digit leans over the side of its cell
    label = word("教育支出", LEFT_PX + 2 * COL_PX - 48, MIDDLE)
    table = fill_grid(one, page(figure, label), page_text(figure, label))
    assert texts(table) == [["20.05", "教育", "支出"] if implied else ["20.0", "5 教育", "支出"]]
    assert Doubt.CROSSED_RULING in doubts(table)[0]
