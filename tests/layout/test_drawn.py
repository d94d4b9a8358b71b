"""Rulings from what a file draws: the same tables as from the pixels, however a program writes its borders."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from layout.grids import build_grid
from layout.regions import find_regions
from layout.rulings import find_rulings
from ocr.geometry import BBox
from ocr.rasterise import rasterise_page
from ocr.resolution import RasteriseOptions
from ocr.shape_ink import with_shapes
from ocr.values import PageImage, PageText, TextSource, Word

Write = Callable[[pymupdf.Page], None]
ROWS, COLS = (60.0, 82.0, 104.0, 126.0, 148.0), (50.0, 130.0, 210.0, 290.0)
NO_TEXT = PageText("0" * 64, TextSource.TEXT_LAYER, ())


def page_of(write: Write, folder: Path, rotation: int = 0) -> PageImage:
    document = pymupdf.open()
    page = document.new_page(width=340, height=220)
    write(page)
    page.insert_text((60, 200), "12", fontsize=9)
    page.set_rotation(rotation)
    path = folder / "page.pdf"
    path.write_bytes(document.tobytes())
    return rasterise_page(path, 1, RasteriseOptions())


def shape_of(image: PageImage) -> list[tuple[int, int, int]]:
    rulings = find_rulings(image)
    return [
        (grid.n_rows, grid.n_cols, len(grid.spans))
        for region in find_regions(image, rulings, NO_TEXT)
        for grid in [build_grid(region, rulings, NO_TEXT)]
    ]


def lines(page: pymupdf.Page, **pen: object) -> None:
    for y in ROWS:
        page.draw_line((COLS[0], y), (COLS[-1], y), **pen)
    for x in COLS:
        page.draw_line((x, ROWS[0]), (x, ROWS[-1]), **pen)


def strokes(page: pymupdf.Page) -> None:
    lines(page, width=0.5)


def hairlines(page: pymupdf.Page) -> None:
    lines(page, width=0.25, color=(0.3, 0.3, 0.3))


def dashes(page: pymupdf.Page) -> None:
    lines(page, width=0.75, dashes="[3 2] 0")


def doubles(page: pymupdf.Page) -> None:
    for dx in (0.0, 1.5):
        for y in ROWS:
            page.draw_line((COLS[0], y + dx), (COLS[-1] + 1.5, y + dx), width=0.5)
        for x in COLS:
            page.draw_line((x + dx, ROWS[0]), (x + dx, ROWS[-1] + 1.5), width=0.5)


def cells(page: pymupdf.Page) -> None:
    """Each cell its own rectangle, as spreadsheets write them."""
    for y0, y1 in itertools.pairwise(ROWS):
        for x0, x1 in itertools.pairwise(COLS):
            page.draw_rect((x0, y0, x1, y1), width=0.5)


def filled_borders(page: pymupdf.Page) -> None:
    """Each border of each cell a thin fill, as browsers print them."""
    for y0, y1 in itertools.pairwise(ROWS):
        for x0, x1 in itertools.pairwise(COLS):
            for box in (
                (x0, y0, x1, y0 + 0.75),
                (x0, y1, x1, y1 + 0.75),
                (x0, y0, x0 + 0.75, y1),
                (x1, y0, x1 + 0.75, y1),
            ):
                page.draw_rect(box, color=None, fill=(0, 0, 0))


def dots(page: pymupdf.Page) -> None:
    """Each dot a fill of its own."""
    shape = page.new_shape()
    for y in ROWS:
        for k in range(int((COLS[-1] - COLS[0]) / 2)):
            shape.draw_rect((COLS[0] + 2 * k, y, COLS[0] + 2 * k + 1, y + 1))
    for x in COLS:
        for k in range(int((ROWS[-1] - ROWS[0]) / 2)):
            shape.draw_rect((x, ROWS[0] + 2 * k, x + 1, ROWS[0] + 2 * k + 1))
    shape.finish(color=None, fill=(0, 0, 0))
    shape.commit()


def frames(page: pymupdf.Page) -> None:
    """Each cell the space between two boxes."""
    shape = page.new_shape()
    for y0, y1 in itertools.pairwise(ROWS):
        for x0, x1 in itertools.pairwise(COLS):
            shape.draw_rect((x0, y0, x1 + 1, y1 + 1))
            shape.draw_rect((x0 + 1, y0 + 1, x1, y1))
            shape.finish(color=None, fill=(0, 0, 0), even_odd=True)
    shape.commit()


def zebra(page: pymupdf.Page) -> None:
    for y0, y1 in zip(ROWS[::2], ROWS[1::2], strict=False):
        page.draw_rect((COLS[0], y0, COLS[-1], y1), color=None, fill=(0.85, 0.9, 0.95))
    lines(page, width=0.5)


@pytest.mark.parametrize(
    "write", [strokes, hairlines, dashes, doubles, cells, filled_borders, dots, frames, zebra], ids=lambda w: w.__name__
)
@pytest.mark.parametrize("rotation", [0, 90])
def test_a_table_is_the_same_from_the_file_as_from_its_pixels(write: Write, rotation: int, tmp_path: Path) -> None:
    image = page_of(write, tmp_path, rotation)
    drawn = with_shapes(image, NO_TEXT)
    assert drawn.shapes is not None
    expected = [(4, 3, 12)] if rotation == 0 else [(3, 4, 12)]
    assert shape_of(drawn) == expected
    if write is not doubles:  # 1.5 points apart, the pixels may show them as a row
        assert shape_of(image) == expected


def test_what_the_page_does_not_show_is_no_ruling(tmp_path: Path) -> None:
    def hidden(page: pymupdf.Page) -> None:
        lines(page, width=0.5, color=(1, 1, 1))
        page.draw_line((50, 30), (290, 30), width=1)
        page.draw_rect((150, 20, 300, 40), color=None, fill=(1, 1, 1))

    image = with_shapes(page_of(hidden, tmp_path), NO_TEXT)
    (ruling,) = find_rulings(image)
    points = 72 / image.dpi
    assert (ruling.start * points, ruling.end * points) == pytest.approx((50, 150), abs=1.0)
    assert ruling.position * points == pytest.approx(30, abs=0.3)


def test_zebra_stripes_and_short_strokes_make_no_rulings(tmp_path: Path) -> None:
    def stripes(page: pymupdf.Page) -> None:
        for y in ROWS[::2]:
            page.draw_rect((50, y, 290, y + 15), color=None, fill=(0.85, 0.85, 0.85))
        page.draw_rect((60, 30, 70, 40), width=0.5)

    image = with_shapes(page_of(stripes, tmp_path), NO_TEXT)
    assert image.shapes is not None
    assert find_rulings(image) == ()


def clipped_fill(page: pymupdf.Page) -> None:
    """A dark box of which a clip leaves only the rim."""
    document, xref = page.parent, page.parent.get_new_xref()
    document.update_object(xref, "<<>>")
    document.update_stream(xref, b"q 40 80 250 90 re 42 82 246 86 re W* n 0 g 40 80 250 90 re f Q")
    page.set_contents(xref)


def a_picture(page: pymupdf.Page) -> None:
    pixmap = pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 200, 100), False)
    pixmap.clear_with(255)
    pixmap.set_rect((0, 20, 200, 22), (0,))
    page.insert_image((50, 130, 300, 215), pixmap=pixmap)


def white_on_dark(page: pymupdf.Page) -> None:
    lines(page, width=0.5)
    page.draw_rect((50, 60, 290, 82), color=None, fill=(0.1, 0.2, 0.4))
    page.insert_text((60, 76), "34", fontsize=9, color=(1, 1, 1))


@pytest.mark.parametrize("write", [clipped_fill, a_picture, white_on_dark], ids=lambda w: w.__name__)
def test_where_shapes_do_not_account_for_the_ink_the_pixels_are_asked(write: Write, tmp_path: Path) -> None:
    image = page_of(write, tmp_path)
    in_picture = (Word("x", BBox(200, 450, 300, 480), 0.9),) if write is a_picture else ()
    assert with_shapes(image, replace(NO_TEXT, words=in_picture)).shapes is None
