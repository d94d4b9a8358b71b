"""Drawn rulings + words -> the rulings that are no edge of the sheet in a photograph or a scan.

Where the sheet ends the picture darkens, in a line along the picture's own edge. A table's side may lie there too, in a
picture cut out around it; but print stands close to that, or other rulings end at it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layout.values import Orientation, Ruling, RulingSource
from ocr.values import PageImage, Word

#: Share of the page's height or width within which the sheet's edge may lie; in text heights: how near print then is.
BAND, NEAR = 0.03, 2.0


def without_paper_edges(rulings: Sequence[Ruling], image: PageImage, words: Sequence[Word]) -> tuple[Ruling, ...]:
    """The rulings less those drawn along a side of the page that neither a word nor a ruling from within is near to."""
    if not words:
        return tuple(rulings)
    boxes = np.array([w.bbox.as_tuple() for w in words])
    near = NEAR * float(np.median(np.minimum(boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0])))
    first, last = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    sizes = {Orientation.HORIZONTAL: image.height, Orientation.VERTICAL: image.width}
    inner = [r for r in rulings if BAND < r.position / sizes[r.orientation] < 1 - BAND]
    lost: set[int] = set()
    for across, (orientation, size) in enumerate(reversed(sizes.items())):
        drawn = [r for r in rulings if r.orientation is orientation and r.source is RulingSource.DRAWN]
        low = [r for r in drawn if r.position <= BAND * size]
        high = [r for r in drawn if r.position >= (1 - BAND) * size]
        ends = [end for r in inner if r.orientation is not orientation for end in (r.start, r.end)]
        if low and min([first[across], *ends]) - max(r.position for r in low) > near:
            lost |= {id(r) for r in low}
        if high and min(r.position for r in high) - max([last[across], *ends]) > near:
            lost |= {id(r) for r in high}
    return tuple(r for r in rulings if id(r) not in lost)
