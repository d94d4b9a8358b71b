"""The print of a table whose rulings are missing -> its lattice and spans, as implied rulings.

runs -> levels -> header and body       baselines.py
body levels -> columns                  gutters.py, narrow_gutters.py
header levels -> heads -> their tree    head_runs.py, head_lines.py, heads.py, header_tree.py
body levels -> rows, spans              body_rows.py, row_bands.py, label_groups.py
lattice, spans -> rulings               every side of a cell, as if it were drawn
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from layout.areas import Area, between_edges, full_rules
from layout.baselines import WIDE_WHITE, Level, find_levels, joined_runs
from layout.blank_rows import blank_rows
from layout.body_rows import find_rows
from layout.body_spans import body_spans, with_labels
from layout.column_sides import side_ranges
from layout.gutters import Column, column_of, find_columns
from layout.head_columns import columns_of_heads
from layout.header_tree import Head, Rule
from layout.headers import is_total_label
from layout.heads import header_spans, read_header
from layout.leaning import upright
from layout.narrow_gutters import split_columns
from layout.row_lean import RowLean, leaning
from layout.runs import Run, usual_em
from layout.values import Orientation, Ruling, RulingSource, Span
from ocr.geometry import BBox

#: Rows above the first amount that are a form's and no heads where all are parted by rulings over the whole width, or some
#: have columns of their own that do not go on below.
FORM_ROWS = 3
#: In text heights: least distance of rows, which lines of one cell do not have.
ROW_PITCH = 1.7
#: Rows below the title of a first section that are asked where labels begin.
SECTION_ROWS = 4


@dataclass(frozen=True, slots=True)
class Lattice:
    """row_edges, col_edges: px, ascending. spans tile. n_header_rows: as far as heads were told apart. lean: of the rows, as
    they lie on the page; edges are those of the levelled print.
    """

    row_edges: tuple[float, ...]
    col_edges: tuple[float, ...]
    spans: tuple[Span, ...]
    n_header_rows: int = 0
    lean: RowLean | None = None


def read_lattice(area: Area) -> Lattice | None:
    """The lattice of an area, or None when its print shows no columns."""
    em = usual_em(area.runs)
    levels = find_levels(area.runs, em)
    if area.is_head:
        return _head_lattice(area, levels, em)
    n_head = 0 if area.is_body else header_levels(levels, em, area.rules, area.bbox)
    head, body = levels[:n_head], levels[n_head:]
    if not body:
        return _lone_lattice(area, levels, em) if area.is_lone else None
    columns = between_edges(area) if area.is_body else _columns(body, head, area, em)
    if len(head) >= FORM_ROWS and not area.is_body and _has_labels(head, columns, em):
        whole = _columns(levels, (), area, em)
        if any(bottom < body[0].top for c in whole for _, bottom in c.bands):
            head, body, columns = levels[:0], levels, whole
    heads, n_header, columns = read_header(head, body, columns, area, em)
    if len(columns) < 2:
        return None
    rows, labels = find_rows(body, columns, area, em)
    leaves = {h.col: h.run for h in heads if h.col_stop == h.col + 1 and h.row_stop == n_header}
    grown = tuple(with_labels(column, i, labels) for i, column in enumerate(columns))
    sides = side_ranges(grown, leaves, em, (area.bbox.x0, area.bbox.x1) if area.rules else None)
    col_edges = _col_edges(columns, heads, area)
    header_edges = _header_edges(heads, n_header, rows[0].top, area)
    blank = blank_rows(area, body, em, rows)
    row_edges = (*header_edges, *(r.top for r in rows), *blank, area.bbox.y1)
    spans = (
        *header_spans(heads, n_header, len(columns)),
        *body_spans(rows, grown, sides, n_header, em, labels),
        *_slots(n_header + len(rows), len(blank), len(columns)),
    )
    return Lattice(tuple(_ascending(row_edges)), tuple(_ascending(col_edges)), tuple(sorted(spans)), n_header)


def _has_labels(head: Sequence[Level], columns: Sequence[Column], em: float) -> bool:
    """Whether several rows above the first amount begin with a label in the first column, as those of forms do."""
    ys = [r.y for level in head for r in level.runs if r.bbox.x0 < columns[0].x1]
    return any(b - a > ROW_PITCH * em for a, b in itertools.pairwise(ys))


def _columns(body: Sequence[Level], head: Sequence[Level], area: Area, em: float) -> tuple[Column, ...]:
    body = body if area.edges else upright(body, em)
    columns = split_columns(find_columns(body, em, area.edges), body, head, em)
    return _without_totals(columns, body) if head else columns


def _without_totals(columns: tuple[Column, ...], body: Sequence[Level]) -> tuple[Column, ...]:
    """The columns less those of nothing but the label of a total, which may lie in the middle of several: a column of its
    own has a head.
    """
    own: dict[int, list[str]] = {}
    for level in body:
        for run in level.runs:
            own.setdefault(column_of(columns, run.x), []).append(run.text)
    kept = tuple(c for i, c in enumerate(columns) if not all(map(is_total_label, own.get(i, [""]))))
    return kept if len(kept) > 1 else columns


def _head_lattice(area: Area, levels: Sequence[Level], em: float) -> Lattice | None:
    """The lattice of heads whose body is ruled: their columns are known, whatever is left out of the tree spoils it."""
    heads, n, columns = read_header(levels, (), between_edges(area), area, em)
    if len(columns) != len(area.edges) + 1:
        return None
    row_edges = (*_header_edges(heads, n, area.bbox.y1, area), area.bbox.y1)
    spans = header_spans(heads, n, len(columns))
    col_edges = (area.bbox.x0, *area.edges, area.bbox.x1)
    return Lattice(tuple(_ascending(row_edges)), tuple(_ascending(col_edges)), tuple(sorted(spans)), n)


def _lone_lattice(area: Area, levels: Sequence[Level], em: float) -> Lattice | None:
    """The lattice of heads that no row follows, or only blank ones between rules."""
    columns = columns_of_heads(levels, area, em)
    if not columns:
        return None
    heads, n, columns = read_header(levels, (), columns, area, em)
    blank = blank_rows(area, levels, em)
    row_edges = (*_header_edges(heads, n, area.bbox.y1, area), *blank, area.bbox.y1)
    spans = (*header_spans(heads, n, len(columns)), *_slots(n, len(blank), len(columns)))
    col_edges = _col_edges(columns, heads, area)
    return Lattice(tuple(_ascending(row_edges)), tuple(_ascending(col_edges)), tuple(sorted(spans)), n)


def _slots(first: int, n_rows: int, n_cols: int) -> list[Span]:
    return [Span(first + i, c, first + i + 1, c + 1) for i in range(n_rows) for c in range(n_cols)]


def _ascending(edges: Sequence[float]) -> list[float]:
    out: list[float] = []
    for edge in edges:
        out.append(edge if not out else max(edge, out[-1] + 1.0))
    return out


def header_levels(levels: Sequence[Level], em: float, rules: Sequence[Rule], box: BBox) -> int:
    """How many top levels are heads: those above the first amount, less the lines of that amount's own row."""
    first = next((i for i, level in enumerate(levels) if _has_amount(level, em)), None)
    full = full_rules(rules, box)
    if first is None:
        inner = [y for y in full if levels and levels[0].y < y]
        return sum(level.y < inner[0] for level in levels) if inner else 0
    above = [y for y in full if levels[0].y < y < levels[first].y]
    if len(above) >= FORM_ROWS:
        return 0
    if above:
        return _without_section(levels, sum(level.y < above[-1] for level in levels), em)
    n = first
    while n and _same_cell(levels[n - 1], levels[n : first + 3], em):
        n -= 1
    return _without_section(levels, n, em)


