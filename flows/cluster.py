"""Pages read on other machines: what a page task takes along, and what is done with it where it runs.

A task has all it needs: the settings, the bytes of the file (which the cluster moves to each machine once), and the
fingerprint of the program that is asked for. The machine it runs on keeps worker processes of its own, with the limits
of `workers`, so a hostile file meets there what it meets here; it needs no disk in common with us and leaves nothing on
its own. A machine whose program or models would read otherwise says so and reads nothing.

No cluster library here: `process` and `dask` bring the tasks there.
"""

from __future__ import annotations

import atexit
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from flows.page_reading import PageJob
from ocr.errors import ClusterBroken

if TYPE_CHECKING:
    from flows.pipeline import PageTables
    from flows.settings import Settings
    from flows.workers import WorkerPool

_MOST_AT_ONCE = 64
_opening = Lock()


@dataclass(frozen=True, slots=True)
class RemotePage:
    """A page to be read elsewhere. settings: as JSON; fingerprint: `Workshop.fingerprint` of whoever asks."""

    settings: str
    fingerprint: str
    sha256: str
    page_number: int


def travelling(settings: Settings) -> str:
    """The settings as a page task takes them along: one thread a page, no folders of this machine but models'."""
    plain = settings.model_copy(update={"threads": settings.threads or 1, "workers": None, "record_dir": None})
    return plain.model_dump_json()


def read_page_here(page: RemotePage, content: bytes) -> PageTables:
    """The page, read by a worker process of this machine. Raises ClusterBroken, EngineError."""
    pool = _pool(page.settings, page.fingerprint)
    with _as_file(content, page.sha256) as path:
        return pool.read(PageJob(path, page.sha256, page.page_number))


def _pool(settings: str, fingerprint: str) -> WorkerPool:
    with _opening:
        return _opened_pool(settings, fingerprint)


@cache
def _opened_pool(settings: str, fingerprint: str) -> WorkerPool:
    """Worker processes that live as long as this one; each is started when it is first needed."""
    from flows.settings import Settings
    from flows.wiring import open_pool, page_fingerprint

    own = Settings.model_validate_json(settings)
    pool = open_pool(own.model_copy(update={"workers": _MOST_AT_ONCE}))
    atexit.register(pool.close)
    found = page_fingerprint(pool.open_engine(), own)
    if found != fingerprint:
        pool.close()
        raise ClusterBroken(
            f"the machine {os.uname().nodename} would read otherwise: its program, models or device are others",
            remedy="Install the same release on all machines of the cluster, and give one --device.",
        )
    return pool


@contextmanager
def _as_file(content: bytes, sha256: str) -> Iterator[Path]:
    """The bytes under a path that worker processes can open; nothing of it is on a disk. Raises ClusterBroken."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ClusterBroken("a file arrived with other bytes than were sent")
    handle = os.memfd_create("scanledger-page")
    try:
        with os.fdopen(os.dup(handle), "wb") as writing:
            writing.write(content)
        yield Path(f"/proc/{os.getpid()}/fd/{handle}")
    finally:
        os.close(handle)
