"""The output folder: where things lie in it, and how they get there whole.

    OUT/documents/<id>/      document.json, tables/
    OUT/store/<sha256>       the bytes of every file that was taken from a watched folder
    OUT/quarantine/<id>/     the untouched original of a rejected file, reason.json
    OUT/dataset/             parquet (flows.dataset)
    OUT/data_docs/           Data Docs (expectations.docs)
    OUT/.scanledger/         ours alone: finished pages, a lock, and `making/`, where everything is written first

Nothing is written under its final name. A file or folder is made in `making/` (same file system, outside all that
readers look at), flushed to the disk, renamed into place, and the folder it came into flushed too. A folder that is
replaced is moved aside first, so for an instant it is absent; it is never half old and half new.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ocr.errors import InaccessibleSource, StorageError

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """The places below one OUT."""

    root: Path

    @property
    def dataset(self) -> Path:
        return self.root / "dataset"

    @property
    def data_docs(self) -> Path:
        return self.root / "data_docs"

    @property
    def pages(self) -> Path:
        return self.root / ".scanledger" / "pages"

    @property
    def making(self) -> Path:
        return self.root / ".scanledger" / "making"

    @property
    def store(self) -> Path:
        return self.root / "store"

    def stored(self, sha256: str) -> Path:
        return self.store / sha256

    def document(self, document_id: str) -> Path:
        return self.root / "documents" / document_id

    def quarantined(self, document_id: str) -> Path:
        return self.root / "quarantine" / document_id


@contextmanager
def storage_errors(where: Path) -> Iterator[None]:
    """OSError while writing becomes StorageError that names the place."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write: {error.strerror or error}", where=str(where)) from error


@contextmanager
def opened_output(root: Path) -> Iterator[OutputFolder]:
    """The output folder, made if need be, locked against a second run, and cleared of what a killed run left.

    Raises StorageError when it cannot be written, or when another run is writing into it.
    """
    out = OutputFolder(root)
    with storage_errors(root):
        out.making.mkdir(parents=True, exist_ok=True)
        lock = os.open(root / ".scanledger" / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(lock, root)
        with storage_errors(root):
            for leftover in out.making.iterdir():
                _remove(leftover)
        yield out
    finally:
        os.close(lock)


def _take(lock: int, root: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        remedy = "Wait for the other run to end, or give another --out."
        raise StorageError("another run is writing into this folder", where=str(root), remedy=remedy) from error


@contextmanager
def made_file(target: Path, out: OutputFolder) -> Iterator[Path]:
    """A path to write; when the block ends well the file is at ``target``, else nothing of it is left anywhere."""
    draft = out.making / f"{uuid4().hex}{target.suffix}"
    with storage_errors(target):
        try:
            yield draft
            _flush(draft)
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(target)
            _flush(target.parent)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def made_folder(target: Path, out: OutputFolder) -> Iterator[Path]:
    """An empty folder to fill; when the block ends well it stands at ``target`` in place of what stood there."""
    draft = out.making / uuid4().hex
    with storage_errors(target):
        try:
            draft.mkdir(parents=True)
            yield draft
            for path in [*draft.rglob("*"), draft]:
                _flush(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            discard_folder(target, out)
            draft.rename(target)
            _flush(target.parent)
        finally:
            _remove(draft)


@contextmanager
def merged_folder(target: Path, out: OutputFolder) -> Iterator[Path]:
    """An empty folder to fill; when the block ends well each of its files takes its place below ``target``, whole."""
    draft = out.making / uuid4().hex
    with storage_errors(target):
        try:
            draft.mkdir(parents=True)
            yield draft
            files = [path for path in sorted(draft.rglob("*")) if path.is_file()]
            for path in files:
                _flush(path)
            for path in files:
                place = target / path.relative_to(draft)
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)
        finally:
            _remove(draft)


def discard_folder(target: Path, out: OutputFolder) -> None:
    """Takes a folder away in one step, if it is there."""
    with storage_errors(target):
        if target.is_dir():
            aside = out.making / uuid4().hex
            target.rename(aside)
            _flush(target.parent)
            _remove(aside)


def discard_file(target: Path) -> None:
    """Takes a file away, if it is there, and its folder when that is empty then."""
    with storage_errors(target):
        if target.exists():
            target.unlink()
            _flush(target.parent)
            if not any(target.parent.iterdir()):
                target.parent.rmdir()


def copy_untouched(source: Path, target: Path, sha256: str) -> None:
    """Copies a file byte by byte. Raises InaccessibleSource when it is not the file any more that was read before."""
    digest = hashlib.sha256()
    with target.open("xb") as writing:
        for chunk in _chunks(source):
            digest.update(chunk)
            writing.write(chunk)
    if digest.hexdigest() != sha256:
        remedy = "Wait until nobody writes the file any more, and run again."
        raise InaccessibleSource("the file changed while it was being read", remedy=remedy)


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes. Raises InaccessibleSource for anything but a readable regular file."""
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes. O_NONBLOCK: opening a fifo must not wait for whoever writes into it."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as reading:
            if not stat.S_ISREG(os.fstat(reading.fileno()).st_mode):
                raise InaccessibleSource("this is no regular file", remedy="Give a file.")
            while chunk := reading.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise InaccessibleSource(f"the file cannot be read: {error.strerror or error}") from error


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
