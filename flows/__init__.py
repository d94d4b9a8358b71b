"""The shell: everything with side effects. Read `pipeline` first; it is one screen.

pipeline    the stages in order, no orchestrator in sight
wiring      composition root: settings -> stages
settings    what can be configured (pydantic-settings)
process     Prefect flows around the pipeline (only importer of prefect)
results     DocumentResult and its disposition
store       documents/, quarantine/ and the page cache, written atomically
export      document.json, HTML, CSV
dataset     parquet through pyarrow schemas (only importer of pyarrow)
doctor      is this machine fit to run?
cli         the command line
"""
