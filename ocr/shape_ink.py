"""Do the shapes that a file draws account for all that its page shows besides type?

Only then can they stand for the pixels where rulings are looked for. What they cannot say: what is in a picture that
holds text, which rulings are light within a dark area, what is drawn as type or with patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocr import ink
from ocr.places import boxes_in_pixels, placed_shapes
from ocr.shapes import THICKEST_PT, Floats, Shapes
from ocr.text_layer import TextLayer
from ocr.values import PageImage, PageText, Pixels


@dataclass(frozen=True, slots=True)
class ShapeOptions:
    """analysis_dpi: of the small picture looked at. long_pt: ink of this length that nothing explains may be a ruling.
    faint: by which the faintest such ink is darker than the paper, in grey levels. dark: an area darker than this may
    hold light rulings, if it holds print that is lighter by ``contrast``. margin: around print, in its heights.
    """

    analysis_dpi: float = 100.0
    long_pt: float = 42.0
    faint: float = 36.0
    contrast: float = 70.0
    dark: float = 165.0
    margin: float = 0.14


def with_shapes(page: PageImage, text: PageText, options: ShapeOptions | None = None) -> PageImage:
    """The page, turned at most, with the shapes of its layer where these account for all that is no type."""
    if page.layer.shapes is None:
        return page
    shapes, glyphs = placed_shapes(page.layer.shapes, page), boxes_in_pixels(page.layer.boxes, page)
    words = np.array([word.bbox.as_tuple() for word in text.words], np.float64).reshape(-1, 4)
    stand = _accounts_for_ink(shapes, page.layer, glyphs, words, page.pixels, page.dpi, options or ShapeOptions())
    return replace(page, shapes=page.layer.shapes) if stand else page


def _accounts_for_ink(
    shapes: Shapes, layer: TextLayer, glyphs: Floats, words: Floats, pixels: Pixels, dpi: float, options: ShapeOptions
) -> bool:
    """Whether nothing but these shapes can be a ruling. All boxes are in pixels; words: all that were read."""
    if any(is_line(text) for text in layer.texts):
        return False
    thick = THICKEST_PT * dpi / 72.0
    if any(_overlap(words, box).any() for box in shapes.pictures if min(box[2] - box[0], box[3] - box[1]) > thick):
        return False
    inked = np.array([bool(text.strip()) for text in layer.texts], bool) & ~layer.hidden
    for box, grey in zip(shapes.fills, shapes.fill_greys.tolist(), strict=True):
        light = inked & (layer.greys > grey + options.contrast)
        if grey < options.dark and _overlap(glyphs[light], box).any():
            return False
    return not _unexplained(shapes, np.concatenate([glyphs[inked], words]), pixels, dpi, options)


def is_line(text: str) -> bool:
    """Whether the characters are those that tables of plain text are drawn with."""
    return any("\u2500" <= char <= "\u257f" for char in text)


def _overlap(boxes: Floats, box: Sequence[float]) -> np.ndarray:
    x0, y0, x1, y1 = box
    return np.asarray((boxes[:, 0] < x1) & (x0 < boxes[:, 2]) & (boxes[:, 1] < y1) & (y0 < boxes[:, 3]))


def _unexplained(shapes: Shapes, print_: Floats, pixels: Pixels, dpi: float, options: ShapeOptions) -> bool:
    """Whether ink as long as a ruling is neither print nor a shape."""
    factor = min(1.0, options.analysis_dpi / dpi)
    grey = ink.shrunk(_whole_steps(ink.to_grey(pixels), round(1 / factor), factor), factor)
    mask = ink.below(grey, ink.levels_at(grey[::5, ::5], 0.5)[0] - options.faint)
    for x0, y0, x1, y1 in _slices(shapes.fills * factor, mask):
        if mask[y0:y1, x0:x1].mean() > 0.5:  # of a fill that is clipped to its rim, or hidden, the inside stays white
            mask[y0:y1, x0:x1] = False
    margin = options.margin * (print_[:, 3] - print_[:, 1])[:, None]
    shown = np.concatenate([print_ + margin * (-1, -1, 1, 1), shapes.bars, shapes.pictures])
    for x0, y0, x1, y1 in _slices(shown * factor, mask):
        mask[y0:y1, x0:x1] = False
    sides = ink.find_blobs(mask).boxes[:, 2:4]
    return bool((sides >= options.long_pt * dpi * factor / 72.0).any())


def _whole_steps(grey: Pixels, step: int, factor: float) -> Pixels:
    """The picture without the last rows and columns that make no whole pixel at 1 / ``step`` of its size, if that is the
    factor: whole pixels are put together in a thirtieth of the time.
    """
    height, width = (side // step * step for side in grey.shape)
    return grey[:height, :width] if height and width and abs(factor * step - 1) < 1e-6 else grey


def _slices(boxes: Floats, mask: ink.Mask) -> list[list[int]]:
    """x0 y0 x1 y1 of each box in whole pixels, one more on each side for what a small picture blurs."""
    limits = (mask.shape[1], mask.shape[0])
    low, high = np.floor(boxes[:, :2] - 1), np.ceil(boxes[:, 2:] + 1)
    found: list[list[int]] = np.clip(np.hstack([low, high]), 0, limits * 2).astype(int).tolist()
    return [box for box in found if box[0] < box[2] and box[1] < box[3]]
