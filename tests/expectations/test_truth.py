"""The real documents as read without any error: the same outcome for every identity that their checks.json lists, no
false alarm, and every wrong digit found."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from expectations.validate import before_suites
from expectations.values import CellRef, CellVerdict, Check, CheckVerdict, DocumentTables, SuiteInput
from expectations.verdicts import FAILING, coverage
from ocr.values import TextSource
from tests.expectations.documents import with_text
from tests.expectations.truth import TRUTH, read_truth

NAMES = ("000", "001", "002", "003")
WITH_TABLES = ("000", "001", "003")
STATUS = {
    "ok": CheckVerdict.HOLDS,
    "rounding": CheckVerdict.WITHIN_ROUNDING,
    "VIOLATION": CheckVerdict.SOURCE_INCONSISTENT,
}
ARITHMETIC = ("row", "tree", "total", "cross", "weight")

# What the authors of checks.json noted beyond identities: why a sum of theirs fails, and sums said in another way.
EXPLAINED = {
    "000": {
        "301.总计 = its 5-digit codes without 30103 奖金 and 30107 绩效工资",
        "301.人员经费 = its 5-digit codes without 30103 奖金 and 30107 绩效工资",
        "合计.总计 = 301+302+303+310 + 30103 + 30107",
        "合计.人员经费 = 301+302+303+310 + 30103 + 30107",
        "合计.总计 = t02.合计.总计 + 21308 (carried over 291.38)",
        "indicator weights sum to 90",
    },
    "001": {"indicator weights sum to 90"},
    "003": {"indicator weights sum to 90"},
}
# Whose figures do not close, as checks.json lists them: (identity, residual).
BROKEN = {
    "000": Counter({("I02", "-683.50"): 2, ("I03", "683.50"): 2, ("I11", "683.50"): 1, ("X12", "-24.00"): 2}),
    "001": Counter(),
    "002": Counter(),
    "003": Counter({("X12", "-2.01"): 1, ("X12", "1.0"): 1, ("X12", "-1.00"): 1, ("X12", "-196.07"): 1}),
}


@cache
def known(name: str, source: TextSource = TextSource.TEXT_LAYER) -> SuiteInput:
    return before_suites(read_truth(TRUTH / name, source))


def entries(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((TRUTH / name / "checks.json").read_text(encoding="utf-8"))
    return [e for e in found if "printed" in e]


def amounts_of(total: Any, parts: Sequence[Any]) -> tuple[Decimal, ...]:
    """What identifies a sum: its total and its parts that are not 0; an equality has no order."""
    values = [abs(Decimal(str(p)).quantize(Decimal("0.01"))) for p in (total, *parts)]
    rest = sorted(v for v in values[1:] if v)
    return tuple(sorted([values[0], *rest])) if len(rest) == 1 else (values[0], *rest)


def by_amounts(checks: Sequence[Check]) -> dict[tuple[int | None, tuple[Decimal, ...]], set[CheckVerdict]]:
    found: dict[tuple[int | None, tuple[Decimal, ...]], set[CheckVerdict]] = {}
    for check in checks:
        key = amounts_of(check.terms[0].value, [t.value for t in check.terms[1:]]) if check.terms else ()
        for place in {t.cell.table_index if t.cell else None for t in check.terms}:
            found.setdefault((place, key), set()).add(check.verdict)
    return found


def compare(name: str, kinds: Sequence[str]) -> tuple[Counter[str], list[str]]:
    """How many entries of checks.json came out the same, other, not at all; and the statements of the last two."""
    mine = by_amounts(known(name).checks)
    counts: Counter[str] = Counter()
    differing = []
    for entry in entries(name):
        place = int(entry["table"][1:3]) - 1 if entry["table"].startswith("t") else None
        key = amounts_of(entry["printed"], entry["terms"])
        if entry["kind"] not in kinds or (place is None) != (entry["table"] == "narrative") or not any(key):
            continue
        verdicts = mine.get((place, key), set()) - {CheckVerdict.NOT_EVALUATED}
        outcome = "same" if STATUS[entry["status"]] in verdicts else "other" if verdicts else "missing"
        counts[outcome] += 1
        differing += [] if outcome == "same" else [entry["what"]]
    return counts, differing


@pytest.mark.parametrize("name", WITH_TABLES)
def test_every_identity_of_the_tables_comes_out_as_listed(name: str) -> None:
    counts, differing = compare(name, ARITHMETIC)
    assert counts["same"] > 50
    assert counts["other"] == 0
    assert set(differing) <= EXPLAINED[name]


@pytest.mark.parametrize("name", NAMES)
def test_most_identities_of_the_narrative_come_out_as_listed(name: str) -> None:
    counts, _ = compare(name, ("sum", "table"))
    assert counts["other"] == 0
    assert counts["same"] >= 0.6 * sum(counts.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_authors_errors_are_named_and_no_others(name: str) -> None:
    failing = [c for c in known(name).checks if c.verdict in FAILING]
    assert Counter((c.identity, str(c.residual)) for c in failing) == BROKEN[name]
    assert {c.verdict for c in failing} <= {CheckVerdict.SOURCE_INCONSISTENT}


@pytest.mark.parametrize("name", WITH_TABLES)
def test_coverage_of_money(name: str) -> None:
    found = coverage(known(name).checks, known(name).facts)
    assert found.under_one >= 0.99
    assert found.under_two >= 0.90


@pytest.mark.parametrize("name", WITH_TABLES)
def test_nothing_is_suspect_in_what_was_read_right(name: str) -> None:
    """As recognised once, without a second reading: only the authors' own errors raise suspicion."""
    suspects = [ref for ref, v in known(name, TextSource.OCR).verdicts if v is CellVerdict.SUSPECT]
    owned = {t.cell for c in known(name, TextSource.OCR).checks if c.verdict in FAILING for t in c.terms}
    assert set(suspects) <= owned
    assert len(suspects) <= {"000": 20, "001": 0, "003": 2}[name]


@pytest.mark.parametrize("name", WITH_TABLES)
def test_a_wrong_digit_is_found(name: str) -> None:
    """Random single digits of money cells, each alone, read once: the cell is suspect or in an identity that fails."""
    rng = random.Random(int(name))
    scanned = read_truth(TRUTH / name, TextSource.OCR)
    places = [f.cell for f in known(name, TextSource.OCR).facts if f.amount and f.amount_yuan is not None]
    missed = [place for place in rng.sample(places, 20) if not is_found(scanned, place, rng)]
    assert missed == []


def is_found(document: DocumentTables, ref: CellRef, rng: random.Random) -> bool:
    text = document.tables[ref.table_index].slot_cells()[ref.row, ref.col].text
    at = rng.choice([i for i, ch in enumerate(text) if ch.isdigit()])
    digit = rng.choice([d for d in "0123456789" if d != text[at]])
    read = before_suites(with_text(document, ref, text[:at] + digit + text[at + 1 :]))
    failing = any(c.verdict in FAILING and any(t.cell == ref for t in c.terms) for c in read.checks)
    return failing or dict(read.verdicts).get(ref) is CellVerdict.SUSPECT
