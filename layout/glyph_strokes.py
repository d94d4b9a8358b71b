"""Drawn rulings + words -> the rulings that are no strokes of characters.

Stems of figures that stand in one column, row below row, read as a dashed ruling; on a page whose own rulings are dashed
nothing in the ink alone tells them apart. The words do: a ruling goes on where no word stands, a stroke ends with its word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.text_boxes import text_boxes
from layout.values import Orientation, Ruling, RulingSource
from ocr.geometry import BBox
from ocr.values import Word

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StrokeTest:
    """within: least share of a stroke that lies in one word. reach: in word heights, how far its ends may stand out.

    aside: in word heights, as far from another ruling's line a broken one may lie. clear_gap, end_inset: as in GridOptions; a ruling between two cells that were read as one word stands in their white.
    """

    within: float = 0.8
    reach: float = 0.12
    aside: float = 0.1
    clear_gap: float = 0.3
    end_inset: float = 0.28


def without_glyph_strokes(
    rulings: Sequence[Ruling], words: Sequence[Word], test: StrokeTest | None = None
) -> tuple[Ruling, ...]:
    """The rulings less the drawn ones that lie in a word with both their ends, and on no other's line."""
    test = test or StrokeTest()
    if not rulings or not words:
        return tuple(rulings)
    page = BBox(*(f(w.bbox.as_tuple()[i] for w in words) for i, f in enumerate((min, min, max, max))))
    boxes = text_boxes(words, page.grown(1.0), test.clear_gap, test.end_inset)
    suspects = {i for i, r in enumerate(rulings) if r.source is RulingSource.DRAWN and _is_stroke(r, boxes, test)}
    others = [r for i, r in enumerate(rulings) if i not in suspects]
    aside = test.aside * float(np.median(boxes[:, 3] - boxes[:, 1]))
    return tuple(r for i, r in enumerate(rulings) if i not in suspects or _in_line(r, others, aside))


def _in_line(ruling: Ruling, others: Sequence[Ruling], aside: float) -> bool:
    """Whether another ruling lies on the same line: a broken ruling may run under the end of a word."""
    return any(o.orientation is ruling.orientation and abs(o.position - ruling.position) <= aside for o in others)


def _is_stroke(ruling: Ruling, boxes: Floats, test: StrokeTest) -> bool:
    along, across = (0, 1) if ruling.orientation is Orientation.HORIZONTAL else (1, 0)
    met = boxes[(boxes[:, across] < ruling.position) & (ruling.position < boxes[:, across + 2])]
    low, high = np.maximum(met[:, along], ruling.start), np.minimum(met[:, along + 2], ruling.end)
    out = ruling.length - np.maximum(0.0, high - low)
    reach = test.reach * (met[:, 3] - met[:, 1])
    inside = (out <= (1.0 - test.within) * ruling.length) & (met[:, along] - ruling.start <= reach)
    return bool((inside & (ruling.end - met[:, along + 2] <= reach)).any())
