"""At which resolution a page is rendered: pure arithmetic on what stands on it.

A page that images cover is a scan: it is rendered on the pixel raster of its finest image, so that no pixel of it is
resampled. Any other page gets the resolution that its smallest type and its images ask for. The number of pixels is
bounded before anything is rendered.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ocr.errors import UnreadablePage
from ocr.geometry import BBox

SCAN_COVERAGE = 0.9
"""A page is a scan when images cover this share of it: a scanner's own margin may stay white."""
EVEN = 1.05
"""Pixels are square enough when their sides differ by less than this factor; fax pixels (204 x 98) are not."""
MIN_IMAGE_SHARE = 0.01
"""Images below this share of the page (logos, bullets) ask for no resolution."""


@dataclass(frozen=True, slots=True)
class RasteriseOptions:
    """How finely pages are rendered.

    min_dpi, max_dpi: for pages that are not scans; scans keep their own resolution up to max_dpi.
    min_scan_dpi: a scan coarser than this is enlarged by the least whole factor that reaches it.
    type_px: the smallest type of a page gets at least so many pixels to the em, within min_dpi and max_dpi.
    max_pixels: a page that would get more is rendered more coarsely; max_image_pixels: an image with more is refused.
    floor_dpi: a page too large to be rendered even at this resolution is refused.
    """

    min_dpi: float = 200.0
    max_dpi: float = 300.0
    min_scan_dpi: float = 120.0
    type_px: float = 28.0
    max_pixels: int = 40_000_000
    max_image_pixels: int = 300_000_000
    floor_dpi: float = 50.0


@dataclass(frozen=True, slots=True)
class Placement:
    """An image on its page. bbox in points; dpi_x, dpi_y: its own pixels per inch along the page's x and y.

    level: whether its rows run along x or y, so that its pixels can fall on those of the page.
    """

    bbox: BBox
    dpi_x: float
    dpi_y: float
    level: bool = True

    @property
    def dpi(self) -> float:
        return max(self.dpi_x, self.dpi_y)


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page before rendering: its size and images in points, its smallest type in points (0: none known)."""

    width_pt: float
    height_pt: float
    placements: tuple[Placement, ...] = ()
    type_pt: float = 0.0

    @property
    def bbox(self) -> BBox:
        return BBox(0.0, 0.0, self.width_pt, self.height_pt)


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixel = zoom * point + shift, each axis by itself; the page fills width x height pixels from the left and top."""

    zoom_x: float
    zoom_y: float
    shift_x: float
    shift_y: float
    left: int
    top: int
    width: int
    height: int

    @property
    def dpi(self) -> float:
        return 36.0 * (self.zoom_x + self.zoom_y)


def choose_raster(content: PageContent, options: RasteriseOptions) -> Raster:
    """The raster for this page. Raises UnreadablePage when it is empty or too large."""
    if not (min(content.width_pt, content.height_pt) >= 1.0 and math.isfinite(content.width_pt * content.height_pt)):
        raise UnreadablePage(f"the page measures {content.width_pt:g} x {content.height_pt:g} points")
    if is_scan(content):
        dpi_x, dpi_y, anchor = _scan_dpi(content, options)
    else:
        dpi_x = dpi_y = _drawn_dpi(content, options)
        anchor = content.bbox
    scale = _budget_scale(content, dpi_x, dpi_y, options)
    return _raster(content, dpi_x * scale, dpi_y * scale, anchor)


def is_scan(content: PageContent) -> bool:
    """Whether images cover the page."""
    shown = (placement.bbox.intersection(content.bbox) for placement in content.placements)
    return sum(box.area for box in shown if box) >= SCAN_COVERAGE * content.bbox.area


def _scan_dpi(content: PageContent, options: RasteriseOptions) -> tuple[float, float, BBox]:
    finest = max(content.placements, key=lambda p: (p.dpi, p.bbox.area))
    dpi_x, dpi_y = finest.dpi_x, finest.dpi_y
    if not finest.level or max(dpi_x, dpi_y) > EVEN * min(dpi_x, dpi_y):
        dpi_x = dpi_y = max(dpi_x, dpi_y)
    coarsest = min(dpi_x, dpi_y)
    factor = math.ceil(options.min_scan_dpi / coarsest) if coarsest < options.min_scan_dpi else 1.0
    # a nominal 300 dpi may come as 300.1 because page sizes are rounded: that must not cost a resampling
    if max(dpi_x, dpi_y) > 1.02 * options.max_dpi:
        factor = options.max_dpi / max(dpi_x, dpi_y)
    return dpi_x * factor, dpi_y * factor, finest.bbox


def _drawn_dpi(content: PageContent, options: RasteriseOptions) -> float:
    """What the images and the smallest type ask for; without either the type may be outlines of any size."""
    wanted = [p.dpi for p in content.placements if p.bbox.area >= MIN_IMAGE_SHARE * content.bbox.area]
    wanted += [72.0 * options.type_px / content.type_pt] if content.type_pt else []
    return min(options.max_dpi, max(options.min_dpi, *wanted)) if wanted else options.max_dpi


def _budget_scale(content: PageContent, dpi_x: float, dpi_y: float, options: RasteriseOptions) -> float:
    pixels = content.bbox.area * dpi_x * dpi_y / 72.0**2
    scale = min(1.0, math.sqrt(options.max_pixels / pixels))
    if scale < 1.0 and scale * max(dpi_x, dpi_y) < options.floor_dpi:
        size = f"{content.width_pt / 72:.0f} x {content.height_pt / 72:.0f} inches"
        raise UnreadablePage(f"the page measures {size}, too large to be rendered at {options.floor_dpi:g} dpi")
    return scale


def _raster(content: PageContent, dpi_x: float, dpi_y: float, anchor: BBox) -> Raster:
    """The raster on which the anchor's top left corner is a corner of a pixel."""
    zoom_x, zoom_y = dpi_x / 72.0, dpi_y / 72.0
    shift_x = round(anchor.x0 * zoom_x) - anchor.x0 * zoom_x
    shift_y = round(anchor.y0 * zoom_y) - anchor.y0 * zoom_y
    left, top = round(shift_x), round(shift_y)
    width = max(1, round(content.width_pt * zoom_x + shift_x) - left)
    height = max(1, round(content.height_pt * zoom_y + shift_y) - top)
    return Raster(zoom_x, zoom_y, shift_x, shift_y, left, top, width, height)


# --- images as pages ---------------------------------------------------------------------------------------------

A4_LONG_SIDE_INCHES = 11.69
UNTAGGED_DPI = (72.0, 96.0)
"""What decoders and cameras write when nobody told them: believed only where it gives a sheet of about A4."""
USUAL_DPI = (72.0, 96.0, 100.0, 120.0, 150.0, 200.0, 240.0, 300.0, 400.0, 600.0, 1200.0)
SHEET_INCHES = (0.5, 50.0)


def image_dpi(width_px: int, height_px: int, tag_x: float, tag_y: float) -> tuple[float, float]:
    """Pixels per inch of a page that came as an image: its tag if that gives a sheet of paper, else as if it were A4."""
    long_px = max(width_px, height_px)
    if min(tag_x, tag_y) > 0:
        low, high = SHEET_INCHES
        if tag_x in UNTAGGED_DPI:
            high = 1.25 * A4_LONG_SIDE_INCHES
        if USUAL_DPI[0] <= min(tag_x, tag_y) and low <= max(width_px / tag_x, height_px / tag_y) <= high:
            return tag_x, tag_y
    guess = min(USUAL_DPI, key=lambda dpi: abs(math.log(long_px / dpi / A4_LONG_SIDE_INCHES)))
    return guess, guess
