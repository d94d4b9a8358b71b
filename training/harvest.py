"""``python -m training.harvest --out DIR FOLDER ...``: strips of scanned files as the product cuts them, read by the large recogniser.

Run with the product's environment. Writes a pickle a page: (grey pixels, text, confidence) of each strip.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flows.settings import load_settings
from flows.wiring import count_pages, engine_options, wire_stages
from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.paddle import PaddleEngine
from ocr.engines.strips import green_of
from ocr.values import PageImage

SUFFIXES = (".pdf", ".png", ".tif", ".jpg")


def pages(folders: list[Path]) -> Iterator[tuple[str, PageImage]]:
    """A name, and the clean page; pages that bring their own words are not scans and are left out."""
    stages = wire_stages(load_settings(workers=1))
    for folder in folders:
        for path in sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES):
            for number in range(1, count_pages(10_000, path) + 1):
                yield f"{folder.name}-{path.stem}-{number}", stages.preprocess(stages.rasterise_page(path, number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    options = engine_options(load_settings(workers=1))
    assert isinstance(options, PaddleOptions)
    engine = open_engine(replace(options, figures=False))
    assert isinstance(engine, PaddleEngine)
    for name, image in pages(given.folders):
        found = [
            (green_of(strip.pixels)[:, : strip.n_columns].copy(), decoded.text, decoded.confidence)
            for strip, decoded in engine.read_strips(image)
        ]
        (given.out / f"{name}.pickle").write_bytes(pickle.dumps(found))
        print(name, len(found), flush=True)


if __name__ == "__main__":
    main()
