import json
from pathlib import Path

import pytest

from bench.report import figures
from bench.scoring import Score
from bench.thresholds import shortfalls

GOOD = Score(n_true=2, n_found=2, numbers_true=10, numbers_in_place=9)


def _limits(folder: Path, at_least: dict[str, float], at_most: dict[str, float]) -> Path:
    path = folder / "thresholds.json"
    path.write_text(json.dumps({"at_least": at_least, "at_most": at_most}))
    return path


def test_figures_at_the_threshold_pass(tmp_path: Path) -> None:
    limits = _limits(tmp_path, {"tables_found": 1.0, "numbers_in_place": 0.9}, {"tables_invented": 0})
    assert shortfalls(figures(GOOD), limits) == ()


def test_each_figure_that_misses_is_named(tmp_path: Path) -> None:
    limits = _limits(tmp_path, {"numbers_in_place": 0.95, "text_characters": 0.9}, {"numbers_wrong": -1})
    missed = shortfalls(figures(GOOD), limits)
    assert [sentence.split()[0] for sentence in missed] == ["numbers_in_place", "text_characters", "numbers_wrong"]
    assert "not measured" in missed[1]


def test_an_unknown_figure_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        shortfalls(figures(GOOD), _limits(tmp_path, {"beauty": 1.0}, {}))


def test_the_committed_thresholds_name_existing_figures() -> None:
    assert shortfalls(figures(Score()))
