"""Is there ink in this cell? Plain numpy, at most a few dozen microseconds a cell.

Ink is what differs from the cell's own paper by nearly as much as the page's print does: faint bleed-through, shading
and coloured seals do not, white on black does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from layout.quantiles import quantile, quantiles
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels, Word

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.float64]

#: Share of the print's contrast from which a pixel counts as ink.
_INK_SHARE = 0.5
#: Smallest mark: area in squared text heights, and length in text heights (a dash is long and thin, a speck neither).
_MARK_AREA, _MARK_LENGTH = 0.025, 0.35
_DEFAULT_CONTRAST = 128.0
#: Shortest level or upright stroke that is print even where it is one pixel thin, longest that is a dash; text heights.
_THIN_STROKE, _LONGEST_DASH = 0.2, 2.5
#: How far a ruling reaches into a cell, how deep its flank is looked for, how exact positions of characters are.
_INSET, _FLANK, _SURE_WITHIN = 0.18, 0.45, 0.25


@dataclass(frozen=True, slots=True, eq=False)
class InkLevels:
    """A table's part of the page prepared for the question.

    brightest, darkest: (H, W) over the colour channels; (left, top): page pixel of their first element; contrast: of
    the print, in grey levels; text_height in px.
    """

    brightest: Grey
    darkest: Grey
    left: int
    top: int
    contrast: float
    text_height: float


def measure_ink(image: PageImage, box: BBox, words: Iterable[Word], text_height: float) -> InkLevels:
    """How dark the table in ``box`` (page pixels) prints, measured within its words; text_height in px."""
    margin = text_height
    left, top = max(0, int(box.x0 - margin)), max(0, int(box.y0 - margin))
    pixels = image.pixels[top : int(box.y1 + margin), left : int(box.x1 + margin)]
    brightest, darkest = (pixels, pixels) if pixels.ndim == 2 else _extremes(pixels)
    levels = InkLevels(brightest, darkest, left, top, _DEFAULT_CONTRAST, text_height)
    spreads = [_spread(_cut(levels, darkest, word.bbox)) for word in words]
    return replace(levels, contrast=max(float(np.median(spreads)), 16.0)) if spreads else levels


def holds_mark(levels: InkLevels, box: BBox, words: Iterable[Word] = ()) -> bool:
    """Whether a cell's inside (box in px, up to the middle of its rulings) holds ink of a character beside ``words``.

    Where the engine says where a word's characters stand, their extent counts and not the box: a first character that
    was seen but not read leaves ink in the box.
    """
    inside = box.grown(-max(1.0, _INSET * levels.text_height))
    cut = _cut(levels, levels.brightest, inside)
    if min(cut.shape) < 3:
        return False
    mask = _cleaned(cut, levels)
    beside = tuple(words)
    for word in beside:
        _erase(mask, _extent(word).shifted(-ceil(inside.x0), -ceil(inside.y0)), levels.text_height)
    if not mask.any():
        return False
    return _has_mark(mask, levels.text_height) or (not beside and _has_dash(mask, levels.text_height))


def is_bare(levels: InkLevels, box: BBox) -> bool:
    """Whether there is no ink at all where a word was read."""
    cut = _cut(levels, levels.darkest, box)
    return not cut.size or int(np.count_nonzero(_ink_mask(cut, levels.contrast))) / cut.size < 0.005


def ink_rows(levels: InkLevels, box: BBox) -> Mask:
    """(H, W) ink of a cell's inside without ruling remains and specks."""
    return _cleaned(_cut(levels, levels.darkest, box), levels)


def ink_weights(levels: InkLevels, box: BBox) -> Weights:
    """(H, W) in [0, 1]: how dark each pixel of a cell's inside is, 1 as dark as its print; 0 away from its ink."""
    cut = _cut(levels, levels.darkest, box)
    near = np.pad(_cleaned(cut, levels), 1)
    near = near[:-2] | near[1:-1] | near[2:]
    near = near[:, :-2] | near[:, 1:-1] | near[:, 2:]
    return np.asarray(np.clip(np.abs(cut - _paper(cut)) / levels.contrast, 0.0, 1.0) * near, np.float64)


def contrast_plane(levels: InkLevels, box: BBox) -> npt.NDArray[np.float32]:
    """(H, W): how far each pixel in a box differs from the box's own paper, 1 as far as print does; rulings included."""
    cut = _cut(levels, levels.brightest, box)
    return np.asarray(np.abs(cut.astype(np.float32) - _paper(cut)) / levels.contrast, np.float32)


def _extremes(pixels: Pixels) -> tuple[Grey, Grey]:
    # Channel by channel: a reduction over a last axis of three is ten times slower.
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    brightest, darkest = np.maximum(red, green), np.minimum(red, green)
    return np.maximum(brightest, blue), np.minimum(darkest, blue)


def _cut(levels: InkLevels, plane: Grey, box: BBox) -> Grey:
    box = box.shifted(-levels.left, -levels.top)
    height, width = plane.shape
    x0, x1 = max(0, ceil(box.x0)), min(width, int(box.x1))
    y0, y1 = max(0, ceil(box.y0)), min(height, int(box.y1))
    return plane[y0 : max(y0, y1), x0 : max(x0, x1)]


