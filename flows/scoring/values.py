"""What is compared: tables and text of one file, as its truth has them or as a system read them. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from flows.scoring.text import normalise


@dataclass(frozen=True, slots=True)
class BenchCell:
    """One cell at its first slot. doubtful: the system itself says that this text is not to be relied on.

    confidence: the probability in [0, 1] that the system gives its text; None where it gives none.
    """

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    doubtful: bool = False
    confidence: float | None = None

    @property
    def place(self) -> tuple[int, int, int, int]:
        return self.row, self.col, self.rowspan, self.colspan


@dataclass(frozen=True)
class BenchTable:
    """A table; n_header_rows is None where a system does not say."""

    page_numbers: tuple[int, ...]
    n_rows: int
    n_cols: int
    cells: tuple[BenchCell, ...]
    n_header_rows: int | None = None
    title: str | None = None
    label: str | None = None
    unit: str | None = None
    kind: str | None = None

    @cached_property
    def slots(self) -> dict[tuple[int, int], BenchCell]:
        """(row, col) of every slot -> the cell that covers it."""
        return {
            (row, col): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rowspan)
            for col in range(cell.col, cell.col + cell.colspan)
        }

    @cached_property
    def content(self) -> str:
        """All its text, normalised, in reading order."""
        return "".join(normalise(c.text) for c in sorted(self.cells, key=lambda c: (c.row, c.col)))


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as read. text: (page number, text) of what stands outside tables. accepted: None where nobody judges.

    error: why there is no reading at all; seconds: wall time, models loaded, None when unknown.
    """

    tables: tuple[BenchTable, ...]
    text: tuple[tuple[int, str], ...] = ()
    n_pages: int = 0
    accepted: bool | None = None
    seconds: float | None = None
    error: str = ""
    reasons: tuple[str, ...] = field(default=())
