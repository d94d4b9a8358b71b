"""Nothing half: whatever is written is at its final name whole, or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from flows.store import (
    OutputFolder,
    copy_untouched,
    discard_file,
    discard_folder,
    file_sha256,
    made_file,
    made_folder,
    opened_output,
)
from ocr.errors import InaccessibleSource, StorageError


@pytest.fixture
def out(tmp_path: Path) -> OutputFolder:
    folder = OutputFolder(tmp_path / "out")
    folder.making.mkdir(parents=True)
    return folder


def leftovers(out: OutputFolder) -> list[Path]:
    return list(out.making.iterdir())


class Killed(BaseException):
    """Stands for whatever ends a run in the middle."""


def write_half(path: Path) -> None:
    path.write_bytes(b"half")
    raise Killed


def test_a_file_appears_whole_under_its_name(out: OutputFolder) -> None:
    target = out.dataset / "cells" / "a.parquet"
    with made_file(target, out) as draft:
        draft.write_bytes(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert not leftovers(out)


def test_a_crash_while_writing_a_file_leaves_the_old_one_and_nothing_else(out: OutputFolder) -> None:
    target = out.root / "a"
    target.write_bytes(b"old")
    with pytest.raises(Killed), made_file(target, out) as draft:
        write_half(draft)
    assert target.read_bytes() == b"old"
    assert not leftovers(out)


def test_a_folder_takes_the_place_of_the_old_one_without_mixing(out: OutputFolder) -> None:
    target = out.document("ab")
    for name in ("first", "second"):
        with made_folder(target, out) as draft:
            (draft / "tables").mkdir()
            (draft / "tables" / name).write_bytes(b"x")
    assert [p.name for p in (target / "tables").iterdir()] == ["second"]
    assert not leftovers(out)


def test_a_crash_while_filling_a_folder_leaves_the_old_one_and_nothing_else(out: OutputFolder) -> None:
    target = out.document("ab")
    with made_folder(target, out) as draft:
        (draft / "old").touch()
    with pytest.raises(Killed), made_folder(target, out) as draft:
        write_half(draft / "half")
    assert [p.name for p in target.iterdir()] == ["old"]
    assert not leftovers(out)


def test_a_full_disk_is_a_storage_error_that_names_the_place(out: OutputFolder) -> None:
    target = out.root / "a"
    with pytest.raises(StorageError, match="No space left") as caught, made_file(target, out):
        raise OSError(28, "No space left on device")
    assert caught.value.where == str(target)
    assert not leftovers(out)


def test_opening_clears_what_a_killed_run_left_and_locks(tmp_path: Path) -> None:
    with opened_output(tmp_path / "out") as out:
        (out.making / "half").mkdir()
        (out.making / "half" / "file").touch()
        with pytest.raises(StorageError, match="another run"), opened_output(tmp_path / "out"):
            pass
    with opened_output(tmp_path / "out") as out:
        assert not leftovers(out)


def test_an_output_that_is_a_file_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(StorageError), opened_output(tmp_path / "out"):
        pass


def test_what_is_discarded_is_gone_and_what_is_absent_is_no_error(out: OutputFolder) -> None:
    with made_file(out.dataset / "cells" / "a", out) as draft:
        draft.touch()
    discard_file(out.dataset / "cells" / "a")
    discard_file(out.dataset / "cells" / "a")
    assert not (out.dataset / "cells").exists()
    with made_folder(out.quarantined("ab"), out):
        pass
    discard_folder(out.quarantined("ab"), out)
    discard_folder(out.quarantined("ab"), out)
    assert not out.quarantined("ab").exists()


def test_a_copy_that_differs_from_what_was_read_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a"
    source.write_bytes(b"before")
    sha256 = file_sha256(source)
    assert sha256 == hashlib.sha256(b"before").hexdigest()
    copy_untouched(source, tmp_path / "same", sha256)
    source.write_bytes(b"after")
    with pytest.raises(InaccessibleSource, match="changed"):
        copy_untouched(source, tmp_path / "other", sha256)


def test_what_is_no_readable_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.pdf")
    (tmp_path / "loop.pdf").symlink_to(tmp_path / "loop.pdf")
    for path in (tmp_path / "fifo.pdf", tmp_path / "loop.pdf", tmp_path / "gone.pdf", tmp_path):
        with pytest.raises(InaccessibleSource):
            file_sha256(path)
