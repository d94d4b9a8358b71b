"""Seals over the print: found by colour and shape, their ink taken out, so that what they cover can be read.

    PageImage --find_seals--> Seals          on a small picture; nothing on a grey page, or where nothing has a colour
    PageImage --without_seals--> PageImage   within the seals' boxes only; the boxes stay on the page as ``seals``

Ink on ink multiplies, so optical densities add: D = k (1, 1, 1) + s d, where k is how black the print is, s how much
seal ink lies there and d its colour (Beer and Lambert). s is the difference between two channels, k is what is left of
the luminance: JPEG and scanners keep colour coarsely and luminance sharply, and black print hides colour, so s is taken
from the most coloured pixel within the width of a stroke. The colour is the page's own: ink whose density differs
between the channels by more than the paper's noise, grouped by hue. Coloured ink alone is no seal: a red headline, red figures
and coloured rulings are print. A seal is a ring (round or oval) or a square frame of one hue, as large as seals are, with
little of that hue right outside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.digests import digest_after
from ocr.geometry import BBox
from ocr.ink import Mask, Planes, densities, find_blobs, find_rings, grown, highest, joined, paper_colour, shrunk
from ocr.values import PageImage, Pixels

Floats = npt.NDArray[np.float64]

LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class SealOptions:
    """Lengths in points, densities in natural units, shares in [0, 1].

    analysis_dpi: of the small picture. least_chroma: density by which channels must differ, beside a multiple of the
    noise of the paper; least_purity: this difference over the greatest density (black print beside colour has little).
    radius_pt: of round seals; frame_pt: sides of square ones. hue_degrees: how far one ink's hue strays.
    rim_pt: half the width in which a rim is looked for. least_rim: share of it that must be there; least_lead: by how
    much more of it than of the same shape a little larger. visible: share of it that must lie on the page.
    most_filled: share of the ring half way to the centre that may be inked; a disc is a picture.
    stroke_pt: half the width of a stroke of print. surplus: how much more seal ink is taken out than was measured.
    """

    analysis_dpi: float = 72.0
    least_chroma: float = 0.14
    least_purity: float = 0.35
    radius_pt: tuple[float, float] = (22.0, 92.0)
    frame_pt: tuple[float, float] = (48.0, 120.0)
    hue_degrees: float = 32.0
    rim_pt: float = 1.6
    beyond_pt: float = 5.0
    least_rim: float = 0.55
    least_lead: float = 0.3
    visible: float = 0.3
    most_filled: float = 0.7
    margin_pt: float = 5.0
    stroke_pt: float = 1.2
    surplus: float = 1.08


@dataclass(frozen=True, slots=True)
class Ink:
    """Coloured ink. high, low: channels in which it is densest and least dense; shade: how dense it is in luminance for
    each unit of difference between the two; most: the greatest difference that it makes by itself."""

    high: int
    low: int
    shade: float
    most: float


@dataclass(frozen=True, slots=True)
class Seal:
    """bbox: page pixels, margin included."""

    bbox: BBox
    ink: Ink


@dataclass(frozen=True, slots=True)
class Seals:
    """What find_seals found; paper: the page's paper in each channel."""

    found: tuple[Seal, ...]
    paper: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Rim of a candidate on the small picture: an ellipse, or a frame."""

    x: float
    y: float
    rx: float
    ry: float
    is_frame: bool = False

    def rim(self, grown: float) -> tuple[Floats, Floats]:
        """Points of the outline, ``grown`` px outside it."""
        turns = np.linspace(0.0, 2 * np.pi, 180, endpoint=False)
        c, s = np.cos(turns), np.sin(turns)
        reach = 1.0 / np.maximum(np.abs(c), np.abs(s)) if self.is_frame else np.ones_like(c)
        return self.x + (self.rx + grown) * c * reach, self.y + (self.ry + grown) * s * reach

    def inside(self, shape: tuple[int, ...], margin: float) -> Mask:
        """(H, W): the pixels within the outline and ``margin`` px around it."""
        y, x = np.ogrid[: shape[0], : shape[1]]
        u, v = (x + 0.5 - self.x) / (self.rx + margin), (y + 0.5 - self.y) / (self.ry + margin)
        return np.asarray(np.maximum(np.abs(u), np.abs(v)) <= 1.0 if self.is_frame else u**2 + v**2 <= 1.0)

    def bbox(self, margin: float) -> BBox:
        return BBox(self.x - self.rx, self.y - self.ry, self.x + self.rx, self.y + self.ry).grown(margin)


def without_seals(image: PageImage, options: SealOptions | None = None) -> PageImage:
    """The page with its seals' ink taken out and their places kept; the page itself when it has none."""
    options = options or SealOptions()
    seals = find_seals(image, options)
    if not seals.found:
        return image
    pixels = image.pixels.copy()
    for seal in seals.found:
        _take_out(pixels, seal, seals.paper, image.dpi / 72.0, options)
    boxes = tuple(seal.bbox for seal in seals.found)
    return replace(image, pixels=pixels, digest=digest_after(image, f"seals {boxes}"), seals=(*image.seals, *boxes))


