"""Amounts of the text as facts with role, unit, year and change; and what they imply of the year before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from expectations.narrative_facts import NarrativeFact, narrative_facts
from expectations.validate import before_suites
from expectations.values import CheckVerdict
from tests.expectations.documents import a_document, a_table
from tests.expectations.truth import TRUTH, read_truth

TEXT = (
    "某局2026年部门预算",
    "2026年一般公共预算财政拨款收入36.56万元，一般公共预算财政拨款支出36.56万元，比2025年增加7.91万元。其中：基本支出26.56万元，"
    "比2025年减少1.09万元；项目支出100,000元，比上年增加90000元。",
)


def by_role(facts: tuple[NarrativeFact, ...]) -> dict[str, list[tuple[str, str, int | None, int | None, bool]]]:
    found: dict[str, list[tuple[str, str, int | None, int | None, bool]]] = {}
    for f in facts:
        found.setdefault(f.role, []).append((str(f.amount), f.unit, f.year, f.against_year, f.is_implied))
    return found


def test_figures_changes_and_what_they_imply() -> None:
    found = by_role(narrative_facts(a_document(headings=TEXT)))
    assert found["fiscal.total"] == [("36.56", "万元", 2026, None, False), ("28.65", "万元", 2025, None, True)]
    assert found["fiscal.change_total"] == [("7.91", "万元", 2026, 2025, False)]
    assert found["fiscal.change_basic"] == [("-1.09", "万元", 2026, 2025, False)]
    assert found["fiscal.basic"][1] == ("27.65", "万元", 2025, None, True)
    assert found["fiscal.project"][0] == ("100000", "元", 2026, None, False)
    assert found["fiscal.change_project"] == [("90000", "元", 2026, 2025, False)]


def test_amounts_in_yuan_whatever_the_unit() -> None:
    facts = narrative_facts(a_document(headings=TEXT))
    assert [f.amount_yuan for f in facts if f.role == "fiscal.project"] == [Decimal(100000), Decimal(10000)]
    assert next(f.amount_yuan for f in facts if f.role == "fiscal.basic") == Decimal(265600)


@pytest.mark.parametrize(("name", "n"), [("000", 8), ("001", 8), ("002", 8), ("003", 6)])
def test_the_real_documents_say_what_the_year_before_was(name: str, n: int) -> None:
    implied = [f for f in narrative_facts(read_truth(TRUTH / name)) if f.is_implied]
    assert len(implied) == n
    assert all(f.amount >= 0 and f.amount_yuan is not None and f.year for f in implied)


ROWS = (
    ("科目编码", "科目名称", "2025年预算数", "2026年预算数", "<", "<"),
    ("^", "^", "^", "总计", "基本支出", "项目支出"),
    ("201", "一般公共服务支出", "28.65", "36.56", "26.56", "10.00"),
    ("合计", "<", "{0}", "36.56", "26.56", "10.00"),
)


@pytest.mark.parametrize(
    ("before", "verdict"), [("28.65", CheckVerdict.HOLDS), ("28.95", CheckVerdict.SOURCE_INCONSISTENT)]
)
def test_a_change_is_compared_with_the_column_of_the_year_before(before: str, verdict: CheckVerdict) -> None:
    rows = [tuple(t.format(before) for t in row) for row in ROWS]
    document = a_document(a_table(rows, title="一般公共预算支出表"), headings=TEXT)
    changes = [c for c in before_suites(document).checks if "增加7.91万元 = table" in c.statement]
    assert [c.verdict for c in changes] == [verdict]
