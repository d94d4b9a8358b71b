"""Which rows are the header, and which cells are labels.

Two witnesses, each fallible alone. Structure: a header is the smallest block of top rows that no cell leaves downwards
and under which no column is split again (a spanning cell asks for the row that divides it). Content: it ends before
the first row of data (an amount, a total, an empty row). A row of column numbers (栏次 1 2 3) still belongs to it.
Where the block does not resolve the columns the table is a form (label | value | label | value): no header rows, its
labels are row headers.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from layout.amounts import is_figure, parse_amount
from layout.forms import form_labels
from layout.values import Blankness, Cell, Role, Table

_TOTAL_WORDS = frozenset({"合计", "总计", "小计", "共计", "total", "grandtotal", "sum"})
_COLUMN_NUMBER_WORDS = frozenset({"栏次", "行次", "栏目", "列次", "甲", "乙", "丙", "丁", "—", "-", "**", "*", "×"})


def label_headers(table: Table) -> Table:
    """The same table with n_header_rows and the roles of its cells set.

    column_header: cells of the header rows. row_header: labels of a form. section_header: a body row of one cell
    that runs over all columns. body: everything else.
    """
    return assign_roles(replace(table, n_header_rows=count_header_rows(table)))


def assign_roles(table: Table) -> Table:
    """The table with the roles of its cells as they follow from its n_header_rows."""
    n = table.n_header_rows
    labels = form_labels(table) if n == 0 else {}
    return replace(table, cells=tuple(replace(c, role=_role(c, n, table.n_cols, labels)) for c in table.cells))


def count_header_rows(table: Table) -> int:
    """How many top rows are header; 0 for a form and for the rest of a table begun on an earlier page."""
    rows = _Rows(table)
    first_data = next((r for r in range(table.n_rows) if rows.is_data(r)), table.n_rows)
    closed = rows.closing_row(first_data)
    n = rows.not_cutting_cells(min(closed, first_data))
    if n == 0 or rows.is_form(n):
        return 0
    while n < table.n_rows and rows.is_column_numbers(n):
        n += 1
    return n


def header_paths(table: Table) -> tuple[tuple[str, ...], ...]:
    """Per column the header texts from the top down, white space taken out of Chinese ones.

    A cell that runs over all columns (a title inside the grid) and rows of column numbers are left out.
    """
    slots = table.slot_cells()
    rows = _Rows(table)
    levels = [r for r in range(table.n_header_rows) if r == 0 or not rows.is_column_numbers(r)]
    paths = []
    for col in range(table.n_cols):
        cells = dict.fromkeys(slots[r, col] for r in levels)
        texts = [plain_text(c.text) for c in cells if c.span.colspan < table.n_cols or table.n_cols == 1]
        paths.append(tuple(t for t in texts if t))
    return tuple(paths)


def plain_text(text: str) -> str:
    """Text on one line, without the spaces that letter-spacing and line breaks put between Chinese characters."""
    one_line = " ".join(text.split())
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", one_line)


def is_total_label(text: str) -> bool:
    """Whether a row label says that the row is a total (合 计, 总计, Total)."""
    return re.sub(r"[\s:：]", "", text).lower() in _TOTAL_WORDS


def ends_as_total(text: str) -> bool:
    """The same of a label that may say what it adds up (本年收入合计, 人员经费小计)."""
    return is_total_label(text) or is_total_label(re.sub(r"[\s:：]", "", text)[-2:])


def _role(cell: Cell, n_header_rows: int, n_cols: int, labels: dict[Cell, Role]) -> Role:
    if cell.span.row < n_header_rows:
        return Role.COLUMN_HEADER
    if cell in labels:
        return labels[cell]
    whole_row = cell.span.colspan == n_cols > 1 and cell.text.strip() and n_header_rows > 0
    is_section = whole_row and not is_figure(parse_amount(cell.text)) and len(cell.text) <= 40
    return Role.SECTION_HEADER if is_section else Role.BODY


class _Rows:
    """A table seen row by row: which cells cover a row, which start in it."""

    def __init__(self, table: Table) -> None:
        self.n_rows, self.n_cols = table.n_rows, table.n_cols
        self.covering: list[list[Cell]] = [[] for _ in range(table.n_rows)]
        for cell in sorted(table.cells, key=lambda c: c.span.col):
            for row in range(cell.span.row, cell.span.row_stop):
                self.covering[row].append(cell)
        self.starting = [[c for c in cells if c.span.row == r] for r, cells in enumerate(self.covering)]

    def is_data(self, row: int) -> bool:
        """Whether a row holds figures, is a total, or is empty."""
        cells = self.starting[row]
        if row and self.is_column_numbers(row):
            return False
        filled = [c for c in cells if c.text.strip()]
        if not filled:
            return bool(cells)
        if any(_is_figure_not_year(c.text) for c in filled):
            return True
        others = [parse_amount(c.text).kind for c in filled[1:]]
        return is_total_label(filled[0].text) and self.n_cols > 1 and Blankness.TEXT not in others and row > 0

    def is_column_numbers(self, row: int) -> bool:
        """1 2 3 4 under the column heads, perhaps led by 栏次 or with formulas (3=1+2)."""
        texts = [re.sub(r"\s", "", c.text) for c in self.starting[row]]
        numbers = [int(m[0]) for t in texts if (m := re.match(r"\d{1,2}(?=$|=)", t))]
        others = [t for t in texts if t and not re.match(r"\d{1,2}(?:$|=)", t) and t not in _COLUMN_NUMBER_WORDS]
        ascending = all(b == a + 1 for a, b in itertools.pairwise(numbers))
        return not others and len(numbers) >= 2 and numbers[0] in (0, 1) and ascending

    def closing_row(self, limit: int) -> int:
        """The smallest row at which the header may end by its structure alone; ``limit`` when it stays open."""
        for row in range(1, limit):
            leaves = self.covering[row - 1]
            leaves_open = any(c.span.row_stop > row for c in leaves)
            splits = any(c.span.colspan > 1 and self._is_split(c, row) for c in leaves)
            # Blanks beside filled heads are spans whose ruling was drawn through: their row goes on below.
            blanks = any(not c.text.strip() for c in leaves[1:]) and all(c.text.strip() for c in self.covering[row])
            if not (leaves_open or splits or blanks):
                return row
        return limit

    def not_cutting_cells(self, n: int) -> int:
        """The largest row <= n that no cell crosses."""
        while 0 < n < self.n_rows:
            crossing = [c.span.row for c in self.covering[n] if c.span.row < n]
            if not crossing:
                break
            n = min(crossing)
        return n

    def is_form(self, n: int) -> bool:
        """Whether rows [0, n) fail as a header: labels with colons, columns left unresolved, bands of other columns."""
        heads = [c for row in range(n) for c in self.starting[row]]
        if any(c.text.rstrip().endswith((":", "：")) and c.span.colspan < self.n_cols for c in heads):
            return True
        leaves = self.covering[n - 1]
        resolved = sum(c.span.colspan for c in leaves if c.span.colspan == 1 or self._fits_below(c, n))
        return self.n_cols > 1 and resolved < 0.5 * self.n_cols

    def _is_split(self, cell: Cell, row: int) -> bool:
        inside = range(cell.span.col + 1, cell.span.col_stop)
        return any(c.span.col in inside for c in self.starting[row])

    def _fits_below(self, cell: Cell, n: int) -> bool:
        split = sum(self._is_split(cell, r) for r in range(n, self.n_rows))
        return self.n_rows > n and split * 2 <= self.n_rows - n


def _is_figure_not_year(text: str) -> bool:
    amount = parse_amount(text)
    if amount.kind is Blankness.DASH:
        return False
    bare_year = amount.decimals == 0 and amount.value is not None and 1900 <= amount.value <= 2100 and "," not in text
    return is_figure(amount) and not bare_year
