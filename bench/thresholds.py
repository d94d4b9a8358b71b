"""The floor of quality: thresholds.json says what no change may fall below. Its values may only rise (or, for counts of
faults, only fall)."""

from __future__ import annotations

import json
from pathlib import Path

from bench.report import Figures

FILE = Path(__file__).with_name("thresholds.json")


def shortfalls(values: Figures, path: Path = FILE) -> tuple[str, ...]:
    """One sentence for each figure that misses its threshold; a figure that was not measured misses it.

    Raises KeyError for a threshold on a figure that does not exist.
    """
    limits = json.loads(path.read_text(encoding="utf-8"))
    low = [
        f"{name} is {_shown(values[name])}, at least {floor} is required"
        for name, floor in limits["at_least"].items()
        if not _at_least(values[name], floor)
    ]
    high = [
        f"{name} is {_shown(values[name])}, at most {ceiling} is allowed"
        for name, ceiling in limits["at_most"].items()
        if not _at_most(values[name], ceiling)
    ]
    return (*low, *high)


def _at_least(value: float | None, floor: float) -> bool:
    return value is not None and value >= floor


def _at_most(value: float | None, ceiling: float) -> bool:
    return value is not None and value <= ceiling


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4f}"
