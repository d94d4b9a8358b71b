"""Pixel primitives of the page side: grey, smaller, what is ink, level. The only module of it that imports cv2.

Lengths are pixels of the array at hand; callers derive them from points or text heights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.geometry import Affine
from ocr.values import Pixels

Mask = npt.NDArray[np.bool_]
Planes = npt.NDArray[np.float32]
_PATCH_PX, _SEARCH_PX, _BAND_PX = 5, 11, 160
"""Of non-local means: sides of what must look alike and of where it is looked for; rows that are done at once."""
_LOOK_PX = _PATCH_PX // 2 + _SEARCH_PX // 2


def to_grey(pixels: Pixels) -> Pixels:
    """(H, W) from grey or RGB."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def shrunk(pixels: Pixels, factor: float) -> Pixels:
    """The picture at ``factor`` <= 1 of its size, each pixel the mean of those it replaces; itself at 1."""
    if factor >= 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def resized(pixels: Pixels, height: int, width: int, *, by_mean: bool) -> Pixels:
    """The picture in that size, each pixel the mean of those it replaces, or taken between the nearest ones."""
    method = cv2.INTER_AREA if by_mean else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=method), np.uint8)


def paper_colour(pixels: Pixels) -> tuple[int, ...]:
    """Median of each channel: most of a page is paper."""
    return _median_colour(pixels[::7, ::7], pixels.shape[2:])


def _median_colour(sample: Pixels, channels: tuple[int, ...]) -> tuple[int, ...]:
    planes = sample.reshape(-1, *(channels or (1,)))
    return tuple(int(levels_at(planes[:, channel], 0.5)[0]) for channel in range(planes.shape[1]))


def levels_at(grey: Pixels, *shares: float) -> list[float]:
    """Quantiles of grey levels, as np.quantile has them by linear interpolation, counted instead of sorted. grey: not empty."""
    counts = cv2.calcHist([np.ascontiguousarray(grey)], [0], None, [256], [0, 256])
    below = np.cumsum(counts[:, 0], dtype=np.int64)
    found = []
    for place in ((grey.size - 1) * share for share in shares):
        ranks = math.floor(place), min(math.floor(place) + 1, grey.size - 1)
        low, high = (int(np.searchsorted(below, rank, side="right")) for rank in ranks)
        part = place - math.floor(place)
        # from the nearer end, as numpy does: the other way the last bit differs
        found.append(low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part))
    return found


def above(grey: Pixels, level: float) -> Mask:
    """Where the picture is brighter than ``level`` >= 0; bytes are compared with a byte, which is ten times as fast."""
    return np.asarray(grey > min(math.floor(level), 255), bool)


def below(grey: Pixels, level: float) -> Mask:
    """Where the picture is darker than ``level`` > 0."""
    return np.asarray(grey <= min(math.ceil(level) - 1, 255), bool)


