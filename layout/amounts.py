"""Printed amounts <-> Decimal. Strict: what is not well formed is text, so that a wrong figure is seen and not guessed at.

Accepted: 1,234.56 · 1 234.56 · full-width digits and punctuation · (1,234) · -5 · △5 · ▲5 · 5.2% · dashes alone.
Refused (kind TEXT): groups that are not of three digits (3,064,66), two points (3.064.66), mixed separators, leading
zeros (012, which may be 0.12 with its point lost), a point without digits on both sides, more than 18 digits (no amount
has them, and sums of more would no longer be exact).

Codes such as 2010301 are numbers by form; only the caller knows which columns hold codes.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from layout.values import Amount, Blankness

# Full-width forms only. NFKC would also turn 10² into 102 and ① into 1.
_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2009: 0x20}
MOST_DIGITS = 18
_DASHES = frozenset("-–—―─−﹣_")
_MINUS = "-−–△▲"
_DIGITS = r"(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+)(?:\.\d+)?"
_NUMBER = re.compile(rf"(?P<sign>[{_MINUS}+] ?)?(?P<digits>{_DIGITS}) ?(?P<percent>%)?")
_BRACKETED = re.compile(rf"\( ?(?P<digits>{_DIGITS}) ?(?P<percent>%)? ?\)")


@lru_cache(maxsize=8192)
def parse_amount(text: str) -> Amount:
    """The amount that ``text`` prints, blank, dash, zero, number and text kept apart.

    A percentage keeps its printed value (5.2% is 5.2 with is_percent). A number wrapped in a narrow column (0.1 / 9)
    is put together only where the break is evident; otherwise it is text.
    """
    plain = text.translate(_TO_ASCII).strip()
    if not plain:
        return Amount(Blankness.BLANK, None, 0)
    if len(plain) <= 4 and set(plain) <= _DASHES:
        return Amount(Blankness.DASH, None, 0)
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    found = _parse_number(lines[0]) if len(lines) == 1 else _parse_wrapped(lines)
    return found or Amount(Blankness.TEXT, None, 0)


def format_amount(amount: Amount) -> str:
    """The usual print of an amount, so that ``parse_amount(format_amount(x)) == x``; ValueError for text."""
    if amount.kind is Blankness.BLANK:
        return ""
    if amount.kind is Blankness.DASH:
        return "—"
    if amount.value is None:
        raise ValueError("text is not an amount")
    return f"{amount.value:,.{amount.decimals}f}" + ("%" if amount.is_percent else "")


def is_figure(amount: Amount) -> bool:
    """Whether a value is printed: a number or a zero."""
    return amount.value is not None


def is_grouped(text: str) -> bool:
    """Whether the print has thousands groups: a sign that it is an amount and not a code."""
    return "," in text.translate(_TO_ASCII)


def _parse_number(line: str) -> Amount | None:
    # Engines like to put a space behind a comma; the groups of three keep this safe.
    match = _NUMBER.fullmatch(squeezed := re.sub(r", (?=\d)", ",", line)) or _BRACKETED.fullmatch(squeezed)
    if match is None:
        return None
    digits = match["digits"].replace(",", "").replace(" ", "")
    if len(digits) > MOST_DIGITS + ("." in digits):
        return None
    value = Decimal(digits)
    decimals = len(digits.partition(".")[2])
    percent = match["percent"] is not None
    if value == 0:
        return Amount(Blankness.ZERO, value, decimals, percent)
    sign = match.groupdict().get("sign")
    negative = match.re is _BRACKETED or (sign is not None and sign[0] in _MINUS)
    return Amount(Blankness.NUMBER, -value if negative else value, decimals, percent)


def _parse_wrapped(lines: list[str]) -> Amount | None:
    joined = _parse_number("".join(lines))
    if joined is None or joined.decimals == 0 or len(lines) != 2:
        return None
    first, second = lines
    whole = _parse_number(first)
    if whole is None or second[0] in ".,)" or not _parse_number(second.rstrip(")%")):
        return joined
    # 0.1 / 9: one decimal lacks; anything longer may be two figures in one cell.
    return joined if whole.decimals == 1 and second.isdigit() and len(second) == 1 else None
