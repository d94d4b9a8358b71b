"""``python -m bench.corrupt [--n 10000] [--doubles 2000] [--seed 1]``: what the proof finds, puts right, and gets wrong.

Truth documents are read wrongly on purpose (`misreads`) and proven. Counted: errors detected among cells with at least one
identity, repairs that are right, errors whose true value was in reach that were repaired, authors' errors "repaired" and
false alarms on clean truth (both must be 0).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.misreads import (
    MisreadOptions,
    author_slip,
    lose_point,
    misread_digit,
    read_well,
    with_cell,
    with_column_shifted,
    with_row_twice,
    with_table,
    without_row,
)
from expectations.candidates import counted
from expectations.catalogue.loader import load_catalogue
from expectations.known import Known, know, with_figures
from expectations.proof import Proof, prove_figures
from expectations.values import CellRef, CellVerdict, CheckVerdict, DocumentTables
from expectations.verdicts import FAILING, checks_by_cell, n_independent
from layout.values import Cell, Table
from ocr.values import TextSource
from tests.expectations.truth import read_truth, truth_folders


@dataclass(frozen=True, slots=True)
class Subject:
    """A truth document read well: its figures, those under an identity, and what fails in it by its author's hand."""

    name: str
    known: Known
    figures: tuple[CellRef, ...]
    under_identity: frozenset[CellRef]
    under_two: frozenset[CellRef]
    failing: frozenset[tuple[str, str]]
    doubted: frozenset[CellRef]


@dataclass(slots=True)
class Tally:
    """Counts of one kind of error. missed: (document, cells, texts) for a look at what was not detected."""

    counts: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else float("nan")


def subjects(seed: int = 0) -> tuple[Subject, ...]:
    """Every truth document that has tables."""
    found = []
    for folder in truth_folders():
        document = read_well(read_truth(folder, TextSource.OCR), random.Random(seed))
        if document.tables:
            found.append(_subject(folder.name, know(document, load_catalogue())))
    return tuple(found)


def _subject(name: str, known: Known) -> Subject:
    proof = prove_figures(known)
    by_cell = checks_by_cell(c for c in known.checks if c.verdict is not CheckVerdict.NOT_EVALUATED)
    figures = tuple(ref for ref, _ in proof.known.verdicts if any(ch.isdigit() for ch in known.cell(ref).text))
    under = frozenset(ref for ref in figures if ref in by_cell)
    two = frozenset(ref for ref in under if n_independent(ref, by_cell[ref]) == 2)
    return Subject(name, known, figures, under, two, _failing(proof), _doubted(proof))


def false_alarms(subject: Subject) -> list[str]:
    """What is held against a document read without any error, but its author's own errors."""
    proof = prove_figures(subject.known)
    doubts = [
        f"{subject.name} {c.identity} {c.statement}" for c in proof.known.checks if _is_alarm(c.verdict, c.identity)
    ]
    return doubts + [f"{subject.name} corrected {s}" for s in proof.corrections]


def _is_alarm(verdict: CheckVerdict, identity: str) -> bool:
    # Running text has no second reading here, so a slip of its author looks like one of reading: a warning either way.
    return verdict is CheckVerdict.EXTRACTION_SUSPECT and identity != "X12"


def single_errors(subjects: tuple[Subject, ...], n: int, seed: int, options: MisreadOptions | None = None) -> Tally:
    """One digit of one figure misread."""
    tally, rng = Tally(), random.Random(seed)
    for _ in range(n):
        subject = rng.choice(subjects)
        ref = rng.choice(subject.figures)
        misread = misread_digit(subject.known.cell(ref), rng, options or MisreadOptions())
        _prove_cells(subject, {ref: misread.cell}, tally, {ref} if misread.truth_known else set())
    return tally


def double_errors(subjects: tuple[Subject, ...], n: int, seed: int) -> Tally:
    """Two figures of one document misread, in one table every other time."""
    tally, rng = Tally(), random.Random(seed)
    for i in range(n):
        subject = rng.choice(subjects)
        first = rng.choice(subject.figures)
        near = [r for r in subject.figures if r != first and (i % 2 or r.table_index == first.table_index)]
        if not near:
            continue
        pair = (first, rng.choice(near))
        misreads = {ref: misread_digit(subject.known.cell(ref), rng, MisreadOptions()) for ref in pair}
        known = {ref for ref, m in misreads.items() if m.truth_known}
        _prove_cells(subject, {ref: m.cell for ref, m in misreads.items()}, tally, known)
    return tally


def lost_points(subjects: tuple[Subject, ...], n: int, seed: int) -> Tally:
    """A decimal point not read."""
    tally, rng = Tally(), random.Random(seed)
    places = [(s, ref) for s in subjects for ref in s.figures if "." in s.known.cell(ref).text]
    for subject, ref in (rng.choice(places) for _ in range(n)):
        _prove_cells(subject, {ref: lose_point(subject.known.cell(ref), rng)}, tally, {ref})
    return tally


