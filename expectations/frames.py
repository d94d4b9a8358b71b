"""What is known of a document, laid out as the rows that the suites run over.

Every row has the columns ``table_index, row, col`` of the cell it speaks of (-1 where it speaks of none), so that a
failing row always leads back to its cell. A `Scope` holds the rows that suites are run on: one table's, or the
document's (index -1). An expectation names its frame, some of those rows, in ``meta.frame``:

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
that join tables or touch no table. Rows are made when they are asked for, and nothing keeps them: those of a document
of a thousand pages never lie here all at once. `together` puts pieces of scopes in one data frame, each row once, for
our own expectations; `library_frame` is one frame of one scope as any data frame. pandas is imported there, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from expectations.frame_rows import (
    DOCUMENT_SCOPE,
    FRAMES,
    Indexed,
    Row,
    cell_rows,
    document_row,
    known_of,
    known_of_terms,
    page_rows,
    table_row,
    term_rows,
)

if TYPE_CHECKING:
    import pandas as pd

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
SCOPE, SUITES = "scope", "suites"
_CHECKS_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """What some suites are run on. pieces: makes its rows anew, each once, whatever frames it is in (spaced, in FRAMES).

    Rows that are looked at together are in one piece: all of a table; of the document, those of one identity.
    """

    index: int
    suites: tuple[str, ...]
    n_figures: int
    pieces: Callable[[], Iterable[Sequence[Row]]]


def table_scope(indexed: Indexed, table_index: int, suites: tuple[str, ...]) -> Scope:
    """One table (TABLE_FRAMES)."""
    table = table_row(indexed, table_index)
    return Scope(table_index, suites, table["n_figures"], partial(_table_pieces, indexed, table_index, table))


def _table_pieces(indexed: Indexed, table_index: int, table: Row) -> Iterator[Sequence[Row]]:
    known = known_of(indexed, table_index)
    yield [
        {FRAMES: "table", **table},
        *cell_rows(indexed.suite_input.document.tables[table_index], table_index, known, indexed.catalogue),
        *term_rows(indexed.checks.numbered(table_index), known),
    ]


def document_scope(indexed: Indexed, suites: tuple[str, ...], frames: Container[str]) -> Scope:
    """The whole document (DOCUMENT_FRAMES), its ``amounts``, which are many, only where asked for."""
    document = document_row(indexed.suite_input)
    wants_amounts = "amounts" in frames
    return Scope(
        DOCUMENT_SCOPE, suites, document["n_figures"], partial(_document_pieces, indexed, document, wants_amounts)
    )


def _document_pieces(indexed: Indexed, document: Row, wants_amounts: bool) -> Iterator[Sequence[Row]]:
    tables = indexed.suite_input.document.tables
    yield [{FRAMES: "document", **document}, *page_rows(indexed.suite_input)]
    yield [{FRAMES: "tables", **table_row(indexed, i)} for i in range(len(tables))]
    for i, table in enumerate(tables if wants_amounts else ()):
        cells = cell_rows(table, i, known_of(indexed, i), indexed.catalogue)
        yield [{**row, FRAMES: "amounts"} for row in cells if "amounts" in row[FRAMES].split()]
    checks = indexed.checks.numbered(DOCUMENT_SCOPE)
    while some := tuple(islice(checks, _CHECKS_AT_A_TIME)):
        yield term_rows(some, known_of_terms(indexed, (check for _, check in some)))


def together(pieces: Iterable[tuple[Scope, Sequence[Row]]]) -> pd.DataFrame:
    """All rows of these in one frame, whose columns are those of all frames; None where a row has none.

    SCOPE and SUITES say whose rows they are and what is to be run on them, FRAMES which frames each is in.
    """
    import pandas as pd

    columns = (FRAMES, *dict.fromkeys(name for names in COLUMNS.values() for name in names.split()))
    rows = [
        [scope.index, " ".join(scope.suites), *(row.get(column) for column in columns)]
        for scope, piece in pieces
        for row in piece
    ]
    return pd.DataFrame(rows, columns=[SCOPE, SUITES, *columns], dtype=object)


def library_frame(scope: Scope, name: str) -> pd.DataFrame:
    """One frame of one scope, its columns of whatever type their values are."""
    import pandas as pd

    columns = COLUMNS[name].split()
    rows = (row for piece in scope.pieces() for row in piece if name in row[FRAMES].split())
    found = [[scope.index, *(row[column] for column in columns)] for row in rows]
    return pd.DataFrame(found, columns=[SCOPE, *columns])
