import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.numbering import broken_numbers
from layout.rereading import reread_doubtful
from layout.values import Doubt
from tests.layout.test_rereading import Reader, column


@pytest.mark.parametrize(
    ("printed", "asked"),
    [
        ("1 2 3 4 5 6", {}),
        ("9 10 11 2 13 14 15", {3: "12"}),
        ("9 10 11 2 3 14 15 16", {3: "12", 4: "13"}),
        ("7 2 3 4 5 6", {0: "1"}),
        ("1 2 3 4 5 8", {5: "6"}),
        ("1 2 3 . 5 6 7", {3: "4"}),
        ("1 2 3 4l 5 6 7 8", {3: "4"}),
        ("1 2 3 l4. 5 6 7 8", {3: "4"}),
        ("29 30 31 . 32 33 34", {}),
        ("1 2 3 4 . . 7 8 9", {}),
        ("1 2 3 1 2 3 4", {}),
        ("1 2 3 4 5 合计", {}),
        ("120 240 360 480 600 720", {}),
        ("1 2 3 12 5", {}),
        ("1 1 2 5 3 3 9 4", {}),
    ],
)
def test_a_number_that_breaks_the_run_is_asked_for_by_its_neighbours(printed: str, asked: dict[int, str]) -> None:
    texts = ["" if text == "." else text for text in printed.split()]
    assert broken_numbers(texts) == asked


@given(st.integers(1, 500), st.integers(6, 60), st.data())
def test_any_single_misread_number_is_found_and_no_other(first: int, n: int, data: st.DataObject) -> None:
    texts = [str(first + i) for i in range(n)]
    assert broken_numbers(texts) == {}
    at = data.draw(st.integers(0, n - 1))
    texts[at] = data.draw(st.integers(1, 9999).map(str).filter(lambda t: t != texts[at]))
    asked = broken_numbers(texts)
    assert asked.get(at) == str(first + at) or _suits_a_neighbour(texts, at)
    assert set(asked) <= {at}


def _suits_a_neighbour(texts: list[str], at: int) -> bool:
    near = [int(texts[at - 1]) + 1] if at else []
    near += [int(texts[at + 1]) - 1] if at + 1 < len(texts) else []
    return int(texts[at]) in near


def test_a_number_that_every_crop_misreads_alike_stays_in_doubt_with_the_one_asked_for_beside_it() -> None:
    table, image = column("9", "10", "11", "2", "13", "14", "15")
    cell = reread_doubtful(table, image, Reader("2", "2")).cells[3]
    assert (cell.text, cell.doubts) == ("2", (Doubt.OFF_TYPE,))
    assert [(r.text, r.source) for r in cell.readings][-1] == ("12", "grammar")


def test_a_crop_that_reads_the_number_asked_for_is_taken_and_stays_in_doubt() -> None:
    table, image = column("9", "10", "11", "2", "13", "14", "15")
    cell = reread_doubtful(table, image, Reader("2", "12")).cells[3]
    assert (cell.text, cell.ocr_text) == ("12", "2")
    assert Doubt.READINGS_DIFFER in cell.doubts


def test_a_column_in_order_is_not_read_again() -> None:
    table, image = column("9", "10", "11", "12", "13", "14", "15")
    reader = Reader()
    reread_doubtful(table, image, reader)
    assert reader.calls == 0


def test_crops_do_not_outvote_a_page_reading_that_runs_on() -> None:
    table, image = column("9", "10", "11", "12", "13", "14", "15", doubt_at=3)
    cell = reread_doubtful(table, image, Reader("2", "2")).cells[3]
    assert cell.text == "12"
    assert Doubt.READINGS_DIFFER in cell.doubts
