"""The command line: exit codes, messages, and what is loaded when. Stages are fakes."""

from __future__ import annotations

import io
import json
import math
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.debugging import png_bytes
from flows.settings import Settings
from flows.store import OutputFolder
from ocr.errors import ModelMissing
from ocr.health import HealthCheck
from tests.flows.fakes import FakeMachine, look_into, make_workshop


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeMachine:
    fake = FakeMachine()

    def open_fake(
        settings: Settings, out: OutputFolder, force: bool, meanwhile: Callable[[], object] = lambda: None
    ) -> Any:
        return make_workshop(fake, out.root, force=force)

    monkeypatch.setattr("flows.wiring.open_workshop", open_fake)
    monkeypatch.setenv("SCANLEDGER_PREFECT", "never")
    monkeypatch.setattr("flows.commands._load_proof", lambda: None)
    monkeypatch.setattr("flows.commands.write_docs_index", lambda out: None)
    monkeypatch.setenv("SCANLEDGER_RETRY_DELAY_SECONDS", "0")
    monkeypatch.chdir(tmp_path)
    return fake


def write(name: str, text: str) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return name


def scanledger(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_all_accepted_is_0_and_says_where_everything_is(machine: FakeMachine) -> None:
    write("in/a.pdf", "table table")
    write("in/b.png", "table")
    result = scanledger("run", "in", "--out", "out")
    assert result.exit_code == 0, result.output
    assert "2 accepted" in result.stdout
    assert "3: 3 consistent" in result.stdout
    assert "out/dataset" in result.stdout
    assert "out/documents" in result.stdout


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["table", "dead"], 10),
        (["table", "locked", "dead"], 11),
        (["text"], 11),
        (["bug"], 10),
        (["nomodel", "table"], 3),
    ],
)
def test_the_gravest_outcome_decides(machine: FakeMachine, texts: list[str], code: int) -> None:
    for number, text in enumerate(texts):
        write(f"in/{number}.pdf", text)
    assert scanledger("run", "in", "--out", "out").exit_code == code


def test_a_critical_finding_that_fails_needs_review(machine: FakeMachine) -> None:
    machine.findings_fail = True
    result = scanledger("run", write("a.pdf", "table"), "--out", "out")
    assert result.exit_code == 10
    assert "E_CHECK" in result.stderr
    assert not Path("out/dataset").exists()


