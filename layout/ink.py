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

Contrast = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]

#: Paper darker than this (of 255) is not paper; keeps the contrast of black scan margins finite.
DARKEST_PAPER = 40


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


def darkness(grey: Pixels, paper_window: int) -> Pixels:
    """(H, W) uint8: 0 is the paper around, 255 is black; ``paper_window`` px hold some paper everywhere."""
    height, width = grey.shape
    cell = max(1, paper_window // 6)
    small = cv2.resize(grey, (max(1, width // cell), max(1, height // cell)), interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (7, 7))
    paper = cv2.max(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), DARKEST_PAPER)
    return np.asarray(cv2.divide(cv2.subtract(paper, grey), paper, scale=255.0), dtype=np.uint8)


def smoothed(grey: Pixels, window: int) -> Pixels:
    """(H, W): the median around each pixel; print thinner than half of ``window`` px is gone, edges of fills stay."""
    return np.asarray(cv2.medianBlur(grey, max(3, window | 1)), dtype=np.uint8)


def without_fills(dark: Pixels, least: int) -> Pixels:
    """(H, W) uint8: the darkness less that of fills, which are ``least`` px wide and high at least: what is drawn on them."""
    fills = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    return np.asarray(cv2.subtract(dark, fills), dtype=np.uint8)


def ridges(dark: Pixels, reaches: tuple[int, ...], solid: int) -> Contrast:
    """(H, W) int16 in 1/255: how much darker a pixel is than the paper on both sides of a horizontal ridge.

    reaches: px from the centre of a ruling to the paper compared with, one for each class of thickness, thin first.
    solid: px; for thick rulings a second look at what is left when all that is shorter is wiped out, since text may
    stand where the paper beside them is looked for.
    """
    wiped = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, solid), np.uint8))
    calm, calm_wiped = (cv2.blur(plane, (1, 3)) for plane in (dark, wiped))
    looks = [_ridge(dark, calm, reach) for reach in reaches]
    looks += [_ridge(wiped, calm_wiped, reach) for reach in reaches[1:]]
    best = looks[0]
    for look in looks[1:]:
        cv2.max(best, look, dst=best)
    return best


def _ridge(dark: Pixels, calm: Pixels, reach: int) -> Contrast:
    height = dark.shape[0]
    sides = cv2.copyMakeBorder(calm, reach, reach, 0, 0, cv2.BORDER_REPLICATE)
    paper = cv2.max(sides[:height], sides[2 * reach : 2 * reach + height])
    return np.asarray(cv2.subtract(dark, paper, dtype=cv2.CV_16S), dtype=np.int16)


def noise_level(contrast: Contrast) -> float:
    """Standard deviation in [0, 1] of the ridge contrast on bare paper, from the median deviation of a sparse sample."""
    sample = contrast[::7, ::7].astype(np.float32) / 255.0
    return float(1.4826 * np.median(np.abs(sample - np.median(sample))))


def ridge_density(contrast: Contrast, cap: float, window: int) -> Contrast:
    """(H, W) int16 in 1/1000: the share of ``window`` px along x that is ridge; contrast counts up to ``cap`` in [0, 1].

    What exceeds the cap counts a little, so that the crest of a dark ruling is its middle and not a plateau.
    """
    full = max(1.0, 255.0 * cap)
    table = np.arange(-255, 256, dtype=np.float32)
    table = np.clip(table, -full, full) / full * 1000.0 + table * (25.0 / full)
    scaled = table.astype(np.int16)[contrast + 255]
    return np.asarray(cv2.blur(scaled, (window, 1), borderType=cv2.BORDER_CONSTANT), dtype=np.int16)


def crests(density: Contrast, least: float) -> Flags:
    """(H, W): the pixels that top their column's neighbours and reach the share ``least``: centre lines of ridges."""
    top = cv2.dilate(density, np.ones((3, 1), np.uint8))
    return np.asarray((density == top) & (density >= round(1000 * least)))


def connected_runs(crest: Flags, least_width: int) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """(xs, ys) of each 8-connected crest at least ``least_width`` px wide, xs ascending."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(crest.view(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    keep = stats[:, cv2.CC_STAT_WIDTH] >= least_width
    keep[0] = False
    ys, xs = np.nonzero(crest)
    owner = labels[ys, xs]
    kept = keep[owner]
    ys, xs, owner = ys[kept], xs[kept], owner[kept]
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


def closed_masks(mask: Flags, hole: int, least: int) -> list[tuple[int, int, int, int, float]]:
    """(x0, y0, x1, y1, share of the box covered) of the areas of a mask, holes and gaps below ``hole`` px closed.

    What is thinner than ``least`` px either way falls away first, so that rulings and type leave no area.
    """
    plane = mask.astype(np.uint8)
    solid = cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((max(2, least // 4), max(2, least // 4)), np.uint8))
    if not solid.any():
        return []
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((hole, hole), np.uint8))
    closed = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    found = []
    for k, (x, y, w, h, area) in enumerate(stats):
        if k and w and h:
            found.append((int(x), int(y), int(x + w), int(y + h), float(area) / float(w * h)))
    return found
