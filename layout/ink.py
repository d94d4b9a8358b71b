"""Pixels -> darkness -> ridges: the primitives under ruling detection, and the only cv2 importer of layout.

A ruling is a ridge: darker than the paper on both of its sides. The ridge response compares each pixel with its
neighbours a short reach above and below, so that shading, grey fills and yellowed paper cancel out; averaging it along
the ruling lifts faint, dotted and noisy rulings above the noise (a matched filter in the sense of Steger,
"An unbiased detector of curvilinear structures", 1998, with the direction known).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr.flag_runs import flag_runs
from ocr.ink import find_blobs
from ocr.values import Pixels

Contrast = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
#: x0, y0, x1, y1, and the share of the box that is covered.
Area = tuple[int, int, int, int, float]


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


#: Paper darker than this (of 255) is not paper; keeps the contrast of black scan margins finite.
DARKEST_PAPER = 40
#: Times the gaps that are closed anyway: height of a hole in an area up to which print made it.
HIGH_HOLES = 3
#: px of paper around what is looked at of a page: more than anything there reaches.
APRON = 8
#: A side of a cell is ruled where ink lies within so many px of it for this share of its length.
RULED_REACH, RULED_SHARE = 2, 0.85


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


def sums(grey: Pixels) -> Floats:
    """(H + 1, W + 1) of all pixels above and to the left of each corner."""
    return np.asarray(cv2.integral(grey, sdepth=cv2.CV_64F))


def darkness(grey: Pixels, paper_window: int, total: Floats | None = None) -> Pixels:
    """(H, W) uint8: 0 is the paper around, 255 is black; ``paper_window`` px hold some paper everywhere. total: its `sums`."""
    height, width = grey.shape
    cell = max(1, paper_window // 6)
    total = sums(grey) if total is None else total
    small = _means(total, grey.shape, max(1, width // cell), max(1, height // cell))
    paper = cv2.blur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (7, 7))
    paper = cv2.max(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), DARKEST_PAPER)
    return np.asarray(cv2.divide(cv2.subtract(paper, grey), paper, scale=255.0), dtype=np.uint8)


def _means(total: Floats, shape: tuple[int, ...], width: int, height: int) -> Pixels:
    """The page of this shape at a fraction of its size, each pixel the mean of those it replaces: from `sums`, for OpenCV weighs each pixel."""
    for axis, n in enumerate((height, width)):
        places = np.arange(n + 1) * (shape[axis] / n)
        below = np.minimum(places.astype(np.intp), shape[axis] - 1)
        share = np.expand_dims(places - below, 1 - axis)
        total = np.take(total, below, axis) * (1 - share) + np.take(total, below + 1, axis) * share
    return np.rint(np.diff(np.diff(total, axis=0), axis=1) * (width * height / (shape[0] * shape[1]))).astype(np.uint8)


def smoothed(grey: Pixels, window: int) -> Pixels:
    """(H, W): the median around each pixel; print thinner than half of ``window`` px is gone, edges of fills stay."""
    return np.asarray(cv2.medianBlur(grey, max(3, window | 1)), dtype=np.uint8)


def without_fills(dark: Pixels, least: int) -> Pixels:
    """(H, W) uint8: the darkness less that of fills, which are ``least`` px wide and high at least: what is drawn on them."""
    fills = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    return np.asarray(cv2.subtract(dark, fills), dtype=np.uint8)


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


def thin_along(dark: Pixels, least: int) -> Pixels:
    """(H, W) uint8: the darkness less that of what is ``least`` px high at least."""
    return np.asarray(
        cv2.subtract(dark, cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((least, 1), np.uint8))), np.uint8
    )


def long_along(dark: Pixels, least: int) -> Pixels:
    """(H, W) uint8: the darkness of what is ``least`` px high at least, a pixel wider: it may lean."""
    wide = cv2.dilate(dark, np.ones((1, 3), np.uint8))
    return np.asarray(cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((least, 1), np.uint8)), np.uint8)


def components(plane: Pixels, window: int, faintest: int, share: float) -> tuple[Indices, Indices, Indices, Indices]:
    """(x0, y0, width, height) of the 8-connected parts of what is as dark as a share of the darkest within ``window`` px along x."""
    most = cv2.dilate(plane, np.ones((1, window | 1), np.uint8))
    mask = cv2.compare(plane, np.maximum(cv2.convertScaleAbs(most, alpha=share), np.uint8(faintest)), cv2.CMP_GE)
    x0, y0, width, high = find_blobs(mask).boxes[:, :4].T.astype(np.intp)
    return x0, y0, width, high


def tallest(plane: Pixels) -> Pixels:
    """(H, W): the largest of each pixel and those right above and below it."""
    return np.asarray(cv2.dilate(plane, np.ones((3, 1), np.uint8)), np.uint8)


def transposed(plane: Pixels) -> Pixels:
    """(W, H), in one piece; numpy takes ten times as long."""
    return np.asarray(cv2.transpose(plane), dtype=np.uint8)


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


def draw_box(canvas: Pixels, corner: tuple[int, int], opposite: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """A two-pixel outline on an RGB canvas, in place."""
    cv2.rectangle(canvas, corner, opposite, colour, 2)


def draw_line(canvas: Pixels, start: tuple[int, int], end: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """A three-pixel line on an RGB canvas, in place."""
    cv2.line(canvas, start, end, colour, 3)


def draw_label(canvas: Pixels, corner: tuple[int, int], label: str, colour: tuple[int, int, int]) -> None:
    """ASCII text whose lower left corner is given, in place (cv2's fonts hold no Chinese)."""
    cv2.putText(canvas, label, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)


def closed_masks(mask: Flags, hole: int, least: int, *, is_part: bool = False) -> list[Area]:
    """(x0, y0, x1, y1, share of the box covered) of the areas of a mask, gaps below ``hole`` px closed, and holes up to
    HIGH_HOLES times as high.

    What is thinner than ``least`` px either way falls away first, so that rulings and type leave no area; so does what only holes
    make. is_part: the mask is cut out of a larger one, so that what is open to its sides is no hole.
    """
    plane = mask.view(np.uint8)
    solid = cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((max(2, least // 4), max(2, least // 4)), np.uint8))
    cores = _closed(solid, hole, least)
    # holes are sought around what is closed without them: most of a page is not
    reach = (HIGH_HOLES + 1) * hole + least
    rows = cv2.dilate(np.max(cores, axis=1, keepdims=True), np.ones((2 * reach + 1, 1), np.uint8))
    found: set[Area] = set()
    done = 0
    for top, foot in flag_runs(rows.ravel() > 0).tolist():
        if foot > done:
            areas, done = _filled_within(solid, cores, top - least, foot + least, hole, least, is_part)
            found.update(areas)
    return sorted(found, key=lambda area: (area[1], area[0]))


def _filled_within(
    solid: Pixels, cores: Pixels, top: int, foot: int, hole: int, least: int, is_part: bool
) -> tuple[list[Area], int]:
    """The areas with cores in these rows, or in more where they reach on, and the row up to which all were looked at."""
    reach, height = (HIGH_HOLES + 1) * hole + least, len(solid)
    top, foot = (max(0, top), min(height, foot)) if foot - top <= height // 2 else (0, height)
    part = solid[top:foot]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - part)
    # Large bold type leaves one hole a word.
    low = stats[:, cv2.CC_STAT_HEIGHT] <= HIGH_HOLES * hole
    for side, is_open in (
        (labels[0], is_part or top > 0),
        (labels[-1], is_part or foot < height),
        (labels[:, 0], is_part),
        (labels[:, -1], is_part),
    ):
        if is_open:
            low[side] = False
    _, _, stats, _ = cv2.connectedComponentsWithStats(_closed(part | low[labels].view(np.uint8), hole, least))
    areas = []
    for x, y, w, h, n_pixels in stats[1:].tolist():
        if cores[top + y : top + y + h, x : x + w].any():
            areas.append((x, top + y, x + w, top + y + h, n_pixels / (w * h)))
    highest, lowest = min((a[1] for a in areas), default=height), max((a[3] for a in areas), default=0)
    if (top and highest < top + reach) or (foot < height and lowest > foot - reach):
        return _filled_within(solid, cores, top - reach, foot + reach, hole, least, is_part)
    return areas, foot


def _closed(solid: Pixels, hole: int, least: int) -> Pixels:
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((hole, hole), np.uint8))
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((least, least), np.uint8)), dtype=np.uint8)


