"""A table as a flat OpenDocument spreadsheet (one XML file), for LibreOffice to print."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from xml.sax.saxutils import escape, quoteattr

from samples.print_looks import Borders, PrintLook, Setting, alignment_of, borders_of, fill_of
from samples.values import SourceCell, SourceTable

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">
<office:automatic-styles>
<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="{width}mm" fo:page-height="{height}mm"
 style:print-orientation="{orientation}" fo:margin="14mm" style:scale-to-X="1" style:scale-to-Y="0"
 style:table-centering="horizontal"/></style:page-layout>
<style:style style:name="table" style:family="table" style:master-page-name="sheet"/>
{styles}
</office:automatic-styles>
<office:master-styles><style:master-page style:name="sheet" style:page-layout-name="page"><style:header style:display="false"/>
<style:footer style:display="false"/></style:master-page></office:master-styles>
<office:body><office:spreadsheet><table:table table:name="t" table:style-name="table">
{columns}
{rows}
</table:table></office:spreadsheet></office:body></office:document>
"""
_WIDEST_PT, _WIDEST_HEAD_PT, _NARROWEST_PT = 170.0, 80.0, 22.0


_BARE = Borders()


@dataclass(frozen=True, slots=True)
class _CellStyle:
    borders: Borders = _BARE
    align: str = "left"
    fill: str = ""
    ink: str = "#000000"
    bold: bool = False
    size_pt: float = 10.0
    indent_pt: float = 0.0


def spreadsheet(table: SourceTable, look: PrintLook, setting: Setting) -> str:
    """The sheet: label, title, unit, the table's cells as text, its notes; as wide as one page."""
    styles: dict[_CellStyle, str] = {}
    widths = _column_widths(table, setting)
    heights = _row_heights(table, widths, setting)
    rows = list(_above(table, setting, styles))
    cells = {(cell.row, cell.col): cell for cell in table.cells}
    body = [_row(row, table, cells, look, setting, styles) for row in range(table.n_rows)]
    heads = "\n".join(body[: table.n_header_rows])
    repeated = setting.repeat_header and table.n_header_rows > 0
    rows += [f"<table:table-header-rows>{heads}</table:table-header-rows>" if repeated else heads]
    rows += body[table.n_header_rows :]
    rows += [_line(note, table, _CellStyle(size_pt=setting.size_pt), styles) for note in table.notes]
    wide, high = (297, 210) if setting.landscape else (210, 297)
    return _DOCUMENT.format(
        width=wide,
        height=high,
        orientation="landscape" if setting.landscape else "portrait",
        styles="\n".join([*_axis_styles(widths, heights), *(_style(s, name, setting) for s, name in styles.items())]),
        columns="".join(f'<table:table-column table:style-name="c{i}"/>' for i in range(table.n_cols)),
        rows="\n".join(rows),
    )


def _column_widths(table: SourceTable, setting: Setting) -> list[float]:
    widths = [_NARROWEST_PT] * table.n_cols
    for cell in table.cells:
        if cell.colspan == 1:
            most = _WIDEST_HEAD_PT if cell.row < table.n_header_rows else _WIDEST_PT
            wanted = _text_width(cell, setting) + 2 * setting.pad_x
            widths[cell.col] = max(widths[cell.col], min(wanted, most))
    return widths


def _row_heights(table: SourceTable, widths: list[float], setting: Setting) -> list[float]:
    """Room for the lines of every cell, a merged one's shared out over its rows."""
    line = 1.3 * setting.size_pt
    heights = [line + 2 * setting.pad_y] * table.n_rows
    for cell in table.cells:
        room = sum(widths[cell.col : cell.col + cell.colspan]) - 2 * setting.pad_x
        lines = math.ceil(1.05 * _text_width(cell, setting) / max(room, setting.size_pt)) if cell.text else 1
        needed = (lines * line + 2 * setting.pad_y) / cell.rowspan
        for row in range(cell.row, cell.row + cell.rowspan):
            heights[row] = max(heights[row], needed)
    return heights


def _text_width(cell: SourceCell, setting: Setting) -> float:
    ems = sum(1.0 if ord(char) > 0xFF else 0.55 for char in cell.text) + cell.indent
    return (ems + 0.5) * setting.size_pt


