"""The two small networks that read plain figures first: what they take is right, what is not a plain figure they leave."""

from __future__ import annotations

import pickle
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ocr.engines import models
from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.ctc import Alphabet
from ocr.engines.figures import OTHER, FigureReader, open_figures
from ocr.engines.paddle import PaddleEngine
from ocr.engines.strips import LineCrop, Strip, as_bgr, place_symbols, to_strips
from ocr.errors import ModelMissing, RecognitionFailed
from ocr.geometry import Affine
from ocr.values import PageImage, Pixels

PICTURE = Path(__file__).parent / "recorded" / "budget_lines.png"
HAN = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"


@pytest.fixture(scope="module")
def reader() -> FigureReader:
    return open_figures(4)


def drawn(
    text: str, height: int = 40, blur: float = 0.0, noise: float = 0.0, face: str = "", dark: bool = False
) -> Pixels:
    """One line; without a face in Pillow's own, Aileron, which the networks were not trained on."""
    font = ImageFont.truetype(face, round(height * 0.7)) if face else ImageFont.load_default(round(height * 0.7))
    width = round(font.getlength(text)) + height // 2
    picture = Image.new("L", (width, height), 235)
    ImageDraw.Draw(picture).text((height // 4, height // 2), text, 40, font, anchor="lm")
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(blur)), np.float32)
    pixels = pixels + np.random.default_rng(len(text)).normal(0, noise, pixels.shape)
    return np.clip(255 - pixels if dark else pixels, 0, 255).astype(np.uint8)


def strip(pixels: Pixels) -> Strip:
    (found,) = to_strips(LineCrop(as_bgr(pixels), 0.0, float(pixels.shape[1])), 96)
    return found


def read(reader: FigureReader, pixels: Sequence[Pixels]) -> list[str | None]:
    return [found and found.text for found in reader.read([strip(p) for p in pixels]).taken]


def figures(n: int) -> list[str]:
    rng = random.Random(7)
    whole = [rng.randrange(10 ** rng.randint(1, 9)) for _ in range(n)]
    return [f"{'-' if rng.random() < 0.1 else ''}{value:,}.{rng.randrange(100):02d}" for value in whole]


@pytest.mark.parametrize(("height", "blur", "noise"), [(40, 0.0, 0.0), (24, 0.5, 4.0), (20, 0.7, 8.0), (60, 1.5, 10.0)])
def test_what_is_taken_of_an_unseen_face_is_what_was_drawn(
    reader: FigureReader, height: int, blur: float, noise: float
) -> None:
    texts = figures(150)
    found = read(reader, [drawn(text, height, blur, noise) for text in texts])
    taken = [(text, got) for text, got in zip(texts, found, strict=True) if got is not None]
    assert [pair for pair in taken if pair[0] != pair[1]] == []
    assert len(taken) >= 0.35 * len(texts)


OTHERS = [
    "一般公共预算支出", "2024年", "0.5万元", "12.5%以上", "一", "二", "日", "口", "工", "〇", "之", "第12页", "共3页", "（一）", "12个",
    "C01", "No.1", "O", "l", "I", "B", "S", "Z", "IBO", "SOZ", "Ol", "kg", "m2", "20mm", "A4", "3D",
    ">12.5", "≥3.00", "<0.5", "×100", "✓", "*12", "#3", "1/2", "12:30", "+3.5", "¥1,234.00", "(12.5)", "——", "…", "=", "|", ".", ",",
    "1", "0", "7", "-", "10", "1:2", "1:20", "3∶10", "1 234.00  5.00", "12.50   13.75", "3.4.5", "12,34.5", "1,2345", "5-8", "2024-01-05",
]  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_plain_figure_is_left_to_the_recogniser(reader: FigureReader, text: str) -> None:
    sizes = ((20, 0.6), (32, 0.0), (48, 0.8))
    pictures = [drawn(text, height, blur, 3.0, HAN) for height, blur in sizes]
    assert read(reader, pictures) == [None] * len(pictures)


def test_paper_rulings_and_cut_lines_are_left(reader: FigureReader) -> None:
    blank, ruled = np.full((40, 160), 250, np.uint8), np.full((40, 160), 250, np.uint8)
    ruled[:, ::20] = 0
    upper = drawn("1,234,567.89", 48)[:22]
    left = drawn("8,234,567.89", 48)[:, 24:]
    assert read(reader, [blank, ruled, upper, left]) == [None] * 4


def test_light_print_on_dark_is_read_too(reader: FigureReader) -> None:
    found = read(reader, [drawn(text, dark=True) for text in figures(30)])
    taken = [(a, b) for a, b in zip(figures(30), found, strict=True) if b is not None]
    assert len(taken) > 10
    assert all(a == b for a, b in taken)


def test_a_reading_depends_on_its_strip_alone(reader: FigureReader) -> None:
    strips = [strip(drawn(text, height)) for text in figures(12) for height in (24, 40)]
    together = reader.read(strips)
    assert reader.read(strips) == together
    assert [reader.read([one]).taken[0] for one in strips] == list(together.taken)
    assert sum(found is not None for found in together.taken) > 12


def test_strips_of_words_are_told_from_those_that_hold_a_figure(reader: FigureReader) -> None:
    words = ["一般公共服务支出", "单位：万元", "（二）基本支出"]
    others = ["2026年预算", "3,064.66", "1", "第3页", "0.5%"]
    strips = [strip(drawn(text, face=HAN)) for text in (*words, *others)]
    blank = strip(np.full((40, 200), 235, np.uint8))
    assert reader.read([*strips, blank]).words == (0, 1, 2)


