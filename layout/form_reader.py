"""A form whose rulings are missing -> its lattice and spans: stub first, then bands, then rows and merged labels.

stub and lines               form_areas.py
lines -> bands               form_bands.py
bands -> rows, merged labels form_rows.py
bands' whites -> edges       form_columns.py

Only forms with a small table inside are read so, under rows of labels and values; all else is left to unruled.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from layout.areas import Area
from layout.baselines import bounds, joined, lap
from layout.column_sides import OPEN, off_middle, side_ranges
from layout.form_areas import Stub, find_stubs
from layout.form_bands import Band, column_at, find_bands
from layout.form_columns import Sides, common_end, common_start, edges_near, places
from layout.form_rows import FormRow, form_rows, stub_spans
from layout.gutters import column_over
from layout.header_tree import Rule
from layout.runs import Run
from layout.unruled import Lattice
from layout.values import Span
from ocr.geometry import BBox

#: Columns and rows that the table inside a form has at least, and rows with labels of their own above it.
TABLE_COLUMNS, TABLE_ROWS, LABELLED = 4, 3, 2
#: In text heights: by how much more a first label must be off the middle without the stub than with it.
RATHER = 0.3
#: The same: how far from a form's print rules above and below it stand; share of its width that they cover.
RIM, WHOLE = 1.5, 0.8


def read_forms(
    runs: Sequence[Run], upright: Sequence[Run], rules: Sequence[Rule], em: float
) -> list[tuple[Area, Lattice]]:
    """The forms among free print, each with its lattice. upright: print that runs downwards."""
    found = []
    for stub in find_stubs(runs, em, upright):
        own = [r for level in stub.rest for r in level.runs]
        box, inner = _with_rules(bounds([*stub.labels, *own]).grown(0.35 * em), rules, em)
        lattice = _read(stub, box, inner, em)
        if lattice is not None:
            found.append((Area(box, (*stub.labels, *own), inner), lattice))
    return found


def _with_rules(box: BBox, rules: Sequence[Rule], em: float) -> tuple[BBox, tuple[Rule, ...]]:
    """A form's box as far as the rules over its whole width reach, and all its rules."""
    inner = tuple(r for r in rules if box.y0 - RIM * em < r[0] < box.y1 + RIM * em and r[1] < box.x1 and r[2] > box.x0)
    whole = [r for r in inner if lap(r[1], r[2], box.x0, box.x1) > WHOLE * box.width]
    ys = [y for y, _, _ in whole]
    above, below = [y for y in ys if y < box.y0 + em], [y for y in ys if y > box.y1 - em]
    x0, x1 = min([box.x0, *(a for _, a, _ in whole)]), max([box.x1, *(b for _, _, b in whole)])
    return BBox(x0, above[-1] if above else box.y0, x1, below[0] if below else box.y1), inner


def _read(stub: Stub, box: BBox, rules: Sequence[Rule], em: float) -> Lattice | None:
    bands = find_bands(stub.rest, em)
    inner = max(range(len(bands)), key=lambda i: len(bands[i].columns))
    if len(bands) < 2 or len(bands[inner].columns) < TABLE_COLUMNS:
        return None
    rows, merged = form_rows(stub, bands, rules, em)
    if sum(row.band == inner for row in rows) < TABLE_ROWS:
        return None
    labels = stub_spans(stub, rows, rules, em)
    if labels is None or not _is_form(rows, labels, inner):
        return None
    sides = _sides(stub, bands[inner], [row for row in rows if row.band == inner], em)
    bands = [band if i == inner else _on_edges(band, sides, em) for i, band in enumerate(bands)]
    edges = _places(bands, rows, inner, sides, em)
    if edges is None:
        return None
    spans = list(_spans(rows, bands, inner, merged, labels, edges, sides, em))
    middles = [(a + b) / 2 for a, b in sides.ranges[1:-1]]
    lattice = Lattice(_row_edges(box, rows, rules), (box.x0, *middles, box.x1), tuple(sorted(spans)))
    return lattice if _tiles(lattice) else None


