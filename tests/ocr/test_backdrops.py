"""Pages printed on a picture against pages that are one: written here, looked at through MuPDF."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from ocr.backdrops import list_pictures
from ocr.rasterise import rasterise_page
from ocr.resolution import RasteriseOptions
from ocr.values import PageImage, Pixels
from tests.ocr import pages

PAPER: Pixels = np.tile(np.linspace(250, 225, 400)[:, None], (1, 600)).astype(np.uint8)
FIGURE = (50, 100)


def picture(*marks: tuple[int, int, int, int], level: int = 40) -> Pixels:
    """Tinted paper with dark marks x0 y0 x1 y1, two pixels a point."""
    found = PAPER.copy()
    for x0, y0, x1, y1 in marks:
        found[y0:y1, x0:x1] = level
    return found


def page_of(grey: Pixels, folder: Path, write: Callable[[pymupdf.Page], None], rotation: int = 0) -> PageImage:
    document = pymupdf.open()
    page = document.new_page(width=300, height=200)
    page.insert_image(page.rect, stream=pages.encoded(grey, "PNG"))
    write(page)
    page.set_rotation(rotation)
    path = folder / "page.pdf"
    path.write_bytes(document.tobytes())
    return rasterise_page(path, 1, RasteriseOptions())


def figures(page: pymupdf.Page) -> None:
    for line in range(4):
        page.insert_text((FIGURE[0], FIGURE[1] + 20 * line), "1,234.56", fontsize=12)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_printed_on_tinted_paper_is_no_scan(rotation: int, tmp_path: Path) -> None:
    found = page_of(picture((4, 4, 596, 8)), tmp_path, figures, rotation)
    assert not found.is_scan
    assert not found.layer.covered.any()


def test_glyphs_where_the_picture_shows_something_are_not_taken_for_what_one_sees(tmp_path: Path) -> None:
    found = page_of(picture((100, 180, 106, 200)), tmp_path, figures)
    assert not found.is_scan
    assert found.layer.covered.tolist() == [True] + [False] * 31


@pytest.mark.parametrize("faint", [40, 190])
def test_text_set_over_print_in_the_picture_is_a_layer_on_a_scan(faint: int, tmp_path: Path) -> None:
    type_ = [(100 + 13 * i, 185 + 40 * k, 108 + 13 * i, 203 + 40 * k) for i in range(8) for k in range(4)]
    found = page_of(picture(*type_, level=faint), tmp_path, figures)
    assert found.is_scan
    assert found.layer.covered.all()


def test_a_stamped_number_on_a_scan_makes_it_no_printed_page(tmp_path: Path) -> None:
    type_ = [(100 + 16 * i, 20 + 20 * k, 108 + 16 * i, 34 + 20 * k) for i in range(20) for k in range(6)]
    found = page_of(picture(*type_), tmp_path, lambda page: page.insert_text((250, 195), "0072", fontsize=8))
    assert found.is_scan


def test_a_picture_painted_over_text_is_no_backdrop(tmp_path: Path) -> None:
    def write(page: pymupdf.Page) -> None:
        figures(page)
        page.insert_image(page.rect, stream=pages.encoded(PAPER, "PNG"))

    found = page_of(PAPER, tmp_path, write)
    assert found.is_scan
    assert found.layer.covered.all()


def test_invisible_text_on_blank_paper_says_nothing(tmp_path: Path) -> None:
    found = page_of(PAPER, tmp_path, lambda page: page.insert_text(FIGURE, "98", render_mode=3))
    assert found.is_scan


def test_pictures_are_told_apart_by_their_boxes_and_turned_with_the_page() -> None:
    infos = [
        {"bbox": (0, 0, 10, 20), "transform": (10, 0, 0, 20, 0, 0)},
        {"bbox": (5, 5, 6, 6), "transform": (1, 0, 0, 1, 5, 5)},
    ]
    log = [("fill-image", (5, 5, 6, 6)), ("fill-text", (0, 0, 1, 1)), ("fill-image", (0, 0, 10, 20))]
    quarter = (0, 1, -1, 0, 200, 0)
    first, second = list_pictures(infos, log, quarter)
    assert (first.index, first.order, first.box) == (0, 2, (180.0, 0.0, 200.0, 10.0))
    assert first.to_page == (0, 10, -20, 0, 200, 0)
    assert (second.index, second.order) == (1, 0)
