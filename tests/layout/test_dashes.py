import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout.dashes import with_dashes_joined
from layout.read_rulings import without_read_rulings
from layout.values import Grid, Orientation, Ruling
from ocr.values import PageText, Pixels
from tests import builders
from tests.layout.drawing import DPI, Pen, draw_grid, grids
from tests.layout.test_grids import read

PX = DPI / 72


@st.composite
def dashes(draw: st.DrawFn) -> tuple[int, int]:
    """(on, off) in px of 150 dpi: dots as wide as they are high to dashes of 4 mm, the white at most twice a dash, or little of a long one."""
    on = draw(st.integers(2, 16))
    return on, draw(st.integers(2, min(2 * on, 9) if on <= 11 else 5))


@given(grid=grids(), dash=dashes(), thickness=st.integers(1, 4), grey=st.sampled_from([30, 120]))
@settings(deadline=None, max_examples=40)
def test_any_rhythm_of_dashes_gives_the_grid(grid: Grid, dash: tuple[int, int], thickness: int, grey: int) -> None:
    assert read(draw_grid(grid, Pen(grey, thickness, dash))).spans == grid.spans


def paper(width: int = 700, height: int = 300) -> Pixels:
    return np.zeros((height, width), dtype=np.uint8)


def row(dark: Pixels, y: int, x: int, pieces: list[int], white: list[int]) -> int:
    """Draws pieces with white behind each, in turns, and gives where the last one ends."""
    for long, gap in zip(pieces, white, strict=True):
        dark[y : y + 2, x : x + long] = 200
        x += long + gap
    return x - white[-1]


def test_dashes_and_dots_in_turns_are_one_ruling() -> None:
    dark = paper()
    end = row(dark, 100, 50, [16, 4, 4] * 15, [4] * 45)
    joined, white = with_dashes_joined(dark, PX)
    assert white >= 4
    assert (joined[100, 50:end] == 200).all()
    assert not joined[102:].any()


def test_white_of_many_widths_between_strokes_with_others_above_is_kept() -> None:
    rng, dark = np.random.default_rng(2), paper()
    for y in (100, 105):
        row(dark, y, 50, rng.integers(3, 14, 50).tolist(), rng.integers(2, 12, 50).tolist())
    assert with_dashes_joined(dark, PX)[0] is dark


def test_ones_below_each_other_in_the_rows_of_a_table_are_no_ruling() -> None:
    dark = paper()
    row(dark, 280, 50, [6] * 40, [4] * 40)  # the page has dashes
    for y in range(20, 260, 26):
        dark[y : y + 2, 50:650] = 200
        dark[y + 5 : y + 21, 400:402] = 200
    joined, _ = with_dashes_joined(dark, PX)
    assert not joined[43:45, 400:402].any()


@pytest.mark.parametrize("squeezed", [False, True])
def test_an_edge_of_few_dashes_between_two_rulings_is_joined(squeezed: bool) -> None:
    dark = paper()
    for y in (60, 90):
        row(dark, y, 50, [6] * 60, [4] * 60)
    for y in (65, 75, 85):
        dark[y : y + 6, 300:302] = 200
    dark[62:64, 300:302] = 200
    if squeezed:  # print close on both sides
        dark[68:80, 294:297] = dark[68:80, 305:308] = 200
    joined, _ = with_dashes_joined(dark, PX)
    assert (joined[62:90, 300:302] == 200).mean() > 0.9


def test_rows_of_dashes_that_were_read_are_no_words() -> None:
    rulings = (
        Ruling(Orientation.HORIZONTAL, 100.0, 50.0, 600.0, 2.0),
        Ruling(Orientation.VERTICAL, 300.0, 50.0, 400.0, 2.0),
    )
    dashes = builders.word("一ーーー", 100, 93, char_px=30, height=14, confidence=0.4)
    upright = builders.word("n", 295, 120, char_px=10, height=120, confidence=0.2)
    struck = builders.word("一般公共", 200, 93, char_px=20, height=14, confidence=0.95)
    faint = builders.word("合计", 100, 150, char_px=20, height=20, confidence=0.3)
    text = PageText("0" * 64, builders.page_text().source, (dashes, upright, struck, faint))
    assert without_read_rulings(text, rulings).words == (struck, faint)
    assert without_read_rulings(text, ()) is text
