"""A few short spans of each font, read from the pixels and compared with what the layer says.

    layer --choose_spans--> Span ...           every kind of figure glyph once, then words spread over the page
    spans, pixels --strip_of--> one picture    spans side by side: one line for the recogniser
    reading --agreements--> which characters of each span it confirms

A font draws one glyph always alike, so what is true of one place of a glyph is true of all: ten digits and the marks
between them, confirmed once each, confirm every figure of their font.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

import numpy as np

from ocr.text_layer import Flags, Floats, TextLayer
from ocr.values import Pixels

FIGURE_MARKS = frozenset("0123456789.,０１２３４５６７８９．")
_FOLDED = str.maketrans({
    "—": "-", "–": "-", "−": "-", "―": "-", "‐": "-", "‑": "-", "·": ".", "•": ".", "。": ".", "、": ",",
    "“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "〔": "(", "〕": ")", "〇": "O", "○": "O",
})  # fmt: skip

Kind = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class SampleOptions:
    """longest: glyphs of a span; least_figure: of one that is looked at for its figures. words: spans without figures
    per font, of word_length glyphs at most. pad_em: paper around a span in a strip. widest_em: of a strip.
    """

    longest: int = 14
    least_figure: int = 3
    words: int = 3
    word_length: int = 5
    pad_em: float = 0.4
    widest_em: float = 24.0


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring glyphs of one font and size on one line, by their indices."""

    font: int
    members: tuple[int, ...]


