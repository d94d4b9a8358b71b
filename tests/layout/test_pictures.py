from __future__ import annotations

import numpy as np

from layout.pictures import has_axis, is_on_picture, is_picture
from layout.regions import find_regions
from layout.rulings import find_rulings
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import PageText, TextSource, Word
from tests import builders
from tests.layout.drawing import blank, draw_grid, page, rulings_of

EM = 20.0


def word(text: str, x: float, y: float) -> Word:
    """A word in its middle."""
    half = 5.0 * len(text)
    return Word(text, BBox(x - half, y - EM / 2, x + half, y + EM / 2), 0.99)


def test_a_grid_without_text_on_a_page_with_text_is_no_table() -> None:
    grid = builders.grid("ab|cd", col_px=200, row_px=50)
    image = page(draw_grid(grid))
    found = find_rulings(image)
    outside = PageText("0" * 64, TextSource.OCR, tuple(word("outside", 300, y) for y in (500, 540)))
    assert find_regions(image, found, outside) == ()
    inside = PageText("0" * 64, TextSource.OCR, (word("one", 160, 125), word("two", 360, 125)))
    assert len(find_regions(image, found, inside)) == 1


def test_a_hatching_is_no_table_whatever_stands_in_it() -> None:
    grid = builders.grid("abcdefgh|ijklmnop|qrstuvwx|yzABCDEF", col_px=9, row_px=9)
    words = [word("50%", 80, 110), word("4%", 70, 125)]
    assert is_picture(grid, rulings_of(grid), words, EM)
    assert not is_picture(builders.grid("ab|cd", col_px=200, row_px=50), (), [*words, word("x", 300, 110)], EM)


def chart(values: tuple[float, ...], beyond: float = 0.0) -> tuple[list[Ruling], list[Word]]:
    """Grid lines with numbers to their left; ``beyond``: a ruling among them runs on so far to the left."""
    lines = [Ruling(Orientation.HORIZONTAL, 200.0 + 60 * k, 150.0, 600.0, 2.0) for k in range(len(values))]
    lines.append(Ruling(Orientation.HORIZONTAL, 230.0, 150.0 - beyond, 600.0, 2.0))
    return lines, [word(f"{v:g}%", 125, 200.0 + 60 * k) for k, v in enumerate(values)]


def test_numbers_at_the_ends_of_grid_lines_are_an_axis_and_merged_labels_of_a_table_are_none() -> None:
    box = BBox(100, 190, 610, 500)
    assert has_axis(box, *chart((40, 30, 20, 10, 0)), EM)
    assert not has_axis(box, *chart((40, 30, 20, 10, 0), beyond=60), EM)
    assert not has_axis(box, *chart((40, 17, 20, 3, 0)), EM)
    assert not has_axis(box, *chart((40, 30, 20)), EM)


def test_words_over_a_drawing_have_cells_of_several_grounds_and_words_on_stripes_have_not() -> None:
    boxes = [BBox(100 + 225 * c, 100 + 120 * r, 325 + 225 * c, 220 + 120 * r) for r in range(2) for c in range(2)]
    words = [word("12.5", b.centre[0], b.centre[1]) for b in boxes]
    rows, cols = np.mgrid[0:900, 0:1000]
    pie = np.repeat(blank()[..., None], 3, axis=2)
    pie[(rows - 220) ** 2 + ((cols - 325) / 1.6) ** 2 < 105**2] = (70, 120, 200)
    striped = blank()
    striped[100:220, 100:550], striped[280:340, 100:550] = 60, 200
    assert is_on_picture(page(pie), boxes, words)
    assert not is_on_picture(page(striped), boxes, words)
    striped = striped.copy()
    striped[:, 150:210] = 30  # whose side lies within cells
    assert not is_on_picture(page(striped), boxes, words)
    assert not is_on_picture(page(blank()), boxes, words)
