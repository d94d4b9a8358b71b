from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samples.committed import committed_jobs
from samples.faces import FACES, Face, missing_packages
from samples.flow import Pages, pour_table
from samples.ink import RulingInk, Run
from samples.jobs import typeset
from samples.looks_data import PLAIN
from samples.source import load_document
from samples.table_layout import lay_out
from samples.values import Frame, SourceCell, SourceTable
from samples.wrap import wrap

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="typefaces are not installed")

TEXT = st.text("一般公共预算，。（）123.45 AB", max_size=60).map(str.strip)


def _dense(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None)
@given(TEXT, st.floats(30, 300), st.sampled_from(FACES))
def test_wrapping_loses_nothing_and_keeps_to_its_width(text: str, width: float, face: str) -> None:
    lines = wrap(text, width, Face(face), 10.0)
    assert _dense("".join(lines)) == _dense(text)
    assert all(Face(face).width(line.rstrip(), 10.0) <= width + 0.01 for line in lines if len(line) > 1)


def test_numbers_are_not_broken_over_lines() -> None:
    assert "3,064.66万元" in wrap("财政拨款收入3,064.66万元", 62, Face("song"), 10.0)


@pytest.mark.parametrize(
    ("document", "table"), [(d, t.name) for d in ("000", "001", "003") for t in load_document(d).tables]
)
def test_every_table_fits_and_prints_each_cell_once(document: str, table: str) -> None:
    source = load_document(document).table(table)
    laid = lay_out(source, PLAIN, 483.0)
    assert laid.width <= 483.01
    assert [_dense("".join(c.lines)) for c in laid.cells] == [_dense(c.text) for c in source.cells]


@pytest.mark.parametrize("repeat", [True, False])
def test_a_long_table_goes_on_over_pages(repeat: bool) -> None:
    look = replace(PLAIN, repeat_header=repeat, row_min_pt=40.0)
    table = load_document("000").table("t04")
    pages = pour_table(Pages(), table, look, landscape=False)
    assert pages.tables[0].page_numbers == tuple(range(1, len(pages.sheets) + 1))
    assert len(pages.sheets) == 3
    titles = [sum(isinstance(i, Run) and i.text == "科目编码" for i in sheet.inks) for sheet in pages.sheets]
    assert titles == ([1, 1, 1] if repeat else [1, 0, 0])
    codes = [i.text for sheet in pages.sheets for i in sheet.inks if isinstance(i, Run)]
    assert all(codes.count(cell.text) == 1 for cell in table.cells if cell.text.startswith("302"))


def _table(n_rows: int, n_cols: int, merged: bool) -> SourceTable:
    cells = [SourceCell(r, c, 1, 1, f"{r}.{c}") for r in range(n_rows) for c in range(n_cols)]
    if merged:
        cells = [SourceCell(0, 0, 1, n_cols, "合计"), *(c for c in cells if c.row > 0)]
    return SourceTable("x", "", "", "", "", (), n_rows, n_cols, 1, tuple(cells))


@given(st.integers(2, 5), st.integers(2, 5), st.booleans())
@settings(deadline=None, max_examples=20)
def test_a_full_frame_draws_each_edge_of_the_lattice(n_rows: int, n_cols: int, merged: bool) -> None:
    pages = pour_table(Pages(), _table(n_rows, n_cols, merged), PLAIN, landscape=False)
    rulings = [ink for ink in pages.sheet.inks if isinstance(ink, RulingInk)]
    across = {round(r.y0, 3) for r in rulings if r.y0 == r.y1}
    down = {round(r.x0, 3) for r in rulings if r.x0 == r.x1}
    assert (len(across), len(down)) == (n_rows + 1, n_cols + 1)
    top = min(across)
    inner_at_top = {round(r.x0, 3) for r in rulings if r.x0 == r.x1 and round(r.y0, 3) == top} - {min(down), max(down)}
    assert len(inner_at_top) == (0 if merged else n_cols - 1)


@pytest.mark.parametrize(
    ("frame", "has_down"),
    [(Frame.THREE_LINE, False), (Frame.HORIZONTAL, False), (Frame.OPEN_SIDES, True), (Frame.BORDERLESS, False)],
)
def test_frames_leave_out_what_they_say(frame: Frame, has_down: bool) -> None:
    pages = pour_table(Pages(), _table(4, 4, False), replace(PLAIN, frame=frame), landscape=False)
    rulings = [ink for ink in pages.sheet.inks if isinstance(ink, RulingInk)]
    assert any(r.x0 == r.x1 for r in rulings) is has_down
    assert bool(rulings) is (frame is not Frame.BORDERLESS)


def test_all_committed_jobs_typeset_on_their_sheets() -> None:
    for job in committed_jobs():
        for sheet in typeset(job, load_document(job.document)).sheets:
            for ink in sheet.inks:
                x, y = (ink.x, ink.y) if isinstance(ink, Run) else (ink.x1, ink.y1)
                assert 0 <= x <= sheet.width, (job.file_name, ink)
                assert 0 <= y <= sheet.height, (job.file_name, ink)
