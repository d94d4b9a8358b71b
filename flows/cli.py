"""The command line. Thin: arguments in, exit code out; `flows.commands` does the work and is loaded when it is needed,
so that `scanledger --help` takes no time.

Exit codes: 0 all accepted; 10 some need review; 11 some rejected; 2 bad arguments; 3 engine or model missing;
7 storage; 70 bug; 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Annotated

import typer

from ocr.errors import ScanledgerError

_CODES = (
    "Exit codes: 0 all accepted, 10 some need review, 11 some rejected, 2 bad arguments, "
    "3 engine or model missing, 7 storage, 70 bug, 130 interrupted."
)
_BUG = 70
_INTERRUPTED = 130

app = typer.Typer(
    name="scanledger",
    help="Turns scanned or badly encoded disclosures into validated tables that can be trusted.",
    epilog=_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        from flows.version import pipeline_version

        typer.echo(f"scanledger {pipeline_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True)
    ] = False,
) -> None: ...


@app.command(epilog=_CODES)
def run(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="PDF, TIFF, PNG or JPEG files, folders, or s3://BUCKET/PREFIX.")
    ],
    out: Annotated[str, typer.Option("--out", help="The folder, or s3://BUCKET/PREFIX, to write into.")],
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Pages read at a time. Default: one a core, at most 4.")
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(metavar="auto|cpu|cuda", help="What the networks run on. Default: a GPU where one works."),
    ] = None,
    runner: Annotated[
        str | None, typer.Option(metavar="local|dask", help="Where pages are read: here, or on a Dask cluster.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of the Dask scheduler: tcp://HOST:8786.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Read each page again, also those read before.")] = False,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="One JSON object a line on stderr.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors only.")] = False,
) -> None:
    """Read documents, check their figures, and write documents/, dataset/ and data_docs/ below --out."""
    from flows import commands

    options = (tuple(inputs), out, workers, device, runner, scheduler, force, json_logs, quiet)
    _leave_with(lambda: commands.run_anywhere(commands.RunOptions(*options)))


@app.command()
def watch(
    inbox: Annotated[Path, typer.Argument(metavar="INBOX", help="The folder where files arrive.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to write into; made if it does not exist.")],
    once: Annotated[bool, typer.Option("--once", help="Work on what rests now, and leave: for cron.")] = False,
    move_done: Annotated[bool, typer.Option("--move-done", help="Move files that were taken to INBOX/done/.")] = False,
    renew: Annotated[
        bool, typer.Option("--renew", help="Work again on documents that another version finished.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Pages read at a time.")] = None,
    device: Annotated[str | None, typer.Option(metavar="auto|cpu|cuda", help="What the networks run on.")] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="One JSON object a line on stderr.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Warnings and errors only.")] = False,
) -> None:
    """Take each file that comes to rest in INBOX, work on it, and lose none, whatever happens in between."""
    from flows import watch_commands

    options = (inbox, out, once, move_done, renew, workers, device, json_logs, quiet)
    _leave_with(lambda: watch_commands.watch(watch_commands.WatchCommand(*options)))


_Out = Annotated[Path, typer.Option("--out", help="The output of a watched folder.")]


@app.command()
def status(out: _Out) -> None:
    """Show how a watched folder stands: counts, rate, what waits and how long, what cannot be taken, disk."""
    from flows import watch_commands

    _leave_with(lambda: watch_commands.status(out))


@app.command()
def quarantine(
    out: _Out,
    documents: Annotated[list[str] | None, typer.Argument(metavar="[ID]", help="Ids, or their first digits.")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Work again on these, or with --all on all.")] = False,
    every: Annotated[bool, typer.Option("--all", help="All that is in quarantine or needs review.")] = False,
) -> None:
    """List what is in quarantine or needs review, with the reasons and what to do; or have it worked on again."""
    from flows import watch_commands

    _leave_with(lambda: watch_commands.quarantine(out, tuple(documents or ()), retry, every))


@app.command()
def audit(out: _Out) -> None:
    """Check that nothing is lost, half or left over: ledger, stored bytes, documents, dataset. 12 where something is."""
    from flows import watch_commands

    _leave_with(lambda: watch_commands.audit(out))


@app.command()
def serve(
    inbox: Annotated[Path, typer.Argument(metavar="INBOX", help="The folder where files arrive.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to write into.")],
    every_seconds: Annotated[int, typer.Option("--every", min=10, help="Seconds between two runs.")] = 60,
) -> None:
    """Offer `watch --once` to a Prefect server as a deployment, so that its UI shows and schedules it."""
    from flows import watch_commands

    _leave_with(lambda: watch_commands.serve(inbox, out, every_seconds))


@app.command()
def inspect(
    document: Annotated[str, typer.Argument(help="A document.json, its folder, or an id.")],
    out: Annotated[Path, typer.Option("--out", help="Where to look for an id.")] = Path(),
    table: Annotated[int | None, typer.Option("--table", min=1, help="Only this table, counted from 1.")] = None,
) -> None:
    """Show a finished document: why it is where it is, its pages, and its tables with the verdict on each figure."""
    from flows import commands

    _leave_with(lambda: commands.inspect(document, out, table))


@app.command()
def explain(
    document: Annotated[str, typer.Argument(help="A document.json, its folder, or an id.")],
    table: Annotated[int, typer.Argument(min=1, help="The table, counted from 1.")],
    row: Annotated[int, typer.Argument(min=1, help="The row, counted from 1, header rows included.")],
    col: Annotated[int, typer.Argument(min=1, help="The column, counted from 1.")],
    out: Annotated[Path, typer.Option("--out", help="Where to look for an id.")] = Path(),
    source: Annotated[Path | None, typer.Option("--source", help="The original file, for the picture.")] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="The HTML page to write. Default: explain/ beside it.")
    ] = None,
) -> None:
    """Show why a figure is believed or doubted: its picture, its readings, and the sums it stands in, term by term."""
    from flows import commands

    _leave_with(lambda: commands.explain(document, (table, row, col), out, source, page))


@app.command()
def evaluate(
    found: Annotated[Path, typer.Argument(metavar="OUT", help="The output of a run, or one document.json.")],
    truth: Annotated[Path, typer.Option("--truth", help="The folder that holds NAME.truth.json for each NAME.pdf.")],
    plot: Annotated[Path | None, typer.Option("--plot", help="A PNG of the reliability curve to write.")] = None,
) -> None:
    """Score finished documents against their truth, and show what their confidence is worth."""
    from flows import commands

    _leave_with(lambda: commands.evaluate(found, truth, plot))


@app.command()
def doctor() -> None:
    """Check that this machine can run scanledger, and say what to do where it cannot."""
    from flows.doctor import show_checks

    _leave_with(show_checks)


@app.command()
def debug(
    file: Annotated[Path, typer.Argument(help="A PDF, TIFF, PNG or JPEG file.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the pictures.")],
    page: Annotated[int, typer.Option("--page", min=1, help="The page, counted from 1.")] = 1,
) -> None:
    """Write a picture of what each stage made of a page."""
    from flows import commands

    _leave_with(lambda: commands.debug(file, page, out))


def _leave_with(command: Callable[[], int]) -> None:
    """Runs a command and ends the program with its exit code, or with that of the error which stopped it."""
    try:
        code = int(command())
    except ScanledgerError as error:
        from flows.exit_codes import error_exit_code
        from flows.sources import displayable

        typer.echo(f"scanledger: {displayable(str(error))}", err=True)
        code = int(error_exit_code(error))
    except KeyboardInterrupt:
        typer.echo("scanledger: interrupted; finished pages are kept, run again to go on.", err=True)
        code = _INTERRUPTED
    raise typer.Exit(code)


def _report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The last resort for what nobody expected: the traceback, what to do with it, and exit code 70."""
    sys.__excepthook__(kind, error, trace)
    print("scanledger: this is a bug. Report it with the lines above. [E_BUG]", file=sys.stderr, flush=True)
    sys.stdout.flush()
    os._exit(_BUG)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    sys.excepthook = _report_bug
    signal.signal(signal.SIGTERM, _interrupt)  # a service manager's stop ends a run as cleanly as Ctrl-C
    typer.main.get_command(app)()  # not app(), which would put a hook of its own in place of ours
