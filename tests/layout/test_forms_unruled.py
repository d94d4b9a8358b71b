"""Forms without column rulings: bands of rows with columns of their own, rulings that leave merged labels out."""

from __future__ import annotations

import pytest

from layout.baselines import Level
from layout.body_rows import Row
from layout.body_spans import body_spans
from layout.column_sides import off_middle, side_ranges
from layout.glyph_strokes import without_glyph_strokes
from layout.gutters import Column
from layout.runs import Run, find_runs
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import Word
from tests import builders
from tests.layout.drawing import blank, page
from tests.layout.printing import printed, word
from tests.layout.test_implied import read, rule, shape
from tests.layout.test_unruled_columns import one_box


def spans_of(grid: object) -> set[tuple[int, int, int, int]]:
    return set(shape(grid)[2])  # type: ignore[arg-type]


def form() -> tuple[list[Word], list[Ruling]]:
    """Four rows of label and value twice, then a label merged down a list of four columns and five rows."""
    values = [("项目名称", "乡村道路养护工程", "项目编码", "500296"), ("主管部门", "县交通运输委员会", "实施单位", "公路中心"),
              ("预算总额", "县交通局大院三楼", "其中拨款", "22,455.64"), ("联系人", "李明", "联系电话", "74510000")]  # fmt: skip
    words = [word("绩效指标", 130, 450, "centre")]
    for i, texts in enumerate(values):
        words += [word(t, x, 150 + 50 * i, "centre") for t, x in zip(texts, (130, 430, 720, 920), strict=True)]
    rows = [("指标名称", "计量单位", "指标值", "权重"), ("养护里程", "公里", "120", "30"), ("验收合格", "%", "95", "30"),
            ("资金到位", "%", "100", "20"), ("群众满意", "%", "90", "20")]  # fmt: skip
    for i, texts in enumerate(rows):
        words += [word(t, x, 350 + 50 * i, "centre") for t, x in zip(texts, (340, 520, 720, 920), strict=True)]
    return words, [rule(y) for y in (125, 175, 225, 275, 325, 575)] + [rule(y, x0=230) for y in (375, 425, 475, 525)]


SPANS = {(0, 1, 1, 2), (1, 1, 1, 2), (2, 1, 1, 2), (3, 1, 1, 2), (4, 0, 5, 1)}


def test_rows_of_a_form_have_the_columns_of_their_band() -> None:
    words, rules = form()
    (grid,) = read(*printed(words, rules))
    assert (grid.n_rows, grid.n_cols) == (9, 5)
    assert spans_of(grid) == SPANS


def test_a_form_without_any_ruling_has_them_too() -> None:
    (grid,) = read(*printed(form()[0]))
    assert (grid.n_rows, grid.n_cols) == (9, 5)
    assert spans_of(grid) == SPANS


def test_texts_to_the_left_and_amounts_to_the_right_are_values_of_one_column() -> None:
    words = []
    for i, (label, value, other) in enumerate(
        (("单位名称", "县图书馆", "王建国"), ("登记地址", "人民路十八号", "48,862.56"), ("经费来源", "财政拨款", "70"), ("开办资金", "县财政局", "李明"))
    ):  # fmt: skip
        y = 150 + 50 * i
        amount = other[-1].isdigit()
        words += [word(label, 90, y), word(value, 270, y), word("编制人数", 560, y)]
        words.append(word(other, 990 if amount else 740, y, "right" if amount else "left"))
    (grid,) = read(*printed(words, [rule(y) for y in (125, 175, 225, 275, 325)]))
    assert shape(grid) == (4, 4, [])


def test_centred_heads_put_the_sides_of_columns() -> None:
    def head(x: float) -> Run:
        return Run("合计", BBox(x - 20, 0, x + 20, 20), 20.0, 0)

    columns = [Column(10, 60), Column(150, 260), Column(420, 485)]
    ranges = side_ranges(columns, {0: head(50), 1: head(250), 2: head(450)}, 20.0, (0, 500))
    assert ranges[1] == pytest.approx((92, 108))
    assert ranges[2] == pytest.approx((400, 400), abs=17)
    assert off_middle(200, ranges, 0, 2) == 0
    assert off_middle(250, ranges, 0, 2) > 30
    loose = side_ranges(columns, {0: head(50), 1: head(275)}, 20.0, (0, 500))
    assert loose[1] == (70, 150)


def test_a_spanner_over_some_of_its_parents_columns_is_over_these_only() -> None:
    words = [
        word("单位：万元", 1000, 105, "right"),
        word("部门", 110, 230),
        word("全年预算", 460, 150, "centre"),
        word("财政拨款", 460, 190, "centre"),
    ]
    middles = (240, 350, 460, 570, 680, 790)
    words += [word(n, x, 230, "centre") for n, x in zip(("合计", "小计", "基本", "项目", "其他", "决算"), middles, strict=True)]  # fmt: skip
    for row in range(6):
        y = 280 + 40 * row
        words.append(word("办公室", 90, y))
        words += [word(f"{row + 1},{col}37.5", x, y, "centre") for col, x in enumerate(middles)]
    (grid,) = read(*printed(words))
    assert {(0, 1, 1, 5), (1, 2, 1, 3)} <= spans_of(grid)


