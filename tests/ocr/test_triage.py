"""Which text of a page is trusted, on pages written here; the readers are scripted, but for one test with the models."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from bench.triage import documents, triage_file
from ocr.engines.boundary import PaddleOptions, read_crops
from ocr.geometry import BBox
from ocr.layer_samples import Span, agreements, folded
from ocr.rasterise import rasterise_page
from ocr.resolution import RasteriseOptions
from ocr.text_layer import build_layer, plain
from ocr.triage import Triaged, is_meaningless, triage
from ocr.values import PageImage, PageText, Pixels, Reading, TextSource, Word
from samples.faces import missing_packages
from samples.lies import LIES
from tests.ocr import pages

TURN = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Write = Callable[[pymupdf.Page], None]


def image_of(write: Write, folder: Path, rotation: int = 0) -> PageImage:
    document = pymupdf.open()
    page = document.new_page(width=300, height=200)
    write(page)
    page.set_rotation(rotation)
    path = folder / "page.pdf"
    path.write_bytes(document.tobytes())
    return rasterise_page(path, 1, RasteriseOptions())


def saying(*texts: str) -> Callable[[Sequence[Pixels]], tuple[Reading, ...]]:
    """A reader that says these texts one after the other, then the last for ever."""
    left = list(texts)
    return lambda crops: tuple(Reading(left.pop(0) if len(left) > 1 else left[0], 0.99, "crop") for _ in crops)


def no_reader(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
    raise AssertionError("nothing should be read")


def no_ocr(image: PageImage) -> PageText:
    raise AssertionError("nothing should be read by OCR")


def blank_ocr(image: PageImage) -> PageText:
    return PageText(image.digest, TextSource.OCR, ())


def a_figure(page: pymupdf.Page) -> None:
    page.insert_text((50, 100), "1,234.56", fontsize=12)


def texts(found: Triaged) -> list[str]:
    assert found.text is not None
    return [word.text for word in found.text.words]


def test_a_layer_that_the_pixels_confirm_is_trusted_and_nothing_else_is_read(tmp_path: Path) -> None:
    found = triage(image_of(a_figure, tmp_path), saying("1,234.56"), no_ocr)
    assert found.text is not None
    assert found.text.source is TextSource.TEXT_LAYER
    (word,) = found.text.words
    assert (word.text, word.confidence, len(word.chars)) == ("1,234.56", 1.0, 8)
    assert "8 of 8" in found.text.notes[0]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_words_stand_where_the_page_shows_them_and_the_page_stands_upright(rotation: int, tmp_path: Path) -> None:
    found = triage(image_of(a_figure, tmp_path, rotation), saying("1,234.56"), no_ocr)
    assert found.text is not None
    (word,) = found.text.words
    page = found.image.pixels
    inside = page[int(word.bbox.y0) : int(word.bbox.y1) + 1, int(word.bbox.x0) : int(word.bbox.x1) + 1]
    assert (inside < 128).sum() >= 0.99 * (page < 128).sum() > 100  # a comma hangs a little lower
    assert word.bbox.width > 3 * word.bbox.height
    assert found.image.rotation_degrees == -rotation % 360


@pytest.mark.parametrize("said", ["1,284.56", "1.234.56", "1,234.5", ""])
def test_a_layer_with_other_figures_than_the_page_is_not_trusted(said: str, tmp_path: Path) -> None:
    found = triage(image_of(a_figure, tmp_path), saying(said), no_ocr)
    assert found.text is None
    assert "not trusted" in found.notes[0]


def test_a_slip_of_the_first_look_is_settled_by_a_second(tmp_path: Path) -> None:
    found = triage(image_of(a_figure, tmp_path), saying("1,284.56", "1,234.56"), no_ocr)
    assert texts(found) == ["1,234.56"]


def test_a_page_without_a_layer_costs_nothing(tmp_path: Path) -> None:
    found = triage(image_of(lambda page: None, tmp_path), no_reader, no_ocr)
    assert (found.text, found.notes) == (None, ())


def test_a_scan_with_an_old_layer_costs_nothing(tmp_path: Path) -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_image(page.rect, stream=pages.encoded(np.full((200, 300), 255, np.uint8), "PNG"))
        page.insert_text((50, 100), "98", render_mode=3)

    found = triage(image_of(write, tmp_path), no_reader, no_ocr)
    assert found.text is None
    assert "scan" in found.notes[0]


@pytest.mark.parametrize("how", ["invisible", "white", "clipped", "painted over"])
def test_text_that_nobody_can_see_is_left_out(how: str, tmp_path: Path) -> None:
    def write(page: pymupdf.Page) -> None:
        mode, colour = (3 if how == "invisible" else 0), ((1, 1, 1) if how == "white" else (0, 0, 0))
        page.insert_text((50, 150), "98", fontsize=12, render_mode=mode, color=colour)
        if how == "clipped":
            (xref,) = page.get_contents()
            page.parent.update_stream(xref, b"q 0 0 1 1 re W n " + page.parent.xref_stream(xref) + b" Q")
        if how == "painted over":
            page.draw_rect((40, 130, 90, 160), color=None, fill=(1, 1, 1))
        a_figure(page)

    assert texts(triage(image_of(write, tmp_path), saying("1,234.56"), blank_ocr)) == ["1,234.56"]


def test_characters_printed_twice_count_once(tmp_path: Path) -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "1,155.00", fontsize=12)
        page.insert_text((50.3, 100), "1,155.00", fontsize=12)

    assert texts(triage(image_of(write, tmp_path), saying("1,155.00"), no_ocr)) == ["1,155.00"]


def test_what_a_font_that_lies_printed_is_read_by_ocr_and_the_rest_is_not(tmp_path: Path) -> None:
    def write(page: pymupdf.Page) -> None:
        page.insert_text((50, 100), "1,234.56", fontsize=12)
        page.insert_text((50, 150), "78", fontsize=12, fontname="tiro")

    seen: list[PageImage] = []

    def read_page(image: PageImage) -> PageText:
        seen.append(image)
        dark = np.argwhere(image.pixels < 128)
        (y0, x0), (y1, x1) = dark.min(axis=0), dark.max(axis=0)
        box = pages_box(x0, y0, x1, y1)
        return PageText(image.digest, TextSource.OCR, (Word("87", box, 1.0),))

    # two fonts of one size share a strip; then the doubtful one is read alone
    found = triage(image_of(write, tmp_path), saying("1,234.5687", "87"), read_page)
    assert texts(found) == ["1,234.56", "87"]
    assert found.text is not None
    assert found.text.words[1].confidence < 1.0
    assert found.image.to_pdf.apply_bbox(found.text.words[1].bbox).centre[1] == pytest.approx(146, abs=2)
    assert len(seen) == 1


def pages_box(x0: int, y0: int, x1: int, y1: int) -> BBox:
    return BBox(float(x0), float(y0), float(x1 + 1), float(y1 + 1))


def test_ink_that_no_glyph_explains_is_read_by_ocr(tmp_path: Path) -> None:
    def write(page: pymupdf.Page) -> None:
        a_figure(page)
        for x in (50, 60):  # two strokes of the size of type, each as full as a character
            page.draw_rect((x, 140, x + 7, 149), color=None, fill=(0, 0, 0))

    asked: list[str] = []

    def read_page(image: PageImage) -> PageText:
        asked.append(image.digest)
        return blank_ocr(image)

    triage(image_of(write, tmp_path), saying("1,234.56"), read_page)
    assert len(asked) == 1


@pytest.mark.parametrize("text", ["\ufffd", "\ue012", "\x01", "", "\uffff"])
def test_what_means_nothing_is_known(text: str) -> None:
    assert is_meaningless(text)


@pytest.mark.parametrize("text", ["3", "合", "．", "℃", "Ⅱ"])
def test_what_means_something_is_known(text: str) -> None:
    assert not is_meaningless(text)


@pytest.mark.parametrize(("said", "read"), [("⼀", "一"), ("⻓", "长"), ("ﬁ", "fi"), ("豈", "豈"), ("合", "合")])
def test_radicals_and_ligatures_are_read_as_the_characters_they_look_like(said: str, read: str) -> None:
    assert plain(said) == read


def test_swapped_digits_are_never_confirmed_by_alignment() -> None:
    chars = [(ord(c), i, (10.0 * i, 10.0), (10.0 * i, 0.0, 10.0 * i + 8, 10.0)) for i, c in enumerate("83")]
    span = {"font": "A", "size": 10.0, "dir": (1.0, 0.0), "wmode": 0, "type": 0, "opacity": 1.0, "color": (0.0,),
            "seqno": 0, "chars": chars}  # fmt: skip
    layer = build_layer([span], [("fill-text", (0, 0, 20, 10))], TURN)
    assert agreements(layer, [Span(0, (0, 1))], "38") == [(0, False), (1, False)]


def test_differences_that_a_recogniser_cannot_see_are_none() -> None:
    assert folded("（一）— １２ ３。") == folded("(一)-123.")


@pytest.mark.models
@pytest.mark.skipif(bool(missing_packages()), reason="typefaces are not installed")
@pytest.mark.parametrize(
    "kind", ["honest, two fonts", "doubled characters", "two digits swapped", "other Chinese", "patched figures"]
)
def test_the_models_trust_no_lie(kind: str, tmp_path: Path) -> None:
    (sheets,) = documents(1, 1)
    lying = LIES[kind](sheets)
    counted = triage_file(lying, tmp_path / "a.pdf", partial(read_crops, PaddleOptions(threads=1)))
    assert counted.wrong == 0
    assert not lying.trustworthy or counted.trusted >= 0.98 * counted.printed
