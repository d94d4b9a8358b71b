"""Draws rows [start, stop) of a laid-out table: fills, rulings and type, as its look prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from samples.cell_marks import Box, hulls, sides, strokes, within
from samples.ink import Fill, Ink, RulingInk, Run
from samples.table_layout import NESTED_INSET, LaidCell, LaidTable
from samples.values import Frame, Look, Mark, SourceCell

_DOUBLE_GAP = 2.0
_WHITE = 255
_OUTWARD = {
    "top": (0.0, -_DOUBLE_GAP),
    "bottom": (0.0, _DOUBLE_GAP),
    "left": (-_DOUBLE_GAP, 0.0),
    "right": (_DOUBLE_GAP, 0.0),
}


def draw_rows(laid: LaidTable, rows: tuple[int, ...], x: float, y: float) -> tuple[Ink, ...]:
    """The given rows (ascending; header rows may come first again) with the top left corner at (x, y).

    A cell that reaches past them is drawn as far as they go; its text stands in its first part only.
    """
    part = _Part(laid, rows, x, y)
    return (*part.fills(), *part.rulings(), *part.marks(), *part.runs())


class _Part:
    """Some rows of a table at a place on a page: slot edges, and the ink between them."""

    def __init__(self, laid: LaidTable, rows: tuple[int, ...], x: float, y: float) -> None:
        self.laid, self.look, self.rows = laid, laid.look, rows
        self.xs = [x, *(x + width for width in accumulate(laid.col_widths))]
        self.ys = [y, *(y + height for height in accumulate(laid.row_heights[row] for row in rows))]
        self.header_count = sum(1 for row in rows if row < laid.table.n_header_rows)
        self.hulls = hulls(laid.table)
        self.nested = tuple(item.cell for item in laid.cells if item.cell.nested)
        self.ruled = (*(item.cell for item in laid.cells if not item.cell.nested), *self.hulls.values())

    def box(self, cell: SourceCell) -> Box | None:
        """Its sides, x0 y0 x1 y1; None where the cell is not on these rows."""
        box = self._slots(cell)
        hull = self._slots(self.hulls[cell.nested]) if cell.nested else None
        return within(box, hull, NESTED_INSET) if box and hull else box

    def _slots(self, cell: SourceCell) -> Box | None:
        places = [i for i, row in enumerate(self.rows) if cell.row <= row < cell.row + cell.rowspan]
        if not places:
            return None
        return self.xs[cell.col], self.ys[places[0]], self.xs[cell.col + cell.colspan], self.ys[places[-1] + 1]

    def fills(self) -> Iterator[Ink]:
        for place, row in enumerate(self.rows):
            is_header = row < self.laid.table.n_header_rows
            grey = self.look.header_grey if is_header else self.look.zebra_grey if place % 2 else _WHITE
            if grey < _WHITE:
                yield Fill(self.xs[0], self.ys[place], self.xs[-1], self.ys[place + 1], grey)

    def rulings(self) -> Iterator[Ink]:
        for y, x0, x1, rank in self._horizontal():
            yield from _stroke(self._look_at(y), x0, y, x1, y, rank)
        for x, y0, y1, rank in self._vertical():
            yield from _stroke(self._look_at(y1), x, y0, x, y1, rank)
        for cell in self.nested:
            if box := self.box(cell):
                for x0, y0, x1, y1 in sides(box):
                    yield from _stroke(self.look, x0, y0, x1, y1, "inner")

    def marks(self) -> Iterator[Ink]:
        for cell in (item.cell for item in self.laid.cells if item.cell.mark):
            if box := self.box(cell):
                yield from strokes(cell.mark, box, self.look)

    def _look_at(self, bottom: float) -> Look:
        """Rulings within a dark header are drawn white."""
        inside = bottom < self.ys[self.header_count] - 1e-6
        return replace(self.look, ruling_grey=_WHITE) if self.look.inverted_header and inside else self.look

    def _horizontal(self) -> Iterator[tuple[float, float, float, str]]:
        left, right = self.xs[0], self.xs[-1]
        if self.look.frame is Frame.BORDERLESS:
            return
        edges = {self.ys[0]: "top", self.ys[-1]: "bottom"}
        for y, rank in edges.items():
            yield y, left, right, rank
        if self.look.frame is Frame.THREE_LINE:
            if self.header_count:
                yield self.ys[self.header_count], left, right, "inner"
                yield from self._spanner_rules()
            return
        for cell in self.ruled:
            box = self.box(cell)
            if box is None or box[3] in edges:
                continue
            below_header = cell.row + cell.rowspan <= self.laid.table.n_header_rows
            if self.look.frame is not Frame.HEADER_ONLY or below_header:
                yield box[3], box[0], box[2], "inner"

    def _spanner_rules(self) -> Iterator[tuple[float, float, float, str]]:
        """The short rules of a three-line table under headers that span columns."""
        for laid in self.laid.cells:
            cell, box = laid.cell, self.box(laid.cell)
            inside = cell.row + cell.rowspan < self.laid.table.n_header_rows
            if box and inside and cell.colspan > 1:
                yield box[3], box[0] + self.look.pad_x, box[2] - self.look.pad_x, "inner"

    def _vertical(self) -> Iterator[tuple[float, float, float, str]]:
        if self.look.frame in (Frame.BORDERLESS, Frame.THREE_LINE, Frame.HORIZONTAL):
            return
        top, bottom = self.ys[0], self.ys[-1]
        if self.look.frame is not Frame.OPEN_SIDES:
            yield self.xs[0], top, bottom, "left"
            yield self.xs[-1], top, bottom, "right"
        for cell in self.ruled:
            box = self.box(cell)
            inner = box is not None and cell.col + cell.colspan < self.laid.table.n_cols
            in_header = cell.row < self.laid.table.n_header_rows
            if box and inner and (self.look.frame is not Frame.HEADER_ONLY or in_header):
                yield box[2], box[1], box[3], "inner"

    def runs(self) -> Iterator[Ink]:
        for laid in self.laid.cells:
            box = self.box(laid.cell)
            if box is not None and laid.lines and laid.cell.row in self.rows:
                yield from self._cell_runs(laid, box)

    def _cell_runs(self, laid: LaidCell, box: Box) -> Iterator[Ink]:
        look, size = self.look, self.laid.size
        x0, y0, x1, y1 = box
        pitch = look.leading * size
        y = (y0 + y1) / 2 - pitch * (len(laid.lines) - 1) / 2
        grey = _WHITE if look.inverted_header and laid.cell.row < self.laid.table.n_header_rows else look.text_grey
        if laid.cell.mark is Mark.SPLIT:
            yield from _split_runs(laid, box, look, size, grey)
            return
        for index, line in enumerate(laid.lines):
            width = laid.face.width(line, size)
            x = {
                "left": x0 + look.pad_x + laid.indent,
                "right": x1 - look.pad_x - width,
                "centre": (x0 + x1 - width) / 2,
            }[laid.align]
            yield Run(x, y + index * pitch, line, laid.face, size, grey)


def _split_runs(laid: LaidCell, box: Box, look: Look, size: float, grey: int) -> Iterator[Ink]:
    """The first label at the upper right, the others at the lower left."""
    first, others = laid.lines[0], laid.lines[1:]
    pitch = look.leading * size
    x = box[2] - look.pad_x - laid.face.width(first, size)
    yield Run(x, box[1] + look.pad_y + pitch / 2, first, laid.face, size, grey)
    for index, line in enumerate(reversed(others)):
        yield Run(box[0] + look.pad_x, box[3] - look.pad_y - (index + 0.5) * pitch, line, laid.face, size, grey)


def _stroke(look: Look, x0: float, y0: float, x1: float, y1: float, rank: str) -> Iterator[Ink]:
    """One ruling; a doubled frame has its second stroke outside the first, long enough to close the corners."""
    thickness = look.inner_pt if rank == "inner" else look.outer_pt
    yield RulingInk(x0, y0, x1, y1, thickness, look.stroke, look.ruling_grey)
    if look.double and rank in _OUTWARD:
        dx, dy = _OUTWARD[rank]
        ex, ey = (_DOUBLE_GAP, 0.0) if dx == 0 else (0.0, _DOUBLE_GAP)
        yield RulingInk(
            x0 + dx - ex, y0 + dy - ey, x1 + dx + ex, y1 + dy + ey, thickness, look.stroke, look.ruling_grey
        )
