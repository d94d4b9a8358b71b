from __future__ import annotations

import numpy as np

from layout.fills import with_fills_turned
from layout.ink import darkness
from layout.rulings import find_rulings
from layout.values import Orientation
from tests import builders
from tests.layout.drawing import Pen, blank, draw_grid, page


def test_rulings_are_found_in_a_dark_header_white_or_black() -> None:
    for grey in (245, 0):
        grid = builders.grid("abc|def|ghi", col_px=120)
        canvas = draw_grid(grid)
        top, bottom = round(grid.row_edges[0]), round(grid.row_edges[1])
        left, right = round(grid.col_edges[0]), round(grid.col_edges[-1])
        canvas[top:bottom, left:right] = 45
        for x in grid.col_edges[1:-1]:
            canvas[top:bottom, round(x) - 1 : round(x) + 1] = grey
        for x in grid.col_edges[:-1]:
            for k in range(3):
                canvas[top + 12 : bottom - 12, round(x) + 40 + 12 * k : round(x) + 46 + 12 * k] = 245
        found = [r for r in find_rulings(page(canvas)) if r.orientation is Orientation.VERTICAL]
        for x in grid.col_edges:
            assert any(abs(r.position - x) < 3 and r.start < top + 5 and r.end > bottom for r in found), (grey, x)


def test_pages_without_fills_and_scan_edges_stay_as_they_are() -> None:
    for canvas in (draw_grid(builders.grid("ab|cd"), Pen(thickness=5)), blank()):
        canvas[:, :40] = 30
        dark = darkness(canvas, 150)
        assert with_fills_turned(dark, 150 / 72) is dark
    assert np.array_equal(dark, darkness(canvas, 150))
