"""Free text -> where forms may stand: stretches of lines that all keep a white free right of short labels at the left.

A form's stub holds the labels of its rows, some merged down many of them; what stands right of it makes bands, each with
columns of its own. Where captions, notes or lines across the white stand, a form ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layout.baselines import WIDE_WHITE, Level, find_levels, joined_runs, lap
from layout.caption_words import is_filled_in, is_note, unit_of
from layout.leaning import upright_lines
from layout.runs import Run
from layout.title_lines import is_caption

#: Lines of labels that a form has in its stub, and lines at all, at least.
LABELS, LINES = 5, 9
#: In text heights: least white right of the stub; the highest white within a form; how far lines of one cell stand apart.
STUB_WHITE, HIGHEST_WHITE, LINE_PITCH = 0.35, 3.2, 1.6
#: The same: how far lines of labels and values stand apart within a row of few lines, at most.
SAME_ROW = 0.95
#: Lines of so many things that have no label beside them, at least.
UNLABELLED, BESIDE = 2, 3
#: Share of a form's width that its stub fills at most.
STUB = 0.3


@dataclass(frozen=True, slots=True)
class Stub:
    """The labels at a form's left side and what stands right of them. x0, x1: the white between, px. rest: what each
    level holds right of it, top down; labels: the runs left of it.
    """

    x0: float
    x1: float
    labels: tuple[Run, ...]
    rest: tuple[Level, ...]


def find_stubs(runs: Sequence[Run], em: float, upright: Sequence[Run] = ()) -> list[Stub]:
    """The stretches of lines that may be forms, top down. upright: print that runs downwards, as labels may."""
    levels = find_levels(runs, em)
    found: list[Stub] = []
    for start, stop in _unbroken(levels, em):
        if stop - start >= LINES:
            found += _stubs(upright_lines(levels[start:stop]), em, upright)
    return found


def _unbroken(levels: Sequence[Level], em: float) -> list[tuple[int, int]]:
    """Half-open ranges of levels between captions, notes and high whites."""
    ends = [0]
    for i, level in enumerate(levels):
        line = joined_runs(level.runs, WIDE_WHITE * em)
        beside = [r for v in levels[max(0, i - 1) : i + 2] if abs(v.y - level.y) < SAME_ROW * em for r in v.runs]
        parted = len(beside) > 1 and _names_entry(level.runs[0].text) and not any(unit_of(r.text) for r in line)
        if (is_caption(line) and not parted) or (len(line) == 1 and is_note(line[0].text)):
            ends += [i, i + 1]
        elif i and level.top - max(v.bottom for v in levels[max(0, i - 3) : i]) > HIGHEST_WHITE * em:
            ends.append(i)
    return [(a, b) for a, b in itertools.pairwise([*ends, len(levels)]) if a < b]


def _names_entry(text: str) -> bool:
    """填报单位： with what is filled in beside it: a form's first row."""
    return is_filled_in(text) and text.rstrip().endswith((":", "："))


def _stubs(levels: Sequence[Level], em: float, upright: Sequence[Run]) -> list[Stub]:
    """At most one stub in an unbroken stretch: the one whose white most lines keep."""
    sides = np.array([(r.bbox.x0, r.bbox.x1, i) for i, level in enumerate(levels) for r in level.runs])
    best: tuple[int, float, int, int] | None = None
    for x in _places(levels, em):
        across = sides[(sides[:, 0] < x - 1) & (sides[:, 1] > x + 1), 2].astype(int)
        ends = np.unique([-1, *across, len(levels)])
        longest = int(np.argmax(np.diff(ends)))
        start, stop = int(ends[longest]) + 1, int(ends[longest + 1])
        if best is None or (start - stop, x) < best[:2]:
            best = start - stop, x, start, stop
    if best is None or -best[0] < LINES:
        return []
    kept = _trimmed(levels[best[2] : best[3]], best[1], em)
    labels = tuple(r for level in kept for r in level.runs if r.x < best[1])
    if kept:
        tall = [r for r in upright if kept[0].y < r.y < kept[-1].y]
        labels += tuple(r for r in tall if r.bbox.x1 < best[1])
        kept = _with_upright(kept, [r for r in tall if r.bbox.x0 > best[1]])
    rest = [(level, tuple(r for r in level.runs if r.x > best[1])) for level in kept]
    others = [r for _, own in rest for r in own]
    if not others or len({round(r.y) for r in labels}) < LABELS:
        return []
    x0, x1 = max(r.bbox.x1 for r in labels), min(r.bbox.x0 for r in others)
    left, right = min(r.bbox.x0 for r in labels), max(r.bbox.x1 for r in others)
    if x1 - x0 < STUB_WHITE * em or x0 - left > STUB * (right - left):
        return []
    rows = tuple(Level(level.y, own) for level, own in rest if own)
    return [Stub(x0, x1, labels, rows)] if _has_unlabelled_rows(rows, labels, em) else []


