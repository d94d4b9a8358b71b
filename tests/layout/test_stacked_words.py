"""Two characters one below the other that the detector put into one box: of two rows, or two lines of one cell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layout.pieces import split_word
from layout.runs import find_runs
from ocr.geometry import BBox
from ocr.values import Word
from tests.layout.printing import printed, word
from tests.layout.test_implied import read, shape


def stacked(text: str, x: float, top: float, bottom: float) -> Word:
    """A word of two characters around x, with their middles at two heights."""
    return Word(text, BBox(x - 11, top - 13, x + 11, bottom + 13), 0.98)


def page() -> list[Word]:
    rows = [(f"{'赵钱孙李周吴郑'[i]}建华", "男", f"{i + 1},204.16", f"{i + 3}45.79") for i in range(7)]
    return [
        word(t, x, 150 + 40 * i, "centre")
        for i, row in enumerate(rows) for t, x in zip(row, (150, 330, 550, 850), strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("pitch", [30, 36, 44])
def test_each_character_is_a_run_at_its_own_height(pitch: int) -> None:
    single = [word("女", 300, 200, "centre"), word("男", 300, 200 + pitch, "centre")]
    beside = [word("1,204.16", 500, 200), word("345.79", 500, 200 + pitch)]
    image, text = printed([*single, *beside])
    found = find_runs(image, (), replace(text, words=(stacked("女男", 300, 200, 200 + pitch), *beside)))
    assert [r.text for r in found][:2] == ["女", "男"]
    assert [r.y for r in found][:2] == pytest.approx([200, 200 + pitch], abs=3)


def test_two_lines_of_one_cell_are_one_run_beside_the_amount_in_their_middle() -> None:
    image, text = printed([word("服", 300, 200, "centre"), word("务", 300, 228, "centre"), word("16.00", 500, 214)])
    found = find_runs(image, (), replace(text, words=(stacked("服务", 300, 200, 228), text.words[2])))
    assert [r.text for r in found] == ["服务", "16.00"]


def test_two_rows_keep_theirs() -> None:
    image, text = printed(page())
    kept = tuple(w for w in text.words if w.text != "男" or not 220 < w.bbox.centre[1] < 280)
    (grid,) = read(image, replace(text, words=(*kept, stacked("男男", 330, 230, 270))))
    assert shape(grid)[:2] == (7, 4)


def test_its_halves_lie_in_two_cells_and_are_in_doubt_or_in_one_as_a_whole() -> None:
    both = stacked("女男", 100, 110, 150)
    upper, lower = BBox(50, 90, 150, 130), BBox(50, 130, 150, 170)
    pieces = split_word(both, [upper, lower])
    assert [(p.cell_index, p.word.text, p.guessed) for p in pieces] == [(0, "女", True), (1, "男", True)]
    (piece,) = split_word(both, [BBox(50, 90, 150, 170), BBox(150, 90, 250, 170)])
    assert (piece.cell_index, piece.word) == (0, both)


def test_a_box_that_begins_in_the_row_above_holds_the_characters_of_two_rows() -> None:
    """The middles of its halves are none of its characters'."""
    kept = [w for w in page() if w.text != "男" or not 220 < w.bbox.centre[1] < 280]
    image, text = printed([*kept, word("女", 330, 230, "centre"), word("男", 330, 270, "centre")])
    both = Word("女男", BBox(319, 199, 341, 287), 0.98)
    (grid,) = read(image, replace(text, words=(*text.words[:-2], both)))
    assert shape(grid) == (7, 4, [])
