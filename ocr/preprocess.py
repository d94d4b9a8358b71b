"""PageImage -> clean, upright, level PageImage; `to_pdf` stays true through every step.

    PageImage --without_borders--> PageImage     the black of an open lid around the sheet              ocr/borders.py
    PageImage --evened--> PageImage              deep shadows                                           ocr/light.py
    PageImage --find_posture--> Posture        which way it lies and how it leans, measured on a small picture of it
    PageImage --turned--> PageImage            by 90, 180 or 270 degrees, no pixel changed
    PageImage --levelled--> PageImage          by a few degrees, resampled once, the canvas enlarged so that nothing is cut
    PageImage --flattened--> PageImage         instead, where it is photographed or curled               ocr/flatten.py
    PageImage --without_seals--> PageImage       the ink of seals taken out, their places kept           ocr/seals.py
    PageImage --without_bleed--> PageImage       print of the back side becomes paper                    ocr/bleed.py
    PageImage --stacked--> PageImage             two pages of one sheet, one above the other              ocr/halves.py

A step that is not needed gives back the page itself, digest included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ocr import ink
from ocr.bleed import BleedOptions, may_show_through, without_bleed
from ocr.borders import BorderOptions, without_borders
from ocr.digests import digest_after
from ocr.flatten import FlattenOptions, find_flattening, flattened, is_surely_flat
from ocr.geometry import Affine, BBox, level_map
from ocr.glances import ReadCrops
from ocr.halves import HalvesOptions, stacked
from ocr.light import LightOptions, evened
from ocr.orientation import axis_of, certainty, find_lines, length_of_lines, n_ideographs, telling
from ocr.seals import SealOptions, without_seals
from ocr.skew import SkewOptions, find_skew
from ocr.small_ink import SmallInk
from ocr.smaller import Smaller
from ocr.values import PageImage, Pixels, Reading


@dataclass(frozen=True, slots=True)
class PreprocessOptions:
    """How a page is made clean and put straight.

    orient, level: which steps run; borders, light, flatten, bleed, seals, halves: likewise, None leaves a step out (a page that is not to be levelled is
    not made flat either). analysis_dpi: resolution of the small picture on which they look. ink_pt: strokes up to this
    thickness are ink, anything thicker is a picture.
    least_skew_degrees: a page that leans less keeps its pixels; at 0.06 degrees a ruling across A4 rises by 0.6 points.
    n_lines: pieces of text read both ways to tell top from bottom, in rounds of this many, at most max_rounds;
        line_em: their greatest length in text heights.
    surest: certainty of the first lines, read as they lie, at which they are not read upside down; on 255 pages of every
        ageing, laid either way, lines that stood on their heads came to 0.69 at most, and 203 pages need no second look.
    least_ideographs: in the very first line, at which it need not be read with another; of 632 lines upside down, one by one,
        those with so many came to 0.65 at most, numbers to 0.95.
    clear_margin, sure: difference of certainty by which one way must win, and certainty it must have, to win without
        a further round. axis_margin: what the other axis must be ahead by if this one never got sure.
    readable: certainty below which nothing on the page is believed to be text.
    """

    orient: bool = True
    level: bool = True
    analysis_dpi: float = 120.0
    ink_pt: float = 8.0
    least_skew_degrees: float = 0.06
    n_lines: int = 2
    max_rounds: int = 6
    line_em: float = 6.5
    surest: float = 0.9
    least_ideographs: int = 3
    clear_margin: float = 0.3
    sure: float = 0.5
    axis_margin: float = 0.2
    readable: float = 0.25
    skew: SkewOptions = field(default_factory=SkewOptions)
    borders: BorderOptions | None = field(default_factory=BorderOptions)
    light: LightOptions | None = field(default_factory=LightOptions)
    flatten: FlattenOptions | None = field(default_factory=FlattenOptions)
    bleed: BleedOptions | None = field(default_factory=BleedOptions)
    seals: SealOptions | None = field(default_factory=SealOptions)
    halves: HalvesOptions | None = field(default_factory=HalvesOptions)


@dataclass(frozen=True, slots=True)
class Posture:
    """Clockwise turns that put a page straight: turn_degrees 0, 90, 180 or 270 first, then level_degrees.

    certainty: mean confidence of the lines read to find the turn; 0 when none were read.
    """

    turn_degrees: int = 0
    level_degrees: float = 0.0
    certainty: float = 0.0


def preprocess(image: PageImage, options: PreprocessOptions, read_crops: ReadCrops) -> PageImage:
    """The page clean, upright and level. read_crops: as OcrEngine.read_crops; asked only for pages with text lines."""
    smaller = Smaller(image.pixels)
    bordered = without_borders(image, options.borders, smaller) if options.borders else image
    smaller = smaller.of(bordered.pixels)
    even = evened(bordered, options.light, smaller) if options.light else bordered
    smaller = smaller.of(even.pixels)
    small = _small_ink(even, options, smaller)
    posture = _find_posture(even, small, options, read_crops)
    straight = _straight(even, posture, small, options)
    # seals first: pale ones are as weak as print of the back side
    unsealed = without_seals(straight, options.seals) if options.seals else straight
    one_sided = _one_sided(unsealed, options.bleed, read_crops, even, smaller) if options.bleed else unsealed
    return stacked(one_sided, options.halves) if options.halves else one_sided


def _one_sided(
    image: PageImage, bleed: BleedOptions, read_crops: ReadCrops, lying: PageImage, smaller: Smaller
) -> PageImage:
    """The page without print of its back side. lying: before it was straight; smaller: of that one's pixels, which tell for less whether it is worth a look."""
    if image is not lying and not may_show_through(lying.dpi, bleed, smaller):
        return image
    return without_bleed(image, bleed, read_crops, smaller.of(image.pixels))


