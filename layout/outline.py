"""How the rows of a table are ordered under each other: levels of their labels by code, numbering and indent; totals.

    Table --row_labels--> RowLabel ...        of tables with a header; forms have none
    Table --labels_of_cells--> {Span: RowLabel}     for each label, and for each cell right of one, the nearest

Only what the print itself says is said: a column that is neither indented, numbered nor coded has no levels.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from layout.amounts import parse_amount
from layout.columns import is_code_tree
from layout.headers import ends_as_total, is_total_label, plain_text
from layout.reading_order import usual_height
from layout.values import Blankness, Cell, Role, Span, Table

#: Styles of numbering; each next one met below another is a level deeper.
_NUMBERINGS = tuple(
    re.compile(pattern)
    for pattern in (r"[一二三四五六七八九十]+\s*[、.．]", r"[(（][一二三四五六七八九十]+[)）]",
                    r"\d{1,2}\s*[、.．](?!\d)", r"[(（]\d{1,2}[)）]", r"[①-⑳]", r"[IVX]{1,4}\.", r"[A-Za-z]\.")
)  # fmt: skip
_CODE = re.compile(r"\d{2,12}")
_LED_BY_CODE = re.compile(r"(\d{3,12})\s*\D")
_DETAIL = re.compile(r"其中|of which", re.IGNORECASE)
#: In text heights: offsets nearer than this are one indent, apart by more are two; an indent is no wider than _WIDEST.
_SAME, _APART, _WIDEST = 0.4, 0.6, 4.0
_LEAST_ROWS = 4


@dataclass(frozen=True, slots=True)
class RowLabel:
    """What names a row, or its half of one: a cell's span. level: 1 outermost, 0 a total, None where the print is silent."""

    span: Span
    level: int | None
    is_total: bool


def outline_columns(label: RowLabel | None) -> dict[str, int | bool | None]:
    """What a cell of that row says of it where tables are written: row_level and is_total_row."""
    return {"row_level": label.level if label else None, "is_total_row": label is not None and label.is_total}


def row_labels(table: Table) -> tuple[RowLabel, ...]:
    """The labels of the rows below the header, column by column from the left."""
    found: list[RowLabel] = []
    for col in range(table.n_cols) if table.n_header_rows else ():
        cells = _body(table, col)
        if _names_rows(cells):
            found += _labelled(cells, _levels(table, cells, col))
        else:  # a total may stand in the column of the codes, or run over it and the names
            found += _labelled([c for c in cells if _is_total(c)], ())
    return tuple(found)


def labels_of_cells(table: Table) -> dict[Span, RowLabel]:
    """Each label's own, and for every body cell the nearest label at its left that covers its first row."""
    labels = row_labels(table)
    by_row: dict[int, list[RowLabel]] = {}
    for label in sorted(labels, key=lambda x: x.span.col):
        for row in range(label.span.row, label.span.row_stop):
            by_row.setdefault(row, []).append(label)
    found: dict[Span, RowLabel] = {}
    for cell in table.cells:
        near = [x for x in by_row.get(cell.span.row, ()) if x.span.col <= cell.span.col]
        if near:
            found[cell.span] = near[-1]
    return found


def _body(table: Table, col: int) -> list[Cell]:
    cells = (c for c in table.cells if c.span.col == col and c.span.row >= table.n_header_rows)
    return sorted((c for c in cells if c.role is not Role.SECTION_HEADER), key=lambda c: c.span)


def _names_rows(cells: Sequence[Cell]) -> bool:
    filled = [c.text for c in cells if c.text.strip()]
    words = sum(parse_amount(t).kind is Blankness.TEXT and not _CODE.fullmatch(t.strip()) for t in filled)
    return len(filled) >= 2 and words >= 0.6 * len(filled)


def _labelled(cells: Sequence[Cell], levels: Sequence[int | None]) -> Iterator[RowLabel]:
    for cell, level in zip_longest(cells, levels):
        if cell.text.strip():
            total = _is_total(cell)
            yield RowLabel(cell.span, 0 if total else level, total)


def _is_total(cell: Cell) -> bool:
    text = plain_text(cell.text)
    return is_total_label(text) or (ends_as_total(text) and not _numbering(text))


