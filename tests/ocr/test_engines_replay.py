"""Recorded readings: what was read comes back, what was not is refused by name."""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from ocr.engines import boundary, replay
from ocr.engines.boundary import OcrEngine, PaddleOptions, RecordOptions, ReplayOptions, open_engine
from ocr.errors import RecognitionFailed
from ocr.geometry import Affine, BBox
from ocr.values import NO_PLACES, Char, PageImage, PageText, Pixels, Reading, TextPlaces, TextSource, Word

CHARS = (Char("1", 2.0, 9.0, 0.98, (("7", 0.01), ("", 0.005))), Char("0", 9.0, 16.0, 1.0))
WORD = Word("10", BBox(1.0, 2.0, 17.0, 22.0), 0.98, CHARS)


class FixedEngine:
    """Reads the same everywhere."""

    fingerprint = "fixed"

    def read_page(self, image: PageImage, places: TextPlaces = NO_PLACES) -> PageText:
        return PageText(image.digest, TextSource.OCR, (WORD,))

    def read_crops(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("10", 0.98, "crop", CHARS) if crop.size else Reading("", 1.0, "crop") for crop in crops)

    def glance_crops(self, crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        return tuple(Reading("10", 0.99, "crop", CHARS) if crop.size else None for crop in crops)


def page(digest: str = "abc") -> PageImage:
    return PageImage("doc", 3, 200.0, digest, Affine.identity(), np.full((30, 40), 255, np.uint8), 14.4, 10.8)


def test_what_was_recorded_comes_back_equal(tmp_path: Path) -> None:
    crops = [np.zeros((4, 5), np.uint8), np.zeros((0, 5), np.uint8)]
    recorder: OcrEngine = replay.RecordingEngine(FixedEngine(), tmp_path)
    text, readings = recorder.read_page(page()), recorder.read_crops(crops)
    replayed = replay.ReplayEngine(tmp_path)
    assert replayed.read_page(page()) == text
    assert replayed.read_crops(crops) == readings


def test_a_glance_comes_back_where_it_was_sure_and_is_apart_from_what_was_read(tmp_path: Path) -> None:
    crops = [np.zeros((4, 5), np.uint8), np.zeros((0, 5), np.uint8)]
    recorder: OcrEngine = replay.RecordingEngine(FixedEngine(), tmp_path)
    replayed = replay.ReplayEngine(tmp_path)
    assert recorder.read_crops(crops) == replayed.read_crops(crops)
    assert replayed.glance_crops(crops) == (None, None)
    glanced = recorder.glance_crops(crops)
    assert replayed.glance_crops(crops) == glanced == (Reading("10", 0.99, "crop", CHARS), None)
    assert replayed.read_crops(crops) != glanced


def test_recording_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    recorder = replay.RecordingEngine(FixedEngine(), tmp_path)
    recorder.read_page(page())
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    recorder.read_page(page())
    assert (
        {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first == {"abc.json.gz": first["abc.json.gz"]}
    )


def test_plain_json_serves_as_well(tmp_path: Path) -> None:
    text = FixedEngine().read_page(page())
    (tmp_path / "abc.json").write_text(json.dumps(replay.page_to_json(text)), encoding="utf-8")
    assert replay.ReplayEngine(tmp_path).read_page(page()) == text


def test_a_page_not_recorded_is_named_with_the_way_to_record_it(tmp_path: Path) -> None:
    with pytest.raises(RecognitionFailed, match="page 3 feed") as caught:
        replay.ReplayEngine(tmp_path).read_page(page("feed"))
    assert "RecordOptions" in caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [b"{", gzip.compress(b"{}", mtime=0)[:-4], b'{"format": 99}'],
    ids=["cut JSON", "cut gzip", "another format"],
)
def test_a_damaged_recording_is_named(tmp_path: Path, content: bytes) -> None:
    name = "abc.json.gz" if content.startswith(b"\x1f\x8b") else "abc.json"
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecognitionFailed, match=r"abc\.json") as caught:
        replay.ReplayEngine(tmp_path).read_page(page())
    assert caught.value.remedy == "Record it again."


def test_crops_of_other_shape_or_pixels_have_other_digests() -> None:
    flat, tall, ink = np.zeros((2, 3), np.uint8), np.zeros((3, 2), np.uint8), np.ones((2, 3), np.uint8)
    assert len({replay.crop_digest(crop) for crop in (flat, tall, ink)}) == 3


def test_the_options_choose_the_engine_and_open_it_once(tmp_path: Path) -> None:
    engine = open_engine(ReplayOptions(tmp_path))
    assert isinstance(engine, replay.ReplayEngine)
    assert open_engine(ReplayOptions(tmp_path)) is engine


def test_stages_over_options_pickle(tmp_path: Path) -> None:
    for options in (ReplayOptions(tmp_path), PaddleOptions(), RecordOptions(PaddleOptions(), tmp_path)):
        stage = pickle.loads(pickle.dumps(partial(boundary.read_page, options)))
        assert stage.args == (options,)
