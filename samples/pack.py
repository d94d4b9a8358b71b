"""Aged pages -> the bytes of a file: PDF of scans, multi-page TIFF, PNG, JPEG. No dates, no random ids."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pymupdf
from PIL import Image

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Scan:
    """One page to be packed, turned as it lies in the file."""

    pixels: Pixels
    dpi: int
    jpeg: int
    bilevel: bool


def pack(scans: tuple[Scan, ...], suffix: str) -> bytes:
    """The file of format ``suffix`` ('.pdf', '.tif', '.png', '.jpg'). The last two hold one page (ValueError else)."""
    if suffix == ".pdf":
        return _pack_pdf(scans)
    if suffix == ".tif":
        return _pack_tiff(scans)
    if len(scans) != 1:
        raise ValueError(f"{suffix} holds one page, not {len(scans)}")
    return _encode(scans[0], suffix)


def _image(scan: Scan) -> Image.Image:
    image = Image.fromarray(scan.pixels)
    return image.convert("1", dither=Image.Dither.NONE) if scan.bilevel else image


def _encode(scan: Scan, suffix: str) -> bytes:
    buffer = io.BytesIO()
    density = (scan.dpi, scan.dpi)
    if suffix == ".png":
        _image(scan).save(buffer, "PNG", dpi=density, optimize=True)
    else:
        _image(scan).convert("RGB" if scan.pixels.ndim == 3 else "L").save(
            buffer, "JPEG", quality=scan.jpeg, dpi=density, optimize=True
        )
    return buffer.getvalue()


def _pack_pdf(scans: tuple[Scan, ...]) -> bytes:
    document = pymupdf.open()
    for scan in scans:
        height, width = scan.pixels.shape[:2]
        page = document.new_page(width=width * 72.0 / scan.dpi, height=height * 72.0 / scan.dpi)
        page.insert_image(page.rect, stream=_encode(scan, ".png" if scan.bilevel else ".jpg"))
    document.set_metadata({})
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


def _pack_tiff(scans: tuple[Scan, ...]) -> bytes:
    buffer = io.BytesIO()
    images = [_image(scan) for scan in scans]
    compression = "group4" if scans[0].bilevel else "tiff_lzw"
    density = (scans[0].dpi, scans[0].dpi)
    images[0].save(buffer, "TIFF", save_all=True, append_images=images[1:], compression=compression, dpi=density)
    return buffer.getvalue()
