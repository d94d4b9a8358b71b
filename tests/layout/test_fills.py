from __future__ import annotations

import numpy as np

from layout.fills import find_fills, with_fills_turned
from layout.grids import build_grid
from layout.ink import darkness
from layout.regions import find_regions
from layout.rulings import find_rulings
from layout.values import Orientation
from ocr.values import Pixels
from tests import builders
from tests.layout.drawing import NO_TEXT, Pen, blank, draw_grid, page


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


def test_letters_lighter_than_a_coloured_fill_leave_no_rulings_between_them() -> None:
    grid = builders.grid("ab|cd", col_px=200, row_px=50)
    canvas = draw_grid(grid, Pen(grey=110))
    left, right = round(grid.col_edges[0]), round(grid.col_edges[-1])
    top, bottom = round(grid.row_edges[0]), round(grid.row_edges[1])
    fill = canvas[top + 2 : bottom - 1, left + 2 : right - 1]
    fill[fill > 200] = 165
    letters(fill, 255)
    upright = [r for r in find_rulings(page(canvas)) if r.orientation is Orientation.VERTICAL]
    assert all(any(abs(r.position - x) < 6 for x in grid.col_edges) for r in upright)


def test_dark_print_on_a_fill_and_light_hairlines_in_it_make_no_rulings() -> None:
    grid = builders.grid("ab|cd", col_px=200, row_px=50)
    canvas = draw_grid(grid)
    left, right = round(grid.col_edges[0]), round(grid.col_edges[-1])
    for top, bottom in ((round(a), round(b)) for a, b in zip(grid.row_edges, grid.row_edges[1:], strict=False)):
        fill = canvas[top + 2 : bottom - 1, left + 2 : right - 1]
        fill[fill > 200] = 170
        fill[34, 4:-4] = 185
        letters(fill, 20)
    found = find_rulings(page(canvas))
    edges = {Orientation.HORIZONTAL: grid.row_edges, Orientation.VERTICAL: grid.col_edges}
    assert all(any(abs(r.position - x) < 6 for x in edges[r.orientation]) for r in found)
    assert build_grid(find_regions(page(canvas), found, NO_TEXT)[0], found, NO_TEXT).spans == grid.spans


def letters(fill: Pixels, grey: int) -> None:
    """Stems of type over most of the height of a fill, in place."""
    height = len(fill)
    for x in range(30, fill.shape[1] - 30, 9):
        if x % 200 < 150:
            fill[8 : height - 8, x : x + 3] = grey


def test_white_rulings_between_cells_of_several_shades_run_whole() -> None:
    rows, cols = [100, 140, 180, 220, 260, 300], [60, 760, 860]
    canvas = blank(grey=255)
    canvas[rows[0] : rows[-1], cols[0] : cols[-1]] = 120
    for k, shade in zip(range(1, 5), (186, 221, 186, 221), strict=True):
        canvas[rows[k] : rows[k + 1], cols[1] : cols[2]] = shade
    for y in rows[1:-1]:
        canvas[y - 1 : y + 1, cols[0] : cols[-1]] = 255
    for k, grey in enumerate((245, 20, 20, 20, 20)):
        for x in range(cols[1] + 12, cols[1] + 90, 14):
            canvas[rows[k] + 12 : rows[k + 1] - 12, x : x + 4] = grey
        canvas[rows[k] + 12 : rows[k + 1] - 12, cols[0] + 12 : cols[0] + 90 : 14] = 245
    found = [r for r in find_rulings(page(canvas)) if r.orientation is Orientation.HORIZONTAL]
    for y in rows[1:-1]:
        assert any(abs(r.position - y) < 3 and r.start < cols[0] + 5 and r.end > cols[-1] - 5 for r in found), y


def test_a_fill_of_which_only_parts_are_dark_enough_is_one_fill() -> None:
    dark = np.zeros((200, 900), np.uint8)
    dark[60:100, 50:850] = 88
    for x in (100, 400, 700):
        dark[60:100, x : x + 120] = 94
    for x in range(60, 840, 20):
        dark[72:88, x : x + 3] = 5
    assert list(find_fills(dark, 150 / 72)) == [(51, 61, 851, 101)]
    dark[30:60, 100:220] = 94  # higher than the rest: a fill of its own
    dark[42:50, 120:123] = 5
    assert (101, 31, 221, 101) in find_fills(dark, 150 / 72)


def test_little_light_print_between_thick_dark_rulings_is_light_print() -> None:
    dark = np.zeros((260, 1000), np.uint8)
    dark[60:200, 50:950] = 170
    for y in (60, 105, 150, 196):
        dark[y : y + 4, 50:950] = 250
    for x in (300, 600):
        dark[105:200, x : x + 4] = 250
    for x in (150, 450, 750):
        for y in (80, 125, 172):
            dark[y : y + 14, x : x + 40 : 8] = 10
    assert len(list(find_fills(dark, 150 / 72))) == 1


def test_large_type_does_not_break_a_pale_fill_into_pieces() -> None:
    dark = np.zeros((200, 900), np.uint8)
    dark[60:106, 50:850] = 70
    for x in (100, 400, 700):
        dark[72:96, x : x + 100] = 20
    assert list(find_fills(dark, 150 / 72)) == [(51, 61, 851, 107)]


def test_a_fill_that_reaches_lower_under_merged_heads_is_found_in_pieces() -> None:
    """Heads merged down are filled over both rows of heads, spanners over the upper one."""
    grid = builders.grid("abcc|abde|fghi|jklm", col_px=120, row_px=50)
    canvas = draw_grid(grid, Pen(grey=110))
    left, middle, right = (round(grid.col_edges[i]) for i in (0, 2, -1))
    top, upper, lower = (round(grid.row_edges[i]) for i in (0, 1, 2))
    for x0, x1, y1 in ((left, middle, lower), (middle, right, upper)):
        fill = canvas[top + 2 : y1 - 1, x0 + 2 : x1 - 1]
        fill[fill > 200] = 160
        middle_line = len(fill) // 2
        letters(fill[middle_line - 18 : middle_line + 18], 255)
    found = find_rulings(page(canvas))
    assert build_grid(find_regions(page(canvas), found, NO_TEXT)[0], found, NO_TEXT).spans == grid.spans
    boxes = sorted(find_fills(darkness(canvas, 150), 150 / 72))
    assert len(boxes) == 2