def _tiles(lattice: Lattice) -> bool:
    """Whether edges rise and each slot is in one span."""
    edges = (lattice.row_edges, lattice.col_edges)
    rising = all(a < b for some in edges for a, b in itertools.pairwise(some))
    slots = sorted(slot for span in lattice.spans for slot in span.slots())
    return rising and slots == list(itertools.product(*(range(len(some) - 1) for some in edges)))


def _is_form(rows: Sequence[FormRow], labels: Sequence[tuple[int, int]], inner: int) -> bool:
    """Whether rows with labels of their own stand above the table inside, which one label or several are merged down."""
    first = next(i for i, row in enumerate(rows) if row.band == inner)
    above = sum(stop <= first for _, stop in labels)
    tall = any(stop - start > 1 and rows[stop - 1].band == inner for start, stop in labels)
    return above >= LABELLED and tall


def _cells(row: FormRow, band: Band) -> dict[int, Run]:
    """What a row holds by column of its band, each as one run."""
    cells: dict[int, list[Run]] = {}
    for level in row.levels:
        for run in level.runs:
            cells.setdefault(column_at(band.columns, run.x), []).append(run)
    return {col: joined(own) for col, own in cells.items()}


def _sides(stub: Stub, band: Band, rows: Sequence[FormRow], em: float) -> Sides:
    """The edges that the table inside has, and where print is set to them."""
    cells = [_cells(row, band) for row in rows]
    own = [[c[i] for c in cells[1:] if i in c] for i in range(len(band.columns))]
    runs = [r for level in stub.rest for r in level.runs]
    right = max(r.bbox.x1 for r in runs)
    columns = [column_over(min(r.bbox.x0 for r in stub.labels), stub.x0, stub.labels)]
    columns += [column_over(x0, x1, runs) for x0, x1 in band.columns]
    leaves = {i + 1: run for i, run in cells[0].items()}
    ranges = side_ranges(columns, leaves, em)
    ranges[-1] = (max(right, ranges[-1][0]), max(right + OPEN * em, ranges[-1][1]))
    starts, ends = [common_start(c, em) for c in own], [common_end(c, em) for c in own]
    # What is farthest out is set to the form's own sides.
    starts[0], ends[-1] = (*starts[0], stub.x1), (*ends[-1], right)
    return Sides(tuple(ranges), ((), *starts, ()), ((), (), *ends))


def _on_edges(band: Band, sides: Sides, em: float) -> Band:
    """A band without the whites that share room with no edge: those of words."""
    columns = [band.columns[0]]
    for x0, x1 in band.columns[1:]:
        if edges_near((columns[-1][1], x0), sides, em):
            columns.append((x0, x1))
        else:
            columns[-1] = (columns[-1][0], x1)
    return replace(band, columns=tuple(columns))


def _places(
    bands: Sequence[Band], rows: Sequence[FormRow], inner: int, sides: Sides, em: float
) -> list[tuple[int, ...]] | None:
    """For each band the lattice edges of its columns, from 1 to the last."""
    last = len(sides.ranges) - 1
    found: dict[int, tuple[int, ...]] = {inner: tuple(range(1, last + 1))}
    for index in sorted(set(range(len(bands))) - {inner}, key=lambda i: -len(bands[i].columns)):
        cells = [_cells(row, bands[index]) for row in rows if row.band == index]
        # A lone text may run on over what parts the others.
        own = [[c[i] for c in cells if i in c and len(c) > 1] for i in range(len(bands[index].columns))]
        choice = places(_gutters(own, bands[index]), own, sides, em)
        if choice is None:
            return None
        found[index] = (1, *choice, last)
        sides = Sides(sides.ranges, sides.starts, sides.ends, sides.used | set(choice))
    return [found[i] for i in range(len(bands))]


