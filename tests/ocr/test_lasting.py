"""What a process loads for good is out of the garbage collector's way, and cycles made later are still found."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from ocr.lasting import lasting


class Ring:
    """Holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_what_is_loaded_is_not_looked_at_again() -> None:
    with lasting():
        assert not gc.isenabled()
        kept = [Ring()]
    assert gc.isenabled()
    assert not any(one is kept[0] for one in gc.get_objects())


def test_cycles_made_later_are_found() -> None:
    with lasting():
        pass
    ring = Ring()
    there = weakref.ref(ring)
    del ring
    gc.collect()
    assert there() is None


def test_the_collector_works_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), lasting():
        raise ValueError("broken")
    assert gc.isenabled()
