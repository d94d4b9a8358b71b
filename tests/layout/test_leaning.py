"""Columns of a photographed page lean: their white is found along them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.baselines import Level
from layout.gutters import find_columns
from layout.leaning import LEAN, upright
from layout.runs import Run
from ocr.geometry import BBox

EM = 20.0


def levels(n_rows: int, lean: float, gutter: float = 16.0) -> list[Level]:
    """Rows of four columns of amounts, every third amount blank but for the first column's."""
    out = []
    for row in range(n_rows):
        y = 100 + 40.0 * row
        runs = [
            Run("1,137.24", BBox(x + lean * y, y - 9, x + 100 + lean * y, y + 9), EM, col)
            for col, x in ((c, 100 + (100 + gutter) * c) for c in range(4)) if not col or (row + col) % 3
        ]  # fmt: skip
        out.append(Level(y, tuple(runs)))
    return out


@given(st.integers(6, 30), st.floats(-0.9 * LEAN, 0.9 * LEAN))
def test_columns_are_as_many_as_on_a_page_that_does_not_lean(n_rows: int, lean: float) -> None:
    assert len(find_columns(upright(levels(n_rows, lean), EM), EM)) == 4


@pytest.mark.parametrize("lean", [-0.02, 0.02])
def test_without_that_they_run_into_each_other(lean: float) -> None:
    assert len(find_columns(levels(24, lean), EM)) < 4


def test_upright_columns_are_left_as_they_are() -> None:
    own = levels(12, 0.0)
    assert upright(own, EM) is own
