"""The shell: everything with side effects. Read `pipeline` first; it is one screen.

pipeline             the stages in order, no orchestrator in sight
wiring               composition root: settings -> stages
settings             what can be configured (pydantic-settings)
sources              which files a command line means, and how names may be shown
digitise             what happens to a file, from its bytes to its place in the output
page_reading         one page of one file: what a worker does, and the PageReader boundary
workers              the PageReader of every run: a pool of limited worker processes
worker_process       the parent's end of one worker: start, ask, watch its limits, end
worker_child         what runs inside a worker
worker_copies        further workers as copies of the first one, forked before it opens a network
heap                 what a worker does with memory it has freed
sandbox              what a worker gives up first: network, programs, memory, life beyond its parent
locations            inputs and outputs on S3 and wherever else fsspec reaches (only importer of fsspec)
cluster, dask        pages read on other machines: what a task takes along; Dask (only importer of distributed, prefect_dask)
guard                Prefect's own server ends when we do
results              DocumentResult and its disposition
page_cache, codec    finished pages, kept as JSON under a key of content
version              which program made a result
store                where things lie in the output, and how they get there whole
watch                a watched folder, turn by turn
intake               what lies in an inbox, when it rests, and how it becomes ours
ledger               what was offered and what became of it: the truth of a watch (only importer of sqlite3)
watch_commands       watch, status, quarantine, audit, serve (deployment: the latter as a Prefect deployment)
status, audit        how a watch stands, also for Prometheus; whether all of its output is in order
messages             what is said to people, in English and Chinese; sentence and remedy of each reason code
failpoints           where the fault harness ends the program on purpose
spill                what a long document lays aside, in a file without a name
publish              a result into documents/, quarantine/, dataset/, data_docs/
export               document.json, HTML, CSV
rows, dataset        a result as rows; parquet through pyarrow schemas (dataset: only importer of pyarrow)
over_years           X13: two years of one office against each other, once both are in the dataset
running              documents and pages side by side, retries, the order of it all; the run without Prefect
process              Prefect flows around the same (only importer of prefect)
prefect_environment  what Prefect must find in the environment
exit_codes, summary  what a command ends with; counts of a run
progress             bars, JSON logs, or nothing (with inspection and commands, the importers of rich; structlog)
inspection           document.json in the terminal
evaluate, scoring    finished documents against their truth; the pure counts it prints (`bench` counts the same)
debugging            pictures of what each stage made of a page
doctor               is this machine fit to run?
commands, cli        what each command does; the command line (only importer of typer)
"""
