"""Plain figures read by two small networks, taken only where nothing speaks against them.

Strip ... --figure_ink--> ink --two networks--> two readings --may both be taken?--> Decoded, or None for the recogniser

Most strips of a dense page hold a plain figure, and sixteen classes tell what the large recogniser needs 18,710 for. A
wrong digit that nobody flags is the worst there is, so a figure is taken only if two networks of different make read the
same, each is sure of every character and that none was left out, it is written as figures are written, its digits stand
at an even pitch, and its ink ends within the strip. Everything else is read as if these networks were not there, but for this:
where the cheaper one sees nothing that a figure is written with, there are only words (`words`).

They were trained on other strips than the recogniser, so the recogniser that looks at such a figure again, where no sum
vouches for it, is a witness that does not share their habits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import numpy as np

from ocr.engines import models
from ocr.engines.ctc import BLANK, Alphabet, Decoded, Symbol, decode
from ocr.engines.figure_ink import HEIGHT, Ink, ink_of
from ocr.engines.networks import Tensor, denormals_as_zero, giving_back, open_session
from ocr.engines.strips import STEP_SHIFT, STRIP_HEIGHT, Strip, green_of

OTHER = "?"
"""The class of every character that stands in no plain figure."""
FIGURE = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
LEAST_CHARACTERS = 3
"""A digit or two have no neighbours to vouch for them, and pieces of rulings look like 1 and 11."""
LEAST_SEEN = 0.1
"""Probability of a character of figures, at any step, that is more than nothing."""
SURE = 0.95
"""What either network must give each character, and every gap that nothing was left out there."""
SURPRISE = 4.0
"""How much likelier the two are to be wrong together than if neither knew of the other."""
SUREST = 0.9999
WIDEST = 480
"""Columns of a strip beyond which nothing is a plain figure."""
PITCH = (0.55, 1.55)
"""Distance of two neighbouring digits over the usual one of their figure: a digit left out makes it 2."""
PITCH_OVER_SIGN = 2.4
"""The same where a point or comma stands between them, at most."""
EDGE_INK, EDGE_ROWS = 0.5, slice(5, 27)
"""Ink this dark in the outermost column, between these rows, may go on outside of the strip."""
BATCH = 16
COLUMNS_PER_STEP = 4 * STRIP_HEIGHT / HEIGHT


@dataclass(frozen=True, slots=True)
class FiguresSeen:
    """taken: the figure that is taken of each strip; None leaves it to the recogniser. words: places, ascending, of the
    strips that hold characters, none of which a figure is written with."""

    taken: tuple[Decoded | None, ...]
    words: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FigureReader:
    """Two opened networks; reading changes nothing in it, so threads may share it.

    sessions: onnxruntime.InferenceSession, "ink" (N, 1, HEIGHT, w) -> (N, w / 4, classes of alphabet).
    """

    sessions: tuple[Any, Any]
    alphabet: Alphabet
    n_alternatives: int

    def read(self, strips: Sequence[Strip]) -> FiguresSeen:
        """What is seen in each strip depends on that strip alone. Raises what ONNX Runtime raises."""
        inks = {i: _ink(strip) for i, strip in enumerate(strips) if strip.n_columns <= WIDEST}
        whole = {i: ink for i, ink in inks.items() if not _is_cut(ink, strips[i])}
        words, second = [], {}
        for i, probabilities, spelt in self._spelt_out(1, whole):  # first, for it costs less
            if _is_figure(spelt):
                second[i] = self._decoded(probabilities)
            elif set(spelt) == {OTHER} and self._sees_no_figure(probabilities):
                words.append(i)
        second = {i: decoded for i, decoded in second.items() if _may_be_taken(decoded)}
        again = self._spelt_out(0, {i: whole[i] for i in second})
        first = {i: self._decoded(probabilities) for i, probabilities, spelt in again if _is_figure(spelt)}
        taken = {i: d for i, d in first.items() if _may_be_taken(d) and d.text == second[i].text}
        joined = (_joined(taken[i], second[i], strip) if i in taken else None for i, strip in enumerate(strips))
        return FiguresSeen(tuple(joined), tuple(sorted(words)))

    def _spelt_out(self, which: int, inks: dict[int, Ink]) -> Iterator[tuple[int, Tensor, str]]:
        """Index, probabilities (steps, classes) and text, without its doubts, of each; in batches of equal width."""

        def width(index: int) -> int:
            return int(inks[index].shape[1])

        for _, group in groupby(sorted(inks, key=width), key=width):
            indices = list(group)
            for start in range(0, len(indices), BATCH):
                batch = indices[start : start + BATCH]
                found = run_network(self.sessions[which], np.stack([inks[i] for i in batch])[:, None])
                for i, probabilities, best in zip(batch, found, found.argmax(axis=2).tolist(), strict=True):
                    yield i, probabilities, self._spelt(best)

    def _decoded(self, probabilities: Tensor) -> Decoded:
        return decode(probabilities, self.alphabet, self.n_alternatives)

    def _sees_no_figure(self, probabilities: Tensor) -> bool:
        nothing = probabilities[:, BLANK] + probabilities[:, self.alphabet.characters.index(OTHER)]
        return float(nothing.min()) >= 1.0 - LEAST_SEEN

    def _spelt(self, best: Sequence[int]) -> str:
        """The text of these classes, one a time step: what `decode` reads, without its doubts."""
        return "".join(self.alphabet.characters[index] for index, _ in groupby(best) if index != BLANK)


def run_network(session: Any, ink: Tensor) -> Tensor:
    """One of the bare networks. ink: (N, 1, HEIGHT, w); gives (N, w / 4, classes). Raises what ONNX Runtime raises."""
    with denormals_as_zero():
        (found,) = session.run(None, {"ink": ink}, giving_back(session))
    return np.asarray(found, np.float32)


def open_figures(n_alternatives: int) -> FigureReader:
    """The networks of this package. Raises ModelMissing where one is damaged."""
    first, second = (open_session(str(path)) for path in models.figure_files())
    characters = first.get_modelmeta().custom_metadata_map["characters"].split("\n")
    return FigureReader((first, second), Alphabet(characters), n_alternatives)


def _ink(strip: Strip) -> Ink:
    return ink_of(green_of(strip.pixels)[:, : strip.n_columns])


def _is_cut(ink: Ink, strip: Strip) -> bool:
    """Whether ink reaches an end of the strip: it may be a part of something."""
    last = max(4, round(strip.n_columns * HEIGHT / STRIP_HEIGHT)) - 1
    return bool(max(ink[EDGE_ROWS, 0].max(), ink[EDGE_ROWS, last].max()) > EDGE_INK)


def _may_be_taken(read: Decoded) -> bool:
    """Whether one network's reading is sure and written as figures are."""
    return read.confidence >= SURE and _is_figure(read.text) and _is_even(read.symbols)


