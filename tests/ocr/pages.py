"""Builders of page pictures and of files: small, drawn without fonts, so that they are the same everywhere."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import pymupdf
from PIL import Image

from ocr.geometry import Affine, level_map
from ocr.ink import warped
from ocr.values import PageImage, Pixels, Reading

DPI = 120.0
EM = 16  # height of a character in pixels, 9.6 points


def blank(width: int = 900, height: int = 1200, grey: int = 255) -> Pixels:
    return np.full((height, width), grey, np.uint8)


def text_page(seed: int = 0, n_lines: int = 24, width: int = 900, height: int = 1200) -> Pixels:
    """Lines of characters as full as Chinese ones, each a few strokes in a square."""
    page, rng = blank(width, height), np.random.default_rng(seed)
    for line in range(n_lines):
        for column in range(int(rng.integers(25, 40))):
            draw_character(page, 100 + column * (EM + 2), 120 + line * 2 * EM, rng)
    return page


def draw_character(page: Pixels, x: int, y: int, rng: np.random.Generator) -> None:
    """A bar on top, so that a character is not its own mirror picture, then strokes at random."""
    page[y : y + 2, x : x + EM] = 20
    for _ in range(3):
        at, stop = int(rng.integers(2, EM - 2)), int(rng.integers(EM // 2, EM))
        page[y + at : y + at + 2, x : x + stop] = 20
        page[y : y + stop, x + at : x + at + 2] = 20


def table_page(seed: int = 0, n_rows: int = 14, n_cols: int = 6, width: int = 900, height: int = 1200) -> Pixels:
    """A fully ruled table with two to five characters in each cell."""
    page, rng = blank(width, height), np.random.default_rng(seed)
    x0, y0, col, row = 60, 150, (width - 120) // n_cols, 40
    for i in range(n_rows + 1):
        page[y0 + i * row : y0 + i * row + 2, x0 : x0 + n_cols * col] = 0
    for j in range(n_cols + 1):
        page[y0 : y0 + n_rows * row, x0 + j * col : x0 + j * col + 2] = 0
    for i in range(n_rows):
        for j in range(n_cols):
            for k in range(int(rng.integers(2, 6))):
                draw_character(page, x0 + j * col + 8 + k * (EM + 2), y0 + i * row + 12, rng)
    return page


def leaning(page: Pixels, degrees: float) -> Pixels:
    """The page turned clockwise by a few degrees, as it would lie on the scanner."""
    change, width, height = level_map(page.shape[1], page.shape[0], degrees)
    return warped(page, change, width, height)


def with_dirt(page: Pixels, seed: int = 0) -> Pixels:
    """Grain, specks, and black bars at two edges as from a lid left open."""
    rng = np.random.default_rng(seed)
    dirty = page.astype(float) + rng.normal(0.0, 8.0, page.shape)
    ys, xs = rng.integers(0, page.shape[0], 400), rng.integers(0, page.shape[1], 400)
    dirty[ys, xs] = 0.0
    dirty[:25], dirty[:, -40:] = 15.0, 10.0
    return np.asarray(dirty.clip(0, 255), np.uint8)


def coloured(page: Pixels, paper: tuple[int, int, int] = (250, 246, 238)) -> Pixels:
    """The grey page printed in black on coloured paper."""
    return np.asarray(page[..., None].astype(float) / 255.0 * np.array(paper), np.uint8)


def sealed(
    page: Pixels,
    x: float,
    y: float,
    radius: float = 95.0,
    ink: tuple[int, int, int] = (205, 40, 45),
    cover: float = 0.8,
) -> Pixels:
    """The coloured page with a seal at (x, y) px: a ring, letters along it as short bars, a disc for the star."""
    rows, columns = np.indices(page.shape[:2]) + 0.5
    away = np.hypot(columns - x, rows - y)
    turn = np.arctan2(rows - y, columns - x)
    seal = (np.abs(away - radius) < 3) | (away < 0.25 * radius)
    seal |= (np.abs(away - 0.72 * radius) < 0.1 * radius) & (np.sin(24 * turn) > 0)
    share = (seal * cover)[..., None]
    return np.asarray(page * (1 - share + share * np.array(ink) / 255.0), np.uint8)


def page_image(pixels: Pixels, dpi: float = DPI) -> PageImage:
    height, width = pixels.shape[:2]
    scale = 72.0 / dpi
    return PageImage("document", 1, dpi, "digest", Affine.scaling(scale), pixels, width * scale, height * scale)


class TopReader:
    """Stands in for a recogniser: is sure of a line whose characters have their bar on top, less of any other."""

    def __init__(self) -> None:
        self.n_crops = 0

    def __call__(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        self.n_crops += len(crops)
        return tuple(Reading("字" * (crop.shape[1] // EM), _share_on_top(crop), "crop") for crop in crops)


def _share_on_top(crop: Pixels) -> float:
    """Ink of the darkest row in the upper third over that in the lower third, as a number in [0, 1]."""
    rows = (crop < 128).mean(axis=1)
    third = max(1, len(rows) // 3)
    top, bottom = float(rows[:third].max()), float(rows[-third:].max())
    return top / (top + bottom) if top + bottom else 0.0


# --- files -------------------------------------------------------------------------------------------------------


def encoded(pixels: Pixels, suffix: str, mode: str = "", **options: object) -> bytes:
    """The picture as the bytes of an image file. mode: as Pillow names it, such as '1' or 'CMYK'."""
    buffer = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(buffer, suffix, **options)
    return buffer.getvalue()


def pdf_of_scans(
    *pages: Pixels,
    dpi: float = 200.0,
    turn: int = 0,
    size: tuple[float, float] | None = None,
    suffix: str = "PNG",
) -> bytes:
    """A PDF with one picture over each page; size in points if it is not to be that of the picture."""
    document = pymupdf.open()
    for pixels in pages:
        height, width = pixels.shape[:2]
        width_pt, height_pt = size or (width * 72.0 / dpi, height * 72.0 / dpi)
        page = document.new_page(width=width_pt, height=height_pt)
        page.insert_image(page.rect, stream=encoded(pixels, suffix), keep_proportion=False)
        page.set_rotation(turn)
    return bytes(document.tobytes())


def pdf_of_text(*texts: str, size_pt: float = 11.0) -> bytes:
    document = pymupdf.open()
    for text in texts:
        document.new_page().insert_text((72, 72), text, fontsize=size_pt)
    return bytes(document.tobytes())


def png_bomb(side: int) -> bytes:
    """A PNG that says it is side x side pixels, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
