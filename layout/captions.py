"""What stands around a grid -> title, label, unit and remarks of its table; all other words -> text blocks.

A caption is looked for line by line upwards from the grid, as far as the table before it, and ends at the first line
that cannot be part of one. Remarks are looked for downwards. Nothing is lost: what is not taken becomes a text block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from layout.caption_words import (
    CaptionWords,
    is_bracketed,
    is_filled_in,
    is_note,
    is_note_item,
    is_open_bracket,
    may_be_title,
    names_a_table,
    read_caption,
    unit_of,
)
from layout.cells import table_box, words_outside
from layout.lying_captions import is_lying, turned, turned_words
from layout.paragraphs import Segment, split_segments, to_blocks
from layout.reading_order import is_wide
from layout.values import Table, TextBlock
from ocr.geometry import BBox
from ocr.values import PageImage, PageText, Word


@dataclass(frozen=True, slots=True)
class CaptionOptions:
    """Distances in text heights of the line at hand; off_centre in widths of the table.

    above: white between a caption line and what stands below it. below: the same for remarks. column_gap: white that
    parts two things on one line (a title and a unit).
    """

    above: float = 5.0
    below: float = 4.0
    column_gap: float = 2.0
    off_centre: float = 0.12


@dataclass(slots=True)
class _Found:
    """What is gathered for one table while its lines are walked."""

    title: list[Segment] = field(default_factory=list)
    title_texts: list[str] = field(default_factory=list)
    label: str = ""
    unit: str = ""
    continued: bool = False
    notes: list[str] = field(default_factory=list)
    taken: list[Segment] = field(default_factory=list)


def attach_captions(
    tables: tuple[Table, ...], image: PageImage, text: PageText, options: CaptionOptions | None = None
) -> tuple[tuple[Table, ...], tuple[TextBlock, ...]]:
    """The tables of one page with title, label, unit and notes, and the page's other text in reading order."""
    options = options or CaptionOptions()
    boxes = [table_box([c.bbox for c in t.cells]) for t in tables]
    outside = words_outside(text.words, boxes)
    lying = {id(box): _look_beside(box, boxes, outside, options) for box in boxes}
    beside = [word for _, words in lying.values() for word in words]
    lines = split_segments([word for word in outside if word not in beside], options.column_gap)
    found = []
    for box in boxes:
        caption = lying[id(box)][0]
        above, below = _neighbourhood(box, boxes, lines)
        if not caption.title:
            _look_above(caption, box, above, options)
        _look_below(caption, box, below, options)
        lines = [[s for s in line if s not in caption.taken] for line in lines]
        found.append(caption)
    done = tuple(_captioned(table, caption) for table, caption in zip(tables, found, strict=True))
    return done, to_blocks([line for line in lines if line], image)


def _look_beside(
    box: BBox, boxes: Sequence[BBox], words: Sequence[Word], options: CaptionOptions
) -> tuple[_Found, list[Word]]:
    """What lies above the table on the page turned by a quarter, as it was printed, and the words that say it."""
    own = [word for word in words if is_lying(word)]
    for clockwise in (False, True) if own else ():
        there = turned_words(own, clockwise)
        around = {id(b): turned(b, clockwise) for b in boxes}
        above, _ = _neighbourhood(around[id(box)], list(around.values()), split_segments(there, options.column_gap))
        found = _Found()
        _look_above(found, around[id(box)], above, options)
        if found.title and (found.label or found.unit or any(map(names_a_table, found.title_texts))):
            taken = {id(word) for segment in found.taken for word in segment.words}
            found.taken.clear()
            return found, [word for word, level in zip(own, there, strict=True) if id(level) in taken]
    return _Found(), []


def _captioned(table: Table, found: _Found) -> Table:
    in_grid = (unit_of(c.text) for c in table.cells if c.span.row < max(table.n_header_rows, 1))
    return replace(
        table,
        title=_title_text(found.title_texts),
        label=found.label,
        unit=found.unit or next(filter(None, in_grid), ""),
        notes=tuple(found.notes),
        continued=found.continued,
    )


def _title_text(lines: Sequence[str]) -> str:
    """A title wrapped for want of room is one line; what stands bracketed under it keeps its own."""
    text = ""
    for line in lines:
        spaced = bool(text) and not (is_wide(text[-1]) or is_wide(line[0]))
        text += ("\n" if text and is_bracketed(line) else " " if spaced else "") + line
    return text


