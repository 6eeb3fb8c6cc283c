"""The numbers of the system calls that the sandbox names, by architecture. From the kernel's uapi headers."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Architecture:
    """A processor architecture.

    `audit`: the AUDIT_ARCH value that seccomp reports. `numbers`: system call numbers by name. `foreign_from`: numbers
    from here on belong to another calling convention (x32); null where there is none.
    """

    audit: int
    numbers: MappingProxyType[str, int]
    foreign_from: int | None


# fmt: off
_X86_64: Final = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
    "ioctl": 16, "readv": 19, "writev": 20, "access": 21, "select": 23, "sched_yield": 24, "mremap": 25,
    "madvise": 28, "dup": 32, "dup2": 33, "pause": 34, "nanosleep": 35, "getitimer": 36, "alarm": 37, "setitimer": 38,
    "getpid": 39, "socket": 41, "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "exit": 60, "kill": 62,
    "uname": 63, "fcntl": 72, "getcwd": 79, "readlink": 89, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98,
    "sysinfo": 99, "times": 100, "ptrace": 101, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
    "getppid": 110, "getpgrp": 111, "sigaltstack": 131, "prctl": 157, "gettid": 186, "tkill": 200, "time": 201,
    "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "tgkill": 234, "openat": 257, "newfstatat": 262, "readlinkat": 267,
    "faccessat": 269, "pselect6": 270, "ppoll": 271, "set_robust_list": 273, "dup3": 292, "pipe2": 293,
    "prlimit64": 302, "getcpu": 309, "seccomp": 317, "getrandom": 318, "statx": 332, "rseq": 334,
    "clone3": 435, "openat2": 437, "faccessat2": 439, "landlock_create_ruleset": 444, "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}

_AARCH64: Final = {
    "getcwd": 17, "dup": 23, "dup3": 24, "fcntl": 25, "ioctl": 29, "faccessat": 48, "openat": 56, "close": 57,
    "pipe2": 59, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "pselect6": 72, "ppoll": 73,
    "readlinkat": 78, "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98, "set_robust_list": 99,
    "nanosleep": 101, "getitimer": 102, "setitimer": 103, "clock_gettime": 113, "clock_getres": 114,
    "clock_nanosleep": 115, "ptrace": 117, "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128,
    "kill": 129, "tkill": 130, "tgkill": 131, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
    "rt_sigreturn": 139, "times": 153, "uname": 160, "getrlimit": 163, "getrusage": 165, "prctl": 167, "getcpu": 168,
    "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177,
    "gettid": 178, "sysinfo": 179, "socket": 198, "brk": 214, "munmap": 215, "mremap": 216, "clone": 220,
    "execve": 221, "mmap": 222, "mprotect": 226, "madvise": 233, "prlimit64": 261, "seccomp": 277, "getrandom": 278,
    "statx": 291, "rseq": 293, "clone3": 435, "openat2": 437, "faccessat2": 439,
    "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446,
}
# fmt: on

ARCHITECTURES: Final = MappingProxyType(
    {
        "x86_64": Architecture(0xC000003E, MappingProxyType(_X86_64), foreign_from=0x40000000),
        "aarch64": Architecture(0xC00000B7, MappingProxyType(_AARCH64), foreign_from=None),
    }
)
"""The architectures by `platform.machine()`."""
