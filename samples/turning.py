"""Ink that lies on its side on an upright sheet: a wide table turned on a page whose title stands upright."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from samples.ink import Fill, Ink, Run


def lying(inks: Iterable[Ink], width: float, height: float, turn: int, x: float, y: float) -> Iterator[Ink]:
    """Inks of a sheet of this size, turned clockwise by ``turn`` (90 or 270) and set with the upper left corner at (x, y)."""

    def placed(px: float, py: float) -> tuple[float, float]:
        return (x + height - py, y + px) if turn == 90 else (x + py, y + width - px)

    for ink in inks:
        if isinstance(ink, Run):
            left, middle = placed(ink.x, ink.y)
            yield replace(ink, x=left, y=middle, turn=turn)
        else:
            (ax, ay), (bx, by) = placed(ink.x0, ink.y0), placed(ink.x1, ink.y1)
            is_slanting = ax != bx and ay != by and not isinstance(ink, Fill)
            xs, ys = ((ax, bx), (ay, by)) if is_slanting else (sorted((ax, bx)), sorted((ay, by)))
            yield replace(ink, x0=xs[0], y0=ys[0], x1=xs[1], y1=ys[1])
