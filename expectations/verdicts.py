"""Checks and readings -> a verdict for each numeric cell.

proven: two independent identities hold, or one and two readings agree. consistent: one holds. read: none applies.
suspect: its reading is in doubt and nothing settles it, or it stands in an identity that fails and no other clears it, or
its column fails beside another table in row after row, which no sum of its own table clears, or all that speaks for a
figure read once is a long sum that closes with more than one unit of its last place left over.
source_inconsistent: it stands in an identity that its author broke, and no other clears it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from expectations.by_table import ChecksByCell, facts_by_table
from expectations.readings import has_open_doubt, n_agreeing
from expectations.values import CellRef, CellVerdict, Check, CheckVerdict, DocumentTables, Fact
from layout.amounts import is_figure, parse_amount
from layout.values import Blankness, Cell, Role, Table

PROVING = (CheckVerdict.HOLDS, CheckVerdict.WITHIN_ROUNDING)
FAILING = (CheckVerdict.EXTRACTION_SUSPECT, CheckVerdict.SOURCE_INCONSISTENT)
#: Rows of a column that fail beside another table before the column is thought to be in the wrong place.
_ROWS = 2
_Say = frozenset[tuple[CellRef | None, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts and shares of the printed figures among facts that stand in at least one and at least two evaluated identities."""

    n_figures: int
    n_under_one: int
    n_under_two: int

    @property
    def under_one(self) -> float:
        return self.n_under_one / self.n_figures if self.n_figures else 0.0

    @property
    def under_two(self) -> float:
        return self.n_under_two / self.n_figures if self.n_figures else 0.0


def decide_verdicts(
    document: DocumentTables,
    facts: Sequence[Fact],
    checks: Sequence[Check],
    corrected: frozenset[CellRef] = frozenset(),
) -> Iterator[tuple[CellRef, CellVerdict]]:
    """One verdict per numeric body cell, in order of place; cells of code and ordinal columns are no figures.

    corrected: cells put right with their proof; they stay so called unless an identity still leaves them suspect.
    """
    by_cell = checks_by_cell(checks)
    suspects = _culprits(checks, by_cell, CheckVerdict.EXTRACTION_SUSPECT)
    broken = _culprits(checks, by_cell, CheckVerdict.SOURCE_INCONSISTENT)
    for ref, cell in _numeric_cells(document, facts):
        is_corrected = ref in corrected and ref not in suspects
        yield ref, CellVerdict.CORRECTED if is_corrected else _verdict(ref, cell, by_cell, suspects, broken)


def coverage(checks: Sequence[Check], facts: Sequence[Fact]) -> Coverage:
    """How many amounts of money are under identities at all; blank cells, zeros and weights are not counted."""
    by_cell, of_table = checks_by_cell(checks), facts_by_table(facts)
    counts: Counter[int] = Counter()
    for table in of_table.tables:
        for ref in {f.cell for f in of_table[table] if f.amount and f.amount_yuan is not None}:
            n = sum(c.verdict is not CheckVerdict.NOT_EVALUATED for c in by_cell.get(ref, ()))
            counts[min(n, 2)] += 1
    return Coverage(sum(counts.values()), counts[1] + counts[2], counts[2])


def checks_by_cell(checks: Iterable[Check]) -> ChecksByCell:
    """The checks each cell is a term of."""
    return ChecksByCell(checks if isinstance(checks, Sequence) else tuple(checks))


def n_independent(
    ref: CellRef, checks: Iterable[Check], by_cell: Mapping[CellRef, Sequence[Check]] | None = None
) -> int:
    """How many of the holding checks on a cell say something that the others do not: 0, 1, or 2 for two and more.

    A check's say on a cell is the set of its other terms that are not 0: none is inside that of the other. With the
    checks of all cells, a figure printed twice has also what is said of its other print, where the cell has no part in it.
    """
    holding = [c for c in checks if c.verdict in PROVING]
    others = {say for c in holding if (say := _say_on(ref, c))}
    if by_cell is not None and not _any_apart(others):
        others |= {say for c in holding for say in _said_of_copy(ref, c, by_cell)}
    return 2 if _any_apart(others) else min(len(others), 1)


def _any_apart(says: set[_Say]) -> bool:
    """Whether of two of them neither is inside the other."""
    return any(not (a <= b or b <= a) for a, b in combinations(says, 2))


def _say_on(ref: CellRef, check: Check) -> _Say:
    return frozenset((t.cell, None if t.cell else t.value) for t in check.terms if t.cell != ref and t.value)


def _said_of_copy(ref: CellRef, check: Check, by_cell: Mapping[CellRef, Sequence[Check]]) -> Iterator[_Say]:
    """What else is said exactly of the one other figure that an exact check makes the same as the cell's."""
    printed = [t for t in check.terms if t.value]
    same = [t.cell for t in printed if t.cell is not None and t.cell != ref]
    if check.verdict is not CheckVerdict.HOLDS or len(printed) != 2 or len(same) != 1:
        return
    for other in by_cell.get(same[0], ()):
        if other.verdict is CheckVerdict.HOLDS and not any(t.cell == ref for t in other.terms):
            yield from (say for say in (_say_on(same[0], other),) if say)


