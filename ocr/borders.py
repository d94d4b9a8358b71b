"""The black of an open lid around a sheet -> paper, so that its edges draw no rulings and no table.

    PageImage --without_borders--> PageImage       the page itself where nothing at its edges is black

Black is what is darker than any shadow: print lying in it could not be read anyway. It is solid, and touches the edge of
the picture; a sheet that leans leaves wedges of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ocr import ink
from ocr.digests import digest_after
from ocr.values import PageImage


@dataclass(frozen=True, slots=True)
class BorderOptions:
    """analysis_dpi: of the small picture. black: lightness as a share of the paper's below which all is lid. solid_pt: thinner
    black is print, or a ruling along the edge. soft_pt: how far its edge is soft. least, most: share of the picture that
    is lid; less is not worth it, more is a dark picture.
    """

    analysis_dpi: float = 72.0
    black: float = 0.2
    solid_pt: float = 7.0
    soft_pt: float = 2.5
    least: float = 0.001
    most: float = 0.5


def without_borders(image: PageImage, options: BorderOptions) -> PageImage:
    """The page with the black around its sheet made paper."""
    factor = min(1.0, options.analysis_dpi / image.dpi)
    small = ink.shrunk(ink.to_grey(image.pixels), factor)
    paper = float(np.percentile(small, 80))
    dark = np.asarray(small < options.black * paper)
    if not options.least < dark.mean() < options.most or paper < 64:
        return image
    px = image.dpi * factor / 72.0
    lid = ink.at_edges(dark, max(3, round(options.solid_pt * px)))
    if lid.mean() < options.least:
        return image
    wide = ink.grown(lid, math.ceil(options.soft_pt * px))
    pixels = ink.painted_over(image.pixels, wide)
    return replace(image, pixels=pixels, digest=digest_after(image, f"borders {lid.sum()} {lid.mean():.6f}"))