def test_a_document_lost_to_a_bug_is_70(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.digitise.join_document", lambda *_: 1 / 0)
    result = scanledger("run", write("a.pdf", "table"), write("b.pdf", "locked"), "--out", "out")
    assert result.exit_code == 70
    assert "E_BUG" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "gone.pdf", "--out", "out"), "no such file"),
        (("run", "empty", "--out", "out"), "holds no document"),
        (("run", "empty", "--out", "empty/out"), "output would lie inside"),
        (("run", "empty/inner", "--out", "empty"), "lies inside the output"),
        (("inspect", "gone"), "no such document"),
        (("run", "empty"), "--out"),
        (("run", "--out", "out"), "INPUT"),
        (("run", "a.pdf", "--out", "out", "--workers", "0"), "workers"),
        (("run", "empty", "--out", "out", "--runner", "dask"), "--scheduler"),
        (("run", "empty", "--out", "out", "--device", "abacus"), "device"),
    ],
)
def test_bad_arguments_are_2_and_say_what_is_wrong(
    machine: FakeMachine, arguments: tuple[str, ...], message: str
) -> None:
    write("empty/inner/readme.md", "no document")
    result = scanledger(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_bad_setting_is_2_and_named(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANLEDGER_MAX_PAGES", "many")
    result = scanledger("run", write("a.pdf", "table"), "--out", "out")
    assert (result.exit_code, "max_pages" in result.stderr) == (2, True)


def test_a_setting_from_the_file_is_found_and_an_unknown_one_refused(machine: FakeMachine) -> None:
    write("scanledger.toml", "workers = 3\n")
    assert Settings().n_workers == 3
    write("scanledger.toml", "wokers = 3\n")
    assert scanledger("run", write("a.pdf", "table"), "--out", "out").exit_code == 2


def test_a_missing_model_is_3_before_a_file_is_touched(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_none(*_: object) -> None:
        raise ModelMissing("the model is gone")

    monkeypatch.setattr("flows.wiring.open_workshop", open_none)
    result = scanledger("run", write("a.pdf", "table"), "--out", "out")
    assert result.exit_code == 3
    assert "doctor" in result.stderr
    assert not Path("out/documents").exists()


def test_an_output_that_cannot_be_written_is_7(machine: FakeMachine) -> None:
    result = scanledger("run", write("a.pdf", "table"), "--out", write("out", "a file"))
    assert (result.exit_code, "E_STORAGE" in result.stderr) == (7, True)


def test_an_interrupted_run_is_130(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.running.digitise_by_threads", interrupted)
    assert scanledger("run", write("a.pdf", "table"), "--out", "out").exit_code == 130


def test_json_logs_are_one_object_a_line(machine: FakeMachine) -> None:
    result = scanledger("run", write("a.pdf", "table bug"), "--out", "out", "--json-logs")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert [e["event"] for e in events if e["event"] != "warning"] == [
        "run_started", "file_started", "page_done", "page_done", "file_done", "run_done",
    ]  # fmt: skip
    assert any("ZeroDivisionError" in e.get("message", "") for e in events)
    assert result.stdout == ""


def test_quiet_says_nothing_of_what_went_well(machine: FakeMachine) -> None:
    result = scanledger("run", write("a.pdf", "table"), "--out", "out", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_a_second_run_says_that_pages_had_been_read_before(machine: FakeMachine) -> None:
    write("a.pdf", "table")
    scanledger("run", "a.pdf", "--out", "out")
    assert "1 pages had been read before" in scanledger("run", "a.pdf", "--out", "out").stdout
    assert "read before" not in scanledger("run", "a.pdf", "--out", "out", "--force").stdout


def test_inspect_shows_tables_verdicts_and_reasons(machine: FakeMachine) -> None:
    machine.findings_fail = True
    scanledger("run", write("a.pdf", "table"), "--out", "out")
    (folder,) = Path("out/documents").iterdir()
    for document in (str(folder), str(folder / "document.json"), folder.name, folder.name[:6]):
        result = scanledger("inspect", document)
        assert result.exit_code == 0, result.stderr
        for expected in ("3,064.66", "收支总表", "表一", "万元", "needs_review", "E_CHECK", "595 x 842 pt"):
            assert expected in result.stdout
    assert scanledger("inspect", folder.name, "--table", "2").exit_code == 2


def test_terminal_escapes_in_a_document_reach_no_terminal(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.flows.fakes.make_table.__defaults__", (1,))
    scanledger("run", write("a\x1b[2J.pdf", "table scripted"), "--out", "out")
    (folder,) = Path("out/documents").iterdir()
    data = json.loads((folder / "document.json").read_bytes())
    data["tables"][0]["cells"][0]["text"] = "\x1b]0;owned\x07[red]x[/red]\u202e"
    (folder / "document.json").write_text(json.dumps(data), encoding="utf-8")
    result = scanledger("inspect", str(folder))
    assert not {"\x1b", "\x07", "\u202e"} & set(result.stdout)
    assert "[red]x[/red]" in result.stdout
    assert "the file: embedded files (evil\\x1b[2J.exe), javascript" in result.stdout


def test_a_version_is_printed(machine: FakeMachine) -> None:
    result = scanledger("--version")
    assert (result.exit_code, result.stdout.split()[0]) == (0, "scanledger")


def test_help_loads_nothing_heavy() -> None:
    heavy = {"prefect", "cv2", "paddleocr", "great_expectations", "pandas", "pyarrow", "pydantic", "numpy", "rich"}
    program = f"import sys, flows.cli; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_who_leads_a_run_loads_nothing_that_reads_pages() -> None:
    program = (
        "import sys, flows.running; from flows.wiring import proving_stages; proving_stages(); import expectations.docs"
    )
    heavy = "{'cv2', 'pymupdf', 'onnxruntime', 'layout.rulings', 'ocr.preprocess'}"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_what_nobody_expected_is_70_with_a_traceback() -> None:
    program = "import flows.cli as c; c.app.command('boom')(lambda: 1 / 0); c.main()"
    done = subprocess.run([sys.executable, "-c", program, "boom"], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "ZeroDivisionError" in done.stderr
    assert "E_BUG" in done.stderr


def test_doctor_says_the_remedy_of_what_fails_and_leaves_with_3(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = HealthCheck("disk", True, "9 GB free")
    ill = HealthCheck("libGL", False, "not found", "Install libgl1.")
    monkeypatch.setattr("flows.doctor.check_health", lambda options: (well,))
    assert scanledger("doctor").exit_code == 0
    monkeypatch.setattr("flows.doctor.check_health", lambda options: (well, ill))
    result = scanledger("doctor")
    assert result.exit_code == 3
    lines = [line for line in result.stdout.splitlines() if "second recogniser" not in line]  # as this machine has it
    assert lines == ["ok    disk: 9 GB free", "FAIL  libGL: not found", "      Install libgl1."]


def test_debug_writes_a_picture_for_each_stage(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.wiring.wire_stages", lambda settings: machine.stages())
    monkeypatch.setattr("flows.wiring.count_pages", lambda max_pages, path: look_into(path).n_pages)
    result = scanledger("debug", write("a.pdf", "text table"), "--page", "2", "--out", "pictures")
    assert result.exit_code == 0, result.stderr
    assert [line.split("-")[-1] for line in result.stdout.split()] == [
        "raw.png", "clean.png", "words.png", "rulings.png", "implied.png", "regions.png", "grid0.png", "table0.png",
    ]  # fmt: skip
    for line in result.stdout.split():
        with Image.open(line) as picture:
            assert picture.size == (4, 4)
    assert scanledger("debug", "a.pdf", "--page", "3", "--out", "pictures").exit_code == 2
    assert scanledger("debug", write("b.pdf", "locked"), "--out", "pictures").exit_code == 11


@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from([(), (3,)]), st.randoms())
def test_a_picture_comes_back_as_it_was(
    height: int, width: int, colours: tuple[int, ...], chance: random.Random
) -> None:
    shape = (height, width, *colours)
    pixels = np.frombuffer(chance.randbytes(math.prod(shape)), np.uint8).reshape(shape)
    with Image.open(io.BytesIO(png_bytes(pixels))) as picture:
        assert np.array_equal(np.asarray(picture), pixels)
