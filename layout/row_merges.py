"""What a page break tore apart is put together again: a row, or a label merged down many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layout.amounts import is_figure, parse_amount
from layout.values import Blankness, Cell, Span

Cells = tuple[Cell, ...]


def join_rows(upper: Cells, lower: Cells, seam: int, n_rows: int) -> tuple[Cells, int]:
    """All cells and the number of rows; ``seam`` is the first row of the lower part, rows are numbered through.

    A blank top cell that runs down beneath a merged label is the label's lower part; one that runs down to the break
    above a merged label is the label's upper part, as programs centre a label in the whole of its cell. A top row without
    key and without figures (beside such a label, too) is the rest of the row above it.
    """
    upper, lower = _raised(upper, lower, seam)
    labels = _lower_labels(upper, lower, seam, n_rows)
    hanging = {span for span in labels.values() if span.rowspan > 1}
    columns = {(s.col, s.col_stop) for s in hanging}
    last = [c for c in upper if c.span.row_stop == seam and (c.span.col, c.span.col_stop) not in columns]
    top = [c for c in lower if c.span.row == seam and c.span not in hanging]
    if is_rest_of_row(last, top, seam):
        grown = _grown(upper, {old: new for old, new in labels.items() if new in hanging}, by=-1)
        rest = tuple(_up(c) for c in lower if c.span.row > seam)
        return (*_rows_merged(grown, top, seam), *rest), n_rows - 1
    gone = set(labels.values())
    return (*_grown(upper, labels), *(c for c in lower if c.span not in gone)), n_rows


def is_rest_of_row(upper: Sequence[Cell], lower: Sequence[Cell], seam: int) -> bool:
    """Whether the first row below the break only goes on texts of the last row above it."""
    top = {(c.span.col, c.span.col_stop): c for c in lower if c.span.row == seam}
    last = {(c.span.col, c.span.col_stop): c for c in upper if c.span.row_stop == seam}
    if set(top) != set(last) or any(c.span.rowspan > 1 for c in top.values()):
        return False
    filled = {key for key, c in top.items() if c.text.strip()}
    key_column = min(top)
    if not filled or key_column in filled or len(top) < 2:
        return False
    texts_only = all(parse_amount(top[k].text).kind is Blankness.TEXT for k in filled)
    goes_on_text = all(last[k].text.strip() and not is_figure(parse_amount(last[k].text)) for k in filled)
    return texts_only and goes_on_text and bool(last[key_column].text.strip())


def _rows_merged(upper: Cells, top: Sequence[Cell], seam: int) -> Cells:
    by_columns = {(c.span.col, c.span.col_stop): c for c in top}
    return tuple(
        _continued(c, by_columns[c.span.col, c.span.col_stop]) if c.span.row_stop == seam else c for c in upper
    )


def _continued(cell: Cell, rest: Cell) -> Cell:
    """The upper cell with the lower one's text; its box stays that of its own page."""
    if not rest.text.strip() and not rest.doubts:
        return cell
    return replace(
        cell,
        text="\n".join(filter(None, (cell.text, rest.text))),
        ocr_text="\n".join(filter(None, (cell.ocr_text, rest.ocr_text))),
        confidence=min(cell.confidence, rest.confidence),
        words=(*cell.words, *rest.words),
        doubts=tuple(dict.fromkeys((*cell.doubts, *rest.doubts))),
    )


def _up(cell: Cell) -> Cell:
    span = cell.span
    return replace(cell, span=Span(span.row - 1, span.col, span.row_stop - 1, span.col_stop))


def _raised(upper: Cells, lower: Cells, seam: int) -> tuple[Cells, Cells]:
    """Merged labels that stand below the break begin where the blank merged cells above them do, which are gone."""
    blank = {
        (c.span.col, c.span.col_stop): c
        for c in upper
        if c.span.row_stop == seam and c.span.rowspan > 1 and not c.text.strip()
    }
    ones = [c for c in lower if c.span.row == seam and c.span.rowspan > 1 and c.text.strip()]
    raised = {c.span: blank[key] for c in ones if (key := (c.span.col, c.span.col_stop)) in blank}
    gone = {part.span for part in raised.values()}
    grown = (
        replace(c, span=Span(raised[c.span].span.row, c.span.col, c.span.row_stop, c.span.col_stop))
        if c.span in raised
        else c
        for c in lower
    )
    return tuple(c for c in upper if c.span not in gone), tuple(grown)


def _lower_labels(upper: Cells, lower: Cells, seam: int, n_rows: int) -> dict[Span, Span]:
    """Spans of labels that end at the break -> spans of the blank cells below that are their lower parts."""
    labels = {(c.span.col, c.span.col_stop): c.span for c in upper if c.span.row_stop == seam and c.text.strip()}
    found: dict[Span, Span] = {}
    for cell in lower:
        label = labels.get((cell.span.col, cell.span.col_stop))
        if label is None or cell.span.row != seam or cell.text.strip():
            continue
        # On a page with one row only, the lower part of the label cannot be merged itself.
        if cell.span.rowspan > 1 or (label.rowspan > 1 and n_rows - seam == 1):
            found[label] = cell.span
    return found


def _grown(upper: Cells, labels: dict[Span, Span], by: int = 0) -> Cells:
    """The upper cells, each label down to where its lower part ends (``by`` rows further)."""
    return tuple(
        replace(c, span=Span(c.span.row, c.span.col, labels[c.span].row_stop + by, c.span.col_stop))
        if c.span in labels
        else c
        for c in upper
    )
