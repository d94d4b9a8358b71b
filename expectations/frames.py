"""What is known of a document, laid out as the data frames that the suites run over.

Every frame has the columns ``table_index, row, col`` of the cell a row speaks of (-1 where it speaks of none), so
that a failing row always leads back to its cell, and ``scope``: the table a suite is run on, -1 for the document. An expectation names its frame in ``meta.frame``:

table      one row: kind, title, label, unit, n_rows, n_cols, n_figures, identities (those evaluated, spaced), coverage
cells      one row per cell: row_stop, col_stop, part (header, body), role, text (NFKC, no white space), confidence,
           doubts (spaced), is_figure, verdict, blankness, in_amount_column, page_number
amounts    those cells that hold, or ought to hold, an amount, with code, name, measure and unit
codes      those cells that hold a classification code or a part of one, with the whole code, the name beside it, how
           the two agree (`codes.Agreement`) and the dictionary's nearest entries
labels     all other cells
checks     one row per term of an identity: check_index, identity, verdict, cell_verdict, statement, page_number
document   one row: kind, organisation, fiscal_year, n_pages, n_tables, n_figures, n_evaluated, coverage
pages      one row per page: page_number, failures (codes, spaced), notes
tables     the ``table`` rows of all tables

A table suite sees its own rows; the document suite sees ``amounts`` of all tables and, in ``checks``, the identities
that join tables or touch no table. pandas is imported when a frame is built, not before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.catalogue.loader import Catalogue, load_catalogue
from expectations.codes import check_code
from expectations.naming import Naming
from expectations.values import CellRef, CellVerdict, Check, CheckVerdict, Fact, SuiteInput
from layout.values import Blankness, Cell, Role, Table

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
Frames = Mapping[str, "pd.DataFrame"]

DOCUMENT_SCOPE = -1
NO_CELL = {"table_index": -1, "row": -1, "col": -1}
CHECKED = (CellVerdict.PROVEN, CellVerdict.CONSISTENT, CellVerdict.CORRECTED, CellVerdict.SOURCE_INCONSISTENT)
CONFIRMED = (CellVerdict.PROVEN, CellVerdict.CONSISTENT, CellVerdict.CORRECTED)
HEADERS = (Role.COLUMN_HEADER, Role.SECTION_HEADER)
COLUMNS = {
    "table": "table_index row col kind title label unit n_rows n_cols n_figures n_implied identities coverage confirmed",
    "cells": "table_index row col row_stop col_stop part role text confidence doubts is_figure verdict "
    "blankness in_amount_column page_number",
    "amounts": "table_index row col text confidence doubts verdict blankness code name measure unit page_number",
    "codes": "table_index row col code name agreement nearest text confidence doubts verdict page_number",
    "labels": "table_index row col text confidence doubts verdict page_number",
    "checks": "table_index row col check_index identity verdict cell_verdict statement page_number",
    "document": "table_index row col kind organisation fiscal_year n_pages n_tables n_figures n_evaluated coverage",
    "pages": "table_index row col page_number failures notes",
}
COLUMNS["tables"] = COLUMNS["table"]
TABLE_FRAMES = ("table", "cells", "amounts", "codes", "labels", "checks")
DOCUMENT_FRAMES = ("document", "pages", "tables", "amounts", "checks")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of each cell, by its reference."""

    facts: Mapping[CellRef, Fact]
    verdicts: Mapping[CellRef, CellVerdict]
    year: int | None = None


