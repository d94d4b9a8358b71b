import pytest
from apted import APTED
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.teds import _Costs, _count, _Node, _rows, teds
from flows.scoring.values import BenchCell, BenchTable
from tests.bench.builders import table


def test_equal_tables_score_one() -> None:
    assert teds(table("a b <", "c d e"), table("a b <", "c d e")) == 1.0


def test_one_wrong_character_costs_its_share_of_one_node() -> None:
    true, read = table("ab cd", "ef gh"), table("ab cd", "ef gx")
    assert teds(true, read) == pytest.approx(1 - 0.5 / 7)  # 1 table + 2 rows + 4 cells
    assert teds(true, read, structure_only=True) == 1.0


def test_a_missing_row_costs_its_nodes() -> None:
    assert teds(table("a b", "c d", "e f"), table("a b", "e f")) == pytest.approx(1 - 3 / 10)


def test_a_span_taken_for_two_cells() -> None:
    # one td of another span, one td more
    assert teds(table("a <", "c d"), table("a .", "c d")) == pytest.approx(1 - 2 / 7)


def test_empty_against_full() -> None:
    true = table("a b", "c d")
    assert teds(true, BenchTable((1,), 0, 0, ())) == pytest.approx(1 - 6 / 7)


def _tables() -> st.SearchStrategy[BenchTable]:
    rows = st.lists(st.lists(st.sampled_from(["", "1", "12", "a"]), min_size=1, max_size=3), min_size=1, max_size=5)
    return rows.map(
        lambda rows: BenchTable(
            (1,), len(rows), 3, tuple(BenchCell(i, j, 1, 1, t) for i, row in enumerate(rows) for j, t in enumerate(row))
        )
    )


@settings(max_examples=150, deadline=None)
@given(_tables(), _tables())
def test_taking_equal_rows_off_the_ends_changes_nothing(a: BenchTable, b: BenchTable) -> None:
    trees = [_Node("table", children=tuple(_rows(t, structure_only=False))) for t in (a, b)]
    larger = max(_count(list(tree.children)) for tree in trees) + 1
    plain = 1 - APTED(*trees, _Costs()).compute_edit_distance() / larger
    assert teds(a, b) == pytest.approx(plain)
