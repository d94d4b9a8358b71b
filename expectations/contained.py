"""One table contained in another: what stands in both is the same, and what is over is other money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from expectations.between import (
    Entry,
    at_node,
    by_node_of,
    figures_of,
    node_of,
    pair_tables,
    place_of,
    relation_between,
    value_in,
)
from expectations.figures import Figure, TableFigures
from expectations.relations import Operand, Relation, is_idle, operand, quantum_of, unit_factor


def contains_relations(tables: Sequence[TableFigures], entry: Entry, year: int | None) -> Iterator[Relation]:
    """Left = right tables + other money. What is left over must be >= 0 and itself add up along the code tree.

    A code whose surplus fits into the surplus of all its parents is explained by other money and not evaluated.
    """
    for selector in entry["right"][:1]:
        for a, first in pair_tables(tables, {"left": entry["left"], "right": selector}):
            others = [_nearest(tables, sel, first) for sel in entry["right"][1:]]
            rights = (first, *(t for t in others if t is not None))
            for left_measure, right_measure in entry["measures"]:
                yield from _contained(a, rights, left_measure, right_measure, entry, year)


def _nearest(tables: Sequence[TableFigures], selector: Entry, to: TableFigures) -> TableFigures | None:
    found = [t for t in tables if t.kind in selector["kinds"] and t.n_lines]
    return min(found, key=lambda t: abs(t.table_index - to.table_index)) if found else None


def _contained(
    a: TableFigures,
    rights: Sequence[TableFigures],
    left_measure: str,
    right_measure: str,
    entry: Entry,
    year: int | None,
) -> Iterator[Relation]:
    factor = unit_factor(a, *rights)
    mine = figures_of(a, {**entry["left"], "measure": left_measure}, year)
    left = {n: f for f in mine if (n := node_of(f.line))}
    # What is carried over stands in no table of expenditure: where the year has its own total, that one counts.
    if years := [f for f in mine if f.line.key.startswith("year_")]:
        left["total"] = years[0]
    by_table = [by_node_of(figures_of(table, {"measure": right_measure}, year)) for table in rights]
    parts = {
        node: [f for nodes in by_table for f in at_node(node, nodes)]
        for node in dict.fromkeys([*left, *(n for nodes in by_table for n in nodes)])
    }
    surplus = {
        n: value_in(f, factor) - sum((value_in(p, factor) for p in parts.get(n, ())), Decimal(0))
        for n, f in left.items()
    }
    tables_of = (a, *rights)
    for node, figure in left.items():
        printed = tuple(parts.get(node, ()))
        # One unit of the last place is no other money, but rounding, or a figure misread.
        explained = surplus[node] > quantum_of(*tables_of) and _is_explained(node, surplus)
        if not printed and (explained or not surplus[node] or not parts):
            continue
        statement = f"{place_of(figure)} = {' + '.join(place_of(p) for p in printed) or 'nothing in the other table'}"
        reason = f"{figure.line.name or node} holds {surplus[node]} of other money" if explained else ""
        relation = relation_between(entry["id"], statement, (figure,), printed, tables_of, False, reason)
        if not is_idle(relation):
            yield relation
    yield from _lacking(left, parts, entry["id"], tables_of)


def _lacking(
    left: Mapping[str, Figure], parts: Mapping[str, list[Figure]], identity: str, tables: tuple[TableFigures, ...]
) -> Iterator[Relation]:
    """Lines of the contained tables that the containing one does not print, at a level that it does print."""
    levels = {len(n) for n in left if n.isdigit()}
    factor = unit_factor(*tables)
    for node, figures in parts.items():
        operands = tuple(operand(f, factor) for f in figures)
        if left and node not in left and len(node) in levels and any(o.value for o in operands):
            statement = f"table {tables[0].table_index + 1} lacks {' + '.join(place_of(f) for f in figures)}"
            yield Relation(identity, statement, Operand(None, Decimal(0), True), operands, quantum_of(*tables))


def _is_explained(node: str, surplus: Mapping[str, Decimal]) -> bool:
    above = [n for n in surplus if n == "total" or (node.startswith(n) and n != node)]
    below = [n for n in surplus if (n.startswith(node) or node == "total") and n not in (node, "total")]
    below = [n for n in below if not any(n.startswith(m) and m != n for m in below)]
    fits = all(surplus[n] >= surplus[node] for n in above if n != node)
    return fits and (not below or sum(surplus[n] for n in below) == surplus[node])
