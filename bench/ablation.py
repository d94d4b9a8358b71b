"""``python -m bench.ablation FOLDER ... [--steps a,b] [--only TEXT] [--cache DIR]``: what each cleaning step is worth.

Every file is read with all steps of `ocr.preprocess`, with each step left out by itself, and with none; a line for each:
numbers at their place, characters right, tables with the right structure, and seconds of cleaning a page. Readings
are kept under --cache by the pixels that were read, so a step that leaves a page alone costs nothing.
`python -m samples.make --set ageings --out DIR` makes pages that need cleaning.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.kept import KeptEngine, kept_stages
from bench.scoring import Score, score_file
from bench.structure import bench_table
from flows.pipeline import PageTables, Stages, join_document, read_page
from flows.scoring.truth import files_with_truth
from flows.scoring.values import Reading as BenchReading
from flows.wiring import count_pages
from ocr.preprocess import PreprocessOptions, preprocess
from ocr.values import PageImage

STEPS: dict[str, dict[str, Any]] = {
    "borders": {"borders": None},
    "light": {"light": None},
    "flatten": {"flatten": None},
    "bleed": {"bleed": None},
    "seals": {"seals": None},
    "halves": {"halves": None},
}
"""Step -> the options that leave it out."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One file under one variant. seconds: CPU seconds of cleaning, readings of its pages' posture left out."""

    score: Score
    seconds: float
    n_changed: int


def variants(steps: Sequence[str]) -> dict[str, PreprocessOptions]:
    """Name -> options: all steps, each left out, none of them."""
    whole = PreprocessOptions()
    without = {f"no {step}": replace(whole, **STEPS[step]) for step in steps}
    nothing = replace(whole, **{name: value for step in STEPS for name, value in STEPS[step].items()})
    return {"all": whole, **without, "none": nothing}


def measure(
    path: Path, truth: BenchReading, options: PreprocessOptions, stages: Stages, engine: KeptEngine
) -> Measured:
    pages: list[PageTables] = []
    seconds, changed = 0.0, 0
    for number in range(1, count_pages(10_000, path) + 1):
        raw = stages.rasterise_page(path, number)
        _, spent = _clean(raw, options, engine)  # the second time, all readings are kept
        image, spent = _clean(raw, options, engine)
        seconds += spent
        changed += image.digest != raw.digest
        pages.append(read_page(image, replace(stages, preprocess=lambda page: page)))
    document = join_document("", path.name, tuple(pages), stages)
    text = tuple((block.page_number, block.text) for block in document.text)
    read = BenchReading(tuple(map(bench_table, document.tables)), text, len(pages))
    return Measured(score_file(truth, read), seconds, changed)


def _clean(raw: PageImage, options: PreprocessOptions, engine: KeptEngine) -> tuple[PageImage, float]:
    started = time.process_time()
    image = preprocess(raw, options, engine.read_crops)
    return image, time.process_time() - started


def _lines(
    folders: Sequence[Path], steps: Sequence[str], only: str, stages: Stages, engine: KeptEngine
) -> Iterator[str]:
    yield f"{'file':<22}{'variant':<14}{'num ok':>9}{'wrong':>6}{'miss':>5}{'inv':>4}{'chars':>9}{'struct':>8}{'changed':>8}{'CPU s/pg':>9}"
    totals: dict[str, list[Measured]] = defaultdict(list)
    for path, truth in files_with_truth(folders):
        if only and not any(word in path.name for word in only.split(",")):
            continue
        for name, options in variants(steps).items():
            measured = measure(path, truth, options, stages, engine)
            totals[name].append(measured)
            yield _line(path.stem, name, [measured])
    for name, members in totals.items():
        yield _line("all files", name, members)


def _line(file: str, variant: str, members: Sequence[Measured]) -> str:
    s = sum((m.score for m in members), Score())
    seconds = sum(m.seconds for m in members) / max(1, s.n_pages)
    return (
        f"{file:<22}{variant:<14}{s.numbers_in_place / max(1, s.numbers_true):>9.2%}{s.numbers_wrong:>6}"
        f"{s.numbers_missing:>5}{s.numbers_invented:>4}{s.chars_right / max(1, s.chars_true):>9.2%}"
        f"{s.n_structure:>5}/{s.n_true}{sum(m.n_changed for m in members):>8}{seconds:>9.3f}"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ablation", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--steps", default=",".join(STEPS), help="which steps are left out, one at a time")
    parser.add_argument("--only", default="", help="files whose name holds one of these texts, parted by commas")
    parser.add_argument("--cache", type=Path, default=Path(".bench-readings"))
    options = parser.parse_args(argv)
    engine, stages = kept_stages(options.cache)
    steps = [step for step in options.steps.split(",") if step]
    for line in _lines(options.folders, steps, options.only, stages, engine):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
