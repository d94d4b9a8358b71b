"""Tables that each add up and still contradict each other: not an error of reading, though nothing was read twice.

A figure is vouched for by its own table where two independent sums of it hold exactly, one of them of three figures or
more: a misreading would have to be matched by another. Where every figure of a failing relation between tables is vouched
for so, the pages do not agree with each other, or are about different things. Two faults of reading can do the same, and
stay suspect: a column one place aside (one side prints nothing), and a unit (the sides differ by a power of ten).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from expectations.between import is_power_of_ten
from expectations.by_table import tables_of
from expectations.values import CellRef, Check, CheckVerdict
from expectations.verdicts import checks_by_cell, n_independent

ByCell = Mapping[CellRef, tuple[Check, ...]]


def blame_the_pages(sums: Sequence[Check]) -> Callable[[Check], Check]:
    """Check -> the same; what contradicts between tables that each prove their figures is inconsistent in print."""
    by_cell = checks_by_cell(sums)
    return lambda c: replace(c, verdict=CheckVerdict.SOURCE_INCONSISTENT) if _is_of_the_pages(c, by_cell) else c


def _is_of_the_pages(check: Check, by_cell: ByCell) -> bool:
    if check.verdict is not CheckVerdict.EXTRACTION_SUSPECT or len(tables_of(check)) < 2:
        return False
    total, *parts = check.terms
    other = -sum((t.coefficient * t.value for t in parts), Decimal(0))
    if any(t.cell is None or not t.value for t in check.terms) or not other or is_power_of_ten(total.value / other):
        return False
    return all(t.cell is not None and _is_vouched(t.cell, _inside(by_cell.get(t.cell, ()))) for t in check.terms)


def _inside(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The exact sums of one table alone."""
    return tuple(c for c in checks if c.verdict is CheckVerdict.HOLDS and len(tables_of(c)) == 1)


def _is_vouched(ref: CellRef, checks: Sequence[Check]) -> bool:
    return n_independent(ref, checks) == 2 and any(sum(bool(t.value) for t in c.terms) >= 3 for c in checks)
