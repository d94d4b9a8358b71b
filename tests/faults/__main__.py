"""The whole fault harness: `make faults`, or `python -m tests.faults [SECTION...] [--kills N] [--mutated N]`.

    kills     SIGKILL at every point, then at random points until there were N kills
    disk      no space at every writing point, a limit on file sizes, and (as root) a small tmpfs
    forbidden a read-only output and an unreadable file, as a user who is not root
    names     1,000 files at once; 20,000 names in the folder
    bad       every bad file of bad_files.py through a real watch with real workers; a good one after them
    mutated   N mutated PDFs through real workers
    stopped   the real program ended by SIGTERM and Ctrl-C, and killed and started again, in the middle of work
    real      the real program with Prefect, killed at random times; the server killed under it
    served    (only when named) `serve` and prefect.yaml against a Prefect server that goes away and comes back

Every line says what was done, what was found, and how long it took. Ends with 1 where something is not as promised.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flows.audit import audit_output
from flows.digitise import Outcome, Workshop, digitise_file
from flows.failpoints import POINTS
from flows.page_reading import PageJob
from flows.store import OutputFolder
from flows.watch import Watcher
from flows.worker_process import Limits, resident_bytes
from ocr.errors import SourceError
from tests.faults import hindered, pages_only
from tests.faults.bad_files import bad_files, good_pdf, mutated
from tests.faults.children import in_child
from tests.faults.harness import (
    DEATHS,
    OPTIONS,
    Place,
    QuickClock,
    killed_at,
    killed_at_random,
    nothing_is_lost,
    opened,
)
from tests.faults.real import real, stopped
from tests.faults.served import served
from tests.flows import fakes
from tests.flows.fakes import Events, run_in_turn

MOVES = {"move.before", "move.after"}
HANG_SECONDS = 30.0
NEXT_SECONDS = 60.0


def kills(root: Path, n_kills: int, _: int) -> str:
    for point in POINTS:
        assert killed_at(root / point, f"{point}:kill", move_done=point in MOVES), point
    n, seed = 0, 0
    while n < n_kills:
        seed += 1
        n += killed_at_random(root / f"random-{seed}", seed)
    return f"{len(POINTS)} points and {n} random kills in {seed} runs: 0 lost, 0 doubled, at most one page a kill read again"


def disk(root: Path, *_: int) -> str:
    for point in (p for p in POINTS if p not in MOVES):
        place = Place(root / point)
        place.fill()
        assert place.run(f"{point}:full:2") != DEATHS
        assert place.run() == 0
        place.n_kills = 2
        nothing_is_lost(place)
    sizes = (0, 100, 1000, 4000, 9000)
    for size in sizes:
        _with_small_files(Place(root / f"limit-{size}"), size)
    return f"{len(POINTS) - 2} points without space, {len(sizes)} limits of file size, {_on_tmpfs(root)}, " + (
        f"{hindered.on_a_full_disk(root / 'paused')}: nothing half, all went on"
    )


def _with_small_files(place: Place, size: int) -> None:
    """Every file beyond this size is refused by the kernel (EFBIG), wherever it is written."""
    place.fill()
    in_child(partial(_run_with_limit, place, size))
    assert place.run() == 0
    place.n_kills = len(place.offered) * 3
    nothing_is_lost(place)


def _run_with_limit(place: Place, size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    place.run()


def _on_tmpfs(root: Path) -> str:
    """A disk that fills up for real, and is then given room."""
    place = Place(root / "tmpfs")
    place.fill()
    place.out.root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place.out.root)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        return hindered.NO_TMPFS
    try:
        filler = place.out.root / "filler"
        for kept in (3000, 2900, 2800, 2600, 2400):
            filler.write_bytes(bytes(kept * 1024))
            place.run()
        filler.unlink()
        assert place.run() == 0
        place.n_kills = 100
        nothing_is_lost(place)
    finally:
        subprocess.run(["umount", str(place.out.root)], check=False)
    return "a tmpfs of 3 MB filled to five levels"


def forbidden(*_: object) -> str:
    """As a user without rights: an output that may not be written for a while, and a file that may not be read."""
    for work in (hindered.with_a_read_only_output, hindered.with_an_unreadable_file):
        with hindered.place_of_nobody() as folder:
            assert hindered.as_nobody(partial(work, folder / "work")), work.__name__
    return (
        "as a user without rights: read-only output twice, an unreadable file: told, and on by itself when it was over"
    )


def names(root: Path, *_: int) -> str:
    place = Place(root / "many")
    place.inbox.mkdir(parents=True)
    for number in range(1000):
        (place.inbox / f"{number}.pdf").write_text(f"table{' ' * number}", encoding="utf-8")
    started = time.monotonic()
    assert place.run() == 0
    seconds = time.monotonic() - started
    with opened(place) as (out, ledger):
        assert not audit_output(out, ledger).faults
        assert ledger.n_offered() == 1000
        for number in range(20_000):
            (place.inbox / f"{number}.part").touch()
        watcher = Watcher(place.inbox, out, ledger, QuickClock(), OPTIONS)
        looked = time.process_time()
        watcher.look()
        looked = time.process_time() - looked
        assert len(ledger.blocked()) == 20_000
    return f"1,000 files at once: all done in {seconds:.0f} s; a look at 21,000 names takes {looked:.2f} s of CPU"


def bad(root: Path, *_: int) -> str:
    """One watch over all of them, a good file last in line."""
    place = Place(root / "bad")
    place.inbox.mkdir(parents=True)
    files = {item.name: item for item in bad_files()}
    for item in files.values():
        (place.inbox / item.name).write_bytes(item.content)
    (place.inbox / "zz-good.pdf").write_bytes(good_pdf(1))
    pool = pages_only.open_pool(Limits())
    seconds: dict[str, float] = {}
    try:
        with opened(place) as (out, ledger):
            workshop = Workshop(pages_only.stages(), pool, fakes.write_docs, out, "f" * 64)

            def digitise(path: Path, sha256: str, source_name: str) -> Outcome:
                started = time.monotonic()
                outcome = digitise_file(path, sha256, workshop, run_in_turn, Events(), source_name)  # type: ignore[arg-type]
                seconds[source_name] = time.monotonic() - started
                return outcome

            outcomes = Watcher(place.inbox, out, ledger, QuickClock(), OPTIONS).run_once(digitise)
            assert not audit_output(out, ledger).faults
            assert not list(out.dataset.rglob("*.parquet"))
            noted = {outcome.source_name: _notes(out, outcome) for outcome in outcomes}
    finally:
        pool.close()
    wrong: list[tuple[object, ...]] = [
        (name, noted[name]) for name, item in files.items() if item.notes and noted[name] != item.notes
    ]
    for outcome in outcomes:
        found = {reason.code for reason in outcome.reasons}
        print(f"    {outcome.source_name:<20} {' '.join(sorted(found)):<40} {seconds[outcome.source_name]:5.1f} s")
        if outcome.source_name in files and not files[outcome.source_name].fits(found):
            wrong.append((outcome.source_name, *found, outcome.reasons[0].message))
    assert not wrong, wrong
    slowest = max(seconds.values())
    assert slowest + seconds["zz-good.pdf"] < NEXT_SECONDS, "the next good file had to wait too long"
    return f"{len(files)} bad files: each with its code and notes, 0 published, the slowest took {slowest:.1f} s"


def _notes(out: OutputFolder, outcome: Outcome) -> tuple[str, ...]:
    document = json.loads((out.document(outcome.document_id) / "document.json").read_bytes())
    return tuple(document["document"]["notes"])


def mutated_pdfs(root: Path, _: int, n: int) -> str:
    root.mkdir()
    pool = pages_only.open_pool(Limits())
    found: Counter[str] = Counter()
    slowest, pid = 0.0, os.getpid()
    before = resident_bytes(pid)
    try:
        for seed in range(n):
            path = pages_only.write(root / "mutated.pdf", mutated(seed))
            started = time.monotonic()
            found.update(_codes(pool, path))
            slowest = max(slowest, time.monotonic() - started)
    finally:
        pool.close()
    grown = (resident_bytes(pid) - before) / (1 << 20)
    assert "E_BUG" not in found, found
    hung = "0" if slowest <= HANG_SECONDS else "SOME"
    told = ", ".join(f"{code} {count}" for code, count in found.most_common())
    return f"{n} mutated PDFs: {hung} over {HANG_SECONDS:.0f} s (slowest {slowest:.1f} s), supervisor alive, +{grown:.0f} MB; {told}"


def _codes(pool: pages_only.WorkerPool, path: Path) -> set[str]:
    try:
        n_pages = pool.inspect(path).n_pages
    except SourceError as error:
        return {error.code}
    jobs = [PageJob(path, "0" * 64, number) for number in range(1, min(n_pages, 5) + 1)]
    failures = {f.code for job in jobs for f in pool.read(job).facts.failures}
    return failures or {"read"}


def served_apart(root: Path, *_: int) -> str:
    return served(root)


SECTIONS: dict[str, Callable[[Path, int, int], str]] = {
    "kills": kills,
    "disk": disk,
    "forbidden": forbidden,
    "names": names,
    "bad": bad,
    "mutated": mutated_pdfs,
    "stopped": stopped,
    "real": real,
    "served": served_apart,
}


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.faults")
    arguments.add_argument(
        "sections", nargs="*", choices=[*SECTIONS, []], default=[s for s in SECTIONS if s != "served"]
    )
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--mutated", type=int, default=2000)
    asked = arguments.parse_args()
    failed = 0
    for name in asked.sections:
        with tempfile.TemporaryDirectory(prefix=f"faults-{name}-") as folder:
            started = time.monotonic()
            try:
                said = SECTIONS[name](Path(folder) / "work", asked.kills, asked.mutated)
            except AssertionError as error:
                failed, said = 1, f"NOT AS PROMISED: {error}"
            print(f"{name:<8} {said} ({time.monotonic() - started:.0f} s)", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
