"""Does ink lead from one ruling to another? Asked of the darkness along a chain, between the rulings that it ends at.

values_between -> is_joined                        all but unbroken
               -> mostly_inked -> touches_all      broken, but not as a row of characters is
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.quantiles import quantile
from layout.stroke_measures import along
from layout.strokes import Chain, Floats
from ocr.values import Pixels

Flags = npt.NDArray[np.bool_]


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
