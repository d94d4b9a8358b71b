"""How other programs than our own typesetter print a table: the same borders for a browser and for a spreadsheet.

Our own sheets put every ruling and every glyph where we compute it. Browsers and spreadsheets do not: rulings are snapped to
pixels or overlap in double ones, cells grow with their wrapped text, type comes from the system's fonts with its own hinting.
Values of borders are written as CSS 2.1 has them (section 8.5), which OpenDocument takes over (section 20.182).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from samples.values import SourceCell, SourceTable

NONE = "none"


class Rulings(StrEnum):
    """Which borders are drawn."""

    ALL = "all"
    OPEN_SIDES = "open_sides"
    HORIZONTAL = "horizontal"
    THREE_LINE = "three_line"
    HEAD = "head"
    NO = "no"


@dataclass(frozen=True, slots=True)
class PrintLook:
    """family: 'ruled', 'partly' or 'borderless', the first part of a file's name; name: the second.

    frame, inner: borders around and within the table ("0.5pt solid #000000"). head_fill, zebra_fill: colour, or "" for paper.
    head_ink: colour of the type of the header rows.
    """

    family: str
    name: str
    rulings: Rulings
    frame: str = "0.75pt solid #000000"
    inner: str = "0.5pt solid #000000"
    head_fill: str = ""
    head_ink: str = "#000000"
    zebra_fill: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an office chose besides the rulings. family_names: typefaces, the first that has a glyph counts. Lengths in points."""

    family_names: tuple[str, ...]
    size_pt: float
    pad_x: float
    pad_y: float
    head_bold: bool
    repeat_header: bool
    landscape: bool


PRINT_LOOKS: tuple[PrintLook, ...] = (
    PrintLook("ruled", "thin", Rulings.ALL),
    PrintLook("ruled", "hair", Rulings.ALL, "0.25pt solid #000000", "0.25pt solid #000000"),
    PrintLook("ruled", "thick", Rulings.ALL, "2pt solid #000000", "1pt solid #000000"),
    PrintLook("ruled", "dotted", Rulings.ALL, "0.75pt dotted #000000", "0.75pt dotted #000000"),
    PrintLook("ruled", "dashed", Rulings.ALL, "0.75pt dashed #000000", "0.75pt dashed #000000"),
    PrintLook("ruled", "double", Rulings.ALL, "2.5pt double #000000"),
    PrintLook("ruled", "grey", Rulings.ALL, "0.5pt solid #909090", "0.5pt solid #909090", head_fill="#d9d9d9"),
    PrintLook("ruled", "dark_head", Rulings.ALL, head_fill="#2f5d9b", head_ink="#ffffff"),
    PrintLook("partly", "open_sides", Rulings.OPEN_SIDES),
    PrintLook("partly", "horizontal", Rulings.HORIZONTAL),
    PrintLook("partly", "three_line", Rulings.THREE_LINE, "1.5pt solid #000000", "0.75pt solid #000000"),
    PrintLook("partly", "head", Rulings.HEAD),
    PrintLook("borderless", "plain", Rulings.NO),
    PrintLook("borderless", "zebra", Rulings.NO, head_fill="#c8d4e6", zebra_fill="#ededed"),
)


@dataclass(frozen=True, slots=True)
class Borders:
    left: str = NONE
    top: str = NONE
    right: str = NONE
    bottom: str = NONE


def borders_of(cell: SourceCell, table: SourceTable, look: PrintLook) -> Borders:
    """The four borders of one cell; neighbours name a border they share alike."""
    bottom_row, right_col = cell.row + cell.rowspan, cell.col + cell.colspan

    def across(row: int) -> str:
        edge = row in (0, table.n_rows)
        match look.rulings:
            case Rulings.ALL | Rulings.OPEN_SIDES | Rulings.HORIZONTAL:
                return look.frame if edge else look.inner
            case Rulings.THREE_LINE:
                return look.frame if edge else look.inner if row == table.n_header_rows else NONE
            case Rulings.HEAD:
                return look.inner if row <= table.n_header_rows else NONE
            case Rulings.NO:
                return NONE

    def down(col: int) -> str:
        edge = col in (0, table.n_cols)
        match look.rulings:
            case Rulings.ALL:
                return look.frame if edge else look.inner
            case Rulings.OPEN_SIDES:
                return NONE if edge else look.inner
            case Rulings.HEAD:
                return look.inner if bottom_row <= table.n_header_rows else NONE
            case _:
                return NONE

    return Borders(down(cell.col), across(cell.row), down(right_col), across(bottom_row))


def fill_of(cell: SourceCell, table: SourceTable, look: PrintLook) -> str:
    """The colour a cell is filled with, "" for none."""
    if cell.row < table.n_header_rows:
        return look.head_fill
    return look.zebra_fill if (cell.row - table.n_header_rows) % 2 else ""


def alignment_of(cell: SourceCell, table: SourceTable) -> str:
    """'center' for headers, labels of a form and cells over several columns, 'right' for figures, 'left' for words."""
    if cell.row < table.n_header_rows or cell.header or cell.colspan > 1 or cell.rowspan > 1:
        return "center"
    return "right" if is_figure(cell.text) else "left"


def is_figure(text: str) -> bool:
    plain = text.replace(",", "").replace(".", "", 1).removeprefix("-").removesuffix("%")
    return plain.isdigit() and ("." in text or "," in text or len(plain) < 3)
