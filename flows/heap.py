"""What a worker does with memory it has freed: keeps it while it reads, gives it back to the system every few pages.

The C library hands large blocks back at once, and each comes anew, page by page of the kernel; smaller ones stay where they
were, and whatever was made behind them keeps the holes: resident memory grows with every other kind of page. So nothing
is handed back in between (a tenth of a second a page less), and all of it now and then.
"""

from __future__ import annotations

import ctypes

_MB = 1 << 20
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": str(256 * _MB), "MALLOC_TRIM_THRESHOLD_": str(512 * _MB)}
"""Of a process that keeps what it freed (glibc; others take no notice)."""
EVERY = 4
"""Questions after which freed memory is given back: more often costs 2 % of a light page, more rarely leaves more holes."""


def give_back() -> None:
    """All memory that is free, holes too, to the system; where the C library cannot (it is not glibc), nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
