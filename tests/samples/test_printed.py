"""The sheets other programs print hold what the truth says. The programs themselves run only where they are installed."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from samples.invented import labelled_groups
from samples.print_looks import NONE, PRINT_LOOKS, PrintLook, Rulings, Setting, alignment_of, borders_of
from samples.print_programs import Program, missing_programs, print_pages
from samples.printed_sets import FILES_PER_LOOK, printed_jobs
from samples.spreadsheet import spreadsheet
from samples.values import SourceCell, SourceTable
from samples.web_page import web_page

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SETTING = Setting(("Noto Sans CJK SC",), 9.0, 3.0, 2.0, True, True, False)
_GROUPS = labelled_groups(1)
_THIN = PRINT_LOOKS[0]


class _Cells(HTMLParser):
    """(rowspan, colspan, text) of each td in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, int, str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            spans = dict(attrs)
            self.found.append((int(spans.get("rowspan") or 1), int(spans.get("colspan") or 1), ""))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._open:
            *spans, text = self.found[-1]
            self.found[-1] = (spans[0], spans[1], text + data)


def _expected(table: SourceTable) -> list[tuple[int, int, str]]:
    return [(c.rowspan, c.colspan, c.text) for c in sorted(table.cells, key=lambda c: (c.row, c.col))]


def test_web_page_holds_every_cell_with_its_spans() -> None:
    parser = _Cells()
    parser.feed(web_page(_GROUPS, _THIN, _SETTING))
    assert [(a, b, text.replace("\xa0", "")) for a, b, text in parser.found] == _expected(_GROUPS)


def test_spreadsheet_holds_every_cell_with_its_spans_and_covers_the_rest() -> None:
    root = ElementTree.fromstring(spreadsheet(_GROUPS, _THIN, _SETTING))
    rows = [row for row in root.iter(f"{_TABLE}table-row") if f"{_TABLE}style-name" in row.attrib]
    found = [
        (
            int(cell.get(f"{_TABLE}number-rows-spanned", 1)),
            int(cell.get(f"{_TABLE}number-columns-spanned", 1)),
            "".join(p.text or "" for p in cell.iter(f"{_TEXT}p")),
        )
        for row in rows
        for cell in row.iter(f"{_TABLE}table-cell")
    ]
    assert found == _expected(_GROUPS)
    assert all(len(row) == _GROUPS.n_cols for row in rows)


@pytest.mark.parametrize("look", PRINT_LOOKS, ids=lambda look: f"{look.family}-{look.name}")
def test_neighbours_agree_on_the_border_between_them(look: PrintLook) -> None:
    right_of = {(c.row, c.col + c.colspan): c for c in _GROUPS.cells if c.rowspan == 1}
    pairs = [(right_of[c.row, c.col], c) for c in _GROUPS.cells if c.rowspan == 1 and (c.row, c.col) in right_of]
    assert pairs
    for left, right in pairs:
        assert borders_of(left, _GROUPS, look).right == borders_of(right, _GROUPS, look).left


def test_three_lines_are_three_lines() -> None:
    look = next(one for one in PRINT_LOOKS if one.rulings is Rulings.THREE_LINE)
    tops = {c.row: borders_of(c, _GROUPS, look).top for c in _GROUPS.cells if c.col == 0}
    assert [row for row, top in sorted(tops.items()) if top != NONE] == [0, _GROUPS.n_header_rows]
    assert {borders_of(c, _GROUPS, look).left for c in _GROUPS.cells} == {NONE}


@pytest.mark.parametrize(
    ("text", "side"),
    [("1,234.56", "right"), ("-3.20", "right"), ("95%", "right"), ("2080501", "left"), ("合计", "left")],
)
def test_figures_stand_right_and_words_left(text: str, side: str) -> None:
    assert alignment_of(SourceCell(_GROUPS.n_header_rows, 3, 1, 1, text), _GROUPS) == side


def test_a_seed_draws_each_look_alike_often_and_another_seed_draws_otherwise() -> None:
    names = [job.file_name for job in printed_jobs(3)]
    assert len(names) == len(set(names)) == FILES_PER_LOOK * len(PRINT_LOOKS)
    assert names == [job.file_name for job in printed_jobs(3)]
    assert names != [job.file_name for job in printed_jobs(4)]


@pytest.mark.skipif(bool(missing_programs()), reason="Chromium or LibreOffice is not installed")
@pytest.mark.parametrize("program", list(Program))
def test_a_program_prints_the_table_dark_on_paper(program: Program) -> None:
    write = web_page if program is Program.BROWSER else spreadsheet
    (page,) = print_pages(write(_GROUPS, _THIN, _SETTING), program, 72)
    assert abs(page.shape[0] - 842) <= 1
    assert abs(page.shape[1] - 595) <= 1
    frame = (page < 128).sum(axis=1)
    assert (frame > 0.8 * 500).sum() >= 2, "no ruling as wide as the table"
