"""Things that hang together, one through the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]


def groups_of(n: int, one: npt.ArrayLike, two: npt.ArrayLike) -> Ints:
    """(n,) number of the group each of n things belongs to, from 0, in the order of each group's first.

    one, two: indices of which each pair hangs together.
    """
    first = np.arange(n)
    a, b = np.asarray(one, np.intp), np.asarray(two, np.intp)
    while len(a):
        least = np.minimum(first[a], first[b])
        np.minimum.at(first, first[a], least)
        np.minimum.at(first, first[b], least)
        while not np.array_equal(further := first[first], first):
            first = further
        apart = first[a] != first[b]
        a, b = a[apart], b[apart]
    return np.asarray(np.unique(first, return_inverse=True)[1], np.intp)
