"""In how large a picture of a page the detector looks for text: one in which the page's own type is large enough.

Detection costs by the pixel, and finds type of 10 points as well in a picture of 108 dpi as in one of 144. Figures are the
only characters of Chinese print that are one piece each and taller than wide, so their height can be read off the
connected parts of the ink before anything is known of it. Where strokes are torn, or smaller type stands beside the
usual, the smaller height is told, and the picture is larger than need be.
"""

from __future__ import annotations

import numpy as np

from ocr import ink
from ocr.engines.boundary import PaddleOptions
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
