"""Greedy CTC decoding that keeps what PaddleOCR's own decoder throws away: place, doubt and alternatives.

Graves et al. 2006: per time step the recogniser gives a distribution over all characters and a blank; equal neighbours
are one character, blanks are dropped. The text is the same as that of PaddleOCR's `CTCLabelDecode`.

Doubt covers characters that are not there: where a blank won narrowly over a point, `21.27` reads `2127` with every
digit certain. So a character is as sure as its own peak and as the gaps beside it are empty. On 575 small, blurred
numbers wrong readings above 0.95 fell from 11 to 6, above 0.99 from 7 to 2; 56 of 73 are one alternative from the truth.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

Probabilities = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
Run = tuple[int, int]
Missed = tuple[int, float]

BLANK = 0
LEAST_ALTERNATIVE = 0.001
ALL_BUT = 0.9995
"""Where a class has so much of a step, no other has LEAST_ALTERNATIVE."""
CERTAIN = 9.2
"""By so much more than any character the blank must have, before exponents: each then has less than 0.0001 of it."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


class Alphabet:
    """The recogniser's characters by class, the blank first, and which of them say the same.

    Twins are half- and full-width forms, and dashes of every length: print does not tell them apart, nor does the
    recogniser, which shares its probability out among them.
    """

    __slots__ = ("characters", "spaces", "twins")

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = tuple(characters)
        self.spaces = frozenset(index for index, text in enumerate(self.characters) if text.isspace())
        same: dict[str, list[int]] = {}
        for index, text in enumerate(self.characters[1:], 1):
            same.setdefault(unicodedata.normalize("NFKC", text).translate(_DASHES), []).append(index)
        self.twins = {index: group for group in same.values() if len(group) > 1 for index in group}

    def twins_of(self, index: int) -> list[int]:
        """All classes that say the same as this one, itself included."""
        return self.twins.get(index, [index])


@dataclass(frozen=True, slots=True)
class Symbol:
    """One decoded character. start, stop and centre are time steps, stop exclusive.

    confidence: its highest probability within its run, or that of nothing being left out beside it, if lower.
    alternatives: what else may stand there, best first: another character, '' (nothing), or this character with one
        more before or behind it.
    """

    text: str
    confidence: float
    start: int
    stop: int
    centre: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Decoded:
    """One strip as decoded. n_steps: time steps of the whole strip, padding included.

    blank_confidence: the least probability of the blank over all steps; how sure it is that there is no text.
    """

    symbols: tuple[Symbol, ...]
    n_steps: int
    blank_confidence: float

    @property
    def text(self) -> str:
        return "".join(symbol.text for symbol in self.symbols)

    @property
    def confidence(self) -> float:
        """That of the least sure character, or of "no text"."""
        return min((symbol.confidence for symbol in self.symbols), default=self.blank_confidence)


def decode_logits(logits: Probabilities, alphabet: Alphabet, n_alternatives: int = 0) -> Decoded:
    """The same from a network without softmax, for a quarter of the arithmetic. logits: (T, C), which are lost.

    Three of four rows say that there is nothing: where the blank leads by CERTAIN, no distribution is made. The others
    become distributions where the first rows lie, for new memory would cost more than the arithmetic.
    """
    blank = logits[:, BLANK].copy()
    logits[:, BLANK] = -np.inf
    best = logits.argmax(axis=1)
    lead = logits[np.arange(len(logits)), best]
    logits[:, BLANK] = blank
    best[blank >= lead] = BLANK
    steps = np.flatnonzero(blank - lead < CERTAIN)
    greatest = np.maximum(lead, blank)
    for row, step in enumerate(steps.tolist()):
        np.subtract(logits[step], greatest[step], out=logits[row])
    probabilities = logits[: len(steps)]
    np.exp(probabilities, out=probabilities)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return _decode(probabilities, best[steps], steps, len(logits), alphabet, n_alternatives)


def decode(probabilities: Probabilities, alphabet: Alphabet, n_alternatives: int = 0) -> Decoded:
    """The most probable character of each time step, runs joined, blanks dropped.

    probabilities: (T, C), each row a distribution; alphabet: C characters.
    """
    n_steps = len(probabilities)
    best = probabilities.argmax(axis=1)
    return _decode(probabilities, best, np.arange(n_steps), n_steps, alphabet, n_alternatives)


