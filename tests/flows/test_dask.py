"""Pages on a Dask cluster of two processes: the same bytes as without, and nothing lost when one of them is killed.

Pixels, layout, worker processes, proof and export are real; the readings of OCR were recorded on the way here.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from distributed import LocalCluster

from flows import cluster, wiring
from flows.digitise import PageOutcome
from flows.process import Cluster, digitise
from flows.running import Effort, digitise_by_threads
from flows.settings import Settings
from flows.store import opened_output
from ocr.errors import ClusterBroken
from tests.flows.fakes import Events

SAMPLE = Path(__file__).parents[2] / "samples" / "basic-000-three-pages.pdf"
EFFORT = Effort(n_workers=2, retry_delay_seconds=0)


@dataclass(frozen=True)
class Book:
    """A document of six pages, the readings of each of them, and what comes out of it without a cluster."""

    paths: tuple[Path, ...]
    settings: Settings
    expected: dict[str, bytes]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("book")
    sample, document = pymupdf.open(SAMPLE), pymupdf.open()
    for _ in range(2):
        document.insert_pdf(sample)
    path = folder / "book.pdf"
    document.save(path)
    recording = Settings(workers=1, threads=1, prefect="never", record_dir=folder / "readings")
    for settings in (recording, _replaying(folder)):
        run(digitise_by_threads, (path,), settings, folder / f"out-{settings.record_dir is None}")
    return Book((path,), _replaying(folder), files_of(folder / "out-True"))


def _replaying(folder: Path) -> Settings:
    return Settings(workers=1, threads=1, prefect="never", replay_dir=folder / "readings")


@pytest.fixture(scope="module")
def two_processes() -> Iterator[Any]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as local:
        yield local


def run(runner: Any, paths: tuple[Path, ...], settings: Settings, root: Path, watch: Any = None, *more: Any) -> Any:
    with opened_output(root) as out:
        workshop = wiring.open_workshop(settings, out)
        try:
            return runner(paths, workshop, EFFORT, watch or Events(), *more)
        finally:
            workshop.reader.close()


def files_of(root: Path) -> dict[str, bytes]:
    """All that readers of an output see, by its place."""
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    return {name: data for name, data in found.items() if not name.startswith(".scanledger")}


def test_a_cluster_gives_the_same_bytes(book: Book, two_processes: Any, tmp_path: Path) -> None:
    elsewhere = Cluster(two_processes.scheduler_address, cluster.travelling(book.settings))
    watch = Events()
    (outcome,) = run(digitise, book.paths, book.settings, tmp_path / "out", watch, elsewhere)
    assert outcome.n_pages == 6
    assert watch.pages == [(number, False) for number in range(1, 7)]
    assert book.expected
    assert files_of(tmp_path / "out") == book.expected


def test_a_machine_that_dies_loses_nothing(book: Book, two_processes: Any, tmp_path: Path) -> None:
    killed: list[int] = []

    class Killing(Events):
        def page_done(self, source_name: str, outcome: PageOutcome) -> None:
            super().page_done(source_name, outcome)
            if not killed:
                killed.append(next(iter(two_processes.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

    elsewhere = Cluster(two_processes.scheduler_address, cluster.travelling(book.settings))
    watch = Killing()
    run(digitise, book.paths, book.settings, tmp_path / "out", watch, elsewhere)
    assert killed
    assert [number for number, _ in watch.pages] == [1, 2, 3, 4, 5, 6]
    assert files_of(tmp_path / "out") == book.expected


def test_a_machine_that_would_read_otherwise_reads_nothing(book: Book) -> None:
    page = cluster.RemotePage(cluster.travelling(book.settings), "0" * 64, "0" * 64, 1)
    with pytest.raises(ClusterBroken, match="would read otherwise"):
        cluster.read_page_here(page, b"")


def test_bytes_that_changed_on_their_way_are_not_read() -> None:
    with pytest.raises(ClusterBroken, match="other bytes"), cluster._as_file(b"changed", "0" * 64):
        pass


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import dask

    monkeypatch.setattr(dask, "_CONNECT_SECONDS", 1)
    with pytest.raises(ClusterBroken, match="tcp"):
        dask.n_threads("tcp://127.0.0.1:9")
