"""Copies of a worker that has loaded its libraries but opened no network: asleep until they are wanted as workers too.

Loading takes half a second, a copy some hundredths, and what was loaded lies in memory once. The threads of a network do
not survive a fork, so copies are made before one is opened, and only while no thread runs. A copy is no child of the
worker it was made from, else it would end with it: what forks it ends at once, and the kernel gives it to the nearest
process that takes orphans in, which is the one that leads the run. From then on it is a worker like any other.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from flows import sandbox

_PAUSE_SECONDS = 0.001
Ends = tuple[int, int]
"""Of one process: its end of the connection, and where its standard error goes; file descriptors."""


class Adopted:
    """A copy, as its parent by adoption has it; like `subprocess.Popen`, as far as a worker's parent asks."""

    def __init__(self, pid: int) -> None:
        """Raises ChildProcessError where it is no child of ours."""
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        self.pid = pid
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, as subprocess gives it. Raises subprocess.TimeoutExpired."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            ended, status = os.waitpid(self.pid, 0 if until is None else os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
            elif until is not None and time.monotonic() >= until:
                raise subprocess.TimeoutExpired("worker", timeout or 0.0)
            else:
                time.sleep(_PAUSE_SECONDS)
        return self.returncode

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


def leave_copies(ends: Sequence[Ends], leader: int) -> int | None:
    """Forks as many copies of this process as there are ends, which are theirs. None here; in a copy, its end of the connection.

    leader: who shall have them; it takes orphans in (`sandbox.take_orphans_in`). Where threads run no copy is made, and
    who waits at the other ends is told by their closing.
    """
    is_alone = len(tuple(Path("/proc/self/task").iterdir())) == 1
    for number, (handle, said) in enumerate(ends):
        if is_alone and _is_copy(leader):
            os.dup2(said, sys.stderr.fileno())
            for other in (said, *chain.from_iterable(ends[number + 1 :])):
                os.close(other)
            return handle
        os.close(handle)
        os.close(said)
    return None


def _is_copy(leader: int) -> bool:
    """Forks a copy of this process, and gives False here; in the copy True, as soon as it is the leader's child."""
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        return False
    between = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == between:
        time.sleep(_PAUSE_SECONDS)
    sandbox.die_with_parent(leader)
    return True
