"""Strips of words alone, read in narrower pictures.

The recogniser looks once every 8 columns. A digit is 16 wide, and of two equal ones side by side it may see one only
where they are drawn narrower; an ideograph is 32 wide and more, and keeps three looks in a picture of three quarters of
the columns. Of 4,610 strips of real, printed and dense pages in which no character of a figure was seen the quick reader is as
often of the full recogniser's mind at shares of 1 to 0.65 of the columns; most that differs are marks of half and full width.

So a narrow reading counts only where it is of words, and leaves no room for a character that was lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median_low

from ocr.characters import is_ideograph
from ocr.engines.ctc import Decoded
from ocr.engines.strips import (
    STEP_SHIFT,
    Strip,
    centre_columns,
    columns_per_step,
    narrowed,
    narrowed_columns,
    padded_width,
)

NARROW = 0.75
"""Columns of a narrow picture, as a share."""
ROOM, ROOM_BESIDE_MARK, ROOM_AT_END = 1.4, 2.1, 1.3
"""Distance between the middles of neighbours, across the white of a mark, and from a middle to the end of the strip, in usual
distances: beyond it there may be room for one more. Of two equal ideographs read as one, the neighbours stand 1.5 away."""
STEP = 8.5
"""Columns by which a distance of two middles may be too long for no other reason than that they are told in steps of 8."""
_MARKS = frozenset("（）()、：:，；。“”‘’《》")

ReadStrips = Callable[[Sequence[Strip]], Sequence[Decoded | None]]


def read_words(strips: Sequence[Strip], read: ReadStrips, least_width: int) -> list[Decoded | None]:
    """What ``read`` surely sees in narrower pictures of the strips, in the columns of these; None where that does not count.

    least_width: columns to which the recogniser pads anything narrower; where that leaves nothing to save, nothing is read.
    """
    found: list[Decoded | None] = [None] * len(strips)
    worth = [i for i, strip in enumerate(strips) if _saves_columns(strip, least_width)]
    narrow = [narrowed(strips[i], NARROW, least_width) for i in worth]
    for i, strip, decoded in zip(worth, narrow, read(narrow), strict=True):
        if decoded is not None and is_of_words(decoded, strip):
            found[i] = in_columns_of(strips[i], strip, decoded)
    return found


def _saves_columns(strip: Strip, least_width: int) -> bool:
    return padded_width(narrowed_columns(strip, NARROW), least_width) < int(strip.pixels.shape[1])


def is_of_words(decoded: Decoded, strip: Strip) -> bool:
    """Whether nothing but words was read, and every place of the strip that has room for a character has one."""
    centres = centre_columns(decoded, strip)
    if len(centres) < 2 or not all(is_ideograph(c) or c in _MARKS for c in decoded.text):
        return False
    steps = [b - a for a, b in pairwise(centres)]
    usual = median_low(steps)
    rooms = [ROOM_BESIDE_MARK if a in _MARKS or b in _MARKS else ROOM for a, b in pairwise(decoded.text)]
    is_full = all(step <= max(room * usual, usual + STEP) for step, room in zip(steps, rooms, strict=True))
    return is_full and max(centres[0], strip.n_columns - centres[-1]) <= max(ROOM_AT_END * usual, usual + STEP)


def in_columns_of(strip: Strip, narrow: Strip, decoded: Decoded) -> Decoded:
    """The reading of a narrow picture of a strip as one of the strip. Its time steps are the strip's columns."""
    wider = strip.n_columns / narrow.n_columns
    each = columns_per_step(decoded, narrow) * wider
    placed = (
        replace(
            symbol, start=round(symbol.start * each), stop=round(symbol.stop * each), centre=at * wider - STEP_SHIFT
        )
        for symbol, at in zip(decoded.symbols, centre_columns(decoded, narrow), strict=True)
    )
    return Decoded(tuple(placed), strip.pixels.shape[1], decoded.blank_confidence)
