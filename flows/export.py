"""A result as document.json (schema_version 1), HTML and CSV.

Text stays as it was read: JSON escapes what JSON must; layout.html escapes HTML and leads a CSV cell that a spreadsheet
would run as a formula by an apostrophe. Nothing here depends on the clock, so the same result gives the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from expectations.by_table import verdicts_by_table
from expectations.findings import finding_json
from expectations.json_pieces import Items, json_pieces
from expectations.values import CellRef, CellVerdict, Check, Suggestion
from flows.results import DocumentResult, Reason
from flows.version import pipeline_version
from layout.amounts import parse_amount
from layout.headers import header_paths
from layout.html import table_to_csv_rows, table_to_html
from layout.outline import RowLabel, labels_of_cells, outline_columns
from layout.values import Cell, Table, TextBlock
from ocr.geometry import BBox
from ocr.values import PageFacts, PageFailure, Reading

SCHEMA_VERSION = 1
# Label and unit stand as data on the table; a reader sees them as they stand in print, above it.
_STYLE = (
    "<style>table{border-collapse:collapse}th,td{border:1px solid #888;padding:.2em .5em}"
    "table[data-unit]::before,table[data-label]::before{display:table-caption;text-align:right}"
    'table[data-label]::before{content:attr(data-label)}table[data-unit]::before{content:"单位：" attr(data-unit)}'
    'table[data-label][data-unit]::before{content:attr(data-label) "　单位：" attr(data-unit)}</style>'
)


def write_document(folder: Path, result: DocumentResult) -> None:
    """Fills an empty folder: document.json, tables/NN.html, tables/NN.csv. NN counts from 01, like table_index + 1."""
    with (folder / "document.json").open("wb") as writing:
        writing.writelines(_json_blocks(_document_parts(result)))
    if not result.document.tables:
        return
    tables = folder / "tables"
    tables.mkdir()
    for number, table in enumerate(result.document.tables, start=1):
        (tables / f"{number:02d}.html").write_bytes(_utf8(table_page(table)))
        (tables / f"{number:02d}.csv").write_bytes(_utf8(table_csv(table)))


def json_bytes(data: Any) -> bytes:
    """UTF-8 JSON, legible; a lone surrogate becomes its escape, so it comes back as it was."""
    return b"".join(_json_blocks(data))


def _json_blocks(data: Any) -> Iterator[bytes]:
    return (piece.encode("utf-8", "backslashreplace") for piece in json_pieces(data, ensure_ascii=False))


def table_page(table: Table) -> str:
    """The table as an HTML file that a browser shows on its own, offline."""
    title = escape(f"{table.label} {table.title}".strip() or "table")
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    head = f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>{_STYLE}</head>'
    return f"{head}<body>{table_to_html(table)}{notes}</body></html>\n"


def table_csv(table: Table) -> str:
    """The table as CSV with a byte order mark, which spreadsheets need to see that it is UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows(table_to_csv_rows(table))
    return "\ufeff" + text.getvalue()


def document_json(result: DocumentResult) -> dict[str, Any]:
    """The contract of document.json; keys beyond it may be added, none changes its meaning."""
    return {key: list(part) if isinstance(part, Items) else part for key, part in _document_parts(result).items()}


def _document_parts(result: DocumentResult) -> dict[str, Any]:
    document, report = result.document, result.report
    verdicts = verdicts_by_table(report.verdicts)
    kinds = report.table_kinds or ("",) * len(document.tables)
    return {
        "schema_version": SCHEMA_VERSION,
        "document": {
            "sha256": document.sha256,
            "source_name": document.source_name,
            "n_pages": len(document.pages),
            "notes": list(document.notes),
            "embedded_files": list(document.embedded_files),
            "kind": report.identity.kind,
            "organisation": report.identity.organisation,
            "fiscal_year": report.identity.fiscal_year,
            "disposition": result.disposition.value,
            "reasons": [reason_json(reason) for reason in result.reasons],
            "pipeline_version": pipeline_version(),
        },
        "pages": Items(_page_json, document.pages),
        "tables": Items(
            lambda i: _table_json(i, kinds[i], document.tables[i], dict(verdicts[i])), range(len(document.tables))
        ),
        "text": Items(_block_json, document.text),
        "checks": Items(_check_json, report.checks),
        "findings": Items(finding_json, report.findings),
        "corrections": Items(_suggestion_json, report.corrections),
        "suggestions": Items(_suggestion_json, report.suggestions),
    }


