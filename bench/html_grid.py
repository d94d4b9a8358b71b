"""HTML tables -> grids: rowspan and colspan resolved, as a browser lays them out."""

from __future__ import annotations

from html.parser import HTMLParser

from flows.scoring.values import BenchCell, BenchTable

_BLOCKS = ("br", "p", "div", "li")


def tables_of_html(html: str, page_number: int) -> tuple[BenchTable, ...]:
    """Every <table> of ``html`` in order, all on page ``page_number``; tables without a cell are left out."""
    parser = _TableParser()
    parser.feed(html)
    parser.close()
    return tuple(_to_table(rows, page_number) for rows in parser.tables if any(rows))


def text_outside_tables(html: str) -> str:
    parser = _TableParser()
    parser.feed(html)
    parser.close()
    return "".join(parser.outside)


class _Raw:
    """A cell as it comes by in the HTML."""

    def __init__(self, rowspan: int, colspan: int) -> None:
        self.rowspan, self.colspan, self.text = rowspan, colspan, ""


class _TableParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[_Raw]]] = []
        self.outside: list[str] = []
        self._cell: _Raw | None = None
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            self.tables.append([])
        elif tag == "tr" and self._depth:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self._depth:
            spans = {name: value for name, value in attrs if name in ("rowspan", "colspan")}
            self._cell = _Raw(_span(spans.get("rowspan")), _span(spans.get("colspan")))
            if not self.tables[-1]:
                self.tables[-1].append([])
            self.tables[-1][-1].append(self._cell)
        elif tag in _BLOCKS and self._cell is not None:
            self._cell.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = None
        elif tag == "table" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.text += data
        elif not self._depth:
            self.outside.append(data)


def _span(value: str | None) -> int:
    return max(1, int(value)) if value and value.isdigit() else 1


def _to_table(rows: list[list[_Raw]], page_number: int) -> BenchTable:
    taken: set[tuple[int, int]] = set()
    cells: list[BenchCell] = []
    for row, raws in enumerate(rows):
        col = 0
        for raw in raws:
            while (row, col) in taken:
                col += 1
            rowspan = min(raw.rowspan, len(rows) - row)
            cells.append(BenchCell(row, col, rowspan, raw.colspan, raw.text.strip()))
            taken |= {(row + i, col + j) for i in range(rowspan) for j in range(raw.colspan)}
    n_cols = max(col for _, col in taken) + 1
    return BenchTable((page_number,), len(rows), n_cols, tuple(cells))
