"""Words + ink -> runs: stretches of print on one line without a wide white in them, with tight boxes.

A detected text box is half as high again as its print, may cover two columns, or lines of two heights. Where no
rulings are drawn, the white between columns and rows is all there is, so it is measured on the ink.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.amounts import is_figure, parse_amount
from layout.reading_order import WIDE_CLOSING, WIDE_OPENING, WIDE_STOPS, glyph_height, is_wide
from layout.run_ink import height_of, ink_of, ruled_pixels, stretches_of, with_split_characters
from layout.small_pages import small_darkness
from layout.text_boxes import in_two_rows, is_stacked
from layout.values import Blankness, Ruling
from ocr.geometry import BBox
from ocr.values import PageImage, PageText, Pixels, Word

#: An amount with decimals that something else follows at once, which is no unit of its own.
_AMOUNT_BEFORE = re.compile(
    r"[-−△▲]?\d{1,3}(?:,?\d{3})*\.\d{1,2}(?:(?P<code> +\d)|(?<=\.\d\d)(?P<glued>\d{3,}$)|(?P<text> ?[\u4e00-\u9fff（(](?<![万亿元个平米人倍台辆吨])))"
)
#: What a piece of an upright ruling, or a crossing, is read as.
STROKES = frozenset("I|l1丨Tt十+")
#: In text heights: least white between two decimals and digits that were read without a space behind them.
GLUED = 0.16
#: In text heights: how far off the ink beside it a character stands that is none of that; such characters in a white, at least,
#: that is no white.
BESIDE_INK, LOST = 0.25, 2
#: In text heights: white between words of one text, at most.
WORD_SPACE = 1.05
#: The same: what a full-width mark leaves white beside it at most, its neighbour's margin with it.
BRACKET_WHITE = 0.7
#: In advances of a text's characters: white of one space between its words (type of one width).
SPACE_ADVANCES = 1.5
#: Words of one Latin text; a number before the word that says what it counts (40 years), and a range of them (1 - 2 years);
#: the day of a date (May 21, 2009).
_LATIN_PARTED = re.compile(
    r"[A-Za-z,;&]\|[A-Za-z(&]|[A-Za-z]\|[.)]|[A-Za-z]\.\|[A-Za-z]|\d[+)]?\|[a-z]{3}|[A-Z]\d\|(?:19|20)\d\d|^[-–—]\|\d+\+? [a-z]{3}|\d\|[-–—]\d+\+? [a-z]{3}"
    r"|[A-Za-z]{3}\.?\|\d{1,2}, ?\d|[A-Za-z]{3}\.? ?\d{1,2}, \d{1,3}\|\d"
)
#: The day of a date, and the dash of a range of years or quarters (Q2 2006 - Q1 2010).
_BETWEEN = re.compile(r"[A-Za-z]\|\d{1,2}\|[A-Za-z]{3}|(?:19|20)\d\d\|[-–—]\|(?:[A-Z]\d ?)?(?:19|20)\d\d")
_AMOUNT_PARTED = re.compile(r"\d\|[.,](?:\d|$)|\d[.,]\|\d|[(（]\|\d|\d\|[)）]")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """working_dpi, paper_pt: as for rulings. white: least white between two runs, in text heights. least_dark: of a
    pixel of ink, as a share of the darkest tenth of its word. stray: share of the ink of a run that may belong to the
    line above or below. beside_pt: ink this near a ruling's middle is the ruling's.
    """

    working_dpi: float = 150.0
    paper_pt: float = 72.0
    white: float = 0.3
    least_dark: float = 0.4
    stray: float = 0.15
    beside_pt: float = 1.2


@dataclass(frozen=True, slots=True)
class Run:
    """Print on one line; bbox: of its ink, page pixels. em: type size in px. word_index: the text box it is part of."""

    text: str
    bbox: BBox
    em: float
    word_index: int

    @property
    def y(self) -> float:
        return (self.bbox.y0 + self.bbox.y1) / 2

    @property
    def x(self) -> float:
        return (self.bbox.x0 + self.bbox.x1) / 2

    @property
    def is_figure(self) -> bool:
        """Whether it prints an amount; a year alone is none."""
        return is_figure_not_year(self.text)


def is_figure_not_year(text: str) -> bool:
    """Whether a text prints an amount, a dash counts; a bare year (2026) does not."""
    amount = parse_amount(text)
    if amount.kind is Blankness.DASH:
        return True
    year = amount.decimals == 0 and amount.value is not None and 1900 <= amount.value <= 2100 and "," not in text
    return is_figure(amount) and not year


def find_runs(
    image: PageImage, rulings: Sequence[Ruling], text: PageText, options: RunOptions | None = None
) -> tuple[Run, ...]:
    """The runs of all words in their order; words that run downwards, and white space, have none."""
    options = options or RunOptions()
    factor = min(1.0, options.working_dpi / image.dpi)
    px = image.dpi * factor / 72
    dark = small_darkness(image, factor, max(6, round(options.paper_pt * px))).copy()
    scale = (dark.shape[1] / image.width, dark.shape[0] / image.height)
    ruled = ruled_pixels(dark.shape, rulings, scale, options.beside_pt * px)
    dark[ruled] = 0
    found: list[Run] = []
    for i, word in enumerate(text.words):
        if _is_level(word):
            parts = _stacked(i, word, dark, ruled, scale, options) if is_stacked(word) else []
            rows = in_two_rows(word, [run.y for run in parts], text.words) if parts else False
            found += parts if rows else _runs_of(i, word, dark, ruled, scale, options)
    return tuple(found)


def upright_runs(text: PageText) -> tuple[Run, ...]:
    """The words that run downwards, each as one run: labels merged down rows."""
    return tuple(
        Run(w.text.strip(), w.bbox, w.bbox.width, i)
        for i, w in enumerate(text.words) if w.text.strip() and not _is_level(w)
    )  # fmt: skip


def _is_level(word: Word) -> bool:
    return bool(word.text.strip()) and not (len(word.text) > 2 and word.bbox.height > 1.5 * word.bbox.width)


def _stacked(
    index: int, word: Word, dark: Pixels, ruled: npt.NDArray[np.bool_], scale: tuple[float, float], options: RunOptions
) -> list[Run]:
    """A run for either of two characters one below the other, parted where their ink is; [] where no white parts it."""
    box, em = word.bbox, word.bbox.width
    x0, x1 = int(max(0.0, box.x0 * scale[0])), int(box.x1 * scale[0]) + 1
    y0, y1 = int(max(0.0, box.y0 * scale[1])), int(box.y1 * scale[1]) + 1
    ink = ink_of(dark[y0:y1, x0:x1], ruled[y0:y1, x0:x1], options.least_dark)
    rows, cols = (np.flatnonzero(ink.any(axis=k)) for k in (1, 0))
    if len(rows) < 2:
        return []
    top, bottom = height_of(ink, options.stray)
    rows = rows[(top <= rows) & (rows < bottom)]
    cut = int(np.argmax(np.diff(rows))) + 1
    left, right = (x0 + int(cols[0])) / scale[0], (x0 + int(cols[-1]) + 1) / scale[0]
    return [
        Run(char, BBox(left, (y0 + int(own[0])) / scale[1], right, (y0 + int(own[-1]) + 1) / scale[1]), em, index)
        for char, own in zip(word.text.strip(), (rows[:cut], rows[cut:]), strict=True)
    ]


def _runs_of(
    index: int, word: Word, dark: Pixels, ruled: npt.NDArray[np.bool_], scale: tuple[float, float], options: RunOptions
) -> list[Run]:
    em = glyph_height(word)
    box = word.bbox
    margin = 0.15 * em
    x0, x1 = int(max(0.0, (box.x0 - margin) * scale[0])), int((box.x1 + margin) * scale[0]) + 1
    y0, y1 = int(max(0.0, box.y0 * scale[1])), int(box.y1 * scale[1]) + 1
    ink = ink_of(dark[y0:y1, x0:x1], ruled[y0:y1, x0:x1], options.least_dark)
    stretches = stretches_of(np.asarray(ink.any(axis=0)), options.white * em * scale[0]) if ink.size else []
    stretches = _over_lost_ink(word, stretches, x0, scale[0], em)
    stretches = with_split_characters(word, stretches, x0, scale[0])
    stretches = _rejoined(word, stretches, x0, scale[0], em, options.white)
    stretches = _cut_after_amounts(word, stretches, ink, x0, scale[0], em)
    runs = []
    sides = [((x0 + a) / scale[0], (x0 + b) / scale[0]) for a, b in stretches]
    for (a, b), (left, right), spelled in zip(stretches, sides, _texts(word, sides), strict=True):
        if spelled:
            top, bottom = height_of(ink[:, a:b], options.stray)
            runs.append(Run(spelled, BBox(left, (y0 + top) / scale[1], right, (y0 + bottom) / scale[1]), em, index))
    if not runs and ruled[y0:y1, x0:x1].any() and word.text.strip() in STROKES:
        return []  # a dash of a broken ruling, read as a letter
    return runs or [Run(word.text.strip(), _shrunk(box, em), em, index)]


def _over_lost_ink(
    word: Word, stretches: Sequence[tuple[int, int]], x0: int, scale: float, em: float
) -> list[tuple[int, int]]:
    """Stretches put together over a white in which characters were read: their ink is lost (light type on a dark fill)."""
    out: list[tuple[int, int]] = []
    middles = [(c.x0 + c.x1) / 2 * scale - x0 for c in word.chars if not c.text.isspace()]
    margin = BESIDE_INK * em * scale
    for a, b in stretches:
        if out and sum(out[-1][1] + margin < x < a - margin for x in middles) >= LOST:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def _rejoined(
    word: Word, stretches: list[tuple[int, int]], x0: int, scale: float, em: float, white: float
) -> list[tuple[int, int]]:
    """Stretches put together where the white is that of a bracket, of a comma in an amount (type of one width), or
    between words of Latin letters, with the day of a date between them, or a dash between two years.
    """
    texts = _texts(word, [((x0 + a) / scale, (x0 + b) / scale) for a, b in stretches])
    space = max(WORD_SPACE, SPACE_ADVANCES * _advance(word) / em)
    out: list[tuple[tuple[int, int], str]] = []
    for (a, b), text in zip(stretches, texts, strict=True):
        out.append(((a, b), text))
        while len(out) > 1:
            ((left, stop), last), ((start, right), now) = out[-2:]
            gap = (start - stop) / (em * scale)
            own = BRACKET_WHITE * _half_empty(last, now) if last and now else 0.0
            parted = (gap < WORD_SPACE and (_AMOUNT_PARTED.search(f"{last}|{now}") or _is_torn(last, now))) or (
                gap < space and _LATIN_PARTED.search(f"{last}|{now}")
            )
            before = out[-3] if len(out) > 2 and (left - out[-3][0][1]) / (em * scale) < WORD_SPACE else None
            between = before and gap < WORD_SPACE and _BETWEEN.search(f"{before[1]}|{last}|{now}")
            if not (gap - own < white or parted or between):
                break
            joint = f"{last} {now}" if now[:1].isascii() and now[:1].isalpha() else last + now
            out[-2:] = [((left, right), joint)]
            if before and between:
                out[-2:] = [((before[0][0], right), f"{before[1]} {joint}")]
    return [stretch for stretch, _ in out]


def _is_torn(left: str, right: str) -> bool:
    """Whether a white between digits tears an amount whose left part is none (26,812,1 19.58): 1 beside 1 stands far apart."""
    digits = left[-1:].isdigit() and right[:1].isdigit() and "," in left
    kinds = (parse_amount(left).kind, parse_amount(left + right).kind) if digits else ()
    return kinds == (Blankness.TEXT, Blankness.NUMBER)


def _advance(word: Word) -> float:
    """The usual advance of a word's characters in px; 0.0 where their places are not known."""
    return statistics.median([c.x1 - c.x0 for c in word.chars if not c.text.isspace()] or [0.0])


