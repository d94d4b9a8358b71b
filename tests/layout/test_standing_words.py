"""Type that runs downwards in columns one character wide: its rows, its cells, and the rulings beside and across it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from layout.glyph_strokes import without_glyph_strokes
from layout.grids import build_grid
from layout.implied import imply_rulings
from layout.pieces import split_word
from layout.regions import find_grids
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import Char, PageText, Word
from tests import builders
from tests.layout.drawing import blank, draw_grid, page, rulings_of
from tests.layout.printing import printed, word

PITCH, EM = 24.0, 20.0


def standing(text: str, x: float, middle: float) -> Word:
    """One character below the other around (x, middle); a space is white of a character."""
    top = middle - PITCH * len(text) / 2
    chars = tuple(
        Char(c, top + PITCH * i, top + PITCH * i + EM, 0.99) for i, c in enumerate(text) if not c.isspace()
    )  # fmt: skip
    box = BBox(x - 15, top - 5, x + 15, top + PITCH * len(text) + 1)
    return Word("".join(c.text for c in chars), box, 0.98, chars)


def text_of(*words: Word) -> PageText:
    return replace(builders.page_text(), words=words)


def test_rows_as_high_as_their_labels_are_one_table() -> None:
    rows = [
        [standing("县政府办公室", 100, 250 + 170 * i), word(f"{i + 3}", 200, 250 + 170 * i, "right")]
        + [word(f"{(i + 1) * 137 * c:,}.{i}5", 200 + 150 * c, 250 + 170 * i, "right") for c in (1, 2, 3)]
        for i in range(4)
    ]
    image, _ = printed(w for row in rows for w in row[1:])
    text = text_of(*(w for row in rows for w in row))
    (grid,) = find_grids(image, imply_rulings(image, (), text), text)
    assert (grid.n_rows, grid.n_cols) == (4, 5)
    # what was read as one word is two texts where white parts it
    both = standing("县政府办公室 县政府办公室", 100, 505)
    joined = text_of(both, *(w for row in rows for w in row[1:]), rows[0][0], rows[3][0])
    (grid,) = find_grids(image, imply_rulings(image, (), joined), joined)
    assert (grid.n_rows, grid.n_cols) == (4, 5)


def test_labels_of_two_rows_read_as_one_word_go_to_the_cells_they_stand_in() -> None:
    upper, lower = BBox(80, 100, 120, 200), BBox(80, 200, 120, 300)
    chars = (*standing("货物", 100, 150).chars, Char("，", 190, 205, 0.5), *standing("服务", 100, 250).chars)
    both = Word("货物，服务", BBox(85, 120, 115, 280), 0.9, chars)
    pieces = split_word(both, [upper, lower])
    assert [(p.cell_index, p.word.text, p.guessed) for p in pieces] == [(0, "货物", True), (1, "服务", True)]
    (whole,) = split_word(both, [BBox(80, 100, 120, 300), BBox(120, 100, 220, 300)])
    assert (whole.word, whole.guessed) == (both, False)


def test_a_ruling_lies_between_characters_of_a_word_that_was_read_over_it() -> None:
    grid = builders.grid("abcd|efgh|ijkl", col_px=28, row_px=160)
    label = standing("县政府办公室县政府办公室县政府办公室", 74, 340)
    others = [standing("货物服务", 74 + 28 * c, 180 + 160 * r) for r in range(3) for c in (1, 2, 3)]
    got = build_grid(grid.region, rulings_of(grid), text_of(label, *others))
    assert got.spans == grid.spans


def test_a_level_stroke_that_fills_its_narrow_column_is_no_ruling_whether_it_was_read_or_not() -> None:
    head = standing("一般债券", 120, 300)
    frame = [Ruling(Orientation.VERTICAL, x, 200, 400, 2.0) for x in (100, 140, 400, 440)]
    read, missed = (Ruling(Orientation.HORIZONTAL, 262, x, x + 24, 2.0) for x in (108, 408))
    image = page(blank())
    assert without_glyph_strokes([*frame, read, missed], image, [head, word("小计", 200, 300)]) == tuple(frame)
    # a ruling that was broken goes on
    pieces = [Ruling(Orientation.HORIZONTAL, 262, 108 + 40 * k, 130 + 40 * k, 2.0) for k in range(5)]
    kept = without_glyph_strokes([*frame, *pieces], image, [word("小计", 200, 320)])
    assert kept == (*frame, *pieces)


def test_an_upright_beside_type_that_runs_downwards_is_no_stroke_of_it() -> None:
    labels = [standing("县政府办公室", 110, 300), standing("货物", 140, 300)]
    side = Ruling(Orientation.VERTICAL, 124, 232, 368, 2.0)
    canvas = blank()
    canvas[232:368, 123:126] = 60
    assert without_glyph_strokes([side], page(canvas), labels) == (side,)


def test_a_lone_row_of_a_wide_table_may_be_blank_for_the_most_part() -> None:
    grid = builders.grid("abcdefghijklmnop", col_px=50, row_px=60)
    image = page(draw_grid(grid))
    middles = np.array([grid.span_bbox(i).centre for i in (0, 1, 2, 5, 9, 12)])
    text = text_of(*(builders.word("12", x - 12, y - 10) for x, y in middles.tolist()))
    (found,) = find_grids(image, rulings_of(grid), text)
    assert found.spans == grid.spans
    assert find_grids(image, rulings_of(grid), text_of(*text.words[:5])) == ()
