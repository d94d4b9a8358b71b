"""Strips of words alone, read in narrower pictures.

The recogniser looks once every 8 columns. A digit is 16 wide, and of two equal ones side by side it may see one only
where they are drawn narrower; an ideograph is 32 wide and more, and keeps three looks in a picture of three quarters of
the columns. Of 4,610 strips of real, printed and dense pages in which no character of a figure was seen the quick reader is as
often of the full recogniser's mind at shares of 1 to 0.65 of the columns; most that differs are marks of half and full width.

So a narrow reading counts only where it is of words, and leaves no room for a character that was lost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median_low

import numpy as np

from ocr.engines.ctc import Decoded, Symbol
from ocr.engines.strips import STEP_CENTRE, Strip, narrowed

NARROW = 0.75
"""Columns of a narrow picture, as a share."""
ROOM, ROOM_BESIDE_MARK, ROOM_AT_END = 1.4, 2.1, 1.3
"""Distance between the middles of neighbours, across the white of a mark, and from a middle to the end of the strip, in usual
distances: beyond it there may be room for one more. Of two equal ideographs read as one, the neighbours stand 1.5 away."""
STEP = 8.5
"""Columns by which a distance of two middles may be too long for no other reason than that they are told in steps of 8."""
_MARKS = frozenset("（）()、：:，；。“”‘’《》")
_SHIFT = STEP_CENTRE - 0.5

ReadStrips = Callable[[Sequence[Strip]], Sequence[Decoded | None]]


def read_words(strips: Sequence[Strip], read: ReadStrips, least_width: int) -> list[Decoded | None]:
    """What ``read`` surely sees in narrower pictures of the strips, in the columns of these; None where that does not count.

    least_width: columns to which the recogniser pads anything narrower; where that leaves nothing to save, nothing is read.
    """
    narrow = {i: narrowed(strip, NARROW, least_width) for i, strip in enumerate(strips)}
    worth = [i for i, other in narrow.items() if other.pixels.shape[1] < strips[i].pixels.shape[1]]
    found: list[Decoded | None] = [None] * len(strips)
    for i, decoded in zip(worth, read([narrow[i] for i in worth]), strict=True):
        if decoded is not None and is_of_words(decoded, narrow[i]):
            found[i] = in_columns_of(strips[i], narrow[i], decoded)
    return found


def is_of_words(decoded: Decoded, strip: Strip) -> bool:
    """Whether nothing but words was read, and every place of the strip that has room for a character has one."""
    centres = [_column(symbol.centre, decoded, strip) for symbol in decoded.symbols]
    if len(centres) < 2 or not all(_is_ideograph(c) or c in _MARKS for c in decoded.text):
        return False
    steps = [b - a for a, b in pairwise(centres)]
    usual = median_low(steps)
    rooms = [ROOM_BESIDE_MARK if a in _MARKS or b in _MARKS else ROOM for a, b in pairwise(decoded.text)]
    is_full = all(step <= max(room * usual, usual + STEP) for step, room in zip(steps, rooms, strict=True))
    return is_full and max(centres[0], strip.n_columns - centres[-1]) <= max(ROOM_AT_END * usual, usual + STEP)


def in_columns_of(strip: Strip, narrow: Strip, decoded: Decoded) -> Decoded:
    """The reading of a narrow picture of a strip as one of the strip. Its time steps are the strip's columns."""
    wider = strip.n_columns / narrow.n_columns

    def placed(symbol: Symbol) -> Symbol:
        start, stop = (round(step * _columns_a_step(decoded, narrow) * wider) for step in (symbol.start, symbol.stop))
        return replace(symbol, start=start, stop=stop, centre=_column(symbol.centre, decoded, narrow) * wider - _SHIFT)

    return Decoded(tuple(map(placed, decoded.symbols)), strip.pixels.shape[1], decoded.blank_confidence)


def _column(step: float, decoded: Decoded, strip: Strip) -> float:
    """As `strips.place_symbols` places a time step."""
    return float(np.clip((step + _SHIFT) * _columns_a_step(decoded, strip), 0, strip.n_columns))


def _columns_a_step(decoded: Decoded, strip: Strip) -> float:
    return float(strip.pixels.shape[1] / max(1, decoded.n_steps))


def _is_ideograph(character: str) -> bool:
    return unicodedata.category(character) == "Lo"
