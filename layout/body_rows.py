"""Body levels + columns -> rows with their edges, and the labels merged down them. Their cells: body_spans.py.

Rows are those that drawn rulings part; where these only part bands of rows, row_bands.py divides them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from layout.areas import SAME_RULE, Area, full_rules
from layout.baselines import Level, bounds
from layout.gutters import Column, column_of
from layout.headers import is_total_label
from layout.label_groups import Block, LabelGroup, column_lines, share_out, without_columns, without_runs
from layout.row_bands import loosest_line, split_rows

#: So many leading columns may hold labels merged down rows.
MOST_LABELS = 3
#: So many labels of one row each beside a merged one say that labels stand in the middle of their rows.
SINGLES = 3
#: In text heights: room that two rows take at least.
TWO_ROWS = 2.6


@dataclass(frozen=True, slots=True)
class Row:
    """A row's levels, with the drawn or implied edge above it."""

    levels: tuple[Level, ...]
    top: float
    bottom: float


def find_rows(
    body: Sequence[Level], columns: Sequence[Column], area: Area, em: float, most_labels: int = MOST_LABELS,
    beside: float = 0.0,
) -> tuple[list[Row], list[LabelGroup]]:  # fmt: skip
    """The rows, and the labels that are merged down several of them, in so many leading columns at most. beside: px,
    lines nearer than this are of one row where such labels are left out.
    """
    ruled = _ruled_labels(body, columns, area, em) if most_labels else None
    if ruled:
        return ruled
    most = next((i for i, c in enumerate(columns) if c.is_figures or c.bands), len(columns))
    for n in range(min(most_labels, most, len(columns) - 1), 0, -1):
        groups = _label_groups(body, columns, area, n, em, beside)
        if groups:
            rest = without_runs(body, [r for g in groups for r in g.runs])
            return _rows(rest, columns, area, em, beside=beside), groups
    return _rows(body, columns, area, em, beside=0.0 if most_labels else beside), []


def _ruled_labels(
    body: Sequence[Level], columns: Sequence[Column], area: Area, em: float
) -> tuple[list[Row], list[LabelGroup]] | None:
    """The same where rulings say so: those that part rows, but begin right of leading columns; None where none do."""
    # A rule may be there in pieces.
    begun = {
        y: sum(c.x1 < min(a for other, a, _ in area.rules if abs(other - y) < 3) + 0.5 * em for c in columns)
        for y, _, x1 in area.rules
        if x1 > area.bbox.x1 - em and body[0].y < y < body[-1].y
    }
    short = {y: n for y, n in begun.items() if 0 < n < len(columns) and n <= MOST_LABELS}
    full = [y for y in full_rules(area.rules, area.bbox) if not any(abs(y - other) < SAME_RULE for other in short)]
    if not short:
        return None
    groups = []
    for col in range(max(short.values())):
        sides = [float("-inf"), *sorted([*full, *(y for y, n in short.items() if n <= col)]), float("inf")]
        lines = column_lines(body, columns, col)
        for top, bottom in itertools.pairwise(sides):
            runs = tuple(r for line in lines for r in line if top < r.y < bottom)
            if runs and any(top < y < bottom for y in short):
                groups.append(LabelGroup(runs, col, top, bottom))
    rest = without_runs(body, [r for g in groups for r in g.runs])
    return _rows(rest, columns, area, em, tuple(short)), groups


def _label_groups(
    body: Sequence[Level], columns: Sequence[Column], area: Area, n: int, em: float, beside: float
) -> list[LabelGroup]:
    """The merged labels of the first n columns, where they are so; the nth has some at least."""
    rest = without_columns(body, columns, n)
    if len(rest) < 2:
        return []
    totals = [r.y for level in body for r in level.runs if is_total_label(r.text)]
    full = full_rules(area.rules, area.bbox)
    rows = [_block(row, totals) for row in _rows(rest, columns, area, em, beside=beside)]
    merged: list[LabelGroup] = []
    loose = loosest_line(body, columns, em)
    for col in reversed(range(n)):
        shared = share_out(column_lines(body, columns, col), rows, col, em, loose)
        if shared is None:
            return []
        sizes = [sum(g.top <= row.top and row.bottom <= g.bottom for row in rows) for g in shared]
        tall = [g for g, size in zip(shared, sizes, strict=True) if size > 1]
        if any(_is_crossed(g, full) or _is_amount(g) for g in tall):
            return []
        if tall and not _tells_middle_from_first(sizes, len(rows)):
            return []
        merged += tall
        rows = _as_high_as(rows, [g for g, size in zip(shared, sizes, strict=True) if size == 1])
    return merged if any(g.col == n - 1 for g in merged) else []


