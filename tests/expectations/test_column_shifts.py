"""A column read one place aside in one of two tables that are summed together is told, figure by figure.

The tables of two funds print the same columns, and the table of all expenditure their sums, column by column. Where a column
of one fund slips into the next, all of it or from a row on, every sum inside its own table may still hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from expectations.catalogue.loader import load_catalogue
from expectations.gx import run_suites
from expectations.known import know
from expectations.proof import Proof, prove_figures
from expectations.values import CellRef, CellVerdict, CheckVerdict, Severity
from expectations.verdicts import FAILING
from ocr.values import TextSource
from tests.expectations.books import NAMES, added, make_books, printer, tree, under
from tests.expectations.documents import a_document, a_table

HEAD = ("科目编码", "科目名称", "总计", "基本支出", "项目支出")
TITLES = ("部门支出总表", "一般公共预算支出表", "政府性基金预算支出表")
Rows = tuple[tuple[str, ...], ...]
Amounts = dict[str, int]
WAYS: dict[str, tuple[Amounts, Amounts]] = {
    "the fund has projects only": ({}, {}),
    "the fund has both": ({"2120803": 4_321}, {}),
    "there is other money too": ({"2120803": 4_321}, {"2010350": 777, "2050803": 1_234}),
}
"""What the smaller fund spends on staff, and what is spent out of neither fund."""


@cache
def rows_of_each(way: str) -> tuple[Rows, Rows, Rows]:
    """The table of all expenditure and those of the two funds that it sums."""
    books = make_books(7, 10_000)
    of_staff, other = WAYS[way]
    every = (added(books.basic, of_staff), added(books.project, books.gov, other))
    return _rows(*every), _rows(books.basic, books.project), _rows(of_staff, books.gov)


def _rows(basic: Amounts, project: Amounts) -> Rows:
    printed = printer(2)

    def line(first: Sequence[str], code: str) -> tuple[str, ...]:
        b, p = under(basic, code), under(project, code)
        return (*first, printed(b + p), printed(b), printed(p))

    return (HEAD, line(("合计", "<"), ""), *(line((code, NAMES[code]), code) for code in tree((*basic, *project))))


def shifts() -> Iterator[tuple[str, int, int, int, int]]:
    """(way, table of a fund, column, the column it slips into, the row from which it does)."""
    for way in WAYS:
        for table, rows in enumerate(rows_of_each(way)):
            for col, to in ((2, 3), (3, 2), (3, 4), (4, 3)) if table else ():
                slipping = {tuple(moving(rows, col, to, first)): first for first in range(1, len(rows), 4)}
                yield from ((way, table, col, to, first) for refs, first in slipping.items() if refs)


def moving(rows: Rows, col: int, to: int, first: int) -> list[int]:
    """Rows whose figure finds room in the other column."""
    return [r for r in range(first, len(rows)) if rows[r][col] and not rows[r][to]]


def shifted(rows: Rows, col: int, to: int, first: int) -> Rows:
    out = [list(row) for row in rows]
    for r in moving(rows, col, to, first):
        out[r][to], out[r][col] = out[r][col], ""
    return tuple(map(tuple, out))


def proof_of(tables: Sequence[Rows]) -> Proof:
    made = (a_table(rows, title=title) for rows, title in zip(tables, TITLES, strict=True))
    document = a_document(*made, headings=("某局2026年部门预算",), source=TextSource.OCR)
    return prove_figures(know(document, load_catalogue()))


def told_of(proof: Proof) -> set[CellRef]:
    """Cells that are named to who reviews the document."""
    failing = {t.cell for check in proof.known.checks if check.verdict in FAILING for t in check.terms if t.cell}
    return failing | {ref for ref, verdict in proof.known.verdicts if verdict is CellVerdict.SUSPECT}


@pytest.mark.parametrize("way", WAYS)
def test_the_sum_of_two_tables_holds_where_nothing_slipped(way: str) -> None:
    proof = proof_of(rows_of_each(way))
    assert proof.known.kinds == ("B3", "B5", "B8")
    assert sum(c.identity == "X08" and c.verdict is CheckVerdict.HOLDS for c in proof.known.checks) > 40
    assert told_of(proof) == set()


@pytest.mark.parametrize(("way", "table", "col", "to", "first"), shifts())
def test_every_figure_that_slipped_is_told(way: str, table: int, col: int, to: int, first: int) -> None:
    tables = list(rows_of_each(way))
    slipped = moving(tables[table], col, to, first)
    tables[table] = shifted(tables[table], col, to, first)
    proof = proof_of(tables)
    told = told_of(proof)
    assert [row for row in slipped if not {CellRef(table, row, to), CellRef(table, row, col)} & told] == []
    verdicts = dict(proof.known.verdicts)
    assert {verdicts[CellRef(table, row, to)] for row in slipped} == {CellVerdict.SUSPECT}
    assert proof.corrections == ()


@pytest.mark.parametrize("way", WAYS)
def test_a_document_whose_column_slipped_is_not_accepted(way: str) -> None:
    tables = list(rows_of_each(way))
    table = 2 if way == "the fund has projects only" else 1
    tables[table] = shifted(tables[table], *((4, 3) if table == 2 else (3, 4)), 1)
    critical = [f for f in run_suites(proof_of(tables).known) if f.severity is Severity.CRITICAL and not f.success]
    assert critical
