"""A document whose pages run over their limits is given up before it keeps all others waiting, and says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.digitise import Outcome, digitise_file
from flows.results import Disposition
from tests.flows.fakes import Events, FakeMachine, make_workshop, run_in_turn


def digitise(folder: Path, text: str, events: Events) -> Outcome:
    path = folder / "a.pdf"
    path.write_text(text, encoding="utf-8")
    workshop = make_workshop(FakeMachine(), folder / "out")
    return digitise_file(path, "0" * 64, workshop, run_in_turn, events)


def codes(folder: Path) -> list[str]:
    (document,) = (folder / "out" / "documents").iterdir()
    pages = json.loads((document / "document.json").read_bytes())["pages"]
    assert [page["page_number"] for page in pages] == list(range(1, len(pages) + 1))
    return ["".join(failure["code"] for failure in page["failures"]) for page in pages]


def test_two_pages_over_their_limits_end_the_document(tmp_path: Path) -> None:
    events = Events()
    outcome = digitise(tmp_path, "slow slow " + 998 * "slow ", events)
    assert outcome.disposition is Disposition.REJECTED
    assert [(r.code, r.where) for r in outcome.reasons] == [
        ("E_PAGE_TIMEOUT", "pages 1 to 2, page"), ("E_PAGE_SKIPPED", "pages 3 to 1000, page"),
    ]  # fmt: skip
    assert codes(tmp_path) == ["E_PAGE_TIMEOUT"] * 2 + ["E_PAGE_SKIPPED"] * 998
    assert len(events.pages) < 10, "pages that are not tried are not handed out either"


def test_a_long_document_with_a_few_bad_pages_loses_only_those(tmp_path: Path) -> None:
    outcome = digitise(tmp_path, "slow table table table table slow table table", Events())
    assert codes(tmp_path) == ["E_PAGE_TIMEOUT", "", "", "", "", "E_PAGE_TIMEOUT", "", ""]
    assert outcome.disposition is Disposition.NEEDS_REVIEW


@pytest.mark.parametrize("again", [False, True])
def test_pages_that_were_read_before_count_for_it(tmp_path: Path, again: bool) -> None:
    text = "table " * 8 + "slow slow slow table slow table table"
    expected = [""] * 8 + ["E_PAGE_TIMEOUT"] * 3 + [""] + ["E_PAGE_TIMEOUT"] + ["E_PAGE_SKIPPED"] * 2
    for _ in range(1 + again):
        digitise(tmp_path, text, Events())
    assert codes(tmp_path) == expected


def test_pages_that_are_bad_in_another_way_cost_little_and_end_nothing(tmp_path: Path) -> None:
    digitise(tmp_path, "torn torn torn torn table", Events())
    assert codes(tmp_path) == ["E_UNREADABLE"] * 4 + [""]
