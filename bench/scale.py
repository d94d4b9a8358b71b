"""``python -m bench.scale --workers 1,2,4 --pages 12 [--mixed] --json FILE``: how the whole command grows with its workers.

For each number of workers one `scanledger run` over that many times ``--pages`` dense pages, in documents of 12; the same
pages over and over, each file with bytes of its own. ``--mixed``: every page of the samples, then one dense page of 200 dpi of
each ageing, made first, and so on. Taken down: pages a minute from the first page that is done to the
last, the seconds until the first, what the leading process cost (the part that is serial), and each worker's memory.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pymupdf

from bench.speed_alone import side_by_side
from flows.worker_process import cpu_seconds, resident_bytes
from samples.dense_sets import dense_jobs
from samples.jobs import make_sample

SOURCES = ("samples/district-003-no-repeat.pdf", "samples/basic-000-three-pages.pdf", "samples/income-003.png")
PAGES_A_DOCUMENT = 12
_SAMPLES = Path("samples")
_SCANS = (".pdf", ".png", ".jpg", ".tif")
_SEED = 5
_COMMAND = (sys.executable, "-c", "from flows.cli import main; main()", "run")
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Scale:
    """One run. first_page: seconds from the start of the program until a page is asked for, and until it is done.

    pages_a_minute: between the first and the last page that was done, whatever else goes on; of_whole: start and end of
    the program included. leader_cpu: seconds a page in the leading process. worker_mb: highest resident memory, as the
    kernel counts it; slope_mb:
    growth of a worker's over 1,000 pages of its own, least squares over all after each one's 5th page, and twice its error.
    """

    workers: int
    pages: int
    seconds: float
    pages_a_minute: float
    of_whole: float
    first_page_asked: float
    first_page: float
    leader_cpu: float
    worker_cpu: float
    leader_mb: float
    worker_mb: float
    slope_mb: float
    slope_error_mb: float
    accepted: int


Page = tuple[pymupdf.Document, int]


def dense_pages() -> list[Page]:
    """The pages of the dense samples."""
    return [page for name in SOURCES for page in _pages_of(Path(name).read_bytes(), Path(name).suffix)]


def mixed_pages() -> list[Page]:
    """All pages of the samples, then the first dense page of each ageing at 200 dpi; the same with the second, and so on."""
    made = [make_sample(job, _SEED) for job in dense_jobs(_SEED) if job.ageing.dpi == 200]
    aged = [_pages_of(sample.content, ".pdf") for sample in made]
    paths = sorted(path for path in _SAMPLES.iterdir() if path.suffix in _SCANS)
    light = [page for path in paths for page in _pages_of(path.read_bytes(), path.suffix)]
    return [page for turn in zip(*aged, strict=True) for page in (*light, *turn)]


def _pages_of(content: bytes, suffix: str) -> list[Page]:
    document = pymupdf.open(suffix, content)
    pdf = document if document.is_pdf else pymupdf.open("pdf", document.convert_to_pdf())
    return [(pdf, number) for number in range(len(pdf))]


def make_documents(folder: Path, pages: Sequence[Page], n_pages: int, pages_a_document: int) -> list[Path]:
    """Documents that have these pages in turn."""
    paths = []
    for first in range(0, n_pages, pages_a_document):
        document = pymupdf.open()
        for number in range(first, min(n_pages, first + pages_a_document)):
            pdf, page = pages[number % len(pages)]
            document.insert_pdf(pdf, from_page=page, to_page=page)
        document.set_metadata({"title": f"{first}"})
        paths.append(folder / f"{first:05d}.pdf")
        document.save(paths[-1], garbage=3)
    return paths


def run(workers: int, pages: Sequence[Page], n_pages: int, pages_a_document: int, options: Sequence[str] = ()) -> Scale:
    """One `scanledger run`, watched from outside."""
    with tempfile.TemporaryDirectory(prefix="scanledger-scale-") as name:
        folder = Path(name)
        make_documents(folder, pages, n_pages, pages_a_document)
        log = folder / "log"
        command = [*_COMMAND, str(folder), "--out", f"{name}-out", "--workers", str(workers), "--json-logs", *options]
        settings = {"SCANLEDGER_RECYCLE_PAGES": "100000", "SCANLEDGER_PREFECT": "never", "SCANLEDGER_THREADS": "1"}
        started = time.time()
        with log.open("wb") as stream:
            process = subprocess.Popen(command, stderr=stream, env={**settings, **os.environ})
            watch = _Watch(process.pid)
            while process.poll() is None:
                watch.look(_n_done(log))
                time.sleep(0.5)
        seconds = time.time() - started
        subprocess.run(["rm", "-rf", f"{name}-out"], check=False)
        if process.returncode not in (0, 10, 11):
            raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
        return _result(workers, log, started, seconds, watch)


def _events(log: Path) -> list[tuple[str, float, dict[str, object]]]:
    found = []
    for line in log.read_text(encoding="utf-8").splitlines():
        if line.startswith("{"):
            told = json.loads(line)
            when = datetime.fromisoformat(told["timestamp"]).timestamp() if "timestamp" in told else 0.0
            found.append((str(told.get("event")), when, told))
    return found


def _n_done(log: Path) -> int:
    return log.read_bytes().count(b'"page_done"')


def _result(workers: int, log: Path, started: float, seconds: float, watch: _Watch) -> Scale:
    events = _events(log)
    done = [when for event, when, _ in events if event == "page_done"]
    asked = min(when for event, when, _ in events if event == "file_started")
    accepted = sum(told.get("disposition") == "accepted" for event, _, told in events if event == "file_done")
    slope, error = watch.slope(workers)
    between = max(done) - min(done)
    return Scale(
        workers=workers,
        pages=len(done),
        seconds=round(seconds, 2),
        pages_a_minute=round(60 * (len(done) - 1) / between, 2) if between else 0.0,
        of_whole=round(60 * len(done) / seconds, 2),
        first_page_asked=round(asked - started, 2),
        first_page=round(min(done) - started, 2),
        leader_cpu=round(watch.leader_cpu / len(done), 3),
        worker_cpu=round(sum(watch.worker_cpu.values()) / len(done), 3),
        leader_mb=round(watch.leader_mb),
        worker_mb=round(watch.worker_mb),
        slope_mb=round(slope),
        slope_error_mb=round(error),
        accepted=accepted,
    )


class _Watch:
    """What the processes of a run cost, looked at from time to time."""

    def __init__(self, leader: int) -> None:
        self._leader = leader
        self.leader_cpu = self.leader_mb = self.worker_mb = 0.0
        self.worker_cpu: dict[int, float] = {}
        self.samples: dict[int, list[tuple[int, float]]] = {}

    def look(self, n_done: int) -> None:
        self.leader_cpu = max(self.leader_cpu, cpu_seconds(self._leader))
        self.leader_mb = max(self.leader_mb, resident_bytes(self._leader) / _MB)
        for pid in _workers_of(self._leader):
            mb = resident_bytes(pid) / _MB
            self.worker_mb = max(self.worker_mb, _highest_mb(pid))
            self.worker_cpu[pid] = max(self.worker_cpu.get(pid, 0.0), cpu_seconds(pid))
            self.samples.setdefault(pid, []).append((n_done, mb))

    def slope(self, workers: int) -> tuple[float, float]:
        """MB in 1,000 pages of one worker. Each worker's line has its own height; all have one slope."""
        xs, ys = [], []
        for samples in self.samples.values():
            own = np.array([(n / workers, mb) for n, mb in samples if n / workers >= 5])
            if len(own) > 2:
                xs.append(own[:, 0] - own[:, 0].mean())
                ys.append(own[:, 1] - own[:, 1].mean())
        if not xs:
            return 0.0, 0.0
        x, y = np.concatenate(xs), np.concatenate(ys)
        if not (x * x).sum():
            return 0.0, 0.0
        slope = (x * y).sum() / (x * x).sum()
        rest = y - slope * x
        return 1000 * float(slope), 2000 * float(np.sqrt((rest**2).sum() / (len(x) - 2) / (x * x).sum()))


