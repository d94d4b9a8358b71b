"""Runs -> levels: what stands at one height, and the columns' share of it."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layout.reading_order import is_wide
from layout.runs import Run
from ocr.geometry import BBox

#: In text heights: runs of one line differ less in height than this. Two lines of a wrapped cell stand half a line
#: above and below their neighbour in the middle, 0.6 at least.
SAME_LEVEL = 0.34
#: In text heights: white that parts two things on one line wherever they stand.
WIDE_WHITE = 0.9
_OPENING, _CLOSING = frozenset("(（《“‘【[「"), frozenset(")）》”’】]」，,、。；;：:")


@dataclass(frozen=True, slots=True)
class Level:
    """Runs at one height, left to right. y: their middle, px."""

    y: float
    runs: tuple[Run, ...]

    @property
    def top(self) -> float:
        return min(r.bbox.y0 for r in self.runs)

    @property
    def bottom(self) -> float:
        return max(r.bbox.y1 for r in self.runs)


def find_levels(runs: Iterable[Run], em: float) -> tuple[Level, ...]:
    """All runs by height, top down; a run is compared with the nearest one of a level, as a line may slant."""
    groups: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.y, r.x)):
        near = [g for g in groups[-4:] if abs(_nearest(g, run).y - run.y) < SAME_LEVEL * em]
        if near:
            min(near, key=lambda g: abs(_nearest(g, run).y - run.y)).append(run)
        else:
            groups.append([run])
    levels = [Level(statistics.fmean(r.y for r in g), tuple(sorted(g, key=lambda r: r.bbox.x0))) for g in groups]
    return tuple(sorted(levels, key=lambda level: level.y))


def _nearest(group: Sequence[Run], run: Run) -> Run:
    return min(group, key=lambda r: abs(r.x - run.x))


def joined_runs(runs: Sequence[Run], white: float) -> list[Run]:
    """Runs of a level put together where less than ``white`` px parts them; single spread characters too (项 目)."""
    out: list[Run] = []
    for run in runs:
        gap = white_between(out[-1], run) if out else 0.0
        spread = out and _is_spread(out[-1].text) and _is_spread(run.text) and gap <= 3.0 * run.em
        if out and (gap < white or spread):
            out[-1] = joined([*out[-1:], run])
        else:
            out.append(run)
    return out


def white_between(left: Run, right: Run) -> float:
    """Px between two runs, less what belongs to a bracket or comma, whose print fills half of its em."""
    own = (left.text[-1] in _CLOSING) + (right.text[0] in _OPENING)
    return right.bbox.x0 - left.bbox.x1 - 0.45 * own * left.em


def joined(runs: Sequence[Run]) -> Run:
    """Runs as one, their texts with a space between."""
    box = bounds(runs)
    return Run(" ".join(r.text for r in runs), box, statistics.median(r.em for r in runs), runs[0].word_index)


def _is_spread(text: str) -> bool:
    """Single Chinese characters, perhaps several already joined."""
    return all(len(part) == 1 and is_wide(part) for part in text.split(" "))


def bounds(runs: Sequence[Run]) -> BBox:
    """The box around all runs; there is one at least."""
    return BBox(
        min(r.bbox.x0 for r in runs), min(r.bbox.y0 for r in runs),
        max(r.bbox.x1 for r in runs), max(r.bbox.y1 for r in runs),
    )  # fmt: skip


def lap(a0: float, a1: float, b0: float, b1: float) -> float:
    """Length that two stretches share, 0 when they share none."""
    return max(0.0, min(a1, b1) - max(a0, b0))
