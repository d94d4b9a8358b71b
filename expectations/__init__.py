"""What must be true of a disclosure, and what follows when it is not. No Prefect, no web.

values       findings, checks, verdicts, facts
catalogue/   what is known of budgets, as data: kinds, synonyms, measures, codes, identities
kinds        tables -> table kinds, by title, header and row words
facts        tables -> facts in long form
identities   tables -> checks (linear relations over cells, with rounding tolerance)
verdicts     checks and readings -> a verdict for each numeric cell
suites/      Great Expectations suites, one JSON file per table kind and one per document
custom       our own expectations (with gx, the only importers of great_expectations)
gx           runs the suites, gives findings, writes Data Docs
validate     all of it in order: DocumentTables -> ValidationReport
"""
