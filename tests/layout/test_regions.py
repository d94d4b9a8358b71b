from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from layout.regions import find_regions
from layout.rulings import find_rulings
from layout.values import Grid, Orientation, Ruling, TableRegion
from ocr.values import Pixels
from tests import builders
from tests.layout.drawing import NO_TEXT, Pen, blank, draw_grid, draw_ruling, grids, page, rulings_of


def regions(canvas: Pixels) -> tuple[TableRegion, ...]:
    image = page(canvas)
    return find_regions(image, find_rulings(image), NO_TEXT)


def frame(canvas: Pixels, x0: int, y0: int, x1: int, y1: int) -> None:
    for y in (y0, y1):
        draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, y, x0, x1, 2.0), Pen())
    for x in (x0, x1):
        draw_ruling(canvas, Ruling(Orientation.VERTICAL, x, y0, y1, 2.0), Pen())


def test_two_edges_of_a_scan_that_meet_in_a_corner_leave_the_table_alone() -> None:
    canvas = blank()
    frame(canvas, 120, 100, 500, 400)
    draw_ruling(canvas, Ruling(Orientation.VERTICAL, 300, 100, 400, 2.0), Pen())
    (table,) = regions(canvas)
    canvas = canvas.copy()
    draw_ruling(canvas, Ruling(Orientation.VERTICAL, 40, 110, 700, 2.0), Pen(), lambda along, _: along / 60)
    draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, 700, 40, 520, 2.0), Pen(), lambda along, _: along / 60)
    assert regions(canvas) == (table,)


def moved(grid: Grid, dx: float, dy: float) -> Grid:
    rows, cols = tuple(y + dy for y in grid.row_edges), tuple(x + dx for x in grid.col_edges)
    return Grid(TableRegion(1, grid.region.bbox.shifted(dx, dy)), rows, cols, grid.spans)


@settings(max_examples=15, deadline=None)
@given(grids())
def test_a_drawn_grid_is_one_region_around_it(grid: Grid) -> None:
    (region,) = regions(draw_grid(grid))
    wanted = grid.region.bbox
    sides = zip(region.bbox.as_tuple(), wanted.as_tuple(), strict=True)
    assert max(abs(a - b) for a, b in sides) <= 4


def test_two_tables_stacked_or_side_by_side_are_two() -> None:
    grid = builders.grid("abc|def|ghi", col_px=80)
    stacked = draw_grid(moved(grid, 0, 250), canvas=draw_grid(grid))
    beside = draw_grid(moved(grid, 320, 0), canvas=draw_grid(grid))
    assert len(regions(stacked)) == len(regions(beside)) == 2
    assert regions(stacked)[0].bbox.y0 < regions(stacked)[1].bbox.y0


def test_frames_boxes_rules_and_axes_are_no_tables() -> None:
    canvas = blank()
    frame(canvas, 20, 20, 980, 880)  # page frame
    frame(canvas, 100, 100, 600, 200)  # box around a paragraph
    for y in (260, 300):
        draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, y, 100, 700, 2.0), Pen())  # letterhead, underline
    draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, 800, 100, 700, 2.0), Pen())
    draw_ruling(canvas, Ruling(Orientation.VERTICAL, 100, 400, 800, 2.0), Pen())  # axes of a chart
    assert regions(canvas) == ()


def test_a_table_inside_a_page_frame_is_found_alone() -> None:
    canvas = draw_grid(builders.grid("abc|def|ghi", col_px=80))
    frame(canvas, 20, 20, 980, 880)
    (region,) = regions(canvas)
    assert region.bbox.height < 200


def test_one_row_is_a_table_and_a_blank_page_is_none() -> None:
    assert len(regions(draw_grid(builders.grid("abcd")))) == 1
    assert regions(blank()) == ()
    assert regions(np.full((900, 1000), 60, dtype=np.uint8)) == ()


def test_an_arc_that_touches_a_table_does_not_stretch_it() -> None:
    grid = builders.grid("abc|def|ghi", col_px=80)
    canvas = draw_grid(grid)
    bottom = round(grid.row_edges[-1])
    for step in range(3):  # the flank of a round seal: pieces of one stroke that wanders
        start = bottom - 20 + 30 * step
        canvas[start : start + 34, round(grid.col_edges[1]) + 2 * step : round(grid.col_edges[1]) + 2 * step + 3] = 60
    (region,) = regions(canvas)
    assert abs(region.bbox.y1 - bottom) <= 4


@pytest.mark.parametrize(("length", "is_side"), [(60, False), (500, True)])
def test_strokes_above_a_table_are_no_side_of_it_unless_they_are_long(length: int, is_side: bool) -> None:
    """A cross of two strokes stands just above the table; 480 px wide, so 60 are an eighth of it."""
    whole = builders.grid("....|....|....")
    x, y = whole.col_edges[0], whole.row_edges[0] - 26
    cross = (
        Ruling(Orientation.HORIZONTAL, y, x, x + length / 2, 3.0),
        Ruling(Orientation.HORIZONTAL, y, x + length / 2, x + length, 3.0),
        Ruling(Orientation.VERTICAL, x + 20, y - 6, y + 6, 3.0),
    )
    (region,) = find_regions(page(blank()), (*rulings_of(whole), *cross), NO_TEXT)
    assert (region.bbox.y0 < whole.row_edges[0] - 5) is is_side
