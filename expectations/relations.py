"""A relation over cells and its evaluation: total = sum of parts, or left <= right, within rounding or not.

Blank and dash count as 0. Rounding: n printed parts, each off by half of the last printed place, and the total too,
give 0.005 x (n + 1) (in 万元 of two decimals), rounded down to the last printed place. With one part the identity is
one figure printed twice: then a difference of 0.01 is only taken for rounding where the readings are beyond doubt and
the document does not print all its other figures the same twice, or where the two stand in different units.
Where tables print 元 to the cent nothing was rounded: in a document whose sums of such figures close, none may be off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from expectations.figures import Figure, TableFigures
from expectations.values import CellRef, Check, CheckVerdict, Term
from layout.values import Blankness

Trust = Callable[[CellRef], bool]
_ZERO, _ONE = Decimal(0), Decimal(1)
_MANY_COPIES, _MANY_SUMS, _FEW_OFF = 20, 8, 0.1


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure in the unit of its identity; ref None for one of the narrative. value None: not readable.

    is_sure: beyond doubt though no cell says so (a constant, a text that was not recognised but read from a layer).
    ratio: the unit of the figure over that of its identity.
    """

    ref: CellRef | None
    value: Decimal | None
    is_blank: bool
    is_sure: bool = False
    ratio: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Relation:
    """total - sum of sign x part = 0 (or <= 0). quantum: the last printed place in the unit of the identity.

    soft: not every author keeps to it, so failing says nothing. refusal: why it is not evaluated, '' when it may be.
    """

    identity: str
    statement: str
    total: Operand
    parts: tuple[Operand, ...]
    quantum: Decimal
    signs: tuple[int, ...] = ()
    soft: bool = False
    at_most: bool = False
    may_leave_total_blank: bool = False
    refusal: str = ""


def operand(figure: Figure, factor: Decimal | None = None) -> Operand:
    """The figure in the unit of the given factor; its own when None."""
    amount = figure.amount
    same = factor is None or figure.factor is None or figure.factor == factor
    ratio = _ONE if same else figure.factor / factor  # type: ignore[operator]
    if amount.kind in (Blankness.BLANK, Blankness.DASH):
        return Operand(figure.ref, _ZERO, True, ratio=ratio)
    if amount.value is None or amount.is_percent:
        return Operand(figure.ref, None, False, ratio=ratio)
    return Operand(figure.ref, amount.value if same else amount.value * ratio, False, ratio=ratio)


def quantum_of(*tables: TableFigures) -> Decimal:
    """The coarsest last place of the tables, in the larger of their units."""
    largest = unit_factor(*tables)
    places = [Decimal(1).scaleb(-t.decimals) * ((t.factor or largest) / largest) for t in tables]
    return max(places)


def unit_factor(*tables: TableFigures) -> Decimal:
    return max((t.factor for t in tables if t.factor is not None), default=Decimal(1))


def is_idle(relation: Relation) -> bool:
    """Whether it has nothing to say: every term is blank."""
    return all(o.is_blank for o in (relation.total, *relation.parts))


def residual_of(relation: Relation) -> Decimal:
    residual = relation.total.value or _ZERO
    for part, sign in zip(relation.parts, relation.signs or (1,) * len(relation.parts), strict=True):
        if part.value:
            residual -= part.value if sign == 1 else sign * part.value
    return residual


def tolerance_of(relation: Relation, copies_round: bool) -> Decimal:
    """copies_round: whether one figure printed twice in one unit may differ by its last place."""
    n = sum(bool(p.value) for p in relation.parts)
    if n <= 1 and not copies_round and _is_in_one_unit(relation):
        return _ZERO
    return (Decimal(n + 1) / 2).to_integral_value(ROUND_FLOOR) * relation.quantum


def closes(relation: Relation) -> bool:
    """Whether it holds, at least within rounding, and says something."""
    operands = (relation.total, *relation.parts)
    if any(o.value is None for o in operands) or not any(o.value for o in operands):
        return False
    return abs(residual_of(relation)) <= tolerance_of(relation, copies_round=True)


def copies_are_exact(relations: Iterable[Relation]) -> bool:
    """Whether a document prints one figure twice often enough, and the same, for a difference to need a reason."""
    n_exact, n_off = _counted((abs(residual_of(r)) / (r.quantum or _ONE), _ONE) for r in relations if _is_copy(r))
    return n_exact >= _MANY_COPIES and n_off <= _FEW_OFF * n_exact


