"""PageImage -> rulings: every drawn horizontal and vertical ruling, thin, thick, dotted, faint, broken or bent.

The recipe, once as it is and once on the transposed page, so that both axes share one code:

    darkness -> ridges -> density along the ruling      layout/ink.py
    crests of the density -> strokes                    centre lines, one y for each x
    strokes -> chains                                   collinear strokes with short gaps are one ruling
    chains -> rulings                                   long ones; short ones that end at rulings across, or go on one

Strokes of characters are ridges too, but short ones that end in the open. A slanted or bent ruling comes out as several
straight pieces, end to end.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from layout.ink import (
    Contrast,
    Flags,
    connected_runs,
    crests,
    darkness,
    luminance,
    noise_level,
    ridge_density,
    ridges,
    shrink,
)
from layout.values import Orientation, Ruling
from ocr.values import PageImage, Pixels

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RulingOptions:
    """Lengths in points; shares and contrasts in [0, 1].

    working_dpi: finer pages are shrunk to it. reaches_pt: half widths of the classes of thickness looked for.
    window_pt: dots and dashes closer than about half of this read as one ruling.
    solid_pt: longer than strokes of characters. least_share: the share of a window that must be ink. least_contrast, most_contrast: bounds of what counts as full ink.
    stroke_pt: shortest stroke looked at. alone_pt: shortest ruling believed without rulings that cross it.
    bridge_pt: gaps that a ruling may have; reach_pt: how far from a crossing ruling a short one may end.
    sideways_pt: step sideways from stroke to stroke. short_share: density of a short ruling, as a share of what the
    page's long rulings have: solid or dotted, rulings of a page are alike, and strokes of characters are ragged.
    short_contrast: the same for contrast. halo_pt: reach of compression ghosts beside a dark ruling.
    steepest: rise over run of a ruling at most, bent ones included.
    """

    working_dpi: float = 150.0
    reaches_pt: tuple[float, ...] = (1.2, 2.2, 3.4)
    window_pt: float = 6.0
    solid_pt: float = 15.0
    least_share: float = 0.33
    least_contrast: float = 0.07
    most_contrast: float = 0.25
    stroke_pt: float = 7.0
    alone_pt: float = 42.0
    bridge_pt: float = 7.0
    reach_pt: float = 2.4
    sideways_pt: float = 0.9
    short_share: float = 0.8
    short_contrast: float = 0.3
    halo_pt: float = 8.0
    steepest: float = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class _Stroke:
    """A crest in working pixels: ys[i] is the centre at x = x0 + i; horizontal after transposing where needed."""

    x0: int
    ys: Floats
    thickness: float
    density: float
    contrast: float

    @property
    def x1(self) -> int:
        return self.x0 + len(self.ys)

    @property
    def xs(self) -> npt.NDArray[np.intp]:
        return self.x0 + np.arange(len(self.ys))


@dataclass(frozen=True, slots=True, eq=False)
class _Chain:
    """Strokes of one ruling from left to right. inked: px under strokes."""

    strokes: tuple[_Stroke, ...]

    @property
    def start(self) -> tuple[float, float]:
        return self.strokes[0].x0, float(self.strokes[0].ys[0])

    @property
    def end(self) -> tuple[float, float]:
        return self.strokes[-1].x1, float(self.strokes[-1].ys[-1])

    @property
    def length(self) -> float:
        return self.strokes[-1].x1 - self.strokes[0].x0

    @property
    def inked(self) -> float:
        return sum(len(s.ys) for s in self.strokes)

    @property
    def density(self) -> float:
        """Mean share of ink under the strokes."""
        return sum(s.density * len(s.ys) for s in self.strokes) / self.inked

    @property
    def contrast(self) -> float:
        return sum(s.contrast * len(s.ys) for s in self.strokes) / self.inked


_Axes = tuple[list[_Chain], list[_Chain]]


def find_rulings(image: PageImage, options: RulingOptions | None = None) -> tuple[Ruling, ...]:
    """All rulings of a page in page pixels, horizontal ones first, each from the top left on; none is ().

    The method is a directional matched filter with hysteresis (see layout/ink.py); it takes no side on which rulings
    make a table.
    """
    options = options or RulingOptions()
    factor = min(1.0, options.working_dpi / image.dpi)
    px = image.dpi * factor / 72.0
    grey = shrink(luminance(image.pixels), factor)
    dark = darkness(grey, max(6, round(24 * px)))
    across = np.ascontiguousarray(dark.T)
    flat, upright = (_chains(_strokes(plane, px, options), px, options) for plane in (dark, across))
    flat, upright = _believed((dark, across), (flat, upright), px, options)
    scale_x, scale_y = image.width / grey.shape[1], image.height / grey.shape[0]
    horizontal = _rulings(flat, dark, Orientation.HORIZONTAL, scale_x, scale_y, px, options)
    vertical = _rulings(upright, across, Orientation.VERTICAL, scale_y, scale_x, px, options)
    return (*sorted(horizontal, key=_reading_order), *sorted(vertical, key=_reading_order))


def _reading_order(ruling: Ruling) -> tuple[float, float]:
    return ruling.position, ruling.start


def _strokes(dark: Pixels, px: float, options: RulingOptions) -> list[_Stroke]:
    reaches = tuple(max(2, round(reach * px)) for reach in options.reaches_pt)
    contrast = ridges(dark, reaches, max(8, round(options.solid_pt * px)))
    cap = float(np.clip(3.0 * noise_level(contrast), options.least_contrast, options.most_contrast))
    density = ridge_density(contrast, cap, max(3, round(options.window_pt * px)))
    runs = connected_runs(crests(density, options.least_share), max(3, round(options.stroke_pt * px)))
    strokes = (_stroke(xs, ys, dark, contrast, reaches[-1]) for xs, ys in runs)
    return [s for s in strokes if np.ptp(s.ys) <= 1.3 + options.steepest * len(s.ys)]


def _stroke(
    xs: npt.NDArray[np.intp], ys: npt.NDArray[np.intp], dark: Pixels, contrast: Contrast, reach: int
) -> _Stroke:
    x0 = int(xs[0])
    counts = np.bincount(xs - x0)
    centres = np.bincount(xs - x0, weights=ys) / np.maximum(counts, 1)
    held = np.flatnonzero(counts)
    if len(held) < len(counts):
        centres = np.interp(np.arange(len(counts)), held, centres[held])
    full, density = _solidity(_along(contrast, x0 + np.arange(len(centres)), centres))
    return _Stroke(x0, centres, _thickness(centres, x0, dark, reach), density, full)


def _solidity(values: Floats) -> tuple[float, float]:
    """(upper quartile, mean as a share of it) of the contrast along a ruling: 1 is an even line, 0.5 half gaps."""
    full = max(1e-3, float(np.quantile(values, 0.75)))
    return full, float(np.clip(values / full, 0.0, 1.0).mean())


def _along(plane: Pixels | Contrast, xs: npt.NDArray[np.intp], ys: Floats) -> Floats:
    """(n,) in [0, 1]: the largest value of a plane on or next to each point of a path."""
    rows = np.clip(np.rint(ys).astype(int)[:, None] + np.arange(-1, 2), 0, plane.shape[0] - 1)
    return np.asarray(plane[rows, np.clip(xs, 0, plane.shape[1] - 1)[:, None]].max(axis=1) / 255.0)


def _thickness(centres: Floats, x0: int, dark: Pixels, reach: int) -> float:
    """Median height in px, over a few places, of what is at least half as dark as the centre."""
    places = np.linspace(0, len(centres) - 1, 9).astype(int)
    rows = np.clip(np.rint(centres[places]).astype(int)[:, None] + np.arange(-reach, reach + 1), 0, dark.shape[0] - 1)
    profile = dark[rows, (x0 + places)[:, None]]
    core = profile[:, reach : reach + 1]
    return float(max(1.0, np.median((profile >= 0.5 * np.maximum(core, 1)).sum(axis=1))))


def _chains(strokes: list[_Stroke], px: float, options: RulingOptions) -> list[_Chain]:
    """Strokes linked where one goes on where another ended: a short gap, hardly any step sideways."""
    strokes = sorted(strokes, key=lambda s: s.x0)
    if not strokes:
        return []
    starts = np.array([(s.x0, s.ys[: _end_px(s, px)].mean()) for s in strokes])
    successor: dict[int, int] = {}
    taken: set[int] = set()
    for i, stroke in enumerate(strokes):
        gap = starts[:, 0] - stroke.x1
        step = np.abs(starts[:, 1] - stroke.ys[-_end_px(stroke, px) :].mean())
        fits = (gap >= -2) & (gap <= options.bridge_pt * px) & (step <= options.sideways_pt * px)
        best = [j for j in np.flatnonzero(fits) if j != i and j not in taken]
        if best:
            successor[i] = min(best, key=lambda j: gap[j] + 3 * step[j])
            taken.add(successor[i])
    return [_follow(i, strokes, successor) for i in range(len(strokes)) if i not in taken]


def _end_px(stroke: _Stroke, px: float) -> int:
    return max(1, min(len(stroke.ys), round(6 * px)))


def _follow(first: int, strokes: list[_Stroke], successor: dict[int, int]) -> _Chain:
    path = [first]
    while path[-1] in successor:
        path.append(successor[path[-1]])
    return _Chain(tuple(strokes[i] for i in path))


def _believed(planes: Sequence[Pixels], chains: Sequence[list[_Chain]], px: float, options: RulingOptions) -> _Axes:
    """The chains that are rulings: long ones, and in turns those that end at, or go on, rulings already believed.

    planes, chains: of the horizontal and the vertical axis.
    """
    alone = [[c for c in axis if _stands_alone(c, px, options)] for axis in chains]
    usual = _Usual.of([*alone[0], *alone[1]], options)
    sure = 3 * options.alone_pt * px
    kept = [[c for c in axis if usual.fits(c) or c.inked >= sure] for axis in alone]
    kept = [_without_halos(axis, px, options) for axis in kept]
    rest = [_cut_at_crossings(axis, kept[i], kept[1 - i], px, options) for i, axis in enumerate(chains)]
    for _ in range(3):
        good = [_supported(rest[i], kept[i], kept[1 - i], planes[i], usual, px, options) for i in (0, 1)]
        for i in (0, 1):
            kept[i] += [c for c, ok in zip(rest[i], good[i], strict=True) if ok]
            rest[i] = [c for c, ok in zip(rest[i], good[i], strict=True) if not ok]
        if not (any(good[0]) or any(good[1])):
            break
    return _without_halos(kept[0], px, options), _without_halos(kept[1], px, options)


def _cut_at_crossings(
    chains: list[_Chain], kept: list[_Chain], across: list[_Chain], px: float, options: RulingOptions
) -> list[_Chain]:
    """The strokes not kept, cut where they run over a ruling: above it may stand a character, below it a ruling."""
    done = {id(c) for c in kept}
    bars = [s for c in across for s in c.strokes]
    cut: list[_Chain] = []
    for stroke in (s for c in chains if id(c) not in done for s in c.strokes):
        y = float(stroke.ys.mean())
        meets = (b.ys[int(np.clip(y - b.x0, 0, len(b.ys) - 1))] for b in bars if b.x0 - 2 <= y <= b.x1 + 2)
        inner = sorted(x for x in meets if stroke.x0 < x < stroke.x1)
        edges = [stroke.x0, *(round(x) for x in inner), stroke.x1]
        cut += [
            _Chain((replace(stroke, x0=a, ys=stroke.ys[a - stroke.x0 : b - stroke.x0]),))
            for a, b in itertools.pairwise(edges)
            if b - a >= 0.6 * options.stroke_pt * px
        ]
    return cut


def _stands_alone(chain: _Chain, px: float, options: RulingOptions) -> bool:
    return chain.inked >= options.alone_pt * px and chain.inked >= 0.65 * chain.length


@dataclass(frozen=True, slots=True)
class _Usual:
    """What half of the length of the page's long rulings reaches, and the least shares of it asked of short ones."""

    density: float
    contrast: float
    least_density: float
    least_contrast: float

    @classmethod
    def of(cls, chains: list[_Chain], options: RulingOptions) -> _Usual:
        weights = [c.inked for c in chains]
        density, contrast = (
            _weighted_median([getattr(c, a) for c in chains], weights) for a in ("density", "contrast")
        )
        return cls(density, contrast, options.short_share * density, options.short_contrast * contrast)

    def fits(self, chain: _Chain) -> bool:
        return chain.density >= self.least_density and chain.contrast >= self.least_contrast


