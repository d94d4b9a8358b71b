"""What a page is, before anybody looks for tables in it. Frozen; arrays are read-only."""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from ocr.geometry import BBox
from ocr.maps import PageMap
from ocr.shapes import Shapes
from ocr.shelf import Waiting
from ocr.text_layer import EMPTY_LAYER, TextLayer

Pixels = npt.NDArray[np.uint8]


class TextSource(StrEnum):
    """Where the words of a page come from."""

    OCR = "ocr"
    TEXT_LAYER = "text_layer"


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """One page as pixels.

    pixels: (H, W) grey or (H, W, 3) RGB, uint8, made read-only here.
    to_pdf: page pixels -> points of the original page as a viewer shows it (origin top left),
        whatever was rotated, levelled, made flat or set one above the other since.
    digest: hex SHA-256 of what determines these pixels; equal digests mean equal pixels.
    rotation_degrees: clockwise turn (0, 90, 180, 270) applied to put the page upright.
    skew_degrees: clockwise turn applied to level it.
    seals: where seals stood over the print, in page pixels; their ink is gone, what they covered deserves doubt.
    layer: what the file says stands on the page, in points; is_scan: images cover the page.
    shapes: what the file draws besides type, in points, where that accounts for all such ink; None: ask the pixels.
    """

    document_digest: str
    page_number: int
    dpi: float
    digest: str
    to_pdf: PageMap
    pixels: Pixels
    width_pt: float
    height_pt: float
    rotation_degrees: int = 0
    skew_degrees: float = 0.0
    seals: tuple[BBox, ...] = ()
    layer: TextLayer = EMPTY_LAYER
    is_scan: bool = False
    shapes: Shapes | None = None

    def __post_init__(self) -> None:
        if self.page_number < 1:
            raise ValueError(f"page numbers count from 1, not {self.page_number}")
        if self.pixels.dtype != np.uint8 or self.pixels.ndim not in (2, 3) or self.pixels.size == 0:
            raise ValueError(f"a page is a non-empty (H, W) or (H, W, 3) uint8 array, not {self.pixels.shape}")
        self.pixels.flags.writeable = False

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


@dataclass(frozen=True, slots=True)
class TextPlaces:
    """Where text stands on a page, known before it is read; page pixels.

    areas: in which no other text stands than in ``lines``, one box around each line. strokes: of a frame around
    them, which are no text.
    """

    areas: tuple[BBox, ...] = ()
    lines: tuple[BBox, ...] = ()
    strokes: tuple[BBox, ...] = ()


NO_PLACES = TextPlaces()


@dataclass(frozen=True, slots=True)
class Char:
    """One recognised character; x0 and x1 are page pixels along the word's own direction of reading.

    alternatives: other characters the recogniser considered, best first, with their probabilities.
    """

    text: str
    x0: float
    x1: float
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


class PackedChars(Sequence[Char]):
    """Characters in a third of the room, made into objects when they are looked at; equal to a tuple of the same.

    For words that wait: all pages of a document do until it is proven.
    """

    __slots__ = ("_alternatives", "_numbers", "_texts")

    def __init__(self, chars: Iterable[Char]) -> None:
        each = tuple(chars)
        self._texts = tuple(c.text for c in each)
        self._numbers = array("d", [number for c in each for number in (c.x0, c.x1, c.confidence)])
        self._alternatives = {i: c.alternatives for i, c in enumerate(each) if c.alternatives} or None

    @property
    def text(self) -> str:
        return "".join(self._texts)

    @property
    def plain(self) -> tuple[Any, ...]:
        """What `of_plain` makes the same from: tuples, strings, numbers and bytes."""
        others = {i: _plain_others(o) for i, o in (self._alternatives or {}).items()} or None
        return self._texts, self._numbers.tobytes(), others

    @classmethod
    def of_plain(cls, texts: tuple[str, ...], numbers: bytes, alternatives: dict[int, Any] | None) -> PackedChars:
        packed = cls.__new__(cls)
        packed._texts, packed._numbers, packed._alternatives = texts, array("d", numbers), alternatives
        return packed

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> Char: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Char, ...]: ...
    def __getitem__(self, index: int | slice) -> Char | tuple[Char, ...]:
        if isinstance(index, slice):
            return tuple(map(self._char, range(*index.indices(len(self)))))
        return self._char(range(len(self))[index])

    def _char(self, index: int) -> Char:
        x0, x1, confidence = self._numbers[3 * index : 3 * index + 3]
        return Char(self._texts[index], x0, x1, confidence, (self._alternatives or {}).get(index, ()))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | PackedChars) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


