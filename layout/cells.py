"""Grid + words -> table: each word's characters in the cell they stand in, and a doubt wherever that is uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from layout.amounts import parse_amount
from layout.cell_strokes import is_struck_out
from layout.edge_ink import leans_on_ruling, lost_sign
from layout.ink_levels import InkLevels, holds_mark, is_bare, measure_ink
from layout.pieces import Piece, box_array, said_once, split_at_box, split_word
from layout.reading_order import line_text, order_lines, usual_height
from layout.text_boxes import runs_downwards
from layout.values import Blankness, Cell, Doubt, Grid, Table
from ocr.geometry import BBox
from ocr.values import Char, PageImage, PageText, Word

#: Share of a character's width that lies outside of its cell where it leans out.
OUTSIDE = 0.2


@dataclass(frozen=True, slots=True)
class CellOptions:
    """least_confidence: of a word; least_figure_confidence: of the weakest character in a cell that holds a figure.

    default_text_pt: text height where a table holds no word.
    """

    least_confidence: float = 0.9
    least_figure_confidence: float = 0.95
    default_text_pt: float = 10.0


def fill_grid(grid: Grid, image: PageImage, text: PageText, options: CellOptions | None = None) -> Table:
    """A table with the words of ``text`` in its cells; roles and captions are still unset.

    A text box that runs over several cells is cut by the position of its characters. Doubts say where the cut is a
    guess (crossed_ruling), where a seal's ink was taken out (under_seal), where ink and text disagree, and where the
    engine was unsure.
    """
    options = options or CellOptions()
    boxes = [grid.span_bbox(i) for i in range(len(grid.spans))]
    box = table_box(boxes)
    words = words_inside(text.words, box)
    pieces: list[list[Piece]] = [[] for _ in boxes]
    array = box_array(boxes)
    for word in words:
        for piece in split_word(word, boxes, array, grid.implied):
            pieces[piece.cell_index].append(piece)
    pieces = [said_once(found) if len(found) > 1 else found for found in pieces]
    if grid.implied:
        boxes = [_with_leaning(own, found) for own, found in zip(boxes, pieces, strict=True)]
        box = table_box(boxes)
    levels = measure_ink(image, box, words, usual_height(words, options.default_text_pt * image.dpi / 72))
    cells = tuple(
        _cell(grid, i, image, boxes[i], found, _doubts(found, boxes[i], levels, image.seals, options))
        for i, found in enumerate(pieces)
    )
    return Table(
        grid.n_rows, grid.n_cols, cells, (grid.region.page_number,), implied=grid.implied, tentative=grid.tentative
    )


def _with_leaning(box: BBox, pieces: Sequence[Piece]) -> BBox:
    """A cell's box with the characters at its sides that lie outside, if in part: beside a table without rulings nothing
    else does, and the cell is read again from its box.
    """
    ends = [[c for c in p.word.chars if not c.text.isspace()] for p in pieces if not runs_downwards(p.word)]
    lefts = [chars[0].x0 for chars in ends if chars and _at(chars[0], OUTSIDE) < box.x0]
    rights = [chars[-1].x1 for chars in ends if chars and _at(chars[-1], 1 - OUTSIDE) > box.x1]
    # As much is left out again at the sides, where rulings would be.
    room = 0.2 * max((p.word.bbox.height for p in pieces), default=0.0)
    x0, x1 = min([box.x0 + room, *lefts]) - room, max([box.x1 - room, *rights]) + room
    return BBox(max(0.0, min(box.x0, x0)), box.y0, max(box.x1, x1), box.y1)


def _at(char: Char, share: float) -> float:
    """The x of a place in a character, by its share of the width."""
    return char.x0 + share * (char.x1 - char.x0)


def table_box(boxes: Sequence[BBox]) -> BBox:
    """The box around all cells."""
    return BBox(
        min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
    )  # fmt: skip


def words_inside(words: Iterable[Word], box: BBox) -> tuple[Word, ...]:
    """The words, or the parts of words, that belong to the table in ``box`` (page pixels)."""
    return tuple(inner for word in words if (inner := split_at_box(word, box)[0]) is not None)


def words_outside(words: Iterable[Word], boxes: Iterable[BBox]) -> tuple[Word, ...]:
    """The words, or the parts of words, that belong to none of the tables in ``boxes``: nothing is lost."""
    left = tuple(words)
    for box in boxes:
        left = tuple(part for word in left for part in split_at_box(word, box)[1])
    return left


def cell_text(words: Sequence[Word]) -> str:
    """The text of a cell: its lines, joined by a newline."""
    return "\n".join(line_text(line.words) for line in order_lines(words))


def _cell(grid: Grid, index: int, image: PageImage, box: BBox, pieces: list[Piece], doubts: tuple[Doubt, ...]) -> Cell:
    words = tuple(word for line in order_lines(p.word for p in pieces) for word in line.words)
    text = cell_text(words)
    return Cell(
        span=grid.spans[index],
        page_number=grid.region.page_number,
        bbox=box,
        bbox_pt=image.to_pdf.apply_bbox(box),
        text=text,
        ocr_text=text,
        confidence=_confidence(words, doubts),
        words=words,
        doubts=doubts,
    )


def _confidence(words: Sequence[Word], doubts: tuple[Doubt, ...]) -> float:
    if not words:
        return 0.0 if doubts else 1.0
    return min(w.confidence for w in words)


def _doubts(
    pieces: list[Piece], box: BBox, levels: InkLevels, seals: Sequence[BBox], options: CellOptions
) -> tuple[Doubt, ...]:
    if not pieces:
        # What is left of a seal in an empty cell looks like print, so there both doubts belong together.
        under = (Doubt.UNDER_SEAL,) if _is_under(box, seals) else ()
        is_inked = holds_mark(levels, box) or leans_on_ruling(levels, box)
        return (*under, Doubt.INK_WITHOUT_TEXT) if is_inked and (under or not is_struck_out(levels, box)) else ()
    words = [p.word for p in pieces]
    found = {
        Doubt.LOW_CONFIDENCE: any(_is_unsure(w, options) for w in words),
        Doubt.CROSSED_RULING: any(p.guessed for p in pieces),
        Doubt.UNDER_SEAL: any(_is_under(w.bbox, seals) for w in words),
        Doubt.INK_WITHOUT_TEXT: holds_mark(levels, box, words) or bool(lost_sign(levels, box, words)),
        Doubt.TEXT_WITHOUT_INK: any(is_bare(levels, w.bbox) for w in words),
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def _is_under(box: BBox, seals: Sequence[BBox]) -> bool:
    return any(box.intersection(seal) for seal in seals)


def _is_unsure(word: Word, options: CellOptions) -> bool:
    if word.confidence < options.least_confidence:
        return True
    # A figure is as sure as its weakest digit; the mean over a long number hides one.
    is_figure = parse_amount(word.text).kind is not Blankness.TEXT or any(c.isdigit() for c in word.text)
    return is_figure and any(c.confidence < options.least_figure_confidence for c in word.chars)


def with_doubt(cell: Cell, doubt: Doubt) -> Cell:
    """The cell with one doubt more (once)."""
    return cell if doubt in cell.doubts else replace(cell, doubts=(*cell.doubts, doubt))
