"""Which files a command line means, and how they may be called.

A file that is named is taken whatever its name says; a folder gives the files below it that look like documents.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ocr.errors import ScanledgerError

SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg"})
_UNFINISHED = ("~$", "._", ".")


class InputError(ScanledgerError):
    """The command line asks for what cannot be."""

    code = "E_INPUT"
    remedy = "See `scanledger run --help`."


def find_sources(inputs: Sequence[Path], out: Path) -> tuple[Path, ...]:
    """The files to read, each once, those of a folder in the order of their names.

    Raises InputError for an input that does not exist, for a folder without a document, and when inputs and output
    lie within each other (the next run would read what this one wrote).
    """
    found: dict[Path, None] = {}
    for given in inputs:
        require_apart(given, out)
        for path in _sources_of(given):
            found.setdefault(path.absolute())
    return tuple(found)


def _sources_of(given: Path) -> tuple[Path, ...]:
    if given.is_dir():
        return _sources_below(given)
    if not os.path.lexists(given):
        raise InputError("there is no such file or folder", where=printable(given), remedy="Check the path.")
    return (given,)


def _sources_below(folder: Path) -> tuple[Path, ...]:
    found = tuple(sorted(p for p in _files_below(folder) if looks_like_document(p.name)))
    if not found:
        remedy = "Give a folder that holds PDF, TIFF, PNG or JPEG files, or name the files."
        raise InputError("this folder holds no document", where=printable(folder), remedy=remedy)
    return found


def _files_below(folder: Path) -> Iterator[Path]:
    """Regular files; links to folders are not followed, so a loop of links ends."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (path for path in (Path(parent, name) for name in names) if path.is_file())


def looks_like_document(name: str) -> bool:
    """By its suffix; hidden and unfinished files are none."""
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith(_UNFINISHED)


def require_apart(given: Path, out: Path) -> None:
    """Raises InputError when one of the two lies within the other."""
    if not given.is_dir():
        return
    folder, output = given.resolve(), out.resolve()
    remedy = "Give an --out beside the inputs."
    if output.is_relative_to(folder):
        raise InputError("the output would lie inside this input", where=printable(given), remedy=remedy)
    if folder.is_relative_to(output):
        raise InputError("this input lies inside the output", where=printable(given), remedy=remedy)


def printable(path: Path | str) -> str:
    """A path as text that any log, database or JSON file can hold.

    Names are bytes: those that are not UTF-8 are read as GB 18030, as old Chinese systems write them, and failing
    that get escapes.
    """
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def displayable(text: str) -> str:
    """Text that cannot command a terminal: control and direction characters become escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def displayable_lines(lines: Iterable[str]) -> str:
    return "\n".join(map(displayable, lines))