@dataclass(frozen=True, slots=True)
class Word:
    """One text box as detected and read: a run of characters on one line, spaces allowed.

    chars: empty when the engine gives no positions; else ''.join(c.text) == text.
    """

    text: str
    bbox: BBox
    confidence: float
    chars: Sequence[Char] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence lies in [0, 1], not {self.confidence}")
        if self.chars and _spelled(self.chars) != self.text:
            raise ValueError(f"characters do not spell {self.text!r}")


def _spelled(chars: Sequence[Char]) -> str:
    return chars.text if isinstance(chars, PackedChars) else "".join(c.text for c in chars)


class PackedWords(Waiting[Word]):
    """The words of one cell as bytes, for cells that are laid aside: few who look at a cell again ask for its words."""

    __slots__ = ("_data", "_n")

    def __init__(self, words: Iterable[Word]) -> None:
        each = [_plain_word(word) for word in words]
        self._n, self._data = len(each), marshal.dumps(each)

    def __len__(self) -> int:
        return self._n

    def __iter__(self) -> Iterator[Word]:
        return (_word(*plain) for plain in marshal.loads(self._data))

    def _at(self, index: int) -> Word:
        return _word(*marshal.loads(self._data)[index])

    def __reduce__(self) -> tuple[Any, ...]:
        return _packed_words, (self._n, self._data)


def _packed_words(n: int, data: bytes) -> PackedWords:
    packed = PackedWords.__new__(PackedWords)
    packed._n, packed._data = n, data
    return packed


def _plain_word(word: Word) -> tuple[Any, ...]:
    box = tuple(map(float, word.bbox.as_tuple()))
    chars = word.chars if isinstance(word.chars, PackedChars) else PackedChars(word.chars)
    return word.text, box, float(word.confidence), chars.plain if word.chars else None


def _plain_others(others: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple((text, float(probability)) for text, probability in others)


def _word(text: str, box: tuple[float, ...], confidence: float, chars: tuple[Any, ...] | None) -> Word:
    return Word(text, BBox(*box), confidence, PackedChars.of_plain(*chars) if chars else ())


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one place. source: 'page', 'crop', 'text_layer' or the name of a second engine."""

    text: str
    confidence: float
    source: str
    chars: Sequence[Char] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words that share a baseline, left to right."""

    words: tuple[Word, ...]
    bbox: BBox

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)


@dataclass(frozen=True, slots=True)
class PageText:
    """All words of a page; no words means that the page holds no text, never that reading failed.

    notes: why its source was chosen. other_readings: what was read otherwise than a
    trusted text layer says, and where.
    """

    page_digest: str
    source: TextSource
    words: tuple[Word, ...]
    notes: tuple[str, ...] = ()
    other_readings: tuple[tuple[BBox, Reading], ...] = ()


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page, or a stage on it, that failed; a document with one is never accepted."""

    page_number: int
    stage: str
    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page besides its words; the `pages` rows of document.json."""

    page_number: int
    width_pt: float
    height_pt: float
    dpi: float = 0.0
    digest: str = ""
    text_source: TextSource = TextSource.OCR
    rotation_degrees: int = 0
    skew_degrees: float = 0.0
    failures: tuple[PageFailure, ...] = ()
    notes: tuple[str, ...] = ()
    extra: tuple[tuple[str, Any], ...] = field(default=())
