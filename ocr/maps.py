"""Maps from page pixels to points of the original page that are no single affine map.

    Mesh      a page made flat: bilinear between nodes on a regular grid
    Stacked   two pages of one sheet, set one above the other: an own map for each

Both have what `Affine` has: apply, apply_bbox, after, inverse. Frozen tuples, so they travel and compare as values do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ocr.geometry import Affine, BBox

Node = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Bilinear between nodes, linear beyond them.

    to_nodes: page pixel -> (column, row) on the grid of nodes, both from 0. nodes: rows of points, two by two at least
    (ValueError otherwise).
    """

    to_nodes: Affine
    nodes: tuple[tuple[Node, ...], ...]

    def __post_init__(self) -> None:
        if len(self.nodes) < 2 or len(self.nodes[0]) < 2 or len({len(row) for row in self.nodes}) != 1:
            raise ValueError("a mesh has two rows of two nodes at least, all rows of one length")

    def apply(self, x: float, y: float) -> tuple[float, float]:
        column, row = self.to_nodes.apply(x, y)
        i = min(max(int(row), 0), len(self.nodes) - 2)
        j = min(max(int(column), 0), len(self.nodes[0]) - 2)
        u, v = column - j, row - i
        above, below = self.nodes[i], self.nodes[i + 1]
        return tuple(  # type: ignore[return-value]
            (above[j][k] * (1 - u) + above[j + 1][k] * u) * (1 - v) + (below[j][k] * (1 - u) + below[j + 1][k] * u) * v
            for k in (0, 1)
        )

    def apply_bbox(self, box: BBox) -> BBox:
        """The smallest upright box around the mapped corners and middles of the sides: those of a bent box bulge."""
        return _hull(self, box)

    def after(self, first: Affine) -> Mesh:
        """The map that applies ``first`` and then this one."""
        return replace(self, to_nodes=self.to_nodes.after(first))

    def then(self, last: PageMap) -> Mesh:
        """The map that applies this one and then ``last``, exact where ``last`` is affine."""
        return replace(self, nodes=tuple(tuple(last.apply(*node) for node in row) for row in self.nodes))

    def inverse(self) -> Back:
        return Back(self)


@dataclass(frozen=True, slots=True)
class Stacked:
    """Two maps, one above the other: ``upper`` where the moved y is less than ``cut``, ``lower`` from there on.

    move: page pixel -> the pixels of which cut, width, upper and lower speak. width: of both parts.
    """

    move: Affine
    cut: float
    width: float
    upper: PageMap
    lower: PageMap

    def apply(self, x: float, y: float) -> tuple[float, float]:
        moved = self.move.apply(x, y)
        return (self.upper if moved[1] < self.cut else self.lower).apply(*moved)

    def apply_bbox(self, box: BBox) -> BBox:
        """By the map of the part in which its centre lies: nothing stands on both pages."""
        moved = self.move.apply_bbox(box)
        return (self.upper if moved.centre[1] < self.cut else self.lower).apply_bbox(moved)

    def after(self, first: Affine) -> Stacked:
        return replace(self, move=self.move.after(first))

    def inverse(self) -> Back:
        return Back(self)


PageMap = Affine | Mesh | Stacked
"""Page pixels -> points."""


@dataclass(frozen=True, slots=True)
class Back:
    """From points to the pixels that ``forward`` maps to them."""

    forward: Mesh | Stacked

    def apply(self, x: float, y: float) -> tuple[float, float]:
        if isinstance(self.forward, Mesh):
            return _locate(self.forward, x, y)
        return min(_candidates(self.forward, x, y), key=lambda p: _distance(self.forward.apply(*p), (x, y)))

    def apply_bbox(self, box: BBox) -> BBox:
        return _hull(self, box)


def _locate(mesh: Mesh, x: float, y: float) -> tuple[float, float]:
    """By Newton's method with the differences of neighbouring pixels for derivatives."""
    at = mesh.to_nodes.inverse().apply((len(mesh.nodes[0]) - 1) / 2, (len(mesh.nodes) - 1) / 2)
    for _ in range(30):
        here = np.array(mesh.apply(*at))
        wrong = np.array((x, y)) - here
        if float(np.abs(wrong).max()) < 1e-9:
            break
        slope = np.stack([np.array(mesh.apply(at[0] + 1, at[1])), np.array(mesh.apply(at[0], at[1] + 1))], axis=1)
        step = np.linalg.solve(slope - here[:, None], wrong)
        at = at[0] + float(step[0]), at[1] + float(step[1])
    return at


def _candidates(stacked: Stacked, x: float, y: float) -> list[tuple[float, float]]:
    """Where the point would lie in either part, kept within that part."""
    upper, lower = stacked.upper.inverse().apply(x, y), stacked.lower.inverse().apply(x, y)
    back = stacked.move.inverse()
    above = min(upper[1], float(np.nextafter(stacked.cut, -np.inf)))
    places = (upper[0], above), (lower[0], max(lower[1], stacked.cut))
    return [back.apply(min(max(px, 0.0), stacked.width), py) for px, py in places]


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def _hull(map_: Mesh | Back, box: BBox) -> BBox:
    xs, ys = (box.x0, box.centre[0], box.x1), (box.y0, box.centre[1], box.y1)
    points = [map_.apply(x, y) for x in xs for y in ys]
    return BBox(*(min(p[k] for p in points) for k in (0, 1)), *(max(p[k] for p in points) for k in (0, 1)))
