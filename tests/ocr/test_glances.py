from collections.abc import Sequence

import numpy as np

from ocr.glances import no_glance, read_lightly
from ocr.values import Pixels, Reading

CROPS = tuple(np.full((4, width), 255, np.uint8) for width in (5, 6, 7))


def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
    assert crops, "nothing to read is not asked for"
    return tuple(Reading(f"full {crop.shape[1]}", 0.9, "crop") for crop in crops)


def glance(crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
    return tuple(Reading("sure", 0.99, "crop") if crop.shape[1] == 6 else None for crop in crops)


def test_only_what_a_glance_is_not_sure_of_is_read_and_the_order_stays() -> None:
    assert [r.text for r in read_lightly(CROPS, read, glance)] == ["full 5", "sure", "full 7"]
    assert [r.text for r in read_lightly(CROPS[1:2], read, glance)] == ["sure"]
    assert read_lightly((), read, glance) == ()


def test_without_a_glance_everything_is_read() -> None:
    assert read_lightly(CROPS, read, no_glance) == read(CROPS)
