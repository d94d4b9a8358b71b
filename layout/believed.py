"""Chains of ink -> the chains that are rulings: long ones; short ones that end at rulings across, or go on one.

Strokes of characters are ridges too, but short and ragged ones that end in the open. What is not sure by its length is
tied to what is, in turns: each ruling found may hold the next. The less a place is expected, the more ink is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from layout.bars import Bars, bars_of, cut_at_crossings
from layout.leading import is_joined, may_lead, mostly_inked, touches_all, values_between
from layout.quantiles import weighted_quantile
from layout.ruling_values import SOLID, Measured, RulingOptions, Usual
from layout.stroke_measures import solidities, solidity, thickness, wobble
from layout.strokes import AxisInk, Chain, Floats, chains_of, level_strokes

Flags = npt.NDArray[np.bool_]
Solidity = tuple[float, float]
"""(density, contrast) of a chain."""

#: Points; half of what a ruling's thickness is looked for in.
THICKEST_PT = 4.0
#: Points; rulings as thick as this may overlap where one crest goes on another, if they are as solid; edges of fills and scans are thicker.
THICK_PT, THICK_DENSITY = (1.5, 4.0), 0.9
#: How often what was found may hold the next; more than the rows that a ruling broken at each of them runs over.
MOST_TURNS = 12


def believed_chains(axes: Sequence[AxisInk], options: RulingOptions) -> list[list[Chain]]:
    """The chains that are rulings: long ones, and in turns those that end at, or go on, rulings already believed."""
    px = axes[0].px
    chains = [chains_of(ink.strokes, px, options.strokes) for ink in axes]
    alone = [[_measured(c, ink) for c in axis if _long(c, px, options)] for axis, ink in zip(chains, axes, strict=True)]
    usual = _usual(steady(_crossed(alone, options.strokes.bridge_pt * px), options), options)
    kept = _seeds(alone, axes, usual, options)
    kept = [_without_halos(axis, px, options) for axis in kept]
    rest = [
        _ends_of(_rest(axes[i], kept[i], kept[1 - i], options) + _whole(chains[i], kept[i], px, options))
        for i in (0, 1)
    ]
    known: dict[int, Solidity] = {}  # by chain: those left over are asked for in each turn
    for _ in range(MOST_TURNS):
        found = [_supported(rest[i], kept[i], kept[1 - i], axes[i], usual, options, known) for i in (0, 1)]
        kept = [[*kept[i], *found[i].values()] for i in (0, 1)]
        rest = [rest[i].without(found[i]) for i in (0, 1)]
        if not any(found):
            break
    return [[m.chain for m in _without_halos(axis, px, options)] for axis in kept]


def _seeds(
    alone: list[list[Measured]], axes: Sequence[AxisInk], usual: Usual, options: RulingOptions
) -> list[list[Measured]]:
    """The long chains that are rulings by themselves.

    Where rulings are dotted or dashed, rows of characters look like them: there a ruling is longer still, or its ends
    meet two others.
    """
    sure = 3 * options.alone_pt * axes[0].px
    solid = usual.density >= SOLID
    kept = [
        [m for m in axis if m.chain.inked >= sure or (solid and usual.fits(m.density, m.contrast))] for axis in alone
    ]
    if solid:
        return kept
    likely = [[m for m in axis if usual.fits(m.density, m.contrast) and m.chain.inked < sure] for axis in alone]
    ends = [_ends_of([m.chain for m in axis]) for axis in likely]
    framed = [_supported(ends[i], [], [*kept[1 - i], *likely[1 - i]], axes[i], usual, options, {}) for i in (0, 1)]
    return [[*kept[i], *framed[i].values()] for i in (0, 1)]


def _long(chain: Chain, px: float, options: RulingOptions) -> bool:
    return chain.inked >= options.alone_pt * px and chain.inked >= options.alone_share * chain.length


def _measured(chain: Chain, ink: AxisInk) -> Measured:
    return _with_thickness(chain, solidity(chain, ink.near_contrast), ink)


def _with_thickness(chain: Chain, solid: Solidity, ink: AxisInk) -> Measured:
    return Measured(chain, *solid, thickness(chain, ink.dark, round(THICKEST_PT * ink.px)))


def _crossed(alone: list[list[Measured]], reach: float) -> list[Measured]:
    """The chains of both axes that meet one of the other axis; all where none does.

    A line of Latin type makes a long ragged chain too: on a page of text, these must not pass for what is usual.
    """
    paths = [np.array([(*m.chain.start, *m.chain.end) for m in axis]).reshape(-1, 4) for axis in alone]
    start, end = [p[:, 0] for p in paths], [p[:, 2] for p in paths]
    level = [(p[:, 1] + p[:, 3]) / 2 for p in paths]
    meets = (
        (start[0][:, None] - reach <= level[1][None, :])
        & (level[1][None, :] <= end[0][:, None] + reach)
        & (start[1][None, :] - reach <= level[0][:, None])
        & (level[0][:, None] <= end[1][None, :] + reach)
    )
    crossed = [alone[i][k] for i in (0, 1) for k in np.flatnonzero(meets.any(axis=1 - i))]
    return crossed or [*alone[0], *alone[1]]


def steady(measured: list[Measured], options: RulingOptions) -> list[Measured]:
    """The chains whose line does not wobble as it does from character to character; all where none is steady."""
    return [m for m in measured if m.density >= SOLID or wobble(m.chain) <= options.most_wobble] or measured


def _usual(alone: list[Measured], options: RulingOptions) -> Usual:
    weights = [m.chain.inked for m in alone]
    density = _weighted_median([m.density for m in alone], weights)
    contrast = _weighted_median([m.contrast for m in alone], weights)
    return Usual(density, options.short_share * density, options.short_contrast * contrast)


def _weighted_median(values: list[float], weights: list[int]) -> float:
    return weighted_quantile(np.array(values), np.array(weights), 0.5) if values else 1.0


def _without_halos(chains: list[Measured], px: float, options: RulingOptions) -> list[Measured]:
    """The chains less the ghosts that JPEG and sharpening leave beside much darker rulings."""
    return [m for m in chains if not any(_is_halo(m, host, px, options) for host in chains)]


def _is_halo(ghost: Measured, host: Measured, px: float, options: RulingOptions) -> bool:
    if host.contrast < options.halo_contrast * ghost.contrast:
        return False
    middle = (ghost.chain.start[0] + ghost.chain.end[0]) / 2
    if not host.chain.start[0] <= middle <= host.chain.end[0]:
        return False
    return abs(host.chain.height(middle) - ghost.chain.height(middle)) <= options.halo_pt * px


def _rest(ink: AxisInk, kept: list[Measured], across: list[Measured], options: RulingOptions) -> list[Chain]:
    """Each stroke that is not yet believed as a chain of its own, cut where it runs over a ruling."""
    done = {id(s) for m in kept for s in m.chain.strokes}
    strokes = [s for s in ink.strokes if id(s) not in done]
    least = 0.6 * options.strokes.stroke_pt * ink.px
    pieces = cut_at_crossings(strokes, bars_of(across), least)
    return [Chain((s,)) for s in level_strokes(pieces, options.strokes)]


def _whole(chains: list[Chain], kept: list[Measured], px: float, options: RulingOptions) -> list[Chain]:
    """The chains that are not yet believed, uncut: they may be broken, or run over several rulings across."""
    done = {id(m.chain) for m in kept}
    least = 2 * options.strokes.stroke_pt * px
    return [c for c in chains if c.length >= least and id(c) not in done]


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Chains, and where they start and end: (n, 2) x and y."""

    chains: list[Chain]
    starts: Floats
    ends: Floats

    def without(self, used: Collection[int]) -> _Ends:
        left = np.ones(len(self.chains), bool)
        left[list(used)] = False
        return _Ends(list(compress(self.chains, left.tolist())), self.starts[left], self.ends[left])


