"""Memory that was freed and is still the process's: given back to the system before much is needed at once."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """All memory that is free, holes too, to the system; where the C library cannot (it is not glibc), nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
