"""Each of our expectations on frames of a few rows: what it looks at, and which rows fail."""

from __future__ import annotations

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
    ExpectValueAtLeast,
    ExpectValuesToMatch,
    ExpectValueToBeKnown,
    ExpectWeightsToSum,
)
from expectations.frame_rows import Row
from expectations.frames import COLUMNS
from expectations.row_expectations import Rows, RowsExpectation

DEFAULTS = {"row": 0, "col": 0, "table_index": 0}


def frame(name: str, *rows: Row) -> Rows:
    columns = COLUMNS[name].split()
    return [{column: {**DEFAULTS, **row}.get(column, "") for column in columns} for row in rows]


def failing(expectation: RowsExpectation, rows: Rows) -> list[int]:
    return [row["row"] for row in expectation.examine(rows).failing]


def test_all_are_registered_under_their_own_name() -> None:
    from great_expectations.expectations.registry import get_expectation_impl

    for kind in TYPES:
        assert get_expectation_impl(kind.expectation_type) is kind


def check_rows(identity: str, verdict: str, *cells: tuple[int, str], index: int = 0) -> list[Row]:
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
    assert (examined.n_evaluated, examined.success, [row["row"] for row in examined.failing]) == (2, False, [3])


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
    assert bool(failing(ExpectAmountsToParse(words=r"[^\d]*[\u4e00-\u9fff][^\d]*"), rows)) is fails


def code_rows(*codes: str) -> Rows:
    return frame("codes", *({"row": i, "code": code} for i, code in enumerate(codes)))


def test_codes_match_from_first_to_last_character() -> None:
    rows = code_rows("201", "2010301", "20103", "2010", "201O301", "20103011")
    assert failing(ExpectCodesToMatch(pattern=r"\d{3}(\d{2}(\d{2})?)?"), rows) == [3, 4, 5]


def test_orphan_code_fails_where_the_table_prints_a_tree() -> None:
    rows = code_rows("201", "20103", "2010301", "2010801", "2010302")
    assert failing(ExpectCodesToHaveParents(lengths=[3, 5, 7]), rows) == [3]


def test_of_codes_in_doubt_only_those_are_looked_at() -> None:
    rows = code_rows("201", "20103", "2010301", "2010801", "2080505")
    rows[4]["doubts"] = "low_confidence"
    examined = ExpectCodesToHaveParents(lengths=[3, 5, 7], in_doubt=True).examine(rows)
    assert (examined.n_evaluated, [row["row"] for row in examined.failing]) == (1, [4])


def test_codes_without_a_tree_are_not_looked_at() -> None:
    examined = ExpectCodesToHaveParents(lengths=[3, 5, 7]).examine(code_rows("2010301", "2080505", "2101101"))
    assert (examined.n_evaluated, examined.success) == (0, True)


def text_rows(n_figures: int) -> Rows:
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


def test_value_at_least_where_it_is_asked_for() -> None:
    values = [(0.8, 3), (0.7, 3), (0.1, 0), (0.75, 1)]
    rows = frame("table", *({"row": i, "confirmed": c, "n_implied": n} for i, (c, n) in enumerate(values)))
    examined = ExpectValueAtLeast(column="confirmed", least=0.75, when="n_implied").examine(rows)
    assert (examined.n_evaluated, [row["row"] for row in examined.failing]) == (3, [1])


def test_values_match_from_first_to_last_character() -> None:
    rows = frame("document", *({"row": i, "fiscal_year": year} for i, year in enumerate(("2025", "", "20251", "1025"))))
    assert failing(ExpectValuesToMatch(column="fiscal_year", pattern="(19|20)[0-9]{2}"), rows) == [1, 2, 3]
    pages = frame("pages", {"row": 0, "failures": ""}, {"row": 1, "failures": "E_X"})
    assert failing(ExpectValuesToMatch(column="failures", pattern=""), pages) == [1]


def test_a_cell_of_two_failing_checks_is_named_once() -> None:
    rows = frame(
        "checks",
        *check_rows("I02", "source_inconsistent", (4, "read"), (3, "read"), index=7),
        *check_rows("I01", "source_inconsistent", (3, "read"), (5, "read"), index=2),
    )
    assert failing(ExpectIdentityToHold(identity=".*", verdicts=["source_inconsistent"]), rows) == [3, 5, 4]


def weight_rows(execution: str, *weights: str) -> Rows:
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
