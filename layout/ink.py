"""Pixels -> darkness -> ridges: the primitives under ruling detection, and the only cv2 importer of layout.

A ruling is a ridge: darker than the paper on both of its sides. The ridge response compares each pixel with its
neighbours a short reach above and below, so that shading, grey fills and yellowed paper cancel out; averaging it along
the ruling lifts faint, dotted and noisy rulings above the noise (a matched filter in the sense of Steger,
"An unbiased detector of curvilinear structures", 1998, with the direction known).
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr.values import Pixels

Plane = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

#: Paper darker than this (of 255) is not paper; keeps the contrast of black scan margins finite.
DARKEST_PAPER = 40.0


def luminance(pixels: Pixels) -> Pixels:
    """(H, W) uint8. Not the darkest channel: JPEG keeps colour in coarse blocks, whose edges would pass for rulings."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def shrink(grey: Pixels, factor: float) -> Pixels:
    """The page at ``factor`` (<= 1) of its size, each pixel the mean of those it replaces."""
    if factor >= 1.0:
        return grey
    height, width = grey.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def darkness(grey: Pixels, paper_window: int) -> Plane:
    """(H, W) in [0, 1]: 0 is the paper around, 1 is black; ``paper_window`` px holds some paper everywhere."""
    height, width = grey.shape
    cell = max(1, paper_window // 6)
    small = cv2.resize(grey, (max(1, width // cell), max(1, height // cell)), interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (7, 7))
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    np.maximum(paper, DARKEST_PAPER, out=paper)
    dark = 1.0 - grey.astype(np.float32) / paper
    return np.asarray(np.clip(dark, 0.0, 1.0), dtype=np.float32)


def ridges(dark: Plane, reaches: tuple[int, ...]) -> Plane:
    """(H, W) contrast of horizontal ridges: how much darker a pixel is than the paper on both of its sides.

    reaches: px from the centre of a ruling to the paper compared with, one for each class of thickness.
    """
    height = dark.shape[0]
    sides = cv2.blur(dark, (1, 3), borderType=cv2.BORDER_REPLICATE)
    best = np.full_like(dark, -1.0)
    for reach in reaches:
        padded = cv2.copyMakeBorder(sides, reach, reach, 0, 0, cv2.BORDER_REPLICATE)
        contrast = dark - np.maximum(padded[:height], padded[2 * reach : 2 * reach + height])
        np.maximum(best, contrast, out=best)
    return best


def noise_level(contrast: Plane) -> float:
    """Standard deviation of the ridge contrast on bare paper, from its median deviation on a sparse sample."""
    sample = contrast[::7, ::7]
    return float(1.4826 * np.median(np.abs(sample - np.median(sample))))


def ridge_density(contrast: Plane, cap: float, window: int) -> Plane:
    """(H, W) about [-1, 1]: the share of ``window`` px along x that is ridge; contrast counts up to ``cap``.

    What exceeds the cap counts a little, so that the crest of a dark ruling is its middle and not a plateau.
    """
    clipped = np.clip(contrast, -cap, cap) + 0.02 * contrast
    return np.asarray(cv2.blur(clipped, (window, 1), borderType=cv2.BORDER_CONSTANT) / cap, dtype=np.float32)


def crests(density: Plane, least: float) -> Flags:
    """(H, W): the pixels that top their column's neighbours and reach ``least``: centre lines of ridges."""
    top = cv2.dilate(density, np.ones((3, 1), np.uint8))
    return np.asarray((density >= top) & (density >= least))


def connected_runs(crest: Flags, least_width: int) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """(xs, ys) of each 8-connected crest at least ``least_width`` px wide, xs ascending."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(crest.view(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    keep = stats[:, cv2.CC_STAT_WIDTH] >= least_width
    keep[0] = False
    ys, xs = np.nonzero(crest & keep[labels])
    owner = labels[ys, xs]
    order = np.lexsort((xs, owner))
    ys, xs, owner = ys[order], xs[order], owner[order]
    cuts = np.flatnonzero(np.diff(owner)) + 1
    return [(x, y) for x, y in zip(np.split(xs, cuts), np.split(ys, cuts), strict=True) if len(x)]


def draw_box(canvas: Pixels, corner: tuple[int, int], opposite: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """A two-pixel outline on an RGB canvas, in place."""
    cv2.rectangle(canvas, corner, opposite, colour, 2)


def draw_line(canvas: Pixels, start: tuple[int, int], end: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """A three-pixel line on an RGB canvas, in place."""
    cv2.line(canvas, start, end, colour, 3)


def draw_label(canvas: Pixels, corner: tuple[int, int], label: str, colour: tuple[int, int, int]) -> None:
    """ASCII text whose lower left corner is given, in place (cv2's fonts hold no Chinese)."""
    cv2.putText(canvas, label, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)
