"""The black of an open lid, or the dark of a desk, around a sheet -> paper, so that its edges draw no rulings and no table.

    PageImage --without_borders--> PageImage       the page itself where nothing at its edges is black

It is dark, solid, touches the edge of the picture, and nothing is printed on it: a shadow may be as dark, but there lies print in
it. A sheet that leans leaves wedges of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ocr import ink
from ocr.digests import digest_after
from ocr.smaller import Smaller
from ocr.values import PageImage, Pixels


@dataclass(frozen=True, slots=True)
class BorderOptions:
    """analysis_dpi: of the small picture. black: lightness as a share of the paper's below which all is lid. solid_pt: thinner
    black is print, or a ruling along the edge. soft_pt: how far its edge is soft. least, most: share of the picture that
    is lid; less is not worth it, more is a dark picture. print_pt: strokes up to this thickness are print; contrast: by which
    they are darker than what is around them, as a share of it, and least_contrast in grey levels; most_print: share of
    the lid that may be as dark.
    """

    analysis_dpi: float = 72.0
    black: float = 0.38
    solid_pt: float = 7.0
    soft_pt: float = 2.5
    least: float = 0.001
    most: float = 0.5
    print_pt: float = 8.0
    contrast: float = 0.15
    least_contrast: float = 5.0
    most_print: float = 0.01


def without_borders(image: PageImage, options: BorderOptions, smaller: Smaller | None = None) -> PageImage:
    """The page with the black around its sheet made paper. smaller: of its pixels."""
    factor = min(1.0, options.analysis_dpi / image.dpi)
    if _has_bright_edges(image.pixels, math.ceil(1.0 / factor) + 1, options):
        return image
    small = (smaller or Smaller(image.pixels)).grey(factor)
    paper = ink.levels_at(small, 0.8)[0]
    dark = ink.below(small, options.black * paper)
    if not options.least < dark.mean() < options.most or paper < 64:
        return image
    px = image.dpi * factor / 72.0
    lid = ink.at_edges(dark, max(3, round(options.solid_pt * px)))
    if lid.mean() < options.least or _holds_print(small, lid, px, options):
        return image
    wide = ink.grown(lid, math.ceil(options.soft_pt * px))
    pixels = ink.painted_over(image.pixels, wide)
    return replace(image, pixels=pixels, digest=digest_after(image, f"borders {lid.sum()} {lid.mean():.6f}"))


def _has_bright_edges(pixels: Pixels, reach: int, options: BorderOptions) -> bool:
    """Whether no pixel at an edge is as dark as a lid beside the whitest paper: no mean of them is, then."""
    edges = pixels[:reach], pixels[-reach:], pixels[:, :reach], pixels[:, -reach:]
    return all(int(ink.to_grey(edge).min()) > options.black * 255.0 + 1.0 for edge in edges)


def _holds_print(small: Pixels, lid: ink.Mask, px: float, options: BorderOptions) -> bool:
    """Whether there is print on it, away from the edge of the sheet, which is no print."""
    reach = max(3, round(options.print_pt * px))
    inner = lid & ~ink.grown(~lid, 1.5 * reach)
    if not inner.any():
        return False
    dark = ink.darkness(small, reach)[inner].astype(np.float32)
    around = small[inner].astype(np.float32) + dark
    return float(np.mean(dark > np.maximum(options.least_contrast, options.contrast * around))) > options.most_print
