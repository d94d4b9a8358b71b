"""Columns of characters are no rulings; rulings that print breaks in a few rows are."""

from __future__ import annotations

import pytest

from layout.floating import without_floating
from layout.values import Orientation, Ruling

LEVEL = [Ruling(Orientation.HORIZONTAL, 100.0 + 30 * i, 50.0, 500.0, 2.0) for i in range(9)]


def pieces(*spans: tuple[float, float]) -> list[Ruling]:
    return [Ruling(Orientation.VERTICAL, 200.0 + 0.3 * (i % 2), a, b, 2.0) for i, (a, b) in enumerate(spans)]


def test_strokes_within_each_row_are_a_column_of_characters() -> None:
    percents = pieces(*((108.0 + 30 * i, 124.0 + 30 * i) for i in range(8)))
    assert without_floating(percents, LEVEL, 2.0) == []


@pytest.mark.parametrize(
    "line",
    [
        pieces((100.0, 340.0)),
        pieces((100.0, 160.0), (175.0, 250.0), (262.0, 340.0)),
        pieces((100.0, 130.0), (220.0, 250.0)),
        pieces((108.0, 124.0), (138.0, 154.0)),
    ],
    ids=["whole", "broken", "in some rows", "too few to tell"],
)
def test_rulings_stay(line: list[Ruling]) -> None:
    kept = without_floating(line, LEVEL, 2.0)
    assert sorted(kept, key=lambda r: r.start) == line


def test_a_column_of_characters_beside_a_ruling_goes_alone() -> None:
    ruling = [Ruling(Orientation.VERTICAL, 230.0, 100.0, 340.0, 2.0)]
    percents = pieces(*((108.0 + 30 * i, 124.0 + 30 * i) for i in range(8)))
    assert without_floating([*percents, *ruling], LEVEL, 2.0) == ruling


def test_a_ruling_that_fills_its_rows_stays_where_characters_stand_in_line_below_it() -> None:
    whole = pieces((100.0, 160.0))
    percents = pieces(*((168.0 + 30 * i, 184.0 + 30 * i) for i in range(6)))
    assert without_floating([*whole, *percents], LEVEL, 2.0) == whole
