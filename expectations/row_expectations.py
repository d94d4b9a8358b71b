"""The base of our own expectations (`custom`): what an expectation says of rows, as a result of Great Expectations.

A subclass says in `examine` which rows of its frame it looked at and which of them fail. The base turns that into a
result of the shape that Great Expectations gives for its own map expectations under COMPLETE (element_count,
unexpected_index_list), one for each scope, so that one reader serves both. An expectation that looked at nothing
succeeds with element_count 0; `gx` and the Data Docs call that "nothing to check", never a pass.

Rows are dicts: most expectations look at a few dozen, for which a data frame's own ways take a hundred times as long.
Rows are told apart by (table_index, row, col).
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd
from great_expectations.core.result_format import ResultFormat
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.validator.validator import ValidationDependencies

from expectations.frame_rows import FRAMES, Row
from expectations.frames import SCOPE, SUITES

INDEX = ("table_index", "row", "col")
NOTE = "note"
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Examined:
    """How many things were looked at, whether all is well, and the rows of those that are not."""

    n_evaluated: int
    success: bool
    failing: Rows


def of_rows(evaluated: Rows, failing: Rows) -> Examined:
    """Well when no row fails."""
    return Examined(len(evaluated), not failing, failing)


class RowsExpectation(BatchExpectation):  # type: ignore[misc]  # mypy does not follow that library
    """Base of all below. A subclass overrides `examine` and declares its kwargs as fields.

    A batch holds the rows of several scopes in all their frames (`frames.together`): `examine` sees those of one scope
    at a time, on which this expectation's suite is run, in its own frame; result["scopes"] holds the outcome of each.
    That is what keeps a document cheap: a batch costs more than the looks at it. meta: suite, frame.
    """

    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def examine(self, rows: Rows) -> Examined:
        """What was looked at in ``rows``, and what of it fails."""
        raise NotImplementedError

    def get_validation_dependencies(
        self, execution_engine: Any = None, runtime_configuration: dict[str, Any] | None = None
    ) -> ValidationDependencies:
        """None: no metric is computed. The library's own way to say so spells this expectation out ten times."""
        wanted = (runtime_configuration or {}).get("result_format", ResultFormat.BASIC)
        return ValidationDependencies(metric_configurations={}, result_format=wanted)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        suite, frame = self.meta["suite"], self.meta["frame"]
        scopes = (scope for scope in _scopes_of(execution_engine.dataframe) if suite in scope.suites)
        examined = {scope.index: self.examine(scope.frames[frame]) for scope in scopes if frame in scope.frames}
        results = {str(index): _as_result(one) for index, one in examined.items()}
        n_evaluated = sum(one.n_evaluated for one in examined.values())
        success = all(one.success for one in examined.values())
        return {"success": success, "result": {"element_count": n_evaluated, "scopes": results}}


@dataclass(frozen=True, slots=True)
class _ScopeRows:
    """The rows of one scope by frame, as they came."""

    index: int
    suites: frozenset[str]
    frames: dict[str, list[Row]]


_latest: list[tuple[weakref.ref[pd.DataFrame], tuple[_ScopeRows, ...]]] = []


def _scopes_of(batch: pd.DataFrame) -> tuple[_ScopeRows, ...]:
    """The rows of a batch by scope and frame; made once for all expectations on it. `gx` runs one batch at a time."""
    if not _latest or _latest[0][0]() is not batch:
        _latest[:] = [(weakref.ref(batch, lambda _: _latest.clear()), tuple(_split(batch)))]
    return _latest[0][1]


def _split(batch: pd.DataFrame) -> Iterator[_ScopeRows]:
    found: dict[int, _ScopeRows] = {}
    columns = tuple(batch.columns)  # once: names in a data frame are strings of Arrow, and each look makes new ones
    for values in batch.itertuples(index=False, name=None):
        row: Row = dict(zip(columns, values, strict=True))
        scope = found.setdefault(row[SCOPE], _ScopeRows(row[SCOPE], frozenset(row[SUITES].split()), {}))
        for name in row[FRAMES].split():
            scope.frames.setdefault(name, []).append(row)
    yield from found.values()


def _as_result(examined: Examined) -> dict[str, Any]:
    keys = (*INDEX, NOTE) if any(NOTE in row for row in examined.failing) else INDEX
    cells = [{key: row[key] for key in keys} for row in examined.failing]
    return {"success": examined.success, "element_count": examined.n_evaluated, "unexpected_index_list": cells}
