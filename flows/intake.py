"""What lies in a watched folder, and how a file of it becomes ours.

    inbox --list_inbox--> Listing --ripen--> entries that rest --claim--> bytes under OUT/store/<sha256>

Folder events are only a hint, so the folder is listed again and again. A file rests when its size, time and inode were
the same in two looks at least ``settle_seconds`` apart, and nobody has it open for writing where the kernel can tell.
It is opened without following a link and without waiting; what it is, is asked of the open file. The bytes are hashed
as they are copied, and the file must be the same after as before.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.failpoints import reach
from flows.ledger import Blocked, Identity
from flows.sources import SUFFIXES, InputError, printable
from flows.store import OutputFolder, made_file
from ocr.errors import InaccessibleSource, StorageError

DONE = b"done"
DONE_MARK = b".scanledger-done"
SETTLE_SECONDS = 3.0
_CHUNK = 1 << 20
_UNFINISHED_ENDS = (b".part", b".tmp", b".crdownload", b".filepart", b".partial", b".download", b".swp", b"~")
_UNFINISHED_STARTS = (b"~$", b"._", b".~")
_OF_THE_SYSTEM = re.compile(rb"(?i)(thumbs\.db|desktop\.ini)\Z")


class NotResting(Exception):
    """The file changed, or went away, while it was being taken: it will be looked at again."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at the inbox. unfinished: paths of files that wait for their rename; odd: what is no file."""

    entries: tuple[Identity, ...] = ()
    unfinished: tuple[bytes, ...] = ()
    odd: tuple[tuple[bytes, str], ...] = ()


def list_inbox(inbox: Path) -> Listing:
    """Every entry below the inbox; sub-folders are batches, links to folders are not followed."""
    entries: list[Identity] = []
    unfinished: list[bytes] = []
    odd: list[tuple[bytes, str]] = []
    for path, found in _walk(os.fsencode(inbox), b""):
        if stat.S_ISREG(found.st_mode):
            if is_unfinished(path.rpartition(b"/")[2]):
                unfinished.append(path)
            else:
                entries.append(Identity(path, found.st_ino, found.st_size, found.st_mtime_ns))
        else:
            odd.append((path, _kind(found.st_mode)))
    return Listing(tuple(sorted(entries, key=lambda e: e.path)), tuple(sorted(unfinished)), tuple(sorted(odd)))


def _walk(root: bytes, below: bytes) -> Iterator[tuple[bytes, os.stat_result]]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(os.path.join(root, below)) as folder:  # noqa: PTH118 - bytes
        for entry in folder:
            path = below + b"/" + entry.name if below else entry.name
            with suppress(FileNotFoundError):
                if not entry.is_dir(follow_symlinks=False):
                    yield path, entry.stat(follow_symlinks=False)
                elif not _is_ours(entry, below):
                    yield from _walk(root, path)


def _is_ours(folder: os.DirEntry[bytes], below: bytes) -> bool:
    """A hidden folder, or the one that finished files are moved to."""
    return folder.name.startswith(b".") or (
        not below and folder.name == DONE and os.path.lexists(os.path.join(folder.path, DONE_MARK))  # noqa: PTH118 - bytes
    )


def is_unfinished(name: bytes) -> bool:
    """By its name: what a program that copies or edits calls a file until it is done, and what systems leave behind.

    A hidden file counts as unfinished unless it is called like a document (rsync: `.a.pdf.Xy12Qz`).
    """
    lower = name.lower()
    if lower.endswith(_UNFINISHED_ENDS) or name.startswith(_UNFINISHED_STARTS) or _OF_THE_SYSTEM.match(name):
        return True
    return name.startswith(b".") and not lower.endswith(tuple(map(str.encode, SUFFIXES)))


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISLNK, "a symbolic link"), (stat.S_ISFIFO, "a fifo"), (stat.S_ISSOCK, "a socket"))
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device")


Seen = Mapping[bytes, tuple[Identity, float]]
"""path -> how the file was when it was first seen so, and when that was."""


def ripen(
    seen: Seen, entries: Iterable[Identity], now: float, settle_seconds: float
) -> tuple[Seen, tuple[Identity, ...]]:
    """What was seen by now, and which of the entries rest: as they were in an earlier look, long enough ago."""
    found: dict[bytes, tuple[Identity, float]] = {}
    ready = []
    for entry in entries:
        before = seen.get(entry.path)
        if before is not None and before[0] == entry:
            found[entry.path] = before
            if now - before[1] >= settle_seconds:
                ready.append(entry)
        else:
            found[entry.path] = (entry, now)
    return found, tuple(ready)


@dataclass(frozen=True, slots=True)
class Claim:
    """A file of the inbox whose bytes are in the store."""

    identity: Identity
    sha256: str


def claim(inbox: Path, entry: Identity, out: OutputFolder) -> Claim:
    """Copies a resting file into the store. Raises NotResting, InaccessibleSource, StorageError."""
    with _opened(inbox, entry) as descriptor:
        reach_in("claim.opened", out)
        before = _identity(entry.path, descriptor)
        if before != entry:
            raise NotResting
        _require_no_writer(descriptor)
        sha256, draft = _copied(descriptor, out)
        try:
            if _identity(entry.path, descriptor) != before:
                raise NotResting
            _keep(draft, sha256, out)
        finally:
            draft.unlink(missing_ok=True)
    reach_in("claim.stored", out)
    return Claim(entry, sha256)


