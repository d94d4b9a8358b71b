"""Where flags are set without a gap: rows that hold ink, columns that are white, pixels along a ruling."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def flag_runs(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """(n,) flags -> (runs, 2) the first of each run and the one behind its last, in order."""
    edges = np.flatnonzero(np.diff(np.pad(flags, 1).astype(np.int8)))
    return edges.reshape(-1, 2).astype(np.int64)
