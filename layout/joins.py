"""Tables of a document's pages -> tables of the document: one that runs over pages becomes one.

Joined are neighbours on successive pages (a blank page may lie between) whose column lattices agree and where nothing
says that a new table begins: another title, label or unit, a remark that ended the first, rows that begin like the
first table's own (`restarts`), sums that close over each part alone (`join_sums`). Sums that close over both parts
outweigh remarks and likenesses. The repeated header is dropped. A form whose bands have other columns on each page is
joined on the finer lattice (`refining`); a blank column that an open table's last page does not show is put back
(`lost_columns`). Rows too few to show a table by themselves (`rests`) are its rows where all their print falls into its
columns, and else text. A wrong join spoils two tables, a missed one leaves both readable: in doubt they stay apart.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace

from layout.amounts import parse_amount
from layout.headers import assign_roles, plain_text
from layout.join_sums import Verdict, judge_sums
from layout.lost_columns import with_lost_columns
from layout.refining import on_common_columns
from layout.restarts import begins_anew
from layout.row_merges import join_rows
from layout.values import Cell, Span, Table
from ocr.geometry import BBox

Edges = tuple[float, ...]

#: How far a text box may reach over its print, in points.
RIM_PT = 5.0


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """edge_tolerance: how far column edges may differ, in widths of the table (scans shift and stretch a little).

    page_gap: largest difference of page numbers; 2 lets one blank page lie between. header_match: share of header
    cells that must read the same for a header to count as repeated.
    """

    edge_tolerance: float = 0.02
    width_tolerance: float = 0.04
    page_gap: int = 2
    header_match: float = 0.75


def join_pages(tables: tuple[Table, ...], options: JoinOptions | None = None) -> tuple[Table, ...]:
    """The tables in reading order, those that run over pages joined into one with all their page numbers.

    Rows are numbered on; cells keep their page and box. A row cut by the page break, and a merged label that runs
    over it, are put together where that is evident.
    """
    return tuple(joined_in_turn(tables, options))


def joined_in_turn(tables: tuple[Table, ...], options: JoinOptions | None = None) -> Iterator[Table]:
    """The same, each table as soon as it is whole: only the last one is held. A tentative one that goes on none comes as
    it is.
    """
    options = options or JoinOptions()
    order = sorted(range(len(tables)), key=lambda i: (tables[i].page_numbers[0], i))
    firsts = {tables[i].page_numbers[0]: i for i in reversed(order) if not tables[i].tentative}
    open_table: Table | None = None
    for index in order:
        table = tables[index]
        is_first_on_page = table.tentative or firsts[table.page_numbers[0]] == index
        pair = _pair(open_table, table, options) if open_table is not None and is_first_on_page else None
        if pair is None and table.tentative:
            yield table
            continue
        if pair is None and open_table is not None:
            yield open_table
        open_table = table if pair is None else _joined(*pair, options)
    if open_table is not None:
        yield open_table


def _pair(first: Table, second: Table, options: JoinOptions) -> tuple[Table, Table] | None:
    """The two on the same columns where the second is the rest of the first, else None."""
    if second.page_numbers[0] - first.page_numbers[-1] not in range(1, options.page_gap + 1):
        return None
    if second.tentative and not _begins_with_amounts(second):
        same = first.n_cols == second.n_cols and _has_same_heads(first, second, options)
        return (first, second) if same and continues(first, second, options) else None
    if second.tentative:
        rest = with_lost_columns(first, second, column_edges(first), _points_per_pixel(list(second.cells)))
        return (first, rest) if rest is not None and continues(first, rest, options) else None
    if first.n_cols == second.n_cols:
        return (first, second) if continues(first, second, options) else None
    edges, scale = column_edges(first), _points_per_pixel(list(second.cells))
    pair = on_common_columns(first, second, edges, column_edges(second))
    if pair is None:
        whole = with_lost_columns(first, second, edges, scale)
        pair = (first, whole) if whole is not None else None
    return pair if pair is not None and continues(*pair, options) else None


def _begins_with_amounts(table: Table) -> bool:
    """Whether a first row is none of heads."""
    return any(parse_amount(c.text).value is not None for c in table.cells if c.span.row == 0)


def continues(first: Table, second: Table, options: JoinOptions) -> bool:
    """Whether the second table is the rest of the first."""
    gap = second.page_numbers[0] - first.page_numbers[-1]
    if not 1 <= gap <= options.page_gap or first.n_cols != second.n_cols:
        return False
    verdict = judge_sums(first, second, _header_rows(first, second, options))
    if verdict is Verdict.PART and not second.continued:
        return False
    alike = second.tentative or _lattices_agree(first, second, options) or _has_same_heads(first, second, options)
    if not alike:
        return False
    if not _captions_agree(first, second):
        return False
    return verdict is Verdict.JOIN or (not _is_ended(first, second) and _rows_go_on(first, second, gap, options))


def _is_ended(first: Table, second: Table) -> bool:
    """Whether a remark stands under the first table, other than the foot that each page prints."""
    return bool(first.notes) and not second.continued and not set(first.notes) <= set(second.notes)


def _header_rows(first: Table, second: Table, options: JoinOptions) -> int:
    """How many top rows of the second are no body: the repeated header, else its own if it has a body below."""
    return repeats_header(first, second, options) or second.n_header_rows % second.n_rows


def _has_same_heads(first: Table, second: Table, options: JoinOptions) -> bool:
    """Whether the header is printed again word for word, over three columns at least: no lattice says more.

    Pages of other widths, and columns that are only implied, have edges elsewhere.
    """
    n = repeats_header(first, second, replace(options, header_match=1.0))
    return sum(bool(c.text.strip()) for c in second.cells if c.span.row_stop == n) >= 3


def column_edges(table: Table) -> Edges:
    """(n_cols + 1,) x in points, each the median over the cells that end or begin there on the table's last page.

    Along the rows as they are read: bbox_pt would run down the columns where the original page lies on its side.
    """
    page = table.page_numbers[-1]
    cells = [c for c in table.cells if c.page_number == page]
    scale = _points_per_pixel(cells)
    edges = []
    for col in range(table.n_cols + 1):
        at = [c.bbox.x0 for c in cells if c.span.col == col] + [c.bbox.x1 for c in cells if c.span.col_stop == col]
        edges.append(scale * statistics.median(at) if at else float("nan"))
    return tuple(edges)


def _points_per_pixel(cells: list[Cell]) -> float:
    """From the distance of the middles of two cells far apart: where the original leans, ``bbox_pt`` is the box around
    a leaning cell, larger than the cell, but its middle stays the cell's middle.
    """
    places = sorted((c for c in cells if c.bbox.area > 0), key=lambda c: c.bbox.x0 + c.bbox.x1 + c.bbox.y0 + c.bbox.y1)
    if not places:
        return float("nan")
    first, last = places[0], places[-1]
    distance = _distance(first.bbox, last.bbox)
    if distance > 0:
        return _distance(first.bbox_pt, last.bbox_pt) / distance
    return math.sqrt(last.bbox_pt.area / last.bbox.area)


def _distance(a: BBox, b: BBox) -> float:
    """From middle to middle."""
    return math.hypot(a.x0 + a.x1 - b.x0 - b.x1, a.y0 + a.y1 - b.y0 - b.y1) / 2.0


def _captions_agree(first: Table, second: Table) -> bool:
    for name in ("title", "label", "unit"):
        old, new = _bare(getattr(first, name)), _bare(getattr(second, name))
        if new and new != old:
            return False
    return True


def _bare(text: str) -> str:
    return re.sub(r"[\s《》()（）]|续表?", "", text)


def _lattices_agree(first: Table, second: Table, options: JoinOptions) -> bool:
    old, new = column_edges(first), column_edges(second)
    width_old, width_new = old[-1] - old[0], new[-1] - new[0]
    if not min(width_old, width_new) > 0 or abs(width_old / width_new - 1) > options.width_tolerance:
        return False
    if _print_agrees(first, second, old, new):
        return True
    shares = [((a - old[0]) / width_old, (b - new[0]) / width_new) for a, b in zip(old, new, strict=True)]
    # An edge that no cell of a short page touches (nan) says nothing against the other.
    return all(not abs(a - b) > options.edge_tolerance for a, b in shares)


def _print_agrees(first: Table, second: Table, old: Edges, new: Edges) -> bool:
    """Whether the second table's print falls into the first one's columns, and the first one's middles into its:
    implied edges lie anywhere in the white between, nearer where a short page has no long texts.

    The pages may lie shifted: tried are the offsets of the left and right sides, and none.
    """
    ours, theirs = _print_places(first), _print_places(second)
    if len(ours) < 3 or len(theirs) < 3:
        return False
    return any(
        _all_within(theirs, old, -shift)
        and _all_within([(c, (a + b) / 2, (a + b) / 2) for c, a, b in ours], new, shift)
        for shift in (0.0, new[0] - old[0], new[-1] - old[-1])
    )


def _print_places(table: Table) -> list[tuple[int, float, float]]:
    """(column, x0, x1) in points of each single column cell's print on the table's last page, along the rows."""
    page = table.page_numbers[-1]
    cells = [c for c in table.cells if c.page_number == page]
    scale = _points_per_pixel(cells)
    return [
        (c.span.col, scale * min(w.bbox.x0 for w in c.words), scale * max(w.bbox.x1 for w in c.words))
        for c in cells
        if c.words and c.span.colspan == 1
    ]


def _all_within(places: list[tuple[int, float, float]], edges: Edges, shift: float) -> bool:
    """Whether all print lies in the same columns of other edges, but for the rim of a text box."""
    last = len(edges) - 2
    return all(
        (col == 0 or x0 + shift >= edges[col] - RIM_PT) and (col == last or x1 + shift <= edges[col + 1] + RIM_PT)
        for col, x0, x1 in places
    )


def _rows_go_on(first: Table, second: Table, gap: int, options: JoinOptions) -> bool:
    repeats = repeats_header(first, second, options)
    if second.continued:
        return True
    if begins_anew(first, second, repeats):
        return False
    if second.title or second.label:
        # The title printed again: a form of its own unless the header is printed again with it.
        return bool(repeats)
    if 0 < second.n_header_rows < second.n_rows and not repeats:
        return second.n_header_rows == 1 and gap == 1 and _is_cut_row(second)
    return gap == 1 or bool(repeats) or not second.unit


def repeats_header(first: Table, second: Table, options: JoinOptions) -> int:
    """How many top rows of the second table repeat the header of the first: all of them, or 0."""
    n = first.n_header_rows
    if not 0 < n <= second.n_rows or any(c.span.row < n < c.span.row_stop for c in second.cells):
        return 0
    old = {c.span: plain_text(c.text) for c in first.cells if c.span.row < n}
    new = {c.span: plain_text(c.text) for c in second.cells if c.span.row < n}
    same = sum(old.get(span) == text for span, text in new.items())
    return n if same >= options.header_match * max(len(old), len(new)) else 0


def _first_row(table: Table, row: int) -> tuple[str, ...]:
    cells = sorted((c for c in table.cells if c.span.row == row), key=lambda c: c.span.col)
    return tuple(plain_text(c.text) for c in cells)


def _is_cut_row(table: Table) -> bool:
    """A lone top row taken for a header although it has blanks: the rest of a row that the page break cut."""
    texts = _first_row(table, 0)
    return not texts[0] and any(texts)


def _joined(first: Table, second: Table, options: JoinOptions) -> Table:
    dropped = repeats_header(first, second, options)
    shift = first.n_rows - dropped
    rest = tuple(_moved(c, shift) for c in second.cells if c.span.row >= dropped)
    n_rows = shift + second.n_rows
    if not rest:
        cells, n_rows = tuple(first.cells), first.n_rows
    else:
        cells, n_rows = join_rows(tuple(first.cells), rest, first.n_rows, n_rows)
    pages = tuple(sorted({*first.page_numbers, *second.page_numbers}))
    unit, implied = first.unit or second.unit, first.implied or second.implied
    whole = replace(first, n_rows=n_rows, cells=cells, page_numbers=pages, unit=unit, implied=implied)
    # Each page's roles were guessed from that page alone.
    return assign_roles(replace(whole, notes=tuple(dict.fromkeys((*first.notes, *second.notes)))))


def _moved(cell: Cell, shift: int) -> Cell:
    span = cell.span
    return replace(cell, span=Span(span.row + shift, span.col, span.row_stop + shift, span.col_stop))
