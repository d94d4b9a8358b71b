"""Runs the suites with Great Expectations and gives findings; it and `row_expectations` alone import that library.

One ephemeral context per process: no file is written, nothing is sent, no progress bar is drawn. Great Expectations keeps
one global project per process, and threads that share it get each other's results without an error, so a lock lets
one thread validate at a time. Results come back in another order than the suite's and leave default kwargs out; they
are joined to their expectation by ``meta.suite`` (written here) and ``meta.id``.

A batch costs more than most looks at it. So our own expectations of all suites take the document and its tables in one,
as many tables at a time as have a thousand rows: a long document never lies here whole. Those of the library take
one batch a table and frame.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from expectations.findings import SuiteRun, findings_of
from expectations.frame_rows import DOCUMENT_SCOPE, FRAMES, Indexed, Row, index_document
from expectations.frames import Scope, document_scope, library_frame, table_scope, together
from expectations.gx_environment import lean, load_expectation
from expectations.suite_files import (
    DOCUMENT,
    SUITE_FOLDER,
    ExpectationEntry,
    read_suite,
    suite_names,
)
from expectations.values import Finding, SuiteInput
from ocr.errors import SuiteError
from ocr.lasting import lasting

RESULT_FORMAT = {"result_format": "COMPLETE", "unexpected_index_column_names": ["table_index", "row", "col"]}
_ROWS_AT_A_TIME = 1_000
_ONE_AT_A_TIME, _LOADING = threading.Lock(), threading.Lock()


def run_suites(suite_input: SuiteInput) -> Sequence[Finding]:
    """How every expectation came out: the document's first, then table by table, in the order of the suite files.

    Raises SuiteError when a suite cannot be loaded whole, or when an expectation in it breaks.
    """
    with _ONE_AT_A_TIME:
        findings = (finding for run in _runs(suite_input) for finding in findings_of(run))
        return suite_input.document.shelf.keep_all(findings)


def run_validations(suite_input: SuiteInput) -> tuple[SuiteRun, ...]:
    """What Great Expectations itself says, as JSON-ready dicts, suite by suite."""
    with _ONE_AT_A_TIME:
        return tuple(_runs(suite_input))


def warm_up() -> None:
    """Loads the library, which takes seconds, so that nobody waits for it later. May run in a thread of its own."""
    with lasting():
        _great_expectations()


def _runs(suite_input: SuiteInput) -> Iterator[SuiteRun]:
    """The document first, then table by table, what every table must meet before what its kind must."""
    definition = _batch_definition()
    begun: dict[int, _Begun] = {}
    for part in _parts(_scopes(index_document(suite_input))):
        results = _validate(definition, together(part), _own_expectations(scope for scope, _ in part))
        for scope, rows in part:
            begun.setdefault(scope.index, _Begun(scope)).n_rows.update(n for row in rows for n in row[FRAMES].split())
        for index in dict.fromkeys(scope.index for scope, _ in part):
            begun[index].add(results)
        last = part[-1][0].index
        for index in [index for index in begun if index != last]:
            yield from _finished(definition, begun.pop(index))
    for one in begun.values():
        yield from _finished(definition, one)


def _scopes(indexed: Indexed) -> Iterator[Scope]:
    yield document_scope(indexed, (DOCUMENT,), {entry.frame for entry in read_suite(DOCUMENT).entries})
    for table_index, kind in enumerate(indexed.suite_input.kinds):
        yield table_scope(indexed, table_index, suite_names(kind))


def _parts(scopes: Iterable[Scope]) -> Iterator[list[tuple[Scope, Sequence[Row]]]]:
    """Their rows, as many pieces at a time as share a batch; made when they are asked for."""
    part: list[tuple[Scope, Sequence[Row]]] = []
    for scope in scopes:
        for rows in scope.pieces():
            part.append((scope, rows))
            if sum(len(some) for _, some in part) >= _ROWS_AT_A_TIME:
                yield part
                part = []
    if part:
        yield part


@dataclass(slots=True)
class _Begun:
    """What is known so far of a scope: rows by frame, and what each of our own expectations said of its pieces."""

    scope: Scope
    n_rows: Counter[str] = field(default_factory=Counter)
    outcomes: dict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=dict)

    def add(self, results: Iterable[Mapping[str, Any]]) -> None:
        for result in results:
            outcomes = self.outcomes.setdefault(_key_of(result), [])
            if (outcome := result["result"]["scopes"].get(str(self.scope.index))) is not None:
                outcomes.append(outcome)


def _finished(definition: Any, begun: _Begun) -> Iterator[SuiteRun]:
    """The suites of a scope of which all pieces were looked at; those of the library's expectations run only now."""
    scope = begun.scope
    found = {key: _as_one(outcomes) for key, outcomes in begun.outcomes.items()}
    for frame in dict.fromkeys(entry.frame for name in scope.suites for entry in read_suite(name).entries):
        if expectations := [e for name in scope.suites for e in _loaded(name, frame)]:
            of_library = _validate(definition, library_frame(scope, frame), expectations)
            found |= {_key_of(result): result for result in of_library}
    table_index = None if scope.index == DOCUMENT_SCOPE else scope.index
    for name in scope.suites:
        suite = read_suite(name)
        lost = [entry.id for entry in suite.entries if (name, entry.id) not in found]
        if lost:
            raise SuiteError(f"no result for: {', '.join(lost)}", where=str(SUITE_FOLDER / f"{name}.json"))
        results = {entry.id: found[name, entry.id] for entry in suite.entries}
        yield SuiteRun(suite, table_index, scope.n_figures, begun.n_rows, results)


