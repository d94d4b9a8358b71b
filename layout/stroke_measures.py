"""Chains of ink and a plane -> how dense, dark, thick and steady they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layout.ink import Contrast, Indices
from layout.quantiles import quantile
from layout.strokes import Chain, Floats, Stroke
from ocr.values import Pixels

#: Strokes up to so many px are asked together; most are those of characters.
SHORT_PX = 48


def along(near: Pixels | Contrast, xs: Indices, ys: Floats) -> Floats:
    """(n,) in [0, 1]: the values of a plane of `AxisInk` along a path on the page."""
    # np.clip on what is short takes most of its time to begin
    columns = np.minimum(np.maximum(xs, 0), near.shape[1] - 1)
    return np.asarray(near[np.rint(ys).astype(np.intp), columns] / 255.0)


def solidity(chain: Chain, near_contrast: Contrast) -> tuple[float, float]:
    """(density, full contrast) along a chain, each in [0, 1].

    full contrast: the upper quartile. density: the mean as a share of it; 1 is an even line, 0.5 half gaps.
    """
    values = along(near_contrast, *chain.path)
    full = max(1e-3, quantile(values, 0.75))
    return float(np.minimum(np.maximum(values / full, 0.0), 1.0).sum()) / len(values), full


def solidities(chains: Sequence[Chain], near_contrast: Contrast) -> list[tuple[float, float]]:
    """`solidity` of each chain; of the short ones of one stroke, which are most, all at once."""
    found: list[tuple[float, float] | None] = [None] * len(chains)
    short = [i for i, c in enumerate(chains) if len(c.strokes) == 1 and len(c.strokes[0].ys) <= SHORT_PX]
    if short:
        values = _short_paths([chains[i].strokes[0] for i in short], near_contrast)
        n = np.count_nonzero(np.isfinite(values), axis=1)
        full = np.maximum(1e-3, _upper_quartiles(values, n))
        shares = np.minimum(np.maximum(values / full[:, None], 0.0), 1.0)
        density = np.where(np.isfinite(values), shares, 0.0).sum(axis=1) / n
        for i, pair in zip(short, zip(density.tolist(), full.tolist(), strict=True), strict=True):
            found[i] = pair
    return [pair or solidity(chain, near_contrast) for pair, chain in zip(found, chains, strict=True)]


def _short_paths(strokes: Sequence[Stroke], near: Contrast) -> Floats:
    """(strokes, SHORT_PX) values of a plane along each; infinite behind its end."""
    lengths = np.array([len(s.ys) for s in strokes])
    ys, starts = np.concatenate([s.ys for s in strokes]), np.cumsum(lengths) - lengths
    steps = np.arange(SHORT_PX)
    held = np.minimum(steps, lengths[:, None] - 1)
    rows = np.rint(ys).astype(np.intp)[starts[:, None] + held]
    columns = np.array([s.x0 for s in strokes])[:, None] + held
    values = near[rows, np.minimum(np.maximum(columns, 0), near.shape[1] - 1)] / 255.0
    return np.asarray(np.where(steps < lengths[:, None], values, np.inf))


def _upper_quartiles(values: Floats, n: Indices) -> Floats:
    """As `quantile` at 0.75, of the first n of each row; the others are infinite."""
    ordered, places = np.sort(values, axis=1), (n - 1) * 0.75
    below, each = np.floor(places).astype(np.intp), np.arange(len(n))
    low, high = ordered[each, below], ordered[each, np.minimum(below + 1, n - 1)]
    share = places - below
    return np.asarray(np.where(share < 0.5, low + (high - low) * share, high - (high - low) * (1 - share)))


def thickness(chain: Chain, dark: Pixels, reach: int) -> float:
    """Median height in px, over a few places, of what is at least half as dark as the centre."""
    xs, ys = chain.path
    places = np.linspace(0, len(xs) - 1, 15).astype(int)
    rows = np.rint(ys[places]).astype(int)[:, None] + np.arange(-reach, reach + 1)
    profile = dark[np.minimum(np.maximum(rows, 0), dark.shape[0] - 1), xs[places][:, None]]
    core = np.maximum(profile[:, reach : reach + 1], 1)
    heights = sorted(np.count_nonzero(profile >= 0.5 * core, axis=1).tolist())
    return float(max(1, heights[len(heights) // 2]))


def wobble(chain: Chain) -> float:
    """Mean step sideways from pixel to pixel of a chain's strokes, less what they lean: a ruling hardly has any."""
    steps = [np.diff(s.ys) for s in chain.strokes if len(s.ys) > 1]
    total = sum(len(s) for s in steps)
    return float(sum(np.abs(s).sum() - abs(s.sum()) for s in steps)) / total if total else 0.0
