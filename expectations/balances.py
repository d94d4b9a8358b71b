"""Sums with signs: a subtotal and the block of lines above it, and rows that carry a balance forward."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from expectations.columns import Column
from expectations.figures import Figure, HalfFigures, Line, TableFigures
from expectations.relations import Relation, closes, is_idle, operand, quantum_of
from expectations.words import normalise, without_year


def block_relations(table: TableFigures, entry: Mapping[str, Any]) -> Iterator[Relation]:
    """A subtotal = the lines of the block above it, each with the sign that the wording gives it."""
    for half in table.halves:
        for total in (line for line in half.lines if line.key in entry["totals"]):
            parts = _block(half.lines, total, entry)
            relations = list(_signed(table, half, total, parts, entry["id"])) if parts else []
            if entry.get("confirmed", False) and not any(map(closes, relations)):
                reason = "these rows are not known to add up: they do in no column"
                relations = [replace(r, refusal=reason) for r in relations]
            yield from relations


def _block(lines: Sequence[Line], total: Line, entry: Mapping[str, Any]) -> list[tuple[Line, int]]:
    """The lines of a total's block, top down, with their signs."""
    above = list(lines[: lines.index(total)])
    stops = [i for i, line in enumerate(above) if line.key in entry["until"] or line.key in entry["totals"]]
    start = stops[-1] + (0 if entry.get("carries", False) else 1) if stops else 0
    found: list[tuple[Line, int]] = []
    sign = 1
    for line in above[start:]:
        name = normalise(line.name)
        is_minus = "minus" in entry and re.match(entry["minus"], name) is not None
        if is_minus or "plus" not in entry or re.match(entry["plus"], name):
            sign = -1 if is_minus else 1
        if not line.is_detail and line.key not in entry.get("inside", ()):
            found.append((line, sign))
    return found


def _signed(
    table: TableFigures, half: HalfFigures, total: Line, parts: Sequence[tuple[Line, int]], identity: str
) -> Iterator[Relation]:
    for column in half.columns:
        whole = half.at(total, column)
        found = [(f, sign) for line, sign in parts if (f := half.at(line, column))]
        if whole is None or not found or not column.sums_down:
            continue
        terms = "".join(f" {'+' if sign > 0 else '-'} {f.line.name}" for f, sign in found).removeprefix(" + ")
        operands, signs = tuple(operand(f) for f, _ in found), tuple(sign for _, sign in found)
        relation = Relation(
            identity, f"{total.name} {_name(column)} = {terms}", operand(whole), operands, quantum_of(table), signs
        )
        if not is_idle(relation):
            yield relation


def balance_relations(table: TableFigures, entry: Mapping[str, Any]) -> Iterator[Relation]:
    """In each row what was there + what came in = what went out + what is left, by the columns' keys and words."""
    for half in table.halves:
        found = {name: _balance_column(half, entry[name]) for name in ("opening", "income", "expenditure", "closing")}
        if any(column is None for column in found.values()):
            continue
        for line in half.lines:
            figures = {name: half.at(line, column) for name, column in found.items() if column is not None}
            if any(f is None for f in figures.values()):
                continue
            operands = {name: operand(f) for name, f in figures.items() if f is not None}
            statement = f"{line.code or line.name}: {entry['says']}"
            parts = tuple(operands[n] for n in ("opening", "income", "expenditure"))
            relation = Relation(
                entry["id"], statement, operands["closing"], parts, quantum_of(table), (1, 1, -1),
            )  # fmt: skip
            if not is_idle(relation):
                yield relation


def fund_relations(table: TableFigures, entry: Mapping[str, Any]) -> Iterator[Relation]:
    """Of each fund of a double table: what came in, this year and before = the total of its column of expenditure.

    Refused where money carried over is not told by fund.
    """
    income, spent = ([h for h in table.halves if h.side == side] for side in ("income", "expenditure"))
    whole = next((x for h in spent[:1] for key in entry["whole"] if (x := h.by_key(key))), None)
    if not income or whole is None:
        return
    carried = [f for x in income[0].lines if x.key == "carry_in" for f in _row(income[0], x) if f.amount.value]
    for fund in entry["funds"]:
        lines = [x for x in income[0].lines if x.key == fund]
        column = next((c for c in spent[0].columns if c.key == fund and c.period != "previous"), None)
        total = spent[0].at(whole, column) if column is not None else None
        parts = [f for x in lines for f in _row(income[0], x)[:1]]
        if total is None or not parts:
            continue
        statement = f"{whole.name} {_name(total.column)} = {' + '.join(f.line.name for f in parts)}"
        refusal = "what was carried over is not told by fund" if carried and len(parts) < 2 else ""
        operands = tuple(operand(f) for f in parts)
        relation = Relation(entry["id"], statement, operand(total), operands, quantum_of(table), refusal=refusal)
        if not is_idle(relation):
            yield relation


def _row(half: HalfFigures, line: Line) -> list[Figure]:
    return [f for c in half.columns if c.key == "total" and c.period != "previous" and (f := half.at(line, c))]


def _balance_column(half: HalfFigures, wanted: Mapping[str, Any]) -> Column | None:
    """The one column of a key, or under words; a total before a single one. None when there is none, or many."""
    found = [
        c
        for c in half.columns
        if ("key" not in wanted or c.key == wanted["key"])
        and ("words" not in wanted or any(without_year(e) in wanted["words"] for e in c.tree))
        and c.period != "previous"
    ]
    totals = [c for c in found if c.is_total or len(c.tree) == 1] or found
    return totals[0] if len(totals) == 1 else None


def _name(column: Column) -> str:
    return column.path[-1] if column.path else f"column {column.index}"
