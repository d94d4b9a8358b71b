"""Strokes of characters are told from rulings by the words they end with."""

from __future__ import annotations

import numpy as np

from layout.glyph_strokes import without_glyph_strokes
from layout.values import Orientation, Ruling
from ocr.values import Pixels
from tests import builders
from tests.layout.drawing import blank, page

PAPER = page(blank(600, 900))
WORDS = [builders.word("0.00", 500, y, height=20) for y in range(100, 400, 40)]


def upright(x: float, start: float, end: float) -> Ruling:
    return Ruling(Orientation.VERTICAL, x, start, end, 3.0)


def test_stems_of_figures_below_each_other_are_no_ruling() -> None:
    stems = [upright(w.bbox.x0 + 6, w.bbox.y0 - 1, w.bbox.y1 + 1) for w in WORDS]
    side = upright(480, 90, 400)
    assert without_glyph_strokes([side, *stems], PAPER, WORDS) == (side,)


def test_a_ruling_goes_on_between_words() -> None:
    through = [upright(w.bbox.x0 + 6, w.bbox.y0 - 8, w.bbox.y1 + 8) for w in WORDS]
    assert without_glyph_strokes(through, PAPER, WORDS) == tuple(through)


def test_a_piece_of_a_broken_ruling_under_the_end_of_a_word_stays() -> None:
    first, last = WORDS[0].bbox, WORDS[-1].bbox
    pieces = [upright(first.x1 - 4, first.y0, first.y1), upright(first.x1 - 3, first.y1 + 10, last.y1)]
    assert without_glyph_strokes(pieces, PAPER, WORDS) == tuple(pieces)
    assert without_glyph_strokes(pieces[:1], PAPER, WORDS) == ()


def test_a_ruling_between_two_cells_read_as_one_word_stays() -> None:
    word = builders.word("1,234.56      教育支出", 100, 100, height=20)
    gap = next(c for c in word.chars if c.text == " ").x0 + 30
    between = upright(gap, word.bbox.y0 + 1, word.bbox.y1 - 1)
    assert without_glyph_strokes([between], PAPER, [word]) == (between,)


def stem_over_a_ruling(white: int, rim: int) -> tuple[Pixels, int, int]:
    """A page with a stem in the first word and so far below a ruling, inked for ``rim`` px above its middle; where they lie."""
    canvas, word = blank(600, 900), WORDS[0].bbox
    x, below = round(word.x0) + 6, round(word.y1) + white
    canvas[round(word.y0) + 1 : round(word.y1) - 1, x - 1 : x + 2] = 60
    canvas[below - rim : below + 2, 100:800] = 60
    return canvas, x, below


def test_a_stem_that_noise_seems_to_lead_on_to_the_ruling_below_is_none() -> None:
    word = WORDS[0].bbox
    canvas, x, below = stem_over_a_ruling(white=9, rim=1)
    level = Ruling(Orientation.HORIZONTAL, below, 100, 800, 3.0)
    stem, through = upright(x, word.y0 + 1, below), upright(x + 300, word.y0 + 1, below)
    canvas[round(word.y0) + 1 : below, x + 299 : x + 302] = 60
    words = [WORDS[0], builders.word("0.00", word.x0 + 300, word.y0, height=20)]
    assert without_glyph_strokes([level, stem, through], page(canvas), words) == (level, through)


def test_a_stem_ends_with_its_word_though_the_rim_of_the_ruling_below_is_dark() -> None:
    canvas, x, below = stem_over_a_ruling(white=6, rim=3)
    level = Ruling(Orientation.HORIZONTAL, below + 0.3, 100, 800, 3.0)
    stem = upright(x, WORDS[0].bbox.y0 + 1, below)
    assert without_glyph_strokes([level, stem], page(canvas), WORDS[:1]) == (level,)


def test_a_piece_of_a_broken_ruling_that_a_word_box_covers_stays_beside_clear_ones() -> None:
    first, last = WORDS[0].bbox, WORDS[-1].bbox
    x = first.x1 - 6  # within the last character, as its place was read
    covered = [upright(x, first.y0 - 4, first.y1 + 4), upright(x, last.y0 + 1, last.y1 - 1)]
    clear = upright(x + 1, first.y1 + 6, first.y1 + 17)
    assert without_glyph_strokes([*covered, clear], PAPER, WORDS) == (*covered, clear)


def test_bars_through_the_middle_of_a_line_of_type_are_none_whatever_lies_beside_it() -> None:
    line = builders.word("教育支出", 100, 100, height=20)
    y = line.bbox.centre[1]
    beside = Ruling(Orientation.HORIZONTAL, y, line.bbox.x1 + 30, 500, 3.0)
    bar = Ruling(Orientation.HORIZONTAL, y, line.bbox.x0 - 4, line.bbox.x1 - 8, 3.0)
    assert without_glyph_strokes([beside, bar], PAPER, [line]) == (beside,)


def test_an_upright_ends_at_the_ruling_under_a_word_though_a_stem_above_is_in_line() -> None:
    word = builders.word("购置及运行费", 100, 100, height=20)
    level = [Ruling(Orientation.HORIZONTAL, y, 60, 400, 2.0) for y in (94, 126)]
    x = word.bbox.centre[0]
    side, long = upright(390, 94, 200), upright(x, 101, 200)
    kept = without_glyph_strokes([*level, side, long], PAPER, [word])
    assert kept == (*level, side, upright(x, 125 - 1.0, 200))
    pieces = [upright(x, 101, 119), upright(x + 1, 127, 200)]
    assert without_glyph_strokes([*level, side, *pieces], PAPER, [word]) == (*level, side, pieces[1])
    through = [upright(x, 93, 119), upright(x + 1, 127, 200)]
    assert without_glyph_strokes([*level, side, *through], PAPER, [word]) == (*level, side, *through)


