"""A slash, a raised 2, a bar under a chevron before a figure, ‰: by their ink, and doubted where one witness is all there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from layout.ink_levels import measure_ink
from layout.small_marks import settle_small_marks
from layout.values import Cell, Doubt, Span
from layout.witnesses import same_reading
from ocr.geometry import Affine, BBox
from ocr.values import PageImage, Reading
from tests.builders import cell
from tests.layout.test_sign_shapes import CHEVRON, LEVEL, strokes

Line = tuple[float, float, float, float]
TEXT_PX = 24.0
BOX = BBox(20.0, 20.0, 220.0, 68.0)
SLASH, ONE = ((0.5, 0.1, 0.1, 0.9),), ((0.3, 0.1, 0.3, 0.9), (0.3, 0.1, 0.15, 0.25), (0.1, 0.9, 0.5, 0.9))
ZERO = ((0.1, 0.1, 0.5, 0.1), (0.5, 0.1, 0.5, 0.9), (0.5, 0.9, 0.1, 0.9), (0.1, 0.9, 0.1, 0.1))
TWO = ((0.1, 0.1, 0.5, 0.1), (0.5, 0.1, 0.1, 0.9), (0.1, 0.9, 0.5, 0.9))
RAISED_TWO = tuple((0.55 * x0, 0.5 * y0, 0.55 * x1, 0.5 * y1) for x0, y0, x1, y1 in TWO)


def settled(text: str, glyphs: tuple[tuple[Line, ...], ...], *readings: str, doubts: tuple[Doubt, ...] = ()) -> Cell:
    """A cell of this text whose ink is the glyphs, side by side."""
    pixels = np.full((90, 240), 245.0)
    for i, lines in enumerate(glyphs):
        ink = strokes(*lines, size=TEXT_PX, thickness=2.5)
        x = 22 + round(1.05 * TEXT_PX) * i
        part = pixels[20 : 20 + ink.shape[0], x : x + ink.shape[1]]
        part -= 215.0 * ink[: part.shape[0], : part.shape[1]]
    image = PageImage("d", 1, 144.0, "0", Affine.scaling(0.5), pixels.clip(0, 255).astype(np.uint8), 120.0, 45.0)
    found = tuple(Reading(t, 0.8, "crop") for t in readings)
    page = replace(cell(Span(0, 0, 1, 1), text), bbox=BOX, readings=found, doubts=doubts)
    return settle_small_marks(page, measure_ink(image, BOX, (), TEXT_PX))


def test_a_stroke_that_leans_is_a_slash() -> None:
    assert (settled("1", (ONE,)).text, settled("1", (ONE,)).doubts) == ("1", ())
    alone = settled("1", (SLASH,))
    assert (alone.text, alone.doubts) == ("/", (Doubt.READINGS_DIFFER,))
    seconded = settled("1", (SLASH,), "/")
    assert (seconded.text, seconded.doubts, seconded.confidence) == ("/", (), 0.99)
    assert seconded.readings[-1].source == "shape"


def test_a_raised_figure_is_no_digit() -> None:
    assert settled("102", (ONE, ZERO, TWO)).text == "102"
    alone = settled("102", (ONE, ZERO, RAISED_TWO))
    assert (alone.text, alone.doubts) == ("10²", (Doubt.READINGS_DIFFER,))
    assert settled("102", (ONE, ZERO, RAISED_TWO), "10²").doubts == ()
    assert not same_reading("10²", "102")


def test_the_bar_before_a_figure_is_seen() -> None:
    bare, barred = CHEVRON, (*CHEVRON, LEVEL)
    assert settled(">10", (bare, ONE, ZERO)).text == ">10"
    assert settled(">10", (barred, ONE, ZERO), "≥10").text == "≥10"
    assert settled(">10", (barred, ONE, ZERO), "≥10").doubts == ()
    assert settled(">10", (barred, ONE, ZERO)).doubts == (Doubt.READINGS_DIFFER,)
    assert settled(">10", (bare, ONE, ZERO), "≥10").doubts == (Doubt.READINGS_DIFFER,)


def test_per_mille_is_no_percent_and_nought() -> None:
    assert settled("%0", ()).text == "‰"
    assert settled("%0", (), "%0", "%o").doubts == ()
    assert settled("50%", ()).text == "50%"


@pytest.mark.parametrize("text", ["1", "102", ">10"])
def test_a_cell_under_a_seal_stays_doubted(text: str) -> None:
    glyphs = {"1": (SLASH,), "102": (ONE, ZERO, RAISED_TWO), ">10": ((*CHEVRON, LEVEL), ONE, ZERO)}[text]
    other = {"1": "/", "102": "10²", ">10": "≥10"}[text]
    assert settled(text, glyphs, other, doubts=(Doubt.UNDER_SEAL,)).doubts == (Doubt.UNDER_SEAL,)
