"""A watched folder with a clock of our own and fake stages: nothing is lost, doubled or half, and nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.audit import audit_output
from flows.digitise import Outcome, digitise_file
from flows.ledger import Ledger, State, ledger_path
from flows.store import OutputFolder, made_file
from flows.watch import LookingBetweenPages, Watcher, WatchOptions
from ocr.errors import ModelMissing, StorageError
from tests.flows.fakes import Events, FakeMachine, make_workshop, run_in_turn

OPTIONS = WatchOptions(look_seconds=5.0, settle_seconds=3.0, min_free_mb=0)


class FakeClock:
    """Time that passes only when somebody sleeps, or the test says so."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.on_sleep: Callable[[], None] = lambda: None

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.on_sleep()


class Desk:
    """A watched folder in a test."""

    def __init__(self, root: Path, options: WatchOptions = OPTIONS) -> None:
        self.inbox = root / "inbox"
        self.inbox.mkdir(exist_ok=True)
        self.machine, self.clock = FakeMachine(), FakeClock()
        self.workshop = make_workshop(self.machine, root / "out")
        self.out: OutputFolder = self.workshop.out
        self.ledger = Ledger(ledger_path(self.out))
        self.watcher = Watcher(self.inbox, self.out, self.ledger, self.clock, options)
        self.digitised: list[str] = []

    def write(self, name: str, text: str) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def digitise(self, path: Path, sha256: str, source_name: str) -> Outcome:
        self.digitised.append(source_name)
        return digitise_file(path, sha256, self.workshop, run_in_turn, Events(), source_name)  # type: ignore[arg-type]

    def once(self) -> tuple[Outcome, ...]:
        return self.watcher.run_once(self.digitise)

    def counts(self) -> dict[str, int]:
        return {state.value: n for state, n in self.ledger.counts().items() if n}

    def faults(self) -> list[str]:
        return list(map(str, audit_output(self.out, self.ledger).faults))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.ledger.close()


def test_each_file_ends_in_one_state_and_everything_is_in_order(desk: Desk) -> None:
    desk.write("a.pdf", "table")
    desk.write("b/a.pdf", "table")
    desk.write("bad.pdf", "locked")
    desk.write("c.pdf", "table dead")
    desk.write("half.pdf.part", "table")
    outcomes = desk.once()
    assert [o.source_name for o in outcomes] == ["a.pdf", "bad.pdf", "c.pdf"]
    assert desk.counts() == {"accepted": 1, "quarantined": 1, "needs_review": 1, "duplicate": 1}
    assert [b.code for b in desk.ledger.blocked()] == ["E_UNFINISHED"]
    assert desk.faults() == []
    assert desk.once() == ()
    assert (desk.inbox / "a.pdf").exists()


def test_the_name_in_the_reason_is_that_of_the_file_not_of_the_store(desk: Desk) -> None:
    desk.write("预算.pdf", "locked")
    (outcome,) = desk.once()
    assert outcome.source_name == "预算.pdf"
    folder = desk.out.quarantined(outcome.document_id)
    assert sorted(p.name for p in folder.iterdir()) == ["original.pdf", "reason.json"]
    assert "预算.pdf" in (folder / "reason.json").read_text(encoding="utf-8")


def test_a_growing_file_is_taken_when_it_has_come_to_rest(desk: Desk) -> None:
    path = desk.write("a.pdf", "ta")
    desk.watcher.look()
    for text in ("tab", "tabl", "table"):
        desk.clock.time += 5
        path.write_text(text, encoding="utf-8")
        desk.watcher.look()
        assert desk.counts() == {}
    desk.clock.time += 3
    desk.watcher.look()
    assert desk.counts() == {"waiting": 1}


def test_a_copy_that_stalled_and_went_on_is_taken_again_whole(desk: Desk) -> None:
    path = desk.write("a.pdf", "locked")
    desk.once()
    path.write_text("table table", encoding="utf-8")
    desk.once()
    assert desk.counts() == {"accepted": 1, "quarantined": 1}
    assert desk.faults() == []


