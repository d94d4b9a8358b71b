"""Layouts of places that no sample shows: the same invented books in each, recognised, closed, and checked for errors."""

from __future__ import annotations

import random
from functools import cache

import pytest

from expectations.catalogue.loader import load_catalogue
from expectations.gx import run_suites
from expectations.known import know
from expectations.validate import before_suites
from expectations.values import CellRef, CellVerdict, DocumentTables, Severity, SuiteInput
from expectations.verdicts import FAILING, coverage
from tests.expectations.documents import B5, a_document, a_table, with_text
from tests.expectations.provinces.places import KINDS, PLACES, as_printed_in


@cache
def document(place: str) -> DocumentTables:
    return as_printed_in(place)


@cache
def known(place: str) -> SuiteInput:
    return before_suites(document(place))


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_is_recognised(place: str) -> None:
    assert known(place).kinds == KINDS[place]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_printed_right_raises_no_alarm(place: str) -> None:
    assert [(c.identity, c.statement) for c in known(place).checks if c.verdict in FAILING] == []
    assert not [ref for ref, verdict in known(place).verdicts if verdict is CellVerdict.SUSPECT]


@pytest.mark.parametrize("place", PLACES)
def test_no_suite_keeps_it_from_export(place: str) -> None:
    critical = [f for f in run_suites(known(place)) if f.severity is Severity.CRITICAL and not f.success]
    assert critical == []


@pytest.mark.parametrize("place", PLACES)
def test_coverage(place: str) -> None:
    found = coverage(known(place).checks, known(place).facts)
    assert found.under_one >= 0.95
    assert found.under_two >= 0.75


@pytest.mark.parametrize("place", PLACES)
def test_a_wrong_digit_is_found(place: str) -> None:
    """In figures under an identity that every office keeps to: of the others nobody says that they must hold."""
    rng, whole = random.Random(place), know(document(place), load_catalogue())
    hard = [c for r, c in zip(whole.relations, whole.sums, strict=True) if not r.soft and c.residual is not None]
    under = {t.cell for c in hard for t in c.terms}
    money = [f.cell for f in whole.facts if f.amount and f.cell in under]
    assert [ref for ref in rng.sample(money, 12) if not _is_found(document(place), ref, rng)] == []


def _is_found(clean: DocumentTables, ref: CellRef, rng: random.Random) -> bool:
    text = clean.tables[ref.table_index].slot_cells()[ref.row, ref.col].text
    at = rng.choice([i for i, ch in enumerate(text) if ch.isdigit()])
    digit = rng.choice([d for d in "123456789" if d != text[at]])
    read = before_suites(with_text(clean, ref, text[:at] + digit + text[at + 1 :]))
    failing = any(c.verdict in FAILING and any(t.cell == ref for t in c.terms) for c in read.checks)
    return failing or dict(read.verdicts).get(ref) is CellVerdict.SUSPECT


def test_counts_and_ratios_are_no_money() -> None:
    rows = (
        ("项目", "2024年", "2025年", "增减率（%）"),
        ("公务接待费", "4.00", "5.00", "25.00"),
        ("国内公务接待批次（批）", "10", "12", "20.00"),
    )
    found = before_suites(a_document(a_table(rows, title="机关运行情况表"))).facts
    assert {(f.name, f.measure): f.amount_yuan for f in found if f.amount_yuan is not None}.keys() == {
        ("公务接待费", "2024年"), ("公务接待费", "2025年"),
    }  # fmt: skip


def test_two_tables_that_contradict_each_other_everywhere_are_about_different_things() -> None:
    """A table of another scope taken for one of the whole: no figure is suspect for it."""
    half = [
        B5[0],
        B5[1],
        *((*r[:-3], *(f"{float(x) / 2:.2f}" if x not in ("", "-") else x for x in r[-3:])) for r in B5[2:]),
    ]
    whole = a_table(B5, title="支出总表")
    other = a_table(half, title="一般公共预算财政拨款支出预算表")
    checks = before_suites(a_document(other, whole, headings=("某局2026年部门预算",))).checks
    assert not [c.statement for c in checks if c.verdict in FAILING]


def test_an_offices_code_that_looks_like_a_class_is_no_class() -> None:
    codes = {(f.name, f.code_system) for f in known("hunan").facts if f.cell.table_index == 0 and f.code == "205"}
    assert codes == {("某市发展研究中心", "unit"), ("教育支出", "functional")}
