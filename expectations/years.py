"""Over years (X13): what one year's document leaves, the next one's begins with; and figures of the year before that the
next document prints again. Works on the facts of two documents, of one organisation and two years running.

Facts of the earlier document are terms without a cell: cells are those of the later one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from expectations.catalogue.loader import Catalogue, load_catalogue
from expectations.figures import row_key, strip_numbering
from expectations.relations import Operand, Relation, evaluate, is_idle
from expectations.values import CellRef, Check, DocumentIdentity, Fact
from layout.values import Blankness

Key = tuple[str, ...]
Dated = tuple[DocumentIdentity, Sequence[Fact]]


def follow(earlier: DocumentIdentity, later: DocumentIdentity) -> bool:
    """Whether the two are of one organisation, one kind, and two years running."""
    known = bool(earlier.organisation) and earlier.fiscal_year is not None and later.fiscal_year is not None
    same = (earlier.organisation, earlier.kind) == (later.organisation, later.kind)
    return known and same and later.fiscal_year == (earlier.fiscal_year or 0) + 1


def checks_over_years(
    earlier: Dated, later: Dated, catalogue: Catalogue | None = None, trust: Callable[[CellRef], bool] | None = None
) -> tuple[Check, ...]:
    """X13 for every figure that both documents speak of; none where they do not follow one another.

    trust: whether a cell of the later document is beyond doubt; the earlier counts as accepted.
    """
    if not follow(earlier[0], later[0]):
        return ()
    catalogue = catalogue or load_catalogue(later[0].disclosure)
    entries = [e for e in catalogue.identities if e["type"] == "over_years"]
    relations = [
        relation
        for entry in entries
        for pairs in (_carried(earlier, later, entry, catalogue), _printed_again(earlier, later, entry))
        for relation in pairs
    ]
    return tuple(evaluate(r, trust or (lambda _: False)) for r in relations if not is_idle(r))


def _carried(earlier: Dated, later: Dated, entry: Mapping[str, object], catalogue: Catalogue) -> Iterator[Relation]:
    """What was left = what was there."""
    left = _by_key(earlier[1], "carry_out", catalogue, entry)
    there = _by_key(later[1], "carry_in", catalogue, entry)
    for key, after in there.items():
        if (before := left.get(key)) is not None:
            yield _relation(entry, after, before, f"{' '.join(k for k in key if k)}: 年初 = 年末 of the year before")


def _by_key(facts: Sequence[Fact], role: str, catalogue: Catalogue, entry: Mapping[str, object]) -> dict[Key, Fact]:
    """Facts of one role, whether a row or a column says it, by what else names them; those that are not alone left out."""
    found: dict[Key, list[Fact]] = {}
    for fact in facts:
        name = strip_numbering(fact.name, catalogue)[1] if not fact.code else ""
        row = row_key(name, catalogue) if name else ""
        if fact.table_kind not in entry["kinds"]:  # type: ignore[operator]
            continue
        if name and re.fullmatch(str(entry[role]), name):
            found.setdefault((fact.table_kind, "row"), []).append(fact)
        elif fact.measure_key == role:
            found.setdefault((fact.table_kind, fact.code or row), []).append(fact)
    first = {key: min(of, key=lambda f: (f.measure_key != "total", f.cell)) for key, of in found.items()}
    return {key: fact for key, fact in first.items() if key[1] == "row" or len(found[key]) == 1}


def _printed_again(earlier: Dated, later: Dated, entry: Mapping[str, object]) -> Iterator[Relation]:
    """A column of the year before = that column in its own document."""
    year = str(earlier[0].fiscal_year)
    before = _named(f for f in earlier[1] if year in f.measure)
    for key, after in _named(f for f in later[1] if year in f.measure).items():
        if (was := before.get(key)) is not None:
            yield _relation(entry, after, was, f"{' '.join(k for k in key if k)} of {year}, in both documents")


def _named(facts: Iterator[Fact]) -> dict[Key, Fact]:
    found: dict[Key, list[Fact]] = {}
    for fact in facts:
        if fact.table_kind and fact.measure_key:
            found.setdefault((fact.table_kind, fact.code or fact.name, fact.measure_key), []).append(fact)
    return {key: of[0] for key, of in found.items() if len(of) == 1}


def _relation(entry: Mapping[str, object], after: Fact, before: Fact, statement: str) -> Relation:
    amount = before.amount_yuan
    factor = after.amount_yuan / after.amount if after.amount and after.amount_yuan else None
    blank = before.blankness in (Blankness.BLANK, Blankness.DASH)
    value = Decimal(0) if blank else None if amount is None else amount / factor if factor else before.amount
    now = Operand(after.cell, Decimal(0) if _is_blank(after) else after.amount, _is_blank(after))
    quantum = Decimal(1).scaleb(-min(after.decimals, before.decimals))
    return Relation(str(entry["id"]), statement, now, (Operand(None, value, blank, is_sure=True),), quantum)


def _is_blank(fact: Fact) -> bool:
    return fact.blankness in (Blankness.BLANK, Blankness.DASH)
