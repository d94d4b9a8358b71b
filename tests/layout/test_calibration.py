"""Confidence as a probability: each piece of evidence speaks one way, nothing is surer than its pages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.calibration import (
    FEATURES,
    SIGNS,
    calibrated,
    evidence,
    kind_of,
    load_calibration,
    probability,
    with_probability,
)
from layout.values import Cell, Doubt
from ocr.geometry import BBox
from ocr.values import Reading, Word
from tests.builders import table

KINDS = ("figure", "words")


def cell(text: str, page: float, *crops: tuple[str, float], ocr_text: str = "", doubted: bool = False) -> Cell:
    one = table([[text]]).cells[0]
    words = (Word(ocr_text or text, BBox(70.0, 110.0, 90.0, 130.0), page),)
    readings = (Reading(ocr_text or text, page, "page"), *(Reading(t, c, "crop") for t, c in crops)) if crops else ()
    doubts = (Doubt.READINGS_DIFFER,) if doubted else ()
    return replace(one, ocr_text=ocr_text or text, words=words, readings=readings, doubts=doubts, confidence=page)


def test_evidence_is_the_surest_agreeing_reading_and_who_else_says_so() -> None:
    found = evidence(cell("12.50", 0.6, ("12.50", 0.9), ("12.60", 0.99)))
    assert found["sureness"] == pytest.approx(2.197, abs=1e-3)
    assert (found["agreeing"], found["differing"], found["doubts"], found["short"]) == (1.0, 1.0, 0.0, 0.0)


def test_a_text_that_only_crops_gave_is_not_as_sure_as_the_page() -> None:
    found = evidence(cell("12.50", 0.99, ("12.50", 0.7), ("12.50", 0.8), ocr_text="12.80"))
    assert found["sureness"] == pytest.approx(1.386, abs=1e-3)
    assert found["differing"] == 1.0


@given(st.sampled_from(KINDS), st.floats(0.01, 0.9999), st.floats(0.01, 0.9999))
def test_a_surer_reading_never_makes_a_cell_less_sure(kind: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    text = "1,234.50" if kind == "figure" else "办公费"
    assert with_probability(cell(text, low)).confidence <= with_probability(cell(text, high)).confidence


@given(st.sampled_from(KINDS), st.fixed_dictionaries({name: st.floats(-10, 10) for name in FEATURES}))
def test_every_feature_speaks_one_way_and_nothing_is_certain(kind: str, features: dict[str, float]) -> None:
    one = load_calibration()[kind]
    before = probability(features, one)
    assert 0.0 < before <= one.most < 1.0
    for name, sign in SIGNS.items():
        after = probability({**features, name: features[name] + 1.0}, one)
        assert sign == 0 or sign * (after - before) >= 0.0


def test_calibrating_twice_changes_nothing() -> None:
    one = calibrated(table([["12.50"], ["办公费"], [""]]))
    doubtful = replace(one, cells=(with_probability(cell("12.50", 0.7, ("12.60", 0.9), doubted=True)), *one.cells[1:]))
    assert calibrated(doubtful) == doubtful


def test_blanks_and_what_ink_decided_keep_their_confidence() -> None:
    blank = replace(cell("", 1.0), words=(), confidence=1.0)
    assert with_probability(blank) == blank
    sign = replace(cell("≥", 0.6), readings=(Reading(">", 0.6, "page"), Reading("≥", 0.99, "shape")), confidence=0.99)
    assert with_probability(sign) == sign


@pytest.mark.parametrize(("text", "kind"), [("1,234.50", "figure"), ("—", "figure"), ("12.5O", "figure"), ("办公费", "words"), ("2025年第一批", "words")])  # fmt: skip
def test_what_nearly_counts_is_judged_as_a_figure(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_weights_of_the_wrong_sign_are_refused(tmp_path: Path) -> None:
    weights = dict.fromkeys(FEATURES, 0.0) | {"sureness": -1.0}
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps({"kinds": {"figure": {"weights": weights, "most": 0.9}}}), encoding="utf-8")
    with pytest.raises(ValueError, match="figure"):
        load_calibration(path)
