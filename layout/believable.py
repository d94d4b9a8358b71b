"""Whether the print of an area makes a table at all: amounts or texts in columns, and neither list, contents nor text."""

from __future__ import annotations

import itertools
import re
import statistics

from layout.areas import Area
from layout.runs import Run
from layout.unruled import Lattice

LEADERS = re.compile(r"[.．·…]{3,}|…{2,}|(?:[.·] ?){4,}")
_LETTERED = re.compile(r"[^\W\d_]")

#: Share of the rows that a column must pass to be one: the last word of a justified line of a list makes none.
SELDOM = 0.2


def is_believable(area: Area, lattice: Lattice, em: float, bounded: bool) -> bool:
    """Whether the print of an area makes a table. bounded: rules above and below say so already."""
    n_rows, n_cols = len(lattice.row_edges) - 1, len(lattice.col_edges) - 1
    cells = filled_cells(area, lattice)
    if area.is_body or area.is_head:
        return n_cols > 1 and len(cells) > 1
    if n_rows < 2 or n_cols < 2:
        return False
    if bounded:
        return len(cells) >= n_cols and len(cells) >= 4
    rows = {row for row, _ in cells}
    many = [row for row in rows if sum(r == row for r, _ in cells) > 1]
    if len(many) < 3 or len(cells) < 0.25 * n_rows * n_cols or _is_contents(area, lattice, cells):
        return False
    n_amounts = sum(_is_amount(run) for runs in cells.values() for run in runs)
    in_columns = _columns_of_figures(cells, n_cols)
    if in_columns and n_amounts >= 3:
        return _long_cells(cells) < 0.34
    widths = [max(r.bbox.x1 for r in runs) - min(r.bbox.x0 for r in runs) for runs in cells.values()]
    in_use = sum(len({r for r, c in cells if c == col}) > SELDOM * n_rows for col in range(n_cols))
    return in_use >= 3 and 0.6 * n_rows <= len(many) and statistics.median(widths) < 7 * em


def filled_cells(area: Area, lattice: Lattice) -> dict[tuple[int, int], list[Run]]:
    """(row, column) of the spans' corners -> the runs in them."""
    cells: dict[tuple[int, int], list[Run]] = {}
    owner = {slot: (s.row, s.col) for s in lattice.spans for slot in s.slots()}
    for run in area.runs:
        row = sum(y <= run.y for y in lattice.row_edges[1:-1])
        col = sum(x <= run.x for x in lattice.col_edges[1:-1])
        cells.setdefault(owner[row, col], []).append(run)
    return cells


def _is_amount(run: Run) -> bool:
    return run.is_figure and any(c.isdigit() for c in run.text)


def _columns_of_figures(cells: dict[tuple[int, int], list[Run]], n_cols: int) -> int:
    count = 0
    for col in range(n_cols):
        own = [runs for (_, c), runs in cells.items() if c == col]
        figures = sum(len(runs) == 1 and runs[0].is_figure for runs in own)
        count += (figures >= 2 and 2 * figures >= len(own) - 1) or (figures == 1 and len(own) <= 2)
    return count


def _long_cells(cells: dict[tuple[int, int], list[Run]]) -> float:
    """Share of cells with texts as long as sentences."""
    return sum(sum(len(r.text) for r in runs) > 40 for runs in cells.values()) / max(1, len(cells))


def _is_contents(area: Area, lattice: Lattice, cells: dict[tuple[int, int], list[Run]]) -> bool:
    """Headings with page numbers, led there by dots or not."""
    if sum(LEADERS.search(run.text) is not None for run in area.runs) >= 2:
        return True
    last = len(lattice.col_edges) - 2
    pages = [runs[0].text for (_, c), runs in sorted(cells.items()) if c == last and len(runs) == 1]
    numbers = [int(p) for p in pages if p.isdigit() and len(p) <= 3]
    rising = all(a <= b for a, b in itertools.pairwise(numbers))
    texts = sum(_LETTERED.search(r.text) is not None for (_, c), runs in cells.items() if c < last for r in runs)
    return last <= 2 and len(numbers) >= 3 and len(numbers) == len(pages) and rising and texts >= len(numbers)
