"""Region + rulings -> grid: drawn and implied rulings alike, one axis at a time.

pieces -> chains -> levelled                 layout/levelling.py: a bent table becomes straight
levels -> lattice edges                      rulings closer than part of a text height are one (double rulings)
coverage of each stretch between crossings   -> scores of separators         layout/separators.py
scores -> spans                              layout/tiling.py: always tiles
edges that no span uses are dropped          so that noise leaves no phantom row or column
slots too thin for text are no cells         layout/thin_slots.py: white around a nested grid
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from layout.levelling import Levelling, fit_levelling, link_pieces
from layout.separators import Axis, Floats, GridOptions, crossed, separator_scores, stretches_of
from layout.stretches import overlap, union
from layout.text_boxes import character_cores, text_boxes
from layout.thin_slots import without_thin
from layout.tiling import canonical, tile
from layout.values import Grid, Orientation, Ruling, RulingSource, Span, TableRegion
from ocr.geometry import BBox
from ocr.values import PageText


def build_grid(
    region: TableRegion, rulings: Sequence[Ruling], text: PageText, options: GridOptions | None = None
) -> Grid:
    """The grid of a region; total: with nothing inside it is one cell as large as the region."""
    options = options or GridOptions()
    em = text_height(text, region.bbox)
    near = region.bbox.grown(options.same_edge * em)
    flat = clipped((r for r in rulings if r.orientation is Orientation.HORIZONTAL), near)
    upright = clipped((r for r in rulings if r.orientation is Orientation.VERTICAL), near)
    words = text_boxes(text.words, near, options.clear_gap, options.end_inset)
    turned = words[:, [1, 0, 3, 2]]
    upright = without_stems(upright, turned, em, options)
    over, through = options.edge_inset, options.end_inset
    sure_flat, sure_upright = (
        unhidden(flat, [], words, em, over, options), unhidden(upright, [], turned, em, through, options),
    )  # fmt: skip
    flat, upright = (
        unhidden(flat, sure_upright, words, em, over, options), unhidden(upright, sure_flat, turned, em, through, options),
    )  # fmt: skip
    bend_y, bend_x = _bend(flat, region.bbox, em, options), _bend(upright, _turned(region.bbox), em, options)
    rows = _axis(flat, bend_y, bend_x, region.bbox, em, options)
    cols = _axis(upright, bend_x, bend_y, _turned(region.bbox), em, options)
    boxes = _levelled_words(words, bend_x, bend_y)
    below = separator_scores(rows, cols.edges, boxes, em, options, along_text=True)
    cores = _levelled_words(character_cores(text.words, near), bend_x, bend_y)[:, [1, 0, 3, 2]]
    right = separator_scores(cols, rows.edges, boxes[:, [1, 0, 3, 2]], em, options, along_text=False, cores=cores).T
    spans, row_at, col_at = canonical(tile(below, right))
    grid = _grid(region, spans, [rows.edges[i] for i in row_at], [cols.edges[i] for i in col_at], bend_x, bend_y)
    grid = without_thin(grid, words, em)
    sources = {r.source for r in (*flat, *upright)} - {RulingSource.DRAWN}
    return replace(grid, implied=bool(sources), tentative=sources == {RulingSource.TENTATIVE})


def text_height(text: PageText, box: BBox) -> float:
    """Median height in px of the words in a box, or of all; without words a fiftieth of the box's width."""
    inside = [w for w in text.words if box.intersection(w.bbox)] or list(text.words)
    sides = [min(w.bbox.width, w.bbox.height) for w in inside if min(w.bbox.width, w.bbox.height) > 0]
    return float(np.median(sides)) if sides else max(8.0, min(max(box.width, box.height) / 50.0, 45.0))


def clipped(rulings: Iterable[Ruling], box: BBox) -> list[Ruling]:
    """The parts of rulings inside a box."""
    parts: list[Ruling] = []
    for r in rulings:
        level = r.orientation is Orientation.HORIZONTAL
        low, high, start, end = (box.y0, box.y1, box.x0, box.x1) if level else (box.x0, box.x1, box.y0, box.y1)
        s, e = max(r.start, start), min(r.end, end)
        if low <= r.position <= high and s < e:
            parts.append(Ruling(r.orientation, r.position, s, e, r.thickness, r.source))
    return parts


