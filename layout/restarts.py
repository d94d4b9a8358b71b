"""Whether a table on the next page begins as the one before began: a table of its own under the same header."""

from __future__ import annotations

import itertools
import re

from layout.amounts import is_figure, parse_amount
from layout.headers import is_total_label, plain_text
from layout.values import Table

Labels = tuple[str, ...]


def begins_anew(first: Table, second: Table, repeated: int) -> bool:
    """Whether the second's first body row is a beginning and not a going on; ``repeated`` header rows are its top.

    It reads like the first body row of the first table; or, under its own printing of the header, it has the same
    labels (and no other row of the first has them), is a total again, or numbers the rows again from where the first
    began.
    """
    old, new = _body(first, first.n_header_rows), _body(second, repeated)
    if not old or not new:
        return False
    if old[0] == new[0]:
        return True
    if not (repeated or second.title or second.label):
        return False
    ours, theirs = [_labels(row) for row in old], _labels(new[0])
    is_beginning = bool(theirs) and theirs == ours[0] and ours.count(theirs) == 1
    is_opening_total = _is_total(new[0]) and len(new) > 1  # alone it closes what stands above
    return is_beginning or is_opening_total or _numbers_again([r[0] for r in old], new[0][0])


def _body(table: Table, start: int) -> list[Labels]:
    """The texts of the rows from ``start`` on, from the left; rows that hold nothing are left out."""
    cells = sorted((c for c in table.cells if c.span.row >= start), key=lambda c: c.span)
    rows = (tuple(plain_text(c.text) for c in group) for _, group in itertools.groupby(cells, key=lambda c: c.span.row))
    return [row for row in rows if any(row)]


def _labels(row: Labels) -> Labels:
    """The texts of a row that are no figures."""
    return tuple(t for t in row if t and not is_figure(parse_amount(t)))


def _is_total(row: Labels) -> bool:
    return is_total_label(next(filter(None, row), ""))


def _numbers_again(keys: list[str], key: str) -> bool:
    """Whether ascending numbers, of one length each level, begin again: at the first one's number or before."""
    numbers = [k for k in keys if re.fullmatch(r"\d+", k)]
    if len(numbers) < 2 or not re.fullmatch(r"\d+", key):
        return False
    order = [_rank(n) for n in numbers]
    return order == sorted(order) and _rank(key) <= order[0]


def _rank(number: str) -> tuple[int, str]:
    """Ordinals by their value, codes (three digits or more) by their digits from the left: 208 < 20805 < 210."""
    return (len(number), number) if len(number) < 3 else (3, number)
