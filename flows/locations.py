"""Inputs and outputs that are not on this machine's disk: any location of fsspec, such as `s3://bucket/prefix`.

Work goes on on the disk: what is to be read is fetched first, and a document that is done is sent. One object is whole or
not there (a PUT is atomic); of a document's objects `document.json` is sent last, and of the dataset `documents`, so that
whoever finds those finds the rest. What the output does not hold any more (a document that left the dataset) is removed
before what took its place is sent. Only importer of fsspec.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from flows.sources import InputError, looks_like_document
from flows.store import OutputFolder
from ocr.errors import StorageError

_PROTOCOL = "://"
_SENT = ("dataset", "documents", "quarantine", "data_docs")
_TABLES = ("cells", "facts", "indicators", "narrative", "tables", "checks", "documents")
_DATASET_MARKS = ("cells", "over_years")  # cells are sent first and removed last: where they are not, there is nothing
_LAST = ("document.json", "reason.json")


def split_locations(given: Sequence[str | Path]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Paths, and locations of fsspec."""
    urls = tuple(str(text) for text in given if _PROTOCOL in str(text))
    return tuple(Path(text) for text in given if str(text) not in urls), urls


def work_folder(chosen: Path | None, url: str) -> Path:
    """The folder of this machine in which the output for a location is made. Kept: finished pages are in it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    own = hashlib.sha256(url.rstrip("/").encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return (chosen or cache / "scanledger" / "work") / own


@dataclass(frozen=True, slots=True)
class Location:
    """A place that fsspec knows. fs: its file system; root: the path within it, without a slash at the end."""

    url: str
    fs: Any
    root: str

    def at(self, name: str) -> str:
        return f"{self.root}/{name}" if name else self.root


def open_location(url: str) -> Location:
    """Raises InputError for a protocol that fsspec does not know, or whose package is not installed."""
    import fsspec

    try:
        fs, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        remedy = "pip install 'scanledger[s3]'" if url.startswith("s3") else "Install the package that it names."
        raise InputError(f"this kind of location needs a package: {error}", where=url, remedy=remedy) from error
    except ValueError as error:
        raise InputError(f"no location: {error}", where=url, remedy="Give a path, or s3://BUCKET/PREFIX.") from error
    return Location(url.rstrip("/"), fs, root.rstrip("/"))


def fetch(url: str, folder: Path) -> tuple[Path, ...]:
    """The documents at a location, or the one it names, as files below ``folder``, in the order of their names.

    Each has a folder of its own, so that it keeps its name. Raises InputError where there is none, StorageError where
    the location does not answer.
    """
    place = open_location(url)
    with _errors(place):
        found = sorted(str(name) for name in place.fs.find(place.root))
    wanted = [n for n in found if looks_like_document(PurePosixPath(n).name)] if found != [place.root] else found
    if not wanted:
        remedy = "Name a file, or a prefix under which PDF, TIFF, PNG or JPEG files lie."
        raise InputError("there is no document at this location", where=url, remedy=remedy)
    return tuple(_fetched(place, name, folder) for name in wanted)


def _fetched(place: Location, name: str, folder: Path) -> Path:
    own = folder / hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    target = own / PurePosixPath(name).name
    own.mkdir(parents=True, exist_ok=True)
    with _errors(place):
        place.fs.get_file(name, str(target))
    return target


class Sender:
    """Sends documents to a location. What the location has of the dataset is listed once, when it is opened."""

    def __init__(self, out: OutputFolder, place: Location) -> None:
        self._out, self._place = out, place
        with _errors(place):
            self._rows = {name for folder in _DATASET_MARKS for name in _below(place, f"dataset/{folder}")}

    def send(self, document_id: str) -> None:
        """All that the output holds of a document, and nothing else of it. Raises StorageError."""
        local = set(_names_of(self._out, document_id))
        with _errors(self._place):
            for name in sorted(self._stale(document_id, local), key=_sending_order, reverse=True):
                if self._place.fs.exists(self._place.at(name)):
                    self._place.fs.rm_file(self._place.at(name))
            for name in sorted(local, key=_sending_order):
                _put(self._place, self._out.root / name, name)

    def send_index(self) -> None:
        """The page that lists all Data Docs, and whatever else there belongs to no single document."""
        with _errors(self._place):
            for path in sorted(self._out.data_docs.glob("*")):
                if path.is_file():
                    _put(self._place, path, path.relative_to(self._out.root).as_posix())

    def _stale(self, document_id: str, local: set[str]) -> set[str]:
        """What the location has of this document and the output has not."""
        rows = {name for name in self._rows if document_id in name}
        for name in [name for name in rows if name.startswith("dataset/cells/")]:
            rows |= {name.replace("/cells/", f"/{table}/", 1) for table in _TABLES}
        others = {n for folder in ("documents", "quarantine") for n in _below(self._place, f"{folder}/{document_id}")}
        return (rows | others) - local


def _below(place: Location, folder: str) -> Iterator[str]:
    """Names of the objects there, from the root of the location."""
    place.fs.invalidate_cache()
    for found in place.fs.find(place.at(folder)):
        yield str(found)[len(place.root) :].lstrip("/")


def _put(place: Location, path: Path, name: str) -> None:
    target = place.at(name)
    place.fs.makedirs(target.rpartition("/")[0], exist_ok=True)
    place.fs.pipe_file(target, path.read_bytes())


def _sending_order(name: str) -> tuple[int, str]:
    """Data first, then what says that there are data: the dataset before the document, `document.json` the very last."""
    part = name.split("/")[0]
    is_last = name.rpartition("/")[2] in _LAST or name.startswith("dataset/documents/")
    return (10 if is_last else 0) + _SENT.index(part), name


def _names_of(out: OutputFolder, document_id: str) -> Iterator[str]:
    for folder in _SENT:
        for path in (out.root / folder).rglob(f"*{document_id}*"):
            yield from _files_at(path, out.root)


def _files_at(path: Path, root: Path) -> Iterator[str]:
    files: Iterable[Path] = path.rglob("*") if path.is_dir() else (path,)
    yield from (file.relative_to(root).as_posix() for file in files if file.is_file())


@contextmanager
def _errors(place: Location) -> Iterator[None]:
    """What a location raises becomes StorageError that names it."""
    errors: tuple[type[Exception], ...] = (OSError, ValueError, *_library_errors())
    try:
        yield
    except errors as error:
        remedy = "See that the location exists, that its credentials are set, and that it answers."
        raise StorageError(f"{type(error).__name__}: {error}", where=place.url, remedy=remedy) from error


def _library_errors() -> tuple[type[Exception], ...]:
    """Those of S3's client that are no OSError, where it is installed."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return ()
    return BotoCoreError, ClientError
