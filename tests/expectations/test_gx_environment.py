"""Great Expectations without what nobody here asks: what is left out can be had afterwards, and by others meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from ast import literal_eval

import pytest

from expectations.gx_environment import OPTIONAL, is_unused, lean, load_expectation

LEAN = """
import sys
from expectations import gx
from expectations.gx_environment import OPTIONAL, is_unused
gx.warm_up()
gx._batch_definition()
heavy = {*OPTIONAL, "altair", "jinja2", "jsonschema", "requests", "scipy"}
print(sorted(name for name in sys.modules if is_unused(name)), sorted(heavy & set(sys.modules)))
"""
REGISTERED = """
import great_expectations
from great_expectations.expectations.registry import list_registered_expectation_implementations
print(sorted(list_registered_expectation_implementations()))
"""
METRICS = """
import great_expectations
from great_expectations.expectations.registry import _registered_metrics
print(sorted(_registered_metrics))
"""
ONE_BY_ONE = """
import pkgutil
from expectations.gx_environment import lean, load_expectation
with lean():
    from great_expectations.expectations import core
for _, name, _ in pkgutil.iter_modules(core.__path__):
    load_expectation(name)
load_expectation("expect_nothing")
load_expectation("os.path")
"""


def _printed(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_it_is_ready_without_what_nobody_asks() -> None:
    assert _printed(LEAN) == "[] []"


def test_every_expectation_of_the_library_can_be_had_by_its_name() -> None:
    every = _printed(REGISTERED)
    assert _printed(ONE_BY_ONE + REGISTERED) == every
    assert "expect_column_kl_divergence_to_be_less_than" in every


def test_every_metric_that_these_ask_for_comes_with_them() -> None:
    every, had = (set(literal_eval(_printed(program))) for program in (METRICS, ONE_BY_ONE + METRICS))
    left_out = {name for name in every - had if "ks_test" not in name}
    assert left_out == {"column.descriptive_stats"}
    assert "column_values.match_json_schema.condition" in had


def test_what_is_needed_is_left_alone() -> None:
    kept = (
        "great_expectations.datasource.fluent.pandas_datasource",
        "great_expectations.datasource.fluent.interfaces",
        "great_expectations.expectations.core.unexpected_rows_expectation",
        "great_expectations.expectations.metrics",
        "expect_nothing",
        "sqlalchemy",
    )
    assert not any(map(is_unused, kept))


def test_other_threads_find_meanwhile_what_is_hidden_from_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "shapely"
    assert name in OPTIONAL
    for loaded in [module for module in sys.modules if module.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, loaded)
    found: list[str] = []

    def look() -> None:
        found.append(__import__(name).__name__)

    with lean():
        with pytest.raises(ModuleNotFoundError, match="not asked for here"):
            __import__(name)
        other = threading.Thread(target=look)
        other.start()
        other.join()
        assert __import__(name).__name__ == name  # loaded by now, so there is nothing to be spared
    assert found == [name]


def test_a_broken_module_is_no_unknown_expectation(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ModuleNotFoundError("no altair", name="altair")

    monkeypatch.setattr("expectations.gx_environment.import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="no altair"):
        load_expectation("expect_column_kl_divergence_to_be_less_than")
