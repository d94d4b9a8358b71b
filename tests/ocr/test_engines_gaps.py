"""A mark is put back only where the recogniser held it possible and the print leaves room for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.engines.gaps import with_lost_marks
from ocr.values import Char

Alternatives = tuple[tuple[str, float], ...]


def line(text: str, gap_behind: int | None = None, alternatives: Alternatives = (), gap: float = 20.0) -> list[Char]:
    """Characters of 20 px each; white ``gap`` behind the one at ``gap_behind``, which carries the alternatives."""
    chars, x = [], 0.0
    for i, char in enumerate(text):
        chars.append(Char(char, x, x + 20.0, 0.9, alternatives if i == gap_behind else ()))
        x += 20.0 + (gap if i == gap_behind else 0.0)
    return chars


def read(chars: list[Char]) -> str:
    return "".join(c.text for c in with_lost_marks(chars))


def test_a_mark_held_possible_is_put_into_its_gap() -> None:
    chars = line("全区经济社会发展规划", 3, (("齐", 0.4), ("济、", 0.02), ("济，", 0.01)))
    found = with_lost_marks(chars)
    assert read(chars) == "全区经济、社会发展规划"
    assert all(a.x1 <= b.x0 + 1e-9 for a, b in pairwise(found[4:]))


def test_the_next_character_may_have_carried_it() -> None:
    chars = line("全区经济社会发展规划", 3)
    chars[4] = Char("社", chars[4].x0, chars[4].x1, 0.9, ((",社", 0.2),))
    assert read(chars) == "全区经济,社会发展规划"


@pytest.mark.parametrize(
    "chars",
    [
        line("全区经济社会发展规划", 3, (("济、", 0.4),), gap=3.0),  # no room
        line("全区经济社会发展规划", 3, (("齐", 0.4),)),  # no mark held possible
        line("共计12345", 3, (("2,", 0.4),)),  # figures are never touched
        line("经济社会", 1, (("济、", 0.4),)),  # too short a line to tell its pitch
    ],
    ids=["no_room", "no_mark", "figures", "short"],
)
def test_otherwise_nothing_is_put_in(chars: list[Char]) -> None:
    assert with_lost_marks(chars) == tuple(chars)


@given(st.text("全区经济、社会1,.发展", max_size=20), st.floats(0, 30))
def test_what_was_read_stays_in_order(text: str, gap: float) -> None:
    chars = line(text, len(text) // 2, (("济、", 0.4),), gap)
    found = with_lost_marks(chars)
    assert [c for c in found if c in chars] == chars