def plain(text: str) -> str:
    """``text`` after NFKC, without white space: letter-spaced and full-width print compare as one."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def table_frames(suite_input: SuiteInput, table_index: int) -> Frames:
    """The frames of one table, by name (TABLE_FRAMES)."""
    known = _known(suite_input)
    catalogue = load_catalogue(suite_input.identity.disclosure)
    cells = _cell_rows(suite_input.document.tables[table_index], table_index, known, catalogue)
    checks = [
        (i, check) for i, check in enumerate(suite_input.checks) if _tables_of(check) == {table_index}
    ]  # index within the document, so that one identity stays one whatever frame it is in
    rows = {
        "table": [_table_row(suite_input, table_index)],
        "cells": cells,
        "amounts": [row for row in cells if row["is_figure"] or row["blankness"]],
        "codes": [row for row in cells if row["is_code"]],
        "labels": [row for row in cells if not (row["is_figure"] or row["blankness"] or row["is_code"])],
        "checks": _term_rows(checks, known),
    }
    return {name: _frame(name, rows[name], table_index) for name in TABLE_FRAMES}


def document_frames(suite_input: SuiteInput) -> Frames:
    """The frames of the whole document, by name (DOCUMENT_FRAMES)."""
    known = _known(suite_input)
    tables = suite_input.document.tables
    catalogue = load_catalogue(suite_input.identity.disclosure)
    cells = [row for i, table in enumerate(tables) for row in _cell_rows(table, i, known, catalogue)]
    checks = [(i, check) for i, check in enumerate(suite_input.checks) if len(_tables_of(check)) != 1]
    rows = {
        "document": [_document_row(suite_input)],
        "pages": _page_rows(suite_input),
        "tables": [_table_row(suite_input, i) for i in range(len(tables))],
        "amounts": [row for row in cells if row["is_figure"] or row["blankness"]],
        "checks": _term_rows(checks, known),
    }
    return {name: _frame(name, rows[name], DOCUMENT_SCOPE) for name in DOCUMENT_FRAMES}


def _frame(name: str, rows: list[Row], scope: int) -> pd.DataFrame:
    import pandas as pd

    columns = COLUMNS[name].split()
    return pd.DataFrame([[scope, *(row[column] for column in columns)] for row in rows], columns=["scope", *columns])


def _known(suite_input: SuiteInput) -> _Known:
    facts = {fact.cell: fact for fact in suite_input.facts}
    return _Known(facts, dict(suite_input.verdicts), suite_input.identity.fiscal_year)


def _tables_of(check: Check) -> set[int]:
    return {term.cell.table_index for term in check.terms if term.cell is not None}


def _cell_rows(table: Table, table_index: int, known: _Known, catalogue: Catalogue) -> list[Row]:
    codes, split = _code_columns(table, catalogue)
    amounts = _amount_columns(table, table_index, known)
    mine = [fact for fact in known.facts.values() if fact.cell.table_index == table_index]
    whole = {fact.cell.row: fact.code for fact in mine}
    coded = {(fact.cell.row, fact.code): fact for fact in mine if fact.code_system}
    rows = [_cell_row(table, table_index, cell, known) for cell in table.cells]
    for row, cell in zip(rows, table.cells, strict=True):
        col, header = cell.span.col, row["part"] == "header" or cell.role in HEADERS
        alone = not header and cell.span.colspan == 1
        row["in_amount_column"] = alone and col in amounts
        row["is_code"] = alone and col in codes | split and any(c.isdigit() for c in row["text"])
        if row["is_code"]:
            row["code"] = whole.get(cell.span.row, "") if col in split else _leading_code(row["text"])
            row |= _agreement(coded.get((cell.span.row, row["code"])), known.year, catalogue)
    return rows


def _agreement(fact: Fact | None, year: int | None, catalogue: Catalogue) -> Row:
    """What code and name of a row say of each other; nothing where no figure stands beside them."""
    if fact is None:
        return {"name": "", "agreement": "", "nearest": ""}
    check = check_code(fact.code_system, fact.code, fact.name, year, catalogue)
    nearest = ", ".join(check.nearest)
    return {"name": fact.name, "agreement": check.agreement.value, "nearest": nearest}


def _cell_row(table: Table, table_index: int, cell: Cell, known: _Known) -> Row:
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


def _amount_columns(table: Table, table_index: int, known: _Known) -> set[int]:
    """Columns of which most cells that hold anything hold an amount."""
    texts: dict[int, list[bool]] = {}
    for cell in table.cells:
        if cell.span.row >= table.n_header_rows and cell.span.colspan == 1 and cell.text.strip():
            fact = known.facts.get(CellRef(table_index, cell.span.row, cell.span.col))
            is_amount = fact is not None and fact.blankness is not Blankness.TEXT
            texts.setdefault(cell.span.col, []).append(is_amount)
    return {col for col, amounts in texts.items() if 2 * sum(amounts) > len(amounts)}


def _table_row(suite_input: SuiteInput, table_index: int) -> Row:
    table = suite_input.document.tables[table_index]
    verdicts = [verdict for ref, verdict in suite_input.verdicts if ref.table_index == table_index]
    facts = [fact for fact in suite_input.facts if fact.cell.table_index == table_index]
    figures = {ref for ref, _ in suite_input.verdicts if ref.table_index == table_index}
    figures |= {fact.cell for fact in facts if fact.amount is not None}
    evaluated = {
        check.identity
        for check in suite_input.checks
        if check.verdict is not CheckVerdict.NOT_EVALUATED and table_index in _tables_of(check)
    }
    return {
        **NO_CELL,
        "table_index": table_index,
        "kind": suite_input.kinds[table_index],
        "title": table.title,
        "label": table.label,
        "unit": _printed_unit(suite_input, facts) if facts else table.unit,
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "n_figures": len(figures),
        "n_implied": len(figures) if table.implied else 0,
        "identities": " ".join(sorted(evaluated)),
        "coverage": _coverage(verdicts),
        "confirmed": _coverage(verdicts, CONFIRMED),
    }


def _printed_unit(suite_input: SuiteInput, facts: Sequence[Fact]) -> str:
    """The unit of a table's figures where it is printed with them and known; '' where it is that of other tables, or none."""
    naming = Naming(suite_input.document, suite_input.identity)
    units = load_catalogue(suite_input.identity.disclosure).units
    return next((fact.unit for fact in facts if fact.unit in units and naming.is_unit_printed(fact)), "")


def _coverage(verdicts: Iterable[CellVerdict], among: Container[CellVerdict] = CHECKED) -> float:
    """Share of figures under an identity, or with a verdict ``among`` these; 1.0 where there is no figure."""
    seen = [verdict in among for verdict in verdicts]
    return sum(seen) / len(seen) if seen else 1.0


def _document_row(suite_input: SuiteInput) -> Row:
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


def _page_rows(suite_input: SuiteInput) -> list[Row]:
    return [
        {
            **NO_CELL,
            "page_number": page.page_number,
            "failures": " ".join(failure.code for failure in page.failures),
            "notes": " ".join(page.notes),
        }
        for page in suite_input.document.pages
    ]


def _term_rows(checks: Iterable[tuple[int, Check]], known: _Known) -> list[Row]:
    return [row for index, check in checks for row in _rows_of_check(index, check, known)]


def _rows_of_check(index: int, check: Check, known: _Known) -> list[Row]:
    shared = {
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
