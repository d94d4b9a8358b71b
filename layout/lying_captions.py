"""Words that run down or up a page -> the page as it lies for them: captions of a table that was printed on its side.

The page is put straight for the table, so that its upright caption lies beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.geometry import BBox
from ocr.values import Word

#: A word this many times as high as it is wide, of so many characters at least, runs along the page's height.
TALL, LEAST = 1.5, 2


def is_lying(word: Word) -> bool:
    """Whether a word runs down or up the page."""
    return len(word.text.strip()) >= LEAST and word.bbox.height > TALL * word.bbox.width


def turned(box: BBox, clockwise: bool) -> BBox:
    """A box on the page turned by a quarter, px; the origin stays where it is."""
    if clockwise:
        return BBox(-box.y1, box.x0, -box.y0, box.x1)
    return BBox(box.y0, -box.x1, box.y1, -box.x0)


def turned_words(words: Sequence[Word], clockwise: bool) -> list[Word]:
    """The lying words on that page, where they are level; places of their characters are not known there."""
    return [replace(word, bbox=turned(word.bbox, clockwise), chars=()) for word in words]
