"""Lines of a form right of its stub -> bands: lines below each other whose whites go on, the cheapest partition of all.

A white within a line that the band's other lines do not keep free counts as lost, and so does a column left out between
two that a line fills; a band itself costs less than one of these, but more where it ends between lines that are close.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from layout.baselines import Level, joined_runs, white_between
from layout.gutters import GUTTER
from layout.runs import Run
from layout.stretches import Stretch, union

#: Cost of a band, of a wide white that is lost, of a column left out between two, of an end between lines as close as can be.
BAND, LOST, LEFT_OUT, CLOSE = 0.8, 1.0, 0.4, 3.0
#: Cost of one between lines apart, the same.
RATHER = 0.2
#: In text heights: least white between columns where two lines have print on both of its sides, and where several have; least
#: one elsewhere, which counts in full when it is lost.
FEW, NARROW, SEVERAL, WIDE = GUTTER, 0.32, 3, 1.2
#: The same below the white between heads.
UNDER_HEADS = 0.2
#: Choices of whites below heads that are compared, at most.
MOST_CHOICES = 256
#: In text heights: up to which lines stand beside each other's; from where they are no closer than rows are.
BESIDE, APART = 0.95, 1.5


@dataclass(frozen=True, slots=True)
class Band:
    """Levels [start, stop) with the columns' print, px, left to right."""

    start: int
    stop: int
    columns: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Levels [start, stop) half a line apart, as those of wrapped cells beside others are. xs: middles of what is in lines. lost: cost of each white in
    them, by line; whites: those that all of them leave, with their cost. cut: cost of an end above.
    """

    start: int
    stop: int
    lines: tuple[tuple[Run, ...], ...]
    xs: tuple[tuple[float, ...], ...]
    lost: tuple[tuple[float, ...], ...]
    whites: tuple[tuple[Stretch, float], ...]
    cut: float


def find_bands(levels: Sequence[Level], em: float) -> list[Band]:
    """The bands of all levels, top down."""
    groups = _groups(levels, em)
    n = len(groups)
    total, back = [0.0] + [float("inf")] * n, [0] * (n + 1)
    kept: dict[tuple[int, int], tuple[Stretch, ...]] = {}
    for start in range(n):
        begun = total[start] + BAND + groups[start].cut
        covered: list[Stretch] = []
        for stop in range(start + 1, n + 1):
            own = groups[start:stop]
            covered = union([*covered, *((r.bbox.x0, r.bbox.x1) for line in own[-1].lines for r in line)])
            columns = _columns(covered, own, em)
            kept[start, stop] = columns
            cost = begun + _cost(own, columns)
            if cost < total[stop] - 1e-9:
                total[stop], back[stop] = cost, start
            if stop < n and cost > total[stop] + BAND + groups[stop].cut:
                break  # no longer band is cheaper than one that ends here and another
    bands: list[Band] = []
    stop = n
    while stop:
        bands.append(Band(groups[back[stop]].start, groups[stop - 1].stop, kept[back[stop], stop]))
        stop = back[stop]
    return _with_heads(bands[::-1], levels, em)


def _with_heads(bands: Sequence[Band], levels: Sequence[Level], em: float) -> list[Band]:
    """The bands, a line of heads put to the rows below it where these leave as narrow a white below each of its whites."""
    out: list[Band] = []
    for band in bands:
        above = out[-1] if out else band
        if len(above.columns) > len(band.columns) > 2:
            runs = [r for level in levels[band.start : band.stop] for r in level.runs]
            covered = union([(r.bbox.x0, r.bbox.x1) for r in runs])
            whites = [(a[1], b[0]) for a, b in itertools.pairwise(covered) if b[0] - a[1] >= UNDER_HEADS * em]
            gutters = [(a[1], b[0]) for a, b in itertools.pairwise(above.columns)]
            own = _filled_between(gutters, whites, covered)
            if own:
                left, right = min(covered[0][0], above.columns[0][0]), max(covered[-1][1], above.columns[-1][1])
                sides = [left, *(x for white in own for x in white), right]
                out[-1] = Band(above.start, band.stop, tuple(zip(sides[::2], sides[1::2], strict=True)))
                continue
        out.append(band)
    return out


def _filled_between(
    gutters: Sequence[Stretch], whites: Sequence[Stretch], covered: Sequence[Stretch]
) -> tuple[Stretch, ...]:
    """What each gutter shares with one of the whites, so that print is between each two; () where there is no such choice."""
    shared = [[(max(a, c), min(b, d)) for c, d in whites if min(b, d) > max(a, c)] for a, b in gutters]
    choices = itertools.islice(itertools.product(*shared), MOST_CHOICES)
    filled = [
        choice for choice in choices
        if all(any(left[1] <= a and b <= right[0] for a, b in covered) for left, right in itertools.pairwise(choice))
    ]  # fmt: skip
    return max(filled, key=lambda choice: sum(b - a for a, b in choice), default=())


def _groups(levels: Sequence[Level], em: float) -> list[_Group]:
    starts = [0, *(i for i, (a, b) in enumerate(itertools.pairwise(levels), start=1) if b.y - a.y >= BESIDE * em)]
    groups = []
    for start, stop in itertools.pairwise([*starts, len(levels)]):
        lines = tuple(tuple(joined_runs(level.runs, NARROW * em)) for level in levels[start:stop])
        cut = _cut(levels[start].y - levels[start - 1].y, em) if start else 0.0
        covered = union([(r.bbox.x0, r.bbox.x1) for line in lines for r in line]) if stop - start > 1 else []
        whites = tuple(((a[1], b[0]), _loss(b[0] - a[1], em)) for a, b in itertools.pairwise(covered))
        xs = tuple(tuple(r.x for r in line) for line in lines)
        groups.append(_Group(start, stop, lines, xs, tuple(_lost(line, em) for line in lines), whites, cut))
    return groups


def _cut(apart: float, em: float) -> float:
    """What an end between lines so many px apart costs: much between those of a cell, else less where more white is."""
    return CLOSE * max(0.0, 1 - apart / (APART * em)) + RATHER * max(0.0, 1 - apart / (3 * em))


def _lost(line: Sequence[Run], em: float) -> tuple[float, ...]:
    """What each white within a line costs where it is lost: those of words of a text, little."""
    return tuple(_loss(white_between(a, b), em) for a, b in itertools.pairwise(line))


def _loss(white: float, em: float) -> float:
    return LOST * min(1.0, max(0.0, (white / em - NARROW) / (WIDE - NARROW)))


def _columns(covered: Sequence[Stretch], groups: Sequence[_Group], em: float) -> tuple[Stretch, ...]:
    """Stretches of print, put together where the white between is too narrow for as few lines."""
    out = [covered[0]]
    for x0, x1 in covered[1:]:
        white = x0 - out[-1][1]
        some = groups if NARROW * em <= white < WIDE * em else ()
        both = sum(min(x for xs in g.xs for x in xs) < x0 <= max(x for xs in g.xs for x in xs) for g in some)
        least = NARROW if both >= SEVERAL else FEW if both > 1 else WIDE
        if white >= least * em:
            out.append((x0, x1))
        else:
            out[-1] = (out[-1][0], x1)
    return _without_halves(out, groups) if len(out) > 1 else tuple(out)


def _without_halves(columns: Sequence[Stretch], groups: Sequence[_Group]) -> tuple[Stretch, ...]:
    """Columns put together that no row fills both: a head in the middle and what is set to a side below it are one."""
    middles = _middles(columns)
    filled = [{bisect.bisect(middles, x) for xs in group.xs for x in xs} for group in groups]
    out: list[tuple[Stretch, set[int]]] = []
    for i, column in enumerate(columns):
        if out and not any(i in own and own & out[-1][1] for own in filled):
            out[-1] = (out[-1][0][0], column[1]), out[-1][1] | {i}
        else:
            out.append((column, {i}))
    return tuple(column for column, _ in out)


def _cost(groups: Sequence[_Group], columns: Sequence[Stretch]) -> float:
    cost = 0.0
    middles = _middles(columns)
    for group in groups:
        filled: set[int] = set()
        for xs, costs in zip(group.xs, group.lost, strict=True):
            own = [bisect.bisect(middles, x) for x in xs]
            filled.update(own)
            cost += sum(c for c, (a, b) in zip(costs, itertools.pairwise(own), strict=True) if a == b)
        cost += sum(c for (a, b), c in group.whites if any(x0 < a and b < x1 for x0, x1 in columns))
        if max(filled) == len(columns) - 1:
            cost += LEFT_OUT * sum(b - a > 1 for a, b in itertools.pairwise(sorted(filled)))
    return cost


def column_at(columns: Sequence[Stretch], x: float) -> int:
    """Index of the column that x is in, or before whose white it is."""
    return bisect.bisect(_middles(columns), x)


def _middles(columns: Sequence[Stretch]) -> list[float]:
    """The middles of the whites between columns."""
    return [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(columns)]
