"""What a table is. Frozen; rows, columns and indices count from 0, `*_stop` is exclusive, boxes are page pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from ocr.geometry import BBox
from ocr.shelf import REDUCERS, Shelf
from ocr.values import PackedWords, Reading, Word


class Orientation(StrEnum):
    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class RulingSource(StrEnum):
    """Drawn ink, or implied by aligned words or by white space: one type, so that one grid builder serves all.

    Tentative: around a line or two at the head of a page that may be the last rows of the table on the page before.
    """

    DRAWN = "drawn"
    ALIGNED_WORDS = "aligned_words"
    WHITESPACE = "whitespace"
    TENTATIVE = "tentative"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One straight ruling. Horizontal: position is y, start and end are x; vertical: position is x, start and end y."""

    orientation: Orientation
    position: float
    start: float
    end: float
    thickness: float
    source: RulingSource = RulingSource.DRAWN

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"ruling ends before it starts: {self.start} > {self.end}")

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class TableRegion:
    """Where a table stands on its page."""

    page_number: int
    bbox: BBox


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open block of slots [row, row_stop) x [col, col_stop) that one cell fills."""

    row: int
    col: int
    row_stop: int
    col_stop: int

    def __post_init__(self) -> None:
        if not (0 <= self.row < self.row_stop and 0 <= self.col < self.col_stop):
            raise ValueError(f"empty or negative span: {self}")

    @property
    def rowspan(self) -> int:
        return self.row_stop - self.row

    @property
    def colspan(self) -> int:
        return self.col_stop - self.col

    def slots(self) -> Iterator[tuple[int, int]]:
        return ((r, c) for r in range(self.row, self.row_stop) for c in range(self.col, self.col_stop))


def _require_tiling(spans: tuple[Span, ...], n_rows: int, n_cols: int) -> None:
    seen: set[tuple[int, int]] = set()
    for span in spans:
        for slot in span.slots():
            if slot in seen:
                raise ValueError(f"two spans cover slot {slot}")
            seen.add(slot)
    if len(seen) != n_rows * n_cols or any(s.row_stop > n_rows or s.col_stop > n_cols for s in spans):
        raise ValueError(f"spans do not tile {n_rows} x {n_cols}: {len(seen)} slots covered")


@dataclass(frozen=True, slots=True)
class Grid:
    """A lattice and the spans that tile it exactly once (ValueError otherwise).

    row_edges: (n_rows + 1,) ascending y; col_edges: (n_cols + 1,) ascending x.
    cell_boxes: one box per span, in order, following bent or slanted rulings; empty means boxes from the edges.
    implied: whether white space or aligned words stood for some of its rulings. tentative: whether it is a table only
    where it goes on one on the page before.
    """

    region: TableRegion
    row_edges: tuple[float, ...]
    col_edges: tuple[float, ...]
    spans: tuple[Span, ...]
    cell_boxes: tuple[BBox, ...] = ()
    implied: bool = False
    tentative: bool = False

    def __post_init__(self) -> None:
        for edges in (self.row_edges, self.col_edges):
            if len(edges) < 2 or any(b <= a for a, b in pairwise(edges)):
                raise ValueError(f"edges must ascend, two at least: {edges}")
        if self.cell_boxes and len(self.cell_boxes) != len(self.spans):
            raise ValueError("one box per span, or none")
        _require_tiling(self.spans, self.n_rows, self.n_cols)

    @property
    def n_rows(self) -> int:
        return len(self.row_edges) - 1

    @property
    def n_cols(self) -> int:
        return len(self.col_edges) - 1

    def span_bbox(self, index: int) -> BBox:
        if self.cell_boxes:
            return self.cell_boxes[index]
        s = self.spans[index]
        return BBox(
            self.col_edges[s.col], self.row_edges[s.row], self.col_edges[s.col_stop], self.row_edges[s.row_stop]
        )


class Role(StrEnum):
    COLUMN_HEADER = "column_header"
    ROW_HEADER = "row_header"
    SECTION_HEADER = "section_header"
    BODY = "body"


class Doubt(StrEnum):
    """Why a cell's text is not to be believed without a second look."""

    LOW_CONFIDENCE = "low_confidence"
    CROSSED_RULING = "crossed_ruling"
    UNDER_SEAL = "under_seal"
    INK_WITHOUT_TEXT = "ink_without_text"
    TEXT_WITHOUT_INK = "text_without_ink"
    OFF_TYPE = "off_type"
    READINGS_DIFFER = "readings_differ"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with its words.

    text: what counts; lines of the cell joined by a newline. ocr_text: the first reading, never changed.
    bbox: page pixels on page page_number; bbox_pt: points of the original page as a viewer shows it.
    confidence: the least of its words' confidences, and after the second look the probability that its text is right
    (see `calibration`); 1.0 when it holds neither text nor ink.
    """

    span: Span
    page_number: int
    bbox: BBox
    bbox_pt: BBox
    text: str
    ocr_text: str
    confidence: float
    role: Role = Role.BODY
    words: Sequence[Word] = ()
    readings: tuple[Reading, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def _packed_cell(cell: Cell) -> tuple[type[Cell], tuple[object, ...]]:
    words = PackedWords(cell.words) if isinstance(cell.words, tuple) and cell.words else cell.words
    return Cell, (
        cell.span, cell.page_number, cell.bbox, cell.bbox_pt, cell.text, cell.ocr_text, cell.confidence, cell.role,
        words, cell.readings, cell.doubts,
    )  # fmt: skip


REDUCERS[Cell] = _packed_cell


@dataclass(frozen=True, slots=True)
class Table:
    """Cells that tile n_rows x n_cols exactly once (ValueError otherwise), and what stands around them.

    header_rows are rows [0, n_header_rows). page_numbers: the pages it runs over, ascending.
    implied: as of its grids; the places of its cells are then a reading too, which only sums can confirm.
    tentative: as of its grid; of a document there is none left.
    """

    n_rows: int
    n_cols: int
    cells: Sequence[Cell]
    page_numbers: tuple[int, ...]
    n_header_rows: int = 0
    title: str = ""
    label: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    continued: bool = False
    implied: bool = False
    tentative: bool = False

    def __post_init__(self) -> None:
        _require_tiling(tuple(c.span for c in self.cells), self.n_rows, self.n_cols)
        if not 0 <= self.n_header_rows <= self.n_rows:
            raise ValueError(f"{self.n_header_rows} header rows in {self.n_rows}")

    def laid_aside(self, shelf: Shelf) -> Table:
        """The same table, its cells on a shelf."""
        return replace(self, cells=shelf.keep(self.cells)) if isinstance(self.cells, tuple) else self

    def slot_cells(self) -> dict[tuple[int, int], Cell]:
        """(row, col) of every slot -> the cell that covers it."""
        return {slot: cell for cell in self.cells for slot in cell.span.slots()}


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Text that stands in no table: one line or paragraph, in reading order."""

    page_number: int
    bbox: BBox
    bbox_pt: BBox
    text: str
    confidence: float = 1.0


class Blankness(StrEnum):
    """Blank, a dash and 0 are three different things."""

    BLANK = "blank"
    DASH = "dash"
    ZERO = "zero"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount. value is None unless kind is number or zero; decimals are those printed."""

    kind: Blankness
    value: Decimal | None
    decimals: int
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a record schema. type: 'decimal', 'integer' or 'text'."""

    name: str
    type: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordSchema:
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One body row: values by field, with the cell (row, col) each came from."""

    row: int
    values: tuple[Decimal | int | str | None, ...]
    raw: tuple[str, ...]
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """A table as typed rows; each record has one value per field of the schema."""

    schema: RecordSchema
    records: tuple[Record, ...]

    def __post_init__(self) -> None:
        n = len(self.schema.fields)
        if any(not len(r.values) == len(r.raw) == len(r.cells) == n for r in self.records):
            raise ValueError(f"each record has {n} values, raw texts and cells")
