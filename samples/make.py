"""Makes sample scans with their truth: ``python -m samples.make [--out DIR] [--set NAME] [--seed N]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from samples.committed import committed_jobs
from samples.dense_sets import dense_jobs, sign_jobs
from samples.faces import missing_packages
from samples.jobs import Job, Sample, make_sample
from samples.look_sets import ageing_jobs, look_jobs, narrative_jobs
from samples.print_programs import missing_programs
from samples.printed_sets import PrintJob, make_printed, printed_jobs
from samples.reading_sets import hard_reading_jobs, reading_jobs
from samples.seal_sets import seal_jobs

HERE = Path(__file__).parent
_SETS: dict[str, Callable[[int], Sequence[Job | PrintJob]]] = {
    "committed": lambda _: committed_jobs(),
    "looks": lambda _: look_jobs(),
    "ageings": lambda _: ageing_jobs(),
    "narrative": lambda _: narrative_jobs(),
    "reading": lambda _: reading_jobs(),
    "reading-hard": lambda _: hard_reading_jobs(),
    "seals": seal_jobs,
    "dense": dense_jobs,
    "signs": sign_jobs,
    "printed": printed_jobs,
}


def main(argv: list[str] | None = None) -> int:
    """Writes the chosen set; 0 when all files are there, 3 when typefaces are missing."""
    options = _parse(argv)
    if missing := missing_packages():
        print(f"These typefaces are missing: {', '.join(missing)}.", file=sys.stderr)
        print(
            "Install fonts-noto-cjk fonts-arphic-uming fonts-arphic-ukai fonts-wqy-zenhei fonts-wqy-microhei.",
            file=sys.stderr,
        )
        return 3
    if options.set == "printed" and (programs := missing_programs()):
        print(f"Install {' '.join(programs)}: these programs print this set.", file=sys.stderr)
        return 3
    options.out.mkdir(parents=True, exist_ok=True)
    for job in _SETS[options.set](options.seed):
        if options.only and options.only not in job.file_name:
            continue
        sample = make_printed(job, options.seed) if isinstance(job, PrintJob) else make_sample(job, options.seed)
        write_sample(sample, options.out)
        print(f"{len(sample.content) / 1024:8.0f} kB  {sample.file_name}", flush=True)
    return 0


def write_sample(sample: Sample, folder: Path) -> None:
    (folder / sample.file_name).write_bytes(sample.content)
    text = json.dumps(sample.truth, ensure_ascii=False, indent=1)
    (folder / sample.truth_name).write_text(text + "\n", encoding="utf-8")


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m samples.make", description="Sample scans with their truth.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: samples/)")
    parser.add_argument("--set", choices=sorted(_SETS), default="committed", help="which samples")
    parser.add_argument("--seed", type=int, default=1, help="another seed ages the same pages differently")
    parser.add_argument("--only", default="", help="only files whose name holds this text")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
