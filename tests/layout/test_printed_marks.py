"""Figures with broken marks give way to the one that their digits make, in doubt, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layout.columns import ColumnForm, ColumnType
from layout.printed_marks import in_form, lost_point, may_lack_percent, usual_decimals, with_printed_marks
from layout.values import Cell, Doubt
from ocr.values import Reading
from tests.builders import table

MONEY = ColumnForm(ColumnType.DECIMAL, 2, 8, is_grouped=True)
RATES = ColumnForm(ColumnType.DECIMAL, 2, 8, is_percent=True)
SHARES = ColumnForm(ColumnType.DECIMAL, 0, 8, is_percent=True)
WORDS = ColumnForm(ColumnType.TEXT, None, 0)


@pytest.mark.parametrize(
    ("text", "form", "figure"),
    [
        ("24.977.40", MONEY, "24,977.40"),
        ("24,977,40", MONEY, "24,977.40"),
        ("(1.234,56)", MONEY, "(1,234.56)"),
        ("△91.188.31", MONEY, "△91,188.31"),
        ("4698.43", MONEY, "4,698.43"),  # groups are printed: a comma was lost at least
        ("12.34", MONEY, "12.34"),
        ("31.8896", RATES, "31.88%"),
        ("201.36%6", RATES, "201.36%"),
        ("1996", SHARES, "19%"),
        ("81%á", SHARES, "81%"),
        ("1,504,96", WORDS, "1,504.96"),  # it is an amount in any column
        ("-86,349·84", WORDS, "-86,349.84"),  # points of full width are read so
        ("0·10", WORDS, "0.10"),
        ("1234·5%", WORDS, "1234.5%"),
        # digits that make no figure of the form
        ("012.34", MONEY, ""),
        ("1.234", MONEY, ""),
        ("59796", MONEY, ""),
        ("12.34.56", MONEY, ""),
        ("12/31", MONEY, ""),
        ("24.977/40", MONEY, ""),
        ("12.5", RATES, ""),
        ("见附表2-1", MONEY, ""),
        ("2024.12", WORDS, ""),
        ("3·15·6", WORDS, ""),
    ],
)  # fmt: skip
def test_what_a_text_must_be_if_its_digits_are_right(text: str, form: ColumnForm, figure: str) -> None:
    assert in_form(text, form) == figure


@pytest.mark.parametrize("text", ["47543/12", "专用47,543.12", "方\n47,543.12", "47,543|12"])
def test_strokes_and_characters_of_a_seal_are_no_part_of_a_figure(text: str) -> None:
    assert in_form(text, MONEY, is_sealed=True) == "47,543.12"


def test_in_a_column_without_habit_the_table_tells_where_a_point_was_lost() -> None:
    decimals = usual_decimals(["1.20", "13.45", "7", "名称", "0.00"] * 4)
    assert decimals == 2
    assert usual_decimals(["1.20", "1.2", "1.234"] * 9) == usual_decimals(["1.20"] * 4) == 0
    for text, figure in (("560,46", "560.46"), ("359 80", "359.80"), ("-19,76%", "-19.76%")):
        assert lost_point(text, decimals)
        assert in_form(text, WORDS, decimals=decimals) == figure
    for text in ("560,4", "1,234", "12,34,56", "2024 01 02", "560.46"):
        assert not lost_point(text, decimals)
    assert not lost_point("560,46", 0)


def looked_at(text: str, *looks: tuple[str, float], doubts: tuple[Doubt, ...] = (Doubt.OFF_TYPE,)) -> Cell:
    readings = tuple(Reading(t, sure, "crop" if i else "page") for i, (t, sure) in enumerate(looks))
    return replace(table([[text]]).cells[0], readings=readings, doubts=doubts, confidence=0.9)


def test_all_looks_vote_and_the_doubt_stays() -> None:
    cell = looked_at("4698.43", ("45.698.43", 0.83), ("4698.43", 0.55), ("45.698.43", 0.77))
    chosen = with_printed_marks(cell, MONEY)
    assert (chosen.text, chosen.ocr_text) == ("45,698.43", "4698.43")
    assert Doubt.OFF_TYPE in chosen.doubts
    assert Doubt.READINGS_DIFFER in chosen.doubts
    assert chosen.readings == (*cell.readings, Reading("45,698.43", 0.5, "grammar"))
    assert chosen.confidence <= 0.5


def test_figures_of_the_form_and_undoubted_cells_stay() -> None:
    for cell, form in (
        (looked_at("12.34", ("12.34", 0.9), ("1.234.56", 0.9)), MONEY),
        (looked_at("24.977.40", ("24.977.40", 0.9), doubts=()), MONEY),
        (looked_at("4698.43", ("4698.43", 0.9), ("4698.43", 0.9)), MONEY),  # the same amount
        (looked_at("—", ("—", 0.9), ("1.234.56", 0.9)), MONEY),
        (looked_at("1.2.3", ("1.2.3", 0.9)), WORDS),
    ):  # fmt: skip
        assert with_printed_marks(cell, form) == cell


def test_96_may_be_a_percent_sign_only_among_percentages() -> None:
    assert may_lack_percent("1996", SHARES)
    assert may_lack_percent("31.88%6", RATES)
    assert not may_lack_percent("1996", MONEY)
    assert not may_lack_percent("96%", SHARES)