def find_posture(image: PageImage, options: PreprocessOptions, read_crops: ReadCrops) -> Posture:
    """How to put the page straight; a page without text stays as it lies, one without rows is not levelled."""
    return _find_posture(image, _small_ink(image, options, Smaller(image.pixels)), options, read_crops)


def _find_posture(image: PageImage, small: SmallInk, options: PreprocessOptions, read_crops: ReadCrops) -> Posture:
    if not options.orient:
        return _unread(small, options)
    lying = small.lying(0, 0.0)
    axis = axis_of(lying.type, lying.shape)
    down = axis.down
    best = _posture_on(90 if down else 0, image, small, options, read_crops)
    if down and not axis.is_sure and best.certainty >= options.sure:
        best = _lesser_turn(best, image, small, options, read_crops)
    elif best.certainty < options.sure:
        other = _posture_on(0 if down else 90, image, small, options, read_crops)
        best = other if other.certainty > best.certainty + options.axis_margin else best
    return best if best.certainty >= options.readable else _unread(small, options)


def _straight(image: PageImage, posture: Posture, small: SmallInk, options: PreprocessOptions) -> PageImage:
    """The page upright, level and flat."""
    upright = turned(image, posture.turn_degrees)
    if options.level and options.flatten:
        level = small.lying(posture.turn_degrees, posture.level_degrees)
        if level.leans_slightly and is_surely_flat(level, options.flatten):
            return levelled(upright, posture.level_degrees)
        flattening = find_flattening(level.mask, level.dpi, options.flatten)
        if not flattening.is_flat:
            return flattened(upright, posture.level_degrees, flattening, small.factor, options.flatten)
    return levelled(upright, posture.level_degrees)


def _posture_on(
    quarter: int, image: PageImage, small: SmallInk, options: PreprocessOptions, read_crops: ReadCrops
) -> Posture:
    """The better of the two postures whose lines run across the page after a turn by ``quarter`` degrees."""
    posture = _read_both_ways(turned(image, quarter), quarter, small, options, read_crops)
    return replace(posture, turn_degrees=(quarter + posture.turn_degrees) % 360)


def _lesser_turn(
    down: Posture, image: PageImage, small: SmallInk, options: PreprocessOptions, read_crops: ReadCrops
) -> Posture:
    """The posture on a page's side, or the one as it lies where that can be read as well and has more to read: labels of
    narrow columns may be printed on their side.
    """
    lying, turned_ink = small.lying(0, 0.0), small.lying(90, 0.0)
    if length_of_lines(lying.type, lying.shape) <= length_of_lines(turned_ink.type, turned_ink.shape):
        return down
    other = _posture_on(0, image, small, options, read_crops)
    return other if other.certainty >= options.sure else down


def _small_ink(image: PageImage, options: PreprocessOptions, smaller: Smaller) -> SmallInk:
    factor = min(1.0, options.analysis_dpi / image.dpi)
    reach = max(3, round(options.ink_pt * image.dpi * factor / 72.0))
    mask = ink.dark_ink(smaller.grey(factor), smaller.darkness(factor, reach), reach)
    return SmallInk(mask, factor, image.dpi * factor)


def _unread(small: SmallInk, options: PreprocessOptions) -> Posture:
    return _posture(find_skew(small.mask, options.skew), options)


def _posture(skew: float, options: PreprocessOptions, turn: int = 0, sure: float = 0.0) -> Posture:
    return Posture(turn, _to_level(skew, options) if options.level else 0.0, sure)


def _to_level(skew: float, options: PreprocessOptions) -> float:
    return round(-skew, 3) if abs(skew) >= options.least_skew_degrees else 0.0


