"""How the columns of a photographed page lean, and a table's area as if they did not.

The ends of its rules say it, where there are several over its whole width; else the lean at which most print begins, ends or
has its middle in line. What hardly leans stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from layout.areas import Area
from layout.baselines import bounds, find_levels
from layout.header_tree import Rule
from layout.leaning import ROWS, lean_in_line, moved
from layout.runs import Run

#: In text heights: what columns must lean over the height of a table at least; how far ends of rules lie off their line at most.
LEAST, OFF_LINE = 0.6, 0.35
#: Rules over the whole width that tell it; share of that width; how far both sides may differ in lean, as a share.
RULES, WHOLE, UNEVEN = 4, 0.9, 0.5


def straightened(area: Area, em: float) -> Area:
    """The area with its print and rules moved sideways so that columns stand upright, and how far (`Area.aside`)."""
    if area.edges or area.is_body or area.is_head or area.is_lone or area.aside or not area.runs:
        return area
    aside = _lean_of_rules(area.rules, area.bbox.width, em)
    if aside is None and not area.rules:
        aside = _lean_of_print(area.runs, em)
    if aside is None or abs(aside) * area.bbox.height < LEAST * em:
        return area
    top = area.bbox.y0
    runs = tuple(moved(r, -aside * (r.y - top)) for r in area.runs)
    rules = tuple((y, x0 - aside * (y - top), x1 - aside * (y - top)) for y, x0, x1 in area.rules)
    box = bounds(runs).grown(0.35 * em)
    if rules:
        whole = [r for r in rules if r[2] - r[1] > WHOLE * area.bbox.width] or rules
        left, right = (float(np.median([r[side] for r in whole])) for side in (1, 2))
        box = replace(box, x0=min(left, box.x0), x1=max(right, box.x1))
    return replace(area, bbox=replace(area.bbox, x0=box.x0, x1=box.x1), runs=runs, rules=rules, aside=aside)


def _lean_of_rules(rules: Sequence[Rule], width: float, em: float) -> float | None:
    """Px to the right for each px down of both ends of rules over the whole width; None where these tell nothing."""
    whole = np.array([r for r in rules if r[2] - r[1] > WHOLE * width])
    if len(whole) < RULES:
        return None
    slopes = []
    for side in (1, 2):
        slope, start = np.polyfit(whole[:, 0], whole[:, side], 1)
        if np.median(np.abs(whole[:, side] - start - slope * whole[:, 0])) > OFF_LINE * em:
            return None
        slopes.append(float(slope))
    lean = sum(slopes) / 2
    return lean if all(abs(s - lean) <= UNEVEN * abs(lean) for s in slopes) else None


def _lean_of_print(runs: Sequence[Run], em: float) -> float | None:
    levels = find_levels(runs, em)
    return lean_in_line(levels) if len(levels) >= ROWS else None