def _axis_styles(widths: list[float], heights: list[float]) -> list[str]:
    columns = [
        f'<style:style style:name="c{i}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width:.1f}pt"/></style:style>'
        for i, width in enumerate(widths)
    ]
    rows = [
        f'<style:style style:name="r{i}" style:family="table-row">'
        f'<style:table-row-properties style:row-height="{height:.1f}pt" style:use-optimal-row-height="false"/></style:style>'
        for i, height in enumerate(heights)
    ]
    return columns + rows


def _style(style: _CellStyle, name: str, setting: Setting) -> str:
    sides = zip(("left", "top", "right", "bottom"), astuple(style.borders), strict=True)
    borders = " ".join(f'fo:border-{side}="{value}"' for side, value in sides)
    fill = f' fo:background-color="{style.fill}"' if style.fill else ""
    latin, asian = setting.family_names[0], setting.family_names[-1]
    weight = "bold" if style.bold else "normal"
    return (
        f'<style:style style:name="{name}" style:family="table-cell">'
        f'<style:table-cell-properties {borders}{fill} fo:wrap-option="wrap" style:vertical-align="middle"'
        f' fo:padding="{setting.pad_y / 2}pt"/>'
        f'<style:paragraph-properties fo:text-align="{_ALIGNMENTS[style.align]}" fo:margin-left="{style.indent_pt}pt"/>'
        f"<style:text-properties fo:font-family={quoteattr(latin)} style:font-family-asian={quoteattr(asian)}"
        f' fo:font-size="{style.size_pt}pt" style:font-size-asian="{style.size_pt}pt" fo:color="{style.ink}"'
        f' fo:font-weight="{weight}" style:font-weight-asian="{weight}"/></style:style>'
    )


_ALIGNMENTS = {"left": "start", "center": "center", "right": "end"}


def _row(
    row: int,
    table: SourceTable,
    cells: dict[tuple[int, int], SourceCell],
    look: PrintLook,
    setting: Setting,
    styles: dict[_CellStyle, str],
) -> str:
    parts = []
    for col in range(table.n_cols):
        cell = cells.get((row, col))
        if cell is None:
            owner = next(c for c in table.cells if _covers(c, row, col))
            parts.append(
                f'<table:covered-table-cell table:style-name="{_named(_cell_style(owner, table, look, setting), styles)}"/>'
            )
        else:
            parts.append(_cell(cell, _named(_cell_style(cell, table, look, setting), styles)))
    return f'<table:table-row table:style-name="r{row}">{"".join(parts)}</table:table-row>'


def _covers(cell: SourceCell, row: int, col: int) -> bool:
    return cell.row <= row < cell.row + cell.rowspan and cell.col <= col < cell.col + cell.colspan


def _cell(cell: SourceCell, style: str) -> str:
    spans = ""
    if cell.rowspan > 1 or cell.colspan > 1:
        spans = f' table:number-columns-spanned="{cell.colspan}" table:number-rows-spanned="{cell.rowspan}"'
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string"{spans}>'
        f"<text:p>{escape(cell.text)}</text:p></table:table-cell>"
    )


def _cell_style(cell: SourceCell, table: SourceTable, look: PrintLook, setting: Setting) -> _CellStyle:
    is_head = cell.row < table.n_header_rows
    return _CellStyle(
        borders_of(cell, table, look),
        alignment_of(cell, table),
        fill_of(cell, table, look),
        look.head_ink if is_head else "#000000",
        is_head and setting.head_bold,
        setting.size_pt,
        cell.indent * setting.size_pt,
    )


def _named(style: _CellStyle, styles: dict[_CellStyle, str]) -> str:
    return styles.setdefault(style, f"s{len(styles)}")


def _line(text: str, table: SourceTable, style: _CellStyle, styles: dict[_CellStyle, str]) -> str:
    """A row without borders, as wide as the table."""
    cell = SourceCell(0, 0, 1, table.n_cols, text)
    return f"<table:table-row>{_cell(cell, _named(style, styles))}</table:table-row>"


def _above(table: SourceTable, setting: Setting, styles: dict[_CellStyle, str]) -> Iterator[str]:
    if table.label:
        yield _line(table.label, table, _CellStyle(size_pt=setting.size_pt), styles)
    if table.title:
        big = _CellStyle(align="center", bold=True, size_pt=setting.size_pt + 5)
        yield _line(table.title.replace("\n", ""), table, big, styles)
    if table.unit:
        yield _line(f"单位：{table.unit}", table, _CellStyle(align="right", size_pt=setting.size_pt), styles)
