"""Numbers under coloured ink are told from the others by the page's own pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench.seals import Judged, judged, line
from flows.scoring.values import BenchCell
from layout.values import Cell, Doubt, Span
from ocr.geometry import BBox
from tests.builders import cell
from tests.ocr.pages import page_image

PAGE = page_image(np.full((100, 200, 3), 255, np.uint8), 72.0)
MASK = np.zeros((100, 200), bool)
MASK[:, :100] = True


def cell_at(x: float, text: str, *doubts: Doubt) -> Cell:
    box = BBox(x, 10, x + 40, 30)
    return replace(cell(Span(0, 0, 1, 1), text), page_number=1, bbox=box, bbox_pt=box, doubts=doubts)


def test_a_number_under_ink_is_right_wrong_or_silent() -> None:
    colours = {1: (MASK, PAGE)}
    true = BenchCell(0, 0, 1, 1, "1,234.50")
    right = judged(true, cell_at(20, "1234.50", Doubt.UNDER_SEAL), colours)
    silent = judged(true, cell_at(20, "1,284.50"), colours)
    beside = judged(true, cell_at(120, "1,234.50"), colours)
    assert right == Judged(True, "1,234.50", "1234.50", True, True)
    assert right.is_right
    assert silent.is_silent
    assert beside.is_right
    assert not beside.inked
    assert judged(true, None, colours).is_missing
    assert line("x", [right, silent, beside]).split() == ["x", "2", "1", "50.00%", "1", "0", "1", "1", "1", "1", "0"]
