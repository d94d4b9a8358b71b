"""Lines of heads -> what stands side by side in them: white within one head joins, the white between columns parts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from layout.baselines import Level, joined, joined_runs, lap
from layout.gutters import Column, column_of
from layout.head_lines import goes_on_below
from layout.header_tree import Rule
from layout.runs import WORD_SPACE, Run

#: In text heights: least white between heads that were found as boxes of their own.
BOXES_APART = 0.3
#: The same: white up to which runs of a line are one head.
ONE_TEXT = 0.55
#: The same: how exactly heads that were found as one box are set as their columns.
SET_ALIKE = 0.3


def gutters_between(
    runs: Sequence[Run], columns: Sequence[Column], em: float, body: Sequence[Level] = ()
) -> list[float]:
    """Middles of the gutters that lie between the lowest heads, each over a column of its own: heads that were found as
    boxes of their own, or are set as their columns are; short ones as both are, side by side in some line of the body.
    """
    own = [next((i for i, c in enumerate(columns) if c.x0 - 0.3 * em < r.x < c.x1 + 0.3 * em), None) for r in runs]
    return [
        (columns[a].x1 + columns[b].x0) / 2
        for (a, left), (b, right) in itertools.pairwise(zip(own, runs, strict=True))
        if a is not None and b == a + 1 and own.count(a) == 1 == own.count(b)
        and (left.word_index != right.word_index or _are_set_as((left, right), (columns[a], columns[b]), em, body))
    ]  # fmt: skip


def _are_set_as(heads: Sequence[Run], columns: Sequence[Column], em: float, body: Sequence[Level]) -> bool:
    """Whether heads are in the middle of their columns' print, or begin or end where that does."""
    places = [
        [abs(h.x - c.x), abs(h.bbox.x0 - c.x0), abs(h.bbox.x1 - c.x1)] for h, c in zip(heads, columns, strict=True)
    ]
    if all(len(h.text) > 2 for h in heads):
        return all(min(own) < SET_ALIKE * em for own in places)
    alike = min(max(some) for some in zip(*places, strict=True)) < SET_ALIKE * em
    both = any(all(any(c.x0 <= r.x <= c.x1 for r in level.runs) for c in columns) for level in body)
    return alike and both and all(len(h.text) > 1 for h in heads)


def _joined_within(runs: Sequence[Run], edges: Sequence[float], white: float) -> list[Run]:
    """``joined_runs``, but never words on both sides of a known column edge."""
    groups: list[list[Run]] = []
    for run in runs:
        near = sorted((groups[-1][-1].bbox.x1, run.bbox.x0)) if groups else (0.0, 0.0)
        parted = groups and any(near[0] - white < x < near[1] + white for x in edges)
        boxes = groups and _are_boxes(groups[-1][-1], run)
        if groups and not boxes and not (parted and len(run.text) > 1 and len(groups[-1][-1].text) > 1):
            groups[-1].append(run)
        else:
            groups.append([run])
    return [joined_run for group in groups for joined_run in joined_runs(_of_one_box(group), white)]


def _are_boxes(left: Run, right: Run) -> bool:
    """Whether two runs were found as boxes of their own, with white between them, and are no single characters."""
    apart = right.bbox.x0 - left.bbox.x1 >= BOXES_APART * right.em
    return apart and left.word_index != right.word_index and min(len(left.text), len(right.text)) >= 3


def _of_one_box(runs: Sequence[Run]) -> list[Run]:
    """Runs put together that were read as one box and are as near as words of one text (Year ended 31)."""
    out: list[Run] = []
    for run in runs:
        near = out and run.bbox.x0 - out[-1].bbox.x1 < WORD_SPACE * run.em
        if near and run.word_index == out[-1].word_index and (out[-1].text + run.text).isascii():
            out[-1] = joined([out[-1], run])
        else:
            out.append(run)
    return out


def head_runs(
    level: Level, columns: Sequence[Column], em: float, edges: Sequence[float] = (), above: Sequence[Run] = ()
) -> list[Run]:
    """Runs of a header line: white within one column's width joins, a gutter parts; second lines of heads stay apart.
    columns: (): not known yet.
    """
    out: list[Run] = []
    ends = [r for r in level.runs if any(goes_on_below(head, r, em) for head in above)]
    cuts = [
        (a.bbox.x1 + b.bbox.x0) / 2 for a, b in itertools.pairwise(ends)
        if not (_are_near(a, b) and any(goes_on_below(h, a, em) and goes_on_below(h, b, em) for h in above))
    ]  # fmt: skip
    groups = itertools.groupby(level.runs, key=lambda r: sum(x < r.x for x in cuts))
    for run in (r for _, group in groups for r in _joined_within(list(group), edges, ONE_TEXT * em)):
        if out and columns:
            left, right = column_of(columns, out[-1].x), column_of(columns, run.x)
            inside = columns[right].x0 - 0.3 * em <= out[-1].bbox.x0 and run.bbox.x1 <= columns[right].x1 + 0.3 * em
            if left == right and inside and run.bbox.x0 - out[-1].bbox.x1 < 2.5 * em and _short(out[-1], run):
                out[-1] = joined([out[-1], run])
                continue
        out.append(run)
    return out


def _are_near(left: Run, right: Run) -> bool:
    """Whether two runs were read as one box and stand as close as its characters may."""
    return left.word_index == right.word_index and right.bbox.x0 - left.bbox.x1 < ONE_TEXT * right.em


def _short(left: Run, right: Run) -> bool:
    return len(left.text) + len(right.text) <= 8


def parted_by(upper: Run, lower: Run, rules: Sequence[Rule]) -> bool:
    """Whether one of the drawn rules lies between two runs."""
    return any(upper.y < y < lower.y and lap(x0, x1, lower.bbox.x0, lower.bbox.x1) > 0 for y, x0, x1 in rules)
