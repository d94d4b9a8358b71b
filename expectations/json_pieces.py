"""JSON made piece by piece: the text of a long document in one piece, and what it is made from, would fill the memory.

The very text that `json` gives for ``indent=1``, which it makes token by token, at three times the cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any


class Items(list[Any]):
    """A list for the JSON encoder, which only iterates over it, whose items are made one by one: a long document's do
    not all lie here at once."""

    def __init__(self, make: Callable[[Any], Any], of: Collection[Any]) -> None:
        super().__init__()
        self._make, self._of = make, of

    def __len__(self) -> int:
        return len(self._of)

    def __bool__(self) -> bool:
        return len(self._of) > 0

    def __iter__(self) -> Iterator[Any]:
        return map(self._make, self._of)


def json_pieces(data: Any, ensure_ascii: bool, allow_nan: bool = True) -> Iterator[str]:
    """Legible JSON with a newline at its end, in pieces: what stands in `Items` is made, and given, item by item.

    ValueError for a number that is none, unless ``allow_nan``; TypeError for what has no JSON form.
    """
    writer = _Writer(encode_basestring_ascii if ensure_ascii else encode_basestring, allow_nan)
    yield from writer.pieces(data, "\n")
    yield "\n"


class _Writer:
    def __init__(self, quoted: Callable[[str], str], allow_nan: bool) -> None:
        self._quoted, self._allow_nan = quoted, allow_nan
        self._plain: dict[type, Callable[[Any], str]] = {
            str: quoted,
            int: int.__repr__,
            float: self._number,
            bool: lambda value: "true" if value else "false",
            type(None): lambda _: "null",
        }

    def pieces(self, value: Any, end: str) -> Iterator[str]:
        """The text of a value, in pieces where something in it is made item by item. end: the line break behind it."""
        inner = f"{end} "
        if isinstance(value, Items) and value:
            between = f"[{inner}"
            for item in value:
                yield between
                yield from self.pieces(item, inner)
                between = f",{inner}"
            yield f"{end}]"
        elif isinstance(value, dict) and any(isinstance(each, Items) for each in value.values()):
            between = f"{{{inner}"
            for key, each in value.items():
                yield f"{between}{self._quoted(key)}: "
                yield from self.pieces(each, inner)
                between = f",{inner}"
            yield f"{end}}}"
        else:
            yield self.text(value, end)

    def text(self, value: Any, end: str) -> str:
        """The text of a value in one piece."""
        if plain := self._plain.get(type(value)):
            return plain(value)
        inner = f"{end} "
        if isinstance(value, dict):
            each = f",{inner}".join([f"{self._quoted(key)}: {self.text(item, inner)}" for key, item in value.items()])
            return f"{{{inner}{each}{end}}}" if each else "{}"
        if isinstance(value, list | tuple):
            each = f",{inner}".join([self.text(item, inner) for item in value])
            return f"[{inner}{each}{end}]" if each else "[]"
        if isinstance(value, str | int | float):
            return next(self._plain[kind](value) for kind in (str, int, float) if isinstance(value, kind))
        raise TypeError(f"a {type(value).__name__} has no JSON form")

    def _number(self, value: float) -> str:
        if -math.inf < value < math.inf:
            return float.__repr__(value)
        if not self._allow_nan:
            raise ValueError(f"{value} has no JSON form")
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
