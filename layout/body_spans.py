"""Rows + columns -> the spans of the body's cells.

A run over several columns spans them, and so does a lone label in their middle (合计 over code and name); what only other
bands of a form part is one; labels merged down rows are put together last.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from layout.baselines import WIDE_WHITE, Level, joined_runs
from layout.body_rows import Row
from layout.column_sides import Range, off_middle, title_range
from layout.gutters import FIGURE_GUTTER, GUTTER, Column, column_of, columns_of
from layout.headers import ends_as_total, is_total_label
from layout.label_groups import LabelGroup
from layout.runs import Run
from layout.values import Span

#: First rows of a form that fill either of two columns, at least.
EITHER = 3
#: In text heights: how far off a total's label counts to be in a column whose texts are not centred.
UNLIKE = 0.6
#: The same: white between texts that were found as boxes of their own, where columns are parted there.
BOXES_APART = 0.4
#: The same: how exactly a form's label is in the middle of its own columns and of those left of it.
CENTRED, OFF_CENTRE = 0.3, 0.6


def body_spans(
    rows: Sequence[Row], columns: Sequence[Column], sides: Sequence[Range], first_row: int, em: float,
    labels: Sequence[LabelGroup] = (),
) -> list[Span]:  # fmt: skip
    """Spans of the rows' cells, the first one's row being first_row. sides: where those of columns may lie. labels:
    those merged down rows.
    """
    tall = _tall_spans(rows, first_row, labels)
    lefts = _settings(rows, columns, em)
    taken = [_ranges(row, columns, sides, lefts, em) for row in rows]
    for index, ranges in enumerate(taken, start=first_row):
        ranges += [(s.col, s.col_stop) for s in tall if s.row <= index < s.row_stop]
    either = _either_slots(rows, taken, columns) if first_row == 0 else []
    for row, gutter in (*closed_slots(taken, len(columns)), *_out_of_bands(rows, taken, columns, em), *either):
        taken[row].append((gutter, gutter + 2))
    if first_row == 0:
        taken = [
            _over_first(row, _disjoint(ranges, len(columns)), sides, em)
            for row, ranges in zip(rows, taken, strict=True)
        ]
    spans = [
        Span(index, a, index + 1, b)
        for index, ranges in enumerate(taken, start=first_row)
        for a, b in _disjoint(ranges, len(columns))
    ]
    return _with_tall(spans, tall)


def _ranges(
    row: Row, columns: Sequence[Column], sides: Sequence[Range], settings: Sequence[_Setting], em: float
) -> list[tuple[int, int]]:
    """The columns [a, b) that each thing in a row fills."""
    runs = [r for level in row.levels for r in _joined_in_columns(level, columns, em)]
    title = title_range(runs[0], columns, sides, em) if len(runs) == 1 else None
    if title is not None:
        return [title]
    ranges = [columns_of(columns, r.bbox.x0, r.bbox.x1, em) for r in runs]
    filled = {c for a, b in ranges for c in range(a, b)}
    taken: list[tuple[int, int]] = []
    for run, (a, b) in zip(runs, ranges, strict=True):
        if b - a == 1 and sum(a <= other < b for other, _ in ranges) == 1:
            a, b = _centred_over(run, a, filled, columns, sides, settings, em)
        is_off = b - a > 1 or not settings[a].fits(run, em)
        if ends_as_total(run.text) and (is_off or any(columns[c].is_figures for c in range(a, b))):
            a, b = _in_free_run(run, a, b, filled, sides, em)
        taken.append((a, b))
    return taken


def closed_slots(rows: Sequence[Sequence[tuple[int, int]]], n_cols: int) -> list[tuple[int, int]]:
    """(row, g) where a form's columns g and g + 1 are one: in the rows above or below the band that parts them.

    rows: what each row fills, as column ranges. Some of those rows must lie across, and none of the band's.
    """
    found = []
    for g in range(n_cols - 1):
        across = [i for i, row in enumerate(rows) if any(a <= g and g + 2 <= b for a, b in row)]
        both = [i for i, row in enumerate(rows) if {g, g + 1} <= {c for a, b in row for c in range(a, b)}
                and i not in across]  # fmt: skip
        if len(across) < 2 or not both or any(min(both) < i < max(both) for i in across):
            continue
        above, below = [i for i in across if i < min(both)], [i for i in across if i > max(both)]
        if len(above) >= 2:
            found += [(i, g) for i in range(min(above), min(both))]
        if len(below) >= 2:
            found += [(i, g) for i in range(max(both) + 1, max(below) + 1)]
    return found


def _either_slots(
    rows: Sequence[Row], taken: Sequence[Sequence[tuple[int, int]]], columns: Sequence[Column]
) -> list[tuple[int, int]]:
    """(row, g) where a form's columns g and g + 1 are one: in its first rows each fills one of them, texts the left and
    amounts the right, and only a band below fills both.
    """
    found = []
    for g in range(len(columns) - 1):
        filled = [{c for a, b in ranges for c in range(a, b)} & {g, g + 1} for ranges in taken]
        n = next((i for i, own in enumerate(filled) if len(own) != 1), len(filled))
        if n < EITHER or n == len(filled) or any(len(own) == 1 for own in filled[n:]):
            continue
        own = [
            [r for i in range(n) for v in rows[i].levels for r in v.runs if column_of(columns, r.x) == c]
            for c in (g, g + 1)
        ]
        if all(own) and not any(r.is_figure for r in own[0]) and all(r.is_figure for r in own[1]):
            found += [(i, g) for i in range(n)]
    return found


def _over_first(
    row: Row, ranges: Sequence[tuple[int, int]], sides: Sequence[Range], em: float
) -> list[tuple[int, int]]:
    """A form's row with the blank slots before its first label put to that, where it is in the middle of all of them."""
    first = min((r for level in row.levels for r in level.runs), key=lambda r: r.bbox.x0)
    own = [(a, b) for a, b in ranges if b - a > 1 and sides[a][0] < first.x < sides[b][1]]
    if len(own) != 1 or own[0][0] == 0 or first.is_figure or any(b - a > 1 for a, b in ranges if b <= own[0][0]):
        return list(ranges)
    a, b = own[0]
    over = off_middle(first.x, sides, 0, b) < CENTRED * em and off_middle(first.x, sides, a, b) > OFF_CENTRE * em
    return [(0, b), *(r for r in ranges if r[0] >= b)] if over else list(ranges)


