"""Each of our expectations on frames of a few rows: what it looks at, and which rows fail."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.custom import (
    SETTLED,
    TYPES,
    ExpectAmountsToParse,
    ExpectCodesToHaveParents,
    ExpectCodesToMatch,
    ExpectConfidenceAtLeast,
    ExpectDoubtsToBeSettled,
    ExpectIdentityToBeEvaluated,
    ExpectIdentityToHold,
    ExpectTextInTable,
    ExpectValueToBeKnown,
    ExpectWeightsToSum,
    RowsExpectation,
)
from expectations.frames import COLUMNS

DEFAULTS = {"row": 0, "col": 0, "table_index": 0, "scope": 0}


def frame(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    columns = ["scope", *COLUMNS[name].split()]
    return pd.DataFrame([[{**DEFAULTS, **row}.get(column, "") for column in columns] for row in rows], columns=columns)


def failing(expectation: RowsExpectation, rows: pd.DataFrame) -> list[int]:
    return expectation.examine(rows).failing["row"].tolist()


def test_all_are_registered_under_their_own_name() -> None:
    from great_expectations.expectations.registry import get_expectation_impl

    for kind in TYPES:
        assert get_expectation_impl(kind.expectation_type) is kind


def check_rows(identity: str, verdict: str, *cells: tuple[int, str], index: int = 0) -> list[dict[str, object]]:
    return [
        {"row": row, "check_index": index, "identity": identity, "verdict": verdict, "cell_verdict": cell_verdict}
        for row, cell_verdict in cells
    ]


def test_identity_counts_checks_and_points_to_suspect_cells_only() -> None:
    rows = frame(
        "checks",
        *check_rows("I01", "holds", (1, "proven"), (2, "proven"), index=0),
        *check_rows("I01", "extraction_suspect", (3, "suspect"), (4, "read"), index=1),
        *check_rows("I01", "not_evaluated", (5, ""), index=2),
        *check_rows("I02", "extraction_suspect", (6, "suspect"), index=3),
    )
    examined = ExpectIdentityToHold(identity="I01", verdicts=["extraction_suspect"]).examine(rows)
    assert (examined.n_evaluated, examined.success, examined.failing["row"].tolist()) == (2, False, [3])


def test_identity_points_to_all_cells_when_none_is_more_suspect() -> None:
    rows = frame("checks", *check_rows("I01", "source_inconsistent", (3, "read"), (4, "read")))
    assert failing(ExpectIdentityToHold(identity="I01", verdicts=["source_inconsistent"]), rows) == [3, 4]


def test_identity_that_was_never_evaluated_is_looked_at_zero_times() -> None:
    rows = frame("checks", *check_rows("I01", "not_evaluated", (3, "read")))
    assert ExpectIdentityToHold(identity="I01", verdicts=["extraction_suspect"]).examine(rows).n_evaluated == 0


@pytest.mark.parametrize(
    ("n_figures", "identities", "n_evaluated", "success"),
    [(9, "I01 I02", 1, True), (9, "I02 I011", 1, False), (9, "", 1, False), (1, "", 0, True), (0, "", 0, True)],
)
def test_identity_to_be_evaluated(n_figures: int, identities: str, n_evaluated: int, success: bool) -> None:
    rows = frame("table", {"n_figures": n_figures, "identities": identities})
    examined = ExpectIdentityToBeEvaluated(identity="I01").examine(rows)
    assert (examined.n_evaluated, examined.success) == (n_evaluated, success)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "low_confidence", "off_type low_confidence", "under_seal"]),
            st.sampled_from(["", "read", "suspect", *SETTLED]),
        ),
        min_size=1,
    )
)
def test_doubt_fails_unless_an_identity_settles_it_and_suspect_always_fails(cells: list[tuple[str, str]]) -> None:
    rows = frame("amounts", *({"row": i, "doubts": d, "verdict": v} for i, (d, v) in enumerate(cells)))
    expected = [i for i, (d, v) in enumerate(cells) if v == "suspect" or ("low_confidence" in d and v not in SETTLED)]
    assert failing(ExpectDoubtsToBeSettled(doubts=["low_confidence"]), rows) == expected


def test_confidence() -> None:
    rows = frame("amounts", {"row": 1, "confidence": 0.5}, {"row": 2, "confidence": 0.49})
    assert failing(ExpectConfidenceAtLeast(floor=0.5), rows) == [2]


@pytest.mark.parametrize(
    ("text", "blankness", "in_column", "fails"),
    [
        ("12.50", "number", True, False),
        ("-", "dash", True, False),
        ("无", "text", True, False),
        ("2O.00", "text", True, True),
        ("O.OO", "text", False, True),
        ("约30", "text", True, True),
        ("12..50", "", True, True),
        ("货物", "", False, False),
        ("", "blank", True, False),
    ],
)
def test_amounts(text: str, blankness: str, in_column: bool, fails: bool) -> None:
    cell = {"text": text, "blankness": blankness, "in_amount_column": in_column, "is_figure": blankness == "number"}
    rows = frame("cells", cell)
    rows["in_amount_column"] = rows["in_amount_column"].astype(bool)
    assert bool(failing(ExpectAmountsToParse(words=r"[^\d]*[\u4e00-\u9fff][^\d]*"), rows)) is fails


def code_rows(*codes: str) -> pd.DataFrame:
    return frame("codes", *({"row": i, "code": code} for i, code in enumerate(codes)))


def test_codes_match_from_first_to_last_character() -> None:
    rows = code_rows("201", "2010301", "20103", "2010", "201O301", "20103011")
    assert failing(ExpectCodesToMatch(pattern=r"\d{3}(\d{2}(\d{2})?)?"), rows) == [3, 4, 5]


def test_orphan_code_fails_where_the_table_prints_a_tree() -> None:
    rows = code_rows("201", "20103", "2010301", "2010801", "2010302")
    assert failing(ExpectCodesToHaveParents(lengths=[3, 5, 7]), rows) == [3]


def test_of_codes_in_doubt_only_those_are_looked_at() -> None:
    rows = code_rows("201", "20103", "2010301", "2010801", "2080505")
    rows.loc[4, "doubts"] = "low_confidence"
    examined = ExpectCodesToHaveParents(lengths=[3, 5, 7], in_doubt=True).examine(rows)
    assert (examined.n_evaluated, examined.failing["row"].tolist()) == (1, [4])


def test_codes_without_a_tree_are_not_looked_at() -> None:
    examined = ExpectCodesToHaveParents(lengths=[3, 5, 7]).examine(code_rows("2010301", "2080505", "2101101"))
    assert (examined.n_evaluated, examined.success) == (0, True)


def text_rows(n_figures: int) -> pd.DataFrame:
    rows = [
        {"text": "总计", "part": "header", "is_figure": False},
        {"text": "合计", "part": "body", "is_figure": False},
        {"text": "1", "part": "body", "is_figure": bool(n_figures)},
    ]
    return frame("cells", *rows)


@pytest.mark.parametrize(
    ("pattern", "part", "n_figures", "n_evaluated", "success"),
    [
        ("总计", "header", 1, 1, True),
        ("总计", "body", 1, 2, False),
        ("总计", "any", 1, 3, True),
        ("总", "any", 1, 3, False),
        ("无", "any", 0, 0, True),
    ],
)
def test_text_in_table(pattern: str, part: str, n_figures: int, n_evaluated: int, success: bool) -> None:
    examined = ExpectTextInTable(pattern=pattern, part=part).examine(text_rows(n_figures))
    assert (examined.n_evaluated, examined.success) == (n_evaluated, success)


def test_value_known() -> None:
    rows = frame(
        "table",
        {"row": 0, "unit": "万元", "n_figures": 3},
        {"row": 1, "unit": " ", "n_figures": 3},
        {"row": 2, "unit": "", "n_figures": 0},
    )
    assert failing(ExpectValueToBeKnown(column="unit", when="n_figures"), rows) == [1]
    assert failing(ExpectValueToBeKnown(column="unit"), rows) == [1, 2]


def weight_rows(execution: str, *weights: str) -> pd.DataFrame:
    cells = [
        {"row": 0, "col": 0, "row_stop": 1, "col_stop": 4, "text": "预算执行率权重(%):"},
        {"row": 0, "col": 4, "row_stop": 1, "col_stop": 5, "text": execution},
        {"row": 1, "col": 4, "row_stop": 2, "col_stop": 5, "text": "权重(%)"},
    ]
    cells += [{"row": 2 + i, "col": 4, "row_stop": 3 + i, "col_stop": 5, "text": w} for i, w in enumerate(weights)]
    return frame("cells", *cells)


@pytest.mark.parametrize(
    ("execution", "weights", "n_evaluated", "success"),
    [
        ("10", ("40", "50"), 2, True),
        ("", ("40", "60"), 2, True),
        ("20", ("40", "40"), 2, True),
        ("10", ("40", "45"), 2, False),
        ("10", ("40.5", "49.5%", ""), 2, True),
        ("10", ("≥", "定性"), 0, True),
    ],
)
def test_weights(execution: str, weights: tuple[str, ...], n_evaluated: int, success: bool) -> None:
    expectation = ExpectWeightsToSum(heading=r"权重(\(.{0,2}\))?", beside=r"预算执行率权重\(%\):", totals=[90, 100])
    examined = expectation.examine(weight_rows(execution, *weights))
    assert (examined.n_evaluated, examined.success) == (n_evaluated, success)
