"""Comparison signs drawn with arms and bars of any thickness, size and blur; other ink is no sign."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from layout.ink_levels import Weights
from layout.sign_shapes import sign_of_ink

SCALE = 4


def strokes(*lines: tuple[float, float, float, float], size: float, thickness: float, blur: float = 0.5) -> Weights:
    """Lines (x0, y0, x1, y1) in shares of ``size``, drawn ``thickness`` pixels thick on a cell of twice the size."""
    side = round(2 * size)
    ys, xs = (np.mgrid[0 : side * SCALE, 0 : side * SCALE] + 0.5) / SCALE
    ink = np.zeros(ys.shape)
    for line in lines:
        x0, y0, x1, y1 = (size * (v + 0.4) for v in line)
        along = np.clip(((xs - x0) * (x1 - x0) + (ys - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1)
        distance = np.hypot(xs - x0 - along * (x1 - x0), ys - y0 - along * (y1 - y0))
        ink[distance <= thickness / 2] = 1.0
    drawn = ink.reshape(side, SCALE, side, SCALE).mean(axis=(1, 3))
    weights = gaussian_filter(drawn, blur)
    return np.asarray(weights / weights.max(), np.float64)


CHEVRON = ((0.0, 0.0, 0.75, 0.3), (0.75, 0.3, 0.0, 0.6))
LEVEL, SLANTED = (0.0, 0.8, 0.75, 0.8), (0.0, 0.8, 0.75, 0.5)


@given(st.floats(18, 40), st.floats(1.4, 2.6), st.floats(0.3, 0.7), st.booleans())
def test_signs_are_told_in_every_size_weight_and_blur(
    size: float, thickness: float, blur: float, mirrored: bool
) -> None:
    for lines, signs in ((CHEVRON, "><"), ((*CHEVRON, LEVEL), "≥≤"), ((*CHEVRON, SLANTED), "≥≤")):
        ink = strokes(*lines, size=size, thickness=thickness, blur=blur)
        read = sign_of_ink(ink[:, ::-1] if mirrored else ink, size)
        assert read in ("", signs[mirrored])
        assert read or not (size >= 24 and 1.8 <= thickness <= 0.09 * size)


@pytest.mark.parametrize(
    "lines",
    [
        ((0.0, 0.0, 0.6, 0.0), (0.6, 0.0, 0.2, 0.8)),  # 7
        ((0.0, 0.0, 0.3, 0.7), (0.3, 0.7, 0.6, 0.0)),  # V
        ((0.0, 0.0, 0.7, 0.7),),  # a stroke that falls
        ((0.0, 0.0, 0.7, 0.7), (0.7, 0.0, 0.0, 0.7)),  # x
        ((0.0, 0.3, 0.7, 0.3), (0.0, 0.5, 0.7, 0.5)),  # =
        ((0.0, 0.0, 0.0, 0.7), (0.0, 0.0, 0.5, 0.2), (0.5, 0.2, 0.5, 0.5), (0.5, 0.5, 0.0, 0.7)),  # D
    ],
    ids=["seven", "vee", "stroke", "cross", "equals", "dee"],
)
def test_other_ink_is_no_sign(lines: tuple[tuple[float, float, float, float], ...]) -> None:
    assert sign_of_ink(strokes(*lines, size=28, thickness=2.2), 28) == ""


def test_a_blank_cell_and_a_large_mark_are_none() -> None:
    assert sign_of_ink(np.zeros((20, 30)), 20) == ""
    assert sign_of_ink(np.zeros((0, 0)), 20) == ""
    assert sign_of_ink(strokes(*CHEVRON, size=40, thickness=2.0), 15) == ""
