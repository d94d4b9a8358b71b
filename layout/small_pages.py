"""How dark a page's ink is in a smaller picture of it: made once, though three stages look at it.

Stages are functions of a page, so nothing can be handed from one to the next. What was made of the page that a thread saw last is
kept instead, as long as that page is.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable, Iterable
from functools import partial

from layout.ink import darkness, luminance, shrink, sums
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


def small_darknesses(image: PageImage, factor: float, paper_windows: Iterable[int]) -> tuple[Pixels, ...]:
    """`small_darkness` for each of several windows, of which all need the same sums."""
    grey = _grey(image, factor)
    total = sums(grey)
    return tuple(_LATEST.get(image.pixels, (factor, w), partial(darkness, grey, w, total)) for w in paper_windows)


def page_luminance(image: PageImage) -> Pixels:
    """(H, W) uint8, not to be written to: `ink.luminance` of the page."""
    if image.pixels.ndim == 2:
        return image.pixels
    return _LATEST.get(image.pixels, 1.0, lambda: luminance(image.pixels))


def _grey(image: PageImage, factor: float) -> Pixels:
    if factor >= 1.0:
        return page_luminance(image)
    return _LATEST.get(image.pixels, factor, lambda: shrink(page_luminance(image), factor))
