"""What is known of a document, by table, and the rows that `frames` lays out: of cells, tables, pages and checks."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations.by_table import ByTable, facts_by_table, tables_of, verdicts_by_table
from expectations.catalogue.loader import Catalogue, load_catalogue
from expectations.codes import check_code
from expectations.naming import Naming
from expectations.values import CellRef, CellVerdict, Check, CheckVerdict, Fact, SuiteInput
from layout.values import Blankness, Cell, Role, Table

Row = dict[str, Any]

DOCUMENT_SCOPE = -1
FRAMES = "frames"
NO_CELL = {"table_index": -1, "row": -1, "col": -1}
CHECKED = (CellVerdict.PROVEN, CellVerdict.CONSISTENT, CellVerdict.CORRECTED, CellVerdict.SOURCE_INCONSISTENT)
CONFIRMED = (CellVerdict.PROVEN, CellVerdict.CONSISTENT, CellVerdict.CORRECTED)
HEADERS = (Role.COLUMN_HEADER, Role.SECTION_HEADER)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document's facts, verdicts and checks by table, so that no table's rows need a look at all of them.

    checks: those of one table alone, with their index in the document; evaluated: identities that touch a table.
    """

    suite_input: SuiteInput
    catalogue: Catalogue
    facts: ByTable[Fact]
    verdicts: ByTable[tuple[CellRef, CellVerdict]]
    checks: ByTable[Check]
    evaluated: Mapping[int, Collection[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of each cell, by its reference."""

    facts: Mapping[CellRef, Fact]
    verdicts: Mapping[CellRef, CellVerdict]
    year: int | None = None


def plain(text: str) -> str:
    """``text`` after NFKC, without white space: letter-spaced and full-width print compare as one."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def index_document(suite_input: SuiteInput) -> Indexed:
    """The same by table; checks that join tables, or touch none, stand under DOCUMENT_SCOPE."""
    evaluated: defaultdict[int, set[str]] = defaultdict(set)
    for check in suite_input.checks:
        for table_index in tables_of(check) if check.verdict is not CheckVerdict.NOT_EVALUATED else ():
            evaluated[table_index].add(check.identity)
    return Indexed(
        suite_input,
        load_catalogue(suite_input.identity.disclosure),
        facts_by_table(suite_input.facts),
        verdicts_by_table(suite_input.verdicts),
        ByTable(suite_input.checks, lambda check: (_scope(tables_of(check)),)),
        evaluated,
    )


def _scope(tables: set[int]) -> int:
    return min(tables) if len(tables) == 1 else DOCUMENT_SCOPE


def known_of(indexed: Indexed, table: int) -> Known:
    """What is known of the cells of a table."""
    facts = {fact.cell: fact for fact in indexed.facts[table]}
    return Known(facts, dict(indexed.verdicts[table]), indexed.suite_input.identity.fiscal_year)


def known_of_terms(indexed: Indexed, checks: Iterable[Check]) -> Known:
    """What is known of the cells that stand in these, in however many tables; one of them is looked at at a time."""
    wanted: defaultdict[int, set[CellRef]] = defaultdict(set)
    for ref in (term.cell for check in checks for term in check.terms):
        if ref is not None:
            wanted[ref.table_index].add(ref)
    facts = {f.cell: f for table in sorted(wanted) for f in indexed.facts[table] if f.cell in wanted[table]}
    verdicts = {ref: v for table in sorted(wanted) for ref, v in indexed.verdicts[table] if ref in wanted[table]}
    return Known(facts, verdicts, indexed.suite_input.identity.fiscal_year)


def cell_rows(table: Table, table_index: int, known: Known, catalogue: Catalogue) -> list[Row]:
    codes, split = _code_columns(table, catalogue)
    amounts = _amount_columns(table, table_index, known)
    whole = {fact.cell.row: fact.code for fact in known.facts.values()}
    coded = {(fact.cell.row, fact.code): fact for fact in known.facts.values() if fact.code_system}
    rows = [_cell_row(table, table_index, cell, known) for cell in table.cells]
    for row, cell in zip(rows, table.cells, strict=True):
        col, header = cell.span.col, row["part"] == "header" or cell.role in HEADERS
        alone = not header and cell.span.colspan == 1
        row["in_amount_column"] = alone and col in amounts
        is_code = alone and col in codes | split and any(c.isdigit() for c in row["text"])
        if is_code:
            row["code"] = whole.get(cell.span.row, "") if col in split else _leading_code(row["text"])
            row |= _agreement(coded.get((cell.span.row, row["code"])), known.year, catalogue)
        is_amount = bool(row["is_figure"] or row["blankness"])
        row[FRAMES] = " ".join(
            ["cells", *["amounts"] * is_amount, *["codes"] * is_code, *["labels"] * (not is_amount and not is_code)]
        )
    return rows


def _agreement(fact: Fact | None, year: int | None, catalogue: Catalogue) -> Row:
    """What code and name of a row say of each other; nothing where no figure stands beside them."""
    if fact is None:
        return {"name": "", "agreement": "", "nearest": ""}
    check = check_code(fact.code_system, fact.code, fact.name, year, catalogue)
    nearest = ", ".join(check.nearest)
    return {"name": fact.name, "agreement": check.agreement.value, "nearest": nearest}


def _cell_row(table: Table, table_index: int, cell: Cell, known: Known) -> Row:
    ref = CellRef(table_index, cell.span.row, cell.span.col)
    fact, verdict = known.facts.get(ref), known.verdicts.get(ref)
    return {
        "table_index": table_index,
        "row": ref.row,
        "col": ref.col,
        "page_number": cell.page_number,
        "row_stop": cell.span.row_stop,
        "col_stop": cell.span.col_stop,
        "part": "header" if cell.span.row < table.n_header_rows else "body",
        "role": cell.role.value,
        "text": plain(cell.text),
        "confidence": cell.confidence,
        "doubts": " ".join(doubt.value for doubt in cell.doubts),
        "is_figure": verdict is not None or (fact is not None and fact.amount is not None),
        "verdict": verdict.value if verdict else "",
        "blankness": fact.blankness.value if fact else "",
        "code": fact.code if fact else "",
        "name": fact.name if fact else "",
        "measure": fact.measure if fact else "",
        "unit": fact.unit if fact else table.unit,
    }


def _leading_code(text: str) -> str:
    """The code at the head of 30207邮电费: everything before the first character that no code is printed with."""
    match = re.match(r"[0-9A-Za-z.|]+", text)
    return match.group() if match else text


def _header(table: Table, col: int) -> tuple[str, ...]:
    cells = (c for c in table.cells if c.span.row < table.n_header_rows and c.span.col <= col < c.span.col_stop)
    return tuple(plain(cell.text) for cell in sorted(cells, key=lambda c: c.span))


def _code_columns(table: Table, catalogue: Catalogue) -> tuple[set[int], set[int]]:
    """Columns headed as codes that hold whole codes, and those of a code split over several."""
    headers = {col: _header(table, col) for col in range(table.n_cols)}
    pattern = catalogue.headers.code_column
    named = {col for col, header in headers.items() if any(pattern.search(text) for text in header)}
    split = {col for col in named if headers[col][-1] in catalogue.words["split_code_words"]}
    # The parts may be named in a row below the header: then one heading stands over them all.
    heads = [c for c in table.cells if c.span.row < table.n_header_rows and pattern.search(plain(c.text))]
    split |= {col for c in heads if c.span.colspan > 1 for col in range(c.span.col, c.span.col_stop)}
    return named - split, split


def _amount_columns(table: Table, table_index: int, known: Known) -> set[int]:
    """Columns of which most cells that hold anything hold an amount."""
    texts: dict[int, list[bool]] = {}
    for cell in table.cells:
        if cell.span.row >= table.n_header_rows and cell.span.colspan == 1 and cell.text.strip():
            fact = known.facts.get(CellRef(table_index, cell.span.row, cell.span.col))
            is_amount = fact is not None and fact.blankness is not Blankness.TEXT
            texts.setdefault(cell.span.col, []).append(is_amount)
    return {col for col, amounts in texts.items() if 2 * sum(amounts) > len(amounts)}


def table_row(indexed: Indexed, table_index: int) -> Row:
    suite_input = indexed.suite_input
    table, facts = suite_input.document.tables[table_index], indexed.facts[table_index]
    given = indexed.verdicts[table_index]
    verdicts = [verdict for _, verdict in given]
    figures = {ref for ref, _ in given} | {fact.cell for fact in facts if fact.amount is not None}
    return {
        **NO_CELL,
        "table_index": table_index,
        "kind": suite_input.kinds[table_index],
        "title": table.title,
        "label": table.label,
        "unit": _printed_unit(indexed, facts) if facts else table.unit,
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "n_figures": len(figures),
        "n_implied": len(figures) if table.implied else 0,
        "identities": " ".join(sorted(indexed.evaluated.get(table_index, ()))),
        "coverage": _coverage(verdicts),
        "confirmed": _coverage(verdicts, CONFIRMED),
    }


def _printed_unit(indexed: Indexed, facts: Sequence[Fact]) -> str:
    """The unit of a table's figures where it is printed with them and known; '' where it is that of other tables, or none."""
    naming = Naming(indexed.suite_input.document, indexed.suite_input.identity)
    units = indexed.catalogue.units
    return next((fact.unit for fact in facts if fact.unit in units and naming.is_unit_printed(fact)), "")


def _coverage(verdicts: Iterable[CellVerdict], among: Container[CellVerdict] = CHECKED) -> float:
    """Share of figures under an identity, or with a verdict ``among`` these; 1.0 where there is no figure."""
    seen = [verdict in among for verdict in verdicts]
    return sum(seen) / len(seen) if seen else 1.0


def document_row(suite_input: SuiteInput) -> Row:
    identity = suite_input.identity
    return {
        **NO_CELL,
        "kind": identity.kind,
        "organisation": identity.organisation,
        "fiscal_year": "" if identity.fiscal_year is None else str(identity.fiscal_year),
        "n_pages": len(suite_input.document.pages),
        "n_tables": len(suite_input.document.tables),
        "n_figures": len(suite_input.verdicts),
        "n_evaluated": sum(check.verdict is not CheckVerdict.NOT_EVALUATED for check in suite_input.checks),
        "coverage": _coverage(verdict for _, verdict in suite_input.verdicts),
    }


def page_rows(suite_input: SuiteInput) -> list[Row]:
    return [
        {
            FRAMES: "pages",
            **NO_CELL,
            "page_number": page.page_number,
            "failures": " ".join(failure.code for failure in page.failures),
            "notes": " ".join(page.notes),
        }
        for page in suite_input.document.pages
    ]


def term_rows(checks: Iterable[tuple[int, Check]], known: Known) -> list[Row]:
    return [row for index, check in checks for row in _rows_of_check(index, check, known)]


def _rows_of_check(index: int, check: Check, known: Known) -> list[Row]:
    shared = {
        FRAMES: "checks",
        "check_index": index,
        "identity": check.identity,
        "verdict": check.verdict.value,
        "statement": check.statement,
    }
    rows = [
        {
            **shared,
            "table_index": ref.table_index,
            "row": ref.row,
            "col": ref.col,
            "cell_verdict": known.verdicts[ref].value if ref in known.verdicts else "",
            "page_number": known.facts[ref].page_number if ref in known.facts else 0,
        }
        for ref in (term.cell for term in check.terms)
        if ref is not None
    ]
    return rows or [{**NO_CELL, **shared, "cell_verdict": "", "page_number": 0}]
