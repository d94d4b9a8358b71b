"""Where a page is as dark as type is, in a picture of it that the stages share: what is sought among its ink before it is read."""

from __future__ import annotations

from dataclasses import dataclass

from layout.quantiles import quantile
from layout.small_pages import small_darkness
from ocr.values import PageImage, Pixels


@dataclass(frozen=True, slots=True)
class TypeInkOptions:
    """working_dpi: finer pages are shrunk to it. paper_pt: as RulingOptions. ink, faint: share of the page's ink from which
    there is ink for sure, and below which there is none; least_dark, of 255: what faint ink has at least.
    """

    working_dpi: float = 150.0
    paper_pt: float = 72.0
    ink: float = 0.25
    faint: float = 0.15
    least_dark: int = 12


@dataclass(frozen=True, slots=True, eq=False)
class TypeInk:
    """dark: (h, w) darkness of the page at ``factor`` of its size, ``px`` pixels a point; sure, faint: levels of it."""

    dark: Pixels
    factor: float
    px: float
    sure: float
    faint: float


def type_ink(image: PageImage, options: TypeInkOptions) -> TypeInk:
    """The darkness of a page and how much of it is ink."""
    factor = min(1.0, options.working_dpi / image.dpi)
    px = image.dpi * factor / 72.0
    dark = small_darkness(image, factor, max(6, round(options.paper_pt * px)))
    full = quantile(dark[::4, ::4].ravel(), 0.995)
    sure = max(2.0 * options.least_dark, options.ink * full)
    return TypeInk(dark, factor, px, sure, max(options.least_dark, options.faint * full))
