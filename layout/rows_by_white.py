"""One drawn row of a grid whose cells hold texts that begin again, side by side, below a blank line: rows of their own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from layout.baselines import Level, find_levels
from layout.runs import Run
from layout.stretches import union
from ocr.geometry import BBox

#: In text heights: white of a blank line, at least, and white between lines of one text, at most; how exactly texts that
#: stand side by side begin at one height.
BLANK, BETWEEN_LINES, ONE_HEIGHT = 1.0, 0.75, 0.3
#: Rows with print in every column, at least; columns of such rows.
ROWS, COLUMNS = 2, 2


def rows_by_white(runs: Sequence[Run], boxes: Sequence[BBox], em: float) -> tuple[float, ...]:
    """Heights at which blank lines across a drawn row part it into rows: in each but those with a lone label every cell has a
    text, and all begin at one height; some are of several lines, which stand closer. () where they do not.
    """
    if len(boxes) < COLUMNS:
        return ()
    heights = union([(r.bbox.y0, r.bbox.y1) for r in runs])
    blocks: list[list[tuple[float, float]]] = []
    for span in heights:
        if blocks and span[0] - blocks[-1][-1][1] < BLANK * em:
            blocks[-1].append(span)
        else:
            blocks.append([span])
    whites = [b[0] - a[1] for block in blocks for a, b in itertools.pairwise(block)]
    if len(blocks) < ROWS or not whites or max(whites) > BETWEEN_LINES * em:
        return ()
    kinds = [_kind([r for r in runs if block[0][0] <= r.y <= block[-1][1]], boxes, em) for block in blocks]
    if "" in kinds or kinds.count("row") < ROWS:
        return ()
    return tuple((a[-1][1] + b[0][0]) / 2 for a, b in itertools.pairwise(blocks))


def _kind(runs: Sequence[Run], boxes: Sequence[BBox], em: float) -> str:
    """row: every cell has a text here, which begins as high as the others; label: one line in the first cell; '': neither."""
    cells: list[tuple[Level, ...]] = [
        tuple(find_levels([r for r in runs if b.x0 <= r.x < b.x1], em)) for b in sorted(boxes, key=lambda b: b.x0)
    ]
    if len(cells[0]) == 1 and not any(cells[1:]):
        return "label"
    first = [levels[0].y for levels in cells if levels]
    return "row" if len(first) == len(cells) and max(first) - min(first) < ONE_HEIGHT * em else ""
