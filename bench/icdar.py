"""``python -m bench.icdar FOLDER ... [--words ocr|file|layer] [--cache DIR] [--only TEXT] [--show]``: adjacency F1, ICDAR 2013.

FOLDER holds NAME.pdf with NAME-str.xml (cells) of the table competition of ICDAR 2013 (Göbel, Hassan, Oro, Orsi). They
are not ours and not in this repository; tabula-java keeps them at `src/test/resources/technology/tabula/icdar2013-dataset`.
Every page that holds a table is rendered to a picture of DPI, read by OCR once (--cache), then laid out: the whole task of
the competition, regions included, from an image. ``--words file``: the PDF as scanledger reads it, its own text where that
is trusted. ``--words layer``: the words of the PDF's text layer on the rendered page, which measures `layout/` alone, fast;
with ``--rulings file`` the rulings are what it draws.
Tables are compared page by page; by file: each file weighs the same, as in the competition.
"""

from __future__ import annotations

import argparse
import sys
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pymupdf

from bench.adjacency import Adjacency, adjacency
from bench.layer_words import upright_page
from bench.structure import ReadPage, bench_table, lay_out, read_page
from flows.pipeline import Stages
from flows.scoring.values import BenchCell, BenchTable
from flows.settings import load_settings
from flows.wiring import wire_stages
from ocr.shape_ink import with_shapes

#: Of the pictures that pages are rendered to.
DPI = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """One file: structure and text, structure alone, and tables true and read."""

    name: str
    exact: Adjacency
    forgiving: Adjacency
    n_true: int
    n_read: int

    def line(self) -> str:
        """Counts and figures of the file."""
        return (
            f"{self.name[:24]:<24}{self.n_true:>3} tables, {self.n_read:>3} read  text {self.exact.f1:.3f}  "
            f"structure {self.forgiving.f1:.3f}  of {self.exact.true} relations"
        )


def read_truth(path: Path) -> tuple[BenchTable, ...]:
    """The tables of one -str.xml, one for each page a table stands on, without the empty cells that it leaves out."""
    tables: list[BenchTable] = []
    for table in ET.parse(path).getroot().iter("table"):
        parts: dict[int, list[BenchCell]] = defaultdict(list)
        for region in table.findall("region"):
            down, on = (int(region.get(a, "0") or 0) for a in ("row-increment", "col-increment"))
            parts[int(region.get("page", "1"))] += [_cell(cell, down, on) for cell in region.findall("cell")]
        tables += [_table(page, cells) for page, cells in sorted(parts.items()) if cells]
    return tuple(tables)


def _cell(cell: ET.Element, down: int, on: int) -> BenchCell:
    row, col = int(cell.get("start-row", "0")), int(cell.get("start-col", "0"))
    row_end, col_end = int(cell.get("end-row", row)), int(cell.get("end-col", col))
    text = cell.findtext("content") or ""
    return BenchCell(row + down, col + on, max(row_end, row) - row + 1, max(col_end, col) - col + 1, text)


def _table(page: int, cells: list[BenchCell]) -> BenchTable:
    n_rows, n_cols = max(c.row + c.rowspan for c in cells), max(c.col + c.colspan for c in cells)
    return BenchTable((page,), n_rows, n_cols, tuple(cells))


def measure(path: Path, truth: tuple[BenchTable, ...], stages: Stages, read: Callable[[int], ReadPage]) -> Measured:
    """The pages that hold tables, each laid out by itself; ``read`` gives a page by its number."""
    pages = sorted({number for table in truth for number in table.page_numbers})
    found = (lay_out(read(number), stages) for number in pages)
    tables = tuple(bench_table(table) for page in found for table in page.tables)
    exact, forgiving = (adjacency(truth, tables, forgiving=kind) for kind in (False, True))
    return Measured(path.stem, exact, forgiving, len(truth), len(tables))


