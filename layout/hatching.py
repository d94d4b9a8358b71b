"""Level or upright strokes drawn side by side over a blank cell, closer together than lines of text: no rulings.

A ruling has a cell on one of its sides at least, so paper; a stroke of a hatching has its like on both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from layout.strokes import Floats
from layout.values import Ruling
from ocr.values import Pixels

#: Points to either side within which strokes of a hatching lie; places along a ruling at which is looked.
REACH_PT, PLACES = 7.5, 32
#: Share of a stroke's darkness that its like has at least, and that its own lighter quarter has; share of the places where it has.
ALIKE, INKED = 0.5, 0.7
#: Points; shorter pieces may lie in one or two characters, which are hatchings of their own.
LEAST_PT = 30.0
#: Strokes beside one of a hatching, of which at least one on either side.
BESIDE = 3


def without_hatching(
    rulings: Sequence[Ruling], dark: Pixels, px: float, lengthwise: float, sideways: float
) -> list[Ruling]:
    """The rulings of one axis but those that are strokes of a hatching.

    dark: (H, W) darkness with the rulings along x, px pixels a point; lengthwise, sideways: page pixels per pixel of it.
    """
    if not rulings:
        return []
    start, end, position = (
        np.array([getattr(r, name) for r in rulings]) / per
        for name, per in (("start", lengthwise), ("end", lengthwise), ("position", sideways))
    )
    reach = round(REACH_PT * px)
    shares = (np.arange(PLACES) + 0.5) / PLACES
    columns = (start[:, None] + (end - start)[:, None] * shares).astype(np.intp)
    steps = np.arange(-reach, reach + 1)
    rows = position.astype(np.intp)[:, None] + steps
    values = dark[
        np.clip(rows, 0, dark.shape[0] - 1)[:, :, None], np.clip(columns, 0, dark.shape[1] - 1)[:, None, :]
    ].astype(np.float64)
    # an end of it may run into print, which is darker
    own = np.median(values[:, reach - 1 : reach + 2].max(axis=1), axis=1)[:, None, None]
    # a stroke may lie between two rows of pixels
    blurred = np.maximum(values[:, :-1], values[:, 1:])
    inked = (blurred >= ALIKE * np.maximum(own, 1)).mean(axis=2) >= INKED
    # beside a hairline print is dark enough all along, blurred as it is, but never even
    ordered = np.sort(blurred, axis=2)
    inked &= ordered[:, :, PLACES // 4] >= ALIKE * ordered[:, :, PLACES // 2]
    above, below = _n_strokes(inked[:, : reach - 1][:, ::-1]), _n_strokes(inked[:, reach + 1 :])
    long = end - start >= LEAST_PT * px
    is_hatch = long & (above >= 1) & (below >= 1) & (above + below >= BESIDE)
    return [r for r, out in zip(rulings, is_hatch, strict=True) if not out]


def _n_strokes(inked: npt.NDArray[np.bool_]) -> Floats:
    """(n,): runs of inked rows that begin after a row of paper, from the stroke itself on outward."""
    return np.asarray((inked[:, 1:] & ~inked[:, :-1]).sum(axis=1), np.float64)