def test_feet_of_heavy_type_below_its_box_are_no_rulings_and_a_thick_rule_is_one() -> None:
    word = builders.word("政府预算收支总表", 100, 100, height=30)
    feet = Ruling(Orientation.HORIZONTAL, word.bbox.y1 + 2, word.bbox.x0 + 20, word.bbox.x0 + 90, 9.0)
    rule = Ruling(Orientation.HORIZONTAL, word.bbox.y1 + 2, 60, 500, 9.0)
    assert without_glyph_strokes([feet], PAPER, [word]) == ()
    assert without_glyph_strokes([rule], PAPER, [word]) == (rule,)


def test_an_upright_whose_ink_never_fades_along_lines_of_type_is_a_ruling() -> None:
    words = [builders.word("支出", 100, y, height=20) for y in range(100, 300, 24)]
    x = round(words[0].bbox.x0) + 6
    top, bottom = round(words[0].bbox.y0) + 1, round(words[-1].bbox.y1) - 1
    ruled, stems = blank(600, 900), blank(600, 900)
    ruled[top:bottom, x - 1 : x + 2] = 150
    for w in words:
        stems[round(w.bbox.y0) + 3 : round(w.bbox.y1) - 3, x - 1 : x + 2] = 40
        ruled[round(w.bbox.y0) + 3 : round(w.bbox.y1) - 3, x + 4 : x + 7] = 40
    upright_, grained = upright(x, top, bottom), ruled.copy()
    assert without_glyph_strokes([upright_], page(ruled), words) == (upright_,)
    assert without_glyph_strokes([upright_], page(stems), words) == ()
    grained[top + 70 : top + 73, x - 1 : x + 2] = 245
    assert without_glyph_strokes([upright_], page(grained), words) == (upright_,)


def test_a_stem_in_text_between_two_tables_is_none_though_columns_of_both_are_in_line() -> None:
    prose = builders.word("The notes form a part of these statements", 40, 300, height=20)
    flat = [Ruling(Orientation.HORIZONTAL, y, 30, 500, 3.0) for y in (100, 140, 180, 440, 480, 520)]
    columns = [upright(200, a, b) for a, b in ((98, 140), (140, 182), (438, 480), (480, 522))]
    stem = upright(201, 302, 318)
    assert without_glyph_strokes([*flat, *columns, stem], PAPER, [prose]) == (*flat, *columns)
    row = [Ruling(Orientation.HORIZONTAL, y, 30, 500, 3.0) for y in (295, 325)]
    assert stem in without_glyph_strokes([*flat, *row, *columns, stem], PAPER, [prose])


def dashed(x: float, start: int, end: int, slope: float = 0.02) -> tuple[Pixels, list[Ruling]]:
    """A page with a slanted dashed upright, and that as it is found: pieces end to end."""
    canvas = blank(900, 900)
    for y in range(start, end):
        if y % 6 < 4:
            at = round(x + slope * (y - start))
            canvas[y, at - 1 : at + 2] = 90
    tops = range(start, end, 88)
    return canvas, [upright(x + slope * (y + 44 - start), y, min(y + 88, end)) for y in tops]


def test_a_dashed_ruling_that_labels_stand_close_beside_goes_on_between_them() -> None:
    canvas, pieces = dashed(200, 100, 716)
    labels = [builders.word("教育支出", 196 + 0.02 * (y - 100), y, height=40) for y in range(102, 716, 44)]
    assert without_glyph_strokes(pieces, page(canvas), labels) == tuple(pieces)


def test_stems_below_each_other_end_between_their_lines_though_they_lie_in_one_chain() -> None:
    canvas, pieces = dashed(200, 100, 716)
    figures = [builders.word("100.00", 196 + 0.02 * (y - 100), y, height=40) for y in range(102, 716, 44)]
    ink = np.zeros(900, bool)
    for one in figures:
        ink[round(one.bbox.y0) + 8 : round(one.bbox.y1) - 8] = True
    canvas[~ink] = 245
    side = upright(600, 90, 730)
    assert without_glyph_strokes([side, *pieces], page(canvas), figures) == (side,)


def test_a_stem_below_the_table_that_prolongs_a_dashed_ruling_is_no_part_of_it() -> None:
    canvas, pieces = dashed(200, 100, 720)
    labels = [builders.word("教育支出", 196 + 0.02 * (y - 100), y, height=40) for y in range(102, 700, 44)]
    last = Ruling(Orientation.HORIZONTAL, 714, 80, 500, 3.0)
    note = builders.word("合计", pieces[-1].position - 6, 722, height=40)
    stem = upright(pieces[-1].position, 721, 761)
    canvas[713:716, 80:500] = 90
    canvas[722:760, round(stem.position) - 1 : round(stem.position) + 2] = 60
    assert without_glyph_strokes([last, *pieces, stem], page(canvas), [*labels, note]) == (last, *pieces)


def test_a_ruling_that_cuts_a_line_of_type_off_goes_on_past_it_and_the_strokes_of_that_line_do_not() -> None:
    line = builders.word("负责协助有关市级 土地储备集团做好基础设施建设", 300, 96, height=20)
    side = Ruling(Orientation.HORIZONTAL, 101, 80, line.bbox.x1 + 4, 3.0)
    white = next(c for c in line.chars if c.text == " ").x0
    strokes = [
        Ruling(Orientation.HORIZONTAL, 113, x0, x1, 6.0)
        for x0, x1 in ((310, 400), (410, 470), (white - 14, white + 24), (white + 70, white + 200))
    ]
    others = [builders.word("作；负责区委、区政府", 300, y, height=28) for y in range(130, 400, 36)]
    assert without_glyph_strokes([side, *strokes], PAPER, [line, *others]) == (side,)
