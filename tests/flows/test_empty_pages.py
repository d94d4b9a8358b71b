"""A page with nothing on it is an empty result; an engine that fails on a page is an error, and never the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.pipeline import PageTables, Stages, read_page
from flows.settings import load_settings
from flows.wiring import wire_stages
from ocr.errors import RecognitionFailed
from ocr.values import PageImage, PageText, Pixels, Reading, TextPlaces
from tests.ocr.pages import page_image, table_page


@pytest.fixture(scope="module")
def stages() -> Stages:
    return wire_stages(load_settings(workers=1))


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((1, 1), np.uint8), np.full((1, 1, 3), 255, np.uint8), np.zeros((900, 700), np.uint8),
     np.zeros((900, 700, 3), np.uint8), np.full((900, 700), 255, np.uint8), np.zeros((900, 1), np.uint8)],
    ids=["one black pixel", "one white pixel", "black", "black in colour", "white", "one pixel wide"],
)  # fmt: skip
def test_an_empty_page_has_no_tables_and_no_text(stages: Stages, pixels: Pixels) -> None:
    assert read_page(page_image(pixels), stages) == PageTables(read_page(page_image(pixels), stages).facts)


def failing_page(image: PageImage, places: TextPlaces) -> PageText:
    raise RecognitionFailed("the network gave up")


def failing_crops(crops: object) -> tuple[Reading, ...]:
    raise RecognitionFailed("the network gave up in the middle of a page")


@pytest.mark.parametrize("pixels", [table_page(), np.zeros((900, 700), np.uint8)], ids=["table", "black"])
def test_an_engine_that_fails_is_an_error_whatever_the_page_holds(stages: Stages, pixels: Pixels) -> None:
    with pytest.raises(RecognitionFailed):
        read_page(page_image(pixels), replace(stages, recognise=failing_page))


def test_an_engine_that_fails_in_the_middle_of_a_page_is_an_error(stages: Stages) -> None:
    from functools import partial

    from ocr.preprocess import PreprocessOptions, preprocess

    cleaning = partial(preprocess, options=PreprocessOptions(), read_crops=failing_crops)
    with pytest.raises(RecognitionFailed, match="in the middle"):
        read_page(page_image(table_page()), replace(stages, preprocess=cleaning))
