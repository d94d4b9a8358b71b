"""Prefect around the pipeline: order, retries for faults of the engine only, and the same result without Prefect."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prefect.exceptions import TerminationSignal

from expectations.values import DocumentTables
from flows import process
from flows.digitise import Outcome, PageOutcome, digitise_file
from flows.page_reading import PageJob, failed_page
from flows.pipeline import Reread
from flows.prefect_environment import server_is_configured
from flows.process import digitise, may_succeed_later, prefect_is_there
from flows.results import Disposition
from flows.running import DocumentRuns, Effort, digitise_by_threads, in_order, stopped_on_interrupt
from ocr.errors import ModelMissing, RecognitionFailed, StorageError, UnreadablePage
from ocr.values import PageFacts, PageImage, TextPlaces
from tests.flows.fakes import Events, FakeMachine, make_workshop, run_in_turn

EFFORT = Effort(n_workers=2, retries=2, retry_delay_seconds=0)


def write(folder: Path, **texts: str) -> list[Path]:
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.pdf")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def run(runner: Any, paths: list[Path], machine: FakeMachine, root: Path) -> tuple[tuple[Outcome, ...], Events]:
    watch = Events()
    return runner(paths, make_workshop(machine, root), EFFORT, watch), watch


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RecognitionFailed("x"), True),
        (ModelMissing("x"), False),
        (UnreadablePage("x"), False),
        (StorageError("x"), False),
        (ZeroDivisionError("x"), False),
    ],
)
def test_only_faults_of_the_engine_are_tried_again(error: Exception, expected: bool) -> None:
    state = SimpleNamespace(result=lambda raise_on_failure: error)
    assert may_succeed_later(None, None, state) is expected


@pytest.mark.parametrize("n_ahead", [1, 2, 5])
def test_pages_come_in_order_and_only_so_many_are_under_way(n_ahead: int) -> None:
    under_way: set[int] = set()
    most = 0

    def submit(job: PageJob) -> Any:
        nonlocal most
        under_way.add(job.page_number)
        most = max(most, len(under_way))

        def finish() -> PageOutcome:
            under_way.discard(job.page_number)
            return PageOutcome(failed_page(PageFacts(job.page_number, 0, 0), UnreadablePage("x")))

        return finish

    jobs = [PageJob(Path("a"), "", number) for number in range(1, 8)]
    numbers = [outcome.page.facts.page_number for outcome in in_order(jobs, submit, n_ahead)]
    assert numbers == list(range(1, 8))
    assert most == n_ahead


def test_threads_alone_retry_the_engine_and_nothing_else(tmp_path: Path) -> None:
    machine = FakeMachine()
    paths = write(tmp_path, a="flaky table", b="dead", c="bug", d="torn")
    outcomes, watch = run(digitise_by_threads, paths, machine, tmp_path / "out")
    assert [o.disposition.value for o in outcomes] == ["accepted", "needs_review", "needs_review", "rejected"]
    assert machine.recognised == {"flaky-a.pdf-1": 2, "table-a.pdf-2": 1, "dead-b.pdf-1": 3, "bug-c.pdf-1": 1}
    assert sorted(watch.pages) == [(1, False)] * 4 + [(2, False)]


def test_a_missing_model_ends_the_run(tmp_path: Path) -> None:
    paths = write(tmp_path, a="nomodel table", b="table")
    with pytest.raises(ModelMissing):
        run(digitise_by_threads, paths, FakeMachine(), tmp_path / "out")


def test_prefect_gives_what_threads_alone_give(tmp_path: Path) -> None:
    """One real run by Prefect, with a server of its own: flows, tasks and retries as they are used."""
    assert prefect_is_there()
    machine = FakeMachine()
    paths = write(tmp_path, a="flaky table text", b="dead", c="bug")
    outcomes, watch = run(digitise, paths, machine, tmp_path / "out")
    plain, plain_watch = run(digitise_by_threads, paths, FakeMachine(), tmp_path / "plain")
    assert outcomes == plain
    assert sorted(watch.pages) == sorted(plain_watch.pages)
    assert machine.recognised == {
        "flaky-a.pdf-1": 2, "table-a.pdf-2": 1, "text-a.pdf-3": 1, "dead-b.pdf-1": 3, "bug-c.pdf-1": 1,
    }  # fmt: skip
    again = FakeMachine()
    (accepted,), _ = run(digitise, paths[:1], again, tmp_path / "out")
    assert (accepted.disposition, again.recognised.total()) == (Disposition.ACCEPTED, 0)


def test_a_missing_model_ends_a_run_by_prefect(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        run(digitise, write(tmp_path, a="nomodel"), FakeMachine(), tmp_path / "out")


def test_a_document_goes_on_without_prefect_when_prefect_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def broken(path: Path, *_: object) -> Outcome:
        asked.append(path.name)
        raise httpx.ConnectError("the server is gone")

    monkeypatch.setattr("flows.process.prefect_is_there", lambda: True)
    monkeypatch.setattr("flows.process._as_flow", broken)
    runs = DocumentRuns(make_workshop(FakeMachine(), tmp_path / "out"), EFFORT, Events())
    outcomes = [runs.digitise(path, path.stem * 64, "name.pdf") for path in write(tmp_path, a="table", b="table ")]
    assert [o.disposition for o in outcomes] == [Disposition.ACCEPTED] * 2
    assert asked == ["a.pdf"]


def test_a_document_goes_on_without_prefect_when_it_fails_between_two_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No document is judged for it, and the pages that were read are not read again."""
    machine = FakeMachine()
    workshop = make_workshop(machine, tmp_path / "out")

    def as_flow(path: Path, sha256: str, name: str, run: Any) -> Outcome:
        def run_pages(jobs: Iterable[PageJob], workshop: Any) -> Iterator[PageOutcome]:
            yield next(run_in_turn(jobs, workshop))
            with process._told_apart():
                raise httpx.ConnectError("the server is gone")

        with stopped_on_interrupt(run.workshop):
            return digitise_file(path, sha256, run.workshop, run_pages, run.watch, name)

    monkeypatch.setattr("flows.process.prefect_is_there", lambda: True)
    monkeypatch.setattr("flows.process._as_flow", as_flow)
    runs = DocumentRuns(workshop, EFFORT, Events())
    (path,) = write(tmp_path, a="table table")
    assert runs.digitise(path, "0" * 64, "a.pdf").disposition is Disposition.ACCEPTED
    assert machine.recognised.total() == 2


