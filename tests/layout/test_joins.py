import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.headers import label_headers
from layout.joins import join_pages
from layout.values import Cell, Role, Table
from ocr.geometry import Affine, BBox
from ocr.values import Word
from tests.builders import table, texts

HEAD = [["科目", "<", "预算数", "<"], ["编码", "名称", "总计", "基本支出"]]
ROWS = [["合计", "<", "9.00", "9.00"], ["201", "公共服务", "5.00", "5.00"], ["20103", "办公厅", "5.00", "5.00"],
        ["208", "社会保障", "3.00", "3.00"], ["221", "住房保障", "1.00", "1.00"]]  # fmt: skip


def part(rows: list[list[str]], page: int, **captions: str) -> Table:
    return label_headers(table(rows, page_number=page, **captions))  # type: ignore[arg-type]


def first(rows: list[list[str]] = ROWS[:3], page: int = 1) -> Table:
    return part([*HEAD, *rows], page, title="支出预算表", label="表二", unit="万元")


def test_a_repeated_header_is_dropped() -> None:
    (one,) = join_pages((first(), part([*HEAD, *ROWS[3:]], 2)))
    assert texts(one) == [*HEAD, *ROWS]
    assert (one.page_numbers, one.n_header_rows, one.title) == ((1, 2), 2, "支出预算表")
    assert [c.page_number for c in one.cells if c.span.row == 5] == [2] * 4


def test_a_header_read_slightly_differently_is_still_the_same() -> None:
    again = [["科目", "<", "预算数", "<"], ["编码", "名称", "总汁", "基本支出"]]
    (one,) = join_pages((first(), part([*again, *ROWS[3:]], 2)))
    assert texts(one) == [*HEAD, *ROWS]


def test_no_repeated_header_and_a_last_page_of_one_row() -> None:
    (one,) = join_pages((first(), part(ROWS[3:4], 2), part(ROWS[4:], 3)))
    assert texts(one) == [*HEAD, *ROWS]
    assert one.page_numbers == (1, 2, 3)


def test_a_blank_page_may_lie_between() -> None:
    assert len(join_pages((first(), part(ROWS[3:], 3)))) == 1
    assert len(join_pages((first(), part(ROWS[3:], 4)))) == 2


def test_a_continued_title_joins_another_title_does_not() -> None:
    again = part([*HEAD, *ROWS[3:]], 2, title="支出预算表")
    assert len(join_pages((first(), replace(again, continued=True)))) == 1
    assert len(join_pages((first(), again))) == 1
    assert len(join_pages((first(), replace(again, title="收入预算表")))) == 2
    assert len(join_pages((first(), replace(again, label="表三")))) == 2
    assert len(join_pages((first(), replace(again, unit="元")))) == 2


def test_the_same_table_printed_twice_stays_two() -> None:
    assert len(join_pages((first(ROWS), replace(first(ROWS, 2), page_numbers=(2,))))) == 2


def test_a_title_printed_again_over_rows_that_count_from_one_again_begins_a_table() -> None:
    rows = [["1", "甲", "5.00", "5.00"], ["2", "乙", "3.00", "3.00"]]
    again = part([*HEAD, ["1", "丙", "4.00", "4.00"]], 2, title="支出预算表", label="表二", unit="万元")
    assert len(join_pages((first(rows), again))) == 2


def test_a_form_per_page_stays_a_form_per_page() -> None:
    rows = [["项目名称：", "甲"], ["主管部门：", "某局"]]
    forms = tuple(part(rows, page, title="项目绩效目标表") for page in (1, 2))
    assert len(join_pages(forms)) == 2


UNPROVED = [["合计", "<", "7.77", "7.77"], *ROWS[1:]]


def test_a_remark_ends_a_table_unless_the_sums_say_otherwise() -> None:
    rest = part(ROWS[3:], 2)
    assert len(join_pages((replace(first(UNPROVED[:3]), notes=("注：完",)), rest))) == 2
    assert len(join_pages((replace(first(), notes=("注：完",)), rest))) == 1


