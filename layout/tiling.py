"""Scores of the separators between slots -> spans that tile the lattice, at the least cost.

A score says how surely a separator is drawn: positive present, negative absent, the size its weight. Where the signs
alone give rectangles, they are kept. Elsewhere, where noise added a dangling piece or ageing took one away, the block
around is cut again from edge to edge, by the cut that its scores support most, or kept whole when every cut would have
to invent more ink than keeping it whole ignores.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from layout.values import Span
from ocr.groups import groups_of

Floats = npt.NDArray[np.float64]
Bounds = tuple[int, int, int, int]
"""row, col, row_stop, col_stop."""


def tile(below: Floats, right: Floats) -> tuple[Span, ...]:
    """The spans of an n_rows x n_cols lattice, in reading order.

    below: (n_rows - 1, n_cols) score of the separator under each slot; right: (n_rows, n_cols - 1) the one to its right.
    """
    n_rows, n_cols = right.shape[0], below.shape[1]
    owners = _owners(below > 0, right > 0)
    bounds = _bounds(owners)
    spans: list[Span] = []
    done = np.zeros((n_rows, n_cols), dtype=bool)
    for row, col in np.ndindex(n_rows, n_cols):
        if not done[row, col]:
            block = _block(Span(row, col, row + 1, col + 1), owners, bounds, done)
            done[block.row : block.row_stop, block.col : block.col_stop] = True
            spans += _cut(block, below, right)
    return tuple(sorted(spans))


def canonical(spans: tuple[Span, ...]) -> tuple[tuple[Span, ...], list[int], list[int]]:
    """Spans on the lattice of the edges they use, with the row edges and column edges that are left."""
    rows = sorted({s.row for s in spans} | {s.row_stop for s in spans})
    cols = sorted({s.col for s in spans} | {s.col_stop for s in spans})
    row_at, col_at = {r: i for i, r in enumerate(rows)}, {c: i for i, c in enumerate(cols)}
    moved = (Span(row_at[s.row], col_at[s.col], row_at[s.row_stop], col_at[s.col_stop]) for s in spans)
    return tuple(sorted(moved)), rows, cols


def _owners(below: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """(n_rows, n_cols): slots with no separator between them share a number."""
    n_rows, n_cols = right.shape[0], below.shape[1]
    slots = np.arange(n_rows * n_cols).reshape(n_rows, n_cols)
    one = np.concatenate([slots[:-1][~below], slots[:, :-1][~right]])
    two = np.concatenate([slots[1:][~below], slots[:, 1:][~right]])
    return groups_of(slots.size, one, two).reshape(n_rows, n_cols)


def _bounds(owners: npt.NDArray[np.intp]) -> dict[int, Bounds]:
    """Around the slots of each number."""
    found: dict[int, Bounds] = {}
    for row, numbers in enumerate(owners.tolist()):
        for col, number in enumerate(numbers):
            top, left, _, end = found.get(number, (row, col, row + 1, col + 1))
            found[number] = top, min(left, col), row + 1, max(end, col + 1)
    return found


def _block(seed: Span, owners: npt.NDArray[np.intp], bounds: dict[int, Bounds], done: npt.NDArray[np.bool_]) -> Span:
    """The least block of whole components around a slot, short of what is already tiled."""
    block = seed
    while True:
        inside = set(owners[block.row : block.row_stop, block.col : block.col_stop].ravel().tolist())
        tops, lefts, stops, ends = zip(*(bounds[number] for number in inside), strict=True)
        grown = Span(min(tops), min(lefts), max(stops), max(ends))
        if done[grown.row : grown.row_stop, grown.col : grown.col_stop].any():
            rows, cols = np.nonzero(np.isin(owners, list(inside)) & ~done)
            grown = Span(int(rows.min()), int(cols.min()), int(rows.max()) + 1, int(cols.max()) + 1)
        if done[grown.row : grown.row_stop, grown.col : grown.col_stop].any():
            return _free_block(seed, done)
        if grown == block:
            return block
        block = grown


def _free_block(seed: Span, done: npt.NDArray[np.bool_]) -> Span:
    """Rare: a component winds around finished blocks. Its slots are then tiled one by one."""
    return seed


def _cut(block: Span, below: Floats, right: Floats) -> list[Span]:
    """The spans of one block, cut recursively from edge to edge."""
    inner_below = below[block.row : block.row_stop - 1, block.col : block.col_stop]
    inner_right = right[block.row : block.row_stop, block.col : block.col_stop - 1]
    ignored = inner_below[inner_below > 0].sum() + inner_right[inner_right > 0].sum()
    if ignored == 0:
        return [block]
    across = [(float(s.mean()), -float(s.sum()), 0, k) for k, s in enumerate(inner_below)]
    down = [(float(s.mean()), -float(s.sum()), 1, k) for k, s in enumerate(inner_right.T)]
    mean, invented, axis, k = max(across + down)
    if mean <= 0 and ignored <= invented:
        return [block]
    one, two = _halves(block, axis, k + 1)
    return _cut(one, below, right) + _cut(two, below, right)


def _halves(block: Span, axis: int, offset: int) -> tuple[Span, Span]:
    if axis == 0:
        at = block.row + offset
        return Span(block.row, block.col, at, block.col_stop), Span(at, block.col, block.row_stop, block.col_stop)
    at = block.col + offset
    return Span(block.row, block.col, block.row_stop, at), Span(block.row, at, block.row_stop, block.col_stop)
