"""Rare shapes: what is drawn in cells, and tables lying on their side."""

from dataclasses import replace

import numpy as np
import pytest

from flows.scoring.truth import reading_of
from samples import invented, odd_shapes
from samples.draw import draw_sheet
from samples.faces import missing_packages
from samples.flow import Pages, pour_table, pour_turned
from samples.ink import RulingInk, Run, Sheet
from samples.jobs import Job, TablePart, TurnedPart, make_sample
from samples.look_sets import look_jobs
from samples.looks_data import FLATBED
from samples.turning import lying
from samples.values import Look, Mark, SourceTable

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="typefaces are not installed")
PLAIN = Look(header_bold=False, total_bold=False)
ODD = ("turned", "hatched", "struck", "split_header", "nested")


def _tables() -> list[SourceTable]:
    marked = odd_shapes.marked(invented.labelled_groups(1), Mark.HATCHED, Mark.NONE)
    return [marked, odd_shapes.by_years(1), odd_shapes.by_years(1, 2), odd_shapes.nested_form(1)]


@pytest.mark.parametrize("table", _tables(), ids=lambda table: table.name)
def test_truths_tile(table: SourceTable) -> None:
    sample = make_sample(Job("a.pdf", "", "003", (TablePart(table),), ageing=replace(FLATBED, dpi=72)), 1)
    (read,) = reading_of(sample.truth).tables
    assert len(read.slots) == read.n_rows * read.n_cols == sum(c.rowspan * c.colspan for c in read.cells)


def test_only_blank_cells_are_marked_and_in_turn() -> None:
    table = odd_shapes.marked(invented.long_list(2, 12), Mark.STRUCK, Mark.NONE)
    blank = [cell for cell in table.cells if not cell.text]
    assert len(blank) > 2
    assert [cell.mark for cell in blank] == [(Mark.STRUCK, Mark.NONE)[i % 2] for i in range(len(blank))]
    assert not any(cell.mark for cell in table.cells if cell.text)


def test_a_struck_cell_has_one_slanting_stroke_within_its_sides_and_a_split_header_both_labels_beside_it() -> None:
    sheet = pour_table(Pages(), odd_shapes.by_years(3), PLAIN, landscape=False).sheet
    (stroke,) = [ink for ink in sheet.inks if isinstance(ink, RulingInk) and ink.x0 != ink.x1 and ink.y0 != ink.y1]
    places = {ink.text: (ink.x, ink.y) for ink in sheet.inks if isinstance(ink, Run)}
    upper, lower = places["年份"], places["项目"]
    assert stroke.x0 < lower[0] < upper[0] < stroke.x1
    assert stroke.y0 < upper[1] < lower[1] < stroke.y1


def test_a_nested_grid_stands_clear_of_its_cell() -> None:
    sheet = pour_table(Pages(), odd_shapes.nested_form(3), PLAIN, landscape=False).sheet
    down = sorted({round(ink.x0, 2) for ink in sheet.inks if isinstance(ink, RulingInk) and ink.x0 == ink.x1})
    assert down[-1] - down[-2] == pytest.approx(5.0)


@pytest.mark.parametrize("turn", [90, 270])
def test_ink_laid_on_its_side_is_the_sheet_turned(turn: int) -> None:
    table = odd_shapes.by_years(4)
    pages = pour_table(Pages(), table, PLAIN, landscape=True)
    sheet = pages.sheet
    turned = Sheet(sheet.height, sheet.width, tuple(lying(sheet.inks, sheet.width, sheet.height, turn, 0.0, 0.0)))
    expected = np.rot90(draw_sheet(sheet, 144), k=-turn // 90).astype(float)
    drawn = draw_sheet(turned, 144).astype(float)
    assert drawn.shape == expected.shape
    assert np.abs(drawn - expected).mean() < 1.5
    assert (expected < 128).sum() == pytest.approx((drawn < 128).sum(), rel=0.05)


def test_a_turned_table_lies_below_an_upright_title_on_one_sheet() -> None:
    pages = pour_turned(Pages(), invented.long_list(5, 14), PLAIN, 270, own_page=True)
    runs = [ink for ink in pages.sheet.inks if isinstance(ink, Run)]
    assert len(pages.sheets) == 1
    assert pages.sheet.width < pages.sheet.height
    assert {run.turn for run in runs if run.text == "部门支出总表"} == {0}
    assert {run.turn for run in runs if run.text == "科目编码"} == {270}
    assert all(0 < run.x < pages.sheet.width and 0 < run.y < pages.sheet.height for run in runs)


def test_each_rare_shape_comes_in_two_typefaces_and_two_ageings() -> None:
    for name in ODD:
        own = [job for job in look_jobs() if job.file_name.startswith(f"shape-{name}-")]
        assert len({(job.look.face, job.ageing.name) for job in own}) == 2
    turned = [part for job in look_jobs() for part in job.parts if isinstance(part, TurnedPart)]
    assert {part.turn for part in turned} == {90, 270}
