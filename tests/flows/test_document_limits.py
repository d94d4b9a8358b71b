"""What a document may cost the supervisor: its code where it is more, and the next document goes on."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from expectations.values import DocumentTables, ValidationReport
from flows.digitise import Outcome, Workshop, digitise_file
from flows.document_limits import DocumentLimits, processor_deadline
from flows.pipeline import Reread
from flows.results import Disposition
from ocr.errors import ProofTimeout
from tests.flows.fakes import Events, FakeMachine, make_workshop, report_on, run_in_turn


def digitise(folder: Path, text: str, workshop: Workshop) -> Outcome:
    path = folder / f"{text.count('table')}.pdf"
    path.write_text(text, encoding="utf-8")
    return digitise_file(path, f"{len(text):064d}", workshop, run_in_turn, Events())


def spinning(document: DocumentTables, reread: Reread) -> tuple[DocumentTables, ValidationReport]:
    """Never done with two tables, and not impressed by any failure, as some validators are."""
    while len(document.tables) == 2:
        try:
            sum(range(1000))
        except Exception:  # noqa: BLE001, S112 - what is being played
            continue
    return document, report_on(document)


def test_a_proof_without_end_is_ended_and_what_was_read_is_kept_for_review(tmp_path: Path) -> None:
    workshop = make_workshop(FakeMachine(), tmp_path / "out")
    stages = replace(workshop.stages, prove=spinning)
    workshop = replace(workshop, stages=stages, limits=DocumentLimits(proof_seconds=0.1))
    outcome = digitise(tmp_path, "table table", workshop)
    assert (outcome.disposition, [r.code for r in outcome.reasons]) == (Disposition.NEEDS_REVIEW, ["E_PROOF_TIMEOUT"])
    document = json.loads((workshop.out.document(outcome.document_id) / "document.json").read_bytes())
    assert len(document["tables"]) == 2
    assert digitise(tmp_path, "table", workshop).disposition is Disposition.ACCEPTED
    assert not [thread for thread in threading.enumerate() if thread.name == "deadline"]


def test_more_cells_than_allowed_reject_the_file(tmp_path: Path) -> None:
    workshop = replace(make_workshop(FakeMachine(), tmp_path / "out"), limits=DocumentLimits(max_cells=20))
    assert digitise(tmp_path, "table table table", workshop).disposition is Disposition.ACCEPTED
    outcome = digitise(tmp_path, "table " * 8, workshop)
    assert (outcome.disposition, [r.code for r in outcome.reasons]) == (Disposition.REJECTED, ["E_DOCUMENT_SIZE"])
    assert "page 5" in outcome.reasons[0].message


@pytest.mark.parametrize("n", [1, 50])
def test_a_block_in_time_ends_as_it_does(n: int) -> None:
    for _ in range(n):
        with processor_deadline(1000.0):
            pass
        with pytest.raises(ZeroDivisionError), processor_deadline(1000.0):
            raise ZeroDivisionError


def test_each_thread_has_its_own_deadline() -> None:
    ended: list[str] = []

    def spin(name: str) -> None:
        try:
            with processor_deadline(0.1):
                while True:
                    pass
        except ProofTimeout:
            ended.append(name)

    threads = [threading.Thread(target=spin, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    with processor_deadline(1000.0):
        for thread in threads:
            thread.join()
    assert sorted(ended) == ["a", "b"]
