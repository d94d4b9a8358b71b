"""Columns of a part of the rows: a form's bands, each with columns of its own.

A wide white that several rows on each other keep, with print aligned along it on both of its sides, parts these rows
only. Whites of several bands that lie below each other are one edge of the lattice; elsewhere its columns are one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from layout.gutters import GUTTER
from layout.runs import Run
from layout.stretches import Stretch, union

#: Rows that make a band; in text heights: white between two rows only. Share of its lines that have print on both sides.
ROWS, WIDE, SHARE = 3, 0.9, 0.5
#: Rows up to which whites may be those of words of a text; in text heights: how close its lines are.
FEW, TEXT_PITCH = 4, 1.6


@dataclass(frozen=True, slots=True)
class BandGutter:
    """A white from x0 to x1, px. bands: from where to where down the page it parts what is printed."""

    x0: float
    x1: float
    bands: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    n: int
    first: int
    last: int
    white: Stretch


def find_band_gutters(
    lines: Sequence[Sequence[Run]], em: float, is_aligned: Callable[[Sequence[tuple[Run, Run]]], bool]
) -> list[BandGutter]:
    """The gutters of bands among lines (each: what stands side by side), left to right."""
    if sum(len(line) > 1 for line in lines) < 2:
        return []
    found = sorted(_windows(lines, em, is_aligned), key=lambda f: (-f.n, f.white[0] - f.white[1]))
    chosen: list[tuple[Stretch, list[_Found]]] = []
    for one in found:
        near = [k for k, (white, _) in enumerate(chosen) if _shared(white, one.white)]
        if not near:
            chosen.append((one.white, [one]))
            continue
        if len(near) > 1:
            continue
        white, members = chosen[near[0]]
        low, high = _shared(white, one.white) or white
        apart = all(one.first > m.last or one.last < m.first for m in members)
        if apart and high - low >= 0.3 * em:
            chosen[near[0]] = (low, high), [*members, one]
    return [
        BandGutter(white[0], white[1], tuple(sorted(_extent(lines[m.first : m.last + 1]) for m in members)))
        for white, members in sorted(chosen, key=lambda pair: pair[0])
    ]


def _shared(one: Stretch, other: Stretch) -> Stretch | None:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low < high else None


def _extent(lines: Sequence[Sequence[Run]]) -> Stretch:
    return min(r.bbox.y0 for line in lines for r in line), max(r.bbox.y1 for line in lines for r in line)


def _windows(
    lines: Sequence[Sequence[Run]], em: float, is_aligned: Callable[[Sequence[tuple[Run, Run]]], bool]
) -> list[_Found]:
    """Whites that lines from a first to a last one leave free, where both of these have print on both sides."""
    found = []
    for first in range(len(lines)):
        covered: list[Stretch] = []
        for last in range(first, len(lines)):
            covered = union([*covered, *((r.bbox.x0, r.bbox.x1) for r in lines[last])])
            whites = [(a[1], b[0]) for a, b in itertools.pairwise(covered) if b[0] - a[1] >= GUTTER * em]
            if not whites:
                break
            for white in whites:
                pairs = _pairs(lines, first, last, white)
                enough = len(pairs) >= ROWS or (len(pairs) == 2 and white[1] - white[0] >= WIDE * em)
                enough = enough and (len(pairs) > FEW or not _is_in_text(lines, first, last, white, em))
                if enough and len(pairs) >= SHARE * (last - first + 1) and is_aligned(pairs):
                    found.append(_Found(len(pairs), first, last, white))
    return found


def _is_in_text(lines: Sequence[Sequence[Run]], first: int, last: int, white: Stretch, em: float) -> bool:
    """Whether a line lies across a white right above or below, as close as lines of one text are."""
    for inner, outer in ((first, first - 1), (last, last + 1)):
        if 0 <= outer < len(lines) and abs(lines[outer][0].y - lines[inner][0].y) < TEXT_PITCH * em:
            across = any(r.bbox.x0 < white[0] - 1 and r.bbox.x1 > white[1] + 1 for r in lines[outer])
            if across:
                return True
    return False


def _pairs(lines: Sequence[Sequence[Run]], first: int, last: int, white: Stretch) -> list[tuple[Run, Run]]:
    """What stands right beside a white on either side, of each line that has both; [] where the outer ones do not."""
    if beside(lines[first], white) is None or beside(lines[last], white) is None:
        return []
    return [pair for line in lines[first : last + 1] if (pair := beside(line, white)) is not None]


def beside(line: Sequence[Run], white: Stretch) -> tuple[Run, Run] | None:
    """The runs of a line on both sides of a white."""
    left = [r for r in line if r.bbox.x1 <= white[0] + 1]
    right = [r for r in line if r.bbox.x0 >= white[1] - 1]
    return (left[-1], right[0]) if left and right else None
