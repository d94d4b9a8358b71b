"""The real program, its pages read from recorded readings: killed, stopped, started again, its Prefect server killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flows.audit import audit_output
from flows.ledger import Ledger, ledger_path
from flows.store import OutputFolder

SAMPLE = Path(__file__).parents[2] / "samples" / "three-public-001.jpg"
CLEAN_SECONDS, RESUME_SECONDS = 10.0, 30.0


def real(root: Path, *_: int) -> str:
    """The real program, readings recorded once; SIGKILL at times spread over its run, then to the end."""
    inbox, out, readings = _recorded(root, 4)
    for seconds in range(3, 22, 2):
        run = _program(inbox, out.root, *_ONCE, SCANLEDGER_REPLAY_DIR=readings, SCANLEDGER_PREFECT="always")
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(timeout=seconds)
        children = _descendants(run.pid)
        run.kill()
        run.wait()
        assert _all_end(children), "a process was left behind"
    for number in (4, 5):
        (inbox / f"{number}.jpg").write_bytes(SAMPLE.read_bytes() + b"copy %d" % number)
    started = time.monotonic()
    run = _program(inbox, out.root, *_ONCE, SCANLEDGER_REPLAY_DIR=readings, SCANLEDGER_PREFECT="always")
    took: float | None = None
    while run.poll() is None:
        time.sleep(0.2)
        if took is None and _server_of(run.pid):
            took = time.monotonic() - started
            os.kill(_server_of(run.pid), signal.SIGKILL)
    assert took is not None, "there was no server to kill"
    _require_all(out, 6)
    return "10 kills of the real program, then its Prefect server killed: 6 of 6 accepted, 0 orphans, audit in order"


def stopped(root: Path, *_: int) -> str:
    """Ended in the middle of work by each signal; then killed and started again."""
    inbox, out, readings = _recorded(root, 1)
    told = []
    for number, sent in enumerate((signal.SIGTERM, signal.SIGINT, signal.SIGKILL), start=1):
        name = f"{number}.jpg"
        (inbox / name).write_bytes(SAMPLE.read_bytes() + b"copy %d" % number)
        run = _program(inbox, out.root, "--json-logs", SCANLEDGER_REPLAY_DIR=readings)
        _until(run, partial(_is_about, name))
        children, asked = _descendants(run.pid), time.monotonic()
        run.send_signal(sent)
        run.communicate()
        seconds = time.monotonic() - asked
        assert _all_end(children), "a process was left behind"
        if sent is not signal.SIGKILL:
            assert (run.returncode, seconds < CLEAN_SECONDS) == (0, True), (sent.name, run.returncode, seconds)
            told.append(f"{sent.name} ends it in {seconds:.1f} s")
    (inbox / "after.jpg").write_bytes(SAMPLE.read_bytes() + b"after")
    started = time.monotonic()
    run = _program(inbox, out.root, "--json-logs", SCANLEDGER_REPLAY_DIR=readings)
    _until(run, lambda event: "watching" in event.get("message", ""))
    ready = time.monotonic() - started
    _until(run, lambda event: event["event"] == "page_done")
    resumed = time.monotonic() - started - ready
    assert resumed < RESUME_SECONDS, resumed
    _until(run, lambda event: event["event"] == "file_done" and event["document"] == "after.jpg")
    run.send_signal(signal.SIGTERM)
    run.communicate()
    # What a kill met goes behind what was never tried, so that may still wait.
    _program(inbox, out.root, *_ONCE, SCANLEDGER_REPLAY_DIR=readings).communicate()
    _require_all(out, 5)
    told.append(f"killed and started again: ready after {ready:.1f} s, its first page {resumed:.1f} s later")
    return "; ".join((*told, "0 processes left behind, audit in order"))


def _is_about(name: str, event: dict[str, Any]) -> bool:
    return event.get("document") == name


def _until(run: subprocess.Popen[str], is_it: Callable[[dict[str, Any]], bool]) -> None:
    """Reads what the program logs until that is there."""
    assert run.stderr
    for line in run.stderr:
        with contextlib.suppress(ValueError):
            if is_it(json.loads(line)):
                return
    raise AssertionError(f"the program ended with {run.wait()}")


def _require_all(out: OutputFolder, n: int) -> None:
    ledger = Ledger(ledger_path(out))
    counts = {state.value: n for state, n in ledger.counts().items() if n}
    faults = audit_output(out, ledger).faults
    ledger.close()
    assert counts == {"accepted": n}, counts
    assert not faults, faults


def _recorded(root: Path, n: int) -> tuple[Path, OutputFolder, str]:
    """An inbox with so many documents, their output, and what OCR reads on them."""
    inbox, readings = root / "inbox", str(root / "readings")
    inbox.mkdir(parents=True)
    (inbox / "0.jpg").write_bytes(SAMPLE.read_bytes())
    _program(inbox, root / "first", *_ONCE, SCANLEDGER_RECORD_DIR=readings).communicate()
    for number in range(1, n):
        (inbox / f"{number}.jpg").write_bytes(SAMPLE.read_bytes() + b"copy %d" % number)
    return inbox, OutputFolder(root / "out"), readings


_ONCE = ("--once", "--quiet")


def _program(inbox: Path, out: Path, *options: str, **settings: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-c", "from flows.cli import main; main()", "watch", str(inbox), "--out", str(out))
    environment = {"SCANLEDGER_PREFECT": "never", **os.environ, **settings}
    log = subprocess.PIPE if "--json-logs" in options else None
    return subprocess.Popen((*command, *options, "--workers", "1"), env=environment, stderr=log, text=True)


def _all_end(pids: list[int]) -> bool:
    """Whether they are gone within the time that a guard may need on a busy machine."""
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _descendants(pid: int) -> list[int]:
    """Children of children too."""
    found, seen = [pid], []
    while found:
        parent = found.pop()
        children = Path(f"/proc/{parent}/task").glob("*/children")
        for listed in children:
            with contextlib.suppress(OSError):
                found += map(int, listed.read_text().split())
        seen.append(parent)
    return seen[1:]


def _server_of(pid: int) -> int:
    for child in _descendants(pid):
        with contextlib.suppress(OSError):
            if b"uvicorn" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
    return 0
