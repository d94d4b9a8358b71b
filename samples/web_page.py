"""A table as the HTML page a browser prints."""

from __future__ import annotations

import html
from collections.abc import Iterator

from samples.print_looks import Borders, PrintLook, Setting, alignment_of, borders_of, fill_of
from samples.values import SourceCell, SourceTable

_BLANK = "&nbsp;"
"""Without it a row of empty cells would be as low as their padding."""
_PAGE = """<!doctype html><meta charset="utf-8"><title>-</title><style>
@page {{ size: A4 {orientation}; margin: 16mm }}
body {{ margin: 0; font: {size}pt {families}; line-height: 1.25 }}
h1 {{ margin: 4pt 0; text-align: center; font-size: {title}pt }}
.unit {{ text-align: right; margin: 2pt 0 }}
table {{ width: 100%; border-collapse: collapse }}
{group}
tr {{ break-inside: avoid }}
td {{ padding: {pad_y}pt {pad_x}pt; vertical-align: middle }}
</style>{body}
"""


def web_page(table: SourceTable, look: PrintLook, setting: Setting) -> str:
    """The page as one HTML document without anything outside of it."""
    return _PAGE.format(
        orientation="landscape" if setting.landscape else "portrait",
        size=setting.size_pt,
        families=", ".join(f"'{name}'" for name in setting.family_names),
        title=setting.size_pt + 5,
        group="" if setting.repeat_header else "thead { display: table-row-group }",
        pad_x=setting.pad_x,
        pad_y=setting.pad_y,
        body="".join(_body(table, look, setting)),
    )


def _body(table: SourceTable, look: PrintLook, setting: Setting) -> Iterator[str]:
    if table.label:
        yield f"<div>{html.escape(table.label)}</div>"
    if table.title:
        yield f"<h1>{html.escape(table.title).replace(chr(10), '<br>')}</h1>"
    if table.unit:
        yield f'<div class="unit">单位：{html.escape(table.unit)}</div>'
    yield "<table>"
    for tag, start, stop in (("thead", 0, table.n_header_rows), ("tbody", table.n_header_rows, table.n_rows)):
        if start < stop:
            yield f"<{tag}>"
            for row in range(start, stop):
                cells = sorted((c for c in table.cells if c.row == row), key=lambda c: c.col)
                yield f"<tr>{''.join(_cell(c, table, look, setting) for c in cells)}</tr>"
            yield f"</{tag}>"
    yield "</table>"
    for note in table.notes:
        yield f"<div>{html.escape(note)}</div>"


def _cell(cell: SourceCell, table: SourceTable, look: PrintLook, setting: Setting) -> str:
    spans = "".join(
        f' {name}="{count}"' for name, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if count > 1
    )
    return f'<td{spans} style="{_style(cell, table, look, setting)}">{html.escape(cell.text) or _BLANK}</td>'


def _style(cell: SourceCell, table: SourceTable, look: PrintLook, setting: Setting) -> str:
    is_head = cell.row < table.n_header_rows
    parts = [*_border_styles(borders_of(cell, table, look)), f"text-align: {alignment_of(cell, table)}"]
    if fill := fill_of(cell, table, look):
        parts.append(f"background: {fill}")
    if is_head:
        parts += [f"color: {look.head_ink}", f"font-weight: {'bold' if setting.head_bold else 'normal'}"]
    if cell.indent:
        parts.append(f"padding-left: {setting.pad_x + cell.indent * setting.size_pt}pt")
    return "; ".join(parts)


def _border_styles(borders: Borders) -> list[str]:
    return [f"border-{side}: {getattr(borders, side)}" for side in ("left", "top", "right", "bottom")]
