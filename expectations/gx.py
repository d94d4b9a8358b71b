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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from expectations.frames import DOCUMENT_SCOPE, Frames, document_frames, table_frames
from expectations.suite_files import (
    DOCUMENT,
    EVERY_TABLE,
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
_N_NOTES = 5
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One suite over one table, or (table_index None) over the document: the results by expectation id."""

    suite: SuiteFile
    table_index: int | None
    n_figures: int
    n_rows: Mapping[str, int]
    results: Mapping[str, Mapping[str, Any]]


def run_suites(suite_input: SuiteInput) -> tuple[Finding, ...]:
    """How every expectation came out: the document's first, then table by table, in the order of the suite files.

    Raises SuiteError when a suite cannot be loaded whole, or when an expectation in it breaks.
    """
    return tuple(finding for run in run_validations(suite_input) for finding in findings_of(run))


def run_validations(suite_input: SuiteInput) -> tuple[SuiteRun, ...]:
    """What Great Expectations itself says, as JSON-ready dicts, suite by suite."""
    by_table = [table_frames(suite_input, i) for i in range(len(suite_input.kinds))]
    names = [suite_names(kind) for kind in suite_input.kinds]
    with _ONE_AT_A_TIME:
        definition = _batch_definition()
        runs = [*_run_suite(definition, DOCUMENT, {DOCUMENT_SCOPE: document_frames(suite_input)})]
        for name in sorted({name for pair in names for name in pair}):
            runs += _run_suite(definition, name, {i: by_table[i] for i, pair in enumerate(names) if name in pair})
    return tuple(sorted(runs, key=_reading_order))


def warm_up() -> None:
    """Loads the library, which takes seconds, so that nobody waits for it later. May run in a thread of its own."""
    _great_expectations()


def _reading_order(run: SuiteRun) -> tuple[int, bool]:
    """The document first, then table by table, what every table must meet before what its kind must."""
    return DOCUMENT_SCOPE if run.table_index is None else run.table_index, run.suite.name != EVERY_TABLE


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
        return f"{entry.expect.en} / {entry.expect.zh}"
    where = f" ({n_cells} cells)" if n_cells else ""
    more = f" [{'; '.join(notes[:_N_NOTES])}{'; …' if len(notes) > _N_NOTES else ''}]" if notes else ""
    return f"Not so{where}: {entry.expect.en} {entry.action.en} / 未通过：{entry.expect.zh}{entry.action.zh}{more}"


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


def _run_suite(definition: Any, name: str, scopes: Mapping[int, Frames]) -> Iterator[SuiteRun]:
    """The suite over each scope. Our own expectations take all scopes in one batch, those of the library one each."""
    suite = read_suite(name)
    results: dict[int, dict[str, Mapping[str, Any]]] = {scope: {} for scope in scopes}
    for frame_name in dict.fromkeys(entry.frame for entry in suite.entries):
        rows = {scope: frames[frame_name] for scope, frames in scopes.items()}
        for result in _validate(definition, _concat(rows.values()), _loaded(name, frame_name, True)):
            for scope in scopes:
                results[scope][_id_of(result)] = _scoped(result, scope)
        for scope, frame in rows.items():
            for result in _validate(definition, frame, _loaded(name, frame_name, False)):
                results[scope][_id_of(result)] = result
    for scope, found in results.items():
        _require_whole(suite, found)
        frames = scopes[scope]
        n_figures = int(frames["document" if scope == DOCUMENT_SCOPE else "table"]["n_figures"].sum())
        n_rows = {frame_name: len(frame) for frame_name, frame in frames.items()}
        yield SuiteRun(suite, None if scope == DOCUMENT_SCOPE else scope, n_figures, n_rows, found)


def _validate(definition: Any, frame: Any, suite: Any) -> list[dict[str, Any]]:
    if not suite.expectations:
        return []
    with _suite_errors(str(SUITE_FOLDER / f"{suite.name}.json")):
        validated = definition.get_batch({"dataframe": frame}).validate(suite, result_format=RESULT_FORMAT)
    return list(validated.to_json_dict()["results"])


def _id_of(result: Mapping[str, Any]) -> str:
    return str(result["expectation_config"]["meta"]["id"])


def _scoped(result: Mapping[str, Any], scope: int) -> Mapping[str, Any]:
    """What one of our own expectations says of one scope; of a scope without a row it says nothing."""
    nothing = {"success": True, "element_count": 0, "unexpected_index_list": []}
    outcome = result["result"].get("scopes", {}).get(str(scope), nothing)
    return {**result, "success": outcome["success"], "result": outcome}


def _concat(frames: Iterable[Any]) -> Any:
    import pandas as pd

    return pd.concat(list(frames), ignore_index=True)


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
def _loaded(suite_name: str, frame_name: str, ours: bool) -> Any:
    """The expectations of one suite on one frame, our own or those of the library."""
    gx = _great_expectations()
    where = str(SUITE_FOLDER / f"{suite_name}.json")
    entries = [entry for entry in read_suite(suite_name).entries if entry.frame == frame_name]
    chosen = [entry for entry in entries if (entry.config["type"] in _own_types()) is ours]
    return load_expectations(suite_name, chosen, where) if chosen else gx.ExpectationSuite(name=suite_name)


@functools.cache
def _own_types() -> frozenset[str]:
    from expectations.custom import TYPES

    return frozenset(kind.expectation_type for kind in TYPES)


def load_expectations(name: str, entries: list[ExpectationEntry], where: str) -> Any:
    """The entries as one gx.ExpectationSuite; SuiteError, naming ``where``, unless all of them got into it."""
    gx = _great_expectations()
    with _suite_errors(where):
        suite = gx.ExpectationSuite(name=name, expectations=[dict(entry.config) for entry in entries])
    loaded = {expectation.meta["id"] for expectation in suite.expectations}
    dropped = [f"{entry.id} ({entry.config['type']})" for entry in entries if entry.id not in loaded]
    if dropped:
        raise SuiteError(f"Great Expectations does not know: {', '.join(dropped)}", where=where)
    return suite


@contextmanager
def _suite_errors(where: str) -> Iterator[None]:
    """What Great Expectations raises over a suite becomes SuiteError that names ``where``."""
    from great_expectations.exceptions import GreatExpectationsError, ValidationError

    try:
        yield
    except (GreatExpectationsError, ValidationError, ValueError, TypeError) as error:
        raise SuiteError(f"cannot be used: {error}", where=where) from error


def _batch_definition() -> Any:
    """Takes any data frame as a batch. Its context knows no docs site, else each would leave a temporary folder."""
    gx = _great_expectations()
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    backend = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    config = DataContextConfig(store_backend_defaults=backend, analytics_enabled=False)
    context = gx.get_context(project_config=config, mode="ephemeral")
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
