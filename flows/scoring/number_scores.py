"""Where the numbers went: in place, wrong, missing or invented; and which of them nobody doubted."""

from __future__ import annotations

from dataclasses import dataclass

from flows.scoring.text import is_number, normalise, number_key
from flows.scoring.values import BenchCell, BenchTable


@dataclass(frozen=True, slots=True)
class NumberScore:
    """n_true = in_place + wrong + missing. silent: wrong or invented without a doubt stated, and missing ones."""

    n_true: int = 0
    in_place: int = 0
    wrong: int = 0
    missing: int = 0
    invented: int = 0
    silent: int = 0

    def __add__(self, other: NumberScore) -> NumberScore:
        return NumberScore(
            self.n_true + other.n_true,
            self.in_place + other.in_place,
            self.wrong + other.wrong,
            self.missing + other.missing,
            self.invented + other.invented,
            self.silent + other.silent,
        )


def score_numbers(truth: BenchTable, read: BenchTable | None) -> NumberScore:
    """Each number of ``truth`` looked up at its own row and column of ``read`` (None: the table was not found)."""
    total = NumberScore()
    for cell in truth.cells:
        if is_number(cell.text):
            total += _score_one(cell, read.slots.get((cell.row, cell.col)) if read else None)
    return total + (_invented(truth, read) if read else NumberScore())


def score_invented_table(read: BenchTable) -> NumberScore:
    """All numbers of a table that does not exist."""
    return sum((_invention(cell) for cell in read.cells if is_number(cell.text)), NumberScore())


def _score_one(true: BenchCell, read: BenchCell | None) -> NumberScore:
    if read is None or not normalise(read.text):
        return NumberScore(n_true=1, missing=1, silent=int(read is None or not read.doubtful))
    starts_here = (read.row, read.col) == (true.row, true.col)
    if starts_here and number_key(read.text) == number_key(true.text):
        return NumberScore(n_true=1, in_place=1)
    return NumberScore(n_true=1, wrong=1, silent=int(not read.doubtful))


def _invented(truth: BenchTable, read: BenchTable) -> NumberScore:
    """Numbers read where the truth has an empty cell, words, or no cell at all."""
    total = NumberScore()
    for cell in read.cells:
        if is_number(cell.text):
            true = truth.slots.get((cell.row, cell.col))
            if true is None or not is_number(true.text) or (true.row, true.col) != (cell.row, cell.col):
                total += _invention(cell)
    return total


def _invention(cell: BenchCell) -> NumberScore:
    return NumberScore(invented=1, silent=int(not cell.doubtful))
