"""Levels -> columns: the white that runs down between them.

A gutter is a vertical strip that no run of the body crosses (whitespace covers, Breuel 2002, in one dimension), wide
enough, or narrow between figures and texts. A few levels may cross one where both its sides are well filled: titles of
sections. Heads add the columns whose body is empty.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from layout.baselines import WIDE_WHITE, Level, joined_runs, lap
from layout.headers import is_total_label
from layout.runs import Run
from layout.stretches import union


@dataclass(frozen=True, slots=True)
class Column:
    """x0, x1: of its print, px. is_figures: whether amounts stand in it for the most part. bands: from where to where
    down the page it is parted from the column before it; (): everywhere.
    """

    x0: float
    x1: float
    is_figures: bool = False
    bands: tuple[tuple[float, float], ...] = ()

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2


#: In text heights: least width of a gutter, of one that has amounts on one side only, of one between amounts.
GUTTER, FIGURE_GUTTER, BETWEEN_FIGURES = 0.7, 0.28, 0.5
#: Share of the levels that may cross a gutter, and how many must fill each of its sides then.
CROSSING, FILLED = 0.08, 3


def find_columns(levels: Sequence[Level], em: float, edges: Sequence[float] = ()) -> tuple[Column, ...]:
    """The columns of the body, left to right. edges: x where a drawn ruling parts columns anyway."""
    lines = [joined_runs(level.runs, WIDE_WHITE * em) for level in levels]
    # A lone text may be a title; a lone amount is of a line that leans too much to be one level.
    own = [level for level, line in zip(levels, lines, strict=True) if len(line) > 1 or line[0].is_figure]
    many = own or list(levels)
    crossing = _crossing_levels(many, em)
    kept = [level for i, level in enumerate(many) if i not in crossing]
    runs = [r for level in kept for r in _without_total_label(level)]
    covered = union([(r.bbox.x0, r.bbox.x1) for r in runs])
    covered = _cut_at(covered, edges)
    columns = tuple(column_over(x0, x1, runs) for x0, x1 in _wide_enough(covered, kept, em, edges))
    return _with_lone_lines(columns, [line[0] for line in lines if len(line) == 1], em)


def _with_lone_lines(columns: tuple[Column, ...], lone: Sequence[Run], em: float) -> tuple[Column, ...]:
    """The columns as wide as texts alone in their lines that begin in them and end before the next one's print: first lines of
    cells that go on beside their row's amounts.
    """
    out = list(columns)
    for i, (column, after) in enumerate(itertools.pairwise(columns)):
        ends = [r.bbox.x1 for r in lone if column.x0 - 0.3 * em <= r.bbox.x0 <= column.x1 and not r.is_figure]
        within = [x for x in ends if column.x1 < x <= after.x0 - FIGURE_GUTTER * em]
        out[i] = replace(column, x1=max(within, default=column.x1))
    return tuple(out)


def _without_total_label(level: Level) -> Sequence[Run]:
    """A level's runs less the label of a total at its beginning, which may lie across the white between columns."""
    return level.runs[1:] if len(level.runs) > 1 and is_total_label(level.runs[0].text) else level.runs


def column_over(x0: float, x1: float, runs: Sequence[Run]) -> Column:
    """The column from x0 to x1 with what is printed in it."""
    inside = [r for r in runs if lap(r.bbox.x0, r.bbox.x1, x0, x1) > 0]
    return Column(x0, x1, 2 * sum(r.is_figure for r in inside) > len(inside))


def _cut_at(covered: list[tuple[float, float]], edges: Sequence[float]) -> list[tuple[float, float]]:
    for x in edges:
        covered = [p for a, b in covered for p in ([(a, x), (x, b)] if a < x < b else [(a, b)])]
    return covered


def _wide_enough(
    covered: list[tuple[float, float]], levels: Sequence[Level], em: float, edges: Sequence[float]
) -> list[tuple[float, float]]:
    """Stretches joined over whites that are no gutters."""
    out: list[tuple[float, float]] = []
    for x0, x1 in covered:
        ruled = out and any(out[-1][1] <= x <= x0 for x in edges)
        if out and not ruled and not _is_gutter(out[-1], (x0, x1), levels, em):
            out[-1] = (out[-1][0], x1)
        else:
            out.append((x0, x1))
    return out


def _is_gutter(left: tuple[float, float], right: tuple[float, float], levels: Sequence[Level], em: float) -> bool:
    """Wide white parts anything; between amounts half an em does, between amounts and texts what shows as white."""
    white = right[0] - left[1]
    if white >= GUTTER * em:
        return True
    runs = [r for level in levels for r in level.runs]
    figures = [column_over(x0, x1, runs).is_figures for x0, x1 in (left, right)]
    least = FIGURE_GUTTER if figures[0] != figures[1] else BETWEEN_FIGURES if figures[0] else GUTTER
    return white >= least * em


def _crossing_levels(levels: Sequence[Level], em: float) -> set[int]:
    """The few levels whose long runs hide a gutter that all others keep free and fill on both sides."""
    allowed = int(max(1.0, CROSSING * len(levels))) if len(levels) > 2 * FILLED else 0
    found: set[int] = set()
    if not allowed:
        return found
    for i, level in enumerate(levels):
        others = [r for k, other in enumerate(levels) if k != i and k not in found for r in other.runs]
        for run in joined_runs(level.runs, 0.5 * em):
            white = _whites(others, run.bbox.x0, run.bbox.x1, GUTTER * em)
            if any(_filled(levels, run, a, b, em) for a, b in white):
                found.add(i)
    return found if len(found) <= allowed else set()


def _whites(runs: Sequence[Run], x0: float, x1: float, least: float) -> list[tuple[float, float]]:
    """Whites at least so wide within (x0, x1) that runs leave free, between runs on both sides."""
    near = union([(r.bbox.x0, r.bbox.x1) for r in runs if r.bbox.x1 > x0 and r.bbox.x0 < x1])
    gaps = [(a[1], b[0]) for a, b in itertools.pairwise(near)]
    return [(a, b) for a, b in gaps if b - a >= least]


def _filled(levels: Sequence[Level], run: Run, x0: float, x1: float, em: float) -> bool:
    """Whether enough levels have print right beside this white, on its left and on its right, within the run's reach."""
    low, high = max(run.bbox.x0, x0 - 6 * em), min(run.bbox.x1, x1 + 6 * em)
    left = sum(any(low <= r.bbox.x1 <= x0 and r is not run for r in lv.runs) for lv in levels)
    right = sum(any(x1 <= r.bbox.x0 <= high and r is not run for r in lv.runs) for lv in levels)
    return min(left, right) >= FILLED


def column_of(columns: Sequence[Column], x: float) -> int:
    """Index of the column nearest to x."""
    return min(range(len(columns)), key=lambda i: max(columns[i].x0 - x, x - columns[i].x1))


def columns_of(columns: Sequence[Column], x0: float, x1: float, em: float) -> tuple[int, int]:
    """Half-open range of the columns that a stretch of print covers: those it goes well into, else the nearest."""
    own = [
        i for i, c in enumerate(columns)
        if lap(x0, x1, c.x0, c.x1) >= min(0.6 * em, 0.5 * max(1.0, c.x1 - c.x0))
    ]  # fmt: skip
    if not own:
        nearest = column_of(columns, (x0 + x1) / 2)
        return nearest, nearest + 1
    return own[0], own[-1] + 1
