"""Marks that flip meaning, settled by the shape of their ink and by what their column holds.

A dash reads like 一 or 1, an equals sign like 二, ≥ like 7, % like 0: the recogniser knows lines of text, and a lone mark
has no neighbours that would tell it. Two witnesses remain: the ink (one or two level strokes are a dash, an equals sign
or the numerals 一 and 二; a digit is narrower than %), and the other cells of the column. Where they decide, the decided
text counts, `ocr_text` keeps what was read, and a reading with source 'shape' or 'column' says so; where they do not,
the cell is doubted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from layout.cells import with_doubt
from layout.crops import runs
from layout.ink_levels import InkLevels, ink_rows, ink_weights
from layout.sign_columns import (
    PERCENT_LIKE,
    SymbolOptions,
    as_printed,
    counts,
    holds_marks,
    is_dash,
    is_sign_column,
    is_unit_column,
    mates_of,
    plain,
    usual_of,
)
from layout.sign_shapes import sign_of_ink
from layout.small_marks import settle_small_marks
from layout.values import Cell, Doubt, Table
from ocr.geometry import BBox
from ocr.values import Reading

_ONE_STROKE, _TWO_STROKES = frozenset("一-–—―─−_~1|丨lI"), frozenset("=二ニ三一:：")
_READ_TWO = frozenset("=二ニ:")
_CHEVRONS = frozenset("<>≤≥")
SURE = 0.95
_HYPHENS, _DASHES = "-–−‐_", "—―─"
_EDGE_MARKS = frozenset("一1|丨lI-—–_")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A level stroke of ink within a cell; pixels."""

    x0: int
    x1: int
    y0: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0


def mark_off_signs(table: Table, options: SymbolOptions) -> Table:
    """Adds off_type to short cells that do not fit a column of signs or of units, so that they are read again."""
    cells = (with_doubt(cell, Doubt.OFF_TYPE) if _is_off_sign(cell, table, options) else cell for cell in table.cells)
    return replace(table, cells=tuple(cells))


def _is_off_sign(cell: Cell, table: Table, options: SymbolOptions) -> bool:
    text = plain(cell.text)
    if not 0 < len(text) <= 2:
        return False
    mates = mates_of(cell, table)
    return (is_sign_column(mates, options) and text not in options.signs and not is_dash(text)) or (
        is_unit_column(mates) and set(text) <= PERCENT_LIKE and text != "%"
    )


def has_edge_mark(cell: Cell) -> bool:
    """Whether a text in it begins or ends with what a piece of ruling is read as."""
    return any(
        len(w.chars) >= 2 and (w.chars[0].text in _EDGE_MARKS or w.chars[-1].text in _EDGE_MARKS) for w in cell.words
    )


def mark_ruling_ink(table: Table, levels: InkLevels) -> Table:
    """Adds crossed_ruling where the ink of a first or last mark lies on the cell's ruling and not inside the cell."""
    cells = (
        with_doubt(c, Doubt.CROSSED_RULING) if has_edge_mark(c) and _is_of_ruling(c, levels) else c for c in table.cells
    )
    return replace(table, cells=tuple(cells))


def _is_of_ruling(cell: Cell, levels: InkLevels) -> bool:
    inside = _inside(cell, levels)
    mask = ink_rows(levels, inside)
    ends = [(w, c) for w in cell.words if len(w.chars) >= 2 for c in (w.chars[0], w.chars[-1]) if c.text in _EDGE_MARKS]
    return any(not mask[_part(w.bbox.y0, w.bbox.y1, inside.y0), _part(c.x0, c.x1, inside.x0)].any() for w, c in ends)


def _part(start: float, stop: float, origin: float) -> slice:
    return slice(max(0, int(start - origin)), max(0, int(stop - origin) + 1))


def settle_symbols(table: Table, levels: InkLevels, options: SymbolOptions) -> Table:
    """The table with its lone marks settled."""
    settled = (_settled(cell, table, levels, options) for cell in table.cells)
    return replace(table, cells=tuple(settle_small_marks(cell, levels) for cell in settled))


def needs_shape(cell: Cell) -> bool:
    """Whether a cell holds a lone mark that only its shape can tell; a 1 is one that the page's own reading did not give."""
    text = plain(cell.text)
    marks = _ONE_STROKE | _TWO_STROKES | _CHEVRONS
    if text == "1" and plain(cell.ocr_text) != "1":
        return True
    return len(text) <= 2 and (bool(cell.doubts) or (bool(text) and set(text) <= marks - {"1"}))


