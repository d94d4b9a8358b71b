"""In how large a picture of a page the detector looks for text: one in which the page's own type is large enough.

Detection costs by the pixel, and finds type of 10 points as well in a picture of 108 dpi as in one of 144. Figures are the
only characters of Chinese print that are one piece each and taller than wide, so their height can be read off the
connected parts of the ink before anything is known of it. Where strokes are torn, or smaller type stands beside the
usual, the smaller height is told, and the picture is larger than need be.
"""

from __future__ import annotations

import cv2
import numpy as np

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
    small = _measured(grey, factor)
    size = 2 * max(1, round(REACH_PT * dpi * factor / 72.0 / 2)) + 1
    dark = cv2.subtract(cv2.blur(small, (size, size)), small)
    least = max(LEAST_DARKNESS, INK_SHARE * float(np.percentile(dark[::4, ::4], 99.5)))
    _, _, stats, _ = cv2.connectedComponentsWithStats((dark > least).astype(np.uint8), connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
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
    is_small = rows < NEAR * height and columns < NEAR * width
    method = cv2.INTER_AREA if is_small else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(page, (columns, rows), interpolation=method), np.uint8)


def _measured(grey: Pixels, factor: float) -> Pixels:
    size = max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor))
    return grey if factor == 1.0 else np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
