"""X13 in the dataset: made by whichever document comes second, the same either way, gone with either."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations.validate import before_suites
from expectations.values import DocumentTables, Finding, Severity, ValidationReport
from flows import dataset
from flows.audit import _dataset_faults
from flows.ledger import Row, State
from flows.over_years import publish_over_years, withdraw_over_years
from flows.results import Disposition, DocumentResult
from flows.store import OutputFolder
from tests.expectations.documents import a_document, a_table
from tests.expectations.final_accounts import J1, TITLES, accounts

IDS = {2024: "a" * 64, 2025: "b" * 64}


def accepted(year: int, opening: str = "48.50") -> DocumentResult:
    if year == 2024:
        document = accounts()
    else:
        rows = [(r[0], r[1], opening, *r[3:]) if r[0] == "年初结转和结余" else r for r in J1]
        document = a_document(a_table(rows, title=TITLES["J1"]), headings=(f"某县人民政府办公室{year}年度部门决算",))
    return _result(replace(document, sha256=IDS[year]))


def _result(document: DocumentTables) -> DocumentResult:
    known = before_suites(document)
    finding = Finding("document", "x", Severity.WARNING, True, 1, "")
    report = ValidationReport(known.identity, known.kinds, known.facts, known.checks, (finding,), known.verdicts)
    return DocumentResult(document, report, Disposition.ACCEPTED)


@pytest.fixture
def out(tmp_path: Path) -> OutputFolder:
    folder = OutputFolder(tmp_path)
    folder.making.mkdir(parents=True)
    return folder


def publish(out: OutputFolder, result: DocumentResult) -> None:
    dataset.publish(out, result)
    publish_over_years(out, result)


def pairs(out: OutputFolder) -> list[Path]:
    return sorted((out.dataset / "over_years").rglob("*.parquet"))


@pytest.mark.parametrize("order", [(2024, 2025), (2025, 2024)], ids=["earlier first", "later first"])
def test_the_pair_is_checked_whichever_comes_first(out: OutputFolder, order: tuple[int, int]) -> None:
    for year in order:
        publish(out, accepted(year))
    (pair,) = pairs(out)
    assert pair.parent.name == "fiscal_year=2025"
    assert pair.name == f"{'b' * 16}-{'a' * 16}.parquet"
    rows = pq.ParquetFile(pair).read().to_pylist()
    assert {(r["identity"], r["verdict"], str(r["residual"])) for r in rows} == {("X13", "holds", "0.000000")}
    assert {r["earlier_document_id"] for r in rows} == {"a" * 16}


def test_a_year_that_begins_otherwise_is_named(out: OutputFolder) -> None:
    publish(out, accepted(2024))
    publish(out, accepted(2025, opening="48.90"))
    (row,) = pq.ParquetFile(pairs(out)[0]).read().to_pylist()
    assert row["verdict"] == "extraction_suspect"
    assert [t["row"] is not None for t in row["terms"]] == [True, False]


def test_publishing_again_changes_nothing(out: OutputFolder) -> None:
    for year in (2024, 2025, 2024):
        publish(out, accepted(year))
    first = pairs(out)[0].read_bytes()
    publish(out, accepted(2025))
    assert [p.read_bytes() for p in pairs(out)] == [first]


@pytest.mark.parametrize("year", [2024, 2025])
def test_a_withdrawn_document_takes_its_pairs_with_it(out: OutputFolder, year: int) -> None:
    publish(out, accepted(2024))
    publish(out, accepted(2025))
    withdraw_over_years(out, IDS[year][:16])
    assert pairs(out) == []
    publish(out, accepted(2025))
    assert bool(pairs(out)) == (year == 2025)


def test_an_office_that_is_not_known_has_no_years(out: OutputFolder) -> None:
    result = accepted(2024)
    nobody = replace(result.report.identity, organisation="")
    publish(out, replace(result, report=replace(result.report, identity=nobody)))
    publish(out, accepted(2025))
    assert pairs(out) == []


def test_an_audit_knows_a_pair_by_both_its_documents(out: OutputFolder) -> None:
    publish(out, accepted(2024))
    publish(out, accepted(2025))
    rows = [
        Row(IDS[year], State.ACCEPTED, (), 1, "v", 1, 1, 0.0, 0.0, ("a.pdf",)) for year in (2024, 2025)
    ]  # fmt: skip
    assert list(_dataset_faults(out, sorted(out.dataset.rglob("*.parquet")), tuple(rows))) == []
    alone = [f.kind for f in _dataset_faults(out, pairs(out), tuple(rows[1:]))]
    assert "left over" in alone
