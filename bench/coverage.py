"""``python -m bench.coverage``: how much of the money of each truth document stands under identities, and what the proof costs.

One line a document: amounts of money, the share under one identity and under two, identities evaluated of all that apply,
and the CPU seconds of everything from the tables to the verdicts (the suites come on top). Nothing is read.
"""

from __future__ import annotations

import sys
import time

from expectations.kinds import catalogue_of
from expectations.known import know
from expectations.proof import prove_figures
from expectations.values import CheckVerdict, DocumentTables
from expectations.verdicts import coverage
from ocr.values import TextSource
from tests.expectations.truth import read_truth, truth_folders


def coverage_line(name: str, document: DocumentTables) -> str:
    """What stands above, as one line."""
    started = time.process_time()
    known = prove_figures(know(document, catalogue_of(document))).known
    seconds = time.process_time() - started
    found = coverage(known.checks, known.facts)
    n_evaluated = sum(check.verdict is not CheckVerdict.NOT_EVALUATED for check in known.checks)
    shares = f"{found.under_one:7.1%} {found.under_two:7.1%}"
    return f"{name:24} {found.n_figures:6} {shares}   {n_evaluated:5} of {len(known.checks):5}   {seconds:.2f} s"


def main() -> int:
    print(f"{'document':24} {'money':>6} {'one':>7} {'two':>7}   identities evaluated   CPU")
    for folder in truth_folders():
        document = read_truth(folder, TextSource.OCR)
        if document.tables:
            print(coverage_line(folder.name, document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
