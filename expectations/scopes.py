"""Whose money a table speaks of: of the whole department with what is under it (汇总), or of the office alone (本级).

One file may hold both sets. The words are data (disclosure.toml); a table's own title counts before the headings.
"""

from __future__ import annotations

import re

from expectations.catalogue.loader import load_catalogue
from expectations.values import DocumentTables
from expectations.words import normalise


def table_scopes(document: DocumentTables, disclosure: str) -> tuple[str, ...]:
    """One scope per table: a key of the catalogue, '' where nothing says it."""
    rules = [(r["key"], re.compile(r["words"])) for r in load_catalogue(disclosure).disclosure.get("scope", ())]
    first = min((block.page_number for block in document.text), default=0)
    heading = "".join(normalise(b.text) for b in document.text if b.page_number == first and len(b.text) <= 60)
    whole = _scope(heading, rules)
    return tuple(_scope(normalise(table.title), rules) or whole for table in document.tables)


def _scope(text: str, rules: list[tuple[str, re.Pattern[str]]]) -> str:
    return next((key for key, pattern in rules if pattern.search(text)), "")
