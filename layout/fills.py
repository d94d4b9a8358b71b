"""White on black -> black on white: dark fills of the darkness plane, turned so that their print and rulings are dark.

The rim of a fill is an edge of what is filled; it is drawn, as the frame around a fill is lost in it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layout.ink import HIGH_HOLES, Area, Flags, closed_masks, smoothed
from layout.run_ink import stretches_of
from ocr.values import Pixels

Box = tuple[int, int, int, int]

#: In points: a fill's least height and width; white closed by print in it; thickness of the rim.
LEAST_HEIGHT, LEAST_WIDTH, PRINT, RIM = 9.0, 36.0, 7.0, 0.9
#: How much what is darker than its fill is raised.
DARKER_GAIN = 4
#: Share of ink along a fill's upper and lower sides.
WHOLE = 0.8
#: Darkness of a fill (of 255), tried in turn as light is uneven; share of its box that it covers (a little less where it
#: leans), least and largest share of print in it.
DARKS, COVERED, LEAST_PRINT, MOST_PRINT = (120, 90, 60), 0.85, 0.01, 0.4
#: Share of a row or a column of an area that a fill lies in, from which it is over its whole width or height; how much lower
#: heads merged down reach than others, in their height.
BAND, LOWER = 0.6, 2
#: Pixels at a fill's sides where it fades into the paper; least share of what is light in it inside of them.
SIDE, LEAST_LIGHT = 2, 0.002
#: Share of a fill's height or width from which what is dark in it is a ruling, and what is light: letters stand close.
LINE, WHOLE_LINE = 0.45, 0.9


def with_fills_turned(dark: Pixels, px: float, wide: Pixels | None = None) -> Pixels:
    """The darkness plane (0 paper, 255 black) with dark fills turned over; itself when there is none.

    px: pixels per point. wide: the same plane against the paper farther away, in which a fill higher than what is
    taken for paper in ``dark`` still shows. Fills at the page's sides are scan edges and stay.
    """
    wide = dark if wide is None else wide
    boxes = list(find_fills(wide, px))
    if not boxes:
        return dark
    turned = dark.copy()
    rim = max(1, round(RIM * px))
    for x0, y0, x1, y1 in boxes:
        # A fill may be cells of several shades, each with its own ground; its print is measured on that.
        ground = smoothed(np.ascontiguousarray(wide[y0:y1, x0:x1]), round(2 * PRINT * px)).astype(np.int32)
        part = wide[y0:y1, x0:x1].astype(np.int32)
        light = np.clip((ground - part) * 255 // np.maximum(ground, max(1, int(np.median(part)) // 2)), 0, 255)
        # Rulings in it are white like its print, or black as elsewhere: darker still, but little.
        darker = np.clip((part - ground) * DARKER_GAIN, 0, 255)
        part = np.maximum(light, darker)
        part[:rim], part[-rim:], part[:, :rim], part[:, -rim:] = 255, 255, 255, 255
        turned[y0:y1, x0:x1] = part.astype(np.uint8)
    return turned


def find_fills(dark: Pixels, px: float) -> Iterator[tuple[int, int, int, int]]:
    """Boxes (x0, y0, x1, y1) of dark rectangles with light print in them, none within another.

    What is whole at a darker level goes first, unless it is but a piece of a row that is whole at a fainter one.
    """
    found: list[Box] = []
    faintest = _closed(dark, DARKS[-1], px)  # they hold those of every darker level
    for level in DARKS if faintest else ():
        closed = faintest if level == DARKS[-1] else _closed_within(dark, level, px, faintest)
        for box in _fills_at(dark, level, _areas(dark > level, closed, px), px):
            met = [b for b in found if box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3]]
            if all(_is_piece(b, box) for b in met):
                found = [*(b for b in found if b not in met), box]
    yield from found


def _is_piece(part: Box, whole: Box) -> bool:
    """Whether a fill is as high as another that it lies in: noise broke it off."""
    return whole[0] <= part[0] and part[2] <= whole[2] and all(abs(part[i] - whole[i]) <= SIDE for i in (1, 3))


def _closed(dark: Pixels, level: int, px: float, *, is_part: bool = False) -> list[Area]:
    return _large(closed_masks(dark > level, round(PRINT * px), round(LEAST_HEIGHT * px), is_part=is_part), px)


def _large(areas: list[Area], px: float) -> list[Area]:
    return [area for area in areas if area[2] - area[0] >= LEAST_WIDTH * px and area[3] - area[1] >= LEAST_HEIGHT * px]


def _areas(mask: Flags, closed: list[Area], px: float) -> list[Area]:
    return _large([part for area in closed for part in ([area] if area[4] >= COVERED else _parts(mask, area))], px)


def _parts(mask: Flags, area: Area) -> list[Area]:
    """The pieces of an area that reaches lower in a block of its columns than beside it: heads on a fill, of which those merged
    down have more rows. The area itself where it is not so made up.
    """
    x0, y0, x1, y1, _ = area
    inner = mask[y0:y1, x0:x1]
    level = inner.mean(axis=1) >= BAND
    stop = int(np.argmin(level)) if not level.all() else len(level)
    rest = inner[stop:]
    if not 0 < len(rest) <= LOWER * stop or level[stop:].mean() > 1 - BAND:
        return [area]
    left, right = max(stretches_of(rest.mean(axis=0) >= BAND, 1.0), key=lambda s: s[1] - s[0], default=(0, 0))
    if left == right:
        return [area]
    # Their common side is upright, where columns are parted anyway.
    pieces = ((0, left, stop), (left, right, len(level)), (right, x1 - x0, stop))
    return [(x0 + a, y0, x0 + b, y0 + bottom, float(inner[:bottom, a:b].mean())) for a, b, bottom in pieces if b > a]


def _closed_within(dark: Pixels, level: int, px: float, wholes: list[Area]) -> list[Area]:
    """The areas at a darker level, sought in those of a fainter one and a little around them."""
    found: set[Area] = set()
    reach = round(((HIGH_HOLES + 1) * PRINT + LEAST_HEIGHT) * px)
    for x0, y0, x1, y1, _ in wholes:
        left, top = max(0, x0 - reach), max(0, y0 - reach)
        part = dark[top : y1 + reach, left : x1 + reach]
        for a, b, c, d, share in _closed(part, level, px, is_part=True):
            area = (a + left, b + top, c + left, d + top, share)
            if x0 <= area[0] and y0 <= area[1] and area[2] <= x1 and area[3] <= y1:
                found.add(area)
    return sorted(found, key=lambda area: (area[1], area[0]))


def _fills_at(dark: Pixels, level: int, areas: list[Area], px: float) -> Iterator[tuple[int, int, int, int]]:
    height, width = dark.shape
    for x0, y0, x1, y1, covered in areas:
        inner = dark[y0:y1, x0:x1] > level
        # Bold type is ragged where a fill is whole: a little below its upper side, a little above its lower one.
        whole = min(inner[k].mean() for k in ((y1 - y0) // 12, -1 - (y1 - y0) // 12)) >= WHOLE
        at_side = x0 <= 2 or y0 <= 2 or x1 >= width - 2 or y1 >= height - 2
        printed = LEAST_PRINT <= 1 - inner.mean() <= MOST_PRINT
        is_fill = whole and not at_side and covered >= COVERED and printed
        if is_fill and _is_print_light(dark[y0 + SIDE : y1 - SIDE, x0 + SIDE : x1 - SIDE]):
            yield x0, y0, x1, y1


def _is_print_light(part: Pixels) -> bool:
    """Whether more of a fill is far lighter than its ground than far darker, rulings in it left out: black print on grey
    stays as it is.
    """
    ground = float(np.median(part))
    light, dark = _without_lines(part < ground / 2, WHOLE_LINE), _without_lines(part > (255 + ground) / 2, LINE)
    return bool(light.mean() > max(dark.mean(), LEAST_LIGHT))


def _without_lines(mask: Flags, share: float) -> Flags:
    """A mask of print less the rulings: rows and columns that are filled by more than a share."""
    level, upright = mask.mean(axis=1) > share, mask.mean(axis=0) > share
    return np.asarray(mask & ~level[:, None] & ~upright[None, :])
