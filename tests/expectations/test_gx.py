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

from expectations import frames, gx, suite_files
from expectations.findings import SUITE_RAN, findings_of
from expectations.frame_rows import Row, index_document, known_of_terms
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
    holding,
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


def test_places_that_no_ruling_draws_need_sums_to_confirm_them() -> None:
    implied = replace(b5(), implied=True)
    unread = {(0, row, col): CellVerdict.READ for row in range(1, len(B5_ROWS)) for col in range(2, 5)}
    assert "table/implied_places_confirmed" not in failed(suite_input(implied))
    assert "table/implied_places_confirmed" not in failed(suite_input(b5(), verdicts=unread))
    broken = dict.fromkeys(unread, CellVerdict.SOURCE_INCONSISTENT)
    assert "table/implied_places_confirmed" in failed(suite_input(implied, verdicts=broken))
    finding = failed(suite_input(implied, verdicts=unread))["table/implied_places_confirmed"]
    assert finding.severity is CRITICAL


def test_a_table_without_figures_is_not_blamed_and_not_praised() -> None:
    empty = b5([B5_ROWS[0], ("", "", "", "", "")])
    findings = gx.run_suites(suite_input(empty, checks=()))
    assert not [f for f in findings if not f.success and f.severity is CRITICAL]
    assert {f.n_evaluated for f in findings if f.suite == "B5"} == {0}


SUSPECT = {(0, 3, 3): CellVerdict.SUSPECT}
TABLE_FAULTS: dict[str, tuple[Table, str, Severity, list[tuple[int, int]]]] = {
    "doubted and under no identity": (
        doubted(b5(), 4, 2, Doubt.LOW_CONFIDENCE), "table/amounts_without_doubt", CRITICAL, [(4, 2)],
    ),
    "ink in a blank amount": (
        doubted(b5(), 4, 4, Doubt.INK_WITHOUT_TEXT), "table/amounts_without_doubt", CRITICAL, [(4, 4)],
    ),
    "spoilt number": (
        b5_rows((4, ("2010301", "行政运行", "2O.00", "20.00", ""))), "table/amounts_are_numbers", CRITICAL, [(4, 2)],
    ),
    "unsure figure": (change_cell(b5(), 4, 2, confidence=0.3), "table/amounts_confident", WARNING, [(4, 2)]),
    "doubted code": (doubted(b5(), 4, 0, Doubt.READINGS_DIFFER), "table/codes_without_doubt", CRITICAL, [(4, 0)]),
    "doubted name": (doubted(b5(), 4, 1, Doubt.CROSSED_RULING), "table/labels_without_doubt", WARNING, [(4, 1)]),
    "code one digit short": (
        b5_rows((4, ("201030", "行政运行", "20.00", "20.00", ""))), "B5/codes_well_formed", CRITICAL, [(4, 0)],
    ),
    "code under no parent": (
        b5_rows((4, ("2010801", "行政运行", "20.00", "20.00", ""))), "B5/codes_have_parents", WARNING, [(4, 0)],
    ),
    "a code beside another's name": (
        b5_rows((4, ("2010301", "机关服务", "20.00", "20.00", ""))), "table/codes_agree_with_names", WARNING, [(4, 0)],
    ),
    "a code that does not exist": (
        b5_rows((4, ("2010377", "行政运行", "20.00", "20.00", ""))), "table/codes_known", WARNING, [(4, 0)],
    ),
    "no total": (b5_rows(without=1), "B5/total_row", CRITICAL, []),
    "no 项目支出": (
        b5_rows((0, ("科目编码", "科目名称", "总计", "基本支出", ""))), "B5/project_expenditure", CRITICAL, [],
    ),
    "no unit": (replace(b5(), unit=""), "B5/unit_known", WARNING, []),
    "weights": (
        form((*FORM_ROWS[:4], ("^", "满意度", "95", "45"))), "B13/weights_sum", WARNING, [(3, 3), (4, 3)],
    ),
    "unknown kind": (replace(b5(), title="某表"), "unknown/kind_known", WARNING, []),
    "no tree": (replace(b5(), title="无 I02"), "B5/I02_evaluated", WARNING, []),
}  # fmt: skip
KINDS = {"weights": "B13", "unknown kind": ""}


