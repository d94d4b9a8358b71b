"""What Great Expectations said of a suite -> findings, in words for people.

An expectation that met no row is reported with ``n_evaluated`` 0, whatever Great Expectations says of it: it neither
passed nor failed. A table with figures on which a whole suite met nothing fails (`SUITE_RAN`), as critical.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from expectations.suite_files import Bilingual, ExpectationEntry, SuiteFile
from expectations.values import CellRef, Finding, Severity

SUITE_RAN = "suite_ran"
_N_NOTES = 5


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One suite over one table, or (table_index None) over the document: the results by expectation id."""

    suite: SuiteFile
    table_index: int | None
    n_figures: int
    n_rows: Mapping[str, int]
    results: Mapping[str, Mapping[str, Any]]


def findings_of(run: SuiteRun) -> tuple[Finding, ...]:
    """One finding per expectation of the suite, and one more when the suite met figures and looked at none."""
    findings = tuple(_finding(run, entry) for entry in run.suite.entries)
    if sum(finding.n_evaluated for finding in findings) or not run.n_figures:
        return findings
    message = f"The suite {run.suite.name} looked at nothing. Mend the suite file. / 检查未实际执行，请修正规则文件。"
    return *findings, Finding(run.suite.name, SUITE_RAN, Severity.CRITICAL, False, 0, message, (), run.table_index)


def _finding(run: SuiteRun, entry: ExpectationEntry) -> Finding:
    result = run.results[entry.id]
    cells = _cells(result["result"])
    n_evaluated = _n_evaluated(result["result"], run.n_rows[entry.frame])
    return Finding(
        suite=run.suite.name,
        expectation=entry.id,
        severity=entry.severity,
        success=bool(result["success"]),
        n_evaluated=n_evaluated,
        message=_message(entry, bool(result["success"]), len(cells), _notes(result["result"])),
        cells=cells,
        table_index=run.table_index,
    )


def _message(entry: ExpectationEntry, success: bool, n_cells: int, notes: tuple[str, ...]) -> str:
    if success:
        return _passed(entry.expect)
    where = f" ({n_cells} cells)" if n_cells else ""
    more = f" [{'; '.join(notes[:_N_NOTES])}{'; …' if len(notes) > _N_NOTES else ''}]" if notes else ""
    return f"Not so{where}: {entry.expect.en} {entry.action.en} / 未通过：{entry.expect.zh}{entry.action.zh}{more}"


@functools.cache
def _passed(expect: Bilingual) -> str:
    """One text for all tables: a long document passes thousands of times."""
    return f"{expect.en} / {expect.zh}"


def _notes(result: Mapping[str, Any]) -> tuple[str, ...]:
    """What our own expectations say of single failing rows."""
    return tuple(dict.fromkeys(row["note"] for row in result.get("unexpected_index_list") or () if "note" in row))


def _n_evaluated(result: Mapping[str, Any], n_rows: int) -> int:
    """Rows looked at; expectations about a frame as a whole do not count them, and have looked at all."""
    if "element_count" in result:
        return int(result["element_count"]) - int(result.get("missing_count") or 0)
    return n_rows


def _cells(result: Mapping[str, Any]) -> tuple[CellRef, ...]:
    rows = result.get("unexpected_index_list") or ()
    refs = {CellRef(int(row["table_index"]), int(row["row"]), int(row["col"])) for row in rows}
    return tuple(sorted(ref for ref in refs if min(ref.table_index, ref.row, ref.col) >= 0))


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as document.json and the Data Docs hold it; cells as [table_index, row, col]."""
    return {
        "suite": finding.suite,
        "expectation": finding.expectation,
        "severity": finding.severity.value,
        "success": finding.success,
        "n_evaluated": finding.n_evaluated,
        "message": finding.message,
        "table_index": finding.table_index,
        "cells": [[ref.table_index, ref.row, ref.col] for ref in finding.cells],
    }
