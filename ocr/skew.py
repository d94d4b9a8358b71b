"""By how much a page leans: the angle at which its ink falls most sharply into rows.

The upper edges of all strokes are sheared, not the picture: each edge pixel (x, y) goes into the bin
y cos a - x sin a, and the sum of squared bins is greatest when text lines and horizontal rulings are level (Postl's
projection criterion, US patent 4 723 297, on edge points instead of grey values). Long rulings outweigh text where a
page has them, which is what a table wants; text carries the estimate where there are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.ink import Mask

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class SkewOptions:
    """max_degrees: greatest lean that is looked for. least_points: edge pixels below which a page counts as blank.

    least_contrast: the best angle's score over the median angle's, below which the page has no rows.
    """

    max_degrees: float = 10.6
    least_points: int = 200
    least_contrast: float = 1.25


def find_skew(ink: Mask, options: SkewOptions) -> float:
    """Clockwise lean of the ink's rows in degrees; 0 for a page without rows. ink: (H, W), about 100 to 150 dpi."""
    x, y = _upper_edges(ink)
    if len(x) < options.least_points:
        return 0.0
    coarse = np.arange(-options.max_degrees, options.max_degrees + 0.05, 0.1)
    thin = slice(None, None, max(1, len(x) // 40_000))
    scores = _scores(x[thin], y[thin], coarse, 2.0)
    if scores.max() < options.least_contrast * np.median(scores):
        return 0.0
    best = float(coarse[scores.argmax()])
    for step, bin_px in ((0.04, 1.0), (0.02, 0.5)):
        angles = best + step * np.arange(-10, 11)
        best = _peak(angles, _scores(x, y, angles, bin_px))
    return best


def _upper_edges(ink: Mask) -> tuple[Floats, Floats]:
    """Ink pixels with none above, about the middle of the picture; a thin frame of the picture is left out."""
    height, width = ink.shape
    edge = ink[1:] & ~ink[:-1]
    margin = max(2, round(0.008 * max(height, width)))
    y, x = np.nonzero(edge[margin:-margin, margin:-margin])
    return x - width / 2.0, y - height / 2.0


def _scores(x: Floats, y: Floats, degrees: Floats, bin_px: float) -> Floats:
    radians = np.radians(degrees)
    return np.array([_sharpness(y * np.cos(a) - x * np.sin(a), bin_px) for a in radians])


def _sharpness(rows: Floats, bin_px: float) -> float:
    """Sum of squared counts, smoothed so that it does not matter where bins begin."""
    index = np.floor(rows / bin_px).astype(np.intp)
    counts = np.bincount(index - index.min()).astype(float)
    smooth = np.convolve(counts, (0.25, 0.5, 0.25) if bin_px > 1 else (0.1, 0.25, 0.3, 0.25, 0.1))
    return float(smooth @ smooth)


def _peak(angles: Floats, scores: Floats) -> float:
    """Centre of the top of the peak: short lines give a flat one, whose highest point is chance."""
    floor = np.median(scores)
    over = np.clip(scores - floor - 0.8 * (scores.max() - floor), 0.0, None)
    return float(angles @ over / over.sum()) if over.sum() > 0 else float(angles[scores.argmax()])
