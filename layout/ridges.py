"""Darkness -> ridges -> runs of crests: what may be strokes of rulings.

A ruling is a ridge: darker than the paper on both of its sides. The ridge response compares each pixel with its
neighbours a short reach above and below, so that shading, grey fills and yellowed paper cancel out; averaging it along
the ruling lifts faint, dotted and noisy rulings above the noise (a matched filter in the sense of Steger,
"An unbiased detector of curvilinear structures", 1998, with the direction known).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from layout.ink import Flags, Floats, Indices, tallest, transposed
from ocr.values import Pixels

Contrast = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Ridges:
    """(H, W) each, in 1/255: how much darker than the paper on both of its sides a pixel is, and how much lighter: bytes without
    a sign are quicker than words, and one of a pixel's two is 0.
    """

    darker: Pixels
    lighter: Pixels

    def tallest(self) -> Contrast:
        """(H, W) int16: the largest contrast of each pixel and those right above and below it."""
        least = cv2.erode(self.lighter, np.ones((3, 1), np.uint8))
        return np.asarray(cv2.subtract(tallest(self.darker), least, dtype=cv2.CV_16S), np.int16)


def ridges(dark: Pixels, reaches: tuple[int, ...], solid: int) -> Ridges:
    """How much darker a pixel is than the paper on both sides of a horizontal ridge.

    reaches: px from the centre of a ruling to the paper compared with, one for each class of thickness, thin first.
    solid: px; for thick rulings a second look at what is left when all that is shorter is wiped out, since text may
    stand where the paper beside them is looked for.
    """
    paper = _paper_beside(dark, reaches)
    darker, lighter = cv2.subtract(dark, paper), cv2.subtract(paper, dark)
    if reaches[1:]:
        # down columns OpenCV is twice as quick
        wiped = transposed(cv2.morphologyEx(transposed(dark), cv2.MORPH_OPEN, np.ones((solid, 1), np.uint8)))
        paper = _paper_beside(wiped, reaches[1:])
        cv2.max(darker, cv2.subtract(wiped, paper), dst=darker)
        cv2.min(lighter, cv2.subtract(paper, wiped), dst=lighter)
    return Ridges(np.asarray(darker, np.uint8), np.asarray(lighter, np.uint8))


def _paper_beside(dark: Pixels, reaches: tuple[int, ...]) -> Pixels:
    """(H, W): the darkness of the paper on both sides of a ridge, by the class of thickness that makes most of it."""
    height, most = len(dark), max(reaches)
    # the mean of three, never halfway between two levels: the same by any method
    calm = cv2.filter2D(dark, -1, np.full((3, 1), 1 / 3, np.float32))
    calm = cv2.copyMakeBorder(calm, most, most, 0, 0, cv2.BORDER_REPLICATE)
    beside = [cv2.max(*(calm[most + step : most + step + height] for step in (-r, r))) for r in reaches]
    paper = beside[0]
    for other in beside[1:]:
        cv2.min(paper, other, dst=paper)
    return np.asarray(paper, dtype=np.uint8)


def noise_level(contrast: Ridges) -> float:
    """Standard deviation in [0, 1] of the ridge contrast on bare paper, from the median deviation of a sparse sample."""
    sample = np.subtract(contrast.darker[::7, ::7], contrast.lighter[::7, ::7], dtype=np.int16)
    counts = np.bincount(sample.ravel() + np.int16(255), minlength=511)
    levels = np.arange(-255, 256, dtype=np.float32) / np.float32(255.0)
    off = np.abs(levels - _median(levels, counts))
    order = np.argsort(off, kind="stable")
    return float(1.4826 * _median(off[order], counts[order]))


def _median(values: npt.NDArray[np.float32], counts: npt.NDArray[np.intp]) -> np.float32:
    """Of ascending values that occur so many times each, as np.median has it."""
    total = np.cumsum(counts)
    low, high = np.searchsorted(total, [(total[-1] - 1) // 2, total[-1] // 2], side="right")
    return np.float32((values[low] + values[high]) / 2)


def ridge_density(contrast: Ridges, cap: float, window: int) -> Contrast:
    """(H, W) int16 in 1/1000: the share of ``window`` px along x that is ridge; contrast counts up to ``cap`` in [0, 1].

    What exceeds the cap counts a little, so that the crest of a dark ruling is its middle and not a plateau.
    """
    full = max(1.0, 255.0 * cap)
    table = np.arange(-255, 256, dtype=np.float32)
    table = np.clip(table, -full, full) / full * 1000.0 + table * (25.0 / full)
    whole = table.astype(np.int16)
    scaled = cv2.add(cv2.LUT(contrast.darker, whole[255:]), cv2.LUT(contrast.lighter, whole[255::-1]))
    return np.asarray(cv2.blur(scaled, (window, 1), borderType=cv2.BORDER_CONSTANT), dtype=np.int16)


def crests(density: Contrast, least: float) -> Flags:
    """(H, W): the pixels that top their column's neighbours and reach the share ``least``: centre lines of ridges."""
    top = cv2.dilate(density, np.ones((3, 1), np.uint8))
    return np.asarray((density == top) & (density >= round(1000 * least)))


def connected_runs(crest: Flags, least_width: int) -> tuple[Indices, Floats, Indices]:
    """(xs, heights, starts) of the 8-connected crests that are at least ``least_width`` px wide.

    One crest after the other, each from left to right without a gap; heights: the middle of its pixels at an x; starts: where
    each begins, and where the last one ends.
    """
    width = crest.shape[1]
    places = np.flatnonzero(crest)
    # no more labels than pixels: where two bytes can count these, half the memory is gone over
    ltype = cv2.CV_16U if len(places) < 2**16 - 1 else cv2.CV_32S
    n_labels, labels = cv2.connectedComponents(crest.view(np.uint8), connectivity=8, ltype=ltype)
    owner = labels.ravel()[places].astype(np.intp)
    xs = places % width
    left, right = np.full(n_labels, width), np.full(n_labels, -1)
    np.minimum.at(left, owner, xs)
    np.maximum.at(right, owner, xs)
    kept = (right - left + 1 >= least_width)[owner]
    places, columns = places[kept], owner[kept] * width + xs[kept]
    order = np.argsort(columns)
    columns = columns[order]
    first = np.flatnonzero(np.diff(columns, prepend=-1))
    counts = np.diff(first, append=len(columns))
    heights = np.add.reduceat(places[order] // width, first) / counts if len(first) else np.zeros(0)
    columns = columns[first]
    return columns % width, heights, np.flatnonzero(np.diff(columns // width, prepend=-1, append=-1))
