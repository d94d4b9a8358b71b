"""Comparing words, and the catalogue as data: every reference in it leads somewhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.catalogue.loader import catalogue_names, load_catalogue
from expectations.columns import measure_of
from expectations.figures import row_key, system_of
from expectations.words import holds_word, misread, misread_allowance, nearest, normalise

CATALOGUE = load_catalogue()


@given(st.text(alphabet="部 门预（(０1Ａa“’\n\u3000", max_size=30))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="一二三四五六七八", min_size=5, max_size=8), st.integers(0, 4))
def test_one_misread_character_of_a_long_word_is_forgiven(word: str, at: int) -> None:
    wrong = word[:at] + "九" + word[at + 1 :]
    assert misread(word, wrong) == 1
    assert holds_word("某" + wrong + "某", word)


@given(st.text(alphabet="一二", max_size=14), st.text(alphabet="一二三", min_size=5, max_size=11))
def test_a_word_is_held_where_it_stands_with_few_misread(text: str, word: str) -> None:
    windows = [text[i : i + len(word)] for i in range(len(text) - len(word) + 1)]
    assert holds_word(text, word) == any(misread(window, word) <= misread_allowance(word) for window in windows)


@pytest.mark.parametrize(("text", "words"), [("收入合计", ("收入总计",)), ("上年结转", ("下年结转",))])
def test_short_words_that_differ_by_one_character_are_two_words(text: str, words: tuple[str, ...]) -> None:
    assert nearest(text, words) == ""


def test_a_word_as_near_to_two_others_is_neither() -> None:
    assert nearest("政府性基金壹", ("政府性基金甲", "政府性基金乙")) == ""


@pytest.mark.parametrize("name", catalogue_names())
def test_every_identity_names_kinds_that_exist(name: str) -> None:
    catalogue = load_catalogue(name)
    kinds = {k.id for k in catalogue.kinds} | {"*"}
    for entry in catalogue.identities:
        sides = [entry.get("left", {}), entry.get("right", {})]
        named = {*entry.get("kinds", ())}
        for side in sides:
            for one in side if isinstance(side, list) else [side]:
                named |= {*one.get("kinds", ())}
        assert named <= kinds, entry["id"]


def test_every_measure_key_in_use_is_a_measure() -> None:
    keys = {m.key for m in CATALOGUE.measures}
    assert len(keys) == len(CATALOGUE.measures)
    assert all(partition <= keys for partition in CATALOGUE.partitions)
    assert {m.part_of for m in CATALOGUE.measures} - {""} <= keys
    assert {key for k in CATALOGUE.kinds for key in k.scope} <= keys


def test_every_code_of_the_dictionary_fits_its_system() -> None:
    for system, names in CATALOGUE.dictionary.items():
        assert {system_of(code, CATALOGUE) for code in names} <= {system}


def test_every_pattern_of_the_narrative_compiles() -> None:
    rules = CATALOGUE.narrative
    patterns = [rules["amount"], rules["increase"], rules["decrease"]]
    patterns += [s["start"] for s in rules["section"]]
    patterns += [f["label"] for s in rules["section"] for f in s.get("figure", ())]
    assert all(re.compile(p) for p in patterns)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("一般公共预算财政拨款", "general_fund"),
        ("一般公共预算拨款收入", "general_fund"),
        ("政府性基金预算资金", "gov_fund"),
        ("因公出国（境）费", "abroad"),
        ("公务用车购置 及运行费", "vehicles"),
        ("公务用车运行维护费", "vehicle_running"),
        ("日常公用经费", "public"),
        ("2026年基本支出", "basic"),
        ("基本支出（万元）", "basic"),
        ("国有资木经营预算", "state_capital"),
        ("科目名称", ""),
    ],
)
def test_measures_by_their_words(word: str, key: str) -> None:
    assert measure_of(word, CATALOGUE) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("收入总计", "income_total"),
        ("本年支出合计", "year_expenditure"),
        ("上年结转结余资金", "carry_in"),
        ("社会保障和就业支出", "class:208"),
        ("社会保障和就业支岀", "class:208"),
        ("文化旅游体育与传媒支出", "class:207"),
        ("光纤线路", ""),
    ],
)
def test_rows_by_their_names(name: str, key: str) -> None:
    assert row_key(normalise(name), CATALOGUE) == key
