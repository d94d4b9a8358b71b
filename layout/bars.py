"""The strokes of rulings across, in arrays: asked all at once, for numpy takes longest to begin.

They belong to the other axis of a page: their own x is our y.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.ink import Indices
from layout.ruling_values import Measured
from layout.strokes import Floats, Stroke

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """(n,) strokes. first, stop: the y of both ends; low, high: the least and greatest x; thick: of their rulings, px.

    heights, begin: the x at each y, stroke after stroke, and where each begins.
    """

    first: Indices
    stop: Indices
    low: Floats
    high: Floats
    thick: Floats
    heights: Floats
    begin: Indices

    def x_at(self, which: Indices, y: Floats) -> Floats:
        """(k,) where each of these strokes stands at a y, or at its nearer end."""
        place = np.rint(y).astype(np.intp) - self.first[which]
        last = self.stop[which] - self.first[which] - 1
        return np.asarray(self.heights[self.begin[which] + np.minimum(np.maximum(place, 0), last)])

    def crossing(self, points: Floats, reach: float, near: float) -> Floats:
        """(n,) where along x each point (n, 2) meets the nearest bar; nan: none is near.

        reach: px from a bar's ink within which a point meets it; near: px more sideways.
        """
        found = np.full(len(points), np.nan)
        x, y, reaches = points[:, 0], points[:, 1], (reach + self.thick / 2)[:, None]
        meets = (y >= self.first[:, None] - reaches) & (y <= self.stop[:, None] + reaches)
        reaches = reaches + near
        meets &= (x >= self.low[:, None] - reaches) & (x <= self.high[:, None] + reaches)
        bar, point = np.nonzero(meets)
        place = self.x_at(bar, y[point])
        step = np.abs(x[point] - place)
        step[step > reaches[bar, 0]] = np.inf
        order = np.lexsort((bar, step, point))
        order = order[np.diff(point[order], prepend=-1) > 0]
        order = order[np.isfinite(step[order])]
        found[point[order]] = place[order]
        return found

    def xs_at(self, y: float, reach: float) -> list[float]:
        """Where those stand that reach a y, ascending."""
        which = np.flatnonzero((self.first - reach <= y) & (y <= self.stop + reach))
        found: list[float] = np.sort(self.x_at(which, np.full(len(which), y))).tolist()
        return found


def bars_of(measured: Sequence[Measured]) -> Bars:
    """The strokes of rulings."""
    strokes = [s for m in measured for s in m.chain.strokes]
    thick = [m.thick for m in measured for _ in m.chain.strokes]
    first, length = np.array([(s.x0, len(s.ys)) for s in strokes], np.intp).reshape(-1, 2).T
    begin = np.cumsum(length) - length
    heights = np.concatenate([s.ys for s in strokes]) if strokes else np.zeros(0)
    low, high = (f.reduceat(heights, begin) if strokes else heights for f in (np.minimum, np.maximum))
    return Bars(first, first + length, low, high, np.array(thick), heights, begin)


def cut_at_crossings(strokes: Sequence[Stroke], across: Bars, least: float) -> list[Stroke]:
    """Strokes cut where they run over a ruling: on one side may stand a character, on the other a ruling.

    least: px; shorter pieces are dropped.
    """
    x0, x1 = (np.array([getattr(s, a) for s in strokes]) for a in ("x0", "x1"))
    y = np.array([float(s.ys[len(s.ys) // 2]) for s in strokes])
    meets = (y >= across.first[:, None] - 2) & (y <= across.stop[:, None] + 2)
    meets &= (x0 < across.high[:, None]) & (across.low[:, None] < x1)
    bar, near = np.nonzero(meets)
    x = across.x_at(bar, y[near])
    inside = (x0[near] < x) & (x < x1[near])
    cuts: dict[int, list[int]] = {}
    for i, at in zip(near[inside].tolist(), np.rint(x[inside]).astype(int).tolist(), strict=True):
        cuts.setdefault(i, []).append(at)
    least = max(1.0, least)
    pieces: list[Stroke] = []
    for i, stroke in enumerate(strokes):
        if i not in cuts:
            if len(stroke.ys) >= least:
                pieces.append(stroke)
            continue
        edges = pairwise([stroke.x0, *sorted(cuts[i]), stroke.x1])
        pieces += [Stroke(a, stroke.ys[a - stroke.x0 : b - stroke.x0]) for a, b in edges if b - a >= least]
    return pieces
