"""Text as data: what a cell holds is stored as it was read, and shown so that it commands nobody."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from rich.console import Console

from expectations.values import DocumentTables
from flows.dataset import publish
from flows.export import write_document
from flows.inspection import show_document
from flows.results import DocumentResult, conclude
from flows.store import OutputFolder
from ocr.values import PageFacts
from tests.flows.fakes import make_table, report_on

TEXTS = {
    "script": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://127.0.0.1/","合计")',
    "template": "{{7*7}}${7*7}",
    "terminal": "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "nothing": "a\0b",
    "right to left": "\u202egnp.exe\u2066",
    "a megabyte": "预算1,234.56" * 90_000,
}


def result(text: str) -> DocumentResult:
    document = DocumentTables("ab" * 32, "a.pdf", (PageFacts(1, 595, 842),), (make_table((text, "3,064.66")),), ())
    return conclude(document, report_on(document))


@pytest.mark.parametrize("case", TEXTS)
def test_text_is_stored_raw_and_shown_escaped(case: str, tmp_path: Path) -> None:
    text, out = TEXTS[case], OutputFolder(tmp_path / "out")
    out.making.mkdir(parents=True)
    write_document(tmp_path, result(text))
    publish(out, result(text))

    stored = json.loads((tmp_path / "document.json").read_bytes())
    assert stored["tables"][0]["cells"][0]["text"] == text
    cells = ds.dataset(out.dataset / "cells", partitioning="hive").to_table().to_pylist()
    assert cells[0]["text"] == text

    assert "<script>" not in (tmp_path / "tables" / "01.html").read_text(encoding="utf-8").split("</head>")[1]
    plain = (tmp_path / "tables" / "01.csv").read_bytes().decode("utf-8-sig")
    csv.field_size_limit(len(plain))
    first = next(csv.reader(io.StringIO(plain)))[0]
    assert first == (f"'{text}" if text[0] == "=" else text)

    terminal = io.StringIO()
    show_document(stored, Console(file=terminal, width=200))
    assert not {"\x1b", "\x07", "\x9b", "\0", "\u202e", "\u2066"} & set(terminal.getvalue())
