"""Rulings of the back side that show through are none of the page's.

Grey rulings are as weak, and are rulings: but no ruling runs through words, and those of the back side run through many. Where
weak ones do, all that are as weak are of the back side. Before words are known, strokes of type stand for them.

Type that lies on a ruling makes it no darker: how dark one is shows where it is bare of words, and what stands all in words
is a piece of the line that it goes on. So a line of the back side goes as a whole, not only between the words on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from layout.quantiles import quantile, weighted_quantile
from layout.small_pages import page_luminance
from layout.values import Orientation, Ruling
from ocr.flag_runs import flag_runs
from ocr.values import PageImage, Pixels, Word

WEAK = 0.55
"""Darkness of a ruling over that of the page's usual one, below which it may be of the back side."""
BARE = 0.05
"""Below this the page is bare along most of a ruling: no ruling, of either side."""
FEW = 0.01
"""Share of the length of all rulings that weak ones may have without a word through which they run."""
LEAST_CROSSED = 4
"""Words, or strokes of type, that such rulings run through, to be of the back side."""
AS_WEAK = 2.0
"""Darkness over that of the rulings that words are run through by, below which others are of the same side: as the paper blurs
them, a ruling twice as thick is twice as dark. Darker ones, grey as they may be, are the page's."""
INKED = 0.6
"""Darkness of type, over that of the usual ruling: type of the back side is paler."""
BESIDE_PT = 0.7
"""From the edge of a ruling, where a stroke that runs through it is seen."""
END_PT = 1.5
"""From the ends of a ruling and beside those it meets, where nothing is looked at."""
WITHIN, INSIDE = 0.6, 0.3
"""How far inside a word, in its heights, a ruling is that runs through it: boxes of words reach over a ruling at times. Less is
enough of its height, and where ink reaches over the ruling."""
BARE_PT = 2.0
"""So much of a ruling without words on it tells how dark it is."""
LINE_PT = 0.75
"""How far aside pieces of one line lie."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def without_back(rulings: Sequence[Ruling], image: PageImage, words: Sequence[Word]) -> tuple[Ruling, ...]:
    """The rulings but those of the back side; all of them where nothing shows through."""
    if len(rulings) < LEAST_CROSSED or not words:
        return tuple(rulings)
    grey, px = page_luminance(image), image.dpi / 72.0
    tone = _tone(grey, rulings)
    if not (tone.darkness < WEAK).any():
        return tuple(rulings)
    boxes = np.array([w.bbox.as_tuple() for w in words])
    darkness = _of_lines(_bare_darkness(grey, rulings, boxes, tone, px), tone.darkness, rulings, px)
    inked = grey < tone.paper - INKED * tone.usual
    weak = ((darkness > BARE) & (darkness < WEAK)).tolist()
    crossed = np.array(
        [_n_crossed(r, boxes, rulings, inked, px) if w else 0 for r, w in zip(rulings, weak, strict=True)]
    )
    if crossed.sum() < LEAST_CROSSED:
        return tuple(rulings)
    darkest = min(WEAK, AS_WEAK * weighted_quantile(darkness, crossed, 0.5))
    return tuple(compress(rulings, (darkness >= darkest).tolist()))


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


def _strokes_through(ruling: Ruling, rulings: Sequence[Ruling], inked: Flags, px: float) -> int:
    """Strokes of type that reach over a ruling to both sides, other than the rulings that it meets. px: pixels a point."""
    return len(flag_runs(_through(ruling, rulings, inked, px)))


def _through(ruling: Ruling, rulings: Sequence[Ruling], inked: Flags, px: float) -> Flags:
    """(n,) for each pixel from the page's side on up to the ruling's end: whether ink reaches over it to both sides."""
    if ruling.orientation is Orientation.VERTICAL:
        inked = inked.T
    start, end = round(ruling.start + END_PT * px), round(ruling.end - END_PT * px)
    at, off = round(ruling.position), round(ruling.thickness / 2 + BESIDE_PT * px)
    if end <= start or at - off < 1 or at + off >= len(inked):
        return np.zeros(0, bool)
    above, below = (inked[y - 1 : y + 1, :end].max(axis=0) for y in (at - off, at + off))
    through = np.asarray(above & below)
    through[:start] = False
    for other in rulings:
        if other.orientation is not ruling.orientation:
            half = other.thickness / 2 + END_PT * px
            low, high = (round(v) for v in (other.position - half, other.position + half))
            through[max(0, low) : max(0, high + 1)] = False
    return through


def _n_crossed(ruling: Ruling, boxes: Floats, rulings: Sequence[Ruling], inked: Flags, px: float) -> int:
    """Words that a ruling runs through: deep inside their boxes, or with ink that reaches over it. boxes: (n, 4); the rest as `_strokes_through`."""
    x0, y0, x1, y1 = boxes.T
    height, at = y1 - y0, ruling.position
    if ruling.orientation is Orientation.VERTICAL:
        edges, (low, high) = (x0, x1), (y0, y1)
        deep, covered = WITHIN * height, (ruling.start < y0) & (ruling.end > y1)
    else:
        edges, (low, high) = (y0, y1), (x0, x1)
        overlap = np.minimum(ruling.end, x1) - np.maximum(ruling.start, x0)
        deep, covered = INSIDE * height, (overlap > 0.8 * (x1 - x0)) & (x1 - x0 > height / 0.8)
    inside, deep_inside = ((edges[0] + inset < at) & (at < edges[1] - inset) for inset in (INSIDE * height, deep))
    inside &= (low < ruling.end) & (ruling.start < high)
    if not inside.any():
        return 0
    through = _through(ruling, rulings, inked, px)
    strokes = np.concatenate([[0], np.cumsum(through)])
    first, stop = (np.clip(np.rint(v), 0, len(through)).astype(np.intp) for v in (low, high))
    return int(np.count_nonzero(inside & ((deep_inside & covered) | (strokes[stop] > strokes[first]))))


@dataclass(frozen=True, slots=True)
class _Tone:
    """darkness: (n,) of each ruling, over that of the page's usual one; about 1 on most pages. paper: grey level;
    usual: of it, what the usual ruling is darker."""

    darkness: Floats
    paper: float
    usual: float


def _tone(grey: Pixels, rulings: Sequence[Ruling]) -> _Tone:
    paper = float(np.percentile(grey[::8, ::8], 80))
    dark = np.array([paper - _lightness(grey, r) for r in rulings])
    usual = max(1.0, weighted_quantile(dark, np.array([r.length for r in rulings]), 0.75))
    return _Tone(dark / usual, paper, usual)


def _lightness(grey: Pixels, ruling: Ruling) -> float:
    """The usual grey level along the middle of a ruling."""
    profile = _profile(grey, ruling)[1]
    return quantile(profile, 0.5) if profile.size else 255.0


def _profile(grey: Pixels, ruling: Ruling) -> tuple[int, Pixels]:
    """Where a ruling starts, and the (n,) grey levels along its middle."""
    at, start, end = round(ruling.position), max(0, round(ruling.start)), max(1, round(ruling.end))
    across = slice(max(0, at - 1), at + 2)
    part = grey[across, start:end] if ruling.orientation is Orientation.HORIZONTAL else grey[start:end, across].T
    return start, part.min(axis=0) if part.size else np.zeros(0, np.uint8)


def _bare_darkness(grey: Pixels, rulings: Sequence[Ruling], boxes: Floats, tone: _Tone, px: float) -> Floats:
    """(n,) `_Tone.darkness` of each ruling where no word lies on it; NaN where words lie all along. boxes: (words, 4)."""
    found = np.full(len(rulings), np.nan)
    for i, ruling in enumerate(rulings):
        along = 1 if ruling.orientation is Orientation.VERTICAL else 0
        met = (boxes[:, 1 - along] < ruling.position) & (ruling.position < boxes[:, 3 - along])
        start, profile = _profile(grey, ruling)
        bare = np.ones(len(profile), bool)
        for low, high in boxes[met][:, [along, along + 2]].tolist():
            bare[max(0, floor(low) - start) : max(0, ceil(high) - start)] = False
        if np.count_nonzero(bare) >= BARE_PT * px:
            found[i] = (tone.paper - quantile(profile[bare], 0.5)) / tone.usual
    return found


def _of_lines(bare: Floats, whole: Floats, rulings: Sequence[Ruling], px: float) -> Floats:
    """(n,) darkness of rulings: of strong ones their own, of others that of the bare pieces of their line.

    bare: of what no word lies on, or NaN; whole: of all of a ruling, which counts where nothing of its line is bare.
    """
    upright = np.array([r.orientation is Orientation.VERTICAL for r in rulings])
    positions, lengths = (np.array([getattr(r, name) for r in rulings]) for name in ("position", "length"))
    told = np.isfinite(bare)
    found = np.where(told, bare, whole)
    for i in np.flatnonzero(~told | (bare < WEAK)).tolist():
        line = told & (upright == upright[i]) & (np.abs(positions - positions[i]) <= LINE_PT * px)
        if line.any():
            found[i] = weighted_quantile(bare[line], lengths[line], 0.5)
    return np.asarray(found)
