"""Adjacency relations between cells: the measure of the ICDAR 2013 table competition.

Göbel, Hassan, Oro, Orsi, "A methodology for evaluating algorithms for table understanding in PDF documents", DocEng
2012. A relation joins a cell that holds text to its nearest neighbour with text, to the right or below; it is right
when a true relation joins the same two texts in the same direction. Columns and rows need no numbers of their own, so a
spurious empty column costs nothing, and a cell torn in two or merged with another costs each relation it had.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from flows.scoring.matching import match_tables
from flows.scoring.text import normalise
from flows.scoring.values import BenchCell, BenchTable

Relation = tuple[str, str, str]

#: How alike the texts of a read and a true cell are, at least, where a slip of the reading shall not count.
ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Counts of relations: right ones, those of the truth, those read."""

    right: int = 0
    true: int = 0
    read: int = 0

    def __add__(self, other: Adjacency) -> Adjacency:
        return Adjacency(self.right + other.right, self.true + other.true, self.read + other.read)

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else float(not self.true)

    @property
    def f1(self) -> float:
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


def adjacency(truth: tuple[BenchTable, ...], read: tuple[BenchTable, ...], *, forgiving: bool) -> Adjacency:
    """Over all tables of a document; the relations of a missed table are lacking, those of an invented one too many.

    forgiving: a read text that is like a true one of its table counts as that one, so that structure alone is measured.
    """
    matching = match_tables(truth, read)
    partner = {j: truth[i] for i, j in matching.pairs}
    named = [_named_as(table, partner[j]) if forgiving and j in partner else table for j, table in enumerate(read)]
    total = Adjacency(0, sum(r.total() for r in map(relations, truth)), sum(r.total() for r in map(relations, named)))
    right = sum((relations(truth[i]) & relations(named[j])).total() for i, j in matching.pairs)
    return replace(total, right=right)


def relations(table: BenchTable) -> Counter[Relation]:
    """(text, neighbour's text, 'right' or 'below') of each pair of neighbours, counted; slots without text are skipped."""
    rows: dict[int, list[tuple[int, BenchCell]]] = {}
    cols: dict[int, list[tuple[int, BenchCell]]] = {}
    for (row, col), cell in sorted(table.slots.items()):
        if key(cell.text):
            rows.setdefault(row, []).append((col, cell))
            cols.setdefault(col, []).append((row, cell))
    pairs = {
        (one.place, two.place, way): (key(one.text), key(two.text), way)
        for lines, way in ((rows, "right"), (cols, "below"))
        for line in lines.values()
        for (_, one), (_, two) in pairwise(line)
        if one is not two
    }
    return Counter(pairs.values())


def key(text: str) -> str:
    """Letters and figures alone, in one case: dots of a leader, dashes and quotes differ from font to font."""
    return re.sub(r"[\W_]", "", normalise(text)).casefold() or normalise(text)


def _named_as(read: BenchTable, truth: BenchTable) -> BenchTable:
    """The read table with each text that is nobody's in the truth replaced by the likest one that is free."""
    free = Counter(key(c.text) for c in truth.cells)
    free.subtract(Counter(key(c.text) for c in read.cells))
    wanted = [text for text, n in free.items() if text for _ in range(max(0, n))]
    known = {key(c.text) for c in truth.cells}
    cells = []
    for cell in read.cells:
        alike = "" if not key(cell.text) or key(cell.text) in known else _likest(key(cell.text), wanted)
        if alike:
            wanted.remove(alike)
        cells.append(replace(cell, text=alike or cell.text))
    return replace(read, cells=tuple(cells))


def _likest(text: str, choices: list[str]) -> str:
    scored = [(SequenceMatcher(None, text, c, autojunk=False).ratio(), c) for c in choices]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= ALIKE else ""
