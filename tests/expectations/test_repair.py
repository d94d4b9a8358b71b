"""Repair: made where a reading or an alternative and two identities agree on one answer, suggested otherwise, and never
where the author is to blame."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest

from expectations.candidates import CandidateOptions, supported_candidates
from expectations.catalogue.loader import load_catalogue
from expectations.confusions import misreading
from expectations.known import know, with_figures
from expectations.programme import Effort, Problem, Row, cheapest, price_of
from expectations.proof import prove_figures
from expectations.quiet import no_stdout
from expectations.repair import with_cells
from expectations.values import CellRef, CellVerdict, CheckVerdict, DocumentTables, RepairKind
from expectations.verdicts import FAILING
from layout.values import Cell, Doubt
from ocr.values import Char, Reading, TextSource, Word
from tests.expectations.documents import B4, B5, B6, a_document, a_table, read_twice

RUNNING = CellRef(0, 5, 3)
B5_WITHOUT_PROJECTS = (
    *B5[:2],
    ("合计", "<", "26.56", "26.56", ""),
    ("201", "一般公共服务支出", "20.00", "20.00", ""),
    ("20103", "政府办公厅（室）及相关机构事务", "20.00", "20.00", ""),
    ("2010301", "行政运行", "20.00", "20.00", ""),
    ("205", "教育支出", "6.56", "6.56", ""),
    ("2050803", "培训支出", "6.56", "6.56", ""),
)


def scanned() -> DocumentTables:
    tables = [a_table(B5, title="一般公共预算支出表"), a_table(B6, title="一般公共预算基本支出表"), a_table(B4)]
    return read_twice(a_document(*tables, headings=("某局2026年部门预算",), source=TextSource.OCR))


def spelled(text: str, alternatives: dict[int, tuple[str, float]]) -> tuple[Char, ...]:
    return tuple(
        Char(ch, float(i), i + 1.0, 0.7 if i in alternatives else 0.99, (alternatives[i],) if i in alternatives else ())
        for i, ch in enumerate(text)
    )


def misread(
    text: str,
    second: str,
    alternatives: dict[int, tuple[str, float]] | None = None,
    second_alternatives: dict[int, tuple[str, float]] | None = None,
) -> DocumentTables:
    """The documents with 2010301's basic expenditure (20.00) read as ``text``, and as ``second`` from the crop."""
    chars = spelled(text, alternatives or {})
    crop = Reading(second, 0.95, "crop", spelled(second, second_alternatives or {}))

    def change(cell: Cell) -> Cell:
        word = Word(text, cell.bbox, 0.7, chars)
        doubts = (Doubt.READINGS_DIFFER,) if text != second else ()
        readings = (Reading(text, 0.7, "page"), crop)
        return replace(cell, text=text, ocr_text=text, words=(word,), readings=readings, doubts=doubts)

    return with_cells(scanned(), {RUNNING: change})


def text_at(document: DocumentTables, ref: CellRef) -> str:
    return document.tables[ref.table_index].slot_cells()[ref.row, ref.col].text


def test_a_second_reading_that_closes_two_identities_is_believed() -> None:
    proof = prove_figures(know(misread("80.00", "20.00"), load_catalogue()))
    cell = proof.document.tables[0].slot_cells()[5, 3]
    assert (cell.text, cell.ocr_text) == ("20.00", "80.00")
    assert dict(proof.known.verdicts)[RUNNING] is CellVerdict.CORRECTED
    assert not [c for c in proof.known.checks if c.verdict in FAILING]
    (correction,) = proof.corrections
    assert (correction.changes[0].read, correction.changes[0].proposed) == ("80.00", "20.00")
    assert len(correction.closes) >= 2


def test_an_alternative_that_every_look_held_possible_is_believed() -> None:
    both = misread("80.00", "80.00", {0: ("2", 0.25)}, {0: ("2", 0.3)})
    assert text_at(prove_figures(know(both, load_catalogue())).document, RUNNING) == "20.00"


@pytest.mark.parametrize("alternatives", [{}, {0: ("2", 0.25)}, {0: ("2", 0.001)}])
def test_what_the_second_look_surely_reads_the_same_is_never_changed(
    alternatives: dict[int, tuple[str, float]],
) -> None:
    proof = prove_figures(know(misread("80.00", "80.00", alternatives), load_catalogue()))
    assert text_at(proof.document, RUNNING) == "80.00"
    assert proof.corrections == ()
    failing = {c.verdict for c in proof.known.checks if c.verdict in FAILING}
    assert failing == {CheckVerdict.SOURCE_INCONSISTENT}


