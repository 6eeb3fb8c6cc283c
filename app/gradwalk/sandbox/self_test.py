"""The self-test: a confined child tries to break out. Each attempt that works is a hole; the server must not start."""

import os
import socket
import time
from collections.abc import Callable
from typing import Final


def _open_file() -> None:
    os.close(os.open("/", os.O_RDONLY))


def _list_root() -> None:
    os.listdir("/")


def _look_at_processes() -> None:
    os.stat("/proc/1")


def _open_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _open_local_socket() -> None:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def _start_process() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _start_program() -> None:
    try:
        os.execv("/nonexistent", ["nonexistent"])
    except FileNotFoundError:  # the kernel has looked for the file: one that exists would run
        return


def _signal_zygote() -> None:
    os.kill(os.getppid(), 0)


def _signal_group() -> None:
    os.killpg(os.getpgid(os.getppid()), 0)


def _measure_zygote() -> None:
    time.clock_gettime(~os.getppid() << 3 | 2)  # the processor time of that process; see clock_getcpuclockid(3)


ATTEMPTS: Final[dict[str, Callable[[], None]]] = {
    "open a file": _open_file,
    "list a folder": _list_root,
    "look at other processes": _look_at_processes,
    "open a network socket": _open_socket,
    "open a local socket": _open_local_socket,
    "start a process": _start_process,
    "start a program": _start_program,
    "signal the zygote": _signal_zygote,
    "signal the zygote's group": _signal_group,
    "measure what the zygote computes": _measure_zygote,
}


def holes() -> list[str]:
    """Return the attempts that worked here; none should."""
    return [name for name, attempt in ATTEMPTS.items() if _works(attempt)]


def _works(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True
