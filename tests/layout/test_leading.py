"""Chains that are turned away together would have been turned away one by one."""

import numpy as np
import pytest

from layout.leading import is_joined, may_lead, mostly_inked, values_between
from layout.strokes import Chain, Stroke

DENSITIES = (0.0, 0.3, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0)


def chains(rng: np.random.Generator, n: int) -> list[Chain]:
    found = []
    for _ in range(n):
        x0, length = int(rng.integers(0, 150)), int(rng.integers(1, 70))
        first = Stroke(x0, rng.uniform(3, 36) + np.cumsum(rng.normal(0, 0.05, length)))
        second = Stroke(first.x1 + int(rng.integers(0, 6)), first.ys[-1] + rng.normal(0, 0.3, int(rng.integers(2, 9))))
        found.append(Chain((first, second) if rng.random() < 0.3 else (first,)))
    return found


@pytest.mark.parametrize("density", DENSITIES)
def test_no_chain_is_turned_away_that_leads(density: float) -> None:
    rng = np.random.default_rng(round(100 * density))
    dark = np.where(rng.random((40, 250)) < density, rng.integers(150, 256, (40, 250)), rng.integers(0, 60, (40, 250)))
    dark = dark.astype(np.uint8)
    asked = chains(rng, 400)
    starts = np.array([c.start[0] + rng.uniform(-6, 6) for c in asked])
    ways = np.column_stack([starts, starts + rng.uniform(2, 110, len(asked))])
    windows = rng.choice([[3, 3], [3, 9], [9, 9]], len(asked))
    shares = rng.choice([0.66, 0.75], len(asked))
    may = may_lead(asked, ways, windows, shares, dark)
    leads = []
    for i, chain in enumerate(asked):
        values = values_between(chain, float(ways[i, 0]), float(ways[i, 1]), dark)
        is_inked = mostly_inked(values, float(shares[i]), 1.0) is not None
        leads.append(is_joined(values, int(windows[i, 0]), int(windows[i, 1])) or is_inked)
    assert not np.any(np.array(leads) & ~may)
    short = ways[:, 1] - ways[:, 0] < 90
    assert np.array_equal(
        may[short & (ways[:, 1] - ways[:, 0] > 12)], np.array(leads)[short & (ways[:, 1] - ways[:, 0] > 12)]
    )
