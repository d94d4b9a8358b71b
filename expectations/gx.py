"""Runs the suites with Great Expectations and gives findings; it, `custom` and nothing else imports that library.

One ephemeral context per run: no file is written, nothing is sent, no progress bar is drawn. Great Expectations keeps
one global project per process, and threads that share it get each other's results without an error, so a lock lets
one thread validate at a time. Results come back in another order than the suite's and leave default kwargs out; they
are joined to their expectation by ``meta.id``.

An expectation that met no row is reported with ``n_evaluated`` 0, whatever Great Expectations says of it: it neither
passed nor failed. A table with figures on which a whole suite met nothing fails (`SUITE_RAN`), as critical.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from expectations.frames import Frames, document_frames, table_frames
from expectations.suite_files import (
    DOCUMENT,
    SUITE_FOLDER,
    ExpectationEntry,
    SuiteFile,
    read_suite,
    suite_names,
)
from expectations.values import CellRef, Finding, Severity, SuiteInput
from ocr.errors import SuiteError

RESULT_FORMAT = {"result_format": "COMPLETE", "unexpected_index_column_names": ["table_index", "row", "col"]}
SUITE_RAN = "suite_ran"
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One suite over one table, or (table_index None) over the document: the results by expectation id."""

    suite: SuiteFile
    table_index: int | None
    n_rows: Mapping[str, int]
    results: Mapping[str, Mapping[str, Any]]


def run_suites(suite_input: SuiteInput) -> tuple[Finding, ...]:
    """How every expectation came out: the document's first, then table by table, in the order of the suite files.

    Raises SuiteError when a suite cannot be loaded whole, or when an expectation in it breaks.
    """
    return tuple(finding for run in run_validations(suite_input) for finding in findings_of(run))


def run_validations(suite_input: SuiteInput) -> tuple[SuiteRun, ...]:
    """The same as the results of Great Expectations, as JSON-ready dicts: the record behind the Data Docs."""
    with _ONE_AT_A_TIME:
        definition = _batch_definition()
        return tuple(
            _run_suite(definition, read_suite(name), table_index, frames)
            for name, table_index, frames in _work(suite_input)
        )


def _work(suite_input: SuiteInput) -> Iterator[tuple[str, int | None, Frames]]:
    yield DOCUMENT, None, document_frames(suite_input)
    for table_index, kind in enumerate(suite_input.kinds):
        frames = table_frames(suite_input, table_index)
        for name in suite_names(kind):
            yield name, table_index, frames


def findings_of(run: SuiteRun) -> tuple[Finding, ...]:
    """One finding per expectation of the suite, and one more when the suite met figures and looked at none."""
    findings = tuple(_finding(run, entry) for entry in run.suite.entries)
    if sum(finding.n_evaluated for finding in findings) or not run.n_rows.get("amounts"):
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
        message=_message(entry, bool(result["success"]), len(cells), n_evaluated),
        cells=cells,
        table_index=run.table_index,
    )


def _message(entry: ExpectationEntry, success: bool, n_cells: int, n_evaluated: int) -> str:
    if success:
        return f"{entry.expect.en} / {entry.expect.zh}"
    where = f" ({n_cells} cells)" if n_cells else ""
    return f"Not so{where}: {entry.expect.en} {entry.action.en} / 未通过：{entry.expect.zh}{entry.action.zh}"


def _n_evaluated(result: Mapping[str, Any], n_rows: int) -> int:
    """Rows looked at; expectations about a frame as a whole do not count them, and have looked at all."""
    if "element_count" in result:
        return int(result["element_count"]) - int(result.get("missing_count") or 0)
    return n_rows


def _cells(result: Mapping[str, Any]) -> tuple[CellRef, ...]:
    rows = result.get("unexpected_index_list") or ()
    refs = {CellRef(int(row["table_index"]), int(row["row"]), int(row["col"])) for row in rows}
    return tuple(sorted(ref for ref in refs if min(ref.table_index, ref.row, ref.col) >= 0))


def _run_suite(definition: Any, suite: SuiteFile, table_index: int | None, frames: Frames) -> SuiteRun:
    results: dict[str, Mapping[str, Any]] = {}
    for frame_name in dict.fromkeys(entry.frame for entry in suite.entries):
        batch = definition.get_batch({"dataframe": frames[frame_name]})
        validated = batch.validate(_loaded(suite.name, frame_name), result_format=RESULT_FORMAT).to_json_dict()
        results |= {result["expectation_config"]["meta"]["id"]: result for result in validated["results"]}
    _require_whole(suite, results)
    return SuiteRun(suite, table_index, {name: len(frame) for name, frame in frames.items()}, results)


def _require_whole(suite: SuiteFile, results: Mapping[str, Mapping[str, Any]]) -> None:
    where = str(SUITE_FOLDER / f"{suite.name}.json")
    lost = [entry.id for entry in suite.entries if entry.id not in results]
    if lost:
        raise SuiteError(f"no result for: {', '.join(lost)}", where=where)
    for entry_id, result in results.items():
        if reason := _exception_message(result["exception_info"]):
            raise SuiteError(f"{entry_id} broke: {reason}", where=where)


def _exception_message(info: Mapping[str, Any]) -> str:
    """Great Expectations gives one record, or one per metric that broke; '' when none did."""
    records = [info] if "raised_exception" in info else list(info.values())
    return next((str(record["exception_message"]) for record in records if record["raised_exception"]), "")


@functools.cache
def _loaded(suite_name: str, frame_name: str) -> Any:
    entries = [entry for entry in read_suite(suite_name).entries if entry.frame == frame_name]
    return load_expectations(suite_name, entries, str(SUITE_FOLDER / f"{suite_name}.json"))


def load_expectations(name: str, entries: list[ExpectationEntry], where: str) -> Any:
    """The entries as one gx.ExpectationSuite; SuiteError, naming ``where``, unless all of them got into it."""
    gx = _great_expectations()
    from great_expectations.exceptions import GreatExpectationsError

    try:
        suite = gx.ExpectationSuite(name=name, expectations=[dict(entry.config) for entry in entries])
    except (GreatExpectationsError, ValueError, TypeError) as error:
        raise SuiteError(f"cannot be loaded: {error}", where=where) from error
    loaded = {expectation.meta["id"] for expectation in suite.expectations}
    dropped = [f"{entry.id} ({entry.config['type']})" for entry in entries if entry.id not in loaded]
    if dropped:
        raise SuiteError(f"Great Expectations does not know: {', '.join(dropped)}", where=where)
    return suite


def _batch_definition() -> Any:
    gx = _great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("scanledger").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all")


@functools.cache
def _great_expectations() -> Any:
    """The library, quiet, without analytics, with our own expectations registered. The first import takes seconds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    from expectations.custom import TYPES

    unregistered = [kind.__name__ for kind in TYPES if get_expectation_impl(kind.expectation_type) is not kind]
    if unregistered:
        raise SuiteError(f"another library has taken the names of: {', '.join(unregistered)}")
    return gx
