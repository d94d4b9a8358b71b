"""Body levels + columns -> rows, with their edges and the spans of their cells.

Rows are those that drawn rulings part; where these only part bands of rows, row_bands.py divides them. A run over
several columns spans them, and so does a lone label in their middle (合计 over code and name).
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from layout.areas import Area, full_rules
from layout.baselines import WIDE_WHITE, Level, joined_runs
from layout.gutters import FIGURE_GUTTER, Column, column_of, columns_of
from layout.headers import is_total_label
from layout.row_bands import split_rows
from layout.runs import Run
from layout.values import Span


@dataclass(frozen=True, slots=True)
class Row:
    """A row's levels, with the drawn or implied edge above it."""

    levels: tuple[Level, ...]
    top: float
    bottom: float


def find_rows(body: Sequence[Level], columns: Sequence[Column], area: Area, em: float) -> list[Row]:
    full = [y for y in full_rules(area.rules, area.bbox) if body[0].y < y < body[-1].y]
    bands = [
        [level for level in body if low < level.y <= high]
        for low, high in itertools.pairwise([float("-inf"), *full, float("inf")])
    ]
    bands = [b for b in bands if b]
    ruled = len(bands) >= 3 and len(bands) >= 0.6 * _figure_rows(body, columns)
    groups: list[list[Level]] = []
    for band in bands:
        pieces = [(0, len(band))] if ruled else split_rows(band, columns, em)
        groups += [list(band[a:b]) for a, b in pieces]
    return _with_edges(groups, full, area, body)


def _figure_rows(body: Sequence[Level], columns: Sequence[Column]) -> int:
    counts = [
        sum(any(r.is_figure and column_of(columns, r.x) == i for r in level.runs) for level in body)
        for i in range(len(columns))
    ]
    return max(counts, default=0)


def _with_edges(groups: list[list[Level]], full: Sequence[float], area: Area, body: Sequence[Level]) -> list[Row]:
    tops = []
    for above, below in itertools.pairwise(groups):
        high, low = max(level.bottom for level in above), min(level.top for level in below)
        ruled = [y for y in full if above[-1].y < y < below[0].y]
        tops.append(ruled[0] if ruled else (high + low) / 2)
    all_rules = full_rules(area.rules, area.bbox)
    heads = [r for r in area.runs if r.y < groups[0][0].y - 1 and all(r not in level.runs for level in body)]
    first = area.bbox.y0
    if heads:
        high, low = max(r.bbox.y1 for r in heads), min(level.top for level in groups[0])
        ruled = [y for y in all_rules if max(r.y for r in heads) < y < groups[0][0].y]
        first = ruled[-1] if ruled else (high + low) / 2
    edges = [first, *tops, area.bbox.y1]
    return [Row(tuple(g), a, b) for g, a, b in zip(groups, edges, edges[1:], strict=False)]


def body_spans(rows: Sequence[Row], columns: Sequence[Column], first_row: int, em: float) -> list[Span]:
    spans: list[Span] = []
    lefts = _settings(rows, columns, em)
    for index, row in enumerate(rows, start=first_row):
        taken: list[tuple[int, int]] = []
        runs = [r for level in row.levels for r in _joined_in_columns(level, columns, em)]
        ranges = [columns_of(columns, r.bbox.x0, r.bbox.x1, em) for r in runs]
        filled = {c for a, b in ranges for c in range(a, b)}
        for run, (a, b) in zip(runs, ranges, strict=True):
            if b - a == 1 and sum(a <= other < b for other, _ in ranges) == 1:
                a, b = _centred_over(run, a, filled, columns, lefts, em)
            taken.append((a, b))
        spans += [Span(index, a, index + 1, b) for a, b in _disjoint(taken, len(columns))]
    return spans


def _joined_in_columns(level: Level, columns: Sequence[Column], em: float) -> list[Run]:
    """Runs of a level put together within their columns; across a narrow gutter only where no white shows."""
    runs = joined_runs(level.runs, FIGURE_GUTTER * em)
    groups = itertools.groupby(runs, key=lambda r: column_of(columns, r.x))
    return [run for _, group in groups for run in joined_runs(list(group), WIDE_WHITE * em)]


def _disjoint(ranges: Sequence[tuple[int, int]], n: int) -> list[tuple[int, int]]:
    """Ranges merged where they overlap, single columns between them."""
    out: list[tuple[int, int]] = []
    for a, b in sorted(ranges):
        if out and a < out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    taken = {c for a, b in out for c in range(a, b)}
    return sorted([*out, *((c, c + 1) for c in range(n) if c not in taken)])


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a column's texts are set: where they begin, and their middle if they share one."""

    starts: tuple[float, ...]
    middle: float | None

    def fits(self, run: Run, em: float) -> bool:
        if self.middle is not None:
            return abs(run.x - self.middle) <= 0.8 * em
        return sum(abs(x - run.bbox.x0) < 0.4 * em for x in self.starts) > max(1, 0.1 * len(self.starts))


def _settings(rows: Sequence[Row], columns: Sequence[Column], em: float) -> list[_Setting]:
    runs: list[list[Run]] = [[] for _ in columns]
    for row in rows:
        for level in row.levels:
            for run in joined_runs(level.runs, WIDE_WHITE * em):
                runs[column_of(columns, run.x)].append(run)
    return [_setting(own, em) for own in runs]


def _setting(runs: Sequence[Run], em: float) -> _Setting:
    middle = statistics.median(r.x for r in runs) if runs else 0.0
    centred = sum(abs(r.x - middle) < 0.4 * em for r in runs)
    begun = max((sum(abs(r.bbox.x0 - o.bbox.x0) < 0.3 * em for r in runs) for o in runs), default=0)
    is_centred = len(runs) > 2 and centred >= 0.7 * len(runs) and centred > begun
    return _Setting(tuple(r.bbox.x0 for r in runs), middle if is_centred else None)


def _centred_over(
    run: Run, col: int, filled: set[int], columns: Sequence[Column], settings: Sequence[_Setting], em: float
) -> tuple[int, int]:
    """The columns a lone label is in the middle of, when it stands where nothing else in its column does."""
    if run.is_figure or (settings[col].fits(run, em) and not is_total_label(run.text)):
        return col, col + 1
    best = (abs(columns[col].x - run.x), col, col + 1)
    for a in range(max(0, col - 3), col + 1):
        for b in range(col + 1, min(len(columns), col + 4) + 1):
            others = set(range(a, b)) - {col}
            if not others or others & filled or any(columns[c].is_figures for c in others - {0}):
                continue
            off = _off_middle(run, a, b, columns)
            if off < 0.6 * em and off + em < best[0]:
                best = (off, a, b)
    return best[1], best[2]


def _off_middle(run: Run, a: int, b: int, columns: Sequence[Column]) -> float:
    """How far a run is off the middle of columns [a, b), whose sides lie somewhere in the gutters."""
    left = columns[a - 1].x1 if a else columns[a].x0
    right = columns[b].x0 if b < len(columns) else columns[b - 1].x1
    low, high = (min(left, columns[a].x0) + columns[b - 1].x1) / 2, (columns[a].x0 + max(right, columns[b - 1].x1)) / 2
    return max(0.0, low - run.x, run.x - high)
