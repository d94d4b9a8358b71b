"""``python -m bench.seals FOLDER ... [--only TEXT] [--cache DIR] [--show]``: figures under coloured ink.

Which cells lie under a seal is seen on the file's own pixels, whatever the program found: where a cell's box holds ink that
has a colour. For each group of files (the first two parts of their names): numbers of the truth under such ink, how
many were read right, wrong, or have no cell (`none`), how many of the wrong ones no doubt names (`silent`), and how many of
the cells are not marked `under_seal`; beside them, the other numbers of the page. Readings are kept under --cache by
the pixels that were read. `python -m samples.make --set seals --out DIR` makes such files.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.kept import kept_stages
from bench.structure import bench_table, look_of
from flows.pipeline import Stages, join_document, read_page
from flows.scoring.matching import match_tables
from flows.scoring.text import is_number, number_key
from flows.scoring.truth import files_with_truth
from flows.scoring.values import BenchCell, Reading
from flows.wiring import count_pages
from layout.values import Cell, Doubt
from ocr.ink import densities, halved, paper_colour
from ocr.values import PageImage

LEAST_COLOUR, LEAST_SHARE = 0.2, 0.02
"""Density by which channels differ in coloured ink; share of a cell's box that holds some, to lie under it."""
HEADLINE = (
    f"{'':<28}{'under':>6}{'right':>7}{'':>9}{'wrong':>6}{'none':>5}{'silent':>7}{'unmarked':>9}"
    f"   {'beside':>7}{'right':>7}{'silent':>7}"
)
Coloured = Mapping[int, tuple[npt.NDArray[np.bool_], PageImage]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A number of the truth. found: what stands in its place. inked: coloured ink lies on it. is_marked: `under_seal`."""

    inked: bool
    text: str
    found: str = ""
    is_doubted: bool = False
    is_marked: bool = False
    is_missing: bool = False

    @property
    def is_right(self) -> bool:
        return not self.is_missing and number_key(self.text) == number_key(self.found)

    @property
    def is_silent(self) -> bool:
        """Wrong, and nothing says so."""
        return not (self.is_right or self.is_doubted or self.is_missing)


def judge(path: Path, truth: Reading, stages: Stages) -> Iterator[Judged]:
    """All numbers of one file's tables."""
    pages = [stages.rasterise_page(path, number) for number in range(1, count_pages(10_000, path) + 1)]
    colours = {page.page_number: (coloured(page), page) for page in pages}
    tables = join_document("", path.name, tuple(read_page(page, stages) for page in pages), stages).tables
    matching = match_tables(truth.tables, tuple(map(bench_table, tables)))
    found = {i: {_place(c): c for c in tables[j].cells} for i, j in matching.pairs}
    for i in (*found, *matching.missed):
        for true in truth.tables[i].cells:
            if is_number(true.text):
                yield judged(true, found.get(i, {}).get(true.place), colours)


def _place(cell: Cell) -> tuple[int, int, int, int]:
    return cell.span.row, cell.span.col, cell.span.rowspan, cell.span.colspan


def judged(true: BenchCell, cell: Cell | None, colours: Coloured) -> Judged:
    """A number that has no cell counts as one under a seal: what parted it is likely one."""
    if cell is None:
        return Judged(True, true.text, is_missing=True)
    mask, page = colours[cell.page_number]
    box = page.to_pdf.inverse().apply_bbox(cell.bbox_pt)
    part = mask[max(0, int(box.y0)) : int(box.y1), max(0, int(box.x0)) : int(box.x1)]
    inked = bool(part.size) and float(part.mean()) > LEAST_SHARE
    return Judged(inked, true.text, cell.text, bool(cell.doubts), Doubt.UNDER_SEAL in cell.doubts)


def coloured(page: PageImage) -> npt.NDArray[np.bool_]:
    """(H, W): where the page's ink has a colour."""
    if page.pixels.ndim == 2:
        return np.zeros(page.pixels.shape, bool)
    # at the resolution at which JPEG keeps colour: black type on yellow paper has coloured edges otherwise
    density = densities(halved(page.pixels), paper_colour(page.pixels))
    chroma = density.max(axis=2) - density.min(axis=2)
    mask = (chroma > LEAST_COLOUR) & (chroma > 0.35 * density.max(axis=2))
    return np.asarray(mask.repeat(2, axis=0).repeat(2, axis=1))


def line(name: str, cells: Sequence[Judged]) -> str:
    """Counts under HEADLINE."""
    under, beside = [c for c in cells if c.inked], [c for c in cells if not c.inked]
    right, missing = sum(c.is_right for c in under), sum(c.is_missing for c in under)
    return (
        f"{name:<28}{len(under):>6}{right:>7}{right / max(1, len(under)):>9.2%}{len(under) - right - missing:>6}"
        f"{missing:>5}{sum(c.is_silent for c in under):>7}{sum(not (c.is_marked or c.is_missing) for c in under):>9}"
        f"   {len(beside):>7}{sum(c.is_right for c in beside):>7}{sum(c.is_silent for c in beside):>7}"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.seals", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="files whose name holds this text")
    parser.add_argument("--cache", type=Path, default=Path(".bench-readings"))
    parser.add_argument("--show", action="store_true", help="say what is wrong")
    options = parser.parse_args(argv)
    _, stages = kept_stages(options.cache)
    groups: dict[str, list[Judged]] = defaultdict(list)
    print(HEADLINE)
    for path, truth in files_with_truth(options.folders):
        if options.only in path.name:
            cells = list(judge(path, truth, stages))
            groups[look_of(path.stem)] += cells
            print(line(path.stem, cells), flush=True)
            for c in cells if options.show else ():
                if not c.is_right:
                    where = "" if c.inked else ", beside"
                    print(f"    {c.text!r} read as {c.found!r}{', doubted' if c.is_doubted else ''}{where}")
    for name, cells in [*sorted(groups.items()), ("all", [c for members in groups.values() for c in members])]:
        print(line(name, cells))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
