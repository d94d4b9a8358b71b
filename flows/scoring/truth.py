"""Files with truth beside them, and document.json, as the values that are compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flows.scoring.values import BenchCell, BenchTable, Reading

SUFFIXES = (".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg")
Json = dict[str, Any]


def files_with_truth(folders: Iterable[Path]) -> tuple[tuple[Path, Reading], ...]:
    """(file, truth) of every file that has NAME.truth.json beside it, by name. Raises FileNotFoundError when none has."""
    found = []
    for folder in folders:
        for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
            truth = path.with_name(f"{path.stem}.truth.json")
            if truth.exists():
                found.append((path, reading_of(json.loads(truth.read_text(encoding="utf-8")))))
    if not found:
        raise FileNotFoundError("no file with a NAME.truth.json beside it")
    return tuple(found)


def reading_of(document: Json) -> Reading:
    """A truth, or a document.json, as a Reading."""
    facts = document["document"]
    return Reading(
        tables=tuple(_table(raw) for raw in document["tables"]),
        text=tuple((block["page_number"], block["text"]) for block in document["text"]),
        n_pages=facts["n_pages"],
        accepted=facts["disposition"] == "accepted" if "disposition" in facts else None,
        reasons=tuple(_reason(reason) for reason in facts.get("reasons", ())),
    )


def _reason(reason: Json | str) -> str:
    return reason if isinstance(reason, str) else str(reason.get("code", ""))


def _table(raw: Json) -> BenchTable:
    return BenchTable(
        page_numbers=tuple(raw["page_numbers"]),
        n_rows=raw["n_rows"],
        n_cols=raw["n_cols"],
        cells=tuple(_cell(cell) for cell in raw["cells"]),
        n_header_rows=raw["n_header_rows"],
        title=raw["title"],
        label=raw["label"],
        unit=raw["unit"],
        kind=raw["kind"],
    )


def _cell(raw: Json) -> BenchCell:
    """A cell is doubtful when its verdict says suspect, or when it carries a doubt."""
    doubtful = raw.get("verdict") == "suspect" or bool(raw.get("doubts"))
    place = raw["row"], raw["col"], raw["rowspan"], raw["colspan"]
    return BenchCell(*place, raw["text"], doubtful, raw.get("confidence"))
