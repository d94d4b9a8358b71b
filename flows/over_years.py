"""What one year's document leaves, the next one's begins with (X13): checked whenever both are in the dataset.

    OUT/dataset/over_years/fiscal_year=<of the later>/<later id>-<earlier id>.parquet
    OUT/.scanledger/offices/<whose>/<fiscal year>-<document id>     who has which years: empty files, to find the pairs
    OUT/.scanledger/offices/documents/<document id>                 and back: whose and which year, to withdraw one

A file is a function of its two documents alone: whichever is published second makes it, so neither the order of a run
nor what else is in the dataset changes a byte; document.json never depends on another document. A document that is
withdrawn takes its pairs with it. Checks point to cells of the later document; a term of the earlier has no cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from expectations.values import CellRef, DocumentIdentity, Fact
from expectations.years import checks_over_years
from flows import dataset
from flows.results import DocumentResult
from flows.rows import check_rows
from flows.store import OutputFolder, discard_file, made_file, storage_errors
from layout.values import Blankness
from ocr.geometry import BBox


@dataclass(frozen=True, slots=True)
class _Issue:
    """One document of an office; as text the name of its marker."""

    year: int
    document_id: str

    def __str__(self) -> str:
        return f"{self.year}-{self.document_id}"


def publish_over_years(out: OutputFolder, result: DocumentResult) -> None:
    """Marks a document that has just entered the dataset, and checks it against its office's years before and after."""
    withdraw_over_years(out, result.document_id)
    identity = result.report.identity
    if not identity.organisation or identity.fiscal_year is None:
        return
    folder = _offices(out) / _office(identity)
    mine = _Issue(identity.fiscal_year, result.document_id)
    with made_file(_note(out, mine.document_id), out) as draft:
        draft.write_text(f"{folder.name} {mine.year}", encoding="ascii")
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / str(mine)).touch()
    for other in _issues(folder):
        if abs(other.year - mine.year) == 1:
            _check(out, identity, *sorted((mine, other), key=lambda issue: issue.year))


def withdraw_over_years(out: OutputFolder, document_id: str) -> None:
    """Takes a document's marker and pairs away, if there are any; looks at its own office's files alone."""
    note = _note(out, document_id)
    if not note.is_file():
        return
    office, year = note.read_text(encoding="ascii").split()
    folder, mine = _offices(out) / office, _Issue(int(year), document_id)
    for other in _issues(folder):
        earlier, later = sorted((mine, other), key=lambda issue: issue.year)
        discard_file(dataset.over_years_file(out, later.year, _pair(earlier, later)))
    discard_file(folder / str(mine))
    discard_file(note)


def _check(out: OutputFolder, identity: DocumentIdentity, earlier: _Issue, later: _Issue) -> None:
    before, after = (dataset.read_facts(out, issue.year, issue.document_id) for issue in (earlier, later))
    proven = {_ref(row) for row in after if row["verdict"] == "proven"}
    checks = checks_over_years(
        (_dated(identity, earlier.year), tuple(_facts(before))),
        (_dated(identity, later.year), tuple(_facts(after))),
        trust=proven.__contains__,
    )
    origin = {"document_id": later.document_id, "earlier_document_id": earlier.document_id}
    dataset.write_over_years(out, later.year, _pair(earlier, later), [origin | row for row in check_rows(checks)])


def _dated(identity: DocumentIdentity, year: int) -> DocumentIdentity:
    return DocumentIdentity(identity.kind, identity.organisation, year, identity.disclosure)


def _facts(rows: list[Mapping[str, Any]]) -> Iterator[Fact]:
    for row in rows:
        yield Fact(
            cell=_ref(row),
            table_kind=row["table_kind"],
            code_system=row["code_system"],
            code=row["code"],
            name=row["name"],
            level=row["level"],
            measure=row["measure"],
            measure_key=row["measure_key"],
            amount=_plain(row["amount"], row["decimals"]),
            blankness=Blankness(row["blankness"]),
            decimals=row["decimals"],
            unit=row["unit"],
            amount_yuan=row["amount_yuan"],
            page_number=row["page_number"],
            bbox_pt=BBox(*(row[f"bbox_{edge}_pt"] for edge in ("x0", "y0", "x1", "y1"))),
            period=row["period"],
        )


def _plain(amount: Decimal | None, decimals: int) -> Decimal | None:
    """The amount with the decimals it was printed with, not those of its column."""
    return None if amount is None else amount.quantize(Decimal(1).scaleb(-decimals))


def _ref(row: Mapping[str, Any]) -> CellRef:
    return CellRef(row["table_index"], row["row"], row["col"])


def _pair(earlier: _Issue, later: _Issue) -> str:
    return f"{later.document_id}-{earlier.document_id}"


def _offices(out: OutputFolder) -> Path:
    return out.root / ".scanledger" / "offices"


def _note(out: OutputFolder, document_id: str) -> Path:
    return _offices(out) / "documents" / document_id


def _office(identity: DocumentIdentity) -> str:
    whose = f"{identity.organisation}\n{identity.kind}".encode("utf-8", "backslashreplace")
    return hashlib.sha256(whose).hexdigest()[:16]


def _issues(folder: Path) -> list[_Issue]:
    names = sorted(path.name.partition("-") for path in folder.iterdir()) if folder.is_dir() else []
    return [_Issue(int(year), document_id) for year, _, document_id in names if year.isdigit()]
