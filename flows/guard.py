"""A process that somebody else's code started for us ends when we do, however we do.

A guard, a bare interpreter of some 8 MB, waits at the other end of a pipe that only we hold open. When it closes, by our
exit or by a kill that leaves us no time, the guard kills the process it was given, by a handle that no other process can
come to stand for.
"""

from __future__ import annotations

import subprocess
import sys

_GUARD = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
try:
    handle = os.pidfd_open(int(sys.argv[1]))
    sys.stdin.buffer.read()
    signal.pidfd_send_signal(handle, signal.SIGKILL)
except ProcessLookupError:
    pass
"""
_guards: list[subprocess.Popen[bytes]] = []  # held, so that their pipes stay open as long as we live


def end_with_us(pid: int) -> None:
    """From now on the process with this id is killed when we are gone."""
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _GUARD, str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _guards.append(guard)