def _highest_mb(pid: int) -> float:
    """The most it ever had resident; 0 for a process that has ended."""
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _workers_of(leader: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == leader and b"worker_child" in (stat.parent / "cmdline").read_bytes():
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return found


def as_text(results: Sequence[Scale]) -> str:
    lines = [
        f"{'workers':>7}{'pages':>7}{'pages/min':>11}{'x one':>7}{'whole':>8}{'asked':>7}{'first':>7}"
        f"{'leader s/page':>15}{'worker s/page':>15}{'leader MB':>11}{'worker MB':>11}{'MB in 1,000':>18}"
    ]
    for r in results:
        lines.append(
            f"{r.workers:>7}{r.pages:>7}{r.pages_a_minute:>11.1f}{r.pages_a_minute / results[0].pages_a_minute:>7.2f}"
            f"{r.of_whole:>8.1f}{r.first_page_asked:>7.1f}{r.first_page:>7.1f}{r.leader_cpu:>15.3f}{r.worker_cpu:>15.3f}"
            f"{r.leader_mb:>11.0f}{r.worker_mb:>11.0f}{r.slope_mb:>+10.0f} ± {r.slope_error_mb:<5.0f}"
        )
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--workers", default="1,2", help="numbers of workers, by commas; 16x60 for 60 pages a worker")
    parser.add_argument("--pages", type=int, default=12, help="pages a worker")
    parser.add_argument("--pages-a-document", type=int, default=PAGES_A_DOCUMENT)
    parser.add_argument("--mixed", action="store_true", help="pages of the samples and dense ones of every ageing")
    parser.add_argument("--networks", action="store_true", help="then the two networks alone, in as many processes")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("options", nargs="*", metavar="-- OPTION", help="of scanledger run, such as --device cuda")
    given = parser.parse_args(argv)
    results: list[Scale] = []
    sources = mixed_pages() if given.mixed else dense_pages()
    for asked in given.workers.split(","):
        found = re.fullmatch(r"(\d+)(?:x(\d+))?", asked)
        if found is None:
            parser.error(f"not a number of workers: {asked}")
        workers, pages = int(found[1]), int(found[2] or given.pages)
        results.append(run(workers, sources, workers * pages, given.pages_a_document, given.options))
        print(as_text(results).splitlines()[0 if len(results) == 1 else -1])
        if len(results) == 1:
            print(as_text(results).splitlines()[-1], flush=True)
        sys.stdout.flush()
        _write(given.json, results, {})
    if given.networks:
        alone = side_by_side([Path(name) for name in SOURCES], [r.workers for r in results])
        print("\n".join(f"networks alone, {n} processes: {rate:.1f} pages/min" for n, rate in alone.items()))
        _write(given.json, results, alone)
    return 0


def _write(path: Path | None, results: Sequence[Scale], alone: dict[int, float]) -> None:
    if path is not None:
        report = {"runs": [asdict(r) for r in results], "networks_alone_pages_a_minute": alone}
        path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
