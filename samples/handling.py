"""What people did to a sheet before or while it became a picture: its back shows through, a shadow fell on it, it was
scanned on black, photographed at an angle, or it curled. All on light planes: (H, W) float32, 0 black, 1 paper."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from samples.values import Ageing

Light = npt.NDArray[np.float32]
_DESK = 0.28
"""Light of what lies around a photographed sheet."""


def show_back(light: Light, ageing: Ageing) -> Light:
    """The print of the back side, mirrored, blurred by the paper, ``ageing.bleed`` as black as it is there."""
    back = np.ascontiguousarray(light[:, ::-1])
    shift = round(7.0 * ageing.dpi / 72.0)
    soft = cv2.GaussianBlur(np.roll(back, (shift, -shift), (0, 1)), (0, 0), 0.5 * ageing.dpi / 72.0)
    return np.asarray(light * (1.0 - ageing.bleed * (1.0 - soft)), np.float32)


def shadow(height: int, width: int, ageing: Ageing, rng: np.random.Generator) -> Light:
    """(H, W) factor of the light: a soft-edged shadow over about half of the page, ``ageing.shadow`` deep."""
    angle = rng.uniform(0.0, 2 * np.pi)
    ys, xs = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    edge = (xs + 0.06 * np.sin(9.0 * ys)) * np.cos(angle) + ys * np.sin(angle)
    softness = rng.uniform(0.02, 0.06)
    return np.asarray(1.0 - ageing.shadow / (1.0 + np.exp(-(edge - rng.uniform(-0.1, 0.1)) / softness)), np.float32)


def on_black(light: Light, ageing: Ageing) -> Light:
    """The sheet on the black of a copier's open lid, which shows ``ageing.border_pt`` wide at most."""
    wide = round(ageing.border_pt * ageing.dpi / 72.0)
    sides = (wide, wide // 3, wide // 2, wide)
    return np.asarray(cv2.copyMakeBorder(light, *sides, cv2.BORDER_CONSTANT, value=0.03), np.float32)


def photographed(light: Light, ageing: Ageing, rng: np.random.Generator) -> Light:
    """The sheet as a camera sees it: curled as a page of a bound volume, tilted away, on a desk.

    ``ageing.perspective``: shift of a corner as a share of the page; ``ageing.curl_pt``: rise of the curl.
    """
    height, width = light.shape
    margin = round(0.03 * max(height, width))
    xs, ys = np.meshgrid(
        np.arange(width + 2 * margin, dtype=np.float32), np.arange(height + 2 * margin, dtype=np.float32)
    )
    to_flat = cv2.getPerspectiveTransform(
        _corners(height, width, margin, ageing.perspective, rng), _square(height, width)
    )
    weight = to_flat[2, 0] * xs + to_flat[2, 1] * ys + to_flat[2, 2]
    u = (to_flat[0, 0] * xs + to_flat[0, 1] * ys + to_flat[0, 2]) / weight
    v = (to_flat[1, 0] * xs + to_flat[1, 1] * ys + to_flat[1, 2]) / weight
    u, v = _uncurled(u / width, v, ageing, rng, width)
    mapped = cv2.remap(
        light, u.astype(np.float32), v.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=_DESK
    )  # fmt: skip
    return np.asarray(mapped, np.float32).clip(0.0, 1.0)


def _square(height: int, width: int) -> npt.NDArray[np.float32]:
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def _corners(height: int, width: int, margin: int, share: float, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Where the sheet's corners lie in the picture: one side is farther away, hence shorter."""
    inward = np.abs(rng.uniform(0.4, 1.0, (4, 2))) * share * np.array([width, height])
    if rng.random() < 0.5:
        inward[[0, 1]] *= 0.2  # the camera stood at the head of the page
    else:
        inward[[0, 3]] *= 0.2
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    return np.asarray(_square(height, width) + margin + signs * inward, np.float32)


def _uncurled(
    u: npt.NDArray[np.float64], v: npt.NDArray[np.float64], ageing: Ageing, rng: np.random.Generator, width: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """(column, row) of the flat sheet seen at (u of its width, v px): near the back of a volume it bends down."""
    depth = ageing.curl_pt * ageing.dpi / 72.0
    reach, lean = rng.uniform(0.25, 0.45), rng.uniform(-0.4, 0.4)
    rise = np.exp(-np.clip(u, 0.0, 1.0) / reach) + lean * np.sin(np.pi * np.clip(u, 0.0, 1.0))
    squeezed = u + 0.02 * (depth > 0) * np.exp(-np.clip(u, 0.0, 1.0) / reach) * np.sin(np.pi * np.clip(u, 0, 1))
    return squeezed * width, v - depth * rise
