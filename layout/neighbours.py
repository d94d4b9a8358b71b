"""Several tables in one stretch of print: one right below another, or side by side, where neither rule nor title parts them.

Below another: heads stand again over columns of amounts, or the first lines of the stretch come again. Side by side: both
sides of a white that runs all the way down have amounts in lines of their own heights, as the rows of one table never do.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from layout.areas import Area, full_rules
from layout.baselines import WIDE_WHITE, Level, find_levels, joined_runs, lap
from layout.headers import is_total_label
from layout.runs import Run
from layout.stretches import union
from ocr.geometry import BBox

#: Lines of amounts that a table has at least, and heads at most; lines below heads that are asked.
ROWS, HEAD_LINES, BELOW = 2, 4, 4
#: Share of a table's lines of several things that have amounts; by how much other heads are set off.
WITH_AMOUNTS, SET_OFF = 0.8, 1.25
#: In text heights: white between two tables side by side; how far lines of one row may differ there.
BESIDE_WHITE, ONE_ROW = 1.5, 0.3
#: Lines of amounts each of two tables side by side has at least; share of them that may be as high as one of the other.
BESIDE_ROWS, AS_HIGH = 3, 0.5
#: In text heights: how exactly amounts of one column are aligned; share of amounts that may be so by chance.
ALIGNED, SELDOM = 0.5, 0.2
#: Characters of a number that may stand within a text (Year ended 31 December), at most.
SHORT_NUMBER = 2
#: In text heights: least white between the sides of two tables below each other.
APART = 0.55


def second_heads(levels: Sequence[Level], em: float) -> list[int]:
    """Indices of the levels at which another table begins, top down."""
    lines = [line_of(level, em) for level in levels]
    found: list[int] = []
    start = 0
    for i in range(1, len(lines)):
        above = lines[start:i]
        figures = are_figure_heads(lines, i) and len(above) > ROWS + 1 and are_figure_heads(above, 1)
        again = figures or _comes_again(lines[i : i + 2], above[:2])
        begins = again or (_are_heads(lines[i]) and _heads_rows(lines, i, above))
        if begins and (figures or _is_whole(above)):
            start = i - _n_spanners(lines, i, start)
            found.append(start)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """What stands side by side at one height y; its amounts, and its texts."""

    y: float
    runs: tuple[Run, ...]
    figures: tuple[Run, ...]

    @property
    def texts(self) -> list[str]:
        return [r.text for r in self.runs if r not in self.figures]

    @property
    def amounts(self) -> list[str]:
        return [r.text for r in self.figures]


def are_figure_heads(lines: Sequence[Line], index: int) -> bool:
    """Whether a line of a text and figures is heads that are figures: a text over labels that are figures, and above the
    line a lone head that spans its figures.
    """
    line, rows = lines[index], lines[index + 1 : index + 1 + ROWS]
    first, *rest = line.runs
    if index == 0 or len(rows) < ROWS or first.is_figure or len(rest) < 2 or not all(r.is_figure for r in rest):
        return False
    alike = all(len(row.runs) == len(line.runs) and row.runs[0].is_figure for row in rows)
    over = lines[index - 1].runs
    spans = len(over) == 1 and not over[0].is_figure and over[0].bbox.x0 > first.bbox.x1
    return alike and spans and rest[0].bbox.x0 < over[0].x < rest[-1].bbox.x1 and not is_total_label(first.text)


def line_of(level: Level, em: float) -> Line:
    """What stands at a level, parts of texts put together; amounts keep apart however close the next label begins."""
    groups = itertools.groupby(level.runs, key=lambda r: r.is_figure and len(r.text) > SHORT_NUMBER)
    runs = tuple(r for amount, own in groups for r in (own if amount else joined_runs(list(own), WIDE_WHITE * em)))
    return Line(level.y, runs, tuple(r for r in runs if r.is_figure))


def _are_heads(line: Line) -> bool:
    return len(line.runs) > 1 and not line.figures


def _is_whole(lines: Sequence[Line]) -> bool:
    """Whether lines are a table that may end here: heads, and then rows, nearly all with amounts."""
    n_heads = next((i for i, line in enumerate(lines) if line.figures), len(lines))
    many = [line for line in lines[n_heads:] if len(line.runs) > 1]
    rows = sum(bool(line.figures) for line in many)
    heads = any(len(line.runs) > 1 for line in lines[: n_heads or 1])
    return heads and n_heads <= HEAD_LINES and rows >= max(ROWS, WITH_AMOUNTS * len(many))


def _heads_rows(lines: Sequence[Line], index: int, above: Sequence[Line]) -> bool:
    """Whether texts side by side are the heads of amounts below them, in other columns than those above, or once more in
    the same, or set off with a head for each thing below.
    """
    line = lines[index]
    below = [row for row in lines[index + 1 : index + 1 + BELOW] if len(row.runs) > 1]
    rows = [row for row in below if row.figures]
    if len(rows) < ROWS or any(not row.figures for row in below[below.index(rows[0]) :]):
        return False
    upper, lower = ([r for row in some for r in row.figures] for some in (above, rows))
    each = all(len(row.runs) == len(line.runs) for row in below)
    if each and (_is_set_off(line, above) or _stand_elsewhere(lower, upper)):
        return True
    if _stand_elsewhere(lower, upper) and any(_stand_in(run, lower) >= ROWS for run in line.runs[1:]):
        return True
    over = [run for run in line.runs if _stand_in(run, upper) >= ROWS and _stand_in(run, lower) >= ROWS]
    texts = {run.text for run in over}
    first = {text for row in above[:HEAD_LINES] if not row.figures for text in row.texts}
    most = max(sum(r.is_figure for r in row.runs[1:]) for row in rows)
    return bool(texts) and (texts <= first or len(texts) == len(over) >= max(2, most))


def _is_set_off(line: Line, above: Sequence[Line]) -> bool:
    """Whether a line stands farther below those above than any of them does."""
    apart = max((b.y - a.y for a, b in itertools.pairwise(above)), default=0.0)
    return line.y - above[-1].y > SET_OFF * apart


def _stand_elsewhere(lower: Sequence[Run], upper: Sequence[Run]) -> bool:
    """Whether amounts end, and are centred, where hardly any of those above do: in columns of their own."""
    alike = [f for f in lower if any(min(abs(f.bbox.x1 - u.bbox.x1), abs(f.x - u.x)) < ALIGNED * f.em for u in upper)]
    return len(alike) <= SELDOM * len(lower)


def _stand_in(run: Run, figures: Sequence[Run]) -> int:
    return sum(lap(run.bbox.x0, run.bbox.x1, f.bbox.x0, f.bbox.x1) > 0 for f in figures)


def _comes_again(lines: Sequence[Line], first: Sequence[Line]) -> bool:
    """Whether the texts of a first line, two at least or those of the second line too, come again; beside other amounts
    they are the labels of another row.
    """
    own, once = ([line.texts for line in some] for some in (lines, first))
    if not own[0] or own[0] != once[0] or lines[0].amounts != first[0].amounts:
        return False
    return len(own[0]) > 1 or (len(own) > 1 and bool(own[1]) and own[1:] == once[1:])


def _n_spanners(lines: Sequence[Line], index: int, start: int) -> int:
    """Lone lines right above heads that lie over some of them and right of the labels."""
    n = 0
    labels = max((line.runs[0].bbox.x1 for line in lines[start:index] if len(line.runs) > 1), default=0.0)
    while index - n - 1 > start and len(lines[index - n - 1].runs) == 1:
        if lines[index - n - 1].runs[0].bbox.x0 <= labels:
            break
        n += 1
    return n


def parted_below(area: Area, em: float) -> list[Area]:
    """An area between rules as one for each table in it, where these can be told apart."""
    levels = find_levels(area.runs, em)
    parts: list[Area] = []
    rest = area
    for i in second_heads(levels, em):
        high, low = max(v.bottom for v in levels[:i]), min(v.top for v in levels[i:])
        ruled = [y for y, _, _ in area.rules if high - 2 <= y <= low + 2]
        bottom, top = (min(ruled), max(ruled)) if ruled else (high, low)
        if top - bottom < APART * em:
            bottom, top = high, low
        if top - bottom >= APART * em:
            box = rest.bbox
            parts.append(_cut(rest, BBox(box.x0, box.y0, box.x1, bottom)))
            rest = _below_title(_cut(rest, BBox(box.x0, top, box.x1, box.y1)), em)
    return [*parts, rest]


def _below_title(area: Area, em: float) -> Area:
    """An area from its first rule on, where only lone lines are above it, nothing ruled: the table's title."""
    full = full_rules(area.rules, area.bbox)
    if not full or full[0] - area.bbox.y0 < em:
        return area
    above = find_levels([r for r in area.runs if r.y < full[0]], em)
    is_title = bool(above) and all(len(line_of(level, em).runs) == 1 for level in above)
    return _cut(area, replace(area.bbox, y0=full[0])) if is_title else area


