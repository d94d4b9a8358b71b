"""What the small networks of figures are given of a strip: its ink, whatever the paper and the light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr.engines.strips import reduced
from ocr.values import Pixels

HEIGHT = 32
WIDTH_STEP = 16
_LEAST_SPREAD = 24.0
_EDGE = 50
"""One pixel of so many is taken for the darkest, and for the lightest."""

Ink = npt.NDArray[np.float32]


def ink_of(grey: Pixels) -> Ink:
    """(h, w) uint8 without padding -> (HEIGHT, a multiple of WIDTH_STEP): 0 is paper, 1 full ink, light print on dark too."""
    height, width = grey.shape
    columns = max(4, round(width * HEIGHT / height))
    small = reduced(grey, (columns, HEIGHT))
    below, n = np.cumsum(np.bincount(small.ravel(), minlength=256)), small.size
    ranks = (n - 1 - n // _EDGE, n // 2, n // _EDGE)  # counted, not sorted
    lightest, paper, darkest = np.searchsorted(below, ranks, side="right").astype(float).tolist()
    is_dark = lightest - paper > paper - darkest
    spread = max(_LEAST_SPREAD, lightest - paper, paper - darkest)
    ink = np.zeros((HEIGHT, -(-columns // WIDTH_STEP) * WIDTH_STEP), np.float32)
    np.subtract(small if is_dark else paper, paper if is_dark else small, out=ink[:, :columns], dtype=np.float32)
    ink *= 1 / spread
    return np.clip(ink, -1.5, 1.5, out=ink)
