"""Columns that number their rows (行次 1, 2, 3, ...): a number that breaks the run was misread, or stands in a wrong row.

No sum speaks for such a number, and a recogniser that lost a digit to the ruling beside it loses it in every crop: only
its neighbours tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from layout.cells import with_doubt
from layout.proposals import proposed
from layout.values import Cell, Doubt
from layout.witnesses import same_reading

#: Numbers of a column, and the share of its steps that must go up by one, before it is one that numbers its rows.
LEAST_NUMBERS = 5
LEAST_STEPS = 0.6


def broken_numbers(texts: Sequence[str]) -> dict[int, str]:
    """The number that the run asks for at each index whose text is another; nothing for a column of other things.

    ``texts``: a column's cells from the top, blank where nothing was read. A number is asked for by the one above or the
    one below, where that stands in the run itself; one that suits either of them is right (a run may begin anew). A
    blank is a lost number only between two that ask for the same.
    """
    numbers = [int(t) if re.fullmatch(r"[1-9]\d{0,3}", t.strip()) else None for t in texts]
    steps = [above is not None and below == above + 1 for above, below in pairwise(numbers)]
    n_printed = sum(bool(t.strip()) for t in texts)
    if sum(n is not None for n in numbers) < LEAST_NUMBERS or sum(steps) < LEAST_STEPS * (n_printed - 1):
        return {}
    found: dict[int, str] = {}
    for i, text in enumerate(texts):
        above = numbers[i - 1] if i >= 2 and steps[i - 2] else None
        below = numbers[i + 1] if i + 1 < len(steps) and steps[i + 1] else None
        asked = {*({above + 1} if above is not None else ()), *({below - 1} if below is not None else ())}
        both = above is not None and below is not None
        is_off = numbers[i] not in asked and (both or any(c.isdigit() for c in text))
        if len(asked) == 1 and is_off:
            found[i] = str(asked.pop())
    return found


def with_asked_number(cell: Cell, asked: str) -> Cell:
    """A cell whose text breaks the run after its second reading, with the number that its column asks for: where one of
    its readings says the same, that is its text, and where none does it stands beside them as a proposal. A doubt stays."""
    agreeing = [r for r in cell.readings if same_reading(r.text, asked)]
    if agreeing:
        best = max(agreeing, key=lambda r: r.confidence)
        return with_doubt(replace(cell, text=asked, confidence=best.confidence), Doubt.READINGS_DIFFER)
    return with_doubt(proposed(cell, asked, 0.0), Doubt.OFF_TYPE)
