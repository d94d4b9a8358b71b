"""A table in points: how wide its columns, how high its rows, where each line of its cells stands.

No page yet: `samples/table_ink.py` draws a run of rows of it onto one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from samples.faces import Face
from samples.values import Look, Mark, SourceCell, SourceTable
from samples.wrap import longest_token, wrap

_NUMERIC = re.compile(r"[-−△(（]?[\d,，.]+[)）]?%?")
_TOTAL = re.compile(r"^(合计|总计|小计|收入合计|支出合计|收入总计|支出总计|本年收入合计|本年支出合计)$")
_SMALLEST_PT = 6.0
NESTED_INSET = 5.0  # points from a cell's sides to those of the grid inside it
_WIDEST_SHARE = 0.42  # of the table, for one column, before the others get their due


@dataclass(frozen=True, slots=True)
class LaidCell:
    """A cell with its lines of type. face: regular or bold as printed."""

    cell: SourceCell
    lines: tuple[str, ...]
    face: Face
    align: str
    indent: float


@dataclass(frozen=True, slots=True)
class LaidTable:
    """col_widths, row_heights: points. size: type size, at most that of the look."""

    table: SourceTable
    look: Look
    size: float
    col_widths: tuple[float, ...]
    row_heights: tuple[float, ...]
    cells: tuple[LaidCell, ...]

    def height(self, start: int, stop: int) -> float:
        return sum(self.row_heights[start:stop])

    @property
    def width(self) -> float:
        return sum(self.col_widths)


def is_numeric(text: str) -> bool:
    return bool(_NUMERIC.fullmatch(text)) and any(c.isdigit() for c in text)


def lay_out(table: SourceTable, look: Look, available: float) -> LaidTable:
    """The table at most ``available`` points wide; type shrinks by half points when its numbers would not fit."""
    totals = _total_rows(table)
    size = look.body_pt
    while True:
        fitted = replace(look, body_pt=size)
        styled = [(cell, _face(cell, table, fitted, totals)) for cell in table.cells]
        minimum, natural = _column_needs(styled, table.n_cols, fitted, available)
        if sum(minimum) <= available or size <= _SMALLEST_PT or look.narrow_numbers:
            break
        size -= 0.5
    widths = _fit(minimum, natural, available, look.fill_width)
    cells = tuple(_lay_cell(cell, face, table, fitted, widths) for cell, face in styled)
    return LaidTable(table, fitted, size, widths, _row_heights(cells, table.n_rows, fitted), cells)


def printed_text(cell: SourceCell, table: SourceTable, look: Look) -> str:
    """The text as this look prints it: short headers spread (收 入)."""
    spread = look.letter_spaced and cell.header and cell.row < table.n_header_rows and len(cell.text) == 2
    return " ".join(cell.text) if spread else cell.text


def _total_rows(table: SourceTable) -> frozenset[int]:
    return frozenset(cell.row for cell in table.cells if _TOTAL.match(cell.text.replace(" ", "")))


def _face(cell: SourceCell, table: SourceTable, look: Look, totals: frozenset[int]) -> Face:
    in_header = cell.row < table.n_header_rows
    bold = (look.header_bold and in_header) or (look.total_bold and cell.row in totals and not in_header)
    return Face(look.face, bold)


def _column_needs(
    styled: list[tuple[SourceCell, Face]], n_cols: int, look: Look, available: float
) -> tuple[list[float], list[float]]:
    """(least, comfortable) width of each column."""
    least, comfortable = [2.0 * look.body_pt] * n_cols, [2.0 * look.body_pt] * n_cols
    for cell, face in sorted(styled, key=lambda pair: pair[0].colspan):
        span = slice(cell.col, cell.col + cell.colspan)
        extra = 2 * look.pad_x + cell.indent * look.indent_em * look.body_pt + _inset(cell)
        shortest = 0.0 if look.narrow_numbers else longest_token(cell.text, face, look.body_pt)
        widest = max(face.width(line, look.body_pt) for line in cell.text.split("\n"))
        _grow(least, span, shortest + extra)
        _grow(comfortable, span, min(widest + extra + look.body_pt, _WIDEST_SHARE * available))
    return least, [max(pair) for pair in zip(least, comfortable, strict=True)]


def _inset(cell: SourceCell) -> float:
    return 2 * NESTED_INSET if cell.nested else 0.0


def _grow(widths: list[float], span: slice, need: float) -> None:
    missing = need - sum(widths[span])
    if missing > 0:
        count = span.stop - span.start
        widths[span] = [width + missing / count for width in widths[span]]


def _fit(minimum: list[float], natural: list[float], available: float, fill: bool) -> tuple[float, ...]:
    total, least = sum(natural), sum(minimum)
    if total <= available:
        factor = available / total if fill else 1.0
        return tuple(width * factor for width in natural)
    if least >= available:
        return tuple(width * available / least for width in minimum)
    share = (available - least) / (total - least)
    return tuple(low + (high - low) * share for low, high in zip(minimum, natural, strict=True))


def _lay_cell(cell: SourceCell, face: Face, table: SourceTable, look: Look, widths: tuple[float, ...]) -> LaidCell:
    indent = cell.indent * look.indent_em * look.body_pt
    room = sum(widths[cell.col : cell.col + cell.colspan]) - 2 * look.pad_x - indent - _inset(cell)
    lines = wrap(printed_text(cell, table, look), room, face, look.body_pt) if cell.text else ()
    return LaidCell(cell, lines, face, _align(cell, table, look), indent)


def _align(cell: SourceCell, table: SourceTable, look: Look) -> str:
    if cell.row < table.n_header_rows or (cell.header and len(cell.text) < 12):
        return "centre"
    if is_numeric(cell.text):
        return look.number_align if "." in cell.text else "centre" if cell.header else _code_align(look)
    if _TOTAL.match(cell.text) or (table.n_header_rows == 0 and len(cell.text) <= 12):
        return "centre"
    return look.label_align


def _code_align(look: Look) -> str:
    return "left" if look.number_align == "right" else "centre"


def _text_height(laid: LaidCell, look: Look) -> float:
    """Two labels parted by a slanting stroke take a line more."""
    return (len(laid.lines) + (laid.cell.mark is Mark.SPLIT)) * look.leading * look.body_pt


def _row_heights(cells: tuple[LaidCell, ...], n_rows: int, look: Look) -> tuple[float, ...]:
    heights = [look.row_min_pt] * n_rows
    for laid in sorted(cells, key=lambda item: item.cell.rowspan):
        span = slice(laid.cell.row, laid.cell.row + laid.cell.rowspan)
        _grow(heights, span, _text_height(laid, look) + 2 * look.pad_y + _inset(laid.cell))
    return tuple(heights)
