"""Comparing printed words: what two prints of one word share, whatever the spacing, width and small misreadings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("", "", "“”\"'‘’「」『』《》〈〉·")
_YEAR = re.compile(r"(?:19|20)\d{2}年?度?")
_TABLE_TAIL = re.compile(r"(?:情况)?(?:一览)?表$")


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """NFKC without white space and quotation marks; ASCII in lower case."""
    bare = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    # Again, because taking a space away may bring a letter and its accent together.
    return _SPACE.sub("", unicodedata.normalize("NFKC", bare)).lower()


@lru_cache(maxsize=4096)
def without_year(text: str) -> str:
    """Normalised, years taken out."""
    return _YEAR.sub("", normalise(text))


def misread_allowance(word: str) -> int:
    """How many characters of a word may be misread before it is another word: none of a short one."""
    return 0 if len(word) < 5 else 1 if len(word) < 9 else 2


@lru_cache(maxsize=4096)
def holds_word(text: str, word: str) -> bool:
    """Whether the normalised text holds the word, a few of its characters misread at most."""
    if word in text:
        return True
    allowed, n = misread_allowance(word), len(word)
    if not allowed or not any(part in text for part in _parts(word)):
        return False
    return any(misread(text[i : i + n], word) <= allowed for i in range(len(text) - n + 1))


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    """The word in one part more than may be misread characters: where no more are, one of the parts stands as it is."""
    n_parts = misread_allowance(word) + 1
    return tuple(word[i * len(word) // n_parts : (i + 1) * len(word) // n_parts] for i in range(n_parts))


def misread(a: str, b: str) -> int:
    """The number of places at which two texts of one length differ; a big number for other lengths."""
    return sum(x != y for x, y in zip(a, b, strict=True)) if len(a) == len(b) else max(len(a), len(b))


def nearest(text: str, words: tuple[str, ...]) -> str:
    """The word that the text is, or is misread from; '' when none or when two fit equally well."""
    if text in words:
        return text
    scored = sorted((misread(text, w), w) for w in words if len(w) == len(text) and misread_allowance(w))
    close = [(d, w) for d, w in scored if d <= misread_allowance(w)]
    if not close or (len(close) > 1 and close[0][0] == close[1][0]):
        return ""
    return close[0][1]
