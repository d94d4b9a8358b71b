"""Accepted documents as parquet: seven tables with explicit schemas. Only importer of pyarrow.

    OUT/dataset/<cells|facts|indicators|narrative|tables|documents|checks>/fiscal_year=<year>/<document id>.parquet

A further one, over_years, holds the checks between two documents (flows.over_years).

One file per document and table, named after the document's digest: publishing a document again replaces its files and
no others, withdrawing it removes them, and neither rewrites what other documents share. A year that is not known is
`__HIVE_DEFAULT_PARTITION__`, null to every reader of hive partitions; the column fiscal_year is the folder's name and
stands in no file. Files appear whole (flows.store). The row in `documents` comes last and goes first: who joins on it
sees all of a document or nothing.

Figures are decimals: amounts as printed decimal128(38, 6), amounts in 元 decimal128(20, 2). One that does not fit
exactly is null here, and its text beside it is what was printed. Each carries page, box in points, readings,
confidence, verdict and the identities that were evaluated on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.failpoints import reach
from flows.results import Disposition, DocumentResult
from flows.rows import document_rows
from flows.store import OutputFolder, discard_file, made_file, storage_errors
from ocr.errors import StorageError

pa.set_memory_pool(pa.system_memory_pool())  # its own one keeps some MB for each kind of block
_PRINTED = pa.decimal128(38, 6)
_YUAN = pa.decimal128(20, 2)
_TEXTS = pa.list_(pa.string())
_CELL = [("table_index", pa.int32()), ("row", pa.int32()), ("col", pa.int32())]
_ORIGIN = [("document_id", pa.string()), ("sha256", pa.string()), ("pipeline_version", pa.string())]
_PLACE = [("page_number", pa.int32()), *((f"bbox_{edge}_pt", pa.float64()) for edge in ("x0", "y0", "x1", "y1"))]
_TRUST = [
    ("text", pa.string()),
    ("ocr_text", pa.string()),
    ("readings", _TEXTS),
    ("confidence", pa.float64()),
    ("doubts", _TEXTS),
    ("verdict", pa.string()),
    ("identities", _TEXTS),
]

SCHEMAS: dict[str, pa.Schema] = {
    "cells": pa.schema(
        [
            *_ORIGIN,
            *_CELL,
            ("rowspan", pa.int32()),
            ("colspan", pa.int32()),
            ("table_kind", pa.string()),
            ("role", pa.string()),
            ("header_path", _TEXTS),
            ("row_level", pa.int32()),
            ("is_total_row", pa.bool_()),
            ("amount", _PRINTED),
            ("unit", pa.string()),
            *_TRUST,
            *_PLACE,
        ]
    ),
    "facts": pa.schema(
        [
            *_ORIGIN,
            *_CELL,
            ("organisation", pa.string()),
            ("scope", pa.string()),
            ("document_kind", pa.string()),
            ("table_kind", pa.string()),
            ("code_system", pa.string()),
            ("code", pa.string()),
            ("name", pa.string()),
            ("level", pa.int32()),
            ("measure", pa.string()),
            ("measure_key", pa.string()),
            ("period", pa.string()),
            ("amount", _PRINTED),
            ("blankness", pa.string()),
            ("decimals", pa.int32()),
            ("unit", pa.string()),
            ("amount_yuan", _YUAN),
            ("code_agreement", pa.string()),
            ("unit_is_printed", pa.bool_()),
            *_TRUST,
            *_PLACE,
        ]
    ),
    "indicators": pa.schema(
        [
            *_ORIGIN,
            *_CELL,
            ("organisation", pa.string()),
            ("table_kind", pa.string()),
            *((name, pa.string()) for name in ("project", "department", "unit_name")),
            ("total", _PRINTED),
            *((name, pa.string()) for name in ("goal", "level1", "level2", "name", "sign", "target", "unit")),
            ("weight", _PRINTED),
            *_PLACE,
        ]
    ),
    "narrative": pa.schema(
        [
            *_ORIGIN,
            ("fact_index", pa.int32()),
            ("organisation", pa.string()),
            ("document_kind", pa.string()),
            ("role", pa.string()),
            ("label", pa.string()),
            ("amount", _PRINTED),
            ("unit", pa.string()),
            ("amount_yuan", _YUAN),
            ("year", pa.int32()),
            ("against_year", pa.int32()),
            ("is_implied", pa.bool_()),
            ("confidence", pa.float64()),
            *_PLACE,
        ]
    ),
    "tables": pa.schema(
        [
            *_ORIGIN,
            ("table_index", pa.int32()),
            ("kind", pa.string()),
            ("scope", pa.string()),
            ("title", pa.string()),
            ("label", pa.string()),
            ("unit", pa.string()),
            ("notes", _TEXTS),
            ("page_numbers", pa.list_(pa.int32())),
            ("n_rows", pa.int32()),
            ("n_cols", pa.int32()),
            ("n_header_rows", pa.int32()),
            ("implied", pa.bool_()),
        ]
    ),
    "checks": pa.schema(
        [
            *_ORIGIN,
            ("check_index", pa.int32()),
            ("identity", pa.string()),
            ("statement", pa.string()),
            ("verdict", pa.string()),
            ("residual", _PRINTED),
            ("tolerance", _PRINTED),
            ("reason", pa.string()),
            ("terms", pa.list_(pa.struct([*_CELL, ("coefficient", pa.int32()), ("value", _PRINTED)]))),
        ]
    ),
    "documents": pa.schema(
        [
            *_ORIGIN,
            ("source_name", pa.string()),
            ("kind", pa.string()),
            ("organisation", pa.string()),
            ("n_pages", pa.int32()),
            ("n_tables", pa.int32()),
            ("n_facts", pa.int32()),
            ("n_checks", pa.int32()),
            ("n_checks_evaluated", pa.int32()),
            ("n_money", pa.int32()),
            ("n_money_under_one", pa.int32()),
            ("n_money_under_two", pa.int32()),
        ]
    ),
}
_OVER_YEARS_NAME = "over_years"
_OVER_YEARS = pa.schema(
    [
        ("document_id", pa.string()),
        ("earlier_document_id", pa.string()),
        *[field for field in SCHEMAS["checks"] if field.name not in {name for name, _ in _ORIGIN}],
    ]
)
_PUBLISHING_ORDER = ("cells", "facts", "indicators", "narrative", "tables", "checks", "documents")
_ROWS_A_GROUP, _ROWS_AT_A_TIME = 1_000, 250
_NO_YEAR = "__HIVE_DEFAULT_PARTITION__"


def publish(out: OutputFolder, result: DocumentResult) -> None:
    """Puts an accepted document into the dataset in place of what stood there of it; ValueError for any other."""
    if result.disposition is not Disposition.ACCEPTED:
        raise ValueError(f"only accepted documents enter the dataset, not one that is {result.disposition}")
    year = result.report.identity.fiscal_year
    partition = f"fiscal_year={_NO_YEAR if year is None else year}"
    _discard(out, result.document_id, keep=partition)
    rows = document_rows(result)
    for name in _PUBLISHING_ORDER:
        with made_file(out.dataset / name / partition / f"{result.document_id}.parquet", out) as draft:
            with pq.ParquetWriter(draft, SCHEMAS[name], compression="zstd") as writer:
                for table in _arrow_blocks(rows[name], SCHEMAS[name]):
                    writer.write_table(table)
            reach("publish.parquet.drafted")
        with storage_errors(out.dataset):
            reach("publish.parquet")


def withdraw(out: OutputFolder, document_id: str) -> None:
    """Takes a document out of the dataset, if it is there."""
    _discard(out, document_id, keep="")


def documents_in(path: Path) -> tuple[str, ...]:
    """The document id of each row of a parquet file. Raises StorageError for one that cannot be read whole."""
    try:
        table = pq.read_table(path, partitioning=None)
        return tuple(map(str, table.column("document_id").to_pylist()))
    except (pa.ArrowException, OSError, KeyError) as error:
        raise StorageError(f"the parquet file cannot be read: {error}", where=str(path)) from error


def _discard(out: OutputFolder, document_id: str, keep: str) -> None:
    for name in reversed(_PUBLISHING_ORDER):
        for path in sorted((out.dataset / name).glob(f"fiscal_year=*/{document_id}.parquet")):
            if path.parent.name != keep:
                discard_file(path)


def read_facts(out: OutputFolder, fiscal_year: int, document_id: str) -> list[Mapping[str, Any]]:
    """The facts of a document as rows; none when it is not in the dataset (any more)."""
    path = out.dataset / "facts" / f"fiscal_year={fiscal_year}" / f"{document_id}.parquet"
    return pq.ParquetFile(path).read().to_pylist() if path.is_file() else []


def over_years_file(out: OutputFolder, fiscal_year: int, name: str) -> Path:
    """Where the checks between two documents stand."""
    return out.dataset / _OVER_YEARS_NAME / f"fiscal_year={fiscal_year}" / f"{name}.parquet"


def write_over_years(out: OutputFolder, fiscal_year: int, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """The checks between two documents, under the year of the later."""
    with made_file(over_years_file(out, fiscal_year, name), out) as draft:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=_OVER_YEARS), draft, compression="zstd")


def to_arrow(result: DocumentResult) -> Mapping[str, pa.Table]:
    """One Arrow table for each schema, without the partition column."""
    rows = document_rows(result)
    return {name: pa.concat_tables(_arrow_blocks(rows[name], schema)) for name, schema in SCHEMAS.items()}


def _arrow_blocks(rows: Iterator[Mapping[str, Any]], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows as tables of a thousand, one at least. As dicts they take a hundred times the room, so few are there."""
    group = _arrow_group(rows, schema)
    yield group
    while group.num_rows == _ROWS_A_GROUP and (group := _arrow_group(rows, schema)).num_rows:
        yield group


def _arrow_group(rows: Iterator[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    pieces = [schema.empty_table()]
    while len(pieces) <= _ROWS_A_GROUP // _ROWS_AT_A_TIME and (some := list(islice(rows, _ROWS_AT_A_TIME))):
        pieces.append(pa.Table.from_pylist(some, schema=schema))
    return pa.concat_tables(pieces).combine_chunks()
