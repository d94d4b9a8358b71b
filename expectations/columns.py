"""What the columns of a table are: codes, names, ordinals, measures; and the halves of a double table.

Header words decide first, by the catalogue; where they say nothing the contents do (a column of codes, of amounts, of
text). A half is a run of label columns with the measures to their right: item | amount | item | amount has two, a
common table one, a table of a single row of figures one without labels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from expectations.catalogue.loader import Catalogue, SideRule
from expectations.words import nearest, normalise, without_year
from layout.amounts import is_figure, parse_amount
from layout.headers import header_paths
from layout.values import Blankness, Table

_YEAR = re.compile(r"(?:19|20)\d{2}")
_DIGITS = re.compile(r"\d{2,9}")
UNKNOWN, CHANGE = "?", "change"


class ColumnRole(StrEnum):
    CODE = "code"
    NAME = "name"
    ORDINAL = "ordinal"
    MEASURE = "measure"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. path: header texts as printed; tree: the same normalised, without the side of the half.

    key: standard measure, 'total' for the whole, parts joined by '.', '' when a word is not known.
    period: a year as printed in the header, 'previous', or ''.
    """

    index: int
    role: ColumnRole
    path: tuple[str, ...]
    tree: tuple[str, ...] = ()
    key: str = ""
    period: str = ""
    is_total: bool = False
    is_additive: bool = True

    @property
    def is_change(self) -> bool:
        """Whether it prints the difference of two other columns."""
        return self.key.split(".")[-1] == CHANGE

    @property
    def sums_down(self) -> bool:
        """Whether its rows add up; differences do, though they are no part of their row's total."""
        return self.is_additive or self.is_change


@dataclass(frozen=True, slots=True)
class Half:
    """Label columns and the measures that belong to them. side: 'income', 'expenditure' or ''."""

    side: str
    codes: tuple[Column, ...]
    names: tuple[Column, ...]
    measures: tuple[Column, ...]


def body_start(table: Table) -> int:
    """The first body row; where no header rows are marked, the first row that holds an amount."""
    if table.n_header_rows:
        return table.n_header_rows
    rows = sorted({c.span.row for c in table.cells if is_figure(parse_amount(c.text))})
    return rows[0] if rows else 0


def read_halves(table: Table, catalogue: Catalogue, scope: tuple[str, ...] = ()) -> tuple[Half, ...]:
    """The halves of a table, left to right; none when no column holds or announces amounts."""
    paths = header_paths(table)
    start = body_start(table)
    below: dict[int, list[str]] = {c: [] for c in range(table.n_cols)}
    for cell in table.cells:
        if cell.span.row >= start and cell.span.colspan == 1 and cell.text.strip():
            below[cell.span.col].append(cell.text.strip())
    roles = [_role(paths[c], below[c], catalogue) for c in range(table.n_cols)]
    groups = _group(roles)
    return tuple(_half(group, roles, paths, table, catalogue, scope) for group in groups)


def _role(path: tuple[str, ...], texts: list[str], catalogue: Catalogue) -> ColumnRole:
    words = catalogue.words
    leaf = without_year(path[-1]) if path else ""
    contents = _contents(texts, catalogue)
    if nearest(leaf, words["ordinal_words"]):
        return ColumnRole.ORDINAL
    if measure_of(leaf, catalogue) or nearest(leaf, words["total_words"]):
        return ColumnRole.NAME if contents is ColumnRole.NAME else ColumnRole.MEASURE
    if leaf in words["item_words"] or (catalogue.headers.code_column.search(leaf) and contents is ColumnRole.CODE):
        return ColumnRole.CODE
    if leaf in words["name_words"] and contents in (ColumnRole.OTHER, ColumnRole.NAME, ColumnRole.CODE):
        return ColumnRole.NAME
    if contents is ColumnRole.OTHER and nearest(leaf, words["neutral_words"]):
        return ColumnRole.MEASURE
    return contents


def _contents(texts: list[str], catalogue: Catalogue) -> ColumnRole:
    """The role that the body cells of a column suggest; OTHER when they are too few to say."""
    if not texts:
        return ColumnRole.OTHER
    amounts = [parse_amount(t) for t in texts]
    n_codes = sum(bool(_DIGITS.fullmatch(normalise(t))) for t in texts)
    n_figures = sum(
        is_figure(a) or a.kind is Blankness.DASH or _is_figure_misread(t) for t, a in zip(texts, amounts, strict=True)
    )
    # One text alone with a leading zero (090) is 0.90 without its point sooner than a column of one code.
    n_figures += len(texts) == 1 and bool(re.fullmatch(r"0\d+", normalise(texts[0])))
    known = sum(any(s.pattern.fullmatch(normalise(t)) for s in catalogue.code_systems[:-1]) for t in texts)
    if n_codes * 5 >= len(texts) * 3 and known * 2 >= len(texts) and len(texts) > 1:
        return ColumnRole.CODE
    if n_figures * 2 >= len(texts):
        return ColumnRole.MEASURE
    return ColumnRole.NAME


def _is_figure_misread(text: str) -> bool:
    """Mostly digits with a point or comma: an amount that lost its form (1.234.56, 07.5), not a name."""
    plain = normalise(text)
    return any(ch in ".," for ch in plain) and sum(ch.isdigit() for ch in plain) * 2 > len(plain)