def _cut(area: Area, box: BBox) -> Area:
    inside = tuple(r for r in area.runs if box.y0 <= r.y <= box.y1)
    return replace(area, bbox=box, runs=inside, rules=tuple(r for r in area.rules if box.y0 - 2 <= r[0] <= box.y1 + 2))


def side_by_side(levels: Sequence[Level], em: float) -> float | None:
    """The x of the white between two tables that stand side by side, or None."""
    runs = [r for level in levels for r in level.runs]
    covered = union([(r.bbox.x0, r.bbox.x1) for r in runs])
    whites = [(a[1], b[0]) for a, b in itertools.pairwise(covered) if b[0] - a[1] >= BESIDE_WHITE * em]
    for x0, x1 in sorted(whites, key=lambda w: w[0] - w[1]):
        sides = [r for r in runs if r.x < x0], [r for r in runs if r.x > x1]
        left, right = (_amount_lines(side, em) for side in sides)
        if min(len(left), len(right)) < BESIDE_ROWS:
            continue
        heights = [[level.y for level in find_levels(side, em)] for side in sides]
        if _differ_in_height(left, heights[1], em) and _differ_in_height(right, heights[0], em):
            return (x0 + x1) / 2
    return None


def _amount_lines(runs: Sequence[Run], em: float) -> list[float]:
    """Heights of the lines that have an amount beside something else."""
    lines = (line_of(level, em) for level in find_levels(runs, em))
    return [line.y for line in lines if len(line.runs) > 1 and line.figures and line.runs[0] is not line.figures[0]]


