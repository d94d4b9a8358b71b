"""What confidence is worth: judged cells, bins, and the picture of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.scoring.curve import draw_curve, wilson
from flows.scoring.reliability import Judged, bins, calibration_error, judge_numbers, sure_and_wrong
from flows.scoring.values import BenchTable
from tests.bench.builders import reading, table

TRUE = table("项目 金额", "工资 1,234.50", "其他 2.00", "合计 .")


def read_as(*texts: str, confidence: float = 0.9) -> BenchTable:
    cells = [
        replace(c, text=texts[c.row - 1] if c.col == 1 and c.row else c.text, confidence=confidence) for c in TRUE.cells
    ]
    return replace(TRUE, cells=tuple(cells))


def test_numbers_are_judged_at_their_place_and_words_are_not() -> None:
    found = list(judge_numbers(reading(TRUE), reading(read_as("1234.50", "2.01", ""))))
    assert found == [Judged(0.9, True), Judged(0.9, False)]


def test_a_number_lost_and_a_number_invented_are_wrong() -> None:
    found = list(judge_numbers(reading(TRUE), reading(read_as("", "2.00", "7"))))
    assert [j.is_right for j in found] == [False, True, False]


def test_cells_of_another_shape_say_nothing_about_confidence() -> None:
    merged = replace(read_as("1,234.50", "2.00", ""), cells=(replace(TRUE.cells[3], rowspan=2, confidence=1.0),))
    assert list(judge_numbers(reading(TRUE), reading(merged))) == []


def test_bins_hold_every_cell_once() -> None:
    judged = [Judged(share, share > 0.6) for share in (0.0, 0.5, 0.7, 0.995, 1.0, 1.0)]
    curve = bins(judged)
    assert sum(b.n for b in curve) == len(judged)
    assert (curve[-1].n, curve[-1].held) == (2, 1.0)
    assert sure_and_wrong(judged) == (3, 0)


def test_confidence_that_keeps_its_word_has_no_error() -> None:
    judged = [Judged(0.75, i < 3) for i in range(4)]
    assert calibration_error(bins(judged)) == pytest.approx(0.0)
    assert calibration_error(bins([Judged(0.75, False)])) == pytest.approx(0.75)
    assert calibration_error(()) == 0.0


def test_the_interval_of_a_share_holds_it_and_narrows() -> None:
    few, many = wilson(9, 10), wilson(900, 1000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1] <= 1.0
    assert wilson(5, 5)[1] == pytest.approx(1.0)


def test_points_above_the_diagonal_are_drawn_above_it() -> None:
    blank = draw_curve(())
    modest, boastful = (draw_curve(bins([Judged(0.85, i < n) for i in range(100)])) for n in (99, 20))
    inked = [np.argwhere((picture != blank).any(axis=2))[:, 0].mean() for picture in (modest, boastful)]
    assert inked[0] < inked[1]
