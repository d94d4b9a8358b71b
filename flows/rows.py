"""A result as rows, one iterator for each parquet table: plain dicts whose keys are the columns of flows.dataset. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

from expectations.by_table import ByTable, tables_of, verdicts_by_table
from expectations.indicators import indicators_of
from expectations.naming import Naming
from expectations.narrative_facts import narrative_facts_of
from expectations.scopes import table_scopes
from expectations.values import CellRef, CellVerdict, Check, CheckVerdict, Fact
from expectations.verdicts import coverage
from flows.export import cell_value
from flows.results import DocumentResult
from flows.version import pipeline_version
from layout.headers import header_paths
from layout.outline import labels_of_cells, outline_columns
from layout.values import Cell
from ocr.geometry import BBox

Row = dict[str, Any]
INDICATOR_TEXTS = (
    "table_kind", "project", "department", "unit_name", "goal", "level1", "level2", "name", "sign", "target", "unit",
)  # fmt: skip


def document_rows(result: DocumentResult) -> Mapping[str, Iterator[Row]]:
    """Rows by table name; each row says which document and which pipeline it came from."""
    origin = {
        "document_id": result.document_id,
        "sha256": result.document.sha256,
        "pipeline_version": pipeline_version(),
    }
    rows = {
        "cells": _cell_rows(result),
        "facts": _fact_rows(result),
        "indicators": _indicator_rows(result),
        "narrative": _narrative_rows(result),
        "tables": _table_rows(result),
        "checks": check_rows(result.report.checks),
        "documents": iter([_document_row(result)]),
    }
    return {name: (_storable(origin | row) for row in some) for name, some in rows.items()}


def exact_decimal(value: Decimal | None, precision: int, scale: int) -> Decimal | None:
    """The value with ``scale`` decimals, or None when ``precision`` digits cannot hold it exactly."""
    if value is None:
        return None
    with localcontext(prec=precision) as context:
        context.clear_flags()
        try:
            fitted = value.quantize(Decimal(1).scaleb(-scale))
        except InvalidOperation:
            return None
        return fitted if fitted == value else None


def _cell_rows(result: DocumentResult) -> Iterator[Row]:
    trust = _Trust(result)
    for index, table in enumerate(result.document.tables):
        labels, paths = labels_of_cells(table), header_paths(table)
        for cell in sorted(table.cells, key=lambda c: c.span):
            label = labels.get(cell.span)
            ref = CellRef(index, cell.span.row, cell.span.col)
            yield {
                **_ref_row(ref),
                "rowspan": cell.span.rowspan,
                "colspan": cell.span.colspan,
                "table_kind": result.report.table_kinds[index],
                "role": cell.role.value,
                "header_path": list(paths[cell.span.col]) if cell.span.row >= table.n_header_rows else [],
                **outline_columns(label),
                "amount": exact_decimal(cell_value(cell, trust.verdict(ref)), 38, 6),
                "unit": table.unit,
                **trust.row(ref, cell),
                **_place_row(cell.page_number, cell.bbox_pt),
            }


def _fact_rows(result: DocumentResult) -> Iterator[Row]:
    trust, scopes = _Trust(result), _scopes(result)
    naming = Naming(result.document, result.report.identity)
    for fact in result.report.facts:
        yield {
            **_ref_row(fact.cell),
            "organisation": result.report.identity.organisation,
            "scope": scopes[fact.cell.table_index],
            "document_kind": result.report.identity.kind,
            "code_agreement": naming.agreement(fact),
            "unit_is_printed": naming.is_unit_printed(fact),
            **_fact_row(fact),
            **trust.row(fact.cell, trust.cell(fact.cell)),
            **_place_row(fact.page_number, fact.bbox_pt),
        }


def _fact_row(fact: Fact) -> Row:
    return {
        "table_kind": fact.table_kind,
        "code_system": fact.code_system,
        "code": fact.code,
        "name": fact.name,
        "level": fact.level,
        "measure": fact.measure,
        "measure_key": fact.measure_key,
        "period": fact.period,
        "amount": exact_decimal(fact.amount, 38, 6),
        "blankness": fact.blankness.value,
        "decimals": fact.decimals,
        "unit": fact.unit,
        "amount_yuan": exact_decimal(fact.amount_yuan, 20, 2),
    }


def _indicator_rows(result: DocumentResult) -> Iterator[Row]:
    report = result.report
    if not report.table_kinds:
        return
    for record in indicators_of(result.document, report.table_kinds, report.identity.disclosure):
        yield {
            **_ref_row(record.cell),
            "organisation": report.identity.organisation,
            **{name: getattr(record, name) for name in INDICATOR_TEXTS},
            "total": exact_decimal(record.total, 38, 6),
            "weight": exact_decimal(record.weight, 38, 6),
            **_place_row(record.page_number, record.bbox_pt),
        }


def _narrative_rows(result: DocumentResult) -> Iterator[Row]:
    """The amounts of the text: whose year, what they are, and what they and their changes imply of the year before."""
    identity = result.report.identity
    for index, fact in enumerate(narrative_facts_of(result.document, identity.disclosure)):
        yield {
            "fact_index": index,
            "organisation": identity.organisation,
            "document_kind": identity.kind,
            "role": fact.role,
            "label": fact.label,
            "amount": exact_decimal(fact.amount, 38, 6),
            "unit": fact.unit,
            "amount_yuan": exact_decimal(fact.amount_yuan, 20, 2),
            "year": fact.year,
            "against_year": fact.against_year,
            "is_implied": fact.is_implied,
            "confidence": fact.confidence,
            **_place_row(fact.page_number, fact.bbox_pt),
        }


def _scopes(result: DocumentResult) -> tuple[str, ...]:
    return table_scopes(result.document, result.report.identity.disclosure)


def _table_rows(result: DocumentResult) -> Iterator[Row]:
    kinds, scopes = result.report.table_kinds, _scopes(result)
    for index, (kind, table) in enumerate(zip(kinds, result.document.tables, strict=True)):
        yield {
            "table_index": index,
            "kind": kind,
            "scope": scopes[index],
            "title": table.title,
            "label": table.label,
            "unit": table.unit,
            "notes": list(table.notes),
            "page_numbers": list(table.page_numbers),
            "n_rows": table.n_rows,
            "n_cols": table.n_cols,
            "n_header_rows": table.n_header_rows,
            "implied": table.implied,
        }


def check_rows(checks: Iterable[Check]) -> Iterator[Row]:
    """One row per check, with its terms; a term that is no cell of the document has no place."""
    for index, check in enumerate(checks):
        yield {
            "check_index": index,
            "identity": check.identity,
            "statement": check.statement,
            "verdict": check.verdict.value,
            "residual": exact_decimal(check.residual, 38, 6),
            "tolerance": exact_decimal(check.tolerance, 38, 6),
            "reason": check.reason,
            "terms": [
                {
                    **(_ref_row(term.cell) if term.cell else {}),
                    "coefficient": term.coefficient,
                    "value": exact_decimal(term.value, 38, 6),
                }
                for term in check.terms
            ],
        }


def _document_row(result: DocumentResult) -> Row:
    document, report = result.document, result.report
    covered = coverage(report.checks, report.facts)
    return {
        "source_name": document.source_name,
        "kind": report.identity.kind,
        "organisation": report.identity.organisation,
        "n_pages": len(document.pages),
        "n_tables": len(document.tables),
        "n_facts": len(report.facts),
        "n_checks": len(report.checks),
        "n_checks_evaluated": sum(check.verdict is not CheckVerdict.NOT_EVALUATED for check in report.checks),
        "n_money": covered.n_figures,
        "n_money_under_one": covered.n_under_one,
        "n_money_under_two": covered.n_under_two,
    }


class _Trust:
    """What speaks for each cell of one document; one table is looked up at a time, and they are asked for in order."""

    def __init__(self, result: DocumentResult) -> None:
        self._tables = result.document.tables
        self._verdicts = verdicts_by_table(result.report.verdicts)
        self._checks = ByTable(result.report.checks, tables_of)
        self._table = -1
        self._open(0 if self._tables else -1)

    def cell(self, ref: CellRef) -> Cell:
        self._open(ref.table_index)
        return self._cells[ref]

    def verdict(self, ref: CellRef) -> CellVerdict | None:
        self._open(ref.table_index)
        return self._of_cells.get(ref)

    def _open(self, table: int) -> None:
        if table == self._table:
            return
        self._table = table
        self._of_cells = dict(self._verdicts[table])
        self._cells = {CellRef(table, cell.span.row, cell.span.col): cell for cell in self._tables[table].cells}
        self._identities: defaultdict[CellRef, list[str]] = defaultdict(list)
        for check in self._checks[table]:
            if check.verdict is not CheckVerdict.NOT_EVALUATED:
                for ref in {term.cell for term in check.terms if term.cell and term.cell.table_index == table}:
                    self._identities[ref].append(check.identity)

    def row(self, ref: CellRef, cell: Cell) -> Row:
        verdict = self.verdict(ref)
        return {
            "text": cell.text,
            "ocr_text": cell.ocr_text,
            "readings": [reading.text for reading in cell.readings],
            "confidence": cell.confidence,
            "doubts": [doubt.value for doubt in cell.doubts],
            "verdict": None if verdict is None else verdict.value,
            "identities": self._identities.get(ref, []),
        }


def _ref_row(ref: CellRef) -> Row:
    return {"table_index": ref.table_index, "row": ref.row, "col": ref.col}


def _place_row(page_number: int, box: BBox) -> Row:
    edges = zip(("x0", "y0", "x1", "y1"), box.as_tuple(), strict=True)
    return {"page_number": page_number} | {f"bbox_{edge}_pt": value for edge, value in edges}


def _storable(row: Row) -> Row:
    """Arrow strings are UTF-8: a lone surrogate becomes its escape."""
    return {key: _clean(value) for key, value in row.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return [_clean(item) for item in value] if isinstance(value, list) else value
