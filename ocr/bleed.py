"""Print of the back side that shows through: told from faint print by reading it as in a mirror, then made paper.

    PageImage --find_bleed--> darkness         up to which ink is of the back side; 0 when none shows through
    PageImage --without_bleed--> PageImage     the page itself when none does

Characters much weaker than the page's black may be faint print, which must stay. Print of the back side reads from right
to left: a few lines of weak characters alone are read as they are and mirrored, and the page is changed only if the
mirror makes them legible. Then everything as weak becomes paper, in a soft step of the tone curve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ocr import ink
from ocr.digests import digest_after
from ocr.geometry import BBox
from ocr.glances import ReadCrops
from ocr.orientation import FULL, TYPE_PT, Boxes, Type, certainty, find_lines, find_type
from ocr.smaller import Smaller
from ocr.values import PageImage, Pixels

STRAY = 0.15
"""Share of a weak line that may be ink of the front, which is wiped out before it is read."""


@dataclass(frozen=True, slots=True)
class BleedOptions:
    """analysis_dpi: of the small picture. ink_pt: strokes up to this thickness are ink. least, weak: darkness as a share
    of the page's black from which ink is looked at, and below which it is weak. least_type: weak characters there must
    be. n_lines, line_em: pieces of lines that are read, their length in text heights. clear_margin, readable: by how much
    surer the mirrored reading must be, and how sure; least_read: characters it must hold, for a scrap of a picture may be
    like one. surplus: how much darker than the weak characters becomes paper;
    ramp: from there to so many times as dark the ink fades in. most_faded: share of the front's characters that may
    lie within the ramp; a page of more is read as it is, for what shows through harms it less.
    """

    analysis_dpi: float = 120.0
    ink_pt: float = 8.0
    least: float = 0.1
    weak: float = 0.5
    least_type: int = 30
    n_lines: int = 6
    line_em: float = 6.5
    clear_margin: float = 0.15
    readable: float = 0.3
    least_read: int = 10
    surplus: float = 1.3
    ramp: float = 1.5
    most_faded: float = 0.1


def without_bleed(
    image: PageImage, options: BleedOptions, read_crops: ReadCrops, smaller: Smaller | None = None
) -> PageImage:
    """The level page without print of its back side. read_crops: asked only where there are weak characters.

    smaller: of its pixels.
    """
    darkest = find_bleed(image, options, read_crops, smaller or Smaller(image.pixels))
    if darkest == 0.0:
        return image
    pixels = _bleached(image.pixels, darkest, options)
    return replace(image, pixels=pixels, digest=digest_after(image, f"bleached {darkest:.3f}"))


def may_show_through(dpi: float, options: BleedOptions, smaller: Smaller) -> bool:
    """Whether a page has so many weak characters, before it is levelled, that `find_bleed` is to be asked. smaller: of its pixels at ``dpi``."""
    least = options.least_type / 2
    return len(_weak_type(dpi, options, smaller, least).boxes) >= least


def find_bleed(image: PageImage, options: BleedOptions, read_crops: ReadCrops, smaller: Smaller) -> float:
    """Grey levels by which the back side darkens the paper at most. smaller: of the image's pixels."""
    weak = _weak_type(image.dpi, options, smaller, options.least_type)
    factor, boxes, strong = weak.factor, weak.boxes, weak.strong
    if len(boxes) < options.least_type or not _reads_mirrored(image, boxes, strong, factor, options, read_crops):
        return 0.0
    darkest = ink.find_peaks(weak.dark, weak.mask)
    limit = options.surplus * float(np.percentile(darkest[boxes[:, 4]], 90))
    return 0.0 if _would_fade(weak.dark, strong, options.ramp * limit, image.dpi * factor, options) else limit


@dataclass(frozen=True, slots=True, eq=False)
class _Weak:
    """Ink of a small picture, at ``factor`` of its page's size, that is much weaker than its black.

    dark: (h, w) its darkness; strong: where it is black; mask: where it is weak; boxes: of what may be characters there.
    """

    factor: float
    dark: Pixels
    strong: ink.Mask
    mask: ink.Mask
    boxes: Boxes


def _weak_type(dpi: float, options: BleedOptions, smaller: Smaller, least: float) -> _Weak:
    """least: fewer characters are none; where there are fewer pixels than these must have, they are not looked for."""
    factor = min(1.0, options.analysis_dpi / dpi)
    dark = smaller.darkness(factor, max(3, round(options.ink_pt * dpi * factor / 72.0)))
    black = ink.levels_at(dark[::2, ::2], 0.995)[0]
    strong = ink.above(dark, options.weak * black)
    front = ink.grown(strong, 2)
    weak = ink.above(dark, max(10.0, options.least * black)) & ~front
    n_pixels = least * TYPE_PT[0] * dpi * factor / 72.0
    if np.count_nonzero(weak) >= n_pixels:
        weak = _without_rulings(weak, front, dpi * factor)
    if np.count_nonzero(weak) < n_pixels:
        return _Weak(factor, dark, strong, weak, np.empty((0, 5), np.int32))
    return _Weak(factor, dark, strong, weak, _type_sized(ink.find_blobs(weak).boxes, dpi * factor))


