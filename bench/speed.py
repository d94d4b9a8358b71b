"""``python -m bench.speed [FILE ...] [--rounds N] [--peers] [--networks | --born-digital] [--json FILE] [--plot FILE.png]``.

What a page costs, by stage, as a ratio to its two networks alone; then the whole command against the peers, start-up
included, in turns. Seconds are CPU seconds (user and system, children included) unless they say clock.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from bench.page_times import PageTime, RunTime, TimedRun
from bench.speed_alone import bare_networks
from bench.speed_digital import BORN_DIGITAL, measure_digital
from bench.speed_digital import as_text as digital_text
from bench.speed_plot import draw_plot
from bench.speed_programs import ProgramTime, time_programs
from flows.worker_process import thread_limits

DENSE = ("samples/income-003.png", "samples/district-003-no-repeat.pdf", "samples/basic-000-three-pages.pdf")


@dataclass(frozen=True, slots=True)
class Speed:
    """The medians of all rounds, in seconds a page.

    ratio: median over pages of a page's CPU over that of its networks alone; ratio_all: the same of all there is to a
    run (proof, export, documents), in sums. full_*: beside the networks with a detector that has every page at its
    greatest resolution. slope_mb: growth of resident memory over 1,000 pages, and its uncertainty.
    """

    n_pages: int
    n_rounds: int
    cpu: float
    wall: float
    bare_cpu: float
    ratio: float
    ratio_all: float
    full_cpu: float
    full_ratio: float
    full_ratio_all: float
    stages: dict[str, float]
    peak_mb: float
    slope_mb: float
    slope_error_mb: float


def measure(paths: Sequence[Path], n_rounds: int) -> Speed:
    """n_rounds over all files, after one page to warm up."""
    run = TimedRun()
    run.read(paths[:1])
    return summary([run.read(paths) for _ in range(n_rounds)])


def summary(runs: Sequence[RunTime]) -> Speed:
    pages = [page for run in runs for page in run.pages]
    slope, error = memory_slope(pages)
    return Speed(
        n_pages=len(runs[0].pages),
        n_rounds=len(runs),
        cpu=median(p.cpu for p in pages),
        wall=median(p.wall for p in pages),
        bare_cpu=median(p.bare_cpu for p in pages),
        ratio=median(p.cpu / p.bare_cpu for p in pages),
        ratio_all=median(_whole(run) / sum(p.bare_cpu for p in run.pages) for run in runs),
        full_cpu=median(p.bare_full_cpu for p in pages),
        full_ratio=median(p.cpu / p.bare_full_cpu for p in pages),
        full_ratio_all=median(_whole(run) / sum(p.bare_full_cpu for p in run.pages) for run in runs),
        stages={name: median(run.stage_cpu.get(name, 0.0) / len(run.pages) for run in runs) for name in _names(runs)},
        peak_mb=max(p.rss_mb for p in pages),
        slope_mb=slope,
        slope_error_mb=error,
    )


def _whole(run: RunTime) -> float:
    return sum(seconds for name, seconds in run.stage_cpu.items() if not name.startswith("("))


def _names(runs: Sequence[RunTime]) -> list[str]:
    names = {name for run in runs for name in run.stage_cpu if not name.startswith("(")}
    return sorted(names, key=lambda name: -runs[0].stage_cpu.get(name, 0.0))


def memory_slope(pages: Sequence[PageTime]) -> tuple[float, float]:
    """Growth in MB over 1,000 pages by least squares, and twice its standard error; 0 for less than three pages."""
    if len(pages) < 3:
        return 0.0, 0.0
    x = np.arange(len(pages)) - (len(pages) - 1) / 2
    y = np.array([p.rss_mb for p in pages])
    slope = float((x * (y - y.mean())).sum() / (x * x).sum())
    rest = y - y.mean() - slope * x
    error = float(np.sqrt((rest**2).sum() / (len(pages) - 2) / (x * x).sum()))
    return 1000 * slope, 2000 * error


def as_text(speed: Speed) -> str:
    lines = [
        f"{speed.n_pages} pages, {speed.n_rounds} rounds, one process, one thread; CPU seconds a page",
        f"{'networks alone':<28}{speed.bare_cpu:>8.3f}",
        f"{'page, raster to tables':<28}{speed.cpu:>8.3f}   {speed.ratio:.3f} x the networks   (clock {speed.wall:.3f})",
        f"{'all, proof and export too':<28}{'':>8}   {speed.ratio_all:.3f} x the networks",
        f"{'networks, largest pictures':<28}{speed.full_cpu:>8.3f}   page {speed.full_ratio:.3f} x, all {speed.full_ratio_all:.3f} x",
        "by stage:",
        *(f"  {name:<26}{seconds:>8.3f}{seconds / speed.bare_cpu:>8.1%}" for name, seconds in speed.stages.items()),
        f"memory: peak {speed.peak_mb:.0f} MB, {speed.slope_mb:+.0f} ± {speed.slope_error_mb:.0f} MB in 1,000 pages",
    ]
    return "\n".join(lines)


def programs_text(programs: Sequence[ProgramTime]) -> str:
    ours = programs[0]
    lines = [f"{'whole programs':<28}{'CPU s/page':>12}{'clock s/page':>14}{'pages/min':>11}{'CPU x ours':>12}"]
    lines += [
        f"{p.name:<28}{p.cpu:>12.2f}{p.wall:>14.2f}{60 / p.wall:>11.1f}{p.cpu / ours.cpu:>12.2f}" for p in programs
    ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    options = _parse(argv)
    if argv is None and not thread_limits(1).items() <= os.environ.items():
        # as a worker is started; numpy and OpenCV look at it when they are loaded, which they are by now
        os.execve(
            sys.executable, [sys.executable, "-m", "bench.speed", *sys.argv[1:]], {**os.environ, **thread_limits(1)}
        )
    if options.born_digital:
        digital = measure_digital(options.files or BORN_DIGITAL, options.rounds, with_peers=options.peers)
        print(digital_text(digital))
        return 0
    files = options.files or [Path(name) for name in DENSE]
    speed = measure(files, options.rounds)
    print(as_text(speed), flush=True)
    alone = bare_networks(files) if options.networks else {}
    for name, (cpu, wall) in alone.items():
        print(f"networks alone, {name:<40}{cpu:>8.3f} CPU s/page{wall:>8.3f} clock s/page", flush=True)
    programs = time_programs(files, options.rounds) if options.peers else ()
    if programs:
        print(programs_text(programs))
    if options.json:
        report = {"pages": asdict(speed), "networks": alone, "programs": [asdict(p) for p in programs]}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        draw_plot(options.plot, speed.stages, speed.bare_cpu, {p.name: p.cpu for p in programs})
    return 0


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=3, help="of everything; medians are printed")
    parser.add_argument("--peers", action="store_true", help="the whole command too, and the peers in turns with it")
    parser.add_argument("--born-digital", action="store_true", help="pages whose own text is trusted, by stage")
    parser.add_argument("--networks", action="store_true", help="the networks alone by threads, processes and batches")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE.png")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