def _without_section(levels: Sequence[Level], n: int, em: float) -> int:
    """n less the lines that are no heads but the title of the first section: alone, a row below the heads, where the
    labels of the rows below it begin; or titles of sections side by side (流动资产： 流动负债：), fewer than the heads.
    """
    labels = [level.runs[0] for level in levels[n : n + SECTION_ROWS] if len(level.runs) > 1]
    while n > 1 and labels and any(len(joined_runs(level.runs, WIDE_WHITE * em)) > 1 for level in levels[: n - 1]):
        left, right = levels[n - 1].runs[0].bbox.x0, levels[n - 1].runs[-1].bbox.x1
        alone = len(joined_runs(levels[n - 1].runs, WIDE_WHITE * em)) == 1
        begun = any(abs(run.bbox.x0 - left) < 0.5 * em and left <= run.bbox.x0 + 0.2 * em for run in labels)
        apart = levels[n - 1].y - levels[n - 2].y > 1.2 * em
        inside = all(right < r.bbox.x0 for level in levels[: n - 1] for r in level.runs)
        if not (alone and begun and apart and inside) and not _are_section_titles(levels[n - 1], levels[n - 2], em):
            break
        n -= 1
    return n


def _are_section_titles(level: Level, above: Level, em: float) -> bool:
    own, heads = (joined_runs(some.runs, WIDE_WHITE * em) for some in (level, above))
    return len(own) < len(heads) and all(run.text.rstrip().endswith(("：", ":")) for run in own)


