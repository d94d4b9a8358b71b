import pytest

from bench.report import as_text, figures
from bench.scoring import Score, score_file
from flows.scoring.matching import match_tables
from flows.scoring.number_scores import NumberScore, score_numbers
from flows.scoring.values import Reading
from tests.bench.builders import reading, table

TRUE = table(
    "项目 金额 <", "^ 今年 去年", "工资 1,234.50 2.00", "其他 . 3.00", n_header_rows=2, title="支出表", unit="万元"
)


def test_a_perfect_reading_scores_full_marks() -> None:
    values = figures(score_file(reading(TRUE, text="甲"), reading(TRUE, text="甲", accepted=True)))
    ones = ("tables_found", "structure_exact", "table_exact", "cell_f1", "teds", "teds_s", "numbers_in_place",
            "cell_characters", "text_characters", "header_rows", "titles", "units")  # fmt: skip
    assert all(values[name] == 1.0 for name in ones), values
    zeros = ("tables_invented", "numbers_wrong", "numbers_missing", "numbers_invented", "numbers_silent_in_accepted")
    assert all(values[name] == 0 for name in zeros), values
    assert values["seconds_a_page"] == 2.0


def test_tables_pair_by_text_and_page() -> None:
    a, b = table("甲 1", "乙 2"), table("丙 3", "丁 4")
    assert match_tables((a, b), (b, a)).pairs == ((0, 1), (1, 0))
    elsewhere = table("甲 1", "乙 2", page=2)
    matching = match_tables((a,), (elsewhere,))
    assert (matching.pairs, matching.missed, matching.invented) == ((), (0,), (0,))


def test_twins_on_other_pages_find_their_own_page() -> None:
    first, second = table("甲 1"), table("甲 1", page=2)
    assert match_tables((first, second), (second, first)).pairs == ((0, 1), (1, 0))


def test_a_piece_of_a_table_is_no_invention() -> None:
    true = table("甲 1", "乙 2", "丙 3", "丁 4", "戊 5")
    matching = match_tables((true,), (table("甲 1", "乙 2", "丙 3", "丁 4"), table("戊 5"), table("春 眠")))
    assert matching.pairs == ((0, 0),)
    assert (matching.fragments, matching.invented) == ((1,), (2,))


def test_structure_exact_but_text_not() -> None:
    read = table("项目 金额 <", "^ 今年 去年", "工资 1,234.50 2.00", "其它 . 3.00")
    score = score_file(reading(TRUE), reading(read))
    assert (score.n_structure, score.n_exact) == (1, 0)
    assert (score.cells_placed, score.cells_right, score.cells_true) == (10, 9, 10)
    assert score.teds_s == 1.0
    assert score.teds < 1.0


def test_white_space_and_separators_do_not_count() -> None:
    read = table("项目 金额 <", "^ 今年 去年", "工资 1234.50 ２．００", "其他 . 3.00")
    assert score_file(reading(TRUE), reading(read)).numbers_in_place == 3


def test_numbers_wrong_missing_and_invented() -> None:
    read = table("项目 金额 <", "^ 今年 去年", "工资 1,284.50 .", "其他 7.00 3.00")
    assert score_numbers(TRUE, read) == NumberScore(
        n_true=3, in_place=1, wrong=1, missing=1, invented=1, silent=3
    )  # fmt: skip


def test_a_stated_doubt_is_not_silent() -> None:
    read = table(
        "项目 金额 <", "^ 今年 去年", "工资 1,284.50 .", "其他 7.00 3.00", doubtful=frozenset({(2, 1), (2, 2), (3, 1)})
    )
    score = score_numbers(TRUE, read)
    assert (score.wrong, score.missing, score.invented, score.silent) == (1, 1, 1, 0)


def test_a_number_one_column_off_is_wrong_twice_over() -> None:
    score = score_numbers(table("甲 1.00 ."), table("甲 . 1.00"))
    assert (score.in_place, score.missing, score.invented) == (0, 1, 1)


def test_a_missed_table_loses_its_numbers_and_an_invented_one_invents_them() -> None:
    score = score_file(reading(TRUE), reading(table("春眠 9.00", "不觉 8.00"), accepted=True))
    assert (score.n_found, score.n_invented, score.cells_right) == (0, 1, 0)
    assert (score.numbers_missing, score.numbers_invented) == (3, 2)
    assert score.silent_accepted == 5


def test_silence_counts_only_in_accepted_documents() -> None:
    wrong = table("项目 金额 <", "^ 今年 去年", "工资 1,284.50 2.00", "其他 . 3.00")
    assert score_file(reading(TRUE), reading(wrong, accepted=False)).silent_accepted == 0
    assert score_file(reading(TRUE), reading(wrong, accepted=True)).silent_accepted == 1


def test_a_file_that_broke_a_system_counts_as_nothing_found() -> None:
    score = score_file(reading(TRUE), Reading((), error="no answer"))
    assert (score.n_failed, score.n_found, score.numbers_missing, score.cells_read) == (1, 0, 3, 0)


def test_scores_add() -> None:
    one = score_file(reading(TRUE), reading(TRUE))
    both = one + one
    assert both.n_true == 2
    assert figures(both)["teds"] == pytest.approx(1.0)


def test_nothing_to_count_prints_as_a_dash() -> None:
    assert figures(Score())["tables_found"] is None
    assert " - " in as_text({"nobody": {}})