def _out_of_bands(
    rows: Sequence[Row], taken: Sequence[Sequence[tuple[int, int]]], columns: Sequence[Column], em: float
) -> list[tuple[int, int]]:
    """(row, g) where columns g and g + 1 are one, since only other rows' bands part them."""
    ys = [(min(v.top for v in row.levels) + max(v.bottom for v in row.levels)) / 2 for row in rows]
    found = []
    for g, column in enumerate(columns[1:]):
        if not column.bands:
            continue
        inside = [any(top <= y <= bottom for top, bottom in column.bands) for y in ys]
        for i, ranges in enumerate(taken):
            ends, begins = any(b == g + 1 for _, b in ranges), any(a == g + 1 for a, _ in ranges)
            both = ends and begins and _shows_white(rows[i], columns, g, em)
            # The last value of a row may be blank, right below or above the band.
            near = [k for k in (i - 1, i + 1) if 0 <= k < len(rows) and inside[k]]
            last = max((b for _, b in ranges), default=0) <= g + 1
            blank = last and any(_ends_alike(rows[i], rows[k], em) for k in near)
            if not (inside[i] or both or blank):
                found.append((i, g))
    return found


def _shows_white(row: Row, columns: Sequence[Column], g: int, em: float) -> bool:
    """Whether a line of a row has wide white between what stands in columns g and g + 1."""
    middle = (columns[g].x1 + columns[g + 1].x0) / 2
    lines = [joined_runs(level.runs, GUTTER * em) for level in row.levels]
    return not any(r.bbox.x0 < middle < r.bbox.x1 for line in lines for r in line)


def _ends_alike(row: Row, other: Row, em: float) -> bool:
    """Whether the last thing of a row is set as something of another row is."""
    own, others = ([r for v in x.levels for r in joined_runs(v.runs, WIDE_WHITE * em)] for x in (row, other))
    last = max(own, key=lambda r: r.bbox.x1)
    places = [(last.bbox.x0 - r.bbox.x0, last.x - r.x, last.bbox.x1 - r.bbox.x1) for r in others]
    return any(min(map(abs, place)) < 0.3 * em for place in places)


def with_labels(column: Column, index: int, labels: Sequence[LabelGroup]) -> Column:
    """A column as wide as the labels that are merged down it."""
    boxes = [r.bbox for label in labels if label.col == index for r in label.runs]
    x0, x1 = min([column.x0, *(b.x0 for b in boxes)]), max([column.x1, *(b.x1 for b in boxes)])
    return replace(column, x0=x0, x1=x1)


def _tall_spans(rows: Sequence[Row], first_row: int, labels: Sequence[LabelGroup]) -> list[Span]:
    """The slots of merged labels, those of one row left out."""
    found = []
    for label in labels:
        own = [
            i for i, row in enumerate(rows, start=first_row)
            if label.top <= (row.levels[0].y + row.levels[-1].y) / 2 <= label.bottom
        ]  # fmt: skip
        if len(own) > 1:
            found.append(Span(own[0], label.col, own[-1] + 1, label.col + 1))
    return found


