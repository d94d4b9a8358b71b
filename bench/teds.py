"""TEDS and TEDS-S: tree-edit-distance-based similarity of tables.

Zhong, ShafieiBavani, Jimeno Yepes, "Image-based table recognition: data, model, and evaluation" (ECCV 2020):
1 - distance / number of nodes of the larger tree, where inserting and deleting a node cost 1, and replacing costs 1 for
nodes of another tag or span, else the normalised edit distance of the cells' texts. Trees here are table > tr > td;
who does not mark headers loses nothing. TEDS-S ignores text.

The edit distance is APTED (Pawlik and Augsten 2016). Equal rows at the top and at the bottom are taken off first. That is
exact: let T be the equal last subtrees of both forests and M an optimal mapping. M keeps postorder, so not both roots of
T can be mapped outside their twins; mapping T onto T instead saves at least as many insertions and deletions within the
two T as it costs for the nodes that M had mapped there from elsewhere, because those fit into what M left free in T.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apted import APTED, Config

from flows.scoring.text import edit_distance, normalise
from flows.scoring.values import BenchTable


@dataclass(frozen=True, slots=True)
class _Node:
    tag: str
    span: tuple[int, int] = (1, 1)
    text: str = ""
    children: tuple[_Node, ...] = ()


def teds(truth: BenchTable, read: BenchTable, *, structure_only: bool = False) -> float:
    """Similarity in [0, 1]; 1 for equal tables."""
    true_rows, read_rows = _rows(truth, structure_only), _rows(read, structure_only)
    larger = max(_count(true_rows), _count(read_rows)) + 1
    true_rows, read_rows = _without_equal_ends(true_rows, read_rows)
    return 1.0 - _distance(true_rows, read_rows) / larger


def _rows(table: BenchTable, structure_only: bool) -> list[_Node]:
    rows: list[list[_Node]] = [[] for _ in range(table.n_rows)]
    for cell in sorted(table.cells, key=lambda c: (c.row, c.col)):
        text = "" if structure_only else normalise(cell.text)
        rows[cell.row].append(_Node("td", (cell.rowspan, cell.colspan), text))
    return [_Node("tr", children=tuple(cells)) for cells in rows]


def _count(rows: list[_Node]) -> int:
    return sum(1 + len(row.children) for row in rows)


def _without_equal_ends(a: list[_Node], b: list[_Node]) -> tuple[list[_Node], list[_Node]]:
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    end = 0
    while end < min(len(a), len(b)) and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[: len(a) - end], b[: len(b) - end]


def _distance(a: list[_Node], b: list[_Node]) -> float:
    if not a or not b:
        return float(_count(a) + _count(b))
    trees = (_Node("table", children=tuple(a)), _Node("table", children=tuple(b)))
    return float(APTED(*trees, _Costs()).compute_edit_distance())


class _Costs(Config):  # type: ignore[misc]
    """Insert and delete cost 1, as APTED has it by default; replacing as Zhong et al. have it."""

    def rename(self, node1: _Node, node2: _Node) -> float:
        if node1.tag != node2.tag or node1.span != node2.span:
            return 1.0
        longest = max(len(node1.text), len(node2.text))
        return edit_distance(node1.text, node2.text) / longest if longest else 0.0

    def children(self, node: _Node) -> Any:
        return node.children
