"""What an OCR engine is, and how one is opened.

Options are frozen values that pickle; engines are heavy, immutable after construction, and cached once per process, so
a stage can be `functools.partial(read_page, options)` and still travel to a worker.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ocr.errors import ModelMissing
from ocr.values import NO_PLACES, PageImage, PageText, Pixels, Reading, TextPlaces


class OcrEngine(Protocol):
    """Reads pages and crops. Raises ocr.errors.EngineError; "no text" is an empty value, never an error."""

    @property
    def fingerprint(self) -> str:
        """Engine, models and all options that change results; equal fingerprints give equal readings."""
        ...

    def read_page(self, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
        """All words of the page, top to bottom, then left to right; boxes are page pixels within the page.

        places: where text is known to stand; elsewhere it is looked for.
        """
        ...

    def read_crops(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading per crop, in order.

        crops: (H, W) grey or (H, W, 3) RGB, uint8, each holding one upright text line. Character positions are pixels
        of the crop. A crop without text, or without pixels, gives the text ''; its confidence is then that of the
        statement "there is no text".
        """
        ...

    def glance_crops(self, crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        """As `read_crops`, at less than half the cost, of the crops that a cheaper reader is sure of; None for the others.

        It shares the habits of the one that reads pages first: what it says is for those who can do with less than a
        reading by `read_crops`, such as one more voice for what was read already.
        """
        ...


@dataclass(frozen=True, slots=True)
class PaddleOptions:
    """PaddleOCR on ONNX Runtime.

    detection_model_dir, recognition_model_dir: a folder with inference.onnx and inference.yml; None takes the embedded
        model of that name, or PaddleOCR's own download where `download` allows it.
    device: 'cpu', 'cuda' (an NVIDIA GPU, by onnxruntime-gpu), or 'auto': the GPU where it can be had. Another device may
        round otherwise, so it is part of the fingerprint.
    threads: how many cores detection, and the reading of lines, may use; 0 takes all this process may use.
    batch_size: lines per run of the recogniser; results do not depend on it.
    n_alternatives: at most so many other readings per character: '' stands for "nothing", two characters for one that
        may have been left out.
    detection_dpi: pages are searched for text at this resolution, or at their own where that is lower.
    figure_px, least_detection_dpi: or at that at which their smaller figures are so many pixels high, where that is
        lower still; never below the least. Detection costs by the pixel, and finds large type as well in a small picture.
    text_threshold, box_threshold: probability above which a pixel, and a box on the mean, is text. PaddleOCR's own box
        threshold of 0.6 loses one in ten lone dashes and half of all lone hyphens.
    figures: whether plain figures of a page are read by two small networks where nothing speaks against their reading
        (`figures`); crops never are, so that a second look is another reader's.
    quick: whether the recogniser in eight bits reads the strips of a page first, where the model is the embedded one and
        the processor multiplies bytes (`quick`), and glances at crops; what it is not sure of, and crops that are
        read, are the full recogniser's.
    unclip_ratio: how far a found kernel is grown to the full text, as a share of its area over its circumference.
    """

    detection_model_dir: Path | None = None
    recognition_model_dir: Path | None = None
    download: bool = False
    device: str = "cpu"
    detection_model_name: str = "PP-OCRv6_small_det"
    recognition_model_name: str = "PP-OCRv6_small_rec"
    threads: int = 0
    batch_size: int = 8
    n_alternatives: int = 4
    detection_dpi: float = 144.0
    figure_px: float = 10.5
    least_detection_dpi: float = 108.0
    text_threshold: float = 0.3
    box_threshold: float = 0.45
    unclip_ratio: float = 1.5
    figures: bool = True
    quick: bool = True


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """Readings recorded before: `<page digest>.json[.gz]` per page, crops likewise."""

    folder: Path


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """Reads with `inner` and writes every reading into `folder`, for ReplayOptions."""

    inner: PaddleOptions
    folder: Path


@dataclass(frozen=True, slots=True)
class TesseractOptions:
    """Tesseract of the system, for crops only. language: its traineddata must be installed beside the program.

    seconds_per_line: the longest it may take, on the average of the lines of a call.
    """

    program: str = "tesseract"
    language: str = "chi_sim"
    seconds_per_line: float = 5.0


EngineOptions = PaddleOptions | ReplayOptions | RecordOptions
SecondOptions = PaddleOptions | TesseractOptions


@functools.lru_cache(maxsize=4)
def open_engine(options: EngineOptions) -> OcrEngine:
    """The engine these options describe; opened once per process.

    Raises ModelMissing when a model file is missing or damaged, DeviceMissing for a device that is not there.
    """
    match options:
        case PaddleOptions():
            from ocr.engines.paddle import open_paddle

            return open_paddle(options)
        case ReplayOptions():
            from ocr.engines.replay import ReplayEngine

            return ReplayEngine(options.folder)
        case RecordOptions():
            from ocr.engines.replay import RecordingEngine

            return RecordingEngine(open_engine(options.inner), options.folder)


def load_libraries(options: EngineOptions) -> None:
    """Loads what `open_engine` needs but ONNX Runtime, which starts a thread: the process may still be forked.

    Raises ImportError.
    """
    match options:
        case PaddleOptions():
            from ocr.engines.paddle import import_paddleocr

            import_paddleocr(options)
        case RecordOptions():
            load_libraries(options.inner)


def read_page(options: EngineOptions, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
    """The `recognise` stage: `functools.partial(read_page, options)`."""
    return open_engine(options).read_page(image, places)


def read_crops(options: EngineOptions, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
    """Crops read again: `functools.partial(read_crops, options)`."""
    return open_engine(options).read_crops(crops)


def glance_crops(options: EngineOptions, crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
    """Crops read cheaply, where that can be done surely: `functools.partial(glance_crops, options)`."""
    return open_engine(options).glance_crops(crops)


def read_second(options: SecondOptions, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
    """Crops read by a second recogniser; the readings' source is its name. Raises EngineError."""
    match options:
        case TesseractOptions():
            from ocr.engines.tesseract import read_lines

            return read_lines(crops, options)
        case PaddleOptions(recognition_model_name=name):
            return tuple(replace(reading, source=name) for reading in read_crops(options, crops))


def require_second(options: SecondOptions | None) -> None:
    """Raises ModelMissing where the second recogniser could not read, so that a run ends before it begins."""
    match options:
        case TesseractOptions():
            from ocr.engines import tesseract

            if said := tesseract.problem(options):
                raise ModelMissing(f"second recogniser: {said}", remedy=tesseract.REMEDY)
        case PaddleOptions(recognition_model_dir=Path() as folder):
            from ocr.engines import models

            models.own_folder(folder)


# The threads of a network do not survive a fork: a child that used its parent's engine would wait for ever.
os.register_at_fork(after_in_child=open_engine.cache_clear)