def _weighted_median(values: list[float], weights: list[float]) -> float:
    if not values:
        return 1.0
    order = np.argsort(values)
    total = np.cumsum(np.array(weights)[order])
    return float(np.array(values)[order][int(np.searchsorted(total, total[-1] / 2))])


def _without_halos(chains: list[_Chain], px: float, options: RulingOptions) -> list[_Chain]:
    """The chains less the ghosts that JPEG and sharpening leave beside much darker rulings."""
    kept = []
    for chain in chains:
        middle = (chain.start[0] + chain.end[0]) / 2
        hosts = (c for c in chains if c.contrast >= 3 * chain.contrast and c.start[0] <= middle <= c.end[0])
        if not any(abs(_height(c, middle) - _height(chain, middle)) <= options.halo_pt * px for c in hosts):
            kept.append(chain)
    return kept


def _height(chain: _Chain, x: float) -> float:
    """The y of a chain at x, that of its nearest end outside its strokes."""
    stroke = min(chain.strokes, key=lambda s: max(s.x0 - x, x - s.x1, 0.0))
    return float(stroke.ys[int(np.clip(x - stroke.x0, 0, len(stroke.ys) - 1))])


def _supported(
    chains: list[_Chain], along: list[_Chain], across: list[_Chain], dark: Pixels, usual: _Usual, px: float,
    options: RulingOptions,
) -> list[bool]:  # fmt: skip
    """Which chains go on a believed ruling, or run with unbroken ink from one across to another."""
    starts = np.array([c.start for c in chains]).reshape(-1, 2)
    ends = np.array([c.end for c in chains]).reshape(-1, 2)
    first, last = _crossing(starts, across, px, options), _crossing(ends, across, px, options)
    goes_on = _goes_on(starts, ends, np.isnan(first), np.isnan(last), along, px, options)
    tied = np.isfinite(first) & np.isfinite(last) & (last > first)
    window = 3 if usual.density >= 0.8 else max(3, round(0.75 * options.window_pt * px))
    return [
        bool(
            chain.contrast >= usual.least_contrast
            and ((goes_on[i] and usual.fits(chain)) or (tied[i] and _joined(chain, first[i], last[i], dark, window)))
        )
        for i, chain in enumerate(chains)
    ]


