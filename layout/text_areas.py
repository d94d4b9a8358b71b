"""Free text -> areas that may be borderless tables: stretches of lines with several things side by side.

A stretch ends at a line of running text, at a type of another size, and at a white higher than its rows are apart.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence

from layout.areas import Area
from layout.baselines import WIDE_WHITE, Level, bounds, find_levels, joined_runs, lap
from layout.caption_words import is_note
from layout.neighbours import kept_apart, second_heads, side_by_side
from layout.runs import Run
from layout.title_lines import is_caption, is_title, size_of, with_spanner

_SENTENCE = re.compile(r"[。；！？]$|[，,：:]$")

#: In text heights: the highest white within a table, and by how much a label below may be set in.
HIGHEST_WHITE, INDENT = 3.2, 4.5
#: The same: least white above the title of another table.
TITLE_WHITE = 0.9
#: Largest ratio of type sizes within a table; share of a line's width from which one run is running text.
SIZES, PROSE = 1.3, 0.62
#: The same: up to which white a label below belongs to the table in any case.
LABEL_WHITE = 1.4
#: In text heights: how far from a line of a cell the amounts beside it stand, halfway to its next line.
BESIDE = 1.15
#: The same: how far lines of a text stand apart.
HANGING = 1.7
#: In text heights: how exactly lines of running text begin alike; how alike their distances are, and how much nearer they
#: stand than what follows them.
SET_ALIKE, ONE_PITCH, NEARER = 0.5, 1.15, 0.8


def find_text_areas(runs: Sequence[Run], em: float) -> tuple[Area, ...]:
    """Areas of free text worth a look, top down."""
    levels = find_levels(runs, em)
    if not levels:
        return ()
    lines = _lines(levels, em)
    areas: list[Area] = []
    for start, stop in _stretches(levels, lines, em):
        between = side_by_side(levels[start:stop], em)
        if between is not None:
            for sides in zip(*(_halves(level, between) for level in levels[start:stop]), strict=True):
                areas += find_text_areas([r for side in sides for r in side], em)
            continue
        start, stop = _trimmed(lines, start, stop, levels, em)
        if stop - start >= 2:
            inside = tuple(r for level in levels[start:stop] for r in level.runs)
            areas.append(Area(bounds(inside).grown(0.35 * em), inside))
    return tuple(kept_apart(areas, em))


def find_stretches(levels: Sequence[Level], em: float) -> Iterator[tuple[int, int]]:
    """Half-open ranges of levels from the first to the last line with several things, of one line too, top down."""
    lines = _lines(levels, em)
    for start, stop in _stretches(levels, lines, em):
        first, last = _trimmed(lines, start, stop, levels, em)
        if first < last:
            yield first, last


def _lines(levels: Sequence[Level], em: float) -> list[list[Run]]:
    return [joined_runs(level.runs, WIDE_WHITE * max(em, size_of(level.runs))) for level in levels]


def _ends_paragraph(
    prose: Sequence[bool], lines: Sequence[Sequence[Run]], levels: Sequence[Level], index: int, em: float
) -> bool:
    """Whether a lone line is the last of the running text above it: set as that is, and nearer to it than to what follows."""
    if not 0 < index < len(lines) - 1 or not prose[index - 1] or len(lines[index]) > 1:
        return False
    above, line = lines[index - 1][0], lines[index][0]
    pitch, white = levels[index].y - levels[index - 1].y, levels[index + 1].y - levels[index].y
    set_alike = abs(line.bbox.x0 - above.bbox.x0) < SET_ALIKE * em and line.bbox.x1 < above.bbox.x1 + em
    usual = levels[index - 1].y - levels[index - 2].y if index > 1 and prose[index - 2] else HANGING * em
    return set_alike and pitch < ONE_PITCH * usual and pitch < NEARER * white


def _halves(level: Level, x: float) -> tuple[list[Run], list[Run]]:
    return [r for r in level.runs if r.x < x], [r for r in level.runs if r.x >= x]


def _stretches(levels: Sequence[Level], lines: Sequence[Sequence[Run]], em: float) -> list[tuple[int, int]]:
    """Half-open ranges of levels without a break."""
    starts = [0]
    box = bounds([r for level in levels for r in level.runs])
    width = box.x1 - box.x0
    prose = [
        _is_prose(line, width)
        and not _has_gutters(levels, i, em)
        and not _is_beside_amounts(levels, i, em)
        and not _is_beside_label(lines, levels, i, em)
        for i, line in enumerate(lines)
    ]
    prose = [own or _ends_paragraph(prose, lines, levels, i, em) for i, own in enumerate(prose)]
    for i in range(1, len(levels)):
        white = levels[i].top - max(level.bottom for level in levels[max(0, i - 3) : i])
        broken = white > HIGHEST_WHITE * em or prose[i] or prose[i - 1] or _differ(levels[i], levels[i - 1], em)
        if broken or (white > TITLE_WHITE * em and is_title(lines, i)):
            starts.append(i)
    starts = [b for a, stop in itertools.pairwise([*starts, len(levels)])
              for b in (a, *(a + i for i in second_heads(levels[a:stop], em)))]  # fmt: skip
    return list(itertools.pairwise([*starts, len(levels)]))


def _differ(one: Level, other: Level, em: float) -> bool:
    """Whether two lines are of other type: one larger than what is usual, or far smaller. Sizes of Latin type and of
    short numbers vary, so a line is as large as most of it, and as small as its largest.
    """
    if min(sum(len(r.text) for r in level.runs) for level in (one, other)) <= 2:
        return False
    small, large = sorted((one, other), key=lambda level: size_of(level.runs))
    least, most = max(r.em for r in small.runs), size_of(large.runs)
    if not (most > SIZES * least and (most > 1.2 * em or least < em / 1.4)):
        return False
    # Advances of Latin type vary; then its ink is no higher.
    return statistics.median(r.bbox.height for r in large.runs) > max(r.bbox.height for r in small.runs)


def _has_gutters(levels: Sequence[Level], index: int, em: float) -> bool:
    """Whether the whites of a line go on in lines above or below it, most of them, as those of words never do."""
    own = _gaps(levels[index], em)
    if len(own) < 2:
        return False
    around = [levels[i] for i in range(index - 2, index + 3) if 0 <= i < len(levels) and i != index]
    others = [gaps for level in around if len(gaps := _gaps(level, em)) >= 2]
    shared = [sum(any(lap(*gap, *o) > 0.2 * em for o in gaps) for gaps in others) for gap in own]
    return sum(n >= 2 for n in shared) >= max(2.0, 0.7 * len(own))


def _is_beside_amounts(levels: Sequence[Level], index: int, em: float) -> bool:
    """Whether amounts stand beside a line and the next of its cell, half a line off."""
    own = levels[index]
    around = [levels[i] for i in (index - 1, index + 1) if 0 <= i < len(levels)]
    return any(
        r.is_figure and 0 < abs(level.y - own.y) < BESIDE * em and r.bbox.x0 > own.runs[-1].bbox.x1 + em
        for level in around
        for r in level.runs
    )


def _is_beside_label(lines: Sequence[Sequence[Run]], levels: Sequence[Level], index: int, em: float) -> bool:
    """Whether a line is one of a text that hangs beside a label, as a cell of a form does."""
    run = lines[index][0]
    for step in (-1, 1):
        i = index
        while 0 <= i + step < len(lines) and abs(levels[i + step].y - levels[i].y) < HANGING * em:
            i += step
            begun = [r for r in lines[i] if abs(r.bbox.x0 - run.bbox.x0) < 0.6 * em]
            labels = [r for r in lines[i] if r.bbox.x1 < run.bbox.x0 - 0.3 * em]
            if labels and (begun or len(lines[i]) == 1):
                return True
            if not begun:
                break
    return False


def _gaps(level: Level, em: float) -> list[tuple[float, float]]:
    """Whites within a line that could part columns."""
    return [(a.bbox.x1, b.bbox.x0) for a, b in itertools.pairwise(level.runs) if b.bbox.x0 - a.bbox.x1 >= 0.35 * em]


def _is_prose(line: Sequence[Run], width: float) -> bool:
    """One run over most of the width, or one that ends a sentence."""
    if len(line) > 1:
        return False
    run = line[0]
    long = run.bbox.x1 - run.bbox.x0 > PROSE * width
    return long or (len(run.text) > 16 and _SENTENCE.search(run.text) is not None) or is_note(run.text)


def _trimmed(
    lines: Sequence[Sequence[Run]], start: int, stop: int, levels: Sequence[Level], em: float
) -> tuple[int, int]:
    """The stretch from its first to its last line with several things, captions left out, labels below taken in."""
    first, last = start, stop - 1
    while first <= last and (len(lines[first]) < 2 or is_caption(lines[first])):
        first += 1
    while last >= first and len(lines[last]) < 2:
        last -= 1
    if first > last:
        return first, first
    first = with_spanner(lines, levels, start, first, em)
    left = min(line[0].bbox.x0 for line in lines[first : last + 1])
    firsts = [line[0] for line in lines[first : last + 1] if len(line) > 1 and line[0].bbox.x0 < left + INDENT * em]
    reach = max((r.bbox.x1 for r in firsts), default=left)
    white = _widest_white(levels[first : last + 1])
    while last + 1 < stop and _goes_on(lines[last + 1], lines[last], levels, last, (left, reach), white, em):
        last += 1
    return first, last + 1


def _widest_white(levels: Sequence[Level]) -> float:
    """The widest white in px between rows, heads left out: lone labels below stand no farther."""
    n_head = next((i for i, level in enumerate(levels) if any(r.is_figure for r in level.runs)), 0)
    return max((b.top - a.bottom for a, b in itertools.pairwise(levels[n_head:])), default=0.0)


def _goes_on(
    line: Sequence[Run], above: Sequence[Run], levels: Sequence[Level], last: int, sides: tuple[float, float],
    widest: float, em: float,
) -> bool:  # fmt: skip
    """Whether a lone label below is still in the first column: close, or no farther than rows of the table are apart and
    right where its labels begin, or the last did: pages lean. above: the last line. sides: of the first column's print.
    """
    run, (left, reach) = line[0], sides
    white = levels[last + 1].top - levels[last].bottom
    set_alike = min(abs(run.bbox.x0 - x) for x in (left, above[0].bbox.x0)) < 0.3 * em
    near = white < LABEL_WHITE * em or (white <= 1.1 * widest and set_alike)
    return near and left - em <= run.bbox.x0 <= left + INDENT * em and run.bbox.x1 <= reach + em
