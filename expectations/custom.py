"""Our own expectations, one class each. Importing this module registers them with Great Expectations.

Great Expectations registers a class by the snake-cased name when the class is made, and drops what it does not know
from a suite without a word; so this module is imported before any suite is loaded (see ``gx``), and `TYPES` names
what it holds.

All share one base, `RowsExpectation`: a subclass says in `examine` which rows of its frame it looked at and which of
them fail. The base turns that into a result of the shape that Great Expectations gives for its own map expectations
under COMPLETE (element_count, unexpected_index_list), so that one reader serves both. An expectation that looked at nothing succeeds with element_count 0;
`gx` and the Data Docs call that "nothing to check", never a pass.

Kwargs come from the suite files; `frames` names the columns. Rows are told apart by (table_index, row, col).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd
from great_expectations.expectations.expectation import BatchExpectation

INDEX = ("table_index", "row", "col")
NOTE = "note"
SETTLED = ("proven", "consistent", "corrected", "source_inconsistent")


@dataclass(frozen=True, slots=True)
class Examined:
    """How many things were looked at, whether all is well, and the rows of those that are not."""

    n_evaluated: int
    success: bool
    failing: pd.DataFrame


def of_rows(evaluated: pd.DataFrame, failing: pd.DataFrame) -> Examined:
    """Well when no row fails."""
    return Examined(len(evaluated), failing.empty, failing)


class RowsExpectation(BatchExpectation):  # type: ignore[misc]  # mypy does not follow that library
    """Base of all below. A subclass overrides `examine` and declares its kwargs as fields.

    The rows of several tables may come in one batch: the column ``scope`` tells them apart, `examine` sees one scope
    at a time, and result["scopes"] holds the outcome of each. That is what keeps a document of forty tables cheap.
    """

    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def examine(self, frame: pd.DataFrame) -> Examined:
        """What was looked at in ``frame``, and what of it fails."""
        raise NotImplementedError

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        frame = execution_engine.dataframe
        examined = {str(scope): self.examine(rows) for scope, rows in frame.groupby("scope")}
        scopes = {scope: _as_result(one) for scope, one in examined.items()}
        total = {
            "element_count": sum(one["element_count"] for one in scopes.values()),
            "unexpected_index_list": [cell for one in scopes.values() for cell in one["unexpected_index_list"]],
        }
        return {"success": all(one.success for one in examined.values()), "result": {**total, "scopes": scopes}}


def _as_result(examined: Examined) -> dict[str, Any]:
    at = zip(*(examined.failing[key].tolist() for key in INDEX), strict=True)
    cells: list[dict[str, Any]] = [dict(zip(INDEX, map(int, ref), strict=True)) for ref in at]
    if NOTE in examined.failing:
        cells = [{**cell, NOTE: note} for cell, note in zip(cells, examined.failing[NOTE].tolist(), strict=True)]
    return {"success": examined.success, "element_count": examined.n_evaluated, "unexpected_index_list": cells}


class ExpectIdentityToHold(RowsExpectation):
    """No evaluated check of the identities that ``identity`` (a regular expression) matches ended in ``verdicts``.

    Frame: checks. Counts checks, not terms. Points to the suspect cells of a failing check, or, when none is more
    suspect than the others, to all.
    """

    identity: str
    verdicts: list[str]

    def examine(self, frame: pd.DataFrame) -> Examined:
        evaluated = frame[_matches(frame["identity"], self.identity) & (frame["verdict"] != "not_evaluated")]
        failing = evaluated[evaluated["verdict"].isin(self.verdicts)]
        pointed = [_most_suspect(terms) for _, terms in failing.groupby("check_index")]
        rows = pd.concat(pointed) if pointed else failing
        return Examined(evaluated["check_index"].nunique(), failing.empty, rows.drop_duplicates(list(INDEX)))


class ExpectIdentityToBeEvaluated(RowsExpectation):
    """The table holds figures, and an identity that ``identity`` matches was evaluated on it.

    Frame: table. Looks at nothing when the table holds fewer than ``least_figures``: an empty table proves nothing.
    """

    identity: str
    least_figures: int = 2

    def examine(self, frame: pd.DataFrame) -> Examined:
        filled = frame[frame["n_figures"] >= self.least_figures]
        found = filled["identities"].map(lambda names: any(re.fullmatch(self.identity, name) for name in names.split()))
        return of_rows(filled, filled[~found.astype(bool)])


class ExpectDoubtsToBeSettled(RowsExpectation):
    """No row carries one of ``doubts`` that nothing has settled, and none is suspect.

    Frame: amounts, cells or codes. An identity settles the doubt about a figure (its verdict is then proven,
    consistent, corrected or source_inconsistent).
    """

    doubts: list[str]

    def examine(self, frame: pd.DataFrame) -> Examined:
        doubted = frame["doubts"].map(lambda text: bool(set(text.split()) & set(self.doubts))).astype(bool)
        unsettled = doubted & ~frame["verdict"].isin(SETTLED)
        return of_rows(frame, frame[unsettled | (frame["verdict"] == "suspect")])


class ExpectConfidenceAtLeast(RowsExpectation):
    """Every row was read with a confidence of at least ``floor``. Frame: cells, amounts, codes or labels."""

    floor: float

    def examine(self, frame: pd.DataFrame) -> Examined:
        return of_rows(frame, frame[frame["confidence"] < self.floor])


class ExpectAmountsToParse(RowsExpectation):
    """Every filled cell of an amount column is a number, zero or a dash, or matches ``words`` in full.

    Frame: cells. ``words`` is what offices write in place of an amount; a spoilt number must not match it.
    """

    words: str

    def examine(self, frame: pd.DataFrame) -> Examined:
        amounts = frame[((frame["blankness"] != "") | frame["in_amount_column"]) & (frame["text"] != "")]
        unread = (amounts["blankness"] == "text") | ((amounts["blankness"] == "") & ~amounts["is_figure"])
        return of_rows(amounts, amounts[unread & ~_matches(amounts["text"], self.words)])


class ExpectCodesToMatch(RowsExpectation):
    """Every code matches ``pattern`` from its first to its last character. Frame: codes."""

    pattern: str

    def examine(self, frame: pd.DataFrame) -> Examined:
        return of_rows(frame, frame[~_matches(frame["code"], self.pattern)])


class ExpectCodesToHaveParents(RowsExpectation):
    """Every code has its parent, the next shorter of ``lengths``, in the same table.

    Frame: codes. Looks only at tables that print a tree: most of the codes that could have a parent have one. With
    ``in_doubt`` only at codes whose reading is in doubt, or that stand beside another's name: any other orphan is
    likely to be printed that way.
    """

    lengths: list[int]
    in_doubt: bool = False

    def examine(self, frame: pd.DataFrame) -> Examined:
        codes = set(frame["code"])
        children = frame[frame["code"].map(len).isin(sorted(self.lengths)[1:]).astype(bool)]
        orphan = children["code"].map(lambda code: self._parent(code) not in codes).astype(bool)
        if 2 * int(orphan.sum()) > len(children):
            children, orphan = children.iloc[:0], orphan.iloc[:0]
        doubted = ((children["doubts"] != "") | (children["agreement"] == "differs")).astype(bool)
        looked_at = doubted if self.in_doubt else orphan | True
        return of_rows(children[looked_at], children[orphan & looked_at])

    def _parent(self, code: str) -> str:
        return code[: max(length for length in self.lengths if length < len(code))]


class ExpectCodesToAgree(RowsExpectation):
    """No code ends in one of ``agreements`` with the name beside it (`codes.Agreement`). Frame: codes.

    Looks only at codes that a dictionary could speak of. Each failing row says which entries come nearest.
    """

    agreements: list[str]

    def examine(self, frame: pd.DataFrame) -> Examined:
        looked_at = frame[frame["agreement"] != ""]
        return of_rows(looked_at, _noted(looked_at[looked_at["agreement"].isin(self.agreements)]))


class ExpectTextInTable(RowsExpectation):
    """Some cell's text (no white space) matches ``pattern`` in full; ``part`` is header, body or any.

    Frame: cells. Looks at nothing in a table without figures: an empty form need not be whole. In a table without
    header rows every cell may be the header.
    """

    pattern: str
    part: str = "any"

    def examine(self, frame: pd.DataFrame) -> Examined:
        searched = frame[frame["part"] == self.part] if self.part in set(frame["part"]) else frame
        searched = searched[searched["text"] != ""] if frame["is_figure"].any() else frame.iloc[:0]
        success = searched.empty or bool(_matches(searched["text"], self.pattern).any())
        return Examined(len(searched), success, frame.iloc[:0])


class ExpectValueToBeKnown(RowsExpectation):
    """``column`` is not empty; where ``when`` names a column, only rows in which that is not 0. Any frame."""

    column: str
    when: str = ""

    def examine(self, frame: pd.DataFrame) -> Examined:
        asked = frame[frame[self.when] != 0] if self.when else frame
        return of_rows(asked, asked[asked[self.column].astype(str).str.strip() == ""])


class ExpectWeightsToSum(RowsExpectation):
    """The numbers under a 权重 heading sum to one of ``totals``, with or without the weight of ``beside`` (执行率).

    Frame: cells of one form. Looks at nothing where no number stands under such a heading.
    """

    heading: str
    beside: str
    totals: list[float]

    def examine(self, frame: pd.DataFrame) -> Examined:
        heads = frame[_matches(frame["text"], self.heading)]
        parts = [_below(frame, head) for head in heads.to_dict("records")]
        weights = pd.concat([_numeric(part) for part in parts]) if parts else frame.iloc[:0]
        if weights.empty:
            return of_rows(weights, weights)
        sums = {_total(weights)}
        sums |= {_total(weights) + _total(_numeric(side)) for side in self._beside(frame)}
        return Examined(len(weights), not sums.isdisjoint(self.totals), weights)

    def _beside(self, frame: pd.DataFrame) -> Iterable[pd.DataFrame]:
        for label in frame[_matches(frame["text"], self.beside)].to_dict("records"):
            yield frame[(frame["row"] == label["row"]) & (frame["col"] == label["col_stop"])]


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
    ExpectWeightsToSum,
)


def _matches(texts: pd.Series[Any], pattern: str) -> pd.Series[bool]:
    compiled = re.compile(pattern)
    return texts.map(lambda text: compiled.fullmatch(text) is not None).astype(bool)


def _noted(rows: pd.DataFrame) -> pd.DataFrame:
    """With a note that says which code and name it is, and what comes nearest."""
    said = (rows["code"] + " " + rows["name"]).astype(str)
    return rows.assign(**{NOTE: said + rows["nearest"].map(lambda near: f" → {near}" if near else "")})


def _most_suspect(terms: pd.DataFrame) -> pd.DataFrame:
    suspect = terms[terms["cell_verdict"] == "suspect"]
    return terms if suspect.empty else suspect


def _below(frame: pd.DataFrame, head: Mapping[Hashable, Any]) -> pd.DataFrame:
    below: pd.DataFrame = frame[(frame["row"] >= head["row_stop"]) & (frame["col"] == head["col"])]
    return below


def _numeric(frame: pd.DataFrame) -> pd.DataFrame:
    numeric: pd.DataFrame = frame[_matches(frame["text"], r"\d+(\.\d+)?%?")]
    return numeric


def _total(frame: pd.DataFrame) -> float:
    return round(sum(float(text.rstrip("%")) for text in frame["text"]), 6)
