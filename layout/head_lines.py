"""Lines of header runs -> heads: blocks of lines that belong together, centred under each other and close."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from layout.baselines import joined, lap
from layout.runs import Run

#: In text heights: how far the second, shorter lines of heads may stand below the first, all of a level.
LOOSE_LINE = 1.8
#: How much farther than other second lines one may stand.
AS_OTHERS = 1.04
#: Share by which distances of heads of one pitch differ.
SAME = 0.12
#: Characters of a head whose parts stand apart, at most; in text heights: the white between.
SPREAD, SPREAD_WHITE = 4, 2.0


def stack_heads(
    lines: Sequence[Sequence[Run]], em: float, pitch: float, parted: Callable[[Run, Run], bool]
) -> list[Run]:
    """Lines of header runs -> blocks: a line under another, centred with it and close, is its second line.

    pitch: distance in px from which two lines are two cells. parted: whether a drawn ruling lies between two runs.
    """
    blocks: list[list[Run]] = []
    lines = _with_parts_joined(lines, em)
    pitch = _as_others(lines, em, pitch)
    loose = max(pitch, _loose_pitch(lines, em))
    for index, line in enumerate(lines):
        ends = all(
            any(_is_end(b[-1], run, em) and not _is_row(b[-1], run, lines[index:]) for b in blocks) for run in line
        )
        for run in line:
            left_over = len(run.text) == 1 and any(_is_end(b[-1], run, em) for b in blocks)
            reach = loose if ends or left_over else pitch
            over = [b for b in blocks if _lies_over(b[-1], run, em, reach) and not parted(b[-1], run)]
            alone = len(over) == 1 and not any(
                other is not run and lap(other.bbox.x0, other.bbox.x1, over[0][-1].bbox.x0, over[0][-1].bbox.x1) > 0
                for near in lines[index : index + 1]
                for other in near
            )
            if alone:
                over[0].append(run)
            else:
                blocks.append([run])
    return [_block(b) for b in blocks]


def _is_row(upper: Run, run: Run, lines: Sequence[Sequence[Run]]) -> bool:
    """Whether a head stands as far below another as one no shorter stands below itself: in a row of its own."""
    apart = run.y - upper.y
    below = [
        r for line in lines for r in line if len(r.text) >= len(run.text) and abs(r.y - run.y - apart) < SAME * apart
    ]
    return any(lap(r.bbox.x0, r.bbox.x1, run.bbox.x0, run.bbox.x1) > 0 for r in below)


def _as_others(lines: Sequence[Sequence[Run]], em: float, pitch: float) -> float:
    """The pitch, or a little more where several lines stand hardly closer than that below each other."""
    apart = [lower.y - upper.y for upper, lower in _below_each_other(lines) if _lies_over(upper, lower, em, pitch)]
    return max(pitch, AS_OTHERS * max(apart)) if len(apart) > 1 else pitch


def _below_each_other(lines: Sequence[Sequence[Run]]) -> Iterator[tuple[Run, Run]]:
    """Each run with each one of the three lines below it."""
    for index, above in enumerate(lines):
        below = [run for line in lines[index + 1 : index + 4] for run in line]
        yield from itertools.product(above, below)


def _with_parts_joined(lines: Sequence[Sequence[Run]], em: float) -> list[list[Run]]:
    """Heads put together whose parts stand wide apart with their last line below in the middle (事业 收 / 入)."""
    out = [list(line) for line in lines]
    for index, upper in enumerate(out):
        for run in (run for line in out[index + 1 : index + 4] for run in line):
            for i, (left, right) in enumerate(itertools.pairwise(upper)):
                middle, gap = (left.bbox.x0 + right.bbox.x1) / 2, right.bbox.x0 - left.bbox.x1
                below = 0 < run.y - left.y < LOOSE_LINE * em and abs(run.x - middle) < 0.4 * em
                parts = len(left.text), len(right.text)
                short = len(run.text) == 1 and (sum(parts) <= SPREAD or min(parts) == 1)
                if below and short and gap < SPREAD_WHITE * em:
                    upper[i : i + 2] = [joined([left, right])]
                    break
    return out


def _loose_pitch(lines: Sequence[Sequence[Run]], em: float) -> float:
    """How far in px the last lines of heads may stand below the others: hardly farther than the closest do."""
    apart = [lower.y - upper.y for upper, lower in _below_each_other(lines) if _is_end(upper, lower, em)]
    return min(LOOSE_LINE * em, 1.12 * min(apart, default=LOOSE_LINE * em))


def goes_on_below(upper: Run, lower: Run, em: float) -> bool:
    """Whether a run may be the second line of a head: right below it, shorter, set alike."""
    return len(upper.text) > max(1, len(lower.text)) and _lies_over(upper, lower, em, 1.52 * em)


def _is_end(upper: Run, lower: Run, em: float) -> bool:
    return len(upper.text) >= 3 and len(lower.text) < len(upper.text) and _lies_over(upper, lower, em, LOOSE_LINE * em)


def _lies_over(upper: Run, lower: Run, em: float, pitch: float) -> bool:
    if not 0.5 * em < lower.y - upper.y < pitch:
        return False
    shared = lap(upper.bbox.x0, upper.bbox.x1, lower.bbox.x0, lower.bbox.x1)
    least = 0.6 * min(upper.bbox.x1 - upper.bbox.x0, lower.bbox.x1 - lower.bbox.x0)
    sides = (upper.x - lower.x, upper.bbox.x0 - lower.bbox.x0, upper.bbox.x1 - lower.bbox.x1)
    aligned = min(map(abs, sides)) <= 0.7 * em
    return shared >= least and aligned


def _block(runs: Sequence[Run]) -> Run:
    return joined(runs) if len(runs) > 1 else runs[0]


def has_below(block: Run, blocks: Sequence[Run], em: float) -> bool:
    """Whether another head stands under this one."""
    return any(
        b is not block and b.y > block.y + 0.7 * em
        and lap(b.bbox.x0, b.bbox.x1, block.bbox.x0, block.bbox.x1) > 0.25 * em
        for b in blocks
    )  # fmt: skip
