"""In which unit a table prints its money: only where the print says so, in the forms in which units are said.

A character 元 in an office's name (元谋县), a currency (万美元), a multiple nobody listed (千万元) or a price for each (元/人) is no
unit of the table. What is printed and not known stays as it is printed, so that nothing is taken for it in silence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from expectations.catalogue.loader import Catalogue
from expectations.words import normalise
from layout.values import Table

_SHORT_LABEL = 20


def printed_unit(table: Table, catalogue: Catalogue, is_form: bool = False) -> str:
    """The unit of the caption, else one said in a remark, the title or the head of the table; of a form, that behind its
    labels. One that is not of the catalogue as printed; '' when none is printed, or several are."""
    if caption := normalise(table.unit):
        return _of_caption(caption, catalogue)
    for text in (*table.notes, table.title):
        if unit := stated_unit(text, catalogue):
            return unit
    heads = {
        u for c in table.cells if c.span.row < max(table.n_header_rows, 1) if (u := stated_unit(c.text, catalogue))
    }
    if heads or not is_form:
        return heads.pop() if len(heads) == 1 else ""
    labels = {u for c in table.cells if len(c.text) <= _SHORT_LABEL and (u := stated_unit(c.text, catalogue))}
    return labels.pop() if len(labels) == 1 else ""


def stated_unit(text: str, catalogue: Catalogue) -> str:
    """The unit that a text says in brackets (万元) or after 单位; '' for none, and for a price for each (元/人)."""
    if not any(unit[-1] in text for unit in catalogue.units):
        return ""
    pattern = _patterns(tuple(catalogue.units))[1]
    match = pattern.search(normalise(text))
    return (match[1] or match[2]) if match else ""


def _of_caption(caption: str, catalogue: Catalogue) -> str:
    match = _patterns(tuple(catalogue.units))[0].match(caption)
    return match[1] if match else caption


@lru_cache(maxsize=8)
def _patterns(units: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(a caption that is a unit, alone or before another; a unit said inside a text)."""
    one = "|".join(sorted(map(re.escape, units), key=len, reverse=True)) or "(?!)"
    end = r"(?=$|[)\],,、;/%(])"
    caption = re.compile(rf"[(\[]?(?:.{{0,4}}单位:?)?({one}){end}(?!/)")
    inside = re.compile(rf"[(\[](?:.{{0,4}}单位:?)?({one})(?=(?:/年)?[)\],,、;])|单位:?({one})(?![\u4e00-\u9fff/])")
    return caption, inside
