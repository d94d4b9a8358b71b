"""DocumentTables -> ValidationReport: kinds, facts, identities, verdicts and the suites, in this order.

Nothing is read again and nothing is corrected here: that is `proof`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from expectations.catalogue.loader import Catalogue
from expectations.kinds import catalogue_of
from expectations.known import Known, know
from expectations.values import CellRef, DocumentTables, Finding, SuiteInput, ValidationReport
from expectations.verdicts import decide_verdicts

RunSuites = Callable[[SuiteInput], Sequence[Finding]]


def validate(document: DocumentTables, run_suites: RunSuites, catalogue: Catalogue | None = None) -> ValidationReport:
    """All that can be said of a document. run_suites: the runner of the expectation suites, whose errors pass through."""
    known = before_suites(document, catalogue or catalogue_of(document))
    findings = run_suites(known)
    return ValidationReport(known.identity, known.kinds, known.facts, known.checks, findings, known.verdicts)


def before_suites(document: DocumentTables, catalogue: Catalogue | None = None) -> SuiteInput:
    """What the suites run over."""
    return suite_input(know(document, catalogue or catalogue_of(document)))


def suite_input(known: Known, corrected: frozenset[CellRef] = frozenset()) -> SuiteInput:
    """What is known, with a verdict for each figure. corrected: cells whose text was put right."""
    facts, checks = known.facts, known.checks
    verdicts = known.document.shelf.keep_all(decide_verdicts(known.document, facts, checks, corrected))
    return SuiteInput(known.document, known.identity, known.kinds, facts, checks, verdicts)
