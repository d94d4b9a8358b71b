"""``python -m bench.triage [--documents 20] [--pages 2] [--only TEXT]``: which text is trusted, kind by kind of text layer.

Documents of the truth, typeset in many looks, are written as born-digital PDFs whose text layer lies in each of the
ways of `samples.lies`, and triaged. A trusted character that is not what the page shows at its place is a wrong trust;
a character that a truthful layer could have given and that was left to OCR is needless OCR. What is left to OCR is not
read here: triage alone is measured, with the real recogniser for its samples.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from flows.settings import load_settings
from flows.wiring import engine_options
from ocr.engines.boundary import read_crops
from ocr.glances import ReadCrops
from ocr.layer_samples import folded
from ocr.rasterise import rasterise_page
from ocr.resolution import RasteriseOptions
from ocr.triage import Triaged, triage
from ocr.values import PageImage, PageText, TextSource
from samples.digital import PrintedChar
from samples.ink import Sheet
from samples.jobs import Job, NarrativePart, TablePart, typeset_sheets
from samples.lies import LIES, Lying
from samples.values import Frame, Look

_FACES = ("ming", "kai", "zenhei", "microhei")
_TABLES = {
    "000": ("t01", "t03", "t04", "t05", "t08"),
    "001": ("t01", "t03", "t06"),
    "003": ("t02", "t06", "t08", "t10"),
}


@dataclass(frozen=True, slots=True)
class Count:
    """Characters: printed, trusted, trusted wrongly; pages by what was done; CPU seconds, rasterising apart."""

    printed: int = 0
    trusted: int = 0
    wrong: int = 0
    layer_pages: int = 0
    mixed_pages: int = 0
    ocr_pages: int = 0
    raster_seconds: float = 0.0
    triage_seconds: float = 0.0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, name) + getattr(other, name) for name in Count.__slots__))

    @property
    def pages(self) -> int:
        return self.layer_pages + self.mixed_pages + self.ocr_pages


def documents(n: int, n_pages: int) -> Iterator[tuple[Sheet, ...]]:
    """So many documents of so many pages, no two in one look."""
    tables = itertools.cycle([(name, table) for name, tables in _TABLES.items() for table in tables])
    for number in range(n):
        name, table = next(tables)
        look = Look(
            face=_FACES[number % 4],
            title_face=_FACES[(number // 2 + 1) % 4],
            body_pt=8.0 + number % 5,
            frame=(Frame.FULL, Frame.OPEN_SIDES, Frame.THREE_LINE)[number % 3],
            header_grey=(255, 215, 235)[number % 3],
            margin_pt=48.0 + 4 * (number % 4),
        )
        parts = (TablePart(table, landscape=number % 2 == 1), NarrativePart(((number % 5, None),)))
        yield typeset_sheets(Job(f"{name}-{number}.pdf", "", name, parts[:: -1 if number % 4 == 3 else 1], look))[
            :n_pages
        ]


def unread(image: PageImage) -> PageText:
    """Stands in for OCR."""
    return PageText(image.digest, TextSource.OCR, ())


def triage_file(lying: Lying, path: Path, crops: ReadCrops) -> Count:
    """Writes the file to ``path`` and triages each of its pages."""
    path.write_bytes(lying.content)
    total = Count()
    for number, printed in enumerate(lying.printed, start=1):
        started = time.process_time()
        image = rasterise_page(path, number, RasteriseOptions())
        rastered = time.process_time()
        found = triage(image, crops, unread)
        took = time.process_time() - rastered
        total += replace(_count(found, printed), raster_seconds=rastered - started, triage_seconds=took)
    return total


def _count(found: Triaged, printed: Sequence[PrintedChar]) -> Count:
    if found.text is None:
        return Count(len(printed), ocr_pages=1)
    trusted = list(_trusted_chars(found))
    wrong = _n_wrong(trusted, printed)
    is_mixed = any("OCR" in note or "not trusted" in note for note in found.text.notes) or len(trusted) < 0.98 * len(
        printed
    )
    return Count(len(printed), len(trusted), wrong, layer_pages=not is_mixed, mixed_pages=is_mixed)


def _trusted_chars(found: Triaged) -> Iterator[tuple[str, float, float]]:
    """(text, x, y) of the middle of each trusted character, in points."""
    assert found.text is not None
    for word in (w for w in found.text.words if w.confidence == 1.0):
        middle = word.bbox.centre[1]
        for char in word.chars:
            if char.text.strip():
                x, y = found.image.to_pdf.apply((char.x0 + char.x1) / 2, middle)
                yield char.text, x, y


def _n_wrong(trusted: Sequence[tuple[str, float, float]], printed: Sequence[PrintedChar]) -> int:
    """Trusted characters beside which no equal character is printed."""
    if not trusted:
        return 0
    places = np.array([(c.x + 0.35 * c.size, c.y) for c in printed]).reshape(-1, 2)
    reach = np.array([0.6 * c.size for c in printed])
    wrong = 0
    for text, x, y in trusted:
        near = np.flatnonzero((np.abs(places - (x, y)) <= reach[:, None]).all(axis=1))
        wrong += not any(folded(printed[i].text) == folded(text) for i in near.tolist())
    return wrong


def main(argv: list[str] | None = None) -> int:
    """Prints a line per kind; 1 when anything was trusted wrongly."""
    parser = argparse.ArgumentParser(prog="python -m bench.triage", description=__doc__)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--only", default="", help="kinds whose name holds this text")
    options = parser.parse_args(argv)
    crops = partial(read_crops, engine_options(load_settings(workers=1)))
    made = list(documents(options.documents, options.pages))
    print(f"{'kind':<28}{'pages':>6}{'layer':>6}{'mixed':>6}{'OCR':>5}{'trusted':>9}{'wrong':>6}{'needless':>9}"
          f"{'CPU s: raster':>14}{'triage':>8}")  # fmt: skip
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="scanledger-triage-") as folder:
        for kind, lie in LIES.items():
            if options.only not in kind:
                continue
            total, trustworthy = Count(), True
            for number, sheets in enumerate(made):
                lying = lie(sheets)
                trustworthy = lying.trustworthy
                found = triage_file(lying, Path(folder) / "a.pdf", crops)
                if found.wrong or (trustworthy and found.trusted < 0.98 * found.printed):
                    print(f"  {kind}: document {number}: {found.wrong} wrong, "
                          f"{found.printed - found.trusted} left to OCR", file=sys.stderr)  # fmt: skip
                total += found
            needless = f"{1 - total.trusted / max(1, total.printed):.2%}" if trustworthy else ""
            print(f"{kind:<28}{total.pages:>6}{total.layer_pages:>6}{total.mixed_pages:>6}{total.ocr_pages:>5}"
                  f"{total.trusted:>9}{total.wrong:>6}{needless:>9}{total.raster_seconds / max(1, total.pages):>14.3f}"
                  f"{total.triage_seconds / max(1, total.pages):>8.3f}", flush=True)  # fmt: skip
            wrong += total.wrong
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
