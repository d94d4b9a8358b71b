"""Does ink lead from one ruling to another? Asked of the darkness along a chain, between the rulings that it ends at.

values_between -> is_joined                        all but unbroken
               -> mostly_inked -> touches_all      broken, but not as a row of characters is

Most that is asked about is strokes of characters in cells, by the thousand on a dense page: `may_lead` turns them away all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.ink import Indices
from layout.quantiles import quantile
from layout.stroke_measures import along
from layout.strokes import Chain, Floats, Stroke
from ocr.values import Pixels

Flags = npt.NDArray[np.bool_]
#: px from ruling to ruling up to which strokes are asked about together; rows are as high.
MOST_PX = 96
#: What is so little below what it must reach may have been rounded: it is asked for itself.
NEARLY = 1 - 1e-9


def may_lead(chains: Sequence[Chain], ways: Floats, windows: Indices, shares: Floats, near_dark: Pixels) -> Flags:
    """(n,) False for chains whose ink neither `is_joined` nor `mostly_inked`; of the others nothing is told.

    ways: (n, 2) where each would lead from and to; windows: (n, 2) the ``close`` and ``wide`` of `is_joined`; shares: (n,) the least
    that `mostly_inked` may ask for.
    """
    first, last = np.rint(ways).astype(np.intp).T
    n = last - first + 1
    may = (n > MOST_PX) | (n < windows.max(axis=1))
    asked = np.flatnonzero(~may)
    if len(asked):
        each = zip(asked.tolist(), first[asked].tolist(), last[asked].tolist(), strict=True)
        values = _values([_stroke(chains[i], a, b) for i, a, b in each], first[asked], n[asked], near_dark)
        may[asked] = _may_be_joined(values, n[asked], windows[asked]) | _may_be_inked(values, n[asked], shares[asked])
    return np.asarray(may, bool)


def _stroke(chain: Chain, first: int, last: int) -> Stroke:
    """The one of a chain, or one through the gaps between its strokes."""
    if len(chain.strokes) == 1:
        return chain.strokes[0]
    return Stroke(first, np.interp(np.arange(first, last + 1), *chain.path))


def _values(strokes: Sequence[Stroke], first: Indices, n: Indices, near: Pixels) -> Indices:
    """(strokes, px) darkness of 255 at n px from the first on, as `values_between`, and 0 behind them."""
    lengths, x0 = np.array([(len(s.ys), s.x0) for s in strokes]).T
    heights = np.rint(np.concatenate([s.ys for s in strokes])).astype(np.int32)
    steps = np.arange(n.max())
    xs = first[:, None] + steps
    places = np.minimum(np.maximum(xs - x0[:, None], 0), lengths[:, None] - 1) + (np.cumsum(lengths) - lengths)[:, None]
    values = near[heights[places], np.minimum(np.maximum(xs, 0), near.shape[1] - 1)]
    return np.where(steps < n[:, None], values, 0).astype(np.int32)


def _may_be_joined(values: Indices, n: Indices, windows: Indices) -> Flags:
    total = np.zeros((len(values), values.shape[1] + 1), np.int32)
    np.cumsum(values, axis=1, out=total[:, 1:])
    needed = 0.5 * NEARLY * total[:, -1] / n
    may = np.ones(len(values), bool)
    for column, at_ends in ((0, True), (1, False)):
        for width in np.unique(windows[:, column]).tolist():
            own = windows[:, column] == width
            sums, start = total[own, width:] - total[own, :-width], np.arange(total.shape[1] - width)
            asked = start <= n[own, None] - width
            if at_ends:
                asked &= (start <= width + 2) | (start >= n[own, None] - 2 * width - 2)
            may[own] &= ~np.any(asked & (sums < needed[own, None] * width), axis=1)
    return may


def _may_be_inked(values: Indices, n: Indices, shares: Floats) -> Flags:
    ordered = np.sort(np.where(np.arange(values.shape[1]) < n[:, None], values, 256).astype(np.int16), axis=1)
    place = (n - 1) * 0.75
    below, each = np.floor(place).astype(np.intp), np.arange(len(n))
    low, high = ordered[each, below].astype(float), ordered[each, np.minimum(below + 1, n - 1)].astype(float)
    least = 0.5 * NEARLY * (low + (high - low) * (place - below))
    inked = np.count_nonzero(ordered >= least[:, None], axis=1) - (values.shape[1] - n)
    return np.asarray(inked >= NEARLY * shares * n)


def values_between(chain: Chain, first: float, last: float, near_dark: Pixels) -> Floats:
    """(n,) darkness in [0, 1] at each px from first to last, both included, at the chain's height. near_dark: `AxisInk`."""
    xs = np.arange(round(first), round(last) + 1)
    return along(near_dark, xs, np.interp(xs, *chain.path))


def is_joined(values: Floats, close: int, wide: int) -> bool:
    """Whether ink leads from one crossing ruling to the other.

    Characters leave gaps at their ends, so these are looked at over ``close`` px; a gap farther in, by fax or fading,
    may be part of ``wide`` px.
    """
    needed = 0.5 * (float(values.sum()) / len(values))
    ends = (values[: 2 * close + 2], values[-2 * close - 2 :])
    return all(_least_mean(end, close) >= needed for end in ends) and _least_mean(values, wide) >= needed


def _least_mean(values: Floats, window: int) -> float:
    window = min(window, len(values))
    total = np.zeros(len(values) + 1)
    values.cumsum(out=total[1:])
    return float((total[window:] - total[:-window]).min()) / window


def mostly_inked(values: Floats, share: float, gap: float) -> Flags | None:
    """(n,) which of the values are ink; None where fewer than a share of them are, or a gap is longer than another."""
    inked = np.asarray(values >= 0.5 * quantile(values, 0.75))
    if np.count_nonzero(inked) / len(inked) < share:
        return None
    flips = np.flatnonzero(np.diff(np.concatenate([[True], inked, [True]]).astype(np.int8)))
    longest = int(np.diff(flips)[::2].max(initial=0))
    return None if longest > gap * len(inked) else inked


def touches_all(inked: Flags, stops: Sequence[float]) -> bool:
    """Whether between any two neighbours of ``stops``, rulings crossed, ink touches one of them at least.

    A stem in line with rulings above and below touches neither. stops: px, the first where ``inked`` begins.
    """
    start = round(stops[0])
    bands = [inked[round(a) - start : round(b) - start + 1] for a, b in pairwise(stops)]
    return all(band[:4].all() or band[-4:].all() for band in bands)