def test_a_remark_at_the_foot_of_each_page_ends_nothing() -> None:
    foot = ("注：单位为万元",)
    parts = (first(UNPROVED[:3]), part(ROWS[3:4], 2), part(ROWS[4:], 3))
    (one,) = join_pages(tuple(replace(p, notes=foot) for p in parts))
    assert (texts(one), one.notes) == ([*HEAD, *UNPROVED], foot)


def test_other_columns_refuse() -> None:
    other = part(ROWS[3:], 2)
    cells = (_edge_moved(c, 2, 40.0) for c in other.cells)
    moved = replace(other, cells=tuple(cells))
    assert len(join_pages((first(), moved))) == 2
    assert len(join_pages((first(), part([r[:3] for r in [["208", "社保", "3.00"]]], 2)))) == 2


def _edge_moved(cell: Cell, edge: int, by: float) -> Cell:
    """The cell with the column edge before column ``edge`` moved to the right by ``by``, in pixels and in points."""
    dx0, dx1 = by * (cell.span.col == edge), by * (cell.span.col_stop == edge)
    moved = (BBox(b.x0 + dx0, b.y0, b.x1 + dx1, b.y1) for b in (cell.bbox, cell.bbox_pt))
    return replace(cell, bbox=next(moved), bbox_pt=next(moved))


def test_pages_that_lie_on_their_side_join_as_they_are_read() -> None:
    """The original of the second page stands upside down or sideways: its bbox_pt runs the other way."""
    on_side = part(ROWS[3:], 2)
    turned = (replace(c, bbox_pt=Affine(0, -1, 800, 1, 0, 0).apply_bbox(c.bbox_pt)) for c in on_side.cells)
    (one,) = join_pages((first(), replace(on_side, cells=tuple(turned))))
    assert texts(one) == [*HEAD, *ROWS]


def test_pages_that_lean_differently_join() -> None:
    """A page scanned with a lean: bbox_pt of a wide, low cell is the box around a leaning one, higher and wider."""
    leaning = part([*HEAD, *ROWS[3:]], 2)
    c, s = math.cos(math.radians(2.5)), math.sin(math.radians(2.5))
    turned = (replace(cell, bbox_pt=Affine(c, -s, 9, s, c, 4).apply_bbox(cell.bbox_pt)) for cell in leaning.cells)
    (one,) = join_pages((first(), replace(leaning, cells=tuple(turned))))
    assert texts(one) == [*HEAD, *ROWS]


def test_only_neighbours_join() -> None:
    other = part([["项", "额"], ["甲", "1.00"]], 2)
    assert len(join_pages((first(), other, part(ROWS[3:], 2)))) == 3


def test_a_row_cut_by_the_page_break_is_one_row() -> None:
    (one,) = join_pages((first(ROWS[:2]), part([["", "（续完）", "", ""], *ROWS[2:]], 2)))
    assert texts(one)[3] == ["201", "公共服务\n（续完）", "5.00", "5.00"]
    assert texts(one)[4:] == ROWS[2:]


def test_a_blank_key_with_figures_is_a_row_of_its_own() -> None:
    (one,) = join_pages((first(ROWS[:2]), part([["", "其他", "2.00", "2.00"], *ROWS[2:]], 2)))
    assert texts(one)[4] == ["", "其他", "2.00", "2.00"]


def test_a_merged_label_runs_over_the_break() -> None:
    upper = part([["类", "项", "数"], ["产出", "甲", "1"], ["^", "乙", "2"]], 1)
    lower = part([["", "丙", "3"], ["^", "丁", "4"], ["效益", "戊", "5"]], 2)
    (one,) = join_pages((upper, lower))
    assert texts(one) == [
        ["类", "项", "数"],
        ["产出", "甲", "1"],
        ["^", "乙", "2"],
        ["^", "丙", "3"],
        ["^", "丁", "4"],
        ["效益", "戊", "5"],
    ]


