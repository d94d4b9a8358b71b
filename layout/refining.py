"""Two parts of a form, each with bands of its own columns, on one lattice: the finer of the two.

A page of a form shows only the columns of its own bands. Where one part's edges are all among the other's, the coarse
part is the same form with cells that run over several of the finer columns.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from layout.forms import form_labels
from layout.values import Cell, Span, Table

#: How far the same edge may lie off on another page, in widths of the table: among many edges one is near by chance.
SAME_EDGE = 0.01

Edges = tuple[float, ...]


def on_common_columns(first: Table, second: Table, old: Edges, new: Edges) -> tuple[Table, Table] | None:
    """Both tables on the columns of the finer one; None where edges cross, or where it is no form's rest.

    old, new: (n_cols + 1,) their column edges in points. Only forms have bands of other columns: the first part has a
    caption and labels, the second neither caption nor header rows (unless a short last page has nothing else).
    """
    is_form = first.n_header_rows == 0 and bool(form_labels(first)) and bool(first.title or first.label)
    is_rest = second.n_header_rows % second.n_rows == 0 and not (second.title or second.label or second.unit)
    if not (is_form and is_rest) or min(first.n_cols, second.n_cols) < 2:
        return None
    coarse, fine = (old, new) if len(old) < len(new) else (new, old)
    places = _places(coarse, fine)
    if places is None:
        return None
    if len(old) < len(new):
        return _refined(first, places), second
    return first, _refined(second, places)


def _places(coarse: Edges, fine: Edges) -> tuple[int, ...] | None:
    """For each coarse edge the index of the fine one that it is; None if one is none of them."""
    width = fine[-1] - fine[0]
    if not width > 0 or not abs((coarse[-1] - coarse[0]) / width - 1) <= 2 * SAME_EDGE:
        return None
    shares = [(x - coarse[0]) / (coarse[-1] - coarse[0]) for x in coarse]
    found = [
        min(range(len(fine)), key=lambda i, s=share: abs((fine[i] - fine[0]) / width - s))  # type: ignore[misc]
        for share in shares
    ]
    near = all(abs((fine[i] - fine[0]) / width - s) <= SAME_EDGE for i, s in zip(found, shares, strict=True))
    ascending = all(a < b for a, b in pairwise(found))
    return tuple(found) if near and ascending else None


def _refined(table: Table, places: tuple[int, ...]) -> Table:
    return replace(table, n_cols=places[-1], cells=tuple(_spread(c, places) for c in table.cells))


def _spread(cell: Cell, places: tuple[int, ...]) -> Cell:
    s = cell.span
    return replace(cell, span=Span(s.row, places[s.col], s.row_stop, places[s.col_stop]))
