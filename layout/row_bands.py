"""Levels of a body -> rows: which lines of type are one row, where no ruling says so.

The lines of a cell stand closer than rows do, a line that goes on was full, no cell holds two amounts, and all cells of
a row are set alike: to its middle, its top or its foot. Each is only a cost, and the rows are the cheapest partition of
all levels (dynamic programming over their order).
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from layout.baselines import Level
from layout.gutters import Column, column_of
from layout.headers import ends_as_total
from layout.reading_order import WIDE_CLOSING, is_wide
from layout.runs import Run


@dataclass(frozen=True, slots=True)
class Line:
    """What one column holds at one level. is_item: whether it begins with a number that says where a row begins. word:
    width of its first word in px, which the line above it had no room for if both are one text.
    """

    level: int
    col: int
    y: float
    x0: float
    x1: float
    is_figure: bool
    is_item: bool = False
    word: float = 0.0


@dataclass(frozen=True, slots=True)
class RowCosts:
    """In arbitrary units. two_figures: two amounts in one cell. row: each row. loose: lines of a cell farther apart
    than lines are; tight: two cells nearer than rows are; short: a line goes on that was not full. off: a cell off its
    row's middle (top, foot), per text height. headless: a row without its first column. item: a numbered item goes on a
    cell.
    """

    two_figures: float = 12.0
    row: float = 0.6
    loose: float = 7.0
    tight: float = 3.0
    short: float = 1.6
    off: float = 2.0
    headless: float = 0.5
    together: float = 1.0
    item: float = 8.0


@dataclass(frozen=True, slots=True)
class Spacing:
    """In text heights: how far lines of one cell stand apart as a rule, and from where that is loose."""

    usual: float
    loose: float


#: In text heights: usual and largest distance of the lines of a cell; the most levels that make a row.
LINE_PITCH, LOOSE_PITCH, MOST_LEVELS = 1.3, 1.62, 14
#: The same: from which distance lines are of one cell only where they stand evenly about amounts between them.
WIDEST_PITCH = 2.1
#: In text heights: how evenly two lines of a cell stand above and below the middle of its row.
EVEN = 0.22
#: Distances of amounts that make the pitch of rows known; in text heights: what it is taken for otherwise.
KNOWN, UNKNOWN_PITCH = 3, 1.8
#: Share of the pitch of rows that one lone pair of lines is apart where they are of one cell.
LONE_LINE = 0.6
#: Share of a column's lines that are numbered where it numbers its rows.
NUMBERED = 0.6
#: In text heights: white behind a line for more than the next line's first word, from which it was not full.
ROOM = 0.8
#: Share of what closeness to the next line counts below such a line.
NOT_FULL = 0.3
_WORD = re.compile(rf"[!-~]+|.[{''.join(WIDE_CLOSING)}]*")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}\s?[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]")


def split_rows(
    levels: Sequence[Level], columns: Sequence[Column], em: float, costs: RowCosts | None = None
) -> list[tuple[int, int]]:
    """Half-open ranges of levels, one for each row, top down."""
    costs = costs or RowCosts()
    lines = _with_items([_lines(i, level, columns) for i, level in enumerate(levels)], levels, columns)
    known = row_pitch(lines)
    spacing = line_spacing(lines, known, em)
    pitch = max(em, known) if known else UNKNOWN_PITCH * em
    rights = _full_lines(lines, len(columns))
    best: tuple[float, list[tuple[int, int]]] | None = None
    for anchor in ("middle", "top", "foot"):
        found = _cheapest(lines, anchor, pitch, rights, em, costs, spacing)
        if best is None or found[0] < best[0] - 1e-9:
            best = found
    return best[1] if best else []


def loosest_line(levels: Sequence[Level], columns: Sequence[Column], em: float) -> float:
    """From which distance in px two lines are hardly of one cell here."""
    lines = [_lines(i, level, columns) for i, level in enumerate(levels)]
    return line_spacing(lines, row_pitch(lines), em).loose * em


def pitch_of_rows(levels: Sequence[Level], columns: Sequence[Column]) -> float | None:
    """Usual least distance of rows in px: of amounts one below the other; None without enough of them."""
    return row_pitch([_lines(i, level, columns) for i, level in enumerate(levels)]) if columns else None


def _lines(index: int, level: Level, columns: Sequence[Column]) -> list[Line]:
    by_col: dict[int, list[Run]] = {}
    for run in level.runs:
        by_col.setdefault(column_of(columns, run.x), []).append(run)
    return [
        Line(index, col, statistics.fmean(r.y for r in runs), runs[0].bbox.x0, runs[-1].bbox.x1,
             len(runs) == 1 and runs[0].is_figure, word=_first_word(runs[0]))
        for col, runs in sorted(by_col.items())
    ]  # fmt: skip


def _first_word(run: Run) -> float:
    """Width in px of what no line break parts: letters and digits, or one character with the stop behind it."""
    word = _WORD.match(run.text)
    return sum(1.0 if is_wide(c) else 0.5 for c in (word[0] if word else run.text[:1])) * run.em


def _with_items(
    lines: Sequence[Sequence[Line]], levels: Sequence[Level], columns: Sequence[Column]
) -> list[list[Line]]:
    """The lines, items and totals marked in columns that number their rows: most lines do so, several with amounts beside them. (A
    text that lists its points has none beside them.)
    """
    items = {
        (i, column_of(columns, run.x))
        for i, level in enumerate(levels) for run in level.runs if _ITEM.match(run.text) or ends_as_total(run.text)
    }  # fmt: skip
    valued = {i for i, line in enumerate(lines) if any(x.is_figure for x in line)}
    in_columns: set[int] = set()
    for col in {col for _, col in items}:
        own = {i for i, c in items if c == col}
        n_lines = sum(any(x.col == col for x in line) for line in lines)
        if len(own & valued) >= KNOWN and len(own) >= NUMBERED * n_lines:
            in_columns.add(col)
    return [
        [replace(x, is_item=x.col in in_columns and (x.level, x.col) in items) for x in line] for line in lines
    ]  # fmt: skip


def row_pitch(lines: Sequence[Sequence[Line]]) -> float | None:
    """Usual least distance of rows in px: of amounts one below the other; None without any."""
    gaps = _figure_gaps(lines)
    return gaps[len(gaps) // 4] if len(gaps) >= KNOWN else None


def _figure_gaps(lines: Sequence[Sequence[Line]]) -> list[float]:
    """Distances in px of amounts one below the other, ascending."""
    gaps: list[float] = []
    last: dict[int, float] = {}
    for level in lines:
        for line in level:
            if line.is_figure:
                if line.col in last:
                    gaps.append(line.y - last[line.col])
                last[line.col] = line.y
    return sorted(gaps)


def line_spacing(lines: Sequence[Sequence[Line]], pitch: float | None, em: float) -> Spacing:
    """How far lines of one cell stand apart here: the least distances of texts one below the other, where several agree
    or one that stands evenly above and below its row's other cells, or a lone pair far closer than rows, and rows stand clearly farther apart; else what is
    usual. Texts no closer than some rows are may be rows themselves and say nothing.
    """
    last: dict[int, Line] = {}
    gaps: list[float] = []
    for level in lines:
        for line in level:
            if line.col in last and not (line.is_figure or last[line.col].is_figure):
                gaps.append((line.y - last[line.col].y) / em)
            last[line.col] = line
    gaps = sorted(g for g in gaps if g >= 0.85)
    near = [g for g in gaps if g <= 1.1 * gaps[0]]
    rows = (pitch or 0.0) / em
    alone = len(near) == 1 and LINE_PITCH < near[0] < min(LONE_LINE * rows, UNKNOWN_PITCH)
    apart = near[-1] if near else 0.0
    few = len(near) < 2 and not alone
    if few or apart > WIDEST_PITCH or min(_figure_gaps(lines), default=0.0) < 1.05 * apart * em:
        near = [gap for gap in _astride(lines, em) if gap >= 0.85]
    usual = statistics.median(near) if near else LINE_PITCH
    if not near or not LINE_PITCH < usual < 0.93 * rows:
        return Spacing(LINE_PITCH, LOOSE_PITCH)
    return Spacing(usual, max(LOOSE_PITCH, usual + 0.5 * (rows - usual)))


def _astride(lines: Sequence[Sequence[Line]], em: float) -> list[float]:
    """Distances, in text heights, of texts just above and just below a level that has amounts but none in their column."""
    found = []
    for above, level, below in zip(lines, lines[1:], lines[2:], strict=False):
        own = {line.col for line in level}
        figures = [line.y for line in level if line.is_figure]
        pairs = [
            (upper.y, lower.y) for upper, lower in itertools.product(above, below)
            if upper.col == lower.col and upper.col not in own and not (upper.is_figure or lower.is_figure)
        ]  # fmt: skip
        if figures:
            middle = statistics.median(figures)
            found += [(low - high) / em for high, low in pairs if abs((high + low) / 2 - middle) < EVEN * em]
    return found


def _full_lines(lines: Sequence[Sequence[Line]], n_cols: int) -> list[float]:
    return [max((x.x1 for level in lines for x in level if x.col == col), default=0.0) for col in range(n_cols)]


def _cheapest(
    lines: Sequence[Sequence[Line]], anchor: str, pitch: float, rights: Sequence[float], em: float, costs: RowCosts,
    spacing: Spacing,
) -> tuple[float, list[tuple[int, int]]]:  # fmt: skip
    n = len(lines)
    total, back = [0.0] + [float("inf")] * n, [0] * (n + 1)
    for stop in range(1, n + 1):
        for start in range(stop - 1, max(-1, stop - 1 - MOST_LEVELS), -1):
            cost = _row_cost(lines, start, stop, anchor, pitch, rights, em, costs, spacing)
            if total[start] + cost < total[stop]:
                total[stop], back[stop] = total[start] + cost, start
            if cost > 4 * costs.two_figures:
                break
    rows = []
    stop = n
    while stop:
        rows.append((back[stop], stop))
        stop = back[stop]
    return total[n], rows[::-1]


def _row_cost(
    lines: Sequence[Sequence[Line]], start: int, stop: int, anchor: str, pitch: float, rights: Sequence[float],
    em: float, costs: RowCosts, spacing: Spacing,
) -> float:  # fmt: skip
    cells: dict[int, list[Line]] = {}
    for level in lines[start:stop]:
        for line in level:
            cells.setdefault(line.col, []).append(line)
    cost = costs.row + sum(_cell_cost(c, rights, em, costs, spacing) for c in cells.values())
    cost += costs.headless * (min(cells) > 0)
    going_on = Counter(line.level for cell in cells.values() for line in cell[1:])
    cost += costs.together * sum(n - 1 for n in going_on.values())
    places = [_place(c, anchor) for c in cells.values()]
    middle = statistics.median(places)
    cost += sum(costs.off * max(0.0, abs(p - middle) / em - 0.2) for p in places)
    return cost + _tight_below(lines, cells, stop, pitch, rights, em, costs, spacing)


def _place(cell: Sequence[Line], anchor: str) -> float:
    if anchor == "top":
        return cell[0].y
    return cell[-1].y if anchor == "foot" else (cell[0].y + cell[-1].y) / 2


def _had_room(upper: Line, lower: Line, rights: Sequence[float], em: float) -> bool:
    """Whether a line of a text ended although the next one's first word would have had room in it."""
    return rights[upper.col] - upper.x1 > lower.word + ROOM * em