def test_a_merged_label_printed_below_the_break_begins_above_it() -> None:
    upper = part([["类", "项", "数"], ["", "甲", "1"], ["^", "乙", "2"]], 1)
    lower = part([["产出", "丙", "3"], ["^", "丁", "4"], ["效益", "戊", "5"]], 2)
    (one,) = join_pages((upper, lower))
    assert texts(one)[1:] == [
        ["产出", "甲", "1"],
        ["^", "乙", "2"],
        ["^", "丙", "3"],
        ["^", "丁", "4"],
        ["效益", "戊", "5"],
    ]
    (label,) = (c for c in one.cells if c.text == "产出")
    assert label.page_number == 2, "a cell lies on the page that its text is read from"


def test_a_blank_cell_of_one_row_above_the_break_is_no_part_of_the_label_below() -> None:
    upper = part([["类", "项", "数"], ["质量", "甲", "1"], ["", "乙", "2"]], 1)
    lower = part([["产出", "丙", "3"], ["^", "丁", "4"]], 2)
    (one,) = join_pages((upper, lower))
    assert texts(one)[2:] == [["", "乙", "2"], ["产出", "丙", "3"], ["^", "丁", "4"]]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.booleans())
def test_cut_anywhere_and_joined_again_is_the_same_table(sizes: list[int], repeat: bool) -> None:
    rows = [["合计", "<", "9.00", "9.00"]]
    rows += [[str(200 + i), f"项目{i}", f"{i}.50", f"{i}.25"] for i in range(sum(sizes))]
    parts, start = [], 0
    for page, size in enumerate(sizes, start=1):
        stop = start + size + (page == 1)
        head = HEAD if page == 1 or repeat else []
        parts.append(part([*head, *rows[start:stop]], page))
        start = stop
    (one,) = join_pages(tuple(parts))
    assert texts(one) == [*HEAD, *rows]
    assert one.page_numbers == tuple(range(1, len(sizes) + 1))


def test_roles_follow_the_whole_table_not_the_page() -> None:
    (one,) = join_pages((first(), part([*ROWS[3:], ["项目类", "<", "<", "<"]], 2)))
    roles = {c.text: c.role for c in one.cells if c.span.row >= 5}
    assert roles["社会保障"] is Role.BODY
    assert roles["项目类"] is Role.SECTION_HEADER


LINES = [[str(200 + i), f"项目{i}", f"{10 + i}.50", f"{10 + i}.25"] for i in range(12)]


def total_of(rows: list[list[str]], word: str = "合计") -> list[str]:
    sums = (sum(Decimal(row[col]) for row in rows) for col in (2, 3))
    return [word, "<", *map(str, sums)]


def test_two_tables_with_the_same_header_that_both_close_stay_two() -> None:
    """Totals on top, below, or below and above: each closes over its own part."""
    a, b = LINES[:5], LINES[5:]
    upper, lower = [total_of(a), *a], [total_of(b), *b]
    assert len(join_pages((first(upper), part([*HEAD, *lower], 2)))) == 2
    assert len(join_pages((first([*a, total_of(a)]), part([*HEAD, *b, total_of(b)], 2)))) == 2
    assert len(join_pages((first([*a, total_of(a)]), part([*HEAD, *b], 2)))) == 2
    assert len(join_pages((first(upper), part([*HEAD, *b], 2)))) == 2
    assert len(join_pages((first(a), part([*HEAD, *b, total_of(b)], 2)))) == 2


def test_a_total_at_either_end_of_both_parts_is_one_table() -> None:
    a, b = LINES[:5], LINES[5:]
    for rows, cut in (([total_of(LINES), *a, *b], 6), ([*a, *b, total_of(LINES)], 5)):
        (one,) = join_pages((first(rows[:cut]), part([*HEAD, *rows[cut:]], 2, title="支出预算表")))
        assert texts(one) == [*HEAD, *rows]


