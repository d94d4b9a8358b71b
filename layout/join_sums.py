"""What the sums of two tables say about whether the second is the rest of the first.

A total proves which rows belong to it: one that closes over the rows of both parts and not over its own part alone
joins them; two that each close over their own part keep them apart. Exact decimals; a last printed place may be off by
one, as rounded amounts are. Nothing here knows a budget: only total words, figures and the lengths of codes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from layout.amounts import parse_amount
from layout.headers import ends_as_total, plain_text
from layout.values import Cell, Table

#: A total of fewer digits may close by chance.
LEAST_DIGITS = 3
#: A code whose length is a level; shorter numbers are ordinals (1, 2 … 12).
_CODE = re.compile(r"[(（\[【]?(\d{3,12})[)）\]】]?(?=$|\D)")


class Verdict(StrEnum):
    JOIN = "join"
    PART = "part"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Line:
    """A body row: its first text, the code that leads it ("" without one), its figures by column."""

    label: str
    code: str
    figures: dict[int, Decimal]

    @property
    def is_total(self) -> bool:
        """Whether it is a total of the whole table by its word; 小计 stands below groups."""
        plain = re.sub(r"[\s:：]", "", self.label)
        return not plain.endswith("小计") and ends_as_total(plain)


def judge_sums(first: Table, second: Table, dropped: int) -> Verdict:
    """What the totals say; ``dropped`` are the top rows of ``second`` that are header and not body."""
    upper, lower = body_lines(first, first.n_header_rows), body_lines(second, dropped)
    if not upper or not lower:
        return Verdict.SILENT
    said = {_opening(upper, lower), _closing(upper, lower)}
    if Verdict.PART in said:
        return Verdict.PART
    if Verdict.JOIN in said:
        return Verdict.JOIN
    return Verdict.PART if is_closed_below(upper) else Verdict.SILENT


def body_lines(table: Table, start: int) -> tuple[Line, ...]:
    """The rows from ``start`` on that hold anything."""
    rows: dict[int, list[Cell]] = {}
    for cell in sorted(table.cells, key=lambda c: c.span.col):
        if cell.span.row >= start and cell.text.strip():
            rows.setdefault(cell.span.row, []).append(cell)
    return tuple(_line(cells) for _, cells in sorted(rows.items()))


def is_closed_below(lines: Sequence[Line]) -> bool:
    """Whether the last line is a total that closes over the lines above it: the table is at its end."""
    return len(lines) > 2 and lines[-1].is_total and closes(lines[-1], lines[:-1])


def closes(total: Line, lines: Sequence[Line]) -> bool:
    """Whether the figures of the total are the sums of those lines' upper level, in all columns where it has any.

    Where lines are led by codes, the shortest ones are the upper level; else all lines are. Two addends at least stand
    in one column, and its total has digits enough to mean something.
    """
    addends = _upper_level([line for line in lines if not line.is_total])
    columns = {col for col, value in total.figures.items() if value}
    if not all(_is_sum(total.figures[col], [a.figures[col] for a in addends if col in a.figures]) for col in columns):
        return False
    return any(_tells(total.figures[col], [a.figures.get(col) for a in addends]) for col in columns)


def _line(cells: Sequence[Cell]) -> Line:
    figures = {}
    for cell in cells:
        amount = parse_amount(cell.text)
        if amount.value is not None and not amount.is_percent:
            figures[cell.span.col] = amount.value
    texts = [plain_text(c.text) for c in cells]
    return Line(texts[0], _code(cells), figures)


def _code(cells: Sequence[Cell]) -> str:
    """The digits that lead a row, put together where 类 款 项 stand in columns of their own; "" without."""
    texts = [plain_text(c.text) for c in cells]
    lead = _CODE.match(texts[0])
    if lead is None:
        return ""
    below = itertools.takewhile(lambda t: re.fullmatch(r"\d{2}", t), texts[1:])
    return lead[1] + "".join(below)


def _upper_level(lines: Sequence[Line]) -> list[Line]:
    coded = [line for line in lines if line.code]
    if 2 * len(coded) < len(lines):
        return list(lines)
    shortest = min((len(line.code) for line in coded), default=0)
    return [line for line in coded if len(line.code) == shortest]


def _is_sum(total: Decimal, addends: Sequence[Decimal]) -> bool:
    exponent = total.as_tuple().exponent
    place = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(0)
    return abs(sum(addends, Decimal(0)) - total) <= place


def _tells(total: Decimal, addends: Sequence[Decimal | None]) -> bool:
    return len(total.as_tuple().digits) >= LEAST_DIGITS and sum(bool(a) for a in addends) >= 2


def _opening(upper: Sequence[Line], lower: Sequence[Line]) -> Verdict:
    """A total in the first body row."""
    total = upper[0]
    if not total.is_total:
        return Verdict.SILENT
    return _verdict(closes(total, upper[1:]), closes(total, [*upper[1:], *lower]) and not lower[0].is_total)


def _closing(upper: Sequence[Line], lower: Sequence[Line]) -> Verdict:
    """A total in the last body row."""
    total = lower[-1]
    if not total.is_total or upper[0].is_total:
        return Verdict.SILENT
    rest = lower[:-1]
    carried = [_as_addend(upper[-1])] if upper[-1].is_total else upper
    return _verdict(closes(total, rest), closes(total, [*carried, *rest]))


def _as_addend(line: Line) -> Line:
    return Line("", "", line.figures)


def _verdict(alone: bool, together: bool) -> Verdict:
    if alone == together:
        return Verdict.SILENT
    return Verdict.JOIN if together else Verdict.PART
