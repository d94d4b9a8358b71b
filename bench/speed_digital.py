"""What a born-digital page costs whose own text is trusted, beside pymupdf4llm on the same pages, in turns.

CPU seconds a page, start-up and loading of models apart: ours from the file to its tables, by stage; the peer's path
without OCR; its OCR of the same pages as pictures.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.page_times import TimedRun, settings_of_one
from bench.peers import HERE, peers_python
from bench.stopwatch import Stopwatch, timed_engine, timed_stages
from flows.page_reading import PageJob, read_job
from flows.wiring import count_pages, wire_stages

BORN_DIGITAL = (Path("samples/born-digital-003.pdf"),)
PEER_MODES = ("text", "ocr")


@dataclass(frozen=True, slots=True)
class DigitalSpeed:
    """Medians of all rounds in CPU seconds a page. peers: of each mode, and how many times ours that is, round by round."""

    n_pages: int
    n_rounds: int
    cpu: float
    stages: dict[str, float]
    peers: dict[str, tuple[float, float]]


def measure_digital(paths: Sequence[Path], n_rounds: int, *, with_peers: bool) -> DigitalSpeed:
    """Ours and the peer's two ways, one after the other in every round, after one to warm up."""
    run = TimedRun()
    jobs = [PageJob(path, "0" * 64, n) for path in paths for n in range(1, count_pages(10_000, path) + 1)]
    _ours(run, jobs)
    ours: list[dict[str, float]] = []
    peers: dict[str, list[float]] = {mode: [] for mode in PEER_MODES if with_peers}
    for _ in range(n_rounds):
        ours.append(_ours(run, jobs))
        for mode, found in peers.items():
            found.append(_peer(mode, paths))
    return summary_of(ours, peers, len(jobs))


def summary_of(ours: Sequence[dict[str, float]], peers: dict[str, list[float]], n_pages: int) -> DigitalSpeed:
    """ours: CPU seconds a page by stage, a round each; peers: CPU seconds a page of each mode, a round each."""
    whole = [sum(stages.values()) for stages in ours]
    names = sorted(ours[0], key=lambda name: -ours[0][name])
    ratios = {mode: median(p / w for p, w in zip(found, whole, strict=True)) for mode, found in peers.items()}
    return DigitalSpeed(
        n_pages=n_pages,
        n_rounds=len(ours),
        cpu=median(whole),
        stages={name: median(stages.get(name, 0.0) for stages in ours) for name in names},
        peers={mode: (median(found), ratios[mode]) for mode, found in peers.items()},
    )


def _ours(run: TimedRun, jobs: Sequence[PageJob]) -> dict[str, float]:
    watch = Stopwatch()
    run.watch = watch
    engine = timed_engine(run.engine, watch)
    stages = timed_stages(wire_stages(settings_of_one()), engine, engine, watch)
    for job in jobs:
        with watch.of("shell"):
            read_job(job, stages)
    return {name: seconds / len(jobs) for name, seconds in watch.cpu.items()}


def _peer(mode: str, paths: Sequence[Path]) -> float:
    command = [str(peers_python()), "-P", str(HERE / "peer_speed.py"), mode, *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"})
    last = done.stdout.decode("utf-8", "replace").strip().splitlines()[-1]
    return float(json.loads(last)["cpu"])


def as_text(speed: DigitalSpeed) -> str:
    lines = [
        f"{speed.n_pages} born-digital pages, {speed.n_rounds} rounds, one process, one thread; CPU seconds a page",
        f"{'file to tables':<28}{speed.cpu:>8.3f}",
        *(f"  {name:<26}{seconds:>8.3f}" for name, seconds in speed.stages.items()),
        *(
            f"{'pymupdf4llm, ' + mode:<28}{cpu:>8.3f}   {ratio:.1f} x ours"
            for mode, (cpu, ratio) in speed.peers.items()
        ),
    ]
    return "\n".join(lines)
