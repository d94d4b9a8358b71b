"""Every figure of a table with all that names it: its line (code, name, role) and its column (measure, period).

The one view of a table that facts and identities share. A line's key is its role where the catalogue knows one
(total, carry_in, goods), 'class:208' for a class named without its code, else ''.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from expectations.catalogue.loader import Catalogue
from expectations.codes import Agreement, check_code
from expectations.columns import Column, Half, body_start, read_halves
from expectations.units import printed_unit, stated_unit
from expectations.values import CellRef, DocumentTables
from expectations.words import nearest, normalise
from layout.amounts import parse_amount
from layout.values import Amount, Blankness, Cell, Table
from ocr.shelf import Shelf

_GLUED = re.compile(r"^[\[(【]?(\d{3,9})[\])】]?[-—_]*(\D.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One body row of one half. depth: outline depth of its numbering, 0 when it has none."""

    row: int
    code: str
    system: str
    name: str
    key: str
    depth: int
    is_detail: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell where a line and a measure meet; also blank ones. factor: printed unit -> 元, None when unknown."""

    ref: CellRef
    cell: Cell
    line: Line
    column: Column
    amount: Amount
    unit: str
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class HalfFigures:
    side: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    figures: Mapping[tuple[int, int], Figure] = field(hash=False, compare=False)

    def at(self, line: Line, column: Column) -> Figure | None:
        return self.figures.get((line.row, column.index))

    def by_key(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)


@dataclass(frozen=True, slots=True)
class HalfMarks:
    """codes: those of its lines, as one number. amounts: a number for what each line prints in each column, lines first,
    0 where there is no figure; equal figures have equal numbers."""

    codes: int
    n_columns: int
    amounts: npt.NDArray[np.int64] = field(repr=False, compare=False)


def marks_of(half: HalfFigures) -> HalfMarks:
    found = (half.at(line, column) for line in half.lines for column in half.columns)
    amounts = np.array([hash(f.amount) or 1 if f is not None else 0 for f in found], dtype=np.int64)
    return HalfMarks(hash(tuple(line.code for line in half.lines)), len(half.columns), amounts)


@dataclass(frozen=True, slots=True)
class TableFigures:
    """decimals: the precision to which this table prints; prints_decimals: whether its own figures say so.

    printed_unit: its own, before that of the other tables is taken for it; n_lines: of all halves; marks: what of the halves is compared to tell whether two tables may be copies.
    """

    table_index: int
    kind: str
    table: Table
    unit: str
    factor: Decimal | None
    halves: Sequence[HalfFigures]
    decimals: int
    prints_decimals: bool = False
    printed_unit: str = ""
    n_lines: int = 0
    marks: tuple[HalfMarks, ...] = ()

    def all(self) -> Iterator[tuple[HalfFigures, Figure]]:
        for half in self.halves:
            for figure in half.figures.values():
                yield half, figure


def read_figures(
    document: DocumentTables, kinds: tuple[str, ...], catalogue: Catalogue, known: Sequence[TableFigures] = ()
) -> tuple[TableFigures, ...]:
    """One per table, forms too (with no halves). known: figures read before; those of a table that is still the same
    object are taken over."""
    forms = {rule.id for rule in catalogue.kinds if rule.is_form}
    units = [
        known[i].printed_unit if i < len(known) and known[i].table is t else printed_unit(t, catalogue, kind in forms)
        for i, (t, kind) in enumerate(zip(document.tables, kinds, strict=True))
    ]
    named = {u for u in units if u in catalogue.units}
    # A table that prints no unit has that of the others, unless those differ: 万元 taken for 元 is ten thousand times off.
    common = named.pop() if len(named) == 1 else ""
    tables = [
        _kept(known, i, table, kind, unit or common)
        or _table(i, table, kind, (unit, unit or common), catalogue, document.shelf)
        for i, (table, kind, unit) in enumerate(zip(document.tables, kinds, units, strict=True))
    ]
    usual = max((t.decimals for t in tables if t.prints_decimals), default=0)
    # A table of few figures, all of them round, prints no less precisely than the others.
    return tuple(t if t.decimals == usual or t.prints_decimals else replace(t, decimals=usual) for t in tables)


def _kept(known: Sequence[TableFigures], index: int, table: Table, kind: str, unit: str) -> TableFigures | None:
    old = known[index] if index < len(known) else None
    same = old is not None and old.table is table and (old.kind, old.unit) == (kind, unit)
    return old if same else None


def _table(
    index: int, table: Table, kind: str, units: tuple[str, str], catalogue: Catalogue, shelf: Shelf
) -> TableFigures:
    printed, unit = units
    rule = catalogue.kind(kind)
    factor = catalogue.units.get(unit)
    halves: tuple[HalfFigures, ...] = ()
    if rule is None or not rule.is_form:
        slots = table.slot_cells()
        found = read_halves(table, catalogue, rule.scope if rule else ())
        halves = tuple(_half(half, index, table, slots, unit, factor, catalogue) for half in found)
    decimals = max((f.amount.decimals for h in halves for f in h.figures.values()), default=0)
    n_figures, n_lines = sum(len(h.figures) for h in halves), sum(len(h.lines) for h in halves)
    kept, marks = shelf.keep(halves, 2 * n_figures), tuple(map(marks_of, halves))
    return TableFigures(index, kind, table, unit, factor, kept, decimals, decimals > 0, printed, n_lines, marks)


def _half(
    half: Half,
    table_index: int,
    table: Table,
    slots: Mapping[tuple[int, int], Cell],
    unit: str,
    factor: Decimal | None,
    catalogue: Catalogue,
) -> HalfFigures:
    rows = [r for r in range(body_start(table), table.n_rows) if not _numbers_columns(r, half, slots, catalogue)]
    read = [_line(r, half, slots, catalogue) for r in rows]
    lines = _settle_units([line for line in read if line is not None], half, catalogue)
    lines = _settle_totals(lines, half.side, catalogue)
    figures: dict[tuple[int, int], Figure] = {}
    for line in lines:
        for column in half.measures:
            cell = slots[line.row, column.index]
            if (cell.span.row, cell.span.col) != (line.row, column.index):
                continue
            amount = parse_amount(cell.text)
            ref = CellRef(table_index, line.row, column.index)
            own = _own_unit(line, column, unit, catalogue) if _is_money(line, column, catalogue) else ""
            figures[line.row, column.index] = Figure(
                ref, cell, line, column, amount, own, factor if own == unit else catalogue.units.get(own)
            )
    return HalfFigures(half.side, half.measures, tuple(lines), figures)


def _own_unit(line: Line, column: Column, unit: str, catalogue: Catalogue) -> str:
    """The unit of one figure: that which its column or row says, else the table's."""
    said = (stated_unit(text, catalogue) for text in (*reversed(column.path), line.name))
    return next(filter(None, said), unit)


