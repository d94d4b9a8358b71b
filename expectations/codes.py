"""A code and its name check each other, by the dictionary of their year.

Offices shorten names, go on using last year's, and divide national codes further for themselves: none of that is an
error. A known code under the name of another is a misreading of one of the two, or a slip of the author.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from expectations.catalogue.dictionary import Dictionary
from expectations.catalogue.loader import Catalogue, CodeSystem
from expectations.words import misread_allowance, normalise

_N_NEAREST = 3
_ALIKE = 0.6


class Agreement(StrEnum):
    """AGREES: the name of its year; OTHER_YEAR: a name it had in another; LOCAL: a code below the national ones;
    DIFFERS: a known code under another name; UNKNOWN: no such code; UNCHECKED: no name beside it, or no dictionary."""

    AGREES = "agrees"
    OTHER_YEAR = "other_year"
    LOCAL = "local"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    UNCHECKED = ""


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """nearest: '2080505 name' of the entries that come closest, best first; empty where nothing is amiss."""

    agreement: Agreement
    nearest: tuple[str, ...] = ()


def check_code(system: str, code: str, name: str, year: int | None, catalogue: Catalogue) -> CodeCheck:
    """How a code and the name printed beside it go together."""
    rule = next((s for s in catalogue.code_systems if s.key == system), None)
    dictionary = catalogue.dictionary.get(system, {})
    plain = _bare(normalise(name), catalogue)
    if rule is None or not dictionary or not plain:
        return CodeCheck(Agreement.UNCHECKED)
    if code not in dictionary:
        if len(code) > rule.national and _national(code, rule) in dictionary:
            return CodeCheck(Agreement.LOCAL)
        return CodeCheck(Agreement.UNKNOWN, _nearest(code, plain, dictionary, catalogue))
    same = [n for n in dictionary[code] if _agree(plain, _bare(n.plain, catalogue))]
    if any(n.was_in_use(year) for n in same):
        return CodeCheck(Agreement.AGREES)
    if same:
        return CodeCheck(Agreement.OTHER_YEAR)
    return CodeCheck(Agreement.DIFFERS, _nearest(code, plain, dictionary, catalogue))


def _national(code: str, rule: CodeSystem) -> str:
    return code[: rule.national]


def _bare(name: str, catalogue: Catalogue) -> str:
    """A name without numbering by 其中 and without the words that offices add or leave out at its end."""
    return re.sub(catalogue.name_tail, "", catalogue.detail.sub("", name)) or name


def _agree(printed: str, known: str) -> bool:
    """The same but for a few misread, lost or added characters; or one is the other shortened."""
    if printed == known:
        return True
    short, long = sorted((printed, known), key=len)
    if len(short) >= 4 and short in long:
        return True
    return _n_edits(printed, known) <= misread_allowance(long)


def _n_edits(a: str, b: str) -> int:
    """Levenshtein distance (Wagner and Fischer 1974)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def _nearest(code: str, plain: str, dictionary: Dictionary, catalogue: Catalogue) -> tuple[str, ...]:
    """The entries most like the code and the name: a name says more than a digit."""
    scored = []
    for other, names in dictionary.items():
        matchers = (SequenceMatcher(None, plain, _bare(n.plain, catalogue)) for n in names)
        worth = (m for m in matchers if other == code or m.real_quick_ratio() >= _ALIKE)  # by their lengths
        alike = max((m.ratio() for m in worth), default=0.0)
        digits = sum(x == y for x, y in zip(code, other, strict=False)) / max(len(code), len(other))
        if alike >= _ALIKE or other == code:
            scored.append((-(2 * alike + digits), other))
    return tuple(f"{other} {dictionary[other][0].name}" for _, other in sorted(scored)[:_N_NEAREST])
