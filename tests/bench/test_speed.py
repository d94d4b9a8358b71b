"""The arithmetic of bench.speed, on times made by hand: nothing is timed here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.page_times import PageTime, RunTime
from bench.speed import memory_slope, summary
from bench.speed_alone import regrouped
from bench.speed_digital import summary_of
from bench.speed_plot import draw_plot
from bench.stopwatch import Stopwatch


def page(cpu: float, bare: float, rss: float = 500.0) -> PageTime:
    return PageTime("a.pdf 1", cpu, cpu, bare, bare, 2 * bare, rss)


def test_a_page_is_compared_with_its_own_networks() -> None:
    pages = (page(3.0, 2.0), page(12.0, 10.0), page(5.0, 4.0))
    speed = summary([RunTime(pages, {"detect": 9.0, "proof": 3.0, "(bare networks)": 16.0}, {})])
    assert speed.ratio == pytest.approx(1.25)
    assert speed.ratio_all == pytest.approx(12.0 / 16.0)
    assert speed.stages == {"detect": 3.0, "proof": 1.0}


def test_memory_that_grows_by_a_megabyte_a_page_grows_by_a_thousand_in_a_thousand() -> None:
    slope, error = memory_slope([page(1.0, 1.0, 500.0 + n) for n in range(9)])
    assert (slope, error) == (pytest.approx(1000.0), pytest.approx(0.0, abs=1e-6))
    assert memory_slope([page(1.0, 1.0)]) == (0.0, 0.0)


def test_a_stage_does_not_count_what_another_did_within_it() -> None:
    watch = Stopwatch()
    with watch.of("outer"), watch.of("inner"):
        sum(range(20_000))
    assert set(watch.cpu) == {"outer", "inner"}
    assert watch.wall["outer"] < watch.wall["inner"]


def test_strips_are_batched_by_width_and_none_is_lost() -> None:
    strips = [np.zeros((n, 3, 48, width), np.float32) for n, width in ((3, 96), (2, 320), (7, 96))]
    batches = regrouped(strips, 8)
    assert [b.shape[3] for b in batches] == [320, 96, 96]
    assert sum(b.shape[0] for b in batches) == 12


def test_the_plot_is_a_picture(tmp_path: Path) -> None:
    draw_plot(tmp_path / "speed.png", {"detect": 0.8, "clean": 0.2}, 2.0, {"scanledger": 2.5, "peer": 8.0})
    with Image.open(tmp_path / "speed.png") as image:
        assert image.width == 1000


def test_born_digital_pages_are_compared_round_by_round() -> None:
    ours = [{"triage": 0.1, "rulings": 0.1}, {"triage": 0.3, "rulings": 0.1}, {"triage": 0.2, "rulings": 0.1}]
    speed = summary_of(ours, {"text": [0.4, 0.8, 0.9], "ocr": [4.0, 8.0, 6.0]}, 7)
    assert (speed.n_pages, speed.n_rounds, speed.cpu) == (7, 3, pytest.approx(0.3))
    assert speed.stages == {"triage": pytest.approx(0.2), "rulings": pytest.approx(0.1)}
    assert speed.peers == {"text": (0.8, pytest.approx(2.0)), "ocr": (6.0, pytest.approx(20.0))}
