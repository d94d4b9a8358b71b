"""Rulings of the back side that show through are none of the page's.

Grey rulings are as weak, and are rulings: but no ruling runs through words, and those of the back side run through many. Where
weak ones do, all that are as weak are of the back side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from layout.ink import luminance
from layout.quantiles import weighted_quantile
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels, Word

WEAK = 0.55
"""Darkness of a ruling over that of the page's usual one, below which it may be of the back side."""
BARE = 0.05
"""Below this the page is bare along most of a ruling: no ruling, of either side."""
FEW = 0.01
"""Share of the length of all rulings that weak ones may have without a word through which they run."""
LEAST_CROSSED = 4
"""Words that such rulings run through, to be of the back side."""
WITHIN = 0.6
"""How far inside a word, in its heights, a ruling is that runs through it: boxes of words reach over a ruling at times."""


def without_back(rulings: Sequence[Ruling], image: PageImage, words: Sequence[Word]) -> tuple[Ruling, ...]:
    """The rulings but those of the back side; all of them where nothing shows through."""
    if len(rulings) < LEAST_CROSSED or not words:
        return tuple(rulings)
    weak = _darkness(rulings, luminance(image.pixels)) < WEAK
    if not weak.any():
        return tuple(rulings)
    boxes = [w.bbox for w in words]
    crossed = sum(_crosses(r, box) for r, is_weak in zip(rulings, weak, strict=True) if is_weak for box in boxes)
    if crossed < LEAST_CROSSED:
        return tuple(rulings)
    return tuple(r for r, is_weak in zip(rulings, weak, strict=True) if not is_weak)


def may_show_through(rulings: Sequence[Ruling], grey: Pixels) -> bool:
    """Whether so many rulings are weak that they may be of the back side: asked where no words are known yet.

    grey: (H, W) luminance of the page.
    """
    if len(rulings) < LEAST_CROSSED:
        return False
    lengths, dark = np.array([r.length for r in rulings]), _darkness(rulings, grey)
    return float(lengths[(dark > BARE) & (dark < WEAK)].sum()) > FEW * float(lengths.sum())


def _darkness(rulings: Sequence[Ruling], grey: Pixels) -> npt.NDArray[np.float64]:
    """(n,) of each ruling, over that of the page's usual one; about 1 on most pages."""
    paper = float(np.percentile(grey[::8, ::8], 80))
    dark = np.array([paper - _lightness(grey, r) for r in rulings])
    usual = weighted_quantile(dark, np.array([r.length for r in rulings]), 0.75)
    return np.asarray(dark / max(usual, 1.0))


def _lightness(grey: Pixels, ruling: Ruling) -> float:
    """The usual grey level along the middle of a ruling."""
    at, start, end = round(ruling.position), max(0, round(ruling.start)), max(1, round(ruling.end))
    across = slice(max(0, at - 1), at + 2)
    part = grey[across, start:end] if ruling.orientation is Orientation.HORIZONTAL else grey[start:end, across].T
    return float(np.median(part.min(axis=0))) if part.size else 255.0


def _crosses(ruling: Ruling, box: BBox) -> bool:
    """Whether a ruling runs through the inside of a word."""
    if ruling.orientation is Orientation.VERTICAL:
        inset = WITHIN * box.height
        return box.x0 + inset < ruling.position < box.x1 - inset and ruling.start < box.y0 and ruling.end > box.y1
    inset = 0.3 * box.height
    overlap = min(ruling.end, box.x1) - max(ruling.start, box.x0)
    return box.y0 + inset < ruling.position < box.y1 - inset and overlap > 0.8 * box.width > box.height