def _gutters(cells: Sequence[Sequence[Run]], band: Band) -> list[tuple[float, float]]:
    """The whites between a band's columns, as wide as what stands beside others leaves them."""
    sides = [
        (min((r.bbox.x0 for r in own), default=x0), max((r.bbox.x1 for r in own), default=x1))
        for own, (x0, x1) in zip(cells, band.columns, strict=True)
    ]
    return [(a[1], b[0]) for a, b in itertools.pairwise(sides)]


def _spans(
    rows: Sequence[FormRow], bands: Sequence[Band], inner: int, merged: Sequence[tuple[int, Span]],
    labels: Sequence[tuple[int, int]], edges: Sequence[tuple[int, ...]], sides: Sides, em: float,
) -> Iterator[Span]:  # fmt: skip
    group = {i: (a, b) for a, b in labels for i in range(a, b)}
    yield from (Span(a, 0, b, 1) for a, b in labels)
    tall = [s for _, s in merged if s.rowspan > 1]
    yield from (Span(s.row, edges[b][s.col], s.row_stop, edges[b][s.col_stop]) for b, s in merged if s.rowspan > 1)
    for i, row in enumerate(rows):
        band = _band_of(i, rows, bands, group.get(i), inner)
        own, places_of = _cells(row, bands[band]), edges[band]
        n = len(places_of) - 1
        covered = {s.col for s in tall if s.row <= i < s.row_stop} if band == row.band else set()
        if band == inner:
            ranges = [(c, c + 1) for c in range(n) if c not in covered]
        else:
            ranges = _label_value(sorted(own), n, group.get(i, (i, i + 1)))
        spans = [(places_of[a], places_of[b]) for a, b in ranges]
        if i not in group:
            first = spans[0][1] if spans else 1
            with_stub = own and _is_over_stub(own[min(own)], first, sides, em)
            spans = [(0, first), *spans[1:]] if with_stub else [(0, 1), *spans]
        yield from (Span(i, a, i + 1, b) for a, b in spans)


def _band_of(i: int, rows: Sequence[FormRow], bands: Sequence[Band], group: tuple[int, int] | None, inner: int) -> int:
    """The band whose columns a row has: its own, or that of the other rows of its label, where it is a lone label."""
    own = rows[i].band
    if group is None or group[1] - group[0] == 1 or len(bands[own].columns) > 1:
        return own
    near = [k for k in range(*group) if rows[k].band not in (own, inner) and len(bands[rows[k].band].columns) > 1]
    if not near:
        return own
    band = rows[min(near, key=lambda k: abs(k - i))].band
    columns = bands[band].columns
    runs = [r for level in rows[i].levels for r in level.runs]
    whites = [(a[1], b[0]) for a, b in itertools.pairwise(columns)]
    crossed = any(r.bbox.x0 < x0 and r.bbox.x1 > x1 for r in runs for x0, x1 in whites)
    return own if crossed else band


def _label_value(filled: Sequence[int], n: int, group: tuple[int, int]) -> list[tuple[int, int]]:
    """The columns of a row of labels and values: a lone value is over all of them, one behind a label over what is
    blank between.
    """
    if len(filled) == 1 and group[1] - group[0] == 1:
        return [(0, n)]
    out: list[tuple[int, int]] = []
    start = 0
    for col in filled:
        out.append((start, col + 1))
        start = col + 1
    return [*out, *((c, c + 1) for c in range(start, n))]


def _is_over_stub(first: Run, stop: int, sides: Sides, em: float) -> bool:
    """Whether a row's first label is in the middle of its columns and the stub's, which has none of its own there."""
    with_stub, without = (off_middle(first.x, sides.ranges, a, stop) for a in (0, 1))
    return with_stub + RATHER * em < without


def _row_edges(box: BBox, rows: Sequence[FormRow], rules: Sequence[Rule]) -> tuple[float, ...]:
    edges = [box.y0]
    for above, below in itertools.pairwise(rows):
        ruled = [y for y, _, _ in rules if above.levels[-1].y < y < below.levels[0].y]
        edges.append(max(edges[-1] + 1.0, ruled[0] if ruled else (above.bottom + below.top) / 2))
    return (*edges, max(box.y1, edges[-1] + 1.0))
