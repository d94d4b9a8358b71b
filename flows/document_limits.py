"""What one document may cost the supervisor, where what a worker read of it is put together, proven and written.

Workers have limits of their own (`worker_process`); here a hostile file has had its say as text and numbers only, and
what is left to bound is how many of them there are, and how long Python code may work on them.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flows.pipeline import PageTables
from ocr.errors import DocumentTooLarge, ProofTimeout

_CHARACTERS_OF_A_CELL = 4
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """max_cells: cells, and four characters for one more; some 0.8 kB of memory each.

    proof_seconds: processor time to join and prove a document, and each page adds a sixth of it; a dense page takes
    about one second.
    """

    max_cells: int = 2_000_000
    proof_seconds: float = 60.0

    def seconds(self, n_pages: int) -> float:
        return self.proof_seconds * (1 + n_pages / 6)


class Size:
    """Counts what the pages of a document hold. Raises DocumentTooLarge at the page that is too much."""

    def __init__(self, limits: DocumentLimits) -> None:
        self._most = limits.max_cells
        self._n = 0

    def add(self, page: PageTables) -> None:
        cells = [cell for table in page.tables for cell in table.cells]
        n_characters = sum(len(cell.text) for cell in cells) + sum(len(block.text) for block in page.text)
        self._n += len(cells) + n_characters // _CHARACTERS_OF_A_CELL
        if self._n > self._most:
            raise DocumentTooLarge(f"more than {self._most} cells up to page {page.facts.page_number}")


class _OverTime(BaseException):
    """No Exception, so that no library that goes on after any failure takes it for one of its own."""


@contextmanager
def processor_deadline(seconds: float) -> Iterator[None]:
    """The block may use so much processor time of this thread; then ProofTimeout is raised in it.

    By an asynchronous exception, the one thing that ends Python code in a thread. What waits (for a worker that reads
    cells again) uses no time; one call into a library is not interrupted, but ended when it comes back.
    """
    ident = threading.get_ident()
    clock = time.pthread_getcpuclockid(ident)
    stop_at = time.clock_gettime(clock) + seconds
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(_LOOK_SECONDS):
            if time.clock_gettime(clock) > stop_at and not is_over.is_set():
                _raise_in(ident, _OverTime)

    looking = threading.Thread(target=look, name="deadline", daemon=True)
    looking.start()
    try:
        try:
            yield
        finally:
            is_over.set()
            looking.join()
            _raise_in(ident, None)
    except _OverTime:  # it may come while we leave, too
        is_over.set()
        raise ProofTimeout(f"not done after {seconds:.0f} s of processor time") from None


def _raise_in(ident: int, kind: type[BaseException] | None) -> None:
    """kind None: what was to be raised, and has not been yet, is taken back."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(kind) if kind else None)
