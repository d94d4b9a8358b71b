"""A lone comparison sign by the shape of its ink.

The recogniser reads lines of text; of a lone ≥ it often sees the chevron and not the bar under it. The ink tells both:
the upper outline of a chevron that points right falls in a straight line to the point, and near its open end, where the
arms stand apart, the lower arm weighs as much as the upper one. A bar, level (≥) or slanted (⩾), adds as much again.
That holds in every typeface, and weights of grey keep it true where print is blurred.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layout.ink_levels import Weights

_INK = 0.5


@dataclass(frozen=True, slots=True)
class ShapeOptions:
    """least_size, most_size: of the sign's ink in text heights. least_fall: of the upper outline, over the sign's height.

    least_straight: correlation of the upper outline with a straight line. most_filled: share of the open end that is
    ink. end: share of the width that is an end; open: share next to the open end where the arms stand apart.
    Weight of all ink below the upper arm over that of the arm: least_arm, to be a chevron at all; bare, up to which it
    has no bar; barred, from which it has one; most_bars.
    """

    least_size: float = 0.3
    most_size: float = 1.4
    least_fall: float = 0.2
    least_straight: float = 0.93
    most_filled: float = 0.75
    end: float = 0.2
    open: float = 0.45
    least_arm: float = 0.65
    bare: float = 1.35
    barred: float = 1.5
    most_bars: float = 3.6


def sign_of_ink(weights: Weights, text_height: float, options: ShapeOptions | None = None) -> str:
    """One of > < ≥ ≤ where a cell's whole ink is that sign, else ''.

    weights: (H, W) in [0, 1], see `ink_levels.ink_weights`; text_height in pixels.
    """
    options = options or ShapeOptions()
    ink = _trimmed(weights)
    height, width = ink.shape
    least, most = options.least_size * text_height, options.most_size * text_height
    if not (0.7 * least <= height <= most and least <= width <= most):
        return ""
    right, left = _has_bar(ink, options), _has_bar(ink[:, ::-1], options)
    if (right is None) == (left is None):
        return ""
    return (">", "≥")[right] if right is not None else ("<", "≤")[bool(left)]


def _has_bar(ink: Weights, options: ShapeOptions) -> bool | None:
    """Whether a bar lies under a chevron that points right; None where the ink is no such chevron, or it is not clear."""
    if not _falls_to_a_point(ink, options):
        return None
    first, stop = round(0.05 * ink.shape[1]), max(2, round(options.open * ink.shape[1]))
    parts = [_upper_and_rest(ink[:, x]) for x in range(first, stop)]
    arm, rest = (sum(weights) for weights in zip(*parts, strict=True))
    share = rest / max(arm, 1e-6)
    if not options.least_arm <= share <= options.most_bars:
        return None
    return True if share >= options.barred else False if share <= options.bare else None


def _falls_to_a_point(ink: Weights, options: ShapeOptions) -> bool:
    """Whether the upper outline falls straight from an open end at the left."""
    mask = ink > _INK
    columns = np.flatnonzero(mask.any(axis=0))
    if len(columns) < max(4, 0.8 * ink.shape[1]):
        return False
    upper = mask[:, columns].argmax(axis=0).astype(np.float64)
    n_end = max(2, round(options.end * len(columns)))
    fall = (upper[-n_end:].mean() - upper[:n_end].mean()) / len(ink)
    straight = float(np.corrcoef(columns, upper)[0, 1]) if np.ptp(upper) else 0.0
    opening = mask[:, columns[:n_end]]
    lowest = len(opening) - opening[::-1].argmax(axis=0)
    is_open = opening.sum() <= options.most_filled * (lowest - opening.argmax(axis=0)).sum()
    return bool(fall >= options.least_fall and straight >= options.least_straight and is_open)


def _upper_and_rest(column: Weights) -> tuple[float, float]:
    """Weight of the first run of ink in a column, to the palest pixel below it, and of all that follows."""
    if not (column > _INK).any():
        return 0.0, 0.0
    start = int((column > _INK).argmax())
    below = column[start:]
    stop = start + int(np.argmin(np.append(below > _INK, False)))
    while stop < len(column) - 1 and column[stop + 1] < column[stop]:
        stop += 1
    return float(column[:stop].sum()), float(column[stop:].sum())


def _trimmed(weights: Weights) -> Weights:
    mask = weights > 0.3
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return weights[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else weights[:0, :0]