def reach_in(point: str, out: OutputFolder) -> None:
    """A fail point whose full disk is a StorageError, as where something is really written."""
    try:
        reach(point)
    except OSError as error:
        raise StorageError(f"cannot write: {error.strerror}", where=str(out.root)) from error


@contextmanager
def _opened(inbox: Path, entry: Identity) -> Iterator[int]:
    """The file, opened folder by folder from the inbox, none of which may be a link."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    *folders, name = entry.path.split(b"/")
    held = [os.open(inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]
    try:
        for folder in folders:
            held.append(os.open(folder, flags | os.O_DIRECTORY, dir_fd=held[-1]))
        held.append(os.open(name, flags, dir_fd=held[-1]))
        if not stat.S_ISREG(os.fstat(held[-1]).st_mode):
            raise NotResting
        yield held[-1]
    except FileNotFoundError as error:
        raise NotResting from error
    except OSError as error:
        raise InaccessibleSource(f"the file cannot be read: {error.strerror}", where=_name(name)) from error
    finally:
        for descriptor in reversed(held):
            os.close(descriptor)


def _identity(path: bytes, descriptor: int) -> Identity:
    found = os.fstat(descriptor)
    return Identity(path, found.st_ino, found.st_size, found.st_mtime_ns)


def _require_no_writer(descriptor: int) -> None:
    """A read lease is granted only where nobody has the file open for writing; not every file system knows leases."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError as error:
        raise NotResting from error
    except OSError:
        return


def _copied(descriptor: int, out: OutputFolder) -> tuple[str, Path]:
    """(hex SHA-256, where the copy is)."""
    digest = hashlib.sha256()
    draft = out.making / f"claim-{os.getpid()}"
    try:
        with draft.open("wb") as writing:
            while chunk := os.read(descriptor, _CHUNK):
                digest.update(chunk)
                writing.write(chunk)
                reach("claim.copying")
            writing.flush()
            os.fsync(writing.fileno())
        reach("claim.copied")
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageError(f"cannot write: {error.strerror}", where=str(out.store)) from error
    return digest.hexdigest(), draft


def _keep(draft: Path, sha256: str, out: OutputFolder) -> None:
    """The copy under its name, unless the same bytes are there already."""
    target = out.stored(sha256)
    if target.is_file() and target.stat().st_size == draft.stat().st_size:
        return
    with made_file(target, out) as place:
        draft.chmod(0o444)
        draft.rename(place)


def move_away(inbox: Path, entry: Identity) -> None:
    """Puts a file that is in the store under inbox/done/, unless it is another one by now. Raises StorageError."""
    root = os.fsencode(inbox)
    source = root + b"/" + entry.path
    try:
        found = os.lstat(source)
        if Identity(entry.path, found.st_ino, found.st_size, found.st_mtime_ns) != entry:
            return
        target = root + b"/" + DONE + b"/" + entry.path
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - bytes
        reach("move.before")
        os.rename(source, _free_name(target, entry))  # noqa: PTH104 - bytes
        reach("move.after")
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(
            f"the file cannot be moved: {error.strerror}", where=printable(os.fsdecode(source))
        ) from error


def _free_name(target: bytes, entry: Identity) -> bytes:
    """The target, or a name beside it that is free; nothing in done/ is ever replaced."""
    folder, _, name = target.rpartition(b"/")
    number = 1
    while os.path.lexists(target):
        number += 1
        target = folder + b"/%d-" % number + name[-200:]
    return target


def make_done_folder(inbox: Path) -> None:
    """inbox/done/ with our mark. Raises InputError for a folder of that name that holds something and is not ours."""
    done = inbox / os.fsdecode(DONE)
    try:
        done.mkdir(exist_ok=True)
        mark = done / os.fsdecode(DONE_MARK)
        if not mark.exists() and any(done.iterdir()):
            remedy = "Rename that folder: --move-done needs the name for itself."
            raise InputError(
                "there is a folder done/ with files of somebody else", where=printable(done), remedy=remedy
            )
        mark.touch()
    except OSError as error:
        raise StorageError(f"cannot write: {error.strerror}", where=printable(done)) from error


def to_blocked(listing: Listing, failed: Mapping[bytes, InaccessibleSource], now: float) -> tuple[Blocked, ...]:
    """What status shall tell of the entries that cannot be taken."""
    odd = [
        Blocked(path, _name(path), "E_NOT_FILE", f"this is {kind}, which is not taken", now)
        for path, kind in listing.odd
    ]
    waits = [
        Blocked(path, _name(path), "E_UNFINISHED", "its name says that it is not complete yet", now)
        for path in listing.unfinished
    ]
    refused = [Blocked(path, _name(path), error.code, error.message, now) for path, error in failed.items()]
    return (*odd, *waits, *refused)


def _name(path: bytes) -> str:
    return printable(os.fsdecode(path))
