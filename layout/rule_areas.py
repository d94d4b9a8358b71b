"""Rules without rulings across them -> areas of tables: three-line tables, tables ruled between their rows only.

Rules of one width below each other bound bands. A table is a run of bands that hold several things side by side.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from layout.areas import Area
from layout.baselines import WIDE_WHITE, Level, bounds, find_levels, joined_runs, lap
from layout.caption_words import names_a_table, read_caption, unit_of
from layout.header_tree import Rule
from layout.headers import is_total_label
from layout.levelling import link_pieces
from layout.neighbours import are_figure_heads, line_of, parted_below
from layout.open_cells import levels_below
from layout.runs import Run
from layout.title_lines import has_higher_ink, is_caption
from layout.values import Orientation, Ruling
from ocr.geometry import BBox

_SENTENCE = re.compile(r"[。；！？]")

#: In text heights: how far ends of rules of one table may differ, the shortest rule that bounds one, the highest band
#: for each of its lines.
SAME_END, SHORTEST, BAND = 1.3, 8.0, 3.4
#: In text heights: least length of a line of text in a cell.
LONG = 16.0
#: Lines over most of a band's width, alone in theirs and two right below each other, that are a paragraph; in text heights:
#: how far from the band's left side they begin.
PARAGRAPH, INDENT = 3, 2.5
#: In text heights: white between heads and a rule below them, at most; lines of heads above a first rule, at most.
HEAD_WHITE, MOST_HEADS = 1.2, 4
#: Things in a row above a first rule at least; in text heights: how exactly they are set as those of the rows below.
ROW_THINGS, SET_ALIKE = 3, 0.4
#: In text heights: heads of two lines above a rule and two rows below it.
NEAR_RULE = 6.0
#: Rows of totals below the last rule at most; in text heights: the white between.
MOST_TOTALS, TOTAL_WHITE = 3, 1.2


def find_rule_areas(runs: Sequence[Run], rulings: Sequence[Ruling], em: float) -> tuple[Area, ...]:
    """Areas between rules of one width, top down."""
    flat = whole_rules([r for r in rulings if r.orientation is Orientation.HORIZONTAL], em)
    rules = [r for r in flat if not _is_stroke(r, runs)]
    areas: list[Area] = []
    for main in _by_width([r for r in rules if r[2] - r[1] >= SHORTEST * em], em):
        x0, x1 = statistics.median(r[1] for r in main), statistics.median(r[2] for r in main)
        for top, bottom in _tables(main, runs, em):
            box = BBox(x0, _first_short(rules, x0, x1, top, em), x1, bottom)
            top = box.y0
            inner = tuple(r for r in rules if top - 2 <= r[0] <= bottom + 2 and r[1] < x1 and r[2] > x0)
            if not any(box.intersection(a.bbox) for a in areas):
                inside = tuple(r for r in runs if top < r.y < bottom and x0 - em < r.x < x1 + em)
                area = Area(box, inside, inner)
                if not _is_part(area, runs, em) and not _is_between_heads(area, runs, em):
                    areas += parted_below(_with_body(_with_heads_above(area, runs, em), runs, em), em)
    return tuple(areas)


def _first_short(rules: Sequence[Rule], x0: float, x1: float, top: float, em: float) -> float:
    """The height of the first rule of a table whose rules above ``top`` leave merged labels out, which reach as far right."""
    while True:
        above = [
            y for y, a, b in rules
            if 0.6 * em < top - y < BAND * em and abs(b - x1) <= SAME_END * em and x0 + em < a < (x0 + x1) / 2
        ]  # fmt: skip
        if not above:
            return top
        top = max(above)


def _with_body(area: Area, runs: Sequence[Run], em: float) -> Area:
    """An area that holds heads only with the rows below it that no rule closes; one with rows, with those that go on
    below its last rule: totals.
    """
    below = levels_below(area.bbox, runs, em)
    figures = [r for r in area.runs if r.is_figure]
    if figures:
        below = list(itertools.takewhile(lambda level: _is_further_row(level, figures, em), below))
        below = below[:MOST_TOTALS] if below and below[0].top - area.bbox.y1 < TOTAL_WHITE * em else []
    if not below:
        return area
    box = area.bbox.union(bounds([r for level in below for r in level.runs]))
    whole = BBox(area.bbox.x0, box.y0, area.bbox.x1, box.y1 + 0.35 * em)
    return replace(area, bbox=whole, runs=(*area.runs, *(r for level in below for r in level.runs)))


def _heads_above(area: Area, runs: Sequence[Run], em: float) -> list[Level]:
    """The lines of heads right above the first rule of an area that begins with amounts; [] where there are none."""
    own = find_levels(area.runs, em)
    if not own or not any(r.is_figure for r in own[0].runs) or len(joined_runs(own[0].runs, WIDE_WHITE * em)) < 2:
        return []
    box = area.bbox
    above = [r for r in runs if box.x0 - em < r.bbox.x0 and r.bbox.x1 < box.x1 + em and r.y < box.y0]
    found: list[Level] = []
    for level in reversed(find_levels(above, em)):
        line = joined_runs(level.runs, WIDE_WHITE * em)
        white = (found[-1].top if found else box.y0) - level.bottom
        is_heads = len(line) > 1 and not any(r.is_figure for r in line) and not is_caption(line)
        if not is_heads or white > HEAD_WHITE * em or len(found) == MOST_HEADS:
            break
        found.append(level)
    return found[::-1]


def _row_above(area: Area, runs: Sequence[Run], em: float) -> list[Level]:
    """The lines of a form's first row, where rules only lie below rows: labels and values set as those of the next ones."""
    own = find_levels(area.runs, em)
    second = next((y for y, x0, x1 in area.rules if area.bbox.y0 + em < y and x1 - x0 > 0.9 * area.bbox.width), None)
    if second is None or len(own) < 2:
        return []
    box = area.bbox
    height = second - box.y0
    near = [r for r in runs if box.y0 - height < r.y < box.y0 and box.x0 - em < r.bbox.x0 and r.bbox.x1 < box.x1 + em]
    levels = find_levels(near, em)
    line = [r for level in levels for r in joined_runs(level.runs, WIDE_WHITE * em)]
    rows = [r for level in own if level.y < second + height for r in joined_runs(level.runs, WIDE_WHITE * em)]
    labels = sorted((r for r in rows if not r.is_figure), key=lambda r: r.bbox.x0)[:1]
    beside = len(line) >= ROW_THINGS and len(levels) == 1 and all(_is_set_as_some(r, rows, em) for r in line)
    begun = bool(labels) and bool(line) and abs(line[0].bbox.x0 - labels[0].bbox.x0) < SET_ALIKE * em
    return list(levels) if beside and begun and any(r.is_figure for r in line) else []


