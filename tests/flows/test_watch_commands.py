"""watch, status, quarantine, audit by the command line, with fake stages."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.settings import Settings
from flows.store import OutputFolder
from ocr.errors import ModelMissing
from tests.flows.fakes import FakeMachine, make_workshop


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeMachine:
    fake = FakeMachine()

    def open_fake(settings: Settings, out: OutputFolder, force: bool) -> Any:
        return make_workshop(fake, out.root, force=force)

    monkeypatch.setattr("flows.wiring.open_workshop", open_fake)
    monkeypatch.setattr("flows.commands.write_docs_index", lambda out: None)
    for name, value in (("PREFECT", "never"), ("SETTLE_SECONDS", "0"), ("MIN_FREE_MB", "0"), ("LANGUAGE", "en")):
        monkeypatch.setenv(f"SCANLEDGER_{name}", value)
    monkeypatch.chdir(tmp_path)
    Path("inbox").mkdir()
    return fake


def scanledger(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def watch_once(*more: str) -> Result:
    return scanledger("watch", "inbox", "--out", "out", "--once", *more)


def write(name: str, text: str) -> None:
    Path("inbox", name).write_text(text, encoding="utf-8")


def test_a_folder_is_worked_on_and_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.pdf", "table")
    write("b.pdf", "table")
    write("bad\x1b[2J.pdf", "locked")
    write("c.pdf.part", "table")
    result = watch_once()
    assert result.exit_code == 11, result.output
    status = scanledger("status", "--out", "out").stdout
    assert "files taken: 3" in status
    assert "duplicate: 1" in status
    assert "E_UNFINISHED" in status
    listed = scanledger("quarantine", "--out", "out").stdout
    assert "[E_ENCRYPTED]" in listed
    assert "\x1b" not in listed
    audit = scanledger("audit", "--out", "out")
    assert audit.exit_code == 0, audit.stdout
    assert "3 files taken = 1 accepted + 1 in quarantine + 1 duplicate" in audit.stdout
    metrics = Path("out/metrics/scanledger.prom").read_text("ascii")
    assert "scanledger_offered_total 3" in metrics
    assert 'scanledger_files{state="waiting"} 2' in metrics
    monkeypatch.setenv("SCANLEDGER_LANGUAGE", "zh")
    assert "文件需要密码才能打开" in scanledger("quarantine", "--out", "out").stdout
    assert "已接收文件" in scanledger("status", "--out", "out").stdout


def test_a_document_is_tried_again_when_it_is_asked_for() -> None:
    write("a.pdf", "locked")
    watch_once()
    (folder,) = Path("out/quarantine").iterdir()
    assert scanledger("quarantine", "--out", "out", "--retry").exit_code == 2
    assert scanledger("quarantine", "--out", "out", "--retry", "ffff").exit_code == 2
    assert "1 documents" in scanledger("quarantine", "--out", "out", "--retry", folder.name[:6]).stdout
    assert watch_once().exit_code == 11
    assert "1 documents" in scanledger("quarantine", "--out", "out", "--retry", "--all").stdout


def test_another_version_works_again_only_when_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.pdf", "table")
    watch_once()
    monkeypatch.setattr("flows.version.pipeline_version", lambda: "2+new")
    monkeypatch.setattr("flows.watch.pipeline_version", lambda: "2+new")
    assert "accepted" not in watch_once().stderr
    assert "accepted" in watch_once("--renew").stderr


def test_a_missing_model_is_3_before_a_file_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_none(*_: object, **__: object) -> None:
        raise ModelMissing("the model is gone")

    monkeypatch.setattr("flows.wiring.open_workshop", open_none)
    write("a.pdf", "table")
    assert watch_once().exit_code == 3
    assert "files taken: 0" in scanledger("status", "--out", "out").stdout
    assert not list(Path("out/store").iterdir())


@pytest.mark.parametrize(
    ("inbox", "out"), [("inbox", "inbox/out"), ("inbox", "inbox"), ("inbox/a", "inbox"), ("gone", "out")], ids=str
)
def test_inbox_and_output_lie_apart(inbox: str, out: str) -> None:
    Path("inbox/a").mkdir()
    assert scanledger("watch", inbox, "--out", out, "--once").exit_code == 2


def test_one_watch_an_inbox_and_one_an_output() -> None:
    folder = os.open("inbox", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    result = watch_once()
    os.close(folder)
    assert (result.exit_code, "another watch" in result.stderr) == (7, True)
    assert watch_once().exit_code == 0
    lock = os.open("out/.scanledger/lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert watch_once().exit_code == 7
    os.close(lock)


def test_what_is_no_output_of_a_watch_is_said_so() -> None:
    for command in ("status", "audit", "quarantine"):
        assert scanledger(command, "--out", "nowhere").exit_code == 2


def test_an_audit_that_finds_something_is_12() -> None:
    write("a.pdf", "table")
    watch_once()
    Path("out/dataset/stray.txt").touch()
    result = scanledger("audit", "--out", "out")
    assert (result.exit_code, "left over: dataset/stray.txt" in result.stdout) == (12, True)
