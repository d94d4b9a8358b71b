"""Lines right above a table: which are its title, caption or unit, and which a lone head over some of its columns."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from layout.baselines import Level, bounds, lap
from layout.caption_words import is_filled_in, names_a_table, read_caption, unit_of
from layout.runs import Run

#: How much larger than heads the type of a title is by its size and by its ink; in text heights: how far a head may reach
#: past its columns' print; distance of a spanner from heads, in that of heads from rows; lines that show the left side.
LARGER, LARGER_INK, BEYOND, AS_ROWS, LEFT_LINES = 1.15, 1.25, 1.5, 1.15, 6
#: How much higher the ink of a title is than that of what stands below, at least.
LEAST_HIGHER = 1.15


def is_title(lines: Sequence[Sequence[Run]], index: int) -> bool:
    """Whether a lone thing stands between amounts above and heads below, which have amounts below them: another table's
    title.
    """
    around = [[any(r.is_figure for r in line) for line in lines[a:b]]
              for a, b in ((max(0, index - 3), index), (index + 1, index + 2), (index + 2, index + 5))]  # fmt: skip
    above, heads, below = map(any, around)
    many = len(lines[index]) == 1 and index + 1 < len(lines) and len(lines[index + 1]) > 1
    return many and above and not heads and below


def size_of(runs: Sequence[Run]) -> float:
    return statistics.median(r.em for r in runs)


def with_spanner(lines: Sequence[Sequence[Run]], levels: Sequence[Level], start: int, first: int, em: float) -> int:
    """The first line, or one before it that is a lone head over some of the columns; a head of two rows may lie between."""
    top = [run for line in lines[first : first + 3] for run in line]
    box = bounds(top)
    stub = min(top, key=lambda r: r.bbox.x0).bbox.x1
    left = min(line[0].bbox.x0 for line in lines[first : first + LEFT_LINES])
    if len(lines[first]) < 2:
        return first
    for i in range(first - 1, start - 1, -1):
        run = lines[i][0]
        close = levels[i + 1].top - levels[i].bottom < 1.3 * em or _is_as_rows(levels, i)
        if not close or len(lines[i]) > 1 or is_caption(lines[i]) or names_a_table(run.text):
            break
        if levels[i + 1].top < levels[i].bottom:
            first = i  # no line of its own: beside what stands half a line lower
            continue
        if run.bbox.x0 < left - em or _is_larger(levels[i], levels[first : first + 3]):
            break
        inside = run.bbox.x1 < box.x1 + (BEYOND * em if run.bbox.x0 > stub else 0)
        if run.bbox.x1 <= max(box.x0, stub) + em:
            box = box if box.x0 < run.bbox.x0 else bounds([run, *lines[first]])
        elif (
            inside
            and _has_head_right_of(run, lines[first : first + 3], em)
            and (abs(run.x - (box.x0 + box.x1) / 2) > 1.5 * em or _has_caption(lines, levels, i))
        ):
            first = i
        else:
            break
    return first


def _has_head_right_of(run: Run, lines: Sequence[Sequence[Run]], em: float) -> bool:
    """Whether a head below stands right of the middle of a run, as over the last column (a unit) none does."""
    return any(r.x > run.x + 0.5 * em for line in lines for r in line)


def _is_as_rows(levels: Sequence[Level], index: int) -> bool:
    """Whether a line stands no farther above the next than that one above the line below it: what stands beside it half
    a line lower, a head of two rows, is no such line.
    """
    heads = levels[index + 1]
    below = next((level for level in levels[index + 2 :] if _stands_below(level, heads)), None)
    return below is not None and heads.y - levels[index].y <= AS_ROWS * (below.y - heads.y)


def _stands_below(level: Level, upper: Level) -> bool:
    """Whether something of a level has print of the upper one right above it."""
    return any(
        lap(low.bbox.x0, low.bbox.x1, high.bbox.x0, high.bbox.x1) > 0 and low.bbox.y0 >= high.bbox.y1 - 1
        for low in level.runs
        for high in upper.runs
    )


def _is_larger(title: Level, heads: Sequence[Level]) -> bool:
    """Whether a line is of larger type than the heads below it, as titles are. Short texts tell little of their size."""
    sizes = [
        [r for level in some for r in level.runs if len(r.text) > 2 and not r.is_figure] for some in ([title], heads)
    ]
    if not all(sizes):
        return False
    (em, high), (head_em, head_high) = (
        (statistics.median(r.em for r in own), statistics.median(r.bbox.height for r in own)) for own in sizes
    )
    return em > LARGER * head_em and high > LARGER_INK * head_high


def has_higher_ink(run: Run, below: Sequence[Sequence[Run]]) -> bool:
    """Whether the ink of a run is higher than that of the lines below: the pitch of a few Latin letters says little."""
    heights = [r.bbox.height for line in below for r in line]
    return not heights or run.bbox.height > LEAST_HIGHER * statistics.median(heights)


def _has_caption(lines: Sequence[Sequence[Run]], levels: Sequence[Level], index: int) -> bool:
    """Whether a caption, or larger type, stands right above a line, so that the line itself is no title."""
    own = size_of(levels[index].runs)
    above = range(max(0, index - 3), index)
    return any(is_caption(lines[i]) or size_of(levels[i].runs) > 1.2 * own for i in above)


def is_caption(line: Sequence[Run]) -> bool:
    """Whether a line names a table, its label, unit or who filled it in."""
    texts = [run.text for run in line]
    if any(unit_of(t) for t in texts) or any(is_filled_in(t) for t in texts):
        return True
    words = read_caption(" ".join(texts))
    return bool(words.label and not words.rest) or (len(texts) <= 2 and names_a_table(texts[0]))
