"""Levels of a page that leans -> the same, moved sideways so that its columns stand upright: more gutters run down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from layout.baselines import Level
from layout.gutters import find_columns
from layout.runs import Run

#: Most that columns of a photographed page lean, width by height; steps tried to either side; rows that tell it.
LEAN, STEPS, ROWS = 0.024, 4, 6
#: Steps to either side for single lines; px within which they are in line.
FINE_STEPS, IN_LINE = 12, 3.0


def upright(levels: Sequence[Level], em: float) -> Sequence[Level]:
    """The levels moved sideways about their middle height, by the least lean that parts the most columns."""
    if len(levels) < ROWS:
        return levels
    middle = (levels[0].y + levels[-1].y) / 2
    best, most = levels, len(find_columns(levels, em))
    for k in sorted((k for k in range(-STEPS, STEPS + 1) if k), key=abs):
        moved = [_moved(level, LEAN * k / STEPS * (middle - level.y)) for level in levels]
        n = len(find_columns(moved, em))
        if n > most:
            best, most = moved, n
    return best


def upright_lines(levels: Sequence[Level]) -> list[Level]:
    """The levels moved sideways by the lean at which most print begins, ends or has its middle in line: a form has no
    columns that run all the way down to tell it by.
    """
    middle, lean = (levels[0].y + levels[-1].y) / 2, lean_in_line(levels)
    return [_moved(level, lean * (middle - level.y)) for level in levels]


def lean_in_line(levels: Sequence[Level]) -> float:
    """The lean, px to the right for each px down, at which most print begins, ends or has its middle in line."""
    middle = (levels[0].y + levels[-1].y) / 2
    boxes = [r.bbox for level in levels for r in level.runs]
    ys = middle - np.array([(b.y0 + b.y1) / 2 for b in boxes])
    places = np.array([(b.x0, (b.x0 + b.x1) / 2, b.x1) for b in boxes])

    def in_line(lean: float) -> int:
        at = np.round((places + (lean * ys)[:, None]) / IN_LINE).astype(int)
        return int(sum((np.unique(at[:, k], return_counts=True)[1] ** 2).sum() for k in range(3)))

    leans = sorted((LEAN * k / FINE_STEPS for k in range(-FINE_STEPS, FINE_STEPS + 1)), key=abs)
    return max(leans, key=in_line)


def _moved(level: Level, dx: float) -> Level:
    return replace(level, runs=tuple(moved(r, dx) for r in level.runs))


def moved(run: Run, dx: float, dy: float = 0.0) -> Run:
    """A run moved by so many px to the right and down."""
    return replace(run, bbox=run.bbox.shifted(dx, dy))
