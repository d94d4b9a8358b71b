"""Which lines of type are one row, told by texts alone."""

from dataclasses import replace

import pytest

from layout.baselines import Level
from layout.gutters import Column
from layout.row_bands import split_rows
from layout.runs import Run
from ocr.geometry import BBox

EM = 20.0
WIDTH = 140.0


def column(i: int) -> Column:
    return Column(200.0 * i, 200.0 * i + WIDTH, False)


def run(col: int, y: float, text: str = "某某某某某某某") -> Run:
    return Run(text, BBox(200.0 * col, y - EM / 2, 200.0 * col + EM * len(text), y + EM / 2), EM, 0)


def levels(*printed: tuple[int, ...], pitch: float) -> list[Level]:
    """One level for each tuple of the columns that hold a full line there."""
    return [
        Level(100 + pitch * i * EM, tuple(run(c, 100 + pitch * i * EM) for c in cols)) for i, cols in enumerate(printed)
    ]


@pytest.mark.parametrize("pitch", [1.3, 1.45, 1.6, 2.0])
@pytest.mark.parametrize("n_cols", [5, 6, 9])
def test_full_lines_of_all_columns_are_rows_however_close(n_cols: int, pitch: float) -> None:
    rows = split_rows(levels(*[tuple(range(n_cols))] * 12, pitch=pitch), [column(i) for i in range(n_cols)], EM)
    assert rows == [(i, i + 1) for i in range(12)]


def test_a_text_that_goes_on_where_its_row_does_not_is_one_cell() -> None:
    columns = [column(i) for i in range(5)]
    every = tuple(range(5))
    rows = split_rows(levels(every, (1,), every, (1,), every, (1, 3), pitch=1.3), columns, EM)
    assert rows == [(0, 2), (2, 4), (4, 6)]


@pytest.mark.parametrize("numbered", [True, False])
def test_items_without_amounts_are_rows_of_their_own_where_others_have_theirs(numbered: bool) -> None:
    names = ("公共安全", "教育支出", "科学技术", "卫生健康", "农林水类", "住房保障")
    marks = "一二三四五六"
    texts = [f"{mark}、{name}" if numbered else f"其他{name}" for mark, name in zip(marks, names, strict=True)]
    body = []
    for text, height in zip([*texts, "本年支出合计"], (0, 2.4, 4.8, 6, 7.2, 8.4, 9.6), strict=True):
        y = 100 + EM * height
        amount = () if text[2:] in ("卫生健康", "农林水类") else (run(1, y, "1,905.17"),)
        body.append(Level(y, (run(0, y, text), *amount)))
    rows = split_rows(body, [Column(0, 120), Column(200, 360, True)], EM)
    assert (rows == [(i, i + 1) for i in range(7)]) is numbered


LABELS, AMOUNTS = Column(0, 200), Column(300, 440, True)


def filled(*rows: tuple[float, str, str]) -> list[Level]:
    """Levels at heights in ems, each with a label and perhaps an amount."""
    return [
        Level(EM * y, (run(0, EM * y, label), *((replace_x(run(1, EM * y, amount)),) if amount else ())))
        for y, label, amount in rows
    ]


def replace_x(at: Run) -> Run:
    return replace(at, bbox=BBox(300, at.bbox.y0, 440, at.bbox.y1))


def test_labels_no_closer_than_some_rows_with_amounts_are_no_lines_of_a_cell() -> None:
    names = ("国有资本经营预算资金", "政府性基金预算拨款金")
    heights = (0.0, 1.8, 4.2, 6.6, 9.0, 10.8, 12.6, 14.4)
    body = filled(*((y, names[i % 2], "" if 3 < i < 7 else f"{i}.00") for i, y in enumerate(heights)))
    assert split_rows(body, [LABELS, AMOUNTS], EM) == [(i, i + 1) for i in range(8)]


@pytest.mark.parametrize("full", [True, False])
def test_a_line_with_room_for_the_next_word_does_not_go_on(full: bool) -> None:
    """Labels stand as close as lines of a cell would; they are such only where each but the last fills its cell."""
    wide, last = "国有资本经营预算资金", "事业收入资金"
    rows = [(0.0, wide, "1.00"), (3.3, wide, "2.00"), (6.6, wide, "3.00"), (9.9, wide, "4.00")]
    close = [(13.2, wide if full else "财政专户管理资金", "5.00"), (15.1, wide if full else last, ""), (17.0, last, "")]
    rows += [*close, (20.3, wide, "6.00"), (23.6, wide, "7.00")]
    joined = split_rows(filled(*rows), [LABELS, AMOUNTS], EM)
    assert ((4, 7) in joined) is full
    assert len(joined) == (7 if full else 9)


@pytest.mark.parametrize(("pitch", "n_rows"), [(3.0, 6), (2.2, 7)])
def test_the_second_line_of_the_only_long_label_is_told_from_rows_twice_as_far_apart(pitch: float, n_rows: int) -> None:
    """Lines a little looser than usual, beside an amount at the first: lines of one cell only where rows are far apart."""
    wide, short = "国有资本经营预算资金", "事业收入"
    rows = [(pitch * i, wide if i == 3 else short, f"{i}.00") for i in range(6)]
    rows.insert(4, (pitch * 3 + 1.6, "入资金", ""))
    assert len(split_rows(filled(*rows), [LABELS, AMOUNTS], EM)) == n_rows


@pytest.mark.parametrize("low", [2.7, 2.3])
def test_lower_rows_of_a_label_alone_are_no_lines_of_the_row_above(low: float) -> None:
    """Programs give a row without amounts less height: that is still far more than lines of a cell have."""
    texts = ("其他支出", "工资福利", "商品服务", "资本性支出", "其他支出", "工资福利", "商品服务", "对个人补助")
    rows, y = [], 3.0
    for i, text in enumerate(texts):
        rows.append((y, text, "" if i in (2, 5) else f"{i + 2},285.08"))
        y += low if i in (1, 2, 4, 5) else 3.5
    assert split_rows(filled(*rows), [LABELS, AMOUNTS], EM) == [(i, i + 1) for i in range(8)]


def test_lines_far_apart_but_evenly_about_their_amounts_are_one_cell() -> None:
    rows, y = [], 3.0
    for i in range(5):
        rows += [(y, "一般公共服务支出项目", ""), (y + 1.15, "", f"{i + 2},285.08"), (y + 2.3, "经费", "")]
        y += 4.2
    levels_ = [
        Level(EM * at, (run(0, EM * at, label),) if label else (replace_x(run(1, EM * at, amount)),))
        for at, label, amount in rows
    ]
    assert split_rows(levels_, [LABELS, AMOUNTS], EM) == [(3 * i, 3 * i + 3) for i in range(5)]
