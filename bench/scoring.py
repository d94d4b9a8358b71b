"""One file's reading against its truth -> counts that add up over files, TEDS among them."""

from __future__ import annotations

from bench.teds import teds
from flows.scoring import scores
from flows.scoring.scores import Score
from flows.scoring.values import BenchTable, Reading

__all__ = ["Score", "score_file"]


def score_file(truth: Reading, read: Reading) -> Score:
    """Counts of one file, as `flows.scoring` has them, with the tree edit distances that only the bench measures."""
    return scores.score_file(truth, read, _similarity)


def _similarity(truth: BenchTable, read: BenchTable, structure_only: bool) -> float:
    return teds(truth, read, structure_only=structure_only)
