"""Rows that the layouts of most places share: code trees, totals, halves side by side."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.values import DocumentTables
from layout.values import Table
from ocr.values import TextSource
from tests.expectations.books import NAMES, Print, tree, under
from tests.expectations.documents import a_document

Rows = list[tuple[str, ...]]
Columns = Sequence[dict[str, int]]


def coded(
    columns: Columns, show: Print, *, leaves: Sequence[str] = (), split: bool = False, glued: bool = False
) -> Rows:
    """One row per code of the tree, one figure per column."""
    rows: Rows = []
    for code in tree(leaves or sorted({c for col in columns for c in col if col[c]})):
        figures = tuple(show(under(col, code)) for col in columns)
        if split:
            parts = (code[:3], code[3:5], code[5:7])
            rows.append((*parts, NAMES[code], *figures))
        else:
            rows.append(((f"{code}{NAMES[code]}",) if glued else (code, NAMES[code])) + figures)
    return rows


def total_of(columns: Columns, show: Print, *labels: str) -> tuple[str, ...]:
    return (*labels, *(show(sum(col.values())) for col in columns))


def side_by_side(left: Rows, right: Rows) -> Rows:
    n = max(len(left), len(right))
    blank_l, blank_r = ("",) * len(left[0]), ("",) * len(right[0])
    left, right = left + [blank_l] * (n - len(left)), right + [blank_r] * (n - len(right))
    return [(*a, *b) for a, b in zip(left, right, strict=True)]


def class_rows(leaves: dict[str, int], show: Print, numbered: bool = True) -> Rows:
    numbers = "一二三四五六七八九十"
    codes = sorted({c[:3] for c in leaves})
    return [
        (f"{numbers[i]}、{NAMES[c]}" if numbered else NAMES[c], show(under(leaves, c))) for i, c in enumerate(codes)
    ]


def an_office(year: int, *tables: Table, source: TextSource) -> DocumentTables:
    return a_document(*tables, headings=(f"某市发展研究中心{year}年部门预算",), source=source)
