"""The reliability curve as a picture: what confidence said across, what held up, both as odds so that 0.99 has room.

Drawn with OpenCV, which is there anyway: one curve is no reason for a plotting library.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from flows.scoring.reliability import Bin
from layout.ink import draw_label, draw_line
from ocr.values import Pixels

TICKS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
SIDE, MARGIN = 640, 70
_BLACK, _GREY, _BLUE, _PALE = (20, 20, 20), (170, 170, 170), (30, 70, 230), (150, 180, 245)
_LEAST, _MOST = math.log(0.45 / 0.55), math.log(0.9999 / 0.0001) + 0.2
_WILSON = 1.96


def draw_curve(curve: Sequence[Bin], caption: str = "") -> Pixels:
    """(H, W, 3) RGB uint8: the diagonal, and for each bin a point with its 95 % interval (Wilson 1927)."""
    canvas = np.full((SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, 3), 255, np.uint8)
    _draw_axes(canvas)
    points = [(_at(b.said), _SIDE_UP - _at(b.held)) for b in curve]
    for b, (x, _) in zip(curve, points, strict=True):
        low, high = wilson(b.n_right, b.n)
        draw_line(canvas, (x, _SIDE_UP - _at(low)), (x, _SIDE_UP - _at(high)), _PALE)
    for start, stop in pairwise(points):
        draw_line(canvas, start, stop, _BLUE)
    for b, (x, y) in zip(curve, points, strict=True):
        draw_line(canvas, (x - 4, y), (x + 4, y), _BLUE)
        draw_label(canvas, (x + 8, y + 16), str(b.n), _BLUE)
    draw_label(canvas, (MARGIN, 30), caption, _BLACK)
    return canvas


def wilson(n_right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, "Probable inference", JASA 1927)."""
    share, z2 = n_right / n, _WILSON**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = _WILSON * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


_SIDE_UP = SIDE + 2 * MARGIN


def _draw_axes(canvas: Pixels) -> None:
    for tick, at in _ticks():
        draw_label(canvas, (at - 20, SIDE + MARGIN + 24), tick, _BLACK)
        draw_label(canvas, (8, _SIDE_UP - at + 5), tick, _BLACK)
        canvas[MARGIN : MARGIN + SIDE, at] = canvas[_SIDE_UP - at, MARGIN : MARGIN + SIDE] = _GREY
    draw_line(canvas, (MARGIN, MARGIN + SIDE), (MARGIN + SIDE, MARGIN), _GREY)
    draw_label(canvas, (MARGIN + SIDE // 2 - 60, SIDE + MARGIN + 52), "confidence given", _BLACK)
    draw_label(canvas, (8, MARGIN - 14), "share right; figures count cells", _BLACK)


def _ticks() -> Iterator[tuple[str, int]]:
    return ((f"{tick:g}", _at(tick)) for tick in TICKS)


def _at(share: float) -> int:
    """Pixels from the left edge of the picture (and from the bottom one, by the same measure)."""
    kept = min(max(share, 1e-6), 1 - 1e-6)
    odds = min(max(math.log(kept / (1 - kept)), _LEAST), _MOST)
    return MARGIN + round(SIDE * (odds - _LEAST) / (_MOST - _LEAST))
