"""Shapes of a PDF page -> rulings: where the file itself draws them, they need not be looked for among pixels.

    bars on one line -> chains        however many cells' borders or dashes a ruling was drawn as
    chains, pixels -> stretches       what is clipped, painted over or as white as its paper is not there
    stretches -> rulings              long ones, and short ones that end at, or go on, those already believed

The pixels are asked only along the bars. Ends, gaps and thickness come out as `rulings.find_rulings` gives them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.ink import luminance
from layout.ruling_values import RulingOptions
from layout.values import Orientation, Ruling
from ocr.flag_runs import flag_runs
from ocr.places import boxes_in_pixels
from ocr.shapes import THICKEST_PT, Floats, Shapes
from ocr.values import PageImage, Pixels

Flags = npt.NDArray[np.bool_]
Bars = npt.NDArray[np.float64]
"""(n, 4): position, start, end, thickness."""

SAME_LINE_PT = 0.4
"""Bars whose middles are nearer than this lie on one line; double rulings are farther apart."""
LEAST_CONTRAST = 18
"""Grey levels by which a ruling is darker than the paper beside it."""
TOUCHING_PT, HIDDEN_PT = 1.0, 6.0
"""A gap up to the one is none; up to the other it may be print that hides the ruling, where the file draws on."""
_BESIDE_PX = 4


@dataclass(frozen=True, slots=True)
class _Chain:
    """One line: its position and thickness, and half-open stretches with ink, in px. density: ink on its length."""

    position: float
    thickness: float
    stretches: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.stretches[0][0]

    @property
    def end(self) -> int:
        return self.stretches[-1][1]

    @property
    def inked(self) -> int:
        return sum(b - a for a, b in self.stretches)


def drawn_rulings(image: PageImage, shapes: Shapes, options: RulingOptions) -> tuple[Ruling, ...]:
    """The rulings of a page whose file draws them, in page pixels, horizontal ones first; none is ().

    The page must lie as its file has it, but for quarter turns.
    """
    px = image.dpi / 72.0
    boxes = boxes_in_pixels(shapes.bars, image)
    grey = luminance(image.pixels)
    chains = [
        list(_chains(bars, plane, px, options)) for bars, plane in zip(_by_axis(boxes, px), (grey, grey.T), strict=True)
    ]
    kept = _believed(chains, px, options)
    axes = zip((Orientation.HORIZONTAL, Orientation.VERTICAL), kept, strict=True)
    return tuple(ruling for orientation, axis in axes for ruling in _rulings(axis, orientation))


def _by_axis(boxes: Floats, px: float) -> tuple[Bars, Bars]:
    """Level and upright bars; a dot may be part of either."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    is_dot = np.maximum(width, height) <= THICKEST_PT * px
    level, upright = boxes[is_dot | (width >= height)], boxes[is_dot | (height > width)]
    return _bars(level[:, [1, 3, 0, 2]]), _bars(upright[:, [0, 2, 1, 3]])


def _bars(sides: Floats) -> Bars:
    low, high, start, end = sides.T
    return np.stack([(low + high) / 2, start, end, high - low], axis=1)


# --- bars -> chains ----------------------------------------------------------------------------------------------


def _chains(bars: Bars, grey: Pixels, px: float, options: RulingOptions) -> Iterator[_Chain]:
    """What of the bars can be seen. grey: the page, rows across the bars."""
    bridge, least = options.strokes.bridge_pt * px, THICKEST_PT * px
    for line in _lines(bars, SAME_LINE_PT * px):
        for members in _linked(line, bridge):
            if members[:, 2].max() - members[0, 1] < least:
                continue
            chain = _seen(members, grey, px, bridge)
            if chain is not None:
                yield chain


def _lines(bars: Bars, apart: float) -> list[Bars]:
    """The bars of each line. A line is no thicker than ``apart``, so that those of dots in rows do not flow together."""
    ordered = bars[np.argsort(bars[:, 0], kind="stable")]
    lines, start = [], 0
    while start < len(ordered):
        stop = int(np.searchsorted(ordered[:, 0], ordered[start, 0] + apart, side="right"))
        lines.append(ordered[start:stop])
        start = stop
    return lines


def _linked(line: Bars, bridge: float) -> list[Bars]:
    """The bars of a line in groups that go on from each other."""
    ordered = line[np.argsort(line[:, 1], kind="stable")]
    reach = np.maximum.accumulate(ordered[:, 2])
    return np.split(ordered, np.flatnonzero(ordered[1:, 1] - reach[:-1] > bridge) + 1)


