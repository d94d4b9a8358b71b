"""A dictionary of codes: one TOML file -> the names of every code it knows, each with the years it was in use."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.words import normalise

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name as printed without white space, and normalised. since, until: fiscal years, inclusive; None: always."""

    name: str
    plain: str
    since: int | None = None
    until: int | None = None

    def was_in_use(self, year: int | None) -> bool:
        if year is None:
            return True
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


Dictionary = Mapping[str, tuple[DatedName, ...]]


def read_dictionary(path: Path, levels: Sequence[int]) -> Dictionary:
    """Code -> its names, empty when there is no such file. levels: the lengths of codes, shortest first."""
    if not path.exists():
        return {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    written = {str(code): tuple(_names(value)) for code, value in data["names"].items()}
    found = dict(written)
    for length in levels[1:]:
        above = max(n for n in levels if n < length)
        for parent in [c for c in found if len(c) == above]:
            found = {**dict(_patterned(parent, found[parent], length, data)), **found}
    return found


def _names(value: Any) -> Iterator[DatedName]:
    entries: list[dict[str, Any]] = [{"name": value}] if isinstance(value, str) else value
    for entry in entries:
        yield DatedName(entry["name"], normalise(entry["name"]), entry.get("since"), entry.get("until"))


def _patterned(
    parent: str, names: tuple[DatedName, ...], length: int, data: Entry
) -> Iterator[tuple[str, tuple[DatedName, ...]]]:
    """The codes below a parent that patterns name."""
    for pattern in data.get("pattern", ()):
        code = parent + pattern["ending"]
        if len(code) == length and ("in" not in pattern or parent in data["groups"][pattern["in"]]):
            yield code, tuple(_filled(pattern["name"], name) for name in names)


def _filled(pattern: str, parent: DatedName) -> DatedName:
    """The pattern with the parent's name, neither its head nor its tail said twice."""
    head, _, tail = pattern.partition("{}")
    bare = parent.name.removesuffix(tail) if tail else parent.name
    name = pattern.replace("{}", bare.removeprefix(head) if head else bare)
    return DatedName(name, normalise(name), parent.since, parent.until)
