"""Values that wait: a long document's are laid aside, and taken up again piece by piece as they are looked at.

A `Shelf` keeps pieces (the cells of a table, its facts, some hundred checks) as tuples would, up to some thousand items;
beyond that the pieces that were not looked at for longest are packed and put into a `Store`, and made anew when they
are asked for. So a document of a few pages never packs anything, and one of thousands needs no more memory than
one of fifty. What stands on a shelf is frozen: a piece made anew equals what was kept, though it is another object.

One thread at a time uses a shelf.
"""

from __future__ import annotations

import dataclasses
import io
import pickle
import weakref
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from itertools import accumulate, groupby, islice
from operator import attrgetter
from typing import Any, Protocol, TypeVar, overload

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
MOST_OPEN = 4_000
"""Items that lie open at a time, of a kilobyte each: some fifteen pages of tables."""
PIECE = 200


class Store(Protocol):
    """Where packed pieces lie. `get` gives back what `put` was given, as often as it is asked."""

    def put(self, data: bytes) -> Any: ...
    def get(self, place: Any) -> bytes: ...


class MemoryStore:
    """Pieces in a tenth of the room they take as objects; for who has no file to put them in."""

    def put(self, data: bytes) -> bytes:
        return zlib.compress(data, 1)

    def get(self, place: bytes) -> bytes:
        return zlib.decompress(place)


class Waiting(Sequence[T_co]):
    """A frozen sequence; equal to a tuple of the same."""

    __slots__ = ()

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        if isinstance(index, slice):
            return tuple(self._at(i) for i in range(*index.indices(len(self))))
        return self._at(range(len(self))[index])

    def _at(self, index: int) -> T_co:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, tuple | Waiting):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class Kept(Waiting[T_co]):
    """One piece, on its shelf."""

    __slots__ = ("__weakref__", "_n", "_number", "_place", "_shelf", "_weight")

    def __init__(self, shelf: Shelf, number: int, n: int, weight: int) -> None:
        self._shelf, self._number, self._n, self._weight = shelf, number, n, weight
        self._place: Any = None

    def __len__(self) -> int:
        return self._n

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._shelf.open(self))

    def _at(self, index: int) -> T_co:
        return self._shelf.open(self)[index]

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (tuple(self),)


class Chained(Waiting[T_co]):
    """Pieces one after the other as one sequence."""

    __slots__ = ("_starts", "parts")
    parts: tuple[Sequence[T_co], ...]

    def __init__(self, parts: Iterable[Sequence[T_co]]) -> None:
        self.parts = tuple(one for part in parts for one in parts_of(part))
        self._starts = tuple(accumulate(map(len, self.parts), initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[T_co]:
        for part in self.parts:
            yield from part

    def part_of(self, index: int) -> int:
        """Which of the pieces holds the item at this place."""
        return bisect_right(self._starts, index) - 1

    def start_of(self, part: int) -> int:
        return self._starts[part]

    def _at(self, index: int) -> T_co:
        part = self.part_of(index)
        return self.parts[part][index - self._starts[part]]


def parts_of(items: Sequence[T]) -> tuple[Sequence[T], ...]:
    """The pieces of a sequence, none of them empty."""
    every = items.parts if isinstance(items, Chained) else (items,)
    return tuple(part for part in every if part)


def picked(items: Sequence[T], places: Iterable[int]) -> Iterator[T]:
    """The items at these places, which ascend; a piece is opened once for all of its own."""
    if not isinstance(items, Chained):
        return map(items.__getitem__, places)
    return (item for part, of in groupby(places, items.part_of) for item in _of_part(items, part, of))


def _of_part(items: Chained[T], part: int, places: Iterable[int]) -> Iterator[T]:
    opened, start = tuple(items.parts[part]), items.start_of(part)
    return (opened[place - start] for place in places)


class Shelf:
    """Keeps pieces; ``most_open`` items of them lie open at a time. OSError and the like are the store's own."""

    def __init__(self, store: Store | None = None, most_open: int = MOST_OPEN) -> None:
        self._store: Store = store or MemoryStore()
        self._most, self._n_open, self._n_kept = most_open, 0, 0
        self._open: OrderedDict[int, _Open] = OrderedDict()

    def keep(self, items: Iterable[T], weight: int = 0) -> Sequence[T]:
        """The items as one piece. weight: how many items it counts for, where they are large ones."""
        each = tuple(items)
        if not each:
            return ()
        self._n_kept += 1
        kept: Kept[T] = Kept(self, self._n_kept, len(each), weight or len(each))
        self._lay_open(kept, each)
        return kept

    def keep_all(self, items: Iterable[T], piece: int = PIECE) -> Sequence[T]:
        """Any number of items, some hundred to a piece; they need never lie here all at once."""
        each = iter(items)
        parts = []
        while some := tuple(islice(each, piece)):
            parts.append(self.keep(some))
        return Chained(parts)

    def replaced(self, items: Sequence[T], change: Callable[[T], T]) -> Sequence[T]:
        """Every item changed; pieces of which each item stays the same object are not made anew."""
        return Chained(map(self._changed(change), parts_of(items)))

    def _changed(self, change: Callable[[T], T]) -> Callable[[Sequence[T]], Sequence[T]]:
        def changed(part: Sequence[T]) -> Sequence[T]:
            old = tuple(part)
            new = tuple(map(change, old))
            return part if all(a is b for a, b in zip(old, new, strict=True)) else self.keep(new)

        return changed

    def open(self, kept: Kept[T]) -> tuple[T, ...]:
        """The items of a piece."""
        if (found := self._open.get(kept._number)) is not None:
            self._open.move_to_end(kept._number)
            return found.items
        items: tuple[T, ...] = pickle.loads(self._store.get(kept._place))  # our own, from a file nobody else can open
        self._lay_open(kept, items)
        return items

    def _lay_open(self, kept: Kept[Any], items: tuple[Any, ...]) -> None:
        self._open[kept._number] = _Open(weakref.ref(kept), items, kept._weight)
        self._n_open += kept._weight
        while self._n_open > self._most and len(self._open) > 1:
            number, oldest = next(iter(self._open.items()))
            there = oldest.kept()
            if there is not None and there._place is None:
                there._place = self._store.put(packed(oldest.items))
            del self._open[number]
            self._n_open -= oldest.weight


@dataclasses.dataclass(frozen=True, slots=True)
class _Open:
    kept: weakref.ref[Kept[Any]]
    items: tuple[Any, ...]
    weight: int


class _Reducers(dict[type, Callable[[Any], Any]]):
    """How values are packed, by type: data classes by their fields in order, which is a third of pickle's own cost."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        if issubclass(kind, type):
            raise KeyError(kind)  # a class goes by its name
        if dataclasses.is_dataclass(kind):
            self[kind] = by_fields(kind)
        elif issubclass(kind, Enum):
            self[kind] = lambda member: (kind, (member.value,))
        else:
            self[kind] = lambda value: value.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
        return self[kind]


def by_fields(kind: type) -> Callable[[Any], Any]:
    """A reducer that calls the class with the values of its fields."""
    names = [one.name for one in dataclasses.fields(kind)]
    values = attrgetter(*names) if len(names) > 1 else (lambda value: (getattr(value, names[0]),))
    return lambda value: (kind, values(value))


REDUCERS = _Reducers({Decimal: Decimal.__reduce__})
"""A module may add a packing of its own for its types."""


def packed(value: object) -> bytes:
    """A frozen value as bytes that pickle reads."""
    written = io.BytesIO()
    pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = REDUCERS
    pickler.dump(value)
    return written.getvalue()
