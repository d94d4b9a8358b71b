"""Words printed where a table's cells would be, without rulings: what tests of implied rulings share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from layout.values import Ruling
from ocr.values import PageImage, PageText, Word
from tests import builders
from tests.layout.drawing import Pen, blank, draw_ruling, page

CHAR_PX, HEIGHT = 10.0, 30.0
EM = 20.0


def width(text: str) -> float:
    return sum(CHAR_PX * (2 if ord(c) > 0x2E80 else 1) for c in text)


def word(text: str, x: float, y: float, align: str = "left") -> Word:
    """One line of type whose middle is at height y; x is its left, right or middle."""
    left = x - {"left": 0.0, "right": 1.0, "centre": 0.5}[align] * width(text)
    return builders.word(text, left, y - HEIGHT / 2, char_px=CHAR_PX, height=HEIGHT)


def printed(words: Iterable[Word], rulings: Sequence[Ruling] = ()) -> tuple[PageImage, PageText]:
    """A page with the words as solid type, and perhaps rulings."""
    words = tuple(words)
    canvas = blank(1400, 1100)
    for ruling in rulings:
        draw_ruling(canvas, ruling, Pen())
    for w in words:
        middle = w.bbox.centre[1]
        for c in w.chars:
            if not c.text.isspace():
                inset = 0.1 * (c.x1 - c.x0)
                canvas[round(middle - 9) : round(middle + 9), round(c.x0 + inset) : round(c.x1 - inset)] = 20
    return page(canvas), PageText("0" * 64, builders.page_text().source, words)


def paragraphs(n_lines: int, y: float = 100.0, chars: int = 44) -> list[Word]:
    """Running text over the whole width, the last line short."""
    text = "为深入贯彻落实党中央决策部署坚持统筹发展和安全不断提高财政资金使用效益按照有关规定现将部门预算公开如下"
    return [
        word((text[i % 7 :] + text)[: chars if i + 1 < n_lines else 9], 80, y + 36 * i) for i in range(n_lines)
    ]  # fmt: skip
