"""A source file before anybody opens it: its bytes, what it is by content, whether its end is there.

    path --read_source--> bytes --sniff_kind--> SourceKind --require_whole--> (notes)

Names say nothing: an HTML page called .pdf is refused here, a JPEG called .pdf is taken as the JPEG it is. Decoders
fill the missing part of a file that was cut short with white or grey and say nothing, so the end marks are checked
here, by content, before any decoder looks.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ocr.errors import EmptySource, InaccessibleSource, TruncatedSource, UnsupportedSource


class SourceKind(StrEnum):
    PDF = "pdf"
    TIFF = "tiff"
    PNG = "png"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """What is taken in at all.

    follow_links: whether a symbolic link may stand for the file it names.
    """

    max_pages: int = 10_000
    max_bytes: int = 2**31
    follow_links: bool = False


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A file that can be rasterised. sha256 is hex.

    notes: stable words: 'misnamed', 'no_end_mark', 'repaired', 'owner_password', 'embedded_files', 'javascript',
    'launch_actions', 'not_searched' (too many objects to look for the last three).
    embedded_files: their names, as far as they have any; at most 100, each cut at 255 characters.
    """

    sha256: str
    source_name: str
    kind: SourceKind
    n_pages: int
    notes: tuple[str, ...] = ()
    embedded_files: tuple[str, ...] = ()


def source_name(path: Path) -> str:
    """The file's name as text that any log or database can hold; names in GBK, as old systems write them, are read."""
    raw = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def read_source(path: Path, limits: SourceLimits) -> bytes:
    """The file's bytes. Raises InaccessibleSource for anything but a readable regular file, EmptySource for none."""
    where = source_name(path)
    try:
        descriptor = os.open(path, _open_flags(limits))
    except OSError as error:
        raise InaccessibleSource(_why_not_opened(path, error), where=where) from error
    try:
        data = _read_regular(descriptor, limits, where)
    finally:
        os.close(descriptor)
    if not data:
        raise EmptySource("the file is empty", where=where)
    return data


def _read_regular(descriptor: int, limits: SourceLimits, where: str) -> bytes:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        raise InaccessibleSource("this is not a regular file", where=where, remedy="Give a file.")
    if facts.st_size > limits.max_bytes:
        raise InaccessibleSource(
            f"the file holds {facts.st_size} bytes, more than the {limits.max_bytes} allowed",
            where=where,
            remedy="Split the file, or raise the limit in the settings.",
        )
    return _read(descriptor, facts.st_size, where)


def _open_flags(limits: SourceLimits) -> int:
    """O_NONBLOCK: a fifo without a writer must not hang the program."""
    return os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if limits.follow_links else os.O_NOFOLLOW)


def _why_not_opened(path: Path, error: OSError) -> str:
    if path.is_symlink():
        return f"this is a symbolic link, which is not followed ({error.strerror})"
    return f"the file cannot be opened: {error.strerror}"


def _read(descriptor: int, size: int, where: str) -> bytes:
    parts, left = [], size
    try:
        while left and (part := os.read(descriptor, left)):
            parts.append(part)
            left -= len(part)
    except OSError as error:
        raise InaccessibleSource(f"the file cannot be read: {error.strerror}", where=where) from error
    return b"".join(parts)