def _turned(box: BBox) -> BBox:
    return BBox(box.y0, box.x0, box.y1, box.x1)


def _bend(rulings: list[Ruling], box: BBox, em: float, options: GridOptions) -> Levelling:
    owners = link_pieces(rulings, options.link_gap * em, options.link_step * em)
    return fit_levelling(rulings, owners, (box.x0, max(box.x1, box.x0 + 1)), (box.y0, max(box.y1, box.y0 + 1)))


def _axis(
    rulings: list[Ruling], bend: Levelling, cross_bend: Levelling, box: BBox, em: float, options: GridOptions
) -> Axis:
    """Edges across ``box`` (its y for horizontal rulings; turned for vertical ones)."""
    pos, start, end = (np.array([getattr(r, a) for r in rulings]) for a in ("position", "start", "end"))
    level = bend.level((start + end) / 2, pos)
    start, end = cross_bend.level(pos, start), cross_bend.level(pos, end)
    groups = _groups(level, end - start, options.same_edge * em)
    edges = [float(np.average(level[g], weights=end[g] - start[g] + 1e-9)) for g in groups]
    inked = [union([(float(start[i]), float(end[i])) for i in g]) for g in groups]
    low, high = box.y0, max(box.y1, box.y0 + 1)
    if not edges or edges[0] - low > options.outer_gap * em:
        edges, inked = [low, *edges], [[(box.x0, box.x1)], *inked]
    if len(edges) < 2 or high - edges[-1] > options.outer_gap * em:
        edges, inked = [*edges, max(high, edges[-1] + 1)], [*inked, [(box.x0, box.x1)]]
    return Axis(tuple(edges), tuple(inked), bend)


def _groups(levels: Floats, weights: Floats, reach: float) -> list[npt.NDArray[np.intp]]:
    """Indices of the levels that are one edge, ascending: the heaviest gathers all within reach, then the next."""
    free = np.ones(len(levels), dtype=bool)
    mass = np.array([weights[np.abs(levels - level) <= reach / 3].sum() for level in levels])
    groups: list[npt.NDArray[np.intp]] = []
    for i in np.argsort(-mass, kind="stable"):
        if free[i]:
            members = np.flatnonzero(free & (np.abs(levels - levels[i]) <= reach))
            free[members] = False
            groups.append(members)
    return sorted(groups, key=lambda g: float(levels[g].mean()))


