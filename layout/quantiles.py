"""Quantiles of small arrays: numpy's own answer to the last bit, without the tenth of a millisecond it takes to begin."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt


def quantiles(values: npt.NDArray[Any], shares: Sequence[float]) -> list[float]:
    """As np.quantile by linear interpolation, over all elements. values: any shape, not empty, without NaN."""
    ordered = in_order(values)
    return [of_ordered(ordered, share) for share in shares]


def quantiles_of_levels(levels: npt.NDArray[np.uint16], shares: Sequence[float]) -> list[float]:
    """The same of some thousand different values at most: these are counted, not sorted."""
    below = np.cumsum(np.bincount(levels.ravel(order="K")))
    found = []
    for place in ((levels.size - 1) * share for share in shares):
        ranks = floor(place), min(floor(place) + 1, levels.size - 1)
        low, high = below.searchsorted(ranks, side="right").tolist()
        found.append(_between(float(low), float(high), place - floor(place)))
    return found


def in_order(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(n,) all elements, ascending."""
    # one byte or two are sorted by their digits then, in a fifth of the time
    ordered = values.flatten()
    ordered.sort(kind="stable" if ordered.dtype.itemsize <= 2 else None)
    return ordered


def of_ordered(ordered: npt.NDArray[Any], share: float, less: int = 0) -> float:
    """A quantile of ascending values, of which ``less`` is taken off first."""
    place = (ordered.size - 1) * share
    below = floor(place)
    low, high = float(ordered[below]) - less, float(ordered[min(below + 1, ordered.size - 1)]) - less
    return _between(low, high, place - below)


def _between(low: float, high: float, share: float) -> float:
    # From the nearer end, as numpy does: the other way the last bit differs.
    return low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share)


def quantile(values: npt.NDArray[Any], share: float) -> float:
    """One of them."""
    return quantiles(values, (share,))[0]


def weighted_quantile(values: npt.NDArray[Any], weights: npt.NDArray[Any], share: float) -> float:
    """The least value at which this share of all weight is reached. values, weights: (n,), n > 0."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][min(len(values) - 1, int(np.searchsorted(total, share * total[-1])))])
