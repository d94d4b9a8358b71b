"""PageImage -> upright, level PageImage; `to_pdf` stays true through every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocr.values import PageImage, Pixels, Reading

ReadCrops = Callable[[Sequence[Pixels]], tuple[Reading, ...]]


@dataclass(frozen=True, slots=True)
class PreprocessOptions:
    """Which steps run."""

    orient: bool = True
    level: bool = True


def preprocess(image: PageImage, options: PreprocessOptions, read_crops: ReadCrops) -> PageImage:
    """The page upright and level."""
    return image
