"""Pages that are one picture, pixel upon pixel, have the very pixels that rendering gives; others are rendered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest

from ocr import rasterise
from ocr.resolution import RasteriseOptions
from ocr.values import Pixels
from tests.ocr import pages

NOISE = np.random.default_rng(3).integers(0, 256, (1170, 827), np.uint8)
COLOUR = np.random.default_rng(4).integers(0, 256, (1170, 827, 3), np.uint8)


def scanned(pixels: Pixels, change: Callable[[Any], object] = lambda document: None) -> bytes:
    """A PDF whose page is a JPEG of the pixels at 200 dpi."""
    space = pymupdf.csGRAY if pixels.ndim == 2 else pymupdf.csRGB
    pixmap = pymupdf.Pixmap(space, pixels.shape[1], pixels.shape[0], pixels.tobytes(), False)
    document = pymupdf.open()
    page = document.new_page(width=pixels.shape[1] * 0.36, height=pixels.shape[0] * 0.36)
    page.insert_image(page.rect, stream=pixmap.tobytes("jpeg"))
    change(document)
    return bytes(document.tobytes())


def both_ways(data: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Pixels, Pixels, bool]:
    """The page as it is made, as it is rendered, and whether it was rendered the first time."""
    path = folder / "page.pdf"
    path.write_bytes(data)
    drawn: list[object] = []
    rendered = rasterise._rendered

    def noted(view: Any) -> Any:
        drawn.append(view)
        return rendered(view)

    monkeypatch.setattr(rasterise, "_rendered", noted)
    made = rasterise.rasterise_page(path, 1, RasteriseOptions())
    was_drawn = bool(drawn)
    monkeypatch.setattr(rasterise, "lone_picture", lambda *_: None)
    return made.pixels, rasterise.rasterise_page(path, 1, RasteriseOptions()).pixels, was_drawn


def set_of_picture(key: str, value: str) -> Callable[[Any], object]:
    return lambda document: document.xref_set_key(document[0].get_images()[0][0], key, value)


def content(text: bytes) -> Callable[[Any], object]:
    """What the page draws: its picture is called fzImg0."""
    return lambda document: document.update_stream(document[0].get_contents()[0], text)


@pytest.mark.parametrize("pixels", [NOISE, COLOUR])
@pytest.mark.parametrize("space", [None, "/Device"])
def test_the_one_picture_of_a_page_is_not_drawn(
    pixels: Pixels, space: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = "/DeviceGray" if pixels.ndim == 2 else "/DeviceRGB"
    data = scanned(pixels, set_of_picture("ColorSpace", device) if space else lambda document: None)
    made, rendered, was_drawn = both_ways(data, tmp_path, monkeypatch)
    assert not was_drawn
    assert np.array_equal(made, rendered)


@pytest.mark.parametrize("key", ["Interpolate true", "Intent /Perceptual"])
def test_keys_that_change_no_pixel(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, rendered, was_drawn = both_ways(scanned(NOISE, set_of_picture(*key.split())), tmp_path, monkeypatch)
    assert not was_drawn
    assert np.array_equal(made, rendered)


@pytest.mark.parametrize("place", [b"0.1 0", b"-0.05 0.1", b"0.02 -0.13", b"0.0001 0.0001"])
def test_the_pixels_of_a_page_begin_where_its_picture_does(
    place: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = content(b"q 297.72 0 0 421.2 " + place + b" cm /fzImg0 Do Q")
    made, rendered, was_drawn = both_ways(scanned(COLOUR, moved), tmp_path, monkeypatch)
    assert not was_drawn
    assert np.array_equal(made, rendered)


CHANGES: dict[str, Callable[[Any], object]] = {
    "clipped": content(b"q 0 0 100 100 re W n 297.72 0 0 421.2 0 0 cm /fzImg0 Do Q"),
    "turned over": content(b"q 297.72 0 0 -421.2 0 421.2 cm /fzImg0 Do Q"),
    "beside its place": content(b"q 297.72 0 0 421.2 0.3 0 cm /fzImg0 Do Q"),
    "smaller": content(b"q 297 0 0 421 0 0 cm /fzImg0 Do Q"),
    "twice": content(b"q 297.72 0 0 421.2 0 0 cm /fzImg0 Do /fzImg0 Do Q"),
    "with text": lambda document: document[0].insert_text((50, 50), "text"),
    "with an annotation": lambda document: document[0].add_rect_annot((50, 50, 90, 90)),
    "turned": lambda document: document[0].set_rotation(90),
    "cropped": lambda document: document[0].set_cropbox((0, 0, 200, 300)),
    "levels turned over": set_of_picture("Decode", "[1 0]"),
    "one level let out": set_of_picture("Mask", "[0 100]"),
    "blended": lambda document: document.xref_set_key(document[0].xref, "Group", "<</S/Transparency/CS/DeviceRGB>>"),
    "made for another device": lambda document: document.xref_set_key(
        document.pdf_catalog(), "OutputIntents", "[<<>>]"
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_may_change_a_pixel_is_rendered(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, rendered, was_drawn = both_ways(scanned(NOISE, CHANGES[name]), tmp_path, monkeypatch)
    assert was_drawn
    assert np.array_equal(made, rendered)


def test_other_pictures_and_files_are_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, rendered, was_drawn = both_ways(pages.pdf_of_scans(NOISE), tmp_path, monkeypatch)
    assert was_drawn
    assert np.array_equal(made, rendered)
