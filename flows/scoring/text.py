"""Text as it is compared: NFKC, no white space. Edit distance after Myers (1999), bit-parallel."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NUMBER = re.compile(r"[-−+△▲(]?\d[\d,]*(\.\d+)?\)?%?")


@lru_cache(maxsize=100_000)
def normalise(text: str) -> str:
    """``text`` after NFKC and without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_number(text: str) -> bool:
    """Whether the whole text is one amount, count, code or percentage."""
    return bool(_NUMBER.fullmatch(normalise(text)))


def number_key(text: str) -> str:
    """Equal for two printings of one number that differ in thousands separators only; decimals and sign count."""
    return normalise(text).replace(",", "").replace("−", "-")


@lru_cache(maxsize=200_000)
def edit_distance(a: str, b: str) -> int:
    """Levenshtein distance. Myers, "A fast bit-vector algorithm for approximate string matching", JACM 46 (1999)."""
    if a == b:
        return 0
    if not a or not b:
        return len(a) + len(b)
    masks: dict[str, int] = {}
    for index, char in enumerate(a):
        masks[char] = masks.get(char, 0) | 1 << index
    full, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    plus, minus, score = full, 0, len(a)
    for char in b:
        match = masks.get(char, 0)
        vertical = match | minus
        horizontal = (((match & plus) + plus) ^ plus) | match
        up = minus | (~(horizontal | plus) & full)
        down = plus & horizontal
        score += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & full, down << 1 & full
        plus, minus = down | (~(vertical | up) & full), up & vertical
    return score


def characters_right(truth: str, read: str) -> int:
    """Characters of ``truth`` that a reading got, insertions counted against it; both are normalised here."""
    true, got = normalise(truth), normalise(read)
    return max(0, len(true) - edit_distance(true, got))
