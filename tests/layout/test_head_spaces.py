"""Spaces within heads of columns without rulings, told from gutters by where centred heads may stand."""

from __future__ import annotations

from layout.baselines import Level
from layout.gutters import Column
from layout.head_spaces import with_spaces
from layout.runs import Run
from ocr.geometry import BBox

EM = 20.0


def run(text: str, x: float, box: int) -> Run:
    return Run(text, BBox(x, 90, x + EM * len(text), 110), EM, box)


def texts(*runs: Run, columns: tuple[Column, ...]) -> list[str]:
    (level,) = with_spaces([Level(100, runs)], columns, EM)
    return [r.text for r in level.runs]


SURE = (run("合计", 40, 0), run("出国费", 130, 1), run("接待费", 700, 3))
AMOUNTS = tuple(Column(x1 - 60, x1, True) for x1 in (110, 200, 770))


def test_a_head_whose_column_reaches_far_to_one_side_goes_on_as_far_to_the_other() -> None:
    """行费 stands over an amount at the right of its column; the space of the head before, over nothing, is as wide."""
    heads = (*SURE[:2], run("用车购", 260, 2), run("置费", 335, 2), run("用车运", 420, 2), run("行费", 495, 2), SURE[2])
    found = texts(*heads, columns=(*AMOUNTS, Column(495, 565, True)))
    assert found == ["合计", "出国费", "用车购 置费", "用车运 行费", "接待费"]


def test_heads_that_may_be_centred_by_themselves_stay_two() -> None:
    heads = (*SURE[:2], run("用车购", 260, 2), run("置费", 335, 2), run("用车运", 420, 2), run("行费", 495, 2), SURE[2])
    assert len(texts(*heads, columns=(*AMOUNTS, Column(490, 545, True)))) == 7


def test_heads_over_print_both_or_of_boxes_of_their_own_stay_two() -> None:
    columns = (*AMOUNTS, Column(420, 470, True), Column(495, 565, True))
    heads = (*SURE[:2], run("用车运", 420, 2), run("行费", 495, 2), SURE[2])
    assert len(texts(*heads, columns=columns)) == 5
    apart = (*SURE[:2], run("用车运", 420, 2), run("行费", 495, 4), SURE[2])
    assert len(texts(*apart, columns=(*AMOUNTS, Column(495, 565, True)))) == 5


def test_nothing_is_said_where_heads_are_set_left() -> None:
    """Their amounts reach far to the right everywhere."""
    heads = [run(h, x, i) for i, (h, x) in enumerate((("合计", 40), ("出国费", 160), ("接待费", 280)))]
    columns = tuple(Column(x - 60, x, True) for x in (140, 270, 390, 560))
    pair = (run("用车运", 400, 9), run("行费", 475, 9))
    assert len(texts(*heads, *pair, columns=columns)) == 5


def test_whites_as_narrow_as_a_space_are_one_where_all_gutters_are_far_wider() -> None:
    """Nothing below tells: the amount stands as well under the second half alone."""
    pairs = run("用车购", 260, 2), run("置费", 333, 2), run("用车运", 420, 2), run("行费", 493, 2)
    columns = (*AMOUNTS, Column(490, 545, True))
    assert texts(*SURE[:2], *pairs, SURE[2], columns=columns) == [
        "合计", "出国费", "用车购 置费", "用车运 行费", "接待费"
    ]  # fmt: skip
    near = run("用车运", 393, 2), run("行费", 466, 2)  # 0.9 of a character behind 置费
    assert len(texts(*SURE[:2], *pairs[:2], *near, SURE[2], columns=(*AMOUNTS, Column(463, 518, True)))) == 7
