"""How a table is bent, learned from its own rulings, so that a lattice of straight lines can be laid on it.

All horizontal rulings of a table share one smooth displacement: y = level + f(x, y). Each chain of ruling pieces shows f
up to its own unknown level, so f follows by least squares with the levels taken out (each chain centred on its mean).
f is a short Legendre series along the ruling, plus terms that change across it; a ridge penalty keeps it flat where
nothing is known. The same holds for vertical rulings with the axes exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.values import Ruling
from ocr.geometry import BBox
from ocr.groups import groups_of

Floats = npt.NDArray[np.float64]
Owners = npt.NDArray[np.intp]

#: Terms along the ruling alone, and terms that also change across it.
DEGREE, CROSS_DEGREE = 7, 3
#: Penalty per squared degree: a measured position is good to half a pixel, a bend is of several pixels.
STIFFNESS = 0.004


@dataclass(frozen=True, slots=True)
class Levelling:
    """Displacement of one axis: how far rulings at (along, across) stand off their level. Pixels."""

    along: tuple[float, float]
    across: tuple[float, float]
    weights: tuple[float, ...] = ()

    def displacement(self, along: Floats, across: Floats) -> Floats:
        if not self.weights:
            return np.zeros(np.broadcast(along, across).shape)
        return np.asarray(_terms(_unit(along, self.along), _unit(across, self.across)) @ np.array(self.weights))

    def level(self, along: Floats, across: Floats) -> Floats:
        """The level of the ruling through these points."""
        return across - self.displacement(along, across)

    def place(self, along: Floats, level: Floats) -> Floats:
        """Where on the page the ruling of this level runs; inverse of ``level`` to well under a pixel."""
        across = level + self.displacement(along, level)
        return level + self.displacement(along, across)


def link_pieces(rulings: Sequence[Ruling], gap: float, step: float) -> Owners:
    """(n,) chain number of each ruling of one orientation: pieces that go on end to end share one."""
    pos, start, end = (np.array([getattr(r, a) for r in rulings]) for a in ("position", "start", "end"))
    follows = (np.abs(start[None, :] - end[:, None]) <= gap) & (np.abs(pos[None, :] - pos[:, None]) <= step)
    return groups_of(len(rulings), *np.nonzero(follows))


def fit_levelling(
    rulings: Sequence[Ruling], owners: Owners, along: tuple[float, float], across: tuple[float, float]
) -> Levelling:
    """The displacement shared by the rulings of one orientation; flat when they show none."""
    if not rulings:
        return Levelling(along, across)
    pos, start, end = (np.array([getattr(r, a) for r in rulings]) for a in ("position", "start", "end"))
    at = np.concatenate([start + (end - start) * share for share in (0.2, 0.5, 0.8)])
    position, weight, owner = np.tile(pos, 3), np.tile(end - start, 3), np.tile(owners, 3)
    weight = weight / max(1e-9, float(weight.mean()))
    terms = _terms(_unit(at, along), _unit(position, across))
    terms, position = _centred(terms, weight, owner), _centred(position[:, None], weight, owner)[:, 0]
    penalty = (
        STIFFNESS
        * len(at)
        * np.diag([*((k + 1) ** 2 / 8 for k in range(DEGREE)), *((k + 1.0) ** 2 for k in range(CROSS_DEGREE))])
    )
    solved = np.linalg.solve((terms * weight[:, None]).T @ terms + penalty, (terms * weight[:, None]).T @ position)
    return Levelling(along, across, tuple(float(w) for w in solved))


def domain(box: BBox) -> tuple[tuple[float, float], tuple[float, float]]:
    """(x range, y range) of a box, never empty."""
    return (box.x0, max(box.x1, box.x0 + 1)), (box.y0, max(box.y1, box.y0 + 1))


def _unit(values: Floats, bounds: tuple[float, float]) -> Floats:
    """Bounds -> [-1, 1]; the series must not explode just outside."""
    scaled = 2.0 * (np.asarray(values, dtype=float) - bounds[0]) / (bounds[1] - bounds[0]) - 1.0
    return np.clip(scaled, -1.05, 1.05)


def _terms(along: Floats, across: Floats) -> Floats:
    """(n, terms): Legendre P1..P7 along, and across x P1..P3."""
    along, across = np.broadcast_arrays(along, across)
    series = np.polynomial.legendre.legvander(along, DEGREE)[..., 1:]
    return np.concatenate([series, series[..., :CROSS_DEGREE] * across[..., None]], axis=-1)


def _centred(values: Floats, weight: Floats, owner: Owners) -> Floats:
    total = np.bincount(owner, weights=weight)
    means = np.stack(
        [np.bincount(owner, weights=weight * column) / np.maximum(total, 1e-9) for column in values.T], axis=1
    )
    return np.asarray(values - means[owner])
