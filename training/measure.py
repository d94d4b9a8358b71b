"""``python -m training.measure [--faces held-out|trained] [--strips 40000] [--fonts DIR ...] [--show]``: how often a taken figure is wrong.

Draws strips of typefaces that the networks never saw, aged as in training and lightly, and reads them by the networks of
ocr/engines as the product does. Counts what is taken, what of that is not what was drawn, and with how much of the latter
a second look agrees; and the same of the recogniser in eight bits, which would read these strips else. What it reads in
strips that hold more than a figure ("other": a cut or foreign character) cannot be judged by what was drawn.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from layout.looks import LookOptions, bared
from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.figures import open_figures
from ocr.engines.paddle import PaddleEngine
from ocr.engines.strips import Strip, padded_width
from training.drawing import STRIP_HEIGHT, Sample, empty_sample, random_sample
from training.faces import FALLBACKS, FONTS, font_files

BATCH = 2000


def strip_of(sample: Sample) -> Strip:
    """As the product pads it."""
    columns = sample.pixels.shape[1]
    padded = np.full((STRIP_HEIGHT, padded_width(columns, 96), 3), 127, np.uint8)
    padded[:, :columns] = sample.pixels[:, :, None]
    return Strip(padded, columns, 0.0, float(columns))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", choices=("held-out", "trained"), default="held-out")
    parser.add_argument("--strips", type=int, default=40_000)
    parser.add_argument("--fonts", type=Path, nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--show", action="store_true", help="each wrong one; and its picture into the working folder")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    faces = font_files([FONTS, *given.fonts], held_out=given.faces == "held-out")
    rng, reader, counts = random.Random(given.seed), open_figures(4), Counter[str]()
    engine = open_engine(PaddleOptions(threads=1))
    assert isinstance(engine, PaddleEngine)
    for _ in range(0, given.strips, BATCH):
        samples = [
            empty_sample(rng) if rng.random() < 0.02 else random_sample(rng, faces, FALLBACKS) for _ in range(BATCH)
        ]
        strips = [strip_of(s) for s in samples]
        for sample, found, quick in zip(samples, reader.read(strips).taken, engine.glance_strips(strips), strict=True):
            kind = "other" if "?" in sample.label or not sample.label else "figure"
            counts[kind] += 1
            if quick is not None and kind == "figure":
                counts["figure taken in bytes"] += 1
                counts["figure wrong in bytes"] += quick.text != sample.label
            if found is None:
                continue
            counts[f"{kind} taken"] += 1
            if found.text != sample.label:
                (look,) = engine.read_crops([bared(sample.pixels, LookOptions().softness)])
                counts[f"{kind} wrong"] += 1
                counts[f"{kind} wrong, a look agrees"] += look.text == found.text
                if given.show:
                    print(f"{sample.label} read as {found.text}, {found.confidence:.4f}; a look says {look.text}")
                    cv2.imwrite(f"wrong-{sum(counts.values())}.png", sample.pixels)
    print(f"{len(faces)} {given.faces} faces: {dict(counts)}")


if __name__ == "__main__":
    main()
