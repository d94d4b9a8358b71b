"""Documents of a truth folder (doc.json, tNN.json) as they would be read without any error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from expectations.values import DocumentTables
from layout.headers import label_headers
from layout.values import Cell, Role, Span, Table, TextBlock
from ocr.geometry import BBox
from ocr.values import PageFacts, TextSource

TRUTH = Path(__file__).resolve().parents[2] / "samples" / "truth"


def truth_folders(root: Path = TRUTH) -> tuple[Path, ...]:
    return tuple(sorted(p.parent for p in root.glob("*/doc.json")))


def read_truth(folder: Path, source: TextSource = TextSource.TEXT_LAYER) -> DocumentTables:
    """One page per table; with TEXT_LAYER every cell counts as read beyond doubt, with OCR as read once."""
    doc = json.loads((folder / "doc.json").read_text(encoding="utf-8"))
    tables = tuple(
        read_table(json.loads(path.read_text(encoding="utf-8")), number)
        for number, path in enumerate(sorted(folder.glob("t[0-9][0-9].json")), start=2)
    )
    text = tuple(_blocks(doc))
    pages = tuple(PageFacts(n, 595.0, 842.0, text_source=source) for n in range(1, len(tables) + 2))
    return DocumentTables("0" * 64, f"{folder.name}.pdf", pages, tables, text)


def read_table(grid: Mapping[str, Any], page_number: int = 1) -> Table:
    """A cell grid as a Table; header rows as the layout stage finds them."""
    cells = tuple(_cell(c, page_number) for c in grid["cells"])
    table = Table(
        n_rows=grid["n_rows"],
        n_cols=grid["n_cols"],
        cells=cells,
        page_numbers=(page_number,),
        title=grid.get("caption", ""),
        label=grid.get("label", ""),
        unit=grid.get("unit", ""),
        notes=tuple(n for n in (grid.get("note", ""),) if n),
    )
    return label_headers(table)


def _cell(entry: Mapping[str, Any], page_number: int) -> Cell:
    row, col = entry["row"], entry["col"]
    span = Span(row, col, row + entry.get("rowspan", 1), col + entry.get("colspan", 1))
    box = BBox(col * 50.0, row * 20.0, span.col_stop * 50.0, span.row_stop * 20.0)
    role = Role.COLUMN_HEADER if entry.get("header") else Role.BODY
    return Cell(span, page_number, box, box, entry["text"], entry["text"], 1.0, role)


def _blocks(doc: Mapping[str, Any]) -> list[TextBlock]:
    texts = [b["text"] for b in doc["blocks"] if b.get("text")]
    boxes = [BBox(50.0, 20.0 * i, 500.0, 20.0 * i + 15.0) for i in range(len(texts))]
    return [TextBlock(1, box, box, text) for box, text in zip(boxes, texts, strict=True)]
