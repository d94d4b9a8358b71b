"""Whole programs on the same files, in turns: CPU and clock of the process and its children, start-up included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from compileall import compile_dir
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.peers import HERE, PEERS, ROOT, peers_python
from flows.wiring import count_pages
from flows.worker_process import thread_limits

Times = tuple[float, float]
OURS = "scanledger"
_COMMAND = (sys.executable, "-c", "from flows.cli import main; main()", "run")


@dataclass(frozen=True, slots=True)
class ProgramTime:
    """Medians in seconds a page."""

    name: str
    cpu: float
    wall: float


def time_programs(paths: Sequence[Path], n_rounds: int) -> tuple[ProgramTime, ...]:
    """Ours and each peer, one after the other in every round. Raises RuntimeError when one breaks."""
    python = peers_python()
    for package in ("ocr", "layout", "expectations", "flows"):
        compile_dir(ROOT / package, quiet=1)  # as pip did with the peers
    n_pages = sum(count_pages(10_000, path) for path in paths)
    runs: dict[str, Callable[[], Times]] = {OURS: lambda: _run_ours(paths)}
    runs |= {name: _peer(python, script, paths) for name, script in PEERS.items()}
    times: dict[str, list[Times]] = {name: [] for name in runs}
    for _ in range(n_rounds):
        for name, run in runs.items():
            print(f"{name} ...", file=sys.stderr, flush=True)
            times[name].append(run())
    return tuple(
        ProgramTime(name, median(t[0] for t in found) / n_pages, median(t[1] for t in found) / n_pages)
        for name, found in times.items()
    )


def _run_ours(paths: Sequence[Path]) -> Times:
    with tempfile.TemporaryDirectory(prefix="scanledger-speed-") as out:
        return _timed([*_COMMAND, *map(str, paths), "--out", out, "--force", "--quiet"], (0, 10, 11))


def _peer(python: Path, script: str, paths: Sequence[Path]) -> Callable[[], Times]:
    return lambda: _timed([str(python), "-P", str(HERE / script), *map(str, paths)], (0,))


def _timed(command: Sequence[str], fine: Sequence[int]) -> Times:
    """CPU seconds and clock seconds."""
    started = time.perf_counter()
    free = {name: value for name, value in os.environ.items() if name not in thread_limits(1)}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=free)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fine:
        raise RuntimeError(f"{command[:3]} left with code {process.returncode}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - started