def _neighbourhood(
    box: BBox, boxes: Sequence[BBox], lines: Sequence[Sequence[Segment]]
) -> tuple[list[list[Segment]], list[list[Segment]]]:
    """The lines above the table, nearest first, and those below it; up to the next table in the same columns."""
    others = [b for b in boxes if b is not box and min(b.x1, box.x1) > max(b.x0, box.x0)]
    ceiling = max((b.y1 for b in others if b.y1 <= box.y0 + 1), default=float("-inf"))
    floor = min((b.y0 for b in others if b.y0 >= box.y1 - 1), default=float("inf"))
    beside = [
        b for b in boxes if b is not box and min(b.x1, box.x1) <= max(b.x0, box.x0) and b.y0 < box.y1 and box.y0 < b.y1
    ]
    near = [[s for s in line if not beside or _overlaps(s.bbox, box)] for line in lines]
    above = [line for line in near if line and ceiling <= _middle(line) < box.y0 + 1]
    below = [line for line in near if line and box.y1 - 1 <= _middle(line) < floor]
    return above[::-1], below


def _look_above(found: _Found, box: BBox, lines: Sequence[Sequence[Segment]], options: CaptionOptions) -> None:
    bottom = box.y0
    for line in lines:
        height = max(s.height for s in line)
        if bottom - max(s.bbox.y1 for s in line) > options.above * height:
            break
        if not all(_take_above(found, segment, box, options) for segment in line):
            break
        bottom = min(s.bbox.y0 for s in line)
    _drop_stray_bracket(found)


def _take_above(found: _Found, segment: Segment, box: BBox, options: CaptionOptions) -> bool:
    """Takes what the segment says; False when the caption ends at it."""
    words = read_caption(segment.text)
    is_new = (words.label and not found.label) or (words.unit and not found.unit) or words.continued
    if words.rest and not _fits_title(found, words, segment, box, options):
        if is_new and not found.title and is_filled_in(words.rest):
            found.unit = found.unit or words.unit
        return is_filled_in(words.rest) and not found.title
    if not words.rest and not is_new:
        return False
    found.label, found.unit = found.label or words.label, found.unit or words.unit
    found.continued |= words.continued
    if words.rest:
        found.title.insert(0, segment)
        found.title_texts.insert(0, words.rest)
    found.taken.append(segment)
    return True


def _fits_title(found: _Found, words: CaptionWords, segment: Segment, box: BBox, options: CaptionOptions) -> bool:
    if not may_be_title(words.rest) or not _overlaps(segment.bbox, box):
        return False
    centred = abs(segment.bbox.centre[0] - box.centre[0]) <= options.off_centre * box.width
    if not found.title:
        return centred or bool(words.label) or names_a_table(words.rest)
    below, text_below = found.title[0], found.title_texts[0]
    if is_bracketed(text_below) and len(found.title) == 1:
        return centred or names_a_table(words.rest)
    # One title over two lines: same type size, close together, and the upper line is no title of its own.
    same_size = abs(segment.height - below.height) <= 0.2 * below.height
    close = below.bbox.y0 - segment.bbox.y1 <= 1.2 * below.height
    return (
        centred
        and same_size
        and close
        and not names_a_table(words.rest)
        and not words.label
        and names_a_table(text_below)
    )


def _drop_stray_bracket(found: _Found) -> None:
    """A bracketed line without a title above it is no title."""
    if len(found.title) == 1 and is_bracketed(found.title_texts[0]):
        found.taken.remove(found.title[0])
        found.title.clear()
        found.title_texts.clear()


def _look_below(found: _Found, box: BBox, lines: Sequence[Sequence[Segment]], options: CaptionOptions) -> None:
    top, last = box.y1, None
    for line in lines:
        text = " ".join(s.text for s in line)
        height = max(s.height for s in line)
        if min(s.bbox.y0 for s in line) - top > options.below * height:
            break
        if is_note(text):
            found.notes.append(text)
        elif last is not None and (is_open_bracket(found.notes[-1]) or _is_full(last, box)):
            found.notes[-1] += text
        elif last is not None and is_note_item(text):
            found.notes.append(text)
        else:
            break
        found.taken.extend(line)
        top, last = max(s.bbox.y1 for s in line), line


def _is_full(line: Sequence[Segment], box: BBox) -> bool:
    return max(s.bbox.x1 for s in line) >= box.x1 - 2 * max(s.height for s in line)


def _overlaps(a: BBox, b: BBox) -> bool:
    return min(a.x1, b.x1) > max(a.x0, b.x0)


def _middle(line: Sequence[Segment]) -> float:
    return sum(s.bbox.centre[1] for s in line) / len(line)
