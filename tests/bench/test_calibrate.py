"""The fit finds what made the cells right, and promises no more than they can vouch for."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from bench.calibrate import Example, as_json, examples_of, fit, judged
from flows.scoring.reliability import bins, calibration_error
from layout.calibration import FEATURES, SIGNS
from ocr.values import Reading
from tests.bench.builders import reading
from tests.bench.builders import table as true_table
from tests.builders import table

RNG = np.random.default_rng(7)


def cells(n: int, slope: float, misleading: float = 0.0) -> list[Example]:
    """Cells that are right with odds of slope x sureness; ``misleading``: how often `agreeing` goes with an error."""
    found = []
    for sureness in RNG.uniform(-2, 8, n):
        is_right = bool(RNG.random() < 1 / (1 + np.exp(-slope * sureness)))
        agreeing = float(not is_right and RNG.random() < misleading)
        found.append(Example("figure", (1.0, float(sureness), agreeing, 0.0, 0.0, 0.0), is_right))
    return found


def test_the_fit_keeps_its_word_on_cells_it_never_saw() -> None:
    fitted = fit(cells(4000, 0.7))
    assert abs(fitted.weights["sureness"] - 0.7) < 0.1
    assert calibration_error(bins(judged(cells(4000, 0.7), fitted))) < 0.02


def test_evidence_may_not_speak_against_its_nature() -> None:
    fitted = fit(cells(500, 0.7, misleading=0.9))
    assert fitted.weights["agreeing"] == 0.0
    assert all(SIGNS[name] * weight >= 0.0 for name, weight in fitted.weights.items())


def test_few_cells_promise_little() -> None:
    few = fit([Example("figure", (1.0, 9.0, 0.0, 0.0, 0.0, 0.0), True)] * 20)
    assert few.most == round(21 / 22, 5)


def test_only_cells_at_their_true_place_are_examples() -> None:
    true = true_table("项目 金额", "工资 1,234.50", "其他 2.00")
    read = table([["项目", "金额"], ["工资", "1234.50"], ["其他", "2.01"]])
    found = list(examples_of(reading(true), [replace(read, page_numbers=(1,))]))
    assert [(e.kind, e.is_right) for e in found] == [("words", True)] * 3 + [
        ("figure", True),
        ("words", True),
        ("figure", False),
    ]
    assert list(examples_of(reading(true), [table([["项目", "金额"], ["工资", "1,234.50"]])])) == []


def test_what_ink_settled_is_no_evidence_of_reading() -> None:
    true = true_table("项目 金额", "工资 —", "其他 2.00")
    read = table([["项目", "金额"], ["工资", "—"], ["其他", "2.00"]])
    cells_ = tuple(replace(c, readings=(Reading("—", 0.99, "shape"),)) if c.text == "—" else c for c in read.cells)
    found = list(examples_of(reading(true), [replace(read, cells=cells_, page_numbers=(1,))]))
    assert [e.kind for e in found] == ["words"] * 4 + ["figure"]


def test_what_is_written_is_what_is_read() -> None:
    one = fit(cells(200, 0.5))
    raw = json.loads(as_json({"figure": one}))
    assert raw["kinds"]["figure"] == {"weights": dict(one.weights), "most": one.most}
    assert set(one.weights) == set(FEATURES)
