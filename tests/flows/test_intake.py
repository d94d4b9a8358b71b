"""What is taken from an inbox, when, and what is not."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from flows.intake import (
    NotResting,
    claim,
    is_unfinished,
    list_inbox,
    make_done_folder,
    move_away,
    ripen,
    to_blocked,
)
from flows.ledger import Identity
from flows.sources import InputError
from flows.store import OutputFolder
from ocr.errors import InaccessibleSource, StorageError


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> OutputFolder:
    folder = OutputFolder(tmp_path / "out")
    folder.making.mkdir(parents=True)
    return folder


def only(inbox: Path) -> Identity:
    (entry,) = list_inbox(inbox).entries
    return entry


HOSTILE = (
    b"x" * 249 + b".pdf", "预算.pdf".encode("gbk"), "\u00e9.pdf".encode(), "e\u0301.pdf".encode(), b"a\nb.pdf",
    b"-rf.pdf", b"=cmd.pdf", b"<img onerror=x>.pdf", "\u202egnp.pdf".encode(), b"\x1b[2J.pdf", b".hidden.pdf",
)  # fmt: skip


def test_every_regular_file_is_listed_whatever_its_name(inbox: Path, out: OutputFolder) -> None:
    for number, name in enumerate(HOSTILE):
        Path(os.fsdecode(os.fsencode(inbox) + b"/" + name)).write_bytes(b"%d" % number)
    listing = list_inbox(inbox)
    assert {e.path for e in listing.entries} == set(HOSTILE)
    assert not listing.unfinished
    for entry in listing.entries:
        assert claim(inbox, entry, out).sha256 == hashlib.sha256(b"%d" % HOSTILE.index(entry.path)).hexdigest()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b"a.pdf.part", True), (b"a.tmp", True), (b"a.CRDOWNLOAD", True), (b"a.filepart", True), (b"~$a.docx", True),
        (b"._a.pdf", True), (b".a.pdf.Xy12Qz", True), (b"Thumbs.db", True), (b".DS_Store", True),
        (b"a.pdf", False), (b".a.pdf", False), (b"part.pdf", False), (b"a", False), (b"a.html", False),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else str(value),
)  # fmt: skip
def test_names_that_wait_for_their_rename(name: bytes, expected: bool) -> None:
    assert is_unfinished(name) is expected


def test_what_is_no_file_is_told_and_never_opened(inbox: Path) -> None:
    os.mkfifo(inbox / "fifo.pdf")
    (inbox / "dangling.pdf").symlink_to("gone")
    (inbox / "loop.pdf").symlink_to("loop.pdf")
    (inbox / "passwd.pdf").symlink_to("/etc/passwd")
    (inbox / "x.pdf").mkdir()
    (inbox / "x.pdf" / "inner.pdf").write_bytes(b"1")
    (inbox / "outside").symlink_to("/etc")
    listing = list_inbox(inbox)
    assert [e.path for e in listing.entries] == [b"x.pdf/inner.pdf"]
    told = to_blocked(listing, {}, 0.0)
    assert {b.name for b in told} == {"fifo.pdf", "dangling.pdf", "loop.pdf", "passwd.pdf", "outside"}
    assert {b.code for b in told} == {"E_NOT_FILE"}


def test_a_file_rests_when_two_looks_three_seconds_apart_see_the_same() -> None:
    first, later = Identity(b"a", 1, 10, 1), Identity(b"a", 1, 20, 2)
    seen, ready = ripen({}, [first], 0.0, 3.0)
    assert ready == ()
    seen, ready = ripen(seen, [first], 2.9, 3.0)
    assert ready == ()
    seen, ready = ripen(seen, [later], 3.0, 3.0)
    assert ready == ()
    seen, ready = ripen(seen, [later], 5.9, 3.0)
    assert ready == ()
    seen, ready = ripen(seen, [later], 6.0, 3.0)
    assert ready == (later,)
    seen, ready = ripen(seen, [], 7.0, 3.0)
    assert seen == {}


def test_a_file_that_is_open_for_writing_does_not_rest(inbox: Path, out: OutputFolder) -> None:
    with (inbox / "a.pdf").open("wb") as writing:
        writing.write(b"half")
        writing.flush()
        with pytest.raises(NotResting):
            claim(inbox, only(inbox), out)
    claim(inbox, only(inbox), out)


def test_a_file_that_changed_or_went_away_since_it_was_seen_is_left(inbox: Path, out: OutputFolder) -> None:
    path = inbox / "a.pdf"
    path.write_bytes(b"1")
    entry = only(inbox)
    path.write_bytes(b"12")
    with pytest.raises(NotResting):
        claim(inbox, entry, out)
    path.unlink()
    with pytest.raises(NotResting):
        claim(inbox, entry, out)
    assert not out.store.exists()
    assert not list(out.making.iterdir())


def test_a_file_that_changes_while_it_is_copied_is_left(
    inbox: Path, out: OutputFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = inbox / "a.pdf"
    path.write_bytes(b"1")

    def change(point: str) -> None:
        if point == "claim.copying":
            path.write_bytes(b"other")

    monkeypatch.setattr("flows.intake.reach", change)
    with pytest.raises(NotResting):
        claim(inbox, only(inbox), out)
    assert not out.store.exists()


def test_a_link_put_in_place_of_file_or_folder_is_not_followed(inbox: Path, out: OutputFolder) -> None:
    (inbox / "b").mkdir()
    (inbox / "b" / "a.pdf").write_bytes(b"1")
    entry = only(inbox)
    (inbox / "b").rename(inbox.parent / "elsewhere")
    (inbox / "b").symlink_to(inbox.parent / "elsewhere")
    with pytest.raises(InaccessibleSource):
        claim(inbox, entry, out)


def test_a_full_disk_leaves_nothing_half(inbox: Path, out: OutputFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "a.pdf").write_bytes(b"1")

    def full(point: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.intake.reach", full)
    with pytest.raises(StorageError):
        claim(inbox, only(inbox), out)
    assert not out.store.exists()
    assert not list(out.making.iterdir())


def test_stored_bytes_cannot_be_written_and_the_original_is_untouched(inbox: Path, out: OutputFolder) -> None:
    path = inbox / "a.pdf"
    path.write_bytes(b"1")
    before = path.stat()
    taken = claim(inbox, only(inbox), out)
    assert out.stored(taken.sha256).stat().st_mode & 0o222 == 0
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns, before.st_mode) == (after.st_ino, after.st_mtime_ns, after.st_mode)


def test_moving_keeps_batches_and_replaces_nothing(inbox: Path) -> None:
    make_done_folder(inbox)
    for content in (b"1", b"22"):
        (inbox / "b").mkdir(exist_ok=True)
        (inbox / "b" / "a.pdf").write_bytes(content)
        move_away(inbox, only(inbox))
    assert list_inbox(inbox).entries == ()
    assert sorted(p.read_bytes() for p in (inbox / "done" / "b").iterdir()) == [b"1", b"22"]


def test_a_file_that_is_another_by_now_is_not_moved(inbox: Path) -> None:
    make_done_folder(inbox)
    (inbox / "a.pdf").write_bytes(b"1")
    entry = only(inbox)
    (inbox / "a.pdf").write_bytes(b"22")
    move_away(inbox, entry)
    assert (inbox / "a.pdf").exists()


def test_a_done_folder_of_somebody_else_is_a_batch_and_refused_for_moving(inbox: Path) -> None:
    (inbox / "done").mkdir()
    (inbox / "done" / "a.pdf").write_bytes(b"1")
    assert [e.path for e in list_inbox(inbox).entries] == [b"done/a.pdf"]
    with pytest.raises(InputError):
        make_done_folder(inbox)
