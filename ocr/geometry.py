"""BBox and Affine: one coordinate space, page pixels with the origin at the top left, x right, y down."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class BBox:
    """An axis-parallel box [x0, x1) x [y0, y1); units are those of its page space.

    Raises ValueError when it is turned inside out.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not (self.x0 <= self.x1 and self.y0 <= self.y1):
            raise ValueError(f"box is inside out: {self.as_tuple()}")

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def as_tuple(self) -> tuple[float, float, float, float]:
        return self.x0, self.y0, self.x1, self.y1

    def intersection(self, other: BBox) -> BBox | None:
        """The common box, or None when the two do not overlap (touching is not overlapping)."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return BBox(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def union(self, other: BBox) -> BBox:
        return BBox(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def contains(self, x: float, y: float) -> bool:
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def shifted(self, dx: float, dy: float) -> BBox:
        return BBox(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def scaled(self, factor: float) -> BBox:
        return BBox(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)

    def grown(self, margin: float) -> BBox:
        """The box with ``margin`` added on each side; a negative margin stops at the centre."""
        dx, dy = max(margin, -self.width / 2), max(margin, -self.height / 2)
        return BBox(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a x + b y + c, y' = d x + e y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def identity(cls) -> Affine:
        return cls(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    @classmethod
    def scaling(cls, sx: float, sy: float | None = None) -> Affine:
        return cls(sx, 0.0, 0.0, 0.0, sx if sy is None else sy, 0.0)

    @classmethod
    def rotation(cls, degrees: float, cx: float = 0.0, cy: float = 0.0) -> Affine:
        """Turns points by ``degrees`` clockwise as seen on the page (y points down) about (cx, cy)."""
        s, c = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
        return cls(c, -s, cx - c * cx + s * cy, s, c, cy - s * cx - c * cy)

    def apply(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def apply_bbox(self, box: BBox) -> BBox:
        """The smallest upright box around the mapped corners."""
        corners = [self.apply(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        return BBox(min(xs), min(ys), max(xs), max(ys))

    def after(self, first: Affine) -> Affine:
        """The map that applies ``first`` and then this one."""
        g, h = self, first
        return Affine(
            g.a * h.a + g.b * h.d, g.a * h.b + g.b * h.e, g.a * h.c + g.b * h.f + g.c,
            g.d * h.a + g.e * h.d, g.d * h.b + g.e * h.e, g.d * h.c + g.e * h.f + g.f,
        )  # fmt: skip

    def inverse(self) -> Affine:
        det = self.a * self.e - self.b * self.d
        if det == 0:
            raise ValueError("this map has no inverse")
        a, b, d, e = self.e / det, -self.b / det, -self.d / det, self.a / det
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))


def level_map(width: int, height: int, degrees: float) -> tuple[Affine, int, int]:
    """The clockwise turn of a width x height picture, moved into the smallest canvas that holds all of it."""
    turn = Affine.rotation(degrees)
    corners = [turn.apply(x, y) for x in (0.0, width) for y in (0.0, height)]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    size = math.ceil(right - left - 1e-6), math.ceil(bottom - top - 1e-6)
    return Affine(turn.a, turn.b, turn.c - left, turn.d, turn.e, turn.f - top), size[0], size[1]
