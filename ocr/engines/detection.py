"""In how large a picture of a page the detector looks for text: one in which the page's own type is large enough.

Detection costs by the pixel, and finds type of 10 points as well in a picture of 108 dpi as in one of 144. Figures are the
only characters of Chinese print that are one piece each and taller than wide, so their height can be read off the
connected parts of the ink before anything is known of it. Where strokes are torn, or smaller type stands beside the
usual, the smaller height is told, and the picture is larger than need be.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from ocr import ink
from ocr.engines.boundary import PaddleOptions
from ocr.geometry import BBox
from ocr.values import Pixels

MAX_SIDE = 4000
"""PaddleOCR's own limit: the detector's memory grows with the area, 2 GB at this side."""
BLOCK = 32
"""The detector halves its picture five times."""
NEAR = 0.7
"""Below this share of its size each pixel is the mean of those it replaces, as thin strokes would fall between samples;
nearer to full size the mean would blur more than it keeps."""
MEASURED_DPI = 144.0
HEIGHT_PT = (3.0, 30.0)
"""Heights of figures; smaller ink is dirt or punctuation, larger ink rulings, seals and pictures."""
SLIMNESS = (1.2, 2.6)
"""Height over width of a figure, whatever the typeface; 1 is slimmer and left out."""
REACH_PT = 3.6
INK_SHARE = 0.2
LEAST_DARKNESS = 16.0
LEAST_FIGURES = 30
SMALL_SHARE = 0.25
"""Of all figures this share may be smaller than the height that is told."""
BEYOND_PX = 5
"""Ruling ink reaches so far out of a cell, whose sides are the middles of its rulings."""
AROUND_PX = 10
MARGIN_BLOCKS = 2
"""Page around ink that the detector is shown at least: with less it takes a line of large type apart."""
TRACE_SHARE, LEAST_TRACE = 0.1, 8.0
"""Of the steepest ink, and of 255: difference of neighbouring greys from which there may be text."""
MOST_SHARE = 0.9
"""Windows that together are more of the page give way to the whole of it."""

Window = tuple[slice, slice]
"""Rows and columns of a picture, whole blocks."""


def detection_dpi(figure_pt: float | None, options: PaddleOptions) -> float:
    """At which resolution a page with figures of this height is searched for text."""
    if not figure_pt:
        return options.detection_dpi
    return min(options.detection_dpi, max(options.least_detection_dpi, 72.0 * options.figure_px / figure_pt))


def figure_height(grey: Pixels, dpi: float) -> float | None:
    """Height of the smaller figures of a page in points; None where it holds next to none. grey: (H, W) at ``dpi``."""
    factor = min(1.0, MEASURED_DPI / dpi)
    small = ink.shrunk(grey, factor)
    dark = ink.below_mean(small, round(REACH_PT * dpi * factor / 72.0 / 2))
    least = max(LEAST_DARKNESS, INK_SHARE * float(np.percentile(dark[::4, ::4], 99.5)))
    width, height = ink.find_blobs(dark > least).boxes[:, 2:4].T
    points = height * 72.0 / (dpi * factor)
    is_figure = (height >= SLIMNESS[0] * width) & (height <= SLIMNESS[1] * width)
    figures = points[is_figure & (points >= HEIGHT_PT[0]) & (points <= HEIGHT_PT[1])]
    return float(np.percentile(figures, 100 * SMALL_SHARE)) if len(figures) >= LEAST_FIGURES else None


def shrunk(page: Pixels, factor: float) -> Pixels:
    """A page, grey or in colour, at ``factor`` <= 1 of its size: sides of whole blocks, none beyond the limit."""
    height, width = page.shape[:2]
    factor = min(1.0, factor, MAX_SIDE / max(height, width))
    rows, columns = (max(BLOCK, round(side * factor / BLOCK) * BLOCK) for side in (height, width))
    if (rows, columns) == (height, width):
        return page
    return ink.resized(page, rows, columns, by_mean=rows < NEAR * height and columns < NEAR * width)


def windows(grey: Pixels, done: Sequence[BBox]) -> list[Window]:
    """Where in a picture the detector has anything to look for: around ink outside the areas that are done.

    grey: (H, W), whole blocks; done: in its pixels. One window for the whole of it where little would be saved.
    """
    height, width = grey.shape
    steps = ink.steps(grey)
    trace = steps >= max(LEAST_TRACE, TRACE_SHARE * float(np.percentile(steps[::4, ::4], 99.5)))
    for area in done:
        box = area.grown(BEYOND_PX)
        trace[max(0, int(box.y0)) : int(np.ceil(box.y1)), max(0, int(box.x0)) : int(np.ceil(box.x1))] = False
    found = _boxes(ink.grown(_blocks(ink.grown(trace, AROUND_PX)), MARGIN_BLOCKS))
    if sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in found) * BLOCK**2 > MOST_SHARE * grey.size:
        return [(slice(0, height), slice(0, width))]
    return [
        (slice(y0 * BLOCK, y1 * BLOCK), slice(x0 * BLOCK, x1 * BLOCK))
        for x0, y0, x1, y1 in sorted(found, key=itemgetter(1, 0))
    ]


def _blocks(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    rows, columns = (side // BLOCK for side in mask.shape)
    return np.asarray(mask.reshape(rows, BLOCK, columns, BLOCK).any(axis=(1, 3)))


def _boxes(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """x0, y0, x1, y1 of rectangles that hold all that is set; none overlaps another."""
    boxes = [(x, y, x + width, y + height) for x, y, width, height in ink.find_blobs(flags).boxes[:, :4].tolist()]
    while pair := next(((a, b) for a, b in combinations(boxes, 2) if _overlap(a, b)), None):
        (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = pair
        boxes = [box for box in boxes if box not in pair]
        boxes.append((min(ax0, bx0), min(ay0, by0), max(ax1, bx1), max(ay1, by1)))
    return boxes


def _overlap(a: Sequence[int], b: Sequence[int]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
