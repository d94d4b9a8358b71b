"""Our own expectations, one class each. Importing this module registers them with Great Expectations.

Great Expectations registers a class by the snake-cased name when the class is made, and drops what it does not know
from a suite without a word; so this module is imported before any suite is loaded (see ``gx``), and `TYPES` names
what it holds.

All share one base, `row_expectations.RowsExpectation`, and say in `examine` which rows of their frame they looked at
and which of them fail. Kwargs come from the suite files; `frames` names the columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from expectations.frame_rows import Row
from expectations.row_expectations import INDEX, NOTE, Examined, Rows, RowsExpectation, of_rows

SETTLED = ("proven", "consistent", "corrected", "source_inconsistent")


class ExpectIdentityToHold(RowsExpectation):
    """No evaluated check of the identities that ``identity`` (a regular expression) matches ended in ``verdicts``.

    Frame: checks. Counts checks, not terms. Points to the suspect cells of a failing check, or, when none is more
    suspect than the others, to all.
    """

    identity: str
    verdicts: list[str]

    def examine(self, rows: Rows) -> Examined:
        match = _matching(self.identity)
        evaluated = [row for row in rows if row["verdict"] != "not_evaluated" and match(row["identity"])]
        failing: dict[int, list[Row]] = {}
        for row in evaluated:
            if row["verdict"] in self.verdicts:
                failing.setdefault(row["check_index"], []).append(row)
        pointed = [row for index in sorted(failing) for row in _most_suspect(failing[index])]
        by_cell: dict[tuple[int, ...], Row] = {}
        for row in pointed:
            by_cell.setdefault(tuple(row[key] for key in INDEX), row)
        return Examined(len({row["check_index"] for row in evaluated}), not failing, tuple(by_cell.values()))


class ExpectIdentityToBeEvaluated(RowsExpectation):
    """The table holds figures, and an identity that ``identity`` matches was evaluated on it.

    Frame: table. Looks at nothing when the table holds fewer than ``least_figures``: an empty table proves nothing.
    """

    identity: str
    least_figures: int = 2

    def examine(self, rows: Rows) -> Examined:
        filled = [row for row in rows if row["n_figures"] >= self.least_figures]
        match = _matching(self.identity)
        return of_rows(filled, [row for row in filled if not any(map(match, row["identities"].split()))])


class ExpectDoubtsToBeSettled(RowsExpectation):
    """No row carries one of ``doubts`` that nothing has settled, and none is suspect.

    Frame: amounts, cells or codes. An identity settles the doubt about a figure (its verdict is then proven,
    consistent, corrected or source_inconsistent).
    """

    doubts: list[str]

    def examine(self, rows: Rows) -> Examined:
        return of_rows(rows, [row for row in rows if row["verdict"] == "suspect" or self._is_unsettled(row)])

    def _is_unsettled(self, row: Row) -> bool:
        return row["verdict"] not in SETTLED and not set(row["doubts"].split()).isdisjoint(self.doubts)


class ExpectConfidenceAtLeast(RowsExpectation):
    """Every row was read with a confidence of at least ``floor``. Frame: cells, amounts, codes or labels."""

    floor: float

    def examine(self, rows: Rows) -> Examined:
        return of_rows(rows, [row for row in rows if row["confidence"] < self.floor])


class ExpectAmountsToParse(RowsExpectation):
    """Every filled cell of an amount column is a number, zero or a dash, or matches ``words`` in full.

    Frame: cells. ``words`` is what offices write in place of an amount; a spoilt number must not match it.
    """

    words: str

    def examine(self, rows: Rows) -> Examined:
        amounts = [row for row in rows if row["text"] and (row["blankness"] or row["in_amount_column"])]
        unread = [
            row for row in amounts if row["blankness"] == "text" or (not row["blankness"] and not row["is_figure"])
        ]
        match = _matching(self.words)
        return of_rows(amounts, [row for row in unread if not match(row["text"])])


class ExpectCodesToMatch(RowsExpectation):
    """Every code matches ``pattern`` from its first to its last character. Frame: codes."""

    pattern: str

    def examine(self, rows: Rows) -> Examined:
        match = _matching(self.pattern)
        return of_rows(rows, [row for row in rows if not match(row["code"])])


class ExpectCodesToHaveParents(RowsExpectation):
    """Every code has its parent, the next shorter of ``lengths``, in the same table.

    Frame: codes. Looks only at tables that print a tree: most of the codes that could have a parent have one. With
    ``in_doubt`` only at codes whose reading is in doubt, or that stand beside another's name: any other orphan is
    likely to be printed that way.
    """

    lengths: list[int]
    in_doubt: bool = False

    def examine(self, rows: Rows) -> Examined:
        codes = {row["code"] for row in rows}
        children = [row for row in rows if len(row["code"]) in sorted(self.lengths)[1:]]
        if 2 * sum(self._parent(row) not in codes for row in children) > len(children):
            return of_rows((), ())
        if self.in_doubt:
            children = [row for row in children if row["doubts"] or row["agreement"] == "differs"]
        return of_rows(children, [row for row in children if self._parent(row) not in codes])

    def _parent(self, row: Row) -> str:
        code: str = row["code"]
        return code[: max(length for length in self.lengths if length < len(code))]


class ExpectCodesToAgree(RowsExpectation):
    """No code ends in one of ``agreements`` with the name beside it (`codes.Agreement`). Frame: codes.

    Looks only at codes that a dictionary could speak of. Each failing row says which entries come nearest.
    """

    agreements: list[str]

    def examine(self, rows: Rows) -> Examined:
        looked_at = [row for row in rows if row["agreement"]]
        return of_rows(looked_at, [_noted(row) for row in looked_at if row["agreement"] in self.agreements])


class ExpectTextInTable(RowsExpectation):
    """Some cell's text (no white space) matches ``pattern`` in full; ``part`` is header, body or any.

    Frame: cells. Looks at nothing in a table without figures: an empty form need not be whole. In a table without
    header rows every cell may be the header.
    """

    pattern: str
    part: str = "any"

    def examine(self, rows: Rows) -> Examined:
        if not any(row["is_figure"] for row in rows):
            return of_rows((), ())
        texts = [row["text"] for row in [row for row in rows if row["part"] == self.part] or rows if row["text"]]
        return Examined(len(texts), not texts or any(map(_matching(self.pattern), texts)), ())


class ExpectValueToBeKnown(RowsExpectation):
    """``column`` is not empty; where ``when`` names a column, only rows in which that is not 0. Any frame."""

    column: str
    when: str = ""

    def examine(self, rows: Rows) -> Examined:
        asked = [row for row in rows if not self.when or row[self.when] != 0]
        return of_rows(asked, [row for row in asked if not str(row[self.column]).strip()])


class ExpectValueAtLeast(RowsExpectation):
    """``column`` is ``least`` or more; looks only at rows in which the column ``when`` is above 0. Any frame."""

    column: str
    least: float
    when: str

    def examine(self, rows: Rows) -> Examined:
        asked = [row for row in rows if row[self.when] > 0]
        return of_rows(asked, [row for row in asked if row[self.column] < self.least])


class ExpectValuesToMatch(RowsExpectation):
    """``column`` matches ``pattern`` from its first to its last character. Any frame."""

    column: str
    pattern: str

    def examine(self, rows: Rows) -> Examined:
        match = _matching(self.pattern)
        return of_rows(rows, [row for row in rows if not match(row[self.column])])


class ExpectWeightsToSum(RowsExpectation):
    """The numbers under a 权重 heading sum to one of ``totals``, with or without the weight of ``beside`` (执行率).

    Frame: cells of one form. Looks at nothing where no number stands under such a heading.
    """

    heading: str
    beside: str
    totals: list[float]

    def examine(self, rows: Rows) -> Examined:
        match = _matching(self.heading)
        weights = [row for head in rows if match(head["text"]) for row in _numeric(_below(rows, head))]
        if not weights:
            return of_rows((), ())
        sums = {_total(weights)}
        sums |= {_total(weights) + _total(_numeric(side)) for side in self._beside(rows)}
        return Examined(len(weights), not sums.isdisjoint(self.totals), weights)

    def _beside(self, rows: Rows) -> Iterator[Rows]:
        match = _matching(self.beside)
        for label in (row for row in rows if match(row["text"])):
            yield [row for row in rows if row["row"] == label["row"] and row["col"] == label["col_stop"]]


TYPES = (
    ExpectIdentityToHold,
    ExpectIdentityToBeEvaluated,
    ExpectDoubtsToBeSettled,
    ExpectConfidenceAtLeast,
    ExpectAmountsToParse,
    ExpectCodesToMatch,
    ExpectCodesToHaveParents,
    ExpectCodesToAgree,
    ExpectTextInTable,
    ExpectValueToBeKnown,
    ExpectValueAtLeast,
    ExpectValuesToMatch,
    ExpectWeightsToSum,
)


def _matching(pattern: str) -> Callable[[str], bool]:
    """Whether a text matches in full."""
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _noted(row: Row) -> Row:
    """With a note that says which code and name it is, and what comes nearest."""
    near = f" → {row['nearest']}" if row["nearest"] else ""
    return {**row, NOTE: f"{row['code']} {row['name']}{near}"}


def _most_suspect(terms: Rows) -> Rows:
    return [term for term in terms if term["cell_verdict"] == "suspect"] or terms


def _below(rows: Rows, head: Row) -> Rows:
    return [row for row in rows if row["row"] >= head["row_stop"] and row["col"] == head["col"]]


def _numeric(rows: Iterable[Row]) -> Rows:
    match = _matching(r"\d+(\.\d+)?%?")
    return [row for row in rows if match(row["text"])]


def _total(rows: Rows) -> float:
    return round(sum(float(row["text"].rstrip("%")) for row in rows), 6)
