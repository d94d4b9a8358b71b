"""Levels of a page that leans -> the same, moved sideways so that its columns stand upright: more gutters run down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layout.baselines import Level
from layout.gutters import find_columns
from layout.runs import Run

#: Most that columns of a photographed page lean, width by height; steps tried to either side; rows that tell it.
LEAN, STEPS, ROWS = 0.024, 4, 6


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


def _moved(level: Level, dx: float) -> Level:
    return replace(level, runs=tuple(moved(r, dx) for r in level.runs))


def moved(run: Run, dx: float) -> Run:
    """A run moved by so many px to the right."""
    return replace(run, bbox=replace(run.bbox, x0=run.bbox.x0 + dx, x1=run.bbox.x1 + dx))
