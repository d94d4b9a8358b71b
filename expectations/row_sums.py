"""Sums down a column: code trees with their 合计 row, the outline of lists without codes, plain lists, named rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from expectations.catalogue.loader import Catalogue
from expectations.columns import Column
from expectations.figures import HalfFigures, Line, TableFigures, is_whole
from expectations.relations import Relation, closes, is_idle, operand, quantum_of


def tree_relations(table: TableFigures, entry: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Relation]:
    """I02 and I03: a code's row, and the total row, against their direct children, in every column."""
    for half in table.halves:
        parents = code_parents(half.lines)
        headings = frozenset(c.index for c in half.columns if _all_parents_blank(half, parents, c))
        if not parents:
            continue
        for parent in half.lines:
            children = [line for line in half.lines if parents.get(line) is parent]
            if children:
                identity = entry["root"] if not parent.code else entry["id"]
                yield from _down(table, half, identity, parent, children, headings)


def code_parents(lines: Sequence[Line]) -> dict[Line, Line]:
    """Each coded line -> the line it is summed into: the longest shorter prefix, else its unit, else the total.

    Where codes repeat (one block per unit or project) only lines above count, the nearest first. Only the outermost
    code system is summed into the total.
    """
    coded = [line for line in lines if line.system]
    codes = [line.code for line in coded]
    repeats = len(set(codes)) < len(codes)
    root = _root(lines)
    outer = next((line.system for line in coded if line.system != "unit"), "unit")
    parents: dict[Line, Line] = {}
    unit: Line | None = None
    for i, line in enumerate(coded):
        pool = coded[:i] if repeats else coded
        prefixes = [p for p in pool if p.system == line.system and line.code.startswith(p.code) and p.code != line.code]
        unit = line if line.system == "unit" else unit
        if prefixes:
            parents[line] = prefixes[-1] if repeats else max(prefixes, key=lambda p: len(p.code))
        elif line.system == "unit":
            parents |= {line: root} if root else {}
        elif line.system == outer and (unit or root):
            parents[line] = unit or root  # type: ignore[assignment]
    return parents


def _root(lines: Sequence[Line]) -> Line | None:
    totals = [line for line in lines if is_whole(line.key) and not line.system]
    if len(totals) > 1:
        totals = [t for t in totals if t in (lines[0], lines[-1])] or totals
    return totals[0] if totals else None


def outline_relations(table: TableFigures, entry: Mapping[str, Any]) -> Iterator[Relation]:
    """I04 to I07: headings, the year's total and the whole total of a list of income or expenditure."""
    for half in table.halves:
        if half.side and not any(line.system for line in half.lines):
            for parent, children, role in outline(half.lines, half.side):
                by_side = entry[role] if role in ("year", "total") else {}
                relations = _down(table, half, by_side.get(half.side, entry["group"]), parent, children)
                yield from (replace(r, soft=role == "detail") for r in relations)


