"""Pages in processes of their own: whatever a page does there, the parent gets an answer, and one page is lost at most."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from flows.page_reading import Look, PageJob, ReaderHere
from flows.worker_child import WorkPlan
from flows.worker_process import Limits, told_error
from flows.workers import WorkerPool
from ocr.errors import (
    EncryptedSource,
    ModelMissing,
    PageCrashed,
    PageStalled,
    PageTimeout,
    RecognitionFailed,
    RunStopped,
    ScanledgerError,
    UnreadablePage,
    WorkerBroken,
)
from ocr.source import SourceFacts, SourceKind
from tests.flows import hostile_stages, late_stages


def plan(fails: bool = False) -> WorkPlan:
    return WorkPlan(
        hostile_stages.look_into,
        partial(hostile_stages.open_engine, fails),
        hostile_stages.stages,
    )


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(plan(), Limits(), n_workers=1)
    yield made
    made.close()


def file(folder: Path, text: str) -> Path:
    path = folder / "a.pdf"
    path.write_text(text, encoding="utf-8")
    return path


def job(folder: Path, text: str, page_number: int = 1) -> PageJob:
    return PageJob(file(folder, text), "0" * 64, page_number)


def failure_of(pool: WorkerPool, asked: PageJob) -> str:
    (failure,) = pool.read(asked).facts.failures
    return failure.code


def test_a_worker_reads_what_is_read_here(tmp_path: Path, pool: WorkerPool) -> None:
    here = ReaderHere(hostile_stages.stages(), hostile_stages.look_into)
    path = file(tmp_path, "table text torn")
    assert pool.inspect(path) == here.inspect(path) == SourceFacts("0" * 64, "a.pdf", SourceKind.PDF, 3)
    for number in (1, 2, 3):
        assert pool.read(PageJob(path, "0" * 64, number)) == here.read(PageJob(path, "0" * 64, number))
    page = pool.read(PageJob(path, "0" * 64, 1))
    (table,) = page.tables
    look = Look(PageJob(path, "0" * 64, 1), (page.facts,), (table.cells,))
    assert pool.look_again(look) == here.look_again(look)
    with pytest.raises(UnreadablePage, match="otherwise than before"):
        pool.look_again(replace(look, pages=(replace(page.facts, digest="another"),)))


def test_errors_come_through_as_they_are_and_cost_no_worker(tmp_path: Path, pool: WorkerPool) -> None:
    pool.open_engine()
    before = pool.pids
    with pytest.raises(EncryptedSource, match="locked"):
        pool.inspect(file(tmp_path, "locked"))
    with pytest.raises(RecognitionFailed) as caught:
        pool.read(job(tmp_path, "dead"))
    assert caught.value.where == "page 1"
    assert failure_of(pool, job(tmp_path, "bug")) == "E_BUG"
    assert pool.pids == before


@pytest.mark.parametrize(("kind", "word"), [("socket", "no network"), ("exec", "no programs")])
def test_no_network_and_no_programs_in_a_worker(tmp_path: Path, pool: WorkerPool, kind: str, word: str) -> None:
    (failure,) = pool.read(job(tmp_path, kind)).facts.failures
    assert failure.message == word


@pytest.mark.parametrize("kind", ["die", "exit", "late"])
def test_a_death_is_the_page_s_failure_after_a_second_try(tmp_path: Path, pool: WorkerPool, kind: str) -> None:
    assert failure_of(pool, job(tmp_path, kind)) == "E_PAGE_CRASHED"
    assert not pool.read(job(tmp_path, "table")).facts.failures


def test_a_page_that_dies_late_keeps_its_size(tmp_path: Path, pool: WorkerPool) -> None:
    assert pool.read(job(tmp_path, "late")).facts.width_pt == 595.0


def test_a_worker_killed_from_outside_costs_nothing(tmp_path: Path, pool: WorkerPool) -> None:
    assert not pool.read(job(tmp_path, "die-once")).facts.failures


def test_a_file_that_cannot_be_opened_without_a_death_is_refused(tmp_path: Path, pool: WorkerPool) -> None:
    with pytest.raises(PageCrashed):
        pool.inspect(file(tmp_path, "open-die"))


def test_processor_time_is_limited(tmp_path: Path) -> None:
    """A machine too busy to give a page the time says that instead."""
    pool = WorkerPool(plan(), Limits(parse_seconds=0.3), 1)
    try:
        with pytest.raises((PageTimeout, PageStalled)):
            pool.inspect(file(tmp_path, "open-spin"))
    finally:
        pool.close()


def test_memory_is_limited(tmp_path: Path) -> None:
    small = WorkerPool(plan(), Limits(memory_mb=400), 1)
    try:
        assert failure_of(small, job(tmp_path, "eat")) == "E_PAGE_MEMORY"
        assert not small.read(job(tmp_path, "table")).facts.failures
    finally:
        small.close()


def test_a_worker_that_has_done_its_share_is_replaced(tmp_path: Path) -> None:
    pool = WorkerPool(plan(), Limits(recycle_pages=2), 1)
    try:
        pages = job(tmp_path, "table")
        pids = []
        for _ in range(4):
            pool.read(pages)
            pids.append(pool.pids)
        assert [len(p) for p in pids] == [1, 0, 1, 0]
        assert pids[0] != pids[2]
    finally:
        pool.close()


@pytest.mark.parametrize("n_cores", [1, 2])
def test_further_workers_start_once_the_first_leaves_them_a_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_cores: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(n_cores)))
    pool = WorkerPool(plan(), Limits(), 2)
    pages = job(tmp_path, "table")

    def side_by_side(ask: Callable[[], object]) -> int:
        """Workers that are there after two threads have asked at once, as often as it takes the second to get its own."""
        with ThreadPoolExecutor(2) as threads:
            for _ in range(50):
                list(threads.map(lambda _: ask(), range(2)))
                if len(pool.pids) > 1:
                    break
        return len(pool.pids)

    try:
        assert side_by_side(lambda: pool.inspect(pages.path)) == 1
        pool.open_engine()
        assert side_by_side(lambda: pool.inspect(pages.path)) == n_cores
        pool.read(pages)
        assert side_by_side(lambda: pool.read(pages)) == 2
    finally:
        pool.close()


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})


def children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
            found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def both_at_work(pool: WorkerPool, asked: PageJob) -> tuple[int, ...]:
    """The two workers of a pool, once each has read a page."""
    pool.open_engine()
    with ThreadPoolExecutor(2) as threads:
        for _ in range(50):
            list(threads.map(lambda _: pool.read(asked), range(2)))
            if len(pool.pids) == 2:
                break
    return pool.pids


@pytest.fixture
def others() -> set[int]:
    """What other tests have started."""
    return children()


@pytest.fixture
def pair(tmp_path: Path, two_cores: None, others: set[int]) -> Iterator[WorkerPool]:
    """The engine open, and a copy asleep."""
    made = WorkerPool(late_stages.plan(tmp_path / "loads"), Limits(), 2)
    made.open_engine()
    yield made
    made.close()


def lasting_ends(pid: int) -> list[str]:
    """Sockets and nameless files that a process holds; files that it opens for a moment, to tidy up, come and go."""
    ends = []
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            ends.append(str(file.readlink()))
    return [end for end in ends if end.startswith(("socket:", "/memfd:"))]


def test_a_second_worker_is_a_copy_of_the_first(tmp_path: Path, others: set[int], pair: WorkerPool) -> None:
    asleep = children() - others - set(pair.pids)
    assert len(asleep) == 1
    first, second = sorted(both_at_work(pair, job(tmp_path, "table")))
    assert asleep == {second}
    assert (tmp_path / "loads").read_text(encoding="utf-8").split() == [str(first)]
    ends = [lasting_ends(pid) for pid in (first, second)]
    assert len(ends[0]) == len(ends[1]) > 0
    assert not {end for end in ends[0] if end.startswith("socket")} & set(ends[1])
    pair.close()
    assert not children() & {first, second}


def test_no_copies_are_made_where_threads_run(tmp_path: Path, two_cores: None, others: set[int]) -> None:
    pool = WorkerPool(late_stages.plan(tmp_path / "loads", with_thread=True), Limits(), 2)
    try:
        pool.open_engine()
        assert children() - others == set(pool.pids)
        assert len(both_at_work(pool, job(tmp_path, "table"))) == 2
    finally:
        pool.close()


@pytest.mark.parametrize("which", [0, 1])
def test_a_worker_and_its_copy_die_alone(tmp_path: Path, pair: WorkerPool, which: int) -> None:
    pages = job(tmp_path, "table")
    pids = sorted(both_at_work(pair, pages))
    os.kill(pids[which], signal.SIGKILL)
    with ThreadPoolExecutor(2) as threads:
        assert not any(page.facts.failures for page in threads.map(lambda _: pair.read(pages), range(8)))
    assert pids[1 - which] in pair.pids
    assert pids[which] not in pair.pids


@pytest.mark.parametrize("kind", ["die", "exit", "late"])
def test_the_death_of_a_copy_is_told_as_any_other(tmp_path: Path, pair: WorkerPool, kind: str) -> None:
    os.kill(*pair.pids, signal.SIGKILL)  # now all workers but the copy are new ones
    assert failure_of(pair, job(tmp_path, kind)) == "E_PAGE_CRASHED"


def test_a_copy_that_nobody_wanted_ends_with_the_pool(others: set[int], pair: WorkerPool) -> None:
    assert len(children() - others) == 2
    pair.close()
    assert not children() - others


def test_a_copy_that_is_gone_is_replaced(tmp_path: Path, others: set[int], pair: WorkerPool) -> None:
    (copy,) = children() - others - set(pair.pids)
    os.kill(copy, signal.SIGKILL)
    both = both_at_work(pair, job(tmp_path, "table"))
    assert len(both) == 2
    assert copy not in both


def test_a_worker_that_was_never_asked_to_open_the_engine_keeps_it_from_the_collector_too(tmp_path: Path) -> None:
    pool = WorkerPool(plan(), Limits(), 1)
    try:
        (failure,) = pool.read(job(tmp_path, "frozen")).facts.failures
    finally:
        pool.close()
    assert failure.message == "frozen"


def test_a_worker_can_be_started_before_anything_of_a_page_is_loaded() -> None:
    """It opens the engine meanwhile."""
    program = (
        "import sys; from flows import commands; from flows.progress import QuietWatch; from flows.settings import Settings; "
        "from flows.wiring import open_pool; open_pool(Settings()).close(); "
        "print({'cv2', 'scipy', 'pyarrow', 'layout', 'expectations', 'flows.pipeline', 'rich.progress'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'rich.progress'}"


def test_a_missing_model_and_a_worker_that_cannot_start_are_the_machine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WorkerPool(plan(fails=True), Limits(), 1)
    with pytest.raises(ModelMissing):
        pool.open_engine()
    pool.close()
    monkeypatch.setattr("flows.worker_process._BOOT", "raise SystemExit('no such module')")
    pool = WorkerPool(plan(), Limits(), 1)
    with pytest.raises(WorkerBroken, match="no such module"):
        pool.open_engine()
    pool.close()


def test_a_stopped_pool_answers_nobody_and_leaves_no_process(tmp_path: Path) -> None:
    pool = WorkerPool(plan(), Limits(), 1)
    pool.read(job(tmp_path, "table"))
    (pid,) = pool.pids
    pool.stop()
    with pytest.raises(RunStopped):
        pool.read(job(tmp_path, "spin"))
    pool.close()
    assert pool.pids == ()
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(RunStopped):
        pool.inspect(file(tmp_path, "table"))


_PARENT = """
import os, sys
from pathlib import Path
from flows.page_reading import PageJob
from flows.worker_process import Limits
from flows.workers import WorkerPool
from tests.flows import late_stages
from tests.flows.test_workers import children
os.sched_getaffinity = lambda pid: {0, 1}
pool = WorkerPool(late_stages.plan(Path(sys.argv[1] + ".loads")), Limits(), 2)
pool.open_engine()
print(*children(), flush=True)
pool.read(PageJob(Path(sys.argv[1]), "", 1))
"""


def test_no_worker_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PARENT, str(file(tmp_path, "spin"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        handles = [os.pidfd_open(int(pid)) for pid in parent.stdout.readline().split()]
        assert len(handles) == 2, "a worker, and a copy that sleeps"
        parent.send_signal(signal.SIGKILL)
    for handle in handles:
        try:
            assert select.select([handle], [], [], 60)[0], "the worker is still there"
        finally:
            os.close(handle)


def test_an_error_that_nobody_knows_is_a_bug() -> None:
    told = {"type": "Exception", "message": "m", "where": "w", "remedy": "r"}
    assert type(told_error(told)) is ScanledgerError
    assert type(told_error({**told, "type": "PageTimeout"})) is PageTimeout
