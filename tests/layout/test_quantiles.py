"""Quantiles: what numpy says, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from layout.quantiles import quantile, quantiles, quantiles_of_levels


@given(
    hnp.arrays(np.float64, st.integers(1, 40), elements=st.floats(0.0, 1.0))
    | hnp.arrays(np.uint16, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9))
    | hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)),
    st.sampled_from((0.0, 0.03, 0.25, 0.5, 0.75, 0.95, 0.97, 1.0)),
)
def test_it_is_numpys_to_the_last_bit(values: npt.NDArray[Any], share: float) -> None:
    assert quantile(values, share) == float(np.quantile(values, share))


def test_several_come_in_the_order_asked() -> None:
    assert quantiles(np.array([3, 1, 2], np.uint8), (0.5, 0.0, 0.75)) == [2.0, 1.0, 2.5]


@given(
    hnp.arrays(np.uint16, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 4080)),
    st.sampled_from((0.0, 0.005, 0.5, 0.95, 1.0)),
)
def test_counted_levels_have_the_same(levels: npt.NDArray[np.uint16], share: float) -> None:
    assert quantiles_of_levels(levels.T, (share,)) == quantiles(levels, (share,))
