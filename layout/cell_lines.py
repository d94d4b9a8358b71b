"""Rulings + ink -> where text stands in ruled cells, so that no detector need look for it there.

    rulings --enclosed--> cells closed on all four sides
    ink --ink_parts--> connected parts, each in one cell            layout/ink.py
    parts --_lines--> one box around each line of type

A cell whose ink is not simply lines of type is left to the detector: ink that touches a ruling, is pale, or is larger or
lies closer than the page's type does; print under a seal; specks that may be dirt or a point. Where rulings of the back side
may show through, all is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layout.ink import InkParts, enclosed, ink_parts
from layout.showing_through import may_show_through
from layout.small_pages import page_luminance
from layout.type_ink import TypeInkOptions, type_ink
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import NO_PLACES, PageImage, TextPlaces

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CellLineOptions:
    """lattice_dpi: of the picture in which rulings close cells. corner_pt: how far a ruling may end before the one it
    meets. rectangular: least share of its box that a cell fills. inset_pt: of a cell, beside the middle of its rulings, in
    which their own ink may stand. frame_pt: how far off the outer one of two frames may run.
    figures: least number of parts that tell the height of figures.

    The others are multiples of that height. high: of a line's box, at least; margin: paper above, below and at both ends.
    one_line: parts within this height are one line, unless two of them are ``full`` each; tallest: greatest height of a
    line; gap: white that parts two texts. speck: ink smaller both ways may be dirt, but for a level stroke as long as
    ``hyphen``; low, longest: what is lower and longer is no text. most_odd: share of cells beyond which the page is dirty.
    """

    ink: TypeInkOptions = field(default_factory=TypeInkOptions)
    lattice_dpi: float = 100.0
    corner_pt: float = 2.0
    rectangular: float = 0.97
    inset_pt: float = 1.2
    figures: int = 12
    speck: float = 0.35
    full: float = 0.7
    tallest: float = 1.9
    one_line: float = 1.6
    gap: float = 1.35
    high: float = 1.75
    margin: float = 0.17
    low: float = 0.5
    longest: float = 3.0
    hyphen: float = 0.25
    most_odd: float = 0.05
    frame_pt: float = 8.0


def find_cell_lines(image: PageImage, rulings: Sequence[Ruling], options: CellLineOptions | None = None) -> TextPlaces:
    """The cells of a page whose text lies in plain lines, or that are blank, and a box around each line."""
    options = options or CellLineOptions()
    grey = page_luminance(image)
    if may_show_through(rulings, grey, image.dpi):
        return NO_PLACES
    cells = _cells(image, rulings, options)
    if not len(cells):
        return NO_PLACES
    ink = type_ink(image, options.ink)
    inset = np.array([1, 1, -1, -1]) * options.inset_pt * ink.px
    inner = np.round(cells * ink.factor + inset).astype(np.int64)
    parts = ink_parts(ink.dark, inner, np.floor(cells * ink.factor).astype(np.int64), round(ink.sure), round(ink.faint))
    height = _figure_height(parts, ink.px, options)
    if height is None:
        return NO_PLACES
    parts_of = [parts.boxes[parts.owner == i] for i in range(len(cells))]
    held = [_lines(boxes, height, box, options) for boxes, box in zip(parts_of, inner.tolist(), strict=True)]
    areas = [BBox(*cell) for cell in cells.tolist()]
    plain = [whole and not _is_under(a, image.seals) for a, whole in zip(areas, parts.is_whole.tolist(), strict=True)]
    odd = sum(is_plain and found is None for is_plain, found in zip(plain, held, strict=True))
    if odd > options.most_odd * len(cells):
        return NO_PLACES
    told = [
        (area, found)
        for area, is_plain, found in zip(areas, plain, held, strict=True)
        if is_plain and found is not None
    ]
    lines = [BBox(*(v / ink.factor for v in line)) for _, found in told for line in found]
    areas = [area for area, _ in told]
    reach = options.frame_pt * image.dpi / 72.0
    return TextPlaces(tuple(areas), tuple(lines), tuple(_stroke(r) for r in rulings if _frames(r, areas, reach)))


def _frames(ruling: Ruling, areas: Sequence[BBox], reach: float) -> bool:
    """Whether a ruling runs along all of them on their outside, as the outer one of two does."""
    level = ruling.orientation is Orientation.HORIZONTAL
    sides = [(a.y0, a.y1) if level else (a.x0, a.x1) for a in areas]
    low, high = min((s for s, _ in sides), default=0.0), max((s for _, s in sides), default=0.0)
    return low - reach < ruling.position < low or high < ruling.position < high + reach


def _stroke(ruling: Ruling) -> BBox:
    half = ruling.thickness / 2
    if ruling.orientation is Orientation.HORIZONTAL:
        return BBox(ruling.start, ruling.position - half, ruling.end, ruling.position + half)
    return BBox(ruling.position - half, ruling.start, ruling.position + half, ruling.end)


def _is_under(area: BBox, seals: Sequence[BBox]) -> bool:
    return any(area.intersection(seal) for seal in seals)


def _cells(image: PageImage, rulings: Sequence[Ruling], options: CellLineOptions) -> npt.NDArray[np.float64]:
    """(n, 4) boxes, page pixels, of the rectangles that rulings close."""
    factor = min(1.0, options.lattice_dpi / image.dpi)
    reach = options.corner_pt * image.dpi / 72.0
    strokes = [
        (r.start - reach, r.position, r.end + reach, r.position)
        if r.orientation is Orientation.HORIZONTAL
        else (r.position, r.start - reach, r.position, r.end + reach)
        for r in rulings
    ]
    size = round(image.width * factor), round(image.height * factor)
    return enclosed(np.array(strokes).reshape(-1, 4) * factor, size, options.rectangular) / factor


def _figure_height(parts: InkParts, px: float, options: CellLineOptions) -> float | None:
    """Usual height in px of what is shaped as figures are."""
    width, height = (parts.boxes[:, 2] - parts.boxes[:, 0]), (parts.boxes[:, 3] - parts.boxes[:, 1])
    shaped = (height >= 1.2 * width) & (height <= 2.6 * width) & (height >= 3.0 * px) & (height <= 30.0 * px)
    return float(np.median(height[shaped])) if shaped.sum() >= options.figures else None


def _lines(
    boxes: Ints, figure: float, cell: Sequence[int], options: CellLineOptions
) -> list[tuple[float, float, float, float]] | None:
    """A box around each text of each line; None where the ink is not plainly lines of type. boxes: of the parts in ``cell``, px."""
    found: list[tuple[float, float, float, float]] = []
    for rows in _rows(boxes, figure, options):
        top, foot = int(boxes[rows, 1].min()), int(boxes[rows, 3].max())
        for text in _texts(boxes[rows], options.gap * figure):
            wide, high = int(text[:, 2].max() - text[:, 0].min()), int(text[:, 3].max() - text[:, 1].min())
            if foot - top > options.tallest * figure or not _is_text(wide / figure, high / figure, options):
                return None
            reach = max(options.high * figure, foot - top + 2 * options.margin * figure) / 2
            middle, side = (top + foot) / 2, options.margin * figure
            y0, y1 = max(middle - reach, cell[1]), min(middle + reach, cell[3])
            found.append(
                (max(int(text[:, 0].min()) - side, cell[0]), y0, min(int(text[:, 2].max()) + side, cell[2]), y1)
            )
    return found


def _is_text(wide: float, high: float, options: CellLineOptions) -> bool:
    """Whether ink of this size, in heights of figures, may be text: no dirt, no point alone, no stroke that underlines."""
    if high < options.low and wide > options.longest:
        return False
    is_hyphen = wide >= 1.8 * high and wide >= options.hyphen
    return max(wide, high) >= options.speck or is_hyphen


def _rows(boxes: Ints, figure: float, options: CellLineOptions) -> list[npt.NDArray[np.intp]]:
    """Indices of the parts of each line, top down: parts that share rows, or lie within one line's height."""
    lines: list[tuple[int, int, list[int]]] = []
    runs: list[tuple[int, int, list[int]]] = []
    for i in np.argsort(boxes[:, 1], kind="stable").tolist():
        y0, y1 = int(boxes[i, 1]), int(boxes[i, 3])
        if runs and y0 < runs[-1][1]:
            runs[-1] = runs[-1][0], max(y1, runs[-1][1]), [*runs[-1][2], i]
        else:
            runs.append((y0, y1, [i]))
    for y0, y1, members in runs:
        if (
            lines
            and y1 - lines[-1][0] <= options.one_line * figure
            and not (y1 - y0 >= options.full * figure and lines[-1][1] - lines[-1][0] >= options.full * figure)
        ):
            lines[-1] = lines[-1][0], y1, [*lines[-1][2], *members]
        else:
            lines.append((y0, y1, members))
    return [np.array(members, dtype=np.intp) for _, _, members in lines]


def _texts(line: Ints, gap: float) -> list[Ints]:
    """The parts of a line, cut where white is at least so wide."""
    line = line[np.argsort(line[:, 0], kind="stable")]
    ends = np.maximum.accumulate(line[:, 2])
    return np.split(line, np.flatnonzero(line[1:, 0] - ends[:-1] >= gap) + 1)
