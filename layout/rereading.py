"""A second look at doubtful cells only: each is read again from crops of its own lines, and the readings are compared.

Every doubtful cell is read twice more, with narrow and with wide padding (the recogniser then sees it at two scales).
Where only ink speaks against a text, two cheap glances that surely say the same are readings enough. What agrees is
believed, what differs stays doubted; forms of amounts are evidence for a choice between readings. A text that is no
figure of its column's form gives way to the one that its digits make (`printed_marks`), and stays doubted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from layout.amounts import parse_amount
from layout.calibration import calibrated
from layout.cells import table_box, with_doubt
from layout.columns import ColumnForm, ColumnType
from layout.crops import line_crops, without_traces
from layout.edge_ink import lost_sign
from layout.ink_levels import InkLevels, measure_ink
from layout.numbering import with_asked_number
from layout.off_type import asked_numbers, column_forms, has_point_for_comma, holds_another_cell, mark_off_type
from layout.printed_marks import (
    LEAST_FIGURES,
    has_wrong_marks,
    lost_point,
    may_lack_percent,
    usual_decimals,
    with_printed_marks,
)
from layout.proposals import fits, with_proposal
from layout.reading_order import usual_height
from layout.sign_columns import SymbolOptions
from layout.small_marks import may_hold
from layout.symbols import has_edge_mark, mark_off_signs, mark_ruling_ink, needs_shape, settle_symbols
from layout.values import Blankness, Cell, Doubt, Table
from layout.witnesses import log_odds, same_reading
from ocr.glances import GlanceCrops, ReadCrops, no_glance
from ocr.values import PageImage, Pixels, Reading

#: Doubts under which the page reading was never of this cell alone, so that it weighs less than the crops.
_NOT_OF_THIS_CELL = frozenset({Doubt.CROSSED_RULING, Doubt.INK_WITHOUT_TEXT})
_SIGNS = frozenset("-−–△▲(（")


@dataclass(frozen=True, slots=True)
class RereadOptions:
    """paddings: paper around a line in text heights, one reading each. least_confidence: to take a crop's reading.
    least_agreement: of readings that agree, taken together, to clear a doubt. least_alone: of a figure where there is no ink, to count.

    least_figures: figures in a column from which on a cell that is none is off type. longest_text: characters
    of a cell up to which it is read again.
    """

    paddings: tuple[float, ...] = (0.3, 0.7)
    least_confidence: float = 0.85
    least_agreement: float = 0.99
    least_alone: float = 0.95
    least_figures: int = 3
    longest_text: int = 40
    default_text_pt: float = 10.0
    symbols: SymbolOptions = field(default_factory=SymbolOptions)


def reread_doubtful(
    table: Table,
    image: PageImage,
    read_crops: ReadCrops,
    options: RereadOptions | None = None,
    glance_crops: GlanceCrops = no_glance,
) -> Table:
    """The table with its doubtful cells read again from crops, all in one call of ``read_crops``.

    glance_crops: may spare ``read_crops`` a cell whose only doubt is ink without text, where it surely says what the cell says.

    ``readings`` of such a cell holds the page's reading and each crop's, ``ocr_text`` stays. Doubts go where the
    readings agree; readings_differ is added where they do not. Confidence becomes a probability. Raises what ``read_crops`` raises.
    """
    options = options or RereadOptions()
    forms = column_forms(table)
    marked = mark_off_signs(mark_off_type(table, forms, options.least_figures), options.symbols)
    if not any(c.doubts or needs_shape(c) or has_edge_mark(c) or may_hold(c) for c in marked.cells):
        return calibrated(marked)
    levels = _levels(marked, image, options)
    marked = mark_ruling_ink(marked, levels)
    doubtful = [i for i, cell in enumerate(marked.cells) if _deserves_reading(cell, options)]
    readings = _read_cells([marked.cells[i] for i in doubtful], levels, image, read_crops, glance_crops, options)
    cells, decimals = list(marked.cells), usual_decimals(c.text for c in table.cells)
    for i, found in zip(doubtful, readings, strict=True):
        form = forms[cells[i].span.col]
        settled = settle(cells[i], found, form, options)
        if lost_point(settled.text, decimals) or has_point_for_comma(settled.text, form):
            settled = with_doubt(settled, Doubt.OFF_TYPE)  # however often it was read so
        settled = with_printed_marks(settled, form, decimals)
        cells[i] = with_seen_sign(with_proposal(settled, form), levels)
    read = replace(marked, cells=tuple(cells))
    numbers = asked_numbers(read)
    numbered = tuple(with_asked_number(c, numbers[c.span]) if c.span in numbers else c for c in read.cells)
    return calibrated(settle_symbols(replace(read, cells=numbered), levels, options.symbols))


def _deserves_reading(cell: Cell, options: RereadOptions) -> bool:
    """Doubtful, and short or cut at a ruling: a paragraph costs more than all figures of its page and proves nothing."""
    return bool(cell.doubts) and (len(cell.text) <= options.longest_text or Doubt.CROSSED_RULING in cell.doubts)


def settle(cell: Cell, crops: Sequence[Reading], form: ColumnForm, options: RereadOptions) -> Cell:
    """The cell after its crops were read: agreed, outvoted, or left in doubt."""
    page = Reading(cell.text, cell.confidence, "page")
    kept = replace(cell, readings=(*cell.readings, page, *crops))
    agree = [same_reading(r.text, cell.text) for r in crops]
    matters = form.type is not ColumnType.TEXT or any(c.isdigit() for r in (page, *crops) for c in r.text)
    if crops and (all(agree) or (any(agree) and not matters and cell.text)):
        agreeing = [page, *(r for r, same in zip(crops, agree, strict=True) if same)]
        if cell.text and sum(log_odds(r.confidence) for r in agreeing) < log_odds(options.least_agreement):
            return kept  # three times the same guess is still a guess
        return replace(
            kept, doubts=_lasting(cell, form), confidence=max(r.confidence for r in agreeing) if cell.text else 1.0
        )
    if Doubt.TEXT_WITHOUT_INK in cell.doubts and _is_seen_once(page, crops, options):
        return with_doubt(replace(kept, text="", confidence=1.0 - cell.confidence), Doubt.READINGS_DIFFER)
    best = max((page, *crops), key=lambda r: _evidence(r, (page, *crops), form, cell, options))
    # a thin minus is sooner lost than made up
    if _loses_sign(best.text, cell.text):
        return with_doubt(kept, Doubt.READINGS_DIFFER)
    signed = [r for r in crops if r.confidence >= options.least_confidence and _loses_sign(best.text, r.text)]
    best = max(signed, key=lambda r: r.confidence, default=best)
    chosen = replace(kept, text=best.text, confidence=best.confidence)
    if best is not page and _is_settled(cell, best, crops, form, options):
        return replace(chosen, doubts=_lasting(cell, form))
    return with_doubt(chosen, Doubt.READINGS_DIFFER)


def _is_seen_once(page: Reading, crops: Sequence[Reading], options: RereadOptions) -> bool:
    """Whether a figure without ink was read unsurely on the page and by no crop: print of the back side, as a rule."""
    is_unsure = page.confidence < options.least_alone and any(c.isdigit() for c in page.text)
    return is_unsure and bool(crops) and not any(r.text for r in crops)


def _lasting(cell: Cell, form: ColumnForm) -> tuple[Doubt, ...]:
    """What agreement does not settle.

    All readings of a cell under a seal share what was put in the place of the seal's ink: only sums can settle it. An
    amount that nobody prints so was read wrongly however often; one with fewer decimals than its column may have lost
    a digit to the ruling beside it, for every reading alike, and a long one without any mark its point; 96 may be the % of its column. One that shares its cell with other print is read no worse for that.
    """
    is_odd = has_wrong_marks(cell.text) or _lacks_decimals(cell.text, form) or _lacks_marks(cell.text, form)
    is_odd |= may_lack_percent(cell.text, form) or holds_another_cell(cell)
    kept = {Doubt.UNDER_SEAL, *({Doubt.OFF_TYPE} if is_odd else ())}
    return tuple(d for d in cell.doubts if d in kept)


def _lacks_decimals(text: str, form: ColumnForm) -> bool:
    amount = parse_amount(text)
    return amount.kind is Blankness.NUMBER and form.decimals is not None and 0 < amount.decimals < form.decimals


def _lacks_marks(text: str, form: ColumnForm) -> bool:
    """Whether a number of a column with decimals is a row of four digits or more: 59796 among 840.16."""
    has_habit = bool(form.decimals) and form.n_figures >= LEAST_FIGURES
    return has_habit and bool(re.fullmatch(r"[-−–△▲(（]?\d{4,}[)）]?", text.strip()))


def _loses_sign(reading: str, text: str) -> bool:
    """Whether a reading gives the same figure without its minus, be its other marks as they may."""
    new, old = parse_amount(reading), parse_amount(text)
    if new.value is not None and old.value is not None:
        return new.value == -old.value > 0
    digits, signed = ("".join(c for c in t if c.isdigit()) for t in (reading, text))
    return new.value is not None and new.value > 0 and digits == signed and text.strip()[:1] in _SIGNS


def with_seen_sign(cell: Cell, levels: InkLevels) -> Cell:
    """The cell in doubt where ink stands before its figure that no look, or not the one that counts, took for a sign.

    A signed reading of the same figure then counts; a minus that only its ink shows stands beside the readings.
    """
    amount = parse_amount(cell.text)
    if amount.value is None or amount.value <= 0 or not (sign := lost_sign(levels, cell.bbox, cell.words)):
        return cell
    signed = max((r for r in cell.readings if _loses_sign(cell.text, r.text)), key=lambda r: r.confidence, default=None)
    readings = cell.readings
    if sign == "-" and signed is None:
        readings = (*readings, Reading(f"-{cell.text.strip()}", 0.5, "shape"))
    seen = replace(
        cell, text=signed.text if signed else cell.text, readings=readings, confidence=min(0.5, cell.confidence)
    )
    return with_doubt(seen, Doubt.READINGS_DIFFER)


def _is_settled(cell: Cell, best: Reading, crops: Sequence[Reading], form: ColumnForm, options: RereadOptions) -> bool:
    """Both crops agree, surely and in the form of the column, on a cell that the page never read for itself."""
    agreed = len(crops) > 1 and all(same_reading(r.text, best.text) for r in crops)
    sure = min(r.confidence for r in crops) >= options.least_confidence
    is_other = bool(_NOT_OF_THIS_CELL & set(cell.doubts)) and not _splits_percent(best.text, cell.text)
    return agreed and sure and is_other and fits(best.text, form)


def _splits_percent(reading: str, text: str) -> bool:
    """Whether a reading has digits where the text has its %: 76.996 for 76.9%."""
    share = text.strip().rstrip("%％")
    return share != text.strip() and bool(re.fullmatch(re.escape(share) + r"\d{1,2}", reading.strip()))


def _evidence(
    reading: Reading, readings: Sequence[Reading], form: ColumnForm, cell: Cell, options: RereadOptions
) -> tuple[bool, bool, float]:
    """What speaks for a reading: it may replace the page's, it has the column's form, how sure all say it who do.

    Sureness is the sum of log odds over agreeing readings, as of independent witnesses; one that is less sure than
    chance says nothing. A page reading that was cut from a neighbour's counts half.
    """
    weak = bool(_NOT_OF_THIS_CELL & set(cell.doubts))
    agreeing = [r for r in readings if same_reading(r.text, reading.text)]
    sure = sum(log_odds(r.confidence) * (0.5 if weak and r.source == "page" else 1.0) for r in agreeing)
    # under a seal the doubt stays whatever is chosen: the likeliest text of the column's form is the best to go on with
    least = 0.5 if Doubt.UNDER_SEAL in cell.doubts else options.least_confidence
    usable = reading.source == "page" or (bool(reading.text) and sure >= log_odds(least))
    return usable, bool(reading.text) and fits(reading.text, form), sure


def _levels(table: Table, image: PageImage, options: RereadOptions) -> InkLevels:
    words = [w for c in table.cells for w in c.words]
    height = usual_height(words, options.default_text_pt * image.dpi / 72)
    return measure_ink(image, table_box([c.bbox for c in table.cells]), words, height)


def _read_cells(
    cells: Sequence[Cell],
    levels: InkLevels,
    image: PageImage,
    read_crops: ReadCrops,
    glance_crops: GlanceCrops,
    options: RereadOptions,
) -> list[tuple[Reading, ...]]:
    crops = [_versions(c, levels, image, options) for c in cells]
    asked = [i for i, c in enumerate(cells) if c.text.strip() and c.doubts == (Doubt.INK_WITHOUT_TEXT,)]
    glanced = iter(glanced_lines([lines for i in asked for lines in crops[i]], glance_crops))
    found: dict[int, tuple[Reading, ...]] = {}
    for i in asked:
        glances = [next(glanced) for _ in crops[i]]
        agreeing = tuple(r for r in glances if r and same_reading(r.text, cells[i].text))
        if len(agreeing) == len(glances):
            found[i] = agreeing
    rest = [i for i in range(len(cells)) if i not in found]
    read = iter(read_lines([lines for i in rest for lines in crops[i]], read_crops))
    found |= {i: tuple(next(read) for _ in crops[i]) for i in rest}
    return [found[i] for i in range(len(cells))]


def _versions(cell: Cell, levels: InkLevels, image: PageImage, options: RereadOptions) -> list[tuple[Pixels, ...]]:
    """The lines of a cell at each padding; under a seal once more, without the faint traces of its ink."""
    plain = [line_crops(image, cell.bbox, levels, padding) for padding in options.paddings]
    if Doubt.UNDER_SEAL not in cell.doubts:
        return plain
    return [*plain, tuple(without_traces(line) for line in plain[0])]


def joined_lines(lines: Sequence[Reading]) -> Reading:
    """The lines of a cell as one reading; no lines is the reading that nothing stands there."""
    text = "\n".join(line.text.strip() for line in lines if line.text.strip())
    sure = min((line.confidence for line in lines if line.text.strip()), default=0.0)
    chars = lines[0].chars if len(lines) == 1 and lines[0].text == text else ()
    return Reading(text, sure, lines[0].source if lines else "crop", chars)


def read_lines(cells: Sequence[Sequence[Pixels]], read_crops: ReadCrops) -> list[Reading]:
    """One reading for the lines of each cell, all in one call."""
    flat = list(chain.from_iterable(cells))
    read = iter(read_crops(flat) if flat else ())
    return [joined_lines([next(read) for _ in lines]) for lines in cells]


def glanced_lines(cells: Sequence[Sequence[Pixels]], glance_crops: GlanceCrops) -> list[Reading | None]:
    """The same, cheaply; None where one of its lines was not surely read."""
    flat = list(chain.from_iterable(cells))
    glanced = iter(glance_crops(flat) if flat else ())
    found = [[next(glanced) for _ in lines] for lines in cells]
    return [joined_lines([r for r in lines if r]) if all(lines) else None for lines in found]
