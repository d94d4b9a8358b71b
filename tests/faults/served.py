"""`scanledger serve` and prefect.yaml against a Prefect server of their own on this machine, which goes away and comes back.

Runs are those of the server's schedule, in processes of their own; readings of OCR are recorded once and replayed.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.audit import audit_output
from flows.ledger import Ledger, State, ledger_path
from flows.store import OutputFolder

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "three-public-001.jpg"
_PATIENCE_SECONDS = 240.0
_PREFECT = (sys.executable, "-m", "prefect")


def served(root: Path) -> str:
    """All of it; raises AssertionError where something is not as promised."""
    root.mkdir(parents=True)
    place = _Place(root)
    place.record()
    with (
        place.server() as server,
        place.program("serve", str(place.inbox), "--out", str(place.out.root), "--every", "15"),
    ):
        deployment = _until("the deployment is there", place.deployment)
        limit = deployment["global_concurrency_limit"]["limit"]
        assert limit == 1, deployment
        place.put(1)
        _until("a scheduled run has read a document", lambda: place.n_accepted() == 1)
        names = _until("the runs are listed", lambda: place.completed_runs() >= {"001.jpg"} and place.completed_runs())
        for _ in range(2):
            place.ask(f"deployments/{deployment['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})
        place.put(2)
        _until("a run that was asked for has read a document", lambda: place.n_accepted() == 2)
        place.put(3)
        _until("a document is being worked on", lambda: place.count(State.WORKING) > 0)
        server.stop()
        _until("it was done without the server", lambda: place.n_accepted() == 3)
        server.start()
        place.put(4)
        _until("the schedule goes on when the server is back", lambda: place.n_accepted() == 4)
        overlapping = place.overlapping_runs()
        assert not overlapping, overlapping
    deployed = _deployed(place)
    faults = audit_output(place.out, ledger := Ledger(ledger_path(place.out))).faults
    ledger.close()
    assert not faults, faults
    return (
        f"serve: deployment with a limit of {limit}, {len(names)} kinds of runs listed, 4 of 4 accepted, the server killed "
        f"in the middle of the third and started again, no two runs at once; {deployed}; audit in order"
    )


def _deployed(place: _Place) -> str:
    """`prefect deploy` with the prefect.yaml of the project, and a worker of its pool."""
    with place.server():
        place.prefect("work-pool", "create", "default", "--type", "process", "--overwrite")
        place.prefect("--no-prompt", "deploy", "--name", "inbox")
        deployment = _until("prefect.yaml is deployed", place.deployment)
        schedules = [s["schedule"].get("interval") for s in deployment["schedules"]]
        assert (deployment["global_concurrency_limit"]["limit"], schedules) == (1, [60.0]), deployment
        place.ask(f"deployments/{deployment['id']}/pause_deployment", {})
        place.put(5)
        parameters = {"inbox": str(place.inbox), "out": str(place.out.root)}
        place.ask(f"deployments/{deployment['id']}/create_flow_run", {"parameters": parameters})
        with place.started(*_PREFECT, "worker", "start", "--pool", "default"):
            _until("a worker of the pool has read a document", lambda: place.n_accepted() == 5)
    return "prefect.yaml: deployed, a run of its worker accepted one more"


class _Server:
    """A Prefect server that can be killed and started again under the same address."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self._environment, self._port = environment, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = (*_PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(self._port))
        self.process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        _until("the server answers", self._answers)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(_asked(f"http://127.0.0.1:{self._port}/api/health", None))
        return False

    def stop(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class _Place:
    def __init__(self, root: Path) -> None:
        self.root, self.inbox, self.out = root, root / "inbox", OutputFolder(root / "out")
        self.inbox.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environment = {
            **os.environ,
            "PREFECT_HOME": str(root / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{self.port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PYTHONPATH": str(ROOT),
            "SCANLEDGER_REPLAY_DIR": str(root / "readings"),
            "SCANLEDGER_WORKERS": "1",
        }

    def record(self) -> None:
        shutil.copy(SAMPLE, self.root / "first.jpg")
        environment = {
            name: v for name, v in self.environment.items() if name not in ("SCANLEDGER_REPLAY_DIR", "PREFECT_API_URL")
        }
        environment |= {"SCANLEDGER_RECORD_DIR": str(self.root / "readings"), "SCANLEDGER_PREFECT": "never"}
        command = _program("run", str(self.root / "first.jpg"), "--out", str(self.root / "first"), "--quiet")
        subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def put(self, number: int) -> None:
        path = self.inbox / f"{number:03}.jpg"
        path.write_bytes(SAMPLE.read_bytes() + b"copy %d" % number)

    @contextmanager
    def server(self) -> Iterator[_Server]:
        server = _Server(self.environment, self.port)
        server.start()
        try:
            yield server
        finally:
            server.stop()

    @contextmanager
    def started(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.root / "log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
            assert process.poll() is None, f"{command} ended by itself with {process.returncode}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    @contextmanager
    def program(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        with self.started(*_program(*arguments)) as process:
            yield process

    def prefect(self, *arguments: str) -> None:
        subprocess.run((*_PREFECT, *arguments), env=self.environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        return _asked(f"http://127.0.0.1:{self.port}/api/{path}", body)

    def deployment(self) -> dict[str, Any] | None:
        found = self.ask("deployments/filter", {"deployments": {"name": {"any_": ["inbox"]}}})
        return dict(found[0]) if found and found[0]["global_concurrency_limit"] else None

    def completed_runs(self) -> set[str]:
        """Names of the documents' runs, and the flow of the others."""
        runs = self.ask("flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
        return {run["name"] if run["name"].endswith(".jpg") else "watch_inbox" for run in runs}

    def overlapping_runs(self) -> list[tuple[str, str]]:
        """Pairs of the deployment's own runs that were under way at one time."""
        runs = [r for r in self.ask("flow_runs/filter", {}) if r["deployment_id"] and r["start_time"] and r["end_time"]]
        spans = sorted((r["start_time"], r["end_time"], r["name"]) for r in runs)
        return [(a[2], b[2]) for a, b in itertools.pairwise(spans) if b[0] < a[1]]

    def count(self, state: State) -> int:
        with contextlib.suppress(Exception):
            ledger = Ledger(ledger_path(self.out))
            try:
                return ledger.counts()[state]
            finally:
                ledger.close()
        return 0

    def n_accepted(self) -> int:
        return self.count(State.ACCEPTED) if ledger_path(self.out).exists() else 0


def _program(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", "from flows.cli import main; main()", *arguments)


def _asked(url: str, body: dict[str, Any] | None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def _until(what: str, is_so: Callable[[], Any]) -> Any:
    """What it gives, once that is something."""
    stop, started = time.monotonic() + _PATIENCE_SECONDS, time.monotonic()
    while time.monotonic() < stop:
        with contextlib.suppress(OSError):
            if found := is_so():
                print(f"    {what} ({time.monotonic() - started:.0f} s)", flush=True)
                return found
        time.sleep(0.2)
    raise AssertionError(f"not within {_PATIENCE_SECONDS:.0f} s: {what}")
