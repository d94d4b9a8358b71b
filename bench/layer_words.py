"""The words of a PDF's own text layer on its rendered page, as an OCR engine without slips would box them.

With these, `layout/` is measured on born-digital files in a second a page, and no slip of recognition blurs the picture.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from ocr.geometry import BBox
from ocr.preprocess import turned as page_turned
from ocr.values import Char, PageImage, PageText, TextSource, Word

#: A gap wider than this many text heights starts a new box: text detectors bridge spaces between words, not columns.
BOX_GAP = 0.9
#: Height of a detected box in type sizes: detectors box a line generously, whatever its font says of its own height.
BOX_HEIGHT = 1.4


@dataclass(frozen=True, slots=True)
class _Glyph:
    """size: of its type, px."""

    text: str
    box: BBox
    size: float


def upright_page(path: Path, image: PageImage) -> tuple[PageImage, PageText]:
    """The rendering ``image`` of a page, turned so that most of its text runs to the right, and the words on it."""
    with pymupdf.open(path) as document:
        page = document[image.page_number - 1]
        blocks = page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)["blocks"]
        lines = [
            (_direction(line["dir"], page), _glyphs(line, page, image.dpi / 72.0))
            for block in blocks
            for line in block.get("lines", ())
        ]
    counts: Counter[tuple[int, int]] = Counter()
    for direction, glyphs in lines:
        counts[direction] += len(glyphs)
    main = counts.most_common(1)[0][0] if counts else (1, 0)
    words: list[Word] = []
    for direction, glyphs in lines:
        turned = [replace(g, box=_turned(g.box, main, image)) for g in glyphs]
        words += _words(turned) if direction == main else _whole(turned)
    upright = page_turned(image, {(1, 0): 0, (0, -1): 90, (0, 1): 270, (-1, 0): 180}[main])
    return upright, PageText(image.digest, TextSource.TEXT_LAYER, tuple(words))


def _direction(towards: Any, page: Any) -> tuple[int, int]:
    """Which way a line runs on the page as shown."""
    turn = page.rotation_matrix
    x, y = towards[0] * turn.a + towards[1] * turn.c, towards[0] * turn.b + towards[1] * turn.d
    return (round(float(np.sign(x))), 0) if abs(x) >= abs(y) else (0, round(float(np.sign(y))))


def _glyphs(line: dict[str, Any], page: Any, scale: float) -> list[_Glyph]:
    boxes = (
        (c["c"], pymupdf.Rect(c["bbox"]) * page.rotation_matrix, s["size"]) for s in line["spans"] for c in s["chars"]
    )
    return [_Glyph(t, BBox(b.x0 * scale, b.y0 * scale, b.x1 * scale, b.y1 * scale), z * scale) for t, b, z in boxes]


def _turned(box: BBox, main: tuple[int, int], image: PageImage) -> BBox:
    """A box on the page turned so that text running towards ``main`` runs to the right."""
    if main == (0, -1):
        return BBox(image.height - box.y1, box.x0, image.height - box.y0, box.x1)
    if main == (0, 1):
        return BBox(box.y0, image.width - box.x1, box.y1, image.width - box.x0)
    if main == (-1, 0):
        return BBox(image.width - box.x1, image.height - box.y1, image.width - box.x0, image.height - box.y0)
    return box


def _words(glyphs: list[_Glyph]) -> Iterator[Word]:
    """A line's characters cut where white is left between them."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        last = next((g.box for g in reversed(run) if g.text.strip()), None)
        if last is not None and not -0.5 * last.height <= glyph.box.x0 - last.x1 <= BOX_GAP * last.height:
            yield from _word(run)
            run = []
        if glyph.text.strip() or run:
            run.append(glyph)
    yield from _word(run)


def _word(run: list[_Glyph]) -> Iterator[Word]:
    while run and not run[-1].text.strip():
        run = run[:-1]
    if run:
        box = _around(run)
        chars = tuple(Char(g.text, g.box.x0, max(g.box.x0, g.box.x1), 1.0) for g in run)
        middle, half = box.centre[1], BOX_HEIGHT / 2 * statistics.median(g.size for g in run)
        yield Word("".join(g.text for g in run), BBox(box.x0, middle - half, box.x1, middle + half), 1.0, chars)


def _whole(glyphs: list[_Glyph]) -> Iterator[Word]:
    """A line that runs another way than the page: one box, no places of characters."""
    inked = [g for g in glyphs if g.text.strip()]
    if inked:
        yield Word("".join(g.text for g in glyphs).strip(), _around(inked), 1.0)


def _around(glyphs: list[_Glyph]) -> BBox:
    boxes = [g.box for g in glyphs]
    return BBox(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