def _joined(chain: _Chain, first: float, last: float, dark: Pixels, window: int) -> bool:
    """Whether even ink leads from one crossing ruling to the other; characters leave gaps, at their ends at least."""
    xs = np.arange(round(first), round(last) + 1)
    ys = np.interp(xs, *(np.concatenate(parts) for parts in zip(*((s.xs, s.ys) for s in chain.strokes), strict=True)))
    values = _along(dark, xs, ys)
    window = min(window, len(values))
    total = np.concatenate([[0.0], np.cumsum(values, dtype=float)])
    return float((total[window:] - total[:-window]).min()) / window >= 0.5 * float(values.mean())


def _crossing(points: Floats, across: list[_Chain], px: float, options: RulingOptions) -> Floats:
    """Where along x each point meets a ruling of the other axis (whose own x is our y); nan where none is near."""
    found = np.full(len(points), np.nan)
    reach = options.reach_pt * px
    for s in (s for chain in across for s in chain.strokes):
        within = np.flatnonzero((points[:, 1] >= s.x0 - reach) & (points[:, 1] <= s.x1 + reach) & np.isnan(found))
        place = np.clip(np.rint(points[within, 1]).astype(int) - s.x0, 0, len(s.ys) - 1)
        near = np.abs(points[within, 0] - s.ys[place]) <= reach + s.thickness / 2
        found[within[near]] = s.ys[place[near]]
    return found


