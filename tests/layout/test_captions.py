import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.caption_words import is_note, may_be_title, read_caption
from layout.captions import attach_captions
from layout.values import Table, TextBlock
from ocr.geometry import BBox
from ocr.values import Word
from tests.builders import COL_PX, LEFT_PX, TOP_PX, page, page_text, table, word

RIGHT = LEFT_PX + 5 * COL_PX
CENTRE = (LEFT_PX + RIGHT) / 2


def centred(text: str, y: float, height: float = 20.0) -> Word:
    width = sum(24 if ord(c) > 0x2E80 else 12 for c in text)
    return word(text, CENTRE - width / 2, y, height=height)


def body(top: float = TOP_PX) -> Table:
    return table([["科目", "名称", "合计", "基本", "项目"], ["1", "2", "3", "4", "5"]], top=top, n_header_rows=1)


def attach(*words: Word, tables: tuple[Table, ...]) -> tuple[tuple[Table, ...], tuple[TextBlock, ...]]:
    return attach_captions(tables, page(*words), page_text(*words))


@pytest.mark.parametrize(
    ("text", "label", "unit", "rest"),
    [
        ("表二", "表二", "", ""),
        ("表2-1", "表2-1", "", ""),
        ("附表3", "附表3", "", ""),
        ("（表十一）", "表十一", "", ""),
        ("公开01表", "公开01表", "", ""),
        ("单位：万元", "", "万元", ""),
        ("单 位 ： 万 元", "", "万元", ""),
        ("金额单位:元", "", "元", ""),
        ("（单位：万元）", "", "万元", ""),
        ("表二 某县财政拨款收支总表 单位：万元", "表二", "万元", "某县财政拨款收支总表"),
        ("表二某县部门收入总表单位:千元", "表二", "千元", "某县部门收入总表"),
        ("某县部门收入总表（续）", "", "", "某县部门收入总表"),
        ("编制单位：元坝镇人民政府", "", "", "编制单位：元坝镇人民政府"),
        ("填报单位：某局", "", "", "填报单位：某局"),
        ("Table 3 Net sales", "Table 3", "", "Net sales"),
        ("表彰先进单位", "", "", "表彰先进单位"),
    ],
)
def test_a_line_gives_up_its_parts(text: str, label: str, unit: str, rest: str) -> None:
    said = read_caption(text)
    assert (said.label, said.unit, said.rest) == (label, unit, rest)


@pytest.mark.parametrize("text", ["（续）", "(续表)", "续表", "某表（续）", "续表二", "Sales (continued)"])
def test_continuation_marks(text: str) -> None:
    assert read_caption(text).continued


@pytest.mark.parametrize("text", ["备注：本表无数据", "(备注：本部门无收支。)", "注:1", "说 明：口径"])
def test_remarks(text: str) -> None:
    assert is_note(text)


@pytest.mark.parametrize("text", ["具体收支见下表", "一、部门基本情况", "本部门收入增加。", "2026", "编制单位：某局"])
def test_not_titles(text: str) -> None:
    assert not may_be_title(text)
    assert not is_note(text)


def test_a_word_that_begins_like_a_remark_is_none() -> None:
    assert not is_note("注意事项")


def test_title_label_and_unit_are_taken_from_above_and_remarks_from_below() -> None:
    words = [
        word("表二", LEFT_PX, 20), centred("某县一般公共预算支出预算表", 45), word("单位：万元", RIGHT - 120, 72),
        word("备注：本表反映当年支出情况。", LEFT_PX, TOP_PX + 90), centred("- 12 -", 800),
    ]  # fmt: skip
    (one,), blocks = attach(*words, tables=(body(),))
    assert (one.title, one.label, one.unit) == ("某县一般公共预算支出预算表", "表二", "万元")
    assert one.notes == ("备注：本表反映当年支出情况。",)
    assert [b.text for b in blocks] == ["- 12 -"]


def test_a_title_of_two_lines() -> None:
    words = [word("表十", LEFT_PX, 10), centred("项目绩效目标表", 36), centred("(2026年度)", 64)]
    (one,), blocks = attach(*words, tables=(body(),))
    assert (one.title, one.label, blocks) == ("项目绩效目标表\n(2026年度)", "表十", ())


