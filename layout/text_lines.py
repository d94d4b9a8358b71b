"""Ink -> lines of running text, and beside tables that are done, that stand plainly on a page: no detector need look for them.

    ink --flag_runs--> bands: rows that hold ink, white over the whole width of the page above and below
    bands --_seen--> what kind of band each is, by its parts and the white between them
    lines --_paragraphs--> three and more at a pitch: the page has running text, and of what size
    lines --_is_plain--> those that nothing beside, above or below puts in doubt

What is not plainly a line is left to the detector: white as wide as an ideograph, for it may part columns, and lines next to
such; white that runs down through three lines; rulings, pictures, ink that is large, pale or under a seal. Where the cells of
a table are done and there is no running text, lines far apart at one height (who fills in, the unit) are plain too, but not
two such rows. Only boxes of lines are done: of the rest of the page, the white between lines too, the detector is shown
whatever is not blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from layout.ink import Flags, lone_ink
from layout.type_ink import TypeInk, TypeInkOptions, type_ink
from ocr.flag_runs import flag_runs
from ocr.geometry import BBox
from ocr.ink import find_blobs
from ocr.values import NO_PLACES, PageImage, TextPlaces

APRON = 4
"""px: what stands apart from ink is told by what is so near."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextLineOptions:
    """smallest_pt, largest_pt: heights of lines. least_lines: of a paragraph, at least; wide: of its longest line; off: how much
    its heights and pitches differ. filled: share of a table's height that its cells have. most_odd: share of low bands
    beyond which the page is dirty.

    The others are multiples of a line's height. gap: white within a line, at most; within, apart, most_apart: the same where
    two or three lines stand at one height, white between those at least, and how often it is. short: narrower lines tell no
    size. river: white at the same place of three lines, at most; beside: white above and below, at least; near: within which
    what stands above or below counts. widest: of a connected part; low, longest: what is lower and longer is a stroke;
    speck: smaller both ways is dirt or a point; most_specks: share of them among a line's parts. tall: of the line over
    those of its parts that are characters, ``least_tall`` of them at least; largest: of a line over that of the text, at
    most. margin, side: paper around the ink in a box.
    """

    ink: TypeInkOptions = field(default_factory=TypeInkOptions)
    smallest_pt: float = 7.0
    largest_pt: float = 40.0
    least_lines: int = 3
    wide: float = 12.0
    gap: float = 1.0
    within: float = 0.8
    apart: float = 3.0
    most_apart: int = 2
    filled: float = 0.8
    short: float = 4.0
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
    SPREAD = "spread"
    GAPPED = "gapped"
    TABLE = "table"
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


def find_text_lines(image: PageImage, options: TextLineOptions | None = None, cells: Sequence[BBox] = ()) -> TextPlaces:
    """The plain lines of a page with running text, or with tables whose ``cells`` are done; each is an area of its own."""
    options = options or TextLineOptions()
    ink = type_ink(image, options.ink)
    mask = ink.dark >= round(ink.sure)
    rows = flag_runs(np.any(mask, axis=1))
    if not len(rows) or not (cells or _may_be_text(rows, ink.px, options)):
        return NO_PLACES
    is_table = _are_tables(rows, [(c.y0 * ink.factor, c.y1 * ink.factor) for c in cells], options)
    bands = _seen(mask, rows, is_table, ink, options)
    if sum(b.kind is _Kind.SMALL for b in bands) > options.most_odd * len(bands) + 1:
        return NO_PLACES
    size, kinds, largest = _size_of_text(bands, options), {_Kind.LINE}, options.largest
    if size is None and any(is_table):
        kinds.add(_Kind.SPREAD)
        size, largest = _least_size(bands, kinds, options), np.inf
    if size is None:
        return NO_PLACES
    torn = _by_rivers(bands, options)
    lines = [
        box
        for i, band in enumerate(bands)
        if band.kind in kinds
        and i not in torn
        and band.height <= largest * size
        and _is_plain(bands, i, kinds, options)
        for box in _boxes(bands, i, size, options)
    ]
    page = BBox(0.0, 0.0, image.width, image.height)
    places = [page.intersection(BBox(*(v / ink.factor for v in line))) for line in lines]
    plain = tuple(p for p in places if p and not any(p.intersection(seal) for seal in image.seals))
    return TextPlaces(plain, plain)


def _may_be_text(rows: Ints, px: float, options: TextLineOptions) -> bool:
    """Whether any bands follow each other as lines of a paragraph do: most pages of tables are through with this."""
    high, pitch = rows[:, 1] - rows[:, 0], np.diff(rows[:, 1])
    usual = (high >= options.smallest_pt * px) & (high <= options.largest_pt * px)
    pair = usual[1:] & usual[:-1] & (np.abs(np.diff(high)) <= options.off * high[:-1])
    pair &= pitch <= (1 + options.near) * high[1:]
    return bool((pair[1:] & pair[:-1] & (np.abs(np.diff(pitch)) <= options.off * pitch[1:])).any())


