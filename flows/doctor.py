"""`scanledger doctor`: is this machine fit to run? Every check in a line, with the remedy where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.exit_codes import ExitCode
from flows.settings import load_settings
from flows.sources import displayable
from flows.wiring import engine_options, second_options
from ocr.health import HealthCheck, check_health, check_second


def show_checks() -> ExitCode:
    """Prints all checks; MACHINE_NOT_FIT when one fails. Raises SettingsError."""
    checks = tuple(gather_checks())
    print("\n".join(check_lines(checks)))
    return ExitCode.ALL_ACCEPTED if all(check.ok for check in checks) else ExitCode.MACHINE_NOT_FIT


def gather_checks() -> Iterator[HealthCheck]:
    """The checks of the page kernel for the engine that the settings choose."""
    settings = load_settings()
    yield from check_health(engine_options(settings))
    yield from check_second(second_options(settings))


def check_lines(checks: Iterable[HealthCheck]) -> Iterator[str]:
    for check in checks:
        yield f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {displayable(check.message)}"
        if not check.ok:
            yield f"      {displayable(check.remedy)}"
