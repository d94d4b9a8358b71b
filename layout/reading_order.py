"""Words -> lines -> text, in reading order."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from ocr.geometry import BBox
from ocr.values import TextLine, Word

_EM_PER_BOX, _EM_OF_DIGIT = 0.67, 0.55
#: Words whose type size is kept, more than most pages have. A word is known by its identity; to compare two takes longer.
MOST_KEPT = 512
_HEIGHTS: dict[int, tuple[Word, float]] = {}
#: Full-width marks, whose print fills half of their em.
WIDE_STOPS = frozenset("，。、；：！？")
WIDE_OPENING, WIDE_CLOSING = frozenset("（《“‘【「"), frozenset("）》”’】」") | WIDE_STOPS


def order_lines(words: Iterable[Word]) -> tuple[TextLine, ...]:
    """Words that share a baseline as lines, top down; words of a line left to right.

    A word joins a line when its middle lies within half a text height of the line's middle: boxes of one line differ
    in height (a comma, a dash), their middles hardly do.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.bbox.centre[1], w.bbox.x0)):
        line = next((found for found in reversed(lines[-2:]) if _shares_baseline(found, word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    return tuple(_line(words) for words in lines)


def line_text(words: Sequence[Word]) -> str:
    """The words of one line as text: a space where white shows between them, none between Chinese characters."""
    text = ""
    for left, right in zip((None, *words), words, strict=False):
        if left is not None and _is_spaced(left, right):
            text += " "
        text += right.text
    return text


def bounds(words: Sequence[Word]) -> BBox:
    """The box around all words; there is one at least."""
    box = words[0].bbox
    for word in words[1:]:
        box = box.union(word.bbox)
    return box


def is_wide(char: str) -> bool:
    """Whether a character is set without spaces around it (Chinese, Japanese, full-width punctuation)."""
    return ord(char) >= 0x2E80


def glyph_height(word: Word) -> float:
    """As `_glyph_height`, which is asked of the words of a page time and again."""
    kept = _HEIGHTS.get(id(word))
    if kept is None or kept[0] is not word:
        if len(_HEIGHTS) >= MOST_KEPT:
            _HEIGHTS.clear()
        kept = _HEIGHTS[id(word)] = (word, _glyph_height(word))
    return kept[1]


def _glyph_height(word: Word) -> float:
    """Type size of a word in px (the em): from the advance of its characters, else from its box.

    Detected boxes are about 1.5 times as high as their print, and higher where a long line slants: the advance of
    Chinese characters is the em itself, digits are a little more than half of it.
    """
    across = min(word.bbox.width, word.bbox.height) if len(word.text) > 1 else word.bbox.height
    box_em = across * _EM_PER_BOX
    if len(word.chars) < 2 or word.bbox.height > word.bbox.width:
        return box_em
    wide = [c.x1 - c.x0 for c in word.chars if is_wide(c.text[:1] or " ")]
    narrow = [(c.x1 - c.x0) / _EM_OF_DIGIT for c in word.chars if c.text.isdigit()]
    advances = wide or narrow
    # Letter-spaced print advances by more than an em, but not its box.
    return min(statistics.median(advances), across) if advances else box_em


def usual_height(words: Iterable[Word], default: float) -> float:
    """The median type size in px, ``default`` without words."""
    heights = [glyph_height(w) for w in words if w.text.strip()]
    return statistics.median(heights) if heights else default


def _shares_baseline(line: list[Word], word: Word) -> bool:
    middle = statistics.fmean(w.bbox.centre[1] for w in line)
    height = min(statistics.median(w.bbox.height for w in line), word.bbox.height)
    # A dash or a comma has a low box, but stands beside its neighbours.
    reach = 0.5 * max(height, 0.6 * max(w.bbox.height for w in (*line, word)))
    return abs(word.bbox.centre[1] - middle) < reach


def _line(words: list[Word]) -> TextLine:
    ordered = tuple(sorted(words, key=lambda w: w.bbox.x0))
    return TextLine(ordered, bounds(ordered))


def _is_spaced(left: Word, right: Word) -> bool:
    if not left.text or not right.text or (is_wide(left.text[-1]) and is_wide(right.text[0])):
        return False
    return right.bbox.x0 - left.bbox.x1 > 0.25 * min(left.bbox.height, right.bbox.height)
