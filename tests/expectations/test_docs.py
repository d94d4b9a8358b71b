"""The Data Docs: what they say, that nothing in them reaches out, and that text stays text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.docs import write_docs_index, write_document_docs
from expectations.docs_pages import MOST_CELLS
from expectations.docs_parts import LONGEST_TEXT, shown
from expectations.values import (
    CellRef,
    CellVerdict,
    CheckVerdict,
    DocumentIdentity,
    DocumentTables,
    Finding,
    Severity,
    SuiteInput,
    ValidationReport,
)
from layout.values import Doubt
from ocr.errors import StorageError
from ocr.values import PageFacts, PageFailure
from tests.expectations.suite_inputs import HOLDING, b5, change_cell, check, suite_input

EVIL = "<script>alert(1)</script>\u202e\x1b[31m{{7*7}}&amp;"
NOTHING = ValidationReport(DocumentIdentity("", "", None), (), (), (), (), ())
NAME = "abcdef0123456789"


class _Reader(HTMLParser):
    """Tags, addresses and text of a page; complains of a tag that is not closed where it should be."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def report_of(given_input: SuiteInput, *findings: Finding) -> ValidationReport:
    known = given_input
    return ValidationReport(known.identity, known.kinds, known.facts, known.checks, findings, known.verdicts)


def finding(name: str, *cells: tuple[int, int, int], suite: str = "table", severity: Severity = Severity.CRITICAL,
            success: bool = False, n_evaluated: int = 5, message: str = "") -> Finding:  # fmt: skip
    refs = tuple(CellRef(*ref) for ref in cells)
    return Finding(suite, name, severity, success, n_evaluated, message, refs, 0 if suite != "document" else None)


def write(
    folder: Path, given_input: SuiteInput, *findings: Finding, name: str = NAME, reasons: tuple[str, ...] = ()
) -> _Reader:
    page = write_document_docs(
        folder, name, given_input.document, report_of(given_input, *findings), "needs_review", reasons
    )
    return _Reader(page.read_text(encoding="utf-8"))


def index(folder: Path) -> _Reader:
    return _Reader(write_docs_index(folder).read_text(encoding="utf-8"))


def test_a_failing_cell_is_named_with_its_place_and_its_text(tmp_path: Path) -> None:
    table = change_cell(b5(), 4, 2, text="20.00", ocr_text="20,00", doubts=(Doubt.READINGS_DIFFER,), page_number=7)
    text = write(tmp_path, suite_input(table), finding("amounts_without_doubt", (0, 4, 2))).text
    assert "未通过" in text
    for said in (
        "所有金额的识别均无遗留疑点。",
        "No figure is left in doubt.",
        "Compare the cells named here with the page.",
    ):
        assert said in text
    row = re.search(r"753(2010301 · 行政运行 · 总计)(.*?)table/amounts_without_doubt", text)  # page 7, row 5, column 3
    assert row
    for said in ("20.00", "first reading: 20,00", "two readings differ"):
        assert said in row.group(2)


def test_passed_nothing_to_check_and_warning_are_told_apart(tmp_path: Path) -> None:
    findings = (
        finding("tables_found", suite="document"),
        finding("amounts_without_doubt", success=True, n_evaluated=15),
        finding("I08_read_correctly", success=True, n_evaluated=0),
        finding("amounts_confident", severity=Severity.WARNING),
    )
    page = write(tmp_path, suite_input(), *findings).text
    for said in ("✓ 1", "– 1", "! 1", "✗ 1", "无可检查内容 nothing to check"):
        assert said in page
    everything = page[page.index("Everything that was expected") :]
    assert everything.index("整份文件") < everything.index("一般公共预算财政拨款支出预算表")


def test_sums_that_do_not_close_stand_with_their_difference(tmp_path: Path) -> None:
    off = replace(check("I02", CheckVerdict.SOURCE_INCONSISTENT, (0, 3, 2), (0, 4, 2)), residual=683)
    page = write(tmp_path, suite_input(checks=(*HOLDING, off))).text
    assert "3 sums close exactly, 0 but for rounding, 1 do not; 0 could not be tried." in page
    assert "683" in page
    assert "does not close in print either" in page


