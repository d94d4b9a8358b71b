"""Greedy CTC decoding that keeps what PaddleOCR's own decoder throws away: place, doubt and alternatives.

Graves et al. 2006: per time step the recogniser gives a distribution over all characters and a blank; equal neighbours
are one character, blanks are dropped. The text is the same as that of PaddleOCR's `CTCLabelDecode`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Probabilities = npt.NDArray[np.float32]

BLANK = 0
LEAST_ALTERNATIVE = 0.001


@dataclass(frozen=True, slots=True)
class Symbol:
    """One decoded character. start, stop and centre are time steps, stop exclusive.

    confidence: its highest probability within its run; alternatives: other characters there, best first.
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
        """The mean over the characters, or that of "no text"."""
        if not self.symbols:
            return self.blank_confidence
        return sum(symbol.confidence for symbol in self.symbols) / len(self.symbols)


def decode(probabilities: Probabilities, characters: Sequence[str], n_alternatives: int = 0) -> Decoded:
    """The most probable character of each time step, runs joined, blanks dropped.

    probabilities: (T, C), each row a distribution; characters: C texts, the blank at index 0.
    """
    best = probabilities.argmax(axis=1)
    starts, stops = _runs(best)
    peaks = np.array([s + int(probabilities[s:e, best[s]].argmax()) for s, e in zip(starts, stops, strict=True)], int)
    others = _alternatives(probabilities[peaks], best[peaks], characters, n_alternatives)
    symbols = tuple(
        Symbol(
            characters[best[p]], _clip(probabilities[p, best[p]]), s, e, _centre(probabilities[s:e, best[p]], s), other
        )
        for s, e, p, other in zip(starts, stops, peaks, others, strict=True)
    )
    blank = _clip(probabilities[:, BLANK].min()) if len(probabilities) else 1.0
    return Decoded(symbols, len(probabilities), blank)


def _runs(best: npt.NDArray[np.intp]) -> tuple[list[int], list[int]]:
    """Start and stop of each run of one character; runs of blanks are left out."""
    edges = np.flatnonzero(np.diff(best)) + 1
    starts = np.concatenate(([0], edges)) if len(best) else np.empty(0, int)
    stops = np.concatenate((edges, [len(best)])) if len(best) else np.empty(0, int)
    kept = best[starts] != BLANK
    return starts[kept].tolist(), stops[kept].tolist()


def _centre(weights: Probabilities, start: int) -> float:
    """Where the run's probability is centred, in time steps; the middle of step t lies at t + 0.5."""
    steps = np.arange(start, start + len(weights)) + 0.5
    return float((steps * weights).sum() / weights.sum())


def _alternatives(
    rows: Probabilities, chosen: npt.NDArray[np.intp], characters: Sequence[str], n: int
) -> list[tuple[tuple[str, float], ...]]:
    if n <= 0 or not len(rows):
        return [()] * len(rows)
    rows = rows.copy()
    rows[:, BLANK] = 0.0
    rows[np.arange(len(rows)), chosen] = 0.0
    n = min(n, rows.shape[1])
    top = np.argpartition(rows, -n, axis=1)[:, -n:]
    return [_ranked(row, indices, characters) for row, indices in zip(rows, top, strict=True)]


def _ranked(
    row: Probabilities, indices: npt.NDArray[np.intp], characters: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    ranked = sorted(((float(row[i]), int(i)) for i in indices), key=lambda pair: (-pair[0], pair[1]))
    return tuple((characters[i], p) for p, i in ranked if p >= LEAST_ALTERNATIVE)


def _clip(probability: np.floating | float) -> float:
    return min(1.0, max(0.0, float(probability)))