def _half_empty(left: str, right: str) -> int:
    """How many marks that fill half of their em stand along a white; read as ASCII between wide characters too."""
    opens = right[0] in WIDE_OPENING or (right[0] == "(" and is_wide(left[-1]) and is_wide(right[1:2] or " "))
    closes = left[-1] in WIDE_CLOSING or (left[-1] == ")" and is_wide(right[0]) and is_wide(left[-2:-1] or " "))
    return opens + closes + (right in WIDE_STOPS)


def _cut_after_amounts(
    word: Word, stretches: Sequence[tuple[int, int]], ink: npt.NDArray[np.bool_], x0: int, scale: float, em: float
) -> list[tuple[int, int]]:
    """Stretches cut in the white behind an amount that a code or a text follows at once: those of two columns."""
    if not _AMOUNT_BEFORE.search(word.text):
        return list(stretches)
    filled = np.asarray(ink.any(axis=0))
    middles = _middles(word)
    out: list[tuple[int, int]] = []
    for a, b in stretches:
        own = [(char, x * scale - x0) for char, x in middles if a <= x * scale - x0 < b]
        text = "".join(char for char, _ in own)
        found = _AMOUNT_BEFORE.match(text)
        if found:
            first = max(found.start("code"), found.start("glued"), found.start("text"))
            left, right = (
                next(x for char, x in chars if not char.isspace()) for chars in (own[first - 1 :: -1], own[first:])
            )
            free = [g for g in stretches_of(~filled[a:b], 1.0) if left < a + (g[0] + g[1]) / 2 < right]
            low, high = max(free, key=lambda g: g[1] - g[0], default=(0, 0))
            if high - low > (0.0 if found["glued"] is None else GLUED * em * scale):
                out += [(a, a + low), (a + high, b)]
                continue
        out.append((a, b))
    return out