def _ends_of(chains: list[Chain]) -> _Ends:
    starts, ends = (np.array([getattr(c, name) for c in chains]).reshape(-1, 2) for name in ("start", "end"))
    return _Ends(chains, starts, ends)


def _supported(
    rest: _Ends,
    kept: list[Measured],
    across: list[Measured],
    ink: AxisInk,
    usual: Usual,
    options: RulingOptions,
    known: dict[int, Solidity],
) -> dict[int, Measured]:
    """Those of the chains, by their place, that go on a believed ruling, or run with ink from one across to another.

    The ink must be all but unbroken, less so where another ruling of the same line ends at the same crossing.
    known: what was measured of chains, by their identity; added to.
    """
    chains, starts, ends, bars, reach = rest.chains, rest.starts, rest.ends, bars_of(across), options.reach_pt * ink.px
    first, last = (bars.crossing(points, reach, ink.px) for points in (starts, ends))
    goes_on = _goes_on(starts, ends, np.isnan(first), np.isnan(last), kept, ink.px, options)
    tied = np.isfinite(first) & np.isfinite(last) & (last > first)
    expected = _expected(starts, ends, kept, ink.px, options)
    asked = np.flatnonzero(goes_on | tied).tolist()
    unknown = [chains[i] for i in asked if id(chains[i]) not in known]
    known.update(zip(map(id, unknown), solidities(unknown, ink.near_contrast), strict=True))
    solids = [known[id(chains[i])] for i in asked]
    tied[asked] &= _may_lead(
        [chains[i] for i in asked], solids, np.column_stack([first, last])[asked], expected[asked], ink, usual, options
    )
    found: dict[int, Measured] = {}
    for i, solid in zip(asked, solids, strict=True):
        chain = chains[i]
        way = float(first[i]), float(last[i])
        if (goes_on[i] and usual.fits(*solid)) or (
            tied[i] and _leads(chain, solid, way, bool(expected[i]), bars, ink, usual, options)
        ):
            found[i] = _with_thickness(chain, solid, ink)
    return found


