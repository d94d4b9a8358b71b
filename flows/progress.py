"""How a run tells what it does: bars on stderr, one JSON object a line, or nothing. Importer of rich and structlog."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from flows.sources import displayable

if TYPE_CHECKING:
    from flows.digitise import Outcome, PageOutcome

STYLES = {"accepted": "green", "needs_review": "yellow", "rejected": "red"}
_LONGEST_NAME = 40


class QuietWatch:
    """Says nothing."""

    def run_started(self, n_files: int) -> None: ...
    def file_started(self, source_name: str, n_pages: int) -> None: ...
    def page_done(self, source_name: str, outcome: PageOutcome) -> None: ...
    def file_done(self, outcome: Outcome) -> None: ...
    def run_done(self, outcomes: Sequence[Outcome]) -> None: ...


class LineWatch(QuietWatch):
    """A line for each file that is done."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def file_done(self, outcome: Outcome) -> None:
        self._console.print(outcome_line(outcome), soft_wrap=True)


class LogWatch:
    """Every event as one JSON object a line on stderr."""

    def __init__(self) -> None:
        import structlog

        self._log: Any = structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr),
            processors=[structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer()],
        )

    def run_started(self, n_files: int) -> None:
        self._log.msg("run_started", n_files=n_files)

    def file_started(self, source_name: str, n_pages: int) -> None:
        self._log.msg("file_started", document=source_name, n_pages=n_pages)

    def page_done(self, source_name: str, outcome: PageOutcome) -> None:
        facts = outcome.page.facts
        failures = [failure.code for failure in facts.failures]
        self._log.msg(
            "page_done",
            document=source_name,
            page=facts.page_number,
            n_tables=len(outcome.page.tables),
            was_kept=outcome.was_kept,
            failures=failures,
        )

    def file_done(self, outcome: Outcome) -> None:
        self._log.msg(
            "file_done",
            document=outcome.source_name,
            document_id=outcome.document_id,
            disposition=outcome.disposition.value,
            duplicate_of=outcome.duplicate_of,
            reasons=[str(reason) for reason in outcome.reasons],
        )

    def run_done(self, outcomes: Sequence[Outcome]) -> None:
        from flows.summary import summarise

        summary = summarise(outcomes)
        self._log.msg(
            "run_done",
            documents={disposition.value: n for disposition, n in summary.dispositions},
            n_duplicates=summary.n_duplicates,
            n_pages=summary.n_pages,
            n_tables=summary.n_tables,
            figures={verdict.value: n for verdict, n in summary.verdicts},
        )

    def note(self, message: str) -> None:
        self._log.msg("note", message=message)

    def warn(self, message: str, **facts: Any) -> None:
        self._log.msg("warning", message=message, **facts)


class BarWatch:
    """A bar over the files, one over the pages of the file in hand, and a line for each file that is done."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._files: TaskID | None = None
        self._pages: TaskID | None = None

    def __enter__(self) -> BarWatch:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def run_started(self, n_files: int) -> None:
        self._files = self._progress.add_task("files", total=n_files, unit="files")

    def file_started(self, source_name: str, n_pages: int) -> None:
        self._drop_pages()
        name = displayable(source_name)
        short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
        self._pages = self._progress.add_task(Text(short).markup, total=n_pages, unit="pages")

    def page_done(self, source_name: str, outcome: PageOutcome) -> None:
        if self._pages is not None:
            self._progress.advance(self._pages)

    def file_done(self, outcome: Outcome) -> None:
        self._drop_pages()
        if self._files is not None:
            self._progress.advance(self._files)
        self._progress.console.print(outcome_line(outcome), soft_wrap=True)

    def run_done(self, outcomes: Sequence[Outcome]) -> None: ...

    def _drop_pages(self) -> None:
        if self._pages is not None:
            self._progress.remove_task(self._pages)
            self._pages = None


def outcome_line(outcome: Outcome) -> Text:
    """One file in one line, with its first reason below."""
    line = Text()
    line.append(f"{outcome.disposition.value:<13}", STYLES[outcome.disposition.value])
    line.append(displayable(outcome.source_name))
    if outcome.duplicate_of:
        line.append(f"  (the same bytes as {displayable(outcome.duplicate_of)}; not read again)", "dim")
        return line
    line.append(f"  {outcome.n_pages} pages, {outcome.n_tables} tables", "dim")
    for reason in outcome.reasons[:3]:
        line.append(f"\n    {displayable(str(reason))}")
    if len(outcome.reasons) > 3:
        line.append(f"\n    and {len(outcome.reasons) - 3} more", "dim")
    return line


class LogLines(logging.Handler):
    """Our own log records as JSON, so that stderr holds nothing else."""

    def __init__(self, watch: LogWatch, level: int = logging.WARNING) -> None:
        super().__init__(level)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self._watch.warn(record.getMessage(), level=record.levelname.lower())
        else:
            self._watch.note(record.getMessage())


class ConsoleLines(logging.Handler):
    """Our own log records above the bars."""

    def __init__(self, console: Console, level: int = logging.WARNING) -> None:
        super().__init__(level)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        lines = map(displayable, record.getMessage().split("\n"))
        self._console.print(Text("\n".join(lines), "dim"), soft_wrap=True)