def _texts(word: Word, sides: Sequence[tuple[float, float]]) -> list[str]:
    """What stands in each stretch: every character goes to the nearest one."""
    texts = [""] * len(sides)
    for char, x in _middles(word) if sides else ():
        nearest = min(range(len(sides)), key=lambda i: max(sides[i][0] - x, x - sides[i][1]))
        texts[nearest] += char
    return [t.strip() for t in texts]


def _middles(word: Word) -> list[tuple[str, float]]:
    if word.chars:
        return [(c.text, (c.x0 + c.x1) / 2) for c in word.chars]
    weights = [2.0 if is_wide(c) else 1.0 for c in word.text]
    edges = word.bbox.x0 + word.bbox.width * np.concatenate([[0.0], np.cumsum(weights)]) / sum(weights)
    return [(c, float(a + b) / 2) for c, a, b in zip(word.text, edges, edges[1:], strict=False)]


def _shrunk(box: BBox, em: float) -> BBox:
    """A box without ink to measure: as high as its type."""
    middle, half = box.centre[1], min(box.height, em) / 2
    return BBox(box.x0, middle - half, box.x1, middle + half)


def usual_em(runs: Iterable[Run], default: float = 20.0) -> float:
    """The median type size of runs in px, long ones counting more."""
    sizes = [r.em for r in runs for _ in range(min(8, len(r.text)))]
    return statistics.median(sizes) if sizes else default
