"""Confidence against what was right: does 0.99 mean that one reading in a hundred is wrong?

Only numeric cells are judged (a number is read, or the truth prints one), and only those that stand at their true place
with their true span: confidence speaks of the reading; a grid that went wrong is counted elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flows.scoring.matching import match_tables
from flows.scoring.text import is_number, number_key
from flows.scoring.values import BenchTable, Reading

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1.0)
"""Bins that are fine where it matters: half of them lie above 0.95."""
SURE = 0.99


@dataclass(frozen=True, slots=True)
class Judged:
    """One numeric cell: how sure the system was, and whether it was right."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Cells whose confidence lies in [low, high), 1.0 included in the last. said: their mean confidence."""

    low: float
    high: float
    n: int
    n_right: int
    said: float

    @property
    def held(self) -> float:
        """The share that was right."""
        return self.n_right / self.n


def judge_numbers(truth: Reading, read: Reading) -> Iterator[Judged]:
    """The numeric cells of one file that were read at their true place, with a confidence."""
    for i, j in match_tables(truth.tables, read.tables).pairs:
        yield from _judge_table(truth.tables[i], read.tables[j])


def _judge_table(truth: BenchTable, read: BenchTable) -> Iterator[Judged]:
    true_texts = {cell.place: cell.text for cell in truth.cells}
    for cell in read.cells:
        text = true_texts.get(cell.place)
        if text is not None and cell.confidence is not None and (is_number(text) or is_number(cell.text)):
            yield Judged(cell.confidence, number_key(text) == number_key(cell.text))


def bins(judged: Iterable[Judged], edges: Sequence[float] = EDGES) -> tuple[Bin, ...]:
    """The reliability curve: one point for each bin that holds a cell, ascending."""
    cells = tuple(judged)
    found = []
    for low, high in pairwise(edges):
        inside = [c for c in cells if low <= c.confidence < high or (high == edges[-1] and c.confidence == high)]
        if inside:
            said = sum(c.confidence for c in inside) / len(inside)
            found.append(Bin(low, high, len(inside), sum(c.is_right for c in inside), said))
    return tuple(found)


def calibration_error(curve: Sequence[Bin]) -> float:
    """Expected calibration error: |said - held|, weighted by cells (Naeini et al., AAAI 2015); 0 without cells."""
    n = sum(b.n for b in curve)
    return sum(b.n * abs(b.said - b.held) for b in curve) / n if n else 0.0


def sure_and_wrong(judged: Iterable[Judged], sure: float = SURE) -> tuple[int, int]:
    """(cells at least so sure, how many of them are wrong)."""
    chosen = [c for c in judged if c.confidence >= sure]
    return len(chosen), sum(not c.is_right for c in chosen)
