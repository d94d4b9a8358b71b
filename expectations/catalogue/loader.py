"""Catalogue: one folder of TOML files as one frozen value. The machinery knows budgets only through it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from expectations.catalogue.dictionary import Dictionary, read_dictionary
from expectations.words import normalise

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class KindRule:
    """How one kind of table is known; words are normalised."""

    id: str
    document: str
    titles: tuple[tuple[str, ...], ...]
    without: tuple[str, ...]
    headers: tuple[str, ...]
    rows: tuple[str, ...]
    scope: tuple[str, ...]
    halves: int
    is_form: bool
    header_or_rows: bool
    needs_title: bool = False
    named_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureRule:
    key: str
    words: tuple[str, ...]
    part_of: str


@dataclass(frozen=True, slots=True)
class SideRule:
    """One side of a double table. head: its heading; totals: a row name that only it has; stripped: headings over it
    that say no more than the side."""

    key: str
    head: re.Pattern[str]
    totals: re.Pattern[str]
    stripped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeaderRules:
    """What header words say besides measures. previous: the year before; trimmed: said without adding anything;
    prefixes: the same, in front; whole: of two totals the larger; code_column: of a heading over codes;
    unit_column: over codes of offices."""

    previous: re.Pattern[str]
    trimmed: re.Pattern[str]
    prefixes: tuple[str, ...]
    whole: re.Pattern[str]
    code_column: re.Pattern[str]
    unit_column: re.Pattern[str]
    sides: tuple[SideRule, ...]


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """levels: the lengths a code may have, shortest first. national: the longest a dictionary can hold, 0: none."""

    key: str
    pattern: re.Pattern[str]
    levels: tuple[int, ...]
    national: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All that is known of one disclosure. dictionary: code system -> code -> its names."""

    name: str
    disclosure: Mapping[str, Any]
    kinds: tuple[KindRule, ...]
    measures: tuple[MeasureRule, ...]
    partitions: tuple[frozenset[str], ...]
    words: Mapping[str, tuple[str, ...]]
    headers: HeaderRules
    row_patterns: tuple[tuple[str, re.Pattern[str]], ...]
    numbering: tuple[re.Pattern[str], ...]
    detail: re.Pattern[str]
    not_money: re.Pattern[str]
    code_systems: tuple[CodeSystem, ...]
    dictionary: Mapping[str, Dictionary]
    identities: tuple[Mapping[str, Any], ...]
    narrative: Mapping[str, Any]
    forms: Mapping[str, Any]
    units: Mapping[str, Decimal]
    class_system: str
    name_tail: str

    def kind(self, kind_id: str) -> KindRule | None:
        return next((k for k in self.kinds if k.id == kind_id), None)

    def measure_rule(self, key: str) -> MeasureRule | None:
        return next((m for m in self.measures if m.key == key), None)


@lru_cache(maxsize=8)
def load_catalogue(name: str = "budget_cn") -> Catalogue:
    """The catalogue in the folder of this name; KeyError or tomllib.TOMLDecodeError when a file is not as it should be."""
    folder = _HERE / name
    disclosure, measures, rows, codes = (
        _read(folder / f"{n}.toml") for n in ("disclosure", "measures", "rows", "codes")
    )
    word_lists = {k: _words(v) for k, v in measures.items() if k.endswith("_words") or k == "not_additive"}
    units = {normalise(u): Decimal(v) for u, v in disclosure.get("units", {}).items()}
    return Catalogue(
        name=disclosure["name"],
        disclosure=MappingProxyType(disclosure),
        kinds=tuple(_kind(k) for k in _read(folder / "kinds.toml").get("kind", ())),
        measures=tuple(
            MeasureRule(m["key"], _words(m["words"]), m.get("part_of", "")) for m in measures.get("measure", ())
        ),
        partitions=tuple(frozenset(p["parts"]) for p in measures.get("partition", ())),
        words=MappingProxyType(word_lists),
        headers=_headers(measures),
        row_patterns=tuple((r["key"], re.compile(p)) for r in rows.get("row", ()) for p in r["patterns"]),
        numbering=tuple(re.compile(p) for p in rows.get("numbering", ())),
        detail=re.compile(rows.get("detail", r"(?!)")),
        not_money=re.compile(rows.get("not_money", r"(?!)")),
        code_systems=tuple(
            CodeSystem(s["key"], re.compile(s["pattern"]), tuple(s["levels"]), s.get("national", 0))
            for s in codes.get("system", ())
        ),
        dictionary=MappingProxyType(
            {
                s["key"]: read_dictionary(folder / "dictionary" / f"{s['key']}.toml", s["levels"])
                for s in codes.get("system", ())
            }
        ),
        identities=tuple(MappingProxyType(i) for i in _read(folder / "identities.toml").get("identity", ())),
        narrative=MappingProxyType(_read(folder / "narrative.toml")) if (folder / "narrative.toml").exists() else {},
        forms=MappingProxyType(_read(folder / "forms.toml")) if (folder / "forms.toml").exists() else {},
        units=MappingProxyType(units),
        class_system=codes.get("class_system", ""),
        name_tail=codes.get("name_tail", "(?!)"),
    )


def catalogue_names() -> tuple[str, ...]:
    """Every disclosure that has a folder, in order of name."""
    return tuple(sorted(p.parent.name for p in _HERE.glob("*/disclosure.toml")))


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _words(words: list[str]) -> tuple[str, ...]:
    return tuple(normalise(w) for w in words)


def _headers(measures: Mapping[str, Any]) -> HeaderRules:
    never = "(?!)"
    return HeaderRules(
        re.compile(measures.get("previous", never)),
        re.compile(measures.get("trimmed", never)),
        _words(measures.get("prefixes", [])),
        re.compile(measures.get("whole", never)),
        re.compile(measures.get("code_column", never)),
        re.compile(measures.get("unit_column", never)),
        tuple(
            SideRule(s["key"], re.compile(s["head"]), re.compile(s["totals"]), _words(s.get("stripped", [])))
            for s in measures.get("side", ())
        ),
    )


def _kind(entry: Mapping[str, Any]) -> KindRule:
    return KindRule(
        id=entry["id"],
        document=entry.get("document", ""),
        titles=tuple(_words(t) for t in entry["titles"]),
        without=_words(entry["without"]),
        headers=_words(entry["headers"]),
        rows=_words(entry["rows"]),
        scope=tuple(entry.get("scope", "").split()),
        halves=entry.get("halves", 0),
        is_form=entry.get("form", False),
        header_or_rows=entry.get("header_or_rows", False),
        needs_title=entry.get("needs_title", False),
        named_by=_words(entry.get("named_by", [])),
    )
