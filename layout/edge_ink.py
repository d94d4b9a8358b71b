"""Ink that no text explains, where the usual look is blind: a character that leans on a ruling, a minus before a figure.

A cell's ink is looked for away from its sides, for rulings reach into it, and not close to its words, whose places are
known to a quarter of a character. A lone 5 beside a dashed ruling, or a minus that runs on from print of the back side, is then lost
in silence. Their own shapes tell them: a ruling's flank runs along all of a side or into a corner, a character's ink does
neither; a minus is a level stroke half way up the first digit that ends before anything else begins.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from layout.amounts import parse_amount
from layout.crops import runs
from layout.ink_levels import InkLevels, Mask, contrast_plane
from layout.values import Blankness
from ocr.geometry import BBox
from ocr.values import Word

#: In text heights: how far from a side a character begins at most, heights of one, its least width, white that parts dashes.
_NEAR, _TALL, _WIDE, _GAP = 0.35, (0.45, 1.4), 0.2, 0.25
_INK, _PALE, _FAINT, _SURE_WITHIN = 0.5, 0.4, (0.25, 0.32), 0.25
#: Shares of the first digit's height: where a minus stands, how thick it is; its lengths in text heights, the
#: least of them before a 4.
_MIDDLE, _THICK, _LONG, _LONGER = (0.3, 0.7), 0.25, (0.25, 0.75), 0.4
#: A minus as pale as noise on other pages: its contrast, the shading there is at most, its least length in text heights.
_PALEST, _SHADING, _SHORTEST = 0.1, 0.12, 0.15
_INSET = 0.18
Plane = npt.NDArray[np.float32]


def leans_on_ruling(levels: InkLevels, box: BBox) -> bool:
    """Whether a cell without text (box in px, up to the middle of its rulings) holds a character at its left or right side."""
    mask = contrast_plane(levels, box.grown(-max(1.0, _INSET * levels.text_height))) > _INK
    return _at_left(mask, levels.text_height) or _at_left(mask[:, ::-1], levels.text_height)


def _at_left(mask: Mask, em: float) -> bool:
    height, near = len(mask), max(2, round(_NEAR * em))
    beside = mask[:, : max(2, round(em))]
    rows, columns = np.flatnonzero(beside.any(axis=1)), np.flatnonzero(beside.any(axis=0))
    if len(rows) < 3 or columns[0] >= near or rows[0] < 1 or rows[-1] > height - 2:
        return False
    tall, wide = rows[-1] - rows[0] + 1, columns[-1] + 1
    is_whole = np.diff(rows).max() <= max(2.0, _GAP * em) and not mask[:, wide : wide + near].any()
    return bool(is_whole and _TALL[0] * em <= tall <= _TALL[1] * em and wide >= _WIDE * em)


def lost_sign(levels: InkLevels, box: BBox, words: Sequence[Word]) -> str:
    """What stands before a cell's figure that was read without a sign: '-', '?' for another mark, '' where nothing does.

    box: of the cell, px; words: with the places of their characters.
    """
    first = min(words, key=lambda w: w.bbox.x0, default=None)
    if first is None or not first.chars or not first.chars[0].text.isdigit() or not _is_positive(first.text):
        return ""
    em = levels.text_height
    left, right = max(box.x0 + 0.1 * em, first.chars[0].x0 - 1.3 * em), first.chars[-1].x1
    if right <= left or (len(first.chars) > 1 and first.bbox.height > 1.5 * first.bbox.width):
        return ""  # a line that runs down, or stands in another cell
    dark = contrast_plane(levels, BBox(left, first.bbox.y0, right, first.bbox.y1))
    start = max(0, round(first.chars[0].x0 - left))
    lines = runs(np.asarray((dark[:, start:] > _INK).any(axis=1)))
    top, foot = max(lines, key=lambda run: run[1] - run[0], default=(0, 0))
    if foot - top < 0.4 * em:
        return ""
    line = dark[top:foot]
    least = _LONGER if first.chars[0].text == "4" else _LONG[0]
    if any(_has_minus(line, start, em, least, faint) for faint in _FAINT) or _has_pale_minus(
        dark, (top, foot), start, em
    ):
        return "-"
    return "?" if _has_other(line, start, em) else ""


def _has_other(dark: Plane, start: int, em: float) -> bool:
    """Whether ink as tall as a sign begins well before the first digit: an outline of a triangle, a bracket, a digit."""
    ink = dark[:, : max(0, start - round(_SURE_WITHIN * em))] > _PALE
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(columns) or columns[0] < 3 or columns[0] > start - 0.5 * em:
        return False
    return bool(rows[-1] - rows[0] + 1 >= 0.5 * len(dark) and ink.sum() >= 0.04 * em**2)


def _is_positive(text: str) -> bool:
    amount = parse_amount(text)
    return amount.kind is Blankness.NUMBER and amount.value is not None and amount.value > 0


def _has_minus(dark: Plane, start: int, em: float, least: float, faint: float) -> bool:
    """dark: the line, as high as its digits; start: column at which the first digit is said to begin; least: text heights
    that the stroke is long; faint: contrast from which there is ink.

    From the left, ink begins with a stroke that keeps to its rows for the length of a minus. The tip of a 4 does so for less.
    """
    height = len(dark)
    before = dark[:, : start + round(0.3 * em)] > faint
    columns = np.flatnonzero(before.any(axis=0))
    if not len(columns) or columns[0] < 3:
        return False
    rows = np.flatnonzero(before[:, columns[0] : columns[0] + 2].any(axis=1))
    top, foot = max(0, rows[0] - 1), rows[-1] + 2
    strays = before.copy()
    strays[top:foot] = False
    goes_on = before[top:foot, columns[0] :].any(axis=0) & ~strays[:, columns[0] :].any(axis=0)
    long = int(np.argmin(np.append(goes_on, False)))
    # its last column may hold the tip of the digit that it runs into
    thick = int(before[top:foot, columns[0] : columns[0] + max(1, long - 1)].sum(axis=0).max(initial=0))
    middle = (rows[0] + rows[-1] + 1) / 2
    is_level = thick <= max(2.0, _THICK * height) and _MIDDLE[0] * height <= middle <= _MIDDLE[1] * height
    return bool(is_level and least * em <= long <= _LONG[1] * em)


def _has_pale_minus(dark: Plane, rows: tuple[int, int], start: int, em: float) -> bool:
    """dark: the cell's whole strip; rows: of the line in it, [top, foot); start: column where the first digit is said to begin.

    In a deep shadow hardly a tenth of a minus is left. Once shading is taken off, the first ink of the line is a level
    stroke half way up that stands free: a digit's own tip runs on into the digit.
    """
    height = rows[1] - rows[0]
    before = _pale_ink(dark[:, : start + round(0.3 * em)], slice(*rows))
    first, end = next(iter(runs(np.asarray(before.any(axis=0)))), (0, 0))
    if first < 3 or end == before.shape[1]:
        return False
    inked = np.flatnonzero(before[:, first:end].any(axis=1))
    tall, middle = int(inked[-1] - inked[0]) + 1, (inked[0] + inked[-1] + 1) / 2
    long = end - first
    is_level = tall <= min(long, max(2.0, _THICK * height) + 1) and _MIDDLE[0] * height <= middle <= _MIDDLE[1] * height
    return bool(is_level and max(3.0, _SHORTEST * em) <= long <= _LONG[1] * em)


def _pale_ink(dark: Plane, line: slice) -> Mask:
    """(rows of the line, W) where its contrast is that of pale ink once the shading of each column is taken off."""
    before = dark[line] > _PALEST
    inked = np.flatnonzero(before.any(axis=0))  # elsewhere there is nothing that shading would be taken off
    if len(inked):
        columns = dark[:, inked]
        ordered, half = np.sort(columns, axis=0), len(columns) // 2
        middle = ordered[half] if len(columns) % 2 else (ordered[half - 1] + ordered[half]) / np.float32(2.0)
        before[:, inked] = columns[line] - np.minimum(np.maximum(middle, 0.0), _SHADING) > _PALEST
    return np.asarray(before)
