"""Bands of a form -> rows, and the labels of its stub with the rows they are merged down."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from layout.areas import Area
from layout.baselines import Level, bounds, lap
from layout.body_rows import MOST_LABELS, Row, find_rows
from layout.form_areas import Stub
from layout.form_bands import BESIDE, Band
from layout.gutters import column_over
from layout.header_tree import Rule
from layout.label_groups import Block, LabelGroup, share_out
from layout.runs import Run
from layout.values import Span

#: How much farther than usual lines of a cell may stand apart; share of the pitch of rows from which they are rows.
UNEVEN, AS_ROWS = 1.15, 0.93
#: Columns of a band in which labels may be merged down rows, at least.
TABLE_COLUMNS = 4
#: Rules that part rows, at least; share of a form's width by which they may end before its right side.
RULED, RIGHT = 6, 0.1
#: Share of a form's rows that may lack a label in the stub.
UNLABELLED = 0.3
#: How much farther than lines of a cell those of one label may seem apart, and from where they hardly are of one.
FAR, CLOSE = 1.3, 0.94
#: In text heights: usual distance of a cell's lines where nothing tells it, and of amounts below each other, at least.
USUAL_LINE, LEAST_PITCH = 1.3, 0.85


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: its levels right of the stub, and its band's index."""

    levels: tuple[Level, ...]
    band: int

    @property
    def top(self) -> float:
        return min(level.top for level in self.levels)

    @property
    def bottom(self) -> float:
        return max(level.bottom for level in self.levels)


def form_rows(
    stub: Stub, bands: Sequence[Band], rules: Sequence[Rule], em: float
) -> tuple[list[FormRow], list[tuple[int, Span]]]:
    """All rows top down, and (band, span) of labels merged down rows within a band: rows of the form, columns of the band."""
    rows: list[FormRow] = []
    merged: list[tuple[int, Span]] = []
    ruled = _rows_are_ruled(stub, rules)
    loose = loose_line(stub, em)
    for index, band in enumerate(bands):
        levels = stub.rest[band.start : band.stop]
        if len(band.columns) == 1:
            rows += [FormRow(tuple(own), index) for own in _texts(levels, rules, loose)]
            continue
        found, labels = _band_rows(levels, band, rules, em, is_table=len(band.columns) >= TABLE_COLUMNS)
        found = _joined(found, rules) if ruled else found
        first = len(rows)
        rows += [FormRow(row.levels, index) for row in found]
        for label in labels:
            own = [
                i for i, row in enumerate(found, start=first)
                if label.top <= (row.levels[0].y + row.levels[-1].y) / 2 <= label.bottom
            ]  # fmt: skip
            if own:
                merged.append((index, Span(own[0], label.col, own[-1] + 1, label.col + 1)))
    return rows, merged


def _band_rows(
    levels: Sequence[Level], band: Band, rules: Sequence[Rule], em: float, is_table: bool
) -> tuple[list[Row], list[LabelGroup]]:
    runs = tuple(r for level in levels for r in level.runs)
    columns = [column_over(x0, x1, runs) for x0, x1 in band.columns]
    box = bounds(runs).grown(0.3 * em)
    own = tuple(
        (y, max(a, box.x0), min(b, box.x1))
        for y, a, b in rules
        if box.y0 < y < box.y1 and min(b, box.x1) > max(a, box.x0)
    )
    return find_rows(levels, columns, Area(box, runs, own), em, MOST_LABELS if is_table else 0, BESIDE * em)


def _rows_are_ruled(stub: Stub, rules: Sequence[Rule]) -> bool:
    """Whether rules part all rows: amounts and lines half a line apart stand between each two of them, no more."""
    right = max(r.bbox.x1 for level in stub.rest for r in level.runs)
    ys = [y for y, _, x1 in rules if x1 > right - RIGHT * (right - stub.x1)]
    figures = [r for level in stub.rest for r in level.runs if r.is_figure]
    bands = [[r for r in figures if a < r.y < b] for a, b in itertools.pairwise(ys)]
    doubled = any(
        lap(a.bbox.x0, a.bbox.x1, b.bbox.x0, b.bbox.x1) > 0 for own in bands for a, b in itertools.combinations(own, 2)
    )
    return len(ys) >= RULED and not doubled


