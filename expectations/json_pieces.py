"""JSON made piece by piece: the text of a long document in one piece, and what it is made from, would fill the memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

_PIECES = 4096


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
    """Legible JSON with a newline at its end, in pieces of some thousand tokens."""
    tokens = json.JSONEncoder(ensure_ascii=ensure_ascii, indent=1, allow_nan=allow_nan).iterencode(data)
    while piece := "".join(islice(tokens, _PIECES)):
        yield piece
    yield "\n"
