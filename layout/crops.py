"""A cell's picture -> crops of its text lines, to be read again."""

from __future__ import annotations

from math import ceil

import numpy as np

from layout.ink_levels import InkLevels, Mask, ink_rows
from layout.quantiles import quantile
from ocr.flag_runs import flag_runs
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels

#: In text heights: white that parts two lines, the least height of a line beside taller ones, the most of one line.
_LINE_GAP, _LEAST_LINE, _MOST_LINE = 0.18, 0.4, 1.6
_MARGIN, _INSET = 0.15, 0.18


def line_crops(image: PageImage, box: BBox, levels: InkLevels, padding: float) -> tuple[Pixels, ...]:
    """One crop per text line of the cell in ``box`` (page pixels), top down; none where there is no ink.

    Cut to the ink by horizontal projection and set on paper of the cell's own shade, ``padding`` text heights wide,
    so that neither rulings nor neighbours are in the picture.
    """
    inside = box.grown(-max(1.0, _INSET * levels.text_height))
    mask = ink_rows(levels, inside)
    if not mask.any():
        return ()
    x0, y0 = max(0, ceil(inside.x0)), max(0, ceil(inside.y0))
    cell = image.pixels[y0 : y0 + mask.shape[0], x0 : x0 + mask.shape[1]]
    planes = (cell,) if cell.ndim == 2 else np.moveaxis(cell, 2, 0)
    paper = np.array([quantile(plane, 0.5) for plane in planes]).astype(np.uint8)
    return tuple(
        _framed(cell, mask, rows, paper, levels.text_height, padding) for rows in text_rows(mask, levels.text_height)
    )


def without_traces(crop: Pixels, faint: float = 0.25, full: float = 0.65) -> Pixels:
    """The line in grey with what is faint beside its print made paper, and its print black. Gives (H, W) uint8.

    faint, full: shares of the contrast up to which ink goes, and from which it is black: what is left of a seal's ink
    is thinner and paler than print.
    """
    grey = crop if crop.ndim == 2 else crop.min(axis=2)
    dark, paper = (float(v) for v in np.percentile(grey, [2, 80]))
    share = (paper - grey.astype(np.float64)) / max(paper - dark, 16.0)
    return np.asarray(255.0 * (1.0 - np.clip((share - faint) / (full - faint), 0.0, 1.0)), np.uint8)


def text_rows(mask: Mask, text_height: float) -> list[tuple[int, int]]:
    """[start, stop) rows of each text line in an (H, W) ink mask, by its horizontal projection."""
    ink = runs(np.asarray(mask.any(axis=1)))
    lines: list[tuple[int, int]] = []
    for start, stop in ink:
        if lines and _is_same_line(lines[-1], (start, stop), text_height):
            lines[-1] = lines[-1][0], stop
        else:
            lines.append((start, stop))
    tallest = max((b - a for a, b in lines), default=0)
    return [(a, b) for a, b in lines if b - a >= min(_LEAST_LINE * text_height, tallest)]


def _is_same_line(line: tuple[int, int], run: tuple[int, int], text_height: float) -> bool:
    # The strokes of 二 stand further apart than two lines of dense print: what fits one text height is one line.
    fits = run[1] - line[0] <= _MOST_LINE * text_height
    return fits and (run[0] - line[1] < _LINE_GAP * text_height or run[1] - line[0] <= 1.2 * text_height)


def runs(flags: Mask) -> list[tuple[int, int]]:
    return [(a, b) for a, b in flag_runs(flags).tolist()]


def _framed(
    cell: Pixels, mask: Mask, rows: tuple[int, int], paper: Pixels, text_height: float, padding: float
) -> Pixels:
    margin = max(1, round(_MARGIN * text_height))
    columns = np.flatnonzero(mask[rows[0] : rows[1]].any(axis=0))
    top, bottom = max(0, rows[0] - margin), rows[1] + margin
    left, right = max(0, int(columns[0]) - margin), int(columns[-1]) + 1 + margin
    line = cell[top:bottom, left:right]
    frame = max(1, round(padding * text_height))
    height = max(line.shape[0], round(1.2 * text_height)) + 2 * frame
    out = np.empty((height, line.shape[1] + 2 * frame, *line.shape[2:]), np.uint8)
    out[...] = paper
    # A low mark (a dash) stays at the middle of a line's height instead of being blown up to fill it.
    y = (height - line.shape[0]) // 2
    out[y : y + line.shape[0], frame : frame + line.shape[1]] = line
    return out
