"""When two readings say the same, and how much a reading weighs."""

from __future__ import annotations

import math
import unicodedata

from layout.amounts import parse_amount
from layout.values import Blankness

#: No engine is surer than this, whatever it says.
_SUREST = 0.999
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹ªº")


def same_reading(one: str, other: str) -> bool:
    """Whether two readings say the same: equal amounts as printed, or equal text but for width and white space."""
    a, b = parse_amount(one), parse_amount(other)
    if Blankness.TEXT not in (a.kind, b.kind):
        return a == b
    return _plain(one) == _plain(other)


def log_odds(confidence: float) -> float:
    """How much a witness of this confidence weighs; one less sure than chance weighs nothing."""
    share = min(max(confidence, 0.5), _SUREST)
    return math.log(share / (1 - share))


def _plain(text: str) -> str:
    # NFKC would make 102 of 10²
    return "".join(c if c in _RAISED else unicodedata.normalize("NFKC", c) for c in text if not c.isspace())
