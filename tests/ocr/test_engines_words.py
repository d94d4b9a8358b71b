"""Words are read in narrower pictures, at their places; whatever may have lost a character there is left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.ctc import Decoded, Symbol
from ocr.engines.paddle import PaddleEngine
from ocr.engines.quick import multiplies_bytes
from ocr.engines.strips import LineCrop, Strip, narrowed, place_symbols, to_strips
from ocr.engines.words import NARROW, read_words
from ocr.geometry import Affine
from ocr.values import PageImage, Pixels

PICTURE = Path(__file__).parent / "recorded" / "budget_lines.png"
HAN = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
LEAST = 96


def drawn(text: str, height: int = 40) -> Pixels:
    font = ImageFont.truetype(HAN, round(height * 0.7))
    picture = Image.new("L", (round(font.getlength(text)) + 8, height), 235)
    ImageDraw.Draw(picture).text((4, height // 2), text, 40, font, anchor="lm")
    return np.asarray(picture, np.uint8)


def strip(pixels: Pixels, begin: float = 0.0) -> Strip:
    (found,) = to_strips(LineCrop(pixels, begin, begin + pixels.shape[1]), LEAST)
    return found


def reading(text: str, centres: Sequence[float], n_steps: int) -> Decoded:
    pairs = zip(text, centres, strict=True)
    return Decoded(tuple(Symbol(c, 0.999, int(at), int(at) + 1, at) for c, at in pairs), n_steps, 0.0)


def counts(text: str, centres: Sequence[float], columns: int = 192) -> bool:
    """Whether such a reading of the narrow picture, in steps of 8 columns, counts."""
    one = strip(np.full((48, columns), 235, np.uint8))

    def read(strips: Sequence[Strip]) -> list[Decoded | None]:
        return [reading(text, centres, found.pixels.shape[1] // 8) for found in strips]

    (found,) = read_words([one], read, LEAST)
    return found is not None and found.text == text


def test_a_narrow_picture_shows_the_same_line_in_fewer_columns() -> None:
    one = strip(drawn("一般公共服务支出"), begin=70.0)
    narrow = narrowed(one, NARROW, LEAST)
    assert (narrow.begin, narrow.end) == (one.begin, one.end) == (70.0, pytest.approx(one.end))
    assert narrow.n_columns == round(NARROW * one.n_columns)
    assert narrow.pixels.shape == (48, -(-narrow.n_columns // 16) * 16)
    ink = 235.0 - one.pixels[:, : one.n_columns].mean(axis=1)
    assert 235.0 - narrow.pixels[:, : narrow.n_columns].mean(axis=1) == pytest.approx(ink, abs=1.5)


def test_words_count_where_no_place_is_empty() -> None:
    assert counts("公共服务", [2.3, 6.8, 11.3, 15.8])
    assert counts("（公共）、", [2.3, 6.8, 11.3, 14.8, 16.3])


@pytest.mark.parametrize("text", ["公共服2", "公共服A", "公共服—", "公共服.", "公共服%", "公共服 "])
def test_what_is_not_of_words_is_left(text: str) -> None:
    assert not counts(text, [2.3, 6.8, 11.3, 15.8])


def test_a_reading_that_leaves_room_for_a_character_is_left() -> None:
    assert not counts("公共服", [2.3, 6.8, 15.8])  # one of 公共公服, or of two equal ones, is lost
    assert not counts("公共服", [6.8, 11.3, 15.8])
    assert not counts("公共服", [2.3, 6.8, 11.3])
    assert not counts("公", [9.0])
    assert not counts("", [])


def test_nothing_is_read_where_it_saves_nothing_or_the_reader_is_not_sure() -> None:
    asked: list[Strip] = []

    def read(strips: Sequence[Strip]) -> list[Decoded | None]:
        asked.extend(strips)
        return [None for _ in strips]

    short, long = (strip(np.full((48, columns), 235, np.uint8)) for columns in (80, 192))
    assert read_words([short, long, short], read, LEAST) == [None, None, None]
    assert [one.pixels.shape[1] for one in asked] == [144]


@pytest.fixture(scope="module")
def engine() -> PaddleEngine:
    engine = open_engine(PaddleOptions(threads=1))
    assert isinstance(engine, PaddleEngine)
    return engine


@pytest.mark.skipif(not multiplies_bytes(), reason="this processor loses bits of byte products")
@pytest.mark.models
@pytest.mark.parametrize("text", ["一般公共服务支出", "行政单位医疗", "公共共有资金管管理", "（三）机关事业单位"])
def test_words_are_read_at_their_places(engine: PaddleEngine, text: str) -> None:
    one = strip(drawn(text), begin=100.0)
    (narrow,) = read_words([one], engine.glance_strips, LEAST)
    (wide,) = engine.glance_strips([one])
    assert narrow is not None
    assert wide is not None
    assert narrow.text == wide.text == text
    middles = [[(c.x0 + c.x1) / 2 for c in place_symbols(found, one)] for found in (narrow, wide)]
    assert middles[0] == pytest.approx(middles[1], abs=9)


@pytest.mark.skipif(not multiplies_bytes(), reason="this processor loses bits of byte products")
@pytest.mark.models
def test_a_page_reads_the_same_in_narrower_pictures(engine: PaddleEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.asarray(Image.open(PICTURE).convert("L"), np.uint8)
    page = PageImage("doc", 1, 150.0, "digest", Affine.identity(), pixels, 100.0, 100.0)
    narrow = engine.read_page(page)
    monkeypatch.setattr("ocr.engines.paddle.read_words", lambda strips, _read, _least: [None] * len(strips))
    wide = engine.read_page(page)
    assert [w.text for w in narrow.words] == [w.text for w in wide.words] != []
    assert narrow != wide
