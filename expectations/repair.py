"""Failing sums -> the smallest set of changes that closes them; made where the evidence allows only one answer.

A change is made only when it (1) rests on another reading of the cell or a recognised alternative, (2) is part of every
solution that is nearly as cheap as the best, (3) makes two independent identities of its cell close, one of them exactly,
and (4) breaks none. Everything else is a suggestion for the reviewer. An author's own error has no supported candidate,
so it is never repaired.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import accumulate

from expectations.candidates import Candidate, CandidateOptions, counted
from expectations.known import Known, with_figures
from expectations.programme import Effort, Solution, cheapest
from expectations.relations import Relation, closes
from expectations.sums import Part, parts_of
from expectations.values import CellRef, Change, Check, CheckVerdict, DocumentTables, RepairKind, Suggestion
from expectations.verdicts import FAILING, PROVING, checks_by_cell, n_independent
from layout.values import Cell
from ocr.shelf import parts_of as pieces_of

Key = int
Choice = Mapping[CellRef, Candidate]


@dataclass(frozen=True, slots=True)
class RepairOptions:
    """Prices are negative logarithms of probabilities.

    margin: how much dearer another solution must be to be out of the question (4.6: a hundred times less likely).
    open_price: of a sum left open, the author's own error being likelier than any chain of dearer misreadings.
    rounding_price: of a sum that closes within rounding only. effort: for one programme. n_solutions: kept per part.
    plausible: price up to which one misreading explains what is otherwise the author's error.
    """

    candidates: CandidateOptions = field(default_factory=CandidateOptions)
    margin: float = 4.6
    open_price: float = 9.0
    rounding_price: float = 3.5
    effort: Effort = field(default_factory=Effort)
    n_solutions: int = 6
    n_rounds: int = 3
    largest_part: int = 80
    plausible: float = 4.6


@dataclass(frozen=True, slots=True)
class Repaired:
    """known: with the corrections made. suggestions: likeliest first.

    explained: sums that one plausible misreading would close, two and more at once.
    """

    known: Known
    corrections: tuple[Suggestion, ...]
    suggestions: tuple[Suggestion, ...]
    explained: frozenset[str]


def repair(known: Known, options: RepairOptions | None = None) -> Repaired:
    """Corrects what evidence and identities settle, and says what else may be wrong."""
    options = options or RepairOptions()
    corrections: list[Suggestion] = []
    for _ in range(options.n_rounds):
        parts = _solved(known, options)
        chosen = _certain(parts)
        after, proven = _proven(known, chosen)
        if not proven:
            break
        corrections += [_correction(known, after, ref, proven[ref]) for ref in sorted(proven)]
        known = after
    suggestions = [s for part, solutions in parts for s in _suggestions(known, part, solutions)]
    explained = frozenset(e for part, solutions in parts for e in _explained(part, solutions, options.plausible))
    return Repaired(known, tuple(corrections), tuple(sorted(suggestions, key=lambda s: -s.likelihood)), explained)


def _solved(known: Known, options: RepairOptions) -> list[tuple[Part, tuple[Solution, ...]]]:
    parts = parts_of(known, options.candidates, options.open_price, options.rounding_price)
    return [
        (part, cheapest(part.problem, options.n_solutions, options.margin, options.effort))
        for part in parts
        if len(part.cells) <= options.largest_part
    ]


def _certain(parts: Iterable[tuple[Part, Sequence[Solution]]]) -> dict[CellRef, Candidate]:
    """Supported changes that all solutions of their part agree on."""
    found = {}
    for part, solutions in parts:
        for i, k in solutions[0].chosen if solutions else ():
            candidate = part.candidates[i][k - 1]
            if candidate.is_supported and all((i, k) in s.chosen for s in solutions):
                found[part.cells[i]] = candidate
    return found


def _proven(known: Known, choice: Choice) -> tuple[Known, dict[CellRef, Candidate]]:
    """The document with those changes made that together break nothing and each close two independent identities."""
    left = dict(choice)
    while left:
        after = with_figures(known, changed(known.document, {ref: c.text for ref, c in left.items()}))
        newly, by_cell = newly_closed(known, after), checks_by_cell(after.sums)
        kept = {ref: c for ref, c in left.items() if _is_proven(ref, newly, by_cell)}
        if kept == left and not breaks_any(known, after):
            return after, left
        if kept == left:
            return _one_by_one(known, left)
        left = kept
    return known, {}


def _one_by_one(known: Known, choice: Choice) -> tuple[Known, dict[CellRef, Candidate]]:
    """Where changes do not go together, those that do alone; in order of place."""
    made: dict[CellRef, Candidate] = {}
    for ref in sorted(choice) if len(choice) > 1 else ():
        after, proven = _proven(known, {ref: choice[ref]})
        known, made = (after, made | proven) if proven else (known, made)
    return known, made


def _is_proven(ref: CellRef, newly: Sequence[Check], by_cell: Mapping[CellRef, Sequence[Check]]) -> bool:
    mine = [c for c in newly if any(t.cell == ref for t in c.terms)]
    return n_independent(ref, mine, by_cell) == 2 and any(c.verdict is CheckVerdict.HOLDS for c in mine)


def changed(document: DocumentTables, texts: Mapping[CellRef, str]) -> DocumentTables:
    """The document with other texts in some cells; their first reading stays."""
    return with_cells(document, {ref: lambda cell, text=text: replace(cell, text=text) for ref, text in texts.items()})


def with_cells(document: DocumentTables, changes: Mapping[CellRef, object]) -> DocumentTables:
    """The document with some cells replaced by what their function gives."""
    tables = list(document.tables)
    for index in {ref.table_index for ref in changes}:
        cells = tuple(_changed(index, cell, changes) for cell in tables[index].cells)
        tables[index] = replace(tables[index], cells=cells).laid_aside(document.shelf)
    return replace(document, tables=tuple(tables))


def _changed(index: int, cell: Cell, changes: Mapping[CellRef, object]) -> Cell:
    change = changes.get(CellRef(index, cell.span.row, cell.span.col))
    return change(cell) if callable(change) else cell


def newly_closed(before: Known, after: Known) -> list[Check]:
    """Checks that hold after and did not before, or held within rounding only and are exact now."""
    old, new = _by_key(before, after), _by_key(after, before)
    keys = [key for key, verdict in new.items() if _rank(verdict) > _rank(old.get(key))]
    found = dict.fromkeys(keys)
    for relation, check in _apart(after, before) if keys else ():
        if (key := key_of(relation)) in found:
            found[key] = check
    return [check for check in found.values() if check is not None]


def breaks_any(before: Known, after: Known) -> bool:
    """Whether an identity that held fails, or holds within rounding only; or one fails that was not there.

    One that is no longer made (another figure is compared in its place) must still close with the new figures.
    """
    old, new = _by_key(before, after), _by_key(after, before)
    if any(verdict in FAILING and (k not in old or old[k] not in FAILING) for k, verdict in new.items()):
        return True
    held = (r for r, c in _apart(before, after) if c.verdict in PROVING)
    return any(
        _rank(new[key]) < _rank(old[key]) if (key := key_of(r)) in new else not closes(_with_values(r, after))
        for r in held
    )


def _with_values(relation: Relation, known: Known) -> Relation:
    total, *parts = (
        o if o.ref is None else replace(o, value=_times(counted(known.cell(o.ref).text), o.ratio))
        for o in (relation.total, *relation.parts)
    )
    return replace(relation, total=total, parts=tuple(parts))


def _times(value: Decimal | None, ratio: Decimal) -> Decimal | None:
    return None if value is None else value * ratio


def _rank(verdict: CheckVerdict | None) -> int:
    ranks = {CheckVerdict.HOLDS: 2, CheckVerdict.WITHIN_ROUNDING: 1}
    return ranks.get(verdict, 0) if verdict else 0


def _by_key(known: Known, other: Known) -> dict[Key, CheckVerdict]:
    return {key_of(r): c.verdict for r, c in _apart(known, other)}


def _apart(known: Known, other: Known) -> Iterator[tuple[Relation, Check]]:
    """The relations of a document with their checks, but for those of tables that are the same in the other."""
    same = {id(part) for part in pieces_of(other.sums)}
    starts = accumulate(map(len, pieces_of(known.sums)), initial=0)
    for start, checks in zip(starts, pieces_of(known.sums), strict=False):
        if id(checks) not in same:
            yield from zip(known.relations[start : start + len(checks)], checks, strict=True)


def key_of(relation: Relation) -> Key:
    """What stays of a relation when its figures change: a number for each, for a long document has many."""
    return hash((relation.identity, relation.statement, (relation.total.ref, *(p.ref for p in relation.parts))))


def _correction(before: Known, after: Known, ref: CellRef, candidate: Candidate) -> Suggestion:
    closes = tuple(c.statement for c in newly_closed(before, after) if any(t.cell == ref for t in c.terms))
    change = Change(ref, before.cell(ref).text, candidate.text, candidate.evidence)
    return Suggestion(RepairKind.FIGURES, (change,), closes, 1.0)


def _suggestions(known: Known, part: Part, solutions: Sequence[Solution]) -> list[Suggestion]:
    total = sum(math.exp(-s.price) for s in solutions)
    found = []
    for solution in solutions:
        chosen = {part.cells[i]: part.candidates[i][k - 1] for i, k in solution.chosen}
        changes = tuple(Change(ref, known.cell(ref).text, c.text, c.evidence) for ref, c in sorted(chosen.items()))
        share = math.exp(-solution.price) / total if total else 1.0 / len(solutions)
        reason = _reason(chosen, len(solutions))
        found.append(Suggestion(RepairKind.FIGURES, changes, closed_by(part, solution), share, reason))
    return found


def _explained(part: Part, solutions: Sequence[Solution], plausible: float) -> Iterator[str]:
    for solution in solutions:
        closed = closed_by(part, solution)
        one = part.candidates[solution.chosen[0][0]][solution.chosen[0][1] - 1]
        if len(solution.chosen) == 1 and len(closed) > 1 and one.misread_price <= plausible:
            yield from closed


def _reason(chosen: Choice, n_solutions: int) -> str:
    if not all(c.is_supported for c in chosen.values()):
        return "no other reading of the cell says so"
    if n_solutions > 1:
        return "another change would explain it nearly as well"
    return "fewer than two independent identities speak for it, or one would break"


def closed_by(part: Part, solution: Solution) -> tuple[str, ...]:
    """The statements of the sums that fail as read and close with the solution."""
    picks = dict(solution.chosen)
    closed = []
    for row, relation in zip(part.problem.rows, part.relations, strict=True):
        residual = row.residual + sum(steps[picks.get(cell, 0)] for cell, steps in row.steps)
        if row.may_stay_open and abs(residual) <= row.tolerance and all(cell in picks for cell in row.lacking):
            closed.append(relation.statement)
    return tuple(closed)
