"""PaddleOCR behind the OcrEngine boundary: the only importer of paddleocr and paddlex.

PaddleOCR opens both networks and makes boxes of what the detector sees. The networks are run by
`networks`, without PaddleOCR's loop around them: the same numbers go in and come out. Its decoder is replaced by
`ctc.decode`, which gives the same text and keeps per-character confidence, place and alternatives.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from itertools import chain, groupby
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ocr.engines import models, strips
from ocr.engines.boundary import PaddleOptions
from ocr.engines.boxes import merge_overlapping, settle
from ocr.engines.ctc import Alphabet, Decoded, decode
from ocr.engines.detection import detection_dpi, figure_height, shrunk, windows
from ocr.engines.figures import FigureReader, FiguresSeen, open_figures
from ocr.engines.gaps import with_lost_marks
from ocr.engines.networks import Network, but_last, channel_tables, chosen_device, recogniser_table, session_for
from ocr.engines.paddle_environment import without_unused
from ocr.engines.quick import QuickReader, open_quick
from ocr.engines.quick import fingerprint as quick_fingerprint
from ocr.engines.strips import LineCrop, Quad, Strip
from ocr.engines.words import NARROW, read_words
from ocr.errors import EngineError, RecognitionFailed
from ocr.freed import give_back
from ocr.geometry import BBox
from ocr.values import NO_PLACES, Char, PageImage, PageText, Pixels, Reading, TextPlaces, TextSource, Word

MAX_BATCH_COLUMNS = 2 * 640
"""A batch holds 18,710 probabilities for every 8 columns: this keeps it under 12 MB a core, which its cache may hold."""
GPU_BATCH_COLUMNS = 8 * 640
LARGE = 1_000_000
"""Pixels of a picture for which the detector takes 150 MB and more: what earlier steps have freed goes back before."""
TALL = 1.5
"""PaddleOCR's limit: a box this much taller than wide may hold a line that runs down the page."""

ReadBatch = Callable[[list[Pixels], bool], Sequence[Decoded | None]]
"""Strips of one width, and whether another batch follows at once -> what is read in each; None where that is not sure."""

T = TypeVar("T")
_SAME_RESULT = {"threads", "batch_size", "download"}


