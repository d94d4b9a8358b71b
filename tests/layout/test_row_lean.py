"""Rows of a photographed page lean, the lower the more, and its columns too: print is put straight before it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout.grids import build_grid
from layout.implied import imply_rulings
from layout.regions import find_regions
from layout.row_lean import RowLean, leaning, row_lean
from layout.runs import Run
from layout.values import Grid, Orientation, Ruling, RulingSource
from ocr.geometry import BBox
from ocr.values import Char, Word
from tests.layout.printing import EM, printed, word


def runs(n_rows: int, n_cols: int, slope: float, growth: float, pitch: float = 34.0) -> list[Run]:
    out = []
    for row in range(n_rows):
        for col in range(n_cols):
            x, y = 100 + 160.0 * col, 100 + pitch * row
            y += (slope + growth * (y - 100)) * (x - 100)
            if not col or (row + col) % 3:
                out.append(Run("1,137.24", BBox(x, y - 9, x + 90, y + 9), EM, row * n_cols + col))
    return out


@settings(max_examples=40, deadline=None)
@given(st.integers(14, 30), st.integers(4, 6), st.floats(0.015, 0.035), st.booleans(), st.floats(0.0, 2e-5))
def test_the_lean_of_rows_is_found(n_rows: int, n_cols: int, slope: float, up: bool, growth: float) -> None:
    sign = -1.0 if up else 1.0
    own = runs(n_rows, n_cols, sign * slope, sign * growth)
    lean = row_lean(own, EM)
    assert lean is not None
    for y in (100.0, 100 + 34.0 * n_rows):
        true = sign * (slope + growth * (y - 100))
        assert lean.slope + lean.growth * (y - lean.y) == pytest.approx(true, abs=0.004)


@given(st.integers(4, 30), st.integers(2, 6), st.integers(0, 5))
def test_level_rows_do_not_lean_though_labels_stand_a_little_above_their_amounts(
    n_rows: int, n_cols: int, raised: int
) -> None:
    own = [
        replace(r, bbox=replace(r.bbox, y0=r.bbox.y0 - raised, y1=r.bbox.y1 - raised)) if r.bbox.x0 < 150 else r
        for r in runs(n_rows, n_cols, 0.0, 0.0)
    ]
    assert row_lean(own, EM) is None


def test_rulings_lean_as_the_print_does() -> None:
    lean = RowLean(0.02, 0.0, 500.0, 300.0, EM, aside=0.01, top=100.0)
    flat = Ruling(Orientation.HORIZONTAL, 300, 100, 900, 1.0, RulingSource.WHITESPACE)
    upright = Ruling(Orientation.VERTICAL, 500, 100, 500, 1.0, RulingSource.WHITESPACE)
    pieces = leaning([flat, upright], lean)
    level = [r for r in pieces if r.orientation is Orientation.HORIZONTAL]
    assert level[0].position == pytest.approx(300 - 0.02 * 400, abs=0.06 * EM)
    assert level[-1].position == pytest.approx(300 + 0.02 * 400, abs=0.06 * EM)
    turned = [r for r in pieces if r.orientation is Orientation.VERTICAL]
    assert turned[-1].position - turned[0].position == pytest.approx(0.01 * 400, abs=0.12 * EM)


def _leans(w: Word, slope: float, aside: float) -> Word:
    dx = aside * (w.bbox.centre[1] - 100)
    dy = slope * (w.bbox.centre[1] - 100) / 600 * (w.bbox.centre[0] - 80)
    chars = tuple(Char(c.text, c.x0 + dx, c.x1 + dx, c.confidence) for c in w.chars)
    return replace(w, bbox=w.bbox.shifted(dx, dy), chars=chars)


@pytest.mark.parametrize(("slope", "aside"), [(0.0, 0.0), (-0.045, 0.0), (-0.045, 0.028), (0.04, -0.028)])
def test_rows_that_lean_under_ruled_heads_are_theirs_each_figure_in_its_row(slope: float, aside: float) -> None:
    """The lowest rows lean by more than half a line; nothing stands in one column of these."""
    edges = [60.0, 290.0, 430.0, 570.0, 710.0]
    rulings = [
        *(Ruling(Orientation.VERTICAL, x, 80, 120, 2.0) for x in edges),
        *(Ruling(Orientation.HORIZONTAL, y, edges[0], edges[-1], 2.0) for y in (80, 120)),
    ]
    words = [
        word(n, (a + b) / 2, 100, "centre")
        for n, a, b in zip(("科目", "合计", "基本", "项目"), edges, edges[1:], strict=False)
    ]
    n_rows = 16
    for row in range(n_rows):
        y = 150 + 34 * row
        own = [(f"{30101 + row}支出", 80, "left"), (f"{row + 10}.50", 420, "right")]
        own.append((f"{row + 10}.50", 560 if row < 8 else 700, "right"))
        words += [_leans(word(t, x, y, a), slope, aside) for t, x, a in own]
    image, text = printed(words, rulings)
    implied = imply_rulings(image, rulings, text)
    (grid,) = [build_grid(region, implied, text) for region in find_regions(image, implied, text)]
    assert (grid.n_rows, grid.n_cols) == (n_rows + 1, 4)
    assert _rows_of(grid, text.words)


def _rows_of(grid: Grid, words: tuple[Word, ...]) -> bool:
    """Whether all figures and labels of a row lie in cells of one row."""
    rows = []
    for w in words[4:]:
        x, y = w.bbox.centre
        rows.append(next(s.row for i, s in enumerate(grid.spans) if grid.span_bbox(i).grown(1).contains(x, y)))
    return all(len(set(rows[i : i + 3])) == 1 for i in range(0, len(rows), 3))


def test_a_few_last_rows_that_lean_out_of_ruled_heads_columns_are_cut_at_these_too() -> None:
    """A page that bends: its upper rows stand upright, the last two names lie across the edge before them."""
    edges = [60.0, 190.0, 430.0, 570.0]
    rulings = [
        *(Ruling(Orientation.VERTICAL, x, 80, 120, 2.0) for x in edges),
        *(Ruling(Orientation.HORIZONTAL, y, edges[0], edges[-1], 2.0) for y in (80, 120)),
    ]
    words = [
        word(n, (a + b) / 2, 100, "centre") for n, a, b in zip(("编码", "名称", "合计"), edges, edges[1:], strict=False)
    ]
    n_rows = 20
    for row in range(n_rows):
        y = 150 + 34 * row
        own = [(f"{20101 + row}", 75, "left"), ("住房保障支出", 196, "left"), (f"{row + 10}.50", 555, "right")]
        words += [_leans(word(t, x, y, a), 0.0, -0.1 * max(0, row - 15) / 15) for t, x, a in own]
    image, text = printed(words, rulings)
    implied = imply_rulings(image, rulings, text)
    (grid,) = [build_grid(region, implied, text) for region in find_regions(image, implied, text)]
    assert (grid.n_rows, grid.n_cols) == (n_rows + 1, 3)
    assert all(s.rowspan == s.colspan == 1 for s in grid.spans)
