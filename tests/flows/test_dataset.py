"""Parquet: explicit types, exact figures, one document one file."""

from __future__ import annotations

import json
import weakref
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.validate import before_suites
from expectations.values import DocumentTables, ValidationReport
from flows import dataset, export
from flows.dataset import SCHEMAS, publish, to_arrow, withdraw
from flows.results import Disposition, DocumentResult, Reason, conclude
from flows.rows import document_rows, exact_decimal
from flows.store import OutputFolder
from ocr.values import PageFacts
from tests.expectations.truth import TRUTH, read_truth
from tests.flows.fakes import make_table, report_on


def result(sha256: str = "ab" * 32, fiscal_year: int | None = 2026) -> DocumentResult:
    table = make_table(("收入\ud800", "3,064.66"))
    document = DocumentTables(sha256, "预算.pdf", (PageFacts(1, 595, 842),), (table,), ())
    return conclude(document, report_on(document, fiscal_year=fiscal_year))


@pytest.fixture
def out(tmp_path: Path) -> OutputFolder:
    folder = OutputFolder(tmp_path)
    folder.making.mkdir(parents=True)
    return folder


def files(out: OutputFolder) -> list[str]:
    return sorted(str(p.relative_to(out.dataset)) for p in out.dataset.rglob("*.parquet"))


def test_amounts_are_decimals_and_every_figure_says_where_it_stands() -> None:
    for name in ("cells", "facts"):
        schema = SCHEMAS[name]
        assert schema.field("amount").type == pa.decimal128(38, 6)
        needed = {"page_number", "bbox_x0_pt", "bbox_y1_pt", "ocr_text", "confidence", "verdict", "identities"}
        assert needed | {"sha256", "pipeline_version"} <= set(schema.names)
    assert SCHEMAS["facts"].field("amount_yuan").type == pa.decimal128(20, 2)
    floats = {f.name for s in SCHEMAS.values() for f in s if pa.types.is_floating(f.type)}
    assert floats == {"confidence", "bbox_x0_pt", "bbox_y0_pt", "bbox_x1_pt", "bbox_y1_pt"}


def test_every_table_has_its_schema_and_its_rows() -> None:
    tables = to_arrow(result())
    assert {name: table.schema for name, table in tables.items()} == SCHEMAS
    assert {name: table.num_rows for name, table in tables.items()} == {
        "cells": 2, "facts": 1, "indicators": 0, "narrative": 0, "tables": 1, "checks": 1, "documents": 1,
    }  # fmt: skip


