"""decode(kind, encode(value)) == value, through JSON text, for any page."""

import json
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.values import CellRef, Check, CheckVerdict, Term
from flows import codec
from flows.codec import decode, encode
from flows.pipeline import PageTables
from layout.values import Cell, Doubt, Role, Span, Table, TextBlock
from ocr.geometry import BBox
from ocr.values import Char, PackedChars, PageFacts, PageFailure, Reading, TextSource, Word

coordinates = st.floats(0, 5000, allow_nan=False)
texts = st.text(st.characters(exclude_categories=()), max_size=8)  # lone surrogates too: odd file names hold them
shares = st.floats(0, 1)
boxes = st.tuples(coordinates, coordinates, coordinates, coordinates).map(
    lambda v: BBox(min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)
chars = st.builds(
    Char, st.text(min_size=1, max_size=1), coordinates, coordinates, shares,
    st.lists(st.tuples(st.text(min_size=1, max_size=1), shares), max_size=2).map(tuple),
)  # fmt: skip
words = st.builds(
    lambda cs, box, share: Word("".join(c.text for c in cs), box, share, tuple(cs)),
    st.lists(chars, max_size=3), boxes, shares,
)  # fmt: skip
readings = st.builds(Reading, texts, shares, st.sampled_from(["page", "crop"]))
cells = st.builds(
    Cell, st.just(Span(0, 0, 1, 1)), st.integers(1, 9), boxes, boxes, texts, texts, shares, st.sampled_from(Role),
    st.lists(words, max_size=2).map(tuple), st.lists(readings, max_size=2).map(tuple),
    st.lists(st.sampled_from(Doubt), max_size=2).map(tuple),
)  # fmt: skip
tables = st.builds(
    lambda cell, title, notes: Table(1, 1, (cell,), (1, 2), 0, title, notes=tuple(notes), continued=True),
    cells, texts, st.lists(texts, max_size=2),
)  # fmt: skip
failures = st.builds(PageFailure, st.integers(1, 9), texts, texts, texts, texts)
extras = st.lists(st.tuples(texts, st.none() | st.booleans() | st.integers() | texts), max_size=2).map(tuple)
facts = st.builds(
    PageFacts, st.integers(1, 9), coordinates, coordinates, coordinates, texts, st.sampled_from(TextSource),
    st.sampled_from([0, 90]), shares, st.lists(failures, max_size=2).map(tuple), st.lists(texts, max_size=2).map(tuple),
    extras,
)  # fmt: skip
pages = st.builds(
    PageTables, facts, st.lists(tables, max_size=2).map(tuple),
    st.lists(st.builds(TextBlock, st.integers(1, 9), boxes, boxes, texts, shares), max_size=2).map(tuple),
)  # fmt: skip


@given(pages)
def test_a_page_comes_back_from_json_as_it_was(page: PageTables) -> None:
    assert decode(PageTables, json.loads(json.dumps(encode(page)))) == page


def test_decimals_none_and_nested_optionals_come_back() -> None:
    check = Check(
        "I01", "a = b", CheckVerdict.HOLDS, (Term(None, -1, Decimal("1.10")), Term(CellRef(0, 1, 2), 1, Decimal(3)))
    )
    again = decode(Check, json.loads(json.dumps(encode(check))))
    assert again == check
    assert str(again.terms[0].value) == "1.10"


def test_an_absent_key_takes_the_default_and_a_wrong_type_is_refused() -> None:
    assert decode(PageFacts, {"page_number": 1, "width_pt": 5, "height_pt": 6.5}) == PageFacts(1, 5.0, 6.5)
    with pytest.raises(ValueError, match="expected int"):
        decode(PageFacts, {"page_number": "1", "width_pt": 5.0, "height_pt": 6.5})
    with pytest.raises(TypeError):
        decode(PageFacts, {"page_number": 1})


def test_what_is_no_frozen_value_has_no_json_form() -> None:
    with pytest.raises(TypeError, match="list"):
        encode([1])


def test_equal_numbers_are_one_object_and_zero_keeps_its_sign() -> None:
    """A column's edge stands with each of its cells."""
    left, right = decode(tuple[float, float], json.loads("[71.3, 71.3]"))
    assert left is right
    zeros = decode(tuple[float, ...], [0.0, -0.0])
    assert [str(zero) for zero in zeros] == ["0.0", "-0.0"]


def test_short_texts_are_one_object_and_few_are_remembered() -> None:
    first, second = decode(tuple[str, str], json.loads('["办公费用", "办公费用"]'))
    assert first is second
    decode(tuple[str, ...], [f"text {n}" for n in range(20_000)])
    assert len(codec._texts) < 5_000


@given(st.lists(chars, max_size=4).map(tuple), st.integers(-5, 5), st.integers(-5, 5))
def test_characters_wait_packed_and_are_the_same_to_whoever_looks(
    given: tuple[Char, ...], start: int, stop: int
) -> None:
    packed = PackedChars(given)
    assert (packed, tuple(packed), len(packed)) == (given, given, len(given))
    assert given == packed
    assert hash(packed) == hash(given)
    assert packed[start:stop] == given[start:stop]
    assert packed[::-1] == given[::-1]
    assert pickle.loads(pickle.dumps(packed)) == given
    if given:
        assert packed[-1] == given[-1]
    with pytest.raises(IndexError):
        packed[len(given)]


def test_a_page_that_comes_as_text_holds_its_characters_packed() -> None:
    char = Char("1", 2.0, 3.0, 0.5, (("7", 0.25),))
    word = Word("11", BBox(0, 0, 9, 9), 0.5, (char, char))
    there = decode(Word, json.loads(json.dumps(encode(word))))
    assert there == word
    assert isinstance(there.chars, PackedChars)
    assert encode(there) == encode(word)
    assert decode(Word, encode(Word("1", BBox(0, 0, 9, 9), 0.5))).chars == ()
