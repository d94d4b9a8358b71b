"""Drawn rulings + words -> the rulings that are no strokes of characters.

Stems of figures that stand in one column, row below row, read as a dashed ruling; on a page whose own rulings are dashed
nothing in the ink alone tells them apart. The words do: a ruling goes on where no word stands, a stroke ends with its
word; and no ruling runs through the middle of a line of type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from layout.baselines import lap
from layout.even_strokes import EVEN_LINES, chains_of, goes_on, is_even
from layout.small_pages import page_luminance
from layout.stretches import union
from layout.text_boxes import text_boxes
from layout.values import Orientation, Ruling, RulingSource
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels, Word

Floats = npt.NDArray[np.float64]
#: Of 255: what is darker is a fill, and print on it is light.
DARK = 110
#: In px: so near to a ruling across one ends at it.
MEETS = 6
#: Share of the way between two rulings across that a stem in line with others fills at most.
SELDOM = 0.25
#: In text heights: least way between two tables below each other.
BETWEEN = 3.5
#: In text heights: longest character, white on both sides from which it stands alone, and how far off a ruling goes on.
ONE_CHARACTER, ALONE, GOES_ON = 1.1, 1.5, 0.3
#: In text heights: white between words of one line, at most.
WORD_SPACE = 0.8
#: Times its width that type which runs downwards is high.
DOWNWARDS = 1.5
_Place = tuple[float, bool, tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class StrokeTest:
    """Lengths in text heights, shares in [0, 1].

    within: least share of a stroke that lies in one word. reach: how far its ends may stand out. partly, short: a piece
    that lies in a word by this share, and is no longer than this, is one as well where it is this ``faint`` outside of the
    word, beside what it is inside. core, most_in_cores: how near to the middle of a line of type no ruling runs, and from
    which share of a level one there it is strokes. aside: as far from another ruling's line a broken one may lie.
    bold, bold_within: what is thicker than rulings are and lies in a word by this share is one as well.
    past: how far strokes go on beyond the words at most.
    amid: how deep in a word no ruling runs that ends with it. clear_gap, end_inset: as in GridOptions; a ruling between two cells that were read as one word stands in their white.
    """

    within: float = 0.8
    reach: float = 0.12
    partly: float = 0.5
    short: float = 2.0
    faint: float = 0.4
    core: float = 0.3
    most_in_cores: float = 0.7
    aside: float = 0.1
    bold: float = 0.3
    bold_within: float = 0.4
    past: float = 4.0
    amid: float = 0.6
    clear_gap: float = 0.3
    end_inset: float = 0.28


def without_glyph_strokes(
    rulings: Sequence[Ruling], image: PageImage, words: Sequence[Word], test: StrokeTest | None = None
) -> tuple[Ruling, ...]:
    """The rulings less the drawn ones whose ink is that of words.

    A broken ruling leaves pieces within words, too: those on the line of a ruling that stands clear of words are kept, but
    for level ones through the middle of a line of type, where no ruling runs.
    """
    test = test or StrokeTest()
    if not rulings or not words:
        return tuple(rulings)
    page = BBox(*(f(w.bbox.as_tuple()[i] for w in words) for i, f in enumerate((min, min, max, max))))
    boxes = text_boxes(words, page.grown(1.0), test.clear_gap, test.end_inset)
    em = float(np.median(boxes[:, 3] - boxes[:, 1]))
    grey = page_luminance(image)
    places = [_in_words(r, boxes, em, test) for r in rulings]
    stems = {id(r) for r in rulings if _is_stem(r, boxes, em, _crossings(r, rulings), grey, test)}
    even = {id(r) for r in rulings if _stacked(r, boxes)[0] >= EVEN_LINES and is_even(r, _crossings(r, rulings), grey)}
    for pieces in chains_of(rulings, em):
        if goes_on(pieces, boxes, [c for r in pieces for c in _crossings(r, rulings)], em, grey):
            even |= {id(r) for r in pieces if r.length > ONE_CHARACTER * em}  # a stem may prolong it
    lines = [w.bbox for w in words if w.bbox.width > w.bbox.height]
    cores = [(b.centre[1], test.core * b.height, b.x0, b.x1) for b in lines]
    bars = {id(r) for r in rulings if _in_cores(r, cores, test.past * em) > test.most_in_cores * r.length}
    whole = [r for r in rulings if id(r) not in bars]
    clear = [
        r for r, place in zip(rulings, places, strict=True)
        if id(r) in even or (place[0] < test.partly and id(r) not in stems)
    ]  # fmt: skip

    def is_stroke(ruling: Ruling, place: _Place) -> bool:
        if id(ruling) in even:
            return False
        if id(ruling) in bars:
            return True
        share, both_ends, inside = place
        if share >= test.bold_within and ruling.thickness > test.bold * em:
            return True
        short = share >= test.partly and ruling.length <= test.short * em
        inside_one = share >= test.within and both_ends
        if (
            id(ruling) not in stems
            and not inside_one
            and not (short and _ends_with(ruling, inside, _crossings(ruling, rulings), grey, test))
        ):
            return False
        in_line, across = _on_line(ruling, clear, test.aside * em), _crossings(ruling, whole)
        return (
            not in_line
            or _is_beyond_the_end(ruling, in_line, across, BETWEEN * em)
            or (place[1] and _is_stem_above(ruling, in_line, across, boxes, test.amid * em))
        )

    left = [
        _without_stem(r, _on_line(r, rulings, test.aside * em), _crossings(r, rulings), boxes, test.amid * em)
        for r, place in zip(rulings, places, strict=True)
        if r.source is not RulingSource.DRAWN or not is_stroke(r, place)
    ]
    lone = _lone(left, em)
    return tuple(r for r in left if id(r) not in lone)


def _lone(rulings: Sequence[Ruling], em: float) -> set[int]:
    """Ids of the level ones as short as a character that go on at neither end: a 一 that fills its narrow column, whether
    it was read or not. No cell is parted where those beside it are not.
    """
    flat = [r for r in rulings if r.orientation is Orientation.HORIZONTAL]
    short = [r for r in flat if r.length <= ONE_CHARACTER * em and r.source is RulingSource.DRAWN]
    if not short:
        return set()
    at, start, end = (np.array([getattr(r, name) for r in flat]) for name in ("position", "start", "end"))
    wide = end - start > ONE_CHARACTER * em
    found = set()
    for ruling in short:
        near = (np.abs(at - ruling.position) <= GOES_ON * em) & (start < ruling.end + ALONE * em)
        near &= end > ruling.start - ALONE * em
        beyond = (start < ruling.start - GOES_ON * em) | (end > ruling.end + GOES_ON * em)
        if not (near & (beyond | wide)).any():
            found.add(id(ruling))
    return found


def _is_amid(x: float, top: float, bottom: float, boxes: Floats, amid: float) -> bool:
    """Whether an upright from top to bottom lies in a word's line, so far from both its ends that it is no side of a cell."""
    high = boxes[:, 3] - boxes[:, 1]
    deep = (boxes[:, 0] + amid < x) & (x < boxes[:, 2] - amid)
    return bool((deep & (boxes[:, 1] - 0.15 * high <= top) & (bottom <= boxes[:, 3] + 0.5 * high)).any())


