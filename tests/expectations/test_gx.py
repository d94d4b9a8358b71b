"""The suites run over hand-built documents: a clean one passes, and each fault gives its finding with its cells."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from expectations import gx, suite_files
from expectations.suite_files import read_suite, suite_names
from expectations.values import CellRef, CellVerdict, CheckVerdict, DocumentIdentity, Finding, Severity, SuiteInput
from layout.values import Doubt, Table
from ocr.errors import SuiteError
from ocr.values import PageFacts, PageFailure
from tests.expectations.suite_inputs import (
    B5_ROWS,
    FORM_ROWS,
    HOLDING,
    b5,
    change_cell,
    check,
    doubted,
    form,
    suite_input,
)

ROOT = Path(__file__).resolve().parents[2]
CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


def failed(given: SuiteInput) -> dict[str, Finding]:
    """The failing findings by suite and id."""
    return {f"{f.suite}/{f.expectation}": f for f in gx.run_suites(given) if not f.success}


def b5_rows(*changes: tuple[int, Sequence[str]], without: int | None = None) -> Table:
    rows = list(B5_ROWS)
    for index, row in changes:
        rows[index] = tuple(row)
    if without is not None:
        del rows[without]
    return b5(rows)


def test_a_clean_document_passes_everything() -> None:
    findings = gx.run_suites(suite_input(b5(), form(), kinds=("B5", "B13")))
    assert [f for f in findings if not f.success] == []
    assert sum(f.n_evaluated for f in findings if f.table_index == 0) > 100


def test_findings_come_in_the_order_of_document_tables_and_files() -> None:
    findings = gx.run_suites(suite_input(form(), b5(), kinds=("B13", "B5"), checks=()))
    expected = [("document", entry.id, None) for entry in read_suite("document").entries]
    for index, kind in enumerate(("B13", "B5")):
        expected += [(name, entry.id, index) for name in suite_names(kind) for entry in read_suite(name).entries]
    assert [(f.suite, f.expectation, f.table_index) for f in findings] == expected


def test_severity_and_sentences_are_those_of_the_file() -> None:
    for finding in gx.run_suites(suite_input(checks=())):
        entry = read_suite(finding.suite).entry(finding.expectation)
        assert entry is not None
        assert finding.severity is entry.severity
        assert entry.expect.en in finding.message
        assert entry.expect.zh in finding.message
        assert (entry.action.zh in finding.message) is not finding.success


def test_a_table_without_figures_is_not_blamed_and_not_praised() -> None:
    empty = b5([B5_ROWS[0], ("", "", "", "", "")])
    findings = gx.run_suites(suite_input(empty, checks=()))
    assert not [f for f in findings if not f.success and f.severity is CRITICAL]
    assert {f.n_evaluated for f in findings if f.suite == "B5"} == {0}


SUSPECT = {(0, 3, 3): CellVerdict.SUSPECT}
FAULTS: list[tuple[str, SuiteInput, str, Severity, list[tuple[int, int, int]], int | None]] = [
    ("suspect", suite_input(verdicts=SUSPECT), "table/amounts_without_doubt", CRITICAL, [(0, 3, 3)], 0),
    (
        "doubted and under no identity",
        suite_input(doubted(b5(), 4, 2, Doubt.LOW_CONFIDENCE), verdicts={(0, 4, 2): CellVerdict.READ}),
        "table/amounts_without_doubt", CRITICAL, [(0, 4, 2)], 0,
    ),
    (
        "ink in a blank amount",
        suite_input(doubted(b5(), 4, 4, Doubt.INK_WITHOUT_TEXT)),
        "table/amounts_without_doubt", CRITICAL, [(0, 4, 4)], 0,
    ),
    (
        "spoilt number",
        suite_input(b5_rows((4, ("2010301", "行政运行", "2O.00", "20.00", "")))),
        "table/amounts_are_numbers", CRITICAL, [(0, 4, 2)], 0,
    ),
    (
        "unsure figure",
        suite_input(change_cell(b5(), 4, 2, confidence=0.3)),
        "table/amounts_confident", WARNING, [(0, 4, 2)], 0,
    ),
    (
        "doubted code",
        suite_input(doubted(b5(), 4, 0, Doubt.READINGS_DIFFER)),
        "table/codes_without_doubt", CRITICAL, [(0, 4, 0)], 0,
    ),
    (
        "doubted name",
        suite_input(doubted(b5(), 4, 1, Doubt.CROSSED_RULING)),
        "table/labels_without_doubt", WARNING, [(0, 4, 1)], 0,
    ),
    (
        "code one digit short",
        suite_input(b5_rows((4, ("201030", "行政运行", "20.00", "20.00", "")))),
        "B5/codes_well_formed", CRITICAL, [(0, 4, 0)], 0,
    ),
    (
        "code under no parent",
        suite_input(b5_rows((4, ("2010801", "行政运行", "20.00", "20.00", "")))),
        "B5/codes_have_parents", CRITICAL, [(0, 4, 0)], 0,
    ),
    ("no total", suite_input(b5_rows(without=1), checks=()), "B5/total_row", CRITICAL, [], 0),
    (
        "no 项目支出",
        suite_input(b5_rows((0, ("科目编码", "科目名称", "总计", "基本支出", "")))),
        "B5/project_expenditure", CRITICAL, [], 0,
    ),
    ("no tree", suite_input(checks=HOLDING[:1]), "B5/I02_evaluated", WARNING, [], 0),
    ("no unit", suite_input(replace(b5(), unit="")), "B5/unit_known", WARNING, [], 0),
    ("unknown kind", suite_input(kinds=("",)), "unknown/kind_known", WARNING, [], 0),
    (
        "weights",
        suite_input(form((*FORM_ROWS[:4], ("^", "满意度", "95", "45"))), kinds=("B13",), checks=()),
        "B13/weights_sum", WARNING, [(0, 3, 3), (0, 4, 3)], 0,
    ),
    ("no table", replace(suite_input(), document=replace(suite_input().document, tables=()), kinds=(), facts=(),
                         checks=(), verdicts=()), "document/tables_found", CRITICAL, [], None),
    ("nothing checked", suite_input(checks=()), "document/figures_checked", CRITICAL, [], None),
    (
        "little covered",
        suite_input(verdicts={(0, r, c): CellVerdict.READ for r in range(1, 5) for c in (2, 3)}),
        "document/figures_covered", WARNING, [], None,
    ),
    ("whose", suite_input(identity=DocumentIdentity("", "", 2026)), "document/organisation_known", WARNING, [], None),
    ("when", suite_input(identity=DocumentIdentity("", "x", None)), "document/year_known", WARNING, [], None),
    (
        "failed page",
        suite_input(pages=(PageFacts(1, 595.0, 842.0, failures=(PageFailure(1, "recognise", "E_X", "broke"),)),)),
        "document/pages_read", CRITICAL, [], None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "name", "severity", "cells", "table_index"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_each_fault_gives_its_finding(
    given: SuiteInput, name: str, severity: Severity, cells: list[tuple[int, int, int]], table_index: int | None
) -> None:
    finding = failed(given)[name]
    assert finding.severity is severity
    assert finding.cells == tuple(CellRef(*ref) for ref in cells)
    assert finding.table_index == table_index
    assert finding.n_evaluated > 0 or name == "document/tables_found"


IDENTITIES = [("I01", "table"), ("I02", "table"), ("I03", "table"), ("I08", "table"), ("I12", "table")]
IDENTITIES += [("X01", "document"), ("X05", "document"), ("X06", "document"), ("X07", "document")]


@pytest.mark.parametrize(("identity", "suite"), IDENTITIES)
@pytest.mark.parametrize(
    ("verdict", "severity"),
    [
        (CheckVerdict.EXTRACTION_SUSPECT, CRITICAL),
        (CheckVerdict.SOURCE_INCONSISTENT, WARNING),
        (CheckVerdict.WITHIN_ROUNDING, WARNING),
    ],
)
def test_an_identity_that_fails_gives_one_finding_with_its_cells(
    identity: str, suite: str, verdict: CheckVerdict, severity: Severity
) -> None:
    other = 1 if suite == "document" else 0
    cells = ((0, 1, 2), (other, 1, 3))
    given = suite_input(b5(), b5(), kinds=("B5", "B5"), checks=(*HOLDING, check(identity, verdict, *cells)))
    found = [f for f in failed(given).values() if f.cells]
    assert [(f.suite, f.severity, f.cells) for f in found] == [(suite, severity, tuple(CellRef(*ref) for ref in cells))]


def test_an_identity_not_evaluated_fails_nothing() -> None:
    checks = (*HOLDING, check("I01", CheckVerdict.NOT_EVALUATED, (0, 2, 2), (0, 2, 3)))
    assert failed(suite_input(checks=checks)) == {}


def test_tables_of_one_suite_do_not_answer_for_each_other() -> None:
    """They share one batch: a fault in the second leaves the first as it was."""
    second = doubted(b5_rows(without=1), 2, 2, Doubt.LOW_CONFIDENCE)
    given = suite_input(b5(), second, kinds=("B5", "B5"), verdicts={(1, 2, 2): CellVerdict.READ})
    alone = [f for f in gx.run_suites(suite_input()) if f.table_index == 0]
    findings = gx.run_suites(given)
    assert [f for f in findings if f.table_index == 0] == alone
    assert [f.expectation for f in findings if f.table_index == 1 and not f.success and f.severity is CRITICAL] == [
        "amounts_without_doubt",
        "total_row",
    ]


def test_threads_get_their_own_results() -> None:
    inputs = [suite_input(), suite_input(verdicts=SUSPECT), suite_input(checks=()), suite_input(kinds=("",))]
    alone = [gx.run_suites(given) for given in inputs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(gx.run_suites, inputs * 2))
    assert together == alone * 2


def test_a_library_expectation_may_be_added_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs table by table, and its failing rows lead to cells like our own."""
    config = {
        "type": "expect_column_values_to_not_match_regex",
        "kwargs": {"column": "text", "regex": "行政运行"},
        "severity": "warning",
    }
    _add_to_suite(monkeypatch, "B5", config, "labels")
    given = suite_input(b5_rows((4, ("2010301", "其他", "20.00", "20.00", ""))), b5(), kinds=("B5", "B5"))
    found = {f.table_index: f for f in gx.run_suites(given) if f.expectation == "added"}
    assert (found[0].success, found[0].n_evaluated, found[0].cells) == (True, 10, ())
    assert (found[1].success, found[1].n_evaluated, found[1].cells) == (False, 10, (CellRef(1, 4, 1),))


