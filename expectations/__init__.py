"""What must be true of a disclosure, and what follows when it is not. No Prefect, no web.

values       findings, checks, verdicts, facts
catalogue/   what is known of budgets, as data: kinds, synonyms, measures, codes, identities
kinds        tables -> table kinds, by title, header and row words
facts        tables -> facts in long form (figures, columns: what names each figure)
units        in which unit a table, a column, a row prints its money
naming       how far code and unit of a fact can be trusted
scopes       whose money a table speaks of: 汇总, 本级
codes        a code and its name against the dictionary of their year
indicators   forms (绩效目标) -> records
narrative    amounts of the text, and their relations (narrative_facts: the same as facts, with year and change)
years        X13: the facts of two documents, two years running
phrases      what the proof says in passing, in both languages of the pages
explain      document.json -> why one figure is believed or doubted (explain_page: HTML and terminal)
identities   tables -> checks (linear relations over cells, with rounding tolerance; contained: one table inside another; concord: tables
             of different things)
vouching     tables that each add up and contradict each other
verdicts     checks and readings -> a verdict for each numeric cell
suites/      Great Expectations suites: for every table, for each kind, for the document
suite_files  suite files -> what they expect, checked
frames       what is known of a document -> the rows that suites run over (frame_rows: how each is made)
custom       our own expectations (row_expectations: their base; with gx, the only importer of great_expectations)
gx           runs the suites, gives findings (findings: their words; gx_environment: its library without what nobody asks)
docs         Data Docs: what was expected and what came of it, for people (docs_pages, docs_parts: HTML)
known        what is known of a document before the suites, cheaply brought up to date when figures change
by_table     facts, checks, verdicts looked up by table, one table at a time (json_pieces: JSON made piece by piece)
structure    lost and doubled rows, by codes, totals and labels
validate     all of it in order: DocumentTables -> ValidationReport, nothing read again, nothing corrected
candidates   what else a cell may print: other readings, alternatives, known confusions (confusions)
neighbours   numbers split over two cells, or two in one
sums         failing sums -> programmes; programme: the cheapest choice of candidates that closes them (scipy's HiGHS, kept `quiet`)
repair       corrections where evidence allows one answer, suggestions elsewhere
rearrangements  rows doubled or lost, columns shifted: what a reviewer is told
proof        the stage: read again, repair, blame, verdicts, suites: DocumentTables -> corrected tables, report
"""