def _levels(table: Table, cells: Sequence[Cell], col: int) -> list[int | None]:
    """By codes beside or before the names, else by indents, else by numbering."""
    names = [i for i, c in enumerate(cells) if c.text.strip() and not _is_total(c)]
    levels: list[int | None] = [None] * len(cells)
    told = (
        _by_parted_codes(table, [cells[i] for i in names], col)
        or _by_codes(table, [cells[i] for i in names], col)
        or _by_indent([cells[i] for i in names])
        or _by_numbering([plain_text(cells[i].text) for i in names])
    )
    for i, level in zip_longest(names, told or [None] * len(names)):
        levels[i] = level
    return levels


# --- codes -------------------------------------------------------------------------------------------------------


def _texts_beside(table: Table, cells: Sequence[Cell], col: int) -> list[str]:
    slots = table.slot_cells()
    return ["".join(slots[c.span.row, col].text.split()) for c in cells]


def _by_codes(table: Table, cells: Sequence[Cell], col: int) -> list[int | None]:
    """Of an outline of codes (201, 20103, 2010301) in the column before, or before each name in its own cell."""
    own = [(m[1] if (m := _LED_BY_CODE.match(c.text.strip())) else "") for c in cells]
    for codes in (_texts_beside(table, cells, col - 1) if col else [], own):
        if is_code_tree([c for c in codes if c]):
            lengths = sorted({len(c) for c in codes if _CODE.fullmatch(c)})
            return [lengths.index(len(c)) + 1 if _CODE.fullmatch(c) else None for c in codes]
    return []


def _by_parted_codes(table: Table, cells: Sequence[Cell], col: int) -> list[int | None]:
    """Of codes in parts (类 款 项): a row is as deep as it has parts."""
    columns: list[list[str]] = []
    for left in range(col - 1, -1, -1):
        texts = _texts_beside(table, cells, left)
        filled = [t for t in texts if t]
        if not filled or not all(re.fullmatch(r"\d{2,3}", t) for t in filled):
            break
        columns.insert(0, texts)
    if len(columns) < 2 or not cells or not all(columns[0]):
        return []
    depths = [next((k for k, part in enumerate(parts) if not part), len(parts)) for parts in zip(*columns, strict=True)]
    return list(depths) if len(set(depths)) > 1 else []


# --- indents -----------------------------------------------------------------------------------------------------


def _by_indent(cells: Sequence[Cell]) -> list[int | None]:
    """Of names that begin at a few places; none for centred names, which begin anywhere."""
    offsets = [_offset(c) for c in cells]
    known = sorted(x for x in offsets if x is not None)
    if len(known) < _LEAST_ROWS:
        return []
    stops: list[list[float]] = [[known[0]]]
    for x in known[1:]:
        if x - stops[-1][-1] <= _SAME:
            stops[-1].append(x)
        else:
            stops.append([x])
    middles = [statistics.median(stop) for stop in stops]
    tight = all(stop[-1] - stop[0] <= _APART for stop in stops)
    steps = all(_APART <= b - a <= _WIDEST for a, b in pairwise(middles))
    if len(stops) < 2 or not tight or not steps or len(stops) > max(2, len(known) // 3):
        return []
    return [None if x is None else _nearest(middles, x) + 1 for x in offsets]


def _offset(cell: Cell) -> float | None:
    """Of the first line of a cell from its left edge, in heights of its type."""
    if not cell.words:
        return None
    height = usual_height(cell.words, 0.0)
    top = min(w.bbox.y0 for w in cell.words)
    first = [w.bbox.x0 for w in cell.words if w.bbox.y0 < top + 0.5 * height]
    return (min(first) - cell.bbox.x0) / height if height > 0 else None


def _nearest(places: Sequence[float], x: float) -> int:
    return min(range(len(places)), key=lambda i: abs(places[i] - x))


# --- numbering ---------------------------------------------------------------------------------------------------


def _numbering(text: str) -> int | None:
    return next((i for i, style in enumerate(_NUMBERINGS) if style.match(text)), None)


def _by_numbering(texts: Sequence[str]) -> list[int | None]:
    """A style met for the first time is one deeper than the one above it; 其中 is one deeper than what it details."""
    above: list[int] = []
    levels: list[int | None] = []
    for text in texts:
        style = _numbering(text)
        if style is not None:
            above = above[: above.index(style) + 1] if style in above else [*above, style]
            levels.append(len(above))
        elif _DETAIL.match(text) and above:
            levels.append(len(above) + 1)
        else:
            levels.append(None)
    return levels if any(levels) else []
