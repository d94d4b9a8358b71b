"""Cells that are not of their column's form: damaged figures and codes, numbers that break a numbering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from layout.amounts import is_figure, parse_amount
from layout.cells import with_doubt
from layout.columns import ColumnForm, ColumnType, column_form, is_code_tree
from layout.numbering import broken_numbers
from layout.printed_marks import beside_a_stroke, has_wrong_marks, lost_point, may_lack_percent, usual_decimals
from layout.values import Blankness, Cell, Doubt, Span, Table

#: What engines read for digits and marks of a figure.
_LOOKALIKES = frozenset("0123456789.,，．-－—–_%％()（）△▲+OoQDIl|iSsBZzGgq〇○口。、·:;'\"`~ \n一")


def column_forms(table: Table) -> tuple[ColumnForm, ...]:
    """The form of each column from its first figure on: headers are not known yet."""
    return tuple(column_form([c.text for c in _below_head(table, col)]) for col in range(table.n_cols))


def asked_numbers(table: Table) -> dict[Span, str]:
    """The cells that break the numbering of their column's rows, with the number that it asks for."""
    columns = [_below_head(table, col) for col in range(table.n_cols)]
    return {cells[i].span: n for cells in columns for i, n in broken_numbers([c.text for c in cells]).items()}


def mark_off_type(table: Table, forms: Sequence[ColumnForm], least_figures: int) -> Table:
    """Adds off_type to cells that look like a damaged figure or code of their column, or print other decimals.

    An amount whose marks are another's (1.234.56) is damaged in any column: where all of a column is, it has no form.
    So is one beside a stroke (487.64!), a number that breaks the numbering of the rows, and an amount with decimals that
    shares a cell with other print: a line of the cell beside it, or the whole, where a ruling was lost.
    least_figures: those in a column from which on a cell that is none is off type.
    """
    off = {
        c.span
        for col, form in enumerate(forms)
        for c in _off_type(_below_head(table, col), form, least_figures)
    }  # fmt: skip
    decimals = usual_decimals(c.text for c in table.cells)
    broken = (has_wrong_marks, beside_a_stroke, partial(lost_point, decimals=decimals))
    off |= {c.span for c in table.cells if any(is_broken(c.text) for is_broken in broken)}
    off |= set(asked_numbers(table))
    off |= {c.span for c in table.cells if holds_another_cell(c)}
    return replace(table, cells=tuple(with_doubt(c, Doubt.OFF_TYPE) if c.span in off else c for c in table.cells))


def has_point_for_comma(text: str, form: ColumnForm) -> bool:
    """Whether a text has three decimals in a column of whole numbers: 131,042.525."""
    amount = parse_amount(text)
    return form.decimals == 0 and form.n_figures >= 5 and amount.kind is Blankness.NUMBER and amount.decimals == 3


def _below_head(table: Table, col: int) -> list[Cell]:
    cells = sorted((c for c in table.cells if c.span.col == col and c.span.colspan == 1), key=lambda c: c.span)
    first = next((i for i, c in enumerate(cells) if is_figure(parse_amount(c.text))), len(cells))
    return cells[first:]


def _off_type(cells: Sequence[Cell], form: ColumnForm, least_figures: int) -> list[Cell]:
    if form.n_figures < least_figures:
        return []
    if form.type is ColumnType.TEXT:
        texts = [c.text for c in cells if c.text.strip()]
        return [c for c in cells if _is_damaged(c.text)] if is_code_tree(texts) else []
    odd = [c for c in cells if _is_damaged(c.text) or may_lack_percent(c.text, form)]
    if form.decimals is not None and form.n_figures >= 5:
        amounts = [(c, a) for c in cells if (a := parse_amount(c.text)).kind is Blankness.NUMBER]
        odd += [c for c, a in amounts if form.decimals and a.decimals != form.decimals]
        odd += [c for c in cells if has_point_for_comma(c.text, form)]
    return odd


def holds_another_cell(cell: Cell) -> bool:
    """Whether a cell holds an amount with decimals beside other print. (Of 54,297 cells of tables none does so rightly.)"""
    parts = cell.text.split()
    return len(parts) > 1 and any(parse_amount(part).decimals > 0 for part in parts)


def _is_damaged(text: str) -> bool:
    """Text made of digits and what is taken for them, yet no figure."""
    if parse_amount(text).kind is not Blankness.TEXT:
        return False
    stray = sum(c not in _LOOKALIKES for c in text)
    return stray == 0 or (stray <= 1 and sum(c.isdigit() for c in text) >= 2)
