"""An area of a page whose table lacks rulings, and what its drawn rules say."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from layout.gutters import Column
from layout.header_tree import Rule
from layout.runs import Run
from ocr.geometry import BBox

#: In px: how far pieces of one rule lie apart, above one another or in where they begin.
SAME_RULE = 6
#: Share of a table's width from which rulings that begin right of its left side leave something out.
LEFT_OUT = 0.03


@dataclass(frozen=True, slots=True)
class Area:
    """Where a table without all its rulings stands.

    rules: drawn horizontal stretches in it. edges: x of drawn column edges. is_body, is_head: whether only its
    heads, or only its body, stand elsewhere, so that its columns are those of the edges. is_lone: whether heads may be
    all that it holds. aside: px that the print was moved to the left for each px below the box's top, so that its columns stand upright.
    """

    bbox: BBox
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...] = ()
    edges: tuple[float, ...] = ()
    is_body: bool = False
    is_head: bool = False
    is_lone: bool = False
    aside: float = 0.0


def between_edges(area: Area) -> tuple[Column, ...]:
    """The columns that drawn rulings beside the area have parted."""
    sides = [area.bbox.x0, *area.edges, area.bbox.x1]
    columns = []
    for a, b in itertools.pairwise(sides):
        inside = [r for r in area.runs if a < r.x < b]
        columns.append(Column(a, b, 2 * sum(r.is_figure for r in inside) > len(inside)))
    return tuple(columns)


def full_rules(rules: Sequence[Rule], box: BBox) -> list[float]:
    """Heights of the rulings that run over (nearly) the whole width, alone or in pieces; those that begin alike right of the
    left side, several, leave a label merged down their rows out.
    """
    found: list[list[Rule]] = []
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule[0] - groups[-1][-1][0] < SAME_RULE:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    for group in groups:
        if sum(x1 - x0 for _, x0, x1 in group) >= 0.9 * box.width:
            found.append(group)
    begun = [min(x0 for _, x0, _ in group) for group in found]
    left_out = [x0 - box.x0 > LEFT_OUT * box.width and sum(abs(x0 - x) < SAME_RULE for x in begun) > 1 for x0 in begun]
    whole = [group for group, out in zip(found, left_out, strict=True) if not out]
    return [statistics.fmean(y for y, _, _ in group) for group in whole]


def parts_of_full(rules: Sequence[Rule], box: BBox) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules that are (pieces of) full ones, and the others."""
    full = full_rules(rules, box)
    parts = [any(abs(rule[0] - y) < SAME_RULE for y in full) for rule in rules]
    pairs = list(zip(rules, parts, strict=True))
    return tuple(r for r, is_part in pairs if is_part), tuple(r for r, is_part in pairs if not is_part)
