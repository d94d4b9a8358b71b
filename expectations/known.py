"""All that is known of a document before the suites, kept so that a changed figure costs little to take in.

`know` reads a document from scratch. `with_figures` takes the same document with some figures read otherwise: kinds,
unchanged tables and their sums are not worked out again. Both give equal values for equal documents.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain
from typing import TypeVar

from expectations.catalogue.loader import Catalogue
from expectations.facts import facts_of
from expectations.figures import TableFigures, read_figures
from expectations.identities import relations_between, relations_in_table
from expectations.kinds import catalogue_of, identify_document, recognise_kinds
from expectations.lost_rows import lost_rows
from expectations.readings import is_beyond_doubt
from expectations.relations import Relation, copies_are_exact, evaluate, sums_are_exact
from expectations.structure import structural_checks
from expectations.values import CellRef, Check, DocumentIdentity, DocumentTables, Fact
from layout.values import Cell
from ocr.shelf import Chained

T = TypeVar("T")
_CENT, _NONE = Decimal("0.01"), Decimal(0)
Slots = Mapping[tuple[int, int], Cell]
_OPEN_SLOTS = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """relations and checks: one for one, in order; structural: checks that are no sums. Per table: figures, slots,
    facts, inside (its own relations) and their checks. exact: whether copies, and sums of cents, leave no rounding.

    All of it but the tables themselves waits on the document's shelf.
    """

    document: DocumentTables
    catalogue: Catalogue
    identity: DocumentIdentity
    kinds: tuple[str, ...]
    figures: tuple[TableFigures, ...]
    slots: TableSlots = field(repr=False)
    facts_by_table: tuple[Sequence[Fact], ...] = field(repr=False)
    inside: tuple[Sequence[Relation], ...] = field(repr=False)
    inside_sums: tuple[Sequence[Check], ...] = field(repr=False)
    exact: tuple[bool, bool]
    relations: Sequence[Relation]
    sums: Sequence[Check]
    structural: Sequence[Check]

    @property
    def facts(self) -> Sequence[Fact]:
        return Chained(self.facts_by_table)

    @property
    def checks(self) -> Sequence[Check]:
        return Chained((self.sums, self.structural))

    def cell(self, ref: CellRef) -> Cell:
        return self.slots[ref.table_index][ref.row, ref.col]

    def is_beyond_doubt(self, ref: CellRef) -> bool:
        return is_beyond_doubt(self.document, self.cell(ref))


class TableSlots:
    """Table index -> its slots; those of the tables last looked at are held."""

    def __init__(self, document: DocumentTables) -> None:
        self._tables = document.tables
        self._open: OrderedDict[int, Slots] = OrderedDict()
        self._n_open = 0

    def __getitem__(self, index: int) -> Slots:
        if index in self._open:
            self._open.move_to_end(index)
            return self._open[index]
        slots = self._open[index] = self._tables[index].slot_cells()
        self._n_open += len(slots)
        while self._n_open > _OPEN_SLOTS and len(self._open) > 1:
            self._n_open -= len(self._open.popitem(last=False)[1])
        return slots


def know(document: DocumentTables, catalogue: Catalogue) -> Known:
    """What is known of a document read for the first time."""
    identity = identify_document(document, catalogue)
    return _known(document, catalogue, identity, recognise_kinds(document, catalogue, identity), None)


def check_identities(
    document: DocumentTables, kinds: tuple[str, ...], catalogue: Catalogue | None = None
) -> Sequence[Check]:
    """All identities of a document: those of each table first, then those between tables, then those of the text."""
    catalogue = catalogue or catalogue_of(document)
    return _known(document, catalogue, identify_document(document, catalogue), kinds, None).checks


def with_figures(known: Known, document: DocumentTables) -> Known:
    """The same document with the text or readings of some figures changed; titles, headers and lines as they were."""
    return _known(document, known.catalogue, known.identity, known.kinds, known)


def sums_inside(known: Known, document: DocumentTables, index: int) -> Iterator[Check]:
    """The sums of one table of a document with some figures read otherwise, for who needs no others."""
    table = read_figures(document, known.kinds, known.catalogue, known.figures)[index]
    relations = relations_in_table(table, known.catalogue, known.identity.fiscal_year)
    fine = frozenset({index}) if known.exact[1] and _prints_cents(table) else frozenset()
    exacting = partial(_without_rounding, among=fine)
    return _evaluated(document, TableSlots(document), known.exact[0], map(exacting, relations))


def _known(
    document: DocumentTables,
    catalogue: Catalogue,
    identity: DocumentIdentity,
    kinds: tuple[str, ...],
    before: Known | None,
) -> Known:
    shelf, old = document.shelf, before.figures if before else ()
    figures = read_figures(document, kinds, catalogue, old)
    same = [i < len(old) and old[i] is figures[i] for i in range(len(figures))]
    year = identity.fiscal_year

    slots = TableSlots(document)
    facts = _each(figures, same, lambda t: shelf.keep(facts_of(t, catalogue)), before.facts_by_table if before else ())
    inside = _each(
        figures, same, lambda t: shelf.keep(relations_in_table(t, catalogue, year)), before.inside if before else ()
    )
    between = shelf.keep_all(relations_between(document, figures, catalogue, year))
    fine = frozenset(t.table_index for t in figures if _prints_cents(t))
    every = Chained((*inside, between))
    exact = copies_are_exact(every), sums_are_exact(r for r in every if _is_among(r, fine)) if fine else False
    exacting = partial(_without_rounding, among=fine if exact[1] else frozenset())
    check = partial(_evaluated, document, slots, exact[0])
    kept = before.inside_sums if before and before.exact == exact else None
    inside_sums = tuple(
        kept[i] if kept and same[i] else shelf.keep(check(map(exacting, of))) for i, of in enumerate(inside)
    )
    relations = shelf.replaced(every, exacting) if exact[1] else every
    sums = Chained((*inside_sums, shelf.keep_all(check(map(exacting, between)))))
    structural = shelf.keep_all(chain(structural_checks(figures, catalogue), lost_rows(document, figures)))
    return Known(
        document, catalogue, identity, kinds, figures, slots, facts, inside, inside_sums, exact, relations, sums,
        structural,
    )  # fmt: skip


def _prints_cents(table: TableFigures) -> bool:
    return table.factor is not None and table.decimals >= 2 and table.factor.scaleb(-table.decimals) <= _CENT


def _is_among(relation: Relation, tables: frozenset[int]) -> bool:
    operands = (relation.total, *relation.parts)
    return all(o.ref is not None and o.ref.table_index in tables for o in operands)


def _without_rounding(relation: Relation, among: frozenset[int]) -> Relation:
    """The same relation; one of figures of these tables alone, which print cents, may not be off at all."""
    return replace(relation, quantum=_NONE) if among and _is_among(relation, among) else relation


def _each(
    tables: Sequence[TableFigures], same: Sequence[bool], make: Callable[[TableFigures], T], kept: Sequence[T]
) -> tuple[T, ...]:
    return tuple(kept[i] if same[i] else make(table) for i, table in enumerate(tables))


def _evaluated(
    document: DocumentTables, slots: TableSlots, exact_copies: bool, relations: Iterable[Relation]
) -> Iterator[Check]:
    @lru_cache(maxsize=_OPEN_SLOTS)
    def trust(ref: CellRef) -> bool:
        return is_beyond_doubt(document, slots[ref.table_index][ref.row, ref.col])

    return (evaluate(relation, trust, exact_copies) for relation in relations)
