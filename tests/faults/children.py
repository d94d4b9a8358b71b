"""Work in a process of its own that may be killed, limited, or stripped of its rights.

The process is forked, so that it starts at once with everything loaded: from a server that holds the modules and has one
thread. A process with threads, as that of a test run becomes, must not be forked: its children may wait for ever.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable

FAILED = 70
_PRELOADED = ["tests.faults.harness", "tests.faults.hindered"]


def in_child(work: Callable[[], object]) -> int:
    """The exit status of ``work`` (to be pickled) in a child: 0, FAILED after an exception, negative for a signal."""
    if multiprocessing.parent_process() is not None:
        return _forked(work)  # a child has one thread, and what it was deprived of is passed on
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    child = context.Process(target=_to_the_end, args=(work,))
    child.start()
    child.join()
    assert child.exitcode is not None
    return child.exitcode


def _forked(work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        _to_the_end(work)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _to_the_end(work: Callable[[], object]) -> None:
    status = FAILED
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - the end of a child, whatever it died of
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(status)