def measure_all(
    files: Iterable[tuple[Path, tuple[BenchTable, ...]]], stages: Stages, reader: Callable[[Path, int], ReadPage],
    *, show: bool,
) -> list[Measured]:  # fmt: skip
    """Each file with its true tables, one after the other. reader: gives a page of a file; show: print each file's line."""
    found: list[Measured] = []
    for path, truth in files:
        found.append(measure(path, truth, stages, partial(reader, path)))
        if show:
            print(found[-1].line(), file=sys.stderr, flush=True)
    return found


def layer_page(path: Path, stages: Stages, shapes: bool, number: int) -> ReadPage:
    """A rendered page with the words of its text layer, and with its shapes if wanted."""
    image, text = upright_page(path, stages.rasterise_page(path, number))
    return ReadPage(with_shapes(image, text) if shapes else image, text, 0.0)


def picture_page(path: Path, stages: Stages, cache: Path, number: int) -> ReadPage:
    """A page rendered to a picture that knows no text, and read; picture and words are kept under ``cache``."""
    picture = cache / "pictures" / f"{path.stem}-{number:04d}.png"
    if not picture.exists():
        picture.parent.mkdir(parents=True, exist_ok=True)
        with pymupdf.open(path) as document:
            document[number - 1].get_pixmap(dpi=DPI).save(picture)
    page = read_page(picture, 1, stages, cache)
    return replace(page, image=replace(page.image, page_number=number))


def page_readers(stages: Stages, cache: Path, *, shapes: bool = False) -> dict[str, Callable[[Path, int], ReadPage]]:
    """For each kind of words what gives a page of a file by its number. shapes: rulings of layer words as the file draws them."""
    return {
        "ocr": lambda path, number: picture_page(path, stages, cache, number),
        "file": lambda path, number: read_page(path, number, stages, cache),
        "layer": lambda path, number: layer_page(path, stages, shapes, number),
    }


def files_with_cells(folders: Iterable[Path]) -> list[tuple[Path, tuple[BenchTable, ...]]]:
    """(PDF, its tables) of every PDF that has NAME-str.xml beside it, searched in all folders below; by name."""
    pairs = ((pdf, pdf.with_name(f"{pdf.stem}-str.xml")) for folder in folders for pdf in sorted(folder.rglob("*.pdf")))
    return [(pdf, read_truth(xml)) for pdf, xml in pairs if xml.exists()]


def report(found: list[Measured]) -> str:
    """Recall, precision and F1 by file and over all relations, with the text as read and with its slips forgiven."""
    lines = [f"{'':<22}{'recall':>8}{'prec.':>8}{'F1':>8}"]
    for name, kind in (("structure and text", "exact"), ("structure", "forgiving")):
        counts: list[Adjacency] = [getattr(m, kind) for m in found]
        n, total = max(1, len(counts)), sum(counts, Adjacency())
        recall, precision = sum(c.recall for c in counts) / n, sum(c.precision for c in counts) / n
        macro = 2 * recall * precision / max(1e-9, recall + precision)
        lines.append(f"{name + ', by file':<22}{recall:>8.4f}{precision:>8.4f}{macro:>8.4f}")
        lines.append(f"{name + ', all':<22}{total.recall:>8.4f}{total.precision:>8.4f}{total.f1:>8.4f}")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Prints F1 by file (as the competition does) and over all relations; with --show a line for each file."""
    parser = argparse.ArgumentParser(prog="python -m bench.icdar", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--words", choices=("ocr", "file", "layer"), default="ocr", help="where the words come from")
    parser.add_argument(
        "--rulings", choices=("pixels", "file"), default="pixels", help="where those of --words layer come from"
    )
    parser.add_argument("--cache", type=Path, default=Path(".bench-pages"))
    parser.add_argument("--only", default="", help="files whose name holds this text")
    parser.add_argument("--show", action="store_true", help="print each file's figures")
    options = parser.parse_args(argv)
    stages, started = wire_stages(load_settings(workers=1)), time.process_time()
    reader = page_readers(stages, options.cache, shapes=options.rulings == "file")[options.words]
    files = [(path, truth) for path, truth in files_with_cells(options.folders) if options.only in path.name]
    found = measure_all(files, stages, reader, show=options.show)
    print(f"{len(found)} files, {sum(m.n_true for m in found)} tables, {time.process_time() - started:.0f} s CPU")
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
