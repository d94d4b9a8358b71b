"""What each stage made of one page, as pictures: `scanledger debug FILE --page N --out DIR`."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from flows.pipeline import Stages, fill_table, read_text
from flows.store import storage_errors
from ocr.values import Pixels

_PNG_COLOUR_TYPES = {1: 0, 3: 2}


def write_pictures(path: Path, page_number: int, stages: Stages, folder: Path) -> tuple[Path, ...]:
    """One PNG for each stage's value on the page; gives their paths. Raises StorageError."""
    written = []
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, pixels) in enumerate(draw_stages(path, page_number, stages), start=1):
            target = folder / f"page{page_number:03d}-{number}-{name}.png"
            target.write_bytes(png_bytes(pixels))
            written.append(target)
    return tuple(written)


def draw_stages(path: Path, page_number: int, stages: Stages) -> Iterator[tuple[str, Pixels]]:
    """(stage, picture) in the order of the pipeline; grids and tables of one page share a picture each."""
    from layout.overlay import draw_grid, draw_regions, draw_rulings, draw_seals, draw_table, draw_words

    raw = stages.rasterise_page(path, page_number)
    yield "raw", raw.pixels
    image, rulings, text = read_text(raw, stages)
    yield "clean", draw_seals(image)
    yield "words", draw_words(image, text.words)
    yield "rulings", draw_rulings(image, rulings)
    rulings = stages.imply_rulings(image, rulings, text).rulings
    yield "implied", draw_rulings(image, rulings)
    regions = stages.find_regions(image, rulings, text)
    yield "regions", draw_regions(image, regions)
    grids = [stages.build_grid(region, rulings, text) for region in regions]
    for index, grid in enumerate(grids):
        yield f"grid{index}", draw_grid(image, grid)
    for index, grid in enumerate(grids):
        table = stages.label_headers(fill_table(grid, image, text, stages))
        yield f"table{index}", draw_table(image, table)


def png_bytes(pixels: Pixels) -> bytes:
    """(H, W) grey or (H, W, 3) RGB uint8 as PNG (W3C PNG, filter 0 on each row)."""
    height, width = pixels.shape[:2]
    colour_type = _PNG_COLOUR_TYPES[1 if pixels.ndim == 2 else 3]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