def author_slips(subjects: tuple[Subject, ...], n: int, seed: int) -> Tally:
    """A digit that the author got wrong: it must stay, and be named."""
    tally, rng = Tally(), random.Random(seed)
    for _ in range(n):
        subject = rng.choice(subjects)
        ref = rng.choice(subject.figures)
        cell = author_slip(subject.known.cell(ref), rng)
        started = time.process_time()
        known = with_figures(subject.known, with_cell(subject.known.document, ref, _const(cell)))
        proof = prove_figures(known)
        tally.seconds += time.process_time() - started
        tally.counts["trials"] += 1
        if ref in subject.under_identity:
            tally.counts["under identity"] += 1
            tally.counts["detected"] += _is_detected(subject, proof, {ref})
            named = [c for c in proof.known.checks if any(t.cell == ref for t in c.terms) and c.verdict in FAILING]
            tally.counts["named the author's"] += any(c.verdict is CheckVerdict.SOURCE_INCONSISTENT for c in named)
        tally.counts["repaired"] += len(proof.corrections)
        tally.wrong += [f"{subject.name} {s}" for s in proof.corrections]
    return tally


def structural_errors(subjects: tuple[Subject, ...], every: int = 1) -> dict[str, Tally]:
    """Each row lost, each doubled, each column of figures shifted, one at a time; of all these one in ``every``."""
    tallies: dict[str, Tally] = {"row lost": Tally(), "row doubled": Tally(), "column shifted": Tally()}
    number = 0
    for subject in subjects:
        for index, table in enumerate(subject.known.document.tables):
            for what, where, damaged, refs in _damages(index, table, subject.figures):
                number += 1
                if number % every:
                    continue
                name = f"{subject.name} table {index + 1} {where}"
                is_under = bool(refs & subject.under_identity)
                _prove_structure(subject, index, damaged, tallies[what], name, is_under)
    return tallies


def _damages(
    index: int, table: Table, figures: tuple[CellRef, ...]
) -> Iterator[tuple[str, str, Table, frozenset[CellRef]]]:
    """(what, where, the damaged table, the figures that are lost, doubled or moved)."""
    slots = table.slot_cells()
    mine = [ref for ref in figures if ref.table_index == index]
    for row in range(table.n_header_rows, table.n_rows):
        texts = [slots[row, c].text for c in range(table.n_cols)]
        refs = frozenset(ref for ref in mine if ref.row == row)
        if refs and table.n_rows > 1:
            yield "row lost", f"row {row} {texts[:2]}", without_row(table, row), refs
            yield "row doubled", f"row {row} {texts[:2]}", with_row_twice(table, row), refs
    for col in range(1, table.n_cols - 1):
        moved = with_column_shifted(table, col, table.n_header_rows) if table.n_header_rows else None
        if moved is not None and any(counted(slots[r, col].text) for r in range(table.n_header_rows, table.n_rows)):
            yield "column shifted", f"column {col}", moved, frozenset(ref for ref in mine if ref.col == col)


def _prove_structure(subject: Subject, index: int, table: Table, tally: Tally, what: str, is_under: bool) -> None:
    started = time.process_time()
    proof = prove_figures(know(with_table(subject.known.document, index, table), load_catalogue()))
    tally.seconds += time.process_time() - started
    tally.counts["trials"] += 1
    tally.counts["under identity"] += is_under
    found = bool(_failing(proof) - subject.failing) or len(_doubted(proof)) > len(subject.doubted)
    tally.counts["detected"] += found and is_under
    tally.counts["detected of all"] += found
    tally.missed += [] if found else [f"{what}{'' if is_under else ' (under no identity)'}"]
    tally.counts["repaired"] += len(proof.corrections)
    tally.wrong += [f"{what} {s.changes}" for s in proof.corrections]


def _prove_cells(subject: Subject, cells: dict[CellRef, Cell], tally: Tally, within_reach: set[CellRef]) -> None:
    started = time.process_time()
    document: DocumentTables = subject.known.document
    for ref, cell in cells.items():
        document = with_cell(document, ref, _const(cell))
    proof = prove_figures(with_figures(subject.known, document))
    tally.seconds += time.process_time() - started
    tally.counts["trials"] += 1
    for ref in cells:
        is_under = ref in subject.under_identity
        is_seen = _is_detected(subject, proof, {ref})
        tally.counts["errors"] += 1
        tally.counts["under identity"] += is_under
        tally.counts["detected"] += is_under and is_seen
        tally.counts["by sums alone"] += is_under and _stands_in_failing(proof, ref)
        if is_under and not is_seen:
            tally.missed.append(f"{subject.name} {ref} {_true(subject, ref)} read {cells[ref].text}")
        right = _value(proof, ref) == counted(_true(subject, ref))
        tally.counts["in reach"] += ref in within_reach and is_under
        tally.counts["in reach, repaired"] += ref in within_reach and is_under and right
        tally.counts["two"] += ref in within_reach and ref in subject.under_two
        tally.counts["two, repaired"] += ref in within_reach and ref in subject.under_two and right
        if ref in within_reach and ref in subject.under_two and not right:
            said = [s.reason for s in proof.suggestions if any(c.cell == ref for c in s.changes)]
            tally.left.append(f"{subject.name} {ref} {_true(subject, ref)} read {cells[ref].text} {said}")
    for change in (change for s in proof.corrections for change in s.changes):
        tally.counts["repaired"] += 1
        good = counted(change.proposed) == counted(_true(subject, change.cell))
        tally.counts["repaired right"] += good
        tally.wrong += [] if good else [f"{subject.name} {change}, true {_true(subject, change.cell)}"]


