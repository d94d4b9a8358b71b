"""Table -> HTML and CSV rows. Text is escaped, never trusted: a cell may hold `<script>` or a formula."""

from __future__ import annotations

from html import escape

from layout.values import Cell, Role, Table

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table_to_html(table: Table) -> str:
    """One <table> element, rowspan and colspan where above 1, th for headers; line breaks in a cell as <br>."""
    head = _rows(table, 0, table.n_header_rows)
    body = _rows(table, table.n_header_rows, table.n_rows)
    caption = f"<caption>{_text(table.title)}</caption>" if table.title else ""
    attributes = "".join(
        f' data-{name}="{escape(value)}"' for name, value in (("label", table.label), ("unit", table.unit)) if value
    )
    parts = [f"<table{attributes}>", caption]
    parts += [f"<thead>{head}</thead>"] if head else []
    parts += [f"<tbody>{body}</tbody>", "</table>"]
    return "".join(parts)


def table_to_csv_rows(table: Table) -> tuple[tuple[str, ...], ...]:
    """n_rows rows of n_cols texts; a merged cell's text stands in its first slot only, the others are empty.

    A text that a spreadsheet would run as a formula gets a leading apostrophe; amounts such as -5 do not.
    """
    rows = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.span.row][cell.span.col] = _guarded(cell.text)
    return tuple(tuple(row) for row in rows)


def _rows(table: Table, start: int, stop: int) -> str:
    by_row: dict[int, list[Cell]] = {row: [] for row in range(start, stop)}
    for cell in sorted(table.cells, key=lambda c: c.span):
        if start <= cell.span.row < stop:
            by_row[cell.span.row].append(cell)
    return "".join(f"<tr>{''.join(map(_cell, cells))}</tr>" for cells in by_row.values())


def _cell(cell: Cell) -> str:
    tag = "td" if cell.role is Role.BODY else "th"
    spans = [("rowspan", cell.span.rowspan), ("colspan", cell.span.colspan)]
    attributes = "".join(f' {name}="{count}"' for name, count in spans if count > 1)
    return f"<{tag}{attributes}>{_text(cell.text)}</{tag}>"


def _text(text: str) -> str:
    # A NUL or another control character is not allowed in HTML; a page may still print one through a bad font.
    shown = "".join(c if c == "\n" or c.isprintable() or c.isspace() else "\ufffd" for c in text)
    return escape(shown).replace("\n", "<br>")


def _guarded(text: str) -> str:
    if not text.startswith(_FORMULA_STARTS):
        return text
    plain = text.replace(",", "").replace(" ", "").rstrip("%")
    is_number = plain[1:].replace(".", "", 1).isdigit() and text[0] in "+-"
    return text if is_number or set(text) <= {"-"} else "'" + text
