"""Failing sums -> programmes: what else their cells may print, and all sums that have a say in it, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.candidates import (
    Candidate,
    CandidateOptions,
    counted,
    demanded_candidate,
    pointless_candidate,
    supported_candidates,
    witnesses_of,
)
from expectations.figures import TableFigures
from expectations.known import Known
from expectations.neighbours import neighbour_candidates
from expectations.programme import Problem, Row
from expectations.relations import Operand, Relation, residual_of, tolerance_of
from expectations.values import CellRef, CheckVerdict
from expectations.verdicts import FAILING, PROVING
from layout.amounts import parse_amount
from layout.values import Blankness

_ZERO = Decimal(0)
_ENOUGH_POINTS, _NEARLY_ALL = 8, 0.9


@dataclass(frozen=True, slots=True)
class Part:
    """Cells that may be changed together, their candidates (the text as read not among them), and the programme.

    relations: those of the programme's rows, in order.
    """

    cells: tuple[CellRef, ...]
    candidates: tuple[tuple[Candidate, ...], ...]
    relations: tuple[Relation, ...]
    problem: Problem


def parts_of(known: Known, options: CandidateOptions, open_price: float, rounding_price: float) -> tuple[Part, ...]:
    """One per set of failing sums that no cell with candidates joins to another."""
    failing = [r for r, c in zip(known.relations, known.sums, strict=True) if is_open(r, c.verdict)]
    choices = _candidates(known, failing, options)
    touching: dict[CellRef, list[int]] = {}
    for index, (relation, check) in enumerate(zip(known.relations, known.sums, strict=True)):
        if check.verdict in PROVING or is_open(relation, check.verdict):
            for operand, _ in signed(relation):
                if operand.ref in choices:
                    touching.setdefault(operand.ref, []).append(index)
    return tuple(
        _part(known, cells, choices, sorted({i for c in cells for i in touching[c]}), open_price, rounding_price)
        for cells in _joined([[o.ref for o, _ in signed(r) if o.ref in choices] for r in failing])
    )


def is_open(relation: Relation, verdict: CheckVerdict) -> bool:
    """Whether a sum fails, or would be evaluated but for a term that is no amount."""
    if verdict in FAILING:
        return True
    lacking = any(o.value is None for o, _ in signed(relation))
    return verdict is CheckVerdict.NOT_EVALUATED and lacking and not (relation.soft or relation.refusal)


def signed(relation: Relation) -> tuple[tuple[Operand, int], ...]:
    """Each operand with its coefficient in the residual."""
    signs = relation.signs or (1,) * len(relation.parts)
    return ((relation.total, 1), *((p, -s) for p, s in zip(relation.parts, signs, strict=True)))


def _candidates(
    known: Known, failing: Sequence[Relation], options: CandidateOptions
) -> dict[CellRef, tuple[Candidate, ...]]:
    demands: dict[CellRef, set[Decimal]] = {}
    for relation in failing:
        for ref, value in _demands(relation):
            demands.setdefault(ref, set()).add(value)
        for operand, _ in signed(relation):
            if operand.ref is not None:
                demands.setdefault(operand.ref, set())
    pointed = {i for i in {ref.table_index for ref in demands} if prints_points(known.figures[i])}
    found = {ref: _of_cell(known, ref, values, options, ref.table_index in pointed) for ref, values in demands.items()}
    for ref in demands:
        for place, candidate in neighbour_candidates(known, ref):
            if all(candidate.value != c.value for c in found.get(place, ())):
                found[place] = (*found.get(place, ()), candidate)
    return {ref: candidates for ref, candidates in found.items() if candidates}


def _of_cell(
    known: Known, ref: CellRef, values: Iterable[Decimal], options: CandidateOptions, has_points: bool
) -> tuple[Candidate, ...]:
    cell = known.cell(ref)
    # A text layer that is trusted does not misread, and what prints nothing holds no misread digits.
    if known.is_beyond_doubt(ref) and len(witnesses_of(cell)) < 2:
        return ()
    decimals = known.figures[ref.table_index].decimals
    candidates = {c.value: c for c in supported_candidates(cell, options)}
    if has_points and (pointed := pointless_candidate(cell, decimals)) is not None:
        candidates.setdefault(pointed.value, pointed)
    if parse_amount(cell.text).kind is not Blankness.BLANK:
        for value in sorted(values):
            demanded = demanded_candidate(cell, value, decimals, options)
            if demanded is not None and value not in candidates:
                candidates[value] = demanded
    return tuple(sorted(candidates.values(), key=lambda c: c.price)[: options.n_most])


def prints_points(table: TableFigures) -> bool:
    """Whether nearly all of a table's figures, and enough to speak of, print the same decimals."""
    figures = [f.amount for _, f in table.all() if f.amount.value]
    n_pointed = sum(a.decimals == table.decimals for a in figures)
    return table.decimals > 0 and n_pointed >= _ENOUGH_POINTS and n_pointed >= _NEARLY_ALL * len(figures)


