"""Rulings -> table regions: connected networks of crossing rulings that make at least two cells.

Page frames, scan edges, underlines, letterhead rules and boxes around a paragraph are networks of one cell, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layout.grids import build_grid, clipped, text_height
from layout.pictures import is_picture
from layout.separators import GridOptions
from layout.values import Grid, Orientation, Ruling, TableRegion
from ocr.geometry import BBox
from ocr.groups import groups_of
from ocr.values import PageImage, PageText

#: Share of a table's width or height from which what lies beside it may be its side.
SIDE = 0.25


@dataclass(frozen=True, slots=True)
class RegionOptions:
    """Lengths in text heights.

    touch: rulings that come this close to each other are connected. overshoot: rulings go on past the last one across
    by more than this where a side of the table is open. margin: a network inside another belongs to it
    when it fills it up to this margin. least_height, least_width: smaller boxes are check boxes or stamps.
    """

    touch: float = 0.45
    overshoot: float = 0.8
    margin: float = 1.5
    least_height: float = 1.2
    least_width: float = 4.0
    grid: GridOptions = GridOptions()  # noqa: RUF009 - frozen


def find_regions(
    image: PageImage, rulings: Sequence[Ruling], text: PageText, options: RegionOptions | None = None
) -> tuple[TableRegion, ...]:
    """The tables of a page from top to bottom, then left to right; none is ()."""
    return tuple(grid.region for grid in find_grids(image, rulings, text, options))


def find_grids(
    image: PageImage, rulings: Sequence[Ruling], text: PageText, options: RegionOptions | None = None
) -> tuple[Grid, ...]:
    """The same tables as grids, as ``build_grid`` makes them of all rulings."""
    options = options or RegionOptions()
    page = BBox(0, 0, image.width, image.height)
    em = text_height(text, page) if text.words else 10.5 * image.dpi / 72
    order = {id(r): i for i, r in enumerate(rulings)}
    found = [n for n in networks(rulings, options.touch * em) if len(n) > 2]
    tables: list[Grid] = []
    for box, own in _joined([(_bounds(n, options.overshoot * em), n) for n in found], options.margin * em):
        if any(_inside(box, t.region.bbox) for t in tables):
            continue
        own.sort(key=lambda r: order[id(r)])
        region = TableRegion(image.page_number, box)
        grid = _table_grid(region, own, rulings, text, em, options)
        if grid is not None:
            near = box.grown(options.grid.same_edge * text_height(text, box))
            is_whole = len(clipped(own, near)) == len(clipped(rulings, near))
            tables.append(grid if is_whole else build_grid(region, rulings, text, options.grid))
    return tuple(sorted(tables, key=lambda t: (t.region.bbox.y0, t.region.bbox.x0)))


def networks(rulings: Sequence[Ruling], touch: float) -> list[list[Ruling]]:
    """Groups of rulings connected by crossings, by touching ends, or by going on end to end."""
    if not rulings:
        return []
    flat = np.array([r.orientation is Orientation.HORIZONTAL for r in rulings])
    pos, start, end = (np.array([getattr(r, a) for r in rulings]) for a in ("position", "start", "end"))
    reaches = (pos[None, :] >= start[:, None] - touch) & (pos[None, :] <= end[:, None] + touch)
    crosses = reaches & reaches.T & (flat[:, None] != flat[None, :])
    beside = np.abs(pos[:, None] - pos[None, :]) <= touch / 2.5
    laps = (start[None, :] <= end[:, None] + touch) & (end[None, :] >= start[:, None] - touch)
    linked = crosses | (beside & laps & (flat[:, None] == flat[None, :]))
    owner = groups_of(len(rulings), *np.nonzero(linked))
    return [[rulings[i] for i in np.flatnonzero(owner == k)] for k in np.unique(owner)]


def _bounds(network: list[Ruling], gap: float) -> BBox:
    """Box of a network; a single ruling that overshoots the others, as a character may prolong it, does not count."""
    flat = [r for r in network if r.orientation is Orientation.HORIZONTAL]
    upright = [r for r in network if r.orientation is Orientation.VERTICAL]
    x0, x1 = _extent(upright, flat, gap)
    y0, y1 = _extent(flat, upright, gap)
    return BBox(x0, y0, x1, y1)


def _extent(across: list[Ruling], along: list[Ruling], gap: float) -> tuple[float, float]:
    """From the first to the last ruling across, or on to where at least two rulings along reach past them."""
    low, high = (min((r.position for r in across), default=np.inf), max((r.position for r in across), default=-np.inf))
    starts = _second([(r.start, r.position) for r in along], gap)
    ends = -_second([(-r.end, r.position) for r in along], gap)
    low = starts if starts < low - gap else low
    high = ends if ends > high + gap else high
    return (float(low), float(high)) if low <= high else (0.0, 0.0)


def _second(ends: list[tuple[float, float]], apart: float) -> float:
    """The second least of (end, position); pieces less than ``apart`` from the first count as the same ruling.

    inf without any; of one ruling alone its own end.
    """
    ordered = sorted(ends)
    others = (end for end, position in ordered if abs(position - ordered[0][1]) > apart)
    return next(others, ordered[0][0] if ordered else np.inf)


def ruling_box(ruling: Ruling) -> BBox:
    """The line of a ruling as a box without thickness."""
    if ruling.orientation is Orientation.HORIZONTAL:
        return BBox(ruling.start, ruling.position, ruling.end, ruling.position)
    return BBox(ruling.position, ruling.start, ruling.position, ruling.end)


def _joined(boxed: list[tuple[BBox, list[Ruling]]], margin: float) -> list[tuple[BBox, list[Ruling]]]:
    """Networks that broke apart put together, largest first: boxes that overlap, unless one merely stands in another.

    Those without a cell are no tables and widen none by themselves: two edges of a scan, say, meet in one corner and span
    the page. Beside a table they are its own where they are long enough to be its side; short ones are strokes of a title.
    """
    joined: list[tuple[BBox, list[Ruling]]] = []
    with_cells = [(box, own) for box, own in boxed if _has_cell(own)]
    for box, own in sorted(with_cells, key=lambda b: -b[0].area):
        host = next((i for i, (other, _) in enumerate(joined) if _same_table(other, box, margin)), None)
        if host is None:
            joined.append((box, own))
        else:
            joined[host] = joined[host][0].union(box), [*joined[host][1], *own]
    for box, own in boxed:
        host = next((i for i, (other, _) in enumerate(joined) if _inside(box, other.grown(margin))), None)
        if host is not None and not _has_cell(own) and _is_side(box, joined[host][0]):
            joined[host] = joined[host][0].union(box), [*joined[host][1], *own]
    return joined


def _is_side(box: BBox, table: BBox) -> bool:
    """Whether a network lies in a table, or is long enough to be a part of its side."""
    return _inside(box, table) or box.width >= SIDE * table.width or box.height >= SIDE * table.height


def _has_cell(network: Sequence[Ruling]) -> bool:
    """Whether its rulings go round something, or several of one direction cross one of the other."""
    flat = [r for r in network if r.orientation is Orientation.HORIZONTAL]
    upright = [r for r in network if r.orientation is Orientation.VERTICAL]
    return any(len(_separate(own)) >= 2 for own in (flat, upright))


def _separate(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Of rulings side by side one each: pieces end to end, however slanted, are one."""
    apart: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda r: r.end - r.start, reverse=True):
        if not apart or all(
            min(ruling.end, o.end) - max(ruling.start, o.start) > 0.5 * (ruling.end - ruling.start) for o in apart
        ):
            apart.append(ruling)
    return apart


def _same_table(large: BBox, small: BBox, margin: float) -> bool:
    common = large.intersection(small)
    if common is None:
        return False
    wide = small.width >= large.width - 2 * margin
    tall = small.height >= large.height - 2 * margin
    return wide or tall if _inside(small, large) else common.area > 0.3 * small.area


def _inside(small: BBox, large: BBox) -> bool:
    return small.x0 >= large.x0 and small.x1 <= large.x1 and small.y0 >= large.y0 and small.y1 <= large.y1


def _table_grid(
    region: TableRegion,
    own: Sequence[Ruling],
    rulings: Sequence[Ruling],
    text: PageText,
    em: float,
    options: RegionOptions,
) -> Grid | None:
    """The grid that a network's own rulings make; None where that is no table."""
    box = region.bbox
    if box.height < options.least_height * em or box.width < options.least_width * em:
        return None
    grid = build_grid(region, own, text, options.grid)
    if len(grid.spans) < 2 or grid.n_cols < 2 or is_picture(grid, rulings, text.words, text_height(text, box)):
        return None
    return grid
