"""SIGKILL at every point, before, in the middle and after, and at random: nothing lost, nothing doubled.

`make faults` does more of the same (`python -m tests.faults`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.failpoints import POINTS
from tests.faults.harness import DEATHS, Place, killed_at, killed_at_random, nothing_is_lost, opened

MOVES = {"move.before", "move.after"}


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_this_point_loses_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    assert killed_at(tmp_path, f"{point}:kill", move_done=point in MOVES), "the point was never reached"


@pytest.mark.parametrize("seed", range(2))
def test_kills_at_random_lose_and_double_nothing(tmp_path: Path, seed: int) -> None:
    killed_at_random(tmp_path, seed)


def test_a_run_without_a_kill_is_what_the_others_are_measured_by(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.fill()
    assert place.run() == 0
    assert place.n_kills == 0
    nothing_is_lost(place)


def test_a_second_instance_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.fill()
    with opened(place):
        assert place.run() == 70
    assert place.run() == 0
    nothing_is_lost(place)


@pytest.mark.parametrize("point", [p for p in POINTS if p not in MOVES][::3])
def test_a_full_disk_at_this_point_leaves_nothing_half(tmp_path: Path, point: str) -> None:
    """--once ends there, or goes on with the next look; the next run completes the rest."""
    place = Place(tmp_path)
    place.fill()
    assert place.run(f"{point}:full:2") != DEATHS
    assert place.run() == 0
    place.n_kills += 2  # as many pages may have been read again
    nothing_is_lost(place)
