"""Heads that a space within them parts, put together where columns without rulings show that it is no gutter.

Where heads are centred, a head whose column's print reaches far to one side reaches as far to the other: print that stands
there in its own line is no other column's head. Spaces as narrow as one that was proven so are spaces too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from layout.baselines import Level, joined, joined_runs, lap
from layout.gutters import Column
from layout.runs import Run

#: In text heights: white that is a space or a gutter; how far a head's reach must lie over other print to say so.
LEAST, MOST, OVER = 0.55, 1.0, 0.1
#: How much wider other spaces may be, in text heights; heads that must be centred for all that is known, and share of those that
#: are asked.
AS_WIDE, CENTRED, SHARE = 0.15, 3, 0.85
#: In text heights: white of a space at most; times which gutters are wider than spaces that nothing else proves.
SPACE, FAR_WIDER = 0.75, 1.6


@dataclass(frozen=True, slots=True)
class _Head:
    """A head of a line with the column whose print it stands over, if any, and what stands left and right of it."""

    run: Run
    column: Column | None
    left: float
    right: float

    def is_centred(self, em: float) -> bool:
        """Whether as much room is on its other side as its column's print needs on one."""
        if self.column is None:
            return True
        reach = max(self.column.x1 - self.run.x, self.run.x - self.column.x0)
        return self.run.x - reach > self.left - OVER * em and self.run.x + reach < self.right + OVER * em


def with_spaces(levels: Sequence[Level], columns: Sequence[Column], em: float) -> list[Level]:
    """The lines of heads, those put together that a space parts. columns: of the body."""
    lines = [joined_runs(level.runs, LEAST * em) for level in levels]
    heads = [list(_in_turn(line, columns)) for line in lines]
    pairs = {
        (i, k): (a, b) for i, line in enumerate(heads) for k, (a, b) in enumerate(itertools.pairwise(line))
        if _may_be_one(a, b, em)
    }  # fmt: skip
    paired = {id(head) for pair in pairs.values() for head in pair}
    others = [h for line in heads for h in line if h.column is not None and id(h) not in paired]
    centred = sum(h.is_centred(em) for h in others)
    if not pairs or centred < CENTRED or centred < SHARE * len(others):
        return list(levels)
    proven = [_white(a, b) for a, b in pairs.values() if _is_one(a, b, em)] or _spaces(heads, pairs.values(), em)
    if not proven:
        return list(levels)
    most = max(proven) + AS_WIDE * em
    spaces = {at for at, (a, b) in pairs.items() if _white(a, b) <= most}
    return [
        replace(level, runs=tuple(_put_together(line, {k for j, k in spaces if j == i})))
        if any(j == i for j, _ in spaces) else level
        for i, (level, line) in enumerate(zip(levels, lines, strict=True))
    ]  # fmt: skip


def _in_turn(line: Sequence[Run], columns: Sequence[Column]) -> Iterator[_Head]:
    for k, run in enumerate(line):
        over = [c for c in columns if lap(run.bbox.x0, run.bbox.x1, c.x0, c.x1) > 0]
        own = over[0] if len(over) == 1 else None
        lefts = [c.x1 for c in columns if c.x1 < run.x and c is not own] + [r.bbox.x1 for r in line[:k]]
        rights = [c.x0 for c in columns if c.x0 > run.x and c is not own] + [r.bbox.x0 for r in line[k + 1 :]]
        yield _Head(run, own, max(lefts, default=float("-inf")), min(rights, default=float("inf")))


def _white(a: _Head, b: _Head) -> float:
    return b.run.bbox.x0 - a.run.bbox.x1


def _may_be_one(a: _Head, b: _Head, em: float) -> bool:
    """Whether two heads were read as one box, with little white between them, and are not both over print."""
    near = LEAST * em <= _white(a, b) < MOST * em and a.run.word_index == b.run.word_index
    return near and (a.column is None or b.column is None) and not (a.run.is_figure or b.run.is_figure)


def _is_one(a: _Head, b: _Head, em: float) -> bool:
    """Whether one of the two, over print, cannot be centred beside the other, and both together can."""
    column = a.column or b.column
    if column is None or (a.is_centred(em) and b.is_centred(em)):
        return False
    return _Head(joined([a.run, b.run]), column, a.left, b.right).is_centred(em)


def _spaces(lines: Sequence[Sequence[_Head]], pairs: Iterable[tuple[_Head, _Head]], em: float) -> list[float]:
    """Whites as narrow as a space within heads one of which is over no print, where all gutters are far wider; else []."""
    narrow = [white for a, b in pairs if (white := _white(a, b)) < SPACE * em]
    whites = (_white(a, b) for line in lines for a, b in itertools.pairwise(line))
    wider = [white for white in whites if white >= SPACE * em]
    return narrow if narrow and wider and min(wider) >= FAR_WIDER * max(narrow) else []


def _put_together(line: Sequence[Run], spaces: set[int]) -> list[Run]:
    """A line with the runs before and behind each of the spaces as one. spaces: indices of the runs before them."""
    out: list[Run] = []
    for k, run in enumerate(line):
        if k - 1 in spaces:
            out[-1] = joined([out[-1], run])
        else:
            out.append(run)
    return out
