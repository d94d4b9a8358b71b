"""What is drawn in cells beside their type: hatching, strokes through blank cells, split headers, grids within a cell."""

from __future__ import annotations

from collections.abc import Iterator

from samples.ink import RulingInk
from samples.values import Look, Mark, SourceCell, SourceTable

Box = tuple[float, float, float, float]
_PITCH = {Mark.HATCHED: 5.0, Mark.LINED: 3.0}  # points from stroke to stroke
_THIN, _PALE = 0.4, 150


def strokes(mark: Mark, box: Box, look: Look) -> Iterator[RulingInk]:
    """The strokes of a mark over a cell of these sides."""
    x0, y0, x1, y1 = box
    if mark is Mark.SPLIT:
        yield RulingInk(x0, y0, x1, y1, look.inner_pt, grey=look.ruling_grey)
    elif mark is Mark.STRUCK:
        yield RulingInk(x0, y1, x1, y0, look.inner_pt, grey=look.ruling_grey)
    elif mark is Mark.LINED:
        for index in range(1, int((y1 - y0) / _PITCH[mark])):
            y = y0 + index * _PITCH[mark]
            yield RulingInk(x0, y, x1, y, _THIN, grey=_PALE)
    elif mark is Mark.HATCHED:
        yield from _hatching(box, look)


def _hatching(box: Box, look: Look) -> Iterator[RulingInk]:
    """Strokes at 45 degrees, rising to the right, cut at the cell's sides."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    for index in range(1, int((width + height) / _PITCH[Mark.HATCHED])):
        reach = index * _PITCH[Mark.HATCHED]  # from the upper left corner along the top, or on down the right side
        low, high = min(reach, height), min(reach, width)
        yield RulingInk(x0 + reach - low, y0 + low, x0 + high, y0 + reach - high, _THIN, grey=look.ruling_grey)


def hulls(table: SourceTable) -> dict[int, SourceCell]:
    """For each nested grid, by its number, the cell that it stands in."""
    found = {}
    for number in sorted({cell.nested for cell in table.cells} - {0}):
        own = [cell for cell in table.cells if cell.nested == number]
        row, col = min(cell.row for cell in own), min(cell.col for cell in own)
        row_stop = max(cell.row + cell.rowspan for cell in own)
        col_stop = max(cell.col + cell.colspan for cell in own)
        found[number] = SourceCell(row, col, row_stop - row, col_stop - col, "")
    return found


def within(box: Box, hull: Box, inset: float) -> Box:
    """The part of a box that is at least ``inset`` away from the sides of ``hull``."""
    x0, y0, x1, y1 = hull
    return max(box[0], x0 + inset), max(box[1], y0 + inset), min(box[2], x1 - inset), min(box[3], y1 - inset)


def sides(box: Box) -> Iterator[Box]:
    """Its four sides as strokes from (x0, y0) to (x1, y1)."""
    x0, y0, x1, y1 = box
    yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
