"""The system call filter: what a confined program may ask of the kernel. Everything that is not named is refused.

`build_filter` is pure and gives classic BPF; `Filter` loads it. See seccomp(2) and linux/filter.h.
"""

import ctypes
import errno
import os
import platform
import struct
from typing import Final, NamedTuple

from app.sandbox import kernel
from app.sandbox.syscalls import ARCHITECTURES, Architecture

ALLOW: Final = 0x7FFF0000
KILL_PROCESS: Final = 0x80000000
ERRNO: Final = 0x00050000
REFUSED: Final = ERRNO | errno.EPERM

LOAD: Final = 0x20
IF_EQUAL: Final = 0x15
IF_AT_LEAST: Final = 0x35
RETURN: Final = 0x06

OWN_PID: Final = 0x7A7A7A7A
"""Stands in the filter for the pid of the process that loads it."""

_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

# The most frequent first: the filter is walked from the top.
_FREE = (  # noqa: SIM905
    "futex read write mmap munmap madvise brk clock_gettime mprotect close lseek fstat readv writev mremap "
    "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack sched_yield getpid gettid getppid getuid geteuid getgid "
    "getegid getpgrp clock_getres clock_nanosleep nanosleep gettimeofday time times getrandom getrusage getrlimit "
    "sysinfo uname getcpu sched_getaffinity getitimer setitimer alarm pause poll ppoll select pselect6 exit exit_group "
    "restart_syscall rseq set_robust_list membarrier"
).split()

# A look-up of a name finds nothing: Python turns that into FileNotFoundError and ModuleNotFoundError.
_EMPTY_WORLD = (  # noqa: SIM905
    "open openat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd"
).split()

# glibc and CPython fall back to the older call, which is then judged: its arguments are not behind a pointer.
_TOO_NEW = ("clone3", "openat2")

_SIGNALS = ("kill", "tgkill", "tkill")
_FCNTL_READING = (1, 3)  # F_GETFD, F_GETFL
# PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS, PR_SET_VMA
_PRCTL_HARMLESS = (3, 15, 16, 23, 39, 0x53564D41)

_SECCOMP_SET_MODE_FILTER, _SECCOMP_GET_ACTION_AVAIL = 1, 2
_SECCOMP_FILTER_FLAG_TSYNC = 1


class Instruction(NamedTuple):
    """One classic BPF instruction: `if_true` and `if_false` count the instructions to skip."""

    code: int
    if_true: int
    if_false: int
    operand: int


def build_filter(architecture: Architecture) -> list[Instruction]:
    """The filter for one architecture; `OWN_PID` stands where the pid of the loading process belongs."""
    program = [
        _load(_ARCHITECTURE_AT),
        Instruction(IF_EQUAL, 1, 0, architecture.audit),
        _return(KILL_PROCESS),
        _load(_NUMBER_AT),
    ]
    if architecture.foreign_from is not None:
        program += [Instruction(IF_AT_LEAST, 0, 1, architecture.foreign_from), _return(KILL_PROCESS)]
    for name, answer in _answers().items():
        if name in architecture.numbers:
            program += [Instruction(IF_EQUAL, 0, len(answer), architecture.numbers[name]), *answer]
    return [*program, _return(REFUSED)]


def _answers() -> dict[str, list[Instruction]]:
    """What each system call gets: instructions that end in a return on every path."""
    return {
        **{name: [_return(ALLOW)] for name in _FREE},
        **{name: _only(0, (OWN_PID,)) for name in _SIGNALS},
        "fcntl": _only(1, _FCNTL_READING),
        "prctl": _only(0, _PRCTL_HARMLESS),
        "ioctl": [_return(ERRNO | errno.ENOTTY)],
        "prlimit64": _reading_own_limits(),
        **{name: [_return(ERRNO | errno.ENOSYS)] for name in _TOO_NEW},
        **{name: [_return(ERRNO | errno.ENOENT)] for name in _EMPTY_WORLD},
    }


def _load(offset: int) -> Instruction:
    return Instruction(LOAD, 0, 0, offset)


def _return(action: int) -> Instruction:
    return Instruction(RETURN, 0, 0, action)


def _low(argument: int) -> Instruction:
    return _load(_ARGUMENTS_AT + 8 * argument)


def _high(argument: int) -> Instruction:
    return _load(_ARGUMENTS_AT + 8 * argument + 4)


def _only(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allowed when the argument, an `int` of C, has one of these values."""
    checks = [Instruction(IF_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [_low(argument), *checks, _return(REFUSED), _return(ALLOW)]


def _reading_own_limits() -> list[Instruction]:
    """prlimit64(pid, resource, new, old) is allowed with pid 0 and new NULL."""
    return [
        _low(0),
        Instruction(IF_EQUAL, 0, 5, 0),
        _low(2),
        Instruction(IF_EQUAL, 0, 3, 0),
        _high(2),
        Instruction(IF_EQUAL, 0, 1, 0),
        _return(ALLOW),
        _return(REFUSED),
    ]


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class Filter:
    """The filter of this machine, assembled once, loaded by any process forked afterwards."""

    def __init__(self) -> None:
        architecture = ARCHITECTURES[platform.machine()]
        instructions = build_filter(architecture)
        self._number = architecture.numbers["seccomp"]
        self._code = bytearray(b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions))
        self._pids = [8 * i + 4 for i, one in enumerate(instructions) if one.operand == OWN_PID]

    def load(self) -> None:
        """Confines this process for ever. Needs no_new_privs. Raises OSError when the kernel refuses."""
        for offset in self._pids:
            struct.pack_into("=I", self._code, offset, os.getpid())
        code = (ctypes.c_char * len(self._code)).from_buffer(self._code)
        program = _Program(len(self._code) // 8, ctypes.addressof(code))
        # With TSYNC a positive result names a thread that could not follow.
        outside = kernel.syscall(
            self._number, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(program)
        )
        if outside:
            raise OSError(errno.ESRCH, f"thread {outside} is outside the filter")


def available() -> bool:
    """Whether this kernel and this machine can be given the filter."""
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None:
        return False
    action = ctypes.create_string_buffer(struct.pack("I", ERRNO), 4)
    try:
        kernel.syscall(architecture.numbers["seccomp"], _SECCOMP_GET_ACTION_AVAIL, 0, action)
    except OSError:
        return False
    return True
