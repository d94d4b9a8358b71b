"""Runs scanledger as its users do, on all files at once, and reads what it wrote."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flows.scoring.truth import reading_of
from flows.scoring.values import Reading

_COMMAND = (sys.executable, "-c", "from flows.cli import main; main()", "run")
_FINE = (0, 10, 11)


def read_with_scanledger(paths: tuple[Path, ...], extra: tuple[str, ...] = ()) -> dict[Path, Reading]:
    """path -> reading; wall time, start-up included, spread over the files by their pages.

    Raises RuntimeError when the command broke down as a whole.
    """
    with tempfile.TemporaryDirectory(prefix="scanledger-bench-") as out:
        started = time.perf_counter()
        done = subprocess.run([*_COMMAND, *map(str, paths), "--out", out, "--force", "--quiet", *extra], check=False)
        seconds = time.perf_counter() - started
        if done.returncode not in _FINE:
            raise RuntimeError(f"scanledger run left with code {done.returncode}")
        readings = {path: _reading(path, Path(out)) for path in paths}
    n_pages = sum(max(1, reading.n_pages) for reading in readings.values())
    return {path: _timed(reading, seconds * max(1, reading.n_pages) / n_pages) for path, reading in readings.items()}


def _reading(path: Path, out: Path) -> Reading:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    document = out / "documents" / digest[:16] / "document.json"
    if not document.exists():
        return Reading((), error="no document.json")
    return reading_of(json.loads(document.read_text(encoding="utf-8")))


def _timed(reading: Reading, seconds: float) -> Reading:
    return Reading(
        reading.tables, reading.text, reading.n_pages, reading.accepted, seconds, reading.error, reading.reasons
    )
