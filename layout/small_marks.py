"""Marks within a line that its recogniser takes for others, told by the shape of their ink.

A lone / reads like 1, ² like 2 (10² is not 102), the bar under ≥ is lost before 95%, ‰ is no character it knows. The ink says: a
stroke that leans is no 1; a figure whose foot stands well above the feet of its neighbours is raised; a chevron's bar is seen in
its first run of ink. A reading with source 'shape' says what was decided; without a second witness the cell is doubted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

import numpy as np

from layout.cells import with_doubt
from layout.crops import runs
from layout.ink_levels import InkLevels, Mask, ink_rows, ink_weights
from layout.sign_shapes import sign_of_ink
from layout.values import Cell, Doubt
from ocr.geometry import BBox
from ocr.values import Reading

_UPRIGHT = frozenset("1lI|丨")
_RAISED = {"2": "²", "3": "³"}
_RAISABLE = re.compile(r"(?:[\d.,]*\d|[kcd]?m)[23]")
_BARE = {"<": "≤", ">": "≥"}
_PER_MILLE = frozenset({"%0", "%o", "%O", "%〇", "%。"})
_INSET = 0.18


@dataclass(frozen=True, slots=True)
class SmallMarkOptions:
    """least_lean: shift of a stroke from foot to head over its height, from which it is a slash; straightest: correlation of its
    middle with a line. raised: how far above the foot of its neighbours a raised figure stands, in their heights;
    least_tall: of the tallest ink, to be a neighbour that tells.
    """

    least_lean: float = 0.27
    least_straight: float = 0.95
    raised: float = 0.28
    least_tall: float = 0.7


def may_hold(cell: Cell) -> bool:
    """Whether the text is one in which such a mark may have been missed."""
    text = _plain(cell.text)
    return text in _UPRIGHT or text in _PER_MILLE or text[:1] in _BARE or bool(_RAISABLE.fullmatch(text))


def settle_small_marks(cell: Cell, levels: InkLevels, options: SmallMarkOptions | None = None) -> Cell:
    """The cell with such a mark as its ink shows it; itself where there is none."""
    options = options or SmallMarkOptions()
    text = _plain(cell.text)
    if "\n" in cell.text.strip() or not may_hold(cell):
        return cell
    if text in _PER_MILLE:
        return _decided(cell, "‰", is_sure=sum(_plain(r.text) in _PER_MILLE for r in cell.readings) != 1)
    inside = cell.bbox.grown(-max(1.0, _INSET * levels.text_height))
    mask = ink_rows(levels, inside)
    if text in _UPRIGHT:
        return _decided(cell, "/", is_sure=_says(cell, "/")) if leans(mask, options) else cell
    if len(text) > 2 and text[0] in _BARE:
        return _by_first_run(cell, text, levels, inside, mask)
    if _RAISABLE.fullmatch(text) and ends_raised(mask, options):
        raised = cell.text.rstrip()[:-1] + _RAISED[text[-1]]
        return _decided(cell, raised, is_sure=_says(cell, raised) or not text[0].isdigit())
    return cell


def leans(mask: Mask, options: SmallMarkOptions) -> bool:
    """Whether all ink is one straight stroke from the lower left to the upper right."""
    rows = np.flatnonzero(mask.any(axis=1))
    if len(rows) < 5 or rows[-1] - rows[0] + 1 != len(rows):
        return False
    middle = np.array([float(np.flatnonzero(mask[y]).mean()) for y in rows])
    widest = max(int(np.ptp(np.flatnonzero(mask[y]))) + 1 for y in rows)
    if not np.ptp(middle) or widest > 0.5 * len(rows):
        return False
    slope = float(np.polyfit(rows, middle, 1)[0])
    return -slope >= options.least_lean and -float(np.corrcoef(rows, middle)[0, 1]) >= options.least_straight


def ends_raised(mask: Mask, options: SmallMarkOptions) -> bool:
    """Whether the last figure of a line stands above the feet of those before it."""
    glyphs = [mask[:, a:b] for a, b in runs(np.asarray(mask.any(axis=0)))]
    boxes = [(int(rows[0]), int(rows[-1]) + 1) for g in glyphs if len(rows := np.flatnonzero(g.any(axis=1)))]
    if len(boxes) < 2:
        return False
    tallest = max(b - a for a, b in boxes)
    feet = [b for a, b in boxes[:-1] if b - a >= options.least_tall * tallest]
    top, foot = boxes[-1]
    if not feet or foot - top < 0.3 * tallest:
        return False
    return bool(float(np.median(feet)) - foot >= options.raised * tallest and foot - top <= 0.8 * tallest)


def _by_first_run(cell: Cell, text: str, levels: InkLevels, inside: BBox, mask: Mask) -> Cell:
    """The comparison before a figure, with the bar that its ink has; doubted where the ink does not tell."""
    start, stop = next(iter(runs(np.asarray(mask.any(axis=0)))), (0, 0))
    sign = sign_of_ink(ink_weights(levels, inside)[:, max(0, start - 1) : stop + 1], levels.text_height)
    barred = _BARE[text[0]]
    says_barred = any(_plain(r.text).startswith(barred) for r in cell.readings)
    if sign == barred:
        return _decided(cell, barred + text[1:], is_sure=says_barred)
    return with_doubt(cell, Doubt.READINGS_DIFFER) if says_barred or sign != text[0] else cell


def _says(cell: Cell, text: str) -> bool:
    return any(_plain(r.text) == _plain(text) for r in cell.readings)


def _decided(cell: Cell, text: str, *, is_sure: bool) -> Cell:
    readings = cell.readings or (Reading(cell.ocr_text, cell.confidence, "page"),)
    chosen = replace(cell, text=text, readings=(*readings, Reading(text, 0.99 if is_sure else 0.5, "shape")))
    if is_sure:
        kept = tuple(d for d in cell.doubts if d is Doubt.UNDER_SEAL)
        return replace(chosen, doubts=kept, confidence=0.99)
    return replace(with_doubt(chosen, Doubt.READINGS_DIFFER), confidence=min(cell.confidence, 0.5))


def _plain(text: str) -> str:
    """Without white space and full width; what is raised stays so."""
    narrow = "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" else c for c in text)
    return "".join(narrow.split())
