"""Forms without rulings that hold a small table: a stub of labels, bands with columns of their own, merged labels."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout.baselines import Level, find_levels
from layout.form_areas import find_stubs
from layout.form_bands import find_bands
from layout.form_columns import Sides, places
from layout.form_reader import read_forms
from layout.label_groups import Block, share_out
from layout.leaning import moved, upright_lines
from layout.runs import Run
from ocr.geometry import BBox
from ocr.values import Word
from tests.layout.printing import printed, width, word
from tests.layout.test_implied import read, rule, shape

EM = 20.0
#: Middles of the columns: the stub, and those of the table inside.
STUB, COLUMNS = 110, (240, 420, 640, 820, 960)


def run(text: str, x: float, y: float, align: str = "centre") -> Run:
    """A run of type of 20 px; x is its left, right or middle."""
    left = x - {"left": 0.0, "right": 1.0, "centre": 0.5}[align] * width(text)
    return Run(text, BBox(left, y - 10, left + width(text), y + 10), EM, 0)


def form(pitch: float = 46.0, indicators: int = 6) -> list[tuple[str, float, float, str]]:
    """(text, x, y, align) of a form: entry; two rows of label and value twice; a label over the stub too; a label merged
    down three rows; a text of two lines; and a table, with a label down it and two down its rows.
    """
    y = [100 + pitch * i for i in range(20)]
    things = [("填报单位：", STUB, y[0], "centre"), ("某某县人民政府办公室", 170, y[0], "left")]
    for i, (label, value, other, last) in enumerate((("项目名称", "光纤线路专项", "项目负责人", "李明"), ("主管部门", "县政府办公室", "实施单位", "信息中心")), start=1):  # fmt: skip
        things += [(label, STUB, y[i], "centre"), (value, 170, y[i], "left"), (other, 640, y[i], "centre"), (last, 752, y[i], "left")]  # fmt: skip
    things += [
        ("预算执行率权重：", 295, y[3], "centre"),
        ("10", 1018, y[3], "right"),
        ("资金情况", STUB, y[5], "centre"),
    ]
    for i, (label, value) in enumerate(
        (("年度资金总额：", "26.91"), ("其中：财政拨款", "26.91"), ("其他资金", "")), start=4
    ):
        things += [(label, 350, y[i], "centre"), (value, 1018, y[i], "right")]
    things += [("总体目标", STUB, y[7] + 13, "centre"), ("保证五十一条光纤专线运行平稳无安全故障确保各单位平台互联互通", 170, y[7], "left"), ("信息及时发布", 170, y[7] + 26, "left")]  # fmt: skip
    top = y[7] + 26 + pitch
    heads = ("一级指标", "三级指标", "指标性质", "指标值", "权重")
    things += [(t, x, top, "centre") for t, x in zip(heads, COLUMNS, strict=True)]
    for i in range(indicators):
        at = top + pitch * (i + 1)
        row = (f"第{'一二三四五六七八'[i]}条光纤线路", "不低于", f"{90 + i}", f"{10 + i}")
        things += [(t, x, at, "centre") for t, x in zip(row, COLUMNS[1:], strict=True)]
    half = indicators // 2
    things += [("产出指标", COLUMNS[0], top + pitch * (half + 1) / 2, "centre"), ("效益指标", COLUMNS[0], top + pitch * (indicators + half + 1) / 2, "centre")]  # fmt: skip
    things += [("绩效指标", STUB, top + pitch * indicators / 2, "centre")]
    return [thing for thing in things if thing[0]]


def words() -> list[Word]:
    return [word(text, x, y, align) for text, x, y, align in form()]


def runs(**sizes: float) -> list[Run]:
    return [run(*thing) for thing in form(**sizes)]  # type: ignore[arg-type]


#: (row, column, rows, columns) of the cells over several slots.
SPANS = {(0, 1, 1, 5), (1, 1, 1, 2), (1, 4, 1, 2), (2, 1, 1, 2), (2, 4, 1, 2), (3, 0, 1, 3), (3, 3, 1, 3), (4, 0, 3, 1),
         *((i, 1, 1, 2) for i in (4, 5, 6)), *((i, 3, 1, 3) for i in (4, 5, 6)), (7, 1, 1, 5), (8, 0, 7, 1), (9, 1, 3, 1), (12, 1, 3, 1)}  # fmt: skip


@pytest.mark.parametrize("pitch", [36.0, 46.0, 52.0])
def test_a_form_without_rulings_has_the_columns_of_each_band_and_its_merged_labels(pitch: float) -> None:
    ((area, lattice),) = read_forms(runs(pitch=pitch), (), (), EM)
    assert (len(lattice.row_edges) - 1, len(lattice.col_edges) - 1) == (15, 6)
    assert {(s.row, s.col, s.rowspan, s.colspan) for s in lattice.spans if s.rowspan * s.colspan > 1} == SPANS
    slots = [slot for s in lattice.spans for slot in s.slots()]
    assert len(slots) == len(set(slots)) == 15 * 6
    assert all(area.bbox.contains(r.x, r.y) for r in runs(pitch=pitch))


def test_it_is_one_table_of_a_page() -> None:
    (grid,) = read(*printed(words()))
    n_rows, n_cols, spans = shape(grid)
    assert (n_rows, n_cols) == (15, 6)
    assert len(spans) == len(SPANS)


def test_rules_that_leave_the_stub_out_say_what_is_merged_wherever_its_label_stands() -> None:
    things = [t for t in form() if t[0] != "绩效指标"]
    top = next(y for text, _, y, _ in things if text == "一级指标")
    ys = sorted({y for text, _, y, _ in things if text not in ("产出指标", "效益指标", "总体目标")})
    lower = [(a + b) / 2 for a, b in itertools.pairwise(ys) if b - a > 30]
    rules = [(y, 60.0 if y < top and not 300 < y < 400 else 170.0, 1030.0) for y in lower]
    own = [run(*t) for t in things] + [run("绩效指标", STUB, top)]
    ((_, lattice),) = read_forms(own, (), rules, EM)
    assert (8, 0, 7, 1) in {(s.row, s.col, s.rowspan, s.colspan) for s in lattice.spans}


def test_an_ordinary_table_and_a_form_without_a_table_inside_are_left_to_others() -> None:
    table = [run(t, x, 100 + 40 * i) for i in range(14) for t, x in (("办公经费", 100), ("1,200.00", 400), ("800.00", 600), ("400.00", 800))]  # fmt: skip
    assert read_forms(table, (), (), EM) == []
    pairs = [run(t, x, 100 + 40 * i) for i in range(12) for t, x in (("项目名称", 100), ("养护工程", 350), ("负责人", 600), ("李明", 800))]  # fmt: skip
    assert read_forms(pairs, (), (), EM) == []


def test_a_caption_or_a_line_across_ends_a_form() -> None:
    longer = [
        *runs(),
        run("以上各项由主管部门负责解释并按照规定时间向社会公开接受监督不得擅自调整变更有关事项内容", 80, 1000, "left"),
    ]
    ((area, _),) = read_forms(longer, (), (), EM)
    assert area.bbox.y1 < 980
    (stub,) = find_stubs([*runs(), run("表九 项目支出绩效目标表", 300, 40, "left")], EM)
    assert min(r.y for r in stub.labels) == 100


def test_lines_of_wrapped_cells_beside_others_are_of_their_band() -> None:
    wide = [run("某某县人民政府办公室某某县人民政府办公", 170, 60, "left")]
    rows = [run(t, x, y, "left") for y in (100, 172) for t, x, y in (("一二三四五六", 170, y), ("三四五", 170, y + 26), ("实施单位", 400, y + 13), ("李明", 620, y + 13))]  # fmt: skip
    bands = find_bands(find_levels([*wide, *rows], EM), EM)
    assert [(b.start, b.stop, len(b.columns)) for b in bands] == [(0, 1, 1), (1, 7, 3)]


def test_a_centred_head_and_what_is_set_aside_below_it_are_one_column() -> None:
    heads = [run(t, x, 100) for t, x in (("三级指标", 200), ("指标性质", 400), ("指标值", 560))]
    rows = [run(t, x, 140 + 40 * i, "left") for i in range(4) for t, x in (("光纤条数", 160), ("≥", 330), ("50", 550))]
    (band,) = find_bands(find_levels([*heads, *rows], EM), EM)
    assert len(band.columns) == 3


def test_a_white_of_a_coarse_band_is_the_edge_its_label_is_centred_by() -> None:
    ranges = ((50.0, 60.0), (150.0, 160.0), (290.0, 310.0), (490.0, 510.0), (690.0, 710.0), (900.0, 910.0))
    sides = Sides(ranges, ((),) * 6, ((),) * 6)
    label, value = run("年度资金总额", 330, 100), run("26.91", 880, 100, "right")
    assert places([(label.bbox.x1, value.bbox.x0)], [[label], [value]], sides, EM) == (3,)
    left = run("年度资金", 240, 100)
    assert places([(left.bbox.x1, value.bbox.x0)], [[left], [value]], sides, EM) == (2,)
    assert places([(160.0, 170.0)], [[], []], Sides(ranges[:2] + ranges[3:], ((),) * 5, ((),) * 5), EM) is None


def test_lines_as_close_as_those_of_a_cell_are_one_label() -> None:
    lines = [(run(t, 100, 88 + 24 * i),) for i, t in enumerate(("资金", "情况", "万", "元"))]
    rows = [Block(78 + 36 * i, 98 + 36 * i) for i in range(3)]
    loose = share_out(lines, rows, 0, EM, 40.0, 0.3, close=26.0)
    assert loose is not None
    assert [(g.top, g.bottom) for g in loose] == [(78, 170)]


def test_lines_stand_upright_where_most_print_is_in_line() -> None:
    rows = [Level(y, tuple(moved(run(t, x, y, "left"), 0.01 * y) for t, x in (("项目", 100), ("李明", 400)))) for y in range(100, 900, 40)]  # fmt: skip
    lefts = [level.runs[0].bbox.x0 for level in upright_lines(rows)]
    assert max(lefts) - min(lefts) < 2
    assert [level.runs[0].bbox.x0 for level in upright_lines([Level(y, (run("项目", 100, y, "left"),)) for y in (100, 200)])] == [100, 100]  # fmt: skip


def test_rules_above_and_below_bound_a_form() -> None:
    _, lattice = read_forms(runs(), (), [(80.0, 40.0, 1060.0), (1000.0, 40.0, 1060.0)], EM)[0]
    assert (lattice.col_edges[0], lattice.col_edges[-1], lattice.row_edges[0]) == (40.0, 1060.0, 80.0)
    assert rule(80)


@settings(max_examples=25, deadline=None)
@given(st.floats(38, 70), st.integers(4, 8), st.floats(-0.006, 0.006), st.randoms(use_true_random=False))
def test_spans_tile_whatever_a_form_looks_like_and_rows_hold_one_amount_a_column(pitch, indicators, lean, rng) -> None:  # type: ignore[no-untyped-def]
    own = [moved(r, lean * r.y) for r in runs(pitch=pitch, indicators=indicators) if rng.random() < 0.97]
    for area, lattice in read_forms(own, (), (), EM):
        rows, cols = lattice.row_edges, lattice.col_edges
        assert list(rows) == sorted(set(rows))
        assert list(cols) == sorted(set(cols))
        slots = [slot for s in lattice.spans for slot in s.slots()]
        assert sorted(slots) == [(r, c) for r in range(len(rows) - 1) for c in range(len(cols) - 1)]
        for a, b in itertools.pairwise(rows):
            amounts = [r for r in area.runs if r.is_figure and a < r.y < b]
            assert len({round(r.x / 60) for r in amounts}) == len(amounts)


@pytest.mark.parametrize("apart", [0, 13])
def test_an_entry_beside_a_label_of_two_lines_is_the_first_row(apart: int) -> None:
    """单位： alone in its line says nothing of a caption: what is filled in stands half a line higher."""
    things = form()
    if apart:
        label, x, y, _ = things[0]
        things[:1] = [(label[:2], x, y - apart, "centre"), (label[2:], x, y + apart, "centre")]
    (grid,) = read(*printed([word(*thing) for thing in things]))
    assert (grid.n_rows, 0 in {s.row for s in grid.spans}) == (grid.n_rows, True)
    top = min(grid.span_bbox(i).y0 for i in range(len(grid.spans)))
    assert top < 100 - apart