def test_done_files_are_moved_and_stay_available(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(OPTIONS, move_done=True))
    (desk.inbox / "done").mkdir()
    (desk.inbox / "done" / ".scanledger-done").touch()
    for _ in range(2):
        desk.write("a.pdf", "table")
        desk.once()
    assert desk.counts() == {"accepted": 1, "duplicate": 1}
    assert not (desk.inbox / "a.pdf").exists()
    assert len(list((desk.inbox / "done").glob("*a.pdf"))) == 2
    desk.ledger.close()


def test_a_full_disk_pauses_and_goes_on_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("a.pdf", "table")
    left = [3]

    def full_at_first(point: str) -> None:
        if left[0]:
            left[0] -= 1
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.publish.reach", full_at_first)

    def stop_when_done() -> None:
        if desk.counts() == {"accepted": 1} or desk.clock.time > 2000:
            raise KeyboardInterrupt

    desk.clock.on_sleep = stop_when_done
    with pytest.raises(KeyboardInterrupt):
        desk.watcher.run(desk.digitise)
    assert desk.counts() == {"accepted": 1}
    assert desk.digitised == ["a.pdf"] * 4
    assert desk.machine.recognised.total() == 1
    assert desk.faults() == []


def test_too_little_space_takes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(OPTIONS, min_free_mb=1 << 40))
    desk.write("a.pdf", "table")
    assert desk.once() == ()
    assert desk.counts() == {}
    desk.ledger.close()


@pytest.mark.parametrize(
    "fault", [ModelMissing("gone"), KeyboardInterrupt(), StorageError("full")], ids=["model", "stop", "disk"]
)
def test_a_fault_of_the_machine_judges_no_file(desk: Desk, fault: BaseException) -> None:
    desk.write("a.pdf", "table")

    def broken(path: Path, sha256: str, name: str) -> Outcome:
        raise fault

    with pytest.raises(type(fault)):
        desk.watcher.run_once(broken)
    assert desk.counts() == {"waiting": 1}
    assert len(desk.once()) == 1


def test_a_long_document_does_not_keep_others_from_being_taken(desk: Desk) -> None:
    desk.write("a.pdf", "table table table")
    events = LookingBetweenPages(Events(), desk.watcher.look_if_due)

    def slow(path: Path, sha256: str, name: str) -> Outcome:
        desk.write("late.pdf", "text")

        def later(jobs: object, workshop: object) -> Iterator[object]:
            for outcome in run_in_turn(jobs, workshop):  # type: ignore[arg-type]
                desk.clock.time += 6
                yield outcome

        outcome = digitise_file(path, sha256, desk.workshop, later, events, name)  # type: ignore[arg-type]
        assert desk.counts() == {"working": 1, "waiting": 1}
        return outcome

    desk.watcher.run_once(lambda *a: slow(*a) if a[2] == "a.pdf" else desk.digitise(*a))
    assert desk.counts() == {"accepted": 1, "quarantined": 1}


def test_what_is_not_in_order_is_found(desk: Desk) -> None:
    desk.write("a.pdf", "table")
    desk.once()
    (row,) = desk.ledger.documents()
    stored = desk.out.stored(row.sha256)
    stored.chmod(0o644)
    stored.write_bytes(b"other")
    (desk.out.dataset / "stray.parquet").write_bytes(b"PAR1")
    for path in (desk.out.dataset / "documents").rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:-20])
    with made_file(desk.out.stored("f" * 64), desk.out) as draft:
        draft.touch()
    (desk.out.document(row.sha256[:16]) / "document.json").unlink()
    kinds = sorted(fault.split(":")[0] for fault in desk.faults())
    assert kinds == ["damaged", "damaged", "left over", "left over", "lost", "lost"]


def test_a_quarantined_document_may_be_tried_again(desk: Desk) -> None:
    desk.write("a.pdf", "flaky")
    desk.once()
    assert desk.counts() == {"needs_review": 1}
    (row,) = desk.ledger.documents(State.NEEDS_REVIEW)
    desk.ledger.wait_again([row.sha256])
    desk.once()
    assert desk.counts() == {"accepted": 1}
    assert desk.faults() == []
