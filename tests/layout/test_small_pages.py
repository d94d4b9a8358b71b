"""What several stages look at is made once for a page, and never of another."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from layout import small_pages
from layout.ink import darkness, luminance, shrink
from layout.small_pages import page_luminance, small_darkness, small_darknesses
from ocr.geometry import Affine
from ocr.values import PageImage, Pixels


def page(pixels: Pixels) -> PageImage:
    return PageImage("doc", 1, 150.0, "digest", Affine.identity(), pixels, 100.0, 100.0)


def noise(seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (90, 70), np.uint8)


@pytest.mark.parametrize("factor", [0.5, 1.0])
def test_each_page_has_its_own(factor: float) -> None:
    for seed in (1, 2, 1):
        found = small_darkness(page(noise(seed)), factor, 12)
        assert np.array_equal(found, darkness(shrink(noise(seed), factor), 12))


def test_it_is_made_once_for_a_page_and_goes_with_it() -> None:
    image = page(noise(3))
    assert small_darkness(image, 0.5, 12) is small_darkness(image, 0.5, 12)
    assert small_darkness(image, 0.5, 12) is not small_darkness(image, 0.5, 18)
    del image
    gc.collect()
    assert not small_pages._LATEST.made


def test_nobody_writes_into_what_others_look_at() -> None:
    with pytest.raises(ValueError, match="read-only"):
        small_darkness(page(noise(4)), 0.5, 12)[0, 0] = 1


def test_several_are_what_each_is_alone() -> None:
    found = small_darknesses(page(noise(5)), 0.5, (12, 30))
    assert all(np.array_equal(a, small_darkness(page(noise(5)), 0.5, w)) for a, w in zip(found, (12, 30), strict=True))


def test_a_page_in_colour_is_made_grey_once() -> None:
    colour = page(np.random.default_rng(6).integers(0, 256, (90, 70, 3), np.uint8))
    assert page_luminance(colour) is page_luminance(colour)
    assert np.array_equal(page_luminance(colour), luminance(colour.pixels))
    grey = page(noise(7))
    assert page_luminance(grey) is grey.pixels
