"""Scans in each coding come out as they went in, and none that is cut short passes for a page with less on it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr.damage import is_cut_jbig2
from ocr.errors import UnreadablePage
from ocr.rasterise import rasterise_page
from ocr.resolution import RasteriseOptions
from ocr.values import PageImage, Pixels
from tests.faults.bad_files import image_pdf, raw_stream
from tests.ocr import pages
from tests.ocr.jbig2 import fax_of, jbig2_of

PAGE = np.where(pages.table_page(1)[:600] < 128, 0, 255).astype(np.uint8)
HEIGHT, WIDTH = PAGE.shape
COLOUR = pages.coloured(PAGE, (250, 210, 160))
PRINT = PAGE < 128


def packed(pixels: Pixels) -> bytes:
    return zlib.compress(pixels.tobytes())


def bits_of(pixels: Pixels) -> Pixels:
    return np.packbits(pixels > 127, axis=1)


def deep(pixels: Pixels) -> Pixels:
    return (pixels.astype(np.uint16) * 257).astype(">u2")


def ink_of(pixels: Pixels) -> bytes:
    return Image.fromarray(pixels).convert("CMYK").tobytes()


def palette_image(pixels: Pixels) -> tuple[bytes, bytes]:
    image = Image.fromarray(pixels).quantize(16)
    colours = bytes(image.getpalette() or b"")[:48]
    return image.tobytes(), b"[/Indexed /DeviceRGB 15 <%s>]" % colours.ljust(48, b"\0").hex().encode()


def jpeg2000(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG2000", irreversible=False)
    return buffer.getvalue()


FAX = b"/DecodeParms << /K -1 /Columns %d /Rows %d >>" % (WIDTH, HEIGHT)
INDICES, INDEXED = palette_image(COLOUR)
CODINGS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "fax": (fax_of(PAGE), lambda data: image_pdf(WIDTH, HEIGHT, b"/CCITTFaxDecode", data, bits=1, more=FAX)),
    "JBIG2": (jbig2_of(PAGE), lambda data: image_pdf(WIDTH, HEIGHT, b"/JBIG2Decode", data, bits=1)),
    "JBIG2 in a list": (jbig2_of(PAGE), lambda data: image_pdf(WIDTH, HEIGHT, b"[ /JBIG2Decode ]", data, bits=1)),
    "JPEG 2000": (jpeg2000(PAGE), lambda data: image_pdf(WIDTH, HEIGHT, b"/JPXDecode", data)),
    "JPEG": (pages.encoded(PAGE, "JPEG", quality=95), lambda data: image_pdf(WIDTH, HEIGHT, b"/DCTDecode", data)),
    "one bit": (packed(bits_of(PAGE)), lambda data: image_pdf(WIDTH, HEIGHT, b"/FlateDecode", data, bits=1)),
    "16 bits": (packed(deep(PAGE)), lambda data: image_pdf(WIDTH, HEIGHT, b"/FlateDecode", data, bits=16)),
    "bytes in hex": (PAGE.tobytes().hex().encode(), lambda data: image_pdf(WIDTH, HEIGHT, b"/ASCIIHexDecode", data)),
}
COLOURED = {
    "JPEG 2000": image_pdf(WIDTH, HEIGHT, b"/JPXDecode", jpeg2000(COLOUR), colours=b"/DeviceRGB"),
    "CMYK": image_pdf(WIDTH, HEIGHT, b"/FlateDecode", zlib.compress(ink_of(COLOUR)), colours=b"/DeviceCMYK"),
    "palette": image_pdf(WIDTH, HEIGHT, b"/FlateDecode", zlib.compress(INDICES), colours=INDEXED),
    "16 bits": image_pdf(WIDTH, HEIGHT, b"/FlateDecode", packed(deep(COLOUR)), bits=16, colours=b"/DeviceRGB"),
}


def rendered(folder: Path, data: bytes) -> PageImage:
    path = folder / "a.pdf"
    path.write_bytes(data)
    return rasterise_page(path, 1, RasteriseOptions())


@pytest.mark.parametrize("coding", CODINGS)
def test_a_whole_scan_comes_out_as_it_went_in(coding: str, tmp_path: Path) -> None:
    data, pdf = CODINGS[coding]
    assert np.array_equal(rendered(tmp_path, pdf(data)).pixels < 128, PRINT)


@pytest.mark.parametrize("coding", COLOURED)
def test_a_scan_in_colour_keeps_its_colours_and_its_print(coding: str, tmp_path: Path) -> None:
    pixels = rendered(tmp_path, COLOURED[coding]).pixels
    assert np.array_equal(pixels.max(axis=2) < 128, PRINT)
    assert np.abs(np.median(pixels[~PRINT], axis=0) - np.median(COLOUR[~PRINT], axis=0)).max() <= 12


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_scan_that_is_cut_short_is_no_page(coding: str, share: float, tmp_path: Path) -> None:
    data, pdf = CODINGS[coding]
    with pytest.raises(UnreadablePage, match=r"damaged|rendered"):
        rendered(tmp_path, pdf(data[: int(share * len(data))]))


def test_a_fax_whose_last_row_is_missing_is_whole(tmp_path: Path) -> None:
    """Scanners often say one row too many."""
    taller = image_pdf(WIDTH, HEIGHT + 1, b"/CCITTFaxDecode", fax_of(PAGE), bits=1, more=FAX)
    assert (rendered(tmp_path, taller).pixels < 128).sum() >= PRINT.sum()


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_layer_of_print_over_paper_is_looked_at_too(is_cut: bool, tmp_path: Path) -> None:
    """As scanners that compress much lay print: a black image whose mask is the page."""
    data = jbig2_of(255 - PAGE)
    mask = raw_stream(
        data[: len(data) // 2] if is_cut else data,
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray"
        b" /Filter /JBIG2Decode" % (WIDTH, HEIGHT),
    )
    pdf = image_pdf(1, 1, b"/ASCIIHexDecode", b"00>", mask, more=b"/SMask 6 0 R")
    if is_cut:
        with pytest.raises(UnreadablePage, match="JBIG2"):
            rendered(tmp_path, pdf)
    else:
        assert (rendered(tmp_path, pdf).pixels < 128).any()


def test_an_image_of_another_page_is_not_this_page_s_damage(tmp_path: Path) -> None:
    """Both pages name the same resources; the second one draws nothing of them."""
    data = jbig2_of(PAGE)
    more = b"/MediaBox [0 0 300 200] /Resources << /XObject << /I 5 0 R >> >>"
    second = b"<< /Type /Page /Parent 2 0 R %s >>" % more
    pdf = image_pdf(WIDTH, HEIGHT, b"/JBIG2Decode", data[:-40], second, bits=1)
    (tmp_path / "a.pdf").write_bytes(pdf.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [3 0 R 6 0 R] /Count 2"))
    with pytest.raises(UnreadablePage, match="JBIG2"):
        rasterise_page(tmp_path / "a.pdf", 1, RasteriseOptions())
    assert rasterise_page(tmp_path / "a.pdf", 2, RasteriseOptions()).pixels.min() == 255


def test_an_image_that_is_not_there_is_no_blank_page(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePage, match="cannot find XObject"):
        rendered(tmp_path, image_pdf(WIDTH, HEIGHT, b"/JBIG2Decode", b"", bits=1).replace(b"<< /I 5", b"<< /J 5"))


@pytest.mark.parametrize("tail", [b"", b"\n", bytes(20)])
def test_only_a_segment_that_is_not_all_there_is_cut(tail: bytes) -> None:
    data = jbig2_of(PAGE)
    assert not is_cut_jbig2(data + tail)
    assert all(is_cut_jbig2(data[:stop]) for stop in range(5, len(data) - 11))
    assert not is_cut_jbig2(b"\x97JB2\r\n\x1a\n" + data)
    assert not is_cut_jbig2(b"")