def test_reasons_and_page_failures_stand_once(tmp_path: Path) -> None:
    pages = (
        PageFacts(3, 595.0, 842.0, failures=(PageFailure(3, "recognise", "E_X", "the engine broke", "Run again"),)),
    )
    told = finding("pages_read", suite="document", message="Every page could be read")
    reasons = ("page 3: the engine broke [E_X]", "document: Every page could be read [E_CHECK]", "the disk was full")
    text = write(tmp_path, suite_input(pages=pages), told, reasons=reasons).text
    assert text.count("the engine broke") == 1
    assert text.count("the disk was full") == 1
    assert "[E_CHECK]" not in text


def test_text_of_a_document_stays_text(tmp_path: Path) -> None:
    table = replace(change_cell(b5(), 4, 1, text=EVIL, ocr_text=EVIL), title=EVIL, label=EVIL)
    given_input = suite_input(table, identity=DocumentIdentity("budget", EVIL, 2026))
    given_input = replace(given_input, document=replace(given_input.document, source_name=f"\udcb0{EVIL}.pdf"))
    page = write(
        tmp_path, given_input, finding("labels_without_doubt", (0, 4, 1)), finding(EVIL, message=EVIL), reasons=(EVIL,)
    )
    for reader in (page, index(tmp_path)):
        assert "script" not in reader.tags
        assert "<script>alert(1)</script>\\u202e\\u001b[31m{{7*7}}&amp;" in reader.text


def test_nothing_reaches_out(tmp_path: Path) -> None:
    write(tmp_path, suite_input(), finding("amounts_without_doubt", (0, 4, 2)))
    index(tmp_path)
    for path in tmp_path.rglob("*.html"):
        content = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|//[a-z]|@import|url\(", content)
        assert "default-src 'none'" in content
        for address in _Reader(content).addresses:
            assert (path.parent / address).is_file()


def test_a_second_run_adds_to_the_index(tmp_path: Path) -> None:
    write(tmp_path, suite_input(), name="aaaa")
    assert index(tmp_path).addresses == ["documents/aaaa.html"]
    given_input = suite_input(verdicts={(0, 4, 2): CellVerdict.SUSPECT})
    write_document_docs(tmp_path, "bbbb", given_input.document, report_of(given_input), "accepted", ())
    write(tmp_path, suite_input(), name="aaaa")
    reader = index(tmp_path)
    assert reader.addresses == ["documents/aaaa.html", "documents/bbbb.html"]  # those that need a person first
    assert "25 已证实 proven" in reader.text
    assert "1 存疑 suspect" in reader.text


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, suite_input(), finding("amounts_without_doubt", (0, 4, 2)))
        index(tmp_path / name)
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert first == second
    assert {path.suffix for path in first} == {".html", ".json"}  # no draft is left behind


def test_a_document_that_never_came_to_validation_has_its_page(tmp_path: Path) -> None:
    document = DocumentTables("0" * 64, "坏.pdf", (), (), ())
    page = write_document_docs(tmp_path, "dddd", document, NOTHING, "rejected", ("the file holds no bytes [E_EMPTY]",))
    assert "the file holds no bytes [E_EMPTY]" in _Reader(page.read_text(encoding="utf-8")).text
    assert "坏.pdf" in index(tmp_path).text


def test_an_index_over_nothing_says_so(tmp_path: Path) -> None:
    assert "No documents yet." in index(tmp_path).text


def test_an_expectation_that_left_its_file_is_shown_by_its_message(tmp_path: Path) -> None:
    gone = finding("gone", suite="no_such_suite", message="It was so once")
    assert "It was so once" in write(tmp_path, suite_input(), gone).text


def test_a_long_list_of_cells_is_cut_and_says_so(tmp_path: Path) -> None:
    cells = [(0, row, 2) for row in range(MOST_CELLS + 5)]
    assert "and 5 more" in write(tmp_path, suite_input(), finding("amounts_without_doubt", *cells)).text


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    write(tmp_path, suite_input())
    record = tmp_path / "documents" / f"{NAME}.json"
    record.write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match="not a record") as caught:
        write_docs_index(tmp_path)
    assert caught.value.where == str(record)


@given(st.text(st.characters(codec=None)))
def test_shown_text_has_no_markup_and_nothing_invisible(text: str) -> None:
    result = shown(text)
    assert not set("<>\"'") & set(result)
    assert not [c for c in result if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    result.encode("utf-8")


@given(st.text("ab", min_size=LONGEST_TEXT + 1))
def test_long_text_is_cut(text: str) -> None:
    assert shown(text) == text[:LONGEST_TEXT] + "…"
