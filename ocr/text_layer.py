"""What a PDF page claims to say: every glyph it draws as text, with its place and what is known against it.

    page of MuPDF --trace_layer--> TextLayer       frozen arrays, one row a glyph, in the order in which they are drawn

Lengths are points of the page as a viewer shows it (turned, cropped), the space that `PageImage.to_pdf` maps to, so a
layer stays true however its page is turned. Nothing is believed or judged here; `triage` does that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.shapes import Shapes, grey_of, trace_shapes, turned_boxes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

ABOVE_BASELINE, BELOW_BASELINE = 0.84, 0.10
"""How far type is inked from its baseline, in ems: what a font says of itself is often wrong."""
THIN_PT = 3.0
"""What is painted thinner than this is a ruling, and covers no glyph."""
_IGNORED, _FAINT = 3, 0.1
_ASKEW = -1
_CLIPPED = 1 | 2 | 64
"""Of MuPDF's text extraction: ligatures and white space kept, what is clipped away left out."""
Origin = tuple[float, float]

#: Radicals of the supplement that stand for the character they look like; NFKC folds only the Kangxi ones.
_RADICALS = dict(
    zip(
        "⺟⺠⺫⺮⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民罒竹西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class TextLayer:
    """n glyphs. Row i of each array is glyph i.

    texts: what each glyph is said to mean; '' for one that means nothing. glyph_ids: its number in its font.
    fonts: names; font_index: (n,) into them. boxes: (n, 4) x0 y0 x1 y1, as high as type is inked.
    quarters: (n,) which way the text runs, in clockwise quarter turns from left-to-right; -1 for any other way.
    sizes: (n,) em. greys: (n,) 0 black to 255 white. runs: (n,) number of the show-text operation, in drawing order.
    hidden: (n,) drawn so that nothing appears. covered: (n,) an image is painted over it, or it stands on one.
    overpainted: (n,) something that is no ruling is painted later where it stands.
    shapes: what the page draws besides; None where that was not traced.
    """

    texts: tuple[str, ...]
    glyph_ids: Ints
    fonts: tuple[str, ...]
    font_index: Ints
    boxes: Floats
    quarters: Ints
    sizes: Floats
    greys: Floats
    runs: Ints
    hidden: Flags
    covered: Flags
    overpainted: Flags
    shapes: Shapes | None = None

    def __post_init__(self) -> None:
        for array in (self.glyph_ids, self.font_index, self.boxes, self.quarters, self.sizes, self.greys, self.runs,
                      self.hidden, self.covered, self.overpainted):  # fmt: skip
            if len(array) != len(self.texts):
                raise ValueError(f"{len(array)} values for {len(self.texts)} glyphs")
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.texts)


def trace_layer(page: Any) -> TextLayer:
    """The glyphs of a page of MuPDF. Raises what MuPDF raises."""
    spans = page.get_texttrace()
    if not spans:
        return EMPTY_LAYER
    log = page.get_bboxlog()
    layer = build_layer(spans, log, tuple(page.rotation_matrix), _shown_origins(page))
    return replace(layer, shapes=trace_shapes(page, log))


def _shown_origins(page: Any) -> frozenset[Origin]:
    """Where glyphs stand that no clip takes away: the trace knows of no clips, text extraction does."""
    blocks = page.get_text("rawdict", flags=_CLIPPED)["blocks"]
    lines = (line for block in blocks for line in block.get("lines", ()))
    return frozenset(_origin(char["origin"]) for line in lines for span in line["spans"] for char in span["chars"])


def _origin(place: Sequence[float]) -> Origin:
    return round(place[0], 2), round(place[1], 2)


def build_layer(
    spans: Sequence[dict[str, Any]],
    log: Sequence[tuple[str, Sequence[float]]],
    turn: Sequence[float],
    shown: frozenset[Origin] = frozenset(),
) -> TextLayer:
    """A layer from what MuPDF traced. turn: a b c d e f from the unturned page, on which all boxes are, to the shown one.

    shown: origins of the glyphs that no clip takes away; empty where that is not known.
    """
    fonts = tuple(dict.fromkeys(span["font"] for span in spans))
    rows = [row for span in spans for row in _rows(span, fonts.index(span["font"]), shown)]
    if not rows:
        return EMPTY_LAYER
    texts, glyphs, index, boxes, directions, sizes, greys, runs, hidden = zip(*rows, strict=True)
    upright = np.array(boxes, np.float64)
    order = np.array(runs, np.int32)
    return TextLayer(
        texts=texts,
        glyph_ids=np.array(glyphs, np.int32),
        fonts=fonts,
        font_index=np.array(index, np.int32),
        boxes=turned_boxes(upright, turn),
        quarters=_quarters(np.array(directions, np.float64), turn),
        sizes=np.array(sizes, np.float64),
        greys=np.array(greys, np.float64),
        runs=order,
        hidden=np.array(hidden, bool),
        covered=overlapped(upright, order, _painted(log, "fill-image", "fill-shade"), later_only=False),
        overpainted=overlapped(upright, order, _painted(log, "fill-path", "fill-imgmask"), later_only=True),
    )


def _rows(span: dict[str, Any], font: int, shown: frozenset[Origin]) -> Iterable[tuple[Any, ...]]:
    size, direction, run = float(span["size"]), span["dir"], int(span["seqno"])
    hidden = span["type"] == _IGNORED or span["opacity"] < _FAINT
    grey = grey_of(span["color"])
    rows: list[tuple[Any, ...]] = []
    for code, glyph, origin, box in span["chars"]:
        text = plain(chr(code))
        if glyph < 0 and rows:  # one glyph may mean several characters (fi): the others follow it
            rows[-1] = (rows[-1][0] + text, *rows[-1][1:])
            continue
        place = _inked(box, origin, direction, size) if span["wmode"] == 0 else box
        rows.append(
            (
                text,
                glyph,
                font,
                place,
                direction,
                size,
                grey,
                run,
                hidden or bool(shown and _origin(origin) not in shown),
            )
        )
    return rows


def plain(char: str) -> str:
    """The character as a reader knows it; radicals and presentation forms that fonts say they draw are folded."""
    code = ord(char)
    if 0x2F00 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF or 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", char)
    return _RADICALS.get(char, char)


def _inked(box: Sequence[float], origin: Sequence[float], towards: Sequence[float], size: float) -> Sequence[float]:
    """The box from above to below the baseline, if the text runs along an axis."""
    (x0, y0, x1, y1), (ox, oy), (dx, dy) = box, origin, towards
    above, below = ABOVE_BASELINE * size, BELOW_BASELINE * size
    if abs(dx) > 0.999:
        return (x0, oy - above, x1, oy + below) if dx > 0 else (x0, oy - below, x1, oy + above)
    if abs(dy) > 0.999:
        return (ox - below, y0, ox + above, y1) if dy > 0 else (ox - above, y0, ox + below, y1)
    return box


def _quarters(directions: Floats, turn: Sequence[float]) -> Ints:
    a, b, c, d, _, _ = turn
    dx, dy = directions @ np.array([a, c]), directions @ np.array([b, d])
    quarters = np.select([dx > 0.999, dy > 0.999, dx < -0.999, dy < -0.999], [0, 1, 2, 3], _ASKEW)
    return np.asarray(quarters, np.int32)


def _painted(log: Sequence[tuple[str, Sequence[float]]], *kinds: str) -> list[tuple[int, Sequence[float]]]:
    """(place in the drawing order, box) of what is no ruling."""
    return [
        (i, box)
        for i, (kind, box) in enumerate(log)
        if kind in kinds and min(box[2] - box[0], box[3] - box[1]) > THIN_PT
    ]


def overlapped(boxes: Floats, runs: Ints, painted: Sequence[tuple[int, Sequence[float]]], *, later_only: bool) -> Flags:
    """Glyphs of which a fifth or more lies under what is painted: (order, box) each. later_only: painted after them."""
    found = np.zeros(len(boxes), bool)
    area = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-9)
    for order, (x0, y0, x1, y1) in painted:
        width = np.minimum(boxes[:, 2], x1) - np.maximum(boxes[:, 0], x0)
        height = np.minimum(boxes[:, 3], y1) - np.maximum(boxes[:, 1], y0)
        over = np.maximum(width, 0) * np.maximum(height, 0) > 0.2 * area
        found |= over & (runs < order) if later_only else over
    return found


def _none(kind: type[np.generic], *shape: int) -> npt.NDArray[Any]:
    return np.zeros((0, *shape), kind)


EMPTY_LAYER = TextLayer(
    (), _none(np.int32), (), _none(np.int32), _none(np.float64, 4), _none(np.int32), _none(np.float64),
    _none(np.float64), _none(np.int32), _none(np.bool_), _none(np.bool_), _none(np.bool_),
)  # fmt: skip
