"""Decoding: the same text as greedy CTC, with places that ascend and doubt that covers what was left out."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ocr.engines.ctc import BLANK, CERTAIN, Alphabet, Probabilities, decode, decode_logits

ALPHABET = Alphabet(("", "0", "1", ".", ",", "一", " "))


@st.composite
def distributions(draw: st.DrawFn) -> Probabilities:
    n_steps = draw(st.integers(0, 12))
    raw = draw(hnp.arrays(np.float32, (n_steps, len(ALPHABET.characters)), elements=st.floats(0.0, 1.0, width=32)))
    raw = raw + np.float32(1e-3)
    return np.asarray(raw / raw.sum(axis=1, keepdims=True), np.float32)


def steps(*rows: dict[str, float]) -> Probabilities:
    """Distributions from the characters named; the blank ('') takes the rest."""
    result = np.zeros((len(rows), len(ALPHABET.characters)), np.float32)
    for row, named in zip(result, rows, strict=True):
        for text, p in named.items():
            row[ALPHABET.characters.index(text)] = p
        row[BLANK] = 1.0 - sum(named.values())
    return result


@given(distributions())
def test_text_is_that_of_greedy_ctc(probabilities: Probabilities) -> None:
    best = [int(i) for i in probabilities.argmax(axis=1)]
    assert decode(probabilities, ALPHABET).text == "".join(
        ALPHABET.characters[i] for i, _ in groupby(best) if i != BLANK
    )


@given(distributions())
def test_places_ascend_within_the_strip(probabilities: Probabilities) -> None:
    symbols = decode(probabilities, ALPHABET).symbols
    assert all(a.stop <= b.start and a.centre < b.centre for a, b in pairwise(symbols))
    assert all(0 <= s.start < s.stop <= len(probabilities) and s.start <= s.centre <= s.stop for s in symbols)


@given(distributions(), st.integers(0, 3))
def test_alternatives_differ_from_the_reading_and_come_best_first(probabilities: Probabilities, n: int) -> None:
    for symbol in decode(probabilities, ALPHABET, n).symbols:
        assert len(symbol.alternatives) <= n
        assert all(text != symbol.text for text, _ in symbol.alternatives)
        assert all(a[1] >= b[1] for a, b in pairwise(symbol.alternatives))


@given(distributions())
def test_a_reading_is_as_sure_as_its_least_sure_character(probabilities: Probabilities) -> None:
    decoded = decode(probabilities, ALPHABET)
    assert 0.0 <= decoded.confidence <= 1.0
    assert all(decoded.confidence <= symbol.confidence for symbol in decoded.symbols)


@given(distributions(), st.integers(0, 3))
def test_logits_say_what_their_probabilities_say(probabilities: Probabilities, n: int) -> None:
    logits = np.log(probabilities) + np.float32(3.0)
    told, known = decode_logits(logits.copy(), ALPHABET, n), decode(probabilities, ALPHABET, n)
    assert told.text == known.text
    assert told.n_steps == known.n_steps
    assert told.confidence == pytest.approx(known.confidence, abs=1e-4)
    for a, b in zip(told.symbols, known.symbols, strict=True):
        assert (a.start, a.stop) == (b.start, b.stop)
        assert (a.centre, a.confidence) == pytest.approx((b.centre, b.confidence), abs=1e-4)
        assert [p for _, p in a.alternatives] == pytest.approx([p for _, p in b.alternatives], abs=1e-4)


@pytest.mark.parametrize("lead", [CERTAIN - 0.1, CERTAIN + 0.1, 30.0])
def test_steps_that_are_surely_blank_part_equal_characters_and_keep_their_places(lead: float) -> None:
    blank, zero = [lead, 0, 0, 0, 0, 0, 0], [0, 20, 0, 0, 0, 0, 0]
    logits = np.array([blank, blank, zero, zero, blank, zero, blank, blank, blank, zero], np.float32)
    decoded = decode_logits(logits, ALPHABET, 2)
    assert decoded.text == "000"
    assert [(s.start, s.stop, s.centre) for s in decoded.symbols] == [(2, 4, 3.0), (5, 6, 5.5), (9, 10, 9.5)]
    assert decoded.n_steps == 10
    assert decoded.confidence > 0.999


def test_equal_characters_are_two_only_with_a_blank_between() -> None:
    assert decode(steps({"0": 0.9}, {"0": 0.8}, {}, {"0": 0.9}), ALPHABET).text == "00"


def test_a_point_that_lost_narrowly_is_a_doubt_of_both_neighbours_and_an_alternative() -> None:
    decoded = decode(steps({"1": 1.0}, {".": 0.4}, {"0": 1.0}), ALPHABET, 2)
    assert decoded.text == "10"
    assert [s.confidence for s in decoded.symbols] == pytest.approx([0.6, 0.6])
    assert decoded.symbols[0].alternatives == (("1.", pytest.approx(0.4)),)
    assert decoded.symbols[1].alternatives == ((".0", pytest.approx(0.4)),)


def test_a_space_that_lost_is_no_doubt() -> None:
    decoded = decode(steps({"1": 1.0}, {" ": 0.4}, {"0": 1.0}), ALPHABET, 2)
    assert decoded.confidence == 1.0
    assert decoded.symbols[0].alternatives == ()


def test_a_character_that_may_not_be_there_has_nothing_as_alternative() -> None:
    (symbol,) = decode(steps({"1": 0.7}), ALPHABET, 2).symbols
    assert symbol.alternatives == (("", pytest.approx(0.3)),)


def test_no_text_is_as_sure_as_its_least_blank() -> None:
    decoded = decode(steps({}, {"1": 0.3}, {}), ALPHABET)
    assert decoded.text == ""
    assert decoded.confidence == pytest.approx(0.7)


def test_no_steps_are_surely_no_text() -> None:
    assert decode(np.empty((0, len(ALPHABET.characters)), np.float32), ALPHABET, 4).confidence == 1.0


def test_forms_of_one_character_share_their_probability() -> None:
    twins = Alphabet(("", "(", "（", "-", "—", "0"))
    row = np.array([[0.02, 0.4, 0.55, 0.0, 0.0, 0.03], [0.1, 0.0, 0.0, 0.5, 0.4, 0.0]], np.float32)
    bracket, dash = decode(row, twins).symbols
    assert (bracket.text, bracket.confidence) == ("（", pytest.approx(0.95))
    assert (dash.text, dash.confidence) == ("-", pytest.approx(0.9))
