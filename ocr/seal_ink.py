"""The ink of seals taken out of a picture: what lies under it is seen again, as grey as it was printed.

Ink on ink multiplies, so optical densities add (Beer and Lambert): D = k (1, 1, 1) + s1 d1 + s2 d2, where k is how black the
print is and s how much of a seal's ink, of colour d, lies there. Three channels tell three unknowns: inks of two colours
that overlap are parted, too.

JPEG keeps colour at half of the resolution and luminance at all of it. So s is measured at half of it: there the channels
are means over the same pixels, and the ratio of two means does not depend on how much of a pixel is black. k then comes
twice: k_lum, what is left of the luminance, is right but at the rims of the seal's strokes, where the half-sized s
lags behind: inside it leaves a faint line, outside it bleaches print. k_low, what is left of the channel in which the
seal is palest, hardly needs s, but has a halo as deep as the colour's blur. Where k_low is beyond any halo there is
print; where it is not, k_lum counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.ink import Planes, densities, doubled, halved, highest
from ocr.values import Pixels

Plane = npt.NDArray[np.float32]
LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)
_LEAST_LIGHT = 1e-3


@dataclass(frozen=True, slots=True)
class InkOptions:
    """Densities in natural units.

    least: amount of ink below which a pixel stays as it is. surplus: how much more ink is taken out than was measured.
    halo: of the seal's full ink, the (greatest harmless, least certain) k_low. hue_degrees: how far one ink's hue strays,
    and how far two hues must lie apart to be two inks.
    """

    least: float = 0.07
    surplus: float = 1.15
    halo: tuple[float, float] = (0.22, 0.55)
    hue_degrees: float = 32.0


@dataclass(frozen=True, slots=True)
class Ink:
    """Coloured ink. density: in each channel, for one unit of chroma; hue: in degrees; most: its chroma where it is full."""

    density: tuple[float, float, float]
    hue: float
    most: float


def hues_of(density: Planes) -> Plane:
    """(..., ) degrees in (-180, 180]; 0 is red, 120 green, -120 blue, of what the ink absorbs least."""
    across, along = _chroma(density)
    return np.asarray(np.degrees(np.arctan2(along, across)), np.float32)


def apart(hue: npt.NDArray[np.float32] | float, other: float) -> npt.NDArray[np.float32]:
    """Degrees in [0, 180] between hues."""
    return np.asarray(np.abs((hue - other + 180.0) % 360.0 - 180.0), np.float32)


def ink_of(pixels: Pixels, paper: tuple[int, ...], hue: float, options: InkOptions) -> Ink | None:
    """The ink of about this hue in a part of the page, (H, W, 3); None where there is hardly any.

    Its most coloured pixels say it: those that print darkens, or that hold little ink, are left out by median and rank.
    """
    density = densities(halved(pixels), paper).reshape(-1, 3)
    chroma = np.hypot(*_chroma(density))
    greatest = density.max(axis=1)
    near = (chroma > options.least) & (chroma > 0.35 * greatest) & (apart(hues_of(density), hue) < options.hue_degrees)
    if near.sum() < 20:
        return None
    chroma, density = chroma[near], density[near]
    full = chroma >= np.percentile(chroma, 50)
    colour = np.median(density[full] / chroma[full, None], axis=0)
    size = float(np.hypot(*_chroma(colour)))
    if size < 0.5:
        return None
    colour /= size
    return Ink(
        (float(colour[0]), float(colour[1]), float(colour[2])), float(hues_of(colour)), float(np.percentile(chroma, 95))
    )


def without_inks(pixels: Pixels, paper: tuple[int, ...], inks: Sequence[Ink], options: InkOptions) -> Pixels:
    """(H, W, 3): pixels that hold one of at most two inks become as grey as the print under it, others stay."""
    density = densities(pixels, paper)
    coarse = [doubled(plane, pixels.shape) for plane in _amounts(densities(halved(pixels), paper), inks)]
    seal = _laid(coarse, inks)
    palest = seal.argmin(axis=2)[..., None]
    k_low = np.take_along_axis(density - seal, palest, axis=2)[..., 0]
    harmless, certain = (share * max(ink.most for ink in inks) for share in options.halo)
    # colour that is as sharp as luminance tells the rims; in black the least trace of colour would pass for much ink
    fine = [np.where(k_low > harmless, 0.0, plane) for plane in _amounts(density, inks)]
    seal = _laid([np.maximum(low, high) for low, high in zip(coarse, fine, strict=True)], inks)
    k_lum = _luminous(density) - options.surplus * _luminous(seal)
    is_print = np.clip((k_low - harmless) / (certain - harmless), 0.0, 1.0)
    black = np.clip(k_lum + np.maximum(k_low - k_lum, 0.0) * is_print, 0.0, None)
    sealed = highest(np.asarray(sum(coarse), np.float32), 2) > options.least
    clean = np.exp(-black)[..., None] * np.array(paper, np.float32)
    return np.where(sealed[..., None], clean.clip(0, 255).astype(np.uint8), pixels)


def _laid(amounts: Sequence[Plane], inks: Sequence[Ink]) -> Planes:
    """(H, W, 3) density of so much of each ink."""
    planes = (a[..., None] * np.array(ink.density, np.float32) for a, ink in zip(amounts, inks, strict=True))
    return np.asarray(np.clip(sum(planes), 0.0, None), np.float32)


def _amounts(density: Planes, inks: Sequence[Ink]) -> list[Plane]:
    """How much of each ink lies on each pixel, never less than none nor more than it has where it is full."""
    across, along = _chroma(density)
    first = inks[0]
    alone = [np.asarray(across * x + along * y) for x, y in (_direction(ink) for ink in inks)]
    if len(inks) == 1:
        return [np.asarray(np.clip(alone[0], 0.0, first.most), np.float32)]
    (x1, y1), (x2, y2) = _direction(first), _direction(inks[1])
    det = x1 * y2 - x2 * y1
    one, other = (across * y2 - along * x2) / det, (along * x1 - across * y1) / det
    none_of_one, none_of_other = one < 0.0, other < 0.0
    one = np.where(none_of_other, alone[0], one)
    other = np.where(none_of_one, alone[1], other)
    return [
        np.asarray(np.clip(amount, 0.0, ink.most), np.float32)
        for amount, ink in ((np.where(none_of_one, 0.0, one), first), (np.where(none_of_other, 0.0, other), inks[1]))
    ]


def _direction(ink: Ink) -> tuple[float, float]:
    return math.cos(math.radians(ink.hue)), math.sin(math.radians(ink.hue))


def _chroma(density: Planes) -> tuple[Plane, Plane]:
    """The part of a density that is no grey, on two axes at right angles; of length 1 where two channels differ by one
    and the third is like the paler one. Ink that absorbs green and blue, a red one, lies on the first axis."""
    red, green, blue = density[..., 0], density[..., 1], density[..., 2]
    return np.asarray((green + blue) / 2 - red), np.asarray(math.sqrt(0.75) * (blue - green))


def _luminous(density: Planes) -> Plane:
    return np.asarray(-np.log(np.maximum(np.exp(-density) @ LUMINANCE, _LEAST_LIGHT)), np.float32)