def _seen(bars: Bars, grey: Pixels, px: float, bridge: float) -> _Chain | None:
    """The stretches of these bars that the page shows."""
    height, width = grey.shape
    position = float(np.average(bars[:, 0], weights=bars[:, 2] - bars[:, 1] + 1e-6))
    thickness = float(bars[:, 3].max())
    first, stop = max(0, int(bars[:, 1].min())), min(width, int(np.ceil(bars[:, 2].max())))
    if stop - first < 2 or not 0 <= position < height:
        return None
    drawn = np.zeros(stop - first, bool)
    for _, start, end, _ in bars.tolist():
        drawn[max(0, int(start) - first) : max(0, int(np.ceil(end)) - first)] = True
    low, high = position - thickness / 2, position + thickness / 2
    seen = drawn & _is_dark(grey[:, first:stop], low, high)
    if not seen.any():
        return None
    seen |= drawn & ~_long_runs(~seen, HIDDEN_PT * px) & _between(seen)
    gap = TOUCHING_PT * px if seen.mean() >= 0.8 else bridge
    held = (seen | ~_long_runs(~seen, gap)) & _between(seen)
    stretches = tuple((first + a, first + b) for a, b in _runs(held) if b - a >= 2)
    return _Chain(position, max(1.0, thickness), stretches) if stretches else None


def _is_dark(grey: Pixels, low: float, high: float) -> Flags:
    """(W,): where the rows from ``low`` to ``high`` hold something darker than what is above and below them."""
    height = grey.shape[0]
    top, bottom = max(0, int(np.floor(low))), min(height, int(np.ceil(high)))
    ink = grey[top : max(bottom, top + 1)].min(axis=0)
    above, below = grey[max(0, top - _BESIDE_PX) : top], grey[bottom : bottom + _BESIDE_PX]
    sides = [part.max(axis=0) for part in (above, below) if len(part)]
    paper = np.minimum.reduce(sides) if sides else np.full(grey.shape[1], 255, np.uint8)
    return np.asarray(paper.astype(np.int16) - ink >= LEAST_CONTRAST)


def _runs(flags: Flags) -> list[tuple[int, int]]:
    return [(a, b) for a, b in flag_runs(flags).tolist()]


def _long_runs(flags: Flags, length: float) -> Flags:
    """The flags that stand in a run longer than this."""
    found = np.zeros_like(flags)
    for a, b in _runs(flags):
        found[a:b] = b - a > length
    return found


def _between(flags: Flags) -> Flags:
    """From the first flag to the last."""
    return np.asarray(np.logical_or.accumulate(flags) & np.logical_or.accumulate(flags[::-1])[::-1])


# --- chains -> rulings -------------------------------------------------------------------------------------------


def _believed(axes: list[list[_Chain]], px: float, options: RulingOptions) -> list[list[_Chain]]:
    """The long chains, and in turns those that lead from one believed ruling to another, or go one on."""
    alone, far = options.alone_pt * px, 2 * options.strokes.bridge_pt * px
    kept = [[c for c in axis if c.inked >= alone] for axis in axes]
    rest = [[c for c in axis if c.inked < alone] for axis in axes]
    while True:
        new = [
            [c for c in rest[i] if _is_held(c, kept[1 - i], options.reach_pt * px) or _goes_on(c, kept[i], far, px)]
            for i in (0, 1)
        ]
        if not any(new):
            return kept
        kept = [[*kept[i], *new[i]] for i in (0, 1)]
        rest = [[c for c in rest[i] if c not in new[i]] for i in (0, 1)]


def _is_held(chain: _Chain, across: list[_Chain], reach: float) -> bool:
    """Whether rulings across stand at both of its ends."""
    return all(
        any(
            abs(a.position - end) <= reach + a.thickness / 2 and a.start - reach <= chain.position <= a.end + reach
            for a in across
        )
        for end in (chain.start, chain.end)
    )


def _goes_on(chain: _Chain, kept: list[_Chain], far: float, px: float) -> bool:
    return any(
        abs(k.position - chain.position) <= SAME_LINE_PT * px
        and chain.start - far <= k.end
        and k.start <= chain.end + far
        for k in kept
    )


def _rulings(chains: list[_Chain], orientation: Orientation) -> list[Ruling]:
    pieces = ((c.position, float(a), float(b), c.thickness) for c in chains for a, b in c.stretches)
    return [Ruling(orientation, *piece) for piece in sorted(pieces)]