@pytest.fixture(scope="module")
def findings_of_faults() -> tuple[Finding, ...]:
    """All faults of TABLE_FAULTS in one document, one table each."""
    tables = [table for table, *_ in TABLE_FAULTS.values()]
    kinds = tuple(KINDS.get(name, "B5") for name in TABLE_FAULTS)
    unproven = {"doubted and under no identity": (4, 2)}
    return gx.run_suites(
        suite_input(
            *tables,
            kinds=kinds,
            checks=tuple(
                one
                for index, name in enumerate(TABLE_FAULTS)
                for one in holding(index)
                if kinds[index] == "B5" and (name != "no tree" or one.identity != "I02")
            ),
            verdicts={
                (index, *unproven[name]): CellVerdict.READ
                for index, name in enumerate(TABLE_FAULTS)
                if name in unproven
            },
        )
    )


@pytest.mark.parametrize("fault", TABLE_FAULTS)
def test_each_fault_of_a_table_gives_its_finding_there_and_nowhere_else(
    findings_of_faults: tuple[Finding, ...], fault: str
) -> None:
    index = list(TABLE_FAULTS).index(fault)
    _, name, severity, cells = TABLE_FAULTS[fault]
    found = {f"{f.suite}/{f.expectation}": f for f in findings_of_faults if f.table_index == index and not f.success}
    assert set(found) == {name}
    assert found[name].severity is severity
    assert found[name].cells == tuple(CellRef(index, *at) for at in cells)
    assert found[name].n_evaluated > 0


