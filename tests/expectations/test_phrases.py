"""What the proof says in passing has a Chinese sentence beside the English one, wherever it comes from."""

from __future__ import annotations

import random
import re

import pytest

from bench.corrupt import subjects
from bench.misreads import MisreadOptions, lose_point, misread_digit, with_cell, with_row_twice, with_table
from expectations.catalogue.loader import load_catalogue
from expectations.kinds import catalogue_of
from expectations.known import Known, know, with_figures
from expectations.phrases import family, phrase
from expectations.proof import Proof, prove_figures
from tests.expectations.provinces.places import PLACES, as_printed_in

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("3 read as 8", "3 被识别为 8"),
        ("3 read as 8, 5 read as 6", "3 被识别为 8, 5 被识别为 6"),
        ("read so by crop", "另一次识别（crop）结果如此"),
        ("held possible by recognition (12%)", "识别时认为可能如此（12%）"),
        ("these columns are not known to add up: they do in 2 of 9 rows", "这些列未必构成合计：9 行中仅 2 行相符"),
        ("something nobody has put there", "something nobody has put there"),
    ],
)
def test_a_sentence_in_both_languages(said: str, chinese: str) -> None:
    assert (phrase(said).en, phrase(said).zh) == (said, chinese)


def test_each_identity_of_the_catalogues_has_a_family() -> None:
    for name in ("budget_cn", "financial_statement"):
        for entry in load_catalogue(name).identities:
            assert CHINESE.search(family(entry["id"]).zh), entry["id"]


def test_every_reason_and_every_evidence_is_known() -> None:
    """Of all layouts as printed, and of real documents read wrongly in several ways."""
    found = {c.reason for place in PLACES for c in _known(place).checks if c.reason}
    rng = random.Random(3)
    for subject in subjects():
        for _ in range(12):
            ref = rng.choice(subject.figures)
            cell = subject.known.cell(ref)
            cell = misread_digit(cell, rng, MisreadOptions()).cell if rng.random() < 0.7 else lose_point(cell, rng)
            found |= _said(
                prove_figures(with_figures(subject.known, with_cell(subject.known.document, ref, lambda _, c=cell: c)))
            )  # type: ignore[misc]
        doubled = with_row_twice(subject.known.document.tables[0], 4)
        found |= _said(prove_figures(know(with_table(subject.known.document, 0, doubled), subject.known.catalogue)))
    assert [said for said in sorted(found) if not CHINESE.search(phrase(said).zh)] == []
    assert len(found) > 10


def _known(place: str) -> Known:
    document = as_printed_in(place)
    return know(document, catalogue_of(document))


def _said(proof: Proof) -> set[str]:
    every = (*proof.suggestions, *proof.corrections)
    evidence = {change.evidence for s in every for change in s.changes}
    return {s.reason for s in every if s.reason} | evidence | {c.reason for c in proof.known.checks if c.reason}
