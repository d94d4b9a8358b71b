"""Reads the real documents of samples/truth: text and tables as printed, slips of their authors included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from samples import statement
from samples.values import Block, Heading, Paragraph, SourceCell, SourceDocument, SourceTable

TRUTH = Path(__file__).parent / "truth"
Json = dict[str, Any]


def load_document(name: str, root: Path = TRUTH) -> SourceDocument:
    """The document of folder ``name`` (000 ... 003), or the invented statement. Raises FileNotFoundError when there is none."""
    if name == statement.NAME:
        return statement.statement()
    raw = _read(root / name / "doc.json")
    kinds: dict[str, str] = _read(root / "kinds.json")[name]
    tables = tuple(
        _to_table(block, _read(root / name / _json_name(block)), kinds)
        for block in raw["blocks"]
        if block["type"] == "table"
    )
    narrative = tuple(_to_block(block) for block in raw["blocks"] if block["type"] != "table")
    return SourceDocument(name, raw["title"], raw["organisation"], raw["year"], narrative, tables)


def _read(path: Path) -> Json:
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def _json_name(block: Json) -> str:
    return str(Path(block["file"]).with_suffix(".json"))


def _to_block(block: Json) -> Block:
    return Heading(block["level"], block["text"]) if block["type"] == "heading" else Paragraph(block["text"])


def _to_table(block: Json, raw: Json, kinds: dict[str, str]) -> SourceTable:
    name = Path(block["file"]).stem
    note = block.get("note")
    return SourceTable(
        name=name,
        kind=kinds[name],
        title=block["caption"],
        label=block.get("label", ""),
        unit=block.get("unit", ""),
        notes=(note,) if note else (),
        n_rows=raw["n_rows"],
        n_cols=raw["n_cols"],
        n_header_rows=raw["n_head_rows"],
        cells=tuple(_to_cell(cell) for cell in raw["cells"]),
    )


def _to_cell(raw: Json) -> SourceCell:
    return SourceCell(
        raw["row"], raw["col"], raw["rowspan"], raw["colspan"], raw["text"], raw["header"], raw.get("indent", 0)
    )
