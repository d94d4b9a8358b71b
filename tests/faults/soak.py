"""Many documents through one watch: does its memory grow?

    python -m tests.faults.soak FOLDER [N]     N copies of a sample, told apart by bytes after its end (500)

Page pixels and proof are real, with Prefect on a server of its own; the readings of OCR are recorded with the first document and
replayed for all others, so this measures the supervisor whole, and workers but for their networks.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

from flows.worker_process import resident_bytes

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "three-public-001.jpg"
_MB = 1 << 20
_COMMAND = (sys.executable, "-c", "from flows.cli import main; main()", "watch")


def main(folder: Path, n: int, is_live: bool) -> None:
    out, inbox = folder / "out", folder / "in"
    inbox.mkdir(parents=True)
    if is_live:
        run = _watch(_cuttings(inbox, n), out, {})
    else:
        run = _watch(_copies(inbox, n), out, {"SCANLEDGER_REPLAY_DIR": str(_recorded(folder))})
    samples = []
    while run.poll() is None:
        time.sleep(2)
        samples.append((_n_done(out), resident_bytes(run.pid) / _MB, _worker_mb(run.pid)))
        (folder / "samples.json").write_text(json.dumps(samples))
    print(report(samples, n, run.returncode))


def _recorded(folder: Path) -> Path:
    readings, inbox = folder / "readings", folder / "first-in"
    inbox.mkdir()
    _watch(_copies(inbox, 1), folder / "first-out", {"SCANLEDGER_RECORD_DIR": str(readings)}).wait()
    return readings


def _cuttings(inbox: Path, n: int) -> Path:
    """Windows of 500 to 900 by 300 to 600 pixels: what grows with the shapes it has met grows here."""
    chance = random.Random(1)
    with Image.open(SAMPLE) as sheet:
        for number in range(n):
            width, height = chance.randint(500, 900), chance.randint(300, 600)
            left, top = chance.randint(0, sheet.width - width), chance.randint(0, sheet.height - height)
            sheet.crop((left, top, left + width, top + height)).save(inbox / f"{number:04d}.png", dpi=(200, 200))
    return inbox


def _copies(inbox: Path, n: int) -> Path:
    data = SAMPLE.read_bytes()
    for number in range(n):
        (inbox / f"{number:04d}.jpg").write_bytes(data + b"copy %d" % number)
    return inbox


def _watch(inbox: Path, out: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    arguments = (*_COMMAND, str(inbox), "--out", str(out), "--once", "--quiet", "--workers", "1")
    return subprocess.Popen(arguments, env={**os.environ, "SCANLEDGER_PREFECT": "always", **settings}, cwd=ROOT)


def _n_done(out: Path) -> int:
    ledger = out / ".scanledger" / "ledger.sqlite"
    if not ledger.exists():
        return 0
    db = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    try:
        return int(db.execute("SELECT count(*) FROM documents WHERE finished_at IS NOT NULL").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        db.close()


def _worker_mb(parent: int) -> float:
    """Resident memory of the children that are workers."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent and b"worker_child" in (stat.parent / "cmdline").read_bytes():
                total += resident_bytes(int(stat.parent.name))
        except OSError:
            continue
    return total / _MB


def report(samples: list[tuple[int, float, float]], n: int, status: int) -> str:
    """Medians of resident memory around the 50th document, half way, and over the last tenth; the worker's largest."""
    lines = [f"exit {status}, {samples[-1][0]} of {n} documents done"]
    first = (40, 60) if n > 200 else (n // 8, n // 4)
    for start, stop in (first, (int(n * 0.45), int(n * 0.55)), (int(n * 0.9), n)):
        within = [(own, worker) for done, own, worker in samples if start <= done <= stop and worker]
        if within:
            own, worker = (statistics.median(column) for column in zip(*within, strict=True))
            lines.append(f"documents {start} to {stop}: supervisor {own:.0f} MB, worker {worker:.0f} MB")
    lines.append(f"worker at most {max(worker for *_, worker in samples):.0f} MB")
    return "\n".join(lines)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.faults.soak")
    asked.add_argument("folder", type=Path)
    asked.add_argument("n", type=int, nargs="?")
    asked.add_argument("--live", action="store_true")
    given = asked.parse_args()
    main(given.folder, given.n or (80 if given.live else 500), given.live)
