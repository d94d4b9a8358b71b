"""Words -> boxes of what text really covers, so that a ruling which one text box runs over is seen between its characters.

Text detectors bridge the white on both sides of a ruling: `3,037.04` and the label of the next column come as one word.
Positions of characters tell where it may be parted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.reading_order import WIDE_CLOSING, glyph_height, is_wide
from ocr.geometry import BBox
from ocr.values import Char, Word

Floats = npt.NDArray[np.float64]

#: What an engine reads where it sees a ruling between two cells: the ruling, not what hides it.
RULING_MARKS = frozenset("|｜丨¦!")

#: In text heights: how far a detected box reaches past its characters as a rule; half of what is open between an amount
#: and the words of the next column.
END_MARGIN, OPEN_AMOUNT = 0.5, 0.15
#: In text heights: what stands this near to a character's height stands beside it.
BESIDE = 0.3
#: In text heights: white between characters of one text, at most, on which no ruling stands.
CLOSE = 0.08
#: Marks that no line begins with.
_CLOSING = WIDE_CLOSING | frozenset(",.;:!?)")
#: An amount to its hundredths: no word goes on right behind it but a unit.
_AMOUNT = re.compile(
    r"\d\.\d\d(?=[\u4e00-\u9fff])(?![万亿元千百倍年月日个项人次件])|(?<=[\u4e00-\u9fff])(?=\d[\d,]*\.\d\d(?!\d))"
)


def text_boxes(words: Iterable[Word], near: BBox, clear_gap: float, inset: float) -> Floats:
    """(n, 4) x0 y0 x1 y1 in px of the words that meet a box, parted where white as wide as clear_gap x height shows.

    inset: share of its lesser side that whoever looks at a part's end takes off; parts end that much later at a gap, so
    that just the white is left open.
    """
    parts = (part for w in words if near.intersection(w.bbox) for part in _parts(w, clear_gap, inset))
    return np.array([p.as_tuple() for p in parts], dtype=float).reshape(-1, 4)


def is_stacked(word: Word) -> bool:
    """Whether a word is two characters one below the other: of two rows, or two lines of a cell."""
    text = word.text.strip()
    return len(text) == 2 and all(map(is_wide, text)) and runs_downwards(word)


def in_two_rows(word: Word, heights: Iterable[float], words: Iterable[Word]) -> bool:
    """Whether either of two stacked characters, whose middles are at these heights, has others beside it there, as in two
    rows; two lines of a cell have them in the middle.
    """
    near = BESIDE * word.bbox.width
    middles = [w.bbox.centre[1] for w in words if w is not word]
    return all(any(abs(y - height) < near for y in middles) for height in heights)


def character_cores(words: Iterable[Word], near: BBox) -> Floats:
    """(n, 4) x0 y0 x1 y1 in px: stretches of wide characters that follow closely, of words that meet a box, less a quarter of the
    first and the last; a closing mark goes with the character before it. A ruling across the text leaves white on both its sides.
    """
    cores: list[tuple[float, float, float, float]] = []
    for word in words:
        if not near.intersection(word.bbox) or runs_downwards(word):
            continue
        height, parts = glyph_height(word), list[tuple[float, float]]()
        for char in word.chars:
            if parts and char.text in _CLOSING:
                parts[-1] = parts[-1][0], max(parts[-1][1], char.x1)
            elif is_wide(char.text) and parts and char.x0 - parts[-1][1] < CLOSE * height:
                parts[-1] = parts[-1][0], char.x1
            elif is_wide(char.text):
                parts.append((char.x0, char.x1))
        inset = 0.25 * height
        cores += [(a + inset, word.bbox.y0, b - inset, word.bbox.y1) for a, b in parts if b - a > 2 * inset]
    return np.array(cores, dtype=float).reshape(-1, 4)


def runs_downwards(word: Word) -> bool:
    """Whether a word is set from top to bottom; its characters' places then do not run along x."""
    return len(word.text) > 1 and word.bbox.height > 1.5 * word.bbox.width


def _parts(word: Word, clear_gap: float, inset: float) -> Iterator[BBox]:
    box, height = word.bbox, glyph_height(word)
    inked = [c for c in word.chars if not c.text.isspace() and c.text not in RULING_MARKS]
    gaps = [] if runs_downwards(word) else _gaps(inked, clear_gap * height, OPEN_AMOUNT * height)
    left, right = _sides(word, inked)
    starts = [left, *(g[1] for g in gaps)]
    stops = [*(g[0] for g in gaps), right]
    for i, (x0, x1) in enumerate(zip(starts, stops, strict=True)):
        slack = inset * min((x1 - x0) / (1.0 - 2.0 * inset), box.height)
        yield BBox(x0 - slack * (i > 0), box.y0, max(x0, x1) + slack * (i < len(gaps)), box.y1)


def _gaps(inked: list[Char], clear: float, half: float) -> list[tuple[float, float]]:
    """Where a word may be parted: white as wide as ``clear``, and right behind or before an amount, ``half`` to each side."""
    text = "".join(c.text for c in inked)
    amounts = {match.end() for match in _AMOUNT.finditer(text)} if len(text) == len(inked) else set()
    gaps = []
    for i, (one, two) in enumerate(pairwise(inked), start=1):
        if two.x0 - one.x1 >= clear:
            gaps.append((one.x1, two.x0))
        elif i in amounts:
            middle = (one.x1 + two.x0) / 2
            gaps.append((middle - half, middle + half))
    return gaps


def _sides(word: Word, inked: list[Char]) -> tuple[float, float]:
    """The word's own sides, or where its characters begin and end if the box reaches well past them, or to a ruling read."""
    box, margin = word.bbox, END_MARGIN * glyph_height(word)
    if not inked or runs_downwards(word):
        return box.x0, box.x1
    first, last = word.chars[0], word.chars[-1]
    left = inked[0].x0 if first.text in RULING_MARKS else max(box.x0, inked[0].x0 - margin)
    right = inked[-1].x1 if last.text in RULING_MARKS else min(box.x1, inked[-1].x1 + margin)
    return left, right