# --- what it is --------------------------------------------------------------------------------------------------

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", SourceKind.PNG),
    (b"\xff\xd8\xff", SourceKind.JPEG),
    (b"II*\0", SourceKind.TIFF),
    (b"MM\0*", SourceKind.TIFF),
    (b"II+\0", SourceKind.TIFF),
    (b"MM\0+", SourceKind.TIFF),
)
_FOREIGN = (
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%!PS", "a PostScript file"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)


def sniff_kind(data: bytes, where: str) -> SourceKind:
    """What the bytes are. A PDF may begin anywhere in the first 1024 bytes. Raises UnsupportedSource."""
    head = data[:1024]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    foreign = _foreign_name(head)
    if foreign is None and b"%PDF-" in head:
        return SourceKind.PDF
    raise UnsupportedSource(f"this is {foreign or 'neither a PDF nor an image'}", where=where)


def _foreign_name(head: bytes) -> str | None:
    if b"OFD.xml" in head:
        return "an OFD document"
    for magic, name in _FOREIGN:
        if head.startswith(magic) and b"%PDF-" not in head:
            return name
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if text.startswith(b"<") and _HTML.search(text.replace(b"\0", b"")):
        return "an HTML page"
    return None


# --- whether it is whole -----------------------------------------------------------------------------------------

_OBJECT = re.compile(rb"(?:^|\s)\d+\s+\d+\s+obj\b")


def require_whole(data: bytes, kind: SourceKind, where: str) -> tuple[str, ...]:
    """Notes on the end of the file. Raises TruncatedSource when its end is missing."""
    match kind:
        case SourceKind.PDF:
            return _require_whole_pdf(data, where)
        case SourceKind.PNG:
            whole = data.rfind(b"IEND") > 0
        case SourceKind.JPEG:
            # entropy-coded data never holds FF D9; a thumbnail's end mark stands before the last scan begins
            whole = data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda") > 0
        case SourceKind.TIFF:
            whole = _tiff_data_stop(data) <= len(data)
    if not whole:
        raise TruncatedSource("the end of the image is missing", where=where)
    return ()


def _require_whole_pdf(data: bytes, where: str) -> tuple[str, ...]:
    """A PDF that was cut within its last revision opens as the one before, or with blank pages: look at its end."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        return ("no_end_mark",)
    if _OBJECT.search(data, end):
        raise TruncatedSource("the file breaks off within its last revision", where=where)
    return ()


def _tiff_data_stop(data: bytes) -> int:
    """One past the last byte that the file's pages refer to; past the end of the file when it is cut short."""
    order = "<" if data[:2] == b"II" else ">"
    if data[2:4] in (b"+\0", b"\0+"):
        return 0  # BigTIFF: left to the decoder
    stop = 8
    try:
        for entries in _tiff_directories(data, order):
            stop = max(stop, *_block_stops(data, order, entries), 8)
    except struct.error:
        return len(data) + 1
    return stop


_Entries = dict[int, tuple[int, int, int]]
_OFFSETS_AND_COUNTS = ((273, 279), (324, 325))  # strips, tiles


def _tiff_directories(data: bytes, order: str) -> Iterator[_Entries]:
    """Each page's tags: tag -> (type, count, position of its value field). TIFF 6.0, section 2."""
    seen: set[int] = set()
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    while at and at not in seen:
        seen.add(at)
        (n,) = struct.unpack_from(f"{order}H", data, at)
        fields = [struct.unpack_from(f"{order}HHI", data, at + 2 + 12 * i) for i in range(n)]
        yield {tag: (kind, count, at + 10 + 12 * i) for i, (tag, kind, count) in enumerate(fields)}
        (at,) = struct.unpack_from(f"{order}I", data, at + 2 + 12 * n)


def _block_stops(data: bytes, order: str, entries: _Entries) -> list[int]:
    stops = [0]
    for offsets, counts in _OFFSETS_AND_COUNTS:
        if offsets in entries and counts in entries:
            starts = _tiff_values(data, order, entries[offsets])
            lengths = _tiff_values(data, order, entries[counts])
            stops += [a + n for a, n in zip(starts, lengths, strict=False)]
    return stops


def _tiff_values(data: bytes, order: str, entry: tuple[int, int, int]) -> tuple[int, ...]:
    kind, count, at = entry
    letter, size = ("H", 2) if kind == 3 else ("I", 4)
    if count * size > 4:
        (at,) = struct.unpack_from(f"{order}I", data, at)
    if count * size > len(data):
        raise struct.error("more values than bytes")
    return struct.unpack_from(f"{order}{count}{letter}", data, at)
