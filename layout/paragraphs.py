"""Words outside tables -> segments of lines -> paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layout.reading_order import bounds, glyph_height, is_wide, line_text, order_lines, usual_height
from layout.values import TextBlock
from ocr.geometry import BBox
from ocr.values import PageImage, Word


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line without a wide gap between them. height: text height in px."""

    words: tuple[Word, ...]
    text: str
    bbox: BBox
    height: float


def split_segments(words: Sequence[Word], gap: float) -> list[list[Segment]]:
    """Lines top down, each parted where the white is wider than ``gap`` text heights."""
    return [_segments(line.words, gap) for line in order_lines(w for w in words if w.text.strip())]


def to_blocks(lines: Sequence[Sequence[Segment]], image: PageImage) -> tuple[TextBlock, ...]:
    """Paragraphs in reading order; a title, a page number, a heading is a block of its own.

    A line goes on the paragraph above when that one reaches the right margin, both have the same type size, no more
    white than usual lies between, and the new line starts at the left margin (an indent starts a paragraph).
    """
    flat = [
        Segment(w := tuple(x for s in line for x in s.words), line_text(w), bounds(w), _height(w)) for line in lines
    ]
    if not flat:
        return ()
    left = min(s.bbox.x0 for s in flat)
    right = max(s.bbox.x1 for s in flat)
    paragraphs: list[list[Segment]] = []
    for line in flat:
        if paragraphs and _goes_on(paragraphs[-1][-1], line, left, right):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return tuple(_block(lines_, image) for lines_ in paragraphs)


def _segments(words: Sequence[Word], gap: float) -> list[Segment]:
    runs: list[list[Word]] = []
    for word in words:
        if runs and word.bbox.x0 - runs[-1][-1].bbox.x1 <= gap * glyph_height(word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [Segment(tuple(run), line_text(run), bounds(run), _height(run)) for run in runs]


def _height(words: Sequence[Word]) -> float:
    return usual_height(words, 1.0)


def _goes_on(above: Segment, line: Segment, left: float, right: float) -> bool:
    em = above.height
    full = above.bbox.x1 >= right - 2 * em
    at_margin = line.bbox.x0 <= left + em
    same_size = abs(line.height - em) <= 0.25 * em
    return full and at_margin and same_size and line.bbox.y0 - above.bbox.y1 <= 1.5 * em


def _block(lines: Sequence[Segment], image: PageImage) -> TextBlock:
    words = [w for line in lines for w in line.words]
    text = lines[0].text
    for line in lines[1:]:
        spaced = not (is_wide(text[-1]) or is_wide(line.text[0]))
        text += (" " if spaced else "") + line.text
    box = bounds(words)
    return TextBlock(
        image.page_number, box, image.to_pdf.apply_bbox(box), text, min(w.confidence for w in words)
    )  # fmt: skip
