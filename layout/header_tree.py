"""Heads -> spans over the columns: which head stands over which others.

Heads are centred: one that spans columns has their middle, one that runs down all header rows stands between the
heights of its neighbours. Heads with others below them are spanners; a run of columns is shared out among the spanners
over it so that each is nearest to the middle of its own. A drawn rule below a spanner says exactly which are its own.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from layout.baselines import joined, lap
from layout.column_sides import Range, off_middle
from layout.gutters import Column
from layout.headers import is_total_label
from layout.runs import Run

#: The same: white between a head and the only one below it, up to which they are two lines of one.
ONE_HEAD = 0.75
#: In text heights off the middle: cost of a column left without a spanner, of one whose head stands too low for that, of one
#: over the whole table, as titles are, and of one over just what its parent is over.
LEFT_OUT, LEFT_BARE, OVER_ALL, AS_PARENT = 1.0, 4.0, 2.5, 2.5
#: The same: further cost of a column left without between two spanners.
BETWEEN = 1.0
#: The same: cost of a spanner with a subtotal (小计) that is neither the first nor the last of its columns.
INNER_TOTAL = 2.5
#: In text heights: less than two lines of a head.
ONE_LINE = 1.5
#: Of what a spanner may be off the middle, the share that counts nevertheless: of all possible places the middle is likeliest.
OFF_USUAL = 0.2

Shared = tuple[float, tuple[tuple[int, int], ...]]
"""Cost, and the columns [a, b) of each spanner in order."""
Rule = tuple[float, float, float]
"""A drawn horizontal stretch: y, x0, x1."""


@dataclass(frozen=True, slots=True)
class Head:
    """A block of lines over one or more columns [col, col_stop), with its rows [row, row_stop) of the header."""

    run: Run
    col: int = 0
    col_stop: int = 1
    row: int = 0
    row_stop: int = 1


@dataclass(slots=True)
class _Node:
    run: Run
    cols: tuple[int, int]
    depth: int = 0
    children: list[_Node] = field(default_factory=list)

    @property
    def height(self) -> int:
        return 1 + max((c.height for c in self.children), default=0)


def grow_tree(
    leaves: dict[int, Run], spanners: Sequence[Run], columns: Sequence[Column], ranges: Sequence[Range],
    rules: Sequence[Rule], em: float, wide_leaves: Sequence[tuple[Run, int, int]] = (),
    parted: Callable[[Run, Run], bool] = lambda upper, lower: False,
) -> tuple[list[Head], int]:  # fmt: skip
    """Heads with their places, and the number of header rows. leaves: column -> the head right above its body. ranges:
    where the columns' sides may lie. parted: whether a drawn ruling lies between two runs.
    """
    tops: list[_Node] = []
    nodes: list[_Node] = []
    tiers = [
        [run for _, run in group]
        for _, group in itertools.groupby(
            _at_one_height(sorted(spanners, key=lambda s: s.y), em), key=lambda pair: pair[0]
        )
    ]
    begins = _first_rows(leaves, tiers, em)
    for tier, level in enumerate(tiers):
        open_leaves = {c: run for c, run in leaves.items() if begins.get(c, tier + 1) > tier}
        middle = any(first <= tier and _is_one_line(leaves[c], em) for c, first in begins.items())
        below = {c for c, first in begins.items() if first > tier and middle}
        for run, cols in _share_out(level, nodes, open_leaves, spanners, columns, ranges, rules, below, em):
            node = _Node(run, cols)
            parent = _deepest(nodes, run, cols)
            (parent.children if parent else tops).append(node)
            node.depth = parent.depth + 1 if parent else 0
            nodes.append(node)
    for run, cols in [(r, (c, c + 1)) for c, r in leaves.items()] + [(r, (a, b)) for r, a, b in wide_leaves]:
        node = _Node(run, cols)
        parent = _deepest(nodes, run, cols)
        (parent.children if parent else tops).append(node)
        node.depth = parent.depth + 1 if parent else 0
    tops = [_as_one_head(node, parted, em) for node in tops]
    n = max((node.height for node in tops), default=1)
    heads: list[Head] = []
    for node in tops:
        _place(node, 0, n, heads, _row_heights(tops, n))
    return heads, n


def _as_one_head(node: _Node, parted: Callable[[Run, Run], bool], em: float) -> _Node:
    """The node with those put together that are lines of one head: close, one over just what the other is over."""
    node.children = [_as_one_head(child, parted, em) for child in node.children]
    if len(node.children) != 1 or node.children[0].cols != node.cols:
        return node
    child = node.children[0]
    close = child.run.bbox.y0 - node.run.bbox.y1 < ONE_HEAD * em and abs(child.run.x - node.run.x) < em
    if not close or parted(node.run, child.run):
        return node
    return _Node(joined([node.run, child.run]), node.cols, node.depth, child.children)


def _first_rows(leaves: dict[int, Run], tiers: Sequence[Sequence[Run]], em: float) -> dict[int, int]:
    """The row at which each head right above the body begins, where heads stand in the middle of their rows.

    Known where some head does stand between the heights of spanners and of the lowest heads; else {}.
    """
    ys = [statistics.fmean(r.y for r in tier) for tier in tiers]
    if not leaves or not ys:
        return {}
    bottom = max(run.y for run in leaves.values())
    bottom = statistics.fmean(run.y for run in leaves.values() if bottom - run.y < 0.35 * em)
    if any(b - a < 1.2 * em for a, b in itertools.pairwise([*ys, bottom])):
        return {}
    middles = [(y + bottom) / 2 for y in ys] + [bottom]
    found = {}
    for col, run in leaves.items():
        first = min(range(len(middles)), key=lambda i: abs(middles[i] - run.y))
        if abs(middles[first] - run.y) <= 0.3 * em:
            found[col] = first
    between = any(first < len(ys) and all(abs(leaves[c].y - y) > 0.4 * em for y in ys) for c, first in found.items())
    return found if between else {}


def _is_one_line(run: Run, em: float) -> bool:
    """Whether a head is a single line: where it stands says how heads are set; several may fill their cell."""
    return run.bbox.height < ONE_LINE * em


def _at_one_height(spanners: Sequence[Run], em: float) -> list[tuple[int, Run]]:
    out: list[tuple[int, Run]] = []
    for run in spanners:
        number = out[-1][0] + (run.y - out[-1][1].y > 0.6 * em) if out else 0
        out.append((number, run))
    return out


def _deepest(nodes: Sequence[_Node], run: Run, cols: tuple[int, int]) -> _Node | None:
    over = [n for n in nodes if n.cols[0] <= cols[0] and cols[1] <= n.cols[1] and n.run.y < run.y and n.run is not run]
    return max(over, key=lambda n: n.depth, default=None)


def _share_out(
    level: Sequence[Run], nodes: Sequence[_Node], leaves: dict[int, Run], spanners: Sequence[Run],
    columns: Sequence[Column], ranges: Sequence[Range], rules: Sequence[Rule], below: set[int], em: float,
) -> list[tuple[Run, tuple[int, int]]]:  # fmt: skip
    """Spanners of one height, each with its columns. below: columns whose heads begin lower."""
    taken = {n.cols for n in nodes}
    lowest = not any(s.y > max(run.y for run in level) + 0.6 * em for s in spanners)
    totals = {col for col, run in leaves.items() if lowest and is_total_label(run.text)}
    found: list[tuple[Run, tuple[int, int]]] = []
    open_to = {id(s): _eligible(s, nodes, leaves, spanners, columns, rules, em) for s in level}
    for cols, group in itertools.groupby(
        sorted(level, key=lambda s: (open_to[id(s)], s.x)), key=lambda s: open_to[id(s)]
    ):
        members = sorted(group, key=lambda s: s.x)
        others = {c for a, b in open_to.values() if (a, b) != cols for c in range(a, b)}
        found += zip(members, _partition(members, cols, ranges, taken, totals, below - others, em), strict=True)
    return found


def _eligible(
    spanner: Run, nodes: Sequence[_Node], leaves: dict[int, Run], spanners: Sequence[Run],
    columns: Sequence[Column], rules: Sequence[Rule], em: float,
) -> tuple[int, int]:  # fmt: skip
    """The run of columns around a spanner that have heads lower than it."""
    parent = max((n for n in nodes if n.cols and columns[n.cols[0]].x0 - em <= spanner.x <= columns[n.cols[1] - 1].x1 + em
                  and n.run.y < spanner.y - 0.6 * em), key=lambda n: n.depth, default=None)  # fmt: skip
    low, high = parent.cols if parent else (0, len(columns))
    lower = [b for b in (*leaves.values(), *spanners) if b.y > spanner.y + 0.7 * em]
    beneath = [b for b in lower if lap(b.bbox.x0, b.bbox.x1, spanner.bbox.x0, spanner.bbox.x1) > 0] or lower
    reach = 0.7 * (min(b.y for b in beneath) - spanner.y) if beneath else em
    under = {c: run for c, run in leaves.items() if run.y >= spanner.y + reach and low <= c < high}
    rule = _rule_below(spanner, rules, em)
    if rule is not None:
        under = {c: r for c, r in under.items() if rule[1] <= columns[c].x <= rule[2] or rule[1] <= r.x <= rule[2]}
    return _run_around(spanner, sorted(under), columns, low, high)


def _rule_below(spanner: Run, rules: Sequence[Rule], em: float) -> Rule | None:
    near = [
        r for r in rules
        if spanner.bbox.y1 - 0.3 * em <= r[0] <= spanner.bbox.y1 + 1.5 * em and r[1] <= spanner.x <= r[2]
    ]  # fmt: skip
    return min(near, key=lambda r: r[0], default=None)


def _run_around(spanner: Run, cols: Sequence[int], columns: Sequence[Column], low: int, high: int) -> tuple[int, int]:
    if not cols:
        nearest = min(range(low, high), key=lambda c: abs(columns[c].x - spanner.x))
        return nearest, nearest + 1
    nearest = min(cols, key=lambda c: max(columns[c].x0 - spanner.x, spanner.x - columns[c].x1))
    first = last = nearest
    while first - 1 in cols:
        first -= 1
    while last + 1 in cols:
        last += 1
    return first, last + 1


def _partition(
    spanners: Sequence[Run], cols: tuple[int, int], ranges: Sequence[Range], taken: set[tuple[int, int]],
    totals: set[int], below: set[int], em: float,
) -> list[tuple[int, int]]:  # fmt: skip
    """Columns [a, b) shared out in order; all of them, unless leaving some out fits better (dynamic programming over
    columns). taken: what spanners above are over. totals: columns of subtotals, which begin or end what a spanner is over.
    below: columns whose heads stand too low for nothing to be above them.
    """
    first, stop = cols
    n, m, n_cols = stop - first, len(spanners), len(ranges) - 1
    if m >= n:
        return [(min(first + k, stop - 1), min(first + k, stop - 1) + 1) for k in range(m)]
    bare = [LEFT_BARE if c in below else LEFT_OUT for c in range(first, stop)]

    def cost(spanner: Run, a: int, b: int) -> float:
        known = AS_PARENT * ((a, b) in taken) + OVER_ALL * ((a, b) == (0, n_cols))
        return _off_centre(spanner, (a, b), ranges, em) + known + INNER_TOTAL * sum(a < t < b - 1 for t in totals)

    # ended[c]: the cheapest way to have the spanners so far over columns before c, the last one up to c.
    ended: dict[int, Shared] = {c: (sum(bare[: c - first]), ()) for c in range(first, stop)}
    for k, spanner in enumerate(spanners):
        for c in range(first + 1, stop) if k else ():  # a column left out between two
            left = ended.get(c - 1)
            if left and (c not in ended or left[0] + BETWEEN + bare[c - 1 - first] < ended[c][0]):
                ended[c] = left[0] + BETWEEN + bare[c - 1 - first], left[1]
        found: dict[int, Shared] = {}
        for a, (so_far, groups) in ended.items():
            for b in range(a + 1, stop + 1):
                whole = so_far + cost(spanner, a, b)
                if b not in found or whole < found[b][0]:
                    found[b] = whole, (*groups, (a, b))
        ended = found
    ends = [(so_far + sum(bare[end - first :]), groups) for end, (so_far, groups) in ended.items()]
    return list(min(ends, key=lambda one: one[0])[1]) if ends else [cols] * m


def _off_centre(spanner: Run, group: tuple[int, int], ranges: Sequence[Range], em: float) -> float:
    first, stop = group
    over = max(0.0, ranges[first][0] - spanner.bbox.x0) + max(0.0, spanner.bbox.x1 - ranges[stop][1])
    usual = (sum(ranges[first]) + sum(ranges[stop])) / 4
    return (off_middle(spanner.x, ranges, first, stop) + over + OFF_USUAL * abs(usual - spanner.x)) / em


def _row_heights(tops: Sequence[_Node], n: int) -> list[float]:
    """Middle of each header row, from a deepest path of heads."""
    path: list[float] = []
    nodes = tops
    while nodes:
        node = max(nodes, key=lambda k: k.height)
        path.append(node.run.y)
        nodes = node.children
    return path + [path[-1]] * (n - len(path)) if path else [0.0] * n


def _place(node: _Node, row: int, n: int, heads: list[Head], ys: Sequence[float]) -> None:
    """A leaf takes all rows left; a spanner the one row, or those whose middle it has."""
    last = n - (node.height - 1)
    if not node.children:
        stop = n
    else:
        stop = min(range(row + 1, last + 1), key=lambda e: (abs(sum(ys[row:e]) / (e - row) - node.run.y), e))
    heads.append(Head(node.run, node.cols[0], node.cols[1], row, stop))
    for child in node.children:
        _place(child, stop, n, heads, ys)