def _goes_on(
    starts: Floats,
    ends: Floats,
    open_start: Flags,
    open_end: Flags,
    along: list[_Chain],
    px: float,
    options: RulingOptions,
) -> Flags:
    """Which chains lie on the continuation of a believed ruling, up to two bridges away, with no ruling across between."""
    near = np.zeros(len(starts), dtype=bool)
    far, aside = 2 * options.bridge_pt * px, options.sideways_pt * px
    for chain in along:
        (x0, y0), (x1, y1) = chain.start, chain.end
        after = (starts[:, 0] >= x1 - 2) & (starts[:, 0] <= x1 + far) & (np.abs(starts[:, 1] - y1) <= aside)
        before = (ends[:, 0] <= x0 + 2) & (ends[:, 0] >= x0 - far) & (np.abs(ends[:, 1] - y0) <= aside)
        near |= (after & open_start) | (before & open_end)
    return near


def _rulings(
    chains: list[_Chain], dark: Pixels, orientation: Orientation, along: float, across: float, px: float,
    options: RulingOptions,
) -> list[Ruling]:  # fmt: skip
    """Straight pieces of each chain in page pixels; gaps stay gaps, grids judge them."""
    rulings: list[Ruling] = []
    for chain in chains:
        thickness = float(np.median([s.thickness for s in chain.strokes])) * across
        for stroke in chain.strokes:
            path = _smooth(stroke.ys, round(12 * px))
            for first, stop in _inked(stroke, dark, px, options):
                for i, j in _straight_pieces(path[first:stop], max(0.8, 0.35 * px)):
                    position = (float(path[first + i : first + j].mean()) + 0.5) * across
                    start, end = ((stroke.x0 + first + k) * along for k in (i, j))
                    rulings.append(Ruling(orientation, position, start, end, thickness))
    return rulings


