"""What a worker does with memory it has freed: gives it back to the system every few pages, or once it is much.

The C library gives back what lies on top of its heap only. Whatever was made behind a freed block keeps the hole there, and
each other kind of page leaves others: resident memory grows although nothing more is in use.
"""

from __future__ import annotations

import os
from pathlib import Path

from ocr.freed import give_back

EVERY = 4
"""Questions after which it is done: it costs a light page 3 % to have its memory anew, and a quarter of that is not seen."""

MUCH = 512 << 20
"""Resident bytes beyond which the next page does not wait for that: what the detector takes for a whole page comes on top."""


_STATM = Path("/proc/self/statm")


def tidy(n_answers: int) -> None:
    """To be done after every question. n_answers: how many there were."""
    if n_answers % EVERY == 0 or resident() > MUCH:
        give_back()


def resident() -> int:
    """Bytes of this process that lie in memory; 0 where the system does not say so in /proc."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