def level_strokes(levels: InkLevels, cell: Cell, options: SymbolOptions) -> tuple[Stroke, ...] | None:
    """The one or two level strokes that are all of a cell's ink, top down; None where there is other ink, or none."""
    mask = ink_rows(levels, _inside(cell, levels))
    least = max(2.0, 0.01 * levels.text_height**2)
    found = []
    for start, stop in runs(np.asarray(mask.any(axis=1))):
        part = mask[start:stop]
        if part.sum() < least:
            continue
        columns = np.flatnonzero(part.any(axis=0))
        found.append(Stroke(int(columns[0]), int(columns[-1]) + 1, start, stop))
    level = all(_is_level(s, mask[s.y0 : s.y1, s.x0 : s.x1].mean(), levels.text_height, options) for s in found)
    return tuple(found) if 1 <= len(found) <= 2 and level else None


def _inside(cell: Cell, levels: InkLevels) -> BBox:
    return cell.bbox.grown(-max(1.0, 0.18 * levels.text_height))


def _is_level(stroke: Stroke, filled: float, text_height: float, options: SymbolOptions) -> bool:
    height = stroke.y1 - stroke.y0
    is_thin = height <= options.thickest * text_height and stroke.width >= 1.8 * height
    return is_thin and stroke.width >= options.shortest * text_height and filled > 0.4


def _settled(cell: Cell, table: Table, levels: InkLevels, options: SymbolOptions) -> Cell:
    text = plain(cell.text)
    has_shape = needs_shape(cell)
    if not has_shape and not (cell.doubts and len(text) <= 2):
        return cell
    mates = mates_of(cell, table)
    if has_shape:
        sign = sign_of_ink(ink_weights(levels, _inside(cell, levels)), levels.text_height)
        if sign or text in {"<", ">"}:
            return _by_chevron(cell, sign, mates, options)
        strokes = level_strokes(levels, cell, options)
        if strokes is not None:
            found = _by_strokes(cell, strokes, mates, levels.text_height, options)
            return with_doubt(found, Doubt.READINGS_DIFFER) if _has_sure_letter(cell) else found
    if cell.doubts and len(text) <= 2 and is_sign_column(mates, options) and text not in options.signs:
        return _by_signs(cell, mates, options)
    if cell.doubts and len(text) <= 2 and is_unit_column(mates):
        return _by_unit(cell, levels, options)
    return cell


def _by_chevron(cell: Cell, sign: str, mates: Sequence[Cell], options: SymbolOptions) -> Cell:
    """The sign that the ink shows; a bare chevron that the ink does not confirm may have lost its bar."""
    text = plain(cell.text)
    if not sign:
        return with_doubt(cell, Doubt.READINGS_DIFFER)
    if text == sign and not cell.doubts:
        return cell
    read = {text, *(plain(r.text) for r in cell.readings)}
    is_sure = (bool(read & _CHEVRONS) or is_sign_column(mates, options)) and not _lost_bar(sign, read)
    return _decided(cell, as_printed(sign, mates), "shape", is_sure=is_sure)


def _lost_bar(sign: str, read: set[str]) -> bool:
    """Whether one look saw the bar that the ink seems to lack: coarse print ties it to the chevron."""
    return (sign == ">" and "≥" in read) or (sign == "<" and "≤" in read)


def _has_sure_letter(cell: Cell) -> bool:
    """Whether a look at the cell surely read a letter or a digit that no strokes are taken for: its shape may deceive."""
    sure = (plain(r.text) for r in cell.readings if r.confidence >= SURE)
    return any(t.isalnum() and not set(t) & (_ONE_STROKE | _TWO_STROKES) for t in sure)


def _by_strokes(
    cell: Cell, strokes: Sequence[Stroke], mates: Sequence[Cell], text_height: float, options: SymbolOptions
) -> Cell:
    text = plain(cell.text)
    if len(strokes) == 2:
        return _by_two_strokes(cell, strokes, mates, text_height, options)
    if {plain(t) for t in (cell.ocr_text, text, *(r.text for r in cell.readings))} & _READ_TWO:
        # One look saw two strokes: the other may have faded, or been taken for ruling.
        return replace(with_doubt(cell, Doubt.READINGS_DIFFER), confidence=min(cell.confidence, 0.5))
    width = strokes[0].width / text_height
    if width <= options.hyphen and not (text == "一" and counts(mates)):
        return _as_dash(cell, _HYPHENS, mates, "shape", is_sure=bool(text))
    if is_dash(text):
        return _as_dash(cell, _DASHES, mates, "shape", is_sure=True) if width >= options.dash else cell
    if counts(mates):
        return cell if text == "一" else with_doubt(cell, Doubt.READINGS_DIFFER)
    # A count that never gets beyond one is none: the numeral would be the first of several.
    is_sure = holds_marks(mates, options) or sum(plain(c.text) == "一" for c in mates) >= 2
    return _as_dash(cell, _DASHES, mates, "column", is_sure=is_sure and bool(text))