def _are_tables(rows: Ints, cells: Sequence[tuple[float, float]], options: TextLineOptions) -> list[bool]:
    """Which bands cells fill. cells: first and last row of each that is done."""
    if not cells:
        return [False] * len(rows)
    low, high = np.array(cells).T
    band = np.searchsorted(rows[:, 0], (low + high) / 2, side="right") - 1
    return [
        bool((own := band == i).any() and high[own].max() - low[own].min() >= options.filled * (y1 - y0))
        for i, (y0, y1) in enumerate(rows.tolist())
    ]


def _seen(mask: Flags, rows: Ints, is_table: Sequence[bool], ink: TypeInk, options: TextLineOptions) -> list[_Band]:
    open_rows = np.zeros(len(mask), bool)
    for (y0, y1), table in zip(rows.tolist(), is_table, strict=True):
        open_rows[y0:y1] = not table
    parts = find_blobs(mask & open_rows[:, None]).boxes[:, :4].astype(np.int64)
    parts = parts[np.argsort(parts[:, 1], kind="stable")]
    cuts = np.searchsorted(parts[:, 1], rows[1:, 0])
    found = []
    for (y0, y1), held, table in zip(rows.tolist(), np.split(parts, cuts), is_table, strict=True):
        if table:
            found.append(_Band(_Kind.TABLE, 0, y0, mask.shape[1], y1, np.zeros((0, 2), np.int64)))
            continue
        inked = flag_runs(np.any(mask[y0:y1], axis=0))
        white = np.stack([inked[:-1, 1], inked[1:, 0]], axis=1)
        kind = _kind(y1 - y0, held, white, ink.px, options)
        if kind in {_Kind.LINE, _Kind.SPREAD} and _is_stained(mask, y0, y1, ink):
            kind = _Kind.ODD
        found.append(_Band(kind, int(inked[0, 0]), y0, int(inked[-1, 1]), y1, white))
    return found


def _is_stained(mask: Flags, y0: int, y1: int, ink: TypeInk) -> bool:
    """Whether something faint stands apart from the ink in these rows."""
    top, foot = max(0, y0 - APRON), y1 + APRON
    lone = lone_ink(ink.dark[top:foot], mask[top:foot].view(np.uint8), round(ink.faint))
    return bool(lone[y0 - top : y1 - top].any())


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
    gaps = white[:, 1] - white[:, 0]
    wide_gaps = gaps > options.within * height
    if (gaps <= options.gap * height).all():
        return _Kind.LINE
    is_spread = wide_gaps.sum() <= options.most_apart and (gaps[wide_gaps] >= options.apart * height).all()
    return _Kind.SPREAD if is_spread else _Kind.GAPPED


def _size_of_text(bands: Sequence[_Band], options: TextLineOptions) -> float | None:
    """Usual height of the lines that stand in paragraphs; None where there are none."""
    found: list[int] = []
    for run in _paragraphs(bands, options):
        if max(b.x1 - b.x0 for b in run) >= options.wide * run[0].height:
            found += [b.height for b in run]
    return float(np.median(found)) if found else None


def _least_size(bands: Sequence[_Band], kinds: set[_Kind], options: TextLineOptions) -> float | None:
    """Height of the lowest line that is no number alone; None where there is none."""
    found = [b.height for b in bands if b.kind in kinds and b.x1 - b.x0 >= options.short * b.height]
    return float(min(found)) if found else None


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


def _is_plain(bands: Sequence[_Band], i: int, kinds: set[_Kind], options: TextLineOptions) -> bool:
    band = bands[i]
    for a, b in pairwise(bands[max(0, i - 1) : i + 2]):
        white, other = b.y0 - a.y1, a if b is band else b
        if white < options.beside * band.height:
            return False
        if other.kind is band.kind is _Kind.SPREAD:  # rows of columns, it may be
            return False
        if other.kind not in {*kinds, _Kind.SMALL, _Kind.TABLE} and white < options.near * band.height:
            return False
    return True


def _boxes(
    bands: Sequence[_Band], i: int, size: float, options: TextLineOptions
) -> list[tuple[float, float, float, float]]:
    """One around each of the lines that stand at this height, no farther than half the white above and below."""
    band = bands[i]
    size = max(band.height, size)
    middle, reach, side = (band.y0 + band.y1) / 2, size * (0.5 + options.margin), size * options.side
    y0 = max([middle - reach, *((b.y1 + band.y0) / 2 for b in bands[max(0, i - 1) : i])])
    y1 = min([middle + reach, *((band.y1 + b.y0) / 2 for b in bands[i + 1 : i + 2])])
    cuts = band.white[band.white[:, 1] - band.white[:, 0] > options.gap * band.height]
    ends = zip([band.x0, *cuts[:, 1].tolist()], [*cuts[:, 0].tolist(), band.x1], strict=True)
    return [(x0 - side, y0, x1 + side, y1) for x0, x1 in ends]