def test_label_title_and_unit_in_one_box() -> None:
    (one,), _ = attach(centred("表一 某局收支总表 单位：元", 60), tables=(body(),))
    assert (one.label, one.title, one.unit) == ("表一", "某局收支总表", "元")


def test_each_of_two_tables_takes_its_own() -> None:
    low = TOP_PX + 400
    words = [centred("部门收入总表", 60), centred("部门支出总表", low - 40), word("单位：元", RIGHT - 96, low - 40),
             word("注：另有说明", LEFT_PX, TOP_PX + 90)]  # fmt: skip
    (first, second), blocks = attach(*words, tables=(body(), body(low)))
    assert (first.title, first.unit, first.notes) == ("部门收入总表", "", ("注：另有说明",))
    assert (second.title, second.unit, second.notes) == ("部门支出总表", "元", ())
    assert blocks == ()


def test_a_paragraph_above_stays_text() -> None:
    words = [word("2026年本部门收入预算1,234.56万元，比上年增加。", LEFT_PX, 40), word("支出情况见下表：", LEFT_PX, 66)]
    (one,), blocks = attach(*words, tables=(body(),))
    assert one.title == ""
    assert "".join(b.text for b in blocks) == "".join(w.text for w in words)


def test_who_filled_it_in_is_neither_title_nor_end_of_caption() -> None:
    words = [centred("部门收支总表", 30), word("编制单位：某局", LEFT_PX, 70), word("单位：万元", RIGHT - 120, 70)]
    (one,), blocks = attach(*words, tables=(body(),))
    assert (one.title, one.unit, [b.text for b in blocks]) == ("部门收支总表", "万元", ["编制单位：某局"])


def test_lines_of_a_paragraph_are_put_together() -> None:
    words = [word("本年收入预算一", 108, 300), word("百万元，增加五亿零", 60, 330), word("万元。", 60, 360),
             word("支出预算九万元", 108, 390)]  # fmt: skip
    _, blocks = attach(*words, tables=())
    assert [b.text for b in blocks] == ["本年收入预算一百万元，增加五亿零万元。", "支出预算九万元"]


@given(
    st.lists(
        st.tuples(st.text("收支预算表单位：万元()备注12", min_size=1, max_size=12), st.integers(0, 40)), max_size=8
    )
)
def test_nothing_is_lost(lines: list[tuple[str, int]]) -> None:
    words = [word(t, LEFT_PX + 10, 20 + 30 * y) for t, y in lines]
    (one,), blocks = attach(*words, tables=(body(TOP_PX + 300),))
    shown = "".join([one.title, one.label, one.unit, *one.notes, *(b.text for b in blocks)])
    outside = [w for w in words if not TOP_PX + 300 <= w.bbox.centre[1] < TOP_PX + 380]
    known = set("".join(w.text for w in outside)) - set("单位：()")
    assert known <= set(shown)


@pytest.mark.parametrize("right", [True, False])
def test_a_caption_that_runs_down_or_up_beside_a_table_on_its_side_is_its_caption(right: bool) -> None:
    own = body()
    boxes = [c.bbox for c in own.cells]
    x0, x1 = min(b.x0 for b in boxes), max(b.x1 for b in boxes)
    middle = (min(b.y0 for b in boxes) + max(b.y1 for b in boxes)) / 2

    def lying(text: str, away: float, at: float) -> Word:
        half = 12 * len(text)
        left = x1 + away if right else x0 - away - 20
        return Word(text, BBox(left, max(0.0, at - half), left + 20, at + half), 0.95)

    title, unit = lying("支出预算总表", 50, middle), lying("单位：万元", 15, middle + 40)
    ((found,), blocks) = attach(title, unit, tables=(own,))
    assert (found.title, found.unit, blocks) == ("支出预算总表", "万元", ())
    ((found,), blocks) = attach(lying("某某局办公室", 50, middle), tables=(own,))
    assert found.title == ""
    assert len(blocks) == 1