def outline(lines: Sequence[Line], side: str) -> list[tuple[Line, list[Line], str]]:
    """(parent, its direct children, 'year' | 'total' | 'group' | 'detail') for each sum that the list announces.

    A numbered heading, or a carry-over, owns the lines below it that are numbered deeper or not at all. The year's
    total sums what it owns, else the items above it; the whole total sums the year's total and the carry-overs,
    else all items. A name that stands above already and again under a carry-over is a part of it. 其中 lines are
    inside the line above them; where one follows a numbered heading directly, so do the lines without a number after
    it, and they may be all of the heading's parts (detail), or not.
    """
    year, whole = f"year_{side}", f"{side}_total"
    carried_keys = {"carry_in", "carry_out"}
    special = {year, whole, *carried_keys}
    tops: list[Line] = []
    owned: dict[Line, list[Line]] = {}
    details: dict[Line, list[Line]] = {}
    for line in lines:
        owner = tops[-1] if tops else None
        if line.is_detail or (owner in details and not line.depth and line.key not in special):
            if owner is not None and owner.depth and owner not in owned and (line.depth == 0 or owner in details):
                details.setdefault(owner, []).append(line)
            continue
        repeated = owner is not None and owner.key in carried_keys and any(line.key == t.key for t in tops if t.key)
        numbered = bool(lines[0].depth)
        if owner is not None and line.key not in special and (repeated or _owns(owner, line, numbered, special)):
            owned.setdefault(owner, []).append(line)
        else:
            tops.append(line)
    found = [(line, items, "year" if line.key == year else "group") for line, items in owned.items()]
    found += [(line, items, "detail") for line, items in details.items() if len(items) > 1]
    items = [t for t in tops if t.key not in special]
    carried = [t for t in tops if t.key in ("carry_in", "carry_out")]
    year_line = next((t for t in tops if t.key == year), None)
    whole_line = next((t for t in tops if t.key == whole), None)
    if year_line is not None and year_line not in owned:
        above = [t for t in items if t.row < year_line.row] or [t for t in items if t.row > year_line.row]
        found += [(year_line, above, "year")] if above else []
        rest = [t for t in items if t not in above and t.row > year_line.row]
    else:
        rest = [] if year_line is None else items
    if whole_line is not None:
        children = [year_line, *rest, *carried] if year_line is not None else [*items, *carried]
        found += [(whole_line, children, "total")] if children else []
    return found


def _owns(owner: Line, line: Line, is_numbered: bool, special: set[str]) -> bool:
    if owner.key.endswith("_total"):
        return False
    if owner.depth and (line.depth > owner.depth or line.depth == 0):
        return True
    return owner.key in ("carry_in", "carry_out") and line.depth == 0 and not is_numbered and owner.key in special


def list_relations(table: TableFigures, identity: str) -> Iterator[Relation]:
    """The total row of a plain list without codes, when its rows do add up to it in some column."""
    for half in table.halves:
        root = _root(half.lines)
        items = [x for x in half.lines if x is not root and not x.is_detail and not is_whole(x.key)]
        if root is None or half.side or any(line.system for line in half.lines) or not items:
            continue
        relations = list(_down(table, half, identity, root, items))
        if any(closes(r) and sum(bool(p.value) for p in r.parts) > 1 for r in relations):
            yield from relations
        else:
            yield from (replace(r, refusal="the rows of this list are not known to add up") for r in relations)


def named_relations(table: TableFigures, entry: Mapping[str, Any]) -> Iterator[Relation]:
    """A named row = the sum of named rows, in every column; across the halves of a double table in the total column."""
    left = [(h, x) for h in table.halves if (x := _select(h, entry["left"]))]
    if not left:
        return
    half, line = left[0]
    choices = [
        found
        for sel in entry["right"]
        if (found := [(h, x, sel.get("sign", 1)) for h in table.halves if (x := _select(h, sel))])
    ]
    if entry.get("whole", False) and len(choices) < len(entry["right"]):
        return
    # Halves of one side say the same in other terms (by function, by class): each is compared by itself.
    for i in range(max(map(len, choices), default=0)):
        yield from _named(table, entry, half, line, [of[min(i, len(of) - 1)] for of in choices])


def _named(
    table: TableFigures,
    entry: Mapping[str, Any],
    half: HalfFigures,
    line: Line,
    parts: list[tuple[HalfFigures, Line, int]],
) -> Iterator[Relation]:
    for column in (c for c in half.columns if c.sums_down):
        figure = half.at(line, column)
        found = [(f, sign) for h, x, sign in parts if (f := h.at(x, _same_measure(h, half, column)))]
        if figure is None or not found or (len(table.halves) > 1 and column.key != "total"):
            continue
        terms = "".join(f" {'+' if sign > 0 else '-'} {f.line.name}" for f, sign in found).removeprefix(" + ")
        relation = Relation(
            entry["id"], f"{line.name} = {terms} ({_name(column)})", operand(figure), tuple(operand(f) for f, _ in found),
            quantum_of(table), tuple(sign for _, sign in found), soft=entry.get("soft", False),
            may_leave_total_blank=True,
        )  # fmt: skip
        if not is_idle(relation):
            yield relation