def test_a_lookalike_that_would_close_everything_stays_a_matter_of_reading() -> None:
    """30.00 twice read as 80.00 is either the author's slip or a misreading: a person must look, nothing is changed."""
    document = with_cells(scanned(), {CellRef(0, 3, 3): lambda c: replace(c, text="28.00", ocr_text="28.00",
        readings=(Reading("28.00", 0.99, "page"), Reading("28.00", 0.99, "crop")))})  # fmt: skip
    proof = prove_figures(know(document, load_catalogue()))
    assert proof.corrections == ()
    assert any(c.verdict is CheckVerdict.EXTRACTION_SUSPECT for c in proof.known.checks)
    assert proof.suggestions[0].changes[0].proposed == "20.00"
    assert proof.suggestions[0].reason


def test_a_search_cut_short_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rival may stand where it did not look; nothing it found is known to be the only answer."""
    problem = Problem(((0.0, 1.0),), (Row(((0, (0, -5)),), 5, 0, True),), 9.0, 3.5)
    assert cheapest(problem, 5, 4.0, Effort()) != ()
    cut = SimpleNamespace(status=1, x=[0.0, 1.0, 0.0, 0.0], fun=1.0)
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: cut)
    assert cheapest(problem, 5, 4.0, Effort()) == ()


def test_what_compiled_code_prints_does_not_reach_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    printed = ctypes.CDLL(None)
    print("before")
    with no_stdout():
        printed.printf(b"a line of the solver's own\n")
        printed.fflush(None)
    print("after", flush=True)
    assert capfd.readouterr().out == "before\nafter\n"


def test_one_identity_is_no_proof() -> None:
    rows = (("科目编码", "科目名称", "总计", "基本支出"), ("201", "一般公共服务支出", "5.00", "5.00"))
    document = read_twice(a_document(a_table(rows, title="部门支出总表"), source=TextSource.OCR))
    readings = (Reading("6.00", 0.7, "page"), Reading("5.00", 0.95, "crop"))
    wrong = with_cells(document, {CellRef(0, 1, 2): lambda c: replace(c, text="6.00", ocr_text="6.00",
        readings=readings, doubts=(Doubt.READINGS_DIFFER,))})  # fmt: skip
    proof = prove_figures(know(wrong, load_catalogue()))
    assert proof.corrections == ()
    assert proof.suggestions[0].changes[0].proposed == "5.00"


def test_figures_taken_in_later_are_as_if_known_from_the_start() -> None:
    document = misread("80.00", "20.00")
    later, first = with_figures(know(scanned(), load_catalogue()), document), know(document, load_catalogue())
    assert (later.facts, later.checks, later.kinds) == (first.facts, first.checks, first.kinds)


@pytest.mark.parametrize(
    ("read", "repaired"), [("2000", "20.00"), ("3000", "3000"), ("20.0", "20.0"), ("2,00", "2,00")]
)
def test_a_point_that_every_look_lacks_is_put_back_where_the_table_prints_one(read: str, repaired: str) -> None:
    """The same digits with the point, and nothing else: another digit, or a shorter figure, is not put right."""
    document = prove_figures(know(misread(read, read), load_catalogue())).document
    assert text_at(document, RUNNING) == repaired


def test_a_table_of_mixed_decimals_does_not_ask_for_a_point() -> None:
    mixed = [tuple(t.replace(".00", "") if t.endswith(".00") else t for t in row) for row in B5]
    tables = [a_table(mixed, title="一般公共预算支出表"), a_table(B6), a_table(B4)]
    document = read_twice(a_document(*tables, headings=("某局2026年部门预算",), source=TextSource.OCR))
    wrong = with_cells(document, {RUNNING: lambda c: replace(c, text="2000", ocr_text="2000",
        readings=(Reading("2000", 0.99, "page"), Reading("2000", 0.99, "crop")))})  # fmt: skip
    assert prove_figures(know(wrong, load_catalogue())).corrections == ()


def test_noise_of_the_recogniser_is_no_candidate() -> None:
    cell = misread("80.00", "80.00", {0: ("2", 0.01)}, {0: ("2", 0.01)}).tables[0].slot_cells()[5, 3]
    assert supported_candidates(cell, CandidateOptions()) == ()
    doubted = misread("80.00", "80.00", {0: ("2", 0.2)}, {0: ("2", 0.2)}).tables[0].slot_cells()[5, 3]
    assert [c.value for c in supported_candidates(doubted, CandidateOptions())] == [Decimal(20)]


@pytest.mark.parametrize(
    ("read", "printed", "says"),
    [
        ("8.00", "3.00", "3 read as 8"),
        ("306466", "3064.66", "point lost, added or moved"),
        ("306.66", "3064.66", None),
        ("30.46", "30.461", "a digit was lost"),
        ("-5.00", "5.00", "sign lost or added"),
        ("12.34", "98.76", None),
        ("12.34", "12.34", None),
    ],
)
def test_misreadings_have_names(read: str, printed: str, says: str | None) -> None:
    found = misreading(read, printed)
    assert (found.says if found else None) == (says if read != "306.66" else "a digit was lost")


def test_the_cheapest_change_that_closes_all_is_chosen_and_its_rivals_are_named() -> None:
    """a = b + c and a = d, all read as 5 = 2 + 2 and 5 = 4: only a -> 4 closes both."""
    total = Row(((0, (0, -1)), (1, (0, -1))), 1, 0, may_stay_open=True)
    twin = Row(((0, (0, -1)),), 1, 0, may_stay_open=True)
    problem = Problem(((0.0, 3.0), (0.0, 1.0)), (total, twin), 9.0, 3.5)
    found = cheapest(problem, 5, 4.0, Effort())
    assert [(s.chosen, s.price) for s in found] == [(((0, 1),), 3.0)]
    assert price_of(problem, [0, 1]) == 1.0 + 9.0
    rival = Problem(((0.0, 3.0), (0.0, 1.0)), (total,), 9.0, 3.5)
    assert [s.chosen for s in cheapest(rival, 5, 4.0, Effort())] == [((1, 1),), ((0, 1),)]


def test_sums_of_great_differences_are_held_to_exactly() -> None:
    """A point lost makes changes of millions of last places, past what the solver's tolerances tell from nothing."""
    far = Row(((0, (0, -3_573_306)), (1, (0, -3_573_300))), 3_573_306, 0, may_stay_open=True)
    sure = Row(((0, (0, 3_573_306)), (1, (0, 3_573_300))), -3_573_307, 2, may_stay_open=True)
    problem = Problem(((0.0, 3.5), (0.0, 3.4)), (far, sure), 9.0, 3.5)
    assert [s.chosen for s in cheapest(problem, 5, 4.0, Effort())] == [((0, 1),)]