def test_a_full_disk_stops_no_reader_and_an_interrupt_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch pauses, and goes on with the same workers."""
    stopped: list[bool] = []
    workshop = make_workshop(FakeMachine(), tmp_path / "out")
    inner = workshop.reader
    reader: Any = SimpleNamespace(inspect=inner.inspect, read=inner.read, look_again=inner.look_again)
    reader.stop = lambda: stopped.append(True)
    runs = DocumentRuns(replace(workshop, reader=reader), EFFORT, Events(), with_prefect=False)
    (path,) = write(tmp_path, a="table")
    for raised, expected in ((OSError(28, "No space left on device"), []), (KeyboardInterrupt(), [True])):

        def fail(point: str, raised: BaseException = raised) -> None:
            raise raised

        with monkeypatch.context() as patch:
            patch.setattr("flows.publish.reach", fail)
            with pytest.raises((StorageError, KeyboardInterrupt)):
                runs.digitise(path, "0" * 64, "a.pdf")
        assert stopped == expected
    assert runs.digitise(path, "0" * 64, "a.pdf").disposition is Disposition.ACCEPTED


def test_faults_of_the_machine_pass_and_a_stop_by_prefect_is_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.process.prefect_is_there", lambda: True)
    (path,) = write(tmp_path, a="table")
    for raised, expected in ((StorageError("full"), StorageError), (TerminationSignal(15), KeyboardInterrupt)):

        def broken(*_: object, raised: BaseException = raised) -> Outcome:
            raise raised

        monkeypatch.setattr("flows.process._as_flow", broken)
        runs = DocumentRuns(make_workshop(FakeMachine(), tmp_path / "out"), EFFORT, Events())
        with pytest.raises(expected):
            runs.digitise(path, "a" * 64, "a.pdf")


@pytest.mark.parametrize("n_files", [1, 3])
def test_an_interrupt_stops_the_pages_under_way(n_files: int, tmp_path: Path) -> None:
    stopped = []
    workshop = make_workshop(FakeMachine(), tmp_path / "out")
    reader = SimpleNamespace(
        inspect=workshop.reader.inspect, read=workshop.reader.read, stop=lambda: stopped.append(True)
    )

    class Interrupted(Events):
        def file_done(self, outcome: Outcome) -> None:
            raise KeyboardInterrupt

    paths = write(tmp_path, **{name: f"table {'text ' * n}" for n, name in enumerate("abc"[:n_files])})
    with pytest.raises(KeyboardInterrupt):
        digitise_by_threads(paths, replace(workshop, reader=reader), EFFORT, Interrupted())
    assert stopped


def test_a_document_is_read_while_another_is_proven(tmp_path: Path) -> None:
    """The proof of the first ends only when a page of the second has been read."""
    machine = FakeMachine()
    workshop = make_workshop(machine, tmp_path / "out")
    second_is_read = Event()

    def prove(document: DocumentTables, reread: Reread) -> Any:
        if document.source_name == "a.pdf":
            assert second_is_read.wait(20)
        return machine.prove(document, reread)

    def recognise(image: PageImage, places: TextPlaces) -> Any:
        if "b.pdf" in image.digest:
            second_is_read.set()
        return machine.recognise(image, places)

    reading = replace(workshop.stages, recognise=recognise)
    workshop = replace(workshop, stages=replace(reading, prove=prove), reader=replace(workshop.reader, stages=reading))
    watch = Events()
    paths = write(tmp_path, a="table table table", b="table", c="table table table", d="locked")
    outcomes = digitise_by_threads(paths, workshop, EFFORT, watch)
    assert [o.source_name for o in outcomes] == [p.name for p in paths]
    assert [o.duplicate_of for o in outcomes] == ["", "", "a.pdf", ""]
    assert tuple(watch.outcomes) == outcomes


def test_one_document_after_the_other_hands_out_its_pages(tmp_path: Path) -> None:
    """No page of a later document is asked for before the last one of an earlier: few documents are held at a time."""
    workshop = make_workshop(FakeMachine(), tmp_path / "out")
    asked: list[str] = []

    @dataclass(frozen=True)
    class Noting:
        inner: Any

        def inspect(self, path: Path) -> Any:
            asked.append(f"{path.stem}0")
            return self.inner.inspect(path)

        def read(self, job: PageJob) -> Any:
            asked.append(f"{job.path.stem}{job.page_number}")
            return self.inner.read(job)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    reader: Any = Noting(workshop.reader)
    paths = write(tmp_path, **{name: "table " * 19 + "text " * n for n, name in enumerate("abcd")})
    digitise_by_threads(paths, replace(workshop, reader=reader), EFFORT, Events())
    for name, n_pages in (("a", 19), ("b", 20), ("c", 21), ("d", 22)):
        others = [
            p for p in asked[asked.index(f"{name}1") : asked.index(f"{name}{n_pages - EFFORT.n_ahead}")] if p[0] > name
        ]
        assert not others


def test_a_server_is_known_without_prefect(tmp_path: Path) -> None:
    def configured(**environment: str) -> bool:
        return server_is_configured(environment, tmp_path, tmp_path)

    assert not configured()
    assert configured(PREFECT_API_URL="http://somewhere/api")
    (tmp_path / ".prefect").mkdir()
    profiles = '[profiles.mine]\nPREFECT_API_URL = "http://there/api"\n[profiles.ephemeral]\n'
    (tmp_path / ".prefect" / "profiles.toml").write_text(f'active = "ephemeral"\n{profiles}')
    assert not configured()
    assert configured(PREFECT_PROFILE="mine")
    assert not configured(PREFECT_PROFILE="mine", PREFECT_API_URL="")
    (tmp_path / "prefect.toml").write_text('[api]\nurl = "http://there/api"\n')
    assert configured()


_KILLED = """
import os, signal
from flows.process import OwnServer, prefect_is_there
assert prefect_is_there()
print(OwnServer().server_process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_prefects_own_server_does_not_outlive_a_run_that_is_killed() -> None:
    """One real server: it fails when Prefect no longer starts its server by the method that ours extends."""
    with subprocess.Popen([sys.executable, "-c", _KILLED], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        pid = int(run.stdout.readline())
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            assert select.select([handle], [], [], 60)[0], "the server is still there"
        finally:
            os.close(handle)
