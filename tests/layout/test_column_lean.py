"""Columns of a photographed page that lean, without rulings between them."""

from __future__ import annotations

import pytest

from layout.areas import Area
from layout.baselines import bounds
from layout.column_lean import straightened
from layout.rule_areas import find_rule_areas
from layout.runs import Run
from layout.values import Ruling
from ocr.geometry import BBox
from ocr.values import Word
from tests.layout.printing import EM, printed, word
from tests.layout.test_implied import read, rule, shape

NAMES = ("公共安全支出", "教育支出", "科学技术支出", "文化旅游支出", "卫生健康支出", "农林水支出")
N_ROWS, PITCH, TOP = 20, 44, 100


def at(y: float, lean: float) -> float:
    return lean * (y - TOP)


def words(lean: float) -> list[Word]:
    """Heads, and rows whose last column is filled below only: its head stands over what is blank above."""
    heads = (("编码", 140), ("名称", 330), ("合计", 700), ("基本支出", 860), ("项目支出", 1000))
    found = [word(h, x + at(TOP, lean), TOP, "centre") for h, x in heads]
    for row in range(N_ROWS):
        y = TOP + PITCH * (row + 1)
        dx = at(y, lean)
        found += [word(f"{20101 + row}", 100 + dx, y), word(NAMES[row % 6], 240 + dx, y)]
        amounts = [(f"{row + 11},204.50", 760), (f"{row + 11},204.50", 920), (f"{row + 1}1.20", 1045)]
        found += [word(t, x + dx, y, "right") for t, x in amounts[: 2 + (row > 12)]]
    return found


def rules(lean: float) -> list[Ruling]:
    ys = [TOP - PITCH / 2 + PITCH * i for i in range(N_ROWS + 2)]
    return [rule(y, 80 + at(y, lean), 1060 + at(y, lean)) for y in ys]


@pytest.mark.parametrize("lean", [0.0, 0.035, -0.035])
def test_a_table_of_rules_that_lean_is_read_whole_its_heads_over_their_columns(lean: float) -> None:
    (grid,) = read(*printed(words(lean), rules(lean)))
    assert shape(grid) == (N_ROWS + 1, 5, [])


@pytest.mark.parametrize("lean", [0.0, 0.018, -0.018])
def test_a_table_without_rulings_that_leans_is_read_whole(lean: float) -> None:
    (grid,) = read(*printed(words(lean)))
    assert shape(grid) == (N_ROWS + 1, 5, [])


def runs(lean: float) -> tuple[Run, ...]:
    ys = [TOP + PITCH * i for i in range(N_ROWS)]
    return tuple(
        Run("1,204.50", BBox(x + at(y, lean), y - 9, x + 80 + at(y, lean), y + 9), EM, 0)
        for y in ys
        for x in (100, 300, 500)
    )


def test_rules_that_follow_a_leaning_side_are_one_tables() -> None:
    lean = 0.06
    (area,) = find_rule_areas(runs(lean), rules(lean), EM)
    assert len(area.rules) == N_ROWS + 2


@pytest.mark.parametrize("lean", [0.02, -0.015])
def test_print_and_rules_stand_upright_afterwards(lean: float) -> None:
    own = runs(lean)
    area = Area(bounds(own).grown(7), own)
    flat = straightened(area, EM)
    assert flat.aside == pytest.approx(lean, abs=0.003)
    assert max(r.bbox.x0 for r in flat.runs[::3]) - min(r.bbox.x0 for r in flat.runs[::3]) < 0.2 * EM
    ruled = Area(BBox(80, 80, 1060, 1000), own, tuple((r.position, r.start, r.end) for r in rules(lean)))
    assert straightened(ruled, EM).aside == pytest.approx(lean, abs=0.001)


def test_what_hardly_leans_stays() -> None:
    own = runs(0.004)
    area = Area(bounds(own).grown(7), own)
    assert straightened(area, EM) is area