def _is_money(line: Line, column: Column, catalogue: Catalogue) -> bool:
    """Whether a figure is one of money: counts and ratios have no unit of the table's, and are no amount in 元."""
    leaf = column.tree[-1] if column.tree else ""
    said = any(word in leaf for word in catalogue.words.get("not_money_words", ()))
    return not (said or catalogue.not_money.search(leaf) or catalogue.not_money.search(normalise(line.name)))


def _numbers_columns(row: int, half: Half, slots: Mapping[tuple[int, int], Cell], catalogue: Catalogue) -> bool:
    """Whether a row only numbers the columns: labels that announce it, or none, over consecutive small integers."""
    labels = {normalise(slots[row, c.index].text) for c in (*half.codes, *half.names)} - {""}
    words = catalogue.words
    if labels and labels <= {*words["ordinal_words"], *words["split_code_words"]}:
        return bool(labels & {*words["ordinal_words"]})
    numbers = [normalise(slots[row, c.index].text) for c in half.measures]
    if labels or len(numbers) < 3 or not all(n.isdigit() and len(n) <= 2 for n in numbers):
        return False
    return all(int(b) - int(a) == 1 for a, b in pairwise(numbers))


def _line(row: int, half: Half, slots: Mapping[tuple[int, int], Cell], catalogue: Catalogue) -> Line | None:
    """The line of a row; None when the half is empty there."""
    codes = _code_cells(row, half, slots, catalogue)
    names = [c for c in _each_once(slots[row, c.index] for c in half.names) if c not in codes]
    code, rest = _code([c.text for c in codes])
    name = " ".join(t for t in (rest, *(" ".join(c.text.split()) for c in names)) if t)
    glued = _GLUED.match(normalise(name)) if not code else None
    if glued and system_of(glued[1], catalogue):
        code, name = glued[1], glued[2]
    has_figures = any(slots[row, c.index].text.strip() for c in half.measures)
    has_labels = bool(half.codes or half.names)
    if has_labels and not code and not name and not has_figures:
        return None
    depth, bare, detail = strip_numbering(name, catalogue)
    system = system_of(code, catalogue)
    key = "" if system else row_key(bare, catalogue)
    if system and system == catalogue.class_system and len(code) == _class_length(catalogue):
        key = f"class:{code}"
    return Line(row, code, system, name, key, depth, detail)