def _levelled_words(boxes: Floats, bend_x: Levelling, bend_y: Levelling) -> Floats:
    """The same boxes, levelled as the rulings are."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    dx, dy = bend_x.displacement(y, x), bend_y.displacement(x, y)
    return np.asarray(boxes - np.stack([dx, dy, dx, dy], axis=1))


def unhidden(
    rulings: list[Ruling], across: list[Ruling], words: Floats, em: float, inset: float, options: GridOptions
) -> list[Ruling]:
    """The rulings of one orientation less those that lie within words: strokes of their characters, or underlines.

    across: the rulings of the other orientation; words: boxes with x along the rulings; inset: how deep in a word a
    ruling must lie to be hidden by it. A ruling that crosses a word
    shows on both sides of it. One that runs along a line of text goes on beyond its ends, or from ruling to ruling;
    then it may lie in the margin of the line's box.
    """
    owners = link_pieces(rulings, options.link_gap * em, options.link_step * em)
    whole = _sums(owners, [r.length for r in rulings])
    within = _sums(owners, [_bare(r, words, inset) for r in rulings])
    core = max(inset, options.core_inset)
    inside = _sums(owners, [_bare(r, words, core, core * em) for r in rulings])
    touching = _sums(owners, [_bare(r, words, -options.touch_inset) for r in rulings])
    least = options.least_seen * em
    share = np.full(len(whole), options.least_shown)
    if rulings and rulings[0].orientation is Orientation.VERTICAL:
        n_over = _sums(owners, [float(np.count_nonzero(_over(r, words, inset))) for r in rulings])
        share[n_over >= options.many_over] = options.least_between
    held = np.array([_held(rulings, owners == k, across, options.hold * em) for k in range(len(whole))])
    shown = np.where(held, inside, within) >= np.maximum(least, share * whole)
    seen = (held | (touching >= least)) & shown
    return [r for r, owner in zip(rulings, owners, strict=True) if seen[owner] or r.source is not RulingSource.DRAWN]


def without_stems(rulings: list[Ruling], words: Floats, em: float, options: GridOptions) -> list[Ruling]:
    """The rulings less stems of characters in line with them: pieces at the end of one that stand apart from it and
    lie in a word or along it. A ruling ends at another across, so it would show above or below the word.
    """
    owners = link_pieces(rulings, options.stem_gap * em, options.link_step * em)
    kept: list[Ruling] = []
    for k in range(int(owners.max(initial=-1)) + 1):
        pieces = sorted((r for r, owner in zip(rulings, owners, strict=True) if owner == k), key=lambda r: r.start)
        while len(pieces) > 1 and _is_stem(pieces[0], pieces[1].start - pieces[0].end, words, em, options):
            del pieces[0]
        while len(pieces) > 1 and _is_stem(pieces[-1], pieces[-1].start - pieces[-2].end, words, em, options):
            del pieces[-1]
        kept += pieces
    return kept


def _is_stem(ruling: Ruling, gap: float, words: Floats, em: float, options: GridOptions) -> bool:
    is_short = ruling.source is RulingSource.DRAWN and ruling.length <= options.stem * em
    return is_short and gap > options.apart * em and _bare(ruling, words, -options.touch_inset) <= 0.1 * ruling.length


def _held(rulings: list[Ruling], chosen: npt.NDArray[np.bool_], across: list[Ruling], reach: float) -> bool:
    """Whether a ruling, given by its pieces, ends at rulings across it on both sides."""
    pieces = sorted((r for r, mine in zip(rulings, chosen, strict=True) if mine), key=lambda r: r.start)
    ends = (
        [(p.position, at) for p, at in ((pieces[0], pieces[0].start), (pieces[-1], pieces[-1].end))] if pieces else []
    )
    return bool(ends) and all(
        any(abs(a.position - at) <= reach and a.start - reach <= y <= a.end + reach for a in across) for y, at in ends
    )


def _sums(owners: npt.NDArray[np.intp], lengths: list[float]) -> Floats:
    return np.bincount(owners, weights=np.array(lengths, dtype=float), minlength=1).astype(np.float64)


def _over(ruling: Ruling, words: Floats, inset: float) -> npt.NDArray[np.bool_]:
    """Which words a ruling runs through."""
    return np.asarray(
        crossed(words, ruling.position, inset) & (words[:, 0] < ruling.end) & (words[:, 2] > ruling.start)
    )


def _bare(ruling: Ruling, words: Floats, inset: float, least: float = 0.0) -> float:
    """Length of a ruling outside the words it runs through (a negative inset: or runs along)."""
    over = words[crossed(words, ruling.position, inset, least)]
    return ruling.length - overlap(stretches_of(over), ruling.start, ruling.end)


def _grid(
    region: TableRegion,
    spans: tuple[Span, ...],
    rows: list[float],
    cols: list[float],
    bend_x: Levelling,
    bend_y: Levelling,
) -> Grid:
    """Edges back on the page, with one box per span that follows the bend."""
    y, x = np.array(rows)[:, None], np.array(cols)[None, :]
    ys = bend_y.place(bend_x.place(y, x), y)
    xs = bend_x.place(ys, x)
    return Grid(region, tuple(rows), tuple(cols), spans, tuple(_boxes(spans, xs, ys)))


def _boxes(spans: Sequence[Span], xs: Floats, ys: Floats) -> Iterator[BBox]:
    """Upright boxes of spans: each side at the mean of its two corners."""
    top, left, bottom, right = np.array([(s.row, s.col, s.row_stop, s.col_stop) for s in spans]).T
    x0, x1 = ((xs[top, side] + xs[bottom, side]) / 2 for side in (left, right))
    y0, y1 = ((ys[side, left] + ys[side, right]) / 2 for side in (top, bottom))
    for sides in zip(x0.tolist(), y0.tolist(), np.maximum(x0, x1).tolist(), np.maximum(y0, y1).tolist(), strict=True):
        yield BBox(*sides)
