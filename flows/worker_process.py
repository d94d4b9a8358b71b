"""The parent's end of one worker process: starts it, asks it, watches what it costs, and ends it.

The limits hold whatever the worker does: the one who asks looks ten times a second at the worker's time, processor time and
resident memory, and kills it when one is over. A question thus has exactly four ends: a value, an error that the worker
told, a limit (PageTimeout, PageStalled, PageMemory), or the worker's death (WorkerDied).
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any

from flows.worker_child import Request, Task, WorkPlan
from flows.worker_copies import Adopted, Ends
from ocr import errors
from ocr.errors import PageMemory, PageStalled, PageTimeout, RunStopped, ScanledgerError, WorkerBroken

_LOOK_SECONDS = 0.1
_MOST_BYTES = 1 << 28  # of one message
_MB = 1 << 20
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_N_CORES = os.cpu_count() or 1
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from flows.worker_child import main; "
    "main(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5] == 'programs', json.loads(sys.argv[6]))"
)
_log = logging.getLogger("scanledger")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost, in processor seconds and MiB of resident memory; by the clock, twice the seconds.

    parse_seconds: to open a file, or until the pixels of a page are there. page_seconds: for the rest of the page.
    start_seconds: until a new worker is ready, its models loaded. recycle_pages, recycle_mb: a worker that has answered
    so many questions, or rests at so much memory, makes way for a new one.
    """

    parse_seconds: float = 12.0
    page_seconds: float = 90.0
    start_seconds: float = 120.0
    memory_mb: int = 4096
    recycle_pages: int = 300
    recycle_mb: int = 1536


class WorkerDied(Exception):
    """The process ended by itself. status: as subprocess gives it; said: the end of its standard error."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(status, said)
        self.status = status
        self.said = said

    @property
    def how(self) -> str:
        if self.status >= 0:
            return f"exit status {self.status}"
        return signal.Signals(-self.status).name


class Line:
    """What joins us and one process: a connection, and a file for its standard error."""

    def __init__(self) -> None:
        ours, self._theirs = socket.socketpair()
        self.connection = Connection(ours.detach())
        self.said = os.memfd_create("worker-stderr")
        self._poll = select.poll()
        self._poll.register(self.connection.fileno(), select.POLLIN)

    def is_heard(self) -> bool:
        """Whether there is a message, or nobody at the other end any more; waits for it as long as from look to look.

        `Connection.poll` would make a selector for each look, at twice its cost.
        """
        return bool(self._poll.poll(1000 * _LOOK_SECONDS))

    @property
    def ends(self) -> Ends:
        return self._theirs.fileno(), self.said

    def hand_over(self) -> None:
        """The process has its end now, and only its own end closes the connection."""
        self._theirs.close()

    def close(self) -> None:
        self.connection.close()
        with suppress(OSError):
            os.close(self.said)


class Worker:
    """One process. Belongs to one thread at a time. is_idle: whether it has answered all it was asked."""

    def __init__(self, process: subprocess.Popen[bytes] | Adopted, line: Line, limits: Limits) -> None:
        self._process, self._line, self._limits = process, line, limits
        self._connection = line.connection
        self.n_answers = 0
        self._is_ready = False
        self.is_idle = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: Request, stopping: Event, facts: Callable[[Any], None] = lambda facts: None) -> Any:
        """The answer, as decoded JSON. Raises what the worker raised, what its limits say, WorkerDied, RunStopped."""
        self.is_idle = False
        with suppress(OSError):
            self._connection.send(request)
        seconds = self._limits.start_seconds if request.task is Task.OPEN else self._limits.parse_seconds
        meter = _Meter(self.pid, seconds, self._limits.memory_mb, of_start=request.task is Task.OPEN)
        if not self._is_ready:
            self._await_ready(stopping)
            meter.restart(seconds)
        while True:
            kind, value = self._next_message(meter, stopping)
            if kind == "facts":
                facts(value)
                meter.restart(self._limits.page_seconds)
            elif kind in ("done", "error"):
                self.is_idle = True
                self.n_answers += 1
                if kind == "error":
                    raise told_error(value)
                return value

    def _await_ready(self, stopping: Event) -> None:
        meter = _Meter(self.pid, self._limits.start_seconds, self._limits.memory_mb, of_start=True)
        try:
            while not self._is_ready:
                self._is_ready = self._next_message(meter, stopping)[0] == "ready"
        except WorkerDied as death:
            raise WorkerBroken(f"a worker process ended as it started ({death.how}): {death.said}") from death

    def _next_message(self, meter: _Meter, stopping: Event) -> tuple[str, Any]:
        while not self._line.is_heard():
            if stopping.is_set():
                raise RunStopped("the run was stopped")
            meter.check()
        try:
            kind, value = json.loads(self._connection.recv_bytes(_MOST_BYTES))
        except (EOFError, OSError, ValueError) as error:
            raise WorkerDied(self.end(), self._last_words()) from error
        if kind == "log":
            _log.log(*value)
        return kind, value

    def _last_words(self) -> str:
        size = os.fstat(self._line.said).st_size
        words = os.pread(self._line.said, 2000, max(0, size - 2000)).decode("utf-8", "backslashreplace")
        return words.strip()

    @property
    def is_used_up(self) -> bool:
        """Whether it has done its share, or grown too large."""
        return self.n_answers >= self._limits.recycle_pages or resident_bytes(self.pid) > self._limits.recycle_mb * _MB

    def end(self) -> int:
        """Ends the process at once; its status. A worker that is ending by itself is given a moment, for its own."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.2 if self._connection.closed else 0)
        self._process.kill()
        status = self._process.wait()
        self._connection.close()
        return status

    def close(self) -> None:
        self.end()
        self._line.close()


