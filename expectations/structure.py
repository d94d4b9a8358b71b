"""Rows that are lost or doubled where no sum tells: by the codes, names and labels that a table prints.

Only what the table itself leads one to expect is missed: a level of codes that all other branches have, a total that the
catalogue says such tables print, a label that all other forms of the document carry, headings that tell columns apart.
What is in order makes no check,
for it proves no figure. Readings cannot clear these: it is the grid that may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from expectations.catalogue.loader import Catalogue
from expectations.columns import Column, measure_of
from expectations.figures import HalfFigures, Line, TableFigures
from expectations.forms import cell_ref, labelled_values
from expectations.values import CellRef, Check, CheckVerdict, Term
from expectations.words import holds_word, normalise
from layout.amounts import parse_amount
from layout.reading_order import glyph_height
from layout.values import Cell

DOUBLED, GAP, NO_TOTAL, NO_ROWS, NO_LABEL, SAME_HEADS, CUT_HEAD = "S01", "S02", "S03", "S04", "S05", "S06", "S07"
#: Other branches, or other forms, that must agree before one that differs is thought damaged.
_PEERS = 2
#: In text heights: white between two headings read as one text below which it may be white within one heading.
_ONE_HEADING = 0.8
_SECONDS = ("二、", "二.", "2、", "2.")


def structural_checks(tables: Sequence[TableFigures], catalogue: Catalogue) -> Iterator[Check]:
    """The failing ones only, each with the cells nearest to what is wrong."""
    for table in tables:
        yield from doubled_rows(table)
        yield from gaps(table)
        yield from beginnings(table)
        yield from missing_totals(table, catalogue)
        yield from missing_rows(table, catalogue)
        yield from missing_names(table, catalogue)
        yield from same_heads(table)
        yield from cut_heads(table, catalogue)
    yield from missing_labels(tables, catalogue)


def doubled_rows(table: TableFigures) -> Iterator[Check]:
    """S01: two rows, one under the other, the same in every cell, with a figure among them."""
    rows = _body_rows(table)
    for above, below in pairwise(sorted(rows)):
        upper, lower = rows[above], rows[below]
        same = [c.text.strip() for c in upper] == [c.text.strip() for c in lower]
        figures = [c for c in (*upper, *lower) if _is_figure(table, c)]
        if same and below == above + 1 and figures and _places(upper) == _places(lower):
            yield _failing(DOUBLED, f"rows {above} and {below} are the same", table, figures)


def gaps(table: TableFigures) -> Iterator[Check]:
    """S02: a code without its parent, or a parent without children, where every other branch has them."""
    for half in table.halves:
        for system in {line.system for line in half.lines if line.system and line.system != "unit"}:
            lines = [line for line in half.lines if line.system == system]
            levels = sorted({len(line.code) for line in lines})
            for upper, lower in pairwise(levels):
                yield from _gap(table, half, lines, upper, lower)


def _gap(table: TableFigures, half: HalfFigures, lines: Sequence[Line], upper: int, lower: int) -> Iterator[Check]:
    parents = {line.code for line in lines if len(line.code) == upper}
    children = {line.code[:upper] for line in lines if len(line.code) == lower}
    orphans, childless = children - parents, parents - children
    if len(orphans) == 1 and len(children) > _PEERS:
        child = next(x for x in lines if len(x.code) == lower and x.code[:upper] in orphans)
        yield _failing(GAP, f"{child.code} stands without {child.code[:upper]}", table, _figures(half, child))
    if len(childless) == 1 and len(parents) > _PEERS:
        parent = next(x for x in lines if x.code in childless)
        yield _failing(GAP, f"{parent.code} has nothing below it", table, _figures(half, parent))


def beginnings(table: TableFigures) -> Iterator[Check]:
    """S02: an outline of income or expenditure that begins with 二; functional classes keep their national numbers."""
    for half in table.halves:
        numbered = [line for line in half.lines if half.side and line.depth == 1]
        first = numbered[0] if numbered else None
        if first is not None and normalise(first.name)[:2] in _SECONDS and not first.key.startswith("class:"):
            yield _failing(GAP, f"{first.name} stands without the first of its numbers", table, _figures(half, first))


def missing_totals(table: TableFigures, catalogue: Catalogue) -> Iterator[Check]:
    """S03: no total row in a table of a kind that prints one."""
    entry = next((e for e in catalogue.identities if e["type"] == "total_row" and table.kind in e["kinds"]), None)
    for half in table.halves if entry else ():
        printed = [line for line in half.lines if any(parse_amount(c.text).value for c in _figures(half, line))]
        # Where no line speaks of money carried over, the year's total is the whole one, and some offices print it alone.
        carries = any(line.key in ("carry_in", "carry_out") for line in half.lines)
        alone = set() if carries else {f"year_{half.side}"}
        in_parts = entry.get("in_parts", ()) if entry and len(table.halves) > 1 else ()
        wanted = {f"{half.side}_total", *alone} if half.side else {"total", *in_parts}
        if len(printed) >= _PEERS and not any(line.key in wanted for line in half.lines):
            yield _failing(NO_TOTAL, "the total row is missing", table, _figures(half, printed[0]))


def missing_rows(table: TableFigures, catalogue: Catalogue) -> Iterator[Check]:
    """S04: a header with no row under it, not even a blank one, and no remark that says why."""
    rule = catalogue.kind(table.kind)
    grid = table.table
    if rule is not None and not rule.is_form and 0 < grid.n_header_rows == grid.n_rows and not grid.notes:
        yield _failing(NO_ROWS, "there is no row under the header", table, grid.cells[:1])


def same_heads(table: TableFigures) -> Iterator[Check]:
    """S06: two columns of figures under the very same headings: one was misread, and which measure it is is not known."""
    for half in table.halves if table.kind else ():
        by_tree: dict[tuple[str, ...], list[Column]] = {}
        for column in half.columns:
            if column.tree and any((f := half.at(line, column)) and f.amount.value for line in half.lines):
                by_tree.setdefault(column.tree, []).append(column)
        for tree, columns in by_tree.items():
            if len(columns) > 1:
                figures = [f.cell for c in columns for line in half.lines if (f := half.at(line, c)) and f.amount.value]
                yield _failing(SAME_HEADS, f"{len(columns)} columns are headed {' / '.join(tree)}", table, figures[:2])


def cut_heads(table: TableFigures, catalogue: Catalogue) -> Iterator[Check]:
    """S07: a heading cut into two where neither a ruling, nor print below, nor words that the catalogue knows show that there
    are two columns: a wide white in it looks the same, and then what stands beside it is under the wrong heading.
    """
    grid = table.table
    if not grid.implied:
        return
    leaves = {
        c.span.col: c for c in grid.cells
        if c.span.row_stop == grid.n_header_rows and c.span.colspan == 1 and c.text.strip()
    }  # fmt: skip
    filled = {
        col for c in grid.cells if c.span.row >= grid.n_header_rows and c.text.strip()
        for col in range(c.span.col, c.span.col_stop)
    }  # fmt: skip
    for col in sorted(leaves):
        left, right = leaves[col], leaves.get(col + 1)
        if not filled or right is None or {col, col + 1} <= filled or not _is_one_text(left, right):
            continue
        if not (_is_known_head(left, catalogue) and _is_known_head(right, catalogue)):
            heading = f"{normalise(left.text)} | {normalise(right.text)}"
            figures = [c for c in _numbers_of(table) if c.span.col in (col - 1, col, col + 1, col + 2)]
            yield _failing(CUT_HEAD, f"one heading or two: {heading}", table, figures[:2] or [left, right])


def _is_known_head(cell: Cell, catalogue: Catalogue) -> bool:
    """Whether a heading says, whole, what such tables head columns with."""
    text = normalise(cell.text)
    groups = ("ordinal_words", "total_words", "item_words", "name_words", "neutral_words")
    return bool(measure_of(text, catalogue)) or any(text in catalogue.words[group] for group in groups)


def _is_one_text(left: Cell, right: Cell) -> bool:
    """Whether two cells hold parts of one text line that was read as a whole, with little white between them."""
    return any(
        (a.bbox.y0, a.bbox.y1) == (b.bbox.y0, b.bbox.y1)
        and -glyph_height(a) < b.bbox.x0 - a.bbox.x1 < _ONE_HEADING * glyph_height(a)
        for a in left.words for b in right.words
    )  # fmt: skip


def missing_names(table: TableFigures, catalogue: Catalogue) -> Iterator[Check]:
    """S05: a form that says nowhere whose it is."""
    rule = catalogue.kind(table.kind)
    if rule is None or not rule.named_by or not table.table.cells:
        return
    labels = [normalise(cell.text).rstrip(":") for cell in table.table.cells if cell.text.strip()]
    if labels and not any(holds_word(label, word) for label in labels for word in rule.named_by):
        cells = _numbers(table) or table.table.cells[:1]
        yield _failing(NO_LABEL, f"the form does not say whose it is ({rule.named_by[0]})", table, cells)


def missing_labels(tables: Sequence[TableFigures], catalogue: Catalogue) -> Iterator[Check]:
    """S05: a form without an amount that all other forms of its kind state."""
    for entry in catalogue.identities:
        forms = [t for t in tables if t.kind in entry["kinds"]] if entry["type"] == "form_sum" else []
        lacking = [t for t in forms if not any(_is_labelled(t, word) for word in entry["total"])]
        if len(lacking) == 1 and len(forms) > _PEERS:
            statement = f"the form lacks {entry['total'][0]}, which the others state"
            yield _failing(NO_LABEL, statement, lacking[0], _numbers(lacking[0]) or lacking[0].table.cells[:1])


def _is_labelled(table: TableFigures, word: str) -> bool:
    return any(pair.label.startswith(word) for pair in labelled_values(table.table))


def _body_rows(table: TableFigures) -> dict[int, tuple[Cell, ...]]:
    """Per row below the header the cells of that row alone, left to right."""
    rows: dict[int, list[Cell]] = {}
    for cell in sorted(table.table.cells, key=lambda c: c.span.col):
        if cell.span.row >= table.table.n_header_rows and cell.span.rowspan == 1:
            rows.setdefault(cell.span.row, []).append(cell)
    return {row: tuple(cells) for row, cells in rows.items()}


def _places(cells: Sequence[Cell]) -> list[tuple[int, int]]:
    return [(c.span.col, c.span.col_stop) for c in cells]


def _is_figure(table: TableFigures, cell: Cell) -> bool:
    """Whether a cell prints an amount; in a table of lines and measures a code is none."""
    place = (cell.span.row, cell.span.col)
    return parse_amount(cell.text).value is not None and (
        not table.halves or any(place in half.figures for half in table.halves)
    )


def _figures(half: HalfFigures, line: Line) -> tuple[Cell, ...]:
    return tuple(f.cell for c in half.columns if (f := half.at(line, c)) is not None)


def _numbers(table: TableFigures) -> tuple[Cell, ...]:
    return _numbers_of(table)[:1]


def _numbers_of(table: TableFigures) -> tuple[Cell, ...]:
    return tuple(c for c in table.table.cells if parse_amount(c.text).value is not None)


def _failing(identity: str, statement: str, table: TableFigures, cells: Sequence[Cell]) -> Check:
    refs: list[CellRef] = [cell_ref(table, cell) for cell in cells]
    values = [parse_amount(cell.text).value or Decimal(0) for cell in cells]
    terms = tuple(Term(ref, 0, value) for ref, value in zip(refs, values, strict=True))
    where = f"table {table.table_index + 1}: {statement}"
    return Check(identity, where, CheckVerdict.EXTRACTION_SUSPECT, terms, reason="a row may be lost or read twice")
