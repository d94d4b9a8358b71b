"""The path of a file through the shell, with fake stages: isolation, caching, publishing."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from flows.digitise import Outcome, digitise_file, digitise_files, run_page
from flows.page_cache import PageKey, keep_page, kept_page
from flows.page_reading import PageJob, ReaderHere
from flows.results import Disposition
from flows.store import OutputFolder, file_sha256
from ocr.errors import ModelMissing, RecognitionFailed, StorageError
from ocr.source import SourceFacts, SourceKind
from tests.flows.fakes import Events, FakeMachine, make_workshop, run_in_turn


@pytest.fixture
def machine() -> FakeMachine:
    return FakeMachine()


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def digitise(path: Path, machine: FakeMachine, root: Path, watch: Events | None = None, **options: object) -> Outcome:
    workshop = make_workshop(machine, root, **options)  # type: ignore[arg-type]
    return digitise_file(path, file_sha256(path), workshop, run_in_turn, watch or Events())


def published(root: Path) -> set[str]:
    return {path.relative_to(root).parts[0] for path in root.rglob("*") if path.is_file()} - {".scanledger"}


def test_an_accepted_document_is_in_documents_dataset_and_docs(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "table text")
    outcome = digitise(path, machine, tmp_path / "out")
    assert (outcome.disposition, outcome.n_pages, outcome.n_tables) == (Disposition.ACCEPTED, 2, 1)
    assert published(tmp_path / "out") == {"documents", "dataset", "data_docs"}
    folder = tmp_path / "out" / "documents" / file_sha256(path)[:16]
    assert sorted(p.name for p in folder.rglob("*")) == ["01.csv", "01.html", "document.json", "tables"]


@pytest.mark.parametrize("text", ["table scripted", "scripted", "table torn scripted"])
def test_what_a_file_carries_is_noted_whatever_becomes_of_it(tmp_path: Path, machine: FakeMachine, text: str) -> None:
    outcome = digitise(write(tmp_path, "a.pdf", text), machine, tmp_path / "out")
    document = json.loads((tmp_path / "out" / "documents" / outcome.document_id / "document.json").read_bytes())
    assert document["document"]["notes"] == ["embedded_files", "javascript"]
    assert document["document"]["embedded_files"] == ["evil\x1b[2J.exe"]


def test_an_image_called_pdf_is_noted_though_the_store_calls_it_otherwise(tmp_path: Path, machine: FakeMachine) -> None:
    path, workshop = write(tmp_path, "0" * 64, "table"), make_workshop(machine, tmp_path / "out")
    image = ReaderHere(machine.stages(), lambda path: SourceFacts("0" * 64, path.name, SourceKind.JPEG, 1))
    outcome = digitise_file(path, "0" * 64, replace(workshop, reader=image), run_in_turn, Events(), "预算.PDF")
    document = json.loads((tmp_path / "out" / "documents" / outcome.document_id / "document.json").read_bytes())
    assert document["document"]["notes"] == ["misnamed"]


def test_a_rejected_file_keeps_its_bytes_and_its_reason(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "locked")
    outcome = digitise(path, machine, tmp_path / "out")
    assert outcome.disposition is Disposition.REJECTED
    folder = tmp_path / "out" / "quarantine" / outcome.document_id
    assert (folder / "original.pdf").read_bytes() == path.read_bytes()
    reason = json.loads((folder / "reason.json").read_bytes())
    assert (reason["source_name"], reason["reasons"][0]["code"]) == ("a.pdf", "E_ENCRYPTED")
    document = json.loads((tmp_path / "out" / "documents" / outcome.document_id / "document.json").read_bytes())
    assert (document["document"]["disposition"], document["tables"]) == ("rejected", [])


def test_a_document_without_tables_is_quarantined(tmp_path: Path, machine: FakeMachine) -> None:
    outcome = digitise(write(tmp_path, "a.pdf", "text text"), machine, tmp_path / "out")
    assert [r.code for r in outcome.reasons] == ["E_NO_TABLES"]
    assert published(tmp_path / "out") == {"documents", "quarantine", "data_docs"}


@pytest.mark.parametrize(
    ("kind", "code", "stage"),
    [("torn", "E_UNREADABLE", ""), ("dead", "E_RECOGNITION", ""), ("bug", "E_BUG", "page")],
)
def test_one_bad_page_ends_that_page_only(
    tmp_path: Path, machine: FakeMachine, kind: str, code: str, stage: str
) -> None:
    outcome = digitise(write(tmp_path, "a.pdf", f"table {kind} table"), machine, tmp_path / "out")
    assert (outcome.disposition, outcome.n_tables) == (Disposition.NEEDS_REVIEW, 2)
    assert [r.code for r in outcome.reasons] == [code]
    assert published(tmp_path / "out") == {"documents", "data_docs"}
    document = json.loads((tmp_path / "out" / "documents" / outcome.document_id / "document.json").read_bytes())
    assert [len(page["failures"]) for page in document["pages"]] == [0, 1, 0]
    assert stage in document["pages"][1]["failures"][0]["stage"]


def test_a_failure_after_rasterising_keeps_the_size_of_the_page(tmp_path: Path, machine: FakeMachine) -> None:
    outcome = digitise(write(tmp_path, "a.pdf", "bug"), machine, tmp_path / "out")
    document = json.loads((tmp_path / "out" / "documents" / outcome.document_id / "document.json").read_bytes())
    assert (document["pages"][0]["width_pt"], document["pages"][0]["height_pt"]) == (595.0, 842.0)


def test_a_second_run_recognises_nothing_and_writes_the_same_bytes(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "table text")
    digitise(path, machine, tmp_path / "out")
    first = snapshot(tmp_path / "out")
    again, watch = FakeMachine(), Events()
    digitise(path, again, tmp_path / "out", watch)
    assert not again.recognised
    assert watch.pages == [(1, True), (2, True)]
    assert snapshot(tmp_path / "out") == first


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_force_another_fingerprint_and_another_content_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", "table")
    digitise(path, FakeMachine(), tmp_path / "out")
    for options in ({"force": True}, {"fingerprint": "e" * 64}):
        machine = FakeMachine()
        digitise(path, machine, tmp_path / "out", **options)
        assert machine.recognised.total() == 1
    machine = FakeMachine()
    digitise(write(tmp_path, "a.pdf", "table "), machine, tmp_path / "out")
    assert machine.recognised.total() == 1


def test_a_killed_run_repeats_no_finished_page(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "table text nomodel")
    with pytest.raises(ModelMissing):
        digitise(path, machine, tmp_path / "out")
    assert published(tmp_path / "out") == set()
    again = FakeMachine()
    with pytest.raises(ModelMissing):
        digitise(path, again, tmp_path / "out")
    assert [digest.split("-")[0] for digest in again.recognised] == ["nomodel"]


def test_a_failed_page_is_tried_again_by_the_next_run(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "flaky table")
    assert digitise(path, machine, tmp_path / "out").disposition is Disposition.NEEDS_REVIEW
    assert digitise(path, machine, tmp_path / "out").disposition is Disposition.ACCEPTED
    assert machine.recognised == {"flaky-a.pdf-1": 2, "table-a.pdf-2": 1}


def test_a_damaged_kept_page_counts_as_absent(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "table")
    digitise(path, machine, tmp_path / "out")
    (kept,) = (tmp_path / "out" / ".scanledger" / "pages").rglob("*.json.gz")
    whole = kept.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"no gzip", whole[:-9] + bytes(9)):
        kept.write_bytes(damaged)
        again = FakeMachine()
        assert digitise(path, again, tmp_path / "out").disposition is Disposition.ACCEPTED
        assert again.recognised.total() == 1


def test_a_page_is_kept_under_its_whole_key(tmp_path: Path, machine: FakeMachine) -> None:
    workshop = make_workshop(machine, tmp_path / "out")
    path = write(tmp_path, "a.pdf", "table")
    page = run_page(PageJob(path, "1" * 64, 1), workshop).page
    assert kept_page(workshop.out, PageKey("1" * 64, 1, "f" * 64)) == page
    assert kept_page(workshop.out, PageKey("1" * 16 + "2" * 48, 1, "f" * 64)) is None
    assert kept_page(workshop.out, PageKey("1" * 64, 1, "f" * 16 + "0" * 48)) is None


def test_a_failed_page_cannot_be_kept(tmp_path: Path, machine: FakeMachine) -> None:
    workshop = make_workshop(machine, tmp_path / "out")
    page = run_page(PageJob(write(tmp_path, "a.pdf", "torn"), "1" * 64, 1), workshop).page
    with pytest.raises(ValueError, match="another try"):
        keep_page(workshop.out, PageKey("1" * 64, 1, "f"), page)


def test_engine_errors_leave_run_page_for_whoever_retries(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "dead")
    with pytest.raises(RecognitionFailed):
        run_page(PageJob(path, "1" * 64, 1), make_workshop(machine, tmp_path / "out"))


def test_a_document_no_longer_accepted_leaves_the_dataset(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", "table")
    digitise(path, FakeMachine(), tmp_path / "out")
    assert "dataset" in published(tmp_path / "out")
    assert digitise(path, FakeMachine(findings_fail=True), tmp_path / "out").disposition is Disposition.NEEDS_REVIEW
    assert "dataset" not in published(tmp_path / "out")


def test_a_crash_while_publishing_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.pdf", "table")

    def fail(folder: Path, result: object) -> None:
        (folder / "document.json").write_bytes(b'{"half')
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.publish.write_document", fail)
    with pytest.raises(StorageError):
        digitise(path, FakeMachine(), tmp_path / "out")
    assert published(tmp_path / "out") == set()
    assert not list(OutputFolder(tmp_path / "out").making.iterdir())


def test_the_next_file_goes_on_after_a_bad_one_and_bytes_are_read_once(tmp_path: Path, machine: FakeMachine) -> None:
    paths = [
        write(tmp_path, "1.pdf", "locked"),
        write(tmp_path, "2.pdf", "table"),
        write(tmp_path, "3.pdf", "table"),
        tmp_path / "gone.pdf",
        write(tmp_path, "5.pdf", "table text"),
    ]
    workshop, watch = make_workshop(machine, tmp_path / "out"), Events()
    outcomes = digitise_files(
        paths, workshop, lambda p, sha256: digitise_file(p, sha256, workshop, run_in_turn, watch), watch
    )  # type: ignore[arg-type]
    assert [o.disposition.value for o in outcomes] == ["rejected", "accepted", "accepted", "rejected", "accepted"]
    assert [o.duplicate_of for o in outcomes] == ["", "", "2.pdf", "", ""]
    assert outcomes[3].reasons[0].code == "E_ACCESS"
    assert machine.recognised.total() == 3
    assert watch.outcomes == list(outcomes)


def test_an_original_that_has_gone_meanwhile_is_said_so(tmp_path: Path, machine: FakeMachine) -> None:
    path = write(tmp_path, "a.pdf", "locked")
    sha256 = file_sha256(path)
    path.write_text("locked again", encoding="utf-8")
    workshop = make_workshop(machine, tmp_path / "out")
    outcome = digitise_file(path, sha256, workshop, run_in_turn, Events())
    folder = tmp_path / "out" / "quarantine" / outcome.document_id
    assert [p.name for p in folder.iterdir()] == ["reason.json"]
    reasons = json.loads((folder / "reason.json").read_bytes())["reasons"]
    assert [r["code"] for r in reasons] == ["E_ENCRYPTED", "E_ACCESS"]


def test_a_bug_around_a_file_keeps_it_for_review(
    tmp_path: Path, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.digitise.join_document", lambda *_: 1 / 0)
    outcome = digitise(write(tmp_path, "a.pdf", "table"), machine, tmp_path / "out")
    assert (outcome.disposition, outcome.reasons[0].code) == (Disposition.NEEDS_REVIEW, "E_BUG")
    assert published(tmp_path / "out") == {"documents", "data_docs"}


def test_what_was_read_is_kept_when_validation_breaks(
    tmp_path: Path, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "prove", lambda *_: 1 / 0)
    outcome = digitise(write(tmp_path, "a.pdf", "table text"), machine, tmp_path / "out")
    assert (outcome.disposition, outcome.n_pages, outcome.n_tables) == (Disposition.NEEDS_REVIEW, 2, 1)
    document = json.loads((tmp_path / "out" / "documents" / outcome.document_id / "document.json").read_bytes())
    assert [cell["text"] for cell in document["tables"][0]["cells"]] == ["收入", "3,064.66"]


@pytest.mark.parametrize(
    "name",
    [
        "预算.pdf".encode("gbk") + b"",
        b"x" * 249 + b".pdf",
        b"-rf.pdf",
        b"a\nb.pdf",
        b"=cmd.pdf",
        "\u202egnp.pdf".encode(),
        b"<img onerror=x>.pdf",
        b"no suffix \xff\xfe",
    ],
)
def test_hostile_names_survive(tmp_path: Path, machine: FakeMachine, name: bytes) -> None:
    folder = os.fsencode(tmp_path)
    path = Path(os.fsdecode(folder + b"/" + name))
    path.write_text("locked", encoding="utf-8")
    outcome = digitise(path, machine, tmp_path / "out")
    folder_of_it = tmp_path / "out" / "quarantine" / outcome.document_id
    reason = json.loads((folder_of_it / "reason.json").read_bytes())
    assert reason["source_name"] == outcome.source_name
    assert len(list(folder_of_it.glob("original*"))) == 1
