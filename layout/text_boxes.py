"""Words -> boxes of what text really covers, so that a ruling which one text box runs over is seen between its characters.

Text detectors bridge the white on both sides of a ruling: `3,037.04` and the label of the next column come as one word.
Positions of characters tell where it may be parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.reading_order import glyph_height
from ocr.geometry import BBox
from ocr.values import Char, Word

Floats = npt.NDArray[np.float64]

#: What an engine reads where it sees a ruling between two cells: the ruling, not what hides it.
RULING_MARKS = frozenset("|｜丨¦")

#: In text heights: how far a detected box reaches past its characters as a rule.
END_MARGIN = 0.5


def text_boxes(words: Iterable[Word], near: BBox, clear_gap: float, inset: float) -> Floats:
    """(n, 4) x0 y0 x1 y1 in px of the words that meet a box, parted where white as wide as clear_gap x height shows.

    inset: share of its lesser side that whoever looks at a part's end takes off; parts end that much later at a gap, so
    that just the white is left open.
    """
    parts = (part for w in words if near.intersection(w.bbox) for part in _parts(w, clear_gap, inset))
    return np.array([p.as_tuple() for p in parts], dtype=float).reshape(-1, 4)


def runs_downwards(word: Word) -> bool:
    """Whether a word is set from top to bottom; its characters' places then do not run along x."""
    return len(word.text) > 1 and word.bbox.height > 1.5 * word.bbox.width


def _parts(word: Word, clear_gap: float, inset: float) -> Iterator[BBox]:
    box, height = word.bbox, glyph_height(word)
    inked = [c for c in word.chars if not c.text.isspace() and c.text not in RULING_MARKS]
    gaps = [
        (one.x1, two.x0) for one, two in pairwise(inked) if two.x0 - one.x1 >= clear_gap * height
    ] if not runs_downwards(word) else []  # fmt: skip
    left, right = _sides(word, inked)
    starts = [left, *(g[1] for g in gaps)]
    stops = [*(g[0] for g in gaps), right]
    for i, (x0, x1) in enumerate(zip(starts, stops, strict=True)):
        slack = inset * min((x1 - x0) / (1.0 - 2.0 * inset), box.height)
        yield BBox(x0 - slack * (i > 0), box.y0, max(x0, x1) + slack * (i < len(gaps)), box.y1)


def _sides(word: Word, inked: list[Char]) -> tuple[float, float]:
    """The word's own sides, or where its characters begin and end if the box reaches well past them."""
    box, margin = word.bbox, END_MARGIN * glyph_height(word)
    if not inked or runs_downwards(word):
        return box.x0, box.x1
    return max(box.x0, inked[0].x0 - margin), min(box.x1, inked[-1].x1 + margin)
