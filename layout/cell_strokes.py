"""Strokes that run through a cell from side to side, and so are no characters: one from corner to corner of a blank cell
or of a split header, or many beside each other (a hatching)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from layout.ink_levels import InkLevels, contrast_plane
from ocr.geometry import BBox

#: Contrast from which there is ink; of a line through the cell: share that is inked; of all ink: share on such lines.
_INK, _THROUGH, _ALL = 0.3, 0.85, 0.85
#: Text heights by which the sides are left out, so that rulings do not count; pixels that a stroke may lie beside its line.
_INSET, _ASIDE = 0.25, 1
#: Directions of a hatching that are tried, in degrees from the level: stems (1) are steeper, dashes flatter. Its strokes.
_ANGLES = tuple(sign * angle for angle in range(20, 70, 5) for sign in (1, -1))
_STROKES = 4
#: Text heights: least width of a cell that a stroke from corner to corner strikes out (a / is as narrow as a character),
#: and white between a hatching and the sides.
_WIDE, _WHITE = 2.0, 0.8
#: Lines shorter than this share of the cell's lesser side cut a corner and tell nothing.
_LEAST = 0.5
Mask = npt.NDArray[np.bool_]


def is_struck_out(levels: InkLevels, box: BBox) -> bool:
    """Whether all ink of a cell (box in px, up to the middle of its rulings) is strokes that run right through it."""
    mask = contrast_plane(levels, box.grown(-max(2.0, _INSET * levels.text_height))) > _INK
    if min(mask.shape) < 6 or not mask.any():
        return False
    ys, xs = np.nonzero(mask)
    em = levels.text_height
    corner = float(np.degrees(np.arctan2(box.height, box.width)))
    if box.width >= _WIDE * em and any(_on_lines(mask, xs, ys, way)[0] >= _ALL for way in (corner, -corner)):
        return True
    if xs.min() > _WHITE * em or xs.max() < mask.shape[1] - 1 - _WHITE * em:
        return False
    return any(share >= _ALL and n >= _STROKES for share, n in (_on_lines(mask, xs, ys, way) for way in _ANGLES))


def _on_lines(mask: Mask, xs: npt.NDArray[np.intp], ys: npt.NDArray[np.intp], degrees: float) -> tuple[float, int]:
    """Share of the ink that lies on lines of a direction which are inked from side to side of the cell, and how many
    such strokes there are.
    """
    height, width = mask.shape
    dx, dy = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    # the lines, one a pixel apart, by the place at which they cross the axis that they are steeper to
    steep = abs(dy) > abs(dx)
    along, n_along, n_across = (ys, height, width) if steep else (xs, width, height)
    across = xs if steep else ys
    slope = (dx / dy) if steep else (dy / dx)
    low = int(np.floor(min(0.0, -slope * n_along))) - 1
    offset = np.rint(across - slope * along).astype(np.intp) - low
    n = n_across + abs(low) + int(np.ceil(abs(slope) * n_along)) + 3
    held = np.zeros((n, n_along), dtype=bool)
    for aside in range(-_ASIDE, _ASIDE + 1):
        held[np.clip(offset + aside, 0, n - 1), along] = True
    places = np.arange(n_along)
    crossing = (np.arange(n) + low)[:, None] + slope * places
    inside = (crossing >= 0) & (crossing <= n_across - 1)
    long = inside.sum(axis=1)
    inked = (held & inside).sum(axis=1)
    through = (long >= _LEAST * min(n_along, n_across)) & (inked >= _THROUGH * np.maximum(long, 1))
    near = np.zeros(n, dtype=bool)
    for aside in range(-_ASIDE, _ASIDE + 1):
        near |= np.roll(through, aside)
    tells = long[np.clip(offset, 0, n - 1)] >= _LEAST * min(n_along, n_across)
    share = float(near[np.clip(offset, 0, n - 1)][tells].mean()) if tells.any() else 0.0
    return share, int((near[1:] & ~near[:-1]).sum())