def find_seals(image: PageImage, options: SealOptions) -> Seals:
    """Each seal once, with the colour of its ink."""
    if image.pixels.ndim == 2:
        return Seals((), (255,))
    factor = min(1.0, options.analysis_dpi / image.dpi)
    small = shrunk(image.pixels, factor)
    paper = paper_colour(small)
    density = densities(small, paper)
    coloured = _coloured(density, options)
    px = image.dpi * factor / 72.0
    if coloured.sum() < 3.0 * options.radius_pt[0] * px:  # less than half of the smallest rim
        return Seals((), paper)
    found = [
        Seal(shape.bbox(options.margin_pt * px).scaled(1.0 / factor), ink)
        for ink_mask in _hues(density, coloured, options)
        for shape in _shapes(ink_mask, px, options)
        if (ink := _ink_of(density, ink_mask, shape)) is not None
    ]
    page = BBox(0, 0, image.width, image.height)
    return Seals(tuple(replace(s, bbox=inside) for s in _once(found) if (inside := s.bbox.intersection(page))), paper)


def _once(found: Iterable[Seal]) -> list[Seal]:
    """Finds that share their middle are one seal, whose rim was seen in pieces: its ink is taken out once."""
    seals: list[Seal] = []
    for new in found:
        same = next((i for i, s in enumerate(seals) if _share_middle(s.bbox, new.bbox)), None)
        if same is None:
            seals.append(new)
        else:
            seals[same] = replace(seals[same], bbox=seals[same].bbox.union(new.bbox))
    return seals


def _share_middle(one: BBox, other: BBox) -> bool:
    (x, y), (u, v) = one.centre, other.centre
    return math.hypot(x - u, y - v) < 0.25 * min(one.width, one.height, other.width, other.height)


def _coloured(density: Planes, options: SealOptions) -> Mask:
    """Where ink has a colour: (H, W)."""
    greatest = density.max(axis=2)
    chroma = greatest - density.min(axis=2)
    # the second guards against a shadow over half of the page, where the grain of the camera has every colour
    usual, high = np.percentile(chroma[::3, ::3], [50, 85])
    least = max(options.least_chroma, 9.0 * float(usual), 2.5 * float(high))
    return np.asarray((chroma > least) & (chroma > options.least_purity * greatest))


def _hues(density: Planes, coloured: Mask, options: SealOptions) -> Iterator[Mask]:
    """The coloured ink parted by hue, the most frequent first."""
    hue = np.full(coloured.shape, np.nan)
    red, green, blue = (density[..., i][coloured] for i in range(3))
    hue[coloured] = np.degrees(np.arctan2(math.sqrt(3.0) * (green - blue), 2.0 * red - green - blue))
    left = coloured.copy()
    for _ in range(4):
        if left.sum() < 0.15 * coloured.sum():
            return
        counts, edges = np.histogram(hue[left], bins=36, range=(-180.0, 180.0))
        smooth = counts + np.roll(counts, 1) + np.roll(counts, -1)
        peak = edges[int(smooth.argmax())] + 5.0
        near = left & (np.abs((hue - peak + 180.0) % 360.0 - 180.0) <= options.hue_degrees)
        left &= ~near
        yield near


def _shapes(mask: Mask, px: float, options: SealOptions) -> list[_Shape]:
    """Rims of seals, the largest and most complete first, each place once."""
    whole = joined(mask, max(1, round(1.5 * px)), max(1, round(1.5 * px)))
    near = grown(whole, options.rim_pt * px)
    free = np.ones_like(near)
    candidates = list(_candidates(whole, px, options))
    kept: list[_Shape] = []
    while candidates:
        grades = [_grade(shape, near, free, px, options) for shape in candidates]
        weights = [grade**2 * shape.rx for grade, shape in zip(grades, candidates, strict=True)]
        best = int(np.argmax(weights))
        if weights[best] == 0.0:
            break
        kept.append(candidates[best])
        # what lies within a seal is its own lettering: only what sticks out may make another one beside it
        free &= ~candidates[best].inside(free.shape, options.beyond_pt * px)
        candidates = [shape for shape, grade in zip(candidates, grades, strict=True) if grade > 0.0]
    return kept


