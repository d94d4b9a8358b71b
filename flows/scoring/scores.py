"""One file's reading against its truth -> counts that add up over files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields

from flows.scoring.matching import match_tables
from flows.scoring.number_scores import NumberScore, score_invented_table, score_numbers
from flows.scoring.text import characters_right, normalise
from flows.scoring.values import BenchTable, Reading

Similarity = Callable[[BenchTable, BenchTable, bool], float]
"""True table, read table, structure only -> similarity in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one file, or of many: they add. Tables are counted in ``n_*``; teds and teds_s are sums over true tables.

    cells_placed: right place and span; cells_right: text too. silent_accepted: numbers wrong, missing or invented
    without a doubt stated, in documents that the system accepted. captions: titles, labels and units asked for / right.
    """

    n_files: int = 0
    n_failed: int = 0
    n_pages: int = 0
    seconds: float = 0.0
    n_true: int = 0
    n_found: int = 0
    n_invented: int = 0
    n_fragments: int = 0
    n_structure: int = 0
    n_exact: int = 0
    n_kinds: int = 0
    n_headers: int = 0
    n_titles: int = 0
    n_labels: int = 0
    n_units: int = 0
    teds: float = 0.0
    teds_s: float = 0.0
    cells_true: int = 0
    cells_read: int = 0
    cells_placed: int = 0
    cells_right: int = 0
    chars_true: int = 0
    chars_right: int = 0
    text_true: int = 0
    text_right: int = 0
    numbers_true: int = 0
    numbers_in_place: int = 0
    numbers_wrong: int = 0
    numbers_missing: int = 0
    numbers_invented: int = 0
    numbers_silent: int = 0
    n_accepted: int = 0
    silent_accepted: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


def score_file(truth: Reading, read: Reading, similarity: Similarity | None = None) -> Score:
    """Counts of one file. A file that a system could not read at all scores as one in which it found nothing.

    similarity: of two tables as trees; without it teds and teds_s stay 0.
    """
    matching = match_tables(truth.tables, read.tables)
    total = _score_document(truth, read)
    for i, j in matching.pairs:
        total += _score_pair(truth.tables[i], read.tables[j], similarity)
    for i in matching.missed:
        total += _score_missed(truth.tables[i])
    for j in (*matching.invented, *matching.fragments):
        total += _score_extra(read.tables[j], is_fragment=j in matching.fragments)
    accepted = bool(read.accepted)
    return total + Score(n_accepted=int(accepted), silent_accepted=total.numbers_silent if accepted else 0)


def _score_document(truth: Reading, read: Reading) -> Score:
    true_text, read_text = _by_page(truth), _by_page(read)
    return Score(
        n_files=1,
        n_failed=int(bool(read.error)),
        n_pages=truth.n_pages,
        seconds=read.seconds or 0.0,
        n_true=len(truth.tables),
        text_true=sum(len(normalise(text)) for text in true_text.values()),
        text_right=sum(characters_right(text, read_text[page]) for page, text in true_text.items()),
    )


def _by_page(reading: Reading) -> defaultdict[int, str]:
    pages: defaultdict[int, str] = defaultdict(str)
    for page, text in reading.text:
        pages[page] += text
    return pages


def _score_pair(truth: BenchTable, read: BenchTable, similarity: Similarity | None) -> Score:
    true_places, read_places = {c.place: c for c in truth.cells}, {c.place: c for c in read.cells}
    placed = true_places.keys() & read_places.keys()
    right = sum(normalise(true_places[p].text) == normalise(read_places[p].text) for p in placed)
    same_shape = (truth.n_rows, truth.n_cols) == (read.n_rows, read.n_cols)
    structure = same_shape and true_places.keys() == read_places.keys()
    base = Score(
        n_found=1,
        n_structure=int(structure),
        n_exact=int(structure and right == len(true_places)),
        teds=similarity(truth, read, False) if similarity else 0.0,
        teds_s=similarity(truth, read, True) if similarity else 0.0,
        cells_true=len(truth.cells),
        cells_read=len(read.cells),
        cells_placed=len(placed),
        cells_right=right,
        n_kinds=int(truth.kind == read.kind),
        n_headers=int(truth.n_header_rows == read.n_header_rows),
        n_titles=_same(truth.title, read.title),
        n_labels=_same(truth.label, read.label),
        n_units=_same(truth.unit, read.unit),
    )
    return base + _characters(truth, read) + _numbers(score_numbers(truth, read))


def _same(truth: str | None, read: str | None) -> int:
    return int(read is not None and normalise(truth or "") == normalise(read))


def _characters(truth: BenchTable, read: BenchTable | None) -> Score:
    """Characters of the cells, each looked for in the cell at the same row and column."""
    total = right = 0
    for cell in truth.cells:
        total += len(normalise(cell.text))
        found = read.slots.get((cell.row, cell.col)) if read else None
        right += characters_right(cell.text, found.text) if found else 0
    return Score(chars_true=total, chars_right=right)


def _score_missed(truth: BenchTable) -> Score:
    return Score(cells_true=len(truth.cells)) + _characters(truth, None) + _numbers(score_numbers(truth, None))


def _score_extra(read: BenchTable, is_fragment: bool) -> Score:
    base = Score(n_fragments=int(is_fragment), n_invented=int(not is_fragment), cells_read=len(read.cells))
    return base + _numbers(score_invented_table(read))


def _numbers(score: NumberScore) -> Score:
    return Score(
        numbers_true=score.n_true,
        numbers_in_place=score.in_place,
        numbers_wrong=score.wrong,
        numbers_missing=score.missing,
        numbers_invented=score.invented,
        numbers_silent=score.silent,
    )
