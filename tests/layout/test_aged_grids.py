"""Random grids drawn, aged all at once (waves, slant, blur, noise, specks, uneven light) and found again."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout.levelling import Floats
from layout.values import Grid
from ocr.values import Pixels
from tests.layout.drawing import Pen, draw_grid, grids
from tests.layout.test_grids import read


def _aged(canvas: Pixels, seed: int, noise: float, specks: float) -> Pixels:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(canvas, (0, 0), 0.8).astype(np.float64)
    light = 1.0 - 0.15 * np.linspace(0, 1, canvas.shape[1])[None, :]
    soft = soft * light + rng.normal(0, noise, canvas.shape)
    soft[rng.random(canvas.shape) < specks] = 40
    return np.asarray(np.clip(soft, 0, 255), dtype=np.uint8)


@pytest.mark.parametrize("pen", [Pen(), Pen(grey=110, thickness=3)], ids=["thin", "grey"])
@given(grid=grids(), seed=st.integers(0, 10_000), wave=st.floats(0, 3), slant=st.floats(-0.008, 0.008))
@settings(deadline=None, max_examples=8)
def test_an_aged_grid_is_found_again(pen: Pen, grid: Grid, seed: int, wave: float, slant: float) -> None:
    def bend(x: Floats, y: Floats) -> Floats:
        return wave * np.sin(x / 120 + y / 300) + slant * (x - 400)

    canvas = _aged(draw_grid(grid, pen, bend=bend), seed, 6.0, 0.0004)
    assert read(canvas).spans == grid.spans
