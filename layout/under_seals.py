"""Rulings with gaps where a seal stood -> the same, gone on through these gaps.

The ink of a seal is taken out of a page before its rulings are looked for, and rulings go with it where the two cannot be
parted. A ruling that ends because cells are merged ends at a ruling across; one that ends anywhere else under a seal, and
goes on from there in line, was eaten by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layout.values import Orientation, Ruling
from ocr.geometry import BBox

LONGEST = 0.4
"""Share of a seal's shorter side that a gap has at most: the strokes of seals are thin, their stars are not."""
IN_LINE_PT, OPEN_PT = 0.9, 2.0
"""Points: step between pieces of one ruling; an end farther than this from all rulings across is in the open."""


def gone_on_under_seals(rulings: Sequence[Ruling], seals: Sequence[BBox], px: float) -> tuple[Ruling, ...]:
    """Rulings in their order, the pieces put into gaps behind. seals: boxes in page pixels; px: pixels per point."""
    if not seals:
        return tuple(rulings)
    flat = [r for r in rulings if r.orientation is Orientation.HORIZONTAL]
    upright = [r for r in rulings if r.orientation is Orientation.VERTICAL]
    turned = [BBox(s.y0, s.x0, s.y1, s.x1) for s in seals]
    return (*rulings, *_filled(flat, upright, seals, px), *_filled(upright, flat, turned, px))


def _filled(own: list[Ruling], across: list[Ruling], seals: Sequence[BBox], px: float) -> list[Ruling]:
    """Pieces for the gaps of rulings of one orientation; boxes with x along them."""
    pieces: list[Ruling] = []
    for seal in seals:
        near = sorted((r for r in own if seal.y0 <= r.position <= seal.y1), key=lambda r: (r.start, r.end))
        longest = LONGEST * min(seal.width, seal.height)
        for i, left in enumerate(near):
            line = [r for r in near[i + 1 :] if abs(r.position - left.position) <= IN_LINE_PT * px]
            after = next((r for r in line if r.end > left.end), None)
            if after is None or not 0 < after.start - left.end <= longest:
                continue
            if left.end < seal.x0 or after.start > seal.x1:
                continue
            if _was_eaten(left, after, across, px):
                pieces.append(replace(left, start=left.end, end=after.start))
    return pieces


def _was_eaten(left: Ruling, after: Ruling, across: list[Ruling], px: float) -> bool:
    """Whether the gap between two pieces is no end of a ruling. Where one of them begins at a ruling across, the other is
    tied to one at its far end: a stem of a character in line is not.
    """
    open_left, open_after, far_left, far_after = (
        _in_the_open(at, left.position, across, px) for at in (left.end, after.start, left.start, after.end)
    )
    return (open_left and (open_after or not far_left)) or (open_after and not far_after)


def _in_the_open(at: float, position: float, across: list[Ruling], px: float) -> bool:
    reach = OPEN_PT * px
    return not any(abs(r.position - at) <= reach and r.start - reach <= position <= r.end + reach for r in across)