def sums_are_exact(relations: Iterable[Relation]) -> bool:
    """Whether sums of figures that nothing was rounded in close often enough for one that is off to be an error."""
    n_exact, n_off = _counted(
        (abs(residual_of(r)), tolerance_of(r, copies_round=True)) for r in relations if _is_sum(r)
    )
    return n_exact >= _MANY_SUMS and n_off <= _FEW_OFF * n_exact


def _counted(residuals: Iterable[tuple[Decimal, Decimal]]) -> tuple[int, int]:
    """Of (residual, tolerance) how many are exact, and how many off within the tolerance."""
    counts = Counter("exact" if off == 0 else "off" if off <= most else "" for off, most in residuals)
    return counts["exact"], counts["off"]


def _is_sum(relation: Relation) -> bool:
    operands = (relation.total, *relation.parts)
    if relation.refusal or relation.soft or relation.at_most or any(o.value is None for o in operands):
        return False
    return sum(bool(o.value) for o in relation.parts) > 1


def _is_copy(relation: Relation) -> bool:
    operands = (relation.total, *relation.parts)
    if relation.refusal or relation.soft or relation.at_most or any(o.value is None for o in operands):
        return False
    return sum(bool(o.value) for o in relation.parts) == 1 and _is_in_one_unit(relation)


def _is_in_one_unit(relation: Relation) -> bool:
    return all(o.ratio == 1 for o in (relation.total, *relation.parts))


def evaluate(relation: Relation, trust: Trust, exact_copies: bool = False) -> Check:
    """How the relation came out; residual and tolerance in the unit of the identity.

    exact_copies: no rounding where one figure is printed twice, however well it was read.
    """
    if refusal := relation.refusal or _refusal(relation):
        return _check(relation, CheckVerdict.NOT_EVALUATED, None, None, refusal)
    trusted = all(o.is_sure or (o.ref is not None and trust(o.ref)) for o in (relation.total, *relation.parts))
    residual, tolerance = residual_of(relation), tolerance_of(relation, trusted and not exact_copies)
    if residual == 0:
        return _check(relation, CheckVerdict.HOLDS, residual, tolerance)
    if relation.at_most and residual < 0:
        reason = "the left figure is smaller, as it may be"
        return _check(relation, CheckVerdict.NOT_EVALUATED, residual, tolerance, reason)
    if abs(residual) <= tolerance:
        return _check(relation, CheckVerdict.WITHIN_ROUNDING, residual, tolerance)
    if relation.soft:
        reason = "does not close, and need not: not every author keeps to it"
        return _check(relation, CheckVerdict.NOT_EVALUATED, residual, tolerance, reason)
    verdict = CheckVerdict.SOURCE_INCONSISTENT if trusted else CheckVerdict.EXTRACTION_SUSPECT
    return _check(relation, verdict, residual, tolerance)


def _refusal(relation: Relation) -> str:
    operands = (relation.total, *relation.parts)
    if any(o.value is None for o in operands):
        return "a term is not readable as an amount"
    printed = [o for o in operands if not o.is_blank]
    if not printed:
        return "all terms are blank"
    if len(printed) == 1 and not printed[0].value:
        return "nothing is printed but one zero"
    if relation.total.is_blank and relation.may_leave_total_blank:
        return "the total is left blank"
    return ""


@lru_cache(maxsize=1024)
def _shared(number: str) -> Decimal:
    """One object for all checks that are off by as much, which is nothing at all for most of a long document's."""
    return Decimal(number)


def _check(
    relation: Relation, verdict: CheckVerdict, residual: Decimal | None, tolerance: Decimal | None, reason: str = ""
) -> Check:
    signs = relation.signs or (1,) * len(relation.parts)
    terms = [(relation.total, 1), *((p, -s) for p, s in zip(relation.parts, signs, strict=True))]
    return Check(
        relation.identity,
        relation.statement,
        verdict,
        tuple(Term(o.ref, sign, o.value) for o, sign in terms if o.value is not None),
        None if residual is None else _shared(str(residual)),
        None if tolerance is None else _shared(str(tolerance)),
        reason,
    )
