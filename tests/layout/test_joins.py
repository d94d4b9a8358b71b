import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from layout.headers import label_headers
from layout.joins import join_pages
from layout.values import Cell, Role, Table
from ocr.geometry import Affine, BBox
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


def test_a_form_per_page_stays_a_form_per_page() -> None:
    rows = [["项目名称：", "甲"], ["主管部门：", "某局"]]
    forms = tuple(part(rows, page, title="项目绩效目标表") for page in (1, 2))
    assert len(join_pages(forms)) == 2


def test_a_remark_ends_a_table() -> None:
    ended = replace(first(), notes=("注：完",))
    assert len(join_pages((ended, part(ROWS[3:], 2)))) == 2


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
