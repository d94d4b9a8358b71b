"""What a PDF carries besides its pages: files, JavaScript, programs it would start. Found by reading, never run.

    document of MuPDF --look_through--> notes, names of embedded files
    its objects as text --active_content--> notes

Actions stand anywhere: in the catalogue, on a page, in an annotation, in a name tree. So every object is looked at, as
the text that MuPDF makes of it without spaces; what stands within strings is no action.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

_MOST_OBJECTS = 500_000  # some 3 microseconds each
_MOST_NAMES, _LONGEST_NAME = 100, 255
_STRING = re.compile(r"\((?:\\.|[^\\()])*\)", re.DOTALL)
_SIGNS = {
    "embedded_files": re.compile(r"/EF\b"),
    "javascript": re.compile(r"/S/JavaScript\b|/JS\b"),
    "launch_actions": re.compile(r"/S/Launch\b"),
}


def active_content(objects: Iterable[str]) -> tuple[str, ...]:
    """Of 'embedded_files', 'javascript' and 'launch_actions' those that the objects of a PDF hold."""
    found = set()
    for text in objects:
        left = {note: sign for note, sign in _SIGNS.items() if note not in found and sign.search(text)}
        if left:
            bare = _STRING.sub("()", text)
            found |= {note for note, sign in left.items() if sign.search(bare)}
    return tuple(note for note in _SIGNS if note in found)


def look_through(document: Any, damage: tuple[type[Exception], ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Notes on what a PDF carries, 'not_searched' where it has too many objects, and the names of embedded files.

    damage: what PyMuPDF raises for an object that is none; such a one holds nothing.
    """
    stop = min(document.xref_length(), _MOST_OBJECTS + 1)
    notes = active_content(_texts(document, stop, damage))
    notes += ("not_searched",) if stop < document.xref_length() else ()
    if "embedded_files" not in notes:
        return notes, ()
    names = dict.fromkeys(name[:_LONGEST_NAME] for name in _names(document, stop, damage) if name)
    return notes, tuple(names)[:_MOST_NAMES]


def _texts(document: Any, stop: int, damage: tuple[type[Exception], ...]) -> Iterator[str]:
    for number in range(1, stop):
        with suppress(*damage):
            yield document.xref_object(number, compressed=True)


def _names(document: Any, stop: int, damage: tuple[type[Exception], ...]) -> Iterator[str]:
    """Those in the catalogue's tree, then those of file specifications elsewhere, as on annotations."""
    with suppress(*damage):
        yield from map(_as_text, document.embfile_names())
    for number in range(1, stop):
        with suppress(*damage):
            yield from (_name_of(document, number, at) for at in ("", "FS/") if _has(document, number, f"{at}EF"))


def _has(document: Any, number: int, key: str) -> bool:
    return bool(document.xref_get_key(number, key)[0] != "null")


def _name_of(document: Any, number: int, at: str) -> str:
    keys = (document.xref_get_key(number, f"{at}{key}") for key in ("UF", "F"))
    return next((text for kind, text in keys if kind == "string"), "")


def _as_text(name: str) -> str:
    """PyMuPDF gives these names as UTF-8 with each byte for a character."""
    with suppress(UnicodeError):
        return name.encode("latin-1").decode("utf-8")
    return name