def _has_unlabelled_rows(rows: Sequence[Level], labels: Sequence[Run], em: float) -> bool:
    """Whether some lines of many things have no label beside them: one is merged down them."""
    ys = [r.y for r in labels]
    many = [row.y for row in rows if len(row.runs) >= BESIDE]
    return sum(not any(abs(y - other) < 0.6 * em for other in ys) for y in many) >= UNLABELLED


def _with_upright(levels: Sequence[Level], upright: Sequence[Run]) -> list[Level]:
    """The levels with print that runs downwards, each in the level nearest to its middle."""
    out = list(levels)
    for run in upright:
        i = min(range(len(out)), key=lambda k: abs(out[k].y - run.y))
        out[i] = Level(out[i].y, tuple(sorted((*out[i].runs, run), key=lambda r: r.bbox.x0)))
    return out


def _places(levels: Sequence[Level], em: float) -> list[float]:
    """Places in the whites behind what begins the lines, in their middles and close behind it, ascending."""
    whites = sorted(
        x
        for level in levels for a, b in itertools.pairwise(level.runs[:3])
        if b.bbox.x0 - a.bbox.x1 >= STUB_WHITE * em
        for x in ((a.bbox.x1 + b.bbox.x0) / 2, a.bbox.x1 + STUB_WHITE * em / 2)
    )  # fmt: skip
    found: list[float] = []
    for x in whites:
        if not found or x - found[-1] > 0.3 * em:
            found.append(x)
    return found


def _trimmed(levels: Sequence[Level], x: float, em: float) -> list[Level]:
    """The levels from the first with a label to the last with several things, lines of the same cells with them."""
    many = [len(joined_runs(level.runs, WIDE_WHITE * em)) > 1 for level in levels]
    labelled = [level.runs[0].x < x for level in levels]
    if not any(labelled) or not any(many):
        return []
    first = labelled.index(True)
    while first and _is_same_cell(levels[first - 1], levels[first : first + 3], em):
        first -= 1
    last = len(many) - 1 - many[::-1].index(True)
    while last + 1 < len(levels) and _goes_on(levels[last + 1], levels[max(0, last - 2) : last + 1], em):
        last += 1
    return list(levels[first : last + 1])


def _goes_on(level: Level, above: Sequence[Level], em: float) -> bool:
    """Whether a lone run goes on a cell's text, which no line below is longer than."""
    run = level.runs[0]
    over = (r for other in above for r in other.runs if lap(r.bbox.x0, r.bbox.x1, run.bbox.x0, run.bbox.x1) > 0)
    return _is_same_cell(level, above, em) and run.bbox.width <= max(r.bbox.width for r in over) + 0.5 * em


def _is_same_cell(level: Level, near: Sequence[Level], em: float) -> bool:
    """Whether a lone run stands as close to one of the next lines as lines of a cell do, and is set as that is."""
    run = level.runs[0]
    return len(level.runs) == 1 and any(
        abs(r.y - run.y) < LINE_PITCH * em
        and (abs(r.bbox.x0 - run.bbox.x0) < 0.4 * em or abs(r.x - run.x) < 0.4 * em)
        and run.em < 1.15 * r.em
        for other in near
        for r in other.runs
    )
