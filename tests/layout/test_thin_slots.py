"""Slots in which no text can stand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout.grids import build_grid
from layout.thin_slots import without_thin
from layout.values import Grid, Orientation, Ruling, Span, TableRegion
from ocr.geometry import BBox
from ocr.values import PageText, TextSource, Word
from tests.layout.drawing import grids, rulings_of

EM = 30.0
#: One word far off says how high text is.
TEXT = PageText("0" * 64, TextSource.OCR, (Word("字", BBox(2000, 2000, 2040, 2000 + EM), 0.9),))
NONE = np.zeros((0, 4))


def _ruling(flat: bool, position: float, start: float, end: float) -> Ruling:
    return Ruling(Orientation.HORIZONTAL if flat else Orientation.VERTICAL, position, start, end, 2.0)


def _nested(inset: float) -> list[Ruling]:
    """A label beside a cell that holds a grid of two by two, below a row parted elsewhere."""
    x0, x1, y0, y1 = 200 + inset, 700 - inset, 100 + inset, 400 - inset
    outer = [_ruling(True, y, 0, 700) for y in (0, 100, 400)] + [_ruling(False, x, 0, 400) for x in (0, 200, 700)]
    inner = [_ruling(True, y, x0, x1) for y in (y0, 250, y1)] + [_ruling(False, x, y0, y1) for x in (x0, 420, x1)]
    return [*outer, _ruling(False, 300, 0, 100), *inner]


@pytest.mark.parametrize("inset", [10.0, 12.0, 16.0])
def test_a_nested_grid_is_cells_of_the_lattice_around_it(inset: float) -> None:
    grid = build_grid(TableRegion(1, BBox(0, 0, 700, 400)), _nested(inset), TEXT)
    below = [Span(1, 0, 3, 1), Span(1, 1, 2, 3), Span(1, 3, 2, 4), Span(2, 1, 3, 3), Span(2, 3, 3, 4)]
    assert grid.spans == tuple(sorted([Span(0, 0, 1, 1), Span(0, 1, 1, 2), Span(0, 2, 1, 4), *below]))


def test_cells_of_a_nested_grid_keep_their_own_sides() -> None:
    grid = build_grid(TableRegion(1, BBox(0, 0, 700, 400)), _nested(14.0), TEXT)
    box = grid.span_bbox(grid.spans.index(Span(1, 1, 2, 3)))
    assert box.as_tuple() == pytest.approx((214, 114, 420, 250), abs=1)


def test_a_thin_row_with_text_stays() -> None:
    grid = Grid(TableRegion(1, BBox(0, 0, 300, 110)), (0, 50, 60, 110), (0, 150, 300), tuple(
        Span(r, c, r + 1, c + 1) for r in range(3) for c in range(2)
    ))  # fmt: skip
    assert without_thin(grid, np.array([[10.0, 51.0, 40.0, 59.0], [160.0, 51.0, 190.0, 59.0]]), EM) == grid
    assert without_thin(grid, NONE, EM).n_rows == 2


@given(grids())
@settings(deadline=None, max_examples=30)
def test_wide_slots_stay(grid: Grid) -> None:
    assert without_thin(grid, NONE, EM) == grid


@given(grids(), st.integers(0, 7), st.integers(3, 16), st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_wide_double_ruling_through_the_table_is_one_edge(grid: Grid, at: int, gap: int, flat: bool) -> None:
    edges = grid.row_edges if flat else grid.col_edges
    inner = edges[1 + at % (len(edges) - 1)]
    start, end = (grid.col_edges[0], grid.col_edges[-1]) if flat else (grid.row_edges[0], grid.row_edges[-1])
    whole = [
        s for s in grid.spans if (s.row if flat else s.col) < edges.index(inner) < (s.row_stop if flat else s.col_stop)
    ]
    if whole:
        return  # a double ruling right through a merged cell parts it
    way = Orientation.HORIZONTAL if flat else Orientation.VERTICAL
    moved = [
        Ruling(r.orientation, r.position + gap * (r.orientation is way and r.position > inner), *_ends(r, way, inner, gap), 2.0)
        for r in rulings_of(grid)
    ]  # fmt: skip
    double = Ruling(way, inner + gap, start, end, 2.0)
    box = BBox(grid.col_edges[0], grid.row_edges[0], grid.col_edges[-1] + gap, grid.row_edges[-1] + gap)
    got = build_grid(TableRegion(1, box), [*moved, double], TEXT)
    assert got.spans == grid.spans


def _ends(ruling: Ruling, way: Orientation, inner: float, gap: int) -> tuple[float, float]:
    """Where a ruling ends once what lies behind ``inner`` is moved by ``gap``."""
    if ruling.orientation is way:
        return ruling.start, ruling.end
    return ruling.start + gap * (ruling.start > inner), ruling.end + gap * (ruling.end > inner)
