"""Rulings of the back side that show through are none of the page's.

Grey rulings are as weak, and are rulings: but no ruling runs through words, and those of the back side run through many. Where
weak ones do, all that are as weak are of the back side. Before words are known, strokes of type stand for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.ink import luminance
from layout.quantiles import weighted_quantile
from layout.values import Orientation, Ruling
from ocr.flag_runs import flag_runs
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels, Word

WEAK = 0.55
"""Darkness of a ruling over that of the page's usual one, below which it may be of the back side."""
BARE = 0.05
"""Below this the page is bare along most of a ruling: no ruling, of either side."""
FEW = 0.01
"""Share of the length of all rulings that weak ones may have without a word through which they run."""
LEAST_CROSSED = 4
"""Words, or strokes of type, that such rulings run through, to be of the back side."""
INKED = 0.6
"""Darkness of type, over that of the usual ruling: type of the back side is paler."""
BESIDE_PT = 0.7
"""From the edge of a ruling, where a stroke that runs through it is seen."""
END_PT = 1.5
"""From the ends of a ruling and beside those it meets, where nothing is looked at."""
WITHIN = 0.6
"""How far inside a word, in its heights, a ruling is that runs through it: boxes of words reach over a ruling at times."""


def without_back(rulings: Sequence[Ruling], image: PageImage, words: Sequence[Word]) -> tuple[Ruling, ...]:
    """The rulings but those of the back side; all of them where nothing shows through."""
    if len(rulings) < LEAST_CROSSED or not words:
        return tuple(rulings)
    weak = _tone(luminance(image.pixels), rulings).darkness < WEAK
    if not weak.any():
        return tuple(rulings)
    boxes = [w.bbox for w in words]
    crossed = sum(_crosses(r, box) for r, is_weak in zip(rulings, weak, strict=True) if is_weak for box in boxes)
    if crossed < LEAST_CROSSED:
        return tuple(rulings)
    return tuple(r for r, is_weak in zip(rulings, weak, strict=True) if not is_weak)


def may_show_through(rulings: Sequence[Ruling], grey: Pixels, dpi: float) -> bool:
    """Whether rulings may be of the back side, asked where no words are known yet: many are weak and run through type.

    grey: (H, W) luminance of the page.
    """
    if len(rulings) < LEAST_CROSSED:
        return False
    lengths, tone = np.array([r.length for r in rulings]), _tone(grey, rulings)
    weak = (tone.darkness > BARE) & (tone.darkness < WEAK)
    if float(lengths[weak].sum()) <= FEW * float(lengths.sum()):
        return False
    inked = grey < tone.paper - INKED * tone.usual
    strokes = 0
    for r in (r for r, is_weak in zip(rulings, weak, strict=True) if is_weak):
        strokes += _strokes_through(r, rulings, inked, dpi / 72.0)
        if strokes >= LEAST_CROSSED:
            return True
    return False


def _strokes_through(ruling: Ruling, rulings: Sequence[Ruling], inked: npt.NDArray[np.bool_], px: float) -> int:
    """Strokes of type that reach over a ruling to both sides, other than the rulings that it meets. px: pixels a point."""
    if ruling.orientation is Orientation.VERTICAL:
        inked = inked.T
    start, end = round(ruling.start + END_PT * px), round(ruling.end - END_PT * px)
    at, off = round(ruling.position), round(ruling.thickness / 2 + BESIDE_PT * px)
    if end <= start or at - off < 1 or at + off >= len(inked):
        return 0
    above, below = (inked[y - 1 : y + 1, start:end].max(axis=0) for y in (at - off, at + off))
    through = np.asarray(above & below)
    for other in rulings:
        if other.orientation is not ruling.orientation:
            half = other.thickness / 2 + END_PT * px
            low, high = (round(v) - start for v in (other.position - half, other.position + half))
            through[max(0, low) : max(0, high + 1)] = False
    return len(flag_runs(through))


@dataclass(frozen=True, slots=True)
class _Tone:
    """darkness: (n,) of each ruling, over that of the page's usual one; about 1 on most pages. paper: grey level;
    usual: of it, what the usual ruling is darker."""

    darkness: npt.NDArray[np.float64]
    paper: float
    usual: float


def _tone(grey: Pixels, rulings: Sequence[Ruling]) -> _Tone:
    paper = float(np.percentile(grey[::8, ::8], 80))
    dark = np.array([paper - _lightness(grey, r) for r in rulings])
    usual = max(1.0, weighted_quantile(dark, np.array([r.length for r in rulings]), 0.75))
    return _Tone(dark / usual, paper, usual)


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