def _const(cell: Cell) -> Callable[[Cell], Cell]:
    return lambda _: cell


def _true(subject: Subject, ref: CellRef) -> str:
    return subject.known.cell(ref).text


def _value(proof: Proof, ref: CellRef) -> object:
    cells = proof.document.tables[ref.table_index].cells
    return next(counted(c.text) for c in cells if (c.span.row, c.span.col) == (ref.row, ref.col))


def _is_detected(subject: Subject, proof: Proof, refs: set[CellRef]) -> bool:
    verdicts = dict(proof.known.verdicts)
    settled = (CellVerdict.SUSPECT, CellVerdict.CORRECTED, CellVerdict.SOURCE_INCONSISTENT)
    return any(verdicts.get(r) in settled or _stands_in_failing(proof, r) for r in refs)


def _stands_in_failing(proof: Proof, ref: CellRef) -> bool:
    touched = {t.cell for c in proof.known.checks if c.verdict in FAILING for t in c.terms}
    return ref in touched or any(ref == change.cell for s in proof.corrections for change in s.changes)


def _failing(proof: Proof) -> frozenset[tuple[str, str]]:
    return frozenset((c.identity, c.statement) for c in proof.known.checks if c.verdict in FAILING)


def _doubted(proof: Proof) -> frozenset[CellRef]:
    return frozenset(ref for ref, v in proof.known.verdicts if v is CellVerdict.SUSPECT)


def _line(name: str, tally: Tally) -> str:
    c = tally.counts
    parts = [f"{name}: {c['trials']} trials", f"detected {c['detected']}/{c['under identity']} = "
             f"{tally.share('detected', 'under identity'):.2%}"]  # fmt: skip
    if c["detected of all"]:
        parts.append(f"of all {c['detected of all']}/{c['trials']} = {tally.share('detected of all', 'trials'):.2%}")
    if c["by sums alone"]:
        parts.append(f"by sums alone {tally.share('by sums alone', 'under identity'):.2%}")
    if c["repaired right"]:
        parts.append(f"repairs right {c['repaired right']}/{c['repaired']} = "
                     f"{tally.share('repaired right', 'repaired'):.3%}")  # fmt: skip
        parts.append(f"in reach repaired {tally.share('in reach, repaired', 'in reach'):.2%} of {c['in reach']}")
        parts.append(f"of those under two identities {tally.share('two, repaired', 'two'):.2%} of {c['two']}")
    else:
        parts.append(f"repaired {c['repaired']}")
    if c["named the author's"]:
        parts.append(f"named the author's {tally.share('named the author' + chr(39) + 's', 'under identity'):.1%}")
    parts.append(f"{1000 * tally.seconds / max(c['trials'], 1):.0f} ms CPU a trial")
    return "; ".join(parts)


def main(argv: list[str] | None = None) -> int:
    """Prints the figures; 1 when a repair was wrong on an author's error or clean truth raised an alarm, else 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.corrupt", description=__doc__)
    parser.add_argument("--n", type=int, default=10000)
    parser.add_argument("--doubles", type=int, default=2000)
    parser.add_argument("--points", type=int, default=500)
    parser.add_argument("--slips", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="of the structural damages one in so many")
    parser.add_argument("--show", type=int, default=0, help="so many misses and wrong repairs of each kind")
    options = parser.parse_args(argv)
    found = subjects()
    alarms = [a for s in found for a in false_alarms(s)]
    print(f"false alarms on clean truth: {len(alarms)}", *alarms, sep="\n  ")
    kinds: dict[str, Callable[[], Tally]] = {
        "single digits": lambda: single_errors(found, options.n, options.seed),
        "two digits": lambda: double_errors(found, options.doubles, options.seed),
        "lost points": lambda: lost_points(found, options.points, options.seed),
        "author's slips": lambda: author_slips(found, options.slips, options.seed),
    }
    n_wrong = {name: _show(name, measure(), options.show) for name, measure in kinds.items()}
    for name, tally in structural_errors(found, options.every).items():
        _show(name, tally, options.show)
    return 1 if alarms or n_wrong["author's slips"] else 0


def _show(name: str, tally: Tally, n: int) -> int:
    print(_line(name, tally), flush=True)
    for kind, lines in (("missed", tally.missed), ("wrong", tally.wrong), ("left", tally.left)):
        for line in lines[:n]:
            print(f"    {kind}: {line}")
    return len(tally.wrong)


if __name__ == "__main__":
    sys.exit(main())
