"""A watched folder, turn by turn: look, take what rests, work on one document, look again.

The ledger is the truth, and everything else can be done again: a run that is killed anywhere goes on where its ledger
stands. One thread does it all; between two pages of a document it looks at the inbox too, so a long document keeps
nobody waiting to be taken. A full disk pauses the watch, and it goes on by itself; a missing model, or whatever else the
machine lacks, ends it, and judges no file.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flows.digitise import MACHINE_FAULTS, Outcome, PageOutcome, Watch
from flows.intake import (
    Listing,
    NotResting,
    Seen,
    claim,
    list_inbox,
    move_away,
    reach_in,
    ripen,
    to_blocked,
)
from flows.ledger import Finished, Identity, Ledger, State, Waiting
from flows.results import Disposition
from flows.sources import printable
from flows.store import OutputFolder
from flows.version import pipeline_version
from ocr.errors import InaccessibleSource, StorageError

_log = logging.getLogger("scanledger")
_LONGEST_PAUSE = 60.0
_MB = 1 << 20
STATES = {
    Disposition.ACCEPTED: State.ACCEPTED,
    Disposition.NEEDS_REVIEW: State.NEEDS_REVIEW,
    Disposition.REJECTED: State.QUARANTINED,
}


class Clock(Protocol):
    """Time, passed in so that tests need not wait."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """look_seconds: between two looks; settle_seconds: see intake.ripen; min_free_mb: below it nothing is taken."""

    look_seconds: float = 5.0
    settle_seconds: float = 3.0
    move_done: bool = False
    min_free_mb: int = 200


class Digitise(Protocol):
    """(path, sha256, source_name) -> what became of it. Raises MACHINE_FAULTS only."""

    def __call__(self, path: Path, sha256: str, source_name: str, /) -> Outcome: ...


class Watcher:
    """A watch of one inbox. after_look: told after each look, for metrics and the like."""

    def __init__(
        self,
        inbox: Path,
        out: OutputFolder,
        ledger: Ledger,
        clock: Clock,
        options: WatchOptions,
        after_look: Callable[[], None] = lambda: None,
    ) -> None:
        self._inbox = inbox
        self._out = out
        self._ledger = ledger
        self._clock = clock
        self._options = options
        self._after_look = after_look
        self._seen: Seen = {}
        self._taken: dict[bytes, Identity] = {}
        self._blocked: tuple[object, ...] | None = None
        self._next_look = -1.0
        self._pause = 0.0
        self._paused_until = -1.0
        self._is_at_work = False

    def run(self, digitise: Digitise) -> None:
        """Goes on until it is interrupted."""
        self._ledger.recover()
        while True:
            self.look_if_due()
            if not self.work_on_one(digitise):
                self._clock.sleep(min(1.0, self._options.look_seconds))

    def run_once(self, digitise: Digitise) -> tuple[Outcome, ...]:
        """Takes what rests now, and works until nothing waits. Raises StorageError where `run` would pause."""
        self._ledger.recover()
        self.look()
        self._clock.sleep(self._options.settle_seconds)
        self.look()
        outcomes = []
        while (waiting := self._ledger.next_waiting()) is not None and not self._is_paused():
            outcomes.append(self._work(waiting, digitise))
            self.look_if_due()
        return tuple(outcomes)

    # --- looking ---

    def look_if_due(self) -> None:
        if self._clock.monotonic() >= self._next_look:
            self.look()

    def look(self) -> None:
        """One look at the inbox; what rests is taken. A full disk pauses, and is no error."""
        now = self._clock.monotonic()
        self._next_look = now + self._options.look_seconds
        if self._is_paused():
            return
        try:
            self._require_space()
            listing = self._listed()
            self._seen, ready = ripen(self._seen, listing.entries, now, self._options.settle_seconds)
            failed: dict[bytes, InaccessibleSource] = {}
            for entry in ready:
                self._take_one(entry, failed)
            self._tell_blocked(listing, failed)
            self._after_look()
        except StorageError as error:
            self._rest(error)

    def _listed(self) -> Listing:
        try:
            return list_inbox(self._inbox)
        except OSError as error:
            raise StorageError(f"the inbox cannot be listed: {error.strerror}", where=str(self._inbox)) from error

    def _require_space(self) -> None:
        try:
            free = shutil.disk_usage(self._out.root).free
        except OSError as error:
            raise StorageError(f"the output cannot be reached: {error.strerror}", where=str(self._out.root)) from error
        if free < self._options.min_free_mb * _MB:
            raise StorageError(
                f"only {free // _MB} MB are free, less than the {self._options.min_free_mb} that must stay",
                where=str(self._out.root),
            )

    def _take_one(self, entry: Identity, failed: dict[bytes, InaccessibleSource]) -> None:
        if self._taken.get(entry.path) == entry and not self._options.move_done:
            return
        try:
            if not self._ledger.knows(entry):
                self._take(entry)
            self._taken[entry.path] = entry
            if self._options.move_done:
                self._move(entry)
        except NotResting:
            self._seen = {path: seen for path, seen in self._seen.items() if path != entry.path}
        except InaccessibleSource as error:
            failed[entry.path] = error

    def _take(self, entry: Identity) -> None:
        taken = claim(self._inbox, entry, self._out)
        name = printable(os.fsdecode(entry.path.rpartition(b"/")[2]))
        state = self._ledger.offer(entry, name, taken.sha256, self._clock.now())
        reach_in("claim.committed", self._out)
        _log.info("taken: %s (%s, %s)", name, taken.sha256[:16], state.value)

    def _move(self, entry: Identity) -> None:
        move_away(self._inbox, entry)
        self._ledger.moved(entry, self._clock.now())
        del self._taken[entry.path]

    def _tell_blocked(self, listing: Listing, failed: dict[bytes, InaccessibleSource]) -> None:
        found = (listing.unfinished, listing.odd, tuple(failed))
        if found != self._blocked:
            self._ledger.set_blocked(to_blocked(listing, failed, self._clock.now()))
            self._blocked = found

    # --- working ---

    def work_on_one(self, digitise: Digitise) -> bool:
        """Works on the document that waits longest; whether there was one to work on."""
        if self._is_paused():
            return False
        try:
            waiting = self._ledger.next_waiting()
            if waiting is None:
                return False
            self._work(waiting, digitise)
        except StorageError as error:
            self._rest(error)
        return True

    def _work(self, waiting: Waiting, digitise: Digitise) -> Outcome:
        reach_in("work.chosen", self._out)
        self._ledger.start(waiting.sha256)
        self._is_at_work = True
        try:
            reach_in("work.started", self._out)
            outcome = digitise(self._out.stored(waiting.sha256), waiting.sha256, waiting.source_name)
            reach_in("finish.before", self._out)
            finished = Finished(STATES[outcome.disposition], outcome.reasons, outcome.n_pages, pipeline_version())
            self._ledger.finish(waiting.sha256, finished, self._clock.now())
        except (*MACHINE_FAULTS, KeyboardInterrupt):
            with suppress(StorageError):  # a full disk may refuse this too: `_rest` does it again
                self._ledger.put_back(waiting.sha256)
            raise
        finally:
            self._is_at_work = False
        self._pause = 0.0
        reach_in("finish.after", self._out)
        return outcome

    def _is_paused(self) -> bool:
        """Whether the disk is still given time; what was under way when it was full waits again first."""
        if self._clock.monotonic() < self._paused_until:
            return True
        if self._paused_until >= 0.0 and not self._is_at_work:
            self._paused_until = -1.0
            try:
                self._ledger.recover()
            except StorageError as error:
                self._rest(error)
                return True
        return False

    def _rest(self, error: StorageError) -> None:
        """Twice as long as before, a minute at most."""
        self._pause = min(_LONGEST_PAUSE, max(1.0, 2 * self._pause))
        self._paused_until = self._clock.monotonic() + self._pause
        _log.warning("paused for %.0f s: %s", self._pause, error)


class LookingBetweenPages:
    """Passes every event on, and has the watcher look at its inbox when a page is done."""

    def __init__(self, inner: Watch, look: Callable[[], None]) -> None:
        self._inner = inner
        self._look = look

    def run_started(self, n_files: int) -> None:
        self._inner.run_started(n_files)

    def file_started(self, source_name: str, n_pages: int) -> None:
        self._inner.file_started(source_name, n_pages)

    def page_done(self, source_name: str, outcome: PageOutcome) -> None:
        self._inner.page_done(source_name, outcome)
        self._look()

    def file_done(self, outcome: Outcome) -> None:
        self._inner.file_done(outcome)

    def run_done(self, outcomes: Sequence[Outcome]) -> None:
        self._inner.run_done(outcomes)
