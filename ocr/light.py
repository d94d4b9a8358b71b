"""Deep shadows: the paper made equally bright all over.

    PageImage --find_light--> light           brightness of the paper, on a small picture
    PageImage --evened--> PageImage           the page itself when its light is even enough

The paper's own brightness is seen where no ink is: a closing takes out strokes. Light changes slowly and fills change at
once, so regions that begin sharply (a grey header, a photograph) get the light of their surroundings, and stay dark.
Each pixel is divided by the paper's brightness, in each channel (flat-field correction). Readers and layout stand a
shadow that takes half of the light; yellowed paper and ink faded to a sixth as well, so there are no steps for those.

Where little light is left, dividing makes much of what was small: the steps in which JPEG keeps colour become stains
that pass for seals, the camera's grain becomes dots that break strokes. There the page is made grey, and its grain is
taken out: a little blur, then means over places that look alike, as figures of one typeface do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ocr import ink
from ocr.digests import digest_after
from ocr.smaller import Smaller
from ocr.values import PageImage, Pixels

LEAST_LIGHT = 60
"""Grey level below which nothing on the page is lit."""
LEAST_GRAIN = 3.0
"""Grey levels: that of a good scanner, which harms nothing."""


@dataclass(frozen=True, slots=True)
class LightOptions:
    """analysis_dpi, map_dpi: of the pictures on which strokes are taken out, and light is mapped. stroke_pt: no stroke is
    thicker. band_pt: heads of tables on a dark fill are no higher; light print in them blurs their edges. sharp: change of the logarithm of light within 4 points that is a fill's edge, not a shadow's. uneven: share
    of the light that must be missing in the darkest twentieth of the sheet. white: what paper becomes.
    hardly: of the brightest places all over the page, sparsely looked at, that tells even light at once, as a share of uneven.
    deep: gain, in which a shadow's grain begins to be taken out, and from which it is all; soft: px of the blur that goes
    before, for grain is as large as pixels, not as type; likeness: of how much of the grain places may differ to look alike.
    """

    analysis_dpi: float = 72.0
    map_dpi: float = 36.0
    stroke_pt: float = 9.0
    band_pt: float = 100.0
    sharp: float = 0.3
    uneven: float = 0.45
    hardly: float = 0.67
    white: int = 245
    deep: tuple[float, float] = (3.0, 6.0)
    soft: float = 0.6
    likeness: float = 1.5


def evened(image: PageImage, options: LightOptions | None = None, smaller: Smaller | None = None) -> PageImage:
    """The page in even light. smaller: of its pixels."""
    options = options or LightOptions()
    smaller = smaller or Smaller(image.pixels)
    if _shade_at_a_glance(smaller.grey(1.0), image.dpi, options) < options.hardly * options.uneven:
        return image
    small = smaller.grey(min(1.0, options.analysis_dpi / image.dpi))
    if _shade(*_paper_of(small, options)) < options.uneven:
        return image
    light = find_light(image.pixels, image.dpi, options)
    pixels = ink.divided(image.pixels, light, options.white)
    low, high = options.deep
    gain = options.white / ink.to_grey(light)
    deep = np.clip((gain - low) / (high - low), 0.0, 1.0).astype(np.float32)
    if deep.any():
        pixels = _calmed(pixels, deep, options)
    return replace(image, pixels=pixels, digest=digest_after(image, "evened"))


def _calmed(pixels: Pixels, deep: ink.Planes, options: LightOptions) -> Pixels:
    """The picture grey and without grain where ``deep``, (h, w) in [0, 1], is 1; as it is where it is 0."""
    share = ink.doubled(deep, pixels.shape)
    grey = ink.to_grey(pixels)
    where = share > 0.0
    grain = ink.grain(grey, where)
    calm = ink.without_grain(grey, options.soft, options.likeness * grain, where) if grain > LEAST_GRAIN else grey
    if pixels.ndim == 3:
        share, calm = share[..., None], calm[..., None]
    return np.asarray(np.rint(pixels + share * (calm.astype(np.float32) - pixels)), np.uint8)


def find_light(pixels: Pixels, dpi: float, options: LightOptions) -> Pixels:
    """Brightness of the paper as the lamp makes it, (h, w[, 3]) uint8 at map_dpi."""
    paper, sheet = find_paper(pixels, dpi, options)
    return ink.smoothed_within(paper, sheet, 3.0 * options.map_dpi / 72.0)


def find_paper(pixels: Pixels, dpi: float, options: LightOptions) -> tuple[Pixels, ink.Mask]:
    """The page without its strokes, (h, w[, 3]) at map_dpi, and the largest part of it that no sharp edge crosses:
    paper, no fills and pictures."""
    return _paper_of(ink.shrunk(pixels, min(1.0, options.analysis_dpi / dpi)), options)


def _paper_of(small: Pixels, options: LightOptions) -> tuple[Pixels, ink.Mask]:
    """As find_paper, of a picture at analysis_dpi."""
    calm = ink.without_strokes(small, round(options.stroke_pt * options.analysis_dpi / 72.0))
    calm = ink.without_bands(calm, round(options.band_pt * options.analysis_dpi / 72.0))
    paper = ink.shrunk(calm, options.map_dpi / options.analysis_dpi)
    level = np.log(np.maximum(ink.to_grey(paper), 4).astype(np.float32))
    across, down = np.zeros_like(level), np.zeros_like(level)
    across[:, 1:-1] = np.abs(level[:, 2:] - level[:, :-2])
    down[1:-1] = np.abs(level[2:] - level[:-2])
    return paper, ink.largest_part(np.maximum(across, down) < options.sharp)


def _shade_at_a_glance(grey: Pixels, dpi: float, options: LightOptions) -> float:
    """Share of the light that is missing where no pixel of few is bright; more than `_shade` where fills and pictures are."""
    step = max(1, round(dpi / options.analysis_dpi))
    bright = ink.brightest(grey[::step, ::step], round(options.stroke_pt * dpi / step / 72.0))
    dark, usual = ink.levels_at(bright, 0.01, 0.95)
    return 1.0 - dark / max(usual, 1.0)


def _shade(paper: Pixels, sheet: ink.Mask) -> float:
    """Share of the light that is missing in the darkest twentieth of the sheet."""
    if not sheet.any():
        return 0.0
    dark, bright = ink.levels_at(paper[sheet], 0.05, 0.95)
    # a page that is black all over lies in no shadow
    return 1.0 - dark / bright if bright >= LEAST_LIGHT else 0.0
