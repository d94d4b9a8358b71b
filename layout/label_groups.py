"""Labels merged down rows that no ruling parts: each stands in the middle of the rows that are its own.

The labels of a leading column are merged when they, in their order, share out all rows so that every one is in the
middle of its own (dynamic programming over lines of labels and rows). Labels at the first of several rows, with blanks
below, are not; a column with a label for every row is none either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layout.baselines import Level, bounds
from layout.gutters import Column, column_of
from layout.headers import ends_as_total
from layout.runs import Run

#: In text heights: how far a label may be off its rows' middle; from where two lines are two labels anyway. Most lines of one.
OFF, LINE, MOST_LINES = 0.42, 1.75, 6
#: Cost of a row without a label, and of a further line of one, in text heights; most rows without, as a share of all.
BLANK, FURTHER, MOST_BLANK = 0.6, 0.35, 0.15
#: The same for a total's row without a label, and for one that a label is merged down to.
BLANK_TOTAL, TOTAL_TAKEN = 0.15, 0.4
#: Lines of a column, as many as the rows beside them, that are labels of their own.
SINGLE_LINES = 3
#: The same for two lines of two labels that are as close as those of one.
TORN = 1.2
#: Share of that distance from which nothing speaks against two labels; how much farther tall labels may be off, by height.
FADED, SLACK = 1.1, 0.08
#: In text heights: from where a label is clearly off a middle; cost of each further row of a label.
ON, ROW = 0.12, 0.15


@dataclass(frozen=True, slots=True)
class Block:
    """Top and bottom of the print of one row, px; whether it is a total, whose label may run over several columns."""

    top: float
    bottom: float
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """A label in column col over the rows between top and bottom (of their print, px)."""

    runs: tuple[Run, ...]
    col: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Choice:
    cost: float
    groups: tuple[tuple[int, int, int, int], ...] = ()


def column_lines(levels: Sequence[Level], columns: Sequence[Column], col: int) -> list[tuple[Run, ...]]:
    """What a column holds of each level, top down."""
    lines = (tuple(r for r in level.runs if column_of(columns, r.x) == col) for level in levels)
    return [line for line in lines if line]


def without_columns(levels: Sequence[Level], columns: Sequence[Column], n: int) -> list[Level]:
    """The levels less what stands in the first n columns."""
    kept = (tuple(r for r in level.runs if column_of(columns, r.x) >= n) for level in levels)
    return [replace(level, runs=runs) for level, runs in zip(levels, kept, strict=True) if runs]


def without_runs(levels: Sequence[Level], runs: Sequence[Run]) -> list[Level]:
    kept = (tuple(r for r in level.runs if r not in runs) for level in levels)
    return [replace(level, runs=own) for level, own in zip(levels, kept, strict=True) if own]


def share_out(
    lines: Sequence[tuple[Run, ...]], rows: Sequence[Block], col: int, em: float, loose: float,
    most_blank: float = MOST_BLANK, close: float = 0.0,
) -> list[LabelGroup] | None:  # fmt: skip
    """Labels with their rows, those of one row too; None when no sharing out has each in the middle of its own.

    loose: from which distance in px two lines are two labels. most_blank: share of rows that may have none. close: up to
    which distance lines are hardly of two labels.
    """
    best = _cheapest(lines, rows, em, loose, close)
    if best is None:
        return None
    blank = len(rows) - sum(stop - first for _, _, first, stop in best.groups)
    if blank > most_blank * len(rows):
        return None
    return [
        LabelGroup(tuple(r for line in lines[a:b] for r in line), col, rows[first].top, rows[stop - 1].bottom)
        for a, b, first, stop in best.groups
    ]


def _cheapest(
    lines: Sequence[tuple[Run, ...]], rows: Sequence[Block], em: float, loose: float, close: float
) -> _Choice | None:
    n, m = len(lines), len(rows)
    slack = SLACK if close else 0.0
    boxes = [bounds(line) for line in lines]
    totals = [len(line) == 1 and ends_as_total(line[0].text) for line in lines]
    best: dict[tuple[int, int], _Choice] = {(0, 0): _Choice(0.0)}
    for j in range(m + 1):
        for i in range(n + 1):
            here = best.get((i, j))
            if here is None or j == m:
                continue
            blank = BLANK_TOTAL if rows[j].is_total else BLANK
            _offer(best, (i, j + 1), _Choice(here.cost + blank, here.groups))
            for a in range(i + 1, min(n, i + MOST_LINES) + 1):
                if a > i + 1 and boxes[a - 1].centre[1] - boxes[a - 2].centre[1] > min(loose, LINE * em):
                    break
                middle = (boxes[i].y0 + boxes[a - 1].y1) / 2
                is_several = a > i + 1 and any(totals[i:a])  # a total and labels above it, not one merged down rows
                for stop in range(j + 1, j + 2 if is_several else m + 1):
                    if SINGLE_LINES <= a - i == stop - j and not close:
                        continue  # a label for each row, of one line
                    off = abs((rows[j].top + rows[stop - 1].bottom) / 2 - middle) / em
                    if off <= OFF + slack * (boxes[a - 1].y1 - boxes[i].y0) / em:
                        total = TOTAL_TAKEN * (stop - j > 1) * rows[stop - 1].is_total
                        near = (boxes[i].centre[1] - boxes[i - 1].centre[1]) / close if i and close else 2.0
                        cut = TORN * min(1.0, max(0.0, (FADED - near) / (FADED - 1)))
                        far = 2 * max(0.0, off - ON) + ROW * (stop - j - 1) if close else 0.0
                        cost = here.cost + off + far + FURTHER * (a - i - 1) + total + cut
                        _offer(best, (a, stop), _Choice(cost, (*here.groups, (i, a, j, stop))))
    return best.get((n, m))


def _offer(best: dict[tuple[int, int], _Choice], at: tuple[int, int], choice: _Choice) -> None:
    if at not in best or choice.cost < best[at].cost:
        best[at] = choice
