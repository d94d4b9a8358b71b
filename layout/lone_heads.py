"""Areas of tables that are only heads: forms without an entry.

Little print makes such a table, so that something else must say that
it is one: a caption right above, and rules above and below it or a fill behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from layout.areas import Area
from layout.baselines import WIDE_WHITE, Level, bounds, find_levels, joined_runs
from layout.caption_words import is_note, names_a_table, unit_of
from layout.head_runs import ONE_TEXT
from layout.headers import is_total_label
from layout.runs import Run
from layout.small_pages import page_luminance
from layout.text_areas import HIGHEST_WHITE
from layout.title_lines import LARGER, is_caption, size_of
from ocr.geometry import BBox
from ocr.values import PageImage

#: Things side by side in such a table at least, lines of heads at most.
LEAST_BESIDE, MOST_LINES = 3, 6
#: In text heights: white between a caption and its table at most; how far around print a fill reaches at least.
CAPTION_WHITE, FILL = 2.5, 0.3
#: Lines in which a table's title and unit stand; most characters of a head where neither rule nor fill is.
CAPTION_LINES, LONGEST = 3, 24
STOPS = re.compile(r"[。；！？，,:：]")
#: How much darker a fill is than paper beside it, of 255.
DARKER = 12


def has_caption_above(box: BBox, runs: Sequence[Run], em: float) -> bool:
    """Whether the line right above a box names a table or a unit."""
    above = [r for r in runs if r.y < box.y0 and box.x0 - 2 * em < r.x < box.x1 + 2 * em]
    levels = find_levels(above, em)
    near = bool(levels) and box.y0 - levels[-1].bottom < CAPTION_WHITE * em
    return near and is_caption(joined_runs(levels[-1].runs, WIDE_WHITE * em))


def find_unruled_heads(image: PageImage, free: Sequence[Run], runs: Sequence[Run], em: float) -> tuple[Area, ...]:
    """Heads right below a caption, nothing near below them, on a fill of one shade, or below a title and a unit both.

    runs: all of the page; free: those that lie in no table. A line of nothing but a total's label is the first row.
    """
    levels = find_levels(free, em)
    areas = []
    for start in range(1, len(levels)):
        if not is_caption(levels[start - 1].runs) or is_caption(levels[start].runs):
            continue
        stop = start + 1
        while stop < len(levels) and levels[stop].top - levels[stop - 1].bottom < HIGHEST_WHITE * em:
            if _is_remark(levels[stop]):
                break
            stop += 1
        inside = tuple(r for level in levels[start:stop] for r in level.runs)
        if not 2 <= stop - start <= MOST_LINES or any(r.is_figure for r in inside):
            continue
        box = _fill_around(bounds(inside), levels[start - 1].bottom, image, em)
        if box is None and _has_title_and_unit(levels[:start], em) and _are_heads(levels[start:stop], em):
            print_box = bounds(inside)
            remarks = [r for level in levels[stop:] if _is_remark(level) for r in level.runs]
            below = [r for r in runs if 0 <= r.bbox.y0 - print_box.y1 < HIGHEST_WHITE * em and r not in remarks]
            box = None if below else print_box.grown(FILL * em)
        if box is not None:
            sides = [box.y0, *_above_totals(levels[start:stop]), box.y1]
            areas.append(Area(box, inside, tuple((y, box.x0, box.x1) for y in sides), is_lone=True))
    return tuple(areas)


def _is_remark(level: Level) -> bool:
    """Whether a line is a remark below a table: 注：本单位无此项支出。"""
    text = "".join(r.text for r in level.runs)
    return is_note(text) or STOPS.search(text) is not None


def _has_title_and_unit(above: Sequence[Level], em: float) -> bool:
    """Whether the last line states a unit, and one right above it, or it itself, is the title of a table: by its words,
    or by its larger type.
    """
    has_unit = any(unit_of(r.text) for r in above[-1].runs)
    is_named = any(names_a_table(r.text) for level in above[-CAPTION_LINES:] for r in level.runs)
    return has_unit and (is_named or (len(above) > 1 and size_of(above[-2].runs) > LARGER * em))


def _are_heads(levels: Sequence[Level], em: float) -> bool:
    """Whether lines hold short texts without stops, many side by side in one of them."""
    lines = [joined_runs(level.runs, 0.9 * em) for level in levels]
    short = all(len(r.text) <= LONGEST and not STOPS.search(r.text) for line in lines for r in line)
    return short and any(len(line) >= LEAST_BESIDE for line in lines)


def _above_totals(levels: Sequence[Level]) -> list[float]:
    """The height between heads and a last line of nothing but the label of a total."""
    last = levels[-1]
    if len(levels) > 1 and all(is_total_label(r.text) for r in last.runs):
        return [(levels[-2].bottom + last.top) / 2]
    return []


def _fill_around(print_box: BBox, above: float, image: PageImage, em: float) -> BBox | None:
    """The fill behind print, no higher than from what stands above it; None where there is paper."""
    grey = page_luminance(image)
    top, bottom = max(0, round(above)), min(image.height, round(print_box.y1 + HIGHEST_WHITE * em))
    left, right = max(0, round(print_box.x0)), min(image.width, round(print_box.x1))
    # Print covers less than half of any line, so that the median is what lies behind it.
    behind = np.median(grey[top:bottom, left:right], axis=1)
    if not behind.size:
        return None
    paper = min(float(behind[0]), float(behind[-1]))
    dark = np.flatnonzero(behind < paper - DARKER)
    if not dark.size:
        return None
    low, high = top + int(dark[0]), top + int(dark[-1]) + 1
    whole = dark.size >= 0.95 * (high - low)
    reaches = low < print_box.y0 - FILL * em / 2 and high > print_box.y1 + FILL * em / 2
    return BBox(print_box.x0 - FILL * em, low, print_box.x1 + FILL * em, high) if whole and reaches else None


def is_lone(area: Area, runs: Sequence[Run], em: float) -> bool:
    """Whether an area between rules may be only heads: no amount in it, few lines, several things in some, a caption above."""
    levels = find_levels(area.runs, em)
    if not levels or len(levels) > MOST_LINES or any(r.is_figure for r in area.runs):
        return False
    many = any(len(joined_runs(level.runs, ONE_TEXT * em)) >= LEAST_BESIDE for level in levels)
    return many and has_caption_above(area.bbox, runs, em)
