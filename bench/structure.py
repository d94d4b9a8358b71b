"""``python -m bench.structure FOLDER ... [--cache DIR] [--only TEXT] [--show]``: the layout stages alone.

Every page is rasterised, put straight and read once; image and words are kept under --cache, so that a change of
`layout/` is measured in milliseconds a page. (After a change of `ocr/` pages are read again.) Cells are scored as first read:
nothing is read again. Files are grouped by look, the first two parts of their names (`ruled-fax-...`).
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.scoring import Score, score_file
from flows.pipeline import PageTables, Stages, find_grids, join_document, read_text, with_text
from flows.scoring.matching import match_tables
from flows.scoring.truth import files_with_truth
from flows.scoring.values import BenchCell, BenchTable, Reading
from flows.settings import load_settings
from flows.version import sources_digest
from flows.wiring import count_pages, wire_stages
from layout.values import Table
from ocr.values import PageImage, PageText


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page before layout. seconds: CPU seconds that rasterising, putting straight and reading it took."""

    image: PageImage
    text: PageText
    seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One file. layout_seconds, ocr_seconds: CPU seconds."""

    name: str
    score: Score
    faults: tuple[str, ...]
    layout_seconds: float
    ocr_seconds: float


def read_pages(path: Path, stages: Stages, cache: Path) -> Iterator[ReadPage]:
    """Its pages in order, from the cache where they were read before."""
    for number in range(1, count_pages(10_000, path) + 1):
        yield read_page(path, number, stages, cache)


def read_page(path: Path, number: int, stages: Stages, cache: Path) -> ReadPage:
    """One page by its number, read at most once."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    cache = cache / sources_digest(("ocr",))
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"{digest}-{number:04d}.pickle"
    if not kept.exists():
        started = time.process_time()
        image, _, text = read_text(stages.rasterise_page(path, number), stages)
        page = ReadPage(image, text, 0.0)
        draft = kept.with_suffix(".draft")
        draft.write_bytes(pickle.dumps(replace(page, seconds=time.process_time() - started)))
        draft.replace(kept)
    read: ReadPage = pickle.loads(kept.read_bytes())
    return read


def lay_out(page: ReadPage, stages: Stages) -> PageTables:
    """The layout stages of `flows.pipeline.read_page`, without reading again."""
    image, text = page.image, page.text
    grids = find_grids(image, stages.find_rulings(image), text, stages)
    labelled = tuple(stages.label_headers(stages.fill_grid(grid, image, text)) for grid in grids)
    return with_text(labelled, image, text, stages)


def bench_table(table: Table) -> BenchTable:
    """A table as the bench compares it."""
    cells = tuple(
        BenchCell(c.span.row, c.span.col, c.span.rowspan, c.span.colspan, c.text, bool(c.doubts), c.confidence)
        for c in table.cells
    )
    return BenchTable(
        table.page_numbers, table.n_rows, table.n_cols, cells, table.n_header_rows, table.title, table.label, table.unit
    )


def measure(path: Path, truth: Reading, stages: Stages, cache: Path) -> Measured:
    pages, layout_seconds, ocr_seconds = [], 0.0, 0.0
    for page in read_pages(path, stages, cache):
        started = time.process_time()
        pages.append(lay_out(page, stages))
        layout_seconds += time.process_time() - started
        ocr_seconds += page.seconds
    document = join_document("", path.name, tuple(pages), stages)
    text = tuple((block.page_number, block.text) for block in document.text)
    read = Reading(tuple(map(bench_table, document.tables)), text, len(pages))
    return Measured(path.name, score_file(truth, read), tuple(faults(truth, read)), layout_seconds, ocr_seconds)


def faults(truth: Reading, read: Reading) -> Iterator[str]:
    """One sentence for each table that is not exact in structure, missed or invented."""
    matching = match_tables(truth.tables, read.tables)
    for i, j in matching.pairs:
        right, found = truth.tables[i], read.tables[j]
        lacking = {c.place for c in right.cells} - {c.place for c in found.cells}
        extra = {c.place for c in found.cells} - {c.place for c in right.cells}
        if lacking or extra:
            shapes = f"{right.n_rows}x{right.n_cols} read as {found.n_rows}x{found.n_cols}"
            lists = f"lacking {sorted(lacking)[:4]}, extra {sorted(extra)[:4]}"
            yield f"table {i + 1} (pages {right.page_numbers} / {found.page_numbers}): {shapes}; {lists}"
    for i in matching.missed:
        yield f"table {i + 1} (pages {truth.tables[i].page_numbers}) missed"
    for j in (*matching.invented, *matching.fragments):
        extra_table = read.tables[j]
        what = "invented" if j in matching.invented else "fragment"
        yield f"{what} on pages {extra_table.page_numbers}: {extra_table.n_rows}x{extra_table.n_cols}"


def look_of(name: str) -> str:
    return "-".join(name.split("-")[:2])


HEADLINE = (
    f"{'look':<28}{'true':>5}{'found':>6}{'inv':>5}{'piece':>6}{'exact':>7}{'':>8}{'TEDS-S':>8}{'num ok':>9}"
    f"{'header':>8}{'CPU s/pg':>9}{'of OCR':>7}"
)


def score_line(name: str, score: Score, layout: float, ocr: float) -> str:
    """A look's line under HEADLINE; layout, ocr: CPU seconds over all its pages."""
    n, numbers = max(1, score.n_true), max(1, score.numbers_true)
    pages = max(1, score.n_pages)
    return (
        f"{name:<28}{score.n_true:>5}{score.n_found:>6}{score.n_invented:>5}{score.n_fragments:>6}"
        f"{score.n_structure:>7}{score.n_structure / n:>8.1%}{score.teds_s / n:>8.4f}"
        f"{score.numbers_in_place / numbers:>9.2%}{score.n_headers / n:>8.1%}"
        f"{layout / pages:>9.3f}{layout / max(ocr, 1e-9):>7.1%}"
    )


def main(argv: list[str] | None = None) -> int:
    """Prints a line for each look and, with --show, the faults of each file."""
    parser = argparse.ArgumentParser(prog="python -m bench.structure", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".bench-pages"))
    parser.add_argument("--only", default="", help="files whose name holds this text")
    parser.add_argument("--show", action="store_true", help="say what is wrong in each file")
    options = parser.parse_args(argv)
    stages = wire_stages(load_settings(workers=1))
    groups: dict[str, list[Measured]] = defaultdict(list)
    for path, truth in files_with_truth(options.folders):
        if options.only in path.name:
            groups[look_of(path.stem)].append(measure(path, truth, stages, options.cache))
            if options.show:
                for fault in groups[look_of(path.stem)][-1].faults:
                    print(f"{path.name}: {fault}", file=sys.stderr, flush=True)
    print(HEADLINE)
    every = [m for members in groups.values() for m in members]
    for name, members in [*sorted(groups.items()), ("all", every)]:
        total = sum((m.score for m in members), Score())
        print(score_line(name, total, sum(m.layout_seconds for m in members), sum(m.ocr_seconds for m in members)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