def _as_one(outcomes: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What one of our own expectations says of a scope; of one without a row in its frame it says nothing."""
    counts = {
        "element_count": sum(one["element_count"] for one in outcomes),
        "unexpected_index_list": [row for one in outcomes for row in one["unexpected_index_list"]],
    }
    return {"success": all(one["success"] for one in outcomes), "result": counts}


def _validate(definition: Any, frame: Any, expectations: Sequence[Any]) -> list[dict[str, Any]]:
    """The results of these on one batch. SuiteError for one that broke."""
    names = dict.fromkeys(str(e.meta["suite"]) for e in expectations)
    with _suite_errors(", ".join(str(SUITE_FOLDER / f"{name}.json") for name in names)):
        suite = _great_expectations().ExpectationSuite(name=" ".join(names) or "none", expectations=[*expectations])
        validated = definition.get_batch({"dataframe": frame}).validate(suite, result_format=RESULT_FORMAT)
    results = [_as_dict(result) for result in validated.results]
    for result in results:
        if reason := _exception_message(result["exception_info"]):
            name, entry_id = _key_of(result)
            raise SuiteError(f"{entry_id} broke: {reason}", where=str(SUITE_FOLDER / f"{name}.json"))
    return results


def _as_dict(result: Any) -> dict[str, Any]:
    """What is read of a result, by its names. Our own expectations say it in plain values; the library makes its own plain."""
    if result.expectation_config.type not in _own_types():
        plain: dict[str, Any] = result.to_json_dict()
        return plain
    return {
        "success": result.success,
        "exception_info": result.exception_info,
        "result": result.result,
        "expectation_config": {"meta": result.expectation_config.meta},
    }


def _key_of(result: Mapping[str, Any]) -> tuple[str, str]:
    """The suite and the id of the expectation that a result is of."""
    meta = result["expectation_config"]["meta"]
    return str(meta["suite"]), str(meta["id"])


def _exception_message(info: Mapping[str, Any]) -> str:
    """Great Expectations gives one record, or one per metric that broke; '' when none did."""
    records = [info] if "raised_exception" in info else list(info.values())
    return next((str(record["exception_message"]) for record in records if record["raised_exception"]), "")


def _own_expectations(scopes: Iterable[Scope]) -> list[Any]:
    return [e for name in dict.fromkeys(name for scope in scopes for name in scope.suites) for e in _loaded(name)]


@functools.cache
def _loaded(suite_name: str, library_frame_name: str = "") -> tuple[Any, ...]:
    """The expectations of one suite: our own, on all frames, or those of the library on one."""
    where = str(SUITE_FOLDER / f"{suite_name}.json")
    _great_expectations()
    entries = read_suite(suite_name).entries
    if library_frame_name:
        chosen = [e for e in entries if e.frame == library_frame_name and e.config["type"] not in _own_types()]
    else:
        chosen = [e for e in entries if e.config["type"] in _own_types()]
    return tuple(load_expectations(suite_name, chosen, where).expectations)


@functools.cache
def _own_types() -> frozenset[str]:
    from expectations.custom import TYPES

    return frozenset(kind.expectation_type for kind in TYPES)


def load_expectations(name: str, entries: list[ExpectationEntry], where: str) -> Any:
    """The entries as one gx.ExpectationSuite; SuiteError, naming ``where``, unless all of them got into it."""
    gx = _great_expectations()
    with _suite_errors(where):
        for expectation_type in {str(entry.config["type"]) for entry in entries} - _own_types():
            load_expectation(expectation_type)
        suite = gx.ExpectationSuite(name=name, expectations=[_config(name, entry) for entry in entries])
    loaded = {expectation.meta["id"] for expectation in suite.expectations}
    dropped = [f"{entry.id} ({entry.config['type']})" for entry in entries if entry.id not in loaded]
    if dropped:
        raise SuiteError(f"Great Expectations does not know: {', '.join(dropped)}", where=where)
    return suite


def _config(suite_name: str, entry: ExpectationEntry) -> dict[str, Any]:
    return {**entry.config, "meta": {**entry.config["meta"], "suite": suite_name}}


@contextmanager
def _suite_errors(where: str) -> Iterator[None]:
    """What Great Expectations raises over a suite becomes SuiteError that names ``where``."""
    from great_expectations.exceptions import GreatExpectationsError, ValidationError

    try:
        yield
    except (GreatExpectationsError, ValidationError, ValueError, TypeError) as error:
        raise SuiteError(f"cannot be used: {error}", where=where) from error


@functools.cache
def _batch_definition() -> Any:
    """Takes any data frame as a batch; made once, for who may validate. Its context knows no docs site, else each would leave a temporary folder."""
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


def _great_expectations() -> Any:
    """The library, quiet, without analytics, with our own expectations registered. The first import takes a second."""
    with _LOADING:
        return _loaded_library()


@functools.cache
def _loaded_library() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    with lean():
        import great_expectations as gx
        from great_expectations.execution_engine import pandas_execution_engine
    from great_expectations.expectations.registry import get_expectation_impl

    from expectations.custom import TYPES

    unregistered = [kind.__name__ for kind in TYPES if get_expectation_impl(kind.expectation_type) is not kind]
    if unregistered:
        raise SuiteError(f"another library has taken the names of: {', '.join(unregistered)}")
    pandas_execution_engine.hash_pandas_dataframe = _no_fingerprint
    return gx


def _no_fingerprint(_: Any) -> str:
    """In place of a hash of every value of a batch, which goes into the batch's markers and which nobody reads."""
    return ""
