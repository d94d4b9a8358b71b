"""Region + rulings -> grid: drawn and implied rulings alike, one axis at a time.

pieces -> chains -> levelled                 layout/levelling.py: a bent table becomes straight
levels -> lattice edges                      rulings closer than part of a text height are one (double rulings)
coverage of each stretch between crossings   -> scores of separators
scores -> spans                              layout/tiling.py: always tiles
edges that no span uses are dropped          so that noise leaves no phantom row or column
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from layout.levelling import Levelling, fit_levelling, link_pieces
from layout.text_boxes import text_boxes
from layout.tiling import canonical, tile
from layout.values import Grid, Orientation, Ruling, RulingSource, Span, TableRegion
from ocr.geometry import BBox
from ocr.values import PageText

Floats = npt.NDArray[np.float64]
Stretches = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class GridOptions:
    """Lengths in text heights, shares in [0, 1].

    same_edge: rulings closer than this are one edge. outer_gap: an outer edge is implied where the region goes on
    further than this beyond the last ruling. link_gap, link_step: pieces this close, end to end, are one ruling.
    drawn_share: part of a stretch that must be inked to separate two slots; free_share: the same where no word lies
    across, so that nothing but a ruling can have left the ink; hidden_share: where words hide nearly all; through_share: the same where the edge is
    there on both sides. crossing: stretch ends left out, as crossings blur them.
    least_bare: part of a stretch that must be free of words to be judged without them.
    edge_inset, end_inset: how deep an edge must lie in a word, along and across the text, for the word to hide it.
    clear_gap: a word with this much white between two characters is two, and hides nothing between them.
    touch_inset: a ruling this near beside a word, in its heights, runs along it, unless both its ends lie within hold
    of rulings across. core_inset: deeper than this along the text, no ruling is believed under the word.
    apart, stem: a piece at the end of a ruling, this far from the rest of it, no longer than this and in a word, is a
    stem of a character; stem_gap: what goes on this near is not its end.
    broken: a tenth of the stretches that are there are inked by less than this where the paper or the machine broke the
    rulings: then an edge that is there in all but a few stretches (most_there) goes on between two blank slots where it
    shows nothing. told: so many stretches say that.
    least_seen, least_shown: a ruling that shows less than this length, or share, outside words is no ruling.
    """

    same_edge: float = 0.32
    outer_gap: float = 0.9
    link_gap: float = 0.4
    link_step: float = 0.16
    drawn_share: float = 0.55
    free_share: float = 0.35
    hidden_share: float = 0.92
    through_share: float = 0.85
    crossing: float = 0.15
    least_bare: float = 0.15
    edge_inset: float = 0.12
    touch_inset: float = 0.12
    hold: float = 0.45
    end_inset: float = 0.28
    clear_gap: float = 0.3
    core_inset: float = 0.25
    apart: float = 0.1
    stem: float = 0.8
    stem_gap: float = 1.0
    broken: float = 0.9
    most_there: float = 0.8
    told: int = 20
    least_seen: float = 0.3
    least_shown: float = 0.3


@dataclass(frozen=True, slots=True)
class _Axis:
    """Edges of one axis in levelled pixels, ascending, with the inked stretches of each along the other axis."""

    edges: tuple[float, ...]
    inked: tuple[Stretches, ...]
    levelling: Levelling


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
    below = _scores(rows, cols.edges, boxes, em, options, along_text=True)
    right = _scores(cols, rows.edges, boxes[:, [1, 0, 3, 2]], em, options, along_text=False).T
    spans, row_at, col_at = canonical(tile(below, right))
    grid = _grid(region, spans, [rows.edges[i] for i in row_at], [cols.edges[i] for i in col_at], bend_x, bend_y)
    return replace(grid, implied=any(r.source is not RulingSource.DRAWN for r in (*flat, *upright)))


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
) -> _Axis:
    """Edges across ``box`` (its y for horizontal rulings; turned for vertical ones)."""
    pos, start, end = (np.array([getattr(r, a) for r in rulings]) for a in ("position", "start", "end"))
    level = bend.level((start + end) / 2, pos)
    start, end = cross_bend.level(pos, start), cross_bend.level(pos, end)
    groups = _groups(level, end - start, options.same_edge * em)
    edges = [float(np.average(level[g], weights=end[g] - start[g] + 1e-9)) for g in groups]
    inked = [_union([(float(start[i]), float(end[i])) for i in g]) for g in groups]
    low, high = box.y0, max(box.y1, box.y0 + 1)
    if not edges or edges[0] - low > options.outer_gap * em:
        edges, inked = [low, *edges], [[(box.x0, box.x1)], *inked]
    if len(edges) < 2 or high - edges[-1] > options.outer_gap * em:
        edges, inked = [*edges, max(high, edges[-1] + 1)], [*inked, [(box.x0, box.x1)]]
    return _Axis(tuple(edges), tuple(inked), bend)


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


def _union(stretches: Stretches) -> Stretches:
    """The same stretches, sorted and without overlap."""
    merged: Stretches = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _overlap(stretches: Stretches, start: float, end: float) -> float:
    return sum(max(0.0, min(e, end) - max(s, start)) for s, e in stretches)


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
    shows on both sides of it. One that runs along a line of text goes on beyond its ends, or from ruling to ruling.
    """
    owners = link_pieces(rulings, options.link_gap * em, options.link_step * em)
    whole = _sums(owners, [r.length for r in rulings])
    within = _sums(owners, [_bare(r, words, inset) for r in rulings])
    touching = _sums(owners, [_bare(r, words, -options.touch_inset) for r in rulings])
    least = options.least_seen * em
    held = np.array([_held(rulings, owners == k, across, options.hold * em) for k in range(len(whole))])
    seen = (held | (touching >= least)) & (within >= np.maximum(least, options.least_shown * whole))
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


