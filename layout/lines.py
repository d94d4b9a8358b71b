"""Where text stands that its ink alone tells of: in ruled cells, and in lines of running text."""

from __future__ import annotations

from collections.abc import Sequence

from layout.cell_lines import CellLineOptions, find_cell_lines
from layout.text_lines import TextLineOptions, find_text_lines
from layout.values import Ruling
from ocr.values import NO_PLACES, PageImage, TextPlaces


def find_lines(
    image: PageImage, rulings: Sequence[Ruling], cells: CellLineOptions | None, text: TextLineOptions | None
) -> TextPlaces:
    """The lines in cells and those of running text; where there are no options for one, it is left to the detector."""
    found = find_cell_lines(image, rulings, cells) if cells else NO_PLACES
    running = find_text_lines(image, text, found.areas) if text else NO_PLACES
    return TextPlaces((*found.areas, *running.areas), (*found.lines, *running.lines), found.strokes)
