"""The recogniser in eight bits: it takes what it is surely right about and leaves the rest, and says when it cannot be had."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engines import models, quantise, quick
from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.ctc import Alphabet, Decoded, Symbol
from ocr.engines.networks import Network, Tensor, recogniser_table
from ocr.engines.paddle import PaddleEngine
from ocr.engines.quick import SURE, QuickReader, is_sure, multiplies_bytes, open_quick, restated
from ocr.engines.strips import LineCrop, as_bgr, to_strips
from ocr.errors import ModelMissing
from ocr.geometry import Affine
from ocr.values import PageImage, Pixels

PICTURE = Path(__file__).parent / "recorded" / "budget_lines.png"
RECOGNISER = models.EMBEDDED["PP-OCRv6_small_rec"]
needs_byte_products = pytest.mark.skipif(not multiplies_bytes(), reason="this processor loses bits of byte products")


@pytest.fixture(scope="module")
def engine() -> PaddleEngine:
    engine = open_engine(PaddleOptions(threads=1))
    assert isinstance(engine, PaddleEngine)
    return engine


def drawn(text: str) -> Pixels:
    font = ImageFont.load_default(28)
    picture = Image.new("L", (round(font.getlength(text)) + 16, 40), 235)
    ImageDraw.Draw(picture).text((8, 20), text, 40, font, anchor="lm")
    return np.asarray(picture, np.uint8)


def strip(text: str) -> Pixels:
    line = drawn(text)
    (found,) = to_strips(LineCrop(as_bgr(line), 0.0, float(line.shape[1])), 96)
    return found.pixels


@needs_byte_products
@pytest.mark.models
def test_it_reads_what_the_full_recogniser_reads_and_is_as_sure(engine: PaddleEngine) -> None:
    assert engine.quick is not None
    texts = ["3,356.04", "-885.21", "12.5%", "777,000.11", "2026"]
    for text in texts:
        (quick_reading,), (full,) = engine.quick.read([strip(text)]), engine._recognise([strip(text)])
        assert full.text == text
        assert quick_reading is not None
        assert quick_reading.text == text
        assert quick_reading.confidence == pytest.approx(full.confidence, abs=0.02)
        assert [s.centre for s in quick_reading.symbols] == pytest.approx([s.centre for s in full.symbols], abs=1.1)


@needs_byte_products
@pytest.mark.models
def test_a_page_reads_the_same_with_and_without_it(engine: PaddleEngine) -> None:
    pixels = np.asarray(Image.open(PICTURE).convert("L"), np.uint8)
    page = PageImage("doc", 1, 150.0, "digest", Affine.identity(), pixels, 100.0, 100.0)
    with_it, without = engine.read_page(page), replace(engine, quick=None).read_page(page)
    assert [w.text for w in with_it.words] == [w.text for w in without.words] != []
    assert any(a.confidence != b.confidence for a, b in zip(with_it.words, without.words, strict=True))


@dataclass(frozen=True)
class Logits:
    """A session that gives these sums for every strip."""

    logits: Tensor

    def get_inputs(self) -> list[Any]:
        return [type("Input", (), {"name": "x"})]

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def run(self, _names: None, given: dict[str, Any], _options: object) -> list[Tensor]:
        return [np.stack([self.logits] * len(given["x"]))]


def reader_of(logits: Sequence[Sequence[float]]) -> QuickReader:
    network = Network(Logits(np.array(logits, np.float32)), recogniser_table())
    return QuickReader(network, Alphabet(("", "0", "1", "一")), 2)


@pytest.mark.parametrize(("lead", "taken"), [(7.0, True), (4.2, True), (3.6, False), (0.5, False)])
def test_it_leaves_what_it_is_not_sure_of(lead: float, taken: bool) -> None:
    (found,) = reader_of([[20, 0, 0, 0], [0, lead + 8, 8, 0], [20, 0, 0, 0]]).read([strip("0")])
    assert (found is not None) == taken == (1 / (1 + np.exp(-lead)) >= SURE)


@pytest.mark.parametrize("confidence", [0.98, 0.99, 0.9999, 1.0])
def test_confidence_is_restated_upwards_in_order_and_alternatives_with_it(confidence: float) -> None:
    def one(said: float) -> Symbol:
        (symbol,) = restated(Decoded((Symbol("3", said, 0, 1, 0.5, (("8", 1.0 - said),)),), 1, 0.0)).symbols
        return symbol

    assert confidence - 1e-6 <= one(confidence).confidence < 1.0
    assert one(confidence - 0.001).confidence < one(confidence).confidence
    assert all(
        p <= 1.0 - confidence and p == pytest.approx(1.0 - one(confidence).confidence)
        for _, p in one(confidence).alternatives
    )


@pytest.mark.parametrize(
    ("text", "confidence", "alternatives", "taken"),
    [
        ("垫", 0.96, (("墊", 0.035),), True),
        ("垫", 0.94, (("墊", 0.055),), False),
        ("垫", 0.96, (), False),
        ("垫", 0.96, (("垫1", 0.035),), False),
        ("垫", 0.955, (("墊", 0.042), ("1垫", 0.03)), False),
        ("口", 0.96, (("0", 0.035),), False),
        ("三", 0.96, (("川", 0.035),), False),
        ("日", 0.96, (("二", 0.035),), False),
        ("元", 0.96, (("零", 0.035),), False),
        ("0", 0.96, (("垫", 0.035),), False),
    ],
)
def test_an_ideograph_may_be_less_sure_than_a_figure_where_only_ideographs_rival_it(
    text: str, confidence: float, alternatives: tuple[tuple[str, float], ...], taken: bool
) -> None:
    sure = Symbol("1", 0.999, 0, 1, 0.5)
    assert is_sure(Decoded((sure, Symbol(text, confidence, 2, 3, 2.5, alternatives)), 4, 0.0)) == taken


def test_a_strip_without_text_is_taken_where_that_is_sure() -> None:
    assert reader_of([[20, 0, 0, 0]] * 3).read([strip("0")]) != [None]
    assert reader_of([[20, 0, 0, 0], [9, 0, 8, 0]]).read([strip("0")]) == [None]


@pytest.mark.models
def test_what_it_leaves_is_read_in_full_and_crops_that_are_read_are_never_its(engine: PaddleEngine) -> None:
    asked: list[int] = []

    @dataclass(frozen=True)
    class Unsure:
        def read(self, strips: Sequence[Pixels], keep: bool) -> list[None]:
            asked.append(len(strips))
            return [None] * len(strips)

    pixels = np.asarray(Image.open(PICTURE).convert("L"), np.uint8)
    page = PageImage("doc", 1, 150.0, "digest", Affine.identity(), pixels, 100.0, 100.0)
    unsure = replace(engine, quick=Unsure())  # type: ignore[arg-type]
    assert unsure.read_page(page) == replace(engine, quick=None).read_page(page)
    assert asked
    asked.clear()
    assert unsure.read_crops([pixels[:50]]) == engine.read_crops([pixels[:50]])
    assert not asked


@needs_byte_products
@pytest.mark.models
def test_a_glance_gives_what_it_is_sure_of_and_reads_nothing_in_full(engine: PaddleEngine) -> None:
    @dataclass(frozen=True)
    class Never:
        is_on_gpu: bool = False

        def __call__(self, batch: object, keep: bool) -> list[Tensor]:
            raise AssertionError("a glance was read in full")

    line, grey = drawn("3,356.04"), np.random.default_rng(1).integers(90, 130, (50, 90)).astype(np.uint8)
    glancing = replace(engine, recogniser=Never())  # type: ignore[arg-type]
    sure, unsure = glancing.glance_crops([line, grey])
    (full,) = engine.read_crops([line])
    assert sure is not None
    assert (sure.text, [c.text for c in sure.chars]) == (full.text, [c.text for c in full.chars])
    assert unsure is None
    assert replace(engine, quick=None).glance_crops([line, line]) == (None, None)


@pytest.mark.models
def test_a_long_line_is_glanced_at_only_where_every_strip_is_sure(engine: PaddleEngine) -> None:
    @dataclass(frozen=True)
    class First:
        left: list[int]

        def read(self, strips: Sequence[Pixels], keep: bool) -> list[Decoded | None]:
            return [Decoded((), 1, 1.0) if self.left.pop() else None for _ in strips]

    line = drawn("3,356.04")
    long = np.concatenate([line] * 9, axis=1)
    n_strips = len(to_strips(LineCrop(as_bgr(long), 0.0, float(long.shape[1])), engine.least_width))
    assert n_strips > 1
    for said, taken in ([1] * n_strips, True), ([1] * (n_strips - 1) + [0], False):
        glancing = replace(engine, quick=First(list(said)))  # type: ignore[arg-type]
        (found,) = glancing.glance_crops([long])
        assert (found is not None) == taken


@pytest.mark.models
def test_it_is_part_of_the_fingerprint(engine: PaddleEngine) -> None:
    without = open_engine(PaddleOptions(threads=1, quick=False))
    assert isinstance(without, PaddleEngine)
    assert without.quick is None
    assert (engine.fingerprint != without.fingerprint) == multiplies_bytes()


@pytest.mark.parametrize(
    ("cpuinfo", "can"),
    [
        ("processor: 0\nflags\t\t: fpu avx2 avx512f avx512_vnni\n", True),
        ("flags\t\t: fpu avx2 avx_vnni\n", True),
        ("Features\t: fp asimd asimddp\n", True),
        ("flags\t\t: fpu avx2 avx512f\n", False),
        ("", False),
    ],
)
def test_only_processors_that_lose_no_bits_of_products_have_it(cpuinfo: str, can: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    assert multiplies_bytes(tmp_path / "cpuinfo") == can
    assert not multiplies_bytes(tmp_path / "none")


def test_another_model_is_left_to_the_full_recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "multiplies_bytes", lambda: True)
    (tmp_path / "inference.onnx").write_bytes(b"another model")
    assert open_quick(tmp_path / "inference.onnx", recogniser_table(), Alphabet(("", "0")), 4) is None


def test_a_package_that_is_missing_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> bytes:
        raise ImportError("No module named 'onnx'")

    monkeypatch.setattr(quick, "multiplies_bytes", lambda: True)
    monkeypatch.setattr(quantise, "quantised", broken)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ModelMissing, match="onnx") as raised:
        open_quick(models.embedded_file(RECOGNISER), recogniser_table(), Alphabet(("", "0")), 4)
    assert "quick = false" in raised.value.remedy


@pytest.mark.models
def test_the_file_is_made_once_and_holds_the_whole_alphabet_in_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "multiplies_bytes", lambda: True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    source = models.embedded_file(RECOGNISER)
    assert open_quick(source, recogniser_table(), Alphabet(("", "0")), 4) is not None
    (made,) = (tmp_path / "scanledger" / "models").iterdir()
    assert made.stat().st_size < source.stat().st_size / 3
    before = made.stat().st_mtime_ns
    again = open_quick(source, recogniser_table(), Alphabet(("", "0")), 4)
    assert again is not None
    assert made.stat().st_mtime_ns == before
    assert again.network([strip("0")]).shape[2] == 18_710


def test_ranges_cover_the_features_and_are_ranges() -> None:
    ranges = json.loads(quantise.RANGES.read_text(encoding="utf-8"))
    assert quantise.features_range(quantise.RANGES)[0] < 0 < quantise.features_range(quantise.RANGES)[1]
    bounds = [(t["lowest"]["data"][0], t["highest"]["data"][0]) for t in ranges["data"].values()]
    assert len(bounds) > 100
    assert all(low <= high for low, high in bounds)


def test_a_model_that_ends_otherwise_is_refused(tmp_path: Path) -> None:
    import onnx

    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    out = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["y"])], "other", [value], [out])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 11)])
    onnx.save(model, tmp_path / "other.onnx")
    with pytest.raises(ValueError, match="ends in Relu"):
        quantise.write_trunk(tmp_path / "other.onnx", tmp_path / "trunk.onnx")
