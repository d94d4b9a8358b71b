"""Areas of tables that are only heads: forms without an entry.

Little print makes such a table, so that something else must say that
it is one: a caption right above, and rules above and below it or a fill behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layout.areas import Area
from layout.baselines import bounds, find_levels, joined_runs
from layout.ink import luminance
from layout.runs import Run
from layout.text_areas import HIGHEST_WHITE, is_caption
from ocr.geometry import BBox
from ocr.values import PageImage

#: Things side by side in such a table at least, lines of heads at most.
LEAST_BESIDE, MOST_LINES = 3, 6
#: In text heights: white between a caption and its table at most, and what is asked for below it; how far around print a
#: fill reaches at least.
CAPTION_WHITE, CLEAR_BELOW, FILL = 2.5, 1.5, 0.3
#: How much darker a fill is than paper beside it, of 255.
DARKER = 12


def has_caption_above(box: BBox, runs: Sequence[Run], em: float) -> bool:
    """Whether the line right above a box names a table or a unit."""
    above = [r for r in runs if r.y < box.y0 and box.x0 - 2 * em < r.x < box.x1 + 2 * em]
    levels = find_levels(above, em)
    return bool(levels) and box.y0 - levels[-1].bottom < CAPTION_WHITE * em and is_caption(list(levels[-1].runs))


def find_filled_heads(image: PageImage, runs: Sequence[Run], em: float) -> tuple[Area, ...]:
    """Heads on a fill of one shade right below a caption, nothing near below them. runs: free ones only."""
    levels = find_levels(runs, em)
    areas = []
    for start in range(1, len(levels)):
        if not is_caption(list(levels[start - 1].runs)) or is_caption(list(levels[start].runs)):
            continue
        stop = start + 1
        while stop < len(levels) and levels[stop].top - levels[stop - 1].bottom < HIGHEST_WHITE * em:
            stop += 1
        if 2 <= stop - start <= MOST_LINES:
            inside = tuple(r for level in levels[start:stop] for r in level.runs)
            box = _fill_around(bounds(inside), levels[start - 1].bottom, image, em)
            if box is not None and not any(r.is_figure for r in inside):
                areas.append(Area(box, inside, ((box.y0, box.x0, box.x1), (box.y1, box.x0, box.x1)), is_lone=True))
    return tuple(areas)


def _fill_around(print_box: BBox, above: float, image: PageImage, em: float) -> BBox | None:
    """The fill behind print, no higher than from what stands above it; None where there is paper."""
    grey = luminance(image.pixels)
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
    many = any(len(joined_runs(level.runs, 0.9 * em)) >= LEAST_BESIDE for level in levels)
    return many and has_caption_above(area.bbox, runs, em)