def _is_set_as_some(run: Run, others: Sequence[Run], em: float) -> bool:
    """Whether a run begins, ends or has its middle where one of the others has."""
    return any(
        min(abs(run.bbox.x0 - o.bbox.x0), abs(run.x - o.x), abs(run.bbox.x1 - o.bbox.x1)) < SET_ALIKE * em
        for o in others
    )


def _is_between_heads(area: Area, runs: Sequence[Run], em: float) -> bool:
    """Whether both outer rules of an area are those below heads: it holds the rows of one table and the heads of another."""
    levels = find_levels(area.runs, em)
    lines = [joined_runs(level.runs, WIDE_WHITE * em) for level in levels]
    ends_as_heads = bool(lines) and len(lines[-1]) > 1 and not any(r.is_figure for r in lines[-1])
    between = ends_as_heads and bool(_heads_above(area, runs, em))
    return between or all(_are_figure_heads_at(y, area.bbox, runs, em) for y in (area.bbox.y0, area.bbox.y1))


def _are_figure_heads_at(y: float, box: BBox, runs: Sequence[Run], em: float) -> bool:
    """Whether the line right above a rule at y, as wide as ``box``, is heads that are figures."""
    near = [r for r in runs if abs(r.y - y) < NEAR_RULE * em and box.x0 - em < r.bbox.x0 and r.bbox.x1 < box.x1 + em]
    lines = [line_of(level, em) for level in find_levels(near, em)]
    above = [i for i, line in enumerate(lines) if line.y < y]
    return bool(above) and are_figure_heads(lines, above[-1])


