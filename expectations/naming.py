"""How far what names a figure can be trusted: its code against the dictionary of its year, its unit as printed or inferred.

A figure may be proven and still be filed under a misread code, or in a unit that its table does not print.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from expectations.catalogue.loader import load_catalogue
from expectations.codes import check_code
from expectations.units import printed_unit, stated_unit
from expectations.values import DocumentIdentity, DocumentTables, Fact


@dataclass(slots=True)
class Naming:
    """Answers for the facts of one document; what was asked before is remembered."""

    document: DocumentTables
    identity: DocumentIdentity
    _agreements: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _units: dict[int, bool] = field(default_factory=dict)

    def agreement(self, fact: Fact) -> str:
        """How code and name go together (`codes.Agreement`); '' without a code, or where nothing can be said."""
        key = (fact.code_system, fact.code, fact.name)
        if key not in self._agreements:
            catalogue = load_catalogue(self.identity.disclosure)
            found = check_code(*key, self.identity.fiscal_year, catalogue).agreement.value if fact.code_system else ""
            self._agreements[key] = found
        return self._agreements[key]

    def is_unit_printed(self, fact: Fact) -> bool:
        """Whether the unit stands with the fact's own table; else it is that of the document's other tables."""
        catalogue = load_catalogue(self.identity.disclosure)
        index = fact.cell.table_index
        if index not in self._units:
            rule = catalogue.kind(fact.table_kind)
            is_form = rule is not None and rule.is_form
            self._units[index] = bool(printed_unit(self.document.tables[index], catalogue, is_form))
        own = any(stated_unit(text, catalogue) == fact.unit for text in (fact.measure, fact.name))
        return bool(fact.unit) and (own or self._units[index])