def _has_amount(level: Level, em: float) -> bool:
    """Whether an amount stands in a line; a short number within a text (Year ended 31 December) is none."""
    return any(r.is_figure and not _is_in_text(r, level.runs, em) for r in level.runs)


def _is_in_text(run: Run, runs: Sequence[Run], em: float) -> bool:
    beside = [r for r in runs if r is not run and r.word_index == run.word_index and not r.is_figure]
    near = any(max(r.bbox.x0 - run.bbox.x1, run.bbox.x0 - r.bbox.x1) < WIDE_WHITE * em for r in beside)
    return near and len(run.text) <= 2


def _same_cell(level: Level, below: Sequence[Level], em: float) -> bool:
    """Whether all runs of a level go on closely in the next ones."""
    return all(
        any(
            0 < r.y - run.y < 1.45 * em and abs(r.bbox.x0 - run.bbox.x0) < 0.5 * em and not r.is_figure
            for other in below
            for r in other.runs
        )
        for run in level.runs
    )


def _header_edges(heads: Sequence[Head], n: int, bottom: float, area: Area) -> list[float]:
    """Upper edges of the header rows: between the lowest print above and the highest below, at a rule if there is one."""
    edges = [area.bbox.y0]
    for row in range(1, n):
        over = [h.run.bbox.y1 for h in heads if h.row_stop == row]
        under = [h.run.bbox.y0 for h in heads if h.row == row]
        high = max(over, default=edges[-1])
        low = min(under, default=bottom)
        ruled = [y for y, _, _ in area.rules if min(high, low) - 3 <= y <= max(high, low) + 3]
        edges.append(ruled[0] if ruled else (high + low) / 2)
    return edges[:n]


def _col_edges(columns: Sequence[Column], heads: Sequence[Head], area: Area) -> list[float]:
    edges = [area.bbox.x0]
    for i, (left, right) in enumerate(itertools.pairwise(columns), start=1):
        drawn = [x for x in area.edges if left.x1 - 3 <= x <= right.x0 + 3]
        if drawn:
            edges.append(drawn[0])
            continue
        a, b = left.x1, right.x0
        # Heads may be wider than the print below them.
        over = [h.run.bbox.x1 for h in heads if h.col_stop == i and h.run.bbox.x1 < b]
        under = [h.run.bbox.x0 for h in heads if h.col == i and h.run.bbox.x0 > a]
        high, low = max([a, *over]), min([b, *under])
        edges.append((high + low) / 2 if high < low else (a + b) / 2)
    return [*edges, area.bbox.x1]


def boxes_of(lattice: Lattice) -> list[BBox]:
    """The box of each span, px."""
    rows, cols = lattice.row_edges, lattice.col_edges
    return [BBox(cols[s.col], rows[s.row], cols[s.col_stop], rows[s.row_stop]) for s in lattice.spans]


def lattice_rulings(lattice: Lattice, source: RulingSource = RulingSource.WHITESPACE) -> tuple[Ruling, ...]:
    """The lattice as rulings: each side of a cell where another cell, or nothing, is beyond it."""
    owner = {slot: i for i, span in enumerate(lattice.spans) for slot in span.slots()}
    rows, cols = lattice.row_edges, lattice.col_edges
    flat = _sides(owner, rows, cols, Orientation.HORIZONTAL, source)
    turned = {(c, r): i for (r, c), i in owner.items()}
    sides = (*flat, *_sides(turned, cols, rows, Orientation.VERTICAL, source))
    return leaning(sides, lattice.lean) if lattice.lean else sides


def _sides(
    owner: dict[tuple[int, int], int], edges: Sequence[float], stops: Sequence[float], orientation: Orientation,
    source: RulingSource,
) -> list[Ruling]:  # fmt: skip
    found = []
    for i, edge in enumerate(edges):
        parted = [owner.get((i - 1, j)) != owner.get((i, j)) for j in range(len(stops) - 1)]
        for is_side, group in itertools.groupby(range(len(parted)), key=lambda j: parted[j]):
            members = list(group)
            if is_side:
                found.append(Ruling(orientation, edge, stops[members[0]], stops[members[-1] + 1], 1.0, source))
    return found
