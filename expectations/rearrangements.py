"""What a reviewer is told of rows and columns: a row read twice, a row lost, a column of figures one place aside.

None of these is ever done without a person: a grid that went wrong has more wrong with it than sums can show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from expectations.by_table import tables_of
from expectations.known import Known, sums_inside, with_figures
from expectations.repair import changed, newly_closed
from expectations.structure import DOUBLED
from expectations.values import CellRef, Change, Check, DocumentTables, RepairKind, Suggestion
from expectations.verdicts import FAILING
from layout.amounts import parse_amount

_REASON = "rows and columns are never rearranged without a person"
#: Rows of a column that fail before it is thought to be in the wrong place.
_ROWS = 2


def suggest_rearrangements(known: Known) -> tuple[Suggestion, ...]:
    """In order: rows doubled or lost, as the structure of the tables says, then columns that close sums when moved."""
    return (*map(_of_rows, known.structural), *_shifted(known))


def _of_rows(check: Check) -> Suggestion:
    if check.identity != DOUBLED:
        return Suggestion(RepairKind.ROW_LOST, (), (check.statement,), 0.5, _REASON)
    refs = [t.cell for t in check.terms if t.cell is not None]
    last = max(ref.row for ref in refs)
    changes = tuple(
        Change(t.cell, str(t.value), "", "the row above is the same")
        for t in check.terms
        if t.cell is not None and t.cell.row == last
    )
    return Suggestion(RepairKind.ROW_DOUBLED, changes, (check.statement,), 0.5, _REASON)


def _shifted(known: Known) -> Iterator[Suggestion]:
    n_failing = Counter(table for c in known.sums if c.verdict in FAILING for table in tables_of(c))
    for (table, col), rows in _failing_rows(known).items():
        for other in (col - 1, col + 1) if len(rows) >= _ROWS else ():
            texts = _moved(known, table, col, other)
            if not texts:
                continue
            document = changed(known.document, texts)
            if not _may_close(known, document, table, n_failing[table] - len(rows)):
                continue
            after = with_figures(known, document)
            if _n_failing(after) + len(rows) <= _n_failing(known):
                changes = tuple(
                    Change(ref, known.cell(ref).text, text, f"column {col} moved to {other}")
                    for ref, text in texts.items()
                )
                closes = tuple(c.statement for c in newly_closed(known, after))
                yield Suggestion(RepairKind.COLUMNS_SHIFTED, changes, closes, 0.5, _REASON)


def _may_close(known: Known, document: DocumentTables, table: int, n_most: int) -> bool:
    """Whether enough sums could close: of all failing ones of the table those stay at least that fail inside it after the
    change, and they may be ``n_most``. A look at the whole document is dear, and a long one with many failing tables
    would be looked at as often as it has them."""
    return sum(c.verdict in FAILING for c in sums_inside(known, document, table)) <= n_most


def _failing_rows(known: Known) -> dict[tuple[int, int], set[int]]:
    """(table, column) -> rows whose printed figures in it stand in failing sums of tables; the text may say anything."""
    found: dict[tuple[int, int], set[int]] = {}
    for check in known.sums:
        is_of_tables = all(term.cell is not None for term in check.terms)
        for term in check.terms if check.verdict in FAILING and is_of_tables else ():
            if term.cell is not None and term.value:
                found.setdefault((term.cell.table_index, term.cell.col), set()).add(term.cell.row)
    return found


def _moved(known: Known, table: int, col: int, other: int) -> dict[CellRef, str]:
    """The texts of both columns with the figures of one in the other; empty where that one prints anything."""
    slots, grid = known.slots[table], known.document.tables[table]
    texts: dict[CellRef, str] = {}
    for row in range(grid.n_header_rows, grid.n_rows):
        here, there = slots.get((row, col)), slots.get((row, other))
        if here is None or there is None or not here.text.strip():
            continue
        if (
            there.text.strip()
            or here.span.colspan > 1
            or there.span.colspan > 1
            or parse_amount(here.text).value is None
        ):
            return {}
        texts |= {CellRef(table, row, col): "", CellRef(table, row, other): here.text}
    return texts


def _n_failing(known: Known) -> int:
    return sum(c.verdict in FAILING for c in known.sums)
