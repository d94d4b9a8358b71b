"""The ink of a small picture of a page, and how it looks turned and level: each made once, as several steps ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ocr import ink
from ocr.geometry import Affine
from ocr.orientation import Type, find_type


@dataclass(frozen=True, eq=False)
class Lying:
    """mask: (H, W) ink at ``dpi``; change: to it from the picture that was turned by quarters only."""

    mask: ink.Mask
    change: Affine
    dpi: float

    @cached_property
    def type(self) -> Type:
        """The ink that may be characters."""
        return find_type(self.mask, self.dpi)


@dataclass(frozen=True, slots=True, eq=False)
class SmallInk:
    """mask: (H, W) ink at ``dpi``, which is ``factor`` of the page's."""

    mask: ink.Mask
    factor: float
    dpi: float
    _made: dict[tuple[int, float], Lying] = field(default_factory=dict)

    def lying(self, turn: int, degrees: float) -> Lying:
        """The ink turned clockwise by quarters, 0 to 270 degrees, and then by a few degrees."""
        if (turn, degrees) not in self._made:
            self._made[turn, degrees] = self._make(turn, degrees)
        return self._made[turn, degrees]

    def _make(self, turn: int, degrees: float) -> Lying:
        mask = np.ascontiguousarray(np.rot90(self.mask, -turn // 90))
        if degrees == 0.0:
            return Lying(mask, Affine.identity(), self.dpi)
        change, width, height = ink.level_map(mask.shape[1], mask.shape[0], degrees)
        return Lying(ink.warped(mask.view(np.uint8) * 255, change, width, height) > 127, change, self.dpi)