def _extent(word: Word) -> BBox:
    if not word.chars or word.bbox.height > word.bbox.width:
        return word.bbox
    ink = [c for c in word.chars if not c.text.isspace()]
    return BBox(ink[0].x0, word.bbox.y0, max(ink[-1].x1, ink[0].x0), word.bbox.y1) if ink else word.bbox


def _erase(mask: Mask, box: BBox, text_height: float) -> None:
    # Positions from the recogniser are good to about a quarter of a character; a lost character is wider.
    x, y = _SURE_WITHIN * text_height, 0.75 * text_height
    rows = slice(max(0, int(box.y0 - y)), max(0, int(box.y1 + y)))
    mask[rows, max(0, int(box.x0 - x)) : max(0, int(box.x1 + x))] = False


def _spread(cut: Grey) -> float:
    if not cut.size:
        return _DEFAULT_CONTRAST
    low, middle, high = quantiles(cut, (0.03, 0.5, 0.97))
    return max(high - middle, middle - low)


def _paper(cut: Grey) -> float:
    return quantile(cut, 0.5) if cut.size else 0.0


def _ink_mask(cut: Grey, contrast: float) -> Mask:
    # |level - paper| > reach, asked of bytes; the paper is whole or half a level
    paper, reach = _paper(cut), float(np.float32(_INK_SHARE * contrast))
    low, high = ceil(paper - reach), floor(paper + reach)
    mask = cut < low if low > 0 else np.zeros(cut.shape, bool)
    if high < 255:
        mask |= cut > high
    return np.asarray(mask)


def _without_rulings(mask: Mask, text_height: float) -> Mask:
    """Takes out runs of ink that start at a side: the flank of a ruling, thick or slanted."""
    depth = max(1, round(_FLANK * text_height))
    kept = mask.copy()
    for turned in (kept, kept[::-1], kept.T, kept.T[::-1]):
        if turned[0].any():
            flank = turned[:depth]
            flank &= ~np.logical_and.accumulate(flank, axis=0)
    return kept


def _cleaned(cut: Grey, levels: InkLevels) -> Mask:
    mask = _ink_mask(cut, levels.contrast)
    if not mask.any():
        return mask
    return _without_specks(_without_rulings(mask, levels.text_height), levels.text_height)


def _without_specks(mask: Mask, text_height: float) -> Mask:
    """Keeps ink pixels with at least three of eight neighbours inked, and strokes one pixel thin: a minus is one."""
    padded = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.uint8)
    padded[1:-1, 1:-1] = mask
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    thick = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:] >= 4
    least = max(3, round(_THIN_STROKE * text_height))
    if not (mask & ~thick).any():
        return mask
    return np.asarray(mask & (thick | _in_run(mask, least, axis=1) | _in_run(mask, least, axis=0)))


def _in_run(mask: Mask, least: int, axis: int) -> Mask:
    """Which pixels lie in a run of at least ``least`` along an axis."""
    covered = np.zeros_like(mask)
    n_starts = mask.shape[axis] - least + 1
    if n_starts < 1:
        return covered
    # runs of 1, 2, 4, ... begin here, and then of least; the same way they are covered again
    widths = [1]
    while widths[-1] < least:
        widths.append(min(2 * widths[-1], least))
    starts = mask
    for had, width in pairwise(widths):
        n = mask.shape[axis] - width + 1
        starts = _from(starts, 0, n, axis) & _from(starts, width - had, n, axis)
    _from(covered, 0, n_starts, axis)[...] = starts
    for had, width in pairwise(widths):
        n = mask.shape[axis] - (width - had)
        _from(covered, width - had, n, axis)[...] |= _from(covered, 0, n, axis).copy()
    return covered


def _from(mask: Mask, start: int, n: int, axis: int) -> Mask:
    return mask[start : start + n] if axis == 0 else mask[:, start : start + n]


def _has_mark(mask: Mask, text_height: float) -> bool:
    side = max(3, round(text_height))
    sums = _window_sums(mask.astype(np.int32), side)
    y, x = np.unravel_index(int(np.argmax(sums)), sums.shape)
    if sums[y, x] < _MARK_AREA * text_height**2:
        return False
    ys, xs = np.nonzero(mask[y : y + side, x : x + side])
    return bool(max(np.ptp(ys), np.ptp(xs)) + 1 >= _MARK_LENGTH * text_height)


def _has_dash(mask: Mask, text_height: float) -> bool:
    """Whether all ink is one level stroke of a dash's length, however thin."""
    ys, xs = np.nonzero(mask)
    long_enough = _THIN_STROKE * text_height <= np.ptp(xs) + 1 <= _LONGEST_DASH * text_height
    return bool(long_enough and np.ptp(ys) + 1 <= max(2.0, _THIN_STROKE * text_height))


def _window_sums(mask: npt.NDArray[np.int32], side: int) -> npt.NDArray[np.int64]:
    """Sums over side x side windows (cut to the mask where that is smaller)."""
    height, width = (min(side, n) for n in mask.shape)
    total = np.pad(mask, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.int64).cumsum(axis=1)
    sums = total[height:, width:] - total[:-height, width:] - total[height:, :-width] + total[:-height, :-width]
    return np.asarray(sums)
