"""Sums along a row: a total column and its siblings under one heading (the header tree).

Where all siblings belong to one partition of the catalogue (基本 + 项目, the funds) the sum is certain. Any other set
of siblings is a guess, and must first hold in most rows of its own table before a row that fails means anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from expectations.catalogue.loader import Catalogue
from expectations.columns import Column
from expectations.figures import Figure, HalfFigures, Line, TableFigures
from expectations.relations import Relation, closes, is_idle, operand, quantum_of

_CONFIRMING_ROWS, _CONFIRMING_SHARE = 2, 0.6


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """total: the column of a sum. parts: one tuple of columns per part, its subtotal first, then what stands for it."""

    total: Column
    parts: tuple[tuple[Column, tuple[Column, ...]], ...]
    is_certain: bool


def column_relations(table: TableFigures, identity: str, catalogue: Catalogue) -> Iterator[Relation]:
    """One relation per row and column sum, those of blank rows left out."""
    for half in table.halves:
        for found in column_sums(half.columns, catalogue):
            relations = [r for line in half.lines if (r := _relation(table, half, line, found, identity))]
            yield from relations if found.is_certain else _if_confirmed(relations)
        for change in (c for c in half.columns if c.is_change):
            yield from _differences(table, half, change, identity)


def _differences(table: TableFigures, half: HalfFigures, change: Column, identity: str) -> Iterator[Relation]:
    """A column of changes = the later of two columns less the earlier: those two between which most rows close."""
    others = [c for c in half.columns if c.is_additive]
    choices = [
        [r for line in half.lines if (r := _difference(table, half, line, change, now, before, identity))]
        for now, before in permutations(others, 2)
    ]
    best = max(choices, key=lambda of: sum(map(closes, of)), default=[])
    if sum(map(closes, best)) >= _CONFIRMING_ROWS:
        yield from _if_confirmed(best)


def _difference(
    table: TableFigures, half: HalfFigures, line: Line, change: Column, now: Column, before: Column, identity: str
) -> Relation | None:
    figures = [half.at(line, c) for c in (change, now, before)]
    if any(f is None for f in figures):
        return None
    total, *parts = (operand(f) for f in figures if f is not None)
    statement = f"{line.code or line.name or f'row {line.row}'}: {_name(change)} = {_name(now)} - {_name(before)}"
    relation = Relation(identity, statement, total, tuple(parts), quantum_of(table), (1, -1))
    return None if total.is_blank or is_idle(relation) else relation


def column_sums(columns: tuple[Column, ...], catalogue: Catalogue) -> tuple[ColumnSum, ...]:
    """The column sums that the headers announce."""
    return tuple(_under((), columns, catalogue))


def _under(prefix: tuple[str, ...], columns: tuple[Column, ...], catalogue: Catalogue) -> Iterator[ColumnSum]:
    """Sums of the columns whose header path begins with the prefix, and of the groups below."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        head = column.tree[len(prefix)] if len(column.tree) > len(prefix) else ""
        groups.setdefault(f"{head}\0{column.index}" if len(column.tree) == len(prefix) + 1 else head, []).append(column)
    members = [tuple(g) for g in groups.values()]
    total = next((g[0] for g in members if len(g) == 1 and g[0].is_total and len(g[0].tree) <= len(prefix) + 1), None)
    if total is not None:
        found = _sum(total, [g for g in members if total not in g], len(prefix) + 1, catalogue)
        yield from found
    for group in members:
        # Columns whose headers could not be read end here, several at once: there is nothing below them.
        if len(group) > 1 and all(len(column.tree) > len(prefix) for column in group):
            yield from _under((*prefix, group[0].tree[len(prefix)]), group, catalogue)


def _sum(total: Column, others: list[tuple[Column, ...]], depth: int, catalogue: Catalogue) -> Iterator[ColumnSum]:
    parts = [_part(g, depth) for g in others]
    parts = [p for p in parts if p[0].is_additive]
    keys = {p[0].key for p in parts}
    inside = {m.key: m.part_of for m in catalogue.measures if m.part_of in keys}
    direct = [p for p in parts if p[0].key not in inside]
    for owner in {inside[p[0].key] for p in parts if p[0].key in inside}:
        whole = next(p[0] for p in parts if p[0].key == owner)
        yield ColumnSum(whole, tuple(p for p in parts if inside.get(p[0].key) == owner), True)
    if direct and len({(p[0].period) for p in direct} | {total.period}) == 1:
        known = {p[0].key.split(".")[-1] for p in direct}
        yield ColumnSum(total, tuple(direct), any(known <= partition for partition in catalogue.partitions))


def _part(group: tuple[Column, ...], depth: int) -> tuple[Column, tuple[Column, ...]]:
    """(the column that stands for a group, the columns that do when that one is left blank)."""
    if len(group) == 1:
        return group[0], ()
    subtotal = next((c for c in group if c.is_total and len(c.tree) == depth + 1), None)
    rest = tuple(c for c in group if c is not subtotal and c.is_additive)
    return (subtotal, rest) if subtotal else (rest[0] if rest else group[0], rest[1:])


def _relation(table: TableFigures, half: HalfFigures, line: Line, found: ColumnSum, identity: str) -> Relation | None:
    total = half.at(line, found.total)
    parts = [f for part in found.parts for f in _standing_for(half, line, part)]
    if total is None or not parts:
        return None
    relation = Relation(
        identity,
        f"{line.code or line.name or f'row {line.row}'}: {_name(found.total)} = "
        + " + ".join(_name(f.column) for f in parts),
        operand(total),
        tuple(operand(f) for f in parts),
        quantum_of(table),
        may_leave_total_blank=len(found.total.tree) > 1 and not total.cell.doubts,
    )
    return None if is_idle(relation) else relation


def _standing_for(half: HalfFigures, line: Line, part: tuple[Column, tuple[Column, ...]]) -> list[Figure]:
    """The part's own figure; where it is a subtotal left blank over printed figures, those."""
    own = half.at(line, part[0])
    rest = [f for c in part[1] if (f := half.at(line, c)) is not None]
    if not part[0].is_total:
        return [f for f in (own, *rest) if f is not None]
    below = [f for f in rest if operand(f).value]
    if own is not None and operand(own).is_blank and below and not own.cell.doubts:
        return rest
    return [own] if own is not None else rest


def _name(column: Column) -> str:
    return column.path[-1] if column.path else f"column {column.index}"


def _if_confirmed(relations: list[Relation]) -> Iterator[Relation]:
    n_closed = sum(map(closes, relations))
    if n_closed >= _CONFIRMING_ROWS and n_closed >= _CONFIRMING_SHARE * len(relations):
        yield from relations
    else:
        reason = f"these columns are not known to add up: they do in {n_closed} of {len(relations)} rows"
        yield from (replace(r, refusal=reason) for r in relations)
