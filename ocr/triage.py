"""Which text of a page to trust: decided per page and per font, from cheap signals first and a few readings last.

    PageImage --triage--> Triaged              the page upright with its trusted words, or None: OCR must read it

1. A scan, or a page whose layer shows nothing, is OCR's; that costs nothing.
2. Glyphs that cannot be seen are dropped, those drawn twice counted once. Those that mean nothing, lie under or on an
   image, stand in each other's way, or are cut short, are not trusted, whatever their font.
3. Each font must prove itself: a few of its spans are read from the pixels, figures first (`layer_samples`). One that
   the pixels contradict is not trusted at all.
4. Ink that looks like type and that no trusted glyph explains, and all that is not trusted, is read by OCR with the
   trusted glyphs painted over. If that is most of the page, all of it is read.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ocr.geometry import Affine, BBox
from ocr.glances import ReadCrops
from ocr.layer_fonts import FontOptions, FontVerdict, judge_fonts
from ocr.layer_ink import InkOptions, Sight, erased, find_unread, see_glyphs
from ocr.layer_words import layer_words
from ocr.places import boxes_in_pixels
from ocr.preprocess import turned
from ocr.shape_ink import ShapeOptions, with_shapes
from ocr.text_layer import Flags, Floats, TextLayer
from ocr.values import Char, PageImage, PageText, TextSource, Word

ReadPage = Callable[[PageImage], PageText]


@dataclass(frozen=True, slots=True)
class TriageOptions:
    """least_trusted: share of a page's visible glyphs below which OCR reads the whole page.

    most_askew: share of glyphs that run neither across nor down, above which the same holds.
    most_meaningless: share of a font's glyphs without a meaning above which the font is not trusted.
    surest: confidence of what OCR read on a page of trusted text is at most this: 1.0 is for what is known.
    """

    least_trusted: float = 0.5
    most_askew: float = 0.2
    most_meaningless: float = 0.1
    surest: float = 0.999
    sight: InkOptions = field(default_factory=InkOptions)
    fonts: FontOptions = field(default_factory=FontOptions)
    shapes: ShapeOptions = field(default_factory=ShapeOptions)


@dataclass(frozen=True, slots=True)
class Triaged:
    """The page, upright where its own text says so, and its text; None: nothing is trusted. notes: why."""

    image: PageImage
    text: PageText | None
    notes: tuple[str, ...] = ()


def triage(
    image: PageImage, read_crops: ReadCrops, read_page: ReadPage, options: TriageOptions | None = None
) -> Triaged:
    """The page with the text that can be trusted. Raises what the readers raise."""
    options = options or TriageOptions()
    layer = image.layer
    if not len(layer):
        return Triaged(image, None)
    if image.is_scan:
        return Triaged(image, None, ("text layer not used: the page is a scan",))
    quarter = _main_quarter(layer)
    page = turned(image, -90 * quarter % 360)
    boxes = boxes_in_pixels(layer.boxes, page)
    sight = see_glyphs(layer, boxes, page.pixels, options.sight)
    if reason := _hopeless(layer, sight, options):
        return Triaged(image, None, (f"text layer not used: {reason}",))
    fonts = judge_fonts(
        layer, boxes, page.pixels, _plausible(layer, sight, quarter, options), read_crops, options.fonts
    )
    trusted = _trusted(layer, sight, fonts)
    share = trusted.sum() / max(1, (sight.visible & ~sight.doubled).sum())
    if share < options.least_trusted:
        return Triaged(image, None, ("text layer not trusted: " + _why_not(layer, sight, fonts),))
    text = _page_text(page, layer, boxes, sight, trusted, fonts, quarter, read_page, options)
    return Triaged(with_shapes(page, text, options.shapes), text)


def _main_quarter(layer: TextLayer) -> int:
    """Which way most of the text runs."""
    told = layer.quarters[(layer.quarters >= 0) & ~layer.hidden]
    return int(np.bincount(told, minlength=4).argmax()) if len(told) else 0


def _hopeless(layer: TextLayer, sight: Sight, options: TriageOptions) -> str:
    """Why no reading could help the layer; '' when one could."""
    if not sight.visible.any():
        return "none of its characters can be seen"
    askew = (layer.quarters < 0) & sight.visible
    if askew.sum() > options.most_askew * sight.visible.sum():
        return "its text runs askew"
    return ""


# --- what may be trusted -----------------------------------------------------------------------------------------


def is_meaningless(text: str) -> bool:
    """Whether it holds a character that nobody prints: U+FFFD, private use, a control, a code without a character."""
    return not text or any(char == "\ufffd" or unicodedata.category(char) in {"Co", "Cn", "Cs", "Cc"} for char in text)


def _plausible(layer: TextLayer, sight: Sight, quarter: int, options: TriageOptions) -> Flags:
    """Glyphs that can be asked for: seen well, and of fonts whose glyphs mean something."""
    counted = sight.visible & ~sight.doubled
    empty = np.array([is_meaningless(text) for text in layer.texts], bool)
    n_fonts = len(layer.fonts)
    n_empty = np.bincount(layer.font_index[counted & empty], minlength=n_fonts)
    n_all = np.bincount(layer.font_index[counted], minlength=n_fonts)
    broken = n_empty > options.most_meaningless * n_all
    clear = counted & ~empty & ~sight.muddled & ~sight.cut & ~layer.covered & ~broken[layer.font_index]
    return np.asarray(clear & (layer.quarters == quarter), bool)


def _trusted(layer: TextLayer, sight: Sight, fonts: Sequence[FontVerdict]) -> Flags:
    good = np.array([font.trusted for font in fonts], bool)[layer.font_index]
    empty = np.array([is_meaningless(text) for text in layer.texts], bool)
    over = np.array([font.overpainted_trusted for font in fonts], bool)[layer.font_index] | ~layer.overpainted
    counted = sight.visible & ~sight.doubled & ~sight.muddled & ~sight.cut & ~layer.covered & (layer.quarters >= 0)
    return np.asarray(counted & good & ~empty & over, bool)


def _why_not(layer: TextLayer, sight: Sight, fonts: Sequence[FontVerdict]) -> str:
    counted = sight.visible & ~sight.doubled
    reasons = [f.reason for i, f in enumerate(fonts) if not f.trusted and (counted & (layer.font_index == i)).any()]
    empty = sum(is_meaningless(text) for text, seen in zip(layer.texts, counted, strict=True) if seen)
    reasons += [f"{empty} characters mean nothing"] if empty else []
    reasons += ["an image lies where it stands"] if (counted & layer.covered).any() else []
    reasons += ["its characters stand on each other"] if sight.muddled.any() else []
    reasons += ["its characters are cut off or painted over"] if sight.cut.any() else []
    return "; ".join(dict.fromkeys(reasons)) or "too little of it can be seen"


# --- the page's text ---------------------------------------------------------------------------------------------


def _page_text(
    page: PageImage, layer: TextLayer, boxes: Floats, sight: Sight, trusted: Flags, fonts: Sequence[FontVerdict],
    quarter: int, read_page: ReadPage, options: TriageOptions,
) -> PageText:  # fmt: skip
    words = layer_words(layer, boxes, trusted, quarter)
    explained = boxes[trusted | sight.doubled]
    unread = find_unread(page.pixels, explained, page.dpi, options.sight)
    left = boxes[sight.visible & ~trusted & ~sight.doubled & (layer.quarters >= 0)]
    areas = np.concatenate([unread, left])
    found = _read_rest(page, explained, areas, read_page, options) if len(areas) else ()
    n_trusted, n_read = int(trusted.sum()), sum(len(w.text) for w in found)
    source = TextSource.TEXT_LAYER if n_trusted >= n_read else TextSource.OCR
    notes = (_trust_note(fonts), *_rest_notes(layer, sight, fonts, len(found)))
    others = tuple((_around(boxes, d.members), d.reading) for font in fonts for d in font.disputes)
    every = tuple(sorted((*words, *found), key=lambda w: (w.bbox.y0, w.bbox.x0)))
    return PageText(page.digest, source, every, notes, others)


def _trust_note(fonts: Sequence[FontVerdict]) -> str:
    good = [f for f in fonts if f.trusted]
    confirmed, asked = sum(f.n_confirmed for f in good), sum(f.n_asked for f in good)
    return f"text layer trusted: {confirmed} of {asked} sampled characters of {len(good)} fonts confirmed"


def _rest_notes(layer: TextLayer, sight: Sight, fonts: Sequence[FontVerdict], n_found: int) -> tuple[str, ...]:
    unseen = sum(bool(t.strip()) for t, seen in zip(layer.texts, sight.visible, strict=True) if not seen)
    notes = [f"text layer not trusted for {f.name}: {f.reason}" for f in fonts if not f.trusted and f.n_glyphs]
    notes += [f"{unseen} characters of the text layer cannot be seen"] if unseen else []
    notes += [f"{n_found} words outside the trusted text were read by OCR"] if n_found else []
    return tuple(notes)


def _read_rest(
    page: PageImage, explained: Floats, areas: Floats, read_page: ReadPage, options: TriageOptions
) -> tuple[Word, ...]:
    """Words in and around the areas, read on the page with the explained glyphs painted over."""
    margin = page.dpi / 4
    x0, y0 = np.maximum(np.floor(areas[:, :2].min(axis=0) - margin), 0).astype(int).tolist()
    x1, y1 = np.ceil(areas[:, 2:].max(axis=0) + margin).astype(int).tolist()
    pixels = np.ascontiguousarray(erased(page.pixels, explained)[y0:y1, x0:x1])
    digest = hashlib.sha256(f"{page.digest} rest {x0} {y0} {x1} {y1} {explained.tobytes().hex()}".encode()).hexdigest()
    part = replace(page, pixels=pixels, digest=digest, to_pdf=page.to_pdf.after(Affine(1, 0, x0, 0, 1, y0)))
    words = read_page(part).words
    return tuple(_shifted(word, float(x0), float(y0), options.surest) for word in words if word.text.strip())


def _shifted(word: Word, dx: float, dy: float, surest: float) -> Word:
    is_tall = word.bbox.height > 1.5 * word.bbox.width
    along = dy if is_tall and len(word.text) > 1 else dx
    chars = tuple(
        Char(c.text, c.x0 + along, c.x1 + along, min(c.confidence, surest), c.alternatives) for c in word.chars
    )
    return Word(word.text, word.bbox.shifted(dx, dy), min(word.confidence, surest), chars)


def _around(boxes: Floats, members: Sequence[int]) -> BBox:
    own = boxes[list(members)]
    return BBox(float(own[:, 0].min()), float(own[:, 1].min()), float(own[:, 2].max()), float(own[:, 3].max()))
