"""Around the import of Great Expectations: keeps it from loading what nobody here asks.

It brings a client for each kind of database, cloud and cluster, and all its expectations with what they reckon and draw
with; that takes more than half of the seconds of its import. Stand-ins take the place of its own modules for those; an
expectation that a suite names is loaded then. Libraries that it can do without it does not find.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

from ocr.stand_ins import Contents, stand_ins

_EXPECTATIONS = "great_expectations.expectations.core"
_METRICS = "great_expectations.expectations.metrics"
_DATASOURCES = "great_expectations.datasource.fluent"
_USED_DATASOURCES = ("pandas_datasource", "invalid_datasource")
_READERS = f"{_DATASOURCES}.dynamic_pandas"
_NO_READERS: Contents = {_READERS: {"_generate_pandas_data_asset_models": lambda *_, **__: {}}}
"""It makes a class of each function of pandas that reads a file; a batch of ours is a data frame."""

_METRIC_OF = {
    "expect_column_values_to_match_json_schema": f"{_METRICS}.column_map_metrics.column_values_match_json_schema",
}
_UNUSED = frozenset({
    _READERS,
    "great_expectations.metrics.batch",
    "great_expectations.metrics.column",
    "great_expectations.metrics.column_pair",
    "great_expectations.metrics.multi_column",
    "great_expectations.render.view",
    "requests",
    f"{_METRICS}.column_aggregate_metrics.column_descriptive_stats",
    f"{_METRICS}.column_aggregate_metrics.column_bootstrapped_ks_test_p_value",
    f"{_METRICS}.column_aggregate_metrics.column_parameterized_distribution_ks_test_p_value",
    *_METRIC_OF.values(),
})  # fmt: skip
"""Its pages, its clouds, and metrics that none of its expectations asks for, or one that loads them (`_METRIC_OF`)."""

OPTIONAL = frozenset({"boto3", "botocore", "pyspark", "shapely", "sqlalchemy"})


@contextmanager
def lean() -> Iterator[None]:
    """Within it Great Expectations may be imported, by this thread. Others import meanwhile whatever they ask for."""
    finder = _Hidden(threading.get_ident())
    sys.meta_path.insert(0, finder)
    try:
        with stand_ins(is_unused, _NO_READERS):
            yield
    finally:
        sys.meta_path.remove(finder)


def is_unused(name: str) -> bool:
    """Whether this module of Great Expectations is not needed before somebody asks for it."""
    package, _, module = name.rpartition(".")
    if package == _EXPECTATIONS:
        return module.startswith("expect_")
    is_source = module.endswith("_datasource") and module not in _USED_DATASOURCES
    return name in _UNUSED or (package == _DATASOURCES and (is_source or module == "fabric"))


def load_expectation(expectation_type: str) -> None:
    """Registers one of the library's own expectations, if it has one of that name."""
    name = f"{_EXPECTATIONS}.{expectation_type}"
    if is_unused(name):
        try:
            import_module(name)
            if metric := _METRIC_OF.get(expectation_type):
                import_module(metric)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise


class _Hidden(MetaPathFinder):
    """Finds, for one thread, none of the libraries that are optional and not loaded yet."""

    def __init__(self, thread: int) -> None:
        self._thread = thread

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        top = fullname.partition(".")[0]
        if top in OPTIONAL and top not in sys.modules and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is not asked for here", name=fullname)
        return None
