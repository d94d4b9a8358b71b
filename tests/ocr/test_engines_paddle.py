"""PaddleOCR with its real models, on a small picture of our own (see recorded/README.md)."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr.engines.boundary import OcrEngine, PaddleOptions, open_engine
from ocr.errors import ModelMissing, RecognitionFailed
from ocr.geometry import Affine, BBox
from ocr.values import PageImage, PageText, Pixels, TextPlaces

PICTURE = Path(__file__).parent / "recorded" / "budget_lines.png"
ROWS = [["项目", "2026年预算数", "占比"], ["一般公共预算支出", "3,356.04", "12.5%"], ["基本支出", "-885.21", "0"]]

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return open_engine(PaddleOptions())


@pytest.fixture(scope="module")
def picture() -> Pixels:
    return np.asarray(Image.open(PICTURE).convert("L"), np.uint8)


@pytest.fixture(scope="module")
def text(engine: OcrEngine, picture: Pixels) -> PageText:
    return engine.read_page(page(picture))


def page(pixels: Pixels, dpi: float = 150.0) -> PageImage:
    return PageImage("doc", 1, dpi, "digest", Affine.identity(), pixels.copy(), 100.0, 100.0)


def test_every_cell_is_a_word_of_its_own(text: PageText) -> None:
    lines = [[w for w in text.words if 50 * i <= w.bbox.centre[1] < 50 * (i + 1) + 7] for i in range(3)]
    assert [[w.text for w in sorted(line, key=lambda w: w.bbox.x0)] for line in lines] == ROWS


def test_characters_stand_within_their_box_and_in_order(text: PageText) -> None:
    for word in text.words:
        assert [c.text for c in word.chars] == list(word.text)
        edges = [edge for c in word.chars for edge in (c.x0, c.x1)]
        assert edges == sorted(edges)
        assert word.bbox.x0 <= edges[0]
        assert edges[-1] <= word.bbox.x1
        assert word.confidence == min(c.confidence for c in word.chars) > 0.9


def test_unreadably_small_characters_carry_alternatives_and_doubt(engine: OcrEngine, picture: Pixels) -> None:
    sharp = picture[60:110, 320:440]
    small = np.asarray(Image.fromarray(sharp).resize((20, 8)), np.uint8)
    certain, doubtful = engine.read_crops([sharp, small])
    assert any(c.alternatives for c in doubtful.chars)
    assert doubtful.confidence < certain.confidence


def test_crops_read_as_on_the_page_whatever_stands_beside_them(engine: OcrEngine, picture: Pixels) -> None:
    number, label = picture[60:110, 320:440], picture[60:110, 10:230]
    alone = engine.read_crops([number])
    among = engine.read_crops([label, number, np.repeat(number[:, :, None], 3, axis=2), label[:, :60]])
    assert alone[0].text == "3,356.04"
    assert [among[0].text, among[1].text, among[2].text] == ["一般公共预算支出", "3,356.04", "3,356.04"]
    assert among[1].confidence == pytest.approx(alone[0].confidence, abs=1e-4)


def test_a_line_wider_than_the_recogniser_is_read_whole(engine: OcrEngine, picture: Pixels) -> None:
    label = picture[60:110, 10:230]
    (reading,) = engine.read_crops([np.concatenate([label] * 9, axis=1)])
    assert reading.text.replace(" ", "") == "一般公共预算支出" * 9


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (300, 200, 3)])
@pytest.mark.parametrize("level", [0, 255])
def test_a_page_without_text_has_no_words(engine: OcrEngine, shape: tuple[int, ...], level: int) -> None:
    assert engine.read_page(page(np.full(shape, level, np.uint8))).words == ()


def test_crops_without_text_or_pixels_are_empty_readings(engine: OcrEngine) -> None:
    crops = [np.zeros((0, 7), np.uint8), np.zeros((7, 0, 3), np.uint8), np.full((30, 90), 255, np.uint8)]
    readings = engine.read_crops(crops)
    assert [r.text for r in readings] == ["", "", ""]
    assert min(r.confidence for r in readings) > 0.9
    assert engine.read_crops([]) == ()


def test_a_page_beyond_the_detectors_size_is_read(engine: OcrEngine, picture: Pixels) -> None:
    large = np.full((600, 9000), 255, np.uint8)
    magnified = np.asarray(Image.fromarray(picture).resize((1750, 425)), np.uint8)
    large[100:525, 7000:8750] = magnified
    found = {w.text: w.bbox for w in engine.read_page(page(large, 375.0)).words}
    assert "3,356.04" in found
    assert found["3,356.04"].x0 > 7000


def test_broken_libraries_become_our_error(engine: OcrEngine) -> None:
    pixels = np.full((40, 40, 5), 255, np.uint8)
    pixels[10:30:4, 10:30] = 0
    with pytest.raises(RecognitionFailed, match="PaddleOCR broke"):
        engine.read_page(page(pixels))


def test_lines_whose_place_is_known_are_read_without_being_looked_for(engine: OcrEngine, picture: Pixels) -> None:
    whole = engine.read_page(page(picture))
    box = next(w.bbox for w in whole.words if w.text == "3,356.04")
    places = TextPlaces((BBox(0, 0, picture.shape[1], picture.shape[0]),), (box,))
    assert [w.text for w in engine.read_page(page(picture), places).words] == ["3,356.04"]


def test_a_missing_own_model_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"lacks inference\.onnx"):
        open_engine(PaddleOptions(recognition_model_dir=tmp_path))


def test_fingerprint_follows_what_changes_results(engine: OcrEngine) -> None:
    assert open_engine(PaddleOptions(threads=1, batch_size=3)).fingerprint == engine.fingerprint
    assert open_engine(PaddleOptions(box_threshold=0.6)).fingerprint != engine.fingerprint


def test_the_text_is_that_of_paddleocrs_own_decoder(engine: OcrEngine, picture: Pixels) -> None:
    from paddlex.inference.models.text_recognition.processors import CTCLabelDecode

    from ocr.engines.ctc import decode
    from ocr.engines.paddle import PaddleEngine
    from ocr.engines.strips import LineCrop, as_bgr, to_strips

    assert isinstance(engine, PaddleEngine)
    theirs = CTCLabelDecode(character_list=list(engine.alphabet.characters[1:-1]))
    for top in range(0, 120, 30):
        (strip,) = to_strips(LineCrop(as_bgr(picture[top : top + 50, 300:500]), 0.0, 200.0), engine.least_width)
        found = engine.recogniser([strip.pixels])
        assert theirs([found])[0][0] == decode(found[0], engine.alphabet).text


def test_memory_is_given_back_behind_the_last_batch_of_a_call(engine: OcrEngine) -> None:
    from dataclasses import dataclass, replace
    from typing import Any

    from ocr.engines.networks import Network, Tensor
    from ocr.engines.paddle import PaddleEngine

    kept: list[bool] = []

    @dataclass(frozen=True, slots=True, eq=False)
    class Told(Network):
        def run(self, x: Tensor, keep: bool = False) -> Tensor:
            kept.append(keep)
            return Network(self.session, self.table).run(x, keep)

    assert isinstance(engine, PaddleEngine)
    told: Any = Told(engine.recogniser.session, engine.recogniser.table)
    one_by_one = replace(engine, recogniser=told, options=replace(engine.options, threads=1))
    one_by_one.read_crops([np.full((48, width), 255, np.uint8) for width in (100, 200, 300)])
    assert kept == [True, True, False]


def test_the_networks_are_given_what_paddleocr_gives_them(engine: OcrEngine, picture: Pixels) -> None:
    from paddlex.inference.models.text_recognition.processors import OCRReisizeNormImg

    from ocr.engines.networks import as_tensor
    from ocr.engines.paddle import PaddleEngine

    assert isinstance(engine, PaddleEngine)
    strip = np.repeat(picture[60:108, 320:448, None], 3, axis=2)
    theirs = OCRReisizeNormImg([3, 48, 96])(imgs=[strip])
    assert np.array_equal(as_tensor([strip], engine.recogniser.table), np.stack(theirs))
    steps = engine.detector.pre_tfs
    theirs = steps["ToCHW"](imgs=steps["Normalize"](imgs=[strip]))
    assert np.array_equal(as_tensor([strip], engine.finder.table), np.stack(theirs))


def test_every_error_of_paddlex_is_mapped() -> None:
    """Fails when paddlex grows an error that the table does not know."""
    from ocr.engines.paddle import error_table

    unmapped = {
        f"{error.__module__}.{error.__name__}"
        for module in _modules_in_use()
        for _, error in inspect.getmembers(module, inspect.isclass)
        if issubclass(error, Exception) and error.__module__.startswith(("paddlex.inference", "paddlex.utils", "onnxruntime", "cv2", "pyclipper"))
        and not issubclass(error, error_table())
    }  # fmt: skip
    # The checks of training data, the reading of PDF and the services on the network are never called.
    unused = ("paddlex.utils.errors.dataset_checker", "paddlex.inference.utils.pdf_rendering")
    assert {name for name in unmapped if not name.startswith(unused)} == set()


def _modules_in_use() -> list[object]:
    import paddlex.inference.models as networks
    import paddlex.utils as utilities
    from onnxruntime.capi import onnxruntime_pybind11_state

    for package in (utilities, networks.runners, networks.engines, networks.bindings):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith(("errors", "registry", "deps", "others", "_runner")):
                importlib.import_module(found.name)
    loaded = [m for name, m in list(sys.modules.items()) if name.startswith(("paddlex", "cv2", "pyclipper"))]
    return [*loaded, onnxruntime_pybind11_state]


def test_reading_prints_nothing(picture: Pixels) -> None:
    code = (
        "import numpy as np, sys; sys.path.insert(0, '.'); from ocr.engines.boundary import *;"
        "open_engine(PaddleOptions()).read_crops([np.full((40, 90), 255, np.uint8)])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (out.stdout, out.stderr) == ("", "")


LEAN = """
import sys
from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.paddle_environment import is_unused
open_engine(PaddleOptions())
print(sorted(filter(is_unused, sys.modules)), "paddlex" in sys.modules)
import pandas, requests
print(pandas.DataFrame({"a": [1, 2]}).a.sum(), issubclass(requests.RequestException, OSError))
import paddlex.inference.models.object_detection as another
print(isinstance(another.DetPredictor, type) and another.DetPredictor.__module__)
"""


def test_an_engine_is_opened_without_libraries_that_nobody_asks_and_they_can_be_had_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[] True", "3 True", "paddlex.inference.models.object_detection.predictor"]


GIVEN_BACK = """
import ctypes
import numpy as np
from ocr.engines.boundary import PaddleOptions, open_engine
engine = open_engine(PaddleOptions(threads=1))
def resident():
    ctypes.CDLL(None).malloc_trim(0)
    return int(open("/proc/self/statm").read().split()[1]) * 4096 >> 20
def run(side):
    engine.finder.run(np.zeros((1, 3, side, side), np.float32))
run(64)
before = resident()
for side in (960, 1280):
    run(side)
print(resident() - before < 50)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read there")
def test_a_network_gives_back_what_a_large_picture_took() -> None:
    """The arena of ONNX Runtime would keep it: some 300 MB."""
    done = subprocess.run([sys.executable, "-c", GIVEN_BACK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