def _is_figure(text: str) -> bool:
    """Whether it is long enough and written as figures are."""
    return len(text) >= LEAST_CHARACTERS and FIGURE.fullmatch(text) is not None


def _is_even(symbols: Sequence[Symbol]) -> bool:
    """Whether the digits stand as figures are set: a digit as wide as another, and no room for one that was left out."""
    steps = [b.centre - a.centre for a, b in pairwise(symbols) if a.text.isdigit() and b.text.isdigit()]
    if not steps:
        return True
    pitch = median(steps)
    over_signs = [
        c.centre - a.centre
        for a, b, c in zip(symbols, symbols[1:], symbols[2:], strict=False)
        if a.text.isdigit() and b.text in ".," and c.text.isdigit()
    ]
    low, high = PITCH
    return all(low * pitch <= step <= high * pitch for step in steps) and all(
        step <= PITCH_OVER_SIGN * pitch for step in over_signs
    )


def _joined(first: Decoded, second: Decoded, strip: Strip) -> Decoded:
    """One reading of the two that say the same. Its time steps are the strip's columns."""
    symbols = tuple(_symbol(a, b) for a, b in zip(first.symbols, second.symbols, strict=True))
    return Decoded(symbols, strip.pixels.shape[1], max(first.blank_confidence, second.blank_confidence))


def _symbol(a: Symbol, b: Symbol) -> Symbol:
    """A character of both; as sure as two that seldom err together, and never certain."""
    confidence = min(SUREST, 1.0 - SURPRISE * (1.0 - a.confidence) * (1.0 - b.confidence))
    centre = (a.centre + b.centre) / 2 * COLUMNS_PER_STEP - STEP_SHIFT  # these steps look at their middle
    start, stop = (round(step * COLUMNS_PER_STEP) for step in (min(a.start, b.start), max(a.stop, b.stop)))
    return Symbol(a.text, confidence, start, stop, centre, _alternatives(a, b))


def _alternatives(a: Symbol, b: Symbol) -> tuple[tuple[str, float], ...]:
    """What else either saw, at the mean of both."""
    seen: dict[str, float] = {}
    for text, p in (*a.alternatives, *b.alternatives):
        if OTHER not in text:
            seen[text] = seen.get(text, 0.0) + p / 2
    n = max(len(a.alternatives), len(b.alternatives))
    return tuple(sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))[:n])
