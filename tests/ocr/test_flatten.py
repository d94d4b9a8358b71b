"""Bent pages become flat, straight ones are left alone, and points of the page stay where they are."""

import math

import numpy as np
import pytest

from ocr import ink
from ocr.curvature import BendOptions, find_strands, unevenness
from ocr.flatten import FlattenOptions, find_flattening, flattened, is_surely_flat
from ocr.geometry import Affine
from ocr.orientation import find_type
from ocr.preprocess import PreprocessOptions, levelled, preprocess
from ocr.small_ink import SmallInk
from ocr.values import PageImage, Pixels
from tests.ocr.pages import DPI, TopReader, blank, page_image, table_page, text_page

OPTIONS = FlattenOptions()
WIDTH, HEIGHT = 900, 1200


def bent(page: Pixels, rise: float = 14.0, lean: float = 0.03) -> Pixels:
    """Curled at the left, its head farther away: each pixel from where `flat_place` says."""
    nodes = np.array([[flat_place(8 * j + 4, 8 * i + 4, rise, lean) for j in range(113)] for i in range(151)])
    return ink.remapped(page, nodes, 8, WIDTH, HEIGHT)


def flat_place(x: float, y: float, rise: float, lean: float) -> tuple[float, float]:
    """Place on the flat page of a point of the bent one."""
    away = 1.0 + lean * (1.0 - y / HEIGHT)
    return WIDTH / 2 + (x - WIDTH / 2) * away, y * away - rise * math.exp(-3.0 * x / WIDTH)


def flat(page: Pixels) -> tuple[PageImage, PageImage]:
    image = page_image(page)
    found = find_flattening(ink.ink_mask(page, 13), image.dpi, OPTIONS)
    assert not found.is_flat
    return image, flattened(image, 0.0, found, 1.0, OPTIONS)


@pytest.mark.parametrize("page", [table_page(), text_page()], ids=["table", "text"])
def test_lines_of_a_bent_page_become_level(page: Pixels) -> None:
    image, clean = flat(bent(page))
    uneven = [
        unevenness(find_strands(ink.ink_mask(p, 13), image.dpi, BendOptions(), with_type=True), None)
        for p in (image.pixels, clean.pixels)
    ]
    assert uneven[1] < 0.6 < 1.0 < uneven[0]


def test_rulings_that_run_down_become_upright() -> None:
    _, clean = flat(bent(table_page(), rise=0.0, lean=0.05))
    frame = [np.flatnonzero(clean.pixels[y] < 128)[0] for y in range(200, 600, 50)]
    assert np.ptp(frame) <= 2


def test_a_point_of_a_bent_page_stays_where_it_is() -> None:
    _, clean = flat(bent(table_page()))
    for x, y in ((60, 150), (450, 400), (830, 700), (10, 1190), (880, 20)):
        there = clean.to_pdf.apply(x, y)
        assert clean.to_pdf.inverse().apply(*there) == pytest.approx((x, y), abs=1e-3)


def test_ink_of_a_bent_page_is_found_again_where_the_map_says() -> None:
    page = table_page()
    page[800:812, 500:512] = page[1000:1012, 850:862] = 0
    image, clean = flat(bent(page))
    for top, left in ((800, 500), (1000, 850)):
        seen = middle_of_blot(image.pixels, left, top)
        moved = clean.to_pdf.inverse().apply(*image.to_pdf.apply(*seen))
        found = middle_of_blot(clean.pixels, *(round(v) - 6 for v in moved))
        assert clean.to_pdf.apply(*found) == pytest.approx(image.to_pdf.apply(*seen), abs=0.3)


def middle_of_blot(pixels: Pixels, left: int, top: int) -> tuple[float, float]:
    """Centre of the ink near a place, in pixels."""
    x0, y0 = max(0, left - 30), max(0, top - 30)
    weight = 255.0 - pixels[y0 : top + 42, x0 : left + 42]
    rows, columns = np.indices(weight.shape) + 0.5
    return x0 + float((weight * columns).sum() / weight.sum()), y0 + float((weight * rows).sum() / weight.sum())


