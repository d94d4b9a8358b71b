"""Uprights through several lines of type: whether their ink goes on between the lines, as that of stems never does.

Told on the page's grey along each upright, where no ruling crosses it: a whole one never fades to paper, a dashed one has as
much ink between the lines as in them, its white included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from layout.levelling import link_pieces
from layout.values import Orientation, Ruling, RulingSource
from ocr.values import Pixels

Floats = npt.NDArray[np.float64]
#: Lines of type that an upright runs along whose ink tells; in px: over how much of it; least share of its usual ink, and
#: percentile that must have it: grain may wipe out a pale ruling for a moment, white between lines is a tenth at least.
EVEN_LINES, EVEN_PX, EVEN, NEARLY_ALL = 3, 3, 0.4, 5
#: In px along, and in text heights sideways: pieces this close are one upright.
END_TO_END, STEP = 2.0, 0.1
#: In heights of a word's box, off its middle: what lies within a line of type, and what beyond it. In text heights: least way between
#: lines that tells. Share of the ink within that is between them too.
WITHIN, BEYOND, LEAST_BARE, GOING_ON = 0.25, 0.42, 0.5, 0.4
#: Px to either side in which paper is looked for.
AROUND = 12


def is_even(ruling: Ruling, crossings: Sequence[tuple[float, float]], grey: Pixels) -> bool:
    """Whether an upright's ink never fades to paper, as that of stems does between lines of type."""
    at, start, end = round(ruling.position), max(0, round(ruling.start)), round(ruling.end)
    around = grey[start:end, max(0, at - AROUND) : at + AROUND + 1]
    if not around.size:
        return False
    paper = float(np.median(around.max(axis=1)))
    ink = paper - grey[start:end, max(0, at - 1) : at + 2].min(axis=1).astype(float)
    places = np.arange(start, end)
    crossed = np.zeros(len(places), bool)
    for low, high in crossings:
        crossed |= (places >= low) & (places <= high)
    smooth = np.convolve(ink, np.full(EVEN_PX, 1 / EVEN_PX), mode="same")[~crossed]
    smooth = smooth[EVEN_PX:-EVEN_PX]
    return bool(smooth.size and np.median(smooth) > 0 and np.percentile(smooth, NEARLY_ALL) >= EVEN * np.median(smooth))


def chains_of(rulings: Sequence[Ruling], em: float) -> Iterator[list[Ruling]]:
    """The drawn uprights that lie in several pieces end to end, as slanted ones do, each with its pieces top down."""
    upright = [r for r in rulings if r.orientation is Orientation.VERTICAL and r.source is RulingSource.DRAWN]
    owners = link_pieces(upright, END_TO_END, STEP * em)
    for k in np.flatnonzero(np.bincount(owners, minlength=1) > 1).tolist():
        yield sorted((r for r, owner in zip(upright, owners, strict=True) if owner == k), key=lambda r: r.start)


def goes_on(
    pieces: Sequence[Ruling], boxes: Floats, crossings: Sequence[tuple[float, float]], em: float, grey: Pixels
) -> bool:
    """Whether an upright in pieces end to end is as inked between lines of type, all but, as in their middles.

    boxes: (n, 4) px, of words; crossings: from where to where rulings run over it.
    """
    y = np.arange(max(0, round(pieces[0].start)), min(len(grey), round(pieces[-1].end)))
    middles, high = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    known = [(r.start + r.end) / 2 for r in pieces], [r.position for r in pieces]
    spots = np.interp(middles, *known)
    own = (boxes[:, 0] < spots) & (spots < boxes[:, 2]) & (pieces[0].start < middles) & (middles < pieces[-1].end)
    if own.sum() < EVEN_LINES:
        return False
    off = (np.abs(y[:, None] - middles[own]) / high[own]).min(axis=1)
    bare = off > BEYOND
    for low, high_end in crossings:
        bare &= (y < low - 1) | (y > high_end + 1)
    if bare.sum() < LEAST_BARE * em:
        return False
    at = np.clip(np.rint(np.interp(y, *known)).astype(np.intp), AROUND, grey.shape[1] - AROUND - 1)
    around = grey[y[:, None], at[:, None] + np.arange(-AROUND, AROUND + 1)]
    ink = np.median(around.max(axis=1)) - around[:, AROUND - 1 : AROUND + 2].min(axis=1).astype(float)
    return bool(ink[bare].mean() >= GOING_ON * ink[off < WITHIN].mean())
