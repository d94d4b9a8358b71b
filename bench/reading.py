"""``python -m bench.reading FOLDER ... [--only TEXT] [--cache DIR] [--plot FILE.png] [--show]``: figures as they are read.

For each file and each group of files (the first two parts of their names): numbers at their place, wrong, missing, invented
and silent ones, characters right, and how many numeric cells were given 0.99 or more and are wrong all the same; the
reliability curve of all of them, as a picture with --plot. As pages are read, second readings included, before any proof.
Readings are kept under --cache by the pixels that were read, so that a second run takes a second a page.
`python -m samples.make --set dense --seed N --out DIR` makes such files.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.kept import kept_stages
from bench.structure import bench_table, faults, look_of
from flows.debugging import png_bytes
from flows.evaluate import reliability_lines
from flows.pipeline import Stages, join_document, read_page
from flows.scoring.curve import draw_curve
from flows.scoring.matching import match_tables
from flows.scoring.reliability import SURE, Judged, bins, judge_numbers, sure_and_wrong
from flows.scoring.scores import Score, score_file
from flows.scoring.text import is_number, number_key
from flows.scoring.truth import files_with_truth
from flows.scoring.values import Reading
from flows.wiring import count_pages
from layout.values import Table

HEADLINE = (
    f"{'':<28}{'pages':>6}{'numbers':>8}{'in place':>9}{'wrong':>6}{'miss':>5}{'inv':>4}{'silent':>7}"
    f"{'characters':>11}{'tables':>8}{'>= ' + str(SURE):>9}{'wrong':>6}"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One file. tables: as they were read."""

    name: str
    score: Score
    judged: tuple[Judged, ...]
    faults: tuple[str, ...]


def read_file(path: Path, stages: Stages) -> tuple[Table, ...]:
    """Its tables, pages joined."""
    numbers = range(1, count_pages(10_000, path) + 1)
    pages = tuple(read_page(stages.rasterise_page(path, number), stages) for number in numbers)
    return join_document("", path.name, pages, stages).tables


def measure(name: str, truth: Reading, tables: Sequence[Table]) -> Measured:
    read = Reading(tuple(map(bench_table, tables)), (), truth.n_pages)
    judged = tuple(judge_numbers(truth, read))
    return Measured(name, score_file(truth, read), judged, (*faults(truth, read), *wrong_numbers(truth, tables)))


def wrong_numbers(truth: Reading, tables: Sequence[Table]) -> Iterator[str]:
    """A line for each number that stands at its place and is another, with what was made of it."""
    for i, j in match_tables(truth.tables, tuple(map(bench_table, tables))).pairs:
        found = {(c.span.row, c.span.col, c.span.rowspan, c.span.colspan): c for c in tables[j].cells}
        for true in truth.tables[i].cells:
            cell = found.get(true.place)
            is_wrong = cell is not None and number_key(true.text) != number_key(cell.text)
            if cell is not None and is_wrong and (is_number(true.text) or is_number(cell.text)):
                doubts = " ".join(cell.doubts) or "no doubt"
                seen = ", ".join(f"{r.source} {r.text!r} {r.confidence:.2f}" for r in cell.readings)
                yield (
                    f"page {cell.page_number} row {true.row} column {true.col}: {true.text!r} read as {cell.text!r}, "
                    f"{cell.confidence:.4f}, {doubts}; first {cell.ocr_text!r}; {seen}"
                )


def line(name: str, members: Sequence[Measured]) -> str:
    """Counts under HEADLINE."""
    s = sum((m.score for m in members), Score())
    n, wrong = sure_and_wrong(cell for m in members for cell in m.judged)
    return (
        f"{name:<28}{s.n_pages:>6}{s.numbers_true:>8}{s.numbers_in_place / max(1, s.numbers_true):>9.2%}"
        f"{s.numbers_wrong:>6}{s.numbers_missing:>5}{s.numbers_invented:>4}{s.numbers_silent:>7}"
        f"{s.chars_right / max(1, s.chars_true):>11.2%}{s.n_structure:>4}/{s.n_true:<3}{n:>9}{wrong:>6}"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="files whose name holds this text")
    parser.add_argument("--cache", type=Path, default=Path(".bench-readings"))
    parser.add_argument("--plot", type=Path, help="write the reliability curve there")
    parser.add_argument("--show", action="store_true", help="say what is wrong in each file")
    options = parser.parse_args(argv)
    _, stages = kept_stages(options.cache)
    groups: dict[str, list[Measured]] = defaultdict(list)
    print(HEADLINE)
    for path, truth in files_with_truth(options.folders):
        if options.only in path.name:
            measured = measure(path.stem, truth, read_file(path, stages))
            groups[look_of(path.stem)].append(measured)
            print(line(measured.name, [measured]), flush=True)
            for fault in measured.faults if options.show else ():
                print(f"    {fault}", flush=True)
    every = [m for members in groups.values() for m in members]
    for name, members in [*sorted(groups.items()), ("all", every)]:
        print(line(name, members))
    judged = [cell for m in every for cell in m.judged]
    print("\n".join(reliability_lines(judged)))
    if options.plot:
        n, wrong = sure_and_wrong(judged)
        options.plot.write_bytes(png_bytes(draw_curve(bins(judged), f"{n} cells given {SURE} or more, {wrong} wrong")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
