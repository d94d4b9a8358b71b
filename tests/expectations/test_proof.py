"""Proof: what is read again, whose error a failing sum is, and what comes out on the real documents."""

from __future__ import annotations

from collections import Counter

import pytest

from expectations.catalogue.loader import load_catalogue
from expectations.known import know
from expectations.proof import cells_to_read, prove
from expectations.values import CellRef, CellVerdict, CheckVerdict, DocumentTables, SuiteInput
from expectations.verdicts import FAILING
from ocr.values import Reading, TextSource
from tests.expectations.documents import B5, B6, a_document, a_table, with_text
from tests.expectations.test_truth import BROKEN
from tests.expectations.truth import TRUTH, read_truth

RUNNING = CellRef(0, 5, 3)


def scanned(text: str = "20.00") -> DocumentTables:
    tables = [a_table(B5, title="一般公共预算支出表"), a_table(B6, title="一般公共预算基本支出表")]
    return with_text(a_document(*tables, source=TextSource.OCR), RUNNING, text)


class Looks:
    """A rereader that finds what is printed, and remembers what it was asked."""

    def __init__(self, printed: DocumentTables) -> None:
        self.slots = [t.slot_cells() for t in printed.tables]
        self.asked: tuple[CellRef, ...] = ()

    def __call__(self, refs: tuple[CellRef, ...]) -> tuple[tuple[CellRef, tuple[Reading, ...]], ...]:
        self.asked = refs
        return tuple((ref, self._readings(ref)) for ref in refs)

    def _readings(self, ref: CellRef) -> tuple[Reading, ...]:
        text = self.slots[ref.table_index][ref.row, ref.col].text
        return Reading(text, 0.98, "larger"), Reading(text, 0.97, "binary")


def no_suites(_: SuiteInput) -> tuple[()]:
    return ()


def test_only_cells_in_need_are_read_again() -> None:
    assert RUNNING in cells_to_read(know(scanned("80.00"), load_catalogue()))
    assert RUNNING not in cells_to_read(know(scanned(), load_catalogue()))
    layered = with_text(a_document(a_table(B5, title="一般公共预算支出表")), RUNNING, "80.00")
    assert cells_to_read(know(layered, load_catalogue())) == ()


def test_a_misread_figure_is_put_right_by_another_look() -> None:
    looks = Looks(scanned())
    document, report = prove(scanned("80.00"), looks, no_suites)
    cell = document.tables[0].slot_cells()[5, 3]
    assert (cell.text, cell.ocr_text) == ("20.00", "80.00")
    assert [r.source for r in cell.readings] == ["page", "larger", "binary"]
    assert dict(report.verdicts)[RUNNING] is CellVerdict.CORRECTED
    assert [c.changes[0].cell for c in report.corrections] == [RUNNING]
    assert not [c for c in report.checks if c.verdict in FAILING]


def test_a_misprint_that_every_look_sees_is_the_authors() -> None:
    document, report = prove(scanned("80.00"), Looks(scanned("80.00")), no_suites)
    assert document.tables[0].slot_cells()[5, 3].text == "80.00"
    assert report.corrections == ()
    assert {c.verdict for c in report.checks if c.verdict in FAILING} == {CheckVerdict.SOURCE_INCONSISTENT}


@pytest.mark.parametrize("reread", [None, lambda refs: ()])
def test_without_another_look_nothing_is_changed_and_the_reading_is_suspect(reread: None) -> None:
    document, report = prove(scanned("80.00"), reread, no_suites)
    assert document == scanned("80.00")
    assert {c.verdict for c in report.checks if c.verdict in FAILING} == {CheckVerdict.EXTRACTION_SUSPECT}
    assert dict(report.verdicts)[RUNNING] is CellVerdict.SUSPECT


@pytest.mark.parametrize("name", ["000", "001", "003"])
def test_the_authors_errors_are_named_from_a_scan_too(name: str) -> None:
    scan = read_truth(TRUTH / name, TextSource.OCR)
    document, report = prove(scan, Looks(scan), no_suites)
    failing = [c for c in report.checks if c.verdict in FAILING]
    assert Counter((c.identity, str(c.residual)) for c in failing) == BROKEN[name]
    assert {c.verdict for c in failing} <= {CheckVerdict.SOURCE_INCONSISTENT}
    assert report.corrections == ()
    assert CellVerdict.SUSPECT not in {v for _, v in report.verdicts}
    assert [[c.text for c in t.cells] for t in document.tables] == [[c.text for c in t.cells] for t in scan.tables]