def _with_tall(spans: Sequence[Span], tall: Sequence[Span]) -> list[Span]:
    """The spans with those single slots that a merged label covers put together; none where a wider cell is in the way."""
    out = list(spans)
    for span in tall:
        own = [
            s for s in out if span.row <= s.row < span.row_stop and s.col == span.col and s.col_stop == span.col_stop
        ]
        if len(own) == span.rowspan:
            out = [s for s in out if s not in own] + [span]
    return out


def _joined_in_columns(level: Level, columns: Sequence[Column], em: float) -> list[Run]:
    """Runs of a level put together within their columns; across a gutter only texts, where less white shows than it has."""
    out: list[Run] = []
    for run in level.runs:
        if out:
            left, right = column_of(columns, out[-1].x), column_of(columns, run.x)
            gutter = columns[right].x0 - columns[left].x1 if right > left else 2.0 * WIDE_WHITE * em
            white = min(max(0.5 * gutter, FIGURE_GUTTER * em), (WIDE_WHITE if left == right else GUTTER) * em)
            together = joined_runs([out[-1], run], white)
            boxes = out[-1].word_index != run.word_index and run.bbox.x0 - out[-1].bbox.x1 >= BOXES_APART * em
            apart = left != right and (out[-1].is_figure or run.is_figure or boxes)
            if len(together) == 1 and not apart:
                out[-1:] = together
                continue
        out.append(run)
    return out


def _disjoint(ranges: Sequence[tuple[int, int]], n: int) -> list[tuple[int, int]]:
    """Ranges merged where they overlap, single columns between them."""
    out: list[tuple[int, int]] = []
    for a, b in sorted(ranges):
        if out and a < out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    taken = {c for a, b in out for c in range(a, b)}
    return sorted([*out, *((c, c + 1) for c in range(n) if c not in taken)])


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a column's texts are set: where they begin, and their middle if they share one."""

    starts: tuple[float, ...]
    middle: float | None

    def fits(self, run: Run, em: float) -> bool:
        if self.middle is not None:
            return abs(run.x - self.middle) <= 0.8 * em
        return sum(abs(x - run.bbox.x0) < 0.4 * em for x in self.starts) > max(1, 0.1 * len(self.starts))


def _settings(rows: Sequence[Row], columns: Sequence[Column], em: float) -> list[_Setting]:
    runs: list[list[Run]] = [[] for _ in columns]
    for row in rows:
        for level in row.levels:
            for run in joined_runs(level.runs, WIDE_WHITE * em):
                runs[column_of(columns, run.x)].append(run)
    return [_setting(own, em) for own in runs]


def _setting(runs: Sequence[Run], em: float) -> _Setting:
    middle = statistics.median(r.x for r in runs) if runs else 0.0
    centred = sum(abs(r.x - middle) < 0.4 * em for r in runs)
    begun = max((sum(abs(r.bbox.x0 - o.bbox.x0) < 0.3 * em for r in runs) for o in runs), default=0)
    is_centred = len(runs) > 2 and centred >= 0.7 * len(runs) and centred > begun
    return _Setting(tuple(r.bbox.x0 for r in runs), middle if is_centred else None)


def _centred_over(
    run: Run, col: int, filled: set[int], columns: Sequence[Column], sides: Sequence[Range],
    settings: Sequence[_Setting], em: float,
) -> tuple[int, int]:  # fmt: skip
    """The columns a lone label is in the middle of, when it stands where nothing else in its column does."""
    if run.is_figure or (settings[col].fits(run, em) and not is_total_label(run.text)):
        return col, col + 1
    is_total = ends_as_total(run.text)
    middle = settings[col].middle
    own = abs(columns[col].x - run.x)
    if middle is None and is_total:
        own = max(UNLIKE * em, min(2 * UNLIKE * em, off_middle(run.x, sides, col, col + 1)))
    best = (own, col, col + 1)
    for a in range(max(0, col - 3), col + 1):
        for b in range(col + 1, min(len(columns), col + 4) + 1):
            others = set(range(a, b)) - {col}
            if not others or others & filled or any(columns[c].is_figures for c in others - {0}):
                continue
            off = off_middle(run.x, sides, a, b)
            better = off + (0.3 if is_total else 1.0) * em < best[0]
            if off < 0.6 * em and better:
                best = (off, a, b)
    return best[1], best[2]


def _in_free_run(run: Run, a: int, b: int, filled: set[int], sides: Sequence[Range], em: float) -> tuple[int, int]:
    """All columns up to the next print on either side, for a label that lies over amounts' columns in their middle."""
    low = max((c + 1 for c in filled if c < a), default=0)
    high = min((c for c in filled if c >= b), default=len(sides) - 1)
    return (low, high) if off_middle(run.x, sides, low, high) < 0.6 * em else (a, b)
