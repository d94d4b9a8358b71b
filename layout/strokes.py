"""Ridges -> strokes -> chains: the raw material of rulings, on one axis, in the pixels of the working page.

A stroke is one unbroken crest: a centre line with one y for each x. A chain is strokes that go on from each other with
short gaps. Everything is horizontal here; the vertical axis is the transposed page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np
import numpy.typing as npt

from layout.ink import (
    Contrast,
    Indices,
    connected_runs,
    crests,
    noise_level,
    ridge_density,
    ridges,
    tallest,
)
from ocr.values import Pixels

Floats = npt.NDArray[np.float64]

#: Share of what is looked at together that may be white.
MOST_WHITE = 0.6


@dataclass(frozen=True, slots=True)
class StrokeOptions:
    """Lengths in points; shares and contrasts in [0, 1].

    reaches_pt: half widths of the classes of thickness looked for, thin first. solid_pt: longer than strokes of
    characters. window_pt: dots and dashes closer than about half of this read as one ruling. least_share: the share of
    a window that must be ink. least_contrast, most_contrast: bounds of what counts as full ink. stroke_pt: shortest
    stroke looked at. bridge_pt, lap_pt, sideways_pt: gap, overlap and step from stroke to stroke of a chain. steepest: rise over run.
    fill_pt: what is this wide and high is a fill: a ruling is what is darker still.
    """

    reaches_pt: tuple[float, ...] = (1.2, 2.2, 3.4)
    solid_pt: float = 15.0
    window_pt: float = 6.0
    least_share: float = 0.33
    least_contrast: float = 0.07
    most_contrast: float = 0.25
    stroke_pt: float = 7.0
    bridge_pt: float = 7.0
    lap_pt: float = 1.5
    sideways_pt: float = 0.9
    steepest: float = 0.03
    fill_pt: float = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """ys[i] is the centre of the ink at x = x0 + i."""

    x0: int
    ys: Floats

    @property
    def x1(self) -> int:
        return self.x0 + len(self.ys)

    @property
    def xs(self) -> Indices:
        return np.arange(self.x0, self.x0 + len(self.ys))

    def height(self, x: float) -> float:
        """The y at x, or at the nearer end."""
        return float(self.ys[min(max(round(x) - self.x0, 0), len(self.ys) - 1)])


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Strokes of one ruling from left to right."""

    strokes: tuple[Stroke, ...]

    @property
    def start(self) -> tuple[float, float]:
        return self.strokes[0].x0, float(self.strokes[0].ys[0])

    @property
    def end(self) -> tuple[float, float]:
        return self.strokes[-1].x1, float(self.strokes[-1].ys[-1])

    @property
    def length(self) -> int:
        return self.strokes[-1].x1 - self.strokes[0].x0

    @property
    def inked(self) -> int:
        return sum(len(s.ys) for s in self.strokes)

    @property
    def path(self) -> tuple[Indices, Floats]:
        """(xs, ys) under all strokes."""
        if len(self.strokes) == 1:
            return self.strokes[0].xs, self.strokes[0].ys
        return np.concatenate([s.xs for s in self.strokes]), np.concatenate([s.ys for s in self.strokes])

    def height(self, x: float) -> float:
        """The y at x, that of the nearest stroke."""
        return min(self.strokes, key=lambda s: max(s.x0 - x, x - s.x1, 0.0)).height(x)


@dataclass(frozen=True, slots=True, eq=False)
class AxisInk:
    """One axis of a page: its darkness less that of fills, and the strokes on it. px: pixels per point.

    near_dark, near_contrast: darkness and ridge contrast, the largest of each pixel and its neighbours above and below:
    a path may run beside the crest. closely: px over which the ink of a solid ruling is looked at.
    """

    dark: Pixels
    near_dark: Pixels
    near_contrast: Contrast
    strokes: tuple[Stroke, ...]
    px: float
    closely: int = 3


def axis_ink(dark: Pixels, print_alone: Pixels, px: float, options: StrokeOptions, white: float = 0.0) -> AxisInk:
    """All strokes along x of a page's darkness. print_alone: the same less that of fills; white: px between dashes that may be
    left in its rulings.
    """
    reaches = tuple(max(2, round(reach * px)) for reach in options.reaches_pt)
    contrast = ridges(dark, reaches, max(8, round(options.solid_pt * px)))
    cap = float(np.clip(3.0 * noise_level(contrast), options.least_contrast, options.most_contrast))
    density = ridge_density(contrast, cap, max(3, round(options.window_pt * px)))
    xs, heights, starts = connected_runs(crests(density, options.least_share), max(3, round(options.stroke_pt * px)))
    strokes = tuple(
        Stroke(x0, heights[a:b]) for x0, (a, b) in zip(xs[starts[:-1]].tolist(), pairwise(starts.tolist()), strict=True)
    )
    return AxisInk(
        print_alone,
        tallest(print_alone),
        contrast.tallest(),
        strokes,
        px,
        max(3, round(white / MOST_WHITE)),
    )


