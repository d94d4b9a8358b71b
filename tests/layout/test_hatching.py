"""Strokes drawn side by side over blank cells are no rulings."""

import numpy as np
import pytest

from layout.hatching import without_hatching
from layout.rulings import find_rulings
from layout.values import Orientation, Ruling
from ocr.values import Pixels
from tests.layout.drawing import DPI, blank, page

XS, YS = (100, 300, 500, 700), (100, 140, 180, 220, 260)


def _lattice() -> Pixels:
    canvas = blank()
    for x in XS:
        canvas[YS[0] : YS[-1] + 2, x : x + 2] = 20
    for y in YS:
        canvas[y : y + 2, XS[0] : XS[-1] + 2] = 20
    return canvas


def _lined(canvas: Pixels, row: int, col: int, grey: int, pitch: int = 7) -> None:
    for y in range(YS[row] + pitch, YS[row + 1] - 3, pitch):
        canvas[y, XS[col] + 2 : XS[col + 1]] = grey


def _found(canvas: Pixels) -> tuple[set[int], set[int]]:
    rulings = find_rulings(page(canvas, DPI))
    flat = {round(r.position) for r in rulings if r.orientation is Orientation.HORIZONTAL}
    return flat, {round(r.position) for r in rulings if r.orientation is Orientation.VERTICAL}


def _near(found: set[int], wanted: tuple[int, ...]) -> bool:
    return len(found) == len(wanted) and all(min(abs(f - w) for f in found) <= 2 for w in wanted)


@pytest.mark.parametrize("grey", [60, 120, 170])
@pytest.mark.parametrize("turned", [False, True])
def test_strokes_of_a_hatching_are_no_rulings(grey: int, turned: bool) -> None:
    canvas = _lattice()
    _lined(canvas, 1, 2, grey)
    _lined(canvas, 3, 0, grey)
    flat, upright = _found(np.ascontiguousarray(canvas.T) if turned else canvas)
    wanted = (XS, YS) if turned else (YS, XS)
    assert _near(flat, wanted[0])
    assert _near(upright, wanted[1])


def test_a_ruling_between_two_hatched_cells_stays_for_it_is_darker_than_their_strokes() -> None:
    canvas = _lattice()
    for row in range(4):
        for col in range(3):
            _lined(canvas, row, col, 150)
    assert _near(_found(canvas)[0], YS)


@pytest.mark.parametrize("even", [True, False])
def test_a_hairline_in_tight_rows_of_print_is_no_hatching(even: bool) -> None:
    """Print blurred into a line is darker than a hairline nearly all along, but not even."""
    dark = np.zeros((80, 320), np.uint8)
    for y in (30, 34, 46, 50):
        dark[y] = np.repeat(np.where(np.arange(32) % 4 == 0, 14 if even else 6, 18 if even else 80), 10)
        dark[y, 10:20] = 18 if even else 6
    dark[40] = 20
    ruling = Ruling(Orientation.HORIZONTAL, 40.5, 0.0, 320.0, 1.0)
    assert without_hatching([ruling], dark, DPI / 72, 1.0, 1.0) == ([] if even else [ruling])


def test_a_double_ruling_is_no_hatching() -> None:
    canvas = _lattice()
    canvas[YS[2] + 6 : YS[2] + 8, XS[0] : XS[-1]] = 20
    flat, _ = _found(canvas)
    assert min(abs(f - YS[2]) for f in flat) <= 7
