"""Deep shadows are mended; even pages, fills and dark headers stay as they are."""

import numpy as np
import pytest

from ocr import ink
from ocr.light import LightOptions, evened, find_paper
from ocr.values import Pixels
from tests.ocr.pages import blank, coloured, page_image, table_page, text_page

PAGE = text_page()


def shadowed(page: Pixels, depth: float, softness: float = 40.0) -> Pixels:
    """Darker from the middle on, over ``softness`` pixels."""
    columns = np.arange(page.shape[1]) - page.shape[1] / 2
    lamp = 1.0 - depth / (1.0 + np.exp(-columns / softness))
    return np.asarray(page * (lamp[None, :, None] if page.ndim == 3 else lamp), np.uint8)


@pytest.mark.parametrize("page", [PAGE, coloured(PAGE)], ids=["grey", "colour"])
@pytest.mark.parametrize("depth", [0.6, 0.85])
def test_paper_in_the_shadow_is_as_bright_as_paper_in_the_light(page: Pixels, depth: float) -> None:
    even = evened(page_image(shadowed(page, depth))).pixels.reshape(*PAGE.shape, -1).mean(axis=2)
    assert np.percentile(even[PAGE > 200], 2) > 220
    assert np.percentile(even[PAGE < 50], 98) < 80


def test_a_page_in_even_light_keeps_its_pixels_and_digest() -> None:
    for page in (PAGE, coloured(PAGE), shadowed(PAGE, 0.3), table_page(), blank(), blank(grey=90), blank(1, 1, 0)):
        image = page_image(page)
        assert evened(image) is image


def test_dark_headers_and_pictures_are_no_shadows() -> None:
    page = table_page()
    page[150:190, 60:840] = 255 - page[150:190, 60:840]
    page[800:1100, 100:500] = 60
    image = page_image(page)
    assert evened(image) is image
    shaded = evened(page_image(shadowed(page, 0.7))).pixels
    assert np.median(shaded[155:185, 70:100]) < 80
    assert np.median(shaded[850:1050, 150:450]) < 100


def test_the_grain_of_a_blank_page_is_no_shadow() -> None:
    image = page_image(np.random.default_rng(0).normal(230, 6, (1200, 900)).clip(0, 255).astype(np.uint8))
    assert evened(image) is image


def test_a_dark_head_of_a_table_is_not_part_of_the_paper() -> None:
    page = np.full((1200, 900), 235, np.uint8)
    page[200:360, 60:840] = 95
    for x in range(70, 780, 110):
        page[225:265, x : x + 90 : 4] = 245  # light print, which blurs the edge of the fill
    paper, _ = find_paper(page, page_image(page).dpi, LightOptions())
    assert paper.min() > 220
    tall = np.full((1200, 900), 235, np.uint8)
    tall[:, 500:] = 95
    assert find_paper(tall, page_image(tall).dpi, LightOptions())[0].min() < 100


def grained(page: Pixels, deviation: float) -> Pixels:
    """Each channel with a grain of its own, as coarse as JPEG keeps colour."""
    rng = np.random.default_rng(4)
    height, width = page.shape[:2]
    coarse = rng.normal(0.0, deviation, (height // 8 + 1, width // 8 + 1, 3)).repeat(8, axis=0).repeat(8, axis=1)
    fine = rng.normal(0.0, deviation, (height, width, 1))
    return np.asarray((page + coarse[:height, :width] + fine).clip(0, 255), np.uint8)


def test_grain_that_is_made_much_of_in_a_deep_shadow_has_no_colour_and_breaks_no_strokes() -> None:
    page = grained(shadowed(coloured(PAGE), 0.88), 2.0)
    even = evened(page_image(page)).pixels.astype(int)
    dark = even[:, 640:]
    assert np.ptp(dark, axis=2).max() == 0
    paper, ink = dark[PAGE[:, 640:] > 200][..., 0], dark[PAGE[:, 640:] < 50][..., 0]
    assert np.std(paper) < 10  # dividing alone leaves 20
    assert np.percentile(ink, 95) < 120 < np.percentile(paper, 1) - 60


def test_in_the_light_the_page_keeps_colour_and_grain() -> None:
    page = grained(shadowed(coloured(PAGE), 0.88), 2.0)
    page[300:360, 40:90] = (200, 40, 40)
    even = evened(page_image(page)).pixels.astype(int)
    assert np.ptp(even[320, 60]) > 100
    lit = even[:, 20:200][PAGE[:, 20:200] > 200]
    assert np.std(lit[:, 1]) > 2.0


def test_grain_is_taken_out_in_parts_as_it_would_be_of_the_whole() -> None:
    grey = np.random.default_rng(5).normal(200, 12, (400, 150)).clip(0, 255).astype(np.uint8)
    where = np.zeros(grey.shape, bool)
    where[50:340, 20:90] = True
    where[395:, 100:] = True
    calm = ink.without_grain(grey, 0.6, 18.0, where)
    whole = ink.without_grain(grey, 0.6, 18.0, np.ones(grey.shape, bool))
    assert np.array_equal(calm[where], whole[where])
    assert np.abs(whole.astype(int) - grey).mean() > 5
    assert np.array_equal(calm[:50], grey[:50])