def _read_both_ways(
    image: PageImage, quarter: int, small: SmallInk, options: PreprocessOptions, read_crops: ReadCrops
) -> Posture:
    """Which of 0 and 180 degrees lets a few lines be read, more of them while in doubt. quarter: how ``image`` is turned."""
    skew = find_skew(small.lying(quarter, 0.0).mask, options.skew)
    level, factor = small.lying(quarter, _to_level(skew, options)), small.factor
    lines = find_lines(level.type, level.shape, options.n_lines * options.max_rounds, options.line_em, level.line_blobs)
    to_level = level.change.after(Affine.scaling(factor))
    upright: list[Reading] = []
    upside_down: list[Reading] = []
    sure, sure_of_turn = 0.0, 0.0
    for start in range(0, len(lines.boxes), options.n_lines):
        crops = [_crop(image.pixels, to_level, box, factor) for box in lines.boxes[start : start + options.n_lines]]
        upright += read_crops(crops) if start else _first_read(crops, lines.lengths_em, options, read_crops)
        if not start and _tell_at_once(upright, lines.lengths_em, options):
            sure = certainty(upright, lines.lengths_em[: len(upright)])
            break
        upside_down += read_crops([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops])
        told = telling(upright, upside_down)
        lengths = [lines.lengths_em[i] for i in told]
        sure, sure_of_turn = (certainty([way[i] for i in told], lengths) for way in (upright, upside_down))
        if abs(sure - sure_of_turn) >= options.clear_margin and max(sure, sure_of_turn) >= options.sure:
            break
    turn = 180 if sure_of_turn > sure else 0
    return _posture(skew, options, turn, max(sure, sure_of_turn))


def _first_read(
    crops: Sequence[Pixels], lengths_em: Sequence[float], options: PreprocessOptions, read_crops: ReadCrops
) -> tuple[Reading, ...]:
    """Readings of the first lines; of the very first alone where it holds ideographs enough to tell at once."""
    first = read_crops(crops[:1])
    if n_ideographs(first[0]) >= options.least_ideographs and _tell_at_once(first, lengths_em, options):
        return first
    return (*first, *read_crops(crops[1:])) if len(crops) > 1 else first


def _tell_at_once(upright: Sequence[Reading], lengths_em: Sequence[float], options: PreprocessOptions) -> bool:
    """Whether the first lines read so well as they lie that nobody need read them upside down."""
    told = telling(upright, upright)
    return len(told) == len(upright) and certainty(upright, lengths_em[: len(upright)]) >= options.surest


def _crop(pixels: Pixels, to_level: Affine, box: BBox, factor: float) -> Pixels:
    """The line in this box of the level small picture, at the page's own resolution."""
    full = Affine.scaling(1.0 / factor).after(to_level)
    x, y = box.x0 / factor, box.y0 / factor
    return ink.cut(pixels, full, x, y, math.ceil(box.width / factor), math.ceil(box.height / factor))


def straightened(image: PageImage, turn_degrees: int, level_degrees: float) -> PageImage:
    """The page turned clockwise by a quarter or more, then by a few degrees."""
    return levelled(turned(image, turn_degrees), level_degrees)


def is_only_straightened(image: PageImage, digest: str, turn_degrees: int, level_degrees: float) -> bool:
    """Whether the digest is that of the page straightened so, with nothing else done to it; told without its pixels."""
    corner = replace(image, pixels=image.pixels[:1, :1])
    return straightened(corner, turn_degrees, level_degrees).digest == digest


def turned(image: PageImage, degrees: int) -> PageImage:
    """The page turned clockwise by 0, 90, 180 or 270 degrees; pixels only change their places."""
    if degrees % 360 == 0:
        return image
    back = _quarter_turn_back(degrees % 360, image.width, image.height)
    return replace(
        image,
        pixels=np.ascontiguousarray(np.rot90(image.pixels, -degrees // 90)),
        to_pdf=image.to_pdf.after(back),
        digest=digest_after(image, f"turned {degrees % 360}"),
        rotation_degrees=(image.rotation_degrees + degrees) % 360,
    )


def _quarter_turn_back(degrees: int, width: int, height: int) -> Affine:
    """Pixels of the turned picture -> pixels of the width x height picture it came from."""
    match degrees:
        case 90:
            return Affine(0, 1, 0, -1, 0, height)
        case 180:
            return Affine(-1, 0, width, 0, -1, height)
        case 270:
            return Affine(0, -1, width, 1, 0, 0)
    raise ValueError(f"pages turn by quarters, not by {degrees} degrees")


def levelled(image: PageImage, degrees: float) -> PageImage:
    """The page turned clockwise by a few degrees on a canvas that holds all of it, edges filled with paper colour."""
    if degrees == 0.0:
        return image
    change, width, height = level_map(image.width, image.height, degrees)
    return replace(
        image,
        pixels=ink.warped(image.pixels, change, width, height),
        to_pdf=image.to_pdf.after(change.inverse()),
        digest=digest_after(image, f"levelled {degrees:.6f}"),
        skew_degrees=image.skew_degrees + degrees,
    )
