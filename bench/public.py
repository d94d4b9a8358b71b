"""``python -m bench.public [--camelot DIR] [--tabula DIR] [--words ocr|file|layer] [--cache DIR] [--only TEXT] [--show]``: adjacency F1.

On files of two other programs' tests, which are not ours and not in this repository: DIR is a checkout of camelot
(`tests/files`, `tests/data.py`) or of tabula-java. What stands beside them as right is what those programs print: no
spans, and a line of a wrapped head is a row of its own, which costs who puts the head together. Pages are rendered and
read, and tables compared, as in `bench.icdar`.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.icdar import measure_all, page_readers, report
from flows.scoring.values import BenchCell, BenchTable
from flows.settings import load_settings
from flows.wiring import wire_stages

CAMELOT = (
    ("tabula/icdar2013-dataset/competition-dataset-us/us-030.pdf", 2, ("data_lattice",)),
    ("clockwise_table_1.pdf", 1, ("data_lattice_table_rotated",)),
    ("anticlockwise_table_1.pdf", 1, ("data_lattice_table_rotated",)),
    ("clockwise_table_2.pdf", 1, ("data_stream_table_rotated",)),
    ("anticlockwise_table_2.pdf", 1, ("data_stream_table_rotated",)),
    ("twotables_2.pdf", 1, ("data_lattice_two_tables_1", "data_lattice_two_tables_2")),
    ("background_lines_1.pdf", 1, ("data_lattice_process_background",)),
    ("column_span_2.pdf", 1, ("data_lattice_shift_text_disable",)),
    ("split_text_lattice.pdf", 1, ("data_lattice_split_text",)),
    ("health.pdf", 1, ("data_hybrid",)),
    ("mexican_towns.pdf", 1, ("data_stream_columns",)),
)
"""File below tests/files, page, and the names of its tables in tests/data.py."""
TABULA = (
    ("spanning_cells", 1),
    ("AnimalSounds", 1),
    ("MultiColumn", 1),
    ("Publication_of_award_of_Bids_for_Transport_Sector__August_2016", 1),
    ("argentina_diputados_voting_record", 1),
    ("frx_2012_disclosure", 1),
    ("schools", 1),
    ("spreadsheet_no_bounding_frame", 1),
    ("us-020", 2),
)
"""Name of PDF and CSV, and the page; found wherever they lie. Those in another script, or cut from a page, are left out."""


@dataclass(frozen=True, slots=True)
class Case:
    """One page with its tables. Files that are not there give none."""

    pdf: Path
    truth: tuple[BenchTable, ...]


def camelot_cases(checkout: Path) -> Iterator[Case]:
    """Of a checkout whose tests/data.py assigns lists of rows to names."""
    lists = _assigned(checkout / "tests" / "data.py")
    for name, page, tables in CAMELOT:
        pdf = checkout / "tests" / "files" / name
        if pdf.exists():
            yield Case(pdf, tuple(table_of(_untitled(lists[table]), page) for table in tables))


def tabula_cases(checkout: Path) -> Iterator[Case]:
    """Of a checkout that holds NAME.pdf and NAME.csv."""
    for name, page in TABULA:
        pdfs, rows = sorted(checkout.rglob(f"{name}.pdf")), sorted(checkout.rglob(f"{name}.csv"))
        if pdfs and rows:
            with rows[0].open(newline="", encoding="utf-8") as lines:
                yield Case(pdfs[0], (table_of(list(csv.reader(lines)), page),))


def _assigned(path: Path) -> dict[str, list[list[str]]]:
    """Name -> rows, of the plain lists that a Python file assigns; it is not run."""
    found: dict[str, list[list[str]]] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with suppress(ValueError):  # made of others
                found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def _untitled(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows without a first one that holds one text: the title, which those programs print with the table."""
    return rows[1:] if sum(map(bool, rows[0])) == 1 and len(rows[0]) > 2 else rows


def table_of(rows: Sequence[Sequence[str]], page: int) -> BenchTable:
    """Rows of texts as a table without spans."""
    cells = (BenchCell(r, c, 1, 1, str(text)) for r, row in enumerate(rows) for c, text in enumerate(row))
    return BenchTable((page,), len(rows), max(map(len, rows)), tuple(cells))


def _cases(camelot: Path | None, tabula: Path | None) -> Iterable[Case]:
    yield from camelot_cases(camelot) if camelot else ()
    yield from tabula_cases(tabula) if tabula else ()


def main(argv: list[str] | None = None) -> int:
    """Prints F1 by file and over all relations; with --show a line for each file."""
    parser = argparse.ArgumentParser(prog="python -m bench.public", description=__doc__)
    parser.add_argument("--camelot", type=Path, metavar="DIR")
    parser.add_argument("--tabula", type=Path, metavar="DIR")
    parser.add_argument("--words", choices=("ocr", "file", "layer"), default="ocr", help="where the words come from")
    parser.add_argument("--cache", type=Path, default=Path(".bench-pages"))
    parser.add_argument("--only", default="", help="files whose name holds this text")
    parser.add_argument("--show", action="store_true", help="print each file's figures")
    options = parser.parse_args(argv)
    stages = wire_stages(load_settings(workers=1))
    reader = page_readers(stages, options.cache)[options.words]
    cases = _cases(options.camelot, options.tabula)
    files = [(case.pdf, case.truth) for case in cases if options.only in case.pdf.name]
    found = measure_all(files, stages, reader, show=options.show)
    print(f"{len(found)} files, {sum(m.n_true for m in found)} tables")
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
