"""How a watched folder stands, from its ledger: for people, and as a text file for Prometheus' node exporter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.ledger import Blocked, Ledger, State
from flows.messages import Language, say
from flows.sources import displayable
from flows.store import OutputFolder, made_file, storage_errors

_HOUR = 3600.0
_MB = 1 << 20
METRICS_FILE = "scanledger.prom"


@dataclass(frozen=True, slots=True)
class Standing:
    """counts: offerings by state; oldest: (name, seconds) of what waits longest; bytes of the output's disk."""

    counts: Mapping[State, int]
    n_offered: int
    n_last_hour: int
    oldest: tuple[str, float] | None
    blocked: tuple[Blocked, ...]
    disk_free: int
    disk_total: int

    @property
    def eta_seconds(self) -> float | None:
        """Until nothing waits, at the pace of the last hour; None where nothing waits or the pace is not known."""
        n_left = self.counts[State.WAITING] + self.counts[State.WORKING]
        return n_left / self.n_last_hour * _HOUR if n_left and self.n_last_hour else None


def take_stock(ledger: Ledger, out: OutputFolder, now: float) -> Standing:
    """The standing now. Raises StorageError."""
    with storage_errors(out.root):
        disk = shutil.disk_usage(out.root)
    oldest = ledger.oldest_waiting()
    return Standing(
        counts=ledger.counts(),
        n_offered=ledger.n_offered(),
        n_last_hour=ledger.n_finished_since(now - _HOUR),
        oldest=None if oldest is None else (oldest[0], max(0.0, now - oldest[1])),
        blocked=ledger.blocked(),
        disk_free=disk.free,
        disk_total=disk.total,
    )


def status_lines(standing: Standing, language: Language) -> Iterator[str]:
    """For the terminal; names of files cannot command it."""
    yield f"{say('status.offered', language)}: {standing.n_offered}"
    for state, n in standing.counts.items():
        yield f"  {say(f'state.{state.value}', language)}: {n}"
    yield say("status.rate", language, n=standing.n_last_hour)
    if standing.eta_seconds is not None:
        yield say("status.eta", language, minutes=round(standing.eta_seconds / 60))
    if standing.oldest is not None:
        name, seconds = standing.oldest
        yield say("status.oldest", language, name=displayable(name), minutes=round(seconds / 60))
    yield say("status.disk", language, free=standing.disk_free // _MB, total=standing.disk_total // _MB)
    if standing.blocked:
        yield say("status.blocked", language, n=len(standing.blocked))
        for entry in standing.blocked[:20]:
            yield f"  {displayable(entry.name)}: {entry.message} [{entry.code}]"


def write_metrics(standing: Standing, out: OutputFolder, now: float) -> None:
    """OUT/metrics/scanledger.prom, whole at any moment. Raises StorageError."""
    with made_file(out.root / "metrics" / METRICS_FILE, out) as draft:
        draft.write_text("\n".join(metric_lines(standing, now)) + "\n", encoding="ascii")


def metric_lines(standing: Standing, now: float) -> Iterator[str]:
    """Prometheus' text format, version 0.0.4."""
    yield from _head("scanledger_files", "gauge", "Files taken from the inbox, by state.")
    yield from (f'scanledger_files{{state="{state.value}"}} {n}' for state, n in standing.counts.items())
    waited = standing.oldest[1] if standing.oldest else 0.0
    for name, kind, text, value in (
        ("scanledger_offered_total", "counter", "Files taken from the inbox.", standing.n_offered),
        ("scanledger_finished_last_hour", "gauge", "Documents finished in the last hour.", standing.n_last_hour),
        ("scanledger_oldest_waiting_seconds", "gauge", "How long the oldest document has waited.", round(waited)),
        ("scanledger_blocked", "gauge", "Entries of the inbox that cannot be taken.", len(standing.blocked)),
        ("scanledger_disk_free_bytes", "gauge", "Free space of the output's disk.", standing.disk_free),
        ("scanledger_last_look_timestamp_seconds", "gauge", "When the inbox was last looked at.", round(now)),
    ):
        yield from _head(name, kind, text)
        yield f"{name} {value}"


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
