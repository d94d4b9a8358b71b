"""The ledger: the conservation law, what is known again, and what a killed run leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ledger import MIGRATIONS, Blocked, Finished, Identity, Ledger, State
from flows.results import Reason
from ocr.errors import StorageError

DONE = Finished(State.ACCEPTED, (), 3, "1+a")
BAD = Finished(State.QUARANTINED, (Reason("E_EMPTY", "it is empty", "again", "a.pdf"),), 0, "1+a")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def identity(path: str, inode: int = 1, mtime_ns: int = 1) -> Identity:
    return Identity(path.encode(), inode, 10, mtime_ns)


def sha(letter: str) -> str:
    return letter * 64


def test_a_file_goes_its_way(ledger: Ledger) -> None:
    a = identity("batch/a.pdf")
    assert not ledger.knows(a)
    assert ledger.offer(a, "a.pdf", sha("a"), 5.0) is State.WAITING
    assert ledger.knows(a)
    waiting = ledger.next_waiting()
    assert waiting is not None
    assert (waiting.sha256, waiting.source_name) == (sha("a"), "a.pdf")
    ledger.start(sha("a"))
    assert ledger.next_waiting() is None
    ledger.finish(sha("a"), DONE, 9.0)
    (row,) = ledger.documents(State.ACCEPTED)
    assert (row.n_pages, row.revision, row.names, row.finished_at) == (3, 1, ("a.pdf",), 9.0)


def test_the_same_bytes_elsewhere_are_a_duplicate_and_in_the_same_place_the_same_file(ledger: Ledger) -> None:
    ledger.offer(identity("a"), "a", sha("a"), 0)
    assert ledger.offer(identity("b"), "b", sha("a"), 0) is State.DUPLICATE
    assert ledger.offer(identity("a", mtime_ns=2), "a", sha("a"), 0) is State.WAITING
    assert ledger.knows(identity("a", mtime_ns=2))
    assert (ledger.n_offered(), ledger.counts()[State.DUPLICATE]) == (2, 1)


def test_new_bytes_under_an_old_name_are_another_offering(ledger: Ledger) -> None:
    ledger.offer(identity("a"), "a", sha("a"), 0)
    assert ledger.offer(identity("a", mtime_ns=2), "a", sha("b"), 0) is State.WAITING
    assert ledger.counts()[State.WAITING] == 2


def test_a_file_that_was_moved_away_may_come_again(ledger: Ledger) -> None:
    ledger.offer(identity("a"), "a", sha("a"), 0)
    ledger.moved(identity("a"), 1.0)
    assert not ledger.knows(identity("a"))
    assert ledger.offer(identity("a"), "a", sha("a"), 2.0) is State.DUPLICATE


def test_what_a_killed_run_worked_on_waits_again_behind_what_was_tried_less(ledger: Ledger) -> None:
    for letter in "ab":
        ledger.offer(identity(letter), letter, sha(letter), 0)
    ledger.start(sha("a"))
    assert ledger.recover() == 1
    waiting = ledger.next_waiting()
    assert waiting is not None
    assert waiting.sha256 == sha("b")
    assert ledger.counts()[State.WAITING] == 2


def test_a_fault_of_the_machine_counts_as_no_try(ledger: Ledger) -> None:
    ledger.offer(identity("a"), "a", sha("a"), 0)
    ledger.start(sha("a"))
    ledger.put_back(sha("a"))
    waiting = ledger.next_waiting()
    assert waiting is not None
    assert waiting.attempts == 0


def test_a_revision_rises_with_the_pipeline_only(ledger: Ledger) -> None:
    ledger.offer(identity("a"), "a", sha("a"), 0)
    for version, revision in (("1+a", 1), ("1+a", 1), ("1+b", 2)):
        ledger.finish(sha("a"), Finished(State.ACCEPTED, (), 3, version), 0)
        assert ledger.documents()[0].revision == revision
    assert ledger.wait_again(other_version="1+b") == 0
    assert ledger.wait_again(other_version="1+c") == 1


def test_reasons_come_back_as_they_were(ledger: Ledger) -> None:
    ledger.offer(identity("a"), "a", sha("a"), 0)
    ledger.finish(sha("a"), BAD, 0)
    assert ledger.documents(State.QUARANTINED)[0].reasons == BAD.reasons
    assert ledger.wait_again([sha("a")]) == 1


def test_what_is_blocked_keeps_its_time(ledger: Ledger) -> None:
    ledger.set_blocked([Blocked(b"\xff", "x", "E_ACCESS", "no", 1.0)])
    ledger.set_blocked([Blocked(b"\xff", "x", "E_ACCESS", "no", 9.0), Blocked(b"y", "y", "E_ACCESS", "no", 9.0)])
    assert [(b.path, b.since) for b in ledger.blocked()] == [(b"\xff", 1.0), (b"y", 9.0)]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from("odsfrmq")), max_size=25))
def test_offered_is_the_sum_of_the_states_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "l")
    for number, (letter, path, step) in enumerate(steps):
        match step:
            case "o" | "d":
                ledger.offer(identity(path, inode=number), path, sha(letter), number)
            case "s":
                ledger.start(sha(letter))
            case "f":
                ledger.finish(sha(letter), DONE, number)
            case "r":
                ledger.recover()
            case "m":
                ledger.moved(identity(path, inode=number - 1), number)
            case "q":
                ledger.finish(sha(letter), BAD, number)
        assert sum(ledger.counts().values()) == ledger.n_offered()
    assert ledger.faults() == ()
    ledger.close()


def test_a_ledger_of_a_later_program_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path / "l").close()
    Ledger(tmp_path / "l").close()
    with sqlite3.connect(tmp_path / "l") as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StorageError, match="later"):
        Ledger(tmp_path / "l")


def test_a_damaged_ledger_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(b"no database at all, but long enough to be taken for one" * 10)
    with pytest.raises(StorageError):
        Ledger(tmp_path / "l")