def test_words_of_latin_text_are_one_run_and_a_date_is_no_amount() -> None:
    words = one_box(one_box(word("Year ended", 100, 100), word("31", 212, 100)), word("December", 244, 100))
    image, text = printed([words])
    assert [r.text for r in find_runs(image, (), text)] == ["Year ended 31 December"]


def test_stems_of_lines_below_each_other_are_no_ruling() -> None:
    words = [builders.word("基金预算", 100, y, height=20) for y in (100, 122, 144)]
    through = Ruling(Orientation.VERTICAL, 106, 102, 162, 3.0)
    beyond = Ruling(Orientation.VERTICAL, 116, 60, 200, 3.0)
    assert without_glyph_strokes([through, beyond], page(blank(600, 900)), words) == (beyond,)


def test_a_stem_below_the_end_of_a_table_does_not_make_its_rulings_longer() -> None:
    line = builders.word("为深入贯彻落实", 100, 120, height=20)
    bottom = Ruling(Orientation.HORIZONTAL, 100, 50, 500, 3.0)
    upright = Ruling(Orientation.VERTICAL, 150, 20, 100, 3.0)
    stem = Ruling(Orientation.VERTICAL, 150, 121, 139, 3.0)
    kept = without_glyph_strokes([bottom, upright, stem], page(blank(600, 900)), [line])
    assert kept == (bottom, upright)


def test_texts_and_amounts_of_a_forms_first_rows_are_one_column_where_only_the_list_below_has_two() -> None:
    words = [word("绩效指标", 130, 450, "centre")]
    values = (("项目名称", "乡村道路养护工程", "项目编码"), ("主管部门", "县交通运输委员会", "实施单位"), ("预算总额", "2,916.00", "其中拨款"), ("联系人", "李明", "联系电话"))  # fmt: skip
    for i, (label, value, other) in enumerate(values):
        y = 150 + 50 * i
        x, align = (590, "right") if value[0].isdigit() else (340, "left")
        words += [
            word(label, 80, y),
            word(value, x, y, align),
            word(other, 640, y),
            word(f"{i + 3}7,610.56", 980, y, "right"),
        ]
    for i, (name, unit) in enumerate(
        (("指标名称", "计量单位"), ("养护里程", "公里"), ("验收合格", "米"), ("资金到位", "元"), ("群众满意", "人"))
    ):
        y = 350 + 50 * i
        words += [word(name, 340, y), word(unit, 510, y), word(f"指标{i}", 640, y), word(str(30 + i), 980, y, "right")]
    (grid,) = read(*printed(words))
    assert (grid.n_rows, grid.n_cols) == (9, 5)
    assert {s for s in spans_of(grid) if s[3] > 1} == {(0, 1, 1, 2), (1, 1, 1, 2), (2, 1, 1, 2), (3, 1, 1, 2)}


@pytest.mark.parametrize("code", ["500291", "2,916.00"])
def test_the_row_above_a_first_rule_is_a_forms_where_it_is_set_as_the_next(code: str) -> None:
    values = (("项目名称", "养护工程", "项目编码", code), ("主管部门", "交通运输", "实施单位", "公路中心"), ("预算总额", "县里大院", "其中拨款", "22,455.64"), ("联系人", "李明", "联系电话", "7451"))  # fmt: skip
    words = [
        word(t, x, 150 + 50 * i)
        for i, texts in enumerate(values)
        for t, x in zip(texts, (80, 340, 640, 860), strict=True)
    ]
    (grid,) = read(*printed(words, [rule(y) for y in (175, 225, 275, 325)]))
    assert (grid.n_rows, grid.n_cols) == (4, 4)


COLUMNS = (Column(80, 160), Column(180, 260), Column(300, 380), Column(430, 520, True))
SIDES = ((70.0, 80.0), (160.0, 180.0), (260.0, 300.0), (380.0, 430.0), (520.0, 530.0))


def spans_of_row(*runs: tuple[str, float, float], first_row: int = 0) -> list[tuple[int, int]]:
    """The columns of the cells of a row of runs (text, x0, x1), each a text box of its own."""
    own = tuple(Run(text, BBox(x0, 91, x1, 109), 20.0, i) for i, (text, x0, x1) in enumerate(runs))
    spans = body_spans([Row((Level(100.0, own),), 80.0, 120.0)], COLUMNS, SIDES, first_row, 20.0)
    return [(s.col, s.col_stop) for s in sorted(spans)]


def test_a_label_in_the_middle_of_a_forms_leading_columns_spans_them() -> None:
    assert spans_of_row(("预算执行率权重", 160, 320), ("10", 480, 520)) == [(0, 3), (3, 4)]
    assert spans_of_row(("预算执行率权重", 190, 350), ("10", 480, 520)) == [(0, 1), (1, 3), (3, 4)]
    assert spans_of_row(("预算执行率权重", 160, 320), ("10", 480, 520), first_row=1) == [(0, 1), (1, 3), (3, 4)]


def test_texts_found_as_boxes_of_their_own_are_cells_of_their_own() -> None:
    assert spans_of_row(("主管部门", 80, 160), ("实施单位", 180, 290), ("县政务中心", 299, 380)) == [
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 4),
    ]
