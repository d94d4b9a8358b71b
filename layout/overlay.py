"""Any stage's value drawn on its page: debugging is looking at a picture. All return (H, W, 3) RGB uint8, a new array."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from layout.ink import draw_box, draw_label, draw_line
from layout.values import Grid, Orientation, Role, Ruling, RulingSource, Table, TableRegion
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels, Word

Colour = tuple[int, int, int]

RED: Colour = (220, 30, 30)
BLUE: Colour = (30, 70, 230)
GREEN: Colour = (0, 140, 60)
ORANGE: Colour = (240, 130, 0)
PURPLE: Colour = (150, 40, 180)
ROLE_COLOURS: dict[Role, Colour] = {
    Role.COLUMN_HEADER: PURPLE,
    Role.ROW_HEADER: BLUE,
    Role.SECTION_HEADER: ORANGE,
    Role.BODY: GREEN,
}


def draw_rulings(image: PageImage, rulings: Iterable[Ruling]) -> Pixels:
    """Horizontal rulings red, vertical ones blue, implied ones orange, each piece ending in a tick."""
    canvas = _canvas(image)
    for ruling in rulings:
        level = ruling.orientation is Orientation.HORIZONTAL
        colour = ORANGE if ruling.source is not RulingSource.DRAWN else RED if level else BLUE
        ends = [(at, ruling.position) if level else (ruling.position, at) for at in (ruling.start, ruling.end)]
        draw_line(canvas, _px(*ends[0]), _px(*ends[1]), colour)
        for x, y in ends:
            draw_line(canvas, *((_px(x, y - 6), _px(x, y + 6)) if level else (_px(x - 6, y), _px(x + 6, y))), colour)
    return canvas


def draw_regions(image: PageImage, regions: Iterable[TableRegion]) -> Pixels:
    """Each region as a numbered box."""
    canvas = _canvas(image)
    for index, region in enumerate(regions):
        _outline(canvas, region.bbox, GREEN, f"region {index}")
    return canvas


def draw_grid(image: PageImage, grid: Grid) -> Pixels:
    """Each span as a box, slightly shrunk so that neighbours stay apart, labelled row,col of its first slot."""
    canvas = _canvas(image)
    for index, span in enumerate(grid.spans):
        colour = GREEN if span.rowspan == span.colspan == 1 else PURPLE
        _outline(canvas, grid.span_bbox(index).grown(-2), colour, f"{span.row},{span.col}")
    return canvas


def draw_table(image: PageImage, table: Table) -> Pixels:
    """The cells that stand on this page, coloured by role; a doubted cell is red."""
    canvas = _canvas(image)
    for cell in table.cells:
        if cell.page_number == image.page_number:
            colour = RED if cell.doubts else ROLE_COLOURS[cell.role]
            _outline(canvas, cell.bbox.grown(-2), colour, f"{cell.span.row},{cell.span.col}")
    return canvas


def draw_words(image: PageImage, words: Iterable[Word]) -> Pixels:
    """Each word's box with its confidence in percent."""
    canvas = _canvas(image)
    for word in words:
        _outline(canvas, word.bbox, BLUE, f"{word.confidence * 100:.0f}")
    return canvas


def draw_seals(image: PageImage) -> Pixels:
    """The place of each seal whose ink was taken out."""
    canvas = _canvas(image)
    for index, seal in enumerate(image.seals):
        _outline(canvas, seal, RED, f"seal {index}")
    return canvas


def _canvas(image: PageImage) -> Pixels:
    """A writeable RGB copy, paled so that what is drawn stands out."""
    pixels = image.pixels if image.pixels.ndim == 3 else np.repeat(image.pixels[..., None], 3, axis=2)
    return np.ascontiguousarray(128 + pixels // 2, dtype=np.uint8)


def _px(x: float, y: float) -> tuple[int, int]:
    return round(x), round(y)


def _outline(canvas: Pixels, box: BBox, colour: Colour, label: str) -> None:
    draw_box(canvas, _px(box.x0, box.y0), _px(box.x1, box.y1), colour)
    draw_label(canvas, _px(box.x0 + 3, box.y0 + 14), label, colour)
