"""The glyphs of a text layer against the pixels of their page: which of them can be seen, and what else can.

    layer, pixels --see_glyphs--> Sight        visible, doubled, in each other's way, cut short
    pixels, trusted boxes --find_unread--> boxes of ink that looks like type and that no glyph explains

Boxes are pixels of the picture at hand, (n, 4) x0 y0 x1 y1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from ocr import ink
from ocr.text_layer import Flags, Floats, TextLayer
from ocr.values import Pixels

COLUMNS, ROWS = 16, 32
"""Each glyph is looked at through so many samples along and across its box: a dash is thin, a stem seldom."""


@dataclass(frozen=True, slots=True)
class InkOptions:
    """least_contrast: grey levels between the darkest and the lightest of a visible glyph. colour_reach: how far its
    nearest pixel may be from the colour it is said to have. cut_share: share of the ink usual for its glyph below
    which it is cut short or painted over. same_place, near_place: shares of an em within which equal glyphs are one
    drawn twice, and different ones stand in each other's way.
    type_pt: (least, greatest) side of ink that looks like type. least_stroke_pt: its other side.
    """

    least_contrast: float = 36.0
    colour_reach: float = 110.0
    cut_share: float = 0.55
    same_place: float = 0.3
    near_place: float = 0.2
    type_pt: tuple[float, float] = (4.0, 40.0)
    least_stroke_pt: float = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One flag a glyph. doubled: an equal one that counts stands there already. muddled: others stand there too.

    cut: less of it is seen than of its like.
    """

    visible: Flags
    doubled: Flags
    muddled: Flags
    cut: Flags


def see_glyphs(layer: TextLayer, boxes: Floats, pixels: Pixels, options: InkOptions) -> Sight:
    """What of the layer the page shows. White space is never visible."""
    samples = _samples(ink.to_grey(pixels), boxes)
    low, high = samples.min(axis=1), samples.max(axis=1)
    inked = np.array([bool(text.strip()) for text in layer.texts])
    distance = np.abs(samples - layer.greys[:, None]).min(axis=1)
    visible = inked & ~layer.hidden & (high - low >= options.least_contrast) & (distance <= options.colour_reach)
    doubled, muddled = _crowded(layer, boxes, visible, options)
    return Sight(visible, doubled, muddled, _cut(layer, samples, visible & ~doubled, options))


def _samples(grey: Pixels, boxes: Floats) -> Floats:
    """(n, ROWS * COLUMNS) grey levels, evenly spread over each box less a margin in which rulings run."""
    x = boxes[:, [0]] + (boxes[:, [2]] - boxes[:, [0]]) * (0.02 + 0.96 * (np.arange(COLUMNS) + 0.5) / COLUMNS)
    y = boxes[:, [1]] + (boxes[:, [3]] - boxes[:, [1]]) * (0.04 + 0.92 * (np.arange(ROWS) + 0.5) / ROWS)
    columns = np.clip(x.astype(int), 0, grey.shape[1] - 1)
    rows = np.clip(y.astype(int), 0, grey.shape[0] - 1)
    samples: Floats = grey[rows[:, :, None], columns[:, None, :]].reshape(len(boxes), -1).astype(np.float32)
    return samples


def _crowded(layer: TextLayer, boxes: Floats, visible: Flags, options: InkOptions) -> tuple[Flags, Flags]:
    """Glyphs that repeat one drawn at the same place, and glyphs at whose place a different one is drawn."""
    doubled, muddled = np.zeros(len(layer), bool), np.zeros(len(layer), bool)
    em = boxes[:, 3] - boxes[:, 1]
    bucket = max(float(np.median(em[visible])), 1.0) if visible.any() else 1.0
    # plain numbers: asked of one glyph, numpy takes longest to begin
    centres, widths = ((boxes[:, :2] + boxes[:, 2:]) / 2).tolist(), (boxes[:, 2] - boxes[:, 0]).tolist()
    same, close = (options.same_place * em).tolist(), (options.near_place * em).tolist()
    placed: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i in np.flatnonzero(visible).tolist():
        x, y = centres[i]
        column, row = int(x // bucket), int(y // bucket)
        near = [j for dx in (-1, 0, 1) for dy in (-1, 0, 1) for j in placed.get((column + dx, row + dy), ())]
        for j in near:
            apart = max(abs(x - centres[j][0]), abs(y - centres[j][1]))
            width = min(widths[i], widths[j])
            if layer.texts[i] == layer.texts[j] and apart < min(same[i], 0.6 * width):
                doubled[i] = True
                break
            if layer.texts[i] != layer.texts[j] and apart < min(close[i], 0.5 * width):
                muddled[[i, j]] = True
        if not doubled[i]:
            placed[column, row].append(i)
    return doubled, muddled


def _cut(layer: TextLayer, samples: Floats, counted: Flags, options: InkOptions) -> Flags:
    """Glyphs with much less ink than others of their kind; a kind that is drawn less than three times tells nothing."""
    spread = np.maximum(samples.max(axis=1) - samples.min(axis=1), 1.0)
    amount = np.abs(samples - np.median(samples, axis=1)[:, None]).mean(axis=1) / spread
    kinds: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for i in np.flatnonzero(counted).tolist():
        kinds[int(layer.font_index[i]), int(layer.glyph_ids[i]), round(2 * layer.sizes[i])].append(i)
    cut = np.zeros(len(layer), bool)
    for members in kinds.values():
        if len(members) >= 3:
            usual = median(amount[members].tolist())
            cut[members] = (usual > 0.03) & (amount[members] < options.cut_share * usual)
    return cut


def find_unread(pixels: Pixels, explained: Floats, dpi: float, options: InkOptions) -> Floats:
    """Boxes of ink of the size of type outside the explained boxes; rulings, fills and dots are none."""
    grey = ink.to_grey(pixels)
    mask = ink.below(grey, ink.levels_at(grey[::5, ::5], 0.5)[0] - 70.0)
    for x0, y0, x1, y1 in _grown(explained, 0.14, mask.shape).tolist():
        mask[y0:y1, x0:x1] = False
    blobs = ink.find_blobs(mask).boxes
    points = 72.0 / dpi
    sides = np.sort(blobs[:, 2:4] * points, axis=1)
    least, greatest = options.type_pt
    is_type = (sides[:, 1] >= least) & (sides[:, 1] <= greatest) & (sides[:, 0] >= options.least_stroke_pt)
    found = blobs[is_type].astype(np.float64)
    return np.column_stack([found[:, 0], found[:, 1], found[:, 0] + found[:, 2], found[:, 1] + found[:, 3]])


def _grown(boxes: Floats, share: float, shape: Sequence[int]) -> npt.NDArray[np.int_]:
    margin = share * (boxes[:, 3] - boxes[:, 1])
    low = np.floor(boxes[:, :2] - margin[:, None])
    high = np.ceil(boxes[:, 2:] + margin[:, None])
    edges = np.hstack([low, high])
    limits = np.array([shape[1], shape[0], shape[1], shape[0]])
    return np.clip(edges, 0, limits).astype(int)


def erased(pixels: Pixels, boxes: Floats) -> Pixels:
    """The picture with what stands in the boxes painted over in the colour around it."""
    result = pixels.copy()
    for x0, y0, x1, y1 in _grown(boxes, 0.06, pixels.shape).tolist():
        if x1 > x0 and y1 > y0:
            part = pixels[y0:y1, x0:x1]
            result[y0:y1, x0:x1] = np.median(part.reshape(-1, *part.shape[2:]), axis=0)
    return result
