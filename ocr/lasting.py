"""What a process loads for good: libraries and models, half a million objects that the garbage collector need not look at."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 10_000


@contextmanager
def lasting() -> Iterator[None]:
    """What is made in here stays as long as this process. The collector rests meanwhile and leaves it alone from then on;
    it looks more rarely than by default too, for values that pass between stages hold no cycles."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
        gc.enable()