def _group(roles: list[ColumnRole]) -> list[list[int]]:
    """Column indices by half: labels, then measures; labels again begin the next half."""
    groups: list[list[int]] = [[]]
    for index, role in enumerate(roles):
        is_label = role in (ColumnRole.CODE, ColumnRole.NAME)
        if is_label and any(roles[i] is ColumnRole.MEASURE for i in groups[-1]):
            groups.append([])
        groups[-1].append(index)
    return [g for g in groups if any(roles[i] is ColumnRole.MEASURE for i in g)]


def _half(
    group: list[int],
    roles: list[ColumnRole],
    paths: tuple[tuple[str, ...], ...],
    table: Table,
    catalogue: Catalogue,
    scope: tuple[str, ...],
) -> Half:
    side = _side(group, paths, table, catalogue)
    columns = [_column(i, roles[i], paths[i], bool(side), catalogue, scope) for i in group]
    by_role = {role: tuple(c for c in columns if c.role is role) for role in ColumnRole}
    return Half(side, by_role[ColumnRole.CODE], by_role[ColumnRole.NAME], by_role[ColumnRole.MEASURE])


def _side(group: list[int], paths: tuple[tuple[str, ...], ...], table: Table, catalogue: Catalogue) -> str:
    """The side of a double table, by the heading over the half, else by the total rows in it."""
    heads = {normalise(paths[i][0]) for i in group if paths[i]}
    for side in catalogue.headers.sides:
        tops = {h for h in heads if side.head.fullmatch(h)}
        if tops and (len(heads) == 1 or normalise(paths[group[0]][-1] if paths[group[0]] else "") in tops):
            return side.key
    labels = {normalise(c.text) for c in table.cells if c.span.col == group[0]}
    found = (s.key for s in catalogue.headers.sides if any(s.totals.fullmatch(t) for t in labels))
    return next(found, "")


def _column(
    index: int, role: ColumnRole, path: tuple[str, ...], has_side: bool, catalogue: Catalogue, scope: tuple[str, ...]
) -> Column:
    if role is not ColumnRole.MEASURE:
        return Column(index, role, path)
    tree = tuple(normalise(p) for p in path)
    if has_side and len(tree) > 1 and any(_heads(tree[0], s) for s in catalogue.headers.sides):
        tree = tree[1:]
    keys, is_total = _keys(tree, catalogue)
    parents = {m.key: m.part_of for m in catalogue.measures}
    keys = [k for i, k in enumerate(keys) if k not in scope and k not in {parents.get(n) for n in keys[i + 1 :]}]
    key = "" if UNKNOWN in keys else ".".join(keys) or "total"
    leaf = tree[-1] if tree else ""
    measure = measure_of(leaf, catalogue)
    additive = measure != CHANGE and (not any(w in leaf for w in catalogue.words["not_additive"]) or bool(measure))
    return Column(index, role, path, tree, key, _period(tree, catalogue), is_total, additive)


def _heads(text: str, side: SideRule) -> bool:
    return text in side.stripped or bool(side.head.fullmatch(text))


def _keys(tree: tuple[str, ...], catalogue: Catalogue) -> tuple[list[str], bool]:
    keys: list[str] = []
    is_total = False
    for depth, element in enumerate(tree):
        word = without_year(element)
        if nearest(word, catalogue.words["total_words"]):
            is_total = depth == len(tree) - 1
        elif key := measure_of(word, catalogue):
            keys.append(key)
        elif word and not _is_neutral(word, catalogue):
            # A heading over several columns may name what it likes; only the leaf must be understood.
            keys += [UNKNOWN] if depth == len(tree) - 1 and not nearest(word, catalogue.words["neutral_words"]) else []
    return keys, is_total


def _is_neutral(word: str, catalogue: Catalogue) -> bool:
    rules = catalogue.headers
    return bool(rules.previous.match(word) or nearest(rules.trimmed.sub("", word), catalogue.words["neutral_words"]))


def _period(tree: tuple[str, ...], catalogue: Catalogue) -> str:
    for element in tree:
        if match := _YEAR.search(element):
            return match[0]
        if catalogue.headers.previous.match(element):
            return "previous"
    return ""


def measure_of(word: str, catalogue: Catalogue) -> str:
    """The standard key of a header word; '' when the catalogue does not know it."""
    return _measure_of(without_year(word), catalogue.name, _Measures(catalogue))


class _Measures:
    """A catalogue's measure words, hashable by its name so that look-ups can be cached."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return hash(self.catalogue.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Measures) and other.catalogue.name == self.catalogue.name

    def by_word(self) -> Mapping[str, str]:
        return {w: m.key for m in self.catalogue.measures for w in m.words}


@lru_cache(maxsize=4096)
def _measure_of(word: str, name: str, measures: _Measures) -> str:
    by_word = measures.by_word()
    rules = measures.catalogue.headers
    trimmed = rules.trimmed.sub("", word)
    for candidate in (word, trimmed, *(trimmed.removeprefix(p) for p in rules.prefixes if trimmed.startswith(p))):
        if candidate in by_word:
            return by_word[candidate]
    if hit := nearest(trimmed, tuple(by_word)):
        return by_word[hit]
    inside = [w for w in by_word if len(w) >= 4 and w in word and len(w) * 5 >= len(word) * 3]
    return by_word[max(inside, key=len)] if inside else ""