@pytest.mark.parametrize(
    "page", [table_page(), text_page(), blank(), blank(1, 1), np.zeros((300, 200), np.uint8)],
    ids=["table", "text", "white", "one pixel", "black"],
)  # fmt: skip
def test_a_flat_page_keeps_its_pixels(page: Pixels) -> None:
    assert find_flattening(ink.ink_mask(page, 13), 120.0, OPTIONS).is_flat


@pytest.mark.parametrize("lean", [0.0, 1.4, -2.5])
@pytest.mark.parametrize("page", [table_page(), text_page()], ids=["table", "text"])
def test_a_first_look_at_a_leaning_page_tells_bent_from_flat(page: Pixels, lean: float) -> None:
    for pixels, is_flat in ((page, True), (bent(page), False)):
        mask = ink.ink_mask(levelled(page_image(pixels), lean).pixels, 13)
        assert is_surely_flat(SmallInk(mask, 1.0, DPI).lying(0, -lean), OPTIONS) is is_flat


def test_characters_keep_their_places_when_their_boxes_are_turned() -> None:
    small = SmallInk(ink.ink_mask(levelled(page_image(text_page()), 2.5).pixels, 13), 1.0, DPI)
    turned, measured = small.lying(0, -2.5).type, find_type(small.lying(0, -2.5).mask, DPI)
    assert turned.em == pytest.approx(measured.em, abs=1.0)
    middles = [type_.boxes[:, :2] + type_.boxes[:, 2:4] / 2 for type_ in (turned, measured)]
    nearest = np.hypot(*(middles[0][:, None] - middles[1][None]).transpose(2, 0, 1)).min(axis=1)
    assert float(np.quantile(nearest, 0.95)) < 1.5


def test_noise_is_no_bend() -> None:
    noise = np.random.default_rng(0).random((900, 700)) < 0.1
    assert find_flattening(noise, 120.0, OPTIONS).is_flat


def test_a_few_short_pieces_bend_no_page() -> None:
    """Three pieces of dashed rulings, two of which lean, as print on one of them makes them seem to."""
    page = blank()
    for y0, x, lean in ((200, 300, 6), (200, 520, 7), (700, 640, 0)):
        for y in range(y0, y0 + 110):
            at = x + round(lean * (y - y0) / 110)
            page[y, at : at + 2] = 0
    assert find_flattening(ink.ink_mask(page, 13), 120.0, OPTIONS).is_flat


def test_preprocess_makes_a_bent_page_flat_in_one_step() -> None:
    image = page_image(bent(table_page()))
    clean = preprocess(image, PreprocessOptions(), TopReader())
    assert not isinstance(clean.to_pdf, Affine)
    same = preprocess(image, PreprocessOptions(), TopReader())
    assert same.digest == clean.digest
    assert np.array_equal(same.pixels, clean.pixels)
    left_alone = preprocess(image, PreprocessOptions(flatten=None), TopReader())
    assert isinstance(left_alone.to_pdf, Affine)


@pytest.mark.parametrize(("fan", "is_flat"), [(0.0, True), (0.006, False), (0.05, True)])
def test_rulings_that_fan_out_further_than_paper_stretches_are_no_bend(fan: float, is_flat: bool) -> None:
    page = blank(WIDTH, HEIGHT)
    for i in range(12):
        for x in range(60, 840):
            y = round(200 + 60 * i + fan * (i - 6) * max(0, x - 450))
            page[y : y + 2, x] = 20
    assert find_flattening(ink.ink_mask(page, 13), 120.0, OPTIONS).is_flat is is_flat


def test_a_lean_that_changes_steadily_goes_on_where_no_strand_runs() -> None:
    """A photographed sheet: rulings around its heads, below them but labels at the left."""
    page = blank(WIDTH, HEIGHT)
    pieces = [(y, 60, 840) for y in (160, 190, 220)] + [(y, 240, 430) for y in range(330, 1130, 80)]
    for top, x0, x1 in pieces:
        slope = -0.06 * (top - 190) / 900
        for x in range(x0, x1):
            y = top + round(slope * (x - 240) + 0.4 * math.sin(x / 11 + top))
            page[y : y + 2, x] = 20
    found = find_flattening(ink.ink_mask(page, 13), 120.0, OPTIONS)
    assert found.rows is not None
    left, right = found.rows.shift(np.array([240.0, 800.0]), np.full(2, 1050.0))
    assert right - left == pytest.approx(0.057 * 560, rel=0.15)