def test_a_sum_that_stands_below_its_rows_may_go_on() -> None:
    """合计, then what was left from the year before, then 总计 on the next page."""
    left = ["", "上年结转", "7.00", "7.00"]
    head = [*LINES[:5], total_of(LINES[:5])]
    tail = [left, total_of([*LINES[:5], left], "总计")]
    (one,) = join_pages((first(head), part(tail, 2)))
    assert texts(one) == [*HEAD, *head, *tail]


def test_levels_by_codes_close_over_the_upper_one() -> None:
    rows = [["合计", "<", "30.00", "3.00"], ["201", "公共", "10.00", "1.00"], ["20103", "办公厅", "10.00", "1.00"],
            ["208", "社保", "20.00", "2.00"], ["20805", "养老", "20.00", "2.00"], ["2080505", "缴费", "20.00", "2.00"],
            ["20811", "残疾", "0.00", "0.00"]]  # fmt: skip
    for cut in range(2, 7):
        (one,) = join_pages((first(rows[:cut]), part([*HEAD, *rows[cut:]], 2)))
        assert texts(one) == [*HEAD, *rows]
    more = [["210", "卫生", "5.00", "1.00"]]
    assert len(join_pages((first(rows), part([*HEAD, *more], 2)))) == 2


def test_the_same_labels_or_numbers_from_the_start_again_are_another_table() -> None:
    """No sums to ask: other figures, the same beginning, under a header of its own."""
    rows = [["1", "甲", "3.00", "1.00"], ["2", "乙", "4.00", "2.00"], ["3", "丙", "5.00", "2.00"]]
    same_labels = [["1", "甲", "6.00", "6.00"], *rows[1:]]
    other_labels = [["1", "丁", "6.00", "6.00"], ["2", "戊", "7.00", "1.00"]]
    for again in (same_labels, other_labels):
        assert len(join_pages((first(rows), part([*HEAD, *again], 2)))) == 2
    assert len(join_pages((first(rows), part([*HEAD, ["4", "丁", "6.00", "6.00"]], 2)))) == 1
    assert len(join_pages((first(UNPROVED), part([*HEAD, UNPROVED[0], *LINES[:2]], 2)))) == 2


def test_a_label_that_stands_in_many_rows_begins_nothing() -> None:
    rows = [["某局", "电脑", "3.00", "1.00"], ["某局", "椅子", "4.00", "2.00"], ["某局", "电脑", "5.00", "2.00"]]
    assert len(join_pages((first(rows), part([*HEAD, ["某局", "电脑", "6.00", "6.00"]], 2)))) == 1


def test_a_merged_label_and_equal_groups_under_the_same_title_stay_two() -> None:
    def groups(page: int, figures: str) -> Table:
        rows = [["单位", "类别", "数"], ["某局", "其他", figures], ["^", "工资", "2.00"], ["中心", "其他", "3.00"]]
        return part(rows, page, title="分单位明细表", label="附表1", unit="万元")

    assert len(join_pages((groups(1, "4.00"), groups(2, "5.00")))) == 2
    assert len(join_pages((groups(1, "4.00"), replace(groups(2, "5.00"), continued=True)))) == 1


FORM = [["单位：", "某局", "<"], ["名称：", "甲", "乙"], ["金额：", "5.00", "元"]]
BAND = [["绩效", "一级：", "二级", "指标"], ["^", "产出", "数量", "4"], ["^", "效益", "社会", "5"]]


def test_a_form_goes_on_with_bands_of_other_columns() -> None:
    """Three columns on the first page, their middle one in two on the second; then three again."""
    upper = _stretched(part(FORM, 1, title="绩效目标表"), 1.0, {2: 120.0, 3: 120.0})
    lower = part(BAND, 2)
    (one,) = join_pages((upper, lower))
    assert texts(one) == [
        ["单位：", "某局", "<", "<"],
        ["名称：", "甲", "<", "乙"],
        ["金额：", "5.00", "<", "元"],
        *BAND,
    ]
    assert len(join_pages((upper, replace(lower, title="另一张表")))) == 2
    last = _stretched(part([["备注", "无"]], 3), 1.0, {2: 240.0})
    (three,) = join_pages((upper, lower, last))
    assert texts(three)[6:] == [["备注", "无", "<", "<"]]


