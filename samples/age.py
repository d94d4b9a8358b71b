"""Clean pixels -> a scan: tilt, wave, faded ink, yellow paper, uneven light, blur, noise. Deterministic by its seed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from samples.handling import on_black, photographed, shadow, show_back
from samples.office_seals import set_stamps
from samples.stamps import stamp
from samples.values import Ageing

Pixels = npt.NDArray[np.uint8]
Light = npt.NDArray[np.float32]  # 0 black, 1 paper


@dataclass(frozen=True, slots=True)
class AgedPage:
    """pixels: (H, W) or (H, W, 3) RGB uint8. skew_degrees: clockwise turn that the page got."""

    pixels: Pixels
    skew_degrees: float


def seed_for(*parts: object) -> int:
    """A number that depends on the parts alone, on every machine."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:8], "big")


def age(clean: Pixels, ageing: Ageing, seed: int) -> AgedPage:
    """One clean sheet, grown old by ``ageing`` at ``seed``; its size stays but for black borders and a camera's margin."""
    rng = np.random.default_rng(seed)
    dpi = ageing.dpi
    skew = round(float(rng.uniform(0.35, 1.0) * rng.choice([-1.0, 1.0]) * ageing.skew_degrees), 2)
    light = clean.astype(np.float32) / 255.0
    if ageing.broken:
        light = _break_strokes(light, ageing.broken, dpi, rng)
    if ageing.bleed:
        light = show_back(light, ageing)
    if ageing.border_pt:
        light = on_black(light, ageing)
    light = _tilt(light, skew, 0.03 if ageing.border_pt else 1.0)
    if ageing.perspective or ageing.curl_pt:
        light = photographed(light, ageing, rng)
    if ageing.warp_pt or ageing.shear_degrees:
        light = _warp(light, ageing, rng)
    light = 1.0 - (1.0 - light) * ageing.ink
    if ageing.blur_pt:
        light = cv2.GaussianBlur(light, (0, 0), max(0.2, ageing.blur_pt * dpi / 72.0)).astype(np.float32)
    return AgedPage(_expose(light, ageing, rng), skew)


def _tilt(light: Light, degrees: float, around: float) -> Light:
    height, width = light.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(light, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=around), dtype=np.float32
    ).clip(0.0, 1.0)


def _warp(light: Light, ageing: Ageing, rng: np.random.Generator) -> Light:
    """A page that does not lie flat: one slow wave each way, and sides that lean differently."""
    height, width = light.shape
    depth = ageing.warp_pt * ageing.dpi / 72.0
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    phase = rng.uniform(0.0, 2 * np.pi, size=2)
    dy = depth * np.sin(2 * np.pi * xs / width + phase[0])
    dx = 0.5 * depth * np.sin(2 * np.pi * ys / height + phase[1])
    lean = np.tan(np.radians(ageing.shear_degrees)) * (xs / width - 0.5) * (ys - height / 2)
    mapped = cv2.remap(
        light, (xs + dx + lean).astype(np.float32), (ys + dy).astype(np.float32), cv2.INTER_CUBIC, borderValue=1.0
    )
    return np.asarray(mapped, dtype=np.float32).clip(0.0, 1.0)


def _break_strokes(light: Light, share: float, dpi: float, rng: np.random.Generator) -> Light:
    """Bleaches small blots over the page, as a fax or a worn drum does; thin rulings lose pieces of themselves."""
    height, width = light.shape
    side = max(2, round(1.6 * dpi / 72.0))
    coarse = rng.random((height // side + 1, width // side + 1)) < share
    mask = cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    dark_run = cv2.blur((light < 0.6).astype(np.float32), (16 * side, 1)) + cv2.blur(
        (light < 0.6).astype(np.float32), (1, 16 * side)
    )
    on_ruling = np.clip((dark_run - 0.85) * 8, 0.0, 1.0)
    return np.asarray(light + (1.0 - light) * np.clip(mask * on_ruling * 1.5, 0.0, 1.0), dtype=np.float32)


def _expose(light: Light, ageing: Ageing, rng: np.random.Generator) -> Pixels:
    height, width = light.shape
    grain = rng.normal(0.0, 1.0, size=(height, width)).astype(np.float32) * ageing.noise
    lamp = _lamp(height, width, ageing, rng)
    if ageing.mode == "colour":
        channels = [light * lamp * tone + grain for tone in ageing.paper]
        pixels = np.stack(channels, axis=-1)
        if ageing.seals:
            pixels = stamp(pixels, ageing, rng)
        if ageing.stamps:
            pixels = set_stamps(pixels, ageing, rng)
    else:
        pixels = light * lamp * float(np.mean(ageing.paper)) + grain
    pixels = _sprinkle(pixels.clip(0, 255).astype(np.uint8), ageing, rng)
    if ageing.mode == "bilevel":
        return np.where(pixels < 165, 0, 255).astype(np.uint8)
    return np.asarray(pixels, dtype=np.uint8)


def _lamp(height: int, width: int, ageing: Ageing, rng: np.random.Generator) -> Light:
    """Uneven light (H, W): a slope across the page, and the dark band at one edge where the lid stood open."""
    angle = rng.uniform(0.0, 2 * np.pi)
    ys, xs = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    slope = (xs * np.cos(angle) + ys * np.sin(angle) + 0.71) / 1.42
    lamp = 1.0 - ageing.shade * slope
    if ageing.edge:
        lamp = lamp * (1.0 - 0.75 * np.exp(-((xs + 0.5) * width / (0.05 * ageing.dpi))))
    if ageing.shadow:
        lamp = lamp * shadow(height, width, ageing, rng)
    return np.asarray(lamp, dtype=np.float32)


def _sprinkle(pixels: Pixels, ageing: Ageing, rng: np.random.Generator) -> Pixels:
    if not ageing.salt:
        return pixels
    count = round(ageing.salt * pixels.shape[0] * pixels.shape[1])
    ys, xs = rng.integers(0, pixels.shape[0], count), rng.integers(0, pixels.shape[1], count)
    sprinkled = pixels.copy()
    sprinkled[ys, xs] = (
        np.where(rng.random(count) < 0.5, 20, 255)[:, None]
        if pixels.ndim == 3
        else np.where(rng.random(count) < 0.5, 20, 255)
    )
    return sprinkled