def _is_stem_above(
    ruling: Ruling, line: Sequence[Ruling], crossings: Sequence[tuple[float, float]], boxes: Floats, amid: float
) -> bool:
    """Whether an upright within a word stands on the line of rulings that begin at a ruling below, and reaches none above:
    a stem of a spanner over the side of its columns.
    """
    if ruling.orientation is Orientation.HORIZONTAL or any(o.start < ruling.end for o in line):
        return False
    near = min(o.start for o in line)
    parted = any(low - MEETS <= near <= high + MEETS for low, high in crossings)
    free = not any(low <= ruling.start <= high for low, high in crossings)
    return parted and free and _is_amid(ruling.position, ruling.start, ruling.end, boxes, amid)


def _without_stem(
    ruling: Ruling, line: Sequence[Ruling], crossings: Sequence[tuple[float, float]], boxes: Floats, amid: float
) -> Ruling:
    """An upright cut off at the first ruling across where it goes on above as a stem of a word, up to no other.

    Not so below: what stands in the last row may have been read as one word over the side of its cells.
    """
    if ruling.orientation is Orientation.HORIZONTAL or ruling.source is not RulingSource.DRAWN:
        return ruling
    first = min(
        (low for low, high in crossings if ruling.start + MEETS < low and high < ruling.end - MEETS), default=0.0
    )
    goes_on = any(o.start < ruling.start - MEETS for o in line)
    touches = any(low <= ruling.start <= high for low, high in crossings)
    if not first or goes_on or touches or not _is_amid(ruling.position, ruling.start, first, boxes, amid):
        return ruling
    return replace(ruling, start=first)


