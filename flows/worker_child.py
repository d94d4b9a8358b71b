"""What runs inside a worker process: requests in, one JSON message after the other out, one page at a time.

    in   (pickled, from our own program)   WorkPlan, then a Request each time
    out  (JSON, never unpickled)           ready | facts | log | done | error; from a copy (`worker_copies`) born first

A worker that a file has taken over can thus send wrong values, but no code. It has no network, starts no programs, dies
with its parent, and ignores Ctrl-C, which is the parent's to handle.
"""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import heap, sandbox
from flows.worker_copies import Ends, leave_copies

if TYPE_CHECKING:
    from flows.page_reading import Look, PageJob
    from flows.pipeline import Stages
    from ocr.errors import ScanledgerError
    from ocr.source import SourceFacts


class Task(StrEnum):
    """What a worker can be asked."""

    OPEN = "open"
    INSPECT = "inspect"
    READ = "read"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Request:
    """A task, what it is about (a path, a PageJob, a Look, or nothing), and its budget of processor seconds."""

    task: Task
    about: Path | PageJob | Look | None
    cpu_seconds: float


def load_nothing() -> None:
    """What a worker loads before it is copied, where nothing costs it much."""


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """What a worker needs to know once, as functions that load what they need when they are called.

    inspect: a file -> what it is; open_engine: loads the models and gives the engine's fingerprint; stages: makes them;
    load: all libraries that these need, and nothing that does not survive a fork.
    """

    inspect: Callable[[Path], SourceFacts]
    open_engine: Callable[[], str]
    stages: Callable[[], Stages]
    may_start_programs: bool = False
    threads: int = 1
    load: Callable[[], None] = load_nothing


def main(handle: int, parent: int, memory_bytes: int, may_start_programs: bool, copies: Sequence[Ends] = ()) -> None:
    """Serves requests until the other end is closed. copies: the ends of those that this process is to leave."""
    sandbox.die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sandbox.limit_resources(memory_bytes)
    isolation = sandbox.isolate(may_start_programs)
    try:
        _serve(Connection(handle), isolation, parent, copies)
    except (EOFError, ConnectionError):
        os._exit(0)  # the parent has closed its end, or is gone


def _serve(connection: Connection, isolation: str, parent: int, copies: Sequence[Ends]) -> None:
    plan: WorkPlan = connection.recv()
    if copies:
        connection = _loaded_and_copied(plan, connection, parent, copies)
    _log_into(connection)
    desk = _Desk(plan, connection)
    _send(connection, "ready", isolation)
    for n_answers in count(1):
        request: Request = connection.recv()
        sandbox.limit_processor(request.cpu_seconds)
        desk.answer(request)
        heap.tidy(n_answers)


def _loaded_and_copied(plan: WorkPlan, connection: Connection, parent: int, copies: Sequence[Ends]) -> Connection:
    """Loads the libraries and leaves the copies; the connection that is then our own, in each of them."""
    from ocr.lasting import lasting

    with lasting():
        plan.load()
    handle = leave_copies(copies, parent)
    if handle is None:
        return connection
    connection.close()
    own = Connection(handle)
    _send(own, "born", os.getpid())
    return own


class _Desk:
    """Answers requests; keeps the stages once they are loaded."""

    def __init__(self, plan: WorkPlan, connection: Connection) -> None:
        self._plan = plan
        self._connection = connection
        self._stages: Stages | None = None

    def answer(self, request: Request) -> None:
        from ocr.errors import PageMemory, ScanledgerError

        try:
            value = self._value(request)
        except ScanledgerError as error:
            self._tell_error(error)
        except MemoryError:
            self._tell_error(PageMemory("more memory was needed than there is"))
        else:
            _send(self._connection, "done", value)

    def _tell_error(self, error: ScanledgerError) -> None:
        told = {"type": type(error).__name__, "message": error.message, "where": error.where, "remedy": error.remedy}
        _send(self._connection, "error", told)

    def _value(self, request: Request) -> Any:
        from flows.codec import encode
        from flows.page_reading import read_again, read_job
        from ocr.lasting import lasting

        about: Any = request.about
        rasterised = partial(_tell_facts, self._connection)
        match request.task:
            case Task.OPEN:
                with lasting():
                    return self._plan.open_engine()
            case Task.INSPECT:
                return encode(self._plan.inspect(about))
            case Task.READ:
                return encode(read_job(about, self._loaded_stages(), rasterised))
            case Task.AGAIN:
                return encode(read_again(about, self._loaded_stages(), rasterised))

    def _loaded_stages(self) -> Stages:
        from ocr.lasting import lasting

        if self._stages is None:
            with lasting():
                self._plan.open_engine()
                self._stages = self._plan.stages()
        return self._stages


def _tell_facts(connection: Connection, facts: Any) -> None:
    from flows.codec import encode

    _send(connection, "facts", encode(facts))


def _send(connection: Connection, kind: str, value: Any) -> None:
    connection.send_bytes(json.dumps([kind, value], separators=(",", ":")).encode("ascii"))


def _log_into(connection: Connection) -> None:
    log = logging.getLogger("scanledger")
    log.propagate = False
    log.handlers = [_Sender(connection)]


class _Sender(logging.Handler):
    """Log records of the worker become the parent's."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(logging.WARNING)
        self._connection = connection

    def emit(self, record: logging.LogRecord) -> None:
        _send(self._connection, "log", [record.levelno, record.getMessage()])
