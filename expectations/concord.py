"""Relations between tables that would have two tables contradict each other nearly everywhere: not evaluated.

A misread figure breaks one relation of a pair of tables. Where most of many break at once, the two tables are about
different things (another scope, another year, a kind mistaken), and nothing is said of their figures. Only relations
with figures on both sides count: a column read one place aside leaves one side blank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from expectations.relations import Relation, closes

_MANY, _SHARE = 4, 0.5
_REASON = "these two tables are not known to say the same: {} of {} such relations close"

Pair = tuple[object, ...]


def if_tables_agree(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """The same relations, in order; those of a pair of columns of which fewer than half close are refused."""
    every = tuple(relations)
    groups: dict[Pair, list[Relation]] = {}
    for relation in every:
        if _says_something(relation):
            groups.setdefault(_pair(relation), []).append(relation)
    counts = {pair: (sum(map(closes, of)), len(of)) for pair, of in groups.items()}
    apart = {pair: _REASON.format(*n) for pair, n in counts.items() if n[1] >= _MANY and n[0] < _SHARE * n[1]}
    return tuple(
        replace(r, refusal=apart[_pair(r)]) if not r.refusal and _pair(r) in apart else r for r in every
    )  # fmt: skip


def _says_something(relation: Relation) -> bool:
    both = bool(relation.total.value) and any(o.value for o in relation.parts)
    return both and not (relation.refusal or relation.soft or relation.at_most)


def _pair(relation: Relation) -> Pair:
    """Which identity it is, between which columns; relations inside one table and with the text are each by themselves."""
    columns = sorted({(o.ref.table_index, o.ref.col) for o in (relation.total, *relation.parts) if o.ref is not None})
    if len({table for table, _ in columns}) < 2:
        return (relation.identity, relation.statement)
    return (relation.identity, *columns)