def _bare(ruling: Ruling, words: Floats, inset: float) -> float:
    """Length of a ruling outside the words it runs through (a negative inset: or runs along)."""
    over = words[_crossed(words, ruling.position, inset)]
    return ruling.length - _overlap(_stretches(over), ruling.start, ruling.end)


def _crossed(words: Floats, position: float, share: float = 0.12) -> npt.NDArray[np.bool_]:
    """Which words an edge at this place runs through by more than a share of their height, not merely touches."""
    inset = share * np.minimum(words[:, 3] - words[:, 1], words[:, 2] - words[:, 0])
    return np.asarray((words[:, 1] + inset < position) & (words[:, 3] - inset > position))


def _scores(
    axis: _Axis, stops: tuple[float, ...], words: Floats, em: float, options: GridOptions, along_text: bool
) -> Floats:
    """(n_edges - 2, n_stops - 1): for each inner edge and stretch between stops, how surely it separates.

    words: boxes with x along the edges. A word across the edge hides what lies under it and may itself look like ink,
    so a stretch is judged by what is bare of words wherever enough of it is. Text is not printed on rulings: an edge
    along the middle of a line of text (along_text) is judged by its bare ends alone. Across the text, a word that
    ends in the margin beyond a ruling does not stand on it. An edge that is there before and after a stretch, and
    for the most part in it, goes on through it.
    """
    scores = np.zeros((len(axis.edges) - 2, len(stops) - 1))
    for i, (edge, inked) in enumerate(zip(axis.edges[1:-1], axis.inked[1:-1], strict=True)):
        hidden = _stretches(words[_crossed(words, edge, options.edge_inset if along_text else options.end_inset)])
        core = _stretches(words[_crossed(words, edge, options.core_inset)]) if along_text else []
        for j, (start, end) in enumerate(itertools.pairwise(stops)):
            scores[i, j] = _score(inked, hidden, core, start, end, em, options)
        for j in np.flatnonzero(scores[i] < 0):
            if 0 < j < len(stops) - 2 and scores[i, j - 1] > 0 and scores[i, j + 1] > 0:
                start, end = stops[j], stops[j + 1]
                needed = options.through_share if _overlap(hidden, start, end) else options.drawn_share
                goes_on = _overlap(inked, start, end) >= needed * (end - start)
                if goes_on and not _overlap(core, start, end):
                    scores[i, j] *= -1
    if _is_broken(scores, axis, stops, options):
        _bridge(scores, axis, stops, words, options)
    return scores


def _is_broken(scores: Floats, axis: _Axis, stops: tuple[float, ...], options: GridOptions) -> bool:
    """Whether rulings have gaps where they are: whole ones are inked from crossing to crossing."""
    shares = [
        _overlap(inked, start, end) / max(end - start, 1e-6)
        for own, inked in zip(scores, axis.inked[1:-1], strict=True)
        for score, (start, end) in zip(own, itertools.pairwise(stops), strict=True)
        if score > 0
    ]
    return len(shares) >= options.told and float(np.percentile(shares, 10)) < options.broken


def _bridge(scores: Floats, axis: _Axis, stops: tuple[float, ...], words: Floats, options: GridOptions) -> None:
    """Lets edges with gaps go on within blank cells, in place, where they are there before and after."""
    x, y = (words[:, 0] + words[:, 2]) / 2, (words[:, 1] + words[:, 3]) / 2
    there = scores > 0
    flanked = np.zeros_like(there)
    flanked[:, 1:-1] = there[:, :-2] & there[:, 2:]
    usual = there.mean(axis=1) >= options.most_there
    for i, j in np.argwhere(~there & flanked & usual[:, None]).tolist():
        above = max((k for k in range(i) if there[k, j]), default=-1) + 1
        below = min((k for k in range(i + 1, len(there)) if there[k, j]), default=len(there)) + 1
        inside = (y > axis.edges[above]) & (y < axis.edges[below]) & (x > stops[j]) & (x < stops[j + 1])
        if not inside.any():
            scores[i, j] = abs(scores[i, j])


def _stretches(words: Floats) -> Stretches:
    return _union([(float(w[0]), float(w[2])) for w in words])


def _score(
    inked: Stretches, hidden: Stretches, core: Stretches, start: float, end: float, em: float, options: GridOptions
) -> float:
    trim = min(options.crossing * em, 0.1 * (end - start))
    start, end = start + trim, end - trim
    length = max(end - start, 1e-6)
    covered = _overlap(hidden, start, end)
    if covered == 0:
        return (_overlap(inked, start, end) / length - options.free_share) * length / em
    bare = length - covered
    whole = _overlap(inked, start, end) / length
    if bare >= options.least_bare * length or _overlap(core, start, end) > 0:
        seen = _overlap(inked, start, end) - sum(
            _overlap(inked, max(s, start), min(e, end)) for s, e in hidden if s < end and e > start
        )
        return (min(seen / max(bare, 1.0), whole) - options.drawn_share) * length / em
    return (whole - options.hidden_share) * length / em


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
    boxes = tuple(_box(s, xs, ys) for s in spans)
    return Grid(region, tuple(rows), tuple(cols), spans, boxes)


def _box(span: Span, xs: Floats, ys: Floats) -> BBox:
    """Upright box of a span: each side at the mean of its two corners."""
    top, bottom, left, right = span.row, span.row_stop, span.col, span.col_stop
    x0, x1 = xs[[top, bottom], left].mean(), xs[[top, bottom], right].mean()
    y0, y1 = ys[top, [left, right]].mean(), ys[bottom, [left, right]].mean()
    return BBox(float(x0), float(y0), float(max(x0, x1)), float(max(y0, y1)))
