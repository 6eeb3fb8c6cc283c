"""The system call filter: what a confined program may ask of the kernel. Every call that is not named is refused.

`build_filter` is pure and returns classic BPF; `Filter` loads it. See seccomp(2) and linux/filter.h.
"""

import ctypes
import errno
import os
import platform
import struct
from typing import Final, NamedTuple

from gradwalk.sandbox import kernel
from gradwalk.sandbox.syscalls import ARCHITECTURES, Architecture

ALLOW: Final = 0x7FFF0000
KILL_PROCESS: Final = 0x80000000
ERRNO: Final = 0x00050000
REFUSED: Final = ERRNO | errno.EPERM

LOAD: Final = 0x20
IF_EQUAL: Final = 0x15
IF_AT_LEAST: Final = 0x35
AND: Final = 0x54
RETURN: Final = 0x06

OWN_PID: Final = 0x7A7A7A7A
"""A placeholder in the filter for the pid of the process that loads it."""

_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

# The most frequent calls come first: the filter is walked from the top.
_FREE = (  # noqa: SIM905
    "read write munmap brk mprotect close lseek fstat readv writev mremap "
    "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack sched_yield getpid gettid getppid getuid geteuid getgid "
    "getegid getpgrp nanosleep gettimeofday time times getrandom getrusage getrlimit "
    "sysinfo uname getcpu getitimer setitimer alarm pause poll ppoll select pselect6 exit exit_group "
    "restart_syscall rseq set_robust_list"
).split()

# WAKE, WAIT, WAIT_BITSET, WAKE_BITSET, REQUEUE, CMP_REQUEUE, WAKE_OP. Not the ones that inherit priority: their owner
# may be any process, which tells who is there, and they have been a way into the kernel more than once.
_FUTEX_OPERATIONS = (1, 0, 9, 10, 3, 4, 5)
_FUTEX_FLAGS = 0x180  # PRIVATE, CLOCK_REALTIME

# What malloc and torch ask for: DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTFORK,
# DOFORK, DONTDUMP, DODUMP, WIPEONFORK, KEEPONFORK. Not MERGEABLE: whether the kernel finds a twin of a page tells what
# other processes have in memory. Not COLD and PAGEOUT, which make a twin slow to read for the others.
_ADVICE = (4, 8, 14, 15, 0, 1, 2, 3, 10, 11, 16, 17, 18, 19)

_MAP_HUGETLB = 0x40000
"""Large pages are set aside for the whole machine and count in no limit of memory."""

_CLOCKS = ("clock_gettime", "clock_getres", "clock_nanosleep")
_FIRST_NO_CLOCK = 16
"""The kernel's own clocks are below this. A negative number is the processor time of any process, by its pid."""

# These calls find no file: Python turns that into FileNotFoundError and ModuleNotFoundError.
_EMPTY_WORLD = (  # noqa: SIM905
    "open openat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd"
).split()

# glibc and CPython fall back to the older call, which the filter can judge: its arguments are not behind a pointer.
_TOO_NEW = ("clone3", "openat2")

_SIGNALS = ("kill", "tgkill", "tkill")
_FCNTL_READING = (1, 3)  # F_GETFD, F_GETFL
# PR_GET_DUMPABLE, PR_GET_NAME, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS, PR_SET_VMA. Not PR_SET_NAME: the name stands as it
# is in the machine's log and in its lists of processes.
_PRCTL_HARMLESS = (3, 16, 23, 39, 0x53564D41)

_SECCOMP_SET_MODE_FILTER, _SECCOMP_GET_ACTION_AVAIL = 1, 2
_SECCOMP_FILTER_FLAG_TSYNC = 1


class Instruction(NamedTuple):
    """One classic BPF instruction: `if_true` and `if_false` count the instructions to skip."""

    code: int
    if_true: int
    if_false: int
    operand: int


def build_filter(architecture: Architecture) -> list[Instruction]:
    """Return the filter for one architecture, with `OWN_PID` in the places of the loading process's pid."""
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
    """Return what each system call gets: instructions that end in a return on every path."""
    return {
        "futex": _only(1, _FUTEX_OPERATIONS, ignoring=_FUTEX_FLAGS),
        "mmap": _without(3, _MAP_HUGETLB),
        "madvise": _only(2, _ADVICE),
        **{name: _below(0, _FIRST_NO_CLOCK) for name in _CLOCKS},
        **{name: [_return(ALLOW)] for name in _FREE},
        "sched_getaffinity": _only(0, (0, OWN_PID)),
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


def _only(argument: int, values: tuple[int, ...], ignoring: int = 0) -> list[Instruction]:
    """Return instructions that allow the call when the argument, an `int` of C, has one of these values, apart from the
    bits of `ignoring`.
    """
    mask = [Instruction(AND, 0, 0, 0xFFFFFFFF ^ ignoring)] if ignoring else []
    checks = [Instruction(IF_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [_low(argument), *mask, *checks, _return(REFUSED), _return(ALLOW)]


def _without(argument: int, bits: int) -> list[Instruction]:
    """Return instructions that allow the call when the argument has none of these bits."""
    return [
        _low(argument),
        Instruction(AND, 0, 0, bits),
        Instruction(IF_EQUAL, 0, 1, 0),
        _return(ALLOW),
        _return(REFUSED),
    ]


def _below(argument: int, bound: int) -> list[Instruction]:
    """Return instructions that allow the call when the argument, an `int` of C, is from 0 up to `bound`, exclusive."""
    return [_low(argument), Instruction(IF_AT_LEAST, 0, 1, bound), _return(REFUSED), _return(ALLOW)]


def _reading_own_limits() -> list[Instruction]:
    """Return instructions that allow prlimit64(pid, resource, new, old) with pid 0 and new NULL only."""
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


class _FilterProgram(ctypes.Structure):
    """The struct sock_fprog."""

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
        """Confine this process for ever. Needs no_new_privs. Raises OSError when the kernel refuses."""
        for offset in self._pids:
            struct.pack_into("=I", self._code, offset, os.getpid())
        code = (ctypes.c_char * len(self._code)).from_buffer(self._code)
        program = _FilterProgram(len(self._code) // 8, ctypes.addressof(code))
        # With TSYNC a positive result is the id of a thread that could not follow.
        outside = kernel.syscall(
            self._number, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(program)
        )
        if outside:
            raise OSError(errno.ESRCH, f"thread {outside} is outside the filter")


def available() -> bool:
    """Return whether this kernel and this machine can be given the filter."""
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None:
        return False
    action = ctypes.create_string_buffer(struct.pack("I", ERRNO), 4)
    try:
        kernel.syscall(architecture.numbers["seccomp"], _SECCOMP_GET_ACTION_AVAIL, 0, action)
    except OSError:
        return False
    return True
