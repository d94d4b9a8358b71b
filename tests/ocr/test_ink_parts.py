"""Parts of ink are the same however much blank paper lies around them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from ocr.ink import blob_paths, count_blobs, grown, joined, without_short

Mask = np.ndarray


def ink(seed: int) -> Mask:
    return np.random.default_rng(seed).random((14, 23)) < 0.3


@given(st.integers(0, 10_000), st.integers(0, 5), st.integers(0, 5))
def test_blank_paper_around_changes_nothing(seed: int, left: int, top: int) -> None:
    mask = ink(seed)
    wide = np.pad(mask, ((top, 3), (left, 2)))
    assert count_blobs(wide) == count_blobs(mask) == ndimage.label(mask)[1]
    paths, moved = blob_paths(mask, 2.0, 1), blob_paths(wide, 2.0, 1)
    for found, shift in ((0, left), (1, top)):
        here, there = ([path[found] for path in of] for of in (paths, moved))
        assert np.allclose(np.sort(np.concatenate(here) + shift), np.sort(np.concatenate(there)))


def test_no_ink_has_no_parts() -> None:
    blank = np.zeros((5, 5), bool)
    assert count_blobs(blank) == 0
    assert blob_paths(blank, 1.0, 1) == []


def test_masks_that_do_not_lie_in_one_piece() -> None:
    mask = ink(1).T
    whole = np.ascontiguousarray(mask)
    for made in (lambda m: joined(m, 3, 2), lambda m: grown(m, 1.0), lambda m: without_short(m, 4)):
        assert made(mask).dtype == bool
        assert np.array_equal(made(mask), made(whole))
