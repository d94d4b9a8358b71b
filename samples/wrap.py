"""Breaks text into lines as Chinese office programs do: anywhere between Han characters, never within a number."""

from __future__ import annotations

import re
from functools import lru_cache

from samples.faces import Face

_NEVER_FIRST = "，。、；：！？）》”’%％)]】"
_NEVER_LAST = "（《“‘([【"
_TOKEN = re.compile(r"[A-Za-z0-9.,+\-_/:@]+|\s+|.", re.DOTALL)


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """The pieces of ``text`` that stay together: numbers and Latin words whole, closing marks with what they close."""
    pieces: list[str] = []
    for piece in _TOKEN.findall(text):
        glued = pieces and (piece in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST)
        if glued:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return tuple(pieces)


def longest_token(text: str, face: Face, size: float) -> float:
    return max((face.width(token, size) for token in tokens(text)), default=0.0)


def wrap(text: str, width: float, face: Face, size: float, first_indent: float = 0.0) -> tuple[str, ...]:
    """Lines of ``text`` no wider than ``width``; a single piece that is wider is broken anywhere.

    first_indent: room kept free at the start of the first line. Line breaks in the text are kept.
    """
    lines: list[str] = []
    for index, part in enumerate(text.split("\n")):
        lines.extend(_wrap_part(part, width, face, size, first_indent if index == 0 else 0.0))
    return tuple(lines)


def _wrap_part(text: str, width: float, face: Face, size: float, indent: float) -> list[str]:
    lines, room = [""], width - indent
    for token in tokens(text):
        for piece in _fitting_pieces(token, width, face, size):
            used = face.width(lines[-1] + piece, size)
            if lines[-1] and used > room + 1e-6:
                lines[-1] = lines[-1].rstrip()
                lines.append(piece.lstrip())
                room = width
            else:
                lines[-1] += piece
    return lines


def _fitting_pieces(token: str, width: float, face: Face, size: float) -> tuple[str, ...]:
    return (token,) if face.width(token, size) <= width + 1e-6 else tuple(token)