def darkness(grey: Pixels, reach: int) -> Pixels:
    """How much darker each pixel is than the paper around it; strokes up to ``reach`` pixels thick count as ink."""
    size = 2 * max(1, reach // 2) + 1
    paper = cv2.morphologyEx(cv2.medianBlur(grey, 3), cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return np.asarray(cv2.subtract(cv2.blur(paper, (size, size)), grey), np.uint8)


def below_mean(grey: Pixels, reach: int) -> Pixels:
    """How much darker each pixel is than the mean of those around it, up to ``reach`` >= 1 away on each side; cheap."""
    size = 2 * max(1, reach) + 1
    return np.asarray(cv2.subtract(cv2.blur(grey, (size, size)), grey), np.uint8)


def ink_mask(grey: Pixels, reach: int, least: float = 16.0) -> Mask:
    """Where there is ink: darker than the paper around it by a quarter of what the page's black is, and by ``least``.

    Solid dark areas that touch the picture's edge (lid, gaps beside the sheet) are no ink.
    """
    return dark_ink(grey, darkness(grey, reach), reach, least)


def dark_ink(grey: Pixels, dark: Pixels, reach: int, least: float = 16.0) -> Mask:
    """As ink_mask, of a picture whose darkness is known."""
    ink = above(dark, max(least, 0.25 * levels_at(dark[::2, ::2], 0.995)[0]))
    borders = _borders(grey, reach)
    return ink if borders is None else ink & ~borders


def _borders(grey: Pixels, reach: int) -> Mask | None:
    paper = levels_at(grey[::4, ::4], 0.5)[0]
    solid = below(grey, 0.6 * paper).view(np.uint8)
    if not any(side.any() for side in (solid[0], solid[-1], solid[:, 0], solid[:, -1])):
        return None
    framed = cv2.copyMakeBorder(solid, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    opened = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((reach, reach), np.uint8))
    if not any(side.any() for side in (opened[0], opened[-1], opened[:, 0], opened[:, -1])):
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    height, width = framed.shape
    at_edge = (stats[:, 0] == 0) | (stats[:, 1] == 0)
    at_edge |= (stats[:, 0] + stats[:, 2] == width) | (stats[:, 1] + stats[:, 3] == height)
    at_edge[0] = False
    wide = cv2.dilate(at_edge[labels].astype(np.uint8), np.ones((5, 5), np.uint8), iterations=2)
    return np.asarray(wide[reach : reach + grey.shape[0], reach : reach + grey.shape[1]], bool)


def at_edges(dark: Mask, thick: int) -> Mask:
    """The parts of a mask that are at least ``thick`` px thick and touch an edge of the picture."""
    framed = cv2.copyMakeBorder(dark.astype(np.uint8), thick, thick, thick, thick, cv2.BORDER_REPLICATE)
    opened = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    inner = opened[thick : thick + dark.shape[0], thick : thick + dark.shape[1]].astype(bool)
    frame = np.ones_like(inner)
    frame[1:-1, 1:-1] = False
    return linked(inner & frame, inner)


def painted_over(pixels: Pixels, small: Mask) -> Pixels:
    """The picture with its paper's colour wherever a mask of a smaller picture says."""
    size = (pixels.shape[1], pixels.shape[0])
    mask = cv2.resize(small.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
    painted = pixels.copy()
    bare = np.flatnonzero(~mask)[::7]
    paper = _median_colour(pixels.reshape(mask.size, *pixels.shape[2:])[bare], pixels.shape[2:])
    painted[mask] = paper if pixels.ndim == 3 else paper[0]
    return painted


@dataclass(frozen=True, slots=True, eq=False)
class Blobs:
    """Connected ink, one row each: x0, y0, width, height, area, in pixels. boxes: (n, 5) int."""

    boxes: npt.NDArray[np.int32]


def find_blobs(ink: Mask) -> Blobs:
    """Eight-connected components of the ink."""
    part, x0, y0, ltype = _inked_part(ink)
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8, ltype=ltype)
    return Blobs(np.asarray(stats[1:, :5] + (x0, y0, 0, 0, 0), np.int32))


def _inked_part(ink: Mask) -> tuple[Pixels, int, int, int]:
    """What of the ink is not blank all around, its first column and row, and the least type that can number its parts."""
    plane = _bytes(ink)
    x, y, width, height = cv2.boundingRect(plane)
    # from an even row and column on: OpenCV goes over squares of two by two, and parts keep their order
    x0, y0 = x - x % 2, y - y % 2
    part = plane[y0 : y + max(1, height), x0 : x + max(1, width)]
    return part, x0, y0, cv2.CV_16U if cv2.countNonZero(part) < 2**16 - 1 else cv2.CV_32S  # no more than pixels


def find_peaks(dark: Pixels, ink: Mask) -> Pixels:
    """(n,) greatest darkness of each connected part of the ink, in the order of `find_blobs`."""
    n_labels, labels, _, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    peaks = np.zeros(n_labels, np.uint8)
    np.maximum.at(peaks, labels[labels > 0], dark[labels > 0])
    return peaks[1:]


def places(ink: Mask) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """(n,) columns and (n,) rows of the ink's pixels, row by row; as np.nonzero, for a third of its time."""
    found = cv2.findNonZero(np.ascontiguousarray(ink).view(np.uint8))
    x, y = (np.empty((0, 2), np.int32) if found is None else found[:, 0]).T
    return x, y


def transposed(ink: Mask) -> Mask:
    """(W, H), in one piece; numpy takes ten times as long."""
    return np.asarray(cv2.transpose(np.ascontiguousarray(ink).view(np.uint8)).view(bool))


def count_blobs(ink: Mask) -> int:
    """How many four-connected components the ink has."""
    part, _, _, ltype = _inked_part(ink)
    return int(cv2.connectedComponents(part, connectivity=4, ltype=ltype)[0]) - 1


def warped(pixels: Pixels, change: Affine, width: int, height: int) -> Pixels:
    """The picture under ``change`` (old pixel -> new pixel) on a canvas of paper colour, by cubic interpolation."""
    # OpenCV puts pixel centres on whole numbers, Affine puts pixel corners there
    centred = Affine(1, 0, -0.5, 0, 1, -0.5).after(change).after(Affine(1, 0, 0.5, 0, 1, 0.5))
    matrix = np.array([[centred.a, centred.b, centred.c], [centred.d, centred.e, centred.f]])
    fill = paper_colour(pixels)
    return np.asarray(
        cv2.warpAffine(
            pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=fill
        ),
        np.uint8,
    )


def joined(ink: Mask, dx: int, dy: int) -> Mask:
    """Ink with gaps below dx pixels closed along x, and below dy along y."""
    kernel = np.ones((max(1, dy), max(1, dx)), np.uint8)
    return np.asarray(cv2.morphologyEx(_bytes(ink), cv2.MORPH_CLOSE, kernel).view(bool))


def _bytes(ink: Mask) -> Pixels:
    return np.ascontiguousarray(ink).view(np.uint8)


def grown(ink: Mask, reach: float) -> Mask:
    """Where ink lies within ``reach`` px, one at least, along either axis."""
    size = 2 * max(1, round(reach)) + 1
    return np.asarray(cv2.dilate(_bytes(ink), np.ones((size, size), np.uint8)).view(bool))


def steps(grey: Pixels) -> Pixels:
    """(H, W): how much the greys around each pixel differ, after a little blur in which lone specks go down."""
    return np.asarray(cv2.morphologyEx(cv2.blur(grey, (3, 3)), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), np.uint8)


def highest(plane: npt.NDArray[np.float32], reach: int) -> npt.NDArray[np.float32]:
    """The greatest value within ``reach`` px along either axis. (H, W)."""
    return np.asarray(cv2.dilate(plane, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.float32)


def halved(pixels: Pixels) -> Pixels:
    """The picture at half its size, each pixel the mean of four; an odd last row or column is stretched a little."""
    size = (max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def doubled(plane: Planes, shape: tuple[int, ...]) -> Planes:
    """A half-sized (h, w) or (h, w, n) plane at ``shape`` = (H, W), by linear interpolation."""
    return np.asarray(cv2.resize(plane, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def linked(strong: Mask, weak: Mask) -> Mask:
    """The connected parts of ``weak`` that hold a pixel of ``strong``."""
    _, labels = cv2.connectedComponents(weak.astype(np.uint8), connectivity=8)
    held = np.zeros(int(labels.max()) + 1, bool)
    held[labels[strong & weak]] = True
    held[0] = False
    return np.asarray(held[labels], bool)


def outlines(ink: Mask, least_side: float) -> list[tuple[tuple[float, float], tuple[float, float], float]]:
    """(centre, (width, height), degrees) of the smallest upright or turned rectangle around each connected part whose
    sides are at least so long; degrees within [-45, 45], clockwise."""
    contours, _ = cv2.findContours(ink.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        (x, y), (width, height), degrees = cv2.minAreaRect(contour)
        if degrees > 45.0:
            width, height, degrees = height, width, degrees - 90.0
        if min(width, height) + 1 >= least_side:
            found.append(((x + 0.5, y + 0.5), (width + 1.0, height + 1.0), degrees))
    return found


def brightest(pixels: Pixels, size: int) -> Pixels:
    """The brightest within each square of ``size`` px, squares side by side."""
    size = max(3, size | 1)
    wide = cv2.dilate(np.ascontiguousarray(pixels), np.ones((size, size), np.uint8))
    return np.asarray(wide[size // 2 :: size, size // 2 :: size] if min(wide.shape) > size else wide, np.uint8)


def without_strokes(pixels: Pixels, thick: int) -> Pixels:
    """The paper behind strokes up to ``thick`` px thick."""
    size = max(3, thick | 1)
    calm = cv2.medianBlur(pixels, 3)
    return np.asarray(cv2.morphologyEx(calm, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)


def without_bands(pixels: Pixels, high: int) -> Pixels:
    """What is above and below dark bands up to ``high`` px high, in their place; a slope from dark to bright stays."""
    return np.asarray(cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, np.ones((max(3, high | 1), 1), np.uint8)), np.uint8)


def largest_part(mask: Mask) -> Mask:
    """The largest connected part of a mask; the mask itself when it is empty."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return np.asarray(labels == 1 + int(stats[1:, 4].argmax()), bool) if len(stats) > 1 else mask


def smoothed_within(pixels: Pixels, valid: Mask, sigma: float) -> Pixels:
    """Means over valid pixels near by, from farther away where there are none (normalised convolution)."""
    total, weight = np.zeros(pixels.shape, np.float32), np.zeros(pixels.shape[:2], np.float32)
    planes = pixels.astype(np.float32) * (valid[..., None] if pixels.ndim == 3 else valid)
    for reach, share in ((sigma, 1.0), (6 * sigma, 1e-3), (30 * sigma, 1e-6)):
        total += share * cv2.GaussianBlur(planes, (0, 0), reach)
        weight += share * cv2.GaussianBlur(valid.astype(np.float32), (0, 0), reach)
    safe = np.maximum(weight, 1e-12)
    return np.asarray((total / (safe[..., None] if pixels.ndim == 3 else safe)).clip(1, 255), np.uint8)


def divided(pixels: Pixels, light: Pixels, white: int) -> Pixels:
    """Each pixel over the light there, so that paper becomes ``white``. light: (h, w[, 3]), enlarged to the picture."""
    size = (pixels.shape[1], pixels.shape[0])
    return np.asarray(
        cv2.divide(pixels, cv2.resize(light, size, interpolation=cv2.INTER_LINEAR), scale=white), np.uint8
    )


def grain(grey: Pixels, where: Mask) -> float:
    """How much pixels differ from those around them, in grey levels: the standard deviation, for most pixels are paper."""
    fine = cv2.subtract(grey, cv2.GaussianBlur(grey, (0, 0), 1.5), dtype=cv2.CV_16S)
    return 1.48 * float(np.median(np.abs(fine[where]))) if where.any() else 0.0


def without_grain(grey: Pixels, soft: float, differ: float, where: Mask) -> Pixels:
    """(H, W): each pixel the mean of those in places that look alike (non-local means); as it is away from ``where``.
    soft: px of the blur before; differ: grey levels by which such places may differ."""
    softened, calm = cv2.GaussianBlur(grey, (0, 0), soft), grey.copy()
    for rows, columns in _blocks(where):
        around = [slice(max(0, part.start - _LOOK_PX), part.stop + _LOOK_PX) for part in (rows, columns)]
        means = cv2.fastNlMeansDenoising(np.ascontiguousarray(softened[*around]), None, differ, _PATCH_PX, _SEARCH_PX)
        top, left = rows.start - around[0].start, columns.start - around[1].start
        calm[rows, columns] = means[top : top + rows.stop - rows.start, left : left + columns.stop - columns.start]
    return calm


def _blocks(where: Mask) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of boxes that hold all of a mask: bands of rows, each as wide as what it holds."""
    for start in range(0, len(where), _BAND_PX):
        band = where[start : start + _BAND_PX]
        rows, columns = np.flatnonzero(band.any(axis=1)), np.flatnonzero(band.any(axis=0))
        if len(rows):
            yield slice(start + int(rows[0]), start + int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def without_short(ink: Mask, length: int, *, down: bool = False) -> Mask:
    """The ink that runs across the picture, or down it, for ``length`` px, leaning a little; a pixel thicker on both sides."""
    thick, long = np.ones((3, 1), np.uint8), np.ones((1, max(1, length)), np.uint8)
    wide = cv2.dilate(_bytes(ink), thick.T if down else thick)
    return np.asarray(cv2.morphologyEx(wide, cv2.MORPH_OPEN, long.T if down else long).view(bool))


def blob_paths(
    ink: Mask, least_width: float, step: int
) -> list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """(x, mean y) in each ``step``-th column of each connected part that is at least so wide."""
    inked, left, top, ltype = _inked_part(ink)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8, ltype=ltype)
    kept = [i for i in range(1, len(stats)) if stats[i, 2] >= least_width]
    paths = []
    for i in kept:
        x0, y0, width, height = stats[i, :4]
        part = labels[y0 : y0 + height, x0 : x0 + width : step] == i
        x0, y0 = x0 + left, y0 + top
        counts = part.sum(axis=0)
        ys = (part * np.arange(y0, y0 + height)[:, None]).sum(axis=0) / np.maximum(counts, 1) + 0.5
        xs = x0 + step * np.arange(len(counts)) + 0.5
        paths.append((xs[counts > 0], ys[counts > 0]))
    return paths


def remapped(pixels: Pixels, nodes: npt.NDArray[np.float64], step: int, width: int, height: int) -> Pixels:
    """The picture whose pixel (x, y) comes from where the nodes say, on paper; nodes: (rows, columns, 2) places in
    ``pixels``, each at the middle of a square of ``step`` px."""
    wide = nodes.shape[1] * step, nodes.shape[0] * step
    from_x, from_y = (
        cv2.resize(nodes[..., k].astype(np.float32), wide, interpolation=cv2.INTER_LINEAR)[:height, :width] - 0.5
        for k in (0, 1)
    )
    fill = paper_colour(pixels)
    return np.asarray(
        cv2.remap(pixels, from_x, from_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=fill), np.uint8
    )


def cut(pixels: Pixels, change: Affine, x: float, y: float, width: int, height: int) -> Pixels:
    """The window at (x, y) of the picture under ``change``, without making the whole of it."""
    return warped(pixels, Affine(1, 0, -x, 0, 1, -y).after(change), width, height)


def densities(pixels: Pixels, paper: tuple[int, ...]) -> Planes:
    """Optical density of the ink in each channel: -ln(pixel / paper), 0 on paper and above it. (H, W, 3) float32."""
    levels = np.arange(256, dtype=np.float32)
    tables = [-np.log(np.clip(np.maximum(levels, 1.0) / max(1, white), 1e-3, 1.0)) for white in paper]
    return np.asarray(cv2.merge([cv2.LUT(pixels[..., i], tables[i]) for i in range(3)]), np.float32)


def find_rings(ink: Mask, least_radius: float, greatest_radius: float) -> list[tuple[float, float, float]]:
    """(x, y, radius) of circles that the ink may follow, the likeliest first; many are none (OpenCV's Hough transform)."""
    soft = cv2.GaussianBlur(ink.astype(np.uint8) * 255, (0, 0), 1.0)
    found = cv2.HoughCircles(
        soft, cv2.HOUGH_GRADIENT, dp=1.5, minDist=max(4.0, least_radius / 4), param1=100, param2=18,
        minRadius=max(1, int(least_radius)), maxRadius=int(greatest_radius) + 1,
    )  # fmt: skip
    return [] if found is None else [(float(x), float(y), float(r)) for x, y, r in found[0][:40]]
