"""A watched folder as a Prefect deployment: a server shows and schedules `watch --once`. See prefect.yaml.

Each run is a process of its own that the server's schedule starts; runs never overlap (concurrency limit 1, and the
inbox's own lock). What is true stands in the ledger as ever, so a run that is killed is simply followed by the next.
"""

from __future__ import annotations

import flows.prefect_environment  # noqa: F401 - before prefect, which reads its settings once

# isort: split
from pathlib import Path

from flows.process import as_served_flow


def watch_inbox(inbox: str, out: str) -> int:
    """One `scanledger watch INBOX --out OUT --once`; the exit code."""
    from flows.watch_commands import WatchCommand, watch

    return int(watch(WatchCommand(Path(inbox), Path(out), once=True, json_logs=True)))


watch_inbox_flow = as_served_flow(watch_inbox)
"""The entrypoint of prefect.yaml: flows/deployment.py:watch_inbox_flow."""


def serve_inbox(inbox: Path, out: Path, every_seconds: int) -> None:
    """Registers the deployment and runs what the server schedules, until it is stopped."""
    watch_inbox_flow.serve(
        name="inbox", parameters={"inbox": str(inbox), "out": str(out)}, interval=every_seconds, limit=1, global_limit=1
    )
