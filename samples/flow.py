"""Pours a document onto sheets: paragraphs, captions, tables over as many pages as they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from samples.faces import Face
from samples.ink import Ink, Run, Sheet
from samples.table_ink import draw_rows
from samples.table_layout import LaidTable, lay_out
from samples.turning import lying
from samples.values import Block, Heading, Look, SourceTable
from samples.wrap import wrap

A4 = (595.0, 842.0)
_TEXT_PT, _TEXT_LEADING = 14.0, 1.6
_HEADING_FACE = {1: "song", 2: "hei", 3: "kai", 4: "song"}


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table and the pages (from 1) it stands on."""

    table: SourceTable
    page_numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Finished sheets, the tables on them, and how far the last one is filled (points from its top)."""

    sheets: tuple[Sheet, ...] = ()
    tables: tuple[PlacedTable, ...] = ()
    y: float = 0.0

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def new_page(self, look: Look, landscape: bool) -> Pages:
        width, height = (A4[1], A4[0]) if landscape else A4
        return replace(self, sheets=(*self.sheets, Sheet(width, height)), y=look.margin_pt)

    def put(self, inks: tuple[Ink, ...], height: float, texts: tuple[str, ...] = ()) -> Pages:
        sheet = self.sheet.with_ink(inks, texts)
        return replace(self, sheets=(*self.sheets[:-1], sheet), y=self.y + height)

    def room(self, look: Look) -> float:
        return self.sheet.height - look.margin_pt - self.y


def pour_narrative(pages: Pages, blocks: tuple[Block, ...], look: Look) -> Pages:
    """The blocks as running text, from a new page on unless the last one still stands open."""
    pages = pages if pages.sheets and not pages.tables else pages.new_page(look, landscape=False)
    for block in blocks:
        pages = _pour_block(pages, block, look)
    return pages


def _pour_block(pages: Pages, block: Block, look: Look) -> Pages:
    level = block.level if isinstance(block, Heading) else 0
    size = look.title_pt + 4 if level == 1 else _TEXT_PT
    face = Face(_HEADING_FACE.get(level, look.face) if level else look.face, bold=level in (1, 2))
    indent = 0.0 if level == 1 else 2 * size
    width = pages.sheet.width - 2 * look.margin_pt
    pitch = size * _TEXT_LEADING
    fresh: list[str] = []
    for index, line in enumerate(wrap(block.text, width, face, size, indent)):
        if pages.room(look) < pitch:
            pages = pages.put((), 0.0, _joined(fresh)).new_page(look, landscape=False)
            fresh = []
        x = look.margin_pt + (indent if index == 0 else 0.0)
        if level == 1:
            x = (pages.sheet.width - face.width(line, size)) / 2
        pages = pages.put((Run(x, pages.y + pitch / 2, line, face, size, look.text_grey),), pitch)
        fresh.append(line)
    return pages.put((), 0.0, _joined(fresh))


def _joined(lines: list[str]) -> tuple[str, ...]:
    return ("".join(lines),) if lines else ()


def pour_table(
    pages: Pages, table: SourceTable, look: Look, landscape: bool, own_page: bool = True, gap_pt: float = 0.0
) -> Pages:
    """The table with its caption; further parts go on new pages, with the header rows again if the look says so.

    own_page: start a page; else stand ``gap_pt`` (0: two lines of type) below what is there, where it fits.
    """
    width = (A4[1] if landscape else A4[0]) - 2 * look.margin_pt
    laid = lay_out(table, look, width)
    caption_height = _caption_height(table, look)
    first_rows = laid.height(0, min(table.n_rows, table.n_header_rows + 2))
    fits = pages.sheets and not own_page and caption_height + first_rows + 2 * look.body_pt < pages.room(look)
    pages = pages.put((), gap_pt or 2 * look.body_pt) if fits else pages.new_page(look, landscape)
    pages = _put_caption(pages, laid)
    return _put_notes(_put_rows(pages, laid, landscape), laid)


def pour_turned(pages: Pages, table: SourceTable, look: Look, turn: int, own_page: bool) -> Pages:
    """A table on its side, turned clockwise by ``turn`` (90 or 270), below its upright caption, above its upright remarks.

    own_page: start a page; else stand below what is there.
    """
    pages = pages if pages.sheets and not own_page else pages.new_page(look, landscape=False)
    upright = lay_out(table, look, pages.sheet.width - 2 * look.margin_pt)
    pages = _put_caption(pages, upright)
    laid = lay_out(table, look, pages.room(look) - _TEXT_PT * (2 + len(table.notes)))
    height = laid.height(0, table.n_rows)
    inks = draw_rows(laid, tuple(range(table.n_rows)), 0.0, 0.0)
    x = (pages.sheet.width - height) / 2
    pages = pages.put(tuple(lying(inks, laid.width, height, turn, x, pages.y)), laid.width)
    pages = replace(pages, tables=(*pages.tables, PlacedTable(table, (len(pages.sheets),))))
    return _put_notes(pages, upright)


def pour_pair(pages: Pages, left: SourceTable, right: SourceTable, look: Look, right_row_pt: float = 0.0) -> Pages:
    """Two narrow tables without captions beside each other on a new page, a finger apart. right_row_pt: height of the
    right one's rows, 0 for that of the left one's.
    """
    pages = pages.new_page(look, landscape=False)
    gap = 2.5 * look.body_pt
    width = (pages.sheet.width - 2 * look.margin_pt - gap) / 2
    for index, table in enumerate((left, right)):
        laid = lay_out(table, replace(look, row_min_pt=right_row_pt) if index and right_row_pt else look, width)
        x = look.margin_pt + index * (width + gap)
        pages = pages.put(draw_rows(laid, tuple(range(table.n_rows)), x, pages.y), 0.0)
        placed = PlacedTable(table, (len(pages.sheets),))
        pages = replace(pages, tables=(*pages.tables, placed))
    return pages


def _put_rows(pages: Pages, laid: LaidTable, landscape: bool) -> Pages:
    look, table = laid.look, laid.table
    x = (pages.sheet.width - laid.width) / 2
    start, numbers = 0, []
    while start < table.n_rows:
        repeated = tuple(range(table.n_header_rows)) if start and look.repeat_header else ()
        if start:
            pages = pages.new_page(look, landscape)
            pages = _put_continued(pages, laid) if look.continued_mark else pages
        room = pages.room(look) - laid.height(0, len(repeated))
        stop = _stop_row(laid, start, room)
        rows = (*repeated, *range(start, stop))
        pages = pages.put(draw_rows(laid, rows, x, pages.y), sum(laid.row_heights[row] for row in rows))
        numbers.append(len(pages.sheets))
        start = stop
    placed = PlacedTable(table, tuple(numbers))
    return replace(pages, tables=(*pages.tables, placed))


def _stop_row(laid: LaidTable, start: int, room: float) -> int:
    """The row the page ends before: as many rows as fit, not within a merged cell when that can be avoided."""
    stop = start + 1
    while stop < laid.table.n_rows and laid.height(start, stop + 1) <= room:
        stop += 1
    if stop == laid.table.n_rows:
        return stop
    clean = [row for row in range(start + 1, stop + 1) if not _is_within_cell(laid, row)]
    least = max(laid.table.n_header_rows, start) + 1
    return clean[-1] if clean and clean[-1] > max(least, start + (stop - start) // 2) else stop


def _is_within_cell(laid: LaidTable, row: int) -> bool:
    return any(item.cell.row < row < item.cell.row + item.cell.rowspan for item in laid.cells)


def _caption_height(table: SourceTable, look: Look) -> float:
    lines = len(table.title.split("\n")) if table.title else 0
    side = 1.5 * look.body_pt * (bool(table.unit) + bool(table.label))
    return lines * look.title_pt * 1.5 + side + 4.0


def _put_caption(pages: Pages, laid: LaidTable) -> Pages:
    """Label at the left, title in the middle, unit at the right just above the table."""
    look, table = laid.look, laid.table
    left = (pages.sheet.width - laid.width) / 2
    if table.label:
        run = Run(left, pages.y + look.body_pt * 0.7, table.label, Face(look.face), look.body_pt, look.text_grey)
        pages = pages.put((run,), 1.5 * look.body_pt)
    pages = _put_title(pages, laid)
    if table.unit:
        text, face = f"单位：{table.unit}", Face(look.face)
        x = left + laid.width - face.width(text, look.body_pt)
        pages = pages.put(
            (Run(x, pages.y + look.body_pt * 0.7, text, face, look.body_pt, look.text_grey),), 1.5 * look.body_pt
        )
    return pages.put((), 4.0)


def _put_title(pages: Pages, laid: LaidTable) -> Pages:
    look = laid.look
    face = Face(look.title_face, bold=True)
    for part in laid.table.title.split("\n") if laid.table.title else ():
        for line in wrap(part, pages.sheet.width - 2 * look.margin_pt, face, look.title_pt):
            x = (pages.sheet.width - face.width(line, look.title_pt)) / 2
            pitch = look.title_pt * 1.5
            pages = pages.put((Run(x, pages.y + pitch / 2, line, face, look.title_pt, look.text_grey),), pitch)
    return pages


def _put_continued(pages: Pages, laid: LaidTable) -> Pages:
    look = laid.look
    run = Run((pages.sheet.width - laid.width) / 2, pages.y + look.body_pt * 0.7, "续表", Face(look.face), look.body_pt)
    return pages.put((run,), 1.8 * look.body_pt)


def _put_notes(pages: Pages, laid: LaidTable) -> Pages:
    look = laid.look
    pitch = 1.5 * look.body_pt
    for note in laid.table.notes:
        for line in wrap(note, laid.width, Face(look.face), look.body_pt):
            x = (pages.sheet.width - laid.width) / 2
            run = Run(x, pages.y + 3.0 + pitch / 2, line, Face(look.face), look.body_pt, look.text_grey)
            pages = pages.put((run,), pitch)
    return pages


def number_pages(sheets: tuple[Sheet, ...], look: Look) -> tuple[Sheet, ...]:
    """A page number (- 3 -) at the foot of each sheet, as office programs print it."""
    return tuple(_numbered(sheet, number, look) for number, sheet in enumerate(sheets, start=1))


def _numbered(sheet: Sheet, number: int, look: Look) -> Sheet:
    text, face, size = f"- {number} -", Face(look.face), 10.5
    x = (sheet.width - face.width(text, size)) / 2
    return sheet.with_ink((Run(x, sheet.height - look.margin_pt / 2, text, face, size),), (text,))


def runs_of(sheet: Sheet) -> Iterator[Run]:
    return (ink for ink in sheet.inks if isinstance(ink, Run))
