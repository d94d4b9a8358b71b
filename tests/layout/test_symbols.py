from dataclasses import replace

import numpy as np
import pytest

from layout.ink_levels import measure_ink
from layout.sign_columns import SymbolOptions
from layout.symbols import level_strokes, mark_off_signs, mark_ruling_ink, settle_symbols
from layout.values import Cell, Doubt, Table
from ocr.geometry import Affine, BBox
from ocr.values import Char, PageImage, Reading, Word
from tests.builders import ROW_PX, TOP_PX, table

TEXT_PX = 20.0
Bar = tuple[float, float, float]
"""(x, y, width) in text heights, from the middle of the cell's left side."""
EM_DASH, HYPHEN = ((1.0, 0.0, 1.0),), ((1.0, 0.0, 0.35),)
EQUALS, TWO = ((1.0, -0.15, 0.6), (1.0, 0.15, 0.6)), ((1.15, -0.3, 0.6), (1.0, 0.35, 0.9))


def settled(texts: list[str], bars: tuple[Bar, ...], at: int = 0, readings: tuple[str, ...] = ()) -> Cell:
    """The cell in row ``at`` of a column, its only ink the bars, after settling."""
    column = table([[t] for t in texts])
    cells = list(column.cells)
    page = cells[at]
    cells[at] = replace(
        page,
        doubts=(Doubt.OFF_TYPE,) if readings else (),
        readings=tuple(Reading(t, 0.9, "crop") for t in readings),
    )
    return settle(replace(column, cells=tuple(cells)), bars, at).cells[at]


def settle(column: Table, bars: tuple[Bar, ...], at: int) -> Table:
    pixels = np.full((800, 400), 245, np.uint8)
    cell = column.cells[at]
    for x, y, width in bars:
        left, top = round(cell.bbox.x0 + x * TEXT_PX), round(TOP_PX + ROW_PX * (at + 0.5) + y * TEXT_PX)
        pixels[top : top + 2, left : left + round(width * TEXT_PX)] = 30
    image = PageImage("d" * 64, 1, 144.0, "0" * 64, Affine.scaling(0.5), pixels, 200.0, 400.0)
    levels = measure_ink(image, BBox(60.0, 100.0, 180.0, 700.0), (), TEXT_PX)
    return settle_symbols(column, levels, SymbolOptions())


@pytest.mark.parametrize("mates", [["≥", "≤", "定性"], ["1.50", "2.50", "3.50"], ["—", "无", "无"]])
def test_a_long_stroke_is_a_dash_by_its_column(mates: list[str]) -> None:
    cell = settled(["一", *mates], EM_DASH)
    assert (cell.text, cell.ocr_text, cell.doubts) == ("—", "一", ())
    assert [(r.text, r.source) for r in cell.readings] == [("一", "page"), ("—", "column")]


def test_a_long_stroke_among_words_is_a_doubted_dash_and_in_a_count_it_is_a_numeral() -> None:
    alone = settled(["一", "人员", "公用"], EM_DASH)
    assert (alone.text, alone.doubts) == ("—", (Doubt.READINGS_DIFFER,))
    repeated = settled(["一", "人员", "一", "一"], EM_DASH)
    assert (repeated.text, repeated.doubts) == ("—", ())
    counted = settled(["一", "二", "三"], EM_DASH)
    assert (counted.text, counted.doubts) == ("一", ())


@pytest.mark.parametrize("text", ["一", "1", "|"])
def test_a_short_stroke_is_a_dash_whatever_was_read(text: str) -> None:
    cell = settled([text, "人员", "公用"], HYPHEN, readings=(text,))
    assert (cell.text, cell.readings[-1].source) == ("-", "shape")


@pytest.mark.parametrize(("ocr_text", "found"), [("", "—"), ("1", "1")])
def test_a_stroke_that_crops_alone_read_as_1_is_told_by_its_shape(ocr_text: str, found: str) -> None:
    column = table([["1"], ["1.50"], ["2.50"], ["3.50"]])
    looks = tuple(Reading("1", 0.97, "crop") for _ in range(2))
    one = replace(column.cells[0], ocr_text=ocr_text, readings=looks)
    assert settle(replace(column, cells=(one, *column.cells[1:])), EM_DASH, 0).cells[0].text == found


def test_a_dash_is_as_long_as_it_is_printed() -> None:
    assert settled(["-", "1.50", "—"], EM_DASH).text == "—"
    assert settled(["—", "1.50", "–"], HYPHEN).text == "–"
    assert settled(["-", "1.50"], HYPHEN).readings == ()


def test_two_equal_strokes_are_an_equals_sign_two_unequal_ones_are_not() -> None:
    assert settled(["二", "人员"], EQUALS).text == "="
    assert settled(["二", "＝"], EQUALS).text == "＝"
    assert settled(["二", "人员"], TWO).text == "二"
    assert settled(["=", "人员"], TWO, readings=("=",)).doubts == (Doubt.OFF_TYPE, Doubt.READINGS_DIFFER)


def test_a_letter_that_a_look_surely_read_is_never_surely_a_sign() -> None:
    column = table([["C"], ["人员"]])
    cell = replace(
        column.cells[0], text="", ocr_text="", readings=(Reading("C", 0.98, "crop"),), doubts=(Doubt.INK_WITHOUT_TEXT,)
    )
    found = settle(replace(column, cells=(cell, column.cells[1])), EQUALS, 0).cells[0]
    assert Doubt.READINGS_DIFFER in found.doubts


