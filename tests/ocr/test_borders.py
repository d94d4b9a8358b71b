"""The black around a sheet becomes paper; print, fills and shadows stay."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.borders import BorderOptions, without_borders
from ocr.values import Pixels
from tests.ocr.pages import blank, coloured, page_image, table_page

TABLE = table_page()


@pytest.mark.parametrize("paint", [lambda page: page, coloured], ids=["grey", "colour"])
def test_a_lid_becomes_paper_and_print_stays(paint) -> None:  # type: ignore[no-untyped-def]
    plain = np.pad(TABLE, 60, constant_values=8)
    page = paint(plain)
    clean = without_borders(page_image(page), BorderOptions())
    inner = clean.pixels[75:-75, 75:-75]
    assert (inner == page[75:-75, 75:-75]).all()
    assert clean.pixels[:58].min() > 200
    assert clean.pixels[:, :58].min() > 200
    assert clean.digest != "digest"


def head_at_edge() -> Pixels:
    page = table_page()
    page[150:190, 60:840] = 30
    return page


def frame() -> Pixels:
    page = table_page()
    page[20:26, 20:-20] = page[-26:-20, 20:-20] = 0
    page[20:-20, 20:26] = page[20:-20, -26:-20] = 0
    return page


def shadow() -> Pixels:
    """Half of the page as dark as a desk, print and all."""
    page = table_page().astype(float)
    page[:, :400] *= 0.12
    return page.astype(np.uint8)


@pytest.mark.parametrize(
    "page",
    [
        TABLE,
        shadow(),
        head_at_edge(),
        frame(),
        (TABLE * 0.3).astype(np.uint8),
        blank(1, 1, 0),
        np.zeros((80, 60), np.uint8),
    ],
    ids=["plain", "shadow", "dark head", "thin frame", "dark scan", "one pixel", "black"],
)
def test_other_pages_stay_as_they_are(page: Pixels) -> None:
    image = page_image(page)
    assert without_borders(image, BorderOptions()) is image
