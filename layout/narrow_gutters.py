"""Columns set close together, and columns of a few rows: whites that part them where print is aligned along them.

Between words of one text the white is as wide, but there it falls where it may. Print that begins, ends or is centred
along a white in several rows, under a head of its own on either side, is two columns. Whites of a form's bands are
found in band_gutters.py.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from layout.band_gutters import beside, find_band_gutters
from layout.baselines import Level, joined_runs, lap
from layout.gutters import GUTTER, Column, column_over
from layout.leaning import moved
from layout.runs import Run
from layout.stretches import union

#: In text heights: least white; how exactly print is aligned; least white without heads to say so; least white behind
#: amounts with decimals, which nothing follows in the same cell.
NARROW, ALIGNED, UNHEADED, AFTER_AMOUNTS = 0.22, 0.28, 0.4, 0.08
#: Rows with print on both sides, without heads, share of them that must be aligned, share of rows that may cross.
ROWS, UNHEADED_ROWS, SHARE, CROSSING = 2, 4, 0.75, 0.12
#: Most a column slants, width by height.
SLANT = 0.02
_DECIMALS = re.compile(r"\d\.\d{1,2}$")
_THOUSANDS = re.compile(r"\d{3}(?:[.,]\d+)?%?$")


def split_columns(
    columns: Sequence[Column], levels: Sequence[Level], heads: Sequence[Level], em: float
) -> tuple[Column, ...]:
    """The columns, those parted that are several."""
    over = [r for level in heads for r in joined_runs(level.runs, NARROW * em)]
    return tuple(part for column in columns for part in _parts(column, levels, over, em))


def _parts(column: Column, levels: Sequence[Level], heads: Sequence[Run], em: float) -> list[Column]:
    lines = [[r for r in level.runs if lap(r.bbox.x0, r.bbox.x1, column.x0, column.x1) > 0] for level in levels]
    lines = _upright([line for line in lines if line], em)
    free = _whites(lines)
    crossed = [w for w in _crossed_whites(lines, em) if not any(lap(*w, *white) > 0 for white in free)]
    narrow = [white for white in sorted(free + crossed) if _parts_columns(white, column, lines, heads, em)]
    narrow = [_beside_the_aligned(white, lines, em) if white in crossed else white for white in narrow]
    wide = [joined_runs(line, GUTTER * em) for line in lines]
    bands = find_band_gutters(wide, em, lambda pairs: _is_aligned(pairs, em))
    bands = [g for g in bands if not any(lap(g.x0, g.x1, *white) > 0 for white in narrow)]
    cuts = sorted([*((*white, ()) for white in narrow), *((g.x0, g.x1, g.bands) for g in bands)])
    runs = [r for line in lines for r in line]
    sides = [column.x0, *(x for cut in cuts for x in cut[:2]), column.x1]
    parts = [column_over(x0, x1, runs) for x0, x1 in zip(sides[::2], sides[1::2], strict=True)]
    return [replace(part, bands=cut[2]) for part, cut in zip(parts, [(0.0, 0.0, column.bands), *cuts], strict=True)]


def _upright(lines: list[list[Run]], em: float) -> list[list[Run]]:
    """Lines moved sideways so that most white runs down between them: photographed columns slant, each as it may."""
    if len(lines) < 2 or not any(len(line) > 1 for line in lines):
        return lines
    middle = (lines[0][0].y + lines[-1][0].y) / 2
    best, most = lines, _white_of(lines, em)
    for slant in sorted((k * SLANT / 8 for k in range(-8, 9)), key=abs):
        shifted = [[moved(r, slant * (middle - r.y)) for r in line] for line in lines]
        white = _white_of(shifted, em)
        if white > 1.2 * most:
            best, most = shifted, white
    return best


def _white_of(lines: Sequence[Sequence[Run]], em: float) -> float:
    return sum(x1 - x0 for x0, x1 in _whites(lines) if x1 - x0 >= AFTER_AMOUNTS * em)


def _whites(lines: Sequence[Sequence[Run]]) -> list[tuple[float, float]]:
    """What lines of several things leave free between them."""
    covered = union([(r.bbox.x0, r.bbox.x1) for line in lines if len(line) > 1 for r in line])
    return [(a[1], b[0]) for a, b in itertools.pairwise(covered)]


def _crossed_whites(lines: Sequence[Sequence[Run]], em: float) -> list[tuple[float, float]]:
    """The same where a few lines lie across: the widest print of a column ends right where the next begins."""
    many = [line for line in lines if len(line) > 1]
    found = []
    for i, line in enumerate(many):
        others = many[:i] + many[i + 1 :]
        found += [w for w in _whites(others) if w[1] - w[0] >= GUTTER * em and any(_lies_across(r, w) for r in line)]
    return sorted(set(found)) if len(many) > UNHEADED_ROWS else []


def _lies_across(run: Run, white: tuple[float, float]) -> bool:
    return run.bbox.x0 < white[0] - 1 and run.bbox.x1 > white[1] + 1


def _beside_the_aligned(white: tuple[float, float], lines: Sequence[Sequence[Run]], em: float) -> tuple[float, float]:
    """The part of a white that is right beside the print aligned along it."""
    pairs = [pair for line in lines if (pair := beside(line, white)) is not None]
    right = _most_at_one([r.bbox.x0 for _, r in pairs], em) >= _most_at_one([r.bbox.x1 for r, _ in pairs], em)
    x0, x1 = white
    return (max(x0, x1 - ALIGNED * em), x1) if right else (x0, min(x1, x0 + ALIGNED * em))


def _parts_columns(
    white: tuple[float, float], column: Column, lines: Sequence[Sequence[Run]], heads: Sequence[Run], em: float
) -> bool:
    x0, x1 = white
    if x1 - x0 < AFTER_AMOUNTS * em:
        return False
    crossing = sum(any(_lies_across(r, white) for r in line) for line in lines)
    if crossing > max(1.0, CROSSING * len(lines)):
        return False
    pairs = [pair for line in lines if (pair := beside(line, white)) is not None]
    if len(pairs) < ROWS or all(left.text.isdigit() and _THOUSANDS.match(right.text) for left, right in pairs):
        return False
    amounts = sum(_DECIMALS.search(left.text) is not None for left, _ in pairs)
    if x1 - x0 < NARROW * em and amounts < SHARE * len(pairs):
        return False
    left = [h for h in heads if column.x0 - em < h.x < x0 and h.bbox.x1 < x1]
    right = [h for h in heads if x1 < h.x < column.x1 + em and h.bbox.x0 > x0]
    if left and right:
        return _is_aligned(pairs, em)
    headless = not any(lap(h.bbox.x0, h.bbox.x1, column.x0, column.x1) > 0 for h in heads)
    return headless and len(pairs) >= UNHEADED_ROWS and x1 - x0 >= UNHEADED * em and _is_aligned(pairs, em)


def _is_aligned(pairs: Sequence[tuple[Run, Run]], em: float) -> bool:
    places = [
        [left.bbox.x1 for left, _ in pairs], [left.x for left, _ in pairs],
        [right.bbox.x0 for _, right in pairs], [right.x for _, right in pairs],
    ]  # fmt: skip
    return any(_most_at_one(xs, em) >= SHARE * len(pairs) for xs in places)


def _most_at_one(places: Sequence[float], em: float) -> int:
    return max(sum(abs(x - other) <= ALIGNED * em for other in places) for x in places)