@dataclass(frozen=True, slots=True, eq=False)
class PaddleEngine:
    """Opened networks; reading changes nothing in it, so threads may share it.

    detector: PaddleOCR's predictor, which finds boxes in what `finder` makes of the page.
    figures: reads a page's plain figures before the recogniser is asked; None where that is off.
    quick: reads every strip of a page before the recogniser is asked; None where it is off or cannot be had.
    """

    options: PaddleOptions
    fingerprint: str
    detector: Any
    finder: Network
    recogniser: Network
    alphabet: Alphabet
    least_width: int
    figures: FigureReader | None = None
    quick: QuickReader | None = None

    def read_page(self, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
        quads = self._find_boxes(image.pixels, image.dpi, (*places.areas, *places.strokes))
        with _mapped():
            page = strips.as_bgr(image.pixels)  # only now: the detector needs the memory
        found = _settled(page, quads)
        words = self._read_boxes(page, _outside(found, places.areas), places.lines)
        return PageText(image.digest, TextSource.OCR, tuple(sorted(words, key=lambda w: (w.bbox.y0, w.bbox.x0))))

    def read_crops(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(_reading(parts) for parts in self._read_lines(list(map(_as_line, crops))))

    def glance_crops(self, crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        return tuple(map(_sure_reading, self._by_line(list(map(_as_line, crops)), self.glance_strips)))

    def read_strips(self, image: PageImage) -> list[tuple[Strip, Decoded]]:
        """Each strip of the page with what the large recogniser reads in it, to train and to measure others with."""
        page = strips.as_bgr(image.pixels)
        quads = _settled(page, self._find_boxes(image.pixels, image.dpi, ()))
        return list(chain.from_iterable(self._read_lines([strips.line_crop(page, quad) for quad in quads])))

    def _find_boxes(self, page: Pixels, dpi: float, done: Sequence[BBox]) -> list[Quad]:
        """Corners of each text box, from the top left clockwise, in page pixels. page: as PageImage.pixels; done:
        areas in which there is nothing to look for."""
        quads: list[Quad] = []
        with _mapped():
            grey = strips.green_of(page)
            small = strips.as_bgr(shrunk(page, detection_dpi(figure_height(grey, dpi), self.options) / dpi))
            down, across = small.shape[0] / page.shape[0], small.shape[1] / page.shape[1]
            areas = [BBox(a.x0 * across, a.y0 * down, a.x1 * across, a.y1 * down) for a in done]
            for rows, columns in windows(strips.green_of(small), areas):
                part = np.ascontiguousarray(small[rows, columns])
                if part.shape[0] * part.shape[1] >= LARGE:
                    give_back()
                corner = np.array([columns.start / across, rows.start / down], np.float32)
                shape = np.array([part.shape[0] / down, part.shape[1] / across, down, across])
                (found,), _ = self.detector.post_op([self.finder([part])], [shape])
                quads += [np.asarray(quad, np.float32) + corner for quad in found]
        return quads

    def _read_boxes(self, page: Pixels, found: Sequence[Quad], lines: Sequence[BBox]) -> Iterator[Word]:
        """found: by the detector, of which tall ones may run down; lines: known to run across."""
        quads = [*found, *map(_corners, lines)]
        upright = self._read_lines([strips.line_crop(page, quad) for quad in quads], glance=True)
        tall = [i for i, quad in enumerate(found) if _is_tall(quad)]
        turned = dict(zip(tall, self._read_lines([strips.turned(page, quads[i]) for i in tall]), strict=True))
        for i, quad in enumerate(quads):
            readings = [_reading(upright[i]), _reading(turned.get(i, ()))]
            # One character is never a column: a lone 1 is as tall.
            likely = [r for n, r in enumerate(readings, 1) if len(r.text) >= n]
            best = max(likely, key=lambda r: r.confidence, default=None)
            if best is not None:
                yield Word(best.text, _clipped(quad, page), best.confidence, best.chars)

    def _read_lines(self, lines: Sequence[LineCrop], glance: bool = False) -> list[tuple[tuple[Strip, Decoded], ...]]:
        """Each line's strips with what was read in them. glance: whether the cheaper readers are asked first."""
        return self._by_line(lines, functools.partial(self._decode_strips, glance=glance))

    def _by_line(
        self, lines: Sequence[LineCrop], decode_strips: Callable[[Sequence[Strip]], Sequence[T]]
    ) -> list[tuple[tuple[Strip, T], ...]]:
        """Each line's strips with what is made of each; all strips of all lines in one call."""
        cut = [strips.to_strips(line, self.least_width) for line in lines]
        made = iter(decode_strips(list(chain.from_iterable(cut))))
        return [tuple((strip, next(made)) for strip in parts) for parts in cut]

    def glance_strips(self, flat: Sequence[Strip]) -> list[Decoded | None]:
        """What the quick reader is sure of."""
        found: list[Decoded | None] = [None] * len(flat)
        if self.quick:
            self._decode_rest(flat, found, self.quick.read)
        return found

    def _decode_strips(self, flat: Sequence[Strip], glance: bool = False) -> list[Decoded]:
        """What the figure networks, then the quick reader, are sure of, if they are asked; the rest by the recogniser."""
        with _mapped():
            seen = self.figures.read(flat) if self.figures and glance else FiguresSeen((None,) * len(flat))
        found = list(seen.taken)
        if self.quick and glance:
            words = read_words([flat[i] for i in seen.words], self.glance_strips, self.least_width)
            for place, decoded in zip(seen.words, words, strict=True):
                found[place] = decoded
            self._decode_rest(flat, found, self.quick.read)
        self._decode_rest(flat, found, self._recognise)
        return [decoded for decoded in found if decoded is not None]

    def _decode_rest(self, flat: Sequence[Strip], found: list[Decoded | None], read: ReadBatch) -> None:
        """Puts into ``found`` what is read in strips that have nothing yet."""
        missing = [i for i, decoded in enumerate(found) if decoded is None]
        columns = GPU_BATCH_COLUMNS if self.recogniser.is_on_gpu else MAX_BATCH_COLUMNS
        batches = batches_of(flat, missing, self.options.batch_size, columns)
        readings = self._side_by_side(read, [[flat[i].pixels for i in batch] for batch in batches])
        for index, decoded in zip(chain.from_iterable(batches), chain.from_iterable(readings), strict=True):
            found[index] = decoded

    def _side_by_side(self, read: ReadBatch, batches: list[list[Pixels]]) -> list[Sequence[Decoded | None]]:
        """Batches of equal widths, each on one core: twice as fast as one batch on all cores."""

        def mapped(batch: list[Pixels], keep: bool) -> Sequence[Decoded | None]:
            with _mapped():
                return read(batch, keep)

        keep = but_last(len(batches))
        threads = min(_threads(self.options), len(batches))
        if threads <= 1:
            return list(map(mapped, batches, keep))
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(mapped, batches, keep))

    def _recognise(self, batch: list[Pixels], keep: bool = False) -> list[Decoded]:
        """One run of the recogniser; all strips of a batch have one width."""
        return [decode(found, self.alphabet, self.options.n_alternatives) for found in self.recogniser(batch, keep)]


def batches_of(flat: Sequence[Strip], asked: Sequence[int], size: int, most_columns: int) -> list[list[int]]:
    """Of the indices asked for, those of strips of one width together, the widest first, so that no core is left with a long one at the end."""

    def width(index: int) -> int:
        return int(flat[index].pixels.shape[1])

    result: list[list[int]] = []
    for columns, group in groupby(sorted(asked, key=width, reverse=True), key=width):
        indices, step = list(group), max(1, min(size, most_columns // columns))
        result += [indices[i : i + step] for i in range(0, len(indices), step)]
    return result


def _reading(parts: Sequence[tuple[Strip, Decoded]]) -> Reading:
    """The parts of one line joined; without parts (a crop without pixels) surely no text."""
    chars: tuple[Char, ...] = ()
    for strip, decoded in parts:
        chars += with_lost_marks(strips.place_symbols(decoded, strip))
    if chars:
        return Reading("".join(c.text for c in chars), min(c.confidence for c in chars), "crop", chars)
    return Reading("", min((decoded.blank_confidence for _, decoded in parts), default=1.0), "crop")


def _sure_reading(parts: Sequence[tuple[Strip, Decoded | None]]) -> Reading | None:
    """The parts of one line joined; None where one of them was not surely read."""
    sure = [(strip, decoded) for strip, decoded in parts if decoded is not None]
    return _reading(sure) if len(sure) == len(parts) else None


def _as_line(crop: Pixels) -> LineCrop:
    return LineCrop(strips.as_bgr(crop), 0.0, float(crop.shape[1]))


def _settled(page: Pixels, quads: Sequence[Quad]) -> list[Quad]:
    """Level boxes cut at rulings, with their ends where their text ends; slanted and tall ones as they are."""
    level = [quad for quad in quads if strips.is_level(quad) and not _is_tall(quad)]
    others = [quad for quad in quads if not strips.is_level(quad) or _is_tall(quad)]
    parts = chain.from_iterable(settle(strips.green_of(page), _clipped(quad, page)) for quad in level)
    return [_corners(box) for box in merge_overlapping(list(parts))] + others


def _outside(quads: Sequence[Quad], areas: Sequence[BBox]) -> list[Quad]:
    """The boxes whose middle lies in none of the areas."""
    if not areas:
        return list(quads)
    x0, y0, x1, y1 = np.array([area.as_tuple() for area in areas]).T
    middles = [quad.mean(axis=0) for quad in quads]
    return [
        quad
        for quad, (x, y) in zip(quads, middles, strict=True)
        if not ((x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)).any()
    ]


def _corners(box: BBox) -> Quad:
    return np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]], np.float32)


def _is_tall(quad: Quad) -> bool:
    return float(np.linalg.norm(quad[3] - quad[0])) >= TALL * float(np.linalg.norm(quad[1] - quad[0]))


def _clipped(quad: Quad, page: Pixels) -> BBox:
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    height, width = page.shape[:2]
    return BBox(max(0.0, float(x0)), max(0.0, float(y0)), min(float(width), float(x1)), min(float(height), float(y1)))


# --- opening -----------------------------------------------------------------------------------------------------


def open_paddle(options: PaddleOptions) -> PaddleEngine:
    """Opens both networks. Raises ModelMissing before PaddleOCR is imported, DeviceMissing, RecognitionFailed when it breaks."""
    detection = _folder(options.detection_model_name, options.detection_model_dir, options)
    recognition = _folder(options.recognition_model_name, options.recognition_model_dir, options)
    with _mapped():
        paddleocr = import_paddleocr(options)
        runtime = {"engine": "onnxruntime", "device": "cpu"}
        detector = paddleocr.TextDetection(
            model_name=options.detection_model_name,
            model_dir=detection and str(detection),
            thresh=options.text_threshold,
            box_thresh=options.box_threshold,
            unclip_ratio=options.unclip_ratio,
            engine_config=_session(_threads(options)),
            **runtime,
        ).paddlex_predictor
        recogniser = paddleocr.TextRecognition(
            model_name=options.recognition_model_name,
            model_dir=recognition and str(recognition),
            engine_config=_session(1),
            **runtime,
        ).paddlex_predictor
        device = chosen_device(options.device, recogniser.runner.session, _onnx_file(recogniser))
        finding = session_for(_threads(options), detector.runner.session, _onnx_file(detector), device)
        reading = session_for(1, recogniser.runner.session, _onnx_file(recogniser), device)
        finder = Network(finding, channel_tables(detector.pre_tfs["Normalize"]))
        reader = Network(reading, recogniser_table())
        alphabet = Alphabet(models.characters_of(recogniser.runner.session, recogniser.post_op.character))
        least_width = strips.least_width_of(recogniser.config)
        figures = open_figures(options.n_alternatives) if options.figures else None
        quick = None
        if options.quick and device == "cpu":
            quick = open_quick(Path(_onnx_file(recogniser)), reader.table, alphabet, options.n_alternatives)
    fingerprint = _fingerprint(replace(options, device=device, quick=quick is not None), detector, recogniser)
    return PaddleEngine(options, fingerprint, detector, finder, reader, alphabet, least_width, figures, quick)


def _onnx_file(predictor: Any) -> str:
    return str(Path(predictor.model_dir) / models.ONNX_FILE)


def _folder(name: str, own: Path | None, options: PaddleOptions) -> Path | None:
    """The model's folder; None leaves it to PaddleOCR to download, which the options must allow."""
    if own is None and options.download and name not in models.EMBEDDED:
        return None
    return models.model_folder(name, own)


def _threads(options: PaddleOptions) -> int:
    return options.threads or len(os.sched_getaffinity(0))


def _session(threads: int) -> dict[str, Any]:
    """ONNX Runtime's settings."""
    return {
        "intra_op_num_threads": threads,
        "inter_op_num_threads": 1,
        "log_severity_level": 3,
        "enable_cpu_mem_arena": True,  # for one run at a time: see `networks`
    }


def _fingerprint(options: PaddleOptions, detector: Any, recogniser: Any) -> str:
    settings = {k: v for k, v in asdict(options).items() if k not in _SAME_RESULT and not k.endswith("_dir")}
    folders = [models.folder_digest(Path(predictor.model_dir)) for predictor in (detector, recogniser)]
    smaller = list(models.FIGURES.values()) if options.figures else []
    smaller += [quick_fingerprint()] if options.quick else []
    smaller += [f"words {NARROW}"] if options.figures and options.quick else []
    text = json.dumps([settings, folders, smaller], sort_keys=True)
    return f"paddle-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def import_paddleocr(options: PaddleOptions) -> Any:
    """Imports it without its look at the network and, where it is not to download, without what it would do that with."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    with nullcontext() if options.download else without_unused():
        import paddleocr

    for name in ("paddlex", "paddleocr"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return paddleocr


# --- errors ------------------------------------------------------------------------------------------------------


@functools.cache
def error_table() -> tuple[type[Exception], ...]:
    """Every error PaddleOCR, and what it stands on, raises when networks are opened or run.

    Its own, OpenCV's and ONNX Runtime's, and the built-in ones; a test fails when a new one appears in paddlex.
    """
    import cv2
    import pyclipper  # type: ignore[import-untyped]
    from onnxruntime.capi import onnxruntime_pybind11_state as runtime
    from paddlex.inference.models.bindings.registry import UnknownModelError, UnsupportedEngineError
    from paddlex.utils.deps import DependencyError
    from paddlex.utils.errors import others

    own: tuple[type[Exception], ...] = (
        DependencyError,
        UnknownModelError,
        UnsupportedEngineError,
        others.ModelNotFoundError,
    )
    own += (others.ClassNotFoundException, others.NoEntityRegisteredException, others.DuplicateRegistrationError)
    own += (others.UnsupportedAPIError, others.UnsupportedParamError, others.UnsupportedDeviceError)
    own += (others.KeyNotFoundError, others.CalledProcessError)
    onnx: tuple[type[Exception], ...] = (
        runtime.Fail,
        runtime.InvalidArgument,
        runtime.NoSuchFile,
        runtime.NoModel,
        runtime.EngineError,
    )
    onnx += (runtime.RuntimeException, runtime.InvalidProtobuf, runtime.ModelLoaded, runtime.NotImplemented)
    onnx += (runtime.InvalidGraph, runtime.EPFail, runtime.ModelLoadCanceled, runtime.ModelRequiresCompilation)
    onnx += (runtime.NotFound, runtime.DeviceReset)
    built_in = (ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, MemoryError, OSError)
    return (*own, *onnx, cv2.error, pyclipper.ClipperException, *built_in, RuntimeError, TypeError, ValueError)


@contextmanager
def _mapped() -> Iterator[None]:
    """Around calls of PaddleOCR: its errors become RecognitionFailed, ours pass."""
    try:
        yield
    except EngineError:
        raise
    except error_table() as error:
        raise RecognitionFailed(f"PaddleOCR broke: {type(error).__name__}: {error}") from error
