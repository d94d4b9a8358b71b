"""Strokes that run right through a cell are no characters; characters in a tight cell are no strokes."""

import cv2
import numpy as np
import pytest

from layout.cell_strokes import is_struck_out
from layout.ink_levels import measure_ink
from ocr.geometry import BBox
from ocr.values import Pixels
from tests.layout.drawing import blank, page

EM = 24.0
BOX = BBox(100, 100, 300, 140)


def _struck(canvas: Pixels, box: BBox = BOX) -> bool:
    return is_struck_out(measure_ink(page(canvas), box.grown(50), (), EM), box)


def _line(canvas: Pixels, x0: float, y0: float, x1: float, y1: float) -> None:
    cv2.line(canvas, (round(x0), round(y0)), (round(x1), round(y1)), 30, 2)


def _ruled(box: BBox = BOX) -> Pixels:
    canvas = blank(400, 600)
    cv2.rectangle(canvas, (round(box.x0), round(box.y0)), (round(box.x1), round(box.y1)), 30, 2)
    return canvas


@pytest.mark.parametrize("width", [60, 120, 200, 420])
@pytest.mark.parametrize("rising", [True, False])
def test_a_stroke_from_corner_to_corner(width: int, rising: bool) -> None:
    box = BBox(100, 100, 100 + width, 140)
    canvas = _ruled(box)
    _line(canvas, box.x0, box.y1 if rising else box.y0, box.x1, box.y0 if rising else box.y1)
    assert _struck(canvas, box)


@pytest.mark.parametrize("pitch", [8, 14])
@pytest.mark.parametrize("run", [30, 40, 55])
def test_a_hatching(pitch: int, run: int) -> None:
    canvas = _ruled()
    inner = np.ascontiguousarray(canvas[101:140, 101:300])
    for x in range(-80, 280, pitch):
        cv2.line(inner, (x, 39), (x + run, 0), 30, 1)
    canvas[101:140, 101:300] = inner
    assert _struck(canvas)


@pytest.mark.parametrize("text", ["/", "1", "7", "-", "11111", "4,470.11", "N", "A"])
@pytest.mark.parametrize("width", [26, 40, 80, 200])
def test_characters_are_no_strokes_even_in_a_tight_row(text: str, width: int) -> None:
    box = BBox(100, 100, 100 + width, 128)
    canvas = _ruled(box)
    cv2.putText(canvas, text, (104, 123), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2)
    assert not _struck(canvas, box)


def test_a_stroke_with_a_figure_beside_it_is_not_all_there_is() -> None:
    canvas = _ruled()
    _line(canvas, BOX.x0, BOX.y1, BOX.x1, BOX.y0)
    cv2.putText(canvas, "38", (240, 132), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 30, 2)
    assert not _struck(canvas)


def test_a_blank_cell_and_a_filled_one_hold_no_strokes() -> None:
    assert not _struck(_ruled())
    canvas = _ruled()
    canvas[101:140, 101:300] = 30
    assert not _struck(canvas)
