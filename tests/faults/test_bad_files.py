"""A few of the bad files, through a real worker; `make faults` takes all of them through a watch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.page_reading import PageJob
from flows.worker_process import Limits
from flows.workers import WorkerPool
from ocr.errors import SourceError
from tests.faults import pages_only
from tests.faults.bad_files import bad_files, mutated

QUICK = (
    "empty.pdf", "page.pdf", "office.pdf", "cut-50.pdf", "no-pages.pdf", "owner-password.pdf", "user-password.pdf",
    "10001-pages.pdf", "image-bomb.pdf", "cyclic-pages.pdf", "200k-q.pdf", "launch.pdf", "jpeg2000.pdf", "jbig2.pdf", "jbig2-cut.pdf",
)  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = pages_only.open_pool(Limits())
    yield made
    made.close()


def codes(pool: WorkerPool, path: Path) -> set[str]:
    try:
        n_pages = pool.inspect(path).n_pages
    except SourceError as error:
        return {error.code}
    jobs = [PageJob(path, "0" * 64, number) for number in range(1, n_pages + 1)]
    return {f.code for job in jobs for f in pool.read(job).facts.failures} or {"E_NO_TABLES"}


def test_each_bad_file_has_its_code_and_costs_no_worker(tmp_path: Path, pool: WorkerPool) -> None:
    files = {item.name: item for item in bad_files(QUICK)}
    assert set(files) == set(QUICK)
    pool.open_engine()
    before = pool.pids
    for name, item in files.items():
        found = codes(pool, pages_only.write(tmp_path / name, item.content))
        assert item.fits(found), (name, found)
    assert pool.pids == before


def test_mutated_pdfs_end_with_a_code_or_are_read(tmp_path: Path, pool: WorkerPool) -> None:
    for seed in range(40):
        assert "E_BUG" not in codes(pool, pages_only.write(tmp_path / f"{seed}.pdf", mutated(seed)))
