"""What the other cells of a column say of a lone mark: signs, units, numerals, dashes."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layout.amounts import is_figure, parse_amount
from layout.values import Blankness, Cell, Table

NUMERALS = frozenset("二三四五六七八九十")
#: What % is read as.
PERCENT_LIKE = frozenset("0oO〇8aB品69%＊*g&")


@dataclass(frozen=True, slots=True)
class SymbolOptions:
    """signs: what a column of signs may hold. least_signs: cells of a column that hold one, to call it such a column.

    In text heights: thickest stroke, shortest stroke, widest hyphen, narrowest dash of a full character (which may be
    一 as well), widest gap of an equals sign.
    level_share: of the longer of two strokes, that the shorter one has in an equals sign; in 二 it has 0.6 to 0.8.
    least_percent: width over height of the ink from which it is no single digit. least_falling: share of ink in the
    upper left and lower right quarters from which it is % (a digit has half).
    """

    signs: tuple[str, ...] = ("≥", "≤", "=", ">", "<", "≠", "≈", "±", "定性", "定量", "正向", "反向")
    least_signs: int = 2
    thickest: float = 0.22
    shortest: float = 0.2
    hyphen: float = 0.62
    dash: float = 0.75
    gap: float = 0.6
    level_share: float = 0.88
    least_percent: float = 0.8
    least_falling: float = 0.65


def plain(text: str) -> str:
    """Text without white space and width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def mates_of(cell: Cell, table: Table) -> tuple[Cell, ...]:
    """The other cells with text in the same columns."""
    span = cell.span
    return tuple(
        c
        for c in table.cells
        if c is not cell and c.text and (c.span.col, c.span.col_stop) == (span.col, span.col_stop)
    )


def is_sign_column(mates: Sequence[Cell], options: SymbolOptions) -> bool:
    """Whether most short texts of a column are signs."""
    short = [plain(c.text) for c in mates if len(plain(c.text)) <= 2]
    n_signs = sum(t in options.signs for t in short)
    return n_signs >= options.least_signs and n_signs >= 0.4 * len(short)


def is_unit_column(mates: Sequence[Cell]) -> bool:
    """Words of one to four characters that are no figures: units, as a rule."""
    short = [plain(c.text) for c in mates if len(plain(c.text)) <= 4]
    words = [t for t in short if not set(t) <= PERCENT_LIKE - {"%"} and not any(ch.isdigit() for ch in t)]
    return len(words) >= 2 and len(words) >= 0.4 * len(short) and len(short) >= 0.6 * len(mates)


def counts(mates: Sequence[Cell]) -> bool:
    """Whether a column counts in Chinese numerals, so that a lone 一 or 二 is one of them."""
    return any(plain(c.text) in NUMERALS - {"二"} for c in mates) or (
        sum(plain(c.text) in {"一", "二"} for c in mates) >= 2 and any(plain(c.text)[1:2] == "、" for c in mates)
    )


def holds_marks(mates: Sequence[Cell], options: SymbolOptions) -> bool:
    """Whether a column is one of signs, of figures, or prints dashes."""
    figures = sum(is_figure(parse_amount(c.text)) for c in mates)
    return is_sign_column(mates, options) or any(is_dash(c.text) for c in mates) or figures >= 2


def is_dash(text: str) -> bool:
    """Whether a text is a dash that stands for nothing."""
    return parse_amount(text).kind is Blankness.DASH


def usual_of(texts: Iterable[str], otherwise: str) -> str:
    """The text that comes most often, or ``otherwise`` where there is none."""
    return next((text for text, _ in Counter(texts).most_common(1)), otherwise)


def as_printed(sign: str, mates: Sequence[Cell]) -> str:
    """A sign in the form that a column prints most often."""
    return usual_of((c.text.strip() for c in mates if plain(c.text) == sign), sign)
