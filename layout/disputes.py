"""What a sample of the page's pixels said against its trusted text layer, kept on the cells it concerns."""

from __future__ import annotations

from dataclasses import replace

from layout.cells import with_doubt
from layout.values import Cell, Doubt, Table
from ocr.values import PageText, Reading


def keep_disputes(table: Table, text: PageText) -> Table:
    """The table with both readings, and a doubt, on each cell in which a sample read other figures than the layer says.

    The text stays the layer's: its font is trusted for other reasons, and nothing is hidden.
    """
    if not text.other_readings:
        return table
    return replace(table, cells=tuple(_disputed(cell, text) for cell in table.cells))


def _disputed(cell: Cell, text: PageText) -> Cell:
    others = tuple(reading for box, reading in text.other_readings if cell.bbox.contains(*box.centre))
    if not others or not cell.text:
        return cell
    own = Reading(cell.text, cell.confidence, "text_layer")
    return with_doubt(replace(cell, readings=(*cell.readings, own, *others)), Doubt.READINGS_DIFFER)