def class_column_relations(table: TableFigures, entry: Mapping[str, Any]) -> Iterator[Relation]:
    """The total row of a column = the rows of the classes that the catalogue counts into that column."""
    for half in table.halves:
        root = _root(half.lines)
        for column in half.columns:
            classes = entry["classes"].get(column.key, ())
            lines = [x for x in half.lines if x.code in classes]
            whole = next((c for c in half.columns if c.key == "total" and c.period == column.period), None)
            if root is None or whole is None or not lines:
                continue
            total, parts = half.at(root, column), [f for x in lines if (f := half.at(x, whole))]
            if total is not None and parts:
                statement = f"{root.name} {_name(column)} = {' + '.join(f.line.code for f in parts)}"
                operands = tuple(operand(f) for f in parts)
                relation = Relation(entry["id"], statement, operand(total), operands, quantum_of(table))
                yield relation


def class_row_relations(table: TableFigures, entry: Mapping[str, Any]) -> Iterator[Relation]:
    """A named row = the rows of the classes that the catalogue counts into it, over all halves of a table."""
    for half in table.halves:
        for line in (x for x in half.lines if x.key in entry["classes"] and not x.code):
            for column in half.columns:
                classes, leaf = entry["classes"][line.key], column.tree[-1:]
                parts = [
                    f
                    for h in table.halves
                    for c in h.columns
                    for x in h.lines
                    if x.code in classes and c.tree[-1:] == leaf and (f := h.at(x, c))
                ]
                total = half.at(line, column)
                if total is not None and parts and not all(operand(f).is_blank for f in (total, *parts)):
                    statement = f"{line.name} {_name(column)} = {' + '.join(f.line.code for f in parts)}"
                    operands = tuple(operand(f) for f in parts)
                    yield Relation(
                        entry["id"], statement, operand(total), operands, quantum_of(table), may_leave_total_blank=True
                    )


def _select(half: HalfFigures, selector: Mapping[str, Any]) -> Line | None:
    return half.by_key(selector["row"]) if selector.get("side", half.side) == half.side else None


def _same_measure(half: HalfFigures, other: HalfFigures, column: Column) -> Column:
    if half is other:
        return column
    same = [c for c in half.columns if c.key == column.key]
    return next((c for c in same if c.period == column.period), same[0] if same else half.columns[0])


def _down(
    table: TableFigures,
    half: HalfFigures,
    identity: str,
    parent: Line,
    children: Sequence[Line],
    headings: frozenset[int] = frozenset(),
) -> Iterator[Relation]:
    for column in half.columns:
        total = half.at(parent, column)
        parts = [f for line in children if (f := half.at(line, column))]
        if total is None or not parts or not column.sums_down:
            continue
        statement = (
            f"{parent.code or parent.name} {_name(column)} = {' + '.join(f.line.code or f.line.name for f in parts)}"
        )
        relation = Relation(
            identity, statement, operand(total), tuple(operand(f) for f in parts), quantum_of(table),
            may_leave_total_blank=column.index in headings,
        )  # fmt: skip
        if not is_idle(relation):
            yield relation


def _all_parents_blank(half: HalfFigures, parents: Mapping[Line, Line], column: Column) -> bool:
    """Whether the rows that have children carry no figure in a column at all: headings, not sums."""
    with_children = {p for p in parents.values() if p.system}
    return bool(with_children) and all(
        f is None or operand(f).is_blank for p in with_children for f in (half.at(p, column),)
    )


def _name(column: Column) -> str:
    return column.path[-1] if column.path else f"column {column.index}"
