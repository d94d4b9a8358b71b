from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.headers import assign_roles, ends_as_total
from layout.outline import labels_of_cells, row_labels
from layout.values import Span, Table
from tests.builders import TEXT_PX, table, word
from tests.layout.test_headers import rows_of


def headed(drawing: str, n_header_rows: int = 1) -> Table:
    return assign_roles(table(rows_of(drawing), n_header_rows=n_header_rows))


def outline(found: Table) -> dict[str, int | None]:
    texts = {c.span: c.text for c in found.cells}
    return {texts[x.span]: x.level for x in row_labels(found)}


def indented(names: Sequence[tuple[str, float]], centred: bool = False) -> Table:
    """A column of names, each so many heights of type from its edge, beside a column of figures."""
    plain = assign_roles(table([["项目", "金额"], *([name, "1.00"] for name, _ in names)], n_header_rows=1))
    cells = []
    for c in plain.cells:
        if c.span.col == 0 and c.span.row:
            name, ems = names[c.span.row - 1]
            x = c.bbox.centre[0] - 6.0 * len(name) if centred else c.bbox.x0 + ems * TEXT_PX
            c = replace(c, words=(word(name, x, c.bbox.y0 + 10, char_px=6.0 if centred else 12.0),))
        cells.append(c)
    return replace(plain, cells=tuple(cells))


OUTLINES = {
    "codes in a column": ("""
        编码    名称     合计
        合计    <        9.00
        201     公共服务 4.00
        20103   办公厅   4.00
        2010301 行政运行 3.00
        2010302 一般管理 1.00
        208     社会保障 5.00
        20805   养老     5.00""",
        {"合计": 0, "公共服务": 1, "办公厅": 2, "行政运行": 3, "一般管理": 3, "社会保障": 1, "养老": 2}),
    "codes before the names": ("""
        科目          合计
        201公共服务   4.00
        20103办公厅   4.00
        20106财政事务 1.00
        208社会保障   5.00
        20805养老     5.00""",
        {"201公共服务": 1, "20103办公厅": 2, "20106财政事务": 2, "208社会保障": 1, "20805养老": 2}),
    "codes in three parts": ("""
        类  款 项 名称     合计
        201 _  _  公共服务 4.00
        201 03 _  办公厅   4.00
        201 03 01 行政运行 3.00""",
        {"公共服务": 1, "办公厅": 2, "行政运行": 3}),
    "numbering": ("""
        项目           金额
        一、基本支出   9.00
        （一）人员经费 7.00
        1.工资         5.00
        2.津贴         2.00
        （二）公用经费 2.00
        二、项目支出   3.00
        其中：基建     1.00
        本年支出合计   12.00""",
        {"一、基本支出": 1, "（一）人员经费": 2, "1.工资": 3, "2.津贴": 3, "（二）公用经费": 2, "二、项目支出": 1,
         "其中：基建": 2, "本年支出合计": 0}),
    "halves, each by itself": ("""
        收入         金额 支出         金额
        一、财政拨款 5.00 一、基本支出 4.00
        二、事业收入 1.00 1.工资       4.00
        收入总计     6.00 支出总计     4.00""",
        {"一、财政拨款": 1, "二、事业收入": 1, "收入总计": 0, "一、基本支出": 1, "1.工资": 2, "支出总计": 0}),
    "nothing said": ("""
        项目   金额
        差旅费 1.00
        会议费 2.00""",
        {"差旅费": None, "会议费": None}),
    "a total among codes": ("""
        编码 名称 金额
        201  甲   1.00
        20101 乙  1.00
        20102 丙  1.00
        总计 _    3.00""",
        {"甲": 1, "乙": 2, "丙": 2, "总计": 0}),
}  # fmt: skip


@pytest.mark.parametrize(("drawing", "expected"), OUTLINES.values(), ids=list(OUTLINES))
def test_levels_follow_what_the_print_says(drawing: str, expected: dict[str, int | None]) -> None:
    assert outline(headed(drawing)) == expected


def test_a_figure_has_the_label_of_its_own_half() -> None:
    found = headed(OUTLINES["halves, each by itself"][0])
    labels = labels_of_cells(found)
    assert labels[Span(3, 1, 4, 2)].is_total
    assert labels[Span(2, 3, 3, 4)].level == 2
    assert Span(0, 1, 1, 2) not in labels


def test_a_form_has_no_outline() -> None:
    assert row_labels(headed("项目名称 某工程\n负责人 王某\n合计 5.00", n_header_rows=0)) == ()


def test_indents_are_levels() -> None:
    found = indented([("工资", 0.3), ("基本工资", 2.3), ("津贴", 2.25), ("办公", 0.35), ("水费", 2.3), ("电费", 2.4)])
    assert list(outline(found).values()) == [1, 2, 2, 1, 2, 2]


def test_centred_names_are_no_levels() -> None:
    names = ("工", "办公费用", "差旅费", "会议费用支出", "水费", "公务用车运行维护费", "培训费")
    assert set(outline(indented([(n, 0) for n in names], centred=True)).values()) == {None}


@given(
    st.lists(st.integers(0, 2), min_size=8, max_size=30).filter(lambda x: len(set(x)) > 1),
    st.floats(0.8, 2.5),
    st.lists(st.floats(-0.1, 0.1), min_size=30, max_size=30),
)
def test_indents_are_found_under_the_jitter_of_boxes(levels: list[int], step: float, jitter: list[float]) -> None:
    used = sorted(set(levels))
    if len(used) > max(2, len(levels) // 3) or (len(used) == 2 and step * (used[1] - used[0]) > 4.0):
        return
    names = [(f"名称{i}", 0.3 + step * level + jitter[i]) for i, level in enumerate(levels)]
    assert list(outline(indented(names)).values()) == [used.index(level) + 1 for level in levels]


@pytest.mark.parametrize(
    ("label", "total"),
    [("小 计", True), ("人员经费小计", True), ("本年收入合计：", True), ("合计数", False), ("会计", False)],
)
def test_a_label_names_a_total_by_its_end(label: str, total: bool) -> None:
    assert ends_as_total(label) is total