def _decode(
    probabilities: Probabilities, best: Indices, steps: Indices, n_steps: int, alphabet: Alphabet, n_alternatives: int
) -> Decoded:
    """best: (T,), the likeliest class of each row; steps: (T,), which of the strip's time steps it is; steps without a row are blank."""
    classes_of, places = best.tolist(), steps.tolist()
    runs = _runs(classes_of, places)
    classes = [classes_of[start] for start, _ in runs]
    peaks = [
        start if stop - start == 1 else start + int(probabilities[start:stop, own].argmax())
        for (start, stop), own in zip(runs, classes, strict=True)
    ]
    missed = _missed(probabilities, runs, classes, alphabet)
    symbols = tuple(
        _symbol(probabilities, run, places[run[0]], peaks[i], classes[i], missed[i : i + 2], alphabet, n_alternatives)
        for i, run in enumerate(runs)
    )
    blank = _clip(probabilities[:, BLANK].min()) if len(probabilities) else 1.0
    return Decoded(symbols, n_steps, blank)


def _symbol(
    probabilities: Probabilities,
    run: Run,
    first: int,
    peak: int,
    own: int,
    beside: Sequence[Missed],
    alphabet: Alphabet,
    n_alternatives: int,
) -> Symbol:
    """run, peak: rows; first: the time step of the run's first row; beside: what was left out before and behind it."""
    (start, stop), row = run, probabilities[peak]
    (before, p_before), (behind, p_behind) = beside
    twins = alphabet.twins_of(own)
    confidence = min(_clip(row[twins].sum() if len(twins) > 1 else row[own]), 1.0 - p_before, 1.0 - p_behind)
    candidates = [
        (alphabet.characters[before] + alphabet.characters[own], p_before),
        (alphabet.characters[own] + alphabet.characters[behind], p_behind),
    ]
    candidates += _others(row, own, alphabet, n_alternatives)
    centre = _centre(probabilities[start:stop, own], first)
    last, alternatives = first + stop - start, _ranked(candidates, n_alternatives)
    return Symbol(alphabet.characters[own], confidence, first, last, centre, alternatives)


def _missed(
    probabilities: Probabilities, runs: Sequence[Run], classes: Sequence[int], alphabet: Alphabet
) -> list[Missed]:
    """Per gap (before the first run, between runs, behind the last) the likeliest character that was left out.

    The neighbours' own characters do not count, their flanks always reach into the gap; nor do spaces, which mean
    nothing between figures or ideographs.
    """
    starts = [0, *(stop for _, stop in runs)]
    stops = [*(start for start, _ in runs), len(probabilities)]
    own = [alphabet.twins_of(index) for index in classes]
    beside = [{BLANK, *alphabet.spaces, *chain.from_iterable(own[max(0, i - 1) : i + 1])} for i in range(len(starts))]
    return [_likeliest(probabilities[a:b], excluded) for a, b, excluded in zip(starts, stops, beside, strict=True)]


def _likeliest(steps: Probabilities, excluded: Iterable[int]) -> Missed:
    """The likeliest class of these rows but for those excluded."""
    if not len(steps):
        return BLANK, 0.0
    columns = list(excluded)
    left_out = steps[:, columns]
    steps[:, columns] = 0.0
    row, best = divmod(int(steps.argmax()), steps.shape[1])
    likeliest = best, _clip(steps[row, best])
    steps[:, columns] = left_out
    return likeliest


def _runs(best: Sequence[int], steps: Sequence[int]) -> list[Run]:
    """Start and stop, in rows, of each run of one character at steps in a row; runs of blanks are left out."""
    broken = [row for row in range(1, len(best)) if best[row] != best[row - 1] or steps[row] != steps[row - 1] + 1]
    edges = [0, *broken, len(best)]
    return [(start, stop) for start, stop in pairwise(edges) if start < stop and best[start] != BLANK]


def _centre(weights: Probabilities, start: int) -> float:
    """Where the run's probability is centred, in time steps; the middle of step t lies at t + 0.5."""
    if len(weights) == 1:
        return start + 0.5
    steps = np.arange(start, start + len(weights)) + 0.5
    return float((steps * weights).sum() / weights.sum())


def _others(row: Probabilities, own: int, alphabet: Alphabet, n: int) -> list[tuple[str, float]]:
    """What else the recogniser saw at one time step; the blank is the empty text."""
    if row[own] >= ALL_BUT:
        return []
    likely = np.flatnonzero(row >= LEAST_ALTERNATIVE)  # a handful of 18,710
    top = likely[np.argsort(row[likely])[-(n + 1) :]]
    return [
        ("" if i == BLANK else alphabet.characters[i], float(row[i]))
        for i in top.tolist()
        if i != own and (i == BLANK or not alphabet.characters[i].isspace())
    ]


def _ranked(candidates: Sequence[tuple[str, float]], n: int) -> tuple[tuple[str, float], ...]:
    likely = [(text, _clip(p)) for text, p in candidates if p >= LEAST_ALTERNATIVE]
    return tuple(sorted(likely, key=lambda pair: (-pair[1], pair[0]))[:n])


def _clip(probability: np.floating | float) -> float:
    return min(1.0, max(0.0, float(probability)))
