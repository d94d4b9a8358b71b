"""A watch in a process of its own that can be killed anywhere, and what must be true afterwards.

Its stages are those of tests/flows, its ledger,
store, locks and files are real. Kills are real: SIGKILL.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from flows import failpoints
from flows.audit import audit_output
from flows.digitise import Outcome, Workshop, digitise_file
from flows.intake import make_done_folder
from flows.ledger import Ledger, ledger_path
from flows.page_reading import ReaderHere
from flows.store import OutputFolder, opened_output
from flows.watch import Watcher, WatchOptions
from flows.watch_commands import locked
from tests.faults.children import in_child
from tests.flows import fakes, hostile_stages
from tests.flows.fakes import Events, run_in_turn

OPTIONS = WatchOptions(look_seconds=1.0, settle_seconds=1.0, min_free_mb=0)
FILES = {
    b"a.pdf": "table text table",
    b"again.pdf": "table text table",
    b"batch/b.pdf": "table table",
    b"locked.pdf": "locked",
    b"no-table.pdf": "text",
    b"torn.pdf": "table torn",
    "\u9884\u7b97.pdf".encode("gbk"): "table  text",
}
EXPECTED = {"accepted": 3, "quarantined": 2, "needs_review": 1, "duplicate": 1}
DEATHS = -signal.SIGKILL


class QuickClock:
    """Every sleep is over at once."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += max(seconds, 0.001)


@dataclass
class Place:
    """An inbox and its output. n_kills: runs that were killed so far."""

    root: Path
    move_done: bool = False
    n_kills: int = 0
    offered: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def out(self) -> OutputFolder:
        return OutputFolder(self.root / "out")

    @property
    def reads(self) -> Path:
        return self.root / "reads"

    def fill(self) -> None:
        self.inbox.mkdir(parents=True)
        if self.move_done:
            make_done_folder(self.inbox)
        for name, text in FILES.items():
            path = Path(os.fsdecode(os.fsencode(self.inbox) + b"/" + name))
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.offered[name] = text.encode()

    def run(self, failpoint: str = "") -> int:
        """A run in a child, to its end or to the fail point; its exit status, negative for a signal."""
        status = in_child(partial(_run_armed, self, failpoint))
        self.n_kills += status == DEATHS
        return status


def _run_armed(place: Place, failpoint: str) -> None:
    failpoints.arm(failpoint)
    os.environ[hostile_stages.READS] = str(place.reads)
    watch_once(place)


def watch_once(place: Place) -> None:
    """What `scanledger watch --once` does, with the stages of tests."""
    with opened(place) as (out, ledger):
        watcher = Watcher(place.inbox, out, ledger, QuickClock(), replace(OPTIONS, move_done=place.move_done))
        workshop = make_workshop(out)

        def digitise(path: Path, sha256: str, source_name: str) -> Outcome:
            return digitise_file(path, sha256, workshop, run_in_turn, Events(), source_name)  # type: ignore[arg-type]

        watcher.run_once(digitise)


def make_workshop(out: OutputFolder) -> Workshop:
    stages = hostile_stages.stages()
    return Workshop(stages, ReaderHere(stages, hostile_stages.look_into), fakes.write_docs, out, "f" * 64)


@contextmanager
def opened(place: Place) -> Iterator[tuple[OutputFolder, Ledger]]:
    with locked(place.inbox), opened_output(place.out.root) as out:
        out.store.mkdir(exist_ok=True)
        ledger = Ledger(ledger_path(out))
        try:
            yield out, ledger
        finally:
            ledger.close()


def readers_see_whole_files(out: OutputFolder) -> None:
    """What a reader of dataset/**/*.parquet meets, now."""
    for path in out.dataset.rglob("*"):
        if path.is_file():
            assert path.suffix == ".parquet", path
            pq.read_table(path, partitioning=None)


def nothing_is_lost(place: Place) -> None:
    """After a run to the end: the law of conservation, the audit, the bytes, the pages read more than once."""
    with opened(place) as (out, ledger):
        counts = {state.value: n for state, n in ledger.counts().items() if n}
        assert counts == EXPECTED, counts
        faults = audit_output(out, ledger).faults
        assert not faults, "\n".join(map(str, faults))
        assert not list(out.making.iterdir())
    for content in place.offered.values():
        assert out.stored(hashlib.sha256(content).hexdigest()).read_bytes() == content
    left = Counter(p.read_bytes() for p in place.inbox.rglob("*.pdf"))
    assert left == Counter(place.offered.values())
    reads = Counter(place.reads.read_text(encoding="utf-8").split("\n")[:-1])
    assert sum(n - 1 for n in reads.values()) <= place.n_kills, reads


def killed_at(root: Path, failpoint: str, move_done: bool = False) -> bool:
    """One kill, one run to the end, and the checks; whether the point was reached at all."""
    place = Place(root, move_done)
    place.fill()
    status = place.run(failpoint)
    assert status in (0, DEATHS), status
    if place.out.dataset.exists():
        readers_see_whole_files(place.out)
    assert place.run() == 0
    nothing_is_lost(place)
    return status == DEATHS


def killed_at_random(root: Path, seed: int) -> int:
    """A run killed at random points until it comes through; how many kills that took."""
    chance = random.Random(seed)
    place = Place(root, move_done=chance.random() < 0.5)
    place.fill()
    while (status := place.run(f"*:kill:{chance.randint(1, 60)}")) == DEATHS:
        if place.out.dataset.exists():
            readers_see_whole_files(place.out)
    assert status == 0, status
    nothing_is_lost(place)
    return place.n_kills