def reason_json(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "message": reason.message, "remedy": reason.remedy, "where": reason.where}


def cell_value(cell: Cell, verdict: CellVerdict | None) -> Decimal | None:
    """The number a cell prints, if validation took it for a figure (codes and years are none)."""
    return None if verdict is None else parse_amount(cell.text).value


def _page_json(page: PageFacts) -> dict[str, Any]:
    return {
        "page_number": page.page_number,
        "width_pt": round(page.width_pt, 2),
        "height_pt": round(page.height_pt, 2),
        "text_source": page.text_source.value,
        "rotation_degrees": page.rotation_degrees,
        "skew_degrees": round(page.skew_degrees, 3),
        "dpi": round(page.dpi, 2),
        "digest": page.digest,
        "notes": list(page.notes),
        "failures": [_failure_json(failure) for failure in page.failures],
    }


def _failure_json(failure: PageFailure) -> dict[str, str]:
    return {
        "stage": failure.stage,
        "code": failure.code,
        "message": failure.message,
        "remedy": failure.remedy,
    }


def _table_json(index: int, kind: str, table: Table, verdicts: dict[CellRef, CellVerdict]) -> dict[str, Any]:
    cells = sorted(table.cells, key=lambda cell: cell.span)
    labels = labels_of_cells(table)
    return {
        "table_index": index,
        "kind": kind,
        "title": table.title,
        "label": table.label,
        "unit": table.unit,
        "notes": list(table.notes),
        "page_numbers": list(table.page_numbers),
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "n_header_rows": table.n_header_rows,
        "implied": table.implied,
        "header_paths": [list(path) for path in header_paths(table)],
        "cells": [
            _cell_json(c, verdicts.get(CellRef(index, c.span.row, c.span.col)), labels.get(c.span)) for c in cells
        ],
    }


def _cell_json(cell: Cell, verdict: CellVerdict | None, label: RowLabel | None) -> dict[str, Any]:
    value = cell_value(cell, verdict)
    return {
        "row": cell.span.row,
        "col": cell.span.col,
        "rowspan": cell.span.rowspan,
        "colspan": cell.span.colspan,
        "text": cell.text,
        "ocr_text": cell.ocr_text,
        "confidence": round(cell.confidence, 4),
        "role": cell.role.value,
        **outline_columns(label),
        "page_number": cell.page_number,
        "bbox_pt": _box_json(cell.bbox_pt),
        "value": None if value is None else format(value, "f"),
        "verdict": None if verdict is None else verdict.value,
        "doubts": [doubt.value for doubt in cell.doubts],
        "readings": [_reading_json(reading) for reading in cell.readings],
    }


def _reading_json(reading: Reading) -> dict[str, Any]:
    return {"text": reading.text, "confidence": round(reading.confidence, 4), "source": reading.source}


def _block_json(block: TextBlock) -> dict[str, Any]:
    return {"page_number": block.page_number, "bbox_pt": _box_json(block.bbox_pt), "text": block.text}


def _check_json(check: Check) -> dict[str, Any]:
    return {
        "identity": check.identity,
        "statement": check.statement,
        "verdict": check.verdict.value,
        "residual": _number_json(check.residual),
        "tolerance": _number_json(check.tolerance),
        "reason": check.reason,
        "cells": _cells_json(term.cell for term in check.terms if term.cell is not None),
        "terms": [
            {
                "cell": None if term.cell is None else _cell_ref_json(term.cell),
                "coefficient": term.coefficient,
                "value": _number_json(term.value),
            }
            for term in check.terms
        ],
    }


def _suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "kind": suggestion.kind.value,
        "changes": [
            {"cell": _cell_ref_json(c.cell), "read": c.read, "proposed": c.proposed, "evidence": c.evidence}
            for c in suggestion.changes
        ],
        "closes": list(suggestion.closes),
        "likelihood": round(suggestion.likelihood, 4),
        "reason": suggestion.reason,
    }


def _cells_json(cells: Iterable[CellRef]) -> list[list[int]]:
    return [_cell_ref_json(cell) for cell in cells]


def _cell_ref_json(cell: CellRef) -> list[int]:
    return [cell.table_index, cell.row, cell.col]


def _number_json(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def _box_json(box: BBox) -> Sequence[float]:
    return [round(edge, 2) for edge in box.as_tuple()]


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
