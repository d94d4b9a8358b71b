"""``python -m bench.corrupt [--n 10000] [--doubles 2000] [--seed 1]``: what the proof finds, puts right, and gets wrong.

Truth documents are read wrongly on purpose (`misreads`) and proven. Counted (`tallies`): errors detected among cells with
at least one identity, repairs that are right, errors whose true value was in reach that were repaired or suggested first,
authors' errors "repaired" and false alarms on clean truth (both must be 0).

--only KIND[,KIND]: some kinds of errors (single, double, points, slips, structure). --json FILE: the counts added to a
file, so that a large run can be made in parts, by seeds; --sum FILE: the lines of such files together.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

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
from bench.tallies import Tally, added, keep, line_of
from expectations.candidates import CandidateOptions, counted, pointless_candidate, supported_candidates
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
    # An identity that need not hold finds no error: when it fails, it says nothing.
    hard = [c for r, c in zip(known.relations, known.sums, strict=True) if not r.soft]
    must = checks_by_cell(c for c in (*hard, *known.structural) if c.verdict is not CheckVerdict.NOT_EVALUATED)
    under = frozenset(ref for ref in figures if ref in must)
    two = frozenset(ref for ref in under if n_independent(ref, by_cell[ref], by_cell) == 2)
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
        if ref in within_reach and is_under:
            _count_in_reach(subject, ref, cells[ref], proof, tally)
    for change in (change for s in proof.corrections for change in s.changes):
        tally.counts["repaired"] += 1
        good = counted(change.proposed) == counted(_true(subject, change.cell))
        tally.counts["repaired right"] += good
        tally.wrong += [] if good else [f"{subject.name} {change}, true {_true(subject, change.cell)}"]


def _count_in_reach(subject: Subject, ref: CellRef, cell: Cell, proof: Proof, tally: Tally) -> None:
    """One error whose true figure some look gave or held possible: put right, suggested first, or neither."""
    true = _true(subject, ref)
    is_right = _value(proof, ref) == counted(true)
    is_two = ref in subject.under_two
    decimals = subject.known.figures[ref.table_index].decimals
    evidence = (*supported_candidates(cell, CandidateOptions()), pointless_candidate(cell, decimals))
    has_evidence = any(c is not None and c.value == counted(true) for c in evidence)
    is_first = is_right or _is_first(proof, ref, true)
    for group, is_in in (("in reach", True), ("two", is_two), ("decidable", is_two and has_evidence)):
        tally.counts[group] += is_in
        tally.counts[f"{group}, repaired"] += is_in and is_right
        tally.counts[f"{group}, repaired or first"] += is_in and is_first
    if is_two and has_evidence and not is_right:
        said = [s.reason for s in proof.suggestions if any(c.cell == ref for c in s.changes)]
        tally.left.append(f"{subject.name} {ref} {true} read {cell.text} {said}")


def _is_first(proof: Proof, ref: CellRef, true: str) -> bool:
    """Whether the likeliest suggestion that changes the cell gives it its true figure."""
    changes = (change for s in proof.suggestions for change in s.changes if change.cell == ref)
    first = next(changes, None)
    return first is not None and counted(first.proposed) == counted(true)


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
    parser.add_argument("--only", default="single,double,points,slips,structure")
    parser.add_argument("--json", type=Path, help="add the counts to this file")
    parser.add_argument("--sum", type=Path, nargs="+", help="print the counts of these files together and do no more")
    options = parser.parse_args(argv)
    if options.sum:
        for name, tally in added(options.sum).items():
            print(line_of(name, tally))
        return 0
    found = subjects()
    alarms = [a for s in found for a in false_alarms(s)]
    print(f"false alarms on clean truth: {len(alarms)}", *alarms, sep="\n  ")
    kinds: dict[str, Callable[[], dict[str, Tally]]] = {
        "single": lambda: {"single digits": single_errors(found, options.n, options.seed)},
        "double": lambda: {"two digits": double_errors(found, options.doubles, options.seed)},
        "points": lambda: {"lost points": lost_points(found, options.points, options.seed)},
        "slips": lambda: {"author's slips": author_slips(found, options.slips, options.seed)},
        "structure": lambda: structural_errors(found, options.every),
    }
    tallies: dict[str, Tally] = {}
    for kind in options.only.split(","):
        for name, tally in kinds[kind]().items():
            tallies[name] = tally
            print(line_of(name, tally), *tally.shown(options.show), sep="\n", flush=True)
    if options.json:
        keep(options.json, tallies)
    slips = tallies.get("author's slips", Tally())
    return 1 if alarms or slips.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
