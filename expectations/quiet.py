"""Standard output closed for a moment, below Python: a compiled library writes there past every option it has.

HiGHS prints a line of its own now and then (a repaired solution solved once more) with output switched off. What Python
has still to write is written first; one thread at a time.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

_ONE_AT_A_TIME = Lock()
_STDOUT = 1


@contextmanager
def no_stdout() -> Iterator[None]:
    """Whatever is written to file descriptor 1 inside is lost. Without one (a daemon) nothing is done."""
    with _ONE_AT_A_TIME:
        try:
            kept = os.dup(_STDOUT)
        except OSError:
            yield
            return
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, _STDOUT)
            yield
        finally:
            _flush_c()
            os.dup2(kept, _STDOUT)
            os.close(nowhere)
            os.close(kept)


def _flush_c() -> None:
    """What compiled code has printed and C still holds, written out."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).fflush(None)