def _on_line(ruling: Ruling, others: Sequence[Ruling], aside: float) -> list[Ruling]:
    """The other rulings on the same line: a broken ruling may run under the end of a word."""
    return [
        o for o in others
        if o is not ruling and o.orientation is ruling.orientation and abs(o.position - ruling.position) <= aside
    ]  # fmt: skip


def _is_beyond_the_end(
    ruling: Ruling, line: Sequence[Ruling], crossings: Sequence[tuple[float, float]], far: float
) -> bool:
    """Whether the rulings of a line all end at one across, the last there is or so far from the next, and this one lies
    past it: a stem in line.
    """
    meets = any(low - 3 <= end <= high + 3 for low, high in crossings for end in (ruling.start, ruling.end))
    if meets:
        return False
    if all(o.end <= ruling.start for o in line):
        last = max(o.end for o in line)
        outer = all(low < ruling.start for low, _ in crossings)
        return outer and any(abs(low - last) <= 6 or abs(high - last) <= 6 for low, high in crossings)
    if all(o.start >= ruling.end for o in line):
        first = min(o.start for o in line)
        outer = all(high > ruling.end for _, high in crossings)
        return outer and any(abs(low - first) <= 6 or abs(high - first) <= 6 for low, high in crossings)
    above = max((high for _, high in crossings if high <= ruling.start), default=None)
    below = min((low for low, _ in crossings if low >= ruling.end), default=None)
    if above is None or below is None or max(far, ruling.length / SELDOM) > below - above:
        return False
    # Between two tables below each other: both end at rulings across, and nothing on the line stands between these.
    inside = any(o.start < below - MEETS and above + MEETS < o.end for o in line)
    return (
        not inside
        and any(abs(o.end - above) <= MEETS for o in line)
        and any(abs(o.start - below) <= MEETS for o in line)
    )


def _in_cores(ruling: Ruling, cores: Sequence[tuple[float, float, float, float]], most_past: float) -> float:
    """Length of a level ruling in px that lies deep within lines of type; 0 for upright ones, and what goes on past them. cores: their middles, how deep is deep,
    and their ends.
    """
    if ruling.orientation is not Orientation.HORIZONTAL:
        return 0.0
    at = ruling.position
    inside = [
        (x0, x1)
        for middle, reach, x0, x1 in cores
        if abs(at - middle) < reach and x1 > ruling.start and x0 < ruling.end
    ]
    if not inside:
        return 0.0
    # What goes on well past them is a ruling that type stands on: lines cut off by the side of their cell.
    past = max(min(x0 for x0, _ in inside) - ruling.start, ruling.end - max(x1 for _, x1 in inside))
    return 0.0 if past > most_past else sum(lap(x0, x1, ruling.start, ruling.end) for x0, x1 in inside)


def _in_words(ruling: Ruling, boxes: Floats, em: float, test: StrokeTest) -> _Place:
    """The largest share that lies in one word; whether both its ends do, all but; and from where to where it does."""
    along, across = (0, 1) if ruling.orientation is Orientation.HORIZONTAL else (1, 0)
    # Boxes may cut off the feet of heavy type: what is thick is in a word that it reaches into.
    half = max(0.0, ruling.thickness / 2 - 1) if across == 1 else 0.0
    met = boxes[(boxes[:, across] - half < ruling.position) & (ruling.position < boxes[:, across + 2] + half)]
    if along == 1:
        met = _may_hold(ruling, met, em)
    low, high = np.maximum(met[:, along], ruling.start), np.minimum(met[:, along + 2], ruling.end)
    if not (high > low).any():
        return 0.0, False, None
    best = int(np.argmax(high - low))
    word, reach = met[best], test.reach * (met[best, 3] - met[best, 1])
    both = word[along] - ruling.start <= reach and ruling.end - word[along + 2] <= reach
    inside = float(low[best]), float(high[best])
    if not both:
        # Stems of lines below each other, hardly any white between them; strokes of a line that was parted where it looked wide.
        covered = _stacked(ruling, met)[1] if along == 1 else _beside(ruling, met, em)
        share = sum(b - a for a, b in covered) / max(ruling.length, 1.0)
        if (
            covered
            and share >= test.within
            and covered[0][0] - ruling.start <= reach
            and ruling.end - covered[-1][1] <= reach
        ):
            return share, True, inside
    return float((high[best] - low[best]) / max(ruling.length, 1.0)), bool(both), inside


