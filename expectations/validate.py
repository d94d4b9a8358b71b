"""DocumentTables -> ValidationReport: kinds, facts, identities, verdicts and the suites, in this order."""

from __future__ import annotations

from collections.abc import Callable

from expectations.catalogue.loader import Catalogue, load_catalogue
from expectations.facts import facts_of_all
from expectations.figures import read_figures
from expectations.identities import checks_of
from expectations.kinds import identify_document, recognise_kinds
from expectations.values import DocumentTables, Finding, SuiteInput, ValidationReport
from expectations.verdicts import decide_verdicts

RunSuites = Callable[[SuiteInput], tuple[Finding, ...]]


def validate(document: DocumentTables, run_suites: RunSuites, catalogue: Catalogue | None = None) -> ValidationReport:
    """All that can be said of a document. run_suites: the runner of the expectation suites, whose errors pass through."""
    known = before_suites(document, catalogue or load_catalogue())
    findings = run_suites(known)
    return ValidationReport(known.identity, known.kinds, known.facts, known.checks, findings, known.verdicts)


def before_suites(document: DocumentTables, catalogue: Catalogue | None = None) -> SuiteInput:
    """What the suites run over."""
    catalogue = catalogue or load_catalogue()
    identity = identify_document(document, catalogue)
    kinds = recognise_kinds(document, catalogue)
    tables = read_figures(document, kinds, catalogue)
    facts = facts_of_all(tables, catalogue)
    checks = checks_of(document, tables, catalogue, identity.fiscal_year)
    return SuiteInput(document, identity, kinds, facts, checks, decide_verdicts(document, facts, checks))
