"""A figure explained from document.json alone, and its page."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from expectations.explain import explain
from expectations.explain_page import equation, explanation_lines, explanation_page, grouped
from expectations.validate import before_suites
from expectations.values import Change, Finding, RepairKind, Severity, Suggestion, ValidationReport
from flows.export import document_json
from flows.results import conclude
from tests.expectations.documents import B4, B5, B6, a_document, a_table

HEADINGS = ("某局2026年部门预算",)


@cache
def data(rows: tuple[tuple[str, ...], ...] = B5) -> dict[str, Any]:
    tables = (
        a_table(rows, title="一般公共预算支出表"),
        a_table(B6, title="基本支出表"),
        a_table(B4, title="财政拨款收支总表"),
    )
    document = a_document(*tables, headings=HEADINGS)
    known = before_suites(document)
    cell = known.facts[0].cell
    finding = Finding("table", "x", Severity.WARNING, False, 1, "Look at it.", (cell,), 0)
    change = Change(cell, "36.58", "36.56", "the second reading")
    correction = Suggestion(RepairKind.FIGURES, (change,), ("I01",), 0.9)
    report = ValidationReport(
        known.identity, known.kinds, known.facts, known.checks, (finding,), known.verdicts, (correction,)
    )
    made: dict[str, Any] = json.loads(json.dumps(document_json(conclude(document, report))))
    return made


def test_a_figure_with_its_names_and_the_terms_of_its_sums() -> None:
    found = explain(data(), 0, 5, 3)
    assert (found.row_name, found.column_name) == ("2010301 行政运行", "2026年预算数 / 基本支出")
    assert (found.text, found.value, found.verdict) == ("20.00", "20.00", "proven")
    row = next(c for c in found.checks if c.identity == "I01")
    assert [(t.name, t.coefficient, t.value, t.is_this) for t in row.terms] == [
        ("2010301 行政运行 · 2026年预算数 / 总计", 1, "20.00", False),
        ("2010301 行政运行 · 2026年预算数 / 基本支出", -1, "20.00", True),
        ("2010301 行政运行 · 2026年预算数 / 项目支出", -1, "0", False),
    ]
    assert equation(row) == "20.00 = 20.00 + 0"
    assert {p.row for p in found.neighbours} == {3, 4, 5, 6, 7}


def test_the_right_half_of_a_double_table_is_named_by_its_own_words() -> None:
    assert explain(data(), 2, 3, 4).row_name == "一般公共服务支出"


def test_findings_of_the_cell_only() -> None:
    assert explain(data(), 0, 2, 2).findings == ("Look at it.",)
    assert explain(data(), 0, 5, 3).findings == ()


def test_a_correction_is_told_with_its_proof() -> None:
    (change,) = explain(data(), 0, 2, 2).changes
    assert (change.read, change.proposed, change.applied, change.closes) == ("36.58", "36.56", True, ("I01",))


def test_a_cell_that_is_merged_is_found_by_any_of_its_slots() -> None:
    assert explain(data(), 0, 2, 1).text == "合计"


@pytest.mark.parametrize(
    ("place", "said"), [((9, 0, 0), "there is no table 10; this document has 3"), ((0, 0, 99), "no cell 1, 100")]
)
def test_what_is_not_there_is_said(place: tuple[int, int, int], said: str) -> None:
    with pytest.raises(LookupError, match=said):
        explain(data(), *place)


def with_readings() -> dict[str, Any]:
    made = json.loads(json.dumps(data()))
    cell = next(c for c in made["tables"][0]["cells"] if (c["row"], c["col"]) == (5, 3))
    cell["readings"] = [
        {"text": "20.00", "confidence": 0.9, "source": "page"},
        {"text": "26.00", "confidence": 0.6, "source": "<b>"},
    ]
    cell["doubts"] = ["readings_differ"]
    change = {"cell": [0, 5, 3], "read": "26.00", "proposed": "20.00", "evidence": "the second reading"}
    made["suggestions"] = [
        {"kind": "figures", "changes": [change], "closes": ["A = B"], "likelihood": 0.9, "reason": "one sum"}
    ]
    return made  # type: ignore[no-any-return]


def test_readings_alternatives_and_suggestions() -> None:
    found = explain(with_readings(), 0, 5, 3)
    assert [r.text for r in found.alternatives] == ["26.00"]
    assert [(c.proposed, c.applied, c.with_others, c.closes) for c in found.changes] == [
        ("20.00", False, 0, ("A = B",))
    ]
    lines = list(explanation_lines(found))
    assert "doubt: two readings differ" in lines
    assert "suggested: 26.00 -> 20.00  the second reading" in lines


def test_the_page_stands_alone_in_both_languages_and_escapes_what_it_shows() -> None:
    page = explanation_page(explain(with_readings(), 0, 5, 3), b"\x89PNG", b"\x89PNG")
    assert page.count('src="data:image/png;base64,iVBORw==') + page.count('src="data:image/png;base64,iVBORw') >= 2
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page
    assert "img-src data:" in page
    assert "&lt;b&gt;" in page
    assert "<td><b>" not in page
    for word in ("建议更正", "Suggested", "两次识别结果不一致", "20.00 = 20.00 + 0"):
        assert word in page


def test_the_page_says_when_there_is_no_picture() -> None:
    page = explanation_page(explain(data(), 0, 5, 3), why_not="The original is not at hand.")
    assert "The original is not at hand." in page
    assert "<img" not in page


@pytest.mark.parametrize(
    ("value", "printed"),
    [("1234567.80", "1,234,567.80"), ("-12450.29", "-12,450.29"), ("0.05", "0.05"), ("?", "?"), ("12", "12")],
)
def test_amounts_are_shown_as_printed(value: str, printed: str) -> None:
    assert grouped(value) == printed