def _verdict(
    ref: CellRef,
    cell: Cell,
    by_cell: Mapping[CellRef, Sequence[Check]],
    suspects: frozenset[CellRef],
    broken: frozenset[CellRef],
) -> CellVerdict:
    checks = by_cell.get(ref, ())
    if ref in suspects or (not is_figure(parse_amount(cell.text))):
        return CellVerdict.SUSPECT
    n = n_independent(ref, checks, by_cell)
    exact = any(c.verdict is CheckVerdict.HOLDS for c in checks)
    if has_open_doubt(cell) and not (n == 2 and exact):
        return CellVerdict.SUSPECT
    if n and not exact and n_agreeing(cell) < 2 and all(_is_far_off(c) for c in checks if c.verdict in PROVING):
        return CellVerdict.SUSPECT
    if ref in broken:
        return CellVerdict.SOURCE_INCONSISTENT
    if (n == 2 and exact) or (n and n_agreeing(cell) >= 2):
        return CellVerdict.PROVEN
    return CellVerdict.CONSISTENT if n else CellVerdict.READ


def _is_far_off(check: Check) -> bool:
    """Whether a sum is within rounding by more than one unit of its last place: long sums leave room for a wrong digit."""
    n_parts = sum(bool(t.value) for t in check.terms[1:])
    last_place = (check.tolerance or Decimal(0)) / max(1, (n_parts + 1) // 2)
    return check.residual is not None and abs(check.residual) > last_place


def _culprits(
    checks: Sequence[Check], by_cell: Mapping[CellRef, tuple[Check, ...]], verdict: CheckVerdict
) -> frozenset[CellRef]:
    """The cells that failing identities of one kind leave under suspicion.

    A cell that stands in a holding identity of its own is cleared. Where that clears every cell of a failing identity,
    those stay that stand in as many failing as holding ones; where none does, all. A relation with the text has the
    text to blame when its cells are cleared.
    """
    found: set[CellRef] = set()
    for check in checks:
        if check.verdict is not verdict:
            continue
        refs = [t.cell for t in check.terms if t.cell is not None]
        open_refs = [r for r in refs if not _n_holding(r, by_cell[r])]
        speaks_of_text = len(refs) < len(check.terms)
        if speaks_of_text:
            found |= set(open_refs)
            continue
        if not any(_is_printed(r, check) for r in open_refs):
            open_refs += [r for r in refs if _n_failing(by_cell[r]) >= _n_holding(r, by_cell[r])]
        found |= set(open_refs or refs)
    return frozenset(found.union(_aside(checks, by_cell, verdict)))


def _aside(
    checks: Sequence[Check], by_cell: Mapping[CellRef, tuple[Check, ...]], verdict: CheckVerdict
) -> Iterator[CellRef]:
    """The figures of a column that may stand in the wrong place: in two rows and more they fail beside another table,
    and hold beside none.

    A wrong digit breaks the sums of its own table. A column one place aside keeps them, for they add up along the
    column, and along the row whichever of its parts is which: so they clear nothing here.
    """
    columns: dict[tuple[int, int], set[CellRef]] = {}
    for check in checks:
        if check.verdict is verdict and _is_between(check):
            for ref in (t.cell for t in check.terms if t.cell is not None and t.value):
                if not any(c.verdict is CheckVerdict.HOLDS and _is_between(c) for c in by_cell[ref]):
                    columns.setdefault((ref.table_index, ref.col), set()).add(ref)
    for refs in columns.values():
        if len({ref.row for ref in refs}) >= _ROWS:
            yield from refs


def _is_between(check: Check) -> bool:
    """Whether a check compares figures of several tables."""
    return len({t.cell.table_index for t in check.terms if t.cell is not None}) > 1


def _is_printed(ref: CellRef, check: Check) -> bool:
    return any(t.cell == ref and t.value for t in check.terms)


def _n_holding(ref: CellRef, checks: Sequence[Check]) -> int:
    return sum(c.verdict is CheckVerdict.HOLDS and any(t.value for t in c.terms if t.cell != ref) for c in checks)


def _n_failing(checks: Sequence[Check]) -> int:
    return sum(c.verdict in FAILING for c in checks)


def _numeric_cells(document: DocumentTables, facts: Sequence[Fact]) -> Iterator[tuple[CellRef, Cell]]:
    """Figures of facts, and other body cells that print an amount outside columns of codes."""
    of_table = facts_by_table(facts)
    for index, table in enumerate(document.tables):
        mine, found = of_table[index], []
        known = {f.cell for f in mine if f.amount is not None or f.blankness is Blankness.TEXT}
        kinds_of = _code_columns(table, {f.cell.col for f in mine})
        for cell in table.cells:
            ref = CellRef(index, cell.span.row, cell.span.col)
            is_body = cell.span.row >= table.n_header_rows and cell.role is not Role.COLUMN_HEADER
            numeric = is_figure(parse_amount(cell.text)) and is_body and cell.span.col not in kinds_of
            if ref in known or numeric:
                found.append((ref, cell))
        yield from sorted(found, key=lambda pair: pair[0])


def _code_columns(table: Table, measured: set[int]) -> set[int]:
    """Columns left of the measures of a table that has some: what is numeric there is a code."""
    return {c for c in range(table.n_cols) if measured and c not in measured} if table.n_header_rows else set()
