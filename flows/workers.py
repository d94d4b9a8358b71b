"""Pages read in processes of their own: the `PageReader` that every run uses.

A pool of at most n workers that stay warm between pages and documents. Each thread that asks borrows one, watches it
while it works, and gives it back; a worker that has died, was killed, or is used up is replaced. A worker's death costs
one page: it is tried once more in a new process, because the kernel may have killed the first for want of memory, and
then the page has failed. Where there are no more cores than workers, the others start once the first has opened the
engine, while this process loads what it needs itself; where there are fewer, once the first page is read. They are copies
of the first where that can be (`worker_copies`), which cost a third.

Workers are started by one thread that lives as long as the pool: the kernel ends them when that thread ends, however it
ends, and copies when we end, so no worker outlives us.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from flows.sandbox import take_orphans_in
from flows.worker_child import Request, Task, WorkPlan
from flows.worker_process import Asleep, Limits, Worker, WorkerDied, start_worker
from ocr.errors import PageCrashed, PageMemory, PageTimeout, RunStopped, ScanledgerError

if TYPE_CHECKING:
    from flows.page_reading import CellReadings, Look, PageJob
    from flows.pipeline import PageTables
    from ocr.source import SourceFacts

_log = logging.getLogger("scanledger")
_SIGNALLED_OR_ENDED = "the process that read it ended ({how}), twice"
_PATIENCE_SECONDS = 5.0
_FIRST_PAGE_SECONDS = 5.0
_BUG_STATUS = 1  # Python's, for an error that nobody caught


class WorkerPool:
    """Threads may share it. Close it when the run ends; `stop` may come from anywhere, also from a signal handler."""

    def __init__(self, plan: WorkPlan, limits: Limits, n_workers: int) -> None:
        self._plan = plan
        self._limits = limits
        self._stopping = Event()
        self._starter = ThreadPoolExecutor(1, "worker-starter")
        self._seats: LifoQueue[Worker | None] = LifoQueue()
        self._living: set[Worker] = set()
        self._lock = Lock()
        self._n_workers = n_workers
        n_cores = len(os.sched_getaffinity(0))
        self._n_copies = 0 if plan.may_start_programs else min(n_workers, n_cores) - 1
        self._asleep: list[Asleep] = []
        self._n_held = n_workers - 1 if n_workers + 1 > n_cores else 0
        self._holding = (Task.OPEN, Task.INSPECT) if n_workers > n_cores else (Task.INSPECT,)
        for _ in range(n_workers - self._n_held):
            self._seats.put(None)

    def open_engine(self) -> str:
        """The engine's fingerprint; a worker has its models loaded then. Raises ModelMissing, WorkerBroken."""
        return str(self._ask_twice(Task.OPEN, None))

    def inspect(self, path: Path) -> SourceFacts:
        from flows.codec import decode
        from ocr.source import SourceFacts

        return decode(SourceFacts, self._ask_twice(Task.INSPECT, path))

    def read(self, job: PageJob) -> PageTables:
        from flows.codec import decode
        from flows.page_reading import failed_page
        from flows.pipeline import PageTables
        from ocr.values import PageFacts

        facts = PageFacts(job.page_number, 0.0, 0.0)

        def keep(told: Any) -> None:
            nonlocal facts
            facts = decode(PageFacts, told)

        try:
            return decode(PageTables, self._ask_twice(Task.READ, job, keep))
        except (PageTimeout, PageMemory, PageCrashed) as error:
            _log.warning("document %s, page %d failed: %s", job.sha256[:16], job.page_number, error.message)
            return failed_page(facts, error)

    def look_again(self, look: Look) -> tuple[tuple[CellReadings, ...], ...]:
        from flows.codec import decode
        from flows.page_reading import CellReadings

        return decode(tuple[tuple[CellReadings, ...], ...], self._ask_twice(Task.AGAIN, look))

    def stop(self) -> None:
        """Every question under way, and every later one, ends with RunStopped within a moment."""
        self._stopping.set()

    def close(self) -> None:
        """Ends all workers, those at work too."""
        self.stop()
        self._hold_no_longer()
        with suppress(Empty):
            for _ in range(self._n_workers):
                worker = self._seats.get(timeout=_PATIENCE_SECONDS)
                if worker:
                    self._dismiss(worker)
        with self._lock:
            asleep, self._asleep = self._asleep, []
        for each in asleep:
            each.close()
        for _ in range(self._n_workers):
            self._seats.put(None)  # whoever still waits for one is told that the run was stopped
        self._starter.shutdown()  # ends its thread, and with it whatever worker is left

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are there now."""
        with self._lock:
            return tuple(worker.pid for worker in self._living)

    def _ask_twice(self, task: Task, about: Any, facts: Callable[[Any], None] = lambda facts: None) -> Any:
        try:
            return self._ask(task, about, facts)
        except WorkerDied as death:
            _log.warning("a worker process ended (%s); its page is tried once more", death.how)
        try:
            return self._ask(task, about, facts)
        except WorkerDied as death:
            if death.status == _BUG_STATUS:
                raise ScanledgerError(f"a worker process broke: {death.said}") from death
            raise PageCrashed(_SIGNALLED_OR_ENDED.format(how=death.how)) from death

    def _ask(self, task: Task, about: Any, facts: Callable[[Any], None]) -> Any:
        limits = self._limits
        seconds = limits.start_seconds if task is Task.OPEN else limits.parse_seconds + limits.page_seconds
        with self._borrowed() as worker:
            try:
                return worker.ask(Request(task, about, seconds), self._stopping, facts)
            finally:
                if task not in self._holding:
                    self._hold_no_longer()

    def _hold_no_longer(self) -> None:
        """Further workers may start; before, they would take a core from the first."""
        with self._lock:
            n_held, self._n_held = self._n_held, 0
        for _ in range(n_held):
            self._seats.put(None)

    def _seat(self) -> Worker | None:
        while self._n_held:
            try:
                return self._seats.get(timeout=_FIRST_PAGE_SECONDS)
            except Empty:
                self._hold_no_longer()  # the first page is a slow one
        return self._seats.get()

    @contextmanager
    def _borrowed(self) -> Iterator[Worker]:
        """A worker of our own for a while; what it has become decides whether the next one gets it too."""
        worker = self._seat()
        try:
            worker = worker or self._started()
            yield worker
        finally:
            if worker and (not worker.is_idle or worker.is_used_up):
                self._dismiss(worker)
                worker = None
            self._seats.put(worker)

    def _started(self) -> Worker:
        if self._stopping.is_set():
            raise RunStopped("the run was stopped")
        worker = self._woken() or self._starter.submit(self._start).result()
        with self._lock:
            self._living.add(worker)
        return worker

    def _woken(self) -> Worker | None:
        """A copy of the first worker, while there are any."""
        while True:
            with self._lock:
                asleep = self._asleep.pop() if self._asleep else None
            if asleep is None:
                return None
            if worker := asleep.woken(self._stopping):
                return worker

    def _start(self) -> Worker:
        """A new one; the first leaves copies of itself, if they will be ours."""
        n_copies, self._n_copies = self._n_copies, 0
        worker, copies = start_worker(self._plan, self._limits, n_copies if n_copies and take_orphans_in() else 0)
        with self._lock:
            self._asleep += copies
        return worker

    def _dismiss(self, worker: Worker) -> None:
        with self._lock:
            mine = worker in self._living
            self._living.discard(worker)
        if mine:
            worker.close()