def _with_heads_above(area: Area, runs: Sequence[Run], em: float) -> Area:
    """An area with the heads above its first rule, where that is the one below heads."""
    heads = [r for level in _heads_above(area, runs, em) or _row_above(area, runs, em) for r in level.runs]
    if not heads:
        return area
    box = replace(area.bbox, y0=bounds(heads).y0 - 0.35 * em)
    return replace(area, bbox=box, runs=(*heads, *area.runs))


def _is_further_row(level: Level, figures: Sequence[Run], em: float) -> bool:
    """Whether a line has a label and amounts that end, or are centred, where those of the rows above do."""
    own = [r for r in level.runs if r.is_figure]
    aligned = [
        r for r in own
        if any(abs(r.bbox.x1 - f.bbox.x1) < 0.5 * em or abs(r.x - f.x) < 0.5 * em for f in figures)
    ]  # fmt: skip
    return len(level.runs) > len(own) > 0 and len(aligned) == len(own)


def whole_rules(rulings: Sequence[Ruling], em: float) -> list[Rule]:
    """Horizontal rulings whose pieces go on end to end, as one each."""
    owners = link_pieces(rulings, 0.6 * em, 0.2 * em)
    rules = []
    for owner in np.unique(owners):
        own = [r for r, o in zip(rulings, owners, strict=True) if o == owner]
        height = float(np.average([r.position for r in own], weights=[r.length + 1e-6 for r in own]))
        rules.append((height, min(r.start for r in own), max(r.end for r in own)))
    return sorted(rules)


def _is_stroke(rule: Rule, runs: Sequence[Run]) -> bool:
    """Whether a rule lies within print for a good part: strokes of large type."""
    y, x0, x1 = rule
    inset = [(r, 0.2 * r.bbox.height) for r in runs]
    within = sum(lap(r.bbox.x0, r.bbox.x1, x0, x1) for r, d in inset if r.bbox.y0 + d < y < r.bbox.y1 - d)
    return within > 0.4 * (x1 - x0)


def _by_width(rules: Sequence[Rule], em: float) -> list[list[Rule]]:
    """Rules with the same ends as the next one above, two at least, widest first: sides of a page may lean."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        off = [max(abs(g[-1][1] - rule[1]), abs(g[-1][2] - rule[2])) for g in groups]
        if off and min(off) <= SAME_END * em:
            groups[off.index(min(off))].append(rule)
        else:
            groups.append([rule])
    return sorted((g for g in groups if len(g) > 1), key=lambda g: min(a - b for _, a, b in g))


def _tables(rules: Sequence[Rule], runs: Sequence[Run], em: float) -> list[tuple[float, float]]:
    """(top, bottom) of each run of bands that are a table's."""
    bands = [
        (a[0], b[0], _kind(a, b, runs, em)) for a, b in itertools.pairwise(rules) if b[0] - a[0] > 0.6 * em
    ]  # fmt: skip
    bands = _with_titles(bands, runs)
    found: list[tuple[float, float]] = []
    for is_table, group in itertools.groupby(bands, key=lambda band: band[2] != "text"):
        members = list(group)
        while members and members[0][2] != "columns" and not _is_low(members[0], em):
            members.pop(0)
        while members and members[-1][2] != "columns" and not _is_low(members[-1], em):
            members.pop()
        if is_table and any(m[2] == "columns" for m in members):
            found.append((members[0][0], members[-1][1]))
    return found


def _with_titles(bands: Sequence[tuple[float, float, str]], runs: Sequence[Run]) -> list[tuple[float, float, str]]:
    """The bands, a lone thing between amounts and heads that have amounts below them being text: another table's title."""
    filled = [any(r.is_figure for r in runs if top < r.y < bottom) for top, bottom, _ in bands]
    kinds = [kind for _, _, kind in bands]
    out = []
    for i, (top, bottom, kind) in enumerate(bands):
        follows = kinds[i + 1 : i + 3] == ["columns", "columns"] and filled[i + 1 : i + 3] == [False, True]
        is_title = kind == "label" and i > 0 and filled[i - 1] and follows
        out.append((top, bottom, "text" if is_title else kind))
    return out


