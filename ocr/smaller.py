"""Smaller grey pictures of a page, and how dark its ink is on them: made once, however many steps look at them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr import ink
from ocr.values import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Smaller:
    """What is made of ``pixels``, (H, W[, 3]), when it is first asked for. Nothing of it may be written to."""

    pixels: Pixels
    _grey: dict[float, Pixels] = field(default_factory=dict)
    _dark: dict[tuple[float, int], Pixels] = field(default_factory=dict)

    def of(self, pixels: Pixels) -> Smaller:
        """This one while the picture is the same, else a new one."""
        return self if pixels is self.pixels else Smaller(pixels)

    def grey(self, factor: float) -> Pixels:
        """(h, w) at ``factor`` of the picture's size."""
        if factor not in self._grey:
            whole = ink.to_grey(self.pixels) if factor == 1.0 else self.grey(1.0)
            self._grey[factor] = ink.shrunk(whole, factor)
        return self._grey[factor]

    def darkness(self, factor: float, reach: int) -> Pixels:
        """(h, w): `ink.darkness` at ``factor`` of its size."""
        if (factor, reach) not in self._dark:
            self._dark[factor, reach] = ink.darkness(self.grey(factor), reach)
        return self._dark[factor, reach]
