"""Glyphs of a text layer -> words as an OCR engine without slips would box them.

Glyphs that share a baseline are ordered along it, whatever order they were drawn in, and cut into words where white is
left between them. Confidence is 1.0: what is printed is known, not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ocr.geometry import BBox
from ocr.text_layer import Flags, Floats, TextLayer
from ocr.values import Char, Word

BOX_GAP = 0.9
"""White wider than this many text heights starts a new word: text detectors bridge spaces, not columns."""
SAME_LINE = 0.35
_WEIGHTLESS = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


def layer_words(layer: TextLayer, boxes: Floats, chosen: Flags, quarter: int) -> tuple[Word, ...]:
    """The words of the chosen glyphs, top to bottom, then left to right.

    boxes: (n, 4) pixels of a page on which text of ``quarter`` runs to the right. White space between chosen glyphs of
    a line is kept. Text that runs another way makes one word a run, without places of characters.
    """
    spaces = np.array([bool(text) and text.isspace() for text in layer.texts], bool) & ~layer.hidden
    along = layer.quarters == quarter
    words = [word for line in _lines(boxes, (chosen | spaces) & along) for word in _cut(layer, boxes, line)]
    words += _whole_runs(layer, boxes, np.flatnonzero(chosen & ~along & (layer.quarters >= 0)).tolist())
    return tuple(sorted(words, key=lambda w: (w.bbox.y0, w.bbox.x0)))


def _lines(boxes: Floats, wanted: Flags) -> Iterator[list[int]]:
    """Indices of glyphs on one baseline each, from left to right."""
    indices = np.flatnonzero(wanted)
    base, height = boxes[indices, 3], boxes[indices, 3] - boxes[indices, 1]
    order = np.argsort(base, kind="stable")
    line: list[int] = []
    last = -np.inf
    for place in order.tolist():
        if line and base[place] - last > SAME_LINE * height[place]:
            yield sorted(line, key=lambda i: boxes[i, 0])
            line = []
        line.append(int(indices[place]))
        last = base[place]
    if line:
        yield sorted(line, key=lambda i: boxes[i, 0])


def _cut(layer: TextLayer, boxes: Floats, line: Sequence[int]) -> Iterator[Word]:
    word: list[int] = []
    last = -1
    for i in line:
        is_ink = bool(layer.texts[i].strip())
        if is_ink and last >= 0 and boxes[i, 0] - boxes[last, 2] > BOX_GAP * (boxes[last, 3] - boxes[last, 1]):
            yield _word(layer, boxes, word)
            word = []
        if is_ink or word:
            word.append(i)
        last = i if is_ink else last
    if word and last >= 0:
        yield _word(layer, boxes, word)


def _word(layer: TextLayer, boxes: Floats, members: Sequence[int]) -> Word:
    kept = [i for i in members if layer.texts[i] not in _WEIGHTLESS]
    while not layer.texts[kept[-1]].strip():
        kept = kept[:-1]
    chars = tuple(char for i in kept for char in _chars(layer.texts[i], boxes[i, 0], boxes[i, 2]))
    return Word("".join(c.text for c in chars), _around(boxes, kept), 1.0, chars)


def _chars(text: str, x0: float, x1: float) -> Iterator[Char]:
    """A glyph that means several characters is shared out among them."""
    step = (x1 - x0) / max(1, len(text))
    return (Char(char, float(x0 + i * step), float(x0 + (i + 1) * step), 1.0) for i, char in enumerate(text))


def _whole_runs(layer: TextLayer, boxes: Floats, indices: Sequence[int]) -> Iterator[Word]:
    runs: dict[int, list[int]] = {}
    for i in indices:
        runs.setdefault(int(layer.runs[i]), []).append(int(i))
    return (Word("".join(layer.texts[i] for i in run), _around(boxes, run), 1.0) for run in runs.values())


def _around(boxes: Floats, members: Sequence[int]) -> BBox:
    own = boxes[list(members)]
    return BBox(float(own[:, 0].min()), float(own[:, 1].min()), float(own[:, 2].max()), float(own[:, 3].max()))
