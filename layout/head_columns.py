"""Heads without a body -> their lattice: what stands above no other head names a column."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from layout.areas import Area
from layout.baselines import Level
from layout.gutters import Column
from layout.head_lines import has_below, stack_heads
from layout.head_runs import head_runs, parted_by
from layout.heads import is_over_two
from layout.runs import Run

#: Columns that heads alone must name at least.
LEAST_COLUMNS = 3


def columns_of_heads(levels: Sequence[Level], area: Area, em: float) -> tuple[Column, ...]:
    """The columns that the lowest heads of an area name, left to right; () where some stand over each other."""
    lines: list[list[Run]] = []
    for level in levels:
        lines.append(head_runs(level, (), em, (), lines[-1] if lines else ()))
    blocks = stack_heads(lines, em, 1.52 * em, lambda upper, lower: parted_by(upper, lower, area.rules))
    low = [b for b in blocks if not has_below(b, blocks, em)]
    known = [b for b in blocks if b not in low]
    own = sorted((b for b in low if not is_over_two(b, low, known, em)), key=lambda b: b.bbox.x0)
    columns = tuple(Column(b.bbox.x0, b.bbox.x1) for b in own)
    apart = all(a.x1 < b.x0 for a, b in itertools.pairwise(columns))
    return columns if apart and len(columns) >= LEAST_COLUMNS else ()
