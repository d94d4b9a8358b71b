"""A page's pixels, resolution and place, whatever file it came in."""

import os
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.errors import UnreadablePage
from ocr.geometry import Affine, BBox
from ocr.rasterise import pixels_digest, rasterise, rasterise_page
from ocr.resolution import PageContent, Placement, Raster, RasteriseOptions, choose_raster, image_dpi
from ocr.values import PageImage, Pixels
from tests.ocr import pages

OPTIONS = RasteriseOptions()
NOISE = np.random.default_rng(1).integers(0, 256, (1170, 827), np.uint8)
A4 = (595.276, 841.89)


def rendered(folder: Path, data: bytes, name: str = "page.pdf", options: RasteriseOptions = OPTIONS) -> PageImage:
    path = folder / name
    path.write_bytes(data)
    return rasterise_page(path, 1, options)


@pytest.mark.parametrize("size", [None, A4, (595.0, 842.0)])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_scan_keeps_its_own_pixels(turn: int, size: tuple[float, float] | None, tmp_path: Path) -> None:
    page = np.tile(NOISE, (2, 2))
    image = rendered(tmp_path, pages.pdf_of_scans(page, turn=turn, size=size))
    assert np.array_equal(image.pixels, np.rot90(page, -turn // 90))
    assert image.dpi == pytest.approx(200, rel=0.01)


def test_pictures_of_closed_files_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    colour = np.random.default_rng(2).integers(0, 256, (1170, 827, 3), np.uint8)
    path.write_bytes(pages.pdf_of_scans(colour))

    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def after(n_times: int) -> float:
        for _ in range(n_times):
            rasterise_page(path, 1, OPTIONS)
        return resident_mb()

    before = after(3)
    assert after(40) - before < 40  # of 40 pictures of 2.8 MB


def test_what_is_coloured_on_a_grey_scan_keeps_its_colour(tmp_path: Path) -> None:
    document = pymupdf.open(stream=pages.pdf_of_scans(NOISE), filetype="pdf")
    grey = rendered(tmp_path, document.tobytes())
    document[0].draw_rect((100, 100, 200, 150), color=(1, 0, 0), fill=(1, 0, 0))
    drawn = rendered(tmp_path, document.tobytes())
    document = pymupdf.open(stream=pages.pdf_of_scans(NOISE), filetype="pdf")
    document[0].add_highlight_annot((100, 100, 200, 150))
    marked = rendered(tmp_path, document.tobytes())
    assert [image.pixels.ndim for image in (grey, drawn, marked)] == [2, 3, 3]
    x, y = (round(v) for v in drawn.to_pdf.inverse().apply(150, 125))
    assert tuple(drawn.pixels[y, x]) == (255, 0, 0)


def test_a_picture_of_coloured_palette_keeps_its_colour(tmp_path: Path) -> None:
    data = pages.pdf_of_scans(np.zeros((200, 150), np.uint8))
    document = pymupdf.open(stream=data, filetype="pdf")
    xref = document[0].get_images()[0][0]
    document.xref_set_key(xref, "ColorSpace", "[/Indexed /DeviceRGB 0 <FF8000>]")
    assert tuple(rendered(tmp_path, document.tobytes()).pixels[5, 5]) == (255, 128, 0)


def test_a_scan_that_overlaps_its_page_keeps_its_own_pixels(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=280, height=400)
    page.insert_image((-10.3, -7.7, -10.3 + 827 * 0.36, -7.7 + 1170 * 0.36), stream=pages.encoded(NOISE, "PNG"))
    image = rendered(tmp_path, document.tobytes())
    x, y = image.to_pdf.inverse().apply(-10.3, -7.7)
    assert (x, y) == pytest.approx((round(x), round(y)), abs=1e-3)
    left, top = -round(x), -round(y)
    assert np.array_equal(image.pixels, NOISE[top : top + image.height, left : left + image.width])


@pytest.mark.parametrize(("dpi", "expected"), [(150, 150), (300, 300), (600, 300), (72, 144), (100, 200)])
def test_a_scan_is_neither_coarsened_below_300_dpi_nor_left_unreadable(
    dpi: int, expected: float, tmp_path: Path
) -> None:
    assert rendered(tmp_path, pages.pdf_of_scans(NOISE, dpi=dpi)).dpi == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(("size_pt", "expected"), [(16.0, 200.0), (9.0, 224.0), (5.0, 300.0)])
def test_a_drawn_page_gets_the_resolution_its_type_asks_for(size_pt: float, expected: float, tmp_path: Path) -> None:
    image = rendered(tmp_path, pages.pdf_of_text("budget " * 8, size_pt=size_pt))
    assert image.dpi == pytest.approx(expected)
    assert image.pixels.ndim == 2


def test_an_image_on_a_drawn_page_raises_its_resolution(tmp_path: Path) -> None:
    document = pymupdf.open(stream=pages.pdf_of_text("budget " * 8, size_pt=16.0))
    document[0].insert_image((72, 200, 72 + 827 / 250 * 72, 200 + 1170 / 250 * 72), stream=pages.encoded(NOISE, "PNG"))
    assert rendered(tmp_path, document.tobytes()).dpi == pytest.approx(250, abs=0.01)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_points_are_those_of_the_page_as_a_viewer_shows_it(turn: int, tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=400, height=600)
    page.draw_rect((100, 200, 130, 220), fill=(1, 0, 0), color=None)
    page.set_cropbox(pymupdf.Rect(50, 80, 350, 500))
    page.set_rotation(turn)
    image = rendered(tmp_path, document.tobytes())
    red = np.argwhere(image.pixels[..., 1] < 128)
    (y0, x0), (y1, x1) = red.min(axis=0), red.max(axis=0) + 1
    box = {0: (50, 120, 80, 140), 90: (280, 50, 300, 80), 180: (220, 280, 250, 300), 270: (120, 220, 140, 250)}[turn]
    assert image.to_pdf.apply_bbox(BBox(x0, y0, x1, y1)).as_tuple() == pytest.approx(box, abs=0.4)
    assert (image.width_pt, image.height_pt) == ((300, 420) if turn % 180 == 0 else (420, 300))


RED_CORNER = np.full((1170, 827, 3), 255, np.uint8)
RED_CORNER[:300, :200] = (230, 20, 20)
FORMATS = {
    "png": ("PNG", {}),
    "palette": ("PNG", {"mode": "P"}),
    "jpeg": ("JPEG", {}),
    "cmyk jpeg": ("JPEG", {"mode": "CMYK"}),
    "tiff": ("TIFF", {"compression": "tiff_lzw"}),
    "cmyk tiff": ("TIFF", {"mode": "CMYK"}),
}


@pytest.mark.parametrize("case", FORMATS)
def test_each_kind_of_image_is_a_page(case: str, tmp_path: Path) -> None:
    suffix, options = FORMATS[case]
    image = rendered(tmp_path, pages.encoded(RED_CORNER, suffix, dpi=(150, 150), **options), f"page.{suffix}")
    assert image.pixels.shape == (1170, 827, 3)
    assert (image.dpi, image.width_pt) == (pytest.approx(150), pytest.approx(827 * 72 / 150, abs=0.1))
    red, green, _ = image.pixels[100, 100].astype(int)
    assert red - green > 100
    assert image.pixels[1000, 700].min() > 250


@pytest.mark.parametrize("suffix", ["PNG", "TIFF"])
def test_sixteen_bits_become_eight(suffix: str, tmp_path: Path) -> None:
    deep = NOISE.astype(np.uint16) * 257
    image = rendered(tmp_path, pages.encoded(deep, suffix, dpi=(150, 150)), f"page.{suffix}")
    assert np.array_equal(image.pixels, NOISE)


def test_pages_of_a_tiff_in_one_bit(tmp_path: Path) -> None:
    black = np.where(NOISE > 128, 255, 0).astype(np.uint8)
    second = pages.Image.fromarray(black.T.copy()).convert("1")
    options = {"compression": "group4", "save_all": True, "append_images": [second], "dpi": (150, 150)}
    path = tmp_path / "page.tif"
    path.write_bytes(pages.encoded(black, "TIFF", mode="1", **options))
    first, last = rasterise(path, OPTIONS)
    assert np.array_equal(first.pixels, black)
    assert np.array_equal(last.pixels, black.T)


def test_a_photograph_is_shown_the_way_its_exif_data_say(tmp_path: Path) -> None:
    exif = pages.Image.Exif()
    exif[0x112] = 6
    image = rendered(tmp_path, pages.encoded(RED_CORNER, "JPEG", dpi=(150, 150), exif=exif), "page.jpg")
    assert image.pixels.shape[:2] == (827, 1170)
    assert image.pixels[100, 1000, 1] < 60
    assert image.to_pdf.apply(1170, 827) == pytest.approx((image.width_pt, image.height_pt))


def test_a_fax_gets_square_pixels(tmp_path: Path) -> None:
    fax = pages.encoded(NOISE[:600], "TIFF", tiffinfo={282: 204.0, 283: 98.0, 296: 2})
    image = rendered(tmp_path, fax, "fax.tif")
    assert image.dpi == pytest.approx(204)
    assert image.height == round(600 * 204 / 98)
    assert image.to_pdf.a == pytest.approx(image.to_pdf.e)


@pytest.mark.parametrize(
    ("size", "tag", "expected"),
    [
        ((1654, 2339), (96, 96), 200),
        ((1240, 1754), (72, 72), 150),
        ((2480, 3508), (1, 1), 300),
        ((1654, 2339), (200, 200), 200),
        ((794, 1123), (96, 96), 96),
        ((600, 400), (300, 300), 300),
        ((4961, 7016), (0, 0), 600),
        ((3307, 2339), (96, 96), 300),
    ],
)
def test_a_tag_is_believed_when_it_gives_a_sheet_of_paper(
    size: tuple[int, int], tag: tuple[float, float], expected: float
) -> None:
    assert image_dpi(*size, *tag) == (expected, expected)


@given(
    st.floats(1, 20_000),
    st.floats(1, 20_000),
    st.lists(st.tuples(st.floats(-50, 500), st.floats(-50, 500), st.floats(20, 1200), st.floats(20, 1200)), max_size=3),
    st.floats(0, 40),
)
def test_no_page_exceeds_its_pixels_and_corners_map_to_corners(
    width: float, height: float, images: list[tuple[float, float, float, float]], type_pt: float
) -> None:
    placements = tuple(Placement(BBox(x, y, x + width, y + height), dx, dy) for x, y, dx, dy in images)
    try:
        raster = choose_raster(PageContent(width, height, placements, type_pt), OPTIONS)
    except UnreadablePage:
        assert width * height > 5000 * 5000
        return
    assert raster.width * raster.height <= 1.01 * OPTIONS.max_pixels + raster.width + raster.height
    assert raster.dpi <= 1.1 * OPTIONS.max_dpi
    assert corner(raster, 0, 0) == pytest.approx((0, 0), abs=1.0 / min(raster.zoom_x, raster.zoom_y))
    assert corner(raster, raster.width, raster.height) == pytest.approx(
        (width, height), abs=1.0 / min(raster.zoom_x, raster.zoom_y)
    )


def corner(raster: Raster, x: int, y: int) -> tuple[float, float]:
    points = Affine(1 / raster.zoom_x, 0, 0, 0, 1 / raster.zoom_y, 0)
    return points.apply(x + raster.left - raster.shift_x, y + raster.top - raster.shift_y)


@pytest.mark.parametrize("box", ["0 0 0 0", "0 0 -200 -300", "100 100 90 80"])
def test_an_absurd_page_box_does_not_stop_the_program(box: str, tmp_path: Path) -> None:
    pdf = pages.pdf_of_text("budget").replace(b"/MediaBox[0 0 595 842]", f"/MediaBox[{box}]".encode())
    assert box.encode() in pdf
    try:
        assert rendered(tmp_path, pdf).pixels.size <= OPTIONS.max_pixels
    except UnreadablePage as error:
        assert "page 1" in str(error)  # noqa: PT017 - either outcome is right, each is looked at


def test_a_sheet_of_two_hundred_inches_is_refused_before_it_is_rendered(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page(width=14_400, height=14_400)
    with pytest.raises(UnreadablePage, match="200 x 200 inches"):
        rendered(tmp_path, document.tobytes())


def test_equal_pixels_have_equal_digests_and_other_shapes_others() -> None:
    flat: Pixels = np.zeros((4, 6), np.uint8)
    assert pixels_digest(flat) == pixels_digest(np.zeros((4, 6), np.uint8))
    assert len({pixels_digest(flat), pixels_digest(flat.reshape(6, 4)), pixels_digest(flat + np.uint8(1))}) == 3


def test_a_page_does_not_depend_on_how_the_file_was_opened(tmp_path: Path) -> None:
    first = rendered(tmp_path, pages.pdf_of_scans(NOISE))
    assert first.digest == rendered(tmp_path, pages.pdf_of_scans(NOISE), "copy.pdf").digest
    assert not first.pixels.flags.writeable
