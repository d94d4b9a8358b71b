"""What happens to a strip between the printer and the recogniser: rulings, seals, stains, light, blur, thresholds, JPEG."""

from __future__ import annotations

import random

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]


def aged(rng: random.Random, ink: Grey, em: float, body: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """The strip as a scan shows it. ink: (h, w) 0..255. em: in pixels. body: rows of the text, first and last."""
    noise = np.random.default_rng(rng.getrandbits(32))
    cover = ink / 255.0
    if rng.random() < 0.35:
        cover = np.maximum(cover, _rulings(rng, cover.shape, em, body))
    if rng.random() < 0.06:
        cover = _worn(rng, noise, cover)
    paper = np.full(cover.shape, rng.choice((255.0, 250.0, rng.uniform(215, 255), rng.uniform(170, 235))), np.float32)
    if rng.random() < 0.25:
        paper *= _light(rng, cover.shape)
    if rng.random() < 0.12:
        paper -= rng.uniform(10, 60) * _seal(rng, cover.shape, em)
    if rng.random() < 0.12:
        paper -= rng.uniform(8, 45) * _through(rng, noise, ink)
    darkness = rng.choice((rng.uniform(0, 60), rng.uniform(0, 60), rng.uniform(60, 160)))
    depth = np.clip(paper - darkness, 25, 255)
    page = paper - cover * depth
    if rng.random() < 0.5:
        page = cv2.GaussianBlur(page, (0, 0), em * rng.uniform(0.01, 0.075))
    if rng.random() < 0.6:
        page = page + _grain(rng, noise, page.shape)
    if rng.random() < 0.08:
        page = _threshold(rng, page)
    if rng.random() < 0.05:
        page = 255 - page
    result = np.clip(page, 0, 255).astype(np.uint8)
    if rng.random() < 0.08:
        result = _peppered(rng, noise, result)
    if rng.random() < 0.4:
        _, data = cv2.imencode(".jpg", result, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 92)])
        result = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return result


def _rulings(rng: random.Random, shape: tuple[int, ...], em: float, body: tuple[int, int]) -> Grey:
    height, width = shape[:2]
    drawn = np.zeros((height, width), np.float32)
    thick = max(1, round(em * rng.uniform(0.02, 0.12)))
    strength = rng.choice((1.0, 1.0, rng.uniform(0.3, 1.0)))
    for side in rng.sample(("top", "foot", "left", "right"), rng.choice((1, 1, 2))):
        if side == "top":
            row = rng.randint(0, max(0, body[0] - thick))
            drawn[row : row + thick] = strength
        elif side == "foot":
            row = rng.randint(min(height - 1, max(0, body[1] + thick)), height - 1)
            drawn[row : row + thick] = strength
        elif side == "left":
            drawn[:, : rng.randint(1, thick)] = strength
        else:
            drawn[:, width - rng.randint(1, thick) :] = strength
    if rng.random() < 0.2:
        period = rng.randint(2, 8)
        drawn[:, (np.arange(width) // period) % 2 == 0] = 0
    return drawn


def _worn(rng: random.Random, noise: np.random.Generator, cover: Grey) -> Grey:
    field = cv2.GaussianBlur(noise.standard_normal(cover.shape).astype(np.float32), (0, 0), rng.uniform(0.6, 1.5))
    field /= field.std() + 1e-6
    return np.asarray(cover * np.clip(1.2 + rng.uniform(0.2, 0.6) * field, 0, 1), np.float32)


def _light(rng: random.Random, shape: tuple[int, ...]) -> Grey:
    rows, columns = np.linspace(-0.5, 0.5, shape[0])[:, None], np.linspace(-0.5, 0.5, shape[1])[None, :]
    return np.asarray(1 + rng.uniform(-0.15, 0.15) * rows + rng.uniform(-0.25, 0.25) * columns - 0.1, np.float32)


def _seal(rng: random.Random, shape: tuple[int, ...], em: float) -> Grey:
    """Strokes and an arc of a seal, in the grey its red has."""
    drawn = np.zeros(shape[:2], np.uint8)
    height, width = shape[:2]
    thick = max(1, round(em * rng.uniform(0.08, 0.2)))
    radius = int(em * rng.uniform(2, 6))
    cv2.circle(
        drawn,
        (rng.randint(-radius, width + radius), rng.randint(-radius, height + radius)),
        radius,
        255,
        thick,
        cv2.LINE_AA,
    )
    for _ in range(rng.randint(0, 5)):
        points = [(rng.randint(0, width), rng.randint(-3, height + 3)) for _ in range(2)]
        cv2.line(drawn, points[0], (points[0][0] + rng.randint(-9, 9), points[1][1]), 255, thick, cv2.LINE_AA)
    return np.asarray(drawn.astype(np.float32) / 255, np.float32)


def _through(rng: random.Random, noise: np.random.Generator, ink: Grey) -> Grey:
    """The back of the sheet: what is printed there, mirrored, soft and out of place."""
    back = np.roll(ink[:, ::-1], (rng.randint(-6, 6), rng.randint(-30, 30)), (0, 1)) / 255
    return np.asarray(cv2.GaussianBlur(back, (0, 0), rng.uniform(0.6, 2.0)).astype(np.float32), np.float32)


def _grain(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...]) -> Grey:
    grain = noise.standard_normal(shape[:2]).astype(np.float32)
    if rng.random() < 0.4:
        grain = cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.4, 1.2))
        grain /= grain.std() + 1e-6
    return np.asarray(grain * rng.choice((rng.uniform(1, 5), rng.uniform(4, 16))), np.float32)


def _threshold(rng: random.Random, page: Grey) -> Grey:
    low, high = float(page.min()), float(page.max())
    return np.where(page < low + (high - low) * rng.uniform(0.35, 0.7), 0.0, 255.0).astype(np.float32)


def _peppered(rng: random.Random, noise: np.random.Generator, page: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    where = noise.random(page.shape) < rng.uniform(0.001, 0.015)
    page = page.copy()
    page[where] = noise.integers(0, 2, int(where.sum())) * 255
    return page
