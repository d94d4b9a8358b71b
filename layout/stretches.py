"""Stretches (start, end) of one axis: put together, and measured against another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Stretch = tuple[float, float]
Stretches = list[Stretch]


def union(stretches: Iterable[Stretch]) -> Stretches:
    """The same stretches, ascending, put together where they meet."""
    merged: Stretches = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def overlap(stretches: Sequence[tuple[float, float]], start: float, end: float) -> float:
    """How much of [start, end] the stretches cover; they do not overlap each other."""
    return sum(max(0.0, min(e, end) - max(s, start)) for s, e in stretches)
