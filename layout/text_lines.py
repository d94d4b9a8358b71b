"""Ink -> lines of running text that stand plainly on a page, so that no detector need look for them.

    ink --flag_runs--> bands: rows that hold ink, white over the whole width of the page above and below
    bands --_seen--> what kind of band each is, by its parts and the white between them
    lines --_paragraphs--> three and more at a pitch: the page has running text, and of what size
    lines --_is_plain--> those that nothing beside, above or below puts in doubt

What is not plainly a line is left to the detector: white as wide as an ideograph, for it may part columns, and lines next to such;
white that runs down through three lines; rulings, pictures, ink that is large, pale or under a seal. Only boxes of lines are
done: of the rest of the page, the white between lines too, the detector is shown whatever is not blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.ink import Flags, lone_ink
from layout.type_ink import TypeInkOptions, type_ink
from ocr.flag_runs import flag_runs
from ocr.geometry import BBox
from ocr.ink import find_blobs
from ocr.values import NO_PLACES, PageImage, Pixels, TextPlaces

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextLineOptions:
    """smallest_pt, largest_pt: heights of lines. least_lines: of a paragraph, at least; wide: of its longest line.

    The others are multiples of a line's height. gap: white within a line, at most; river: white at the same place of three lines, at
    most; beside: white above and below, at least; near: within which what stands above or below counts. widest: of a connected part;
    low, longest: what is lower and longer is a stroke; speck: smaller both ways is dirt or a point; tall: of the line over those of its
    parts that are characters, ``least_tall`` of them at least. largest: of a line over that of the text, at most. off: how much heights and pitches of a paragraph differ. margin, side: paper around the ink in a box.
    most_specks: share of a line's parts. most_odd: of all bands, beyond which the page is dirty.
    """

    ink: TypeInkOptions = field(default_factory=TypeInkOptions)
    smallest_pt: float = 7.0
    largest_pt: float = 40.0
    least_lines: int = 3
    wide: float = 12.0
    gap: float = 1.0
    river: float = 0.45
    beside: float = 0.25
    near: float = 1.5
    widest: float = 2.5
    low: float = 0.2
    longest: float = 1.3
    speck: float = 0.1
    most_specks: float = 0.3
    tall: float = 1.35
    least_tall: float = 0.05
    largest: float = 1.8
    off: float = 0.25
    margin: float = 0.09
    side: float = 0.1
    most_odd: float = 0.1


class _Kind(Enum):
    LINE = "line"
    GAPPED = "gapped"
    SMALL = "small"
    ODD = "odd"


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """Rows y0 to y1 with ink from x0 to x1; white: (n, 2) columns between its parts."""

    kind: _Kind
    x0: int
    y0: int
    x1: int
    y1: int
    white: Ints

    @property
    def height(self) -> int:
        return self.y1 - self.y0


def find_text_lines(image: PageImage, options: TextLineOptions | None = None) -> TextPlaces:
    """The plain lines of running text of a page, each of which is an area of its own."""
    options = options or TextLineOptions()
    ink = type_ink(image, options.ink)
    mask = ink.dark >= round(ink.sure)
    rows = flag_runs(np.any(mask, axis=1))
    if not _may_be_text(rows, ink.px, options):
        return NO_PLACES
    bands = _seen(mask, lone_ink(ink.dark, mask.view(np.uint8), round(ink.faint)), rows, ink.px, options)
    if sum(b.kind is _Kind.SMALL for b in bands) > options.most_odd * len(bands) + 1:
        return NO_PLACES
    size = _size_of_text(bands, options)
    if size is None:
        return NO_PLACES
    torn = _by_rivers(bands, options)
    lines = [
        _box(band, size, options)
        for i, band in enumerate(bands)
        if i not in torn and band.height <= options.largest * size and _is_plain(bands, i, options)
    ]  # fmt: skip
    places = [BBox(*(v / ink.factor for v in line)) for line in lines]
    plain = tuple(p for p in places if not any(p.intersection(seal) for seal in image.seals))
    return TextPlaces(plain, plain)


def _may_be_text(rows: Ints, px: float, options: TextLineOptions) -> bool:
    """Whether any bands follow each other as lines of a paragraph do: most pages of tables are through with this."""
    high, pitch = rows[:, 1] - rows[:, 0], np.diff(rows[:, 1])
    usual = (high >= options.smallest_pt * px) & (high <= options.largest_pt * px)
    pair = usual[1:] & usual[:-1] & (np.abs(np.diff(high)) <= options.off * high[:-1])
    pair &= pitch <= (1 + options.near) * high[1:]
    return bool((pair[1:] & pair[:-1] & (np.abs(np.diff(pitch)) <= options.off * pitch[1:])).any())


def _seen(mask: Flags, lone: Pixels, rows: Ints, px: float, options: TextLineOptions) -> list[_Band]:
    parts = find_blobs(mask).boxes[:, :4].astype(np.int64)
    parts = parts[np.argsort(parts[:, 1], kind="stable")]
    cuts = np.searchsorted(parts[:, 1], rows[1:, 0])
    stained = np.concatenate([[0], np.cumsum(lone.any(axis=1))])
    found = []
    for (y0, y1), held in zip(rows.tolist(), np.split(parts, cuts), strict=True):
        inked = flag_runs(np.any(mask[y0:y1], axis=0))
        white = np.stack([inked[:-1, 1], inked[1:, 0]], axis=1)
        kind = _kind(y1 - y0, held, white, px, options)
        if kind is _Kind.LINE and stained[y1] > stained[y0]:
            kind = _Kind.ODD
        found.append(_Band(kind, int(inked[0, 0]), y0, int(inked[-1, 1]), y1, white))
    return found


def _kind(height: int, parts: Ints, white: Ints, px: float, options: TextLineOptions) -> _Kind:
    """parts: (n, 4) x y width height."""
    wide, high = parts[:, 2], parts[:, 3]
    if (wide > options.widest * height).any() or height > options.largest_pt * px:
        return _Kind.ODD
    if height < options.smallest_pt * px:
        return _Kind.SMALL
    strokes = (high < options.low * height) & (wide > options.longest * height)
    specks = np.maximum(wide, high) < options.speck * height
    if (
        strokes.any()
        or specks.mean() > options.most_specks
        or np.mean(options.tall * high >= height) < options.least_tall
    ):
        return _Kind.ODD
    return _Kind.GAPPED if _widest(white) > options.gap * height else _Kind.LINE


def _widest(white: Ints) -> int:
    return int((white[:, 1] - white[:, 0]).max(initial=0))


def _size_of_text(bands: Sequence[_Band], options: TextLineOptions) -> float | None:
    """Usual height of the lines that stand in paragraphs; None where there are none."""
    found: list[int] = []
    for run in _paragraphs(bands, options):
        if max(b.x1 - b.x0 for b in run) >= options.wide * run[0].height:
            found += [b.height for b in run]
    return float(np.median(found)) if found else None


def _paragraphs(bands: Sequence[_Band], options: TextLineOptions) -> list[list[_Band]]:
    """Lines that follow each other at one pitch, of one height."""
    runs: list[list[_Band]] = []
    for band in bands:
        if band.kind is not _Kind.LINE:
            runs.append([])
        elif runs and runs[-1] and _goes_on(runs[-1], band, options):
            runs[-1].append(band)
        else:
            runs.append([band])
    return [run for run in runs if len(run) >= options.least_lines]


def _goes_on(run: Sequence[_Band], band: _Band, options: TextLineOptions) -> bool:
    above = run[-1]
    pitch = band.y1 - above.y1
    if abs(band.height - above.height) > options.off * above.height or pitch > (1 + options.near) * band.height:
        return False
    return len(run) < 2 or abs(pitch - (above.y1 - run[-2].y1)) <= options.off * pitch


def _by_rivers(bands: Sequence[_Band], options: TextLineOptions) -> set[int]:
    """Places of bands in threes that share white between their parts: these may be rows of columns."""
    torn: set[int] = set()
    for i in range(len(bands) - 2):
        three = bands[i : i + 3]
        if all(b.kind is _Kind.LINE for b in three):
            least = options.river * three[1].height
            if any((y1 - y0) >= least for y0, y1 in _shared(_shared(three[0].white, three[1].white), three[2].white)):
                torn.update((i, i + 1, i + 2))
    return torn


def _shared(a: Ints, b: Ints) -> Ints:
    """What two rows of white have in common."""
    if not len(a) or not len(b):
        return np.zeros((0, 2), np.int64)
    low, high = np.maximum.outer(a[:, 0], b[:, 0]), np.minimum.outer(a[:, 1], b[:, 1])
    return np.stack([low[low < high], high[low < high]], axis=1)


def _is_plain(bands: Sequence[_Band], i: int, options: TextLineOptions) -> bool:
    band = bands[i]
    if band.kind is not _Kind.LINE:
        return False
    for a, b in pairwise(bands[max(0, i - 1) : i + 2]):
        white, other = b.y0 - a.y1, a if b is band else b
        if white < options.beside * band.height:
            return False
        if other.kind in (_Kind.GAPPED, _Kind.ODD) and white < options.near * band.height:
            return False
    return True


def _box(band: _Band, size: float, options: TextLineOptions) -> tuple[float, float, float, float]:
    margin, side = options.margin * size, options.side * size
    middle, reach = (band.y0 + band.y1) / 2, max(band.height, size) / 2 + margin
    return band.x0 - side, middle - reach, band.x1 + side, middle + reach