def test_an_expectation_that_breaks_stops_the_run_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    config = {
        "type": "expect_column_values_to_not_be_in_set",
        "kwargs": {"column": "no_such", "value_set": ["x"]},
        "severity": "warning",
    }
    _add_to_suite(monkeypatch, "B5", config, "labels")
    with pytest.raises(SuiteError, match=r"added broke: .*no_such") as caught:
        gx.run_suites(suite_input())
    assert caught.value.where.endswith("B5.json")


def _add_to_suite(monkeypatch: pytest.MonkeyPatch, name: str, config: dict[str, Any], frame: str) -> None:
    suite = read_suite(name)
    meta = {**suite.entries[0].config["meta"], "id": "added", "frame": frame}
    added = replace(suite.entries[0], id="added", frame=frame, severity=WARNING, config={**config, "meta": meta})
    grown = replace(suite, entries=(*suite.entries, added))
    monkeypatch.setattr(gx, "read_suite", lambda wanted: grown if wanted == name else suite_files.read_suite(wanted))
    gx._loaded.cache_clear()


@pytest.fixture(autouse=True)
def _no_grown_suite_stays() -> Any:
    yield
    gx._loaded.cache_clear()


def test_a_suite_that_looked_at_nothing_has_not_passed() -> None:
    run = next(run for run in gx.run_validations(suite_input()) if run.suite.name == "B5")
    nothing = {key: {**result, "success": True, "result": {"element_count": 0}} for key, result in run.results.items()}
    last = gx.findings_of(replace(run, results=nothing))[-1]
    assert (last.expectation, last.success, last.severity, last.n_evaluated) == (gx.SUITE_RAN, False, CRITICAL, 0)


def test_importing_it_is_cheap_and_running_it_leaves_no_file_and_no_noise(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import expectations.gx as gx, expectations.docs\n"
        "assert not {'great_expectations', 'pandas'} & set(sys.modules), 'heavy import'\n"
        "from tests.expectations.suite_inputs import suite_input\n"
        "assert gx.run_suites(suite_input())\n"
    )
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert [path for path in tmp_path.rglob("*") if path not in (home, temporary)] == []


def test_only_three_modules_import_great_expectations() -> None:
    folders = ("ocr", "layout", "expectations", "flows")
    importers = {
        path.name
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(import|from) great_expectations", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importers == {"gx.py", "custom.py"}


def test_every_error_of_the_library_is_one_that_is_mapped() -> None:
    """An error of a further kind, in a later version, would slip through `_suite_errors`."""
    from great_expectations import exceptions

    raised = [kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, Exception)]
    mapped = (exceptions.GreatExpectationsError, exceptions.ValidationError, ValueError, TypeError)
    assert [kind.__name__ for kind in raised if not issubclass(kind, mapped)] == []
