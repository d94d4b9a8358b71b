"""The ink of a small picture of a page, and how it looks turned and level: each made once, as several steps ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ocr import ink
from ocr.geometry import Affine, level_map
from ocr.orientation import Boxes, Type, find_type, line_blobs, moved

SLIGHT = 3.0
"""Degrees up to which a box around a leaning character is as large as around an upright one."""


@dataclass(frozen=True, eq=False)
class Lying:
    """Ink at ``dpi``, turned by quarters and then by a few degrees.

    turned: (H, W) before the latter; change: from there to the level picture, of this shape (height, width).
    before: the same one by quarters only; None for that itself.
    """

    turned: ink.Mask
    change: Affine
    shape: tuple[int, int]
    dpi: float
    degrees: float = 0.0
    before: Lying | None = None

    @cached_property
    def mask(self) -> ink.Mask:
        """The level ink, by cubic interpolation."""
        if self.before is None:
            return self.turned
        return ink.warped(self.turned.view(np.uint8) * 255, self.change, self.shape[1], self.shape[0]) > 127

    @property
    def leans_slightly(self) -> bool:
        return abs(self.degrees) <= SLIGHT

    @cached_property
    def type(self) -> Type:
        """The ink that may be characters."""
        if self.before is not None and self.leans_slightly:
            return moved(self.before.type, self.change)
        return find_type(self.mask, self.dpi)

    @cached_property
    def line_blobs(self) -> Boxes:
        """What its characters are joined to along x."""
        return line_blobs(self.type, self.shape)


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
        if degrees == 0.0:
            mask = np.ascontiguousarray(np.rot90(self.mask, -turn // 90))
            return Lying(mask, Affine.identity(), (mask.shape[0], mask.shape[1]), self.dpi)
        before = self.lying(turn, 0.0)
        change, width, height = level_map(before.shape[1], before.shape[0], degrees)
        return Lying(before.turned, change, (height, width), self.dpi, degrees, before)
