"""How dark a page's ink is in a smaller picture of it: made once, though three stages look at it.

Stages are functions of a page, so nothing can be handed from one to the next. What was made of the page that a thread saw last is
kept instead, as long as that page is.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable

from layout.ink import darkness, luminance, shrink
from ocr.values import PageImage, Pixels


class _Latest(threading.local):
    """What was made of the pixels that this thread saw last."""

    def __init__(self) -> None:
        self.made: dict[Hashable, Pixels] = {}
        self.pixels: weakref.ref[Pixels] | None = None

    def get(self, pixels: Pixels, key: Hashable, make: Callable[[], Pixels]) -> Pixels:
        if self.pixels is None or self.pixels() is not pixels:
            made: dict[Hashable, Pixels] = {}
            self.made, self.pixels = made, weakref.ref(pixels, lambda _: made.clear())
        if key not in self.made:
            self.made[key] = make()
            self.made[key].setflags(write=False)
        return self.made[key]


_LATEST = _Latest()


def small_darkness(image: PageImage, factor: float, paper_window: int) -> Pixels:
    """(h, w) uint8, read-only: `ink.darkness` of the page at ``factor`` (<= 1) of its size."""
    return _LATEST.get(image.pixels, (factor, paper_window), lambda: darkness(_grey(image, factor), paper_window))


def _grey(image: PageImage, factor: float) -> Pixels:
    if factor >= 1.0:
        return luminance(image.pixels)
    return _LATEST.get(image.pixels, factor, lambda: shrink(luminance(image.pixels), factor))