def test_other_ink_settles_nothing() -> None:
    cell = settled(["一", "≥", "≤"], (*EM_DASH, (1.0, -0.3, 0.5), (1.0, 0.3, 0.7)))
    assert (cell.text, cell.doubts) == ("一", ())


def test_a_column_of_signs_takes_the_sign_that_two_readings_give() -> None:
    cell = settled(["7", "≥", "≤", "="], (), readings=("7", "≥", "≥"))
    assert (cell.text, cell.doubts) == ("≥", ())
    cell = settled(["7", "≥", "≤", "="], (), readings=("7", "≥", "1"))
    assert (cell.text, Doubt.READINGS_DIFFER in cell.doubts) == ("≥", True)


def test_a_sign_among_the_alternatives_is_taken_and_doubted() -> None:
    column = table([["M"], ["≥"], ["≤"]])
    char = Char("M", 70.0, 80.0, 0.4, (("≤", 0.3),))
    words = (Word("M", BBox(70.0, 110.0, 80.0, 130.0), 0.4, (char,)),)
    doubtful = replace(column.cells[0], words=words, doubts=(Doubt.LOW_CONFIDENCE,))
    cell = settle(replace(column, cells=(doubtful, *column.cells[1:])), (), 0).cells[0]
    assert (cell.text, cell.confidence <= 0.5) == ("≤", True)
    assert Doubt.READINGS_DIFFER in cell.doubts


def test_what_fits_neither_signs_nor_units_is_off_type() -> None:
    signs = mark_off_signs(table([["7"], ["≥"], ["≤"], ["—"], ["定性"]]), SymbolOptions())
    assert [c.doubts for c in signs.cells] == [(Doubt.OFF_TYPE,), (), (), (), ()]
    units = mark_off_signs(table([["0"], ["万元"], ["个"], ["%"], ["份"]]), SymbolOptions())
    assert [c.doubts for c in units.cells] == [(Doubt.OFF_TYPE,), (), (), (), ()]
    figures = mark_off_signs(table([["0"], ["12"], ["3.5"], ["无"]]), SymbolOptions())
    assert not any(c.doubts for c in figures.cells)


def test_strokes_are_found_with_their_places() -> None:
    column = table([["="]])
    pixels = np.full((300, 300), 245, np.uint8)
    pixels[115:117, 80:92] = pixels[122:124, 80:92] = 30
    image = PageImage("d" * 64, 1, 144.0, "0" * 64, Affine.scaling(0.5), pixels, 150.0, 150.0)
    levels = measure_ink(image, column.cells[0].bbox, (), TEXT_PX)
    strokes = level_strokes(levels, column.cells[0], SymbolOptions())
    assert strokes is not None
    assert [s.width for s in strokes] == [12, 12]


@pytest.mark.parametrize(("rings", "text"), [(((80, 112), (88, 121)), "%"), (((84, 112), (84, 121)), "0")])
def test_two_rings_that_fall_are_a_percent_sign_in_a_column_of_units(
    rings: tuple[tuple[int, int], ...], text: str
) -> None:
    column = table([["0"], ["万元"], ["个"], ["份"]])
    doubtful = replace(column.cells[0], doubts=(Doubt.OFF_TYPE,), readings=(Reading("品", 0.6, "crop"),))
    pixels = np.full((300, 300), 245, np.uint8)
    for x, y in rings:
        pixels[y : y + 8, x : x + 7] = 30
        pixels[y + 3 : y + 5, x + 3 : x + 4] = 245
    image = PageImage("d" * 64, 1, 144.0, "0" * 64, Affine.scaling(0.5), pixels, 150.0, 150.0)
    levels = measure_ink(image, column.cells[0].bbox, (), TEXT_PX)
    cell = settle_symbols(replace(column, cells=(doubtful, *column.cells[1:])), levels, SymbolOptions()).cells[0]
    assert cell.text == text
    assert Doubt.OFF_TYPE in cell.doubts


@pytest.mark.parametrize(("x", "doubts"), [(172.0, (Doubt.CROSSED_RULING,)), (150.0, ())])
def test_a_last_mark_on_the_ruling_makes_its_cell_doubtful(x: float, doubts: tuple[Doubt, ...]) -> None:
    column = table([["支出一"]])
    chars = (Char("支", 110.0, 130.0, 0.9), Char("出", 130.0, 150.0, 0.9), Char("一", x, x + 16, 0.9))
    words = (Word("支出一", BBox(110.0, 110.0, x + 16, 130.0), 0.9, chars),)
    pixels = np.full((300, 300), 245, np.uint8)
    pixels[112:128, 112:148] = 30
    pixels[119:121, round(x) : round(x) + 16] = 30
    pixels[:, 179:181] = 30
    image = PageImage("d" * 64, 1, 144.0, "0" * 64, Affine.scaling(0.5), pixels, 150.0, 150.0)
    levels = measure_ink(image, column.cells[0].bbox, words, TEXT_PX)
    marked = mark_ruling_ink(replace(column, cells=(replace(column.cells[0], words=words),)), levels)
    assert marked.cells[0].doubts == doubts


@pytest.mark.parametrize("page", ["=", "二"])
def test_one_stroke_where_a_reading_saw_two_is_never_surely_a_dash(page: str) -> None:
    cell = settled([page, "≥", "≤", "="], HYPHEN, readings=(page, "一", "一"))
    assert cell.text == page
    assert Doubt.READINGS_DIFFER in cell.doubts
