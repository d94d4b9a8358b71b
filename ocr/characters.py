"""What kind of character is read."""

from __future__ import annotations


def is_ideograph(character: str) -> bool:
    """Whether one character is an ideograph of the block that disclosures are written in; no text is none."""
    return len(character) == 1 and "\u4e00" <= character <= "\u9fff"
