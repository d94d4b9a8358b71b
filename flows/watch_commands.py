"""What `watch`, `status`, `quarantine`, `audit` and `serve` do, and their exit codes."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.digitise import Outcome, Watch, Workshop
from flows.exit_codes import ExitCode
from flows.ledger import Ledger, Row, State, ledger_path
from flows.messages import Language, choose_language, reason_text, say
from flows.settings import Settings, load_settings
from flows.sources import InputError, displayable, printable, require_apart
from flows.store import OutputFolder, opened_output, storage_errors
from flows.summary import exit_code
from ocr.errors import StorageError

_log = logging.getLogger("scanledger")
_DOCS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class WatchCommand:
    """What `scanledger watch` was asked."""

    inbox: Path
    out: Path
    once: bool = False
    move_done: bool = False
    renew: bool = False
    workers: int | None = None
    device: str | None = None
    json_logs: bool = False
    quiet: bool = False


class SystemClock:
    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def watch(command: WatchCommand) -> ExitCode:
    """Watches until it is stopped, or with `once` works on what is there. Raises ScanledgerError for what ends it.

    The models are opened before a file is taken, so a machine that is not fit takes none.
    """
    from flows.commands import opened_watch
    from flows.intake import make_done_folder

    settings = load_settings(command.workers, device=command.device)
    language = choose_language(settings.language)
    _require_inbox(command)
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # a lease that is broken says so by a signal that would end us
    with (
        locked(command.inbox),
        opened_output(command.out) as out,
        opened_watch(command.json_logs, command.quiet) as inner,
    ):
        if command.move_done:
            make_done_folder(command.inbox)
        with storage_errors(out.store):
            out.store.mkdir(exist_ok=True)
        with closing(Ledger(ledger_path(out))) as ledger:
            workshop = _open_workshop(settings, out)
            with closing(workshop.reader):
                return _Desk(command, settings, out, ledger, workshop, language, inner).run()


def _open_workshop(settings: Settings, out: OutputFolder) -> Workshop:
    from flows.wiring import open_workshop

    return open_workshop(settings, out, force=False)


class _Desk:
    """A watch with all that belongs to it."""

    def __init__(
        self,
        command: WatchCommand,
        settings: Settings,
        out: OutputFolder,
        ledger: Ledger,
        workshop: Workshop,
        language: Language,
        inner: Watch,
    ) -> None:
        from flows.commands import wants_prefect
        from flows.running import DocumentRuns, Effort
        from flows.watch import LookingBetweenPages, Watcher, WatchOptions

        self._command, self._out, self._ledger, self._language = command, out, ledger, language
        self._inner = inner
        options = WatchOptions(settings.look_seconds, settings.settle_seconds, command.move_done, settings.min_free_mb)
        self._watcher = Watcher(command.inbox, out, ledger, SystemClock(), options, self._after_look)
        effort = Effort(settings.n_workers, settings.retries, settings.retry_delay_seconds)
        between = LookingBetweenPages(self._inner, self._watcher.look_if_due)
        self._runs = DocumentRuns(workshop, effort, between, wants_prefect(settings))
        self._docs_are_old = False
        self._docs_at = 0.0

    def run(self) -> ExitCode:
        self._say("watch.started", inbox=printable(self._command.inbox), out=printable(self._out.root))
        if n := self._ledger.recover():
            self._say("watch.recovered", n=n)
        if self._command.renew:
            from flows.version import pipeline_version

            self._say("watch.renewed", n=self._ledger.wait_again(other_version=pipeline_version()))
        if self._command.once:
            outcomes = self._watcher.run_once(self._digitise)
            self._write_docs_index()
            return exit_code(outcomes)
        try:
            self._watcher.run(self._digitise)
        except KeyboardInterrupt:
            self._say("watch.stopped")
        return ExitCode.ALL_ACCEPTED

    def _digitise(self, path: Path, sha256: str, source_name: str) -> Outcome:
        outcome = self._runs.digitise(path, sha256, source_name)
        self._inner.file_done(outcome)
        self._docs_are_old = True
        return outcome

    def _after_look(self) -> None:
        from flows.status import take_stock, write_metrics

        now = time.time()
        write_metrics(take_stock(self._ledger, self._out, now), self._out, now)
        if self._docs_are_old and time.monotonic() - self._docs_at > _DOCS_SECONDS:
            self._write_docs_index()

    def _write_docs_index(self) -> None:
        from flows.commands import write_docs_index

        write_docs_index(self._out)
        self._docs_are_old, self._docs_at = False, time.monotonic()

    def _say(self, key: str, **values: object) -> None:
        _log.info(say(key, self._language, **values))


def _require_inbox(command: WatchCommand) -> None:
    if not command.inbox.is_dir():
        raise InputError(
            "there is no such folder", where=printable(command.inbox), remedy="Make it, or check its path."
        )
    require_apart(command.inbox, command.out)


@contextmanager
def locked(inbox: Path) -> Iterator[None]:
    """The inbox, held against a second watch; nothing is written into it. Raises StorageError."""
    with storage_errors(inbox):
        folder = os.open(inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            remedy = "Stop the other watch, or watch another folder."
            raise StorageError("another watch has this inbox", where=printable(inbox), remedy=remedy) from error
        except OSError as error:
            _log.warning("the inbox cannot be locked (%s): see to it that only one watch has it", error.strerror)
        yield
    finally:
        os.close(folder)


@contextmanager
def _opened_ledger(root: Path) -> Iterator[tuple[OutputFolder, Ledger]]:
    out = OutputFolder(root)
    if not ledger_path(out).is_file():
        remedy = "Give the --out of a `scanledger watch`."
        raise InputError("this is not the output of a watched folder", where=printable(root), remedy=remedy)
    with closing(Ledger(ledger_path(out))) as ledger:
        yield out, ledger


def _language() -> Language:
    return choose_language(load_settings().language)


def status(root: Path) -> ExitCode:
    """Prints how the watched folder stands."""
    from flows.status import status_lines, take_stock

    with _opened_ledger(root) as (out, ledger):
        print("\n".join(status_lines(take_stock(ledger, out, time.time()), _language())))
    return ExitCode.ALL_ACCEPTED


def quarantine(root: Path, ids: Sequence[str], retry: bool, every: bool) -> ExitCode:
    """Lists what was not accepted, or has it worked on again. Raises InputError for an id that is not among it."""
    with _opened_ledger(root) as (_, ledger):
        rows = [*ledger.documents(State.QUARANTINED), *ledger.documents(State.NEEDS_REVIEW)]
        chosen = _chosen(rows, ids) if ids else rows
        if not retry:
            print("\n".join(quarantine_lines(chosen, _language())))
            return ExitCode.ALL_ACCEPTED
        if not ids and not every:
            raise InputError("which documents?", remedy="Name their ids, or give --all.")
        n = ledger.wait_again([row.sha256 for row in chosen])
        print(say("quarantine.again", _language(), n=n))
    return ExitCode.ALL_ACCEPTED


def _chosen(rows: Sequence[Row], ids: Sequence[str]) -> list[Row]:
    found = []
    for asked in ids:
        matching = [row for row in rows if len(asked) >= 4 and row.sha256.startswith(asked)]
        if not matching:
            remedy = "See `scanledger quarantine` for the ids; give at least four digits."
            raise InputError("nothing in quarantine or review has this id", where=printable(asked), remedy=remedy)
        found += matching
    return found


def quarantine_lines(rows: Sequence[Row], language: Language) -> Iterator[str]:
    """Each document with each reason: what the catalogue says of its code, what was found, and the next step."""
    if not rows:
        yield say("quarantine.none", language)
    for row in rows:
        names = ", ".join(map(displayable, row.names))
        yield f"{row.sha256[:16]}  {say(f'state.{row.state.value}', language)}  {names}"
        for reason in row.reasons:
            text = reason_text(reason.code, language)
            where = f"{reason.where}: " if reason.where else ""
            sentence = "" if text is None or language is Language.ENGLISH else f"{text.sentence} "
            remedy = reason.remedy if text is None or language is Language.ENGLISH else text.remedy
            yield displayable(f"    [{reason.code}] {sentence}{where}{reason.message}")
            yield displayable(f"    {say('quarantine.remedy', language, remedy=remedy)}")


def audit(root: Path) -> ExitCode:
    """Prints what is not in order."""
    from flows.audit import audit_output

    language = _language()
    with _opened_ledger(root) as (out, ledger):
        found = audit_output(out, ledger)
    for fault in found.faults:
        print(displayable(str(fault)))
    if found.faults:
        print(say("audit.failed", language, n=len(found.faults)))
        return ExitCode.AUDIT_FAILED
    total = " + ".join(f"{n} {say(f'state.{s.value}', language)}" for s, n in found.counts.items() if n) or "0"
    counted = {"offered": found.n_offered, "sum": total, "n_parquet": found.n_parquet, "n_stored": found.n_stored}
    print(say("audit.fine", language, **counted))
    return ExitCode.ALL_ACCEPTED


def serve(inbox: Path, out: Path, every_seconds: int) -> ExitCode:
    """Offers `watch --once` to the Prefect server that is configured, until it is stopped."""
    from flows.deployment import serve_inbox

    _require_inbox(WatchCommand(inbox, out))
    with suppress(KeyboardInterrupt):
        serve_inbox(inbox.resolve(), out.resolve(), every_seconds)
    return ExitCode.ALL_ACCEPTED
