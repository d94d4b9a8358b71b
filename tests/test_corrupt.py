"""A small seeded run of bench/corrupt.py: what it holds the proof to, on the real documents read wrongly on purpose."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bench.corrupt import (
    Subject,
    author_slips,
    double_errors,
    false_alarms,
    lost_points,
    single_errors,
    structural_errors,
    subjects,
)
from bench.tallies import added, keep, line_of


@cache
def found() -> tuple[Subject, ...]:
    return subjects()


def test_clean_truth_raises_no_alarm() -> None:
    assert len(found()) == 3
    assert [alarm for subject in found() for alarm in false_alarms(subject)] == []


def test_single_digits() -> None:
    tally = single_errors(found(), 40, seed=11)
    assert tally.share("detected", "under identity") >= 0.98
    assert tally.counts["repaired"] > 10
    assert tally.wrong == []
    assert tally.share("two, repaired", "two") >= 0.85
    assert tally.share("decidable, repaired", "decidable") >= 0.95
    assert tally.share("in reach, repaired or first", "in reach") >= 0.9


def test_two_digits_at_once() -> None:
    tally = double_errors(found(), 15, seed=12)
    assert tally.share("detected", "under identity") >= 0.95
    assert tally.counts["repaired"] > 5
    assert tally.wrong == []


def test_lost_points() -> None:
    tally = lost_points(found(), 20, seed=13)
    assert tally.share("detected", "under identity") >= 0.9
    assert tally.share("two, repaired", "two") >= 0.8
    assert tally.wrong == []


def test_an_authors_slip_is_never_repaired() -> None:
    tally = author_slips(found(), 20, seed=14)
    assert tally.counts["repaired"] == 0
    assert tally.share("detected", "under identity") >= 0.9


def test_rows_and_columns() -> None:
    tallies = structural_errors(found()[1:], every=13)
    assert tallies["row doubled"].share("detected of all", "trials") == 1.0
    assert tallies["row lost"].share("detected", "under identity") >= 0.95
    assert all(tally.wrong == [] for tally in tallies.values())


def test_runs_in_parts_add_up(tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    parts = [lost_points(found(), 3, seed) for seed in (1, 2)]
    for part in parts:
        keep(path, {"lost points": part})
    (tally,) = added([path]).values()
    assert tally.counts == parts[0].counts + parts[1].counts
    assert line_of("lost points", tally).startswith("lost points: 6 trials; detected ")