def _inked(stroke: _Stroke, dark: Pixels, px: float, options: RulingOptions) -> list[tuple[int, int]]:
    """Half-open runs of a stroke that really hold ink: the density along it hides gaps below its window.

    A solid ruling is looked at closely, since a gap in it may part it from a character; a dotted one from afar.
    """
    window = 3 if stroke.density >= 0.8 else max(3, round(0.75 * options.window_pt * px))
    values = _along(dark, stroke.xs, stroke.ys)
    held = _smooth(values, window) >= 0.4 * float(np.quantile(values, 0.75))
    flips = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(flips[::2], flips[1::2], strict=True) if b - a >= window]


def _smooth(path: Floats, window: int) -> Floats:
    """Running means; at the ends over what is there."""
    window = min(window, len(path))
    total = np.concatenate([[0.0], np.cumsum(path)])
    first = np.clip(np.arange(len(path)) - window // 2, 0, None)
    last = np.clip(np.arange(len(path)) + (window + 1) // 2, 1, len(path))
    return np.asarray((total[last] - total[first]) / (last - first))


def _straight_pieces(path: Floats, tolerance: float) -> list[tuple[int, int]]:
    """Half-open pieces of a path that each stay within ``tolerance`` of level."""
    pieces: list[tuple[int, int]] = []
    stack = [(0, len(path))]
    while stack:
        i, j = stack.pop()
        if np.ptp(path[i:j]) <= 2 * tolerance or j - i < 8:
            pieces.append((i, j))
        else:
            stack += [((i + j) // 2, j), (i, (i + j) // 2)]
    return sorted(pieces)


def shifted(ruling: Ruling, dx: float, dy: float) -> Ruling:
    """The same ruling elsewhere on the page."""
    along, across = (dx, dy) if ruling.orientation is Orientation.HORIZONTAL else (dy, dx)
    return replace(ruling, position=ruling.position + across, start=ruling.start + along, end=ruling.end + along)
