"""Seals over the print: found by colour and shape, their ink taken out, so that what they cover can be read.

    PageImage --find_seals--> Seals          on a small picture; nothing on a grey page, or where nothing has a colour
    PageImage --without_seals--> PageImage   within the seals' boxes only; the boxes stay on the page as ``seals``

The colour is the page's own: ink whose density differs between the channels by more than the paper's noise, pale ink where
it goes on from such ink, grouped by hue. Coloured ink alone is no seal: a red headline, red figures, coloured rulings and
fills are print. A seal is one of two things. A ring (round or oval, upright or askew) or a frame of one hue, as large as
seals are, with little of that hue right outside it (`seal_shapes`). Or a patch of one hue, as large as seals are
and no fill, that lies across black print: so pieces of seals that overlap each other, names carved out of a square, and seals
pressed badly are found, and print, which is never set over print, is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ocr.digests import digest_after
from ocr.geometry import BBox
from ocr.ink import Mask, Planes, densities, find_blobs, joined, linked, paper_colour, shrunk
from ocr.seal_ink import Ink, InkOptions, apart, hues_of, ink_of, without_inks
from ocr.seal_shapes import ShapeOptions, find_shapes
from ocr.values import PageImage


@dataclass(frozen=True, slots=True)
class SealOptions:
    """Lengths in points, densities in natural units, shares in [0, 1].

    analysis_dpi: of the small picture. least_chroma: density by which channels must differ, beside a multiple of the
    noise of the paper; pale: share of that from which ink goes on from such ink; least_purity: this difference over the
    greatest density (black print beside colour has little).
    black: density of print. stroke_pt: how wide a stroke of print is that parts a seal's ink. patch_pt: sides of patches;
    patch_gap_pt: paper within one. least_crossed: print that lies within a patch, as a share of its ink; most_filled: of its
    box, beyond which a patch is a fill. goes_on: of a seal's longer side, how far its ink may lie outside of the shape it was told by.
    """

    analysis_dpi: float = 72.0
    least_chroma: float = 0.14
    pale: float = 0.5
    least_purity: float = 0.35
    black: float = 0.4
    stroke_pt: float = 3.0
    patch_pt: tuple[float, float] = (20.0, 260.0)
    patch_gap_pt: float = 5.0
    least_crossed: float = 0.004
    most_filled: float = 0.8
    margin_pt: float = 5.0
    goes_on: float = 0.15
    shapes: ShapeOptions = field(default_factory=ShapeOptions)
    ink: InkOptions = field(default_factory=InkOptions)


@dataclass(frozen=True, slots=True)
class Seal:
    """bbox: page pixels, margin included. hue: of its ink, in degrees."""

    bbox: BBox
    hue: float


@dataclass(frozen=True, slots=True)
class Seals:
    """What find_seals found; paper: the page's paper in each channel."""

    found: tuple[Seal, ...]
    paper: tuple[int, ...]


def without_seals(image: PageImage, options: SealOptions | None = None) -> PageImage:
    """The page with its seals' ink taken out and their places kept; the page itself when it has none."""
    options = options or SealOptions()
    seals = find_seals(image, options)
    cleaned = image.pixels
    boxes: list[BBox] = []
    for seal in seals.found:
        box = seal.bbox
        place = slice(int(box.y0), math.ceil(box.y1)), slice(int(box.x0), math.ceil(box.x1))
        if inks := _inks(image, place, seal, seals, options):
            cleaned = image.pixels.copy() if cleaned is image.pixels else cleaned
            cleaned[place] = without_inks(image.pixels[place], seals.paper, inks, options.ink)
            boxes.append(box)
    if not boxes:
        return image
    kept = tuple(boxes)
    return replace(image, pixels=cleaned, digest=digest_after(image, f"seals {kept}"), seals=(*image.seals, *kept))


def _inks(
    image: PageImage, place: tuple[slice, slice], seal: Seal, seals: Seals, options: SealOptions
) -> Sequence[Ink]:
    """The seal's own ink, and the one of another colour that lies over it, if any."""
    own = ink_of(image.pixels[place], seals.paper, seal.hue, options.ink)
    if own is None:
        return ()
    across = [
        s for s in seals.found if s.bbox.intersection(seal.bbox) and apart(s.hue, own.hue) > options.ink.hue_degrees
    ]
    for other in across:
        ink = ink_of(image.pixels[place], seals.paper, other.hue, options.ink)
        if ink is not None and apart(ink.hue, own.hue) > options.ink.hue_degrees:
            return own, ink
    return (own,)


def find_seals(image: PageImage, options: SealOptions) -> Seals:
    """Each seal once, with the hue of its ink."""
    if image.pixels.ndim == 2:
        return Seals((), (255,))
    factor = min(1.0, options.analysis_dpi / image.dpi)
    small = shrunk(image.pixels, factor)
    paper = paper_colour(small)
    density = densities(small, paper)
    coloured = _coloured(density, options)
    px = image.dpi * factor / 72.0
    if coloured.sum() < 3.0 * options.shapes.radius_pt[0] * px:  # less than half of the smallest rim
        return Seals((), paper)
    black = (np.minimum.reduce(_channels(density)) > options.black) & ~coloured
    found = [
        Seal(box.grown(options.margin_pt * px).scaled(1.0 / factor), hue)
        for mask, hue in _hues(density, coloured, options)
        for box in _wholes(list(_boxes(mask, black, px, options)), mask, options)
    ]
    page = BBox(0, 0, image.width, image.height)
    return Seals(tuple(replace(s, bbox=inside) for s in found if (inside := s.bbox.intersection(page))), paper)


