"""What a worker does with memory it has freed: gives it back to the system every few pages.

The C library gives back what lies on top of its heap only. Whatever was made behind a freed block keeps the hole there, and
each other kind of page leaves others: resident memory grows although nothing more is in use.
"""

from __future__ import annotations

import ctypes

EVERY = 4
"""Questions after which it is done: it costs a light page 3 % to have its memory anew, and a quarter of that is not seen."""


def give_back() -> None:
    """All memory that is free, holes too, to the system; where the C library cannot (it is not glibc), nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
