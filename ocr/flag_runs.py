"""Where flags are set without a gap: rows that hold ink, columns that are white, pixels along a ruling."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def flag_runs(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """(n,) flags -> (runs, 2) the first of each run and the one behind its last, in order."""
    framed = np.zeros(len(flags) + 2, bool)
    framed[1:-1] = flags
    return np.asarray((framed[1:] != framed[:-1]).nonzero()[0].reshape(-1, 2), np.int64)