def _boxes(mask: Mask, black: Mask, px: float, options: SealOptions) -> Iterator[BBox]:
    """Where the ink of one hue is that of seals: whole ones by their shape, then what is left of others."""
    crossed = _crossed(mask, black, px, options)
    shapes = find_shapes(mask, crossed, px, options.shapes)
    yield from _once(shape.bbox() for shape in shapes)
    rest = mask.copy()
    for shape in shapes:
        rest &= ~shape.inside(mask.shape, options.shapes.beyond_pt * px)
    yield from _patches(rest, _crossed(rest, black, px, options), px, options)


def _wholes(boxes: Sequence[BBox], mask: Mask, options: SealOptions) -> Iterator[BBox]:
    """Each box as `_whole` makes it, of ink that lies in no other."""
    for box in boxes:
        free = mask.copy()
        for other in boxes:
            if other is not box:
                free[_place(other)] = False
        free[_place(box)] = mask[_place(box)]
        yield _whole(box, free, options)


def _place(box: BBox) -> tuple[slice, slice]:
    return slice(max(0, int(box.y0)), math.ceil(box.y1)), slice(max(0, int(box.x0)), math.ceil(box.x1))


def _whole(box: BBox, mask: Mask, options: SealOptions) -> BBox:
    """The box with the ink that goes on from within it a little way: a rim that is no exact ellipse, or was pressed twice."""
    near, inside = np.zeros_like(mask), np.zeros_like(mask)
    around = _place(box.grown(options.goes_on * max(box.width, box.height)))
    near[around] = mask[around]
    inside[_place(box)] = True
    whole = linked(inside, near)
    rows, columns = np.flatnonzero(whole.any(axis=1)).tolist(), np.flatnonzero(whole.any(axis=0)).tolist()
    return box.union(BBox(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)) if rows else box


def _once(boxes: Iterable[BBox]) -> list[BBox]:
    """Finds that share their middle are one seal, whose rim was seen in pieces: its ink is taken out once."""
    seals: list[BBox] = []
    for new in boxes:
        same = next((i for i, box in enumerate(seals) if _share_middle(box, new)), None)
        if same is None:
            seals.append(new)
        else:
            seals[same] = seals[same].union(new)
    return seals


def _share_middle(one: BBox, other: BBox) -> bool:
    (x, y), (u, v) = one.centre, other.centre
    return math.hypot(x - u, y - v) < 0.25 * min(one.width, one.height, other.width, other.height)


def _crossed(mask: Mask, black: Mask, px: float, options: SealOptions) -> Mask:
    """Print that lies across ink: black with that ink on both of its sides, by no more than a stroke away."""
    stroke = max(2, round(options.stroke_pt * px))
    return np.asarray((joined(mask, stroke, 1) | joined(mask, 1, stroke)) & black)


def _patches(mask: Mask, crossed: Mask, px: float, options: SealOptions) -> Iterator[BBox]:
    """Boxes of ink that lies across print."""
    if not crossed.any():
        return
    gap = max(2, round(options.patch_gap_pt * px))
    least, most = (side * px for side in options.patch_pt)
    for x, y, width, height, _ in find_blobs(joined(mask | crossed, gap, gap)).boxes.tolist():
        place = slice(y, y + height), slice(x, x + width)
        n_ink, n_crossed = int(mask[place].sum()), int(crossed[place].sum())
        fits = least <= min(width, height) and max(width, height) <= most
        is_fill = n_ink + n_crossed > options.most_filled * width * height
        if fits and not is_fill and n_crossed >= options.least_crossed * n_ink:
            yield BBox(x, y, x + width, y + height)


def _coloured(density: Planes, options: SealOptions) -> Mask:
    """Where ink has a colour: (H, W)."""
    channels = _channels(density)
    greatest = np.maximum.reduce(channels)
    chroma = greatest - np.minimum.reduce(channels)
    # the second guards against a shadow over half of the page, where the grain of the camera has every colour
    usual, high = np.percentile(chroma[::3, ::3], [50, 85])
    least = max(options.least_chroma, 9.0 * float(usual), 2.5 * float(high))
    pure = chroma > options.least_purity * greatest
    return linked(pure & (chroma > least), pure & (chroma > max(options.pale * least, 4.0 * float(usual))))


def _channels(density: Planes) -> tuple[Planes, ...]:
    """Each channel by itself: numpy takes ten times as long to reduce a last axis of three."""
    return tuple(density[..., channel] for channel in range(density.shape[2]))


def _hues(density: Planes, coloured: Mask, options: SealOptions) -> Iterator[tuple[Mask, float]]:
    """The coloured ink parted by hue, the most frequent first, with the middle of each hue in degrees."""
    hue = np.full(coloured.shape, np.nan, np.float32)
    hue[coloured] = hues_of(density[coloured])
    left = coloured.copy()
    for _ in range(4):
        if left.sum() < 0.05 * coloured.sum():
            return
        counts, edges = np.histogram(hue[left], bins=36, range=(-180.0, 180.0))
        smooth = counts + np.roll(counts, 1) + np.roll(counts, -1)
        peak = float(edges[int(smooth.argmax())]) + 5.0
        near = left & (apart(hue, peak) <= options.ink.hue_degrees)
        left &= ~near
        yield near, peak
