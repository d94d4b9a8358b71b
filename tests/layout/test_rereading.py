from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from layout.calibration import calibrated
from layout.cells import fill_grid
from layout.crops import line_crops, text_rows
from layout.ink_levels import measure_ink
from layout.off_type import column_forms, mark_off_type
from layout.printed_marks import has_wrong_marks
from layout.rereading import RereadOptions, reread_doubtful, settle
from layout.values import Doubt, Table
from layout.witnesses import same_reading
from ocr.glances import GlanceCrops
from ocr.values import PageImage, Pixels, Reading, Word
from tests.builders import COL_PX, LEFT_PX, ROW_PX, TOP_PX, grid, page, page_text, table, word

MIDDLE = TOP_PX + 10


class Reader:
    """Answers crops in order, and remembers how often it was asked."""

    def __init__(self, *answers: str, confidence: float = 0.98) -> None:
        self.answers, self.confidence, self.calls, self.crops = answers, confidence, 0, list[Pixels]()

    def __call__(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        self.calls += 1
        self.crops += crops
        assert len(crops) == len(self.answers), f"{len(crops)} crops"
        return tuple(Reading(text, self.confidence, "crop") for text in self.answers)


def column(*values: str, doubt_at: int | None = None, ghost: str = "") -> tuple[Table, PageImage]:
    """One column of figures; ``ghost`` leaves ink in the last row but was not detected."""
    one = grid("|".join("." for _ in [*values, *([ghost] if ghost else [])]))
    words = [word(v, LEFT_PX + 10, MIDDLE + ROW_PX * i) for i, v in enumerate(values)]
    if doubt_at is not None:
        weak = words[doubt_at]
        words[doubt_at] = Word(weak.text, weak.bbox, 0.5, tuple(replace(c, confidence=0.5) for c in weak.chars))
    hidden = [word(ghost, LEFT_PX + 10, MIDDLE + ROW_PX * len(values))] if ghost else []
    image = page(*words, *hidden, grids=[one])
    return fill_grid(one, image, page_text(*words)), image


def test_without_doubt_nothing_is_read() -> None:
    table, image = column("1.50", "2.50", "3.50")
    reader = Reader()
    assert reread_doubtful(table, image, reader) == calibrated(table)
    assert reader.calls == 0


def test_agreement_clears_the_doubt_and_keeps_the_readings() -> None:
    table, image = column("1.50", "2.50", "3.50", doubt_at=1)
    cell = reread_doubtful(table, image, Reader("2.50", "2．50")).cells[1]
    assert (cell.text, cell.doubts) == ("2.50", ())
    assert cell.confidence > 0.9
    assert [r.source for r in cell.readings] == ["page", "crop", "crop"]


def test_one_dissenting_reading_of_a_figure_keeps_the_doubt() -> None:
    table, image = column("1.50", "2.50", "3.50", doubt_at=1)
    cell = reread_doubtful(table, image, Reader("2.50", "2.60")).cells[1]
    assert cell.text == "2.50"
    assert Doubt.READINGS_DIFFER in cell.doubts


def test_a_reading_in_the_form_of_its_column_is_preferred_but_stays_doubted() -> None:
    table, image = column("11.50", "12.50", "13.50", "1450")
    table = replace(table, cells=(*table.cells[:3], replace(table.cells[3], text="14.5O", ocr_text="14.5O")))
    cell = reread_doubtful(table, image, Reader("14.50", "14.50")).cells[3]
    assert (cell.text, cell.ocr_text) == ("14.50", "14.5O")
    assert cell.doubts == (Doubt.OFF_TYPE, Doubt.READINGS_DIFFER)


@pytest.mark.parametrize("damaged", ["3,064,66", "12.5O", "1.2.3", "l2.50"])
def test_a_damaged_figure_is_off_type_a_word_is_not(damaged: str) -> None:
    table, image = column("1.50", "2.50", "3.50", damaged, "无")
    result = reread_doubtful(table, image, Reader(damaged, damaged))
    assert [r.text for r in result.cells[3].readings[:3]] == [damaged] * 3
    assert result.cells[4].readings == ()


def test_figures_beside_a_stroke_are_read_again_though_all_of_the_column_is_so() -> None:
    whole = table([["金额"], ["487.64!"], ["|77.94"], ["7.04丨"], ["好！"]])
    marked = mark_off_type(whole, column_forms(whole), RereadOptions().least_figures)
    assert [Doubt.OFF_TYPE in c.doubts for c in marked.cells] == [False, True, True, True, False]


def test_lost_decimals_are_looked_at_again() -> None:
    table, image = column("11.50", "12.50", "13.50", "14.50", "15.50", "1650")
    cell = reread_doubtful(table, image, Reader("16.50", "16.50")).cells[5]
    assert cell.text == "16.50"
    assert Doubt.READINGS_DIFFER in cell.doubts


@pytest.mark.parametrize(("text", "is_doubted"), [("59796", True), ("597", False)])
def test_a_long_row_of_digits_among_decimals_may_have_lost_its_point(text: str, is_doubted: bool) -> None:
    table, image = column("840.16", "520.67", "826.44", "170.02", "815.07", text, doubt_at=5)
    cell = reread_doubtful(table, image, Reader(text, text)).cells[5]
    assert (Doubt.OFF_TYPE in cell.doubts) == is_doubted


def test_a_missed_figure_is_taken_when_both_crops_agree() -> None:
    table, image = column("1.50", "2.50", "3.50", ghost="0.25")
    assert table.cells[3].doubts == (Doubt.INK_WITHOUT_TEXT,)
    sure = reread_doubtful(table, image, Reader("0.25", "0.25")).cells[3]
    assert (sure.text, sure.ocr_text, sure.doubts) == ("0.25", "", ())
    unsure = reread_doubtful(table, image, Reader("0.25", "0.25", confidence=0.4)).cells[3]
    assert unsure.text == ""
    assert Doubt.READINGS_DIFFER in unsure.doubts


@pytest.mark.parametrize(("read", "is_doubted"), [("76.996", True), ("75.96", False)])
def test_digits_in_the_place_of_a_percent_settle_nothing(read: str, is_doubted: bool) -> None:
    table, image = column("1.50", "2.50", "3.50", "76.9%")
    beside = replace(table.cells[3], doubts=(Doubt.INK_WITHOUT_TEXT,))
    cell = reread_doubtful(replace(table, cells=(*table.cells[:3], beside)), image, Reader(read, read)).cells[3]
    assert (Doubt.READINGS_DIFFER in cell.doubts) == is_doubted


def test_three_decimals_among_whole_numbers_are_a_group() -> None:
    table, image = column("1,250", "12,500", "13,504", "504", "2,504", "131,042.525")
    cell = reread_doubtful(table, image, Reader("131,042.525", "131,042.525")).cells[5]
    assert cell.text == "131,042,525"
    assert Doubt.OFF_TYPE in cell.doubts


@pytest.mark.parametrize(("text", "sure", "kept"), [("12", 0.7, ""), ("12", 0.97, "12"), ("—", 0.7, "—")])
def test_a_figure_without_ink_that_only_the_page_saw_unsurely_is_none(text: str, sure: float, kept: str) -> None:
    table, _ = column("1.50", "2.50", "3.50")
    cell = replace(table.cells[1], text=text, confidence=sure, doubts=(Doubt.TEXT_WITHOUT_INK,))
    settled = settle(
        cell, [Reading("", 0.0, "crop"), Reading("", 0.0, "crop")], column_forms(table)[0], RereadOptions()
    )
    assert settled.text == kept
    assert Doubt.READINGS_DIFFER in settled.doubts
    assert settled.readings[0].text == text


def test_all_crops_of_a_table_go_in_one_call_without_rulings_or_neighbours() -> None:
    one = grid("..")
    words = [word("31.5022.75", LEFT_PX + COL_PX - 60, MIDDLE)]
    image = page(*words, grids=[one])
    reader = Reader("31.50", "31.50", "22.75", "22.75")
    table = reread_doubtful(fill_grid(one, image, page_text(*words)), image, reader)
    assert [c.doubts for c in table.cells] == [(), ()]
    assert reader.calls == 1
    edges = [np.concatenate([c[0], c[-1], c[:, 0], c[:, -1]]) for c in reader.crops]
    assert all((edge > 200).all() for edge in edges)


def test_an_engine_failure_is_not_swallowed() -> None:
    table, image = column("1.50", doubt_at=0)

    def broken(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        raise RuntimeError("engine")

    with pytest.raises(RuntimeError, match="engine"):
        reread_doubtful(table, image, broken)


def test_lines_are_parted_by_projection() -> None:
    rows = np.zeros((100, 50), bool)
    rows[5:20, 10:40] = rows[30:33, 10:40] = rows[40:44, 10:40] = rows[70:71, 10:40] = True
    assert text_rows(rows, 18.0) == [(5, 20), (30, 44)]
    image = page(word("12", 70, 110), word("34", 70, 150), size=(300, 300))
    levels = measure_ink(image, grid("A|A").region.bbox, [word("12", 70, 110)], 20.0)
    assert len(line_crops(image, grid("A|A").span_bbox(0), levels, 0.3)) == 2


def test_equal_print_is_the_same_reading() -> None:
    assert same_reading("1,234.50", "1，234.50")
    assert same_reading("—", "-")
    assert not same_reading("1.5", "1.50")
    assert not same_reading("0", "")
    assert same_reading("公务 接待", "公务\n接待")


def test_the_same_guess_three_times_is_still_a_guess() -> None:
    table, image = column("1.50", "2.50", "3.50", doubt_at=1)
    cell = reread_doubtful(table, image, Reader("2.50", "2.50", confidence=0.6)).cells[1]
    assert (cell.text, cell.doubts) == ("2.50", (Doubt.LOW_CONFIDENCE,))


def test_two_sure_readings_outweigh_a_cut_one_but_one_unsure_does_not() -> None:
    one = grid("..")
    words = [word("31.5022.75", LEFT_PX + COL_PX - 60, MIDDLE)]
    image = page(*words, grids=[one])
    filled = fill_grid(one, image, page_text(*words))

    def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        answers = [("31.58", 0.98), ("31.58", 0.98), ("22.76", 0.86), ("22.78", 0.4)]
        return tuple(Reading(text, sure, "crop") for text, sure in answers)

    left, right = reread_doubtful(filled, image, read).cells
    assert (left.text, right.text) == ("31.58", "22.75")
    assert Doubt.READINGS_DIFFER in right.doubts


def test_a_minus_that_the_crops_lose_is_kept_and_doubted() -> None:
    table, image = column("1.50", "2.50", "3.50", "-4.50")
    doubted = replace(table.cells[3], doubts=(Doubt.CROSSED_RULING,))
    table = replace(table, cells=(*table.cells[:3], doubted))
    cell = reread_doubtful(table, image, Reader("4.50", "4.50")).cells[3]
    assert (cell.text, Doubt.READINGS_DIFFER in cell.doubts) == ("-4.50", True)


def test_ink_that_one_of_two_crops_reads_is_not_settled_as_empty() -> None:
    table, image = column("甲", "乙", ghost="丙")
    cell = reread_doubtful(table, image, Reader("", "丙", confidence=0.5)).cells[2]
    assert (cell.text, Doubt.READINGS_DIFFER in cell.doubts) == ("", True)


def test_agreement_of_crops_is_no_proof_under_a_seal() -> None:
    one, words = grid("."), (word("3.50", 70, MIDDLE),)
    image = replace(page(*words, grids=[one]), seals=(words[0].bbox,))
    (cell,) = reread_doubtful(fill_grid(one, image, page_text(*words)), image, Reader("3.50", "3.50", "3.50")).cells
    assert cell.doubts == (Doubt.UNDER_SEAL,)
    assert len(cell.readings) == 4


@pytest.mark.parametrize(
    ("first", "crops", "chosen"),
    [
        ("一 350.25", ("4日350.25", "4号350.25", "350.25"), "350.25"),
        ("5,479.69", ("5,479.69", "5,479.69", "-5,479.69"), "-5,479.69"),
        ("350.25", ("350.25", "350.26", "350.25"), "350.25"),
    ],
    ids=["traces of the seal", "a minus", "a digit"],
)
def test_under_a_seal_the_likeliest_reading_counts_and_stays_doubted(
    first: str, crops: tuple[str, ...], chosen: str
) -> None:
    """The last crop is one without the traces of the seal's ink."""
    column = table([["金额"], *([f"{n}.25"] for n in range(10, 19)), [first]])
    cell = replace(column.cells[-1], doubts=(Doubt.UNDER_SEAL,), confidence=0.9)
    readings = tuple(Reading(text, 0.5 + 0.2 * i, "crop") for i, text in enumerate(crops))
    found = settle(cell, readings, column_forms(column)[0], RereadOptions())
    assert found.text == chosen
    assert Doubt.UNDER_SEAL in found.doubts
    assert Doubt.READINGS_DIFFER in found.doubts


def test_a_figure_without_the_sign_that_was_read_first_is_not_taken() -> None:
    column = table([["金额"], *([f"{n}.25"] for n in range(10, 19)), ["△371.233.83"]])
    crops = (Reading("371,233.83", 0.99, "crop"), Reading("371,233.83", 0.53, "crop"))
    cell = replace(column.cells[-1], doubts=(Doubt.OFF_TYPE,), confidence=0.5)
    found = settle(cell, crops, column_forms(column)[0], RereadOptions())
    assert (found.text, Doubt.READINGS_DIFFER in found.doubts) == ("△371.233.83", True)


@pytest.mark.parametrize(
    ("text", "is_damaged"),
    [
        ("55.714.01", True), ("1,234,56", True), ("-6.705.02", True), ("(1.234.50)", True), ("37..60", True),
        ("1,234.56", False), ("123.45", False), ("2024.01.05", False), ("1:2", False), ("1,234", False), ("3,4", False),
    ],
)  # fmt: skip
def test_an_amount_with_marks_of_another_kind_stays_doubted_in_any_column(text: str, is_damaged: bool) -> None:
    """Where a whole column is read with points for commas it has no form; three readings that agree settle nothing."""
    assert has_wrong_marks(text) is is_damaged
    column = table([["金额"], [text], [text], [text]])
    marked = mark_off_type(column, column_forms(column), RereadOptions().least_figures)
    assert all((Doubt.OFF_TYPE in c.doubts) is is_damaged for c in marked.cells[1:])
    if is_damaged:
        agreed = (Reading(text, 0.99, "crop"), Reading(text, 0.99, "crop"))
        form = column_forms(column)[0]
        assert Doubt.OFF_TYPE in settle(marked.cells[1], agreed, form, RereadOptions()).doubts


def test_a_figure_that_lacks_a_decimal_stays_doubted_however_often_it_is_read_so() -> None:
    """Its last digit may have gone with the ruling beside it, in the crops as on the page."""
    column = table([["金额"], *([f"{n}.25"] for n in range(10, 19)), ["123.7"]])
    form = column_forms(column)[0]
    marked = mark_off_type(column, (form,), RereadOptions().least_figures)
    agreed = (Reading("123.7", 0.99, "crop"), Reading("123.7", 0.99, "crop"))
    assert settle(marked.cells[-1], agreed, form, RereadOptions()).doubts == (Doubt.OFF_TYPE,)


def glancing(*texts: str | None) -> GlanceCrops:
    def glance(crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        assert len(crops) == len(texts)
        return tuple(None if text is None else Reading(text, 0.99, "crop") for text in texts)

    return glance


def with_doubts(*doubts: Doubt) -> tuple[Table, PageImage]:
    table, image = column("1.50", "2.50", "3.50")
    cells = list(table.cells)
    cells[1] = replace(cells[1], doubts=doubts)
    return replace(table, cells=tuple(cells)), image


def test_glances_that_surely_agree_are_enough_where_only_ink_speaks_against_a_text() -> None:
    table, image = with_doubts(Doubt.INK_WITHOUT_TEXT)
    reader = Reader()
    cell = reread_doubtful(table, image, reader, glance_crops=glancing("2.50", "2．50")).cells[1]
    assert (cell.text, cell.doubts) == ("2.50", ())
    assert [(r.source, r.confidence) for r in cell.readings[1:]] == [("crop", 0.99), ("crop", 0.99)]
    assert reader.calls == 0


@pytest.mark.parametrize("glances", [("2.50", None), (None, "2.50"), ("2.50", "-2.50"), ("-2.50", "-2.50"), ("", "")])
def test_where_a_glance_is_unsure_or_says_something_else_both_are_read_in_full(glances: tuple[str | None, ...]) -> None:
    table, image = with_doubts(Doubt.INK_WITHOUT_TEXT)
    reader = Reader("-2.50", "-2.50", confidence=0.9)
    cell = reread_doubtful(table, image, reader, glance_crops=glancing(*glances)).cells[1]
    assert [(r.text, r.confidence) for r in cell.readings[1:]] == [("-2.50", 0.9), ("-2.50", 0.9)]


@pytest.mark.parametrize("doubts", [(Doubt.LOW_CONFIDENCE,), (Doubt.INK_WITHOUT_TEXT, Doubt.LOW_CONFIDENCE)])
def test_what_else_is_doubtful_is_never_glanced_at(doubts: tuple[Doubt, ...]) -> None:
    table, image = with_doubts(*doubts)
    reader = Reader("2.50", "2.50")
    reread_doubtful(table, image, reader, glance_crops=glancing())
    assert reader.calls == 1


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [("项目支出 552.37", True), ("5辆 10.00", True), ("552.37", False), ("2026年 预算数", False)],
)
@pytest.mark.parametrize("below", ["^", "12.30"], ids=["merged", "one"])
def test_an_amount_that_shares_its_cell_is_in_doubt(text: str, is_doubted: bool, below: str) -> None:
    whole = table([["项目", text], ["合计", below], ["其他", "12.34"]])
    marked = mark_off_type(whole, column_forms(whole), RereadOptions().least_figures)
    assert [Doubt.OFF_TYPE in c.doubts for c in marked.cells if c.text == text] == [is_doubted]


def test_that_readings_agree_does_not_tell_to_whom_an_amount_belongs() -> None:
    shared = replace(table([["项目支出 552.37"]]).cells[0], doubts=(Doubt.OFF_TYPE,), confidence=0.9)
    alone = replace(shared, text="552.37")
    forms = column_forms(table([["金额"], *([f"{n}.25"] for n in range(10, 19))]))
    for cell, doubts in ((shared, (Doubt.OFF_TYPE,)), (alone, ())):
        crops = tuple(Reading(cell.text, 0.99, "crop") for _ in range(2))
        assert settle(cell, crops, forms[0], RereadOptions()).doubts == doubts
