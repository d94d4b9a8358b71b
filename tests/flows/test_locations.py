"""Inputs and outputs on S3 (moto, on this machine) and in fsspec's memory. Stages are fakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from moto.server import ThreadedMotoServer
from typer.testing import CliRunner

from flows import locations
from flows.cli import app
from flows.sources import InputError
from flows.store import OutputFolder
from ocr.errors import StorageError
from tests.flows.fakes import FakeMachine, make_workshop


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["s3", "memory"])
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place that is empty, under a name of its own."""
    if request.param == "memory":
        return f"memory://{request.node.name}"
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "any"),
        ("AWS_SECRET_ACCESS_KEY", "any"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3"))
    url = f"s3://bucket-{abs(hash(request.node.name))}"
    fs, root = fsspec.core.url_to_fs(url)
    fs.mkdir(root)
    return url


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeMachine:
    fake = FakeMachine()
    monkeypatch.setattr(
        "flows.wiring.open_workshop", lambda s, out, force, _=None: make_workshop(fake, out.root, force=force)
    )
    monkeypatch.setattr("flows.commands.write_docs_index", lambda out: None)
    monkeypatch.setattr("flows.commands._load_proof", lambda: None)
    monkeypatch.setenv("SCANLEDGER_PREFECT", "never")
    monkeypatch.setenv("SCANLEDGER_WORK_DIR", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    return fake


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["run", *arguments])


def put(url: str, text: str) -> None:
    with fsspec.open(url, "w") as writing:
        writing.write(text)


def names(url: str) -> set[str]:
    fs, root = fsspec.core.url_to_fs(url)
    fs.invalidate_cache()
    return {str(name)[len(root) :].lstrip("/") for name in fs.find(root)}


def test_a_bucket_is_read_and_another_filled(bucket: str, machine: FakeMachine, tmp_path: Path) -> None:
    put(f"{bucket}/in/a.pdf", "table")
    put(f"{bucket}/in/deep/b.pdf", "table text")
    put(f"{bucket}/in/readme.txt", "no document")
    result = run(f"{bucket}/in", "--out", f"{bucket}/out")
    assert result.exit_code == 0, result.output
    (work,) = (tmp_path / "work").iterdir()
    local = {p.relative_to(work).as_posix() for p in work.rglob("*") if p.is_file()}
    sent = names(f"{bucket}/out")
    assert sent == {name for name in local if not name.startswith(".scanledger")}
    assert len([name for name in sent if name.startswith("dataset/documents/")]) == 2
    assert len([name for name in sent if name.endswith("document.json")]) == 2


def test_a_document_that_leaves_the_dataset_leaves_it_there_too(
    bucket: str, machine: FakeMachine, tmp_path: Path
) -> None:
    put(f"{bucket}/in/a.pdf", "table")
    put(f"{bucket}/in/b.pdf", "table table")
    assert run(f"{bucket}/in", "--out", f"{bucket}/out").exit_code == 0
    before = names(f"{bucket}/out")
    machine.findings_fail = True
    assert run(f"{bucket}/in/a.pdf", "--out", f"{bucket}/out").exit_code == 10
    gone = before - names(f"{bucket}/out")
    assert gone
    assert all(name.startswith("dataset/") for name in gone)
    assert len([name for name in gone if "/documents/" in name]) == 1
    machine.fiscal_year = 2030
    machine.findings_fail = False
    assert run(f"{bucket}/in/a.pdf", "--out", f"{bucket}/out").exit_code == 0
    years = sorted(n.split("/")[2] for n in names(f"{bucket}/out") if n.startswith("dataset/cells/"))
    assert years == ["fiscal_year=2026", "fiscal_year=2030"]


def test_what_says_that_a_document_is_there_is_sent_last(tmp_path: Path) -> None:
    """A send that breaks off at any object leaves neither a document.json nor a row of `documents` without its data."""
    url = f"memory://{tmp_path.name}"
    out = OutputFolder(tmp_path / "out")
    document = "0123456789abcdef"
    for name in (f"documents/{document}/document.json", f"documents/{document}/tables/01.csv", *(
        f"dataset/{table}/fiscal_year=2026/{document}.parquet" for table in ("cells", "facts", "tables", "documents")
    )):  # fmt: skip
        (out.root / name).parent.mkdir(parents=True, exist_ok=True)
        (out.root / name).write_text(name)
    place = locations.open_location(url)
    sent: list[str] = []
    put_file = place.fs.pipe_file

    def noting(path: str, data: bytes, **more: Any) -> None:
        sent.append(data.decode())
        put_file(path, data, **more)

    place.fs.pipe_file = noting
    try:
        locations.Sender(out, place).send(document)
    finally:
        place.fs.pipe_file = put_file
    assert len(sent) == 6
    assert sent[0].startswith("dataset/cells/")
    assert [name.split("/")[1] for name in sent[-2:]] == ["documents", document]
    assert sent[-1].endswith("document.json")


def test_what_cannot_be_is_said(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no document"):
        locations.fetch("memory://nothing-here", Path())
    with pytest.raises(InputError, match="location"):
        locations.open_location("abacus://bucket")

    def missing(url: str) -> Any:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec.core, "url_to_fs", missing)
    result = run("s3://bucket/in", "--out", "out")
    assert result.exit_code == 2
    assert "scanledger[s3]" in result.stderr


def test_a_location_that_does_not_answer_is_a_fault_of_storage(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = locations.open_location("memory://broken")

    def broken(*_: Any, **__: Any) -> Any:
        raise OSError("connection refused")

    monkeypatch.setattr(type(place.fs), "find", broken)
    with pytest.raises(StorageError, match="connection refused"):
        locations.Sender(OutputFolder(tmp_path), place)
