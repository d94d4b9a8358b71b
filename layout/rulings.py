"""PageImage -> rulings: every drawn horizontal and vertical ruling, thin, thick, dotted, faint, broken or bent.

The recipe, once as it is and once on the transposed page, so that both axes share one code:

    darkness, dashed rulings made whole                 layout/dashes.py
    darkness -> ridges -> density along the ruling      layout/ink.py
    crests of the density -> strokes -> chains          layout/strokes.py
    chains -> the ones that are rulings                 layout/believed.py
    gaps and bends -> straight pieces                   rulings
    less strokes of hatchings                           layout/hatching.py
    less columns of characters                          layout/floating.py
    gone on where a seal stood                          layout/under_seals.py

A slanted or bent ruling comes out
as several straight pieces, end to end. Gaps stay gaps: whether two slots are apart is for the grid to judge.
"""

from __future__ import annotations

import numpy as np

from layout.believed import believed_chains
from layout.dashes import with_dashes_joined
from layout.drawn import drawn_rulings
from layout.fills import with_fills_turned
from layout.floating import without_floating
from layout.hatching import without_hatching
from layout.ink import transposed, without_fills
from layout.quantiles import quantile
from layout.ruling_values import SOLID, RulingOptions
from layout.small_pages import small_darknesses
from layout.stroke_measures import along, solidity, thickness
from layout.strokes import AxisInk, Chain, Floats, Stroke, axis_ink
from layout.under_seals import gone_on_under_seals
from layout.values import Orientation, Ruling
from ocr.flag_runs import flag_runs
from ocr.values import PageImage

#: Fills may be this much higher than what is taken for paper.
FAR_PAPER = 3


def find_rulings(image: PageImage, options: RulingOptions | None = None) -> tuple[Ruling, ...]:
    """All rulings of a page in page pixels, horizontal ones first, each from the top left on; none is ().

    Where the page's file itself tells of all its shapes, these are asked (see layout/drawn.py). Otherwise the method is a directional matched filter with hysteresis (see layout/ink.py); it takes no side on which rulings
    make a table.
    """
    options = options or RulingOptions()
    if image.shapes is not None:
        return drawn_rulings(image, image.shapes, options)
    factor = min(1.0, options.working_dpi / image.dpi)
    px = image.dpi * factor / 72.0
    windows = (max(6, round(reach * options.paper_pt * px)) for reach in (1, FAR_PAPER))
    near, far = small_darknesses(image, factor, windows)
    dark, white = with_dashes_joined(with_fills_turned(near, px, far), px)
    alone = without_fills(dark, max(3, round(options.strokes.fill_pt * px)))
    planes = (dark, alone), (transposed(dark), transposed(alone))
    axes = [axis_ink(*plane, px, options.strokes, white) for plane in planes]
    flat, upright = believed_chains(axes, options)
    scale_x, scale_y = image.width / near.shape[1], image.height / near.shape[0]
    horizontal = _rulings(flat, axes[0], Orientation.HORIZONTAL, scale_x, scale_y, options)
    vertical = _rulings(upright, axes[1], Orientation.VERTICAL, scale_y, scale_x, options)
    horizontal = without_hatching(horizontal, axes[0].dark, px, scale_x, scale_y)
    vertical = without_hatching(vertical, axes[1].dark, px, scale_y, scale_x)
    vertical = without_floating(vertical, horizontal, options.strokes.sideways_pt * image.dpi / 72.0)
    found = (*sorted(horizontal, key=_reading_order), *sorted(vertical, key=_reading_order))
    return gone_on_under_seals(found, image.seals, image.dpi / 72.0)


def _reading_order(ruling: Ruling) -> tuple[float, float]:
    return ruling.position, ruling.start


def _rulings(
    chains: list[Chain],
    ink: AxisInk,
    orientation: Orientation,
    lengthwise: float,
    sideways: float,
    options: RulingOptions,
) -> list[Ruling]:
    """Straight pieces of each chain in page pixels; lengthwise, sideways: page pixels per working pixel."""
    rulings: list[Ruling] = []
    reach = round(max(options.strokes.reaches_pt) * ink.px)
    for chain in chains:
        thick = thickness(chain, ink.dark, reach) * sideways
        for stroke in chain.strokes:
            path = _smooth(stroke.ys, round(12 * ink.px))
            for first, stop in _inked(stroke, ink, options):
                for i, j in _straight_pieces(path[first:stop], max(0.8, 0.35 * ink.px)):
                    position = (float(path[first + i : first + j].mean()) + 0.5) * sideways
                    start, end = ((stroke.x0 + first + k) * lengthwise for k in (i, j))
                    rulings.append(Ruling(orientation, position, start, end, thick))
    return rulings


def _inked(stroke: Stroke, ink: AxisInk, options: RulingOptions) -> list[tuple[int, int]]:
    """Half-open runs of a stroke that really hold ink: the density along it hides gaps below its window.

    A solid ruling is looked at closely, since a gap in it may part it from a character; a dotted one from afar.
    """
    density, _ = solidity(Chain((stroke,)), ink.near_contrast)
    window = ink.closely if density >= SOLID else max(3, round(0.75 * options.strokes.window_pt * ink.px))
    values = along(ink.near_dark, stroke.xs, stroke.ys)
    held = _smooth(values, window) >= 0.4 * quantile(values, 0.75)
    return [(a, b) for a, b in flag_runs(held).tolist() if b - a >= window]


def _smooth(path: Floats, window: int) -> Floats:
    """Running means; at the ends over what is there."""
    window = min(window, len(path))
    total = np.concatenate([[0.0], np.cumsum(path)])
    first = np.clip(np.arange(len(path)) - window // 2, 0, None)
    last = np.clip(np.arange(len(path)) + (window + 1) // 2, 1, len(path))
    return np.asarray((total[last] - total[first]) / (last - first))


def _straight_pieces(path: Floats, tolerance: float) -> list[tuple[int, int]]:
    """Half-open pieces of a path that each stay within ``tolerance`` of level."""
    pieces: list[tuple[int, int]] = []
    stack = [(0, len(path))]
    while stack:
        i, j = stack.pop()
        if np.ptp(path[i:j]) <= 2 * tolerance or j - i < 8:
            pieces.append((i, j))
        else:
            stack += [((i + j) // 2, j), (i, (i + j) // 2)]
    return sorted(pieces)