def test_a_long_document_is_written_block_by_block(out: OutputFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more rows are laid out than a block holds, and what is read back is the same."""
    whole = to_arrow(result())
    monkeypatch.setattr(dataset, "_ROWS_A_GROUP", 1)
    monkeypatch.setattr(dataset, "_ROWS_AT_A_TIME", 1)
    publish(out, result())
    files = {name: next((out.dataset / name).rglob("*.parquet")) for name in SCHEMAS}
    assert {name: pq.read_table(path, partitioning=None) for name, path in files.items()} == whole
    assert pq.ParquetFile(files["cells"]).num_row_groups == 2


def test_a_group_of_rows_is_laid_out_piece_by_piece(out: OutputFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's bytes do not depend on how many rows are dicts at a time."""
    publish(out, result())
    files = {name: next((out.dataset / name).rglob("*.parquet")) for name in SCHEMAS}
    before = {name: path.read_bytes() for name, path in files.items()}
    monkeypatch.setattr(dataset, "_ROWS_AT_A_TIME", 1)
    publish(out, result())
    assert {name: path.read_bytes() for name, path in files.items()} == before


def test_arrow_keeps_no_memory_of_its_own() -> None:
    assert pa.default_memory_pool().backend_name == "system"


def test_document_json_is_made_table_by_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next table is made when the one before is written, and the bytes are those of the whole."""
    one = result()
    document = replace(one.document, tables=one.document.tables * 3)
    given = replace(one, document=document, report=replace(one.report, table_kinds=one.report.table_kinds * 3))
    whole = json.dumps(export.document_json(given), ensure_ascii=False, indent=1) + "\n"
    made, most_alive = weakref.WeakSet[Made](), []

    def counted(data: Any) -> Made:
        made.add(table := Made(data))
        most_alive.append(len(made))
        return table

    plain = export._table_json
    monkeypatch.setattr(export, "_table_json", lambda *args: counted(plain(*args)))
    export.write_document(tmp_path, given)
    assert (tmp_path / "document.json").read_bytes() == whole.encode("utf-8", "backslashreplace")
    assert (len(most_alive), max(most_alive)) == (3, 2)


class Made(dict[str, Any]):
    """A dict that knows whether it still lives."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def test_what_is_read_back_is_what_was_published(out: OutputFolder) -> None:
    publish(out, result())
    frame = pd.read_parquet(out.dataset / "facts", dtype_backend="pyarrow")
    row = frame.iloc[0]
    assert (row["amount"], row["amount_yuan"]) == (Decimal("3064.660000"), Decimal("30646600.00"))
    assert (int(row["fiscal_year"]), row["text"], list(row["identities"])) == (2026, "3,064.66", ["I08"])
    cells = ds.dataset(out.dataset / "cells", partitioning="hive").to_table().to_pylist()
    assert [(c["text"], c["amount"], c["verdict"]) for c in cells] == [
        ("收入\\ud800", None, None),
        ("3,064.66", Decimal("3064.660000"), "consistent"),
    ]
    (check,) = ds.dataset(out.dataset / "checks", partitioning="hive").to_table().to_pylist()
    assert check["terms"][0] == {
        "table_index": 0,
        "row": 1,
        "col": 0,
        "coefficient": 1,
        "value": Decimal("3064.660000"),
    }
    assert check["terms"][1]["row"] is None


def test_publishing_again_replaces_one_document_and_no_other(out: OutputFolder) -> None:
    publish(out, result("cd" * 32))
    publish(out, result())
    before = {p: p.stat().st_mtime_ns for p in out.dataset.rglob(f"{'cd' * 8}.parquet")}
    publish(out, result())
    assert len(files(out)) == 2 * len(SCHEMAS)
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert len(pd.read_parquet(out.dataset / "documents")) == 2


def test_a_document_whose_year_is_read_anew_is_not_doubled(out: OutputFolder) -> None:
    publish(out, result(fiscal_year=2025))
    publish(out, result(fiscal_year=2026))
    assert {name.split("/")[1] for name in files(out)} == {"fiscal_year=2026"}


def test_a_document_without_a_year_is_read_as_null(out: OutputFolder) -> None:
    publish(out, result(fiscal_year=None))
    publish(out, result("cd" * 32))
    years = pd.read_parquet(out.dataset / "documents", dtype_backend="pyarrow")["fiscal_year"]
    assert sorted(map(str, years)) == ["2026", "<NA>"]


def test_withdrawing_removes_all_of_one_document(out: OutputFolder) -> None:
    publish(out, result("cd" * 32))
    kept = files(out)
    publish(out, result())
    withdraw(out, result().document_id)
    assert files(out) == kept


def test_only_accepted_documents_enter(out: OutputFolder) -> None:
    refused = conclude(result().document, report_on(result().document, critical_succeeds=False))
    assert refused.disposition is Disposition.NEEDS_REVIEW
    with pytest.raises(ValueError, match="only accepted"):
        publish(out, refused)


def test_a_document_without_checks_still_gives_readable_files(out: OutputFolder) -> None:
    bare = result()
    publish(out, replace(bare, report=replace(bare.report, checks=(), facts=())))
    assert len(pd.read_parquet(out.dataset / "checks")) == 0


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_stored_exactly_or_not_at_all(value: Decimal) -> None:
    stored = exact_decimal(value, 38, 6)
    if stored is not None:
        assert stored == value
        pa.scalar(stored, pa.decimal128(38, 6))


def test_a_decimal_that_does_not_fit_is_null() -> None:
    assert exact_decimal(Decimal("0.1234567"), 38, 6) is None
    assert exact_decimal(Decimal(10) ** 32, 38, 6) is None
    assert exact_decimal(Decimal("-1.5"), 38, 6) == Decimal("-1.500000")


def test_amounts_of_the_text_are_rows_of_their_own() -> None:
    folder = TRUTH / "000"
    document = read_truth(folder)
    known = before_suites(document)
    report = ValidationReport(known.identity, known.kinds, known.facts, known.checks, (), known.verdicts)
    rows = list(
        document_rows(DocumentResult(document, report, Disposition.NEEDS_REVIEW, (Reason("E", "x"),)))["narrative"]
    )
    assert {r["role"] for r in rows} >= {"income.total", "income.change"}
    total = next(r for r in rows if r["role"] == "income.total")
    assert (total["unit"], total["year"], total["amount_yuan"]) == ("万元", 2026, total["amount"] * 10000)
    changes = [r for r in rows if r["against_year"]]
    assert {r["against_year"] for r in changes} == {2025}


def test_a_table_says_whose_money_it_is() -> None:
    own = replace(make_table(("收入", "1.00")), title="某局（本级）收支总表")
    both = replace(make_table(("收入", "1.00")), title="某局汇总收支总表")
    document = DocumentTables("ab" * 32, "预算.pdf", (PageFacts(1, 595, 842),), (own, both), ())
    rows = document_rows(conclude(document, report_on(document)))
    assert [r["scope"] for r in rows["tables"]] == ["own", "consolidated"]
