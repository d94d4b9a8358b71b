"""Places where the fault harness ends the program, or fills the disk, on purpose (tests/faults, `make faults`).

    SCANLEDGER_FAILPOINT=claim.copied:kill        SIGKILL when that point is reached
    SCANLEDGER_FAILPOINT=page.kept:kill:3         the third time
    SCANLEDGER_FAILPOINT=*:kill:40                SIGKILL at the fortieth point that is reached, whichever it is
    SCANLEDGER_FAILPOINT=publish.document:full:2  "no space left on device" there, the first two times

Without the variable a point costs one look into an empty dict. Each point stands before or after a step that changes
something on the disk; `POINTS` lists them in the order in which a document meets them.
"""

from __future__ import annotations

import errno
import os
import signal

POINTS = (
    "claim.opened",
    "claim.copying",
    "claim.copied",
    "claim.stored",
    "claim.committed",
    "move.before",
    "move.after",
    "work.chosen",
    "work.started",
    "page.read",
    "page.keeping",
    "page.kept",
    "publish.before",
    "publish.drafted",
    "publish.document",
    "publish.docs",
    "publish.quarantine",
    "publish.parquet.drafted",
    "publish.parquet",
    "publish.after",
    "finish.before",
    "finish.after",
)
VARIABLE = "SCANLEDGER_FAILPOINT"


def _parsed(text: str) -> dict[str, list[str]]:
    name, *action = text.split(":")
    return {name: action} if action else {}


_ARMED = _parsed(os.environ.get(VARIABLE, ""))


def arm(text: str) -> None:
    """Sets the fail point of this process, in the form of the variable; '' sets none."""
    _ARMED.clear()
    _ARMED.update(_parsed(text))


def reach(point: str) -> None:
    """Does what is asked for this point, which is nothing but in the harness."""
    for name in (point, "*"):
        if name in _ARMED:
            _act(_ARMED[name])


def _act(action: list[str]) -> None:
    what, times = action[0], int(action[1]) if len(action) > 1 else 1
    if what == "kill":
        if times <= 1:
            os.kill(os.getpid(), signal.SIGKILL)
        action[:] = [what, str(times - 1)]
    elif what == "full" and times > 0:
        action[:] = [what, str(times - 1)]
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
