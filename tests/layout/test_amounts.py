from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.amounts import format_amount, parse_amount
from layout.values import Amount, Blankness

NUMBERS = [
    ("1,234.56", "1234.56", 2),
    ("1，234．56", "1234.56", 2),
    ("１，２３４．５６", "1234.56", 2),
    ("1 234.56", "1234.56", 2),
    ("1, 234.56", "1234.56", 2),
    ("(1,234)", "-1234", 0),
    ("（1,234.50）", "-1234.50", 2),
    ("△12.3", "-12.3", 1),
    ("▲ 5", "-5", 0),
    ("-0.5", "-0.5", 1),
    ("−7", "-7", 0),
    ("2010301", "2010301", 0),
    ("3064.66", "3064.66", 2),
    ("1,234,567.000001", "1234567.000001", 6),
    ("0.1\n9", "0.19", 2),
    ("3,064.\n66", "3064.66", 2),
    ("3,06\n4.66", "3064.66", 2),
]


@pytest.mark.parametrize(("text", "value", "decimals"), NUMBERS)
def test_printed_forms_are_read(text: str, value: str, decimals: int) -> None:
    assert parse_amount(text) == Amount(Blankness.NUMBER, Decimal(value), decimals)


@pytest.mark.parametrize(
    "text",
    ["3,064,66", "3.064.66", "30,64.66", "1,2345", "12,34", "012", "00.5", ".5", "5.", "1,234 567", "1 2345", "10²", "①",
     "3O64", "12万元", "12\n34", "27.5\n28", "1,234\n5,678.00", "(5.2)%", "一", "/", "合计", "3,064.66|", "--5", "5-",
     "1,234,56", "3,O64.66", "3·06", "9.l2", "12:30", "1,,234", "3,064.6 6", "1" * 19, "12345678901234567.89", "1" * 10**6],
)  # fmt: skip
def test_ill_formed_numbers_stay_text(text: str) -> None:
    assert parse_amount(text) == Amount(Blankness.TEXT, None, 0)


def test_blank_dash_zero_and_number_are_four_things() -> None:
    kinds = [parse_amount(t).kind for t in ("", " \n", "—", "-", "——", "–", "0", "0.00", "-0.00", "0%", "1")]
    assert kinds == [Blankness.BLANK] * 2 + [Blankness.DASH] * 4 + [Blankness.ZERO] * 4 + [Blankness.NUMBER]


def test_percent_keeps_its_printed_value() -> None:
    assert parse_amount("5.20％") == Amount(Blankness.NUMBER, Decimal("5.20"), 2, is_percent=True)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    if draw(st.integers(0, 9)) == 0:
        return Amount(draw(st.sampled_from([Blankness.BLANK, Blankness.DASH])), None, 0)
    decimals = draw(st.integers(0, 6))
    value = Decimal(draw(st.integers(-(10**15), 10**15))).scaleb(-decimals)
    return Amount(Blankness.NUMBER if value else Blankness.ZERO, value if value else abs(value), decimals,
                  draw(st.booleans()))  # fmt: skip


@given(amounts())
def test_format_and_parse_are_inverse(amount: Amount) -> None:
    assert parse_amount(format_amount(amount)) == amount


@given(st.integers(1000, 10**12), st.integers(0, 11), st.sampled_from(",.·;: "))
def test_a_stray_mark_is_never_read_as_a_different_number(value: int, at: int, mark: str) -> None:
    text = f"{value:,}.00"
    at = min(at, len(text))
    broken = parse_amount(text[:at] + mark + text[at:])
    assert broken.kind is Blankness.TEXT or broken.value == value


@given(st.text(max_size=12))
def test_any_text_has_an_amount_and_none_is_invented(text: str) -> None:
    amount = parse_amount(text)
    assert (amount.value is None) == (amount.kind in {Blankness.BLANK, Blankness.DASH, Blankness.TEXT})


def test_text_cannot_be_printed_as_an_amount() -> None:
    with pytest.raises(ValueError, match="not an amount"):
        format_amount(Amount(Blankness.TEXT, None, 0))
