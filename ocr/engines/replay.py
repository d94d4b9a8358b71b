"""Readings recorded by page and crop digest, so that most tests need no model.

One file per page or crop: `<digest>.json` or `<digest>.json.gz`, digest being PageImage.digest, or `crop_digest` for a
crop; `<digest>-glance` for a crop glanced at. A page read twice with different engines belongs in two folders.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr.engines.boundary import OcrEngine
from ocr.errors import RecognitionFailed
from ocr.geometry import BBox
from ocr.values import NO_PLACES, Char, PageImage, PageText, Pixels, Reading, TextPlaces, TextSource, Word

FORMAT = 1
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class ReplayEngine:
    """Gives back what was recorded; raises RecognitionFailed for what was not."""

    folder: Path

    @property
    def fingerprint(self) -> str:
        return f"replay-{self.folder}"

    def read_page(self, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
        return page_from_json(_load(self.folder, image.digest, f"page {image.page_number}"), image.digest)

    def read_crops(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(reading_from_json(_load(self.folder, crop_digest(crop), "crop")) for crop in crops)

    def glance_crops(self, crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        """None too for what was never glanced at: then the crop is read."""
        return tuple(self._glanced(_glance_digest(crop)) for crop in crops)

    def _glanced(self, digest: str) -> Reading | None:
        path = _recorded(self.folder, digest)
        return reading_from_json(_parse(path)) if path else None


@dataclass(frozen=True, slots=True)
class RecordingEngine:
    """Reads with another engine and writes each reading down."""

    inner: OcrEngine
    folder: Path

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    def read_page(self, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
        text = self.inner.read_page(image, places)
        _save(self.folder, image.digest, page_to_json(text))
        return text

    def read_crops(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        readings = self.inner.read_crops(crops)
        for crop, reading in zip(crops, readings, strict=True):
            _save(self.folder, crop_digest(crop), reading_to_json(reading))
        return readings

    def glance_crops(self, crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        readings = self.inner.glance_crops(crops)
        for crop, reading in zip(crops, readings, strict=True):
            if reading is not None:
                _save(self.folder, _glance_digest(crop), reading_to_json(reading))
        return readings


def crop_digest(crop: Pixels) -> str:
    """Hex SHA-256 of a crop's shape and pixels."""
    return hashlib.sha256(repr(crop.shape).encode() + crop.tobytes()).hexdigest()


def _glance_digest(crop: Pixels) -> str:
    return f"{crop_digest(crop)}-glance"


def page_to_json(text: PageText) -> dict[str, Any]:
    words = [
        {"text": w.text, "bbox": [_round(v) for v in w.bbox.as_tuple()], "confidence": _round(w.confidence)}
        | {"chars": [_char_to_json(c) for c in w.chars]}
        for w in text.words
    ]
    return {"format": FORMAT, "source": text.source.value, "words": words}


def page_from_json(data: dict[str, Any], digest: str) -> PageText:
    words = tuple(
        Word(w["text"], BBox(*w["bbox"]), w["confidence"], tuple(map(_char_from_json, w["chars"])))
        for w in data["words"]
    )
    return PageText(digest, TextSource(data["source"]), words)


def reading_to_json(reading: Reading) -> dict[str, Any]:
    chars = [_char_to_json(c) for c in reading.chars]
    return {
        "format": FORMAT,
        "text": reading.text,
        "confidence": _round(reading.confidence),
        "source": reading.source,
        "chars": chars,
    }


def reading_from_json(data: dict[str, Any]) -> Reading:
    return Reading(data["text"], data["confidence"], data["source"], tuple(map(_char_from_json, data["chars"])))


def _char_to_json(char: Char) -> list[Any]:
    alternatives = [[text, _round(p)] for text, p in char.alternatives]
    return [char.text, _round(char.x0), _round(char.x1), _round(char.confidence), alternatives]


def _char_from_json(data: list[Any]) -> Char:
    text, x0, x1, confidence, alternatives = data
    return Char(text, x0, x1, confidence, tuple((other, p) for other, p in alternatives))


def _round(value: float) -> float:
    return round(float(value), DECIMALS)


def _load(folder: Path, digest: str, what: str) -> dict[str, Any]:
    """The recorded value. Raises RecognitionFailed when there is none, or it cannot be understood."""
    if path := _recorded(folder, digest):
        return _parse(path)
    raise RecognitionFailed(
        f"nothing is recorded for {what} {digest} in {folder}",
        remedy="Record it: read the same file with RecordOptions(PaddleOptions(), folder).",
    )


def _recorded(folder: Path, digest: str) -> Path | None:
    paths = (folder / f"{digest}.json", folder / f"{digest}.json.gz")
    return next((path for path in paths if path.is_file()), None)


def _parse(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    try:
        data: dict[str, Any] = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, ValueError) as error:
        raise RecognitionFailed(f"{path} is no recorded reading: {error}", remedy="Record it again.") from error
    if data.get("format") != FORMAT:
        raise RecognitionFailed(f"{path} has format {data.get('format')}, not {FORMAT}", remedy="Record it again.")
    return data


def _save(folder: Path, digest: str, data: dict[str, Any]) -> None:
    """Writes whole files only; the same reading gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(packed)
    Path(draft).replace(folder / f"{digest}.json.gz")
