"""Print of the back side goes only where a mirror makes it legible; faint print stays."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from ocr.bleed import BleedOptions, may_show_through, without_bleed
from ocr.preprocess import turned
from ocr.smaller import Smaller
from ocr.values import Pixels, Reading
from tests.ocr.pages import blank, coloured, page_image, table_page, text_page

OPTIONS = BleedOptions()
FRONT, BACK = table_page(), text_page(3, n_lines=30)


def showing(front: Pixels, back: Pixels, share: float = 0.25) -> Pixels:
    return np.asarray(front * (1.0 - share * (1.0 - back / 255.0)), np.uint8)


def reader(as_it_is: float, mirrored: float) -> Callable[[Sequence[Pixels]], tuple[Reading, ...]]:
    """As sure of the first half of the crops, and of the second, as told."""

    def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        half = len(crops) // 2
        return tuple(Reading("字" * 9, as_it_is if i < half else mirrored, "crop") for i in range(len(crops)))

    return read


@pytest.mark.parametrize("paint", [lambda page: page, coloured], ids=["grey", "colour"])
def test_print_that_reads_in_a_mirror_becomes_paper(paint: Callable[[Pixels], Pixels]) -> None:
    image = page_image(paint(showing(FRONT, BACK[:, ::-1])))
    clean = without_bleed(image, OPTIONS, reader(0.2, 0.9))
    grey = clean.pixels.reshape(*FRONT.shape, -1).mean(axis=2)
    assert grey[FRONT > 200].min() > 200
    assert grey[FRONT < 50].max() < 60
    assert clean.digest != image.digest
    assert clean.to_pdf == image.to_pdf


def test_a_page_whose_own_print_would_fade_is_left_as_it_is() -> None:
    """Thin type on a coarse scan is hardly darker than what shows through; here the ramp is long instead."""
    image = page_image(showing(FRONT, BACK[:, ::-1]))
    assert without_bleed(image, BleedOptions(ramp=6.0), reader(0.2, 0.9)) is image
    assert without_bleed(image, BleedOptions(ramp=6.0, most_faded=1.0), reader(0.2, 0.9)) is not image


@pytest.mark.parametrize(("as_it_is", "mirrored"), [(0.9, 0.2), (0.2, 0.2), (0.9, 0.9)])
def test_faint_print_of_the_front_stays(as_it_is: float, mirrored: float) -> None:
    image = page_image(showing(FRONT, BACK))
    assert without_bleed(image, OPTIONS, reader(as_it_is, mirrored)) is image


def test_a_few_characters_in_a_mirror_are_no_back_side() -> None:
    """A star of a seal, mirrored, reads as a sure A; a page of faint figures must not be bleached for that."""

    def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        half = len(crops) // 2
        return tuple(Reading("" if i < half else "A", 0.0 if i < half else 0.9, "crop") for i in range(len(crops)))

    image = page_image(showing(FRONT, BACK[:, ::-1]))
    assert without_bleed(image, BleedOptions(readable=0.0, clear_margin=0.0), read) is image


def unasked(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
    raise AssertionError("nothing needs to be read")


@pytest.mark.parametrize(
    "page",
    [FRONT, text_page(), showing(FRONT, blank(), 0.0), np.maximum(FRONT, 150), blank(), blank(1, 1), np.zeros((90, 70), np.uint8)],
    ids=["table", "text", "white back", "grey print", "white", "one pixel", "black"],
)  # fmt: skip
def test_a_page_without_weak_characters_is_not_read(page: Pixels) -> None:
    image = page_image(page)
    assert without_bleed(image, OPTIONS, unasked) is image


@pytest.mark.parametrize(("share", "shows"), [(0.25, True), (0.0, False)])
@pytest.mark.parametrize("turn", [0, 90])
def test_a_page_as_it_lies_tells_whether_its_back_side_may_show_through(share: float, shows: bool, turn: int) -> None:
    image = turned(page_image(showing(FRONT, BACK[:, ::-1], share)), turn)
    assert may_show_through(image.dpi, OPTIONS, Smaller(image.pixels)) is shows
