"""``python -m bench.calibrate FIT ... --check OTHER ... [--write]``: fits `layout/calibration.json`.

Every cell of the folders' pages that was recognised and stands at its true place is evidence: what the recogniser and its
second look said, and whether it was right. What ink or column settled is none: it keeps the confidence that they gave. The weights are those of a logistic regression (Platt, "Probabilistic outputs for support
vector machines", 1999) with a slight pull to zero, each held to the only direction in which it may speak. The highest
probability is what the surest cells of the pages can vouch for (Laplace's rule of succession). It is checked on other folders: other
typefaces, other ageings. Readings are kept under --cache by the pixels that were read, as `bench.reading` keeps them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from bench.kept import kept_stages
from bench.reading import read_file
from bench.structure import bench_table
from flows.debugging import png_bytes
from flows.pipeline import Stages
from flows.scoring.curve import draw_curve
from flows.scoring.matching import match_tables
from flows.scoring.reliability import Judged, bins, calibration_error, sure_and_wrong
from flows.scoring.text import is_number, normalise, number_key
from flows.scoring.truth import files_with_truth
from flows.scoring.values import Reading
from layout.calibration import FEATURES, FILE, SIGNS, Calibration, evidence, is_settled, kind_of, probability
from layout.values import Cell, Table

Floats = npt.NDArray[np.float64]
PULL = 1.0
"""Of the squared weights (but the bias), beside the summed losses of the cells."""
SURE = 0.99


@dataclass(frozen=True, slots=True)
class Example:
    """One cell with text: its evidence, and whether it was right."""

    kind: str
    features: tuple[float, ...]
    is_right: bool


def examples(folders: Sequence[Path], stages: Stages) -> Iterator[Example]:
    """The recognised cells of all files, as the stages of a page leave them."""
    for path, truth in files_with_truth(folders):
        yield from examples_of(truth, read_file(path, stages))


def examples_of(truth: Reading, tables: Sequence[Table]) -> Iterator[Example]:
    """Recognised cells that stand where the truth has a cell of their span, in tables of the true shape."""
    for i, j in match_tables(truth.tables, tuple(map(bench_table, tables))).pairs:
        true, read = truth.tables[i], tables[j]
        if (true.n_rows, true.n_cols) == (read.n_rows, read.n_cols):
            texts = {cell.place: cell.text for cell in true.cells}
            for cell in read.cells:
                place = cell.span.row, cell.span.col, cell.span.rowspan, cell.span.colspan
                if place in texts and cell.text.strip() and not is_settled(cell):
                    yield _example(cell, texts[place])


def _example(cell: Cell, true: str) -> Example:
    found = evidence(cell)
    same = number_key if is_number(true) else normalise
    features = tuple(found[name] for name in FEATURES)
    return Example(kind_of(cell.text), features, same(cell.text) == same(true))


def fit(cells: Sequence[Example]) -> Calibration:
    """The weights that make these cells likeliest, and the most they vouch for."""
    x = np.array([c.features for c in cells], np.float64)
    y = np.array([c.is_right for c in cells], np.float64)
    bounds = [{0: (None, None), 1: (0.0, None), -1: (None, 0.0)}[SIGNS[name]] for name in FEATURES]
    found = minimize(_loss, np.zeros(len(FEATURES)), args=(x, y), jac=True, bounds=bounds, method="L-BFGS-B")
    weights = {name: round(float(w), 3) + 0.0 for name, w in zip(FEATURES, found.x, strict=True)}
    free = Calibration(weights, 1.0)
    surest = [c for c in cells if _probability(c, free) >= SURE]
    right = sum(c.is_right for c in surest)
    return Calibration(weights, round((right + 1) / (len(surest) + 2), 5))


def _loss(weights: Floats, x: Floats, y: Floats) -> tuple[float, Floats]:
    """Negative log likelihood with the pull to zero, and its gradient."""
    odds = x @ weights
    pulled = np.where(np.arange(len(weights)) == 0, 0.0, weights)
    loss = float(np.logaddexp(0.0, odds).sum() - y @ odds + PULL * pulled @ pulled / 2)
    return loss, np.asarray(x.T @ (1.0 / (1.0 + np.exp(-odds)) - y) + PULL * pulled)


def _probability(cell: Example, calibration: Calibration) -> float:
    return probability(dict(zip(FEATURES, cell.features, strict=True)), calibration)


def judged(cells: Iterable[Example], calibration: Calibration) -> tuple[Judged, ...]:
    return tuple(Judged(_probability(c, calibration), c.is_right) for c in cells)


def _lines(name: str, found: Sequence[Judged]) -> Iterator[str]:
    n, wrong = sure_and_wrong(found)
    n_wrong = sum(not c.is_right for c in found)
    yield f"{name}: {len(found)} cells, {n_wrong} wrong; {n} at {SURE} or more, {wrong} of them wrong"
    curve = bins(found)
    yield f"  calibration error {calibration_error(curve):.4f}"
    yield from (
        f"  {b.low:.3f} to {b.high:.3f}{b.n:>7}{b.n - b.n_right:>5}  said {b.said:.4f}  held {b.held:.4f}"
        for b in curve
    )


def main(argv: list[str] | None = None) -> int:
    """Prints what the fit is worth on both sets; with --write, keeps it. 1 where there is nothing to fit."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibrate", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--check", nargs="+", type=Path, default=[])
    parser.add_argument("--cache", type=Path, default=Path(".bench-readings"))
    parser.add_argument("--plot", type=Path, help="write the reliability curve of the checked figures there")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args(argv)
    _, stages = kept_stages(options.cache)
    known = tuple(examples(options.folders, stages))
    others = tuple(examples(options.check, stages)) if options.check else ()
    kinds = sorted({c.kind for c in known})
    if not kinds:
        print("no cell to fit on", file=sys.stderr)
        return 1
    maps = {kind: fit([c for c in known if c.kind == kind]) for kind in kinds}
    report(maps, known, others)
    if options.plot and "figure" in maps:
        figures = judged((c for c in others or known if c.kind == "figure"), maps["figure"])
        n, wrong = sure_and_wrong(figures)
        options.plot.write_bytes(png_bytes(draw_curve(bins(figures), f"{n} cells given {SURE} or more, {wrong} wrong")))
    if options.write:
        FILE.write_text(as_json(maps), encoding="utf-8")
    return 0


def report(maps: dict[str, Calibration], known: Sequence[Example], others: Sequence[Example]) -> None:
    for kind, one in maps.items():
        print(f"{kind}: {one}")
        for name, cells in (("fitted on", known), ("checked on", others)):
            print("\n".join(_lines(f"{kind}, {name}", judged((c for c in cells if c.kind == kind), one))))


def as_json(maps: dict[str, Calibration]) -> str:
    kinds = {kind: {"weights": dict(one.weights), "most": one.most} for kind, one in maps.items()}
    return json.dumps({"kinds": kinds}, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
