"""Finished pages, kept so that no page is read twice: a second run does no OCR, a killed run repeats one page a worker.

The key is content, not code objects: SHA-256 of the file, page number, and a fingerprint of everything else that
determines the result (options of all stages, the engine and its models, the version of the page pipeline). A page
that failed is not kept. A file that is damaged, or was written by another version, counts as absent.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from flows.codec import decode, encode
from flows.failpoints import reach
from flows.pipeline import PageTables
from flows.store import OutputFolder, made_file, storage_errors
from ocr.geometry import BBox
from ocr.values import Reading


@dataclass(frozen=True, slots=True)
class PageKey:
    """What determines a page's result. fingerprint: hex digest of options, engine and version."""

    sha256: str
    page_number: int
    fingerprint: str


def keep_page(out: OutputFolder, key: PageKey, page: PageTables) -> None:
    """Writes a finished page. Raises StorageError; ValueError for a page that failed."""
    if page.facts.failures:
        raise ValueError("a failed page is not kept: it deserves another try")
    text = json.dumps({"key": encode(key), "page": encode(page)}, separators=(",", ":"))
    with made_file(_place(out, key), out) as draft:
        draft.write_bytes(gzip.compress(text.encode("ascii"), compresslevel=3, mtime=0))
        reach("page.keeping")
    with storage_errors(out.pages):
        reach("page.kept")


def kept_page(out: OutputFolder, key: PageKey) -> PageTables | None:
    """The page as it was read before, or None."""
    try:
        data = json.loads(gzip.decompress(_place(out, key).read_bytes()))
        if decode(PageKey, data["key"]) != key:
            return None
        return decode(PageTables, data["page"])
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError):
        return None


@dataclass(frozen=True, slots=True)
class KeptReadings:
    """Other readings of the cell with this box (page pixels) and this text."""

    bbox: BBox
    text: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _ReadingsFile:
    key: PageKey
    cells: tuple[KeptReadings, ...]


def keep_readings(out: OutputFolder, key: PageKey, cells: tuple[KeptReadings, ...]) -> None:
    """Writes what cells of a page gave when they were read again. Raises StorageError."""
    text = json.dumps(encode(_ReadingsFile(key, cells)), separators=(",", ":"))
    with made_file(_readings_place(out, key), out) as draft:
        draft.write_bytes(gzip.compress(text.encode("ascii"), compresslevel=3, mtime=0))


def kept_readings(out: OutputFolder, key: PageKey) -> tuple[KeptReadings, ...]:
    """What was read again on this page before; nothing where that is damaged or of another version."""
    try:
        kept = decode(_ReadingsFile, json.loads(gzip.decompress(_readings_place(out, key).read_bytes())))
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError):
        return ()
    return kept.cells if kept.key == key else ()


def _readings_place(out: OutputFolder, key: PageKey) -> Path:
    return _place(out, key).with_suffix("").with_suffix(".readings.gz")


def _place(out: OutputFolder, key: PageKey) -> Path:
    return out.pages / key.sha256[:16] / f"{key.page_number:05d}-{key.fingerprint[:16]}.json.gz"
