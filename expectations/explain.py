"""document.json -> why one figure is believed or doubted: its readings, its identities with their terms spelled out.

Works on the content of a document.json alone, so that any finished document can be explained without reading it again.
Numbers of tables, rows and columns count from 1 for people (rows with the header rows), as in the Data Docs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from expectations.catalogue.loader import catalogue_names, load_catalogue
from expectations.words import normalise

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands. table, row, col count from 0; page_number 0 and box None for a figure of the text."""

    table: int
    row: int
    col: int
    page_number: int
    bbox_pt: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class ExplainedReading:
    """One reading of the cell; counts: whether it is the one that does."""

    text: str
    confidence: float
    source: str
    counts: bool


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """One term of an identity. name: row and column in words; text: as printed; is_this: the cell asked for."""

    place: Place | None
    name: str
    text: str
    coefficient: int
    value: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class ExplainedCheck:
    """One identity the cell stands in. residual, tolerance: '' where it was not evaluated, and reason says why."""

    identity: str
    statement: str
    verdict: str
    residual: str
    tolerance: str
    reason: str
    terms: tuple[ExplainedTerm, ...]


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """What the cell was or would be read as instead. applied: a correction, else a suggestion to the reviewer."""

    read: str
    proposed: str
    evidence: str
    closes: tuple[str, ...]
    with_others: int
    reason: str
    applied: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of one cell. row_name, column_name: what names it; neighbours: what to show around it."""

    source_name: str
    sha256: str
    table_title: str
    table_kind: str
    unit: str
    place: Place
    neighbours: tuple[Place, ...]
    row_name: str
    column_name: str
    text: str
    ocr_text: str
    value: str
    confidence: float
    verdict: str
    doubts: tuple[str, ...]
    readings: tuple[ExplainedReading, ...]
    checks: tuple[ExplainedCheck, ...]
    changes: tuple[ExplainedChange, ...]
    findings: tuple[str, ...]

    @property
    def alternatives(self) -> tuple[ExplainedReading, ...]:
        """The readings that differ from the one that counts."""
        return tuple(r for r in self.readings if not r.counts)


def explain(data: Json, table: int, row: int, col: int) -> Explanation:
    """The explanation of the cell that covers (row, col) of a table; all count from 0. LookupError when there is none,
    its text saying what there is."""
    tables = data["tables"]
    if not 0 <= table < len(tables):
        raise LookupError(f"there is no table {table + 1}; this document has {len(tables)}")
    grid = tables[table]
    cell = cell_at(grid, row, col)
    if cell is None:
        raise LookupError(f"there is no cell {row + 1}, {col + 1}; the table has {grid['n_rows']} x {grid['n_cols']}")
    place = _place(table, cell)
    ref = [table, cell["row"], cell["col"]]
    return Explanation(
        source_name=data["document"]["source_name"],
        sha256=data["document"]["sha256"],
        table_title=" ".join(f"{grid['label']} {grid['title']}".split()),
        table_kind=grid["kind"],
        unit=grid["unit"],
        place=place,
        neighbours=tuple(_neighbours(table, grid, cell)),
        row_name=row_name(grid, cell),
        column_name=column_name(grid, cell),
        text=cell["text"],
        ocr_text=cell["ocr_text"],
        value=cell["value"] or "",
        confidence=cell["confidence"],
        verdict=cell["verdict"] or "",
        doubts=tuple(cell.get("doubts", ())),
        readings=tuple(_readings(cell)),
        checks=tuple(_check(c, tables, ref) for c in data["checks"] if ref in c["cells"]),
        changes=tuple(_changes(data, ref)),
        findings=tuple(f["message"] for f in data["findings"] if not f["success"] and ref in f["cells"]),
    )


def cell_at(grid: Json, row: int, col: int) -> Json | None:
    """The cell of a table that covers a slot."""
    return next((c for c in grid["cells"] if _covers(c, row, col)), None)


def _covers(cell: Json, row: int, col: int) -> bool:
    across = cell["col"] <= col < cell["col"] + cell["colspan"]
    return bool(across and cell["row"] <= row < cell["row"] + cell["rowspan"])


def row_name(grid: Json, cell: Json) -> str:
    """The words in the row of a cell that name it: code and name, of its own half in a double table."""
    figures = {c["col"] for c in grid["cells"] if c["verdict"] is not None}
    left = [c for c in grid["cells"] if c["col"] < cell["col"] and _covers(c, cell["row"], c["col"])]
    names: list[str] = []
    for other in sorted(left, key=lambda c: -int(c["col"])):
        if other["col"] in figures and names:
            break
        if other["col"] not in figures and other["text"].strip() and not _is_ordinal(grid, other):
            names.insert(0, _line(other["text"]))
    return " ".join(names)


def _is_ordinal(grid: Json, cell: Json) -> bool:
    """Whether a cell stands in a column that only numbers the rows (行次)."""
    heads = {normalise(head) for head in column_name(grid, cell).split(" / ")}
    return any(heads & set(load_catalogue(name).words["ordinal_words"]) for name in catalogue_names())


def column_name(grid: Json, cell: Json) -> str:
    """The header texts above a cell, outermost first."""
    above = [c for c in grid["cells"] if c["row"] < grid["n_header_rows"] and c["row"] < cell["row"]]
    heads = sorted((c for c in above if c["col"] <= cell["col"] < c["col"] + c["colspan"]), key=lambda c: c["row"])
    return " / ".join(dict.fromkeys(_line(c["text"]) for c in heads if c["text"].strip()))


def _neighbours(table: int, grid: Json, cell: Json) -> Iterator[Place]:
    """The cells of the row, and of the two above and below, on the same page."""
    for other in grid["cells"]:
        is_near = cell["row"] - 2 <= other["row"] <= cell["row"] + cell["rowspan"] + 1
        if is_near and other["page_number"] == cell["page_number"] and other["rowspan"] <= 2 + cell["rowspan"]:
            yield _place(table, other)


def _place(table: int, cell: Json) -> Place:
    x0, y0, x1, y1 = cell["bbox_pt"]
    return Place(table, cell["row"], cell["col"], cell["page_number"], (x0, y0, x1, y1))


def _readings(cell: Json) -> Iterator[ExplainedReading]:
    for reading in cell.get("readings", ()):
        same = _bare(reading["text"]) == _bare(cell["text"])
        yield ExplainedReading(reading["text"], reading["confidence"], reading["source"], same)


def _check(check: Json, tables: list[Json], ref: list[int]) -> ExplainedCheck:
    return ExplainedCheck(
        check["identity"],
        check["statement"],
        check["verdict"],
        check["residual"] or "",
        check["tolerance"] or "",
        check["reason"],
        tuple(_term(term, tables, ref) for term in check["terms"]),
    )


def _term(term: Json, tables: list[Json], ref: list[int]) -> ExplainedTerm:
    coefficient, value = term["coefficient"], term["value"] or ""
    if term["cell"] is None:
        return ExplainedTerm(None, "", "", coefficient, value, False)
    table, row, col = term["cell"]
    cell = cell_at(tables[table], row, col)
    if cell is None:
        return ExplainedTerm(None, "", "", coefficient, value, False)
    names = (row_name(tables[table], cell), column_name(tables[table], cell))
    name = " · ".join(n for n in names if n)
    return ExplainedTerm(_place(table, cell), name, _line(cell["text"]), coefficient, value, term["cell"] == ref)


def _changes(data: Json, ref: list[int]) -> Iterator[ExplainedChange]:
    for key, applied in (("corrections", True), ("suggestions", False)):
        for change_set in data.get(key, ()):
            for change in change_set["changes"]:
                if change["cell"] == ref:
                    yield ExplainedChange(
                        change["read"], change["proposed"], change["evidence"], tuple(change_set["closes"]),
                        len(change_set["changes"]) - 1, change_set["reason"], applied,
                    )  # fmt: skip


def _line(text: str) -> str:
    return " ".join(text.split())


def _bare(text: str) -> str:
    return "".join(text.split())
