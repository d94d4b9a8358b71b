"""The truth beside a sample, in the form that document.json has, without what only a reader can say."""

from __future__ import annotations

from dataclasses import dataclass

from samples.flow import PlacedTable, runs_of
from samples.ink import Sheet
from samples.values import SourceCell, SourceDocument, SourceTable

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class PageTruth:
    """rotation_degrees, skew_degrees: clockwise turns that put the page upright and level, as document.json has them."""

    page_number: int
    rotation_degrees: int
    skew_degrees: float


def to_truth(
    file_name: str,
    source: SourceDocument,
    tables: tuple[PlacedTable, ...],
    sheets: tuple[Sheet, ...],
    pages: tuple[PageTruth, ...],
) -> dict[str, object]:
    """A JSON value with keys schema_version, document, pages, tables, text."""
    return {
        "schema_version": SCHEMA_VERSION,
        "document": {
            "source_name": file_name,
            "n_pages": len(sheets),
            "kind": source.kind,
            "organisation": source.organisation if _is_printed(source.organisation, sheets) else "",
            "fiscal_year": source.fiscal_year,
        },
        "pages": [
            {
                "page_number": page.page_number,
                "rotation_degrees": page.rotation_degrees,
                "skew_degrees": page.skew_degrees,
            }
            for page in pages
        ],
        "tables": [_table(index, placed) for index, placed in enumerate(tables)],
        "text": [
            {"page_number": number, "text": text}
            for number, sheet in enumerate(sheets, start=1)
            for text in sheet.texts
        ],
    }


def _is_printed(words: str, sheets: tuple[Sheet, ...]) -> bool:
    """Whether ``words`` stand on any sheet: nobody can read what is not there."""
    return any(words in "".join("".join(run.text.split()) for run in runs_of(sheet)) for sheet in sheets)


def _table(index: int, placed: PlacedTable) -> dict[str, object]:
    table = placed.table
    return {
        "table_index": index,
        "kind": table.kind,
        "title": table.title,
        "label": table.label,
        "unit": table.unit,
        "notes": list(table.notes),
        "page_numbers": list(placed.page_numbers),
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "n_header_rows": table.n_header_rows,
        "cells": [_cell(cell, table) for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col))],
    }


def _cell(cell: SourceCell, table: SourceTable) -> dict[str, object]:
    return {
        "row": cell.row,
        "col": cell.col,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "text": cell.text,
        "role": _role(cell, table),
    }


def _role(cell: SourceCell, table: SourceTable) -> str:
    if cell.row < table.n_header_rows:
        return "column_header"
    return "row_header" if cell.header else "body"
