"""What else a cell may print: other readings of it, alternatives of its characters, and what its sums ask for.

Supported candidates rest on evidence in the cell itself: another reading says it, or recognition held it possible. A cell
whose independent readings all agree gives a supported candidate only where each of those readings held it possible: what
several looks read the same, and surely, is printed so, and if it is wrong it is the author's.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.confusions import load_confusions, misreading
from layout.amounts import MOST_DIGITS, format_amount, is_figure, is_grouped, parse_amount
from layout.proposals import GRAMMAR
from layout.values import Amount, Blankness, Cell
from ocr.values import Char, Reading

Spelled = tuple[tuple[str, float, tuple[tuple[str, float], ...]], ...]
_SUREST = 0.9999


@dataclass(frozen=True, slots=True)
class CandidateOptions:
    """least_alternative: probability from which on an alternative is evidence and not noise of the recogniser.

    n_most: candidates per cell; n_replaced: characters of one reading replaced at once. distrust: price added to what no
    reading supports where several agree on something else.
    """

    least_alternative: float = 0.03
    n_most: int = 12
    n_replaced: int = 2
    distrust: float = 6.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another text of a cell. value: what it counts in sums, blank and dash as 0. price: -ln of its probability,
    against the text as read, all readings considered; misread_price: of the misreading by itself."""

    text: str
    value: Decimal
    price: float
    is_supported: bool
    evidence: str
    misread_price: float = 0.0


@dataclass(frozen=True, slots=True)
class Witness:
    """One reading with its characters, where they are known."""

    source: str
    text: str
    confidence: float
    spelled: Spelled


def supported_candidates(cell: Cell, options: CandidateOptions) -> tuple[Candidate, ...]:
    """What other readings or recognised alternatives say, cheapest first; values that differ from the cell's own."""
    own = counted(cell.text)
    witnesses = witnesses_of(cell)
    agreeing = [w for w in witnesses if counted(w.text) == own]
    found: dict[Decimal, Candidate] = {}
    for candidate in (*_from_readings(witnesses, agreeing), *_from_alternatives(witnesses, agreeing, options)):
        old = found.get(candidate.value)
        if candidate.value != own and (old is None or candidate.price < old.price):
            found[candidate.value] = candidate
    return tuple(sorted(found.values(), key=lambda c: c.price)[: options.n_most])


def demanded_candidate(cell: Cell, value: Decimal, decimals: int, options: CandidateOptions) -> Candidate | None:
    """The candidate for a value that sums ask for, where a known misreading explains it; never a supported one."""
    quantised = round(value, decimals)
    if quantised != value:
        return None
    text = _like(cell.text, value, decimals)
    printed = f"{value:.{decimals}f}"
    found = misreading(cell.text, printed) or misreading(_padded(cell.text, decimals), printed)
    if found is None:
        return None
    agreeing = sum(counted(w.text) == counted(cell.text) for w in witnesses_of(cell))
    price = found.price + options.distrust * (agreeing > 1)
    return Candidate(text, value, price, False, found.says, found.price)


def pointless_candidate(cell: Cell, decimals: int) -> Candidate | None:
    """The figure with the point that every look at it lacks; for a cell of a table that prints its figures with one.

    Evidence is the form: no layout of figures with two decimals prints 1,02077 or 32113 among them, and a point is the
    faintest mark there is, lost by every look alike.
    """
    texts = {plain_figure(w.text) for w in witnesses_of(cell)} | {plain_figure(cell.text)}
    text = texts.pop() if len(texts) == 1 else ""
    if not decimals or "." in text or not decimals < len(text.lstrip("-")) <= MOST_DIGITS:
        return None
    value = Decimal(text).scaleb(-decimals)
    price = load_confusions().prices["point"]
    says = f"the table prints its figures with {decimals} decimals"
    return Candidate(_printed(cell.text, value, decimals), value, price, True, says, price)


def plain_figure(text: str) -> str:
    """A figure's sign, digits and point; '' where anything else but separators stands."""
    plain = re.sub(r"[,，\s]", "", text).replace("．", ".").replace("－", "-")
    return plain if re.fullmatch(r"-?[\d.]*\d", plain, re.ASCII) else ""


def witnesses_of(cell: Cell) -> tuple[Witness, ...]:
    """The readings of a cell, one per source; the page's own where it was read only once."""
    page = Witness("page", cell.ocr_text, cell.confidence, _spell_words(cell))
    found = {"page": page} if not cell.readings else {}
    for reading in cell.readings:
        if reading.source == GRAMMAR:  # made of alternatives, which speak for themselves
            continue
        spelled = _spell(reading.text, reading.chars)
        if not spelled and reading.text == cell.ocr_text and reading.source == "page":
            spelled = page.spelled
        found.setdefault(reading.source, Witness(reading.source, reading.text, reading.confidence, spelled))
    return tuple(found.values())


def counted(text: str) -> Decimal | None:
    """What a text counts in a sum: blank and dash 0; None when it is no amount, or a percentage."""
    amount = parse_amount(text)
    if amount.kind in (Blankness.BLANK, Blankness.DASH):
        return Decimal(0)
    return None if amount.is_percent else amount.value


