"""What a doubted figure must be if its digits were read right: the marks of its column's form, and no others.

A figure has its thousands commas in groups of three, the decimals of its column and, in a column of percentages, its %. So
24.977.40, 24,977,40 and 24.977/40 can only be 24,977.40, and 31.8896 among percentages of two decimals 31.88%. All looks at a
cell vote with their confidence for what they must be. The text that wins counts, for nothing with broken marks is a figure,
and stays in doubt until sums settle it; what was read stays beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from layout.amounts import parse_amount
from layout.cells import with_doubt
from layout.columns import ColumnForm, ColumnType
from layout.proposals import GRAMMAR
from layout.text_boxes import RULING_MARKS
from layout.values import Blankness, Cell, Doubt
from ocr.values import Reading

LEAST_FIGURES = 5
"""Figures from which on a column has a form that says how another is printed."""
_SIGNS = "-−–△▲+"
_PLAIN_MARKS, _STROKES = ".,，．;；:：·'", "/|\\!丨"
#: An amount with decimals whose groups are parted by any mark, or whose point stands as high as one of full width is read.
_WRONG_MARKS = re.compile(
    r"[-−–△▲+(（]?(?:\d{1,3}(?:(?:[.,，．]\d{3})+[.,，．]+|[.,，．]{2,})|(?:\d{1,3}(?:[.,，．]\d{3})+|\d+)·)\d{1,2}%?[)）]?"
)
_READ_PERCENT = re.compile(r"(?:[%％][^%％\d)）]?|[%％][0-9]|9[69bB])$")


def may_lack_percent(text: str, form: ColumnForm) -> bool:
    """Whether a text of a column of percentages has no %, or something behind it, and ends in what % is read as."""
    plain = "".join(text.split())
    return form.is_percent and plain[-1:] not in ("%", "％") and bool(_READ_PERCENT.search(plain))


def has_wrong_marks(text: str) -> bool:
    """Whether a text is an amount but for a point in the place of a comma, or the other way round: 1.234.56, 1,234,56; 0·12."""
    return bool(_WRONG_MARKS.fullmatch("".join(text.split()))) and parse_amount(text).kind is Blankness.TEXT


def beside_a_stroke(text: str) -> bool:
    """Whether a text is a figure but for a stroke at an end, as a ruling is read: 487.64!"""
    plain = "".join(text.split())
    bare = plain.strip("".join(RULING_MARKS))
    return bare != plain and parse_amount(bare).kind is Blankness.NUMBER


def usual_decimals(texts: Iterable[str]) -> int:
    """The decimals that nearly all figures of a table print which print any; 0 where they have no habit."""
    counts = Counter(a.decimals for a in map(parse_amount, texts) if a.decimals and a.value is not None)
    decimals, n = max(counts.items(), key=lambda pair: pair[1], default=(0, 0))
    return decimals if n >= 2 * LEAST_FIGURES and n >= 0.9 * sum(counts.values()) else 0


def lost_point(text: str, decimals: int) -> bool:
    """Whether a text is a figure of so many decimals but for a comma, or nothing, in the place of its point: 560,46; 359 80."""
    plain = text.strip()
    is_split = decimals in (1, 2) and re.fullmatch(rf"[-−–△▲+(（]?\d{{1,3}}[,， ]\d{{{decimals}}}[%％]?[)）]?", plain)
    return bool(is_split) and parse_amount(plain).kind is Blankness.TEXT


def in_form(text: str, form: ColumnForm, *, is_sealed: bool = False, decimals: int = 0) -> str:
    """The one figure of the column's form that has the digits of a text, '' where there is none.

    is_sealed: strokes of a seal may stand for marks, and its characters beside the figure. A text whose marks alone are wrong
    shows its own decimals, where the column has no habit; decimals: as `usual_decimals` of the table says, for such a column.
    """
    if form.type is not ColumnType.DECIMAL or form.decimals is None or form.n_figures < LEAST_FIGURES:
        if not (has_wrong_marks(text) or lost_point(text, decimals)):
            return ""
        text = re.sub(r"(?<=\d) (?=\d)", ",", text.strip())
        form = _own_form(text)
    plain = "".join(max(text.split("\n"), key=lambda line: sum(c.isdigit() for c in line)).split())
    if is_sealed:
        plain = re.sub(r"^[^\d(（" + re.escape(_SIGNS) + r"]+|[^\d%％)）]+$", "", plain)
    if may_lack_percent(plain, form):
        plain = _READ_PERCENT.sub("%", plain)
    marks = re.escape(_PLAIN_MARKS + (_STROKES if is_sealed else ""))
    match = re.fullmatch(
        rf"(?P<sign>[{re.escape(_SIGNS)}(（]?)(?P<figure>\d+(?:[{marks}]{{1,2}}\d+)*)(?P<tail>[%％]?[)）]?)", plain
    )
    if match is None:
        return ""
    figure = _marked(re.split(rf"[{marks}]+", match["figure"]), form)
    found = match["sign"] + figure + match["tail"]
    amount = parse_amount(found)
    fits = bool(figure) and amount.kind is not Blankness.TEXT and amount.is_percent == form.is_percent
    return found if fits and amount.decimals == form.decimals else ""


def _own_form(text: str) -> ColumnForm:
    plain = "".join(text.split()).rstrip(")）")
    is_percent = plain.endswith(("%", "％"))
    return ColumnForm(ColumnType.DECIMAL, len(re.split(r"\D", plain.rstrip("%％"))[-1]), LEAST_FIGURES, is_percent)


def _marked(parts: list[str], form: ColumnForm) -> str:
    """Parts of a figure between its marks put together with the right ones; '' where no figure is parted so."""
    fraction = ""
    if form.decimals:
        *parts, fraction = parts
        if len(fraction) != form.decimals or not parts:
            return ""
    if len(parts) > 1 and (len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:])):
        return ""
    # a lost comma is made good: without it 4698.43 might pass for a figure of a column that prints groups
    is_bare = len(parts) == 1 and form.is_grouped and parts[0][0] != "0"
    whole = f"{int(parts[0]):,}" if is_bare else ",".join(parts)
    return f"{whole}.{fraction}" if fraction else whole


def with_printed_marks(cell: Cell, form: ColumnForm, decimals: int = 0) -> Cell:
    """The doubted cell with the text that most of its looks must be, where its own is no figure of its column's form.

    decimals: see `in_form`.
    """
    text = cell.text
    if not cell.doubts or not text.strip() or text == in_form(text, form, decimals=decimals) or _is_blank(text):
        return cell
    is_sealed = Doubt.UNDER_SEAL in cell.doubts
    votes: Counter[str] = Counter()
    looks = [r for r in cell.readings if r.source != GRAMMAR] or [Reading(cell.ocr_text, cell.confidence, "page")]
    for look in looks:
        if found := in_form(look.text, form, is_sealed=is_sealed, decimals=decimals):
            votes[found] += look.confidence  # type: ignore[assignment]
    best, weight = max(votes.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0.0))
    if not best or parse_amount(best) == parse_amount(text):
        return cell
    sure = min(0.5, weight / len(looks))
    readings = tuple(looks) if best in {r.text for r in looks} else (*looks, Reading(best, sure, GRAMMAR))
    chosen = replace(cell, text=best, readings=readings, confidence=min(cell.confidence, sure))
    return with_doubt(chosen, Doubt.READINGS_DIFFER)


def _is_blank(text: str) -> bool:
    return parse_amount(text).kind in (Blankness.BLANK, Blankness.DASH, Blankness.ZERO)