def enclosed(strokes: npt.NDArray[np.float64], size: tuple[int, int], rectangular: float) -> npt.NDArray[np.float64]:
    """(n, 4) boxes of the rectangles between strokes, out to the middle of these, in reading order.

    strokes: (k, 4) x0 y0 x1 y1 of level and upright ones, on a picture of ``size`` (width, height); rectangular: least share of its box
    that an area fills.
    """
    if not len(strokes):
        return np.zeros((0, 4))
    whole = np.floor(strokes).astype(np.int64)
    left, top, right, foot = _around(whole, size)
    free = np.ones((foot - top, right - left), np.uint8)
    for x0, y0, x1, y1 in (whole - (left, top, left, top)).tolist():
        cv2.line(free, (x0, y0), (x1, y1), 0, 1)
    _, _, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
    x, y, width, height, area = stats[1:].T
    x, y = x + left, y + top
    inside = (x > left) & (y > top) & (x + width < right) & (y + height < foot)
    kept = inside & (area >= rectangular * width * height) & (np.minimum(width, height) >= 4)
    boxes = np.stack([x - 0.5, y - 0.5, x + width + 0.5, y + height + 0.5], axis=1)
    return np.asarray(boxes[kept], np.float64)


def _around(boxes: npt.NDArray[np.int64], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """x0 y0 x1 y1 of the part of a picture of ``size`` (width, height) in which boxes (n, 4) stand, with some paper around."""
    x, y = np.clip(boxes[:, ::2], 0, size[0]), np.clip(boxes[:, 1::2], 0, size[1])
    # from an even row and column on: OpenCV goes over squares of two by two, and parts keep their order
    left, top = (max(0, int(v.min()) - APRON) // 2 * 2 for v in (x, y))
    return left, top, min(size[0], int(x.max()) + APRON), min(size[1], int(y.max()) + APRON)


@dataclass(frozen=True, slots=True, eq=False)
class InkParts:
    """Connected ink within cells. boxes: (n, 4) x0 y0 x1 y1, px; owner: (n,) which cell each lies in, whole.

    is_whole: (cells,) whether such parts are all the ink there is in a cell, and nothing faint stands apart from them.
    """

    boxes: npt.NDArray[np.int64]
    owner: npt.NDArray[np.intp]
    is_whole: Flags


def ink_parts(
    dark: Pixels, cells: npt.NDArray[np.int64], sides: npt.NDArray[np.int64], sure: int, faint: int
) -> InkParts:
    """The parts of ink of at least ``sure`` darkness in cells (n, 4), px; sides: (n, 4), the middles of their rulings."""
    left, top, right, foot = _around(np.concatenate([cells, sides]), (dark.shape[1], dark.shape[0]))
    offset = np.array([left, top, left, top])
    dark, cells, sides = dark[top:foot, left:right], cells - offset, sides - offset
    mask = (dark >= sure).view(np.uint8)
    x, y, width, height, area = find_blobs(mask.view(bool)).boxes.T.astype(np.int64)
    place = np.full(dark.shape, -1, np.int32)
    for i, (x0, y0, x1, y1) in enumerate(cells.tolist()):
        place[y0:y1, x0:x1] = i
    corners = [(y, x), (y, x + width - 1), (y + height - 1, x), (y + height - 1, x + width - 1)]
    owner = place[corners[0]]
    kept = (owner >= 0) & np.all([place[corner] == owner for corner in corners], axis=0)
    boxes = np.stack([x, y, x + width, y + height], axis=1)[kept]
    lone = cv2.integral(lone_ink(dark, mask, faint))
    held = np.bincount(owner[kept], weights=area[kept], minlength=len(cells))
    is_whole = (
        (_sums(cv2.integral(mask), cells) == held)
        & (_sums(lone, cells) == 0)
        & _are_ruled((dark >= faint).view(np.uint8), sides)
    )
    return InkParts(boxes + offset, owner[kept].astype(np.intp), np.asarray(is_whole))


def lone_ink(dark: Pixels, mask: Pixels, faint: int) -> Pixels:
    """(H, W) 0 or 1: what is as dark as ``faint`` and stands apart from the ink. mask: 0 or 1, the ink."""
    weak = (cv2.blur(dark, (3, 3)) >= faint).view(np.uint8)
    return np.asarray(cv2.subtract(weak, cv2.dilate(mask, np.ones((7, 7), np.uint8))), np.uint8)


def _sums(integral: npt.NDArray[Any], boxes: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    x0, y0, x1, y1 = boxes.T
    return np.asarray(integral[y1, x1] - integral[y0, x1] - integral[y1, x0] + integral[y0, x0])


def _are_ruled(ink: Pixels, cells: npt.NDArray[np.int64]) -> Flags:
    """Whether ink runs along all four sides of each cell, from corner to corner."""
    found = []
    for plane, boxes in ((ink, cells), (transposed(ink), cells[:, [1, 0, 3, 2]])):
        near = cv2.integral(cv2.dilate(plane, np.ones((2 * RULED_REACH + 1, 1), np.uint8)))
        x0, y0, x1, y1 = boxes.T
        for y in (y0, y1):
            row = np.clip(y, 0, len(plane) - 1)
            length = _sums(near, np.stack([x0, row, x1, row + 1], axis=1))
            found.append(length >= RULED_SHARE * (x1 - x0))
    return np.asarray(np.all(found, axis=0))