class Asleep:
    """A copy of a worker (`worker_copies`) that nobody has asked for yet."""

    def __init__(self, line: Line, limits: Limits) -> None:
        self._line, self._limits = line, limits

    def woken(self, stopping: Event) -> Worker | None:
        """It as a worker; None where it never came to be, or is gone. Raises RunStopped."""
        connection = self._line.connection
        try:
            while not self._line.is_heard():
                if stopping.is_set():
                    raise RunStopped("the run was stopped")
            return Worker(Adopted(int(json.loads(connection.recv_bytes(_MOST_BYTES))[1])), self._line, self._limits)
        except (EOFError, OSError, ValueError):
            self._line.close()
        except RunStopped:
            self._line.close()  # nobody is at the other end, so it ends by itself
            raise
        return None

    def close(self) -> None:
        """Ends it."""
        stopping = Event()
        stopping.set()
        with suppress(RunStopped):
            if worker := self.woken(stopping):
                worker.close()


def start_worker(plan: WorkPlan, limits: Limits, n_copies: int = 0) -> tuple[Worker, tuple[Asleep, ...]]:
    """A new process, and the copies of itself that it is to leave when it has loaded its libraries."""
    line, *lines = (Line() for _ in range(1 + n_copies))
    try:
        process = _start(line, lines, plan, limits)
    finally:
        for each in (line, *lines):
            each.hand_over()
    with suppress(OSError):  # a worker that is dead already says so when it is asked
        line.connection.send(plan)
    return Worker(process, line, limits), tuple(Asleep(each, limits) for each in lines)


def _start(line: Line, copies: Sequence[Line], plan: WorkPlan, limits: Limits) -> subprocess.Popen[bytes]:
    handle, said = line.ends
    ends = [each.ends for each in copies]
    memory = str(limits.memory_mb * _MB)
    programs = "programs" if plan.may_start_programs else "none"
    arguments = (json.dumps(sys.path), str(handle), str(os.getpid()), memory, programs, json.dumps(ends))
    return subprocess.Popen(
        [sys.executable, "-c", _BOOT, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        pass_fds=(handle, *chain.from_iterable(ends)),
        env={**thread_limits(plan.threads), **os.environ},
    )


def thread_limits(n_threads: int) -> dict[str, str]:
    """The environment of a process that uses so many threads: those of numpy and OpenCV wait for each other with the
    processor busy, which on a page's small arrays costs many times what they save."""
    return dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), str(n_threads))


class _Meter:
    """What a process has cost since a moment, against what it may."""

    def __init__(self, pid: int, seconds: float, memory_mb: int, of_start: bool) -> None:
        self._pid = pid
        self._memory_mb = memory_mb
        self._of_start = of_start
        self.restart(seconds)

    def restart(self, seconds: float) -> None:
        self._seconds = seconds
        self._started = time.monotonic()
        self._cpu_before = cpu_seconds(self._pid)

    def check(self) -> None:
        """Raises PageMemory, PageTimeout or PageStalled; WorkerBroken where the worker has not even begun."""
        if resident_bytes(self._pid) > self._memory_mb * _MB:
            raise PageMemory(f"more than {self._memory_mb} MiB of memory were needed")
        waited = time.monotonic() - self._started
        if waited * _N_CORES < self._seconds:
            return  # nobody can have worked for longer
        used = cpu_seconds(self._pid) - self._cpu_before
        if used < self._seconds and waited < 2 * self._seconds:
            return
        if self._of_start:
            raise WorkerBroken(f"a worker process was not ready after {waited:.0f} s")
        if used < self._seconds / 2:
            raise PageStalled(f"not done after {waited:.0f} s, of which the processor worked {used:.0f}")
        raise PageTimeout(f"not done after {used:.0f} s of processor time ({waited:.0f} s by the clock)")


def resident_bytes(pid: int) -> int:
    """0 for a process that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0


def cpu_seconds(pid: int) -> float:
    """Processor time of all its threads; 0 for a process that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    except (OSError, IndexError):
        return 0.0


def told_error(told: dict[str, str]) -> ScanledgerError:
    """The error a worker told of, by the name of its class; a class that does not exist is a bug."""
    kind = getattr(errors, str(told["type"]), ScanledgerError)
    if not (isinstance(kind, type) and issubclass(kind, ScanledgerError)):
        kind = ScanledgerError
    return kind(str(told["message"]), where=str(told["where"]), remedy=str(told["remedy"]))
