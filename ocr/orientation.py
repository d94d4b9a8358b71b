"""Which way up a page lies: its axis from the ink alone, its top from reading a few lines both ways.

Characters stand closer to their neighbours on the line than to those above and below; so closing small gaps along the
reading direction merges far more of them than closing gaps across it. That tells 0/180 from 90/270 on running text, on
ruled tables and for Chinese as well as Latin type; where labels run down narrow columns, digits have the last word, for
they are taller than wide. Which end is up is a question for the recogniser: it is surer of
lines that stand upright.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.characters import is_ideograph
from ocr.geometry import Affine, BBox
from ocr.ink import Mask, count_blobs, find_blobs, joined
from ocr.values import Reading

Boxes = npt.NDArray[np.int32]

TYPE_PT = (3.0, 30.0)
"""Heights of characters; smaller ink is dirt or punctuation, larger ink rulings, seals and pictures."""
FULL = 0.35
"""Least ratio of the sides of what tells the size of type: pieces of dashed rulings are flatter."""
SOLID, LONG = 0.7, 0.67
"""Short ones may be no flatter, but are inked all over: by this share at least, and no rounder than that."""
GAPS_EM = (0.3, 0.6)
"""Gaps that are closed when lines are looked for, from tightly set to letter-spaced type."""
TELLS_NOTHING = frozenset("-－—–―⁻_ー一二三十卜ト+T=＝.,·…' ")
"""What is read in dashed and dotted rulings, whichever way up."""


UNSURE, TALL, TALLER = 0.7, 1.3, 1.5
"""Ratio of what is left after closing gaps either way from which that tells nothing for sure; ratio of the sides of a character that is
taller than wide, or wider than tall; so many times as many are tall where lines run across."""


@dataclass(frozen=True, slots=True)
class Type:
    """Characters of a page: (n, 5) boxes as in ink.Blobs, and their usual size in pixels."""

    boxes: Boxes
    em: float


def find_type(ink: Mask, dpi: float) -> Type:
    """The ink that may be characters. ink: (H, W) at ``dpi``."""
    boxes = find_blobs(ink).boxes
    low, high = (pt * dpi / 72.0 for pt in TYPE_PT)
    longest, shortest = boxes[:, 2:4].max(axis=1, initial=0), boxes[:, 2:4].min(axis=1, initial=10**6)
    boxes = boxes[(longest >= low) & (longest <= high) & (shortest >= 0.15 * longest)]
    full = _without_dashes(boxes)  # they may outnumber characters
    em = float(np.percentile((full if len(full) else boxes)[:, 2:4].max(axis=1), 75)) if len(boxes) else low
    return Type(boxes, em)


def painted(boxes: Boxes, shape: tuple[int, int]) -> Mask:
    """A picture of this shape with the boxes (n, x0 y0 width height ...) filled."""
    mask = np.zeros(shape, bool)
    for x, y, width, height in boxes[:, :4].tolist():
        mask[y : y + height, x : x + width] = True
    return mask


def moved(type_: Type, change: Affine) -> Type:
    """The characters in a picture that is turned by a few degrees: boxes keep their sizes."""
    x, y, width, height = type_.boxes[:, :4].T.astype(np.float64)
    x, y = x + width / 2.0, y + height / 2.0
    boxes = type_.boxes.copy()
    boxes[:, 0] = np.rint(change.a * x + change.b * y + change.c - width / 2.0)
    boxes[:, 1] = np.rint(change.d * x + change.e * y + change.f - height / 2.0)
    boxes[:, :2] = np.maximum(boxes[:, :2], 0)
    return Type(boxes, type_.em)


def _without_dashes(boxes: Boxes) -> Boxes:
    """Characters but for the flattest and fullest ones (一, 1): enough of the others are left to go by."""
    sides, shortest = boxes[:, 2:4].max(axis=1), boxes[:, 2:4].min(axis=1)
    is_dash = (boxes[:, 4] >= SOLID * boxes[:, 2] * boxes[:, 3]) & (shortest <= LONG * sides)
    full: Boxes = boxes[(shortest >= FULL * sides) & ~is_dash]
    return full


@dataclass(frozen=True, slots=True)
class Axis:
    """Whether lines of type run down a picture instead of across it; whether that is for sure."""

    down: bool
    is_sure: bool


def axis_of(type_: Type, shape: tuple[int, int]) -> Axis:
    """The axis along which small gaps join most characters; shape: (H, W) in pixels."""
    boxes = painted(type_.boxes, shape)
    small, large = (round(gap * type_.em) for gap in GAPS_EM)
    along, across = _n_joined(boxes, small, 1), _n_joined(boxes, 1, small)
    if across >= 2 * along and across > 0:  # wider gaps cannot make it more along
        return Axis(down=False, is_sure=True)
    along, across = along + _n_joined(boxes, large, 1), across + _n_joined(boxes, 1, large)
    is_sure = min(along, across) < UNSURE * max(along, across)
    return Axis(across < along and (is_sure or not _stands(type_)), is_sure)


def _stands(type_: Type) -> bool:
    """Whether far more characters are taller than wide than the other way round, as digits and Latin letters are."""
    boxes = _without_dashes(type_.boxes)
    sides = boxes[:, 2:4].max(axis=1)
    width, height = boxes[(sides >= 0.6 * type_.em) & (sides <= 1.3 * type_.em), 2:4].T
    return int((height > TALL * width).sum()) > TALLER * int((width > TALL * height).sum())


def _n_joined(boxes: Mask, dx: int, dy: int) -> int:
    return count_blobs(joined(boxes, dx, dy))


@dataclass(frozen=True, slots=True)
class Lines:
    """Pieces of text lines, the best to be read first, and the length of each in text heights."""

    boxes: tuple[BBox, ...]
    lengths_em: tuple[float, ...]


def find_lines(type_: Type, shape: tuple[int, int], n_lines: int, max_em: float, blobs: Boxes | None = None) -> Lines:
    """Up to n_lines pieces of text lines, none longer than max_em. blobs: `line_blobs`, where they are known."""
    em = type_.em
    lines = _lines(line_blobs(type_, shape) if blobs is None else blobs, em)
    # long pieces of usual height hold most characters and no stray ink
    order = np.argsort(np.abs(np.log(lines[:, 3] / (1.05 * em))) - 0.2 * np.minimum(lines[:, 2] / em, max_em))
    pieces = [(x, y, min(w, max_em * em), h) for x, y, w, h, _ in lines[order][:n_lines].tolist()]
    boxes = tuple(BBox(x, y, x + w, y + h).grown(0.15 * em) for x, y, w, h in pieces)
    return Lines(boxes, tuple(w / em for _, _, w, _ in pieces))


def line_blobs(type_: Type, shape: tuple[int, int]) -> Boxes:
    """(n, 5) boxes of what is joined along x as lines of text are, and of what is not."""
    return find_blobs(joined(painted(_without_dashes(type_.boxes), shape), round(0.6 * type_.em), 1)).boxes


def _lines(blobs: Boxes, em: float) -> Boxes:
    """Those that are as high as lines of text, and longer than high."""
    heights, widths = blobs[:, 3], blobs[:, 2]
    lines: Boxes = blobs[(heights >= 0.6 * em) & (heights <= 2.0 * em) & (widths >= 2.5 * heights)]
    return lines


def length_of_lines(type_: Type, shape: tuple[int, int]) -> float:
    """Length in text heights of all lines along x together."""
    return float(_lines(line_blobs(type_, shape), type_.em)[:, 2].sum()) / type_.em


def telling(upright: Sequence[Reading], turned: Sequence[Reading]) -> list[int]:
    """The lines of which a reading, one way or the other, holds two characters that tell which way is up."""
    return [i for i, ways in enumerate(zip(upright, turned, strict=True)) if max(map(_n_told, ways)) >= 2]


def certainty(readings: Sequence[Reading], lengths_em: Sequence[float]) -> float:
    """How well lines could be read, in [0, 1]: their mean confidence, each in proportion to how much of it was read.

    A line upside down or sideways often gives one or two characters, of which a recogniser may be quite sure; dashes of
    a ruling read alike either way and tell nothing.
    """
    shares = [min(1.0, _n_told(r) / (0.8 * em)) for r, em in zip(readings, lengths_em, strict=True)]
    return sum(r.confidence * share for r, share in zip(readings, shares, strict=True)) / max(1, len(readings))


def _n_told(reading: Reading) -> int:
    return sum(c not in TELLS_NOTHING for c in reading.text)


def n_ideographs(reading: Reading) -> int:
    """How many of its characters are ideographs that tell which way is up."""
    return sum(is_ideograph(c) and c not in TELLS_NOTHING for c in reading.text)
