"""What a worker process gives up before it touches a file: its life beyond its parent, memory, the network, programs.

All of it by the kernel, through libc (Linux): prctl(2), setrlimit(2), seccomp(2). The seccomp filter needs no
privileges; where the kernel or the processor does not know it, an audit hook of Python refuses the same calls, which
stops Python code but no machine code that took over the process. `isolation` says which of the two holds.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_RET_ALLOW = 0x7FFF0000
_RET_ERRNO = 0x00050000
_EACCES = 13
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_REACHED, _RETURN = 0x20, 0x15, 0x35, 0x06
_OTHER_TABLE = 0x40000000
"""Call numbers from here on are those of x32, which would name the same calls otherwise."""

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NETWORK = {"x86_64": (41, 42, 49, 50, 425), "aarch64": (198, 203, 200, 201, 425)}
"""socket, connect, bind, listen, io_uring_setup (which could do the others)."""
_PROGRAMS = {"x86_64": (59, 322, 101, 310, 311), "aarch64": (221, 281, 117, 270, 271)}
"""execve, execveat, and ptrace, process_vm_readv, process_vm_writev."""


def die_with_parent(parent: int) -> None:
    """From now on the end of the parent, however it ends, is ours. Ends at once when it has ended already.

    To the kernel the parent is the thread that started us: it must live as long as we shall.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def take_orphans_in() -> bool:
    """From now on a process below us whose parent ends is our child; whether the kernel does that."""
    try:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    except OSError:
        return False
    return True


def limit_resources(memory_bytes: int) -> None:
    """No core file, and no more private memory than this: beyond it an allocation fails."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))


def limit_processor(seconds: float) -> None:
    """The kernel kills us after so many more seconds of processor time. A second line: the supervisor watches too."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def isolate(may_start_programs: bool) -> str:
    """No sockets from here on, and no other programs unless allowed. Gives the way: 'seccomp' or 'audit hook'.

    Call it before any thread starts: a filter holds for the thread that installs it and those it starts.
    """
    machine = platform.machine()
    refused = _NETWORK.get(machine, ()) + (() if may_start_programs else _PROGRAMS.get(machine, ()))
    if refused and _filter(refused):
        return "seccomp"
    sys.addaudithook(_refuse(may_start_programs))
    return "audit hook"


def _refuse(may_start_programs: bool) -> Callable[[str, tuple[object, ...]], None]:
    events = {"socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo"}
    events |= set() if may_start_programs else {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}

    def hook(event: str, _arguments: tuple[object, ...]) -> None:
        if event in events:
            raise PermissionError(_EACCES, f"{event} is not allowed in a worker")

    return hook


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def _filter(refused: tuple[int, ...]) -> bool:
    """Installs a classic BPF program: calls of another architecture and the refused ones fail with EACCES."""
    architecture = _ARCHITECTURES[platform.machine()]
    answer = _RET_ERRNO | _EACCES
    code = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, answer),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_JUMP_IF_REACHED, len(refused) + 1, 0, _OTHER_TABLE),
    ]
    code += [(_JUMP_IF_EQUAL, len(refused) - position, 0, number) for position, number in enumerate(refused)]
    code += [(_RETURN, 0, 0, _RET_ALLOW), (_RETURN, 0, 0, answer)]
    program = _Program(len(code), b"".join(struct.pack("HBBI", *line) for line in code))
    try:
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))
    except OSError:
        return False
    return True


def _prctl(option: int, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [*arguments, *[0] * (4 - len(arguments))]
    wide = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded]
    if libc.prctl(ctypes.c_int(option), *wide) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")
