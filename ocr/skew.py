"""By how much a page leans: the angle at which its ink falls most sharply into rows.

The upper edges of all strokes are sheared, not the picture: each edge pixel (x, y) goes into the bin
y cos a - x sin a, and the sum of squared bins is greatest when text lines and horizontal rulings are level (Postl's
projection criterion, US patent 4 723 297, on edge points instead of grey values). Long rulings outweigh text where a
page has them, which is what a table wants; text carries the estimate where there are none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.ink import Mask, places

#: Points in the first look at all angles; peaks that are looked at more closely.
FEW, LIKELY = 10_000, 3
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
    best = _coarse(x, y, options)
    if best is None:
        return 0.0
    for step, bin_px in ((0.04, 1.0), (0.02, 0.5)):
        angles = best + step * np.arange(-10, 11)
        best = _peak(angles, _scores(x, y, angles, bin_px))
    return best


def _coarse(x: Floats, y: Floats, options: SkewOptions) -> float | None:
    """The best of angles 0.1 degrees apart; None where the page has no rows.

    All of them are tried on a few points in broad bins, in which the peak is broad, and those about the likeliest on all.
    """
    angles = np.arange(-options.max_degrees, options.max_degrees + 0.05, 0.1)
    thin, few = (slice(None, None, max(1, len(x) // n)) for n in (40_000, FEW))
    rough = _scores(x[few], y[few], angles[::2], 4.0)
    near = np.zeros(len(angles), bool)
    for _ in range(LIKELY):
        place = 2 * int(rough.argmax())
        near[max(0, place - 3) : place + 4] = True
        rough[max(0, place // 2 - 2) : place // 2 + 3] = -1.0
    spread = np.arange(0, len(angles), 12)  # what angles have that are not the page's
    usual = _scores(x[thin], y[thin], angles[spread], 2.0)
    scores = _scores(x[thin], y[thin], angles[near], 2.0)
    if scores.max() < options.least_contrast * np.median(usual):
        return None
    return float(angles[near][scores.argmax()])


def _upper_edges(ink: Mask) -> tuple[Floats, Floats]:
    """Ink pixels with none above, about the middle of the picture; a thin frame of the picture is left out."""
    height, width = ink.shape
    edge = ink[1:] & ~ink[:-1]
    margin = max(2, round(0.008 * max(height, width)))
    x, y = places(edge[margin:-margin, margin:-margin])
    return x - width / 2.0, y - height / 2.0


def _scores(x: Floats, y: Floats, degrees: Floats, bin_px: float) -> Floats:
    """Sharpness of rows at each angle, in buffers of its own: with new ones for each, memory takes most of the time."""
    # no bin is negative, so that cutting off decimals is rounding down
    first = math.ceil(float(np.hypot(np.abs(x).max(), np.abs(y).max())) / bin_px) + 1
    x, y = _mixed(x), _mixed(y)
    rows, aside, bins = np.empty(len(x)), np.empty(len(x)), np.empty(len(x), np.intp)
    scores = []
    for angle in np.radians(degrees):
        np.multiply(y, np.cos(angle) / bin_px, out=rows)
        np.multiply(x, np.sin(angle) / bin_px, out=aside)
        rows -= aside
        rows += first
        np.copyto(bins, rows, casting="unsafe")
        scores.append(_sharpness(np.bincount(bins).astype(float), bin_px))
    return np.array(scores)


def _mixed(values: Floats, parts: int = 64) -> Floats:
    """The values in turn from all parts of a page: to count many of one row on end, each waits for the one before."""
    whole = len(values) // parts * parts
    return np.concatenate([values[:whole].reshape(parts, -1).T.ravel(), values[whole:]])


def _sharpness(counts: Floats, bin_px: float) -> float:
    """Sum of squared counts of bins, smoothed so that it does not matter where bins begin."""
    smooth = np.convolve(counts, (0.25, 0.5, 0.25) if bin_px > 1 else (0.1, 0.25, 0.3, 0.25, 0.1))
    return float(smooth @ smooth)


def _peak(angles: Floats, scores: Floats) -> float:
    """Centre of the top of the peak: short lines give a flat one, whose highest point is chance."""
    floor = np.median(scores)
    over = np.clip(scores - floor - 0.8 * (scores.max() - floor), 0.0, None)
    return float(angles @ over / over.sum()) if over.sum() > 0 else float(angles[scores.argmax()])