def _joined(rows: Sequence[Row], rules: Sequence[Rule]) -> list[Row]:
    """Rows put together that no rule parts."""
    out: list[Row] = []
    for row in rows:
        if out and not any(out[-1].levels[-1].y < y < row.levels[0].y for y, _, _ in rules):
            out[-1] = Row((*out[-1].levels, *row.levels), out[-1].top, row.bottom)
        else:
            out.append(row)
    return out


def loose_line(stub: Stub, em: float) -> float:
    """From which distance in px two lines of a text are two rows here: farther than most that stand right below each
    other, and less than amounts do.
    """
    runs = sorted([*stub.labels, *(r for level in stub.rest for r in level.runs)], key=lambda r: r.y)
    pairs = [(run, below) for i, run in enumerate(runs) if (below := _below(run, runs[i + 1 :], em)) is not None]
    gaps = sorted(b.y - a.y for a, b in pairs if not (a.is_figure and b.is_figure))
    pitches = sorted(b.y - a.y for a, b in pairs if a.is_figure and b.is_figure)
    line = gaps[len(gaps) // 4] if gaps else USUAL_LINE * em
    return min(UNEVEN * line, AS_ROWS * pitches[0]) if len(pitches) > 2 else UNEVEN * line


def _below(run: Run, others: Sequence[Run], em: float) -> Run | None:
    """The next run down that begins, ends or has its middle where a run does."""
    for other in others:
        places = (other.bbox.x0 - run.bbox.x0, other.x - run.x, other.bbox.x1 - run.bbox.x1)
        if other.y - run.y > LEAST_PITCH * em and min(map(abs, places)) < 0.3 * em:
            return other
    return None


def _texts(levels: Sequence[Level], rules: Sequence[Rule], loose: float) -> list[list[Level]]:
    """Lines of nothing but a text each as rows: parted where they are farther apart than lines of a cell, or by rules."""
    out: list[list[Level]] = [[levels[0]]]
    for above, below in itertools.pairwise(levels):
        if below.y - above.y > loose or any(above.y < y < below.y for y, _, _ in rules):
            out.append([below])
        else:
            out[-1].append(below)
    return out


def stub_spans(stub: Stub, rows: Sequence[FormRow], rules: Sequence[Rule], em: float) -> list[tuple[int, int]] | None:
    """[first, stop) of the rows of each label in the stub; None where they are in the middle of none. Rules that reach
    into the stub say it where rules part all rows.
    """
    if _rows_are_ruled(stub, rules):
        return _between_rules(stub, rows, rules)
    blocks = [Block(row.top, row.bottom) for row in rows]
    loose = loose_line(stub, em)
    groups = share_out(_label_lines(stub.labels, em), blocks, 0, em, FAR * loose, UNLABELLED, close=CLOSE * loose)
    if groups is None:
        return None
    return [
        (
            next(i for i, b in enumerate(blocks) if b.top == g.top),
            next(i for i, b in enumerate(blocks) if b.bottom == g.bottom) + 1,
        )
        for g in groups
    ]


def _between_rules(stub: Stub, rows: Sequence[FormRow], rules: Sequence[Rule]) -> list[tuple[int, int]]:
    middle = (min(r.bbox.x0 for r in stub.labels) + stub.x0) / 2
    sides = [float("-inf"), *(y for y, x0, _ in rules if x0 < middle), float("inf")]
    found = []
    for a, b in itertools.pairwise(sides):
        own = [i for i, row in enumerate(rows) if a < (row.levels[0].y + row.levels[-1].y) / 2 < b]
        if own and any(a < r.y < b for r in stub.labels):
            found.append((own[0], own[-1] + 1))
    return found


def _label_lines(labels: Sequence[Run], em: float) -> list[tuple[Run, ...]]:
    """The stub's labels, those at one height as a line from the left."""
    ordered = sorted(labels, key=lambda r: r.y)
    starts = [i for i, (a, b) in enumerate(itertools.pairwise(ordered), start=1) if b.y - a.y > 0.5 * em]
    return [
        tuple(sorted(ordered[a:b], key=lambda r: r.x)) for a, b in itertools.pairwise([0, *starts, len(ordered)])
    ]  # fmt: skip