def test_what_holds_must_go_on_holding() -> None:
    holds = Row(((0, (0, 7)),), 0, 0, may_stay_open=False)
    fails = Row(((0, (0, -1)),), 1, 0, may_stay_open=True)
    problem = Problem(((0.0, 0.1),), (holds, fails), 9.0, 3.5)
    assert cheapest(problem, 5, 4.0, Effort()) == ()
    assert price_of(problem, [1]) == float("inf")


def suggested(document: DocumentTables, kind: RepairKind) -> list[dict[tuple[int, int], str]]:
    proof = prove_figures(know(document, load_catalogue()))
    assert proof.corrections == ()
    found = [s for s in proof.suggestions if s.kind is kind]
    assert all(s.reason for s in found)
    return [{(c.cell.row, c.cell.col): c.proposed for c in s.changes} for s in found]


def retold(texts: dict[tuple[int, int], str]) -> DocumentTables:
    """The documents with other texts in some cells of the first table, read once."""
    tables = [a_table(B5, title="一般公共预算支出表"), a_table(B6, title="一般公共预算基本支出表"), a_table(B4)]
    document = a_document(*tables, headings=("某局2026年部门预算",), source=TextSource.OCR)
    return with_cells(document, {CellRef(0, *at): partial(_reading, text=text) for at, text in texts.items()})


def _reading(cell: Cell, text: str) -> Cell:
    return replace(cell, text=text, ocr_text=text, confidence=0.9)


def test_a_number_split_over_two_cells_is_suggested_whole() -> None:
    found = suggested(retold({(7, 3): "6.", (7, 4): "56"}), RepairKind.FIGURES)
    assert {(7, 3): "6.56", (7, 4): ""} in found


def test_two_numbers_in_one_cell_are_suggested_apart() -> None:
    found = suggested(retold({(3, 3): "20.00 10.00", (3, 4): ""}), RepairKind.FIGURES)
    assert {(3, 3): "20.00", (3, 4): "10.00"} in found


def test_a_column_one_place_aside_is_suggested_back() -> None:
    rows = [(*row[:3], "", row[3]) if i > 1 else row for i, row in enumerate(B5_WITHOUT_PROJECTS)]
    table = a_table(rows, title="一般公共预算支出表")
    right = a_table(B5_WITHOUT_PROJECTS, title="部门支出总表")
    (found,) = suggested(a_document(table, right, source=TextSource.OCR), RepairKind.COLUMNS_SHIFTED)
    assert (found[2, 3], found[2, 4]) == ("26.56", "")


def test_a_row_read_twice_is_suggested_away() -> None:
    document = a_document(a_table((*B5, B5[-1]), title="一般公共预算支出表"), source=TextSource.OCR)
    (found,) = suggested(document, RepairKind.ROW_DOUBLED)
    assert found == {(9, 2): "", (9, 3): ""}
