"""How many pages of one document may run over their limits before the rest of it is not tried.

A file of ten thousand pages, each made to take all the time a page may have, would keep every file behind it waiting for
days. Two such pages are borne, and one more for every four pages that could be read: a good document with a few bad
pages loses those only, and a bad one costs no more than a good one of its length.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flows.page_reading import CellReadings, Look, PageJob, PageReader, failed_page
from flows.pipeline import PageTables
from ocr.errors import PageCrashed, PageMemory, PageSkipped, PageTimeout
from ocr.source import SourceFacts
from ocr.values import PageFacts

_BORNE = 2
_READ_FOR_ONE_MORE = 4
_OVER = {error.code for error in (PageTimeout, PageMemory, PageCrashed)}


class Patience:
    """Counts the pages of one document. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._n_over = 0
        self._n_read = 0

    @property
    def is_at_its_end(self) -> bool:
        """Whether no further page will be tried."""
        return self._n_over >= _BORNE + self._n_read // _READ_FOR_ONE_MORE

    def count(self, page: PageTables) -> None:
        """A page that was read, or that had been read before."""
        with self._lock:
            self._n_over += any(failure.code in _OVER for failure in page.facts.failures)
            self._n_read += not page.facts.failures


@dataclass(frozen=True, slots=True)
class PatientReader:
    """The reader of one document's pages."""

    inner: PageReader
    patience: Patience

    def read(self, job: PageJob) -> PageTables:
        if self.patience.is_at_its_end:
            return skipped_page(job.page_number)
        page = self.inner.read(job)
        self.patience.count(page)
        return page

    def inspect(self, path: Path) -> SourceFacts:
        return self.inner.inspect(path)

    def look_again(self, look: Look) -> tuple[tuple[CellReadings, ...], ...]:
        return self.inner.look_again(look)

    def stop(self) -> None:
        self.inner.stop()

    def close(self) -> None:
        self.inner.close()


def skipped_page(page_number: int) -> PageTables:
    """A page that was not tried."""
    return failed_page(PageFacts(page_number, 0.0, 0.0), PageSkipped("not tried: too many pages before it failed so"))