def test_characters_stand_where_they_are_drawn(reader: FigureReader) -> None:
    text = "8,888,888.88"
    pixels = drawn(text)
    one = strip(pixels)
    (found,) = reader.read([one]).taken
    assert found is not None
    chars = place_symbols(found, one)
    assert [c.text for c in chars] == list(text)
    font = ImageFont.load_default(28)
    for i, char in enumerate(chars):
        wanted = 10 + (font.getlength(text[:i]) + font.getlength(text[: i + 1])) / 2
        assert (char.x0 + char.x1) / 2 == pytest.approx(wanted, abs=5)
    assert all(0 < c.confidence <= 1 for c in chars)
    assert all(OTHER not in other for c in chars for other, _ in c.alternatives)


# --- what is taken, with networks that say what they are told --------------------------------------------------------

ALPHABET = Alphabet(("", *"0123456789,.-%", OTHER))
Rows = list[tuple[int, str, float]]


@dataclass(frozen=True)
class Says:
    """A network that says the same of every strip: a character at a time step, as surely as told."""

    rows: Rows

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def run(self, _: object, given: dict[str, npt.NDArray[np.float32]], _options: object) -> list[Any]:
        n, _channels, _height, width = given["ink"].shape
        out = np.zeros((n, width // 4, len(ALPHABET.characters)), np.float32)
        out[:, :, 0] = 1.0
        for step, text, sure in self.rows:
            out[:, step, 0] = 1 - sure
            out[:, step, ALPHABET.characters.index(text)] = sure
        return [out]


def rows(text: str, sure: float = 0.999, pitch: int = 2) -> Rows:
    return [(1 + pitch * i, c, sure) for i, c in enumerate(text)]


def verdict(first: Rows, second: Rows) -> str | None:
    reader = FigureReader((Says(first), Says(second)), ALPHABET, 4)
    (found,) = reader.read([strip(np.full((48, 300), 255, np.uint8))]).taken
    return found and found.text


def test_both_networks_must_read_the_same_and_be_sure() -> None:
    assert verdict(rows("1,234.50"), rows("1,234.50")) == "1,234.50"
    assert verdict(rows("1,234.50"), rows("1,234.60")) is None
    doubtful = [*rows("1,234.5"), (15, "0", 0.7)]
    assert verdict(rows("1,234.50"), doubtful) is None
    assert verdict(doubtful, rows("1,234.50")) is None


@pytest.mark.parametrize(
    "text", ["1,23.45", "12,34", "1.2.3", "12-3", "%", "1", "12", "-", "0,123", ".5", "5.", f"12{OTHER}", "--12"]
)
def test_only_what_is_written_as_a_figure_is_taken(text: str) -> None:
    assert verdict(rows(text), rows(text)) is None


def test_digits_at_an_uneven_pitch_are_not_taken() -> None:
    even, gap = rows("123456"), [*rows("1234"), (11, "5", 0.999), (13, "6", 0.999)]
    assert verdict(even, even) == "123456"
    assert verdict(gap, gap) is None


def test_a_character_that_may_have_been_left_out_keeps_a_figure_from_being_taken() -> None:
    rest = [*rows("123456"), (14, ".", 0.3)]
    assert verdict(rest, rest) is None


def test_confidence_follows_both_networks_and_is_never_certainty() -> None:
    sure = [confidence(first, second) for first, second in ((0.96, 0.96), (0.96, 0.99), (0.99, 0.99), (1.0, 1.0))]
    assert sure == sorted(set(sure))
    assert sure[0] > 0.96
    assert sure[0] == confidence(0.96, 0.96)
    assert confidence(0.99, 0.96) == pytest.approx(sure[1])
    assert sure[-1] < 1.0


def confidence(first: float, second: float) -> float:
    reader = FigureReader((Says(rows("123", first)), Says(rows("123", second))), ALPHABET, 4)
    (found,) = reader.read([strip(np.full((48, 300), 255, np.uint8))]).taken
    assert found is not None
    return found.confidence


# --- in the engine ---------------------------------------------------------------------------------------------------


def test_a_damaged_network_is_told(tmp_path: Path) -> None:
    for path in models.figure_files():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert models.figure_files(tmp_path)
    (tmp_path / "figures_b.onnx").write_bytes(b"x")
    with pytest.raises(ModelMissing, match=r"figures_b\.onnx is damaged"):
        models.figure_files(tmp_path)


class Refusing(FigureReader):
    def read(self, strips: Sequence[Strip]) -> list[Any]:
        raise ValueError("asked")


@pytest.mark.models
def test_pages_ask_the_small_networks_first_and_crops_never() -> None:
    pixels = np.asarray(Image.open(PICTURE).convert("L"), np.uint8)
    image = PageImage("doc", 1, 150.0, "digest", Affine.identity(), pixels.copy(), 100.0, 100.0)
    on, off = open_engine(PaddleOptions(threads=1)), open_engine(PaddleOptions(threads=1, figures=False))
    assert isinstance(on, PaddleEngine)
    assert isinstance(off, PaddleEngine)
    assert off.figures is None
    assert on.fingerprint != off.fingerprint
    assert on.figures is not None
    asked = replace(on, figures=Refusing(on.figures.sessions, on.figures.alphabet, 4))
    with pytest.raises(RecognitionFailed, match="asked"):
        asked.read_page(image)
    assert asked.read_crops([pixels[60:110, 320:440]]) == off.read_crops([pixels[60:110, 320:440]])
    assert [w.text for w in on.read_page(image).words] == [w.text for w in off.read_page(image).words]


def test_options_travel() -> None:
    options = PaddleOptions(figures=False)
    assert pickle.loads(pickle.dumps(options)) == options
