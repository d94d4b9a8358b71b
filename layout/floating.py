"""Upright strokes that stand in line, one in each row, and do not reach from ruling to ruling: % below %, 1 below 1.

A ruling fills the rows it parts; where print breaks it, it does so in a few. What fills most of its rows by less than a
ruling does is a column of characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from layout.values import Ruling

LEAST_FILLED = 0.75
"""Share of a row's height that a ruling has at least, unless it is broken there."""
LEAST_ROWS = 3
"""Rows below which nothing is told."""
WHOLE = 0.95
"""Share of each of its rows that a ruling fills which has a column of characters in line above or below it."""


def without_floating(upright: Sequence[Ruling], level: Sequence[Ruling], aside: float) -> list[Ruling]:
    """The upright rulings but those whose line fills most of its rows badly. aside: px by which pieces of a line may differ."""
    kept: list[Ruling] = []
    for line in _lines(upright, aside):
        if not _floats(line, level, aside):
            kept += line
        else:
            kept += [r for r in line if _fills(r, level, aside)]
    return kept


def _lines(rulings: Sequence[Ruling], aside: float) -> list[list[Ruling]]:
    """Pieces one below the other."""
    lines: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda r: r.position):
        if lines and ruling.position - lines[-1][-1].position <= aside:
            lines[-1].append(ruling)
        else:
            lines.append([ruling])
    return lines


def _fills(ruling: Ruling, level: Sequence[Ruling], aside: float) -> bool:
    """Whether a piece leads from ruling to ruling in each of its rows."""
    inked = _inked_rows([ruling], level, aside)
    return bool(inked) and min(inked) >= WHOLE


def _floats(line: Sequence[Ruling], level: Sequence[Ruling], aside: float) -> bool:
    inked = _inked_rows(line, level, aside)
    return len(inked) >= LEAST_ROWS and sum(share < LEAST_FILLED for share in inked) > 0.6 * len(inked)


def _inked_rows(line: Sequence[Ruling], level: Sequence[Ruling], aside: float) -> list[float]:
    """How much of each row is filled in which the line shows at all."""
    x = sum(r.position for r in line) / len(line)
    edges = sorted(r.position for r in level if r.start - aside <= x <= r.end + aside)
    rows = [(a, b) for a, b in pairwise(edges) if b - a > 4 * aside]
    return [share for a, b in rows if (share := _covered(line, a, b)) > 0.1]


def _covered(line: Sequence[Ruling], top: float, bottom: float) -> float:
    """Share of a row that the pieces fill."""
    inside = sorted((max(r.start, top), min(r.end, bottom)) for r in line if r.start < bottom and r.end > top)
    total, reached = 0.0, top
    for start, end in inside:
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total / (bottom - top)
