"""A tiny JBIG2 encoder: one page, one generic region, coded as a fax is (MMR). ITU-T T.88, sections 6.2.6 and 7.4."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image

from ocr.values import Pixels

_PAGE, _REGION, _END_OF_PAGE = 48, 38, 49


def jbig2_of(pixels: Pixels) -> bytes:
    """An embedded stream, as PDF holds it. pixels: (height, width) grey; what is darker than 128 is black."""
    height, width = pixels.shape
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + fax_of(pixels)
    return _segment(0, _PAGE, page) + _segment(1, _REGION, region) + _segment(2, _END_OF_PAGE, b"")


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def fax_of(pixels: Pixels) -> bytes:
    """The rows in group 4 coding, white as 0: the strip of a TIFF."""
    buffer = io.BytesIO()
    black = Image.fromarray(np.where(pixels < 128, 0, 255).astype(np.uint8)).convert("1")
    black.save(buffer, "TIFF", compression="group4", tiffinfo={262: 0, 278: pixels.shape[0]})
    with Image.open(io.BytesIO(buffer.getvalue())) as tiff:
        (start,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
    return buffer.getvalue()[start : start + length]
