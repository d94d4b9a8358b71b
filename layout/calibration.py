"""What the recogniser says of itself -> the probability that a cell's text is right.

A recogniser is unsure of much that is right, and its own probabilities know nothing of a second look. A logistic map
(Platt 1999) of a few pieces of evidence, each of which can only speak one way, puts both right. Its weights are data
(`calibration.json`), fitted by `python -m bench.calibrate` on pages of known truth, figures and words apart; nothing is
ever surer than the pages it was fitted on can vouch for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from layout.amounts import parse_amount
from layout.proposals import GRAMMAR
from layout.reading_order import is_wide
from layout.values import Blankness, Cell, Table
from layout.witnesses import same_reading
from ocr.values import Reading

FILE = Path(__file__).with_name("calibration.json")
SETTLED = frozenset({"shape", "column"})
"""Sources whose verdict is not the recogniser's: what they settled keeps the confidence that they gave."""
_NO_LOOKS = SETTLED | {"page", GRAMMAR}
_LEAST, _MOST = 0.01, 0.9999
_SHORT = 2

FEATURES = ("bias", "sureness", "agreeing", "differing", "doubts", "short")
SIGNS = {"bias": 0, "sureness": 1, "agreeing": 1, "differing": -1, "doubts": -1, "short": -1}
"""Which way each may speak: more of it makes a cell surer (1), less sure (-1), or either (0)."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """weights: by feature, of the log odds that a cell is right. most: the highest probability there are pages for."""

    weights: Mapping[str, float]
    most: float


def calibrated(table: Table) -> Table:
    """The table with the confidence of every cell that holds text as a probability; the same after any repetition."""
    return replace(table, cells=tuple(with_probability(cell) for cell in table.cells))


def with_probability(cell: Cell) -> Cell:
    """The cell with its confidence as a probability; as it is where nothing was read, or where ink or column decided."""
    if not cell.text.strip() or (not cell.words and not cell.readings) or is_settled(cell):
        return cell
    return replace(cell, confidence=probability(evidence(cell), load_calibration()[kind_of(cell.text)]))


def is_settled(cell: Cell) -> bool:
    """Whether its ink's shape or its column gave the cell's text, and the confidence in it."""
    return any(r.source in SETTLED and r.text == cell.text for r in cell.readings)


def evidence(cell: Cell) -> dict[str, float]:
    """The features of a cell, by name.

    sureness: log odds of the surest reading that says what counts; agreeing, differing: other looks at it; doubts: 1
    where any is open; short: 1 for a text of one or two characters, which has no neighbours to vouch for it.
    """
    page = min((w.confidence for w in cell.words), default=0.0)
    readings = [Reading(cell.ocr_text, page, "page"), *(r for r in cell.readings if r.source not in _NO_LOOKS)]
    agreeing = [r for r in readings if same_reading(r.text, cell.text)]
    sure = max((r.confidence for r in agreeing), default=0.0)
    return {
        "bias": 1.0,
        "sureness": _log_odds(sure),
        "agreeing": float(min(2, max(0, len(agreeing) - 1))),
        "differing": float(min(2, len(readings) - len(agreeing))),
        "doubts": float(bool(cell.doubts)),
        "short": float(len("".join(cell.text.split())) <= _SHORT),
    }


def probability(features: Mapping[str, float], calibration: Calibration) -> float:
    """In (0, calibration.most]."""
    odds = sum(calibration.weights[name] * value for name, value in features.items())
    return min(calibration.most, 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, odds)))))


def kind_of(text: str) -> str:
    """'figure' for what counts or nearly does, else 'words'."""
    if parse_amount(text).kind is not Blankness.TEXT:
        return "figure"
    n_digits, n_wide = sum(c.isdigit() for c in text), sum(is_wide(c) for c in text)
    return "figure" if 2 * n_digits >= len(text) and n_wide <= 1 else "words"


@cache
def load_calibration(path: Path = FILE) -> dict[str, Calibration]:
    """The maps by kind of text. Raises ValueError for a file that lacks a weight, or whose weight has the wrong sign."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    found = {kind: Calibration(dict(one["weights"]), float(one["most"])) for kind, one in raw["kinds"].items()}
    for kind, one in found.items():
        if set(one.weights) != set(FEATURES) or any(SIGNS[n] * w < 0 for n, w in one.weights.items()):
            raise ValueError(f"{path}: the weights of {kind} are not what calibration asks for")
    return found


def _log_odds(confidence: float) -> float:
    share = min(max(confidence, _LEAST), _MOST)
    return math.log(share / (1 - share))
