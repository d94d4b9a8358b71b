"""Crops read, or first glanced at: `OcrEngine.read_crops` and `OcrEngine.glance_crops` as plain callables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocr.values import Pixels, Reading

ReadCrops = Callable[[Sequence[Pixels]], tuple[Reading, ...]]
GlanceCrops = Callable[[Sequence[Pixels]], tuple[Reading | None, ...]]


def no_glance(crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
    """A reader that is sure of nothing."""
    return (None,) * len(crops)


def read_lightly(crops: Sequence[Pixels], read_crops: ReadCrops, glance_crops: GlanceCrops) -> tuple[Reading, ...]:
    """One reading per crop: that of a glance where it is sure, else one in full. Raises what the readers raise."""
    glanced = glance_crops(crops)
    unsure = [crop for crop, found in zip(crops, glanced, strict=True) if found is None]
    read = iter(read_crops(unsure) if unsure else ())
    return tuple(next(read) if found is None else found for found in glanced)