def _differ_in_height(lines: Sequence[float], others: Sequence[float], em: float) -> bool:
    """Whether lines of amounts, where both sides are, mostly stand at heights at which nothing stands on the other side."""
    top, bottom = max(min(lines), min(others)), min(max(lines), max(others))
    beside = [y for y in lines if top - em < y < bottom + em]
    same = sum(any(abs(y - other) < ONE_ROW * em for other in others) for y in beside)
    return len(beside) >= BESIDE_ROWS and same <= AS_HIGH * len(beside)


def kept_apart(areas: Sequence[Area], em: float) -> list[Area]:
    """Areas whose sides below each other are drawn in to their print where they would touch otherwise."""
    out = list(areas)
    for i, j in itertools.combinations(range(len(out)), 2):
        upper, lower = (i, j) if out[i].bbox.y0 <= out[j].bbox.y0 else (j, i)
        a, b = out[upper].bbox, out[lower].bbox
        if lap(a.x0, a.x1, b.x0, b.x1) > 0 and b.y0 - a.y1 < APART * em:
            bottom, top = max(r.bbox.y1 for r in out[upper].runs), min(r.bbox.y0 for r in out[lower].runs)
            out[upper] = replace(out[upper], bbox=replace(a, y1=min(a.y1, bottom)))
            out[lower] = replace(out[lower], bbox=replace(b, y0=max(b.y0, top)))
    return out
