"""Hand-made tables whose adjacency relations can be counted by eye."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.adjacency import adjacency, relations
from bench.icdar import read_truth
from flows.scoring.values import BenchTable
from tests.bench.builders import table

TRUE = table("name 2025 2026", "cows 1 .", "sheep 3 4")


def test_neighbours_are_counted_over_empty_cells() -> None:
    assert dict(relations(TRUE)) == {
        ("name", "2025", "right"): 1, ("2025", "2026", "right"): 1, ("cows", "1", "right"): 1,
        ("sheep", "3", "right"): 1, ("3", "4", "right"): 1, ("name", "cows", "below"): 1, ("cows", "sheep", "below"): 1,
        ("2025", "1", "below"): 1, ("1", "3", "below"): 1, ("2026", "4", "below"): 1,
    }  # fmt: skip


def test_the_same_table_scores_one_and_an_empty_column_costs_nothing() -> None:
    wider = table("name . 2025 2026", "cows . 1 .", "sheep . 3 4")
    for read in (TRUE, wider):
        assert adjacency((TRUE,), (read,), forgiving=False).f1 == 1.0


def test_a_merged_cell_costs_the_relations_it_had() -> None:
    merged = table("name 2025 2026", "cows_1 . .", "sheep 3 4")
    score = adjacency((TRUE,), (merged,), forgiving=False)
    assert (score.right, score.true, score.read) == (5, 10, 8)


def test_missed_and_invented_tables_cost_recall_and_precision() -> None:
    other = table("a b", "c d", page=2)
    assert adjacency((TRUE, other), (TRUE,), forgiving=False).recall == pytest.approx(10 / 14)
    assert adjacency((TRUE,), (TRUE, other), forgiving=False).precision == pytest.approx(10 / 14)


def test_a_slip_of_the_reading_counts_only_where_text_does() -> None:
    slip = table("name 2025 2026", "cows 1 .", "sheap 3 4")
    assert adjacency((TRUE,), (slip,), forgiving=False).right == 8
    assert adjacency((TRUE,), (slip,), forgiving=True).f1 == 1.0


def test_truth_of_the_competition_is_read_with_spans_and_increments(tmp_path: Path) -> None:
    path = tmp_path / "x-str.xml"
    path.write_text(
        """<document><table id="1"><region page="3" row-increment="0" col-increment="0">
        <cell start-row="0" start-col="0" end-col="1"><content>a b</content></cell>
        <cell start-row="1" start-col="1"><content>c</content></cell></region>
        <region page="3" row-increment="1" col-increment="2">
        <cell start-row="0" start-col="0"><content>d</content></cell></region></table></document>""",
        encoding="utf-8",
    )
    (found,) = read_truth(path)
    assert (found.page_numbers, found.n_rows, found.n_cols) == ((3,), 2, 3)
    assert [(c.place, c.text) for c in found.cells] == [
        ((0, 0, 1, 2), "a b"), ((1, 1, 1, 1), "c"), ((1, 2, 1, 1), "d"),
    ]  # fmt: skip


def test_no_tables_at_all_is_right() -> None:
    nothing: tuple[BenchTable, ...] = ()
    assert adjacency(nothing, nothing, forgiving=False).f1 == 1.0