def level_strokes(strokes: Sequence[Stroke], options: StrokeOptions) -> list[Stroke]:
    """Those of which nine tenths stay level; the ends may hook into a character or into a double's twin."""
    if not strokes:
        return []
    # all at once: asked of a stroke by itself, numpy takes most of the time to begin
    lengths = np.array([len(s.ys) for s in strokes])
    heights, starts = np.concatenate([s.ys for s in strokes]), np.cumsum(lengths) - lengths
    rises = np.maximum.reduceat(heights, starts) - np.minimum.reduceat(heights, starts)
    allowed = 1.3 + options.steepest * lengths
    straight = rises <= allowed
    for i in np.flatnonzero(~straight).tolist():
        straight[i] = _hooks_only(strokes[i].ys, allowed[i])
    return list(compress(strokes, straight.tolist()))


def _hooks_only(ys: Floats, allowed: float) -> bool:
    ordered, hook = np.sort(ys), len(ys) // 20
    return float(ordered[-1 - hook]) - float(ordered[hook]) <= allowed


def chains_of(strokes: Sequence[Stroke], px: float, options: StrokeOptions) -> list[Chain]:
    """Level strokes linked where one goes on where another ended: a short gap, hardly any step sideways. Chains twice as long as
    the shortest stroke at least.
    """
    ordered = sorted(level_strokes(strokes, options), key=lambda s: s.x0)
    if not ordered:
        return []
    successor: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in _steps(ordered, px, options):
        if i not in successor and j not in taken:
            successor[i] = j
            taken.add(j)
    least = 2 * options.stroke_pt * px
    begins = [i for i, s in enumerate(ordered) if i not in taken and (i in successor or len(s.ys) >= least)]
    return [chain for i in begins if (chain := _follow(i, ordered, successor)).length >= least]


def _steps(ordered: Sequence[Stroke], px: float, options: StrokeOptions) -> list[tuple[int, int]]:
    """(i, j) where stroke j may go on stroke i, by i, the likeliest first. ordered: by x0."""
    reach, lap, aside = options.bridge_pt * px, options.lap_pt * px, options.sideways_pt * px
    x0 = np.array([s.x0 for s in ordered])
    x1 = x0 + [len(s.ys) for s in ordered]
    begins, ends = (_end_heights(ordered, px, first=first) for first in (True, False))
    # those that begin in a band ``aside`` high stand together, by x0
    row = int(x1.max() + reach + lap + 2)
    key = np.floor_divide(begins, aside) * row + x0
    members = np.argsort(key, kind="stable")
    key = key[members]
    befores, afters = [], []
    for step in (-1, 0, 1):
        band = (np.floor_divide(ends, aside) + step) * row
        first, stop = np.searchsorted(key, band + x1 - lap), np.searchsorted(key, band + x1 + reach + 1)
        befores.append(np.repeat(np.arange(len(ordered)), stop - first))
        within = np.arange(len(befores[-1])) - np.repeat(np.cumsum(stop - first) - (stop - first), stop - first)
        afters.append(members[np.repeat(first, stop - first) + within])
    before, after = np.concatenate(befores), np.concatenate(afters)
    aloof = np.abs(begins[after] - ends[before])
    likely = (before != after) & (aloof <= aside)
    before, after, aloof = before[likely], after[likely], aloof[likely]
    order = np.lexsort((after, x0[after] - x1[before] + 3 * aloof, before))
    return list(zip(before[order].tolist(), after[order].tolist(), strict=True))


def _end_heights(strokes: Sequence[Stroke], px: float, *, first: bool) -> Floats:
    """(n,) mean y over the few points next to one end of each; over no more than the shortest has."""
    n = max(1, min(round(6 * px), *(len(s.ys) for s in strokes)))
    parts = np.stack([s.ys[:n] if first else s.ys[-n:] for s in strokes])
    return np.asarray(np.add.reduce(parts, axis=1) / n)


def _follow(first: int, strokes: list[Stroke], successor: dict[int, int]) -> Chain:
    path = [first]
    while path[-1] in successor:
        path.append(successor[path[-1]])
    return Chain(tuple(strokes[i] for i in path))