def _may_lead(
    chains: Sequence[Chain],
    solids: Sequence[Solidity],
    ways: Floats,
    expected: Flags,
    ink: AxisInk,
    usual: Usual,
    options: RulingOptions,
) -> Flags:
    """Which chains `_leads` must be asked about one by one. ways: (n, 2), not numbers where a chain meets no ruling."""
    may = np.isfinite(ways).all(axis=1) & np.array([contrast >= usual.least_contrast for _, contrast in solids], bool)
    if asked := np.flatnonzero(may).tolist():
        windows = np.array([usual.windows(solids[i][0], ink.px, options) for i in asked])
        shares = np.where(expected[asked], options.expected_share, min(options.crossed_share, options.whole_share))
        may[asked] = may_lead([chains[i] for i in asked], ways[asked], windows, shares, ink.near_dark)
    return may


def _leads(
    chain: Chain,
    solid: Solidity,
    way: tuple[float, float],
    expected: bool,
    across: Bars,
    ink: AxisInk,
    usual: Usual,
    options: RulingOptions,
) -> bool:
    """Whether a chain's ink leads from one ruling across to another, which are where ``way`` says; see ``_supported``."""
    density, contrast = solid
    if contrast < usual.least_contrast:
        return False
    values = values_between(chain, *way, ink.near_dark)
    if is_joined(values, *usual.windows(density, ink.px, options)):
        return True
    inner = _inner_crossings(chain, *way, across, ink.px, options)
    if expected:
        share, gap = options.expected_share, options.expected_gap
    elif inner:
        share, gap = options.crossed_share, options.expected_gap
    else:
        share, gap = options.whole_share, 1 - options.whole_share
    inked = mostly_inked(values, share, gap)
    return inked is not None and touches_all(inked, [way[0], *inner, way[1]])


def _expected(starts: Floats, ends: Floats, kept: list[Measured], px: float, options: RulingOptions) -> Flags:
    """Which chains begin where a believed ruling of their own line ends, or end where one begins."""
    reach, aside = (options.reach_pt + 1) * px, options.strokes.sideways_pt * px
    begins, stops = _points(kept)
    found = [
        (np.abs(mine[:, 0] - other[:, :1]) <= reach) & (np.abs(mine[:, 1] - other[:, 1:]) <= aside)
        for mine, other in ((starts, stops), (ends, begins))
    ]
    return np.asarray(np.any(found, axis=(0, 1)))


def _points(kept: list[Measured]) -> tuple[Floats, Floats]:
    begins, stops = (np.array([getattr(m.chain, name) for m in kept]).reshape(-1, 2) for name in ("start", "end"))
    return begins, stops


def _inner_crossings(
    chain: Chain, first: float, last: float, across: Bars, px: float, options: RulingOptions
) -> list[float]:
    """Where rulings across run through a chain, well between the two that it ends at, ascending, double ones once."""
    reach = options.reach_pt * px
    found: list[float] = []
    for x in across.xs_at(chain.height((first + last) / 2), reach):
        if first + 3 * reach < x < last - 3 * reach and (not found or x - found[-1] > 2 * reach):
            found.append(x)
    return found


def _goes_on(
    starts: Floats,
    ends: Floats,
    open_start: Flags,
    open_end: Flags,
    kept: list[Measured],
    px: float,
    options: RulingOptions,
) -> Flags:
    """Which chains lie on the continuation of a believed ruling, two bridges away at most, no ruling across between.

    The crests of a thick ruling may overlap where one ends and the next begins.
    """
    near = np.zeros(len(starts), dtype=bool)
    if not kept:
        return near
    far, aside, thin = 2 * options.strokes.bridge_pt * px, options.strokes.sideways_pt * px, options.strokes.lap_pt * px
    begins, stops = _points(kept)
    x0, x1 = begins[:, :1], stops[:, :1]
    thick = [m.density >= THICK_DENSITY and THICK_PT[0] * px <= m.thick <= THICK_PT[1] * px for m in kept]
    lap = np.where(thick, far, thin)[:, None]
    after = open_start & (x1 - lap <= starts[:, 0]) & (starts[:, 0] <= x1 + far) & (ends[:, 0] > x1)
    before = open_end & (x0 - far <= ends[:, 0]) & (ends[:, 0] <= x0 + lap) & (starts[:, 0] < x0)
    for here, points in ((after, starts), (before, ends)):
        for k, i in np.argwhere(here).tolist():
            if not near[i]:
                x, m = points[i, 0], kept[k]
                allowed = max(aside, m.thick / 2) if x0[k, 0] < x < x1[k, 0] else aside
                near[i] = abs(points[i, 1] - m.chain.height(x)) <= allowed
    return near