def _as_high_as(rows: Sequence[Block], labels: Sequence[LabelGroup]) -> list[Block]:
    """The rows, each as high as its own label is: those left of it are in the middle of whole rows."""
    out = list(rows)
    for label in labels:
        box = bounds(label.runs)
        i = next(i for i, row in enumerate(rows) if label.top <= row.top and row.bottom <= label.bottom)
        out[i] = replace(out[i], top=min(out[i].top, box.y0), bottom=max(out[i].bottom, box.y1))
    return out


def _is_crossed(group: LabelGroup, rules: Sequence[float]) -> bool:
    """Whether a ruling over the whole width lies across what a label would be merged down."""
    return any(group.top < y < group.bottom for y in rules)


def _is_amount(group: LabelGroup) -> bool:
    """Whether a label is an amount with marks, as no label is."""
    return any(r.is_figure and not r.text.isdigit() for r in group.runs)


def _tells_middle_from_first(sizes: Sequence[int], n_rows: int) -> bool:
    """Whether labels could not as well stand on the first of their rows: one is between two rows, the first rows have
    none, or there are several merged ones.
    """
    tall = [size for size in sizes if size > 1]
    if len(sizes) == 1 and n_rows % 2:
        return False  # as well a label of the row in the middle
    return any(size % 2 == 0 for size in tall) or sizes[0] > 1 or len(tall) > 1 or len(sizes) > SINGLES


def _block(row: Row, totals: Sequence[float]) -> Block:
    top, bottom = min(v.top for v in row.levels), max(v.bottom for v in row.levels)
    return Block(top, bottom, any(top <= y <= bottom for y in totals))


def _rows(
    body: Sequence[Level], columns: Sequence[Column], area: Area, em: float, rules: Sequence[float] = (),
    beside: float = 0.0,
) -> list[Row]:  # fmt: skip
    """The rows. rules: heights of rulings that part them without running over the whole width."""
    full = sorted(y for y in (*full_rules(area.rules, area.bbox), *rules) if body[0].y < y < body[-1].y)
    bands = [
        [level for level in body if low < level.y <= high]
        for low, high in itertools.pairwise([float("-inf"), *full, float("inf")])
    ]
    bands = [b for b in bands if b]
    # Rules within a drawn row are those of its rows, told by blank lines.
    ruled = (area.is_body and len(bands) > 1) or (len(bands) >= 3 and len(bands) >= 0.6 * _figure_rows(body, columns))
    groups: list[list[Level]] = []
    for band in bands:
        pieces = [(0, len(band))] if ruled or _is_one_row(band, columns, area, em) else split_rows(band, columns, em)
        for a, b in pieces:
            if a and band[a].y - band[a - 1].y < beside:
                groups[-1] += band[a:b]
            else:
                groups.append(list(band[a:b]))
    return _with_edges(groups, full, area, body)


def _is_one_row(band: Sequence[Level], columns: Sequence[Column], area: Area, em: float) -> bool:
    """Whether rules right above and below leave no room for a second row, so that what seems to be one leans."""
    every = full_rules(area.rules, area.bbox)
    above = max((y for y in every if y < band[0].y), default=float("-inf"))
    below = min((y for y in every if y > band[-1].y), default=float("inf"))
    figures = [column_of(columns, r.x) for level in band for r in level.runs if r.is_figure]
    return below - above < TWO_ROWS * em and len(set(figures)) == len(figures)


def _figure_rows(body: Sequence[Level], columns: Sequence[Column]) -> int:
    counts = [
        sum(any(r.is_figure and column_of(columns, r.x) == i for r in level.runs) for level in body)
        for i in range(len(columns))
    ]
    return max(counts, default=0)


def _with_edges(groups: list[list[Level]], full: Sequence[float], area: Area, body: Sequence[Level]) -> list[Row]:
    tops = []
    for above, below in itertools.pairwise(groups):
        high, low = max(level.bottom for level in above), min(level.top for level in below)
        ruled = [y for y in full if above[-1].y < y < below[0].y]
        tops.append(ruled[0] if ruled else (high + low) / 2)
    all_rules = full_rules(area.rules, area.bbox)
    inside = {r for level in body for r in level.runs}
    heads = [r for r in area.runs if r.y < groups[0][0].y - 1 and r not in inside]
    first = area.bbox.y0
    if heads:
        high, low = max(r.bbox.y1 for r in heads), min(level.top for level in groups[0])
        ruled = [y for y in all_rules if max(r.y for r in heads) < y < groups[0][0].y]
        first = ruled[-1] if ruled else (high + low) / 2
    edges = [first, *tops, area.bbox.y1]
    return [Row(tuple(g), a, b) for g, a, b in zip(groups, edges, edges[1:], strict=False)]