def _candidates(mask: Mask, px: float, options: SealOptions) -> Iterator[_Shape]:
    low, high = (radius * px for radius in options.radius_pt)
    for x, y, radius in find_rings(mask, low, high):
        for change in (-1.0, 0.0, 1.0):
            yield _Shape(x, y, radius + change, radius + change)
    least, most = (side * px for side in options.frame_pt)
    for x0, y0, width, height, _ in find_blobs(mask).boxes.tolist():
        shape = _Shape(
            x0 + width / 2, y0 + height / 2, width / 2 - options.rim_pt * px / 2, height / 2 - options.rim_pt * px / 2
        )
        if 2 * low <= min(width, height) and max(width, height) <= min(2 * high, 1.8 * min(width, height)):
            yield shape
        if least <= min(width, height) and max(width, height) <= min(most, 1.5 * min(width, height)):
            yield replace(shape, is_frame=True)


def _grade(shape: _Shape, near: Mask, free: Mask, px: float, options: SealOptions) -> float:
    """Share of the rim that is there, where the page is still free; 0 for what is no seal."""
    rim, visible = _share(near, free, *shape.rim(0.0))
    if visible < options.visible or rim < options.least_rim:
        return 0.0
    beyond, _ = _share(near, free, *shape.rim(options.beyond_pt * px))
    filled, _ = _share(near, free, *shape.rim(-0.45 * min(shape.rx, shape.ry)))
    return rim if rim - beyond >= options.least_lead and filled <= options.most_filled else 0.0


def _share(mask: Mask, free: Mask, x: Floats, y: Floats) -> tuple[float, float]:
    """(share of the points on free parts of the picture that fall on the mask, share of all points that lie there)."""
    columns, rows = np.floor(x).astype(int), np.floor(y).astype(int)
    inside = (columns >= 0) & (rows >= 0) & (columns < mask.shape[1]) & (rows < mask.shape[0])
    rows, columns = rows[inside], columns[inside]
    held = free[rows, columns]
    return (float(mask[rows, columns][held].mean()), float(held.sum() / len(x))) if held.any() else (0.0, 0.0)


def _ink_of(density: Planes, mask: Mask, shape: _Shape) -> Ink | None:
    """The colour of the seal's ink: the usual one of its pixels, those that print darkens left out by the median."""
    box = shape.bbox(0.0)
    rows = slice(max(0, int(box.y0)), max(1, int(box.y1) + 1))
    cols = slice(max(0, int(box.x0)), max(1, int(box.x1) + 1))
    pure = density[rows, cols][mask[rows, cols]]
    if len(pure) < 20:
        return None
    mean = np.median(pure, axis=0)
    high, low = int(mean.argmax()), int(mean.argmin())
    light = np.exp(-pure) @ LUMINANCE
    amount = np.maximum(pure[:, high] - pure[:, low], 1e-3)
    return Ink(high, low, float(np.median(-np.log(light) / amount)), float(np.percentile(amount, 90)))


def _take_out(pixels: Pixels, seal: Seal, paper: tuple[int, ...], px: float, options: SealOptions) -> None:
    """In place: within the seal's box each coloured pixel becomes as grey as the print under it."""
    box = seal.bbox
    part = pixels[int(box.y0) : math.ceil(box.y1), int(box.x0) : math.ceil(box.x1)]
    density = densities(part, paper)
    reach = max(1, round(options.stroke_pt * px))
    # in nearly black pixels the least trace of colour makes channels differ by as much as a page full of seals
    amount = np.minimum(density[..., seal.ink.high] - density[..., seal.ink.low], seal.ink.most)
    amount = highest(amount, reach)
    shade = -np.log(np.maximum(np.exp(-density) @ LUMINANCE, 1e-3))
    black = np.clip(shade - options.surplus * seal.ink.shade * amount, 0.0, None)
    is_sealed = amount > 0.5 * options.least_chroma
    clean = np.exp(-black)[..., None] * np.array(paper, np.float32)
    part[is_sealed] = clean.clip(0, 255).astype(np.uint8)[is_sealed]
