"""Header levels + columns -> heads with their places; columns whose body is empty, or set in by levels, are mended.

Heads right above the body name its columns. A head beside its column's print is still its own, one over no print is a
column of its own, and one over others is a spanner (header_tree.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from layout.areas import Area, parts_of_full
from layout.baselines import Level, joined, lap
from layout.column_sides import side_ranges, title_range
from layout.gutters import Column
from layout.head_lines import has_below, stack_heads
from layout.head_runs import gutters_between, head_runs, parted_by
from layout.head_spaces import with_spaces
from layout.header_tree import Head, grow_tree
from layout.row_bands import pitch_of_rows
from layout.runs import Run
from layout.values import Span

#: In text heights: distance from which two lines are two heads; the same in that of rows, which are so too.
LINE, AS_ROWS = 1.52, 0.94
#: Share of lines that hold one of two columns' things, where both are one.
COMPLEMENTS = 0.8
#: In text heights: least white between heads of two columns.
OWN_WHITE = 0.3
#: In text heights: how far off its column's print a head is at most.
BESIDE = 2.0


def read_header(
    levels: Sequence[Level], body: Sequence[Level], columns: tuple[Column, ...], area: Area, em: float
) -> tuple[list[Head], int, tuple[Column, ...]]:
    if not levels:
        return [], 0, _merged_indents(columns, (), body, em)
    levels = with_spaces(levels, columns, em) if body and not area.edges else levels
    edges = area.edges if area.is_head else ()
    lines: list[list[Run]] = []
    for level in levels:
        parting = edges if area.is_head or level is not levels[-1] else gutters_between(level.runs, columns, em, body)
        lines.append(head_runs(level, columns, em, parting, lines[-1] if lines else ()))
    rows = pitch_of_rows(body, columns)
    pitch = min(LINE * em, AS_ROWS * rows) if rows else LINE * em

    def parted(upper: Run, lower: Run) -> bool:
        return parted_by(upper, lower, area.rules)

    blocks = stack_heads(lines, em, pitch, parted)
    low = [b for b in blocks if not has_below(b, blocks, em)]
    columns = _merged_indents(columns, low, body, em)
    leaves, wide, stray, short = _leaves(low, columns, em)
    known = [b for b in blocks if b not in low]
    sides = (area.bbox.x0, area.bbox.x1) if area.rules else None
    if len(blocks) == 1 and (whole := title_range(blocks[0], columns, side_ranges(columns, {}, em, sides), em)):
        return [Head(blocks[0], *whole)], 1, columns
    headed = [columns[c] for c in leaves]
    over = [s for s in stray if is_over_two(s, low, known, em, headed)]
    leaves, upper = _under_spanners(columns, leaves, [s for s in stray if s not in over], known + short, em)
    columns, leaves, wide = _with_empty_columns(columns, leaves, wide, [s for s in stray if s not in over])
    spanners = known + over + short + upper
    ranges = side_ranges(columns, leaves, em, sides)
    heads, n = grow_tree(
        leaves, spanners, _touching(columns, leaves), ranges, parts_of_full(area.rules, area.bbox)[1], em, wide, parted
    )
    return heads, n, columns


def _touching(columns: Sequence[Column], leaves: dict[int, Run]) -> tuple[Column, ...]:
    """The columns grown over their heads, and to the middle of the gutters between them."""
    grown = [
        (min(c.x0, leaves[i].bbox.x0), max(c.x1, leaves[i].bbox.x1)) if i in leaves else (c.x0, c.x1)
        for i, c in enumerate(columns)
    ]
    edges = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(grown)]
    sides = [grown[0][0], *edges, grown[-1][1]]
    return tuple(Column(min(a, b), max(a, b), c.is_figures) for a, b, c in zip(sides, sides[1:], columns, strict=False))


def _merged_indents(
    columns: tuple[Column, ...], low: Sequence[Run], body: Sequence[Level], em: float
) -> tuple[Column, ...]:
    """Neighbours that no level fills both, alike, and not each with a head of its own: one column, set in by levels."""
    out: list[Column] = []
    for column in columns:
        if out and _is_indent(out[-1], column, low, body, em):
            out[-1] = replace(out[-1], x1=column.x1, is_figures=column.is_figures)
        else:
            out.append(column)
    return tuple(out)


def _is_indent(left: Column, right: Column, low: Sequence[Run], body: Sequence[Level], em: float) -> bool:
    pairs = [
        [[r for r in level.runs if r.bbox.x0 < left.x1 and left.x0 <= r.x <= left.x1],
         [r for r in level.runs if left.x1 < r.bbox.x0 < right.x1 and r.x > left.x1]]
        for level in body
    ]  # fmt: skip
    if any(a and b for a, b in pairs):
        return False
    kinds = [_is_code_or_text([r for pair in pairs for r in pair[i]]) for i in (0, 1)]
    heads = [any(lap(h.bbox.x0, h.bbox.x1, c.x0, c.x1) > 0.4 * em for h in low) for c in (left, right)]
    if not all(heads) and _are_values(pairs):
        return True
    if right.x0 - left.x1 > 3.0 * em:
        return False
    own = [h for h in low if lap(h.bbox.x0, h.bbox.x1, left.x0, right.x1) > 0.4 * em]
    return bool(kinds[0]) and kinds[0] == kinds[1] and not (all(heads) and len(own) > 1)


def _are_values(pairs: Sequence[Sequence[Sequence[Run]]]) -> bool:
    """Whether each line has one thing in either of two columns, texts in one and amounts in the other: values of a form,
    texts set to the left and amounts to the right.
    """
    filled = [[bool(own) for own in pair] for pair in pairs]
    kinds = [[r.is_figure for pair in pairs for r in pair[i]] for i in (0, 1)]
    apart = all(kinds) and all(kinds[0]) != all(kinds[1]) and any(kinds[0]) != any(kinds[1])
    return apart and sum(map(any, filled)) >= max(3.0, COMPLEMENTS * len(pairs))


def _is_code_or_text(runs: Sequence[Run]) -> str:
    """'codes' (whole numbers without groups), 'text', or '' for amounts and for nothing."""
    if not runs:
        return ""
    if all(r.text.isdigit() for r in runs):
        return "codes"
    return "" if any(r.is_figure for r in runs) else "text"


def _leaves(
    low: Sequence[Run], columns: Sequence[Column], em: float
) -> tuple[dict[int, Run], list[tuple[Run, int, int]], list[Run], list[Run]]:
    """Heads right above the body by column; those over several columns; those over none; short spanners."""
    short: list[Run] = []
    leaves: dict[int, Run] = {}
    wide: list[tuple[Run, int, int]] = []
    stray: list[Run] = []
    for run in sorted(low, key=lambda r: r.y):
        over = [
            i for i, c in enumerate(columns)
            if lap(run.bbox.x0, run.bbox.x1, c.x0, c.x1) >= min(0.5 * em, 0.4 * (c.x1 - c.x0))
        ]  # fmt: skip
        if not over:
            stray.append(run)
        elif len(over) > 1 and _covers(run, columns, over, em):
            if all(_has_lower(run, low, columns[i], em) for i in over):
                short.append(run)
            else:
                wide.append((run, over[0], over[-1] + 1))
        else:
            best = max(over, key=lambda i: lap(run.bbox.x0, run.bbox.x1, columns[i].x0, columns[i].x1))
            upper = leaves.get(best)
            if upper is not None and run.y - upper.y > 0.7 * em:
                # It stands over this column's print, but beside its head: a short spanner.
                short.append(upper)
                upper = None
            leaves[best] = joined([upper, run]) if upper else run
    taken = {c for _, a, b in wide for c in range(a, b)}
    return {c: r for c, r in leaves.items() if c not in taken}, wide, stray, short


def _has_lower(run: Run, low: Sequence[Run], column: Column, em: float) -> bool:
    """Whether a column has a head a line lower than a run."""
    return any(
        r.y - run.y > 0.7 * em and lap(r.bbox.x0, r.bbox.x1, column.x0, column.x1) >= 0.4 * (column.x1 - column.x0)
        for r in low
    )


def _covers(run: Run, columns: Sequence[Column], over: Sequence[int], em: float) -> bool:
    """Whether a head over several columns belongs to all of them: well over each, or in their middle."""
    well = all(
        lap(run.bbox.x0, run.bbox.x1, columns[i].x0, columns[i].x1) >= 0.5 * (columns[i].x1 - columns[i].x0)
        for i in over
    )
    middle = (columns[over[0]].x0 + columns[over[-1]].x1) / 2
    return well or abs(middle - run.x) <= 0.8 * em


def _under_spanners(
    columns: Sequence[Column], leaves: dict[int, Run], stray: Sequence[Run], spanners: Sequence[Run], em: float
) -> tuple[dict[int, Run], list[Run]]:
    """The heads less those that are spanners, several as high as each other, with a lower head beside their column's print
    (set to the left, with print in the middle); and these.
    """
    bottom = max((head.y for head in leaves.values()), default=0.0) - 0.35 * em
    upper: dict[int, Run] = {}
    for run in stray:
        near = min(leaves, key=lambda c: _off(columns[c], run), default=None)
        low = near is not None and run.y > bottom and run.y - leaves[near].y >= 0.7 * em
        if near is not None and low and _off(columns[near], run) < BESIDE * em:
            upper[near] = leaves[near]
    alike = [*spanners, *upper.values()]
    found = {c: head for c, head in upper.items() if sum(abs(s.y - head.y) < 0.35 * em for s in alike) > 1}
    return {c: head for c, head in leaves.items() if c not in found}, list(found.values())


def _off(column: Column, run: Run) -> float:
    """White between a column's print and a run beside it; below 0 where they overlap."""
    return max(column.x0 - run.bbox.x1, run.bbox.x0 - column.x1)


