"""Final accounts J1 to J9: kinds, identities and suites on tables as offices print them."""

from __future__ import annotations

import random
from functools import cache

import pytest

from expectations.facts import to_facts
from expectations.gx import run_suites
from expectations.validate import before_suites
from expectations.values import CellRef, CellVerdict, CheckVerdict, Finding, SuiteInput
from expectations.verdicts import FAILING, coverage
from ocr.values import TextSource
from tests.expectations.documents import a_document, a_table, with_text
from tests.expectations.final_accounts import J1, J4, J5, J6, KINDS, TITLES, accounts


@cache
def known(source: TextSource = TextSource.TEXT_LAYER) -> SuiteInput:
    return before_suites(accounts(source))


@cache
def findings() -> tuple[Finding, ...]:
    return run_suites(known())


def test_every_kind_is_recognised() -> None:
    assert known().kinds == KINDS
    assert (known().identity.kind, known().identity.fiscal_year) == ("final_accounts", 2024)


def test_every_kind_is_recognised_without_its_title() -> None:
    """Identical headers say nothing: what cannot be told apart stays without a kind, and none is mistaken."""
    untitled = a_document(*(a_table([*rows]) for rows in (J1, J4, J6)), headings=("某局2024年度部门决算",))
    assert before_suites(untitled).kinds == ("J1", "J4", "J6")


def test_all_identities_hold_and_nothing_fails() -> None:
    failing = [(c.identity, c.statement) for c in known().checks if c.verdict in FAILING]
    assert failing == []
    holding = {c.identity for c in known().checks if c.verdict is CheckVerdict.HOLDS}
    inside = {"I01", "I02", "I03", "I04", "I05", "I06", "I07", "I08", "I09", "I10", "I11", "I12"}
    assert holding >= inside | {"X01", "X03", "X05", "X06", "X07", "X08"}


def test_coverage() -> None:
    found = coverage(known().checks, known().facts)
    assert found.n_figures == 200
    assert found.under_one == 1.0
    assert found.under_two >= 0.8


def test_a_row_that_numbers_the_columns_is_no_figure() -> None:
    facts = [
        f
        for f in known().facts
        if f.name in ("栏次", "项 栏次") or (f.table_kind == "J7" and f.decimals == 0 and f.amount)
    ]
    assert facts == []


def test_codes_split_over_three_columns_are_whole() -> None:
    codes = {f.code for f in known().facts if f.table_kind == "J3"}
    assert {"201", "20103", "2010301", "2010350", "2230199"} <= codes


def test_no_suite_finds_anything() -> None:
    failed = [(f.table_index, f.expectation, f.cells) for f in findings() if not f.success]
    assert failed == []


def test_each_suite_of_accounts_looked_at_something() -> None:
    for index, kind in enumerate(KINDS):
        mine = [f for f in findings() if f.table_index == index and f.suite == kind]
        assert mine, kind
        assert any(f.n_evaluated for f in mine), kind


def test_wrong_digits_are_found() -> None:
    rng = random.Random(9)
    scanned = accounts(TextSource.OCR)
    places = [f.cell for f in known(TextSource.OCR).facts if f.amount and f.amount_yuan is not None]
    missed = []
    for ref in rng.sample(places, 30):
        text = scanned.tables[ref.table_index].slot_cells()[ref.row, ref.col].text
        at = rng.choice([i for i, ch in enumerate(text) if ch.isdigit()])
        wrong = text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]
        read = before_suites(with_text(scanned, ref, wrong))
        fails = any(c.verdict in FAILING and any(t.cell == ref for t in c.terms) for c in read.checks)
        missed += [] if fails or dict(read.verdicts)[ref] is CellVerdict.SUSPECT else [(ref, text, wrong)]
    assert missed == []


@pytest.mark.parametrize("kind", ["J2", "J3", "J5"])
def test_a_title_tells_tables_with_like_headers_apart(kind: str) -> None:
    alone = a_document(a_table([*J5], title=TITLES["J5"]), headings=("某局2024年度部门决算",))
    assert before_suites(alone).kinds == ("J5",)
    assert before_suites(accounts()).kinds[KINDS.index(kind)] == kind


def test_a_two_sided_table_gives_facts_of_all_its_sides() -> None:
    facts = {f.cell: f for f in to_facts(accounts(), KINDS) if f.table_kind == "J6"}
    index = KINDS.index("J6")
    assert [facts[CellRef(index, 2, col)].code for col in (2, 5, 8)] == ["301", "302", "307"]
    assert facts[CellRef(index, 5, 8)].name == "办公设备购置"
