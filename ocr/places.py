"""Boxes of the original page, in points -> boxes in pixels of a picture of it, turned by quarters or not at all."""

from __future__ import annotations

from dataclasses import replace

from ocr.geometry import Affine
from ocr.shapes import Floats, Shapes, turned_boxes
from ocr.values import PageImage


def boxes_in_pixels(boxes: Floats, image: PageImage) -> Floats:
    """(n, 4) boxes in points as boxes in pixels. Raises ValueError for a page that was bent flat."""
    if not isinstance(image.to_pdf, Affine):
        raise ValueError("on a page that was bent flat nothing lies where its file has it")
    back = image.to_pdf.inverse()
    return turned_boxes(boxes, (back.a, back.d, back.b, back.e, back.c, back.f))


def placed_shapes(shapes: Shapes, image: PageImage) -> Shapes:
    """The shapes with boxes in pixels."""
    bars, fills, pictures = (boxes_in_pixels(boxes, image) for boxes in (shapes.bars, shapes.fills, shapes.pictures))
    return replace(shapes, bars=bars, fills=fills, pictures=pictures)
