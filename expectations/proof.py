"""DocumentTables -> a document with every figure proven, doubted or put right, and its ValidationReport.

In order: evaluate the identities; read again the cells that fail them or are in doubt (by the injected rereader, which may
find nothing); evaluate again; repair; say of each failing identity whether reading or author is to blame; verdicts; suites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from expectations.candidates import counted, with_reading
from expectations.catalogue.loader import Catalogue
from expectations.kinds import catalogue_of
from expectations.known import Known, know, with_figures
from expectations.readings import has_open_doubt
from expectations.rearrangements import suggest_rearrangements
from expectations.repair import Repaired, RepairOptions, repair, with_cells
from expectations.validate import RunSuites, suite_input
from expectations.values import (
    CellRef,
    Check,
    CheckVerdict,
    DocumentTables,
    Suggestion,
    SuiteInput,
    ValidationReport,
)
from expectations.verdicts import FAILING, checks_by_cell
from expectations.vouching import blame_the_pages
from layout.calibration import with_probability
from layout.values import Cell, Doubt
from ocr.values import Reading

#: Reads cells again, as other looks at the same ink: each with a source of its own name. May leave cells out.
Reread = Callable[[tuple[CellRef, ...]], tuple[tuple[CellRef, tuple[Reading, ...]], ...]]


@dataclass(frozen=True, slots=True)
class Proof:
    """A document after repair, and all that is known of it before the suites."""

    document: DocumentTables
    known: SuiteInput
    corrections: tuple[Suggestion, ...]
    suggestions: tuple[Suggestion, ...]


def prove(
    document: DocumentTables,
    reread: Reread | None,
    run_suites: RunSuites,
    catalogue: Catalogue | None = None,
    options: RepairOptions | None = None,
) -> tuple[DocumentTables, ValidationReport]:
    """The document as corrected, and the report on it. Raises what ``reread`` and ``run_suites`` raise."""
    proof = prove_figures(know(document, catalogue or catalogue_of(document)), reread, options)
    known = proof.known
    report = ValidationReport(
        known.identity, known.kinds, known.facts, known.checks, run_suites(known), known.verdicts,
        proof.corrections, proof.suggestions,
    )  # fmt: skip
    return proof.document, report


def prove_figures(known: Known, reread: Reread | None = None, options: RepairOptions | None = None) -> Proof:
    """All of it but the suites."""
    known = read_again(known, reread)
    repaired = repair(known, options)
    blamed = _blame(repaired)
    corrected = frozenset(change.cell for c in repaired.corrections for change in c.changes)
    suggestions = (*repaired.suggestions, *suggest_rearrangements(blamed))
    return Proof(blamed.document, suite_input(blamed, corrected), repaired.corrections, suggestions)


def read_again(known: Known, reread: Reread | None) -> Known:
    """With independent readings of the cells that need them, as far as the rereader gives any."""
    asked = cells_to_read(known) if reread is not None else ()
    found = reread(asked) if reread is not None and asked else ()
    changes = {ref: partial(_with_readings, readings=readings) for ref, readings in found if readings}
    return with_figures(known, with_cells(known.document, changes)) if changes else known


def cells_to_read(known: Known) -> tuple[CellRef, ...]:
    """Cells of failing identities, figures in doubt, and figures that only rounding vouches for; unless beyond doubt."""
    by_cell = checks_by_cell(known.checks)
    needy = (ref for ref, checks in by_cell.items() if _needs_reading(checks))
    lone = (f.cell for f in known.facts if f.amount is not None and f.cell not in by_cell)
    doubted = (f.cell for f in known.facts if has_open_doubt(known.cell(f.cell)))
    unreadable = (o.ref for r in known.relations for o in (r.total, *r.parts) if o.value is None and o.ref is not None)
    asked = {ref for some in (needy, lone, doubted, unreadable) for ref in some if not known.is_beyond_doubt(ref)}
    return tuple(sorted(asked))


def _needs_reading(checks: Iterable[Check]) -> bool:
    verdicts = {c.verdict for c in checks}
    return bool(verdicts & set(FAILING)) or CheckVerdict.HOLDS not in verdicts


def _with_readings(cell: Cell, readings: tuple[Reading, ...]) -> Cell:
    """The cell with more readings, doubted where they do not all say the same."""
    every = with_reading(cell, readings)
    differ = any(counted(r.text) != counted(cell.text) for r in every)
    doubts = (
        (*cell.doubts, Doubt.READINGS_DIFFER) if differ and Doubt.READINGS_DIFFER not in cell.doubts else cell.doubts
    )
    return with_probability(replace(cell, readings=every, doubts=doubts))


def _blame(repaired: Repaired) -> Known:
    """Tables that prove their figures and contradict each other are the author's; and an author's error stays suspect as
    an error of reading while one plausible change of a figure explains it."""
    known, of_the_pages = repaired.known, blame_the_pages(repaired.known.sums)

    def blamed(check: Check) -> Check:
        found = of_the_pages(check) if check.verdict in FAILING else check
        is_explained = found.verdict is CheckVerdict.SOURCE_INCONSISTENT and found.statement in repaired.explained
        return replace(found, verdict=CheckVerdict.EXTRACTION_SUSPECT) if is_explained else found

    return replace(known, sums=known.document.shelf.replaced(known.sums, blamed))