def _with_empty_columns(
    columns: tuple[Column, ...], leaves: dict[int, Run], wide: list[tuple[Run, int, int]], stray: Sequence[Run]
) -> tuple[tuple[Column, ...], dict[int, Run], list[tuple[Run, int, int]]]:
    """A head over no print is a column whose body is empty, or that of the column beside it."""
    columns, leaves, added = _beside_their_column(columns, leaves, wide, stray)
    sides: list[tuple[float, Column | Run]] = [(c.x0, c) for c in columns]
    merged = sorted([*sides, *((s.bbox.x0, s) for s in added)], key=lambda pair: pair[0])
    place = {id(item): i for i, (_, item) in enumerate(merged)}
    old = [place[id(c)] for c in columns]
    new_columns = tuple(item if isinstance(item, Column) else Column(item.bbox.x0, item.bbox.x1) for _, item in merged)
    new_leaves = {old[c]: run for c, run in leaves.items()} | {place[id(s)]: s for s in added}
    new_wide = [(r, old[a], old[b - 1] + 1) for r, a, b in wide]
    return new_columns, new_leaves, new_wide


def _beside_their_column(
    columns: tuple[Column, ...], leaves: dict[int, Run], wide: Sequence[tuple[Run, int, int]], stray: Sequence[Run]
) -> tuple[tuple[Column, ...], dict[int, Run], list[Run]]:
    """A head in a gutter belongs to the column beside it that has none: amounts to the right in a wide column. The
    nearest head of several.
    """
    headed = set(leaves) | {c for _, a, b in wide for c in range(a, b)}
    grown, found, rest = list(columns), dict(leaves), []

    def near(run: Run) -> list[tuple[float, int]]:
        right = sum(c.x0 <= run.x for c in columns)
        free = [c for c in (right - 1, right) if 0 <= c < len(columns) and c not in headed]
        return sorted((max(columns[c].x0 - run.bbox.x1, run.bbox.x0 - columns[c].x1), c) for c in free)

    for run in sorted(stray, key=lambda run: near(run) or [(float("inf"), 0)]):
        own = near(run)
        if not own:
            rest.append(run)
            continue
        best = own[0][1]
        headed.add(best)
        found[best] = run
        old = grown[best]
        grown[best] = replace(old, x0=min(old.x0, run.bbox.x0), x1=max(old.x1, run.bbox.x1))
    return tuple(grown), found, rest


