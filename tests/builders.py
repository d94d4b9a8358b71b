"""Values for tests, built from drawings: a grid from "AA|bc", a table from rows of texts, pages with ink.

In a drawing "|" ends a row; equal neighbouring letters are one cell; "." is a cell of its own.
In rows of texts "<" continues the cell at its left and "^" the cell above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from layout.values import Cell, Grid, Span, Table, TableRegion
from ocr.geometry import Affine, BBox
from ocr.values import Char, PageImage, PageText, TextSource, Word

COL_PX, ROW_PX, LEFT_PX, TOP_PX = 120.0, 40.0, 60.0, 100.0
CHAR_PX, TEXT_PX = 12.0, 20.0


def spans(drawing: str) -> tuple[Span, ...]:
    """The spans of a drawing, row by row."""
    rows = drawing.split("|")
    boxes: dict[str, list[int]] = {}
    for r, line in enumerate(rows):
        for c, mark in enumerate(line):
            key = f"{r},{c}" if mark == "." else mark
            box = boxes.setdefault(key, [r, c, r + 1, c + 1])
            box[2], box[3] = max(box[2], r + 1), max(box[3], c + 1)
            box[1] = min(box[1], c)
    return tuple(sorted(Span(*box) for box in boxes.values()))


def grid(drawing: str, *, col_px: float = COL_PX, row_px: float = ROW_PX, page_number: int = 1) -> Grid:
    """A grid of equal columns and rows."""
    rows = drawing.split("|")
    cols = tuple(LEFT_PX + col_px * i for i in range(len(rows[0]) + 1))
    lines = tuple(TOP_PX + row_px * i for i in range(len(rows) + 1))
    region = TableRegion(page_number, BBox(cols[0], lines[0], cols[-1], lines[-1]))
    return Grid(region, lines, cols, spans(drawing))


def cell(span: Span, text: str = "", *, page_number: int = 1, top: float = TOP_PX, confidence: float = 1.0) -> Cell:
    """A cell on the lattice of ``grid``; its page has 72 dots an inch, so that points are pixels."""
    box = BBox(
        LEFT_PX + COL_PX * span.col, top + ROW_PX * span.row,
        LEFT_PX + COL_PX * span.col_stop, top + ROW_PX * span.row_stop,
    )  # fmt: skip
    return Cell(span, page_number, box, box, text, text, confidence)


def table(rows: Sequence[Sequence[str]], *, page_number: int = 1, top: float = TOP_PX, n_header_rows: int = 0,
          title: str = "", label: str = "", unit: str = "") -> Table:  # fmt: skip
    """A table from rows of texts; "<" and "^" make spans."""
    origin: dict[tuple[int, int], tuple[int, int]] = {}
    stops: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            at = {"<": (r, c - 1), "^": (r - 1, c)}.get(text)
            origin[r, c] = home = origin[at] if at else (r, c)
            old = stops.get(home, (0, 0))
            stops[home] = max(old[0], r + 1), max(old[1], c + 1)
    cells = tuple(
        cell(Span(r, c, *stops[r, c]), rows[r][c], page_number=page_number, top=top) for r, c in sorted(stops)
    )
    return Table(len(rows), len(rows[0]), cells, (page_number,), n_header_rows, title, label, unit)


def texts(result: Table) -> list[list[str]]:
    """The texts of a table by row, merged slots as "<" and "^": the inverse of ``table``."""
    rows = [["^"] * result.n_cols for _ in range(result.n_rows)]
    for c in result.cells:
        for row, col in c.span.slots():
            rows[row][col] = "^" if row > c.span.row else "<"
        rows[c.span.row][c.span.col] = c.text
    return rows


def word(text: str, x: float, y: float, *, char_px: float = CHAR_PX, height: float = TEXT_PX, confidence: float = 0.99,
         chars: bool = True) -> Word:  # fmt: skip
    """A word whose characters stand ``char_px`` apart, CJK ones twice that; (x, y) is its top left."""
    widths = [char_px * (2 if ord(c) > 0x2E80 else 1) for c in text]
    edges = [x + sum(widths[:i]) for i in range(len(text) + 1)]
    known = tuple(
        Char(c, x0, x1, confidence) for c, x0, x1 in zip(text, edges, edges[1:], strict=False)
    ) if chars else ()  # fmt: skip
    return Word(text, BBox(x, y, edges[-1], y + height), confidence, known)


def page_text(*words: Word) -> PageText:
    return PageText("0" * 64, TextSource.OCR, words)


def page(*words: Word, grids: Sequence[Grid] = (), size: tuple[int, int] = (1200, 900), ink: int = 30, paper: int = 245,
         without: Mapping[int, bool] | None = None, page_number: int = 1) -> PageImage:  # fmt: skip
    """A page on which each character is a dark bar pattern and each span has its ruling.

    without: indices of words that leave no ink. The page has 144 dots an inch.
    """
    pixels = np.full(size, paper, np.uint8)
    for one in grids:
        for i in range(len(one.spans)):
            b = one.span_bbox(i)
            x0, y0, x1, y1 = (round(v) for v in b.as_tuple())
            pixels[y0 : y1 + 1, [x0, x0 + 1, x1, x1 + 1]] = ink
            pixels[[y0, y0 + 1, y1, y1 + 1], x0 : x1 + 1] = ink
    for i, w in enumerate(words):
        if not (without or {}).get(i):
            _ink(pixels, w, ink)
    return PageImage("d" * 64, page_number, 144.0, "0" * 64, Affine.scaling(0.5), pixels, size[1] / 2, size[0] / 2)


def _ink(pixels: np.ndarray, w: Word, ink: int) -> None:
    y0, y1 = round(w.bbox.y0 + w.bbox.height * 0.15), round(w.bbox.y1 - w.bbox.height * 0.15)
    n = max(len(w.text), 1)
    step = w.bbox.width / n
    for k, mark in enumerate(w.text):
        if not mark.isspace():
            x = round(w.bbox.x0 + step * k + step * 0.3)
            pixels[y0:y1, x : x + max(round(step * 0.4), 2)] = ink