def _is_part(area: Area, runs: Sequence[Run], em: float) -> bool:
    """Whether the rows of an area go on beside its rules: those are rules under amounts only."""
    box = area.bbox
    levels = find_levels([r for r in runs if box.y0 < r.y < box.y1], em)
    beside = [any(r.bbox.x1 < box.x0 - em for r in level.runs) for level in levels]
    return sum(beside) > 0.5 * len(levels)


def _is_low(band: tuple[float, float, str], em: float) -> bool:
    return band[2] == "total" or (band[1] - band[0] <= BAND * em and band[2] == "label")


def _kind(upper: Rule, lower: Rule, runs: Sequence[Run], em: float) -> str:
    """columns: things side by side; total: a total's label below the rule, alone; label: another short thing, or nothing;
    text: sentences, or a caption.
    """
    x0, x1 = upper[1], upper[2]
    inside = [r for r in runs if upper[0] < r.y < lower[0] and x0 - em < r.x < x1 + em]
    levels = find_levels(inside, em)
    lines = [joined_runs(level.runs, WIDE_WHITE * em) for level in levels]
    if _is_labelled(lines):
        return "text"
    if _is_text(lines, levels, (x0, x1), em, upper[0]):
        return "columns" if hangs_beside_label(lines, em) else "text"
    if len(lines) == 1 and len(lines[0]) == 1 and is_total_label(lines[0][0].text):
        return "total" if lines[0][0].bbox.y0 - upper[0] < TOTAL_WHITE * em else "label"
    return "columns" if any(len(line) > 1 for line in lines) else "label"


def _is_labelled(lines: Sequence[Sequence[Run]]) -> bool:
    """Whether lines are a table's title below another rule: Table 5, with the title's lines beside and below it."""
    alone = sum(len(line) == 1 for line in lines[1:])
    if len(lines) < 2 or alone < len(lines) - 1 or any(r.is_figure for line in lines for r in line):
        return False
    return bool(read_caption(" ".join(r.text for r in lines[0])).label)


def hangs_beside_label(lines: Sequence[Sequence[Run]], em: float) -> bool:
    """Whether a text of several lines has a label beside it, left of all of them: a cell of a form."""
    texts = [line[-1] for line in lines if line[-1].bbox.x1 - line[-1].bbox.x0 > LONG * em]
    left = min((r.bbox.x0 for r in texts), default=0.0)
    labels = [line[0] for line in lines if line[0].bbox.x1 < left - 0.3 * em]
    set_alike = sum(abs(r.bbox.x0 - left) < 0.5 * em for r in texts)
    return len(texts) > 1 and bool(labels) and set_alike >= len(texts) - 1


def _is_text(
    lines: Sequence[Sequence[Run]], levels: Sequence[Level], sides: tuple[float, float], em: float, top: float
) -> bool:
    left, width = sides[0], sides[1] - sides[0]
    long = [line for line in lines if len(line) == 1 and line[0].bbox.x1 - line[0].bbox.x0 > 0.6 * width]
    if len(long) >= 2 and 2 * len(long) >= len(lines):
        return True
    whole = [line for line in long if line[0].bbox.x0 < left + INDENT * em]
    if len(whole) >= PARAGRAPH and any(a in whole and b in whole for a, b in itertools.pairwise(lines)):
        return True
    if not lines:
        return False
    alone = [line[0] for line in lines if len(line) == 1]
    caption = any(unit_of(r.text) or names_a_table(r.text) for r in alone) or (
        alone[:1] == [lines[0][0]] and alone[0].em > 1.25 * em and has_higher_ink(alone[0], lines[1:])
    )
    return caption or (len(lines) > 1 and levels[0].top - top > 5 * em)