def is_over_two(
    stray: Run, low: Sequence[Run], known: Sequence[Run], em: float, columns: Sequence[Column] = ()
) -> bool:
    """Whether a head over no print is a spanner between heads lower by a row: as high as known spanners, if any are, or
    so near to print under other heads that no column of its own would be there.

    A head merged down all rows stands lower than spanners, in the middle.
    """
    lower = [r for r in low if r.y - stray.y > 0.9 * em and r.bbox.y1 - stray.bbox.y1 > 0.5 * em]
    left, right = [r for r in lower if r.x < stray.x], [r for r in lower if r.x > stray.x]
    if not left or not right:
        return False
    nearest = max(left, key=lambda r: r.x), min(right, key=lambda r: r.x)
    near = min((abs(k.y - stray.y) for k in known), default=0.0) <= 0.35 * em
    middle, white = (nearest[0].bbox.x0 + nearest[1].bbox.x1) / 2, nearest[1].bbox.x0 - nearest[0].bbox.x1
    no_room = abs(middle - stray.x) < 0.3 * em and white < stray.bbox.x1 - stray.bbox.x0
    sides = [(r.bbox.x0, r.bbox.x1) for r in nearest] + [(c.x0, c.x1) for c in columns]
    tight = any(a - OWN_WHITE * em < stray.bbox.x1 and stray.bbox.x0 < b + OWN_WHITE * em for a, b in sides)
    return near or no_room or tight


def header_spans(heads: Sequence[Head], n: int, n_cols: int) -> list[Span]:
    spans = [Span(h.row, h.col, h.row_stop, h.col_stop) for h in heads if h.row < h.row_stop]
    taken: set[tuple[int, int]] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (s.row, s.col)):
        if not taken & set(span.slots()):
            taken |= set(span.slots())
            kept.append(span)
    for col in range(n_cols):
        free = [row for row in range(n) if (row, col) not in taken]
        for _, group in itertools.groupby(enumerate(free), key=lambda pair: pair[1] - pair[0]):
            rows = [row for _, row in group]
            kept.append(Span(rows[0], col, rows[-1] + 1, col + 1))
    return kept
