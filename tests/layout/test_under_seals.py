"""A ruling that a seal ate goes on under it; one that ends at a ruling across does not."""

from __future__ import annotations

import pytest

from layout.under_seals import gone_on_under_seals
from layout.values import Orientation, Ruling
from ocr.geometry import BBox

PX = 200 / 72
SEAL = BBox(400, 100, 700, 400)
ACROSS = [Ruling(Orientation.HORIZONTAL, y, 100, 900, 2.0) for y in (100, 150, 200, 250, 300)]


def upright(start: float, end: float) -> Ruling:
    return Ruling(Orientation.VERTICAL, 500, start, end, 2.0)


def added(rulings: list[Ruling], seals: tuple[BBox, ...] = (SEAL,)) -> list[tuple[float, float]]:
    found = gone_on_under_seals(rulings, seals, PX)
    assert found[: len(rulings)] == tuple(rulings)
    return [(r.start, r.end) for r in found[len(rulings) :]]


def test_a_gap_that_begins_in_the_open_is_closed() -> None:
    assert added([*ACROSS, upright(100, 175), upright(230, 300)]) == [(175, 230)]


@pytest.mark.parametrize(
    ("above", "below", "seals"),
    [
        ((100, 150), (200, 300), (SEAL,)),  # merged cells: from ruling to ruling
        ((100, 175), (230, 300), ()),  # no seal
        ((100, 175), (230, 300), (BBox(600, 100, 900, 400),)),  # another place
        ((0, 120), (260, 380), (SEAL,)),  # more than a seal eats
        ((165, 180), (200, 300), (SEAL,)),  # a stem of a character in line with a ruling that begins below its row
        ((100, 200), (220, 235), (SEAL,)),  # the same below one that ends
    ],
)
def test_other_gaps_stay(above: tuple[float, float], below: tuple[float, float], seals: tuple[BBox, ...]) -> None:
    assert added([*ACROSS, upright(*above), upright(*below)], seals) == []


def test_a_piece_between_two_gaps_is_tied_on_both_sides() -> None:
    assert added([*ACROSS, upright(100, 175), upright(185, 215), upright(230, 300)]) == [(175, 185), (215, 230)]


def test_level_rulings_go_on_too() -> None:
    level = [Ruling(Orientation.HORIZONTAL, 220, 300, 460, 2.0), Ruling(Orientation.HORIZONTAL, 221, 520, 900, 2.0)]
    assert added([upright(100, 300), *level]) == [(460, 520)]
