"""Words that are rulings: dashes and dots in a row that were taken for type are no text where structure is asked for.

They lie along a ruling, from end to end, and were hardly read: 一ーーー, mnñnntn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layout.stretches import overlap, union
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import PageText

#: Short strokes across the middle of a word that make it type, and by how much of its width they stand out of it at most.
STEMS, STAND_OUT = 3, 0.3
#: Confidence from which a word is believed to be one; times its width that a box is long at least; how far from its middle,
#: in its width, a ruling lies at most; share of its length that rulings cover.
BELIEVED, LONG, ASIDE, COVERED = 0.47, 1.8, 0.3, 0.75


def without_read_rulings(text: PageText, rulings: Sequence[Ruling]) -> PageText:
    """The page's text less the words that are rulings; itself where there are none."""
    kept = tuple(w for w in text.words if w.confidence >= BELIEVED or not _is_ruling(w.bbox, rulings))
    return text if len(kept) == len(text.words) else replace(text, words=kept)


def _is_ruling(box: BBox, rulings: Sequence[Ruling]) -> bool:
    level = box.width >= box.height
    wide, long = sorted((box.width, box.height))
    if long < LONG * wide:
        return False
    low, high, start, end = (box.y0, box.y1, box.x0, box.x1) if level else (box.x0, box.x1, box.y0, box.y1)
    along = Orientation.HORIZONTAL if level else Orientation.VERTICAL
    if _n_stems(low, high, start, end, [r for r in rulings if r.orientation is not along]) >= STEMS:
        return False
    near = [r for r in rulings if r.orientation is along and abs(r.position - (low + high) / 2) <= ASIDE * (high - low)]
    return overlap(union([(r.start, r.end) for r in near]), start, end) >= COVERED * long


def _n_stems(low: float, high: float, start: float, end: float, across: Sequence[Ruling]) -> int:
    """How many of the rulings across begin and end in a word, as stems of type do that its cell's side cuts off."""
    out = STAND_OUT * (high - low)
    return sum(start < r.position < end and low - out <= r.start and r.end <= high + out for r in across)