def with_reading(cell: Cell, readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings of a cell with new ones, the page's own first; one of a source already there is left out."""
    kept = list(cell.readings) or [Reading(cell.ocr_text, cell.confidence, "page")]
    for reading in readings:
        if all(reading.source != r.source for r in kept):
            kept.append(reading)
    return tuple(kept)


def _from_readings(witnesses: Sequence[Witness], agreeing: Sequence[Witness]) -> Iterator[Candidate]:
    against = sum(_log_odds(w.confidence) for w in agreeing)
    for witness in witnesses:
        value = counted(witness.text)
        if value is None or not (witness.text.strip() or parse_amount(witness.text).kind is Blankness.BLANK):
            continue
        sure = sum(_log_odds(w.confidence) for w in witnesses if counted(w.text) == value)
        # One look against another is no proof, so a second reading is never free.
        price = min(6.0, max(0.3, 1.0 + against - sure)) + (2.0 if not witness.text.strip() else 0.0)
        yield Candidate(witness.text, value, price, True, f"read so by {witness.source}")


def _from_alternatives(
    witnesses: Sequence[Witness], agreeing: Sequence[Witness], options: CandidateOptions
) -> Iterator[Candidate]:
    carried = {w.source: {c.value: c for c in _alternatives(w, options)} for w in witnesses}
    needed = agreeing or witnesses
    values = {v for of in carried.values() for v in of}
    for value in values:
        if all(value in carried[w.source] for w in needed):
            found = [carried[w.source][value] for w in needed]
            best = min(found, key=lambda c: c.price)
            yield Candidate(best.text, value, max(c.price for c in found), True, best.evidence)


def _alternatives(witness: Witness, options: CandidateOptions) -> Iterator[Candidate]:
    """Texts with up to n_replaced characters replaced by their alternatives, likeliest first."""
    swaps = [
        (-math.log(p / max(sure, p, 1e-6)), i, other, p)
        for i, (_, sure, others) in enumerate(witness.spelled)
        for other, p in others
        if p >= options.least_alternative
    ]
    heap: list[tuple[float, tuple[int, ...]]] = [(price, (i,)) for i, (price, *_) in enumerate(swaps)]
    heapq.heapify(heap)
    for _ in range(4 * options.n_most):
        if not heap:
            return
        price, chosen = heapq.heappop(heap)
        text = _swapped(witness.spelled, [swaps[i] for i in chosen])
        value = counted(text) if is_figure(parse_amount(text)) else None
        if value is not None:
            chance = min(swaps[i][3] for i in chosen)
            yield Candidate(text, value, price, True, f"held possible by recognition ({chance:.0%})")
        if len(chosen) < options.n_replaced:
            for i in range(chosen[-1] + 1, len(swaps)):
                if all(swaps[i][1] != swaps[j][1] for j in chosen):
                    heapq.heappush(heap, (price + swaps[i][0], (*chosen, i)))


def _swapped(spelled: Spelled, swaps: Sequence[tuple[float, int, str, float]]) -> str:
    parts = [char for char, _, _ in spelled]
    for _, i, other, _ in swaps:
        parts[i] = other
    return "".join(parts)


def _spell(text: str, chars: Sequence[Char]) -> Spelled:
    if "".join(c.text for c in chars) != text:
        return ()
    return tuple((c.text, c.confidence, c.alternatives) for c in chars)


def _spell_words(cell: Cell) -> Spelled:
    """The cell's first reading by the characters of its words; () where they do not spell it."""
    spelled: list[tuple[str, float, tuple[tuple[str, float], ...]]] = []
    at = 0
    for word in cell.words:
        begin = cell.ocr_text.find(word.text, at)
        if begin < 0 or not word.chars:
            return ()
        spelled += [(c, 1.0, ()) for c in cell.ocr_text[at:begin]]
        spelled += [(c.text, c.confidence, c.alternatives) for c in word.chars]
        at = begin + len(word.text)
    spelled += [(c, 1.0, ()) for c in cell.ocr_text[at:]]
    return tuple(spelled) if cell.words else ()


def _log_odds(confidence: float) -> float:
    share = min(max(confidence, 0.5), _SUREST)
    return math.log(share / (1 - share))


def _padded(text: str, decimals: int) -> str:
    """A figure as plain digits with all its decimals; what is no figure as it is."""
    amount = parse_amount(text)
    return f"{amount.value:.{decimals}f}" if amount.value is not None else text


def _like(text: str, value: Decimal, decimals: int) -> str:
    """The value printed in the manner of a text: grouped or not, with its decimals."""
    amount = parse_amount(text)
    n = amount.decimals if amount.value is not None and round(value, amount.decimals) == value else decimals
    return _printed(text, value, n)


def _printed(text: str, value: Decimal, decimals: int) -> str:
    printed = format_amount(Amount(Blankness.NUMBER if value else Blankness.ZERO, value, decimals))
    return printed if is_grouped(text) else printed.replace(",", "")