NO_TABLES = replace(suite_input(), kinds=(), facts=(), checks=(), verdicts=())
DOCUMENT_FAULTS: dict[str, tuple[SuiteInput, set[str], Severity]] = {
    "no table": (replace(NO_TABLES, document=replace(NO_TABLES.document, tables=())), {"tables_found"}, CRITICAL),
    "failed page": (
        suite_input(pages=(PageFacts(1, 595.0, 842.0, failures=(PageFailure(1, "recognise", "E_X", "broke"),)),)),
        {"pages_read"}, CRITICAL,
    ),
    "nothing checked": (suite_input(checks=()), {"figures_checked"}, CRITICAL),
    "little covered, nobody's, of no year": (
        suite_input(
            verdicts={(0, r, c): CellVerdict.READ for r in range(1, 5) for c in (2, 3)},
            identity=DocumentIdentity("", "", None),
        ),
        {"figures_covered", "organisation_known", "year_known"}, WARNING,
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", DOCUMENT_FAULTS)
def test_each_fault_of_the_document_gives_its_finding(fault: str) -> None:
    given, names, severity = DOCUMENT_FAULTS[fault]
    found = [f for f in failed(given).values() if f.table_index is None]
    assert {f.expectation for f in found} == names
    assert {(f.suite, f.severity, f.cells) for f in found} == {("document", severity, ())}


def test_a_suspect_figure_is_critical() -> None:
    finding = failed(suite_input(verdicts=SUSPECT))["table/amounts_without_doubt"]
    assert (finding.severity, finding.cells) == (CRITICAL, (CellRef(0, 3, 3),))


@pytest.mark.parametrize(
    ("verdict", "severity", "one_each"),
    [
        (CheckVerdict.EXTRACTION_SUSPECT, CRITICAL, True),
        (CheckVerdict.SOURCE_INCONSISTENT, WARNING, False),
        (CheckVerdict.WITHIN_ROUNDING, WARNING, False),
    ],
)
def test_identities_that_fail_give_findings_with_their_cells(
    verdict: CheckVerdict, severity: Severity, one_each: bool
) -> None:
    """I01 ... on cells of a table go to its suite, X01 ... across two tables to the document's."""
    inside, across = ("I01", "I02", "I03", "I08", "I12", "I15"), ("X01", "X05", "X06", "X07")
    checks = [check(name, verdict, (0, 1 + k % 5, 2), (0, 1 + k % 5, 3)) for k, name in enumerate(inside)]
    checks += [check(name, verdict, (0, 1 + k, 2), (1, 1 + k, 2)) for k, name in enumerate(across)]
    given = suite_input(b5(), b5(), kinds=("B5", "B5"), checks=(*HOLDING, *holding(1), *checks))
    found = [f for f in failed(given).values() if f.cells]
    assert {f.severity for f in found} == {severity}
    assert [f.suite for f in found] == (["document"] * 4 + ["table"] * 5 if one_each else ["document", "table"])
    for suite, names in (("document", across), ("table", inside)):
        cells = {ref for f in found if f.suite == suite for ref in f.cells}
        assert cells == {term.cell for one in checks if one.identity in names for term in one.terms}


def test_a_text_that_contradicts_proven_figures_is_no_more_than_a_warning() -> None:
    checks = (
        *HOLDING,
        check("X12", CheckVerdict.EXTRACTION_SUSPECT, (0, 1, 2)),
        check("X12", CheckVerdict.EXTRACTION_SUSPECT),
    )
    found = failed(suite_input(checks=checks))
    assert {(name, f.severity) for name, f in found.items()} == {
        ("table/text_agrees", WARNING), ("document/text_agrees", WARNING)}  # fmt: skip


def test_a_code_beside_another_name_says_which_entries_come_near(findings_of_faults: tuple[Finding, ...]) -> None:
    found = next(f for f in findings_of_faults if f.expectation == "codes_agree_with_names" and not f.success)
    assert "[2010301 机关服务 → 2010303 机关服务" in found.message


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


def test_a_long_document_is_looked_at_in_pieces_and_found_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tables share batches, and no batch holds many more rows than asked for."""
    kinds = ("B5",) * 6
    across = [check("X01", CheckVerdict.EXTRACTION_SUSPECT, (0, 1, 2), (i, 1, 2)) for i in range(1, len(kinds))]
    faulty = doubted(b5_rows(without=1), 2, 2, Doubt.LOW_CONFIDENCE)
    given = suite_input(
        *(faulty if i == 3 else b5() for i in range(len(kinds))),
        kinds=kinds,
        checks=(*(one for i in range(len(kinds)) for one in holding(i)), *across),
        verdicts={(3, 2, 2): CellVerdict.READ},
    )
    batches = _batch_sizes(monkeypatch)
    at_once = gx.run_suites(given)
    assert len(batches) == 1
    n_rows = batches.pop()
    monkeypatch.setattr(gx, "_ROWS_AT_A_TIME", 60)
    monkeypatch.setattr(frames, "_CHECKS_AT_A_TIME", 2)
    assert gx.run_suites(given) == at_once
    assert sum(batches) == n_rows
    assert max(batches) < 60 + n_rows / len(kinds) < n_rows / 2
    assert len(batches) < len(kinds)


def test_no_batch_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("hashed")

    monkeypatch.setattr("pandas.util.hash_pandas_object", never)
    assert gx.run_suites(suite_input(b5(), kinds=("B5",)))


def test_of_tables_that_a_check_joins_only_its_own_cells_are_looked_up() -> None:
    across = check("X01", CheckVerdict.HOLDS, (0, 1, 2), (1, 1, 2), (2, 1, 2))
    given = suite_input(
        b5(), b5(), b5(), kinds=("B5",) * 3, checks=(across,),
        verdicts={(table, row, 2): CellVerdict.READ for table in range(3) for row in (1, 2)},
    )  # fmt: skip
    found = known_of_terms(index_document(given), [across])
    cells = {CellRef(table, 1, 2) for table in range(3)}
    assert set(found.verdicts) == cells
    assert set(found.facts) <= cells


def _batch_sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of each batch that our own expectations look at from now on."""
    sizes: list[int] = []

    def counted(pieces: Sequence[tuple[frames.Scope, Sequence[Row]]]) -> Any:
        sizes.append(sum(len(rows) for _, rows in pieces))
        return frames.together(pieces)

    monkeypatch.setattr(gx, "together", counted)
    return sizes


def test_threads_get_their_own_results() -> None:
    inputs = [suite_input(), suite_input(verdicts=SUSPECT), suite_input(kinds=("",))]
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
    last = findings_of(replace(run, results=nothing))[-1]
    assert (last.expectation, last.success, last.severity, last.n_evaluated) == (SUITE_RAN, False, CRITICAL, 0)


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


def test_only_two_modules_import_great_expectations() -> None:
    folders = ("ocr", "layout", "expectations", "flows")
    importers = {
        path.name
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(import|from) great_expectations", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importers == {"gx.py", "row_expectations.py"}


def test_every_error_of_the_library_is_one_that_is_mapped() -> None:
    """An error of a further kind, in a later version, would slip through `_suite_errors`."""
    from great_expectations import exceptions

    raised = [kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, Exception)]
    mapped = (exceptions.GreatExpectationsError, exceptions.ValidationError, ValueError, TypeError)
    assert [kind.__name__ for kind in raised if not issubclass(kind, mapped)] == []