def _code_cells(row: int, half: Half, slots: Mapping[tuple[int, int], Cell], catalogue: Catalogue) -> list[Cell]:
    """The cells of the row's code; where a column of office codes stands beside others, it counts if those are blank."""
    pattern = catalogue.headers.unit_column
    of_office = {c.index for c in half.codes if any(pattern.search(normalise(text)) for text in c.path[-1:])}
    cells = {c: _each_once(slots[row, i.index] for i in half.codes if (i.index in of_office) == c)
             for c in (False, True)}  # fmt: skip
    return cells[False] if any(c.text.strip() for c in cells[False]) else cells[True] or cells[False]


def _each_once(cells: Iterable[Cell]) -> list[Cell]:
    """Cells of one table, a merged one not for each of its slots. By place: to hash a cell is to hash all its readings."""
    return list({cell.span: cell for cell in cells}.values())


def _code(texts: list[str]) -> tuple[str, str]:
    """Split 类 / 款 / 项 cells put together; what is not digits is name, but for a letter (A 货物)."""
    code, rest = "", ""
    for text in texts:
        plain = normalise(text)
        if plain.isdigit() or re.fullmatch(r"[a-z]\d*", plain):
            is_part = len(plain) == 2 and len(code) in (3, 5)
            code = code + plain if is_part else plain.upper()
        elif plain:
            rest = " ".join(text.split())
    return code, rest


def _settle_units(lines: list[Line], half: Half, catalogue: Catalogue) -> list[Line]:
    """Codes of offices look like those of the outermost classes (205). A code is an office's where its column is headed
    so, or longer codes of offices begin with it, and its name is not the one that the classification gives it."""
    pattern = catalogue.headers.unit_column
    headed = any(pattern.search(normalise(text)) for column in half.codes for text in column.path)
    offices = [line.code for line in lines if line.system == "unit"]

    def is_office(line: Line) -> bool:
        if (
            not line.system
            or line.system == "unit"
            or not line.name
            or system_of(line.code, catalogue, "unit") != "unit"
        ):
            return False
        above = any(code.startswith(line.code) for code in offices)
        known = check_code(line.system, line.code, line.name, None, catalogue).agreement
        return (headed or above) and known not in (Agreement.AGREES, Agreement.OTHER_YEAR)

    return [replace(line, system="unit", key="") if is_office(line) else line for line in lines]


def _settle_totals(lines: list[Line], side: str, catalogue: Catalogue) -> list[Line]:
    """The total of a half that has a side is that side's; of two totals one is the year's and one the whole."""
    total = f"{side}_total" if side else "total"
    lines = [replace(line, key=total) if side and line.key == "total" else line for line in lines]
    totals = [line for line in lines if line.key == total]
    if side and len(totals) > 1 and not any(line.key == f"year_{side}" for line in lines):
        whole = next((x for x in totals if catalogue.headers.whole.search(x.name)), totals[-1])
        lines = [replace(x, key=f"year_{side}") if x in totals and x is not whole else x for x in lines]
    return lines


def strip_numbering(name: str, catalogue: Catalogue) -> tuple[int, str, bool]:
    """(outline depth, the name without numbering, whether it says 其中); normalised."""
    text = normalise(name)
    is_detail = bool(catalogue.detail.match(text))
    text = catalogue.detail.sub("", text)
    for depth, pattern in enumerate(catalogue.numbering, start=1):
        if match := pattern.match(text):
            return depth, text[match.end() :], is_detail or bool(catalogue.detail.match(text[match.end() :]))
    return 0, text, is_detail


def row_key(name: str, catalogue: Catalogue) -> str:
    """What a row without a code stands for: a role, or 'class:208' for a class of the class system; '' when not known."""
    for key, pattern in catalogue.row_patterns:
        if pattern.fullmatch(name):
            return key
    classes = _class_names(catalogue.name, tuple(_class_items(catalogue)))
    hit = nearest(name, tuple(classes))
    return f"class:{classes[hit]}" if hit else ""


def _class_items(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    length = _class_length(catalogue)
    for code, names in catalogue.dictionary.get(catalogue.class_system, {}).items():
        for name in names if len(code) == length else ():
            yield name.plain, code


def _class_length(catalogue: Catalogue) -> int:
    """How long the codes of the outermost classes are; 0 without code systems."""
    return next((s.levels[0] for s in catalogue.code_systems if s.key == catalogue.class_system), 0)


@lru_cache(maxsize=8)
def _class_names(catalogue_name: str, items: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(items)


def system_of(code: str, catalogue: Catalogue, among: str = "") -> str:
    """The code system a code fits, of all or of the one named; '' when none."""
    systems = (s for s in catalogue.code_systems if among in ("", s.key))
    return next((s.key for s in systems if s.pattern.fullmatch(code)), "")


def is_whole(key: str) -> bool:
    """Whether a line's key is that of a total: of the table, or of one side of it."""
    return key == "total" or key.endswith("_total")


def is_blank(figure: Figure) -> bool:
    return figure.amount.kind in (Blankness.BLANK, Blankness.DASH)
