"""Which pixels of a text box are print, and the stretches that white parts in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

import numpy as np
import numpy.typing as npt

from layout.quantiles import in_order, of_ordered, quantile
from layout.values import Orientation, Ruling
from ocr.flag_runs import flag_runs
from ocr.values import Pixels, Word

#: From this darkness (of 255) a word stands on a fill; share of a pixel row or column from which it is no print there.
DARK_GROUND, WHOLE_LINE = 110, 0.95
#: Which quantile of the darkness of light type on a fill is the fill's.
ON_FILL = 0.75


def ruled_pixels(
    shape: tuple[int, ...], rulings: Iterable[Ruling], scale: tuple[float, float], beside: float
) -> npt.NDArray[np.bool_]:
    """Which pixels are those of rulings."""
    ruled = np.zeros(shape, dtype=bool)
    for r in rulings:
        flat = r.orientation is Orientation.HORIZONTAL
        along, across = (scale[0], scale[1]) if flat else (scale[1], scale[0])
        reach = r.thickness * across / 2 + beside
        low, high = max(0, int(r.position * across - reach)), int(r.position * across + reach) + 1
        start, end = max(0, int(r.start * along)), int(r.end * along) + 1
        if flat:
            ruled[low:high, start:end] = True
        else:
            ruled[start:end, low:high] = True
    return ruled


def ink_of(plane: Pixels, ruled: npt.NDArray[np.bool_], least_dark: float) -> npt.NDArray[np.bool_]:
    """Which pixels are print: dark on paper, or bright on a fill. ruled: those of rulings, which are none."""
    if plane.size == 0:
        return np.zeros((0, 0), dtype=bool)
    ordered = in_order(plane)
    ground = int(of_ordered(ordered, 0.5))
    if ground <= DARK_GROUND:
        return np.asarray(plane > ground + floor(max(20.0, least_dark * of_ordered(ordered, 0.95, less=ground))))
    values = plane.astype(np.int16)
    # Light type blurs into a fill, which is darkest beside it; the paper beside the fill is as bright as its print.
    values = np.where(ruled, 0, quantile(values[~ruled], ON_FILL) - values)
    bright = values > 20
    rows, cols = bright.mean(axis=1) <= WHOLE_LINE, bright.mean(axis=0) <= WHOLE_LINE
    inner = values[np.ix_(rows, cols)]
    ink = values > max(20.0, least_dark * (quantile(inner, 0.95) if inner.size else 0.0))
    return np.asarray(ink & rows[:, None] & cols[None, :])


def stretches_of(filled: npt.NDArray[np.bool_], white: float) -> list[tuple[int, int]]:
    """Half-open stretches of filled columns, those joined that less than ``white`` parts."""
    found: list[tuple[int, int]] = []
    for start, stop in flag_runs(filled).tolist():
        if found and start - found[-1][1] < white:
            found[-1] = found[-1][0], stop
        else:
            found.append((start, stop))
    return found


def height_of(ink: npt.NDArray[np.bool_], stray: float) -> tuple[int, int]:
    """Half-open rows of a run, less slivers of other lines at the rims of its box."""
    rows = ink.sum(axis=1)
    groups = stretches_of(rows > 0, 1.0)
    total = max(1, int(rows.sum()))
    while len(groups) > 1 and groups[0][0] == 0 and rows[slice(*groups[0])].sum() < stray * total:
        groups.pop(0)
    while len(groups) > 1 and groups[-1][1] == len(rows) and rows[slice(*groups[-1])].sum() < stray * total:
        groups.pop()
    return (groups[0][0], groups[-1][1]) if groups else (0, len(rows))


def with_split_characters(
    word: Word, stretches: Sequence[tuple[int, int]], x0: int, scale: float
) -> list[tuple[int, int]]:
    """Stretches put together where one is no character but the rest of its neighbour's last or first (a stem of 目)."""
    out: list[tuple[int, int]] = []
    chars = [(c.x0 * scale - x0, c.x1 * scale - x0) for c in word.chars if not c.text.isspace()]
    for a, b in stretches:
        if out and any(_is_within_one(out[-1], (a, b), char, chars) for char in chars):
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def _is_within_one(
    left: tuple[int, int], right: tuple[int, int], char: tuple[float, float], chars: Sequence[tuple[float, float]]
) -> bool:
    """Whether a character lies on both sides of a white, and one side holds no middle of any."""
    if not (char[0] < left[1] and right[0] < char[1]):
        return False
    return any(not any(a <= (x0 + x1) / 2 < b for x0, x1 in chars) for a, b in (left, right))
