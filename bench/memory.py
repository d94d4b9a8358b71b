"""``python -m bench.memory``: what a page more costs, in memory and in time, in one document and in many.

The process that leads a run, on replayed pages (`replayed`) of documents that are accepted, so that parquet is written too:
a process of its own for each number of pages, one document of them all, then the same pages in documents of ``--pages-a-document``. The slope is that of the highest resident
memory over the pages of one document, by least squares, with its standard error. ``--live N``: a whole run with
the networks on one document of N pages, for the memory of a worker (`scale`), with twice the standard error of its slope.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.replayed import Cost, keep_closing, lead, on_a_disk, read_once

if TYPE_CHECKING:
    from bench.scale import Scale

FILES = "samples/centre-001-tables.pdf"
PAGES = (10, 20, 100, 200, 1000, 2000)


def measure(n_pages: int, n_documents: int, pages: Path) -> Cost:
    """In a process of its own."""
    arguments = ["--child", str(pages), "--pages", str(n_pages), "--documents", str(n_documents)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.memory", *arguments], stdout=subprocess.PIPE, check=True, text=True,
        env={"OMP_NUM_THREADS": "1", **os.environ},
    )  # fmt: skip
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def slope_of(costs: Sequence[Cost]) -> tuple[float, float]:
    """MB a page, and its standard error; (nan, nan) from fewer than three documents."""
    if len(costs) < 3:
        return float("nan"), float("nan")
    x, y = (np.array(values, dtype=float) for values in zip(*((c.pages, c.peak_mb) for c in costs), strict=True))
    off = x - x.mean()
    slope = float((off * y).sum() / (off * off).sum())
    rest = y - y.mean() - slope * off
    return slope, float(np.sqrt((rest**2).sum() / (len(x) - 2) / (off * off).sum()))


def line_of(cost: Cost) -> str:
    return (
        f"{cost.documents:>9}{cost.pages:>7}{cost.tables:>8}{cost.before_mb:>11.0f}{cost.peak_mb:>9.0f}"
        f"{cost.cpu_seconds:>9.1f}{1000 * cost.cpu_seconds / cost.pages:>11.1f}  {cost.disposition}"
    )


HEAD = f"{'documents':>9}{'pages':>7}{'tables':>8}{'MB before':>11}{'MB peak':>9}{'CPU s':>9}{'ms a page':>11}"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--pages", default=",".join(map(str, PAGES)), help="pages of one document, by commas")
    parser.add_argument("--files", default=FILES, help="whose pages are handed out again and again, by commas")
    parser.add_argument("--pages-a-document", type=int, default=20)
    parser.add_argument("--live", type=int, default=0, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE.png")
    parser.add_argument("--documents", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    counts = [int(n) for n in given.pages.split(",") if n]
    if given.child:
        with on_a_disk("scanledger-memory-") as out:
            print(json.dumps(asdict(lead(given.child, counts[0], given.documents, out / "out"))))
        return 0
    with on_a_disk("scanledger-memory-") as folder:
        pages, one, many = folder / "pages.json", [], []
        if counts:
            read_once([Path(name) for name in given.files.split(",")], pages)
            keep_closing(pages)
            print(HEAD, flush=True)
        for n in counts:
            one.append(measure(n, 1, pages))
            print(line_of(one[-1]), flush=True)
        for n in (n for n in counts if n > given.pages_a_document):
            many.append(measure(given.pages_a_document, n // given.pages_a_document, pages))
            print(line_of(many[-1]), flush=True)
    slope, error = slope_of(one)
    print(f"one document: {1000 * slope:+.0f} kB a page, standard error {1000 * error:.0f}")
    live = _live(given.live) if given.live else None
    _write(given.json, one, many, live)
    if given.plot and one:
        from bench.memory_plot import draw_plot

        draw_plot(given.plot, one, many)
    return 0


def _live(n_pages: int) -> Scale:
    """With the networks. Loaded only here: what leads a run needs nothing of it."""
    from bench.scale import as_text, dense_pages, run

    found = run(1, dense_pages(), n_pages, n_pages)
    print(as_text([found]))
    return found


def _write(path: Path | None, one: Sequence[Cost], many: Sequence[Cost], live: Scale | None) -> None:
    if path is not None:
        report = {
            "one_document": [asdict(cost) for cost in one],
            "many_documents": [asdict(cost) for cost in many],
            "mb_a_page_and_its_standard_error": slope_of(one),
            "live": live and asdict(live),
        }
        path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
