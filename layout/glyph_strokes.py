"""Drawn rulings + words -> the rulings that are no strokes of characters.

Stems of figures that stand in one column, row below row, read as a dashed ruling; on a page whose own rulings are dashed
nothing in the ink alone tells them apart. The words do: a ruling goes on where no word stands, a stroke ends with its word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.ink import luminance
from layout.text_boxes import text_boxes
from layout.values import Orientation, Ruling, RulingSource
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels, Word

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StrokeTest:
    """within: least share of a stroke that lies in one word. reach: in word heights, how far its ends may stand out.

    partly, short: a piece that lies in a word by this share, and is no longer than this many word heights, is one as well
    where it is this ``faint`` outside of the word, beside what it is inside. aside: in word heights, as far from another
    ruling's line a broken one may lie. clear_gap, end_inset: as in GridOptions; a ruling between two cells that were read
    as one word stands in their white.
    """

    within: float = 0.8
    reach: float = 0.12
    partly: float = 0.5
    short: float = 2.0
    faint: float = 0.4
    aside: float = 0.1
    clear_gap: float = 0.3
    end_inset: float = 0.28


def without_glyph_strokes(
    rulings: Sequence[Ruling], image: PageImage, words: Sequence[Word], test: StrokeTest | None = None
) -> tuple[Ruling, ...]:
    """The rulings less the drawn ones whose ink is that of a word, and that lie on no other's line."""
    test = test or StrokeTest()
    if not rulings or not words:
        return tuple(rulings)
    page = BBox(*(f(w.bbox.as_tuple()[i] for w in words) for i, f in enumerate((min, min, max, max))))
    boxes = text_boxes(words, page.grown(1.0), test.clear_gap, test.end_inset)
    em = float(np.median(boxes[:, 3] - boxes[:, 1]))
    grey = luminance(image.pixels)
    drawn = [r.source is RulingSource.DRAWN for r in rulings]
    shares = [_in_words(r, boxes, test) if d else (0.0, False, None) for r, d in zip(rulings, drawn, strict=True)]
    strokes = {
        i for i, (share, both_ends, inside) in enumerate(shares)
        if (share >= test.within and both_ends)
        or (share >= test.partly and rulings[i].length <= test.short * em and _ends_with(rulings[i], inside, _crossings(rulings[i], rulings), grey, test))
    }  # fmt: skip
    clear = [r for r, (share, _, _) in zip(rulings, shares, strict=True) if share < test.partly]
    return tuple(r for i, r in enumerate(rulings) if i not in strokes or _in_line(r, clear, test.aside * em))


def _in_line(ruling: Ruling, others: Sequence[Ruling], aside: float) -> bool:
    """Whether another ruling lies on the same line: a broken ruling may run under the end of a word."""
    return any(o.orientation is ruling.orientation and abs(o.position - ruling.position) <= aside for o in others)


def _in_words(ruling: Ruling, boxes: Floats, test: StrokeTest) -> tuple[float, bool, tuple[float, float] | None]:
    """The largest share that lies in one word; whether both its ends do, all but; and from where to where it does."""
    along, across = (0, 1) if ruling.orientation is Orientation.HORIZONTAL else (1, 0)
    met = boxes[(boxes[:, across] < ruling.position) & (ruling.position < boxes[:, across + 2])]
    low, high = np.maximum(met[:, along], ruling.start), np.minimum(met[:, along + 2], ruling.end)
    if not len(met) or (best := int(np.argmax(high - low))) is None or high[best] <= low[best]:
        return 0.0, False, None
    word, reach = met[best], test.reach * (met[best, 3] - met[best, 1])
    both = word[along] - ruling.start <= reach and ruling.end - word[along + 2] <= reach
    return float((high[best] - low[best]) / max(ruling.length, 1.0)), bool(both), (float(low[best]), float(high[best]))


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
    path = plane[max(0, at - 1) : at + 2, start:end].min(axis=0).astype(float)
    if inside is None or not path.size:
        return False
    places = np.arange(start, end)
    within = (places >= inside[0] - 1) & (places <= inside[1] + 1)
    crossed = (
        np.any([(places >= low) & (places <= high) for low, high in crossings], axis=0)
        if crossings
        else ~within & within
    )
    bare = ~within & ~crossed
    paper = float(np.median(plane[max(0, at - 12) : at + 13, start:end].max(axis=0)))
    ink = paper - path
    return bool(bare.any() and ink[bare].mean() < test.faint * ink[within & ~crossed].mean())