def _as_dash(cell: Cell, forms: str, mates: Sequence[Cell], source: str, *, is_sure: bool) -> Cell:
    """A dash of the printed length, in the form its column uses; the first of ``forms`` otherwise."""
    text = cell.text.strip()
    if text and text in forms and not cell.doubts:
        return cell
    usual = usual_of((t for c in mates if (t := c.text.strip()) and t in forms and not c.doubts), forms[0])
    return _decided(cell, usual, source, is_sure=is_sure)


def _by_two_strokes(
    cell: Cell, strokes: Sequence[Stroke], mates: Sequence[Cell], text_height: float, options: SymbolOptions
) -> Cell:
    upper, lower = strokes
    share = min(upper.width, lower.width) / max(upper.width, lower.width)
    apart = lower.y0 - upper.y1 > options.gap * text_height
    text = plain(cell.text)
    if apart or min(upper.x1, lower.x1) <= max(upper.x0, lower.x0):
        return with_doubt(cell, Doubt.READINGS_DIFFER)
    if share >= options.level_share and not (text == "二" and counts(mates)):
        equals = usual_of((c.text.strip() for c in mates if plain(c.text) == "="), "=")
        return cell if text == "=" else _decided(cell, equals, "shape", is_sure=True)
    if text == "二" and is_sign_column(mates, options) and not counts(mates):
        return _decided(cell, "=", "column", is_sure=False)
    return cell if text == "二" else with_doubt(cell, Doubt.READINGS_DIFFER)


def _by_signs(cell: Cell, mates: Sequence[Cell], options: SymbolOptions) -> Cell:
    """The sign that two readings of the cell give; one reading, or the recogniser's alternatives, leave it doubted."""
    read = Counter(plain(r.text) for r in cell.readings if plain(r.text) in options.signs)
    if read:
        ((sign, times), *others) = read.most_common(2)
        return _decided(cell, as_printed(sign, mates), "column", is_sure=times >= 2 and not others)
    chances: Counter[str] = Counter()
    chars = [r.chars[0] for r in cell.readings if len(r.chars) == 1]
    chars += [w.chars[0] for w in cell.words if len(w.chars) == 1]
    for char in chars:
        for other, chance in char.alternatives:
            if plain(other) in options.signs:
                chances[plain(other)] += chance  # type: ignore[assignment]
    sign, chance = max(chances.items(), key=lambda pair: pair[1], default=("", 0.0))
    return _decided(cell, as_printed(sign, mates), "column", is_sure=False) if chance >= 0.1 else cell


def _by_unit(cell: Cell, levels: InkLevels, options: SymbolOptions) -> Cell:
    """% in a column of units, when all that was read is what % is taken for and the ink is too wide for one digit."""
    texts = [plain(t) for t in (cell.text, *(r.text for r in cell.readings)) if plain(t)]
    if not texts or plain(cell.text) == "%" or any(len(t) > 2 or not set(t) <= PERCENT_LIKE for t in texts):
        return cell
    return _decided(cell, "%", "column", is_sure=False) if _is_percent_shaped(levels, cell, options) else cell


def _is_percent_shaped(levels: InkLevels, cell: Cell, options: SymbolOptions) -> bool:
    """Ink too wide for one digit, or heavy at the upper left and the lower right: its bar is the first to fade."""
    mask = ink_rows(levels, _inside(cell, levels))
    ys, xs = np.nonzero(mask)
    if not len(ys):
        return False
    near = (np.abs(ys - np.median(ys)) < levels.text_height) & (np.abs(xs - np.median(xs)) < levels.text_height)
    ys, xs = ys[near], xs[near]
    if len(ys) < 8:
        return False
    (left, right), (top, bottom) = np.percentile(xs, [2, 98]), np.percentile(ys, [2, 98])
    width_share = (right - left + 1) / (bottom - top + 1)
    falling = ((xs < (left + right) / 2) == (ys < (top + bottom) / 2)).mean()
    is_wide = options.least_percent <= width_share <= 2.0
    return bool(is_wide or (falling >= options.least_falling and width_share >= 0.4))


def _decided(cell: Cell, text: str, source: str, *, is_sure: bool) -> Cell:
    """The cell with the decided text; doubted still where the evidence is thin."""
    readings = cell.readings or (Reading(cell.ocr_text, cell.confidence, "page"),)
    chosen = replace(cell, text=text, readings=(*readings, Reading(text, 0.99 if is_sure else 0.5, source)))
    if is_sure:
        return replace(chosen, doubts=(), confidence=0.99)
    return replace(with_doubt(chosen, Doubt.READINGS_DIFFER), confidence=min(cell.confidence, 0.5))