def _demands(relation: Relation) -> Iterator[tuple[CellRef, Decimal]]:
    """The value that would close a sum, for each of its cells alone; in the unit of the cell."""
    operands = signed(relation)
    lacking = [o for o, _ in operands if o.value is None]
    residual = residual_of(relation)
    for operand, sign in operands:
        if operand.ref is None or relation.at_most or not operand.ratio or (lacking and lacking != [operand]):
            continue
        yield operand.ref, ((operand.value or _ZERO) - residual * sign) / operand.ratio


def _joined(groups: Sequence[Sequence[CellRef | None]]) -> list[list[CellRef]]:
    """Connected components of cells; groups share a component where they share a cell."""
    home: dict[CellRef, set[CellRef]] = {}
    for group in groups:
        members = {ref for ref in group if ref is not None}
        joined = members.union(*(home[m] for m in members if m in home))
        for ref in joined:
            home[ref] = joined
    unique = {id(component): component for component in home.values()}
    return [sorted(component) for component in unique.values()]


def _part(
    known: Known,
    cells: Sequence[CellRef],
    choices: Mapping[CellRef, tuple[Candidate, ...]],
    indices: Sequence[int],
    open_price: float,
    rounding_price: float,
) -> Part:
    places = {ref: i for i, ref in enumerate(cells)}
    candidates = tuple(choices[ref] for ref in cells)
    relations = tuple(known.relations[i] for i in indices)
    texts = [known.cell(ref).text for ref in cells]
    values = [(counted(text) or _ZERO, *(c.value for c in of)) for text, of in zip(texts, candidates, strict=True)]
    rows = tuple(
        _row(r, is_open(r, known.sums[i].verdict), places, values) for r, i in zip(relations, indices, strict=True)
    )
    prices = tuple((0.0, *(c.price for c in of)) for of in candidates)
    return Part(tuple(cells), candidates, relations, Problem(prices, rows, open_price, rounding_price))


def _row(relation: Relation, fails: bool, places: Mapping[CellRef, int], values: Sequence[tuple[Decimal, ...]]) -> Row:
    unit = _last_place(relation, places, values)
    steps, lacking = [], []
    for operand, sign in signed(relation):
        if operand.ref is not None and operand.ref in places:
            cell = places[operand.ref]
            changes = ((v - values[cell][0]) * operand.ratio * sign for v in values[cell])
            steps.append((cell, tuple(int(change / unit) for change in changes)))
            if operand.value is None:
                lacking.append(cell)
    tolerance = tolerance_of(relation, copies_round=False)
    return Row(
        tuple(steps),
        int(residual_of(relation) / unit),
        int(tolerance / unit),
        fails,
        tuple(lacking),
        relation.at_most,
    )


def _last_place(relation: Relation, places: Mapping[CellRef, int], values: Sequence[tuple[Decimal, ...]]) -> Decimal:
    """The unit in which every amount of a sum is a whole number."""
    amounts = [o.value for o, _ in signed(relation) if o.value is not None]
    for operand, _ in signed(relation):
        if operand.ref is not None and operand.ref in places:
            amounts += [v * operand.ratio for v in values[places[operand.ref]]]
    exponents = [int(a.normalize().as_tuple().exponent) for a in amounts if a]
    if relation.quantum:
        exponents.append(int(relation.quantum.normalize().as_tuple().exponent))
    return Decimal(1).scaleb(min(exponents, default=0))
