"""Tables -> relations: every identity of the catalogue that applies to a document, to be evaluated in `relations`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from expectations.balances import balance_relations, block_relations, fund_relations
from expectations.between import Tables, at_most_relations, copy_relations, equal_relations, unit_relations
from expectations.catalogue.loader import Catalogue
from expectations.column_sums import column_relations
from expectations.concord import if_tables_agree
from expectations.contained import contains_relations
from expectations.figures import TableFigures
from expectations.forms import (
    form_equal_relations,
    form_row_relations,
    form_sum_relations,
    form_target_relations,
    form_weight_relations,
    forms_total_relations,
)
from expectations.narrative import narrative_relations
from expectations.relations import Relation
from expectations.row_sums import (
    class_column_relations,
    class_row_relations,
    list_relations,
    named_relations,
    outline_relations,
    tree_relations,
)
from expectations.values import DocumentTables

Entry = Mapping[str, Any]


def relations_between(
    document: DocumentTables, tables: Sequence[TableFigures], catalogue: Catalogue, year: int | None
) -> Iterator[Relation]:
    """Identities between tables, then those of the text."""
    tables = Tables(tables)
    yield from copy_relations(tables)
    for entry in catalogue.identities:
        if entry["type"] == "units":
            yield from unit_relations(tables, entry, catalogue.identities, year)
        yield from if_tables_agree(_between(tables, entry, year))
    yield from narrative_relations(document, tables, catalogue, year)


def relations_in_table(table: TableFigures, catalogue: Catalogue, year: int | None) -> Iterator[Relation]:
    """Identities of one table by itself."""
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
            yield from named_relations(table, entry)
        elif kind_of == "block":
            yield from block_relations(table, entry)
        elif kind_of == "class_columns":
            yield from class_column_relations(table, entry)
            yield from class_row_relations(table, entry)
        elif kind_of == "balance":
            yield from balance_relations(table, entry)
        elif kind_of == "fund_balance":
            yield from fund_relations(table, entry)
        elif kind_of == "form_sum":
            yield from form_sum_relations(table, entry)
        elif kind_of == "form_weights":
            yield from form_weight_relations(table, entry)
        elif kind_of == "form_targets":
            yield from form_target_relations(table, entry, catalogue.units)
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
    elif entry["type"] == "form_row":
        yield from form_row_relations(tables, entry, year)
    elif entry["type"] == "forms_total":
        yield from forms_total_relations(tables, entry, year)
