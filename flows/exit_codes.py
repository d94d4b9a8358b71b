"""What a command ends with. Light, so that commands can be loaded before what they need."""

from __future__ import annotations

from enum import IntEnum

from ocr.errors import EngineError, RunStopped, ScanledgerError, SourceError, StorageError, SuiteError


class ExitCode(IntEnum):
    ALL_ACCEPTED = 0
    BAD_ARGUMENTS = 2
    MACHINE_NOT_FIT = 3
    STORAGE = 7
    SOME_NEED_REVIEW = 10
    SOME_REJECTED = 11
    AUDIT_FAILED = 12
    BUG = 70
    INTERRUPTED = 130


def error_exit_code(error: ScanledgerError) -> ExitCode:
    """The code of an error that ended the run."""
    if isinstance(error, StorageError):
        return ExitCode.STORAGE
    if isinstance(error, RunStopped):
        return ExitCode.INTERRUPTED
    if isinstance(error, EngineError | SuiteError):
        return ExitCode.MACHINE_NOT_FIT
    return ExitCode.SOME_REJECTED if isinstance(error, SourceError) else ExitCode.BAD_ARGUMENTS
