"""Seals as offices set them: a ring with lettering along it and a star, ink that lets black print show through."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from samples.values import Ageing

Planes = npt.NDArray[np.float32]  # (H, W, 3), 0 to 255
Mask = npt.NDArray[np.uint8]
_RADIUS_PT = 59.0
_COVER = 0.8


def stamp(pixels: Planes, ageing: Ageing, rng: np.random.Generator) -> Planes:
    """The page with ``ageing.seals`` seals: anywhere in its middle, or over its most inked places."""
    for _ in range(ageing.seals):
        radius = round(_RADIUS_PT * ageing.dpi / 72.0)
        places = [_place(pixels.shape, rng) for _ in range(12 if ageing.seal_over_ink else 1)]
        centre = max(places, key=lambda place: _ink_under(pixels, place, radius))
        cover = (_seal(pixels.shape[:2], centre, radius, rng).astype(np.float32) / 255.0 * _COVER)[..., None]
        pixels = pixels * (1.0 - cover + cover * np.array(ageing.seal_rgb, np.float32) / 255.0)
    return pixels


def _place(shape: tuple[int, ...], rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.uniform(0.25, 0.75) * shape[1]), int(rng.uniform(0.3, 0.7) * shape[0])


def _ink_under(pixels: Planes, centre: tuple[int, int], radius: int) -> int:
    x, y = centre
    return int((pixels[max(0, y - radius) : y + radius, max(0, x - radius) : x + radius].min(axis=2) < 128).sum())


def _seal(shape: tuple[int, int], centre: tuple[int, int], radius: int, rng: np.random.Generator) -> Mask:
    """(H, W) uint8, 255 where its ink is full; the pad was dry in places."""
    mask = np.zeros(shape, np.uint8)
    cv2.circle(mask, centre, radius, 255, max(2, radius // 18), cv2.LINE_AA)
    cv2.fillPoly(mask, [_star(centre, radius * 0.32)], 255, cv2.LINE_AA)
    for angle in np.linspace(0.75 * np.pi, 2.25 * np.pi, 12):
        _letter(mask, centre, radius, angle, rng)
    dry = cv2.resize(rng.uniform(0.55, 1.0, (24, 24)).astype(np.float32), (2 * radius, 2 * radius))
    x0, y0 = max(0, centre[0] - radius), max(0, centre[1] - radius)
    part = mask[y0 : centre[1] + radius, x0 : centre[0] + radius]
    part[...] = part * dry[: part.shape[0], : part.shape[1]]
    return mask


def _star(centre: tuple[int, int], radius: float) -> npt.NDArray[np.int32]:
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    radii = np.where(np.arange(10) % 2 == 0, radius, radius * 0.4)
    points = np.stack([centre[0] + radii * np.cos(angles), centre[1] + radii * np.sin(angles)], axis=1)
    return points.astype(np.int32)


def _letter(mask: Mask, centre: tuple[int, int], radius: int, angle: float, rng: np.random.Generator) -> None:
    """A few strokes in a square on the rim, standing towards the centre, in place of a character."""
    out = np.array([np.cos(angle), np.sin(angle)])
    along = np.array([-out[1], out[0]])
    middle, half = np.array(centre) + out * radius * 0.73, radius * 0.1
    for step in (-1.0, 0.0, 1.0):
        for one, other in ((out, along), (along, out)):
            reach = half * rng.uniform(0.6, 1.0)
            start, stop = (middle + other * half * step + one * sign * reach for sign in (-1.0, 1.0))
            cv2.line(
                mask, start.astype(int).tolist(), stop.astype(int).tolist(), 255, max(2, radius // 36), cv2.LINE_AA
            )
