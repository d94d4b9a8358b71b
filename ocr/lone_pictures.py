"""A page of a PDF that is nothing but one picture, of which each pixel falls on one of the page: rendering gives that picture.

Most scans are made so. To draw a picture that is decoded already takes as long again, and in colour longer.
Whatever might change a pixel on the way is looked for, and there the page is rendered: a clip, a blend, a mask, a turn, a
colour space to convert from, anything else on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ocr.resolution import Raster

_PLACED_ONCE = re.compile(
    rb"\s*q\s+[-+.\d]+\s+0\s+0\s+[-+.\d]+\s+[-+.\d]+\s+[-+.\d]+\s+cm\s+/([^\s/()<>\[\]{}%]+)\s+Do\s+Q\s*"
)
"""The content of such a page, and the picture's name in it."""
_SPACES = (
    "DeviceGray",
    "DeviceRGB",
    "ICCBased(Gray,Artifex Software sGray ICC Profile)",
    "ICCBased(RGB,Artifex Software sRGB ICC Profile)",
)
"""Colour spaces that MuPDF renders into, under the names it gives them."""
_DECODED_ALIKE = "DCTDecode"
"""What pictures of scanners are, nearly all: JPEG, whose colours the file names and not the picture."""
_PAGE_CHANGES = ("Annots", "Group", "UserUnit", "Resources/ColorSpace", "Resources/ExtGState")
_PICTURE_CHANGES = ("SMask", "Mask", "ImageMask", "Decode", "OC", "Alternates", "SMaskInData")
_EXACT = 5e-4
"""Pixels by which a picture may miss those of the page: MuPDF puts right what is less than twice that."""


def lone_picture(document: Any, page: Any, images: Sequence[dict[str, Any]], raster: Raster) -> int | None:
    """The object of the page's picture where rendering would give its pixels one by one, else None.

    images: as PyMuPDF's ``get_image_info``, of a page on which nothing else is painted.
    """
    if not document.is_pdf or page.rotation or len(images) != 1 or not _falls_on(images[0], raster):
        return None
    placed = _PLACED_ONCE.fullmatch(page.read_contents())
    own = page.get_images(full=True)
    if not placed or len(own) != 1 or own[0][7:9] != (placed[1].decode("latin-1"), _DECODED_ALIKE):
        return None
    xref = int(own[0][0])
    keys = [(page.xref, key) for key in _PAGE_CHANGES] + [(xref, key) for key in _PICTURE_CHANGES]
    keys.append((document.pdf_catalog(), "OutputIntents"))
    has_own = document.xref_get_key(page.xref, "Resources")[0] != "null"
    return xref if has_own and all(document.xref_get_key(*key)[0] == "null" for key in keys) else None


def _falls_on(image: dict[str, Any], raster: Raster) -> bool:
    """Whether the picture, upright and in a colour space that is rendered into, has the raster's very pixels."""
    a, b, c, d, _, _ = image["transform"]
    if image["cs-name"] not in _SPACES or image["bpc"] != 8 or b or c or min(a, d) <= 0:
        return False
    x0, y0, x1, y1 = image["bbox"]
    size = image["width"], image["height"]
    places = (
        raster.zoom_x * x0 + raster.shift_x,
        raster.zoom_y * y0 + raster.shift_y,
        raster.zoom_x * x1 + raster.shift_x - size[0],
        raster.zoom_y * y1 + raster.shift_y - size[1],
    )
    fits = (raster.left, raster.top, raster.width, raster.height) == (0, 0, *size)
    return fits and all(abs(place) < _EXACT for place in places)
