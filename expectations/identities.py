"""Tables -> checks: every identity of the catalogue that applies to a document, evaluated or refused with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from expectations.between import at_most_relations, contains_relations, copy_relations, equal_relations
from expectations.catalogue.loader import Catalogue, load_catalogue
from expectations.column_sums import column_relations
from expectations.figures import TableFigures, read_figures
from expectations.forms import (
    form_equal_relations,
    form_sum_relations,
    form_weight_relations,
    forms_total_relations,
)
from expectations.kinds import identify_document
from expectations.narrative import narrative_relations
from expectations.readings import is_beyond_doubt
from expectations.relations import Relation, evaluate
from expectations.row_sums import (
    class_column_relations,
    list_relations,
    named_relations,
    outline_relations,
    tree_relations,
)
from expectations.values import Check, DocumentTables

Entry = Mapping[str, Any]


def check_identities(
    document: DocumentTables, kinds: tuple[str, ...], catalogue: Catalogue | None = None
) -> tuple[Check, ...]:
    """All identities of a document: those of each table first, then those between tables, then those of the text."""
    catalogue = catalogue or load_catalogue()
    tables = read_figures(document, kinds, catalogue)
    return checks_of(document, tables, catalogue, identify_document(document, catalogue).fiscal_year)


def checks_of(
    document: DocumentTables, tables: Sequence[TableFigures], catalogue: Catalogue, year: int | None
) -> tuple[Check, ...]:
    """The same for figures already read."""
    trust = cache(partial(is_beyond_doubt, document, {t.table_index: t.table.slot_cells() for t in tables}))
    found = (*_relations(tables, catalogue, year), *narrative_relations(document, tables, catalogue, year))
    return tuple(evaluate(relation, trust) for relation in found)


def _relations(tables: Sequence[TableFigures], catalogue: Catalogue, year: int | None) -> Iterator[Relation]:
    for table in tables:
        yield from _in_table(table, catalogue, year)
    yield from copy_relations(tables)
    for entry in catalogue.identities:
        yield from _between(tables, entry, year)


def _in_table(table: TableFigures, catalogue: Catalogue, year: int | None) -> Iterator[Relation]:
    seen: set[str] = set()
    for entry in catalogue.identities:
        kind_of = entry["type"]
        if "kinds" not in entry or not ({"*", table.kind} & set(entry["kinds"])):
            continue
        if kind_of == "columns" and kind_of not in seen:
            yield from column_relations(table, entry["id"], catalogue)
        elif kind_of == "code_tree" and kind_of not in seen:
            yield from tree_relations(table, entry, catalogue)
            yield from list_relations(table, entry["root"]) if not _has_named_sum(table, catalogue) else ()
        elif kind_of == "outline":
            yield from outline_relations(table, entry)
        elif kind_of == "rows":
            yield from named_relations(table, entry, year)
        elif kind_of == "class_columns":
            yield from class_column_relations(table, entry)
        elif kind_of == "form_sum":
            yield from form_sum_relations(table, entry)
        elif kind_of == "form_weights":
            yield from form_weight_relations(table, entry)
        seen.add(kind_of)


def _has_named_sum(table: TableFigures, catalogue: Catalogue) -> bool:
    return any(e["type"] == "rows" and table.kind in e["kinds"] for e in catalogue.identities)


def _between(tables: Sequence[TableFigures], entry: Entry, year: int | None) -> Iterator[Relation]:
    if entry["type"] == "equal":
        yield from equal_relations(tables, entry, year)
    elif entry["type"] == "contains":
        yield from contains_relations(tables, entry, year)
    elif entry["type"] == "at_most":
        yield from at_most_relations(tables, entry, year)
    elif entry["type"] == "form_equal":
        yield from form_equal_relations(tables, entry, year)
    elif entry["type"] == "forms_total":
        yield from forms_total_relations(tables, entry, year)
