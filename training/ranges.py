"""``python -m training.ranges FILE ...``: what the recogniser's tensors hold on scanned pages, for `ocr.engines.quantise`.

Run with the product's environment. Writes `ocr/engines/recogniser_ranges.json`: the least and the greatest value of
every tensor a convolution takes or gives, over batches of strips drawn from these pages, and of the features.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from flows.settings import load_settings
from flows.wiring import count_pages, engine_options, wire_stages
from ocr.engines import quantise
from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.models import find_model
from ocr.engines.networks import Tensor, as_tensor, open_session, recogniser_table
from ocr.engines.paddle import PaddleEngine
from ocr.values import Pixels

N_BATCHES, BATCH = 120, 8


class _Batches:
    """A calibration reader of ONNX Runtime, which knows one by its method."""

    def __init__(self, batches: Sequence[Tensor]) -> None:
        self._left = iter(batches)

    def get_next(self) -> dict[str, Tensor] | None:
        batch = next(self._left, None)
        return None if batch is None else {quantise.INPUT: batch}


def strips_of(paths: Sequence[Path]) -> list[Pixels]:
    """All strips of all pages as the recogniser takes them."""
    settings = load_settings(workers=1)
    stages, options = wire_stages(settings), engine_options(settings)
    assert isinstance(options, PaddleOptions)
    engine = open_engine(replace(options, figures=False, quick=False))
    assert isinstance(engine, PaddleEngine)
    strips: list[Pixels] = []
    for path in paths:
        for number in range(1, count_pages(10_000, path) + 1):
            page = stages.preprocess(stages.rasterise_page(path, number))
            strips += [strip.pixels for strip, _ in engine.read_strips(page)]
            print(path.name, number, len(strips), flush=True)
    return strips


def batches_of(strips: Sequence[Pixels], seed: int = 0) -> list[Tensor]:
    """At most N_BATCHES of them, of equal widths, drawn without choice."""

    def width(strip: Pixels) -> int:
        return int(strip.shape[1])

    table, batches = recogniser_table(), []
    for _, group in groupby(sorted(strips, key=width), key=width):
        equal = list(group)
        batches += [equal[i : i + BATCH] for i in range(0, len(equal), BATCH)]
    random.Random(seed).shuffle(batches)
    return [as_tensor(batch, table) for batch in batches[:N_BATCHES]]


def measure(source: Path, batches: Sequence[Tensor]) -> dict[str, Any]:
    """The ranges as `quantise.RANGES` keeps them."""
    with tempfile.TemporaryDirectory() as folder:
        trunk, kept = Path(folder) / "trunk.onnx", Path(folder) / "ranges.json"
        quantise.write_trunk(source, trunk)
        quantise.write_small(trunk, Path(folder) / "small.onnx", kept, _Batches(batches))
        session = open_session(str(trunk))
        features = [session.run(None, {quantise.INPUT: batch})[0] for batch in batches]
        ranges: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    least, greatest = min(float(f.min()) for f in features), max(float(f.max()) for f in features)
    return ranges | {"features": [round(least, 3), round(greatest, 3)]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    batches = batches_of(strips_of(given.files))
    ranges = measure(find_model("PP-OCRv6_small_rec", None), batches)
    quantise.RANGES.write_text(json.dumps(ranges, indent=1) + "\n", encoding="utf-8")
    print(len(batches), "batches,", np.sum([len(batch) for batch in batches]), "strips,", len(ranges), "entries")


if __name__ == "__main__":
    main()
