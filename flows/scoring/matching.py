"""Which table that a system read is which true table: by the pages they share and by the text they hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from flows.scoring.values import BenchTable

LEAST_SIMILARITY = 0.5
_FRAGMENT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Matching:
    """pairs: (true index, read index). invented: read tables that are no table; fragments: pieces of a true one."""

    pairs: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    invented: tuple[int, ...]
    fragments: tuple[int, ...]


def match_tables(truth: tuple[BenchTable, ...], read: tuple[BenchTable, ...]) -> Matching:
    """The one-to-one matching of greatest total similarity, pairs under ``LEAST_SIMILARITY`` left out."""
    scores = np.array([[similarity(t, r) for r in read] for t in truth]).reshape(len(truth), len(read))
    rows, cols = linear_sum_assignment(scores, maximize=True)
    pairs = tuple((int(i), int(j)) for i, j in zip(rows, cols, strict=True) if scores[i, j] >= LEAST_SIMILARITY)
    matched_true, matched_read = {i for i, _ in pairs}, {j for _, j in pairs}
    left = [j for j in range(len(read)) if j not in matched_read]
    fragments = tuple(j for j in left if any(_is_part_of(read[j], t) for t in truth))
    return Matching(
        pairs,
        tuple(i for i in range(len(truth)) if i not in matched_true),
        tuple(j for j in left if j not in fragments),
        fragments,
    )


def similarity(truth: BenchTable, read: BenchTable) -> float:
    """Dice coefficient of their characters in [0, 1], 0 without a common page; ties go to the likelier shape."""
    if not set(truth.page_numbers) & set(read.page_numbers):
        return 0.0
    total = len(truth.content) + len(read.content)
    dice = 2.0 * _common(truth.content, read.content) / total if total else 1.0
    same_shape = (truth.n_rows == read.n_rows) + (truth.n_cols == read.n_cols)
    same_pages = truth.page_numbers == read.page_numbers
    return dice + 1e-3 * (same_shape + same_pages) * (dice > 0)


def _common(a: str, b: str) -> int:
    return sum((Counter(a) & Counter(b)).values())


def _is_part_of(read: BenchTable, truth: BenchTable) -> bool:
    shares_page = bool(set(truth.page_numbers) & set(read.page_numbers))
    return shares_page and _common(truth.content, read.content) >= _FRAGMENT_SHARE * max(1, len(read.content))
