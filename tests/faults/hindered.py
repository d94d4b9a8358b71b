"""A watch that finds its disk full or its output read-only, in the middle of work, and goes on when that is over.

One watch in one process, never started again: it must pause, say so, and take up its work by itself. Time is that of
a `QuickClock`, so only the disk and the permissions are real.
"""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flows.audit import audit_output
from flows.digitise import Outcome, digitise_file
from flows.ledger import Ledger, State
from flows.watch import Watcher
from tests.faults.children import in_child
from tests.faults.harness import (
    EXPECTED,
    OPTIONS,
    Place,
    QuickClock,
    make_workshop,
    nothing_is_lost,
    opened,
    watch_once,
)
from tests.flows import hostile_stages
from tests.flows.fakes import Events, run_in_turn

NOBODY = 65534
NO_TMPFS = "no tmpfs (needs root)"
_PAUSES = 3
_MOST_TURNS = 10_000
Work = Callable[[Path], None]


class _Pauses(logging.Handler):
    """What the watch says of its pauses."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("paused for"):
            self.said.append(message)


class _Clock(QuickClock):
    """Takes the hindrance away after some pauses, and ends the watch when everything is done."""

    def __init__(self, ledger: Ledger, pauses: _Pauses, release: Callable[[], None]) -> None:
        super().__init__()
        self._ledger, self._pauses, self._release = ledger, pauses, release
        self._turns = 0

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._turns += 1
        assert self._turns < _MOST_TURNS, "it never went on"
        if len(self._pauses.said) % _PAUSES == 0 and self._pauses.said:
            self._release()
        if {state.value: n for state, n in self._ledger.counts().items() if n} == EXPECTED:
            raise KeyboardInterrupt


def goes_on_by_itself(place: Place, hinder: Callable[[], None], release: Callable[[], None]) -> list[str]:
    """Hindered from the start, released, hindered again when a document is done, released. What was said of the pauses."""
    place.fill()
    os.environ[hostile_stages.READS] = str(place.reads)
    pauses, log = _Pauses(), logging.getLogger("scanledger")
    log.addHandler(pauses)
    try:
        with opened(place) as (out, ledger):
            workshop = make_workshop(out)
            done: list[Outcome] = []

            def digitise(path: Path, sha256: str, source_name: str) -> Outcome:
                done.append(digitise_file(path, sha256, workshop, run_in_turn, Events(), source_name))
                if len(done) == 1:
                    hinder()
                return done[-1]

            hinder()
            try:
                Watcher(place.inbox, out, ledger, _Clock(ledger, pauses, release), OPTIONS).run(digitise)
            except KeyboardInterrupt:
                assert not audit_output(out, ledger).faults
    finally:
        log.removeHandler(pauses)
        del os.environ[hostile_stages.READS]
    place.n_kills = len(pauses.said)
    nothing_is_lost(place)
    assert len(pauses.said) >= 2 * _PAUSES, pauses.said
    return pauses.said


# --- a disk that is full -----------------------------------------------------------------------------------------


def on_a_full_disk(root: Path) -> str:
    """Needs root, to mount a tmpfs."""
    place = Place(root)
    place.out.root.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place.out.root)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        return NO_TMPFS
    filler = place.out.root / "filler"

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                return

    try:
        said = goes_on_by_itself(place, fill, lambda: filler.unlink(missing_ok=True))
    finally:
        subprocess.run(["umount", str(place.out.root)], check=False)
    return f"a tmpfs filled to the last byte twice: {len(said)} pauses, then on by itself"


# --- somebody who may not -----------------------------------------------------------------------------------------


@contextmanager
def place_of_nobody() -> Iterator[Path]:
    """A folder that a user without rights owns; ours where we are such a user."""
    with tempfile.TemporaryDirectory(prefix="faults-nobody-") as folder:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield Path(folder)


def as_nobody(work: Callable[[], None]) -> bool:
    """Whether the work came to its end in a child that has no rights beyond those of its user."""
    return in_child(partial(_without_rights, work)) == 0


def _without_rights(work: Callable[[], None]) -> None:
    if os.geteuid() == 0:
        _load_all()
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    work()


def _load_all() -> None:
    """A run to its end, for what Python loads only then: whoever has no rights may not read our libraries."""
    with tempfile.TemporaryDirectory(prefix="faults-load-") as folder:
        place = Place(Path(folder))
        place.fill()
        os.environ[hostile_stages.READS] = str(place.reads)
        watch_once(place)
        nothing_is_lost(place)
        del os.environ[hostile_stages.READS]


def with_a_read_only_output(root: Path) -> None:
    """Every folder of the output loses its right to be written into, and gets it back."""
    place = Place(root)

    def set_rights(rights: int) -> None:
        for folder, _, _ in os.walk(place.out.root):
            Path(folder).chmod(rights)

    said = goes_on_by_itself(place, lambda: set_rights(0o555), lambda: set_rights(0o755))
    assert all("Permission denied" in message for message in said), said


def with_an_unreadable_file(root: Path) -> None:
    """It is told with its code, keeps nobody waiting, and is taken when it can be read."""
    place = Place(root)
    place.fill()
    (place.inbox / "a.pdf").chmod(0)
    assert place.run() == 0
    with opened(place) as (_, ledger):
        told = {row.name: row.code for row in ledger.blocked()}
        assert told == {"a.pdf": "E_ACCESS"}, told
        assert ledger.counts()[State.WAITING] == 0
    (place.inbox / "a.pdf").chmod(0o644)
    assert place.run() == 0
    nothing_is_lost(place)
