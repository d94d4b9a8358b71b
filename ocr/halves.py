"""Two upright pages on one sheet: set one above the other, so that everything after reads the left one first.

    PageImage --find_gutter--> x              where the sheet parts; None for any other page
    PageImage --stacked--> PageImage          left half above right half; `to_pdf` becomes a `Stacked`

The page keeps its number, and its boxes stay boxes of the sheet. A gutter is white from head to foot at the middle of a
landscape sheet, as wide as two margins: rulings of a landscape table, its title or a page number at its foot cross it.
Where nothing crosses it, a table is told by its rows, which stand level on both sides, and by its other gutters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr import ink
from ocr.digests import digest_after
from ocr.flag_runs import flag_runs
from ocr.geometry import Affine, BBox
from ocr.maps import Stacked
from ocr.values import PageImage, Pixels


@dataclass(frozen=True, slots=True)
class HalvesOptions:
    """analysis_dpi: of the small picture. shapes: width over height of such a sheet. middle: share of the width within
    which the gutter's middle lies about the sheet's. gutter: least width as a share of the sheet's. specks: ink pixels
    of a column that are dirt. filled: share of the height over which ink must be spread in each half. column_pt: white
    from head to foot in a half that parts columns of a table. level: share of the lines of either half that go on in the other.
    """

    analysis_dpi: float = 60.0
    shapes: tuple[float, float] = (1.2, 1.7)
    middle: float = 0.04
    gutter: float = 0.04
    specks: int = 1
    filled: float = 0.25
    column_pt: float = 6.0
    level: float = 0.9


def stacked(image: PageImage, options: HalvesOptions | None = None) -> PageImage:
    """The left page above the right one; the page itself when it is one page."""
    x = find_gutter(image, options or HalvesOptions())
    if x is None:
        return image
    right = Affine(1.0, 0.0, x, 0.0, 1.0, -image.height)
    width = max(x, image.width - x)
    return replace(
        image,
        pixels=_stack(image.pixels, x, width),
        to_pdf=Stacked(Affine.identity(), image.height, width, image.to_pdf, image.to_pdf.after(right)),
        digest=digest_after(image, f"stacked {x}"),
        seals=tuple(part for seal in image.seals for part in _parts(seal, x, image)),
    )


def find_gutter(image: PageImage, options: HalvesOptions) -> int | None:
    """The column, in page pixels, at which the right page begins."""
    low, high = options.shapes
    if not low <= image.width / image.height <= high or image.width < 100:
        return None
    factor = min(1.0, options.analysis_dpi / image.dpi)
    mask = ink.ink_mask(ink.shrunk(ink.to_grey(image.pixels), factor), max(3, round(8.0 * image.dpi * factor / 72.0)))
    width = mask.shape[1]
    inked = np.flatnonzero(mask.sum(axis=0) > options.specks)
    left, right = inked[inked < width / 2], inked[inked >= width / 2]
    if not len(left) or not len(right):
        return None
    start, stop = int(left[-1]) + 1, int(right[0])
    middle = (start + stop) / 2.0
    if stop - start < options.gutter * width or abs(middle - width / 2.0) > options.middle * width:
        return None
    halves = mask[:, :start], mask[:, stop:]
    if any(_spread(half) < options.filled for half in halves):
        return None
    column = max(2, round(options.column_pt * image.dpi * factor / 72.0))
    is_table = all(_has_columns(half, column, options) for half in halves) and _is_level(*halves, options)
    return None if is_table else round(middle / factor)


def _has_columns(mask: ink.Mask, least: int, options: HalvesOptions) -> bool:
    """Whether white of that width runs down a half between its ink from head to foot."""
    inked = np.flatnonzero(mask.sum(axis=0) > options.specks)
    return bool((np.diff(inked) > least).any())


def _is_level(left: ink.Mask, right: ink.Mask, options: HalvesOptions) -> bool:
    """Whether the lines of each half stand beside lines of the other."""
    a, b = _lines(left), _lines(right)
    return min(_share_beside(a, b), _share_beside(b, a)) >= options.level


def _lines(mask: ink.Mask) -> npt.NDArray[np.int64]:
    """(n, 2) first and last row of each run of rows that hold ink."""
    return flag_runs(np.asarray(mask.any(axis=1)))


def _share_beside(lines: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> float:
    """Share of the lines that have the middle of another within them, or their own middle within it."""
    if not len(lines) or not len(others):
        return 0.0
    middle, far = lines.mean(axis=1)[:, None], others.mean(axis=1)[None]
    within = (lines[:, :1] < far) & (far < lines[:, 1:]) | (others[None, :, 0] < middle) & (middle < others[None, :, 1])
    return float(within.any(axis=1).mean())


def _spread(mask: ink.Mask) -> float:
    """Share of the height between the highest and the lowest ink."""
    rows = np.flatnonzero(mask.any(axis=1))
    return float(rows[-1] - rows[0] + 1) / len(mask) if len(rows) else 0.0


def _stack(pixels: Pixels, x: int, width: int) -> Pixels:
    height = pixels.shape[0]
    out = np.empty((2 * height, width, *pixels.shape[2:]), np.uint8)
    paper = ink.paper_colour(pixels)
    out[...] = paper if pixels.ndim == 3 else paper[0]
    out[:height, :x] = pixels[:, :x]
    out[height:, : pixels.shape[1] - x] = pixels[:, x:]
    return out


def _parts(seal: BBox, x: int, image: PageImage) -> list[BBox]:
    """The seal's box in either half, where it has been put."""
    left = seal.intersection(BBox(0, 0, x, image.height))
    right = seal.intersection(BBox(x, 0, image.width, image.height))
    return [part for part in (left, right and right.shifted(-x, image.height)) if part]
