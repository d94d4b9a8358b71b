"""Batches for training, made in processes of their own: drawn strips, and real ones where there are some."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines.figure_ink import HEIGHT, ink_of
from training.drawing import empty_sample, random_sample
from training.faces import Pixels
from training.texts import ALPHABET, OTHER

BUCKET = 32
WIDEST = 512
Batch = tuple[npt.NDArray[np.float16], list[str]]
Labelled = tuple[Pixels, str]


def real_strips(folder: Path, least: float = 0.9) -> list[Labelled]:
    """Strips written by `training.harvest` with what the large recogniser read, where it was sure."""
    found: list[Labelled] = []
    for path in sorted(folder.glob("*.pickle")):
        for pixels, text, confidence in pickle.loads(path.read_bytes()):
            if confidence >= least and text:
                found.append((pixels, "".join(_class_of(c) for c in text if not c.isspace())))
    return found


def _class_of(char: str) -> str:
    if char in "‐‑‒–−":
        return "-"
    return char if char in ALPHABET else OTHER


def batches(
    seed: int, size: int, faces: Sequence[Path], fallbacks: Sequence[Path], real: Sequence[Labelled], share: float
) -> Iterator[Batch]:
    """Without end. share: of real strips."""
    cv2.setNumThreads(1)
    rng = random.Random(seed)
    waiting: dict[int, list[tuple[npt.NDArray[np.float32], str]]] = {}
    while True:
        if real and rng.random() < share:
            pixels, label = rng.choice(real)
            pixels = shaken(rng, pixels)
        else:
            sample = empty_sample(rng) if rng.random() < 0.02 else random_sample(rng, faces, fallbacks)
            pixels, label = sample.pixels, sample.label
        ink = ink_of(pixels)
        if ink.shape[1] > WIDEST:
            continue
        bucket = -(-ink.shape[1] // BUCKET)
        group = waiting.setdefault(bucket, [])
        group.append((ink, label))
        if len(group) == size:
            yield _together(group, bucket * BUCKET)
            del waiting[bucket]


def _together(group: Sequence[tuple[npt.NDArray[np.float32], str]], width: int) -> Batch:
    x = np.zeros((len(group), 1, HEIGHT, width), np.float16)
    for into, (ink, _) in zip(x, group, strict=True):
        into[0, :, : ink.shape[1]] = ink
    return x, [label for _, label in group]


def shaken(rng: random.Random, pixels: Pixels) -> Pixels:
    """A real strip a little otherwise: moved, stretched, lighter, noisier."""
    height, width = pixels.shape
    scale, stretch = rng.uniform(0.9, 1.1), rng.uniform(0.9, 1.1)
    matrix = np.array(
        [[scale * stretch, rng.uniform(-0.03, 0.08), rng.uniform(-2, 2)], [0, scale, rng.uniform(-4, 4)]], np.float32
    )
    moved = cv2.warpAffine(
        pixels, matrix, (max(4, round(width * scale * stretch)), height), borderMode=cv2.BORDER_REPLICATE
    )
    paper = float(np.median(moved))
    page = paper + (moved.astype(np.float32) - paper) * rng.uniform(0.6, 1.1)
    if rng.random() < 0.4:
        page = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.3, 1.2))
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(page.shape)
    return np.asarray(np.clip(page + noise * rng.uniform(0, 5), 0, 255), np.uint8)


def produce(queue: Any, *arguments: Any) -> None:
    """Runs in a process of its own, for ever."""
    for batch in batches(*arguments):
        queue.put(batch)