def folded(text: str) -> str:
    """Text without white space, and without differences that a recogniser cannot see."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).lower().split())


def kind_of(layer: TextLayer, i: int) -> Kind:
    """One glyph of one font with one meaning."""
    return int(layer.font_index[i]), int(layer.glyph_ids[i]), layer.texts[i]


def is_figure(text: str) -> bool:
    """Whether the glyph is a digit or stands between digits; the comma of running text is another."""
    return text in FIGURE_MARKS


def find_spans(layer: TextLayer, boxes: Floats, wanted: Flags, options: SampleOptions) -> list[Span]:
    """The wanted glyphs in stretches, in the order in which they were drawn."""
    spans: list[list[int]] = []
    for i in np.flatnonzero(wanted).tolist():
        last = spans[-1][-1] if spans else -1
        if last >= 0 and len(spans[-1]) < options.longest and _follows(layer, boxes, last, i):
            spans[-1].append(i)
        else:
            spans.append([i])
    return [Span(int(layer.font_index[s[0]]), tuple(s)) for s in spans]


def _follows(layer: TextLayer, boxes: Floats, last: int, i: int) -> bool:
    height = boxes[last, 3] - boxes[last, 1]
    gap = boxes[i, 0] - boxes[last, 2]
    level = abs(boxes[i, 3] - boxes[last, 3]) < 0.1 * height
    alike = layer.font_index[i] == layer.font_index[last] and abs(layer.sizes[i] - layer.sizes[last]) < 0.2
    return bool(level and alike and -0.3 * height < gap < 0.5 * height)


def choose_spans(
    layer: TextLayer, spans: Sequence[Span], options: SampleOptions, skip: frozenset[Span] = frozenset()
) -> list[Span]:
    """Spans of one font to look at: figures first, until each of their glyphs is covered, then words."""
    left = [s for s in spans if s not in skip]
    chosen = _covering(layer, [figure for s in left for figure in _figures(layer, s, options)])
    words = [s for s in left if not any(is_figure(layer.texts[i]) for i in s.members)]
    words = _telling(layer, words) or ([] if chosen else words)
    n = min(options.words, len(words))
    picked = [words[(2 * k + 1) * len(words) // (2 * n)] for k in range(n)]
    return [*chosen, *(Span(s.font, s.members[: options.word_length]) for s in picked)]


def _telling(layer: TextLayer, spans: Sequence[Span]) -> list[Span]:
    """Spans of letters; without any, those of three marks or more. A lone dash or bullet is seldom read as itself."""
    letters = [s for s in spans if any(c.isalnum() for i in s.members for c in layer.texts[i])]
    return [s for s in letters if len(s.members) > 1] or letters or [s for s in spans if len(s.members) > 2]


def _figures(layer: TextLayer, span: Span, options: SampleOptions) -> list[Span]:
    """The stretches of a span that print figures, short ones with what stands beside them."""
    members, found = span.members, []
    for is_fig, stretch in groupby(range(len(members)), key=lambda k: is_figure(layer.texts[members[k]])):
        places = list(stretch)
        if is_fig:
            more = max(0, options.least_figure - len(places))
            start = max(0, min(places[0] - (more + 1) // 2, len(members) - options.least_figure))
            stop = max(places[-1] + 1, min(len(members), start + options.least_figure))
            found.append(Span(span.font, members[start:stop]))
    return found


def _covering(layer: TextLayer, spans: Sequence[Span]) -> list[Span]:
    """Few and short spans that hold every kind of figure glyph."""
    kinds = {s: {kind_of(layer, i) for i in s.members if is_figure(layer.texts[i])} for s in spans}
    missing = set().union(*kinds.values()) if kinds else set()
    chosen: list[Span] = []
    while missing:
        best = max(spans, key=lambda s: (len(kinds[s] & missing) / (len(s.members) + 1.5), -len(s.members)))
        chosen.append(best)
        missing -= kinds[best]
    return chosen


def crop_of(pixels: Pixels, boxes: Floats, span: Span) -> Pixels:
    """The line of a span, from a little above its type to a little below."""
    own = boxes[list(span.members)]
    height = float((own[:, 3] - own[:, 1]).max())
    y0, y1 = own[:, 1].min() - 0.12 * height, own[:, 3].max() + 0.12 * height
    x0, x1 = own[:, 0].min() - 0.06 * height, own[:, 2].max() + 0.06 * height
    rows, columns = np.clip([y0, y1], 0, pixels.shape[0]), np.clip([x0, x1], 0, pixels.shape[1])
    return pixels[int(rows[0]) : int(np.ceil(rows[1])), int(columns[0]) : int(np.ceil(columns[1]))]


def strip_of(crops: Sequence[Pixels], pad_em: float) -> Pixels:
    """Crops of about one height side by side, each on paper of its own colour. (H, W[, 3]) uint8."""
    height = max(crop.shape[0] for crop in crops)
    pad = max(1, round(pad_em * height))
    parts = []
    for crop in crops:
        paper = np.median(crop.reshape(-1, *crop.shape[2:]), axis=0).astype(np.uint8) if crop.size else np.uint8(255)
        part = np.empty((height + pad // 2, crop.shape[1] + 2 * pad, *crop.shape[2:]), np.uint8)
        part[...] = paper
        top = (part.shape[0] - crop.shape[0]) // 2
        part[top : top + crop.shape[0], pad : pad + crop.shape[1]] = crop
        parts.append(part)
    return np.concatenate(parts, axis=1)


def to_strips(layer: TextLayer, spans: Sequence[Span], options: SampleOptions) -> list[list[Span]]:
    """Spans of one size grouped into lines short enough for one look."""
    strips: list[list[Span]] = []
    used, size = 0.0, 0.0
    for span in sorted(spans, key=lambda s: (round(2 * layer.sizes[s.members[0]]), s.members)):
        own, width = float(layer.sizes[span.members[0]]), _width_em(layer, span) + 2 * options.pad_em
        if strips and used + width <= options.widest_em and own <= 1.15 * size:
            strips[-1].append(span)
            used += width
        else:
            strips.append([span])
            used, size = width, own
    return strips


def _width_em(layer: TextLayer, span: Span) -> float:
    boxes = layer.boxes[list(span.members)]
    sides = np.sort([np.ptp(boxes[:, [0, 2]]), np.ptp(boxes[:, [1, 3]])])
    return float(sides[1] / max(float(layer.sizes[span.members[0]]), 0.1))


def agreements(layer: TextLayer, spans: Sequence[Span], reading: str) -> list[tuple[int, bool]]:
    """(glyph, whether the reading of all spans in a row confirms it) for each of their glyphs."""
    said = [(i, char) for s in spans for i in s.members for char in folded(layer.texts[i])]
    confirmed = _confirmed("".join(char for _, char in said), folded(reading))
    whole: dict[int, bool] = {}
    for (i, _), ok in zip(said, confirmed, strict=True):
        whole[i] = whole.get(i, True) and ok
    return list(whole.items())


def _confirmed(said: str, seen: str) -> list[bool]:
    """Place by place where both are equally long: an alignment would let 38 confirm one digit of 83."""
    if len(said) == len(seen):
        return [a == b for a, b in zip(said, seen, strict=True)]
    confirmed = [False] * len(said)
    for start, _, length in SequenceMatcher(None, said, seen, autojunk=False).get_matching_blocks():
        confirmed[start : start + length] = [True] * length
    return confirmed