def test_a_form_with_edges_between_the_others_stays_apart() -> None:
    upper = _stretched(part(FORM, 1, title="绩效目标表"), 1.0, {2: 60.0, 3: 120.0})
    assert len(join_pages((upper, part(BAND, 2)))) == 2


def test_a_last_page_of_one_row_of_text_is_no_header() -> None:
    form = part([["项目：", "甲", "<"], ["金额：", "5.00", "元"]], 1, title="申报表")
    (one,) = join_pages((form, part([["备注", "无", "<"]], 2)))
    assert one.n_rows == 3


def test_a_header_alone_at_the_foot_of_a_page_gets_its_body() -> None:
    (one,) = join_pages((first([]), part(LINES, 2)))
    assert (texts(one), one.n_header_rows) == ([*HEAD, *LINES], 2)
    (one,) = join_pages((first([]), part([*HEAD, *LINES], 2)))
    assert (texts(one), one.n_header_rows) == ([*HEAD, *LINES], 2)


def _stretched(table_: Table, by: float, at: dict[int, float] | None = None) -> Table:
    """The table on a page of another width, single column edges moved besides."""

    def place(edge: int, x: float) -> float:
        return by * x + (at or {}).get(edge, 0.0)

    def box(c: Cell, b: BBox) -> BBox:
        return BBox(place(c.span.col, b.x0), b.y0, place(c.span.col_stop, b.x1), b.y1)

    return replace(
        table_, cells=tuple(replace(c, bbox=box(c, c.bbox), bbox_pt=box(c, c.bbox_pt)) for c in table_.cells)
    )


def test_landscape_and_portrait_pages_with_the_same_header_join() -> None:
    upper, lower = first(LINES[:4]), part([*HEAD, *LINES[4:]], 2)
    assert len(join_pages((upper, _stretched(lower, 1.4)))) == 1
    assert len(join_pages((upper, _stretched(part(LINES[4:], 2), 1.4)))) == 2


@given(st.lists(st.floats(-50.0, 50.0), min_size=3, max_size=3))
def test_columns_that_shift_from_page_to_page_join_under_the_same_header(moves: list[float]) -> None:
    lower = _stretched(part([*HEAD, *LINES[4:]], 2), 1.0, dict(enumerate(moves, start=1)))
    (one,) = join_pages((first(LINES[:4]), lower))
    assert texts(one) == [*HEAD, *LINES]


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.booleans(), st.sampled_from(["", "支出预算表"]),
       st.booleans(), st.booleans())  # fmt: skip
def test_three_to_five_pages_with_marks_and_blank_pages(
    sizes: list[int], repeat: bool, title: str, blank: bool, mark: bool
) -> None:
    rows = [[str(201 + i), f"项目{i}", f"{i}.50", f"{i}.25"] for i in range(sum(sizes) + 1)]
    total = total_of(rows)
    parts, start = [first([total, rows[0]])], 1
    for number, size in enumerate(sizes, start=1):
        lines = rows[start : start + size]
        titled = title if repeat or mark else ""
        one = part([*HEAD, *lines] if repeat else lines, (1 + blank) * number + 1, title=titled)
        parts.append(replace(one, continued=mark and bool(titled)))
        start += size
    (joined,) = join_pages(tuple(parts))
    assert texts(joined) == [*HEAD, total, *rows]
    assert joined.page_numbers == tuple((1 + blank) * n + 1 for n in range(len(sizes) + 1))


def test_a_row_is_cut_beside_a_label_that_runs_over_the_break() -> None:
    upper = part([["类", "码", "项", "数"], ["产出", "1", "甲", "1.00"], ["^", "2", "乙的", "2.00"]], 1)
    lower = part([["", "", "后半", ""], ["^", "3", "丁", "4.00"], ["效益", "4", "戊", "5.00"]], 2)
    (one,) = join_pages((upper, lower))
    assert texts(one)[2:] == [["^", "2", "乙的\n后半", "2.00"], ["^", "3", "丁", "4.00"], ["效益", "4", "戊", "5.00"]]


