"""Crops read, or first glanced at: `OcrEngine.read_crops` and `OcrEngine.glance_crops` as plain callables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocr.values import Pixels, Reading

ReadCrops = Callable[[Sequence[Pixels]], tuple[Reading, ...]]
GlanceCrops = Callable[[Sequence[Pixels]], tuple[Reading | None, ...]]


def no_glance(crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
    """A reader that is sure of nothing."""
    return (None,) * len(crops)
