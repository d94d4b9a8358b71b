"""Rims of seals in a mask of coloured ink: rings (round or oval) and frames, as large as seals are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.geometry import BBox
from ocr.ink import Mask, find_rings, grown, joined, outlines

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShapeOptions:
    """Lengths in points, shares in [0, 1].

    radius_pt: of round seals; frame_pt: sides of square ones. rim_pt: half the width in which a rim is looked for.
    least_rim: share of it that must be there; least_lead: by how much more of it than of the same shape a little larger,
    ``beyond_pt`` outside. visible: share of it that must lie on the page. most_filled: share of the ring half way to the
    centre that may be inked; a disc is a picture. whole_rim: share of the rim that must be there where no print crosses the
    seal, for then nothing broke it: lines of coloured type, too, lie on three fifths of many a circle.
    """

    radius_pt: tuple[float, float] = (22.0, 92.0)
    frame_pt: tuple[float, float] = (38.0, 120.0)
    rim_pt: float = 1.6
    beyond_pt: float = 5.0
    least_rim: float = 0.55
    whole_rim: float = 0.8
    least_lead: float = 0.3
    visible: float = 0.3
    most_filled: float = 0.7


@dataclass(frozen=True, slots=True)
class Shape:
    """Rim of a seal: an ellipse, or a frame, turned clockwise by ``degrees``; (x, y) its middle, rx, ry half its sides, px."""

    x: float
    y: float
    rx: float
    ry: float
    degrees: float = 0.0
    is_frame: bool = False

    def rim(self, outside: float) -> tuple[Floats, Floats]:
        """Points of the outline, ``outside`` px around it."""
        turns = np.linspace(0.0, 2 * np.pi, 180, endpoint=False)
        c, s = np.cos(turns), np.sin(turns)
        reach = 1.0 / np.maximum(np.abs(c), np.abs(s)) if self.is_frame else np.ones_like(c)
        u, v = (self.rx + outside) * c * reach, (self.ry + outside) * s * reach
        lean_c, lean_s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        return self.x + u * lean_c - v * lean_s, self.y + u * lean_s + v * lean_c

    def inside(self, shape: tuple[int, ...], margin: float) -> Mask:
        """(H, W): the pixels within the outline and ``margin`` px around it."""
        y, x = np.ogrid[: shape[0], : shape[1]]
        lean_c, lean_s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        dx, dy = x + 0.5 - self.x, y + 0.5 - self.y
        u, v = (dx * lean_c + dy * lean_s) / (self.rx + margin), (dy * lean_c - dx * lean_s) / (self.ry + margin)
        return np.asarray(np.maximum(np.abs(u), np.abs(v)) <= 1.0 if self.is_frame else u**2 + v**2 <= 1.0)

    def meets(self, mask: Mask) -> bool:
        """Whether any of the mask lies within the outline."""
        reach = math.hypot(self.rx, self.ry) + 1.0
        x0, y0 = max(0, int(self.x - reach)), max(0, int(self.y - reach))
        part = mask[y0 : max(0, math.ceil(self.y + reach)), x0 : max(0, math.ceil(self.x + reach))]
        return bool(part.any() and (part & replace(self, x=self.x - x0, y=self.y - y0).inside(part.shape, 0.0)).any())

    def bbox(self) -> BBox:
        xs, ys = self.rim(0.0)
        return BBox(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


def find_shapes(mask: Mask, crossed: Mask, px: float, options: ShapeOptions) -> list[Shape]:
    """Rims of seals, the largest and most complete first, each place once.

    crossed: print that lies across the ink of the mask. px: pixels of the mask to a point.
    """
    whole = joined(mask, max(1, round(1.5 * px)), max(1, round(1.5 * px)))
    near = grown(whole, options.rim_pt * px)
    free = np.ones_like(near)
    candidates = list(_candidates(whole, px, options))
    kept: list[Shape] = []
    while candidates:
        grades = [_grade(shape, near, free, crossed, px, options) for shape in candidates]
        weights = [grade**2 * shape.rx for grade, shape in zip(grades, candidates, strict=True)]
        best = int(np.argmax(weights))
        if weights[best] == 0.0:
            break
        kept.append(candidates[best])
        # what lies within a seal is its own lettering: only what sticks out may make another one beside it
        free &= ~candidates[best].inside(free.shape, options.beyond_pt * px)
        candidates = [shape for shape, grade in zip(candidates, grades, strict=True) if grade > 0.0]
    return kept


def _candidates(mask: Mask, px: float, options: ShapeOptions) -> Iterator[Shape]:
    low, high = (radius * px for radius in options.radius_pt)
    for x, y, radius in find_rings(mask, low, high):
        for change in (-1.0, 0.0, 1.0):
            yield Shape(x, y, radius + change, radius + change)
    least, most = (side * px for side in options.frame_pt)
    inset = options.rim_pt * px / 2
    for (x, y), (width, height), degrees in outlines(mask, min(least, 2 * low)):
        shape = Shape(x, y, width / 2 - inset, height / 2 - inset, degrees)
        if 2 * low <= min(width, height) and max(width, height) <= min(2 * high, 1.8 * min(width, height)):
            yield shape
        if least <= min(width, height) and max(width, height) <= min(most, 1.5 * min(width, height)):
            yield replace(shape, is_frame=True)


def _grade(shape: Shape, near: Mask, free: Mask, crossed: Mask, px: float, options: ShapeOptions) -> float:
    """Share of the rim that is there, where the page is still free; 0 for what is no seal."""
    rim, visible = _share(near, free, *shape.rim(0.0))
    if visible < options.visible or rim < options.least_rim:
        return 0.0
    if rim < options.whole_rim and not shape.meets(crossed):
        return 0.0
    beyond, _ = _share(near, free, *shape.rim(options.beyond_pt * px))
    filled, _ = _share(near, free, *shape.rim(-0.45 * min(shape.rx, shape.ry)))
    return rim if rim - beyond >= options.least_lead and filled <= options.most_filled else 0.0


def _share(mask: Mask, free: Mask, x: Floats, y: Floats) -> tuple[float, float]:
    """(share of the points on free parts of the picture that fall on the mask, share of all points that lie there)."""
    columns, rows = np.floor(x).astype(int), np.floor(y).astype(int)
    inside = (columns >= 0) & (rows >= 0) & (columns < mask.shape[1]) & (rows < mask.shape[0])
    rows, columns = rows[inside], columns[inside]
    held = free[rows, columns]
    return (float(mask[rows, columns][held].mean()), float(held.sum() / len(x))) if held.any() else (0.0, 0.0)
