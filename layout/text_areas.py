"""Free text -> areas that may be borderless tables: stretches of lines with several things side by side.

A stretch ends at a line of running text, at a type of another size, and at a white higher than its rows are apart.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence

from layout.areas import Area
from layout.baselines import WIDE_WHITE, Level, bounds, find_levels, joined_runs, lap
from layout.caption_words import is_filled_in, is_note, names_a_table, read_caption, unit_of
from layout.neighbours import kept_apart, second_heads, side_by_side
from layout.runs import Run
from layout.unruled import Lattice

LEADERS = re.compile(r"[.．·…]{3,}|…{2,}|(?:[.·] ?){4,}")
_SENTENCE = re.compile(r"[。；！？]$|[，,：:]$")
_LETTERED = re.compile(r"[^\W\d_]")

#: In text heights: the highest white within a table, and by how much a label below may be set in.
HIGHEST_WHITE, INDENT = 3.2, 4.5
#: The same: least white above the title of another table.
TITLE_WHITE = 0.9
#: Share of the rows that a column must pass to be one: the last word of a justified line of a list makes none.
SELDOM = 0.2
#: Largest ratio of type sizes within a table; share of a line's width from which one run is running text.
SIZES, PROSE = 1.3, 0.62
#: The same: up to which white a label below belongs to the table in any case.
LABEL_WHITE = 1.4
#: In text heights: how far from a line of a cell the amounts beside it stand, halfway to its next line.
BESIDE = 1.15
#: The same: how far lines of a text in a cell stand apart.
HANGING = 1.7


def find_text_areas(runs: Sequence[Run], em: float) -> tuple[Area, ...]:
    """Areas of free text worth a look, top down."""
    levels = find_levels(runs, em)
    if not levels:
        return ()
    box = bounds(runs)
    lines = [joined_runs(level.runs, WIDE_WHITE * max(em, _size(level.runs))) for level in levels]
    areas: list[Area] = []
    for start, stop in _stretches(levels, lines, em, box.x1 - box.x0):
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


def _halves(level: Level, x: float) -> tuple[list[Run], list[Run]]:
    return [r for r in level.runs if r.x < x], [r for r in level.runs if r.x >= x]


def _stretches(
    levels: Sequence[Level], lines: Sequence[Sequence[Run]], em: float, width: float
) -> list[tuple[int, int]]:
    """Half-open ranges of levels without a break."""
    starts = [0]
    prose = [
        _is_prose(line, width)
        and not _has_gutters(levels, i, em)
        and not _is_beside_amounts(levels, i, em)
        and not _is_beside_label(lines, levels, i, em)
        for i, line in enumerate(lines)
    ]
    for i in range(1, len(levels)):
        white = levels[i].top - max(level.bottom for level in levels[max(0, i - 3) : i])
        broken = white > HIGHEST_WHITE * em or prose[i] or prose[i - 1] or _differ(levels[i], levels[i - 1], em)
        if broken or (white > TITLE_WHITE * em and _is_title(lines, i)):
            starts.append(i)
    starts = [b for a, stop in itertools.pairwise([*starts, len(levels)])
              for b in (a, *(a + i for i in second_heads(levels[a:stop], em)))]  # fmt: skip
    return list(itertools.pairwise([*starts, len(levels)]))


def _is_title(lines: Sequence[Sequence[Run]], index: int) -> bool:
    """Whether a lone thing stands between amounts above and heads below, which have amounts below them: another table's
    title.
    """
    around = [[any(r.is_figure for r in line) for line in lines[a:b]]
              for a, b in ((max(0, index - 3), index), (index + 1, index + 2), (index + 2, index + 5))]  # fmt: skip
    above, heads, below = map(any, around)
    many = len(lines[index]) == 1 and index + 1 < len(lines) and len(lines[index + 1]) > 1
    return many and above and not heads and below


def _size(runs: Sequence[Run]) -> float:
    return statistics.median(r.em for r in runs)


def _differ(one: Level, other: Level, em: float) -> bool:
    """Whether two lines are of other type: one larger than what is usual, or far smaller. Sizes of Latin type and of
    short numbers vary, so a line is as large as most of it, and as small as its largest.
    """
    if min(sum(len(r.text) for r in level.runs) for level in (one, other)) <= 2:
        return False
    small, large = sorted((one, other), key=lambda level: _size(level.runs))
    least, most = max(r.em for r in small.runs), _size(large.runs)
    return most > SIZES * least and (most > 1.2 * em or least < em / 1.4)


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
    first = _with_spanner(lines, levels, start, first, em)
    left = min(line[0].bbox.x0 for line in lines[first : last + 1])
    firsts = [line[0] for line in lines[first : last + 1] if len(line) > 1 and line[0].bbox.x0 < left + INDENT * em]
    reach = max((r.bbox.x1 for r in firsts), default=left)
    white = _widest_white(levels[first : last + 1])
    while last + 1 < stop and _goes_on(lines[last + 1], levels, last, (left, reach), white, em):
        last += 1
    return first, last + 1


def _widest_white(levels: Sequence[Level]) -> float:
    """The widest white in px between rows, heads left out: lone labels below stand no farther."""
    n_head = next((i for i, level in enumerate(levels) if any(r.is_figure for r in level.runs)), 0)
    return max((b.top - a.bottom for a, b in itertools.pairwise(levels[n_head:])), default=0.0)


def _goes_on(
    line: Sequence[Run], levels: Sequence[Level], last: int, sides: tuple[float, float], widest: float, em: float
) -> bool:
    """Whether a lone label below is still in the first column: close, or no farther than rows of the table are apart and
    right where its labels begin. sides: of the first column's print.
    """
    run, (left, reach) = line[0], sides
    white = levels[last + 1].top - levels[last].bottom
    near = white < LABEL_WHITE * em or (white <= 1.1 * widest and abs(run.bbox.x0 - left) < 0.3 * em)
    return near and left - em <= run.bbox.x0 <= left + INDENT * em and run.bbox.x1 <= reach + em


def _with_spanner(lines: Sequence[Sequence[Run]], levels: Sequence[Level], start: int, first: int, em: float) -> int:
    """The first line, or one before it that is a lone head over some of the columns; a head of two rows may lie between."""
    top = [run for line in lines[first : first + 3] for run in line]
    box = bounds(top)
    stub = min(top, key=lambda r: r.bbox.x0).bbox.x1
    if len(lines[first]) < 2:
        return first
    for i in range(first - 1, start - 1, -1):
        run = lines[i][0]
        close = levels[i + 1].top - levels[i].bottom < 1.3 * em
        if not close or len(lines[i]) > 1 or is_caption(lines[i]) or names_a_table(run.text):
            break
        if run.bbox.x1 <= max(box.x0, stub) + em:
            box = box if box.x0 < run.bbox.x0 else bounds([run, *lines[first]])
        elif run.bbox.x1 < box.x1 and (abs(run.x - (box.x0 + box.x1) / 2) > 1.5 * em or _has_caption(lines, levels, i)):
            first = i
        else:
            break
    return first


def _has_caption(lines: Sequence[Sequence[Run]], levels: Sequence[Level], index: int) -> bool:
    """Whether a caption, or larger type, stands right above a line, so that the line itself is no title."""
    own = _size(levels[index].runs)
    above = range(max(0, index - 3), index)
    return any(is_caption(lines[i]) or _size(levels[i].runs) > 1.2 * own for i in above)


def is_caption(line: Sequence[Run]) -> bool:
    """Whether a line names a table, its label, unit or who filled it in."""
    texts = [run.text for run in line]
    if any(unit_of(t) for t in texts) or any(is_filled_in(t) for t in texts):
        return True
    words = read_caption(" ".join(texts))
    return bool(words.label and not words.rest) or (len(texts) <= 2 and names_a_table(texts[0]))


def is_believable(area: Area, lattice: Lattice, em: float, bounded: bool) -> bool:
    """Whether the print of an area makes a table. bounded: rules above and below say so already."""
    n_rows, n_cols = len(lattice.row_edges) - 1, len(lattice.col_edges) - 1
    cells = filled_cells(area, lattice)
    if area.is_body or area.is_head:
        return n_cols > 1 and len(cells) > 1
    if n_rows < 2 or n_cols < 2:
        return False
    if bounded:
        return len(cells) >= n_cols and len(cells) >= 4
    rows = {row for row, _ in cells}
    many = [row for row in rows if sum(r == row for r, _ in cells) > 1]
    if len(many) < 3 or len(cells) < 0.25 * n_rows * n_cols or _is_contents(area, lattice, cells):
        return False
    n_amounts = sum(_is_amount(run) for runs in cells.values() for run in runs)
    in_columns = _columns_of_figures(cells, n_cols)
    if in_columns and n_amounts >= 3:
        return _long_cells(cells) < 0.34
    widths = [max(r.bbox.x1 for r in runs) - min(r.bbox.x0 for r in runs) for runs in cells.values()]
    in_use = sum(len({r for r, c in cells if c == col}) > SELDOM * n_rows for col in range(n_cols))
    return in_use >= 3 and 0.6 * n_rows <= len(many) and statistics.median(widths) < 7 * em


def filled_cells(area: Area, lattice: Lattice) -> dict[tuple[int, int], list[Run]]:
    """(row, column) of the spans' corners -> the runs in them."""
    cells: dict[tuple[int, int], list[Run]] = {}
    owner = {slot: (s.row, s.col) for s in lattice.spans for slot in s.slots()}
    for run in area.runs:
        row = sum(y <= run.y for y in lattice.row_edges[1:-1])
        col = sum(x <= run.x for x in lattice.col_edges[1:-1])
        cells.setdefault(owner[row, col], []).append(run)
    return cells


