"""What kind of thing a column holds, by the forms of its body cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from layout.amounts import is_figure, is_grouped, parse_amount
from layout.values import Amount, Blankness

_CODE_HEADS = re.compile(r"编码|代码|编号|序号|科目号|行次|code|no\.?$|number$", re.IGNORECASE)


class ColumnType(StrEnum):
    """integer: counts without decimals or thousands groups; text: names, codes, mixtures."""

    DECIMAL = "decimal"
    INTEGER = "integer"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """type: of most cells. decimals: those that most figures print, None without a habit. n_figures: how many there are.

    is_percent: most figures print a %. is_grouped: most of those that are long enough print thousands groups.
    """

    type: ColumnType
    decimals: int | None
    n_figures: int
    is_percent: bool = False
    is_grouped: bool = False


def column_form(texts: Sequence[str], head: str = "", least_share: float = 0.6) -> ColumnForm:
    """The form of a column with body ``texts`` under the header text ``head``; blanks and dashes do not count.

    Columns of codes are text: by their head, or because their digits form a tree (201, 20103, 2010301).
    """
    amounts = [(t, a) for t in texts if (a := parse_amount(t)).kind not in (Blankness.BLANK, Blankness.DASH)]
    figures = [(t, a) for t, a in amounts if is_figure(a)]
    decimals = _habit([a for _, a in figures])
    is_text = len(figures) < least_share * len(amounts) or not figures
    if is_text or _CODE_HEADS.search(head) or is_code_tree([t for t, _ in amounts]):
        return ColumnForm(ColumnType.TEXT, None, len(figures))
    has_money = any(a.decimals or a.is_percent or is_grouped(t) for t, a in figures)
    type_ = ColumnType.DECIMAL if has_money else ColumnType.INTEGER
    valued = [a for _, a in figures if a.value]
    is_percent = sum(a.is_percent for a in valued) >= least_share * max(1, len(valued))
    long = [t for t, a in figures if a.value and abs(a.value) >= 1000]
    has_groups = sum(map(is_grouped, long)) >= least_share * max(1, len(long))
    return ColumnForm(type_, decimals, len(figures), is_percent, has_groups)


def is_code_tree(texts: Sequence[str]) -> bool:
    """Whether most texts are digits that lead with an earlier text of the column: an outline of codes."""
    codes = [t.strip() for t in texts if re.fullmatch(r"\d{3,12}", t.strip())]
    if len(codes) < 3 or len(codes) < 0.8 * len(texts):
        return False
    seen: set[str] = set()
    children = 0
    for code in codes:
        children += any(code[:n] in seen for n in range(1, len(code)))
        seen.add(code)
    return children >= 0.5 * len(codes)


def _habit(figures: Sequence[Amount]) -> int | None:
    if not figures:
        return None
    decimals, n = Counter(a.decimals for a in figures).most_common(1)[0]
    return decimals if n >= 0.8 * len(figures) else None
