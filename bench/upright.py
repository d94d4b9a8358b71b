"""``python -m bench.upright FOLDER ... [--pages 100] [--lean 0]``: is every page put the right way up?

Each page with its truth is turned by 0, 90, 180 and 270 degrees, leaned by a few degrees if asked for, and its posture
found: the turn must be the one that the truth says. Prints what was wrong, the share that was right, CPU seconds a page.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from flows.scoring.truth import files_with_truth
from flows.settings import load_settings
from flows.wiring import count_pages, engine_options, rasterise_alone
from ocr.engines.boundary import open_engine
from ocr.light import evened
from ocr.preprocess import PreprocessOptions, find_posture, levelled, turned
from ocr.resolution import RasteriseOptions
from ocr.values import PageImage


def upright_pages(folders: Sequence[Path]) -> Iterator[tuple[str, PageImage]]:
    """(name, page as it stands upright), the first page of every file, then the second of every file, and so on."""
    files = [path for path, _ in files_with_truth(folders)]
    longest = max(count_pages(10_000, path) for path in files)
    for number in range(1, longest + 1):
        for path in files:
            if number <= count_pages(10_000, path):
                image = rasterise_alone(path, number, RasteriseOptions())
                yield f"{path.name} page {number}", turned(image, _truth(path, number))


def _truth(path: Path, number: int) -> int:
    """The clockwise turn that puts the page upright."""
    truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text(encoding="utf-8"))
    return int(truth["pages"][number - 1]["rotation_degrees"])


def main(argv: list[str] | None = None) -> int:
    """0 when all pages were put upright."""
    parser = argparse.ArgumentParser(prog="python -m bench.upright", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=100, help="so many pages, each in four turns")
    parser.add_argument("--lean", type=float, default=0.0, help="degrees, to the left and to the right by turns")
    options = parser.parse_args(argv)
    engine = open_engine(engine_options(load_settings(workers=1)))
    n_right, n_all, seconds = 0, 0, 0.0
    for index, (name, page) in enumerate(islice(upright_pages(options.folders), options.pages)):
        leaning = evened(levelled(page, options.lean * (-1) ** index))
        for turn in (0, 90, 180, 270):
            lying = turned(leaning, turn)
            started = time.process_time()
            found = find_posture(lying, PreprocessOptions(), engine.read_crops)
            seconds += time.process_time() - started
            n_all, n_right = n_all + 1, n_right + (found.turn_degrees == -turn % 360)
            if found.turn_degrees != -turn % 360:
                print(f"{name} turned by {turn}: {found}", flush=True)
    print(f"{n_right} of {n_all} right ({n_right / n_all:.2%}), {seconds / n_all:.3f} CPU s a page")
    return 0 if n_right == n_all else 1


if __name__ == "__main__":
    raise SystemExit(main())