def _is_amount(run: Run) -> bool:
    return run.is_figure and any(c.isdigit() for c in run.text)


def _columns_of_figures(cells: dict[tuple[int, int], list[Run]], n_cols: int) -> int:
    count = 0
    for col in range(n_cols):
        own = [runs for (_, c), runs in cells.items() if c == col]
        figures = sum(len(runs) == 1 and runs[0].is_figure for runs in own)
        count += (figures >= 2 and 2 * figures >= len(own) - 1) or (figures == 1 and len(own) <= 2)
    return count


def _long_cells(cells: dict[tuple[int, int], list[Run]]) -> float:
    """Share of cells with texts as long as sentences."""
    return sum(sum(len(r.text) for r in runs) > 40 for runs in cells.values()) / max(1, len(cells))


def _is_contents(area: Area, lattice: Lattice, cells: dict[tuple[int, int], list[Run]]) -> bool:
    """Headings with page numbers, led there by dots or not."""
    if sum(LEADERS.search(run.text) is not None for run in area.runs) >= 2:
        return True
    last = len(lattice.col_edges) - 2
    pages = [runs[0].text for (_, c), runs in sorted(cells.items()) if c == last and len(runs) == 1]
    numbers = [int(p) for p in pages if p.isdigit() and len(p) <= 3]
    rising = all(a <= b for a, b in itertools.pairwise(numbers))
    texts = sum(_LETTERED.search(r.text) is not None for (_, c), runs in cells.items() if c < last for r in runs)
    return last <= 2 and len(numbers) >= 3 and len(numbers) == len(pages) and rising and texts >= len(numbers)
