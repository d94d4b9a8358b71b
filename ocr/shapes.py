"""What a PDF page draws besides type: bars that may be rulings, and areas. Nothing is believed or judged here.

    page of MuPDF --trace_shapes--> Shapes       frozen arrays of boxes on the page as a viewer shows it, in points

A stroke is a bar as thick as its pen; a fill that is thin one way is a bar too (CSS borders, spreadsheets), a frame
drawn as the space between two boxes is four, a dot is one whichever way it is looked at. All other fills are areas,
and so are pictures: what is in them only the pixels know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

THICKEST_PT = 4.0
"""What is thicker than this both ways is an area."""
MOST_PATHS = 6000
"""Pages with more paths (maps, drawings) are left to the pixels."""
TYPE_PT, MOST_OUTLINES = 24.0, 300
"""Of more areas smaller than this, most are outlines of type, which take long to trace."""
_LEVEL_PT, _LEVEL = 0.3, 0.003
"""A stroke is level when it rises by no more than this, or this share of its length."""
_MOST_PARTS = 40
_PICTURES = frozenset({"fill-image", "fill-shade", "fill-imgmask"})
_PATHS = frozenset({"fill-path", "stroke-path"})


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """bars: (n, 4) x0 y0 x1 y1; fills: (m, 4) areas of one colour, fill_greys: (m,) 0 black to 255 white;
    pictures: (k, 4) areas of images and shadings.
    """

    bars: Floats
    fills: Floats
    fill_greys: Floats
    pictures: Floats

    def __post_init__(self) -> None:
        if len(self.fills) != len(self.fill_greys):
            raise ValueError(f"{len(self.fill_greys)} greys for {len(self.fills)} fills")
        for array in (self.bars, self.fills, self.fill_greys, self.pictures):
            array.flags.writeable = False


def trace_shapes(page: Any, log: Sequence[tuple[str, Sequence[float]]]) -> Shapes | None:
    """The shapes of a page of MuPDF; None where there are too many. log: its bboxlog. Raises what MuPDF raises."""
    paths = [box for kind, box in log if kind in _PATHS]
    sides = (sorted((box[2] - box[0], box[3] - box[1])) for box in paths)
    n_small = sum(least > THICKEST_PT and greatest < TYPE_PT for least, greatest in sides)
    if len(paths) > MOST_PATHS or n_small > MOST_OUTLINES:
        return None
    return build_shapes(page.get_cdrawings(), log, tuple(page.rotation_matrix))


def build_shapes(
    drawings: Sequence[dict[str, Any]], log: Sequence[tuple[str, Sequence[float]]], turn: Sequence[float]
) -> Shapes:
    """Shapes from what MuPDF traced. turn: a b c d e f from the unturned page, on which all boxes are, to the shown."""
    bars: list[Box] = []
    fills: list[tuple[Box, float]] = []
    for drawing in drawings:
        if "s" in drawing["type"]:
            bars += _strokes(drawing)
        if "f" in drawing["type"] and drawing.get("fill") is not None:
            grey = grey_of(drawing["fill"])
            for box in _unframed(list(_filled(drawing["items"]))):
                if min(box[2] - box[0], box[3] - box[1]) <= THICKEST_PT:
                    bars.append(box)
                else:
                    fills.append((box, grey))
    pictures = [tuple(box) for kind, box in log if kind in _PICTURES]
    bars += [box for box in pictures if min(box[2] - box[0], box[3] - box[1]) <= THICKEST_PT]  # type: ignore[misc]
    return Shapes(
        turned_boxes(bars, turn),
        turned_boxes([box for box, _ in fills], turn),
        np.array([grey for _, grey in fills], np.float64),
        turned_boxes(pictures, turn),
    )


def grey_of(colour: Sequence[float]) -> float:
    """Of DeviceGray, RGB or CMYK components in [0, 1], in 0 to 255."""
    if len(colour) == 4:
        c, m, y, k = colour
        colour = [(1 - v) * (1 - k) for v in (c, m, y)]
    weights = (0.299, 0.587, 0.114) if len(colour) == 3 else (1 / max(1, len(colour)),) * len(colour)
    return 255.0 * sum(w * v for w, v in zip(weights, colour, strict=True))


def turned_boxes(boxes: Sequence[Sequence[float]] | Floats, turn: Sequence[float]) -> Floats:
    """(n, 4) boxes around the boxes after x' = a x + c y + e, y' = b x + d y + f."""
    a, b, c, d, e, f = turn
    plain = np.asarray(boxes, np.float64).reshape(-1, 4)
    x, y = plain[:, [0, 2, 0, 2]], plain[:, [1, 1, 3, 3]]
    xs, ys = a * x + c * y + e, b * x + d * y + f
    return np.stack([xs.min(1), ys.min(1), xs.max(1), ys.max(1)], axis=1)


# --- strokes -----------------------------------------------------------------------------------------------------


def _strokes(drawing: dict[str, Any]) -> Iterator[Box]:
    """A bar for each level or upright piece of a stroked path."""
    half = min(float(drawing.get("width") or 0.0), THICKEST_PT) / 2
    for start, end in _lines(drawing["items"], bool(drawing.get("closePath"))):
        (x0, y0), (x1, y1) = start, end
        rise, run = sorted((abs(x1 - x0), abs(y1 - y0)))
        if rise > max(_LEVEL_PT, _LEVEL * run):
            continue
        if abs(x1 - x0) >= abs(y1 - y0):
            y = (y0 + y1) / 2
            yield min(x0, x1), y - half, max(x0, x1), y + half
        else:
            x = (x0 + x1) / 2
            yield x - half, min(y0, y1), x + half, max(y0, y1)


_Point = tuple[float, float]


def _lines(items: Sequence[Any], is_closed: bool) -> Iterator[tuple[_Point, _Point]]:
    first: _Point | None = None
    last: _Point | None = None
    for item in items:
        if item[0] == "re":
            x0, y0, x1, y1 = item[1]
            yield from _around([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        elif item[0] == "qu":
            ul, ur, ll, lr = _corners(item[1])
            yield from _around([ul, ur, lr, ll])
        else:
            start, end = tuple(item[1]), tuple(item[-1])
            first = start if first is None or start != last else first
            last = end
            yield start, end  # a curve counts as the line between its ends: level only where it is flat
    if is_closed and first is not None and last is not None and first != last:
        yield last, first


def _around(corners: Sequence[_Point]) -> Iterator[tuple[_Point, _Point]]:
    return ((corners[i], corners[(i + 1) % len(corners)]) for i in range(len(corners)))


def _corners(quad: Any) -> tuple[_Point, ...]:
    return tuple((float(point[0]), float(point[1])) for point in quad)


# --- fills -------------------------------------------------------------------------------------------------------


def _filled(items: Sequence[Any]) -> Iterator[Box]:
    """The box of each part of a filled path. Parts that are neither upright boxes nor thin have none of their own."""
    outline: list[_Point] = []
    for item in items:
        points = _points(item)
        if item[0] in {"re", "qu"}:
            yield from _boxed(outline)
            outline = []
            yield from _boxed(points)
        elif outline and points[0] == outline[-1]:
            outline += points[1:]
        else:
            yield from _boxed(outline)
            outline = list(points)
    yield from _boxed(outline)


def _points(item: Any) -> list[_Point]:
    if item[0] == "re":
        x0, y0, x1, y1 = item[1]
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    return list(_corners(item[1])) if item[0] == "qu" else [(float(p[0]), float(p[1])) for p in item[1:]]


def _boxed(points: Sequence[_Point]) -> Iterator[Box]:
    if not points:
        return
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    box = min(xs), min(ys), max(xs), max(ys)
    is_thin = min(box[2] - box[0], box[3] - box[1]) <= THICKEST_PT
    at_side = [min(abs(x - box[0]), abs(x - box[2]), abs(y - box[1]), abs(y - box[3])) for x, y in points]
    if is_thin or max(at_side) < _LEVEL_PT:
        yield box


def _unframed(boxes: list[Box]) -> Iterator[Box]:
    """The boxes of one path; where one lies just within another, the four bars between them in their stead."""
    if not 2 <= len(boxes) <= _MOST_PARTS:
        yield from boxes
        return
    used: set[int] = set()
    for i, outer in enumerate(boxes):
        for j, inner in enumerate(boxes):
            if i != j and not {i, j} & used and _is_rim(outer, inner):
                used |= {i, j}
                yield from _rim(outer, inner)
    yield from (box for i, box in enumerate(boxes) if i not in used)


def _is_rim(outer: Box, inner: Box) -> bool:
    margins = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
    return min(margins) >= 0.0 and 0.0 < max(margins) <= THICKEST_PT


def _rim(outer: Box, inner: Box) -> Iterator[Box]:
    x0, y0, x1, y1 = outer
    sides = ((x0, y0, x1, inner[1]), (x0, inner[3], x1, y1), (x0, y0, inner[0], y1), (inner[2], y0, x1, y1))
    return (side for side in sides if min(side[2] - side[0], side[3] - side[1]) > 0.0)
