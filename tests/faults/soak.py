"""Many documents through one watch: does its memory grow?

    python -m tests.faults.soak FOLDER [N]     N copies of a sample, told apart by bytes after its end (500)

Page pixels and proof are real, with Prefect on a server of its own; the readings of OCR are recorded with the first document and
replayed for all others, so this measures the supervisor whole, and workers but for their networks.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

from flows.worker_process import resident_bytes

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "three-public-001.jpg"
_MB = 1 << 20
_COMMAND = (sys.executable, "-c", "from flows.cli import main; main()", "watch")


def main(folder: Path, n: int) -> None:
    readings = folder / "readings"
    if not readings.exists():
        _watch(_filled(folder / "first-in", 1), folder / "first-out", {"SCANLEDGER_RECORD_DIR": str(readings)}).wait()
    out = folder / "out"
    run = _watch(_filled(folder / "in", n), out, {"SCANLEDGER_REPLAY_DIR": str(readings)})
    samples = []
    while run.poll() is None:
        time.sleep(2)
        samples.append((_n_done(out), resident_bytes(run.pid) / _MB, _worker_mb(run.pid)))
        (folder / "samples.json").write_text(json.dumps(samples))
    print(report(samples, n, run.returncode))


def _filled(inbox: Path, n: int) -> Path:
    inbox.mkdir(parents=True, exist_ok=True)
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
    """Medians of resident memory around the 50th document, half way, and over the last tenth."""
    lines = [f"exit {status}, {samples[-1][0]} of {n} documents done"]
    marks = (("documents 40-60", 40, 60), ("half way", int(n * 0.45), int(n * 0.55)), ("last tenth", int(n * 0.9), n))
    for name, start, stop in marks:
        within = [(own, worker) for done, own, worker in samples if start <= done <= stop]
        if within:
            own, worker = (statistics.median(column) for column in zip(*within, strict=True))
            lines.append(f"{name}: supervisor {own:.0f} MB, workers {worker:.0f} MB")
    return "\n".join(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500)