def _cell_cost(cell: Sequence[Line], rights: Sequence[float], em: float, costs: RowCosts, spacing: Spacing) -> float:
    cost = costs.two_figures * max(0, sum(line.is_figure for line in cell) - 1)
    for upper, lower in itertools.pairwise(cell):
        distance = (lower.y - upper.y) / em
        cost += costs.loose * min(2.0, max(0.0, distance - spacing.usual) / (spacing.loose - spacing.usual))
        cost += costs.short * _had_room(upper, lower, rights, em)
        cost += costs.two_figures * (upper.is_figure != lower.is_figure) / 4
        cost += costs.item * lower.is_item
    return cost


def _tight_below(
    lines: Sequence[Sequence[Line]], cells: dict[int, list[Line]], stop: int, pitch: float, rights: Sequence[float],
    em: float, costs: RowCosts, spacing: Spacing,
) -> float:  # fmt: skip
    """Cost of ending the row here although the next line of a column follows as closely as lines of one cell do.

    Of the column that follows most closely: all columns of a level follow alike, which says no more than one does.
    """
    cost = 0.0
    usual = max(pitch / em, spacing.usual + 0.05)
    following = {line.col: line for level in reversed(lines[stop : stop + 4]) for line in level}
    for col, cell in cells.items():
        if col in following and not (cell[-1].is_figure or following[col].is_figure):
            distance = (following[col].y - cell[-1].y) / em
            near = (usual - distance) / (usual - min(spacing.usual, usual - 0.05))
            tight = costs.tight * (NOT_FULL if _had_room(cell[-1], following[col], rights, em) else 1.0)
            cost = max(cost, tight * min(1.0, near))
    return cost
