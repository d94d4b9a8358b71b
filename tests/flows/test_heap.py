"""Memory that pages have freed goes back to the system, however it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import heap
from flows.page_reading import PageJob
from flows.worker_process import Limits, resident_bytes
from flows.workers import WorkerPool
from tests.flows import hostile_stages
from tests.flows.test_workers import job, plan


def test_what_a_page_leaves_in_holes_is_given_back(tmp_path: Path) -> None:
    pool = WorkerPool(plan(), Limits(), 1)
    try:
        pages = job(tmp_path, "table holes")
        resting = []
        for number in (1, 2):
            pool.read(PageJob(pages.path, pages.sha256, number))
            for _ in range(heap.EVERY):
                pool.inspect(pages.path)
            (pid,) = pool.pids
            resting.append(resident_bytes(pid))
    finally:
        pool.close()
    assert resting[1] - resting[0] < hostile_stages.HOLES_BYTES / 4


def test_much_memory_is_given_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(heap, "give_back", lambda: given.append(1))
    assert heap.resident() > 0
    monkeypatch.setattr(heap, "MUCH", 2 * heap.resident())
    heap.tidy(heap.EVERY + 1)
    assert not given
    heap.tidy(2 * heap.EVERY)
    assert len(given) == 1
    monkeypatch.setattr(heap, "MUCH", heap.resident() - 1)
    heap.tidy(heap.EVERY + 1)
    assert len(given) == 2


def test_a_system_that_does_not_tell_its_memory_gives_it_back_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(heap, "give_back", lambda: given.append(1))
    monkeypatch.setattr(heap, "_STATM", Path("/no/such/file"))
    for n in range(1, 2 * heap.EVERY + 1):
        heap.tidy(n)
    assert (heap.resident(), len(given)) == (0, 2)
