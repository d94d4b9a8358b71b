"""Tesseract of the system as a second reader of single lines: a program, not a library, so a broken one breaks nothing.

One process reads all crops of a call: it is given a list of image files and answers in its TSV format
(tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html), a page per file.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from ocr.engines.boundary import TesseractOptions
from ocr.errors import ModelMissing, RecognitionFailed
from ocr.values import Pixels, Reading

SOURCE = "tesseract"
REMEDY = "Install it: sudo apt-get install tesseract-ocr tesseract-ocr-chi-sim; or take second_recogniser out."
_LINE_LEVEL_WORD = "5"
_SINGLE_LINE = "7"


def read_lines(crops: Sequence[Pixels], options: TesseractOptions) -> tuple[Reading, ...]:
    """One reading per crop of one text line, in order. Raises ModelMissing without the program, RecognitionFailed."""
    if not crops:
        return ()
    with tempfile.TemporaryDirectory(prefix="scanledger-") as folder:
        paths = [Path(folder) / f"{i:05d}.pgm" for i in range(len(crops))]
        for path, crop in zip(paths, crops, strict=True):
            path.write_bytes(grey_map(crop))
        listing = Path(folder) / "lines.txt"
        listing.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        table = _run(["-l", options.language, "--psm", _SINGLE_LINE, "-c", "tessedit_create_tsv=1"], listing, options)
    return parse_tsv(table.splitlines(), len(crops))


def problem(options: TesseractOptions) -> str:
    """What keeps it from reading; empty when it can."""
    try:
        found = _output([options.program, "--list-langs"], 60.0)
    except (ModelMissing, RecognitionFailed) as error:
        return error.message
    return "" if options.language in found.split() else f"its language {options.language} is not installed"


def parse_tsv(lines: Iterable[str], n_pages: int) -> tuple[Reading, ...]:
    """Words of each page joined; the confidence is that of the least sure word, 0 where nothing was read."""
    words: dict[int, list[tuple[str, float]]] = {}
    for line in lines:
        fields = line.split("\t")
        if len(fields) == 12 and fields[0] == _LINE_LEVEL_WORD and fields[11].strip():
            words.setdefault(int(fields[1]), []).append((fields[11].strip(), float(fields[10]) / 100))
    return tuple(_reading(words.get(page, ())) for page in range(1, n_pages + 1))


def grey_map(crop: Pixels) -> bytes:
    """The crop as a PGM file (Netpbm, binary)."""
    grey = crop if crop.ndim == 2 else np.round(crop.astype(np.float64) @ (0.299, 0.587, 0.114)).astype(np.uint8)
    return b"P5 %d %d 255\n" % (grey.shape[1], grey.shape[0]) + grey.tobytes()


def _reading(words: Sequence[tuple[str, float]]) -> Reading:
    # Tesseract parts Chinese into words by guess; white space counts nowhere.
    sure = min((min(max(c, 0.0), 1.0) for _, c in words), default=0.0)
    return Reading("".join(text for text, _ in words), sure, SOURCE)


def _run(arguments: Sequence[str], listing: Path, options: TesseractOptions) -> str:
    seconds = 30.0 + options.seconds_per_line * len(listing.read_text(encoding="utf-8").splitlines())
    return _output([options.program, str(listing), "stdout", *arguments], seconds)


def _output(command: Sequence[str], seconds: float) -> str:
    if shutil.which(command[0]) is None:
        raise ModelMissing(f"there is no program {command[0]}", remedy=REMEDY)
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=True)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()[-200:]
        raise RecognitionFailed(f"tesseract ended with {error.returncode}: {said}", remedy=REMEDY) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RecognitionFailed(f"tesseract: {error}", remedy=REMEDY) from error
    return done.stdout.decode("utf-8", "replace")