def _would_fade(dark: Pixels, strong: ink.Mask, whole: float, dpi: float, options: BleedOptions) -> bool:
    """Whether too many characters of the front are nowhere as dark as what stays whole: thin type on a coarse scan."""
    boxes = _type_sized(ink.find_blobs(strong).boxes, dpi)
    peaks = ink.find_peaks(dark, strong)[boxes[:, 4]]
    return len(boxes) > 0 and float((peaks < whole).mean()) > options.most_faded


def _without_rulings(weak: ink.Mask, front: ink.Mask, dpi: float) -> ink.Mask:
    """The back side has rulings too, which tie its characters together; print of the front cuts them."""
    length = round(TYPE_PT[1] * dpi / 72.0)
    both = weak | front
    return np.asarray(weak & ~ink.without_short(both, length) & ~ink.without_short(both, length, down=True), bool)


def _type_sized(blobs: Boxes, dpi: float) -> Boxes:
    """Those that may be characters, by their size; the last column is then the blob's number."""
    numbered = np.column_stack([blobs[:, :4], np.arange(len(blobs))]).astype(np.int32)
    low, high = (pt * dpi / 72.0 for pt in TYPE_PT)
    longest, shortest = numbered[:, 2:4].max(axis=1, initial=0), numbered[:, 2:4].min(axis=1, initial=10**6)
    fits: Boxes = numbered[
        (longest >= low) & (longest <= 2.0 * high) & (shortest <= high) & (shortest >= FULL * longest)
    ]
    return fits


def _reads_mirrored(
    image: PageImage, weak: Boxes, strong: ink.Mask, factor: float, options: BleedOptions, read_crops: ReadCrops
) -> bool:
    em = find_type(strong, image.dpi * factor).em  # both sides are set alike, and weak characters are in pieces
    lines = find_lines(Type(weak, em), strong.shape, 4 * options.n_lines, options.line_em)
    pairs = zip(lines.boxes, lines.lengths_em, strict=True)
    inside = [(box, n) for box, n in pairs if _cut(strong, box).size]
    alone = sorted(inside, key=lambda pair: float(_cut(strong, pair[0]).mean()))[: options.n_lines]
    alone = [(box, n) for box, n in alone if _cut(strong, box).mean() < STRAY]
    crops = [_only_weak(_cut(image.pixels, box.grown(0.2 * em).scaled(1.0 / factor)), options) for box, _ in alone]
    if not crops:
        return False
    readings = read_crops([*crops, *(np.ascontiguousarray(crop[:, ::-1]) for crop in crops)])
    lengths = [n for _, n in alone]
    if sum(len("".join(reading.text.split())) for reading in readings[len(crops) :]) < options.least_read:
        return False
    as_it_is, mirrored = (certainty(part, lengths) for part in (readings[: len(crops)], readings[len(crops) :]))
    return mirrored >= options.readable and mirrored >= as_it_is + options.clear_margin


def _cut(pixels: Pixels | ink.Mask, box: BBox) -> Pixels:
    x0, y0, x1, y1 = (max(0, round(v)) for v in box.as_tuple())
    return np.asarray(pixels[y0 : y1 + 1, x0 : x1 + 1])


def _only_weak(crop: Pixels, options: BleedOptions) -> Pixels:
    """(H, W): weak print as black as any, strong print wiped out."""
    grey = ink.to_grey(crop)
    paper = float(np.percentile(grey, 80))
    strong = ink.grown(grey < paper - options.weak * (paper - float(grey.min())), 1)
    weak = np.where(strong, paper, grey)
    low = min(float(np.percentile(weak, 2)), paper - 8.0)
    return np.asarray(np.clip((weak - low) * (240.0 / (paper - low)), 0, 255), np.uint8)


def _bleached(pixels: Pixels, darkest: float, options: BleedOptions) -> Pixels:
    """Ink up to ``darkest`` becomes paper, ink from ``ramp`` times that on stays; in each channel."""
    planes = pixels.reshape(*pixels.shape[:2], -1)
    out = np.empty_like(planes)
    for channel, paper in enumerate(ink.paper_colour(pixels)):
        dark = np.maximum(0.0, paper - np.arange(256.0))
        kept = np.clip((dark - darkest) / ((options.ramp - 1.0) * darkest), 0.0, 1.0)
        table = np.where(dark > 0, paper - dark * kept, np.arange(256.0))
        out[..., channel] = table.astype(np.uint8)[planes[..., channel]]
    return np.asarray(out.reshape(pixels.shape), np.uint8)