@given(st.lists(st.integers(1, 99_999), min_size=5, max_size=9, unique=True), st.data())
def test_totals_keep_two_tables_apart_and_hold_one_together(cents: list[int], data: st.DataObject) -> None:
    """Wherever the cut: one table under one total, two under two."""
    rows = [[str(300 + i), f"项目{i}", str(Decimal(c + 100) / 100), "1.00"] for i, c in enumerate(cents)]
    cut = data.draw(st.integers(2, len(rows) - 2))
    a, b = rows[:cut], rows[cut:]
    assert len(join_pages((first([total_of(rows), *a]), part([*HEAD, *b], 2)))) == 1
    assert len(join_pages((first([*a]), part([*HEAD, *b, total_of(rows)], 2)))) == 1
    assert len(join_pages((first([total_of(a), *a]), part([*HEAD, total_of(b), *b], 2)))) == 2
    assert len(join_pages((first([*a, total_of(a)]), part([*HEAD, *b, total_of(b)], 2)))) == 2


def test_a_total_alone_on_the_last_page_closes_the_table() -> None:
    """Also where its sum cannot be followed (levels without codes)."""
    total = ["合计", "<", "7.77", "7.77"]
    (one,) = join_pages((first(LINES), part([*HEAD, total], 2)))
    assert texts(one) == [*HEAD, *LINES, total]


def _printed(table_: Table) -> Table:
    """The table with the words of its cells, figures at the right of their cells and texts at the left."""

    def words(c: Cell) -> tuple[Word, ...]:
        width = 8.0 * len(c.text)
        x = c.bbox.x1 - width - 4 if c.text[-1:].isdigit() and c.span.col > 1 else c.bbox.x0 + 4
        return (Word(c.text, BBox(x, c.bbox.y0 + 5, x + width, c.bbox.y1 - 5), 0.99),) if c.text else ()

    return replace(table_, cells=tuple(replace(c, words=words(c)) for c in table_.cells))


def _shifted(table_: Table, px: float) -> Table:
    """The table as far to the right on its page."""

    def moved(box: BBox) -> BBox:
        return replace(box, x0=box.x0 + px, x1=box.x1 + px)

    scale = table_.cells[0].bbox_pt.width / table_.cells[0].bbox.width
    return replace(
        table_,
        cells=tuple(
            replace(
                c,
                bbox=moved(c.bbox),
                bbox_pt=replace(c.bbox_pt, x0=c.bbox_pt.x0 + scale * px, x1=c.bbox_pt.x1 + scale * px),
                words=tuple(replace(w, bbox=moved(w.bbox)) for w in c.words),
            )
            for c in table_.cells
        ),
    )


@pytest.mark.parametrize("shift", [0.0, -11.0, 9.0])
def test_a_column_that_is_blank_on_an_open_last_page_is_put_back(shift: float) -> None:
    """White alone implies its columns: the blank one has none there. Pages lie shifted against each other."""
    upper = _printed(first([[*row[:2], row[2], "8.00"] for row in LINES[:6]]))
    for lost in (2, 3):
        rows = [[text for col, text in enumerate(row) if col != lost] for row in LINES[6:]]
        lower = part(rows, 2)
        if lost == 2:
            lower = _stretched(lower, 1.0, {3: 120.0})
        lower = _shifted(_printed(lower), shift)
        (one,) = join_pages((upper, lower))
        assert texts(one)[8:] == [["" if col == lost else text for col, text in enumerate(row)] for row in LINES[6:]]
        other = replace(lower, unit="元")
        assert len(join_pages((upper, other))) == 2


def test_print_that_stands_elsewhere_puts_no_column_back() -> None:
    upper = _printed(first(LINES[:6]))
    lower = _printed(_stretched(part([row[:3] for row in LINES[6:]], 2), 1.0, {3: -30.0}))
    assert len(join_pages((upper, lower))) == 2
