"""Other looks at a cell's ink, for readings that do not repeat the first one's mistake out of habit.

Each look gives the recogniser materially different pixels: another scale, another proportion, another way from paper
and ink to grey. They share one network with the first reading, so they are independent of how the pixels fell (a box cut
too close, noise, a shade) and not of what the network never learnt; a second recogniser is, where one is configured.

The bare look comes first, for it dissents more often. Where it surely says what a cell without doubts says, the wide one
is not taken: on 90 pages it then told nothing of figures read wrongly (see docs/performance.md). Of such a cell a cheap
glance at the bare look, drawn narrower, comes before it, which counts only where it surely says the same: whatever dissents
was read in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from layout.amounts import is_figure, parse_amount
from layout.cells import table_box
from layout.crops import line_crops
from layout.ink_levels import measure_ink
from layout.quantiles import quantiles, quantiles_of_levels
from layout.reading_order import usual_height
from layout.rereading import glanced_lines, read_lines
from layout.values import Blankness, Cell
from layout.witnesses import log_odds, same_reading
from ocr.glances import GlanceCrops, ReadCrops, no_glance
from ocr.values import PageImage, Pixels, Reading

Plane = npt.NDArray[np.float64]

_FINE = 16
"""Parts of a grey level that a picture of twice the size has, drawn between pixels."""
_LEVELS = np.arange(255 * _FINE + 1) / _FINE


@dataclass(frozen=True, slots=True)
class LookOptions:
    """padding: paper around a line in text heights. stretch: how much wider the `wide` look draws its text.

    softness: of the `bare` look, as the share of the contrast between paper and ink over which grey is kept.
    glance_width: how much narrower a glance draws it. Equal digits may run together there: then the glance does not agree.
    least_agreement: of page and look together, below which an agreeing look is no second witness. least_dissent: of a
    look that makes no figure of a figure, below which it is no witness either. least_alone: of a look that agrees with a
    cell without doubts, from which on it is enough.
    """

    wide_padding: float = 0.45
    bare_padding: float = 0.2
    stretch: float = 1.25
    softness: float = 0.3
    glance_width: float = 0.8
    least_agreement: float = 0.99
    least_dissent: float = 0.5
    least_alone: float = 0.9
    default_text_pt: float = 10.0


def look_again(
    image: PageImage,
    cells: Sequence[Cell],
    read_crops: ReadCrops,
    second: ReadCrops | None = None,
    options: LookOptions | None = None,
    glance_crops: GlanceCrops = no_glance,
) -> tuple[tuple[Reading, ...], ...]:
    """For each cell of one table on ``image`` its new readings, with sources 'wide', 'bare', and the second reader's.

    'wide' only where 'bare' is not enough. glance_crops: may spare ``read_crops`` the bare look at a cell without doubts,
    where it surely says what the cell says.
    A reading that is unsure and says only what the cell says already is left out: it is no witness. Raises what
    the readers raise.
    """
    options = options or LookOptions()
    if not cells:
        return ()
    words = [w for c in cells for w in c.words]
    height = usual_height(words, options.default_text_pt * image.dpi / 72)
    levels = measure_ink(image, table_box([c.bbox for c in cells]), words, height)
    plain = [line_crops(image, c.bbox, levels, options.bare_padding) for c in cells]
    bare = _bare_looks(plain, cells, read_crops, glance_crops, options)
    rest = [i for i, cell in enumerate(cells) if not _is_enough(bare[i], cell, options)]
    asked = rest if second is None else range(len(cells))
    roomy = {i: line_crops(image, cells[i].bbox, levels, options.wide_padding) for i in asked}
    wide = _read([[widened(crop, options.stretch) for crop in roomy[i]] for i in rest], read_crops, "wide")
    found = [[reading] for reading in bare]
    for i, reading in zip(rest, wide, strict=True):
        found[i].insert(0, reading)
    if second is not None:
        for readings, reading in zip(found, _read(list(roomy.values()), second, ""), strict=True):
            readings.append(reading)
    return tuple(
        tuple(r for r in readings if _is_witness(r, cell, options)) for cell, readings in zip(cells, found, strict=True)
    )


def _bare_looks(
    plain: Sequence[Sequence[Pixels]],
    cells: Sequence[Cell],
    read_crops: ReadCrops,
    glance_crops: GlanceCrops,
    options: LookOptions,
) -> list[Reading]:
    """One reading per cell: by a glance where that agrees, or one in full."""
    bare = [[bared(crop, options.softness) for crop in lines] for lines in plain]
    sound = [i for i, cell in enumerate(cells) if cell.text.strip() and not cell.doubts]
    narrow = [[narrowed(crop, options.glance_width) for crop in bare[i]] for i in sound]
    glanced = glanced_lines(narrow, glance_crops)
    agreed = {i: r for i, r in zip(sound, glanced, strict=True) if r and same_reading(r.text, cells[i].text)}
    rest = [i for i in range(len(cells)) if i not in agreed]
    read = dict(zip(rest, _read([bare[i] for i in rest], read_crops, "bare"), strict=True))
    return [replace(agreed[i], source="bare") if i in agreed else read[i] for i in range(len(cells))]


def widened(crop: Pixels, stretch: float) -> Pixels:
    """The line drawn wider, its grey levels spread from black to white. (H, W[, 3]) uint8 -> (H, W') uint8."""
    plane = _stretched(_grey(crop), stretch)
    dark, light = np.percentile(plane, [0.5, 95])
    return _as_pixels((plane - dark) / max(light - dark, 16.0))


def bared(crop: Pixels, softness: float) -> Pixels:
    """The line in black and white at twice its size, by a threshold between paper and ink. Gives (2H, 2W) uint8."""
    fine = _doubled(_doubled(_grey(crop)).T).T
    dark, light = (level / _FINE for level in quantiles_of_levels(fine, (0.005, 0.95)))
    contrast = max(light - dark, 16.0)
    white = _as_pixels(0.5 + (_LEVELS - (dark + light) / 2) / (softness * contrast))
    return np.asarray(white[fine])


def narrowed(crop: Pixels, share: float) -> Pixels:
    """The line drawn with this share of its columns, by linear interpolation. (H, W) uint8 -> (H, W') uint8."""
    left, right, aside = _between(crop.shape[1], share)
    part = np.round(256 * aside).astype(np.uint16)
    return np.asarray((crop[:, left] * (256 - part) + crop[:, right] * part) >> 8, np.uint8)


def _grey(crop: Pixels) -> Pixels:
    """The lightest colour of each pixel, so that a coloured seal fades; the darkest where the text itself is coloured."""
    if crop.ndim == 2:
        return crop
    red, green, blue = crop[..., 0], crop[..., 1], crop[..., 2]
    light, dark = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    return np.asarray(dark if _range(light) < 0.5 * _range(dark) else light)


def _range(plane: Pixels) -> float:
    low, high = quantiles(plane, (0.01, 0.9))
    return high - low


def _doubled(plane: npt.NDArray[np.uint8 | np.uint16]) -> npt.NDArray[np.uint16]:
    """Twice as many columns by linear interpolation, in quarters of the levels."""
    levels, width = plane.astype(np.uint16), plane.shape[1]
    out = np.empty((plane.shape[0], 2 * width), np.uint16)
    out[:, 0], out[:, -1] = 4 * levels[:, 0], 4 * levels[:, -1]
    out[:, 1:-1:2] = 3 * levels[:, :-1] + levels[:, 1:]
    out[:, 2:-1:2] = levels[:, :-1] + 3 * levels[:, 1:]
    return out


def _stretched(plane: Pixels, factor: float) -> Plane:
    """Linear interpolation along the columns."""
    left, right, share = _between(plane.shape[1], factor)
    return np.asarray(plane[:, left] * (1 - share) + plane[:, right] * share)


def _between(width: int, factor: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """For each of ``factor`` times as many columns the two it lies between, and how far from the left one to the right."""
    at = (np.arange(max(1, round(width * factor))) + 0.5) / factor - 0.5
    left = np.clip(np.floor(at).astype(np.intp), 0, max(0, width - 2))
    return left, np.minimum(left + 1, width - 1), np.clip(at - left, 0.0, 1.0)


def _as_pixels(plane: Plane) -> Pixels:
    return np.asarray(np.clip(plane * 255.0, 0, 255), np.uint8)


def _read(cells: Sequence[Sequence[Pixels]], read_crops: ReadCrops, source: str) -> list[Reading]:
    """One reading per cell, all lines in one call. source '' keeps the reader's own name."""
    return [replace(r, source=source) if source else r for r in read_lines(cells, read_crops)]


def _is_enough(look: Reading, cell: Cell, options: LookOptions) -> bool:
    """Whether a look surely says what a cell without doubts says, so that another would only say it again."""
    agrees = bool(cell.text.strip()) and same_reading(look.text, cell.text)
    sure = look.confidence >= options.least_alone and _is_witness(look, cell, options)
    return agrees and sure and not cell.doubts


def _is_witness(reading: Reading, cell: Cell, options: LookOptions) -> bool:
    if _is_blurred(reading, cell.text, options):
        return False
    if not same_reading(reading.text, cell.text) or not cell.text.strip():
        return True
    return log_odds(reading.confidence) + log_odds(cell.confidence) >= log_odds(options.least_agreement)


def _is_blurred(reading: Reading, text: str, options: LookOptions) -> bool:
    """Whether a look at a figure gives what nobody prints: its own digits with other marks (1.226.22), or a mere guess."""
    is_malformed = parse_amount(reading.text).kind is Blankness.TEXT and is_figure(parse_amount(text))
    return is_malformed and (_digits(reading.text) == _digits(text) or reading.confidence < options.least_dissent)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