def _beside(ruling: Ruling, boxes: Floats, em: float) -> list[tuple[float, float]]:
    """Of a level one: from where to where it lies in a line of words that follow closely, boxes of which are given."""
    near = WORD_SPACE * em / 2
    lines = union([(x0 - near, x1 + near) for x0, x1 in boxes[:, [0, 2]].tolist()])
    parts = [(max(a + near, ruling.start), min(b - near, ruling.end)) for a, b in lines]
    return [(a, b) for a, b in parts if b > a]


def _may_hold(upright: Ruling, boxes: Floats, em: float) -> Floats:
    """The boxes less those of type that runs downwards where a stroke is longer than any character of it."""
    if upright.length <= ONE_CHARACTER * em:
        return boxes
    return boxes[boxes[:, 3] - boxes[:, 1] < DOWNWARDS * (boxes[:, 2] - boxes[:, 0])]


def _is_stem(
    ruling: Ruling, boxes: Floats, em: float, crossings: Sequence[tuple[float, float]], grey: Pixels, test: StrokeTest
) -> bool:
    """Whether an upright is stems of lines below each other and ends with them."""
    n, covered = _stacked(ruling, _may_hold(ruling, boxes, em))
    if n < 2 or ruling.length > n * test.short * em:
        return False
    most = sum(b - a for a, b in covered) >= test.partly * ruling.length
    return most and _ends_with(ruling, (covered[0][0], covered[-1][1]), crossings, grey, test)


def _stacked(ruling: Ruling, boxes: Floats) -> tuple[int, list[tuple[float, float]]]:
    """Of an upright: how many words below each other it lies in, and from where to where it does."""
    if ruling.orientation is Orientation.HORIZONTAL:
        return 0, []
    met = boxes[(boxes[:, 0] < ruling.position) & (ruling.position < boxes[:, 2])]
    low, high = np.maximum(met[:, 1], ruling.start), np.minimum(met[:, 3], ruling.end)
    parts = [(float(a), float(b)) for a, b in zip(low, high, strict=True) if b > a]
    return len(parts), union(parts)


def _crossings(ruling: Ruling, rulings: Sequence[Ruling]) -> list[tuple[float, float]]:
    """From where to where rulings of the other direction run over this one."""
    at, reach = ruling.position, 3.0
    across = (o for o in rulings if o.orientation is not ruling.orientation and o.start - reach <= at <= o.end + reach)
    return [(o.position - o.thickness / 2 - 1.0, o.position + o.thickness / 2 + 1.0) for o in across]


def _ends_with(
    ruling: Ruling,
    inside: tuple[float, float] | None,
    crossings: Sequence[tuple[float, float]],
    grey: Pixels,
    test: StrokeTest,
) -> bool:
    """Whether a ruling's ink ends where the word does: what is left of it, but for rulings across, is as light as paper."""
    at, start, end = round(ruling.position), max(0, round(ruling.start)), round(ruling.end)
    plane = grey if ruling.orientation is Orientation.HORIZONTAL else grey.T
    around = plane[max(0, at - 12) : at + 13, start:end]
    if around.size and np.median(around) < DARK:
        plane = np.asarray(255 - plane, dtype=np.uint8)  # print on a fill is light
    path = plane[max(0, at - 1) : at + 2, start:end].min(axis=0).astype(float)
    if inside is None or not path.size:
        return False
    places = np.arange(start, end)
    within = (places >= inside[0] - 1) & (places <= inside[1] + 1)
    crossed = np.zeros(len(places), bool)
    for low, high in crossings:
        crossed |= (places + 1 > low) & (places <= high)  # a pixel reaches to the next
    bare, own = ~within & ~crossed, within & ~crossed
    paper = float(np.median(plane[max(0, at - 12) : at + 13, start:end].max(axis=0)))
    ink = paper - path
    return bool(bare.any() and own.any() and ink[bare].mean() < test.faint * ink[own].mean())
