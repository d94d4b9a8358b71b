"""Pictures that a page is printed on (paper, a gradient, a frame, a faint emblem), as against pictures that hold print.

A page of text on a picture that covers it looks like a scan with a text layer. It is none where the picture was painted
first, shows nothing at the places of the glyphs, and holds little that looks like type: what one sees there is the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ocr import ink
from ocr.shapes import turned_boxes
from ocr.text_layer import Flags, Floats, TextLayer, overlapped
from ocr.values import Pixels

_SAME_PT = 0.5
SAMPLES = 24
"""A glyph's place is looked at through so many samples each way."""


@dataclass(frozen=True, slots=True)
class BackdropOptions:
    """plain: greatest difference of grey levels where a glyph stands on a backdrop, well below what a glyph needs to be
    seen. least_plain: share of the glyphs on a picture that must stand on such places. most_type: marks of the size of
    type in a backdrop, as a share of these glyphs. type_pt: (least, greatest) side of such a mark; darker: by so many
    grey levels than most of the picture. margin: around a glyph, in its heights.
    """

    plain: float = 30.0
    least_plain: float = 0.9
    most_type: float = 0.5
    type_pt: tuple[float, float] = (4.0, 40.0)
    darker: float = 50.0
    margin: float = 0.1


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on a page. index: among those MuPDF lists; order: its place in the order in which the page is drawn.

    box, to_page (a b c d e f, from its unit square, whose y goes down): on the page as a viewer shows it, in points.
    """

    index: int
    order: int
    box: tuple[float, float, float, float]
    to_page: tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Backdrops:
    """indices: of the pictures that are backdrops. glyphs: (n,) those that stand on these and on no other picture."""

    indices: frozenset[int]
    glyphs: Flags


def list_pictures(
    infos: Sequence[dict[str, Any]], log: Sequence[tuple[str, Sequence[float]]], turn: Sequence[float]
) -> tuple[Picture, ...]:
    """The images of a page as MuPDF lists them that its drawing log names too. turn: from the unturned page, on which
    all boxes are, to the shown one."""
    drawn = [(i, box) for i, (kind, box) in enumerate(log) if kind == "fill-image"]
    found: list[Picture] = []
    for index, info in enumerate(infos):
        same = (at for at, (_, box) in enumerate(drawn) if np.abs(np.subtract(box, info["bbox"])).max() < _SAME_PT)
        at = next(same, None)
        if at is not None:
            order, _ = drawn.pop(at)
            box = turned_boxes([info["bbox"]], turn)[0].tolist()
            found.append(Picture(index, order, tuple(box), _times(info["transform"], turn)))
    return tuple(found)


def _times(first: Sequence[float], then: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def find_backdrops(
    layer: TextLayer,
    pictures: Sequence[Picture],
    look: Callable[[int], Pixels | None],
    options: BackdropOptions | None = None,
) -> Backdrops:
    """Which pictures the text of the page is printed on.

    look: the grey (height, width) pixels of the picture with this index, on white paper where it is transparent; None
    where they cannot be had. Asked only for pictures that lie under glyphs, and over none.
    """
    options = options or BackdropOptions()
    indices: list[int] = []
    stands_well, stands_ill = np.zeros(len(layer), bool), np.zeros(len(layer), bool)
    inked = np.array([bool(text.strip()) for text in layer.texts], bool) & ~layer.hidden
    for picture in pictures:
        members = overlapped(layer.boxes, layer.runs, [(picture.order, picture.box)], later_only=False)
        printed = members & inked
        is_first = bool(printed.any()) and int(layer.runs[printed].min()) > picture.order
        grey = look(picture.index) if is_first else None
        plain = printed & _plain(layer.boxes, picture, grey, options) if grey is not None else np.zeros_like(printed)
        if grey is not None and _is_backdrop(int(printed.sum()), int(plain.sum()), grey, picture, options):
            indices.append(picture.index)
            stands_well |= plain
            stands_ill |= members & ~plain
        else:
            stands_ill |= members
    return Backdrops(frozenset(indices), stands_well & ~stands_ill)


def _is_backdrop(n_printed: int, n_plain: int, grey: Pixels, picture: Picture, options: BackdropOptions) -> bool:
    return n_plain >= options.least_plain * n_printed and _n_type(grey, picture, options) <= options.most_type * n_plain


def _plain(boxes: Floats, picture: Picture, grey: Pixels, options: BackdropOptions) -> Flags:
    """Glyphs where the picture alone is nearly of one grey level."""
    margin = options.margin * (boxes[:, 3] - boxes[:, 1])[:, None]
    low, high = boxes[:, :2] - margin, boxes[:, 2:] + margin
    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES
    x = low[:, [0]] + (high[:, [0]] - low[:, [0]]) * steps
    y = low[:, [1]] + (high[:, [1]] - low[:, [1]]) * steps
    a, b, c, d, e, f = picture.to_page
    inverse = np.linalg.pinv(np.array([[a, c], [b, d]]))
    across = np.repeat(x[:, None, :], SAMPLES, axis=1) - e
    down = np.repeat(y[:, :, None], SAMPLES, axis=2) - f
    columns = ((inverse[0, 0] * across + inverse[0, 1] * down) * grey.shape[1]).astype(int)
    rows = ((inverse[1, 0] * across + inverse[1, 1] * down) * grey.shape[0]).astype(int)
    seen = grey[np.clip(rows, 0, grey.shape[0] - 1), np.clip(columns, 0, grey.shape[1] - 1)].reshape(len(boxes), -1)
    darkest, lightest = np.percentile(seen, (1, 99), axis=1) if len(boxes) else (np.zeros(0), np.zeros(0))
    return np.asarray(lightest - darkest <= options.plain, bool)


def _n_type(grey: Pixels, picture: Picture, options: BackdropOptions) -> int:
    """How many dark marks of the size of type a picture holds."""
    blobs = ink.find_blobs(grey < float(np.median(grey)) - options.darker).boxes[:, 2:4]
    a, b, c, d, _, _ = picture.to_page
    scale = np.array([np.hypot(a, b) / grey.shape[1], np.hypot(c, d) / grey.shape[0]])
    longest = (blobs * scale).max(axis=1, initial=0.0) if len(blobs) else np.zeros(0)
    least, greatest = options.type_pt
    return int(((longest >= least) & (longest <= greatest)).sum())
