"""Things that hang together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ocr.groups import groups_of

PAIRS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20))
)


@given(PAIRS)
def test_groups_are_those_of_scipy_in_the_same_order(given: tuple[int, list[tuple[int, int]]]) -> None:
    n, pairs = given
    one, two = np.array(pairs, int).reshape(-1, 2).T
    links = coo_matrix((np.ones(len(one)), (one, two)), shape=(n, n))
    assert groups_of(n, one, two).tolist() == connected_components(links, directed=False)[1].tolist()


def test_a_chain_told_in_any_order_is_one_group() -> None:
    order = np.random.default_rng(0).permutation(500)
    assert set(groups_of(500, order[:-1], order[1:]).tolist()) == {0}


def test_nothing_makes_no_group() -> None:
    assert groups_of(0, [], []).tolist() == []
