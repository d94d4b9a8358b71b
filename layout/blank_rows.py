"""Rows below the last print that hold nothing: rules close each of them, or a rule closes several that are as high as
the rows above.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence

from layout.areas import Area, full_rules
from layout.baselines import Level
from layout.body_rows import Row

#: Share of a row's height by which rows of one table differ, and the white below the last may differ from whole rows.
UNEVEN = 0.25
#: In px: how far a row's upper edge may lie from the rule that it is.
ON_RULE = 3.0


def blank_rows(area: Area, levels: Sequence[Level], em: float, rows: Sequence[Row] = ()) -> list[float]:
    """Upper edges, px, of the rows without print below all levels. rows: those with print, where they are known."""
    last = max(level.y for level in levels)
    below = [y for y in full_rules(area.rules, area.bbox) if y > last]
    closed = [upper for upper, lower in itertools.pairwise(below) if lower - upper > em]
    height = row_height(area, rows)
    if not below or height is None:
        return closed
    first = statistics.fmean(level.y for level in rows[-1].levels) + height / 2
    n = round((below[0] - first) / height)
    if n < 1 or abs((below[0] - first) / height - n) > UNEVEN:
        return closed
    step = (below[0] - first) / n
    return [*(first + k * step for k in range(n)), *closed]


def row_height(area: Area, rows: Sequence[Row]) -> float | None:
    """How high rows of one line are, px: as far as they stand apart, or twice as far as a lone one is below a rule. None
    where they differ, or lines of cells tell nothing.
    """
    if not rows or any(len(row.levels) != 1 for row in rows):
        return None
    ys = [row.levels[0].y for row in rows]
    if len(ys) == 1:
        on_rule = any(abs(rows[0].top - y) < ON_RULE for y in full_rules(area.rules, area.bbox))
        return 2 * (ys[0] - rows[0].top) if on_rule else None
    steps = [b - a for a, b in itertools.pairwise(ys)]
    usual = statistics.median(steps)
    return usual if max(abs(step - usual) for step in steps) <= UNEVEN * usual else None
