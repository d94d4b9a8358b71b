"""JSON made piece by piece is the text that `json` makes of the same."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.json_pieces import Items, json_pieces

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        | st.lists(inner, max_size=4).map(lambda items: Items(lambda item: item, items))
    ),
    max_leaves=30,
)


@given(VALUES, st.booleans())
def test_the_text_is_that_of_json(value: Any, ensure_ascii: bool) -> None:
    encoder = json.JSONEncoder(ensure_ascii=ensure_ascii, indent=1)
    assert "".join(json_pieces(value, ensure_ascii)) == "".join(encoder.iterencode(value)) + "\n"


def test_items_are_made_one_by_one() -> None:
    made: list[int] = []

    def make(number: int) -> dict[str, int]:
        made.append(number)
        return {"number": number}

    pieces = json_pieces({"all": Items(make, range(3))}, ensure_ascii=True)
    assert [len(made) for piece in pieces if "number" in piece] == [1, 2, 3]


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no JSON form"):
        "".join(json_pieces([math.nan], ensure_ascii=True, allow_nan=False))
    with pytest.raises(TypeError, match="no JSON form"):
        "".join(json_pieces([object()], ensure_ascii=True))
