"""Runs of set flags."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr.flag_runs import flag_runs


@given(st.lists(st.booleans(), max_size=40))
def test_runs_hold_all_flags_that_are_set_and_never_touch(flags: list[bool]) -> None:
    runs = flag_runs(np.array(flags, bool))
    told = [i for start, stop in runs.tolist() for i in range(start, stop)]
    assert told == [i for i, is_set in enumerate(flags) if is_set]
    assert all(stop < start for stop, start in zip(runs[:-1, 1], runs[1:, 0], strict=True))
