"""Relations between two tables: the same figure twice, one table contained in another, a table printed twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from expectations.columns import Column
from expectations.figures import Figure, HalfFigures, Line, TableFigures, is_whole
from expectations.relations import Operand, Relation, is_idle, operand, quantum_of, unit_factor

Entry = Mapping[str, Any]


class Tables(tuple[TableFigures, ...]):
    """The tables of a document, compared with each other once for all relations between them."""

    @cached_property
    def copies(self) -> tuple[list[TableFigures], ...]:
        """Those with figures, each with its copies; copies are of one kind."""
        return tuple(_copies([t for t in self if t.halves]))


def pair_tables(tables: Sequence[TableFigures], entry: Entry) -> Iterator[tuple[TableFigures, TableFigures]]:
    """Which left table is compared with which right: first with first of two sets; a copy counts like its original."""
    copies = (tables if isinstance(tables, Tables) else Tables(tables)).copies
    groups_left, groups_right = ([g for g in copies if g[0].kind in entry[s]["kinds"]] for s in ("left", "right"))
    if len(groups_left) == len(groups_right):
        matched = list(zip(groups_left, groups_right, strict=True))
    else:
        fewer, more = sorted((groups_left, groups_right), key=len)
        near = [(g, min(more, key=lambda m: abs(m[0].table_index - g[0].table_index))) for g in fewer]
        matched = near if fewer is groups_left else [(b, a) for a, b in near]
    for lefts, rights in matched:
        yield from ((a, b) for a in lefts for b in rights if a is not b)


def _copies(tables: Sequence[TableFigures]) -> list[list[TableFigures]]:
    groups: list[list[TableFigures]] = []
    for table in tables:
        home = next((g for g in groups if is_copy(g[0], table)), None)
        groups += [] if home else [[table]]
        if home:
            home.append(table)
    return groups


def is_copy(a: TableFigures, b: TableFigures) -> bool:
    """Whether the two are one table printed twice: same lines, nearly all figures the same."""
    if (a.kind, len(a.halves), a.table.n_cols) != (b.kind, len(b.halves), b.table.n_cols):
        return False
    if not _may_be_copy(a, b):
        return False
    pairs = list(_copied(a, b))
    n_lines = max(a.n_lines, b.n_lines)
    same = sum(x.amount == y.amount for x, y in pairs)
    printed = sum(bool(x.amount.value) for x, _ in pairs)
    return printed > n_lines / 2 and same >= 0.9 * len(pairs) and len(pairs) >= n_lines


def _may_be_copy(a: TableFigures, b: TableFigures) -> bool:
    """The same question of their marks alone, answered no only where it is no: most tables of a kind are no copies, and
    looking at all figures of each pair of them would cost a long document most of its time."""
    n_same = n_pairs = 0
    for mine, other in zip(a.marks, b.marks, strict=True):
        if mine.codes != other.codes:
            continue
        if mine.n_columns != other.n_columns:
            return True
        both = (mine.amounts != 0) & (other.amounts != 0)
        n_pairs += int(both.sum())
        n_same += int((both & (mine.amounts == other.amounts)).sum())
    return n_pairs > 0 and n_same >= 0.9 * n_pairs


def _copied(a: TableFigures, b: TableFigures) -> Iterator[tuple[Figure, Figure]]:
    for half, other in zip(a.halves, b.halves, strict=True):
        if [x.code for x in half.lines] != [x.code for x in other.lines]:
            continue
        for line, twin in zip(half.lines, other.lines, strict=True):
            for column, same in zip(half.columns, other.columns, strict=False):
                left, right = half.at(line, column), other.at(twin, same)
                if left is not None and right is not None:
                    yield left, right


def copy_relations(tables: Sequence[TableFigures]) -> Iterator[Relation]:
    """C01: a table printed twice says the same in every cell."""
    for group in (tables if isinstance(tables, Tables) else Tables(tables)).copies:
        for other in group[1:]:
            for left, right in _copied(group[0], other):
                statement = f"{place_of(left)} = its copy in table {other.table_index + 1}"
                relation = relation_between("C01", statement, (left,), (right,), (group[0], other), False)
                if not is_idle(relation):
                    yield relation


def equal_relations(tables: Sequence[TableFigures], entry: Entry, year: int | None) -> Iterator[Relation]:
    """The relations of an 'equal' entry, for every pair of tables and every matched line."""
    for a, b in pair_tables(tables, entry):
        carried = _carried_over(a, entry)
        for left, rights in _matches(a, b, entry, year):
            statement = f"{place_of(left)} = {' + '.join(place_of(r) for r in rights)}"
            relation = relation_between(
                entry["id"], statement, (left,), rights, (a, b), entry.get("soft", False) or carried
            )
            if not is_idle(relation):
                yield relation


def unit_relations(
    tables: Sequence[TableFigures], entry: Entry, others: Sequence[Entry], year: int | None
) -> Iterator[Relation]:
    """Where one amount stands in two tables whose units differ, or whose figures differ by a power of ten: that the
    units printed are the right ones. Figures that differ otherwise say nothing of the units."""
    seen: set[tuple[int, int]] = set()
    for other in (e for e in others if e["type"] == "equal" and e["match"] == "total" and not e.get("soft", False)):
        for a, b in pair_tables(tables, other):
            pair, rights = (a.table_index, b.table_index), _right_figures(b, other, year)
            for left in _left_figures(a, other, year) if len(rights) == 1 and pair not in seen else ():
                if _speaks_of_units(left, rights[0]):
                    seen.add(pair)
                    units = f"table {a.table_index + 1} in {a.unit} and table {b.table_index + 1} in {b.unit}"
                    yield relation_between(entry["id"], f"{units} print one amount", (left,), rights, (a, b), False)
                    break


def _speaks_of_units(left: Figure, right: Figure) -> bool:
    """Whether the two print one amount in different units, or what would be one if a unit were another."""
    if not left.amount.value or not right.amount.value or left.factor is None or right.factor is None:
        return False
    ratio = left.amount.value / right.amount.value
    in_yuan = ratio * left.factor / right.factor
    is_same = abs(in_yuan - 1) < Decimal("0.0001")
    return (is_same and left.factor != right.factor) or (not is_same and is_power_of_ten(in_yuan))


def is_power_of_ten(ratio: Decimal) -> bool:
    """Of 10 at least, up or down, within a thousandth: rounding to another unit costs a digit or two."""
    power = ratio.copy_abs().log10()
    nearest = power.to_integral_value()
    return nearest != 0 and abs(power - nearest) < Decimal("0.0004")


def _carried_over(table: TableFigures, entry: Entry) -> bool:
    """Whether money carried over may stand in the left table and not in the right one: in a row, or a column, of its own."""
    unless = entry.get("unless", {})
    figures = (f for _, f in table.all() if f.amount.value)
    return any(f.line.key == unless["row"] or f.column.key == unless.get("measure", "?") for f in figures if unless)


def _matches(
    a: TableFigures, b: TableFigures, entry: Entry, year: int | None
) -> Iterator[tuple[Figure, tuple[Figure, ...]]]:
    left, right, match = entry["left"], entry["right"], entry["match"]
    if match == "total":
        yield from _total_match(a, b, entry, year)
    elif match == "row":
        mine, theirs = (_by_key(figures_of(t, selector, year)) for t, selector in ((a, left), (b, right)))
        yield from ((x, (theirs[key],)) for key, x in mine.items() if key in theirs)
    elif match == "pair":
        for code, others in entry["pairs"]:
            x = figure_at(a, {**left, "code": code}, year)
            rights = tuple(y for c in others if (y := figure_at(b, {**right, "code": c}, year)))
            if x and rights:
                yield x, rights
    else:
        by_node = by_node_of(figures_of(b, right, year))
        for x in figures_of(a, left, year):
            node = node_of(x.line)
            wanted = node and (match == "code" or node in ("total",) or (len(node) == 3 and x.line.key))
            rights = at_node(node, by_node) if wanted and (match == "code" or node != "total") else ()
            if rights:
                yield x, rights


def _total_match(
    a: TableFigures, b: TableFigures, entry: Entry, year: int | None
) -> Iterator[tuple[Figure, tuple[Figure, ...]]]:
    """The left total; the one named by `otherwise` instead when that is the one which agrees."""
    rights, found = _right_figures(b, entry, year), _left_figures(a, entry, year)
    if not rights or not found:
        return
    factor = unit_factor(a, b)
    total = sum((value_in(r, factor) for r in rights), Decimal(0))
    agreeing = [c for c in found if operand(c, factor).value == total]
    yield (agreeing or found)[0], rights


def _left_figures(table: TableFigures, entry: Entry, year: int | None) -> list[Figure]:
    """The left figure, and the one named by `otherwise`."""
    choices = [figure_at(table, entry["left"], year)]
    if "otherwise" in entry:
        choices.append(figure_at(table, {**entry["left"], **entry["otherwise"]}, year))
    return [c for c in choices if c is not None]


def _right_figures(table: TableFigures, entry: Entry, year: int | None) -> tuple[Figure, ...]:
    """The right figure; failing that those whose sum the entry takes in its place, all of them or none."""
    if (right := figure_at(table, entry["right"], year)) is not None:
        return (right,)
    found = [figure_at(table, {**entry["right"], **one}, year) for one in entry.get("right_sum", ())]
    return tuple(f for f in found if f is not None) if all(found) else ()


def by_node_of(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {node_of(f.line): f for f in figures}


def _by_key(figures: Sequence[Figure]) -> dict[str, Figure]:
    """Lines without codes by what they are known to stand for; what stands there twice is left out."""
    keys = [f.line.key for f in figures]
    return {k: f for k, f in zip(keys, figures, strict=True) if k and not f.line.system and keys.count(k) == 1}


def at_node(node: str, nodes: Mapping[str, Figure]) -> tuple[Figure, ...]:
    """The figure of a node; of a class or group in a table that prints no such level at all, those just below it."""
    if node in nodes:
        return (nodes[node],)
    if not node.isdigit() or any(n.isdigit() and len(n) == len(node) for n in nodes):
        return ()
    below = [n for n in nodes if n.isdigit() and n.startswith(node)]
    shortest = min(map(len, below), default=0)
    return tuple(nodes[n] for n in below if len(n) == shortest)


def value_in(figure: Figure, factor: Decimal) -> Decimal:
    return operand(figure, factor).value or Decimal(0)


def at_most_relations(tables: Sequence[TableFigures], entry: Entry, year: int | None) -> Iterator[Relation]:
    """left <= right; equality holds, a smaller left is not evaluated, a larger one fails."""
    for a, b in pair_tables(tables, entry):
        left, right = figure_at(a, {"measure": "total", **entry["left"]}, year), figure_at(b, entry["right"], year)
        if right is None and "otherwise" in entry:
            right = figure_at(b, {**entry["right"], **entry["otherwise"]}, year)
        if left is None or right is None:
            continue
        factor = unit_factor(a, b)
        statement = f"{place_of(left)} <= {place_of(right)}"
        yield Relation(
            entry["id"], statement, operand(left, factor), (operand(right, factor),), quantum_of(a, b), at_most=True
        )


def figure_at(table: TableFigures, selector: Entry, year: int | None) -> Figure | None:
    """The one figure a selector (side, row, code, measure) names; None when the table has none such."""
    rows, code = selector.get("rows", [selector["row"]] if "row" in selector else None), selector.get("code")
    found = [
        f
        for f in figures_of(table, selector, year)
        if (code is None or f.line.code == code) and (rows is None or f.line.key in rows or _is_root(f.line, rows))
    ]
    return found[0] if found else None


def _is_root(line: Line, rows: Sequence[str]) -> bool:
    return "total" in rows and is_whole(line.key)


def figures_of(table: TableFigures, selector: Entry, year: int | None) -> list[Figure]:
    """All figures of one measure of the fiscal year, on the side asked for."""
    found: list[Figure] = []
    for half in table.halves:
        if selector.get("side", half.side) != half.side:
            continue
        column = _column(half, selector.get("measure", "total"), year)
        if column is not None:
            found += [f for line in half.lines if (f := half.at(line, column))]
    return found


def _column(half: HalfFigures, measure: str, year: int | None) -> Column | None:
    named = [c for c in half.columns if c.key == measure and c.period != "previous"]
    wanted = str(year) if year else max((c.period for c in named), default="")
    named.sort(key=lambda c: not c.is_total)  # of several without a key of their own the one that is a sum
    return next((c for p in (wanted, "") for c in named if c.period == p), None)


def node_of(line: Line) -> str:
    """What a line stands for across tables: a code, a functional class, the total; '' for anything else."""
    if line.system and line.system != "unit":
        return line.code
    if line.key.startswith("class:"):
        return line.key.removeprefix("class:")
    return "total" if is_whole(line.key) else ""


def relation_between(
    identity: str,
    statement: str,
    left: tuple[Figure, ...],
    right: tuple[Figure, ...],
    tables: tuple[TableFigures, ...],
    soft: bool,
    refusal: str = "",
) -> Relation:
    factor = unit_factor(*tables)
    parts: tuple[Operand, ...] = tuple(operand(f, factor) for f in right)
    return Relation(
        identity, statement, operand(left[0], factor), parts, quantum_of(*tables), soft=soft, refusal=refusal
    )


def place_of(figure: Figure) -> str:
    name = figure.line.code or figure.line.name or f"row {figure.line.row}"
    column = figure.column.path[-1] if figure.column.path else f"column {figure.column.index}"
    return f"table {figure.ref.table_index + 1} {name} {column}"
