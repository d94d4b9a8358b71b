"""Networks of rulings that are no tables: hatchings, boxes without text, charts with their axes.

A table's cells can hold a line of text, and some row or column of them does. The numbers of an axis stand at the ends of
its grid lines, at equal steps of value and place; a table's stand between its rulings.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.amounts import parse_amount
from layout.ink import luminance, shrink, smoothed
from layout.thin_slots import LEAST_CELL
from layout.values import Grid, Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import PageImage, Word

#: Least share of the cells of a row or column that hold text in some row or column of a table; or so many of them do: of
#: the last row of a wide table, alone on its page, most may be blank.
FILLED, MANY = 0.5, 6
#: Numbers that make an axis; in text heights: how far they stand off the ends of grid lines, and off their middle.
TICKS, BESIDE, OFF = 4, 2.0, 0.3
#: How far a number may stand off its place along an axis, as a share of the least step.
UNEVEN = 0.12
#: Dots per inch at which grounds are compared; in points, what is wiped out as print; least difference (of 255) of two
#: grounds; share of a cell either has at least; share of its lines that both cross; share of the area of such cells from
#: which it is a picture's.
GROUND_DPI, PRINT_PT, TWO_GROUNDS, EITHER, RAGGED, MIXED = 50.0, 13.0, 28, 0.15, 0.2, 0.15


@dataclass(frozen=True, slots=True)
class Tick:
    """A number of an axis: its value, where along the axis it stands, where across (the side at its rulings), its box."""

    value: float
    place: float
    level: float
    box: BBox


def is_picture(grid: Grid, rulings: Sequence[Ruling], words: Sequence[Word], em: float) -> bool:
    """Whether what rulings draw is no table although it has cells. ``words``: of the whole page; none says nothing."""
    boxes = [grid.span_bbox(i) for i in range(len(grid.spans))]
    small = sum(min(b.width, b.height) < LEAST_CELL * em for b in boxes)
    if 2 * small > len(boxes):
        return True
    return bool(words) and (not _holds_text(grid, boxes, words) or has_axis(grid.region.bbox, rulings, words, em))


def _holds_text(grid: Grid, boxes: Sequence[BBox], words: Sequence[Word]) -> bool:
    """Whether at least two cells hold text, and half the cells of some row or column, or many."""
    inside = [w.bbox.centre for w in words if grid.region.bbox.contains(*w.bbox.centre)]
    x, y = np.array(inside, np.float64).reshape(-1, 2).T
    x0, y0, x1, y1 = (side[:, None] for side in np.array([b.as_tuple() for b in boxes]).T)
    filled = ((x0 <= x) & (x < x1) & (y0 <= y) & (y < y1)).any(axis=1).tolist()
    if sum(filled) < 2:
        return False
    lines = [[i for i, s in enumerate(grid.spans) if s.row <= k < s.row_stop] for k in range(grid.n_rows)]
    lines += [[i for i, s in enumerate(grid.spans) if s.col <= k < s.col_stop] for k in range(grid.n_cols)]
    counts = [(sum(filled[i] for i in line), len(line)) for line in lines]
    return any(n >= 2 and n >= min(FILLED * total, MANY) for n, total in counts)


def has_axis(box: BBox, rulings: Sequence[Ruling], words: Iterable[Word], em: float) -> bool:
    """Whether numbers whose values go with their places stand at the ends of rulings in a box, below them or to their left."""
    near = [w for w in words if box.grown(3 * em).contains(*w.bbox.centre)]
    numbers = [part for w in near for part in _numbers(w)]
    for way in (Orientation.HORIZONTAL, Orientation.VERTICAL):
        lines = [r for r in rulings if r.orientation is way and _is_in(r, box)]
        ticks = sorted((t for r in lines for t in _ticks(r, numbers, em)), key=lambda t: t.level)
        for start in ticks:
            beside = [t for t in ticks if 0 <= t.level - start.level <= OFF * em]
            if _is_axis(beside, lines, way):
                return True
    return False


def _is_in(ruling: Ruling, box: BBox) -> bool:
    middle = (ruling.start + ruling.end) / 2
    x, y = (middle, ruling.position) if ruling.orientation is Orientation.HORIZONTAL else (ruling.position, middle)
    return box.contains(x, y)


def _numbers(word: Word) -> Iterator[tuple[float, BBox]]:
    """The numbers of a text box, parted where it has spaces."""
    box, step = word.bbox, word.bbox.width / max(1, len(word.text))
    at = 0
    for part in word.text.split(" "):
        stop = at + len(part)
        value = parse_amount(part.rstrip("%％")).value if part else None
        if value is not None:
            sides = (word.chars[at].x0, word.chars[stop - 1].x1) if len(word.chars) == len(word.text) else None
            x0, x1 = sides or (box.x0 + at * step, box.x0 + stop * step)
            yield float(value), BBox(x0, box.y0, max(x0, x1), box.y1)
        at = stop + 1


def _ticks(ruling: Ruling, numbers: Sequence[tuple[float, BBox]], em: float) -> list[Tick]:
    found = []
    for value, box in numbers:
        x, y = box.centre
        if ruling.orientation is Orientation.HORIZONTAL:
            fits, place, level = -0.5 * em <= ruling.start - box.x1 <= BESIDE * em, y, box.x1
        else:
            fits, place, level = -0.5 * em <= box.y0 - ruling.end <= BESIDE * em, x, box.y0
        if fits and abs(place - ruling.position) <= OFF * em:
            found.append(Tick(value, ruling.position, level, box))
    return found


def _is_axis(ticks: Sequence[Tick], rulings: Sequence[Ruling], way: Orientation) -> bool:
    """Whether values go with places, and no ruling between them runs on past the numbers as one of a table does."""
    line = sorted({t.value: t for t in ticks}.values(), key=lambda t: t.place)
    if len(line) < TICKS or not _is_even([t.place for t in line], [t.value for t in line]):
        return False
    low, high = line[0].place, line[-1].place
    sides = [(t.box.x0, t.box.x1) if way is Orientation.HORIZONTAL else (t.box.y0, t.box.y1) for t in line]
    first, last = min(a for a, _ in sides), max(b for _, b in sides)
    return not any(low < r.position < high and r.start < first and r.end > last for r in rulings)


def _is_even(places: Sequence[float], values: Sequence[float]) -> bool:
    """Whether values lie on a straight line over places, as near as a part of the least step."""
    least = min(b - a for a, b in itertools.pairwise(places))
    rise = (values[-1] - values[0]) / max(1e-9, places[-1] - places[0])
    if not rise or least <= 0:
        return False
    off = [abs((v - values[0]) / rise - (p - places[0])) for p, v in zip(places, values, strict=True)]
    return max(off) <= UNEVEN * least


def is_on_picture(image: PageImage, boxes: Sequence[BBox], words: Sequence[Word]) -> bool:
    """Whether the cells that words make lie over a drawing: a cell has one ground, or its rulings part two."""
    x0, y0, x1, y1 = (
        f(b.as_tuple()[k] for b in boxes) for k, f in enumerate((min, min, max, max))
    )  # fmt: skip
    left, top = max(0, int(x0)), max(0, int(y0))
    factor = min(1.0, GROUND_DPI / image.dpi)
    part = image.pixels[top : int(y1) + 1, left : int(x1) + 1]
    if min(part.shape[:2]) * factor < 2:
        return False
    ground = smoothed(shrink(luminance(np.ascontiguousarray(part)), factor), round(PRINT_PT * GROUND_DPI / 72))
    bare = np.ones(ground.shape, dtype=bool)
    for word in words:
        bare[_slices(word.bbox.shifted(-left, -top), factor, 0)] = False
    mixed = total = 0.0
    for box in boxes:
        place = _slices(box.shifted(-left, -top), factor, 1)
        seen, shown = ground[place], bare[place]
        if shown.sum() >= 8:
            total += float(shown.sum())
            mixed += float(shown.sum()) * _is_mixed(seen, shown)
    return mixed > MIXED * max(1.0, total)


def _is_mixed(ground: npt.NDArray[np.uint8], shown: npt.NDArray[np.bool_]) -> bool:
    """Whether what is shown of a cell has two grounds that lines straight across or down it do not part, as fills' sides do."""
    ordered = np.sort(ground[shown])
    low, high = (int(ordered[int(share * len(ordered))]) for share in (EITHER, 1 - EITHER))
    if high - low < TWO_GROUNDS:
        return False
    light = shown & (ground > (low + high) / 2)
    return all(_is_ragged(light.sum(axis=k), shown.sum(axis=k)) for k in (0, 1))


def _is_ragged(light: npt.NDArray[np.intp], shown: npt.NDArray[np.intp]) -> bool:
    """Whether many lines of pixels, of which so many are light and shown, hold both grounds."""
    share = light[shown > 0] / shown[shown > 0]
    return bool(((share > EITHER) & (share < 1 - EITHER)).mean() > RAGGED)


def _slices(box: BBox, factor: float, inset: int) -> tuple[slice, slice]:
    y0, y1, x0, x1 = (max(0, round(v * factor)) for v in (box.y0, box.y1, box.x0, box.x1))
    return slice(y0 + inset, max(y0, y1 - inset)), slice(x0 + inset, max(x0, x1 - inset))
