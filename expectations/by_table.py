"""What is known of a document, looked up by table, so that one table's is in memory at a time and not all of it."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from expectations.values import CellRef, CellVerdict, Check, Fact
from ocr.shelf import picked

T = TypeVar("T")
_MOST_CHECKS = 2_000


class ByTable(Generic[T]):
    """The items of a sequence under each of their tables; only their places in it are held."""

    def __init__(self, items: Sequence[T], tables_of: Callable[[T], Iterable[int]]) -> None:
        self._items = items
        self._places: dict[int, array[int]] = {}
        for place, item in enumerate(items):
            for table in tables_of(item):
                if table not in self._places:
                    self._places[table] = array("I")
                self._places[table].append(place)

    def __getitem__(self, table: int) -> tuple[T, ...]:
        """Those of a table, in order; none where there are none."""
        return tuple(picked(self._items, self._places.get(table, ())))

    def numbered(self, table: int) -> Iterator[tuple[int, T]]:
        """The same with their places in the sequence."""
        places = self._places.get(table, ())
        return zip(places, picked(self._items, places), strict=True)

    def places(self, table: int) -> Sequence[int]:
        return self._places.get(table, ())

    @property
    def tables(self) -> list[int]:
        return sorted(self._places)


class ChecksByCell(Mapping[CellRef, tuple[Check, ...]]):
    """The checks each cell is a term of, in their order."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._by_table = ByTable(checks, tables_of)
        self._open: OrderedDict[int, dict[CellRef, tuple[Check, ...]]] = OrderedDict()
        self._n_open = 0

    def __getitem__(self, ref: CellRef) -> tuple[Check, ...]:
        return self._of_table(ref.table_index)[ref]

    def get(self, ref: CellRef, default: Any = None) -> Any:
        return self._of_table(ref.table_index).get(ref, default)

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, CellRef) and ref in self._of_table(ref.table_index)

    def __iter__(self) -> Iterator[CellRef]:
        for table in self._by_table.tables:
            yield from self._of_table(table)

    def __len__(self) -> int:
        return sum(len(self._of_table(table)) for table in self._by_table.tables)

    def _of_table(self, table: int) -> dict[CellRef, tuple[Check, ...]]:
        if table in self._open:
            self._open.move_to_end(table)
            return self._open[table]
        found: dict[CellRef, list[Check]] = {}
        for check in self._by_table[table]:
            for ref in {t.cell for t in check.terms if t.cell is not None and t.cell.table_index == table}:
                found.setdefault(ref, []).append(check)
        self._open[table] = {ref: tuple(of) for ref, of in found.items()}
        self._n_open += self._weight(table)
        while self._n_open > _MOST_CHECKS and len(self._open) > 1:
            oldest = next(iter(self._open))
            self._n_open -= self._weight(oldest)
            del self._open[oldest]
        return self._open[table]

    def _weight(self, table: int) -> int:
        return 1 + len(self._by_table.places(table))


def tables_of(check: Check) -> set[int]:
    """The tables a check has cells of."""
    return {term.cell.table_index for term in check.terms if term.cell is not None}


def facts_by_table(facts: Sequence[Fact]) -> ByTable[Fact]:
    return ByTable(facts, lambda fact: (fact.cell.table_index,))


def verdicts_by_table(verdicts: Sequence[tuple[CellRef, CellVerdict]]) -> ByTable[tuple[CellRef, CellVerdict]]:
    return ByTable(verdicts, lambda pair: (pair[0].table_index,))
